//! Hides private values in what the model itself says (`reply = true`).
//!
//! GrowingText is held back only while it may be part of a match, of the kinds that are looked for.

mod growing;

use std::ops::Range;
use std::sync::Arc;

use super::fields::{StandIn, Style};
use super::known::KnownValues;
use super::search::Search;
use crate::chat::json;
use crate::detect::{self, Cues, Speaker};
use crate::rule::TextFilter;
use crate::stream::json_text::{JsonLevel, JsonText, written_at};
use growing::{GrowingText, is_of_number};

/// No more bytes than this are held, whatever comes.
const LONGEST_HELD: usize = 512;

/// What is hidden in a lane, and how.
pub(super) struct HiddenReply {
    pub(super) search: Search,
    pub(super) known: Arc<KnownValues>,
    pub(super) stand_in: StandIn,
    pub(super) unknown: String,
    pub(super) is_json: bool,
}

impl HiddenReply {
    /// A filter that hides first and then lets `next` restore.
    pub(super) fn filter(self, next: Option<Box<dyn TextFilter>>) -> Box<dyn TextFilter> {
        Box::new(HideFilter {
            text: match self.is_json {
                true => GrowingText::Json(JsonText::default()),
                false => GrowingText::Plain(String::new()),
            },
            hidden: self,
            said: 0,
            next,
        })
    }
}

struct HideFilter {
    hidden: HiddenReply,
    /// The sentence under way: cues in what was said decide what follows.
    text: GrowingText,
    /// How much of it was given out.
    said: usize,
    next: Option<Box<dyn TextFilter>>,
}

impl TextFilter for HideFilter {
    fn push(&mut self, piece: &str, out: &mut String) {
        self.text.push(piece);
        let decided = self.decided();
        self.say(decided, out);
        self.forget();
    }

    fn finish(&mut self, out: &mut String) {
        self.say(self.text.plain().len(), out);
        let rest = match &self.text {
            GrowingText::Plain(_) => "",
            GrowingText::Json(text) => text.rest(),
        };
        match &mut self.next {
            Some(next) => {
                next.push(rest, out);
                next.finish(out);
            }
            None => out.push_str(rest),
        }
        self.text.forget(self.text.plain().len());
        self.said = 0;
    }

    // What was said stays in mind: the rest of a value is hidden also behind the pause.
    fn pause(&mut self, out: &mut String) {
        if matches!(self.text, GrowingText::Plain(_)) {
            self.say(self.text.plain().len(), out);
            self.forget();
        }
        if let Some(next) = &mut self.next {
            next.pause(out);
        }
    }

    fn hides(&self) -> bool {
        true
    }

    fn held(&self) -> usize {
        let held = self.text.plain().get(self.said..);
        let held = held.map_or(0, |held| held.chars().count());
        held + self.next.as_ref().map_or(0, |next| next.held())
    }
}

impl HideFilter {
    /// How far the text is decided: no match can begin before it and end behind it.
    fn decided(&self) -> usize {
        let HiddenReply { search, known, .. } = &self.hidden;
        let text = self.text.plain();
        let mut decided = text.len();
        if !search.detectors().is_empty() {
            decided = detect::decided_until(text, search.detectors());
        }
        let tail = text.get(self.said..).unwrap_or("");
        decided = decided.min(self.said + search.undecided_from(tail));
        decided = decided.min(known.undecided_from(text, self.said));
        if text.len() - decided.max(self.said) > LONGEST_HELD {
            decided = text.len();
        }
        // A number of JSON is replaced as a whole.
        self.text.number_start(decided).max(self.said)
    }

    fn say(&mut self, until: usize, out: &mut String) {
        if until <= self.said {
            return;
        }
        let HiddenReply { search, known, .. } = &self.hidden;
        let before = Cues::at_start(known.region());
        let text = self.text.plain();
        let found = search.find_afresh(text, Speaker::Assistant, &before, known);
        let mut clear = String::new();
        let mut at = self.said;
        for hit in &found.hits {
            if hit.end <= at || hit.start >= until || is_in_tag(text, hit.start) {
                continue;
            }
            let start = self.text.number_start(hit.start).max(at);
            clear.push_str(self.text.source(at..start));
            at = self.hide(start..hit.end, &mut clear);
        }
        if at < until {
            clear.push_str(self.text.source(at..until));
        }
        self.said = until.max(at);
        match &mut self.next {
            Some(next) => next.push(&clear, out),
            None => out.push_str(&clear),
        }
    }

    /// Writes what stands for a part of the text; gives where that ends.
    fn hide(&self, range: Range<usize>, clear: &mut String) -> usize {
        let text = self.text.plain();
        let mut at = range.start;
        while at < range.end {
            // A value may reach from one string of JSON into another.
            let level = self.text.level(at);
            let mut end = at + 1;
            while end < range.end && self.text.level(end) == level {
                end += 1;
            }
            let has_digits = || text.as_bytes()[at..end].iter().any(u8::is_ascii_digit);
            if level == JsonLevel::Structure && !has_digits() {
                clear.push_str(self.text.source(at..end));
                at = end;
                continue;
            }
            let is_more = |at: usize| level == JsonLevel::Structure && self.is_number(at);
            while is_more(end) {
                end += 1;
            }
            let spelling = text.get(at..end).unwrap_or("");
            let stands = match self.hidden.stand_in.style {
                Style::Placeholder => self.hidden.unknown.clone(),
                Style::Mask | Style::Remove => self.hidden.stand_in.of(spelling),
            };
            clear.push_str(&written_at(level, &stands, json::encode));
            at = end;
        }
        at
    }

    fn is_number(&self, at: usize) -> bool {
        let byte = self.text.plain().as_bytes().get(at);
        byte.is_some_and(|byte| is_of_number(*byte)) && self.text.level(at) == JsonLevel::Structure
    }

    /// Drops what no cue reaches across: all but the last sentences.
    fn forget(&mut self) {
        const REACH: usize = 256;
        if self.said > 2 * REACH {
            let mut cut = self.said - REACH;
            while !self.text.plain().is_char_boundary(cut) {
                cut += 1;
            }
            self.text.forget(cut);
            self.said -= cut;
        }
    }
}

/// Whether a place lies inside a voice tag (`<flush />`), which would be read aloud if it broke.
fn is_in_tag(text: &str, at: usize) -> bool {
    const TAGS: [&str; 3] = ["flush", "break", "spell"];
    let Some(open) = text.get(..at).and_then(|before| before.rfind('<')) else {
        return false;
    };
    let inside = &text[open + 1..at];
    let rest = text[open + 1..].trim_start_matches([' ', '\t', '/']);
    let names = |tag: &&str| {
        rest.get(..tag.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(tag))
    };
    !inside.contains('>') && TAGS.iter().any(names)
}

#[cfg(test)]
mod tests;
