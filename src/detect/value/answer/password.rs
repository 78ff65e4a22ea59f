//! A password in words behind its phrase.
//!
//! What was asked for, `answer.rs` claims.

use std::ops::Range;

use super::{SpokenAnswer, is_said, says_amount};
use crate::detect::english::Class;
use crate::detect::read::{Token, TokenReader};

/// How signs of passwords are called.
const SIGNS: [&str; 8] = [
    "hash",
    "hashtag",
    "dollar",
    "asterisk",
    "star",
    "exclamation",
    "percent",
    "ampersand",
];

/// The words of a password that a caller says behind "my password is", or behind "the code word is".
pub(crate) fn password(
    reader: TokenReader,
    start: usize,
    is_of_words: bool,
) -> Option<(Range<usize>, String)> {
    let answer = SpokenAnswer { reader };
    let tokens = reader.tokens;
    let stops = |token: &Token| {
        token.has(Class::JOIN)
            || token.is_mark(b',')
            || (token.has(Class::CLOSED)
                && !token.has(Class::SIGN | Class::DOT)
                && token.of(reader.text) != "correct")
    };
    // "B lower case, q, nine, upper case r": a comma between letters and digits.
    let is_sign = |at: usize| {
        reader
            .token(at)
            .is_some_and(|token| token.is_letter() || says_amount(token) || token.has(Class::SIGN))
            || reader.says_any(at, &SIGNS)
    };
    let goes_on = |at: usize| {
        let is_word_behind = || at > start + 2 && reader.is_mark(at - 2, b',') && is_sign(at - 3);
        let is_behind =
            at > start && (is_sign(at - 1) || reader.hint_before(at).is_some() || is_word_behind());
        let before = reader.is_mark(at, b',') && is_behind;
        // "Capital k, umbrella, four".
        let is_word = || {
            let next = reader.token(at + 1);
            next.is_some_and(|next| next.is_word() && !next.has(Class::CLOSED | Class::LEAD))
                && reader.is_mark(at + 2, b',')
                && is_sign(at + 3)
        };
        before && (is_sign(at + 1) || reader.spelling_hint(at + 1).is_some() || is_word())
    };
    let end = (start..tokens.len())
        .find(|at| reader.ends_sentence(*at) || stops(&tokens[*at]) && !goes_on(*at))
        .unwrap_or(tokens.len());
    let range = answer.trimmed(start..end)?;
    let words = || tokens[range.clone()].iter().filter(|token| is_said(token));
    let telling = words()
        .filter(|token| {
            says_amount(token) || token.has(Class::SIGN | Class::DOT) || token.is_letter()
        })
        .count();
    let count = words().count();
    // One word is one where nothing more is said of it.
    let first = tokens[range.start];
    let is_alone =
        count == 1 && telling == 0 && first.len() > 3 && !first.has(Class::CLOSED | Class::LEAD);
    let are_words = is_of_words && count == 2;
    let is_one =
        telling > 0 && telling < count || telling >= 4 || count >= 3 || is_alone || are_words;
    let fits = is_one && answer.is_value(range.clone());
    fits.then(|| (range.clone(), answer.value(range)))
}

impl SpokenAnswer<'_> {
    /// The password that is all that is answered; but not "hang on", "done", "the other one".
    pub(super) fn secret(&self, start: usize) -> Option<Range<usize>> {
        const DONE: [&str; 5] = ["done", "ready", "gone", "finished", "one"];
        let around = Class::NO_ANSWER | Class::CLOSED | Class::LEAD;
        self.sentence(start, 1).filter(|range| {
            let own = self.reader.tokens.get(range.clone()).unwrap_or(&[]);
            let mut said = own.iter().filter(|token| is_said(token));
            let is_told =
                |token: &Token| !token.has(around) || says_amount(token) || token.is_letter();
            let is_done = self.reader.says_any(range.end - 1, &DONE)
                && !(range.start + 1 < range.end && self.reader.says_digits(range.end - 2));
            said.any(is_told) && !is_done
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Secret;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn a_password_goes_on_behind_commas_and_hints() {
        for (text, value) in [
            (
                "my password's b lower case, q, nine, nine, t, k, upper case r",
                "b lower case, q, nine, nine, t, k, upper case r",
            ),
            (
                "the wifi password's capital t, u, seven, seven, hash",
                "capital t, u, seven, seven, hash",
            ),
            (
                "password's capital k, umbrella, four, four",
                "capital k, umbrella, four, four",
            ),
        ] {
            check_one(Secret, text, value);
        }
        check("my password is eight characters, i think", &[]);
        let asked = "agent: and the temporary password they gave you?\ncaller:";
        let value = "capital m, plum, two two, dollar sign";
        check(&format!("{asked} {value}"), &[(Secret, value)]);
        check(&format!("{asked} i never got one"), &[]);
    }
}
