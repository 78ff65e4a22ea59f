//! The town behind a street: a capital where the street has one, a state or a code behind it, or the
//! end of what is said.

use super::AddressReader;
use super::locality::{Locality, PartTie};
use crate::detect::Speaker;
use crate::detect::english::{Class, NumberWord};
use crate::detect::people::NameSense;
use crate::detect::read::Token;

impl AddressReader<'_> {
    /// A town of up to four words.
    pub(super) fn town(
        &self,
        at: usize,
        tie: PartTie,
        is_titled: bool,
        found: &Locality,
    ) -> Option<(usize, bool)> {
        let end = self.town_words(at, is_titled)?;
        if let Some(end) = self
            .said_town(at)
            .filter(|_| tie == PartTie::Beside && !is_titled)
        {
            return Some((end, true));
        }
        let next = self.reader.token(end);
        let is_over = next.is_none_or(|next| !next.is_word() && !next.says_digits())
            || self.unit_end(end).is_some();
        let is_name = is_titled && self.is_titled(at..end);
        let is_last = self.reader.token(end).is_none() || self.is_end(end);
        let is_short = end - at <= 3;
        // Behind a code only a country or a town that stood before it counts.
        if found.has_postcode {
            let is_beside = tie == PartTie::Beside && !found.has_town;
            return (is_name && tie <= PartTie::Comma && (is_over || is_beside))
                .then_some((end, true));
        }
        let follows = self.is_anchor(end);
        let is_sure = match tie {
            PartTie::Beside if is_name => is_over || follows,
            PartTie::Beside => is_short && is_last && end - at <= 2,
            PartTie::Comma | PartTie::Said if is_name => true,
            PartTie::Comma => is_short && (is_over || self.is_plain_town(at, end)),
            PartTie::Said => is_short && is_over,
            PartTie::Stop => is_name && is_over && is_short && self.is_sentence(at, end),
            PartTie::Line | PartTie::Correction => is_name && is_over && follows,
        };
        (is_sure || follows)
            .then_some((end, true))
            .or_else(|| (is_over && is_name && tie == PartTie::Line).then_some((end, false)))
    }

    fn town_words(&self, at: usize, is_titled: bool) -> Option<usize> {
        const TOWN_WORDS: usize = 4;
        let reader = &self.reader;
        let mut end = at;
        while end < at + TOWN_WORDS {
            let Some(token) = reader.token(end).filter(|token| token.is_word()) else {
                break;
            };
            let is_capital = token.is_capital(reader.text);
            let is_prefix = reader.says_any(end, &["new", "old", "the", "saint", "st"]);
            let is_inner = end > at
                && reader.says_any(end, &["on", "upon", "of", "by", "le", "under", "in", "the"])
                && reader.token(end + 1).is_some_and(|next| {
                    next.is_word() && !next.has(Class::CLOSED) && next.is_capital(reader.text)
                });
            let is_next_capital = reader
                .token(end + 1)
                .is_some_and(|next| next.is_word() && next.is_capital(reader.text));
            let is_known = is_prefix || is_inner || is_titled && is_capital && is_next_capital;
            let is_closed = token.has(Class::CLOSED) && !is_known;
            let is_number = !matches!(token.entry.number, NumberWord::None);
            let is_small = is_titled && !is_capital && !is_inner;
            let is_anchor = end > at && self.is_state_word(end);
            // "MK40 2DD".
            let is_code = reader.touches_next(end) && reader.says_digits(end + 1);
            // "Long Crendon", "Canal Side".
            let is_beside = end > at || is_next_capital;
            let is_titled_part = is_titled && is_capital && is_beside && !token.has(Class::NO_NAME);
            let is_denied = reader.word(end).ends_with("n't");
            let is_unit = token.is_letter() || self.unit_end(end).is_some() || is_denied;
            if is_closed
                || is_number
                || is_small
                || is_anchor
                || is_code
                || is_unit
                || self.is_no_town(end) && !is_titled_part
            {
                break;
            }
            end += 1 + usize::from(reader.is_mark(end + 1, b'.') && reader.says(end, "st"));
            end = self.behind_hyphens(end);
        }
        (end > at).then_some(end)
    }

    // "Minato-ku", "Stratford-upon-Avon".
    fn behind_hyphens(&self, from: usize) -> usize {
        const MOST: usize = 6;
        let is_joined = |at: usize| {
            let reader = &self.reader;
            let is_glued = reader.touches_next(at - 1) && reader.touches_next(at);
            is_glued && reader.is_mark(at, b'-') && reader.token(at + 1).is_some_and(Token::is_word)
        };
        let mut end = from;
        while end < from + MOST && end > 0 && is_joined(end) {
            end += 2;
        }
        end
    }

    // "…, hebden bridge there isn't a number": no common word begins it, and another sentence follows.
    fn is_plain_town(&self, at: usize, end: usize) -> bool {
        let sense = NameSense::of(self.reader.word(at));
        let next = self.reader.token(end);
        let is_verb = self
            .reader
            .token(at)
            .is_some_and(|token| token.has(Class::REQUEST));
        !sense.is_word_only()
            && !is_verb
            && next.is_some_and(|next| next.has(Class::CLOSED | Class::FILLER))
    }

    // "Forty two kestrel rise basingstoke you've got …", "… kingston eight the yellow gate": one word that
    // is none of the common ones, and what is said next.
    fn said_town(&self, at: usize) -> Option<usize> {
        let end = self.town_word(at)?;
        let mut digits = String::new();
        let district = self.reader.number(end, &mut digits);
        let district = district.filter(|end| digits.len() <= 2 && self.goes_on(*end));
        if district.is_some() {
            return district;
        }
        if self.goes_on(end) {
            return Some(end);
        }
        // "Bovey tracey", "kilmore quay".
        let second = self.reader.token(end);
        let is_quay = second.is_some_and(|second| second.has(Class::STREET_TOO));
        let second = self.town_word(end).or(is_quay.then_some(end + 1))?;
        self.goes_on(second).then_some(second)
    }

    /// A word that may be a town's and is no common one.
    pub(super) fn town_word(&self, at: usize) -> Option<usize> {
        const SHORT: usize = 3;
        let (town, word) = (self.reader.token(at)?, self.reader.word(at));
        let is_rare = town.entry.id == 0 && !NameSense::of(word).is_word_only();
        let is_town =
            is_rare && town.len() > SHORT && !word.contains('\'') || town.has(Class::PLACE);
        (town.is_word() && is_town && !self.is_no_town(at)).then_some(at + 1)
    }

    /// Whether a caller says something else from a place on: "you've got", "past the slip".
    pub(super) fn goes_on(&self, at: usize) -> bool {
        const NEXT: [&str; 9] = [
            "past", "near", "opposite", "behind", "beside", "thanks", "please", "round", "cos",
        ];
        let is_next = self.reader.token(at).is_some_and(|next| {
            let is_it = self.reader.says_any(at, &["i", "i'm", "it's", "that's"]);
            let is_closed = next.has(Class::CLOSED) && !next.has(Class::COPULA) || is_it;
            is_closed || self.reader.says_any(at, &NEXT)
        });
        is_next && self.speaker == Speaker::Caller
    }

    fn is_state_word(&self, at: usize) -> bool {
        self.reader
            .token(at)
            .is_some_and(|token| token.has(Class::STATE | Class::PLACE) && token.len() > 2)
    }

    // Whether a full stop or the end stands behind words that are a sentence.
    fn is_sentence(&self, at: usize, end: usize) -> bool {
        let is_mark = self.reader.is_mark(end, b',');
        at < end && (is_mark || self.is_end(end) || self.reader.token(end).is_none())
    }

    /// Whether a word is none of a town's: a day, a goodbye, a quantity.
    pub(super) fn is_no_town(&self, at: usize) -> bool {
        self.reader.token(at).is_some_and(|token| {
            token.has(
                Class::NO_TOWN
                    | Class::NO_NAME
                    | Class::NO_ANSWER
                    | Class::LEAD
                    | Class::FILLER
                    | Class::MEASURE,
            ) && !token.has(Class::PLACE | Class::STATE)
        })
    }
}
