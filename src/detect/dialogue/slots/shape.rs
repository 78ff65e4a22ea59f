//! How a part of an answer looks: its digits and letters, and whether it says a date or an address.

use std::ops::Range;

use super::super::cues::AskedSlot;
use crate::detect::english::{Class, NumberWord, Topic, Wording};
use crate::detect::number::NumberKind;
use crate::detect::read::{Cue, SpokenPassage, TokenKind};

/// What a part of an answer is made of.
#[derive(Debug, Clone, Default)]
pub(super) struct PartShape {
    // Its digits, and letters that are said one by one.
    code: String,
    // Words that are neither, and say something.
    words: usize,
    has_month: bool,
    // Whether it is read as a mailbox and its host.
    is_mailbox: bool,
    // What is named in it.
    named: Option<Topic>,
}

impl PartShape {
    /// That of some tokens.
    pub(super) fn of(passage: &SpokenPassage, range: Range<usize>) -> Self {
        let mut shape = Self::default();
        let reader = passage.reader();
        let (mut at, mut is_at, mut is_dot) = (range.start, false, false);
        while at < range.end {
            let index = passage.cues.partition_point(|cue| cue.first < at);
            let cue = passage.cues.get(index).filter(|cue| cue.first == at);
            if let Some(cue) = cue.filter(|cue| !is_letters(passage, cue)) {
                shape.named = shape.named.or(named(cue));
                // "Lane" and "unit" are words of an address as well.
                let is_reference = cue.topic == Topic::Reference;
                shape.words += usize::from(is_reference) * (cue.end - cue.first);
                at = cue.end;
                continue;
            }
            let token = &passage.tokens[at];
            is_at |= token.is_mark(b'@') || is_at_sign(passage, at);
            is_dot |= is_at && (token.is_mark(b'.') || reader.says_any(at, &["dot", "gmail"]));
            let lead = Class::LEAD | Class::FILLER | Class::COPULA | Class::JOIN | Class::SEPARATOR;
            let before = shape.code.len();
            match () {
                () if matches!(token.entry.number, NumberWord::Month(_)) => shape.has_month = true,
                () if !token.is_letter() && token.has(lead) && !token.says_digits() => {}
                () if matches!(token.entry.number, NumberWord::Doubtful(_)) => shape.words += 1,
                () if shape.read_digits(passage, &mut at, range.end) => continue,
                () if shape.read_letter(passage, &mut at, range.end) => continue,
                () if token.is_word() => shape.words += 1,
                () => {}
            }
            shape.code.truncate(before);
            at += 1;
        }
        shape.is_mailbox = is_at && is_dot;
        shape
    }

    fn read_digits(&mut self, passage: &SpokenPassage, at: &mut usize, end: usize) -> bool {
        let next = passage.reader().number(*at, &mut self.code);
        let next = next.filter(|next| *next <= end && *next > *at);
        *at = next.unwrap_or(*at);
        next.is_some()
    }

    fn read_letter(&mut self, passage: &SpokenPassage, at: &mut usize, end: usize) -> bool {
        let token = &passage.tokens[*at];
        let word = token.of(passage.text);
        let is_block = token.is_word()
            && word.len() <= 4
            && word
                .bytes()
                .any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
            && !word.bytes().any(|byte| byte.is_ascii_lowercase());
        let is_glued = token.is_word()
            && token.entry.id == 0
            && (passage.reader().touches_next(*at)
                || *at > 0 && passage.reader().touches_next(*at - 1))
            && word.len() <= 3;
        if let Some(spelled) = passage.reader().spelled(*at).filter(|one| one.end <= end) {
            self.code
                .extend(std::iter::repeat_n(spelled.letter, spelled.times));
            *at = spelled.end;
            return true;
        }
        if is_block || is_glued {
            self.code.push_str(&word.to_ascii_uppercase());
            *at += 1;
        }
        is_block || is_glued
    }

    /// Whether it is no value, whatever was asked.
    pub(super) fn says_nothing(&self) -> bool {
        self.code.is_empty() && !self.has_month && !self.is_mailbox && self.named.is_none()
    }

    /// How well it answers what was asked: not at all, perhaps, likely, or as most do.
    pub(super) fn fits(&self, slot: AskedSlot) -> u8 {
        let is_another = |named: Topic| match slot {
            AskedSlot::Number(topic) => named != topic,
            AskedSlot::Words(_) => named != Topic::Reference,
        };
        if self.named.is_some_and(is_another) {
            return 0;
        }
        let fit = match slot {
            AskedSlot::Number(Topic::Email) => {
                if self.is_mailbox {
                    3
                } else {
                    0
                }
            }
            _ if self.is_mailbox => 0,
            AskedSlot::Number(topic) => self.fits_number(topic),
            AskedSlot::Words(wording) => self.fits_words(wording),
        };
        // "Security code's …" says what it is.
        let is_said = matches!(slot, AskedSlot::Number(_)) && self.named.is_some();
        if is_said && fit > 0 { 3 } else { fit }
    }

    fn digits(&self) -> usize {
        self.code.bytes().filter(u8::is_ascii_digit).count()
    }

