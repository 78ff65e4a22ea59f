//! National numbers with letters that check them: Spain's, Ireland's, Singapore's and Italy's, and
//! those of people who came to the United States.
//!
//! It looks at what is written in one piece. Where one is spoken of, `code.rs` finds it whatever its
//! letters.

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::growing::{NOWHERE, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::read::{TokenKind, TokenReader};

/// How far back a number may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    begins: |growing| growing.formed(&[Detector::Id]),
    ..NOWHERE
};

/// Claims the numbers of a passage.
pub(crate) fn claim(hearing: &mut Hearing) {
    let reader = hearing.passage.reader();
    for at in hearing.passage.first..hearing.passage.end {
        let is_digits = reader
            .token(at)
            .is_some_and(|token| token.kind == TokenKind::Digits);
        let Some(range) = is_digits.then(|| number_at(reader, at)).flatten() else {
            continue;
        };
        if range.start >= hearing.passage.first && !hearing.claims.is_any_taken(range.clone()) {
            let value = (range.clone()).map(|at| reader.word(at).replace('-', "").to_uppercase());
            hearing.claims.claim(range, Detector::Id, value.collect());
        }
    }
}

// The tokens of the number whose first digits stand at a place.
fn number_at(reader: TokenReader, at: usize) -> Option<Range<usize>> {
    let digits = reader.word(at);
    let (before, start) = letters_before(reader, at);
    match digits.len() {
        2 => fiscal(reader, at, before),
        10 => receipt(reader, at, before, start),
        3 | 8 | 9 => foreigner(reader, at, before).or_else(|| {
            (digits.len() == 8 && before.is_empty()).then(|| spanish(reader, at, "", at))?
        }),
        7 => match before {
            "X" | "Y" | "Z" | "x" | "y" | "z" => spanish(reader, at, before, start),
            "" => irish(reader, at),
            _ => singaporean(reader, at, before, start),
        },
        _ => None,
    }
}

// The letters that touch digits, perhaps with a hyphen between, and where they stand.
fn letters_before(reader: TokenReader<'_>, at: usize) -> (&str, usize) {
    let touching = |at: usize| {
        at.checked_sub(1)
            .filter(|before| reader.touches_next(*before))
    };
    let Some(before) = touching(at) else {
        return ("", at);
    };
    let hyphen = reader
        .is_mark(before, b'-')
        .then(|| touching(before))
        .flatten();
    let before = hyphen.unwrap_or(before);
    match reader.token(before) {
        Some(token) if token.is_word() => (reader.word(before), before),
        // Something else is glued to it.
        _ => ("-", before),
    }
}

// The letters that touch digits behind them, and the token behind those.
fn letters_behind(reader: TokenReader<'_>, at: usize) -> Option<(&str, usize)> {
    let hyphen = reader.touches_next(at) && reader.is_mark(at + 1, b'-');
    let behind = at + 1 + usize::from(hyphen);
    let is_word = reader.token(behind).is_some_and(|token| token.is_word());
    (is_word && reader.touches_next(behind - 1) && !is_glued(reader, behind))
        .then(|| (reader.word(behind), behind + 1))
}

// Whether a letter, a digit or a hyphen touches a token behind it.
fn is_glued(reader: TokenReader, at: usize) -> bool {
    let next = reader.token(at + 1).filter(|_| reader.touches_next(at));
    next.is_some_and(|next| next.is_word() || next.kind == TokenKind::Digits || next.is_mark(b'-'))
}

fn is_letter(word: &str, letter: u8) -> bool {
    word.len() == 1
        && word
            .as_bytes()
            .first()
            .is_some_and(|own| own.eq_ignore_ascii_case(&letter))
}

// "12345678Z", "X-1234567-L": what is left of the number by 23 is a letter.
fn spanish(reader: TokenReader, at: usize, before: &str, start: usize) -> Option<Range<usize>> {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let begin = match before {
        "Y" | "y" => "1",
        "Z" | "z" => "2",
        _ => "",
    };
    let number: usize = format!("{begin}{}", reader.word(at)).parse().ok()?;
    let (letter, end) = letters_behind(reader, at)?;
    is_letter(letter, *LETTERS.get(number % 23)?).then_some(start..end)
}

