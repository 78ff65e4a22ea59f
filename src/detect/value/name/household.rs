//! Families by their name: "we're the Mackenzies", "the Aldermans (4)".
//!
//! A band or a club is called so as well: who lives, comes or is spoken for must be told beside it.

use std::ops::Range;

use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::english::Class;
use crate::detect::people::NameSense;

/// The family that is named at a place, behind "the".
pub(super) fn household(names: &NameReader, at: usize) -> Option<Range<usize>> {
    let the = at.checked_sub(1).filter(|the| names.has(*the))?;
    let is_article = names.reader.token(the)?.has(Class::OF_THING);
    if !is_article || names.grade(at) == NameGrade::Never || !names.reader.says(the, "the") {
        return None;
    }
    let name = at..names.end(at).max(at + 1);
    let is_short = names.words(name.clone()).count() <= 2;
    let is_told = || is_beside(names, the) || lives(names, name.end);
    (is_short && is_family(names, &name) && is_told()).then_some(name)
}

// "Mackenzies": a family's name in the plural, and no word.
fn is_family(names: &NameReader, name: &Range<usize>) -> bool {
    const SHORT: usize = 4;
    let last = name.end - 1;
    let word = names.reader.word(last);
    let Some(stem) = word.strip_suffix("es").or_else(|| word.strip_suffix('s')) else {
        return false;
    };
    let stem = match word.strip_suffix('s') {
        Some(whole) if NameSense::of(whole).is_family() => whole,
        _ => stem,
    };
    let sense = NameSense::of(stem);
    let own = NameSense::of(word);
    let is_known = match names.is_capital(last) {
        true => sense.is_family() || sense.is_unknown(),
        false => sense.is_clear() && sense.is_family(),
    };
    let is_double = names.reader.touches_next(name.start) && name.end > name.start + 1;
    let first = NameSense::of(names.reader.word(name.start));
    let is_hyphened = is_double && first.is_clear() && sense.is_family();
    stem.len() > SHORT - 1 && !own.is_word_only() && (is_known || is_hyphened)
}

// "We're the …", "for the …", "from the …", "guests: …, the …".
fn is_beside(names: &NameReader, the: usize) -> bool {
    const BEFORE: [&str; 10] = [
        "we're", "are", "it's", "for", "from", "with", "by", "invite", "inviting", "and",
    ];
    let before = the.checked_sub(1).filter(|before| names.has(*before));
    before.is_some_and(|before| {
        let is_us = |at: usize| {
            names
                .reader
                .says_any(at, &["we're", "are", "it's", "invite"])
        };
        names.reader.says_any(before, &BEFORE[..4])
            && (is_us(before) || before > 0 && is_us(before - 1))
    })
}

// "… next door", "… at number forty", "… (4)", "… are coming".
fn lives(names: &NameReader, end: usize) -> bool {
    const WHERE: [&str; 9] = [
        "next",
        "upstairs",
        "downstairs",
        "opposite",
        "across",
        "moved",
        "live",
        "lived",
        "booking",
    ];
    let reader = &names.reader;
    let is_counted = reader.is_mark(end, b'(') && reader.says_digits(end + 1);
    let is_are = reader.says_any(end, &["are", "were", "have"]);
    let comes = [
        "coming", "next", "moving", "away", "in", "at", "moved", "gone",
    ];
    let is_at = reader.says(end, "at")
        && reader.token(end + 1).is_some_and(|token| {
            token.says_digits() || token.has(Class::FLAT) || reader.says(end + 1, "number")
        });
    is_counted
        || is_at
        || reader.says_any(end, &WHERE)
        || is_are && reader.says_any(end + 1, &comes)
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Name;
    use crate::detect::testing::check;

    #[test]
    fn families_are_named() {
        for (text, name) in [
            ("we're the mackenzies at number forty", "mackenzies"),
            ("the mackenzie-woods are next door", "mackenzie-woods"),
            ("it's for the Aldermans (4)", "Aldermans"),
            ("the Okafors upstairs get our post", "Okafors"),
        ] {
            check(text, &[(Name, name)]);
        }
    }

    #[test]
    fn bands_clubs_and_plain_words_are_none() {
        for text in [
            "play something by the Smiths",
            "we're the winners at last",
            "the tables next to the door",
            "the kids upstairs are loud",
            "two tickets for the Lakers",
            "we're the ones at number forty",
            "the Highlands are next",
        ] {
            check(text, &[]);
        }
    }
}
