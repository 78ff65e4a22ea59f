//! Filters for the strings of a JSON text that streams by.
//!
//! A filter that knows nothing of JSON gets each string as it is said and by itself, and what it
//! makes of it is written as JSON. Keys, numbers and marks stay as they are.

use super::TextFilter;
use crate::chat::json;
use crate::stream::json_text::{JsonLevel, JsonPlace, Letter};

/// Runs a filter of its own over each string that is no key. What is no JSON passes one as it is.
pub(super) struct Strings {
    make: Box<dyn Fn() -> Box<dyn TextFilter>>,
    place: JsonPlace,
    /// The filter of the string, or of the prose, under way.
    under_way: Option<Box<dyn TextFilter>>,
    is_prose: bool,
    /// What the string under way holds that is not decoded yet, as it was written.
    written: String,
    /// An escape that is not whole yet.
    escape: String,
}

impl Strings {
    pub(super) fn new(make: impl Fn() -> Box<dyn TextFilter> + 'static) -> Strings {
        Strings {
            make: Box::new(make),
            place: JsonPlace::default(),
            under_way: None,
            is_prose: false,
            written: String::new(),
            escape: String::new(),
        }
    }

    /// Gives what is written so far to the filter; half a pair of surrogates waits.
    fn pass(&mut self, is_whole: bool, out: &mut String) {
        let Some(filter) = &mut self.under_way else {
            return;
        };
        let waits = match json::half_at_end(&self.written) {
            Some(at) if !is_whole && !self.is_prose => self.written.split_off(at),
            _ => String::new(),
        };
        let mut new = String::new();
        if self.is_prose {
            filter.push(&self.written, &mut new);
        } else {
            filter.push(&json::unescaped(&self.written), &mut new);
        }
        if is_whole {
            filter.finish(&mut new);
            self.under_way = None;
        }
        self.written = waits;
        if self.is_prose {
            out.push_str(&new);
        } else {
            let literal = json::encode(&new);
            out.push_str(literal.get(1..literal.len() - 1).unwrap_or(""));
        }
    }
}

impl TextFilter for Strings {
    fn push(&mut self, piece: &str, out: &mut String) {
        for letter in piece.chars() {
            let was_prose = self.place.level() == JsonLevel::Prose;
            match self.place.step(letter) {
                Letter::OfEscape => self.escape.push(letter),
                Letter::Said(_) => {
                    let out = match &self.under_way {
                        Some(_) => &mut self.written,
                        None => &mut *out,
                    };
                    out.push_str(&std::mem::take(&mut self.escape));
                    out.push(letter);
                }
                Letter::Plain(letter) => {
                    let is_prose = was_prose || self.place.level() == JsonLevel::Prose;
                    if self.under_way.is_some() && !(is_prose && self.is_prose) {
                        self.pass(true, out);
                    }
                    if is_prose {
                        self.is_prose = true;
                        self.under_way.get_or_insert_with(|| (self.make)());
                        self.written.push(letter);
                        continue;
                    }
                    out.push(letter);
                    if self.place.level() == JsonLevel::Inside {
                        self.is_prose = false;
                        self.under_way = Some((self.make)());
                    }
                }
            }
        }
        self.pass(false, out);
    }

    fn finish(&mut self, out: &mut String) {
        self.pass(true, out);
        out.push_str(&std::mem::take(&mut self.written));
        out.push_str(&std::mem::take(&mut self.escape));
    }

    fn held(&self) -> usize {
        let held = self.under_way.as_ref().map_or(0, |filter| filter.held());
        held + self.written.chars().count()
    }
}
