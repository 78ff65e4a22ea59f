//! Numbers as they are dictated and written: a run of digit words, tens, "double", digits and
//! what people say between them, read as one string of digits with a way back to the text.
//!
//! A run says how a number is said; what it means is the detectors' business.

use std::ops::Range;

use super::lexicon::Lexicon;
use super::number_word::DigitGroup;
use super::reader::TokenReader;
use super::repair;
use super::token::{Token, TokenKind};
use crate::detect::english::{Gap, NumberWord};

/// A number with everything that stands inside it.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its parts; never none.
    pub(crate) groups: Vec<DigitGroup>,
    /// Its digits, without those the speaker took back.
    pub(crate) digits: String,
    /// Its first token.
    pub(crate) first: usize,
    /// The token behind it.
    pub(crate) end: usize,
    /// Whether it holds "thousand" and the like, a decimal point, or commas between thousands.
    pub(crate) is_quantity: bool,
}

impl Run {
    /// Whether any part is spoken.
    pub(crate) fn is_spoken(&self) -> bool {
        self.groups.iter().any(|group| !group.is_written)
    }

    /// How many digits each part has.
    pub(crate) fn shape(&self) -> Vec<usize> {
        self.groups.iter().map(|group| group.length).collect()
    }

    /// Some of its parts as a run of their own.
    pub(crate) fn slice(&self, groups: Range<usize>) -> Option<Self> {
        let parts = self.groups.get(groups)?;
        let (first, last) = (parts.first()?, parts.last()?);
        Some(Self {
            digits: self.digits.get(first.at..last.at + last.length)?.to_owned(),
            first: first.first,
            end: last.end,
            is_quantity: self.is_quantity,
            groups: parts
                .iter()
                .map(|part| DigitGroup {
                    at: part.at - first.at,
                    ..*part
                })
                .collect(),
        })
    }

    /// Whether it is said digit by digit, as no quantity and no year is; or written so, and long.
    pub(crate) fn is_dictated(&self) -> bool {
        const MANY: usize = 7;
        let singles = |is_written: bool| {
            let is_single =
                |group: &&DigitGroup| group.length == 1 && group.is_written == is_written;
            self.groups.iter().filter(is_single).count()
        };
        singles(false) >= 3 && self.digits.len() >= 4 || singles(true) >= MANY
    }

    /// Whether it goes up or down by one step, as people count.
    pub(crate) fn is_counting(&self) -> bool {
        let value = |group: &DigitGroup| {
            self.digits
                .get(group.at..group.at + group.length)?
                .parse::<i32>()
                .ok()
        };
        let values: Vec<_> = self.groups.iter().take(20).filter_map(value).collect();
        let steps = |step: i32| values.windows(2).all(|two| two[1] - two[0] == step);
        values.len() >= 3 && [1, -1, 2, -2, 5, -5, 10, -10, 100].into_iter().any(steps)
    }
}

/// Finds the runs among tokens, from one on; those that are taken are in none.
pub(crate) fn runs(reader: TokenReader, from: usize, taken: &dyn Fn(usize) -> bool) -> Vec<Run> {
    let finder = RunFinder { reader, taken };
    let mut runs = Vec::new();
    let mut at = from;
    while at < reader.tokens.len() {
        if reader.is_list_mark(at) {
            at += 2;
            continue;
        }
        match finder.run(at) {
            Some(run) => {
                at = run.end;
                runs.push(run);
            }
            None => at += 1,
        }
    }
    runs
}

struct RunFinder<'a> {
    reader: TokenReader<'a>,
    taken: &'a dyn Fn(usize) -> bool,
}

