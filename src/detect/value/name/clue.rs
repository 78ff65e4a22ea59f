//! Names told by what somebody is or does there: "Faith is my daughter", "Aoibhe Rose, born …", "I'm
//! the junior, Obiora", "two l's in Llewellyn", "Grahams-iPad", "user kwame.boateng".
//!
//! Only what a caller says or a record holds is read so.

use std::ops::Range;

use super::again::is_determined;
use super::evidence::is_other;
use super::frame::is_kin;
use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::english::Class;
use crate::detect::people::NameSense;
use crate::detect::read::TokenKind;

/// The name at a place that a clue beside it tells.
pub(super) fn told_by_clue(names: &NameReader, at: usize) -> Option<Range<usize>> {
    if names.grade(at) < NameGrade::Letter {
        return None;
    }
    if names.grade(at) == NameGrade::Letter {
        return login(names, at);
    }
    if !has_clue(names, at) || is_other(names, at) {
        return None;
    }
    let name = at..names.end(at);
    if !name.is_empty() && (is_of_letters(names, &name) || is_whose(names, &name)) {
        return Some(name);
    }
    if is_determined(names, at) {
        return None;
    }
    device(names, at).or_else(|| login(names, at)).or_else(|| {
        let is_told =
            is_one_of_mine(names, &name) || is_born(names, &name) || is_introduced(names, &name);
        (!name.is_empty() && is_told && !names.names_thing(name.clone())).then_some(name)
    })
}

// Whether anything near a place may tell; most words have nothing of the kind beside them.
fn has_clue(names: &NameReader, at: usize) -> bool {
    const FURTHEST: usize = 3;
    let reader = &names.reader;
    let tells = |at: usize| {
        reader.token(at).is_some_and(|token| match token.kind {
            TokenKind::Mark(mark) => b",.-_".contains(&mark),
            TokenKind::Word => {
                token.has(Class::COPULA) || token.len() == 4 && reader.says(at, "born")
            }
            _ => false,
        })
    };
    let is_owner = reader
        .token(at)
        .is_some_and(|token| token.has(Class::POSSESSIVE));
    let before = at.checked_sub(1);
    let before = before.and_then(|at| reader.token(at));
    // "In" is of the class.
    let is_behind = before.is_some_and(|it| it.is_mark(b',') || it.has(Class::OF_THING));
    is_owner || is_behind || (at + 1..=at + FURTHEST).any(tells)
}

// "Kieran's brother", "in Dervla's name": a word that is no other, and whose they are.
fn is_whose(names: &NameReader, name: &Range<usize>) -> bool {
    const FAMILY: [&str; 30] = [
        "mum",
        "mom",
        "mam",
        "mother",
        "dad",
        "da",
        "father",
        "brother",
        "sister",
        "son",
        "daughter",
        "wife",
        "husband",
        "nan",
        "gran",
        "granny",
        "grandad",
        "grandma",
        "auntie",
        "aunt",
        "uncle",
        "cousin",
        "niece",
        "nephew",
        "widow",
        "missus",
        "girlfriend",
        "boyfriend",
        "wedding",
        "funeral",
    ];
    let reader = &names.reader;
    let is_owner = reader
        .token(name.end - 1)
        .is_some_and(|last| last.has(Class::POSSESSIVE) && last.entry.id == 0);
    let is_in = name.start > 0 && reader.says_any(name.start - 1, &["in", "under"]);
    let is_name = is_in && reader.says(name.end, "name");
    let is_known = match names.grade(name.start) {
        NameGrade::Unknown => reader.word(name.start).len() > 4,
        _ => names.sense(name.start).is_given(),
    };
    let is_family = name.len() == 1 && reader.says_any(name.end, &FAMILY);
    is_owner && is_known && (is_family || is_name)
}

// "Faith is my daughter", but not "music is my friend".
fn is_one_of_mine(names: &NameReader, name: &Range<usize>) -> bool {
    const OWNERS: [&str; 5] = ["my", "our", "his", "her", "their"];
    let reader = &names.reader;
    let end = name.end;
    let is_is = reader.says_any(end, &["is", "was"]) && reader.says_any(end + 1, &OWNERS);
    let is_whole = !reader
        .token(end + 2)
        .is_some_and(|kin| kin.has(Class::POSSESSIVE));
    let is_named = match names.grade(name.start) {
        NameGrade::Unknown => names.begins_large(name.start),
        _ => names.sense(name.start).is_given(),
    };
    is_is && is_whole && is_kin(names, end + 2) && is_named && name.len() <= 2
}

// "Aoibhe Rose, born 22/11/2026".
fn is_born(names: &NameReader, name: &Range<usize>) -> bool {
    let reader = &names.reader;
    let comma = name.end + usize::from(reader.is_mark(name.end, b','));
    let is_large = names.words(name.clone()).all(|at| names.begins_large(at));
    let first = names.sense(name.start);
    let is_known = names.grade(name.start) == NameGrade::Unknown || first.is_given();
    let is_day = reader.token(comma + 1).is_some_and(|day| {
        day.says_number() || reader.says_any(comma + 1, &["on", "the", "today", "yesterday"])
    });
    reader.says(comma, "born") && is_large && is_known && is_day
}

