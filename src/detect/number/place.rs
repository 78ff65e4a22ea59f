//! Which phrase governs a number: the nearest head noun before it, the one behind it
//! ("… is my cell"), or the question that the assistant asked.

mod before;
mod behind;

use super::kinds::is_whole;
use crate::detect::english::{Class, Topic};
use crate::detect::read::{Run, SpokenPassage, TokenKind};

/// What a number's place asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumberPlace {
    /// The topic, if anything was said.
    pub(crate) topic: Option<Topic>,
    /// How firmly the number is tied to it.
    pub(crate) tie: Tie,
    /// Whether only the last digits are spoken of.
    pub(crate) is_ending: bool,
    /// The phrase, if one of this text governs.
    pub(crate) cue: Option<usize>,
}

/// How firmly a number is tied to its topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tie {
    /// The topic was spoken of before.
    Near,
    /// The number stands beside its name, or "is" stands between.
    Linked,
    /// The number is all that was answered.
    Answer,
}

impl NumberPlace {
    // A number, but of what?
    fn is_vague(&self) -> bool {
        matches!(self.topic, Some(Topic::Number | Topic::LastFour))
    }
}

impl SpokenPassage<'_> {
    /// What governs a number. `used` tells which phrases had theirs.
    pub(crate) fn place(&self, run: &Run, used: &[bool]) -> NumberPlace {
        let before = self.before(run, used);
        // "SMS: 441922 is your verification code".
        let is_short = !is_whole(Topic::Phone, run.digits.len());
        let named_behind = before.is_none_or(|place| {
            let is_message = place.topic == Some(Topic::Phone) && is_short;
            place.tie == Tie::Near || place.is_vague() || is_message
        });
        if named_behind && let Some(place) = self.behind(run) {
            let is_ending = before.is_some_and(|place| place.is_ending);
            return NumberPlace { is_ending, ..place };
        }
        if let Some(place) = before {
            return place;
        }
        // "It's 84": the end of what was told.
        let is_end = || run.digits.len() > 1 && self.is_linked(self.first, run.first, self.asked);
        let tie = if self.is_bare || self.puts_right && is_end() {
            Tie::Answer
        } else if self.is_linked(self.first, run.first, self.asked) || self.begins_with(run) {
            Tie::Linked
        } else {
            Tie::Near
        };
        NumberPlace {
            topic: self.asked_for(&run.digits),
            tie,
            is_ending: false,
            cue: None,
        }
    }

    // Of several things that were asked for, the one that has so many digits.
    fn asked_for(&self, digits: &str) -> Option<Topic> {
        let fits = |topic: &Topic| is_whole(*topic, digits.len());
        let fitting = self.also[0].and_then(|_| self.asked_topics().find(fits));
        let asked = fitting.or(self.asked);
        asked.filter(|topic| *topic != Topic::Reference || self.says_reference(digits))
    }

    // "Fine, five one two": an answer digit by digit needs no "is".
    fn begins_with(&self, run: &Run) -> bool {
        const FEW: usize = 5;
        let ends = self.tokens[run.end..self.end].len() <= 2
            && self.tokens[run.end..self.end]
                .iter()
                .all(|token| !token.is_word());
        let singles = run.groups.len() > 2 && run.groups.iter().all(|group| group.length <= 1);
        if self.asked.is_none() || !ends || !singles {
            return false;
        }
        // A sentence that begins before that is too long.
        let lowest = self.first.max(run.first.saturating_sub(FEW + 1));
        let reader = self.reader();
        let mut before = (lowest..run.first).rev();
        let sentence = before.find(|at| reader.ends_sentence(*at));
        let first = sentence.map_or(lowest, |end| end + 1);
        run.first - first <= FEW
    }

    fn is_linked(&self, from: usize, to: usize, topic: Option<Topic>) -> bool {
        // Whoever says so much that says nothing ties no number to it.
        const MOST: usize = 48;
        let towards = matches!(topic, Some(Topic::Phone | Topic::Email | Topic::Number));
        let reader = self.reader();
        for (at, token) in self.tokens[..to]
            .iter()
            .enumerate()
            .skip(from.min(to))
            .rev()
            .take(MOST)
        {
            let silent =
                !token.is_word() && token.kind != TokenKind::Digits || token.has(Class::FILLER);
            if token.has(Class::COPULA) || (towards && token.has(Class::TOWARDS)) {
                return true;
            }
            // "Sorry, I meant …", "something like …".
            if !silent && !token.has(Class::LEAD) {
                let is_guess =
                    reader.says(at, "like") && at > 0 && reader.says(at - 1, "something");
                return is_guess || reader.says_any(at, &["meant", "mean"]);
            }
        }
        to.saturating_sub(from) <= MOST
    }
}