impl RunFinder<'_> {
    fn run(&self, first: usize) -> Option<Run> {
        let mut run = Run {
            groups: Vec::new(),
            digits: String::new(),
            first,
            end: first,
            is_quantity: false,
        };
        let series = self.series(first);
        let mut at = first;
        let mut turns = Vec::new();
        loop {
            if (self.taken)(at) {
                break;
            }
            let before = run.digits.len();
            let last = run.groups.last().copied();
            let Some(end) = self.reader.number_after(at, last.as_ref(), &mut run.digits) else {
                break;
            };
            run.groups.push(DigitGroup {
                first: at,
                end,
                at: before,
                length: run.digits.len() - before,
                is_written: self.reader.tokens[at].kind == TokenKind::Digits,
            });
            run.end = end;
            run.is_quantity |= self.is_large(at, end);
            match self.reader.across(end, series, self.taken) {
                Some((next, Gap::Nothing)) => at = next,
                Some((next, gap)) => {
                    turns.push((run.groups.len(), gap));
                    at = next;
                }
                None => break,
            }
        }
        turns.retain(|turn| turn.0 < run.groups.len());
        repair::settle(&mut run.groups, &mut run.digits, &turns);
        run.is_quantity |= self.is_decimal(&run);
        (!run.groups.is_empty()).then_some(run)
    }

    // The end of the pieces of one number, where a number is written in such.
    fn series(&self, first: usize) -> usize {
        let token = self.reader.token(first);
        let is_written = token.is_some_and(|token| token.kind == TokenKind::Digits);
        let end = is_written.then(|| self.reader.series(first)).flatten();
        end.filter(|end| !(first..*end).any(self.taken))
            .unwrap_or(0)
    }

    // "Forty thousand" is a quantity, "five five five two thousand" is not.
    fn is_large(&self, at: usize, end: usize) -> bool {
        let reader = &self.reader;
        let says = |word: NumberWord| (at..end).any(|inner| reader.number_word(inner) == word);
        let starts = at == 0 || !reader.says_digits(at - 1);
        let next = reader.number_word(end);
        let is_and = reader
            .token(end)
            .is_some_and(|next| next.entry.id == Lexicon::get().and);
        let goes_on = is_and || matches!(next, NumberWord::Thousand | NumberWord::Hundred);
        (starts && says(NumberWord::Thousand))
            || next == NumberWord::Thousand
            || (says(NumberWord::Hundred) && goes_on)
    }

    // "33.93", "3,250,670".
    fn is_decimal(&self, run: &Run) -> bool {
        const LONGER_THAN_THOUSANDS: usize = 7;
        let glued = |at: usize, mark: u8| {
            let pair = at.checked_sub(1).and_then(|before| {
                self.reader
                    .tokens
                    .get(before)
                    .zip(self.reader.tokens.get(at))
            });
            pair.is_some_and(|(left, right)| left.end == right.start && right.is_mark(mark))
                && self.reader.tokens.get(at + 1).is_some_and(|next| {
                    next.kind == TokenKind::Digits && next.start == self.reader.tokens[at].end
                })
        };
        // "17,523-45-6789" and "4111…,5555…" are lists.
        let is_short = run.digits.len() < LONGER_THAN_THOUSANDS;
        let is_three = |at: usize| self.reader.token(at).is_some_and(|token| token.len() == 3);
        let thousands_behind = glued(run.end, b',') && is_three(run.end + 1) && is_short;
        let thousands_before = run.first >= 2
            && glued(run.first - 1, b',')
            && is_three(run.first)
            && self.reader.tokens[run.first - 2].kind == TokenKind::Digits
            && is_short;
        let point = run.groups.len() == 2
            && run.groups.iter().all(|group| group.is_written)
            && glued(run.groups[0].end, b'.');
        thousands_behind || thousands_before || point
    }
}

/// The bytes of some tokens.
pub(crate) fn bytes_of(tokens: &[Token], range: Range<usize>) -> Range<usize> {
    match (
        tokens.get(range.start),
        range.end.checked_sub(1).and_then(|end| tokens.get(end)),
    ) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => 0..0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tokenize;
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let tokens = tokenize(text);
        let found = runs(TokenReader::new(text, &tokens), 0, &|_| false);
        let found: Vec<_> = found
            .iter()
            .map(|run| {
                (
                    &text[bytes_of(&tokens, run.first..run.end)],
                    run.digits.as_str(),
                )
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn digit_words_tens_and_repetitions_are_read() {
        check(
            "it is four one double five oh triple nine.",
            &[("four one double five oh triple nine", "41550999")],
        );
        check(
            "forty one eleven twenty oh six",
            &[("forty one eleven twenty oh six", "41112006")],
        );
        check(
            "forty-one, eight hundred 5",
            &[("forty-one, eight hundred 5", "418005")],
        );
    }

    #[test]
    fn what_is_said_between_the_digits_belongs_to_them() {
        check(
            "five uh five dash six and then seven so eight",
            &[("five uh five dash six and then seven so eight", "55678")],
        );
        check(
            "918-four nine four-5208 ok",
            &[("918-four nine four-5208", "9184945208")],
        );
        check("four one. Then two.", &[("four one. Then two", "412")]);
    }

    #[test]
    fn corrections_take_back_the_last_part() {
        check(
            "nine eight one four wait no eight",
            &[("nine eight one four wait no eight", "9818")],
        );
        check("five no sorry six", &[("five no sorry six", "6")]);
    }

    #[test]
    fn misheard_digits_count_beside_others_only() {
        check(
            "five won four and sicks",
            &[("five won four and sicks", "5146")],
        );
        check("three too oh for john", &[("three too oh", "320")]);
        check("i won and ate for two", &[("two", "2")]);
    }

    #[test]
    fn written_groups_join_as_numbers_are_written() {
        check(
            "4414 - 9128 - 4822 or 15555, 6",
            &[
                ("4414 - 9128 - 4822", "441491284822"),
                ("15555", "15555"),
                ("6", "6"),
            ],
        );
        check("between 5 and 6. 7", &[("5", "5"), ("6", "6"), ("7", "7")]);
    }

    #[test]
    fn quantities_are_told() {
        for text in [
            "two thousand two hundred",
            "3,250,670",
            "33.9334",
            "forty thousand",
            "eight hundred and five",
        ] {
            assert!(
                runs(TokenReader::new(text, &tokenize(text)), 0, &|_| false)[0].is_quantity,
                "{text}"
            );
        }
        assert!(
            !runs(
                TokenReader::new("", &tokenize("eight hundred five five five")),
                0,
                &|_| false
            )
            .iter()
            .any(|run| run.is_quantity)
        );
    }
}