    fn letters(&self) -> usize {
        self.code.len() - self.digits()
    }

    fn fits_number(&self, topic: Topic) -> u8 {
        const FEW: usize = 2;
        let (digits, letters) = (self.digits(), self.letters());
        let is_lettered = matches!(
            topic,
            Topic::Zip | Topic::Id | Topic::Code | Topic::Reference | Topic::Iban
        );
        let is_date = matches!(topic, Topic::Birth | Topic::Expiry);
        if digits == 0 && !self.has_month
            || self.has_month && !is_date
            || letters > 0 && !is_lettered && !is_date
        {
            return 0;
        }
        let fit = match topic {
            Topic::Zip if letters > 0 => self.fits_postcode(),
            Topic::Zip => [(5, 3), (9, 2), (4, 1), (6, 1)]
                .iter()
                .find(|(length, _)| *length == digits)
                .map_or(0, |(_, fit)| *fit),
            Topic::Ssn | Topic::LastFour => {
                if matches!(digits, 4 | 9) {
                    3
                } else {
                    0
                }
            }
            Topic::Cvv => [0, 0, 0, 3, 2].get(digits).copied().unwrap_or(0),
            Topic::Pin => [0, 0, 0, 0, 3, 1, 3, 0, 1]
                .get(digits)
                .copied()
                .unwrap_or(0),
            Topic::Phone => match digits {
                10 | 11 => 3,
                7..=13 => 2,
                _ => 0,
            },
            Topic::Card => match digits {
                13..=19 => 3,
                4 => 1,
                _ => 0,
            },
            Topic::Birth => self.fits_birth(),
            Topic::Expiry => self.fits_expiry(),
            Topic::Id | Topic::Code | Topic::Reference if self.code.len() >= 4 => {
                2 + u8::from(letters > 0)
            }
            topic if NumberKind::of(topic).is_some_and(|kind| kind.is_whole(digits)) => 2,
            _ => 0,
        };
        match self.words {
            0 => fit,
            // "The seventh of May", "the one that ends …".
            _ if self.has_month || self.named.is_some() => fit,
            1..=FEW => fit.min(1),
            _ => 0,
        }
    }

    fn fits_postcode(&self) -> u8 {
        let kinds = self
            .code
            .bytes()
            .map(|byte| if byte.is_ascii_digit() { '9' } else { 'A' });
        let form: String = kinds.collect();
        const BRITISH: [&str; 6] = ["A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA"];
        let is_one = BRITISH.contains(&form.as_str()) || form == "A9A9A9";
        match () {
            () if is_one => 3,
            () if (5..=8).contains(&form.len()) => 1,
            () => 0,
        }
    }

    fn fits_birth(&self) -> u8 {
        let part = |range: Range<usize>| {
            self.code
                .get(range)
                .and_then(|part| part.parse::<u8>().ok())
        };
        let is_day = |part: Option<u8>| part.is_some_and(|part| (1..=31).contains(&part));
        match self.code.len() {
            1..=8 if self.has_month => 3,
            6 | 8 if is_day(part(0..2)) && is_day(part(2..4)) => 2,
            5 | 7 => 1,
            _ => 0,
        }
    }

    fn fits_expiry(&self) -> u8 {
        let month = self
            .code
            .get(..2)
            .and_then(|month| month.parse::<u8>().ok());
        let is_month = month.is_some_and(|month| (1..=12).contains(&month));
        match self.code.len() {
            2 | 4 if self.has_month => 3,
            4 if is_month => 3,
            6 if is_month && self.code.get(2..4) == Some("20") => 3,
            3 => 2,
            _ => 0,
        }
    }

    fn fits_words(&self, wording: Wording) -> u8 {
        const MOST: usize = 4;
        let (digits, letters) = (self.digits(), self.letters());
        if self.has_month {
            return 0;
        }
        let is_named = (1..=MOST).contains(&self.words) || letters > 2;
        match wording {
            Wording::Name if digits == 0 && is_named => 2,
            Wording::Secret if (1..=2).contains(&self.words) => 1,
            Wording::Login if self.words <= MOST && self.words + letters > 0 => 1,
            Wording::Address | Wording::Place if digits > 0 && self.words > 0 && letters < 3 => 2,
            // "Four a".
            Wording::Address if (1..=4).contains(&digits) && letters <= 1 => 2,
            _ => 0,
        }
    }
}

// What a phrase names, where it is no other word for a number.
fn named(cue: &Cue) -> Option<Topic> {
    let is_plain = matches!(cue.topic, Topic::Nothing | Topic::Number | Topic::LastFour);
    (!is_plain).then_some(cue.topic)
}

// "C c", "s s": letters of a code.
fn is_letters(passage: &SpokenPassage, cue: &Cue) -> bool {
    let own = passage.tokens.get(cue.first..cue.end).unwrap_or(&[]);
    own.iter()
        .all(|token| token.len() == 1 || token.kind == TokenKind::Digits)
}

// "Liz at brightfold dot com".
fn is_at_sign(passage: &SpokenPassage, at: usize) -> bool {
    let reader = passage.reader();
    at > passage.first && reader.says(at, "at") && !reader.says_digits(at + 1)
}
