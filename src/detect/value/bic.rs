//! The code of a bank behind its word: "BIC SOLADEST600", "swift code: BARCGB22XXX".

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::english::Class;
use crate::detect::growing::{NOWHERE, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Token, TokenReader, bytes_of};

/// How far back a code may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    begins: |growing| growing.formed(&[Detector::Account]),
    ..NOWHERE
};

/// Claims the codes of banks of a passage that are written behind their word.
pub(crate) fn claim(hearing: &mut Hearing) {
    let reader = hearing.passage.reader();
    for at in hearing.passage.first..hearing.passage.end {
        let token = &reader.tokens[at];
        let is_short = token.is_word() && matches!(token.len(), 3 | 5);
        if !is_short || !reader.says_any(at, &["bic", "swift"]) {
            continue;
        }
        if let Some(range) = code_behind(reader, at + 1)
            && !hearing.claims.is_taken(range.start)
        {
            // "XXX", the branch that is no branch, is a placeholder elsewhere.
            let is_free = |at: &usize| !hearing.claims.is_taken(*at);
            let end = range.start + range.clone().take_while(is_free).count();
            let written = reader.text.get(bytes_of(reader.tokens, range.clone()));
            let value = written.unwrap_or("").to_uppercase();
            hearing
                .claims
                .claim(range.start..end, Detector::Account, value);
        }
    }
}

fn code_behind(reader: TokenReader, from: usize) -> Option<Range<usize>> {
    const BETWEEN: usize = 6;
    let is_between = |at: &usize| {
        let token = reader.token(*at);
        token.is_some_and(|token| {
            let is_mark = !token.is_word() && !token.says_digits();
            let words = ["code", "number", "no", "bic", "swift"];
            is_mark || token.has(Class::COPULA) || reader.says_any(*at, &words)
        })
    };
    let start = from + (from..from + BETWEEN).take_while(is_between).count();
    let is_own = |token: &Token| token.is_word() || token.says_digits();
    let mut end = start + 1;
    while reader.touches_next(end - 1) && reader.token(end).is_some_and(is_own) {
        end += 1;
    }
    reader.token(start).filter(|token| token.is_word())?;
    let written = reader.text.get(bytes_of(reader.tokens, start..end))?;
    is_code(written).then_some(start..end)
}

// Four letters of a bank, two of a country, two signs of a place, and three of a branch: in capitals,
// or with a digit.
fn is_code(written: &str) -> bool {
    let bytes = written.as_bytes();
    let has_letters = bytes.iter().take(6).all(u8::is_ascii_alphabetic);
    let has_signs = bytes.iter().all(u8::is_ascii_alphanumeric);
    let is_small = bytes.iter().any(u8::is_ascii_lowercase);
    let is_told = !is_small || bytes.iter().any(u8::is_ascii_digit);
    matches!(bytes.len(), 8 | 11) && has_letters && has_signs && is_told
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Account;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn a_bank_is_told_behind_its_word() {
        for (text, value) in [
            ("BIC SOLADEST600", "SOLADEST600"),
            ("my swift code is BARCGB22XXX ok", "BARCGB22"),
            ("my swift code is BARCGB22LON ok", "BARCGB22LON"),
            (r#"{"bic":"COBADEFF"}"#, "COBADEFF"),
            ("swift/bic: barcgb22", "barcgb22"),
        ] {
            check_one(Account, text, value);
        }
    }

    #[test]
    fn other_words_behind_it_stay() {
        for text in [
            "a swift response please",
            "Swift RESPONSES are rare",
            "a bic lighter and BIC PENS",
        ] {
            check(text, &[]);
        }
    }
}
