//! Hides private values in what the model itself says (`reply = true`).
//!
//! Text is held back only while it may be part of a match, of the kinds that are looked for.

use super::fields::{StandIn, Style};
use super::known::Known;
use super::search::Search;
use crate::detect::{self, Cues, Detector, Detectors, Speaker};
use crate::rule::TextFilter;

/// No more bytes than this are held, whatever comes.
const LONGEST_HELD: usize = 512;

/// A filter that hides first and then lets `next` restore.
pub(super) fn filter(
    search: Search,
    known: Known,
    stand_in: StandIn,
    unknown: &str,
    next: Option<Box<dyn TextFilter>>,
) -> Box<dyn TextFilter> {
    let mut wanted: Detectors = Detector::ALL
        .iter()
        .copied()
        .filter(|detector| search.position(detector.label()).is_some())
        .collect();
    if known.has_numbers() {
        wanted.insert(Detector::Phone);
        wanted.insert(Detector::Account);
    }
    Box::new(Hide {
        wanted,
        search,
        known,
        stand_in,
        unknown: unknown.to_owned(),
        text: String::new(),
        said: 0,
        next,
    })
}

struct Hide {
    search: Search,
    /// What may be found, for how much of it must be held.
    wanted: Detectors,
    known: Known,
    stand_in: StandIn,
    unknown: String,
    /// The sentence under way: cues in what was said decide what follows.
    text: String,
    /// How much of it was given out.
    said: usize,
    next: Option<Box<dyn TextFilter>>,
}

impl TextFilter for Hide {
    fn push(&mut self, piece: &str, out: &mut String) {
        self.text.push_str(piece);
        let decided = self.decided();
        self.say(decided, out);
        self.forget();
    }

    fn finish(&mut self, out: &mut String) {
        self.say(self.text.len(), out);
        self.text.clear();
        self.said = 0;
        if let Some(next) = &mut self.next {
            next.finish(out);
        }
    }
}

impl Hide {
    /// How far the text is decided: no match can begin before it and end behind it.
    fn decided(&self) -> usize {
        let text = &self.text;
        let mut decided = detect::decided_until(text, self.wanted);
        let tail = &text[self.said..];
        decided = decided.min(self.said + self.search.undecided_from(tail));
        decided = decided.min(self.said + self.known.undecided_from(tail));
        if text.len() - decided.max(self.said) > LONGEST_HELD {
            decided = text.len();
        }
        decided.max(self.said)
    }

    fn say(&mut self, until: usize, out: &mut String) {
        if until <= self.said {
            return;
        }
        let before = Cues::at_start(self.known.region());
        let found = self
            .search
            .find_afresh(&self.text, Speaker::Assistant, &before, &self.known);
        let mut clear = String::new();
        let mut at = self.said;
        for hit in &found.hits {
            if hit.end <= at || hit.start >= until || is_in_tag(&self.text, hit.start) {
                continue;
            }
            clear.push_str(&self.text[at..hit.start.max(at)]);
            match self.stand_in.style {
                Style::Placeholder => clear.push_str(&self.unknown),
                Style::Mask | Style::Remove => {
                    clear.push_str(&self.stand_in.of(&self.text[hit.start.max(at)..hit.end]))
                }
            }
            at = hit.end;
        }
        clear.push_str(self.text.get(at..until).unwrap_or_default());
        self.said = until.max(at);
        match &mut self.next {
            Some(next) => next.push(&clear, out),
            None => out.push_str(&clear),
        }
    }

    /// Drops what no cue reaches across: all but the last sentences.
    fn forget(&mut self) {
        const REACH: usize = 256;
        if self.said > 2 * REACH {
            let mut cut = self.said - REACH;
            while !self.text.is_char_boundary(cut) {
                cut += 1;
            }
            self.text.drain(..cut);
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
