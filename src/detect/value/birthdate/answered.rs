//! A date of birth in answer to a question for one, however it was heard: "names of 8th 1945",
//! "13 to 1979", "the fourth".
//!
//! It takes no more than what stands beside days, months and years, and nothing from an answer
//! that speaks of something else.

use std::ops::Range;

use crate::detect::Speaker;
use crate::detect::english::{Class, Gap, NumberWord, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::read::{SaidDate, Token, TokenKind, TokenReader, date_at};

/// The words of an answer that is a date of birth, where more is said than a date that can be
/// read.
pub(super) fn answered(hearing: &Hearing) -> Option<(Range<usize>, String)> {
    let passage = &hearing.passage;
    let is_alone = passage.asked_topics().all(|topic| topic == Topic::Birth);
    let is_answer = hearing.speaker == Speaker::Caller && passage.asks(Topic::Birth);
    let is_of_birth = |topic| matches!(topic, Topic::Birth | Topic::Nothing | Topic::Number);
    let is_other = passage.cues.iter().any(|cue| !is_of_birth(cue.topic));
    if !is_answer || is_other {
        return None;
    }
    let answer = AnsweredDate {
        reader: passage.reader(),
    };
    let own = answer.trimmed(passage.first..passage.end)?;
    if hearing.claims.is_any_taken(own.clone()) || !answer.is_short(own.clone()) {
        return None;
    }
    // What was asked for with it may stand beside a date that can be read.
    if !is_alone && answer.may_be_another(own.clone()) {
        return None;
    }
    let range = answer.range(own)?;
    let value = passage.reader().joined(range.clone(), is_said);
    Some((range, value))
}

struct AnsweredDate<'a> {
    reader: TokenReader<'a>,
}

