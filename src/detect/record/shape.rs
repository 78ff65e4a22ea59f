//! Whether what stands under a key looks like what the key names.

use crate::detect::english::{Class, NO_VALUES, NumberWord};
use crate::detect::read::Lexicon;
use crate::detect::{Detector, is_common_word};

/// Whether a cell holds no value: "unknown", a type of a schema, a placeholder.
pub(super) fn is_no_value(value: &str) -> bool {
    let is_placeholder = value.starts_with(['[', '{', '<', '$']) || value.contains("{{");
    let is_said = |word: &&str| value.eq_ignore_ascii_case(word);
    value.is_empty() || is_placeholder || NO_VALUES.iter().any(is_said)
}

/// Whether a value may be a whole one of a kind. `is_line`: it may as well be prose.
pub(super) fn fits(kind: Detector, value: &str, is_line: bool) -> bool {
    let count = |test: fn(char) -> bool| value.chars().filter(|c| test(*c)).count();
    let digits = count(|c| c.is_ascii_digit());
    let letters = count(char::is_alphabetic);
    let signs = count(char::is_alphanumeric);
    let length = value.chars().count();
    let is_one = !value.contains(char::is_whitespace);
    let is_number = letters == 0 && length <= digits + digits / 2 + 4 && !is_timestamp(value);
    if is_masked(kind, value, digits, letters) {
        return true;
    }
    match kind {
        Detector::Name => is_name(value),
        Detector::Phone => (7..=17).contains(&digits) && letters <= 4 && !is_timestamp(value),
        Detector::Email => value.contains('@') && length <= 80,
        Detector::Birthdate => is_date(value, digits, letters),
        Detector::Ssn => (4..=11).contains(&digits) && is_mask(value),
        Detector::Card => (4..=19).contains(&digits) && is_mask(value),
        Detector::Cvv => matches!(digits, 3 | 4) && letters == 0 && length == digits,
        Detector::Pin => (3..=8).contains(&digits) && is_one && letters <= 2 && length <= 8,
        Detector::Account => {
            digits >= 4
                && letters <= 12
                && length <= 36
                && !is_timestamp(value)
                && (is_number || is_one)
        }
        Detector::Iban => digits >= 8 && letters >= 2 && signs <= 34,
        Detector::Zip => (3..=10).contains(&signs) && digits >= 2 && length <= 11,
        Detector::Id => is_id(value, digits, signs),
        Detector::Address => is_address(value, digits, letters, is_line),
        Detector::Secret => is_one && length >= 4 && !is_line && (digits > 0 || length >= 8),
        Detector::Ip | Detector::Url => false,
    }
}

/// Whether a value is a code: letters and digits, or digits with marks between, and no date.
pub(super) fn is_code(value: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "-/._#".contains(c);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let groups = || value.split(|c: char| !c.is_ascii_alphanumeric());
    let is_short = |group: &str| group.len() <= 2 || group.len() == 4;
    let is_joined = value.contains(['-', '/']) && digits >= 6 && !groups().all(is_short);
    value.chars().all(is_sign)
        && (5..=32).contains(&(letters + digits))
        && (letters > 0 && digits >= 3 || letters == 0 && is_joined)
        && !is_timestamp(value)
}

/// Whether a value may be what somebody signs in as: one word that no text has, or with signs.
pub(super) fn is_user_name(value: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let is_mixed = value.contains(|c: char| c.is_ascii_digit() || "._-".contains(c));
    let entry = Lexicon::get().entry(value);
    let is_word = entry.id != 0 || !entry.classes.is_empty() || is_common_word(value);
    (3..=40).contains(&value.len())
        && value.chars().all(is_sign)
        && value.contains(|c: char| c.is_ascii_alphabetic())
        && value.starts_with(|c: char| c.is_ascii_alphanumeric())
        && (is_mixed || !is_word)
        && !is_timestamp(value)
}

/// Whether a value may be a part of one of a kind.
pub(super) fn is_part(kind: Detector, value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_number = value
        .chars()
        .all(|c| c.is_ascii_digit() || " -+()".contains(c));
    match kind {
        Detector::Name => is_name(value),
        Detector::Address => value.len() >= 2 && value.len() <= 60 && !value.contains(['@', '{']),
        Detector::Birthdate => (1..=4).contains(&digits) && value.len() <= 9,
        _ => is_number && digits >= 2,
    }
}

/// Whether a value has an account's form, whatever its key: a few capitals, then digits.
pub(super) fn is_coded_account(value: &str) -> bool {
    let number = value.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let is_number = number.bytes().all(|c| c.is_ascii_digit() || c == b'-');
    (1..=4).contains(&(value.len() - number.len())) && is_number && (6..=17).contains(&digits)
}

