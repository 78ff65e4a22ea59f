//! Names that no phrase gives: the table and capitals alone say that they are names.
//!
//! Places, brands, dishes and works are none, nor are names that are words too.

use std::ops::Range;

use super::again::ends_with;
use super::frame::{is_kin, is_titled};
use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::english::{Class, NumberWord, PEOPLE};
use crate::detect::themes::ThemesHere;

/// The name that starts at a place, told by its words alone, or by being said again.
pub(super) fn unframed(
    names: &NameReader,
    at: usize,
    last: Option<&Range<usize>>,
    themes: ThemesHere,
) -> Option<Range<usize>> {
    const NEAR: usize = 4;
    let is_told = |last: &Range<usize>| {
        // "May is the name, like the month, may robinson".
        let is_clear = names.grade(at) == NameGrade::Clear;
        let is_close = || is_clear || at <= last.end + NEAR;
        let is_full = || at <= last.end + 3 * NEAR && names.words(at..names.end(at)).count() > 1;
        is_again(names, at, last.start) && (is_close() || is_full())
            || last.len() == 1 && ends_with(names, at, last.start)
    };
    if last.is_some_and(is_told) {
        return Some(at..names.end(at));
    }
    if themes.is_of_works(at) || !may_begin(names, at) || is_of_thing(names, at) {
        return None;
    }
    let whole = at..names.end(at);
    if names.names_thing(whole.clone()) {
        return None;
    }
    let name = if names.is_full(whole.clone()) {
        whole
    } else if themes.is_of_money(at) {
        return None;
    } else if is_clear_alone(names, at) || is_of_kin(names, at) {
        at..at + 1
    } else {
        return None;
    };
    Some(name)
}

// "Emeka, Emeka Okonkwo".
fn is_again(names: &NameReader, at: usize, first: usize) -> bool {
    const WHEN: [&str; 7] = ["last", "next", "in", "since", "until", "by", "this"];
    // "This is May, about last May".
    let is_month = || {
        let token = names.reader.token(at);
        let is_too = token.is_some_and(|token| token.has(Class::NAME_TOO));
        is_too && at > 0 && names.reader.says_any(at - 1, &WHEN)
    };
    names.grade(at) >= NameGrade::Either
        && names.reader.says(at, names.reader.word(first))
        && !is_month()
}

fn may_begin(names: &NameReader, at: usize) -> bool {
    let is_mark = |mark| at > 0 && names.has(at - 1) && names.reader.is_mark(at - 1, mark);
    let is_inside = (is_mark(b'-') || is_mark(b'_')) && names.reader.touches_next(at - 1);
    let is_article = names
        .reader
        .token(at)
        .is_some_and(|token| token.has(Class::OF_THING));
    if is_inside || is_article {
        return false;
    }
    match names.grade(at) {
        NameGrade::Clear => true,
        // "Cc Ines Carvalho", but not "cc".
        NameGrade::Unknown => {
            const SHORT: usize = 3;
            let is_small = !names.begins_large(at) && names.begins_large(at + 1);
            let is_label = is_small && names.reader.word(at).len() <= SHORT;
            !is_label && names.sense(at + 1).is_clear()
        }
        NameGrade::Either => {
            names.begins_large(at)
                || names.is_given_before_family(at)
                || is_of_kin(names, at)
                || is_before_particle(names, at)
        }
        // "J. Whitfield".
        NameGrade::Letter => {
            names.begins_large(at)
                && names.reader.is_mark(at + 1, b'.')
                && names.begins_large(at + 2)
        }
        _ => false,
    }
}

// "Nick", but not "in the nick of time" or "I'm using Claude": one that many have, and no thing's.
fn is_clear_alone(names: &NameReader, at: usize) -> bool {
    const USES: [&str; 12] = [
        "using",
        "use",
        "used",
        "installed",
        "install",
        "downloaded",
        "download",
        "running",
        "via",
        "tried",
        "ordered",
        "drink",
    ];
    let reader = &names.reader;
    let is_used = at > 0 && names.has(at - 1) && reader.says_any(at - 1, &USES);
    // "Max ten people", "jack of all trades".
    let is_most = reader.says(at, "max") && names.says_number(at + 1);
    let is_saying = reader.says(at + 1, "of") && reader.says_any(at + 2, &["time", "all", "arc"]);
    // "Henry the eighth".
    let is_king =
        reader.says(at + 1, "the") && matches!(reader.number_word(at + 2), NumberWord::Ordinal(_));
    let is_thing = is_used || is_most || is_saying || is_king || is_kind(names, at);
    names.sense(at).is_clear_given() && !is_in_title(names, at) && !is_thing
}

// "A lotus elise", "a doubting thomas": in small letters, of which there are some.
fn is_kind(names: &NameReader, at: usize) -> bool {
    let Some(article) = at.checked_sub(2).filter(|article| names.has(*article)) else {
        return false;
    };
    let reader = &names.reader;
    let one = article + 1;
    let is_article = reader.says_any(article, &["a", "an", "any"]);
    let is_person = || {
        let word = reader.word(one);
        let is_people = PEOPLE.iter().any(|one| word.eq_ignore_ascii_case(one));
        is_people || is_kin(names, one) || is_titled(names, one)
    };
    let is_plain = || reader.token(one).is_some_and(|one| one.is_word());
    is_article && !names.begins_large(at) && names.ends(at + 1) && is_plain() && !is_person()
}

// "Jan van der Berg".
fn is_before_particle(names: &NameReader, at: usize) -> bool {
    names.sense(at).is_given() && names.is_head(at + 1)
}

// "Mad Max": one of some words with capitals.
fn is_in_title(names: &NameReader, at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|before| names.grade(before) == NameGrade::Common && names.is_capital(before))
}

// "Grace's mum".
fn is_of_kin(names: &NameReader, at: usize) -> bool {
    let token = names.reader.token(at);
    let is_owner = token.is_some_and(|token| token.has(Class::POSSESSIVE));
    // "A valentine's baby" is born on a day.
    if names.reader.says(at, "valentine's") {
        return false;
    }
    let is_kept = names
        .reader
        .says_any(at + 1, &["name", "account", "policy", "booking"]);
    is_owner && names.sense(at).is_given() && (is_kept || is_kin(names, at + 1))
}

// "St. John's", "the Jasmine", "hotel Monica".
fn is_of_thing(names: &NameReader, at: usize) -> bool {
    let before = if at > 0 && names.reader.is_mark(at - 1, b'.') {
        at.checked_sub(2)
    } else {
        at.checked_sub(1)
    };
    let token = before
        .filter(|before| names.has(*before))
        .and_then(|before| names.reader.token(before));
    let is_thing = token.is_some_and(|token| token.has(Class::OF_THING | Class::THING));
    let is_article = || before.is_some_and(|before| names.reader.says(before, "a"));
    is_thing && !(is_article() && is_whole_person(names, at))
}

// "I've a Thomas Brennan": a given name and a family's that are no words, and nothing that goes on.
fn is_whole_person(names: &NameReader, at: usize) -> bool {
    let name = at..names.end(at);
    let is_clear = |at| names.grade(at) == NameGrade::Clear;
    let next = names.reader.token(name.end);
    let is_over = next.is_none_or(|next| !next.is_word() || next.has(Class::CLOSED));
    name.len() == 2 && is_over && name.clone().all(is_clear) && names.is_full(name)
}
