//! Answers in words to a question for a name, an address or a password: nothing in "dana
//! whitfield" says what it is but the question before it.

mod questions;

use std::ops::Range;

use super::claims::Claims;
use super::govern::Passage;
use super::name::{is_no_name, is_word_too};
use super::tokens::{Kind, Token};
use super::words::{CLOSED, COPULA, DOT, FILLER, JOIN, LEAD, Number, SEPARATOR, SIGN, TITLE, UNIT};
use super::{Detector, Detectors, Speaker};
use questions::{NO_NAME, NO_VALUE};
pub(super) use questions::{QUESTIONS, Wording, question};

/// What is still asked for after a caller's answer, whose value is claimed.
pub(super) fn claim(
    passage: &Passage,
    asked: Wording,
    wanted: Detectors,
    claims: &mut Claims,
) -> Option<Wording> {
    let answer = Answer {
        text: claims.text,
        tokens: passage.tokens.get(..passage.end).unwrap_or(&[]),
    };
    let start = answer.behind_leads(passage.first, asked);
    let (detector, range) = match asked {
        Wording::Name => (Detector::Name, answer.name(start)),
        Wording::Address => (Detector::Address, answer.sentence(start, 2)),
        Wording::Secret => (Detector::Secret, answer.sentence(start, 1)),
        Wording::Other => return None,
    };
    let is_own = detector == Detector::Secret || wanted.contains(detector);
    let free = range.filter(|range| is_own && !claims.is_any_taken(range.clone()));
    let Some(range) = free else {
        let is_over = claims.is_any_taken(passage.first..passage.end);
        return (!is_over).then_some(asked);
    };
    let is_spelled = passage.tokens[range.clone()]
        .iter()
        .all(|token| !token.is_word() || token.is_letter());
    claims.claim(range.clone(), detector, answer.value(range));
    (is_spelled || asked == Wording::Address).then_some(asked)
}

/// The words of a password that a caller says behind "my password is".
pub(super) fn password(
    text: &str,
    tokens: &[Token],
    start: usize,
) -> Option<(Range<usize>, String)> {
    let answer = Answer { text, tokens };
    let stops = |token: &Token| {
        token.has(JOIN)
            || token.is_mark(b',')
            || (token.has(CLOSED) && !token.has(SIGN | DOT) && token.of(text) != "correct")
    };
    let end = (start..tokens.len())
        .find(|at| answer.ends_sentence(*at) || stops(&tokens[*at]))
        .unwrap_or(tokens.len());
    let range = answer.trimmed(start..end)?;
    let words = || tokens[range.clone()].iter().filter(|token| is_said(token));
    let telling = words()
        .filter(|token| says_number(token) || token.has(SIGN | DOT) || token.is_letter())
        .count();
    let count = words().count();
    // One word is one where nothing more is said of it.
    let first = tokens[range.start];
    let is_alone = count == 1 && telling == 0 && first.len() > 3 && !first.has(CLOSED | LEAD);
    let is_one = telling > 0 && telling < count || telling >= 4 || count >= 3 || is_alone;
    let fits = is_one && answer.is_value(range.clone());
    fits.then(|| (range.clone(), answer.value(range)))
}

/// Whether a speaker answers such questions.
pub(super) fn is_asked(speaker: Speaker, asked: Option<Wording>) -> Option<Wording> {
    asked.filter(|_| speaker == Speaker::Caller)
}