impl AnsweredDate<'_> {
    // Without what one says before and behind an answer.
    fn trimmed(&self, range: Range<usize>) -> Option<Range<usize>> {
        let is_polite = |at: usize| {
            let token = &self.reader.tokens[at];
            let is_lead = token.has(Class::LEAD | Class::COPULA | Class::FILLER);
            // "Oh no, the fourth".
            let is_cry = self.reader.says(at, "oh") && !self.is_part(at + 1);
            !is_said(token) || (is_lead && !self.is_part(at)) || is_cry
        };
        let first = range.clone().find(|at| !is_polite(*at))?;
        let last = range.clone().rev().find(|at| !is_polite(*at))?;
        let has_article = first > range.start && self.reader.says(first - 1, "the");
        let first = first - usize::from(has_article);
        (first <= last).then_some(first..last + 1)
    }

    // A few words with a part of a date among them, and nothing that speaks of another thing.
    fn is_short(&self, range: Range<usize>) -> bool {
        const WORDS: usize = 8;
        const OTHERS: usize = 2;
        let count = |test: &dyn Fn(usize) -> bool| range.clone().filter(|at| test(*at)).count();
        let elsewhere = Class::EVENT | Class::UNIT | Class::NO_VALUE | Class::REQUEST;
        let is_elsewhere =
            count(&|at| !self.is_part(at) && self.reader.tokens[at].has(elsewhere)) > 0;
        let is_pause = range.clone().any(|at| {
            let gap = self.reader.gap(at);
            gap.is_some_and(|(last, gap)| gap <= Gap::Pause && last > at)
        });
        let said = count(&|at| is_said(&self.reader.tokens[at]));
        let sure = count(&|at| self.is_sure(at));
        let others = count(&|at| self.is_other(at));
        !is_elsewhere && (!is_pause || sure > 1) && said <= WORDS && sure > 0 && others <= OTHERS
    }

    // From the first part of a date to the last; past what was misheard where one is missing.
    fn range(&self, own: Range<usize>) -> Option<Range<usize>> {
        let found = own.clone().find_map(|at| date_at(self.reader, at));
        let is_whole = |date: &SaidDate| date.value.matches('-').count() == 2;
        let first = own.clone().find(|at| self.is_part(*at))?;
        let last = own.clone().rev().find(|at| self.is_part(*at))?;
        let ordinal = usize::from(
            self.reader.touches_next(last)
                && self.reader.says_any(last + 1, &["st", "nd", "rd", "th"]),
        );
        let whole = found.filter(is_whole);
        let is_read = |date: &SaidDate| date.range.start <= first && date.range.end > last;
        match whole {
            Some(date) if is_read(&date) => None,
            Some(date) => {
                let first = first.min(date.range.start);
                Some(first..(last + 1 + ordinal).max(date.range.end))
            }
            None => Some(own),
        }
    }

    // Whether a whole date is said, or more digits than one has.
    fn may_be_another(&self, own: Range<usize>) -> bool {
        const MOST: usize = 8;
        let tokens = self.reader.tokens.get(own.clone()).unwrap_or(&[]);
        let digits = tokens
            .iter()
            .filter(|token| token.kind == TokenKind::Digits);
        let written: usize = digits.map(Token::len).sum();
        let is_whole = |date: SaidDate| date.value.matches('-').count() == 2;
        written > MOST
            || own
                .into_iter()
                .filter_map(|at| date_at(self.reader, at))
                .any(is_whole)
    }

    // Digits, a day, a month, a part of a year.
    fn is_part(&self, at: usize) -> bool {
        let token = self.reader.token(at);
        token.is_some_and(|token| token.says_number() && !token.is_letter())
    }

    // A part that is hardly another word: "one", "second" and "may" are.
    fn is_sure(&self, at: usize) -> bool {
        let is_common = matches!(
            self.reader.number_word(at),
            NumberWord::Unit(0 | 1) | NumberWord::Ordinal(1 | 2) | NumberWord::Misheard(_)
        );
        self.is_part(at) && !is_common && !self.reader.says_any(at, &["may", "march", "mar"])
    }

    // Neither a part of a date nor a word that stands in one.
    fn is_other(&self, at: usize) -> bool {
        let token = &self.reader.tokens[at];
        const SMALL: [&str; 14] = [
            "of", "the", "in", "on", "at", "to", "for", "and", "or", "st", "nd", "rd", "th", "day",
        ];
        is_said(token) && !self.is_part(at) && !self.reader.says_any(at, &SMALL)
    }
}

fn is_said(token: &Token) -> bool {
    token.is_word() || token.kind == TokenKind::Digits
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::{Birthdate, Phone};
    use crate::detect::testing::check;

    #[test]
    fn what_was_misheard_of_a_date_is_one_where_it_was_asked_for() {
        for (answer, value) in [
            ("names of 8th 1945", "names of 8th 1945"),
            ("13 to 1979", "13 to 1979"),
            ("it's the fourth", "the fourth"),
            ("um chef of may 1978 thanks", "chef of may 1978"),
            ("the 2nd of may 19th 1980", "the 2nd of may 19th 1980"),
            ("september", "september"),
            ("24th 1240 please", "24th 1240"),
        ] {
            let text = format!("agent: What's your date of birth?\ncaller: {answer}");
            check(&text, &[(Birthdate, value)]);
        }
    }

    #[test]
    fn a_value_that_was_asked_for_with_it_is_another() {
        check(
            "agent: your date of birth and phone number?\ncaller: 3/4/1981, 415 555 0123",
            &[(Birthdate, "3/4/1981"), (Phone, "415 555 0123")],
        );
    }

    #[test]
    fn other_answers_stay() {
        for answer in [
            "one second please",
            "give me five minutes",
            "may i ask why",
            "i told you two times",
            "hold on a second",
            "can i call back at four",
            "my appointment is on the fourth",
        ] {
            let text = format!("agent: What's your date of birth?\ncaller: {answer}");
            check(&text, &[]);
        }
    }
}
