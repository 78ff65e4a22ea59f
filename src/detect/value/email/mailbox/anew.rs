//! What a speaker took back of a mailbox, or said before its letters.

use super::MailboxReader;
use crate::detect::english::Gap;

impl MailboxReader<'_> {
    /// Whether a phrase that takes something back ends at a token.
    pub(super) fn is_correction(&self, last: usize, lowest: usize) -> bool {
        const WORDS: usize = 3;
        let is_said = |start: usize| {
            let found = self.reader.gap(start);
            found.is_some_and(|(end, gap)| end == last && gap >= Gap::Correction)
        };
        let from = lowest.max((last + 1).saturating_sub(WORDS));
        self.reader.tokens[last].is_word() && (from..=last).any(is_said)
    }

    /// "M c n, no sorry, m c a n at …": what was taken back is no less an address.
    pub(super) fn corrected(&self, first: usize) -> usize {
        const WORDS: usize = 4;
        let phrase = (first.saturating_sub(WORDS).max(self.reader.floor)..first).find(|start| {
            let found = self.reader.gap(*start);
            found.is_some_and(|(last, gap)| {
                let comma = usize::from(self.reader.is_mark(last + 1, b','));
                last + 1 + comma == first && gap >= Gap::Correction
            })
        });
        let Some(phrase) = phrase else {
            return self.respelled(first);
        };
        // "Accounts at, no sorry, admin at …": he stopped behind the first "at".
        let comma = phrase - usize::from(phrase > 0 && self.reader.is_mark(phrase - 1, b','));
        let at = comma.checked_sub(1).filter(|at| *at > self.reader.floor);
        if let Some(at) = at.filter(|at| self.reader.says(*at, "at")) {
            return self.mailbox(at).unwrap_or(first);
        }
        let begins_alike = |start: &usize| {
            let letter = |at: usize| self.reader.tokens[at].of(self.reader.text).chars().next();
            letter(*start) == letter(first)
        };
        self.mailbox(phrase).filter(begins_alike).unwrap_or(first)
    }

    // "R fitzgibbon, that's f i t z g i b b o n at …": the word whose letters are said, and what
    // stands before it.
    fn respelled(&self, first: usize) -> usize {
        const LETTERS: usize = 3;
        let reader = self.reader;
        let letters = (first..).take_while(|at| reader.is_letter(*at));
        let mut spelled = String::new();
        letters.for_each(|at| spelled.push_str(reader.word(at)));
        let mut word = first;
        while word > reader.floor
            && (reader.is_mark(word - 1, b',')
                || reader.says_any(word - 1, &["that's", "that", "is", "so", "spelled", "it's"]))
        {
            word -= 1;
        }
        let Some(word) = word.checked_sub(1).filter(|word| *word >= reader.floor) else {
            return first;
        };
        let is_own = spelled.len() >= LETTERS && reader.word(word).eq_ignore_ascii_case(&spelled);
        match is_own {
            true => self.mailbox(word + 1).unwrap_or(first),
            false => first,
        }
    }
}
