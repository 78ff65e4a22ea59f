//! What a person is said to be called: "the boy is Kip", "the driver who hit me was Chase", "she's
//! called Wren".
//!
//! A person must be spoken of, and the name have a capital but where it is said to be one.

use std::ops::Range;

use super::evidence::is_other;
use super::frame::is_kin;
use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::english::{Class, PEOPLE};

const OWNERS: [&str; 5] = ["my", "our", "his", "her", "their"];

/// The name at a place that somebody is said to have.
pub(super) fn told_of(names: &NameReader, at: usize) -> Option<Range<usize>> {
    const LONGEST: usize = 3;
    let before = at.checked_sub(1).filter(|before| names.has(*before))?;
    let is_called = names.reader.says_any(before, &["called", "named"]);
    if names.grade(at) == NameGrade::Never {
        return None;
    }
    if !names.is_capital(at) && !is_called {
        return near_one(names, at, before);
    }
    let name = at..names.end(at);
    if name.is_empty() || name.len() > LONGEST || names.names_thing(name.clone()) {
        return None;
    }
    let reader = &names.reader;
    let is_told = match () {
        () if reader.says_any(before, &["is", "was"]) => {
            is_calling(names, &name) && !is_other(names, at) && is_person(names, before, false)
        }
        () if is_called && !names.is_capital(at) && !is_calling(names, &name) => false,
        () if is_called => {
            let verb = before.checked_sub(1)?;
            let is_is = reader.says_any(verb, &["is", "was"]);
            is_person(names, if is_is { verb } else { before }, true)
        }
        // "My bridesmaid Ife".
        () => {
            let whose = before.checked_sub(1).filter(|whose| names.has(*whose));
            let is_owned = whose.is_some_and(|at| reader.says_any(at, &OWNERS));
            let is_known = names.grade(at) >= NameGrade::Unknown || names.sense(at).is_given();
            is_owned && is_known && reader.says_any(before, PEOPLE)
        }
    };
    is_told.then_some(name)
}

// "A lodger dez", "my sister moana": a word of small letters that ends what is said of somebody.
fn near_one(names: &NameReader, at: usize, one: usize) -> Option<Range<usize>> {
    // Before another noun too: "contact lenses", "baby monitor".
    const COMPOUND: [&str; 20] = [
        "one", "guest", "contact", "patient", "agent", "student", "nurse", "man", "woman",
        "person", "baby", "child", "kid", "toddler", "twin", "mother", "partner", "friend", "mate",
        "mgr",
    ];
    // "My cleaner hoovers", "my wife vomited".
    const VERBS: [&str; 5] = ["s", "ed", "ing", "ly", "n't"];
    let reader = &names.reader;
    let whose = one.checked_sub(1).filter(|whose| names.has(*whose))?;
    let word = reader.word(at);
    let may_be = names.grade(at) == NameGrade::Unknown && word.len() > 2;
    if !may_be || !names.ends(at + 1) {
        return None;
    }
    let is_owned = reader.says_any(whose, &OWNERS) || reader.says_any(whose, &["a", "the"]);
    let is_owner = reader
        .token(one)
        .is_some_and(|token| token.has(Class::POSSESSIVE));
    let is_one = is_one(names, one) && !is_owner && !reader.says_any(one, &COMPOUND);
    let is_verb = VERBS.iter().any(|end| word.ends_with(end));
    (is_owned && is_one && !is_verb).then_some(at..at + 1)
}

/// The name at a place that is told as another was before it: "dad's name was Ignatius and mam's
/// Concepta".
pub(super) fn told_of_another(
    names: &NameReader,
    at: usize,
    last: &Range<usize>,
) -> Option<Range<usize>> {
    const NEAR: usize = 12;
    const BEFORE: usize = 6;
    let reader = &names.reader;
    let is_near = at > last.end && at <= last.end + NEAR;
    let verb = at.checked_sub(1).filter(|_| is_near)?;
    let is_is = reader.says_any(verb, &["is", "was"]);
    let is_owner = reader
        .token(verb)
        .is_some_and(|token| token.has(Class::POSSESSIVE));
    let one = if is_is { verb.checked_sub(1)? } else { verb };
    let is_told = (is_is || is_owner) && one >= last.end && is_one(names, one);
    let mut between = last.end..one;
    let is_same = between.clone().all(|at| !reader.ends_sentence(at));
    let mut before = (last.start.saturating_sub(BEFORE)..last.start).filter(|at| names.has(*at));
    // "I'm will and my brother's mark".
    let is_own = last.start.checked_sub(1).is_some_and(|own| {
        let own_words = ["i'm", "am", "name's", "is"];
        names.has(own) && reader.says_any(own, &own_words)
    });
    if !is_told || !is_same || !is_own && !before.any(|at| is_one(names, at)) {
        return None;
    }
    let is_corrected = between.any(|at| reader.says_any(at, &["no", "sorry", "wait"]));
    let name = at..names.end(at);
    let is_family = is_corrected && names.sense(at).is_name() && names.ends(name.end);
    let may_be = is_calling(names, &name) || is_family;
    (may_be && name.len() <= 2 && !is_other(names, at)).then_some(name)
}

