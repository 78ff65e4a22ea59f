//! What rules say of the speech of a whole reply: whether it ends where a tool call begins, and what
//! is said where nothing is left of it.
//!
//! It never touches JSON that was asked for, and adds nothing to a reply that calls a tool.

use super::lanes::LaneId;
use super::{Reply, Ruleset};
use crate::chat::chunk::{Choice, TextField};
use crate::chat::json;

/// How the rules of a reply shape its speech.
#[derive(Debug, Default)]
pub(super) struct ReplySpeech {
    /// Whether nothing is said behind a tool call.
    ends_at_calls: bool,
    /// What is said where nothing is left; none: nothing.
    empty: Option<String>,
}

impl ReplySpeech {
    /// That of the rules at some places. Replies pass the rules in reverse order.
    pub(super) fn of(ruleset: &Ruleset, active: &[usize]) -> ReplySpeech {
        let rules = active
            .iter()
            .rev()
            .filter_map(|at| ruleset.rules().get(*at));
        let mut all = ReplySpeech::default();
        for speech in rules.filter_map(|file| file.does.speech.as_ref()) {
            all.ends_at_calls |= speech.ends_at_calls;
            let empty = Some(&speech.empty).filter(|empty| !empty.trim().is_empty());
            all.empty = all.empty.or_else(|| empty.cloned());
        }
        all
    }

    /// The end of the reply says what is to be said.
    pub(super) fn add_nothing(&mut self) {
        self.empty = None;
    }
}

impl Reply {
    /// Notes that a piece calls tools. Where speech ends there, what is held of it goes out first.
    pub(super) fn begin_calls(&mut self, data: &str, choice: &Choice, out: &mut Vec<u8>) {
        if choice.calls.is_empty() {
            return;
        }
        let is_first = !std::mem::replace(&mut self.choice(choice.index).has_calls, true);
        if !is_first || !self.speech.ends_at_calls || self.turn.wants_json {
            return;
        }
        let mut texts = choice.texts.iter();
        let is_said = texts
            .any(|(field, place)| *field == TextField::Content && &data[place.clone()] != "\"\"");
        if is_said {
            self.choice(choice.index).speech.is_ending = true;
            return;
        }
        self.flush(LaneId::Text(choice.index, TextField::Content), out);
        self.choice(choice.index).speech.is_over = true;
    }

    /// The texts of a piece are through.
    pub(super) fn end_speech(&mut self, choice: u64) {
        let speech = &mut self.choice(choice).speech;
        speech.is_over |= std::mem::take(&mut speech.is_ending);
    }

    /// Whether nobody hears what still comes of a lane.
    pub(super) fn is_unheard(&mut self, id: LaneId) -> bool {
        let LaneId::Text(choice, TextField::Content) = id else {
            return false;
        };
        self.speech.ends_at_calls && self.choice(choice).speech.is_over
    }

    /// Notes a piece (a JSON string) of a lane, and what filters made of it.
    pub(super) fn note_speech(&mut self, id: LaneId, piece: &str, new: Option<&str>) {
        let LaneId::Text(choice, TextField::Content) = id else {
            return;
        };
        if self.speech.empty.is_none() || self.choice(choice).speech.is_left {
            return;
        }
        let came = || json::decode(piece).is_some_and(|text| !text.trim().is_empty());
        let has_come = came();
        let is_left = new.map_or(has_come, |new| !new.trim().is_empty());
        let speech = &mut self.choice(choice).speech;
        speech.has_come |= has_come;
        speech.is_left |= is_left;
    }

    /// What is said where a lane ends and nothing is left of what came.
    pub(super) fn instead_of_nothing(&mut self, id: LaneId) -> Option<String> {
        let LaneId::Text(choice, TextField::Content) = id else {
            return None;
        };
        let empty = self.speech.empty.clone()?;
        let state = self.choice(choice);
        let is_nothing = state.speech.has_come && !state.speech.is_left && !state.has_calls;
        state.speech.is_left |= is_nothing;
        is_nothing.then_some(empty)
    }
}
