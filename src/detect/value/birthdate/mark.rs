//! A sign before a date that makes it a birth's: "Ann Lake (b. 2011-02-28)", "geb. 3.4.1980", "née le
//! 4/3/1961", "* 03.04.1980".

use crate::detect::read::{TokenKind, TokenReader};

/// Whether such a sign stands before a token.
pub(super) fn is_marked(reader: TokenReader, first: usize) -> bool {
    const MARKS: [&str; 11] = [
        "geb", "nac", "né", "née", "nascido", "nata", "nato", "ur", "født", "född", "urodz",
    ];
    let before = |at: usize| at.checked_sub(1).filter(|before| *before >= reader.floor);
    let Some(last) = before(first) else {
        return false;
    };
    let is_digits = |at: usize| {
        let token = reader.token(at);
        token.is_some_and(|token| token.kind == TokenKind::Digits)
    };
    if reader.is_mark(last, b'*') {
        return before(last).is_none_or(|at| !reader.is_mark(at, b'*') && !is_digits(at));
    }
    let mut at = first;
    while let Some(silent) = before(at).filter(|silent| {
        reader.is_mark(*silent, b'.') || reader.says_any(*silent, &["le", "el", "il"])
    }) {
        at = silent;
    }
    let Some(mark) = before(at) else {
        return false;
    };
    // "Section b. 3/4/2026" is none, and a name before it has a capital.
    let opens = before(mark).is_none_or(|at| {
        let token = reader.token(at);
        let is_name = |at: usize| {
            token.is_some_and(|token| token.is_capital(reader.text)) && !reader.touches_next(at)
        };
        [b'(', b',', b';', b'[']
            .iter()
            .any(|sign| reader.is_mark(at, *sign))
            || is_name(at)
    });
    reader.says_any(mark, &MARKS) || reader.word(mark) == "b" && at < first && opens
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Birthdate;
    use crate::detect::testing::scanned;

    fn dates(text: &str) -> Vec<&str> {
        let found = scanned(text).findings;
        let own = found.iter().filter(|found| found.detector == Birthdate);
        own.map(|found| &text[found.start..found.end]).collect()
    }

    #[test]
    fn a_sign_makes_a_birth_of_a_date() {
        for (text, date) in [
            ("her daughter (b. 2011-02-28) is on it too", "2011-02-28"),
            ("Ina Lake b. 4/5/2006", "4/5/2006"),
            ("Ina Lake, b. Boxing Day 2004", "Boxing Day 2004"),
            ("Ina See, geb. 3.4.2001, Kiel", "3.4.2001"),
            ("Ina See * 03.04.2001", "03.04.2001"),
        ] {
            assert_eq!(dates(text), [date], "{text}");
        }
        for text in [
            "section b. 3/4/2026 update",
            "part b 3/4/2025",
            "5 * 10.10.2010",
            "A. 3/4/2026. B. 4/5/2026.",
            "** 10.10.2010 **",
        ] {
            assert_eq!(dates(text).len(), 0, "{text}");
        }
    }
}
