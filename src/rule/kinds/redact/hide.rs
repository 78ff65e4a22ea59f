//! Hides private values in what the model itself says (`reply = true`).
//!
//! Text is held back only while it may be part of a match, of the kinds that are looked for.

use std::ops::Range;

use super::fields::{StandIn, Style};
use super::known::Known;
use super::search::Search;
use crate::chat::json;
use crate::detect::{self, Cues, Speaker};
use crate::rule::TextFilter;
use crate::stream::json_text::{JsonText, Level, written_at};

/// No more bytes than this are held, whatever comes.
const LONGEST_HELD: usize = 512;

/// What is hidden in a lane, and how.
pub(super) struct Hidden {
    pub(super) search: Search,
    pub(super) known: Known,
    pub(super) stand_in: StandIn,
    pub(super) unknown: String,
    pub(super) is_json: bool,
}

impl Hidden {
    /// A filter that hides first and then lets `next` restore.
    pub(super) fn filter(self, next: Option<Box<dyn TextFilter>>) -> Box<dyn TextFilter> {
        Box::new(Hide {
            text: match self.is_json {
                true => Text::Json(JsonText::default()),
                false => Text::Plain(String::new()),
            },
            hidden: self,
            said: 0,
            next,
        })
    }
}

struct Hide {
    hidden: Hidden,
    /// The sentence under way: cues in what was said decide what follows.
    text: Text,
    /// How much of it was given out.
    said: usize,
    next: Option<Box<dyn TextFilter>>,
}

/// A text under way, as it is read.
enum Text {
    Plain(String),
    Json(JsonText),
}

impl Text {
    fn push(&mut self, piece: &str) {
        match self {
            Text::Plain(text) => text.push_str(piece),
            Text::Json(text) => text.push(piece),
        }
    }

    fn plain(&self) -> &str {
        match self {
            Text::Plain(text) => text,
            Text::Json(text) => text.plain(),
        }
    }

    /// How a part of it was written.
    fn source(&self, range: Range<usize>) -> &str {
        match self {
            Text::Plain(text) => text.get(range).unwrap_or(""),
            Text::Json(text) => text.source(range),
        }
    }

    fn level(&self, at: usize) -> Level {
        match self {
            Text::Plain(_) => Level::Prose,
            Text::Json(text) => text.level(at),
        }
    }

    fn forget(&mut self, before: usize) {
        match self {
            Text::Plain(text) => drop(text.drain(..before)),
            Text::Json(text) => text.forget(before),
        }
    }

    /// Where the number begins in which a place lies, where it is one of JSON.
    fn number_start(&self, at: usize) -> usize {
        let bytes = self.plain().as_bytes();
        let is_number = |place: &usize| {
            let place = *place - 1;
            self.level(place) == Level::Structure && is_of_number(bytes[place])
        };
        let before = (1..=at).rev().take_while(is_number).count();
        at - before
    }
}

impl TextFilter for Hide {
    fn push(&mut self, piece: &str, out: &mut String) {
        self.text.push(piece);
        let decided = self.decided();
        self.say(decided, out);
        self.forget();
    }

    fn finish(&mut self, out: &mut String) {
        self.say(self.text.plain().len(), out);
        let rest = match &self.text {
            Text::Plain(_) => "",
            Text::Json(text) => text.rest(),
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
}

impl Hide {
    /// How far the text is decided: no match can begin before it and end behind it.
    fn decided(&self) -> usize {
        let Hidden { search, known, .. } = &self.hidden;
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
        let Hidden { search, known, .. } = &self.hidden;
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
            if level == Level::Structure && !has_digits() {
                clear.push_str(self.text.source(at..end));
                at = end;
                continue;
            }
            let is_more = |at: usize| level == Level::Structure && self.is_number(at);
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
        byte.is_some_and(|byte| is_of_number(*byte)) && self.text.level(at) == Level::Structure
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

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || b"+-.eE".contains(&byte)
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
