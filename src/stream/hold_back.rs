//! Text filters for a streamed reply: hold-back and one-pass replacing.
//!
//! A filter holds back only what may still become a match, so the caller never waits for more
//! than the longest match. It never drops text: what `push` keeps, `finish` returns. How the
//! text is cut into pieces never changes the result.

use std::fmt;

use regex::{Captures, Regex};
use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::pool::Pool;
use regex_automata::{Anchored, Input};

/// A pattern that can be found in text that comes in pieces. It has a longest match.
pub struct StreamPattern {
    regex: Regex,
    dfa: DFA,
    caches: Pool<
        Cache,
        Box<dyn Fn() -> Cache + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>,
    >,
    /// No match has more bytes than this.
    longest: usize,
    /// The bytes with which a match can begin.
    starts: Box<[bool; 256]>,
}

/// Why an expression can't be searched for in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the pattern has no longest match, so a reply could not be streamed through it; give `*` and `+` a bound, as in `{{0,40}}`"
)]
pub struct Unbounded;

/// What comes out of a search: text between matches, or a match.
#[derive(Debug)]
pub enum Segment<'t> {
    /// Text that is no part of a match.
    Text(&'t str),
    /// A match with its groups.
    Match(Captures<'t>),
}

/// The text of one lane that is not decided yet, and the character before it.
#[derive(Debug, Default)]
pub struct Undecided {
    text: String,
    /// What stands before this offset was given out; it is kept for `\b` and the like.
    decided: usize,
}

enum HoldBackLook {
    Nothing,
    MayMatch,
    Match,
}

impl StreamPattern {
    /// Prepares an expression for streams; one without a longest match is refused.
    pub fn new(regex: &Regex) -> Result<StreamPattern, Unbounded> {
        let source = regex.as_str();
        let longest = longest_match(source).ok_or(Unbounded)?;
        let dfa = DFA::builder()
            .configure(
                DFA::config()
                    .unicode_word_boundary(true)
                    .skip_cache_capacity_check(true),
            )
            .build(source)
            .map_err(|_| Unbounded)?;
        let starts = first_bytes(&dfa);
        let maker = dfa.clone();
        Ok(StreamPattern {
            regex: regex.clone(),
            dfa,
            caches: Pool::new(Box::new(move || maker.create_cache())),
            longest,
            starts,
        })
    }

    /// The most bytes that a match may have.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Searches `piece` as the continuation of what is held, and gives each decided segment to
    /// `emit`, in order.
    pub fn advance(&self, held: &mut Undecided, piece: &str, emit: &mut dyn FnMut(Segment<'_>)) {
        held.text.push_str(piece);
        let from = held.decided;
        let undecided = &held.text.as_bytes()[from..];
        let Some(first) = undecided
            .iter()
            .position(|byte| self.starts[usize::from(*byte)])
        else {
            emit(Segment::Text(&held.text[from..]));
            held.decided = held.text.len();
            held.forget_decided();
            return;
        };
        let mut cache = self.caches.get();
        let text = held.text.as_str();
        let mut said = from;
        let mut at = from + first;
        while at < text.len() {
            if !self.starts[usize::from(text.as_bytes()[at])] {
                at += 1;
                continue;
            }
            match self.look(&mut cache, text, at) {
                HoldBackLook::MayMatch => break,
                HoldBackLook::Nothing => at += char_len(text, at),
                HoldBackLook::Match => match self.captures(text, at) {
                    None => at += char_len(text, at),
                    Some(found) => {
                        let end = found.get_match().end();
                        if said < at {
                            emit(Segment::Text(&text[said..at]));
                        }
                        emit(Segment::Match(found));
                        at = end;
                        said = end;
                    }
                },
            }
        }
        if said < at {
            emit(Segment::Text(&text[said..at]));
        }
        held.decided = at;
        held.forget_decided();
    }

    /// The text is over: decides what is held.
    pub fn finish(&self, held: &mut Undecided, emit: &mut dyn FnMut(Segment<'_>)) {
        let text = held.text.as_str();
        let mut said = held.decided;
        while let Some(found) = self.regex.captures_at(text, said) {
            let (start, end) = (found.get_match().start(), found.get_match().end());
            if said < start {
                emit(Segment::Text(&text[said..start]));
            }
            emit(Segment::Match(found));
            said = end;
        }
        if said < text.len() {
            emit(Segment::Text(&text[said..]));
        }
        held.decided = held.text.len();
        held.forget_decided();
    }

    /// Where a match may begin that more text could complete; the text's end where there is none.
    pub fn undecided_from(&self, text: &str) -> usize {
        let mut cache = self.caches.get();
        let starts = text
            .char_indices()
            .filter(|(at, _)| self.starts[usize::from(text.as_bytes()[*at])]);
        let mut undecided = starts
            .filter(|(at, _)| matches!(self.look(&mut cache, text, *at), HoldBackLook::MayMatch));
        undecided.next().map_or(text.len(), |(at, _)| at)
    }

    /// Whether a match begins at `at`, or may still begin there when more text comes.
    fn look(&self, cache: &mut Cache, text: &str, at: usize) -> HoldBackLook {
        let input = Input::new(text).range(at..).anchored(Anchored::Yes);
        let mut matched = false;
        let Ok(mut state) = self.dfa.start_state_forward(cache, &input) else {
            return self.look_slowly(text, at);
        };
        for byte in &text.as_bytes()[at..] {
            let Ok(next) = self.dfa.next_state(cache, state, *byte) else {
                return self.look_slowly(text, at);
            };
            state = next;
            if state.is_tagged() {
                if state.is_match() {
                    matched = true;
                } else if state.is_dead() {
                    return if matched {
                        HoldBackLook::Match
                    } else {
                        HoldBackLook::Nothing
                    };
                } else if state.is_quit() {
                    return self.look_slowly(text, at);
                }
            }
        }
        if self.is_decided(cache, state) || matched && self.is_over(cache, state) {
            HoldBackLook::Match
        } else {
            HoldBackLook::MayMatch
        }
    }

    /// Whether nothing can follow that keeps a match alive.
    fn is_over(&self, cache: &mut Cache, state: LazyStateID) -> bool {
        (0..=u8::MAX).all(|byte| {
            let next = self.dfa.next_state(cache, state, byte);
            next.is_ok_and(|next| next.is_dead())
        })
    }

    /// Whether the text that led to a state is a match that nothing could make longer. The
    /// automaton tells of a match one byte late, so the state behind each byte is looked at.
    fn is_decided(&self, cache: &mut Cache, state: LazyStateID) -> bool {
        let is_match =
            |state: Result<LazyStateID, _>| state.is_ok_and(|state: LazyStateID| state.is_match());
        if !is_match(self.dfa.next_eoi_state(cache, state)) {
            return false;
        }
        let Ok(behind) = self.dfa.next_state(cache, state, b' ') else {
            return false;
        };
        (0..=u8::MAX).all(|byte| {
            let is_same = self
                .dfa
                .next_state(cache, state, byte)
                .is_ok_and(|next| next == behind);
            is_same
                && self
                    .dfa
                    .next_state(cache, behind, byte)
                    .is_ok_and(|next| next.is_dead())
        }) && behind.is_match()
    }

    /// Where the automaton gives up (`\b` beside letters that are not ASCII): waits until the
    /// longest match has passed, then asks the full engine.
    fn look_slowly(&self, text: &str, at: usize) -> HoldBackLook {
        if text.len() - at <= self.longest + 4 {
            return HoldBackLook::MayMatch;
        }
        if self.captures(text, at).is_some() {
            HoldBackLook::Match
        } else {
            HoldBackLook::Nothing
        }
    }

    fn captures<'t>(&self, text: &'t str, at: usize) -> Option<Captures<'t>> {
        let mut end = (at + self.longest + 8).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        self.regex
            .captures_at(&text[..end], at)
            .filter(|found| found.get_match().start() == at)
    }
}

impl fmt::Debug for StreamPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StreamPattern")
            .field(&self.regex.as_str())
            .finish()
    }
}

