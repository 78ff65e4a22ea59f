//! One word of a spoken number, or one group of written digits.
//!
//! A word that is commonly another word ("to", "won") is a digit only beside digits.

use super::spoken::Piece;
use super::tokens::{Kind, Token};
use super::words::{Number, SEPARATOR};

/// Reads the number word or digits at a token. The digits are added to a string; the answer is
/// the token behind.
pub(super) fn read(text: &str, tokens: &[Token], at: usize, digits: &mut String) -> Option<usize> {
    read_after(text, tokens, at, None, digits)
}

/// Reads the number word or digits at a token, behind the last part of the same number if there
/// is one. The digits are added to a string; the answer is the token behind.
pub(super) fn read_after(
    text: &str,
    tokens: &[Token],
    at: usize,
    last: Option<&Piece>,
    digits: &mut String,
) -> Option<usize> {
    let token = tokens.get(at)?;
    if token.kind == Kind::Digits {
        if tokens.get(at + 1).is_some_and(|next| {
            next.start == token.end
                && matches!(
                    next.of(text),
                    "st" | "nd" | "rd" | "th" | "ST" | "ND" | "RD" | "TH"
                )
        }) {
            return None;
        }
        digits.push_str(token.of(text));
        return Some(at + 1);
    }
    let mut say = |number: u8| {
        digits.push(char::from(b'0' + number % 10));
    };
    match token.entry.number {
        Number::Unit(unit) => {
            say(unit);
            let zeros = match number(tokens, at + 1) {
                Number::Hundred => 2,
                Number::Thousand => 3,
                _ => return Some(at + 1),
            };
            (0..zeros).for_each(|_| say(0));
            Some(at + 2)
        }
        Number::Teen(teen) => {
            say(1);
            say(teen);
            Some(hundreds(tokens, at + 1, digits))
        }
        Number::Ten(ten) => {
            let hyphen = tokens
                .get(at + 1)
                .is_some_and(|next| next.is_mark(b'-') && next.start == token.end);
            let unit = at + 1 + usize::from(hyphen);
            match number(tokens, unit) {
                Number::Ordinal(1..=9) => None,
                Number::Unit(value @ 1..) | Number::Misheard(value @ 1..) => {
                    say(ten);
                    say(value);
                    Some(hundreds(tokens, unit + 1, digits))
                }
                _ => {
                    say(ten);
                    say(0);
                    Some(at + 1)
                }
            }
        }
        Number::Times(times) => {
            let next = tokens.get(at + 1)?;
            let value = match next.entry.number {
                Number::Unit(value) | Number::Misheard(value) | Number::Doubtful(value) => value,
                _ if next.kind == Kind::Digits && next.len() == 1 => next.of(text).parse().ok()?,
                _ => return None,
            };
            (0..times).for_each(|_| say(value));
            Some(at + 2)
        }
        Number::Misheard(value) => {
            let separated = tokens.get(at + 1).is_some_and(|next| next.has(SEPARATOR));
            let goes_on = says_digits(tokens, at + 1 + usize::from(separated));
            let after_word = last.is_some_and(|piece| !piece.is_written);
            let before_word = goes_on && tokens[at + 1].is_word();
            (after_word || before_word || (last.is_some() && goes_on)).then(|| {
                say(value);
                at + 1
            })
        }
        Number::Doubtful(value) => {
            let after_word = last.is_some_and(|piece| !piece.is_written && piece.end == at);
            // Only among single digits: "at seven thirty for twenty" is a time and a price.
            let is_single = |at: usize| {
                matches!(
                    number(tokens, at),
                    Number::Unit(_) | Number::Misheard(_) | Number::Times(_)
                )
            };
            let among_digits = at > 0 && is_single(at - 1) && is_single(at + 1);
            (after_word && among_digits).then(|| {
                say(value);
                at + 1
            })
        }
        _ => None,
    }
}

// "Twenty six hundred".
fn hundreds(tokens: &[Token], at: usize, digits: &mut String) -> usize {
    let is_hundred = number(tokens, at) == Number::Hundred;
    if is_hundred {
        digits.push_str("00");
    }
    at + usize::from(is_hundred)
}

/// What a token says in a number.
pub(super) fn number(tokens: &[Token], at: usize) -> Number {
    tokens
        .get(at)
        .map_or(Number::None, |token| token.entry.number)
}

/// Whether a token is digits or a word for them, whatever stands beside it.
pub(super) fn says_digits(tokens: &[Token], at: usize) -> bool {
    let word = matches!(
        number(tokens, at),
        Number::Unit(_) | Number::Teen(_) | Number::Ten(_) | Number::Times(_)
    );
    word || tokens
        .get(at)
        .is_some_and(|token| token.kind == Kind::Digits)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut digits = String::new();
        read(text, &tokenize(text), 0, &mut digits);
        assert_eq!(digits, expected, "{text}");
    }

    #[test]
    fn one_word_or_two_are_read() {
        check("seven", "7");
        check("forty-two ten", "42");
        check("forty zero", "40");
        check("triple nine", "999");
        check("double 5", "55");
        check("eight hundred", "800");
        check("0042", "0042");
    }

    #[test]
    fn ordinals_and_lone_homophones_are_none() {
        for text in ["twenty first", "4th", "to", "for two", "double room", "won"] {
            check(text, "");
        }
    }
}