struct Answer<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl Answer<'_> {
    // "Sure, it's …", "my last name is …".
    fn behind_leads(&self, from: usize, asked: Wording) -> usize {
        let is_lead = |token: &Token| {
            let word = token.of(self.text);
            let label = ["name", "names", "name's", "password", "address", "full"];
            let leads = token.has(FILLER | LEAD | COPULA | TITLE)
                && token.entry.number == Number::None
                && (asked != Wording::Secret || !["correct", "right", "fine"].contains(&word));
            !is_said(token) || leads || label.iter().any(|label| word.eq_ignore_ascii_case(label))
        };
        let rest = self.tokens.get(from..).unwrap_or(&[]);
        from + rest.iter().take_while(|token| is_lead(token)).count()
    }

    // Up to four words or any number of letters, with nothing else in the sentence.
    fn name(&self, start: usize) -> Option<Range<usize>> {
        const WORDS: usize = 4;
        const LETTERS: usize = 40;
        let (mut words, mut letters, mut at, mut end) = (0, 0, start, start);
        while let Some(token) = self.tokens.get(at) {
            if token.is_letter() || self.doubles_letter(at) {
                letters += 1;
                at = self.behind_letter(at);
                end = at;
            } else if self.is_name(token) {
                words += 1;
                at += 1;
                end = at;
            } else if end > start && self.joins(at) {
                at += 1;
            } else {
                break;
            }
        }
        let fits = words <= WORDS && letters <= LETTERS && words + letters > 0;
        (fits && (letters != 1 || words > 0) && self.ends_name(end)).then_some(start..end)
    }

    fn is_name(&self, token: &Token) -> bool {
        let word = token.of(self.text);
        let is_number = !matches!(token.entry.number, Number::None | Number::Month(_));
        let is_common = token.has(CLOSED | LEAD | COPULA | FILLER | JOIN | UNIT | SIGN);
        token.is_word()
            && !is_number
            && (!is_common || is_word_too(word))
            && !is_no_name(word)
            && !NO_NAME.iter().any(|other| word.eq_ignore_ascii_case(other))
            && word.chars().all(|c| c.is_alphabetic() || "'’".contains(c))
    }

    fn doubles_letter(&self, at: usize) -> bool {
        let next = self.tokens.get(at + 1);
        matches!(self.tokens[at].entry.number, Number::Times(_))
            && next.is_some_and(Token::is_letter)
    }

    // "D as in dog".
    fn behind_letter(&self, at: usize) -> usize {
        let word = |at: usize| self.tokens.get(at).map_or("", |token| token.of(self.text));
        match (word(at + 1), word(at + 2)) {
            ("as", "in") => (at + 4).min(self.tokens.len()),
            ("for" | "like" | "as", next) if !next.is_empty() => at + 3,
            _ => at + 1,
        }
    }

    fn joins(&self, at: usize) -> bool {
        let token = self.tokens[at];
        let is_glued = self.tokens[at - 1].end == token.start;
        let between_letters = self.tokens[at - 1].is_letter()
            && self.tokens.get(at + 1).is_some_and(Token::is_letter);
        token.has(FILLER)
            || (is_glued && matches!(token.kind, Kind::Mark(b'-' | b'.')))
            || (between_letters && (token.is_mark(b',') || token.has(SEPARATOR)))
    }

    fn ends_name(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| {
            let word = token.of(self.text).to_ascii_lowercase();
            !is_said(token)
                || says_number(token)
                || [
                    "and", "with", "but", "spelled", "here", "speaking", "calling", "please",
                    "yes", "yeah", "thanks",
                ]
                .contains(&word.as_str())
        })
    }

    // A sentence that is nothing but a value of some words.
    fn sentence(&self, start: usize, fewest: usize) -> Option<Range<usize>> {
        const WORDS: usize = 16;
        let end = (start..self.tokens.len())
            .find(|at| self.ends_sentence(*at))
            .unwrap_or(self.tokens.len());
        let range = self.trimmed(start..end)?;
        let words = self.tokens[range.clone()]
            .iter()
            .filter(|token| is_said(token));
        let numbers = words.clone().filter(|token| says_number(token)).count();
        let count = words.count();
        let fits = (count >= fewest || numbers > 0) && count <= WORDS;
        (fits && self.is_value(range.clone())).then_some(range)
    }

    fn is_value(&self, range: Range<usize>) -> bool {
        let denies = |token: &Token| {
            let word = token.of(self.text);
            NO_VALUE
                .iter()
                .any(|other| word.eq_ignore_ascii_case(other))
        };
        !self.tokens[range].iter().any(denies)
    }

    fn ends_sentence(&self, at: usize) -> bool {
        let token = self.tokens[at];
        let is_glued = self
            .tokens
            .get(at + 1)
            .is_some_and(|next| next.start == token.end);
        token.kind == Kind::Line
            || (matches!(token.kind, Kind::Mark(b'.' | b'?' | b'!' | b';')) && !is_glued)
    }

    fn trimmed(&self, range: Range<usize>) -> Option<Range<usize>> {
        let tokens = self.tokens.get(range.clone())?;
        let last = tokens.iter().rposition(is_said)?;
        Some(range.start..range.start + last + 1)
    }

    fn value(&self, range: Range<usize>) -> String {
        let words = self.tokens[range].iter().filter(|token| is_said(token));
        words
            .map(|token| token.of(self.text).to_lowercase())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn is_said(token: &Token) -> bool {
    (token.is_word() || token.kind == Kind::Digits) && !token.has(FILLER)
}

fn says_number(token: &Token) -> bool {
    token.kind == Kind::Digits
        || matches!(
            token.entry.number,
            Number::Unit(_) | Number::Teen(_) | Number::Ten(_) | Number::Times(_) | Number::Hundred
        )
}

#[cfg(test)]
mod tests;
