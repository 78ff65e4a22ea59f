//! What makes an answer in words a place: small words between, or a number before a name.

use std::ops::Range;

use super::{SpokenAnswer, is_said, says_amount};
use crate::detect::english::{Class, NAMED_HOUSES};
use crate::detect::people::NameSense;
use crate::detect::read::Token;

/// Small words that addresses have.
pub(super) const INNER: [&str; 16] = [
    "old", "the", "of", "on", "in", "at", "and", "to", "off", "from", "by", "near", "new", "next",
    "number", "no",
];

impl SpokenAnswer<'_> {
    /// Whether none of some words is said around a place.
    pub(super) fn is_all_place(&self, range: Range<usize>) -> bool {
        let other = Class::NO_TOWN | Class::NO_ANSWER | Class::CLOSED;
        let tokens = self.reader.tokens.get(range).unwrap_or(&[]);
        let is_inner = |token: &Token| {
            let word = token.of(self.reader.text);
            INNER.iter().any(|inner| word.eq_ignore_ascii_case(inner))
        };
        let mut said = tokens.iter().filter(|token| is_said(token));
        said.all(|token| !token.has(other) || is_inner(token))
    }

    /// The place that answers where something is or goes, behind what leads to it.
    pub(super) fn sought_place(&self, first: usize, start: usize) -> Option<Range<usize>> {
        let is_the = start > first && self.reader.says(start - 1, "the");
        let range = self.sentence(start - usize::from(is_the), 2)?;
        let fits = self.is_numbered_place(range.clone()) || self.is_listed_place(range.clone());
        fits.then_some(range)
    }

    // A house's number and the name of its street, and nothing that is counted.
    fn is_numbered_place(&self, range: Range<usize>) -> bool {
        const MOST: usize = 8;
        let other = Class::CLOSED | Class::UNIT | Class::NUMBERED | Class::NO_ANSWER;
        let tokens = self.reader.tokens.get(range).unwrap_or(&[]);
        let is_where = |token: &&Token| token.has(Class::PREPOSITION | Class::LANDMARK);
        let said = tokens.iter().filter(|token| is_said(token));
        let mut words = said.skip_while(is_where).peekable();
        let is_numbered = words.peek().is_some_and(|token| says_amount(token));
        let count = words.clone().count();
        let names = words.skip_while(|token| says_amount(token));
        let is_name = |token: &Token| !token.has(other) && token.len() > 2;
        is_numbered
            && (2..=MOST).contains(&count)
            && names.clone().next().is_some_and(is_name)
            && names.clone().filter(|token| token.has(other)).count() == 0
    }

    // "The old mill, ballincollig": a house or a street, and a town that is no common word.
    fn is_listed_place(&self, range: Range<usize>) -> bool {
        const MOST: usize = 4;
        let reader = &self.reader;
        let told = Class::HOUSE | Class::STREET | Class::STREET_TOO;
        let other = Class::CLOSED | Class::UNIT | Class::NUMBERED | Class::NO_ANSWER;
        let Some(comma) = range.clone().find(|at| reader.is_mark(*at, b',')) else {
            return false;
        };
        let is_the = reader.says(range.start, "the");
        let house = range.start + usize::from(is_the)..comma;
        let is_rare = |token: &Token| {
            let sense = NameSense::of(token.of(reader.text));
            token.has(Class::PLACE) || token.entry.id == 0 && !sense.is_word_only()
        };
        let of = |range: Range<usize>| reader.tokens.get(range).unwrap_or(&[]);
        let is_house = of(house.clone()).iter().any(|token| token.has(told))
            || is_the && of(house.clone()).iter().all(is_rare);
        let is_old = |at: usize| reader.says_any(at, &["old", "new"]);
        let is_plain = |at: usize| is_old(at) || !reader.tokens[at].has(other);
        let town = of(comma + 1..range.end);
        let mut said = town.iter().filter(|token| is_said(token)).peekable();
        (1..=MOST).contains(&house.len())
            && is_house
            && house.clone().all(is_plain)
            && said.peek().is_some()
            && said.all(is_rare)
    }

    /// "The office", "the usual place": common words behind "the", but not "the laurels".
    pub(super) fn is_anywhere(&self, range: Range<usize>) -> bool {
        let tells = Class::STREET | Class::HOUSE | Class::PLACE | Class::LANDMARK;
        let is_which = |token: &Token| {
            let word = token.of(self.reader.text);
            let is_state = token.has(Class::STATE) && token.len() > 2;
            let is_house = || {
                NAMED_HOUSES
                    .iter()
                    .any(|one| word.eq_ignore_ascii_case(one))
            };
            // "The one on the left".
            let is_amount = says_amount(token) && word != "one";
            let is_told = is_amount || token.has(tells) || is_state;
            let sense = NameSense::of(word);
            is_told || is_house() || sense.is_clear() || sense.is_unknown() && token.entry.id == 0
        };
        let tokens = self.reader.tokens.get(range.clone()).unwrap_or(&[]);
        let said = tokens.iter().filter(|token| is_said(token));
        self.reader.says(range.start, "the") && !said.skip(1).any(is_which)
    }

    /// "Two hundred dollars": what is counted, and no house's number.
    pub(super) fn is_sum(&self, range: Range<usize>) -> bool {
        let reader = &self.reader;
        let is_counted = |at: usize| {
            let next = reader.token(at + 1);
            // "Nine am", but not "it's nine, I am …".
            let is_hour = reader.says_any(at + 1, &["am", "pm"]) && at + 2 == range.end;
            let is_unit =
                next.is_some_and(|next| next.has(Class::UNIT) && !next.has(Class::COPULA));
            says_amount(&reader.tokens[at]) && (is_hour || is_unit)
        };
        let is_street = |at: usize| reader.tokens[at].has(Class::STREET | Class::HOUSE);
        range.clone().any(is_counted) && !range.into_iter().any(is_street)
    }

    /// "On the m fifty between two and three": a road that everybody is on.
    pub(super) fn is_on_road(&self, range: Range<usize>) -> bool {
        let reader = &self.reader;
        let is_road = |at: usize| {
            reader.says(at, "the")
                && reader.says_any(at + 1, &["m", "a", "n", "i", "e"])
                && reader.says_digits(at + 2)
        };
        let names = [
            "junction",
            "junctions",
            "exit",
            "exits",
            "motorway",
            "freeway",
            "interstate",
        ];
        range
            .into_iter()
            .any(|at| is_road(at) || reader.says_any(at, &names))
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::{Address, Zip};
    use crate::detect::testing::check;

    fn check_answer(question: &str, answer: &str, expected: &[&str]) {
        let found: Vec<_> = expected.iter().map(|value| (Address, *value)).collect();
        check(&format!("agent: {question}\ncaller: {answer}"), &found);
    }

    #[test]
    fn where_something_is_brought_is_answered_by_a_place() {
        for (question, answer, place) in [
            (
                "where are we delivering it?",
                "nine rosebank, skibbereen",
                "nine rosebank, skibbereen",
            ),
            (
                "where are we sending it?",
                "the old mill, ballincollig",
                "the old mill, ballincollig",
            ),
            ("your address?", "eight eight two", "eight eight two"),
            ("the name of the house?", "the laurels", "the laurels"),
        ] {
            check_answer(question, answer, &[place]);
        }
        for (question, answer) in [
            (
                "where should we send it?",
                "two hundred dollars and the receipt",
            ),
            ("where shall we deliver?", "three boxes of tiles please"),
            ("where are we sending it?", "anywhere you like"),
            (
                "where are we delivering it?",
                "oh just leave it at reception",
            ),
            ("your address?", "two seconds"),
            ("your address?", "yes 9 am"),
            ("your address?", "the usual place"),
            ("what's the delivery address?", "the office"),
        ] {
            check_answer(question, answer, &[]);
        }
    }

    #[test]
    fn a_house_and_its_code_are_one_answer() {
        check(
            "agent: house number and postcode?\ncaller: seventeen, l s nine eight q t",
            &[(Address, "seventeen"), (Zip, "l s nine eight q t")],
        );
        check(
            "agent: house number and postcode?\ncaller: four a h e six five n x",
            &[(Address, "four a"), (Zip, "h e six five n x")],
        );
        check(
            "agent: postcode and house number?\ncaller: m one four b t, number nine",
            &[(Zip, "m one four b t"), (Address, "nine")],
        );
    }

    #[test]
    fn a_number_that_is_asked_back_is_of_the_house() {
        check(
            "agent: your address?\ncaller: 22 elm close\nagent: did you say number 20?\n\
             caller: twenty two, two two",
            &[
                (Address, "22 elm close"),
                (Address, "20"),
                (Address, "twenty two, two two"),
            ],
        );
        check(
            "agent: your address?\ncaller: 22 elm close\nagent: your order number 20 is ready",
            &[(Address, "22 elm close")],
        );
    }
}
