//! The number of a house and the street behind it: "221b", "14-16", "one hundred and five",
//! "twelve oh four, uh, oak avenue".

use super::AddressReader;
use crate::detect::Speaker;
use crate::detect::english::{Class, Gap, NumberWord, Surety};
use crate::detect::read::{FewDigits, Lexicon, Token, TokenKind};

// More digits than any house has.
const TOO_LONG: usize = 7;

impl AddressReader<'_> {
    /// The end of a house's number with its street, if both stand at a token.
    pub(super) fn numbered(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        self.with_street(at, self.house_number(at)?, lead)
    }

    /// The same behind a unit, whose number may stand before it.
    pub(super) fn numbered_behind(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        self.with_street(at, self.house_digits(at)?, lead)
    }

    /// Whether another address may begin at a token.
    pub(super) fn is_house(&self, at: usize) -> bool {
        let number = self.house_number(at);
        // "Fore street".
        let is_heard = matches!(self.reader.number_word(at), NumberWord::Misheard(_));
        !is_heard && number.is_some_and(|number| self.street(self.behind_pause(number)).is_some())
    }

    fn with_street(&self, at: usize, number: usize, lead: Option<Surety>) -> Option<usize> {
        let from = self.behind_pause(number);
        let numbered_unit = || self.street_behind_unit(number, lead);
        if let Some(end) = self.grid_end(at, from).or_else(numbered_unit) {
            return Some(end);
        }
        // "221 b baker street", but not "1400 a street".
        let is_lettered = self.reader.is_letter(from) && !self.reader.says(from, "i");
        let behind_letter = is_lettered
            .then(|| {
                self.numbered_street(
                    at..number,
                    self.behind_silence(self.behind_spelling(from)),
                    lead,
                )
            })
            .flatten();
        behind_letter.or_else(|| self.numbered_street(at..number, from, lead))
    }

    /// The same behind "number"; where it must be a house's, without a street.
    pub(super) fn labelled(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        let reader = &self.reader;
        let is_label =
            reader.token(at)?.has(Class::PLACE_START) && reader.says_any(at, &["number", "no"]);
        if !is_label {
            return None;
        }
        let from = at + 1 + usize::from(reader.is_mark(at + 1, b'.'));
        let alone = || {
            let is_answer = self.is_code_asked && self.is_asked;
            let is_at = is_answer || at > 0 && reader.says(at - 1, "at");
            let end = is_at.then(|| self.house_number(from)).flatten()?;
            let is_led = lead == Some(Surety::Likely) || is_answer;
            let is_over = is_led && self.is_mark_or_end(end);
            (lead == Some(Surety::Sure) || is_over).then_some(end)
        };
        // "Number fourteen on birch street".
        let on_street = || {
            let number = self.house_number(from)?;
            let is_on = reader.says(number, "on");
            let street = is_on.then(|| self.street(number + 1)).flatten()?;
            (street.surety == Surety::Sure || street.is_titled).then_some(street.end)
        };
        self.numbered(from, lead)
            .or_else(on_street)
            .or_else(|| self.coded(from))
            .or_else(|| self.cottage(from, lead))
            .or_else(alone)
    }

    // "No. 8-3-228/1/A, Rahmat Nagar".
    fn coded(&self, from: usize) -> Option<usize> {
        const FEWEST: usize = 3;
        let end = self.unit_code(from).filter(|end| end - from >= FEWEST)?;
        let street = self.street(self.behind_tie(end))?;
        (street.surety == Surety::Sure && street.is_plain).then_some(street.end)
    }

    fn numbered_street(
        &self,
        number: std::ops::Range<usize>,
        from: usize,
        lead: Option<Surety>,
    ) -> Option<usize> {
        let Some(street) = self.street(from) else {
            return self.untyped(number, from, lead);
        };
        let is_one = self.reader.says(number.start, "one") && number.len() == 1;
        let is_counted = is_one || self.is_determined(number.start);
        let is_sure = street.surety == Surety::Sure && (!is_counted || street.is_titled);
        let is_titled = street.is_titled && street.is_typed_title;
        let is_open = || {
            let is_open = self.opens(number.start) || self.is_read_out(number.start, is_titled);
            !is_counted && !self.is_year(number.start) && is_open
        };
        let supports = || {
            lead.is_some()
                || (street.is_titled || street.is_plain) && is_open()
                || self
                    .nested()
                    .locality(street.end, street.is_titled)
                    .is_anchored
        };
        let is_rare = || self.is_rare_street(number.clone(), from, street.end);
        (is_sure || supports() || is_rare()).then_some(street.end)
    }

    // "106, apartment 9, Rue Saint-Zotique": the flat between the number and the street.
    fn street_behind_unit(&self, number: usize, lead: Option<Surety>) -> Option<usize> {
        if !self.reader.is_mark(number, b',') {
            return None;
        }
        let unit = self.unit_end(self.behind_tie(number))?;
        let street = self.street(self.behind_tie(unit))?;
        let is_sure = street.surety == Surety::Sure && street.is_titled || lead.is_some();
        is_sure.then_some(street.end)
    }

    // "450 south 300 east", "450 S 300 E".
    fn grid_end(&self, house: usize, from: usize) -> Option<usize> {
        const BLOCK: usize = 3;
        let is_way = |at: usize| {
            let token = self
                .reader
                .token(at)
                .filter(|token| token.has(Class::DIRECTION));
            token.is_some_and(|token| {
                let is_large = token.is_letter() && token.is_capital(self.reader.text);
                token.len() > 3 || is_large
            })
        };
        let number = is_way(from).then(|| self.reader.number(from + 1, &mut ()));
        // "5 E 3 N".
        let is_block = |end: &usize| {
            let number = self.reader.token(end - 1);
            let is_short = self.reader.is_letter(from);
            let is_long = number.is_some_and(|number| number.len() >= BLOCK);
            !is_short || is_long && !self.is_determined(house)
        };
        number
            .flatten()
            .filter(|end| is_way(*end) && is_block(end))
            .map(|end| end + 1)
    }

    // "Still 44 Quarry Hill", "I see 19 Heron Way".
    fn is_read_out(&self, at: usize, is_titled: bool) -> bool {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        let reader = &self.reader;
        const READS: [&str; 11] = [
            "see", "have", "got", "say", "says", "seeing", "so", "deliver", "collect", "visit",
            "property",
        ];
        reader.says_any(before, &["still", "that's"])
            || is_titled && reader.says_any(before, &READS)
    }

    // "I live at 563 courtney", "at 12 Wisteria, Leeds, LS1 4AB".
    fn untyped(
        &self,
        number: std::ops::Range<usize>,
        from: usize,
        lead: Option<Surety>,
    ) -> Option<usize> {
        let name = self.bare_name(from)?;
        // "Three boxes of tiles".
        if self.reader.tokens[from].has(Class::UNIT) && !self.is_titled(from..name) {
            return None;
        }
        // "Four coastguard cottages up past …".
        let house = self.named_house(from).filter(|house| *house < name);
        let name = house.unwrap_or(name);
        let is_titled = self.is_titled(from..name);
        // "At 3410 south alameda".
        let is_directed = name - from > 1
            && self.opens(number.start)
            && self
                .reader
                .token(from)
                .is_some_and(|first| first.has(Class::DIRECTION) && first.len() > 2)
            && !self.reader.says_any(
                from + 1,
                &["coast", "side", "end", "korea", "africa", "america"],
            )
            && self.is_long_number(number.clone());
        let is_anchored = || {
            is_titled
                && !self.is_year(number.start)
                && (self.opens(number.start) || self.is_read_out(number.start, true))
                && self.nested().locality(name, true).has_postcode
        };
        let fits = match lead {
            Some(Surety::Sure) => true,
            Some(Surety::Likely) => {
                let is_named = is_titled
                    || self.is_the_name(number.start, from)
                    || self.is_one_name(number.clone(), from);
                is_named && !self.is_determined(number.start)
            }
            None => self.is_whole_name(number.start, from),
        };
        let is_corner =
            || self.is_long_number(number.clone()) && self.on_corner(number.start, from, name);
        (fits || is_directed || is_anchored() || is_corner()).then_some(name)
    }

    // "Moved out of seven the shambles", "we're at three the maltings".
    fn is_the_name(&self, number: usize, from: usize) -> bool {
        let common = Class::LEAD | Class::VAGUE | Class::GO_ON | Class::UNIT | Class::MEASURE;
        let common = common | Class::THING | Class::NUMBERED;
        let name = self.reader.token(from + 1);
        let is_name = name.is_some_and(|name| name.len() > 4 && !name.has(common));
        let is_where = number > 0 && self.reader.says_any(number - 1, &["of", "at"]);
        is_where && self.reader.says(from, "the") && is_name && self.speaker == Speaker::Caller
    }

    // "2022 Anthony Green".
    fn is_year(&self, at: usize) -> bool {
        let word = self.reader.word(at);
        word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))
    }

    // "B as in boy".
    fn behind_spelling(&self, letter: usize) -> usize {
        let reader = &self.reader;
        match (reader.word(letter + 1), reader.word(letter + 2)) {
            ("as", "in") => letter + 4,
            ("for" | "like", word) if word.starts_with(reader.word(letter)) => letter + 3,
            _ => letter + 1,
        }
    }

    /// Whether a number has three digits or more.
    pub(super) fn is_long_number(&self, number: std::ops::Range<usize>) -> bool {
        let mut digits = String::new();
        let mut at = number.start;
        while at < number.end {
            at = self.reader.number(at, &mut digits).unwrap_or(number.end);
        }
        digits.len() > 2
    }

    /// The token behind a house's number: at most six digits, a letter that touches them, and
    /// another part of the number.
    pub(super) fn house_number(&self, at: usize) -> Option<usize> {
        let is_number = |token: &&Token| token.says_digits() || self.hundred(at).is_some();
        let token = self.reader.token(at).filter(is_number)?;
        let before = at.checked_sub(1).filter(|at| *at >= self.reader.floor);
        if before.is_some_and(|before| self.keeps_off(before, token)) {
            return None;
        }
        self.house_digits(at)
    }

    // "A hundred and nine".
    fn hundred(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        let is_hundred =
            reader.word(at) == "a" && reader.number_word(at + 1) == NumberWord::Hundred;
        let and = at + 2 + usize::from(reader.says(at + 2, "and"));
        let number = || reader.number(and, &mut ());
        is_hundred.then(|| number().unwrap_or(at + 2))
    }

    fn house_digits(&self, at: usize) -> Option<usize> {
        if let Some(end) = self.hundred(at) {
            return Some(end);
        }
        let mut digits = FewDigits::default();
        let mut end = at;
        loop {
            if let Some(last) = self.range_end(end, &digits) {
                end = last;
                break;
            }
            let Some(next) = self.reader.number(end, &mut digits) else {
                break;
            };
            end = next;
            if digits.len() >= TOO_LONG {
                return None;
            }
            let next = self.behind_join(end);
            if next > end && !self.reader.says_digits(next) {
                break;
            }
            end = next;
        }
        // "Oh righto well".
        let is_none = digits.iter().all(|digit| *digit == b'0');
        (end > at && !is_none)
            .then(|| self.behind_letter(end))
            .flatten()
    }

    // "One one two to one one four": the last of some houses, behind the first.
    fn range_end(&self, at: usize, first: &FewDigits) -> Option<usize> {
        const MOST: u32 = 60;
        if first.len() < 2 || !self.reader.says_any(at, &["to", "through"]) {
            return None;
        }
        let (mut end, mut last) = (at + 1, FewDigits::default());
        while let Some(next) = self.reader.number(end, &mut last) {
            end = next;
        }
        let (first, last) = (first.value(), last.value());
        (first < last && last - first < MOST).then_some(end)
    }

    // A number before it, or a mark of a price, a time or a longer number.
    fn keeps_off(&self, before: usize, token: &Token) -> bool {
        let is_beside = self.reader.touches_next(before);
        let is_part = is_beside
            && matches!(
                self.reader.tokens[before].kind,
                TokenKind::Mark(b'$' | b':' | b'.' | b'/' | b'-' | b'@' | b'%' | 0)
                    | TokenKind::Word
            );
        is_part && token.kind == TokenKind::Digits || self.reader.is_number(before)
    }

    // "14-16", "5/27", "one hundred and five", "14 to 16", "48, no, 84".
    fn behind_join(&self, end: usize) -> usize {
        let reader = &self.reader;
        let is_glued = |mark| reader.is_mark(end, mark) && reader.touches_next(end);
        if is_glued(b'-') || reader.is_mark(end, b'/') && reader.says_digits(end + 1) {
            return end + 1;
        }
        // "Nineteen. Nineteen kestrel close".
        let is_mark = reader.is_mark(end, b'.') || reader.is_mark(end, b',');
        let is_again = end > 0
            && reader
                .word(end - 1)
                .eq_ignore_ascii_case(reader.word(end + 1));
        if is_mark && is_again && reader.says_digits(end + 1) {
            return end + 1;
        }
        // "Two stroke forty seven".
        let is_stroke = reader.says_any(end, &["stroke", "slash", "oblique"]);
        if is_stroke && reader.says_digits(end + 1) {
            return end + 1;
        }
        let and = Lexicon::get().and;
        let behind_hundred = end > 0 && reader.number_word(end - 1) == NumberWord::Hundred;
        let is_and = reader.token(end).is_some_and(|token| token.entry.id == and);
        if behind_hundred && is_and && reader.says_digits(end + 1) {
            return end + 1;
        }
        // "One o two".
        let is_zero = matches!(
            reader.number_word(end),
            NumberWord::Unit(0) | NumberWord::Misheard(0)
        );
        if is_zero && reader.says_digits(end + 1) {
            return end + 1;
        }
        let next = self.behind_silence(end);
        match reader.gap(next) {
            Some((last, gap)) if gap >= Gap::Again => {
                let next = self.behind_silence(last + 1);
                if reader.says_digits(next) { next } else { end }
            }
            _ => end,
        }
    }

    // "A 2 star place", "the 12 main streets".
    fn is_determined(&self, at: usize) -> bool {
        let before = at
            .checked_sub(1)
            .and_then(|before| self.reader.token(before));
        before.is_some_and(|before| {
            before.has(Class::DETERMINER) && !before.has(Class::COPULA)
                || self
                    .reader
                    .says_any(at - 1, &["these", "those", "have", "has", "only"])
        })
    }
}
