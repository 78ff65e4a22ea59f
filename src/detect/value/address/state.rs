//! States, provinces, counties and countries behind a town, whole, short or spelled.

use super::AddressReader;
use super::locality::PartTie;
use crate::detect::english::{Class, TWO_WORD_TOWNS};
use crate::detect::read::Lexicon;

impl AddressReader<'_> {
    /// "IL", "new york", "county cork", "d c".
    pub(super) fn state_end(&self, at: usize, tie: PartTie) -> Option<usize> {
        const WORDS: [&str; 14] = [
            "in", "or", "me", "hi", "ok", "oh", "id", "la", "ma", "pa", "de", "co", "as", "al",
        ];
        let reader = &self.reader;
        let token = reader.token(at).filter(|token| token.is_word())?;
        let is_prefix = reader.says_any(at, &["new", "north", "south", "west", "rhode", "county"]);
        if is_prefix
            && reader.token(at + 1)?.has(Class::STATE | Class::PLACE)
            && reader.word(at + 1).len() > 2
        {
            let is_long = reader.says(at, "rhode")
                || reader.says(at + 1, "south")
                || reader.says(at + 1, "rhode");
            return Some(at + 2 + usize::from(is_long));
        }
        let is_next = |(_, next): &&(&str, &str)| reader.says(at + 1, next);
        let mut towns = TWO_WORD_TOWNS.iter().filter(is_next);
        if towns.any(|(first, _)| reader.says(at, first)) {
            return Some(at + 2);
        }
        if token.is_letter() && reader.is_letter(at + 1)
            || reader.is_letter(at) && reader.is_mark(at + 1, b'.')
        {
            return self.spelled_state(at);
        }
        if let Some(end) = self.county_end(at) {
            return Some(end);
        }
        let is_short = token.len() == 2;
        let is_capital = token
            .of(reader.text)
            .bytes()
            .all(|byte| byte.is_ascii_uppercase());
        let is_word = reader.says_any(at, &WORDS);
        let fits = !is_short
            || is_capital
            || tie != PartTie::Stop
                && !is_word
                && reader
                    .token(at + 1)
                    .is_none_or(|next| !next.is_word() || next.says_digits());
        let is_state = token.has(Class::STATE) && fits
            || token.has(Class::PLACE) && token.len() > 2
            || token.has(Class::PLACE) && is_capital;
        if !is_state {
            return self.province_end(at);
        }
        // "Dublin 4", "cork city".
        let end = at + 1 + usize::from(reader.says_any(at + 1, &["city", "island"]));
        Some(
            self.district_end(end)
                .filter(|_| token.has(Class::PLACE))
                .unwrap_or(end),
        )
    }

    // "Co. Leitrim", "Buckinghamshire".
    fn county_end(&self, at: usize) -> Option<usize> {
        const SHORT: usize = 8;
        let reader = &self.reader;
        let is_title = |at: usize| {
            let token = reader.token(at);
            token.is_some_and(|token| token.is_word() && token.is_capital(reader.text))
        };
        let from = at + 1 + usize::from(reader.is_mark(at + 1, b'.'));
        if reader.says_any(at, &["co", "county"]) && is_title(at) && is_title(from) {
            return Some(from + 1);
        }
        let word = reader.word(at);
        (word.len() > SHORT && word.ends_with("shire")).then_some(at + 1)
    }

    // "ON" before a code or the end, "on" before a code.
    fn province_end(&self, at: usize) -> Option<usize> {
        const PROVINCES: [&str; 11] = [
            "ON", "BC", "AB", "SK", "MB", "QC", "NB", "NS", "PE", "NL", "NT",
        ];
        let is_last = || self.is_mark_or_end(at + 1) || self.postcode(at + 1, true).is_some();
        let is_coded = || self.lettered_end(at + 1).is_some();
        let is_one = PROVINCES.contains(&self.reader.word(at)) && is_last()
            || self.reader.says_any(at, &PROVINCES) && is_coded();
        is_one.then_some(at + 1)
    }

    // One or two digits behind a town.
    fn district_end(&self, at: usize) -> Option<usize> {
        let mut digits = String::new();
        let end = self.reader.number(at, &mut digits)?;
        let is_over = self.is_mark_or_end(end) || self.goes_on(end);
        (digits.len() <= 2 && is_over).then_some(end)
    }

    pub(super) fn is_mark_or_end(&self, at: usize) -> bool {
        self.reader
            .token(at)
            .is_none_or(|next| !next.is_word() && !next.says_digits())
    }

    fn spelled_state(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        let behind = |at: usize| at + 1 + usize::from(reader.is_mark(at + 1, b'.'));
        let second = behind(at);
        let third = behind(second);
        let is_state = |letters: &[&str]| {
            let classes = Lexicon::get().entry(&letters.concat()).classes;
            classes.intersects(Class::STATE | Class::PLACE)
        };
        let (one, two, three) = (reader.word(at), reader.word(second), reader.word(third));
        if reader.is_letter(third) && is_state(&[one, two, three]) {
            return Some(third + 1);
        }
        (reader.is_letter(second) && is_state(&[one, two])).then_some(second + 1)
    }
}