impl Undecided {
    /// Whether nothing is held back.
    pub fn is_empty(&self) -> bool {
        self.decided == self.text.len()
    }

    /// How many characters are held back.
    pub fn held(&self) -> usize {
        let held = self.text.get(self.decided..);
        held.map_or(0, |held| held.chars().count())
    }

    /// Keeps of the decided text only its last character.
    fn forget_decided(&mut self) {
        let keep = self.text[..self.decided]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
        self.text.drain(..keep);
        self.decided -= keep;
    }
}

fn char_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

/// The most bytes that a match of `source` can have; none: there is no bound.
fn longest_match(source: &str) -> Option<usize> {
    regex_syntax::Parser::new()
        .parse(source)
        .ok()?
        .properties()
        .maximum_len()
}

/// The bytes with which a match can begin, whatever stands before it.
fn first_bytes(dfa: &DFA) -> Box<[bool; 256]> {
    let mut cache = dfa.create_cache();
    let mut starts = Box::new([false; 256]);
    for before in ["", "a", " ", "\n", "\r", "é"] {
        for byte in 0..=u8::MAX {
            let mut text = before.as_bytes().to_vec();
            text.push(byte);
            let input = Input::new(&text)
                .range(before.len()..)
                .anchored(Anchored::Yes);
            let is_alive = dfa
                .start_state_forward(&mut cache, &input)
                .ok()
                .and_then(|state| dfa.next_state(&mut cache, state, byte).ok())
                .is_none_or(|state: LazyStateID| !state.is_dead());
            starts[usize::from(byte)] |= is_alive;
        }
    }
    // Inside a character no match begins.
    starts[0x80..0xC0].fill(false);
    starts
}

#[cfg(test)]
mod tests;