/// What a person's cell holds: a name, or how they are reached.
pub(super) fn person(value: &str, is_line: bool) -> Option<Detector> {
    [Detector::Email, Detector::Phone]
        .into_iter()
        .find(|kind| fits(*kind, value, is_line))
        .or_else(|| {
            let words = || value.split_whitespace();
            let is_capital = |word: &str| word.starts_with(char::is_uppercase);
            let is_told = match is_line {
                // "Student: Dana Whitfield", but not "Customer: yes please".
                true => words().count() > 1 && words().all(is_capital),
                false => words().count() > 1 || is_capital(value),
            };
            let is_plain = words().all(|word| is_common_word(word.trim_matches(',')));
            (is_told && !(is_line && is_plain) && is_name(value)).then_some(Detector::Name)
        })
}

/// What the cell of a user holds: a person, or what they sign in as.
pub(super) fn user(value: &str, is_line: bool) -> Option<Detector> {
    const SHORTEST: usize = 5;
    let is_name = !is_line && value.len() >= SHORTEST && is_user_name(value);
    person(value, is_line).or_else(|| is_name.then_some(Detector::Id))
}

// One to five words of letters, none of which every text has.
fn is_name(value: &str) -> bool {
    const WORDS: usize = 5;
    let is_plain = value
        .chars()
        .all(|c| c.is_alphabetic() || " '’.-,".contains(c));
    let words: Vec<&str> = value.split_whitespace().collect();
    if !is_plain || words.is_empty() || words.len() > WORDS || value.len() < 2 {
        return false;
    }
    let common = Class::CLOSED | Class::LEAD | Class::COPULA | Class::FILLER | Class::NO_NAME;
    let is_common = |word: &str| {
        let entry = Lexicon::get().entry(word.trim_matches([',', '.']));
        let is_capital = word.starts_with(char::is_uppercase) && words.len() > 1;
        let is_number = !matches!(entry.number, NumberWord::None | NumberWord::Month(_));
        let is_name_too = entry.classes.contains(Class::NAME_TOO) && words.len() > 1;
        (entry.classes.intersects(common) || is_number) && !is_capital && !is_name_too
    };
    !words.iter().any(|word| is_common(word))
}

fn is_date(value: &str, digits: usize, letters: usize) -> bool {
    let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let small = value.to_lowercase();
    let has_month = months.iter().any(|month| small.contains(month));
    let is_short = value.len() <= 32;
    let is_year = digits == 4 && letters == 0 && value.len() == 4;
    is_short && (digits >= 4 && (letters <= 3 || has_month) || is_year)
}

// Digits and what hides some of them.
fn is_mask(value: &str) -> bool {
    value
        .chars()
        .all(|c| c.is_ascii_digit() || " -.*•xX#".contains(c))
}

// "***-***-0142", "DE89 **** **** 3000": what is left of a number.
fn is_masked(kind: Detector, value: &str, digits: usize, letters: usize) -> bool {
    let has_letters = matches!(kind, Detector::Iban | Detector::Id | Detector::Account);
    let own = value.trim_start_matches(|c: char| has_letters && c.is_ascii_uppercase() && c != 'X');
    let is_kind = has_letters || matches!(kind, Detector::Phone | Detector::Ssn | Detector::Card);
    let signs = value.chars().filter(|c| "*•#xX".contains(*c)).count();
    let is_written = || {
        own.chars()
            .all(|c| c.is_ascii_digit() || " -.*•xX#()+".contains(c))
    };
    is_kind && signs >= 2 && (2..=8).contains(&digits) && letters <= 20 && is_written()
}

fn is_id(value: &str, digits: usize, signs: usize) -> bool {
    let blanks = value.matches(' ').count();
    // "7741-KX / Consultant: …", "N4720831 expires 2031": more than a code.
    let is_word = |word: &str| {
        word.len() >= 3
            && !word.contains(|c: char| c.is_ascii_digit())
            && word.contains(|c: char| c.is_ascii_lowercase())
    };
    let is_code = value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || " -_/.:#".contains(c));
    is_code
        && !value.split(' ').any(is_word)
        && digits >= 2
        && (4..=40).contains(&signs)
        && blanks <= 5
        && !is_timestamp(value)
}

fn is_address(value: &str, digits: usize, letters: usize, is_line: bool) -> bool {
    let is_other = value.contains(['@', '{', '=']) || value.contains("://");
    let starts = value.starts_with(|c: char| c.is_ascii_digit() || c.is_uppercase());
    let words = value.split_whitespace().count();
    let is_told = match is_line {
        true => digits > 0 && starts && words > 1,
        false => words > 1 || digits > 0 || starts,
    };
    letters >= 3 && value.len() <= 140 && !is_other && is_told
        || letters == 0 && !is_line && (1..=6).contains(&digits) && value.len() == digits
}

// "2026-03-09T10:30:00Z": when something was, and no number.
fn is_timestamp(value: &str) -> bool {
    let bytes = value.as_bytes();
    let is_day = bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-';
    is_day || value.contains(':') && value.len() < 9
}