// "I'm the junior, Obiora."
fn is_introduced(names: &NameReader, name: &Range<usize>) -> bool {
    const OWN: [&str; 6] = ["i'm", "am", "it's", "is", "that's", "here's"];
    let reader = &names.reader;
    let Some(first) = name.start.checked_sub(4).filter(|first| names.has(*first)) else {
        return false;
    };
    let is_clause = reader.says_any(first, &OWN)
        && reader.says_any(first + 1, &["the", "his", "her", "their", "your", "my"])
        && reader.token(first + 2).is_some_and(|token| token.is_word())
        && reader.is_mark(first + 3, b',');
    let is_known = match names.grade(name.start) {
        NameGrade::Unknown | NameGrade::Clear => true,
        _ => names.sense(name.start).is_given(),
    };
    let is_last = reader.token(name.end).is_none() || reader.ends_sentence(name.end);
    is_clause && is_known && is_last && names.is_capital(name.start)
}

// "Two l's in Llewellyn".
fn is_of_letters(names: &NameReader, name: &Range<usize>) -> bool {
    let reader = &names.reader;
    let at = name.start;
    let Some(letter) = at.checked_sub(2).filter(|at| *at > 0 && names.has(*at - 1)) else {
        return false;
    };
    let word = reader.word(letter);
    let is_letter = reader.is_letter(letter) || word.len() == 3 && word.ends_with("'s");
    let is_counted = reader.says_number(letter - 1) || reader.says_any(letter - 1, &["a", "an"]);
    let is_named = names.grade(at) >= NameGrade::Unknown || names.sense(at).is_name();
    reader.says(at - 1, "in") && is_letter && is_counted && is_named
}

// "Grahams-iPad", "Graham's iPhone".
fn device(names: &NameReader, at: usize) -> Option<Range<usize>> {
    const DEVICES: [&str; 10] = [
        "ipad", "iphone", "macbook", "imac", "laptop", "pc", "galaxy", "pixel", "phone", "watch",
    ];
    let reader = &names.reader;
    let hyphen = reader.is_mark(at + 1, b'-') && reader.touches_next(at);
    let word = reader.word(at).strip_suffix('s')?;
    let is_name =
        NameSense::of(word).is_clear_given() && NameSense::of(reader.word(at)).is_unknown();
    (hyphen && is_name && reader.says_any(at + 2, &DEVICES)).then_some(at..at + 1)
}

// "Kwame.boateng": a given name and a family's, and nothing that goes on.
fn login(names: &NameReader, at: usize) -> Option<Range<usize>> {
    let reader = &names.reader;
    let is_dot = |at: usize| reader.is_mark(at, b'.') || reader.is_mark(at, b'_');
    let is_free = at == 0 || !reader.touches_next(at - 1) || !names.has(at - 1);
    let is_one = is_dot(at + 1) && reader.touches_next(at) && reader.touches_next(at + 1);
    let (given, family) = (names.sense(at), names.sense(at + 2));
    let is_named = given.is_clear() && given.is_given() && family.is_clear() && family.is_family();
    let goes_on = reader.touches_next(at + 2)
        && reader.token(at + 3).is_some_and(|next| {
            next.is_mark(b'@')
                || next.is_mark(b'/')
                || is_dot(at + 3) && reader.goes_on_glued(at + 3)
        });
    // "Reviewer=m.santos".
    let is_value = at > 0 && (reader.is_mark(at - 1, b'=') || reader.is_mark(at - 1, b'@'));
    let is_initial = reader.is_letter(at) && is_value && family.is_clear() && family.is_family();
    let is_named = is_named || is_initial;
    (is_one && !goes_on && is_named && (is_free || is_initial)).then_some(at..at + 3)
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Name;
    use crate::detect::testing::check;

    #[test]
    fn what_somebody_is_tells_of_a_name() {
        for (text, name) in [
            ("faith is my daughter", "faith"),
            ("baby arrived! Aoibhe Rose, born on Sunday", "Aoibhe Rose"),
            ("Senior or junior? I'm the junior, Obiora.", "Obiora"),
            ("there are two l's in llewellyn", "llewellyn"),
            ("the lease went to Grahams-iPad", "Grahams"),
            ("USER kwame.boateng locked out", "kwame.boateng"),
        ] {
            check(text, &[(Name, name)]);
        }
    }

    #[test]
    fn what_is_no_person_stays() {
        for text in [
            "music is my best friend",
            "this is my wife",
            "hope is my brother's idea",
            "two rooms in lisbon",
            "I'm the driver, Tuesday.",
            "a dress in Jersey",
            "the file is main.rs",
            "the work-phone is off",
        ] {
            check(text, &[]);
        }
    }
}
