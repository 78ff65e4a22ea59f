//! One pass over a text that streams by: at each place a [`Sweeper`] says what begins there.
//!
//! It sees the text through a [`Glimpse`], which notes whether more was wanted than has come: then
//! the place waits, and is looked at anew. So what comes out depends on the text alone, never on
//! how it was cut, and nothing is held but what could not be told. What is dropped up to an end
//! that is far away is not held at all.

mod glimpse;
mod until;

pub use glimpse::Glimpse;
use until::SweepEnding;
pub use until::SweepUntil;

use super::TextFilter;

/// So many bytes before a place are kept for it.
const CONTEXT: usize = 64;
/// Decided text is forgotten when there is so much of it.
const FORGET: usize = 256;
/// No more of what is dropped is kept for the case that it never ends.
const MOST_KEPT: usize = 256 << 10;

/// Says what begins at a place of a text.
pub trait Sweeper {
    /// What it must know of the text before, beside its last letters.
    type State: Copy + Default;

    /// Whether anything can begin with a byte. Others pass without a look.
    fn may_begin(&self, state: Self::State, byte: u8) -> bool;

    /// What begins here. The state it leaves counts behind the place.
    fn look(&self, here: &Glimpse<'_>, state: &mut Self::State) -> Swept;
}

/// What begins at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swept {
    /// Nothing: the letter passes.
    Nothing,
    /// So many bytes pass as they are, in one piece.
    Whole(usize),
    /// So many bytes become another text.
    Said(usize, String),
    /// So many bytes go.
    Gone(usize),
    /// So many bytes go, and all that follows up to an end.
    Until(usize, SweepUntil),
}

/// A text under way through a sweeper.
pub struct Sweep<S: Sweeper> {
    sweeper: S,
    state: S::State,
    /// What is not decided, and what stands before it.
    text: String,
    decided: usize,
    /// Whether nothing stands before `text`.
    is_first: bool,
    dropping: Option<SweepEnding>,
    /// What was dropped, where it is said after all if there is no end; none: it is not.
    kept: Option<String>,
    mouth: Mouth,
}

/// Where a text stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SweepStop {
    /// Behind a piece of it.
    Piece,
    /// Where nothing goes on across but what goes.
    Pause,
    /// Where it is over.
    End,
}

/// What is said. Where something went between two blanks, one of them goes too.
#[derive(Debug, Default)]
struct Mouth {
    last: Option<char>,
    swallows: bool,
}

impl<S: Sweeper> Sweep<S> {
    /// A text before its first letter.
    pub fn new(sweeper: S) -> Sweep<S> {
        Sweep {
            sweeper,
            state: S::State::default(),
            text: String::new(),
            decided: 0,
            is_first: true,
            dropping: None,
            kept: None,
            mouth: Mouth::default(),
        }
    }

    /// The same that begins within something that goes. If there is no end of it, it is said.
    pub fn within(mut self, until: SweepUntil) -> Sweep<S> {
        self.dropping = Some(SweepEnding::of(until));
        self.kept = Some(String::new());
        self.mouth.gone();
        self
    }

    fn walk(&mut self, stop: SweepStop, out: &mut String) {
        let is_over = stop != SweepStop::Piece;
        loop {
            if let Some(ending) = &mut self.dropping {
                let rest = &self.text[self.decided..];
                let (len, is_ended) = ending.pass(rest, stop == SweepStop::End);
                if let Some(kept) = &mut self.kept {
                    kept.push_str(&self.text[self.decided..self.decided + len]);
                }
                self.decided += len;
                if !is_ended {
                    break;
                }
                (self.dropping, self.kept) = (None, None);
                continue;
            }
            let rest = &self.text[self.decided..];
            let may_begin = |byte: &u8| self.sweeper.may_begin(self.state, *byte);
            let plain = rest.as_bytes().iter().position(may_begin);
            self.mouth.say(&rest[..plain.unwrap_or(rest.len())], out);
            self.decided += plain.unwrap_or(rest.len());
            if plain.is_none() || !self.look(is_over, out) {
                break;
            }
        }
        if self
            .kept
            .as_ref()
            .is_some_and(|kept| kept.len() > MOST_KEPT)
        {
            self.kept = None;
        }
    }

    /// Looks at the place where nothing is decided; whether anything is now.
    fn look(&mut self, is_over: bool, out: &mut String) -> bool {
        let here = Glimpse::new(&self.text, self.decided, self.is_first, is_over);
        let mut state = self.state;
        let found = self.sweeper.look(&here, &mut state);
        if here.wants_more() {
            return false;
        }
        self.state = state;
        let rest = &self.text[self.decided..];
        let len = match found {
            Swept::Nothing => {
                let len = rest.chars().next().map_or(0, char::len_utf8);
                self.mouth.say(&rest[..len], out);
                len
            }
            Swept::Whole(len) => {
                self.mouth.say(&rest[..len], out);
                len
            }
            Swept::Said(len, text) => {
                self.mouth.say(&text, out);
                len
            }
            Swept::Gone(len) => {
                self.mouth.gone();
                len
            }
            Swept::Until(len, until) => {
                self.mouth.gone();
                self.dropping = Some(SweepEnding::of(until));
                len
            }
        };
        self.decided += len;
        true
    }

    fn forget_decided(&mut self) {
        if self.decided <= FORGET {
            return;
        }
        let mut cut = self.decided - CONTEXT;
        while !self.text.is_char_boundary(cut) {
            cut -= 1;
        }
        self.text.drain(..cut);
        self.decided -= cut;
        self.is_first = false;
    }
}

impl<S: Sweeper> TextFilter for Sweep<S> {
    fn push(&mut self, piece: &str, out: &mut String) {
        self.text.push_str(piece);
        self.walk(SweepStop::Piece, out);
        self.forget_decided();
    }

    fn finish(&mut self, out: &mut String) {
        self.walk(SweepStop::End, out);
        if let Some(kept) = self.kept.take() {
            self.mouth.say(&kept, out);
        }
        self.dropping = None;
        self.forget_decided();
    }

    // What goes goes on behind the pause.
    fn pause(&mut self, out: &mut String) {
        self.walk(SweepStop::Pause, out);
        self.forget_decided();
    }

    fn held(&self) -> usize {
        let held = self.text.get(self.decided..);
        held.map_or(0, |held| held.chars().count())
    }
}

impl Mouth {
    fn gone(&mut self) {
        self.swallows = self.last.is_none_or(char::is_whitespace);
    }

    fn say(&mut self, text: &str, out: &mut String) {
        let mut text = text;
        if self.swallows {
            let is_line = self.last.is_none_or(|last| last == '\n');
            text = text.trim_start_matches(|letter: char| match letter {
                '\n' | '\r' => is_line,
                letter => letter.is_whitespace(),
            });
        }
        let Some(last) = text.chars().next_back() else {
            return;
        };
        self.swallows = false;
        self.last = Some(last);
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests;