// "1234567T", "1234567FA".
fn irish(reader: TokenReader, at: usize) -> Option<Range<usize>> {
    const LETTERS: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";
    let (letters, end) = letters_behind(reader, at)?;
    let letters = letters.as_bytes();
    let second = match letters.get(1).map(u8::to_ascii_uppercase) {
        None | Some(b'W') => 0,
        Some(letter @ b'A'..=b'I') => usize::from(letter - b'A') + 1,
        Some(_) => return None,
    };
    let digits = reader
        .word(at)
        .bytes()
        .map(|digit| usize::from(digit - b'0'));
    let sum: usize = digits
        .zip((2..=8).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    let check = LETTERS.get((sum + 9 * second) % 23)?;
    let is_right = letters
        .first()
        .is_some_and(|letter| letter.eq_ignore_ascii_case(check));
    (is_right && letters.len() <= 2).then_some(at..end)
}

// "S1234567D".
fn singaporean(reader: TokenReader, at: usize, before: &str, start: usize) -> Option<Range<usize>> {
    const WEIGHTS: [usize; 7] = [2, 7, 6, 5, 4, 3, 2];
    let (more, letters): (usize, &[u8; 11]) = match before {
        "S" | "s" => (0, b"JZIHGFEDCBA"),
        "T" | "t" => (4, b"JZIHGFEDCBA"),
        "F" | "f" => (0, b"XWUTRQPNMLK"),
        "G" | "g" => (4, b"XWUTRQPNMLK"),
        _ => return None,
    };
    let digits = reader
        .word(at)
        .bytes()
        .map(|digit| usize::from(digit - b'0'));
    let sum: usize = digits
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let (letter, end) = letters_behind(reader, at)?;
    is_letter(letter, *letters.get((sum + more) % 11)?).then_some(start..end)
}

// "A087-665-431", "A087665431", "A12345678".
fn foreigner(reader: TokenReader, at: usize, before: &str) -> Option<Range<usize>> {
    if before != "A" {
        return None;
    }
    let (_, start) = letters_before(reader, at);
    let is_part = |from: usize| {
        let is_digits = reader
            .token(from)
            .is_some_and(|token| token.kind == TokenKind::Digits);
        is_digits && reader.word(from).len() == 3 && reader.touches_next(from - 1)
    };
    let is_joined = |mark: usize| reader.is_mark(mark, b'-') && reader.touches_next(mark - 1);
    let end = match reader.word(at).len() {
        3 => (is_joined(at + 1) && is_part(at + 2) && is_joined(at + 3) && is_part(at + 4))
            .then_some(at + 5)?,
        _ => at + 1,
    };
    (!is_glued(reader, end - 1)).then_some(start..end)
}

// "IOE0912345678": a service centre of those who came to the United States, and their case.
fn receipt(reader: TokenReader, at: usize, before: &str, start: usize) -> Option<Range<usize>> {
    const CENTRES: [&str; 8] = ["IOE", "MSC", "EAC", "WAC", "LIN", "SRC", "NBC", "YSC"];
    let is_one = CENTRES
        .iter()
        .any(|centre| before.eq_ignore_ascii_case(centre));
    (is_one && !is_glued(reader, at)).then_some(start..at + 1)
}

// "RSSMRA85T10A562S": a name, a year, a month, a day, a town, and a letter.
fn fiscal(reader: TokenReader, at: usize, before: &str) -> Option<Range<usize>> {
    const LENGTHS: [(bool, usize); 6] = [
        (false, 2),
        (true, 1),
        (false, 2),
        (true, 1),
        (false, 3),
        (true, 1),
    ];
    if before.len() != 6 || !reader.touches_next(at - 1) || reader.is_mark(at - 1, b'-') {
        return None;
    }
    let fits = LENGTHS.iter().enumerate().all(|(step, (is_word, length))| {
        let token = reader
            .token(at + step)
            .filter(|token| token.len() == *length);
        let is_kind = token.is_some_and(|token| match is_word {
            true => token.is_word(),
            false => token.kind == TokenKind::Digits,
        });
        is_kind && reader.touches_next(at + step - 1)
    });
    let end = at + LENGTHS.len();
    (fits && !is_glued(reader, end - 1)).then_some(at - 1..end)
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn letters_that_check_digits_tell_a_national_number() {
        for value in [
            "12345678Z",
            "12345678-Z",
            "X1234567L",
            "1234567T",
            "1234567FA",
            "S1234567D",
            "A087-665-431",
            "A087665431",
            "RSSMRA85T10A562S",
            "IOE0912345678",
        ] {
            check_one(Detector::Id, &format!("we have {value} for her"), value);
        }
    }

    #[test]
    fn other_letters_and_digits_stay() {
        for text in [
            "we have 12345678A for her",
            "it is order 12345678Z",
            "the S1234567E model",
            "part B087-665-431",
            "on the A38 at 2345678",
            "the 1234567Z one",
            "case number ABC0912345678",
        ] {
            check(text, &[]);
        }
    }
}
