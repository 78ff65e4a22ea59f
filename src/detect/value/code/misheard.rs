//! A code as a recogniser writes it who hears words: "c w 1 + 5 bag", "sy e 8 W 0 g b".
//!
//! Only where a code was asked for, and only an answer that is mostly letters and digits.

use std::ops::Range;

use crate::detect::english::Class;
use crate::detect::read::{SpokenPassage, Token, TokenKind, TokenReader};

/// The whole answer and its letters and digits, where it is a code with misheard parts.
pub(super) fn answer(passage: &SpokenPassage) -> Option<(Range<usize>, String)> {
    const LONGEST: usize = 24;
    let reader = passage.reader();
    let tokens = reader.tokens.get(passage.first..)?;
    if tokens.len() > LONGEST || tokens.iter().any(|token| token.has(Class::UNIT)) {
        return None;
    }
    let is_part = |token: &Token| is_part(token, token.of(reader.text));
    let is_lead = |token: &Token| {
        let leads = Class::LEAD | Class::COPULA | Class::JOIN;
        !is_said(token) || token.has(leads) && !is_part(token)
    };
    let is_article = |token: &Token| {
        let word = token.of(reader.text);
        word.eq_ignore_ascii_case("a") || word.eq_ignore_ascii_case("one")
    };
    let opens = |token: &Token| !is_lead(token) && !token.has(Class::FILLER);
    let opening = tokens.iter().position(opens)?;
    // "It's a blue Corsa, KN64 VWX": what is said before a code is more than one word.
    // "One nine one d four" begins with a digit.
    let is_digit = |at: usize| {
        let next = tokens.get(at + 1);
        tokens[at].says_digits() && next.is_some_and(Token::says_digits)
    };
    let mut parts = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| opens(token) && is_part(token));
    let first = parts
        .find(|(at, token)| !is_article(token) || is_digit(*at))?
        .0;
    let said_before = tokens.get(opening..first).unwrap_or(&[]);
    let pauses = said_before.iter().any(|token| token.is_mark(b','));
    let closed = said_before
        .iter()
        .filter(|token| token.has(Class::CLOSED))
        .count();
    let count = said_before.iter().filter(|token| is_said(token)).count();
    let start = match count > 1 && (pauses || closed > 1) {
        true => first,
        false => opening,
    };
    // "… five r eh": what sounds like nothing may be its last letter.
    let end = tokens.iter().rposition(|token| !is_lead(token))? + 1;
    let own = tokens.get(start..end)?;
    let said = own.iter().filter(|token| is_said(token));
    let count = said.clone().count();
    let parts = said.clone().filter(|token| is_part(token)).count();
    let has_digit = said.clone().any(|token| token.says_digits());
    let is_code = parts >= 2 && (2 * parts >= count && has_digit || parts == count);
    let is_one = |token: &Token| token.is_letter() || token.has(Class::ALPHABET);
    let is_letter = count == 1 && said.clone().all(is_one);
    let range = passage.first + start..passage.first + end;
    (is_code || is_letter).then(|| (range.clone(), value(&reader, range)))
}

fn value(reader: &TokenReader, range: Range<usize>) -> String {
    let mut value = String::new();
    let mut at = range.start;
    while at < range.end {
        if let Some(next) = reader.number(at, &mut value) {
            at = next;
        } else if let Some(spelled) = reader.spelled(at) {
            value.extend(std::iter::repeat_n(spelled.letter, spelled.times));
            at = spelled.end;
        } else {
            let word = reader.token(at).filter(|token| is_said(token));
            value.push_str(&word.map_or(String::new(), |_| reader.word(at).to_uppercase()));
            at += 1;
        }
    }
    value
}

fn is_said(token: &Token) -> bool {
    token.is_word() || token.kind == TokenKind::Digits
}

// A digit, a letter, a word of the alphabet, letters in one that are no word.
fn is_part(token: &Token, word: &str) -> bool {
    let is_block = word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_unknown = token.entry.id == 0 && token.entry.classes.is_empty();
    token.says_digits()
        || token.is_letter()
        || token.has(Class::ALPHABET)
        || is_block
        || is_unknown && word.len() <= 3
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Zip;
    use crate::detect::testing::check;

    #[test]
    fn an_answer_of_misheard_letters_goes_as_a_whole() {
        for answer in [
            "c w 1 + 5 bag q",
            "sy e 8 W 0 g b",
            "l s 6 to 1 f p",
            "bravo",
        ] {
            let text = format!("agent: What's your postcode?\ncaller: {answer}");
            check(&text, &[(Zip, answer)]);
        }
    }

    #[test]
    fn an_answer_of_words_stays() {
        for answer in [
            "i moved here 3 weeks ago",
            "hang on while i find it",
            "2 of us",
        ] {
            check(
                &format!("agent: What's your postcode?\ncaller: {answer}"),
                &[],
            );
        }
    }
}
