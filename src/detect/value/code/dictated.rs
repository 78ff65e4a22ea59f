//! Codes that are dictated letter by letter and digit by digit, and need no words.
//!
//! Nobody says a word or a count so. What a short one is of may be a flight, a model, an error; a
//! long one behind an order is somebody's own.

use super::unnamed::is_on_network;
use super::{postcode, read};
use crate::detect::Detector;
use crate::detect::english::{Class, NumberWord, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::read::{
    Cue, SpokenCode, SpokenPassage, Token, TokenKind, TokenReader, bytes_of,
};

/// Claims the codes that need no words: postal codes, and what is dictated letter by letter where
/// no thing of everybody's was spoken of.
pub(crate) fn claim_dictated(hearing: &mut Hearing) {
    let reader = hearing.passage.reader();
    let spoken_of = SpokenOf::of(&hearing.passage);
    let mut at = hearing.passage.first;
    while at < hearing.passage.end {
        let begins = postcode::may_begin(&reader, at) || begins_with_digits(&reader, at);
        let free = begins && !hearing.claims.is_taken(at);
        let Some(code) = free.then(|| read(hearing, Topic::Zip, at)).flatten() else {
            at += 1;
            continue;
        };
        at = code.range.end.max(at + 1);
        let whole = with_digits_before(hearing, &code);
        let is_parted = || {
            let bytes = bytes_of(reader.tokens, code.range.clone());
            !spoken_of.has_reference
                && !says_reference(&hearing.passage, &code)
                && postcode::is_parted(reader.text.get(bytes).unwrap_or(""))
        };
        let (code, detector) = if postcode::is_one(&code.value, is_parted()) {
            (code, Detector::Zip)
        } else if spoken_of.allows(&hearing.passage, &whole) && !is_on_network(&whole.value) {
            (whole, Detector::Id)
        } else {
            continue;
        };
        if !hearing.claims.is_any_taken(code.range.clone()) {
            if detector == Detector::Id {
                hearing.given.push((Topic::Id, code.value.len()));
            }
            hearing.claims.claim(code.range, detector, code.value);
        }
    }
}

/// Whether the digits of a code may be of a reference that was asked for, or are of the one told.
pub(super) fn says_reference(passage: &SpokenPassage, code: &SpokenCode) -> bool {
    let digits: String = code.value.chars().filter(char::is_ascii_digit).collect();
    passage.says_reference(&digits)
}

/// Whether a code behind a reference's phrase, or in answer to a question for one, is so long that
/// it was issued to somebody.
pub(super) fn is_issued(hearing: &Hearing, from: usize, code: &SpokenCode) -> bool {
    let passage = &hearing.passage;
    const FEW: usize = 4;
    let behind = passage.cues.partition_point(|cue| cue.end <= from);
    let mut near = (0..behind).rev().take(FEW);
    let cue = near.find(|at| passage.cues[*at].topic == Topic::Reference);
    passage.is_of_issued(cue)
        && CodeShape::of(&passage.reader(), code).is_some_and(|shape| shape.is_issued())
}

/// Claims such a code, with letters that are taken for a phrase: "p n r l z four".
pub(super) fn claim_issued(hearing: &mut Hearing, code: SpokenCode) {
    let first = code.range.start;
    let tokens = hearing.passage.tokens;
    let cues = hearing.passage.cues;
    let before = cues.partition_point(|cue| cue.end <= first).checked_sub(1);
    let is_own =
        |cue: &&Cue| cue.end == first && tokens[cue.first..cue.end].iter().all(Token::is_letter);
    let own = before.and_then(|at| cues.get(at)).filter(is_own);
    let start = own.map_or(first, |cue| cue.first);
    hearing.given.push((Topic::Id, code.value.len()));
    let range = start..code.range.end;
    hearing.claims.claim(range, Detector::Id, code.value);
}

// "Four four nine oh two b c": letters right behind some digits, but no time and no measure.
fn begins_with_digits(reader: &TokenReader, at: usize) -> bool {
    const FEWEST: usize = 4;
    const MOST: usize = 24;
    const MEASURES: [&str; 12] = [
        "am", "pm", "kw", "kwh", "km", "kg", "gb", "mb", "tb", "cm", "mm", "ml",
    ];
    let is_unit = |at: usize| {
        let number = reader.number_word(at);
        matches!(number, NumberWord::Unit(_) | NumberWord::Times(_))
    };
    let is_first = at == reader.floor || !reader.says_digits(at - 1);
    if !is_first || !is_unit(at) {
        return false;
    }
    let end = at + (at..at + MOST).take_while(|at| is_unit(*at)).count();
    let letters = (end..end + MOST).take_while(|at| reader.is_letter(*at));
    let letters: String = letters.map(|at| reader.word(at)).collect();
    let is_measure = MEASURES
        .iter()
        .any(|unit| letters.eq_ignore_ascii_case(unit));
    end >= at + FEWEST && !letters.is_empty() && !is_measure
}

// "One z nine nine nine a a …": with the digits right before its first letter.
fn with_digits_before(hearing: &Hearing, code: &SpokenCode) -> SpokenCode {
    const MOST: usize = 4;
    let passage = &hearing.passage;
    let first = code.range.start;
    let is_digit = |at: &usize| {
        let number = passage.tokens[*at].entry.number;
        matches!(number, NumberWord::Unit(_)) && !hearing.claims.is_taken_or_named(*at)
    };
    let lowest = passage.first.max(first.saturating_sub(MOST));
    let before = (lowest..first).rev().take_while(is_digit);
    let start = before.last().unwrap_or(first);
    let mut value = String::new();
    for at in start..first {
        passage.reader().number(at, &mut value);
    }
    value.push_str(&code.value);
    SpokenCode {
        range: start..code.range.end,
        value,
        ..*code
    }
}

/// Whether references are spoken of in a passage, and whether all are of one customer.
struct SpokenOf {
    has_reference: bool,
    are_issued: bool,
}

impl SpokenOf {
    fn of(passage: &SpokenPassage) -> Self {
        let is_reference = |at: &usize| passage.cues[*at].topic == Topic::Reference;
        let mut references = (0..passage.cues.len()).filter(is_reference).peekable();
        Self {
            has_reference: references.peek().is_some(),
            are_issued: references.all(|at| passage.is_of_issued(Some(at))),
        }
    }

    // Whether a code is somebody's own.
    fn allows(&self, passage: &SpokenPassage, code: &SpokenCode) -> bool {
        let Some(shape) = CodeShape::of(&passage.reader(), code) else {
            return false;
        };
        let is_asked = says_reference(passage, code);
        let is_told = is_asked && passage.reference.is_some();
        match self.has_reference || is_asked {
            true => !is_told && self.are_issued && shape.is_issued(),
            false => shape.is_free(),
        }
    }
}

/// How a code is made that is said letter by letter and digit by digit.
struct CodeShape {
    letters: usize,
    digits: usize,
    // How often letters and digits change.
    changes: usize,
    // Whether no two digits are said as one number.
    is_single: bool,
    // Whether it may be of several: "d one d two d three", "h two o and c o two".
    is_list: bool,
}

impl CodeShape {
    fn of(reader: &TokenReader, code: &SpokenCode) -> Option<Self> {
        let tokens = reader.tokens.get(code.range.clone()).unwrap_or(&[]);
        let is_block = |token: &Token| {
            let word = token.of(reader.text).as_bytes();
            token.is_word() && word.len() > 1 && word.iter().all(u8::is_ascii_uppercase)
        };
        let is_said = tokens.iter().all(|token| match token.kind {
            TokenKind::Digits => token.len() <= 2,
            _ => !is_block(token),
        });
        let is_number = |token: &Token| {
            let number = token.entry.number;
            token.kind == TokenKind::Digits && token.len() > 1
                || matches!(number, NumberWord::Teen(_) | NumberWord::Ten(_))
        };
        let value = code.value.as_bytes();
        let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
        let is_change = |two: &&[u8]| two[0].is_ascii_digit() != two[1].is_ascii_digit();
        is_said.then(|| Self {
            letters: value.len() - digits,
            digits,
            changes: value.windows(2).filter(is_change).count(),
            is_single: !tokens.iter().any(is_number),
            is_list: is_list(tokens, value),
        })
    }

    fn length(&self) -> usize {
        self.letters + self.digits
    }

    // Nothing was spoken of: no product and no plan has so many digits, or letters and digits in
    // turn.
    fn is_free(&self) -> bool {
        // "I s o nine oh oh one".
        let is_made = self.letters > 2 && self.digits == 4 && self.changes == 1;
        let is_long = self.digits >= 4 && (7..=26).contains(&self.length()) && !is_made;
        let is_one = self.is_single && !self.is_list;
        let in_turn = is_one && self.changes > 1 && (6..=26).contains(&self.length());
        let is_telephone = matches!(self.digits, 7 | 10 | 11);
        let is_lettered = self.is_single && self.digits >= 6 && !is_telephone;
        match self.letters {
            0 => false,
            1 => is_lettered,
            _ => is_long || in_turn && self.digits + self.letters / 2 >= 3,
        }
    }

    // Behind an order: "b one seven oh two three" is none.
    fn is_issued(&self) -> bool {
        let is_long = self.length() >= 7 || self.changes > 1 && self.length() >= 6;
        let is_lettered = self.letters >= 2 || self.letters == 1 && self.length() >= 9;
        is_lettered && self.digits >= 1 && is_long && self.length() <= 26
    }
}

fn is_list(tokens: &[Token], value: &[u8]) -> bool {
    let mut letters = value.iter().filter(|byte| byte.is_ascii_alphabetic());
    let first = letters.next();
    let is_same = letters.clone().count() > 1 && letters.all(|letter| Some(letter) == first);
    is_same || tokens.iter().any(|token| token.has(Class::LOOSE))
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Id;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn letters_and_digits_in_turn_are_a_code_whatever_was_spoken_of() {
        for value in [
            "t four seven double b one nine oh",
            "w k three three eight oh one nine",
            "h two nine k seven p",
            "m oh seven seven four one two",
            "nine nine one t k four four seven",
            "capital r lower case t four four nine oh two",
            "zed nine four four double two p y",
            "four four nine oh two b c",
        ] {
            check_one(Id, &format!("they gave me {value} over the phone"), value);
        }
    }

    #[test]
    fn a_long_code_of_a_claim_is_somebodys() {
        for (text, value) in [
            (
                "it's claim q f z eight two m k nine i want to move it",
                "q f z eight two m k nine",
            ),
            (
                "the meter is j d double oh one two four nine since tuesday",
                "j d double oh one two four nine",
            ),
            (
                "agent: What's the serial number?\ncaller: s n seven b d four four one oh",
                "s n seven b d four four one oh",
            ),
        ] {
            check_one(Id, text, value);
        }
    }

    #[test]
    fn short_codes_and_those_of_things_stay() {
        for text in [
            "order number b one seven oh two three",
            "it's booking q f z eight two m k nine i want to move it",
            "tracking is j d double oh one two four nine since tuesday",
            "agent: your new reference is c r seven seven two one four\ncaller: c r double seven two",
            "flight is d l four four seven one",
            "the model is w a n two eight two oh one",
            "error code p zero four two zero",
            "it's a b m w three twenty d",
            "row a or b seat twelve",
            "a four paper and a five one pack",
            "vitamins d one d two d three",
            "h two o and c o two",
            "it reads four four nine one two k w h",
            "the one at seven four five p m",
        ] {
            check(text, &[]);
        }
    }
}
