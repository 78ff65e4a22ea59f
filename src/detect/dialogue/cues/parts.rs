//! What is waited for while the parts of one answer are heard, each as the answer to its own
//! question, and when a part is asked for again.

use super::super::heard::HeardTurn;
use super::{ALSO, Cues};
use crate::detect::english::{Topic, WORDINGS, Wording, Wordings};
use crate::detect::read::SpokenPassage;

/// One of several things that were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AskedSlot {
    /// A number, a code or a date.
    Number(Topic),
    /// What is answered in words.
    Words(Wording),
}

impl Cues {
    /// Takes in a question for a part of what is told, and says whether it is one: of what was told
    /// last, or where that is unknown, of some number.
    pub(super) fn hear_part_asked(&mut self, passage: &SpokenPassage, heard: &HeardTurn) -> bool {
        let is_of_words = !(self.words.is_empty() && self.last_words.is_empty());
        let is_of_time = self.asks_time || self.is_of_reference && self.asked.is_none();
        // "Read me those six digits" asks for a code.
        let is_part = |topic: &Topic| matches!(topic, Topic::Reference | Topic::Card);
        let is_of_other = !heard.topics.iter().all(is_part);
        if is_of_words || is_of_time || is_of_other || !heard.asks_for_part(passage) {
            return false;
        }
        if self.asked.is_some() {
            if heard.retries() {
                self.so_far = self.so_far.saturating_sub(std::mem::take(&mut self.piece));
            }
            return true;
        }
        let last = self.last.filter(|_| !self.is_past);
        (self.asked, self.so_far) = (last.or(Some(Topic::Number)), 0);
        true
    }

    /// All that is waited for, in order as far as that is known.
    pub(in super::super) fn slots(&self) -> Vec<AskedSlot> {
        let topics = self
            .asked
            .into_iter()
            .chain(self.also.into_iter().flatten());
        let is_alone = self.asked == Some(Topic::Expiry);
        let expiry = Some(Topic::Expiry).filter(|_| self.is_expiry_asked && !is_alone);
        let words = WORDINGS.iter().filter(|one| self.words.contains(**one));
        // A place that is asked for is that of the address.
        let is_address = self.words.contains(Wording::Address);
        let words = words.filter(|one| !(is_address && **one == Wording::Place));
        expiry
            .into_iter()
            .chain(topics)
            .map(AskedSlot::Number)
            .chain(words.copied().map(AskedSlot::Words))
            .collect()
    }

    /// Waits for one of what was asked for only, or for nothing.
    pub(crate) fn focus(&mut self, slot: Option<AskedSlot>) {
        (self.asked, self.also, self.words) = (None, [None; ALSO], Wordings::default());
        match slot {
            Some(AskedSlot::Number(topic)) => self.asked = Some(topic),
            Some(AskedSlot::Words(wording)) => self.words.insert(wording),
            None => {}
        }
        self.so_far = 0;
    }

    /// Waits for what was asked for before and not told in the parts since.
    pub(crate) fn wait_again(&mut self, before: &Self, told: &[Option<AskedSlot>]) {
        let rest = before
            .slots()
            .into_iter()
            .filter(|slot| !told.contains(&Some(*slot)));
        let is_under_way = self.asked.is_some() && self.so_far > 0;
        let mut open = self
            .asked
            .filter(|_| is_under_way)
            .into_iter()
            .collect::<Vec<_>>();
        self.is_expiry_asked = false;
        for slot in rest {
            match slot {
                AskedSlot::Number(Topic::Expiry) => self.is_expiry_asked = true,
                AskedSlot::Number(topic) => open.push(topic),
                AskedSlot::Words(wording) => self.words.insert(wording),
            }
        }
        let mut open = open.into_iter();
        self.asked = open.next();
        self.also = [open.next(), open.next()];
    }
}
