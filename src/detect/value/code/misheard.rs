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
    let is_unit = |token: &Token| token.has(Class::UNIT) && !token.is_letter();
    if tokens.len() > LONGEST || tokens.iter().any(is_unit) {
        return None;
    }
    let is_part = |token: &Token| is_part(token, token.of(reader.text));
    let is_lead = |token: &Token| {
        let leads = Class::LEAD | Class::COPULA | Class::JOIN;
        let is_try = token.of(reader.text).eq_ignore_ascii_case("try");
        !is_said(token) || token.has(leads) && !is_part(token) || is_try
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
    // "Look, four four one …".
    let is_plain = pauses && count == closed;
    let start = match count > 1 && (pauses || closed > 1) || is_plain {
        true => first,
        false => opening,
    };
    // "… five r eh": what sounds like nothing may be its last letter.
    let end = tokens.iter().rposition(|token| !is_lead(token))? + 1;
    let end = start + before_more(&reader, tokens.get(start..end)?);
    let own = tokens.get(start..end)?;
    let said = own.iter().filter(|token| is_said(token));
    let count = said.clone().count();
    let parts = said.clone().filter(|token| is_part(token)).count();
    let has_digit = said.clone().any(|token| token.says_digits());
    let is_code = parts >= 2 && (2 * parts >= count && has_digit || parts == count);
    let is_letter = count == 1 && said.clone().all(|token| is_first_piece(&reader, token));
    let range = passage.first + start..passage.first + end;
    (is_code || is_letter).then(|| (range.clone(), value(&reader, range)))
}

// With which one goes on behind a code.
const TURNS: [&str; 8] = ["it", "that", "i", "but", "if", "because", "they", "which"];

// How many tokens stand before what is said of a code: "… seven four it's on the top".
fn before_more(reader: &TokenReader, own: &[Token]) -> usize {
    const MANY: usize = 4;
    let is_part = |token: &Token| is_part(token, token.of(reader.text));
    let mut parts = 0;
    for (at, token) in own.iter().enumerate() {
        let goes_on = own.get(at + 1).is_some_and(is_part);
        // "Two eight at the end".
        let word = |token: &Token| token.of(reader.text);
        let is_place = ["at", "on"].contains(&word(token))
            && own.get(at + 1).is_some_and(|next| word(next) == "the");
        let is_copula = token.has(Class::COPULA) && !token.is_letter() && !goes_on;
        // "…, it changes every minute".
        let is_other = token.is_mark(b',')
            && !own.get(at + 2).is_some_and(is_part)
            && own
                .get(at + 1)
                .is_some_and(|next| TURNS.contains(&word(next)));
        if parts >= MANY && (is_copula || is_other) || parts > 1 && is_place {
            return at;
        }
        parts += usize::from(is_part(token));
    }
    own.len()
}

// A letter, or several in one, "GHA", with the digits in the next breath; but not "I think so".
fn is_first_piece(reader: &TokenReader, token: &Token) -> bool {
    let word = token.of(reader.text);
    let is_capital = word.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_block = is_capital && (2..=4).contains(&word.len()) && token.entry.id == 0;
    let own = reader.tokens.get(reader.floor..).unwrap_or(&[]);
    let is_alone = own.iter().filter(|token| is_said(token)).count() == 1;
    let is_word = word.eq_ignore_ascii_case("i") || word.eq_ignore_ascii_case("a");
    let is_one = token.is_letter() || token.has(Class::ALPHABET);
    is_one && (is_alone || !is_word) || is_block
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
    use crate::detect::Detector::{Id, Zip};
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
    fn letters_in_one_are_the_first_piece_and_what_is_said_behind_is_none() {
        let text = "agent: Your Ghana Card number?\ncaller: GHA";
        check(text, &[(Id, "GHA")]);
        let text = "agent: Your member number?\ncaller: OK";
        check(text, &[]);
        let text = "agent: what's your member id\ncaller: r four one two nine it's on the top";
        check(text, &[(Id, "r four one two nine")]);
    }

    #[test]
    fn letters_that_measure_elsewhere_are_the_next_piece() {
        let text = "agent: the plate please\ncaller: m w five four\nagent: mhm\ncaller: t k d";
        check(text, &[(Id, "m w five four"), (Id, "t k d")]);
        check("agent: What's the PIN?\ncaller: i think so", &[]);
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
