//! Names beside one that was asked for, or behind what else was: "river, sage and wren", "it says
//! hoxha but we're berisha", "fourth of november eighty one, and it's trescothick".
//!
//! A list is nothing but names to its end.

use std::ops::Range;

use super::SpokenAnswer;
use crate::detect::people::NameSense;
use crate::detect::read::Token;

impl SpokenAnswer<'_> {
    /// The names behind one: another that is told, or the rest of a list.
    pub(super) fn others(&self, end: usize) -> Vec<Range<usize>> {
        match self.another(end) {
            Some(other) => vec![other],
            None => self.list(end),
        }
    }

    /// "Fourth of november eighty one, and it's trescothick": what else was asked for before it.
    pub(super) fn last_part(&self, first: usize) -> Option<Range<usize>> {
        const FEWEST: usize = 2;
        let reader = &self.reader;
        let end = reader.tokens.len();
        let is_lead = |at: &usize| {
            reader.says_any(*at, &["it's", "its", "is", "that's", "was", "and"])
                || reader.is_mark(*at, b',')
        };
        let at = (first..end).rev().find(is_lead)? + 1;
        let name = self.name(at)?;
        let before = reader.tokens.get(first..at)?;
        let told = before.iter().filter(|token| token.says_number()).count();
        let is_odd = |token: &Token| {
            let sense = NameSense::of(token.of(reader.text));
            token.is_word() && (sense.is_clear() || sense.is_unknown() && token.entry.id == 0)
        };
        let words = reader.tokens.get(name.clone())?;
        let is_last = self.trimmed(name.end..end).is_none();
        let is_short = words.len() <= 2 && words.iter().all(is_odd);
        (told >= FEWEST && is_last && is_short).then_some(name)
    }

    // "River, sage and wren": nothing but names to the end.
    fn list(&self, from: usize) -> Vec<Range<usize>> {
        const MOST: usize = 2;
        let reader = &self.reader;
        let (mut at, mut found) = (from, Vec::new());
        let is_name = |at: usize| {
            let token = reader.token(at);
            token.is_some_and(|token| {
                let sense = NameSense::of(token.of(reader.text));
                let may_be = sense.is_name() || sense.is_unknown() && token.entry.id == 0;
                self.is_name(token) && token.len() > 1 && may_be
            })
        };
        while let Some(next) = reader.token(at).filter(|next| !next.is_mark(b'.')) {
            let comma = usize::from(next.is_mark(b','));
            let and = usize::from(reader.says(at + comma, "and"));
            let start = at + comma + and;
            let words = (start..start + MOST).take_while(|at| is_name(*at)).count();
            if comma + and == 0 || words == 0 {
                return Vec::new();
            }
            found.push(start..start + words);
            at = start + words;
        }
        found
    }

    // "Biscuit, and it's whitcombe", "it says hoxha but we're berisha": another name behind one.
    fn another(&self, end: usize) -> Option<Range<usize>> {
        const OWN: [&str; 9] = [
            "it's",
            "i'm",
            "mine's",
            "we're",
            "that's",
            "he's",
            "she's",
            "mine",
            "surname's",
        ];
        let reader = &self.reader;
        let joint = end + usize::from(reader.is_mark(end, b','));
        let own = joint + 1;
        if !reader.says_any(joint, &["and", "but"]) || !reader.says_any(own, &OWN) {
            return None;
        }
        let at = own + 1 + usize::from(reader.says_any(own + 1, &["is", "was"]));
        let name = self.name(at)?;
        let mut words = self.reader.tokens.get(name.clone())?.iter();
        let is_odd = |token: &Token| {
            let sense = NameSense::of(token.of(reader.text));
            token.is_letter() || sense.is_clear() || sense.is_unknown() && token.entry.id == 0
        };
        words.all(is_odd).then_some(name)
    }
}