// "Hunter", "Iggy", but not "Catholic": what somebody is.
fn is_calling(names: &NameReader, name: &Range<usize>) -> bool {
    const KINDS: [&str; 7] = ["ian", "ish", "ese", "ic", "im", "ist", "ean"];
    let at = name.start;
    let next = names.reader.token(name.end);
    let is_end = names.ends(name.end)
        || next.is_some_and(|next| next.has(Class::CLOSED | Class::JOIN | Class::FILLER));
    let word = names.reader.word(at);
    let is_name = match names.grade(at) {
        NameGrade::Unknown => !KINDS.iter().any(|end| word.ends_with(end)),
        NameGrade::Clear => true,
        _ => names.sense(at).is_given(),
    };
    is_end && is_name
}

// Whether somebody is spoken of before a place: "the boy", "the nurse on duty", "the man who …".
fn is_person(names: &NameReader, verb: usize, is_called: bool) -> bool {
    const REACH: usize = 8;
    const HE: [&str; 6] = ["he", "she", "he's", "she's", "who", "who's"];
    const BEHIND: [&str; 8] = [
        "who",
        "that",
        "upstairs",
        "downstairs",
        "next",
        "here",
        "there",
        "outside",
    ];
    const SAYS: [&str; 8] = [
        "said", "says", "thinks", "told", "because", "if", "and", "but",
    ];
    let reader = &names.reader;
    let mut words = (verb.saturating_sub(REACH)..verb).rev();
    let goes_on =
        |at: &usize| names.has(*at) && !reader.ends_sentence(*at) && !reader.says_any(*at, &SAYS);
    let Some(first) = words.by_ref().find(|at| !goes_on(at) || is_one(names, *at)) else {
        return false;
    };
    if !goes_on(&first) {
        return is_called && reader.says_any(verb.saturating_sub(1), &HE);
    }
    let behind = first + 1;
    let is_place = |token: &crate::detect::read::Token| token.has(Class::PREPOSITION);
    behind == verb
        || reader.says_any(behind, &BEHIND)
        || reader.token(behind).is_some_and(is_place)
        || reader.says(behind, "at")
        || is_called && reader.says_any(verb.saturating_sub(1), &HE)
}

// "The boy", "my little one", "our nurse".
fn is_one(names: &NameReader, at: usize) -> bool {
    let is_word = names.reader.token(at).is_some_and(|token| token.is_word());
    // "The wee one's called".
    let word = names.reader.word(at);
    let word = word.strip_suffix("'s").unwrap_or(word);
    let is_people = || PEOPLE.iter().any(|one| word.eq_ignore_ascii_case(one));
    is_word && (is_kin(names, at) || is_people())
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Name;
    use crate::detect::testing::check;

    #[test]
    fn what_somebody_is_called_is_a_name() {
        for (text, name) in [
            ("the boy is Kip", "Kip"),
            ("my little one is Juno at home", "Juno"),
            ("the driver who hit me was Chase", "Chase"),
            ("the nurse on duty was Dawn", "Dawn"),
            ("the girl is called Wren", "Wren"),
            ("she's called summer", "summer"),
            ("some guy named Rusty fixed it", "Rusty"),
            ("my bridesmaid Ife pays half", "Ife"),
        ] {
            check(text, &[(Name, name)]);
        }
    }

    #[test]
    fn one_of_two_is_told_as_the_other() {
        for (text, first, second) in [
            (
                "dad's name was ignatius and mam's concepta",
                "ignatius",
                "concepta",
            ),
            (
                "my husband's fintan and my daughter's aoibhe",
                "fintan",
                "aoibhe",
            ),
            (
                "my partner ingrid solheim and a lodger dez",
                "ingrid solheim",
                "dez",
            ),
            (
                "my son's called summer no that's my daughter my son is river",
                "summer",
                "river",
            ),
        ] {
            check(text, &[(Name, first), (Name, second)]);
        }
    }

    #[test]
    fn what_somebody_is_or_does_stays() {
        for text in [
            "my son is Welsh",
            "the boy is Muslim",
            "my wife is Vegan",
            "the driver was Late",
            "my boss is Italian",
            "the one on the left is Blue",
            "a man called yesterday",
            "she's called twice",
            "my dog is called Biscuit",
            "the app is called Bloom",
            "the girl said the shop is called Zara",
            "my husband's furious and my daughter's asthmatic",
            "my cleaner hoovers",
            "we need a baby monitor",
        ] {
            check(text, &[]);
        }
    }
}
