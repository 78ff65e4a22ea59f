//! What the words behind a phrase say of being a name, and what the phrase adds to it.
//!
//! Which phrases there are, and how far a name goes, others say.

use std::ops::Range;

use super::grade::NameGrade;
use super::reader::NameReader;
use super::spelled::spelled_behind;
use super::whole::NameWords;
use crate::detect::english::{Class, NameFrame, NumberWord};
use crate::detect::read::TokenKind;

/// Whether the words behind a phrase are a name, as far as it says.
pub(super) fn is_told(
    names: &NameReader,
    frame: NameFrame,
    phrase: Range<usize>,
    name: Range<usize>,
) -> bool {
    let words = NameWords::of(names, name.clone());
    let at = name.start;
    match frame {
        NameFrame::Told => true,
        NameFrame::Own => words.count > 1 || !is_other(names, at),
        NameFrame::Titled => is_titled(names, phrase.start, name),
        NameFrame::Likely => {
            words.is_likely()
                || (words.count == 1 && words.large > 0 && !is_other(names, at))
                || names.reader.says(phrase.end - 1, "under") && is_kept_under(names, phrase, name)
        }
        NameFrame::Kin => {
            let is_given = names.sense(at).is_given() && !is_other(names, at);
            words.is_likely()
                || is_given && (words.large > 0 || names.ends(name.end))
                || is_of_kin(names, phrase.start, name)
        }
        // "Happy birthday banner".
        NameFrame::Called if is_wish(names, phrase.start) && !is_given_too(names, at) => false,
        NameFrame::Called => is_spoken_to(names, phrase, name),
        NameFrame::Recorded => {
            words.is_likely()
                || words.is_soft()
                || words.count == 1
                    && names.sense(at).is_name()
                    // "It should say gold".
                    && (names.grade(at) == NameGrade::Clear || !names.reader.says(phrase.end - 1, "say"))
                    && !is_month(names, at)
                    && is_called(names, name)
        }
        NameFrame::Seen => {
            let is_large = name.clone().all(|at| names.begins_large(at));
            let is_full = words.count > 1 && (words.is_soft() || words.is_likely());
            is_large && is_full && !names.names_thing(name)
        }
        NameFrame::Near => is_near(names, name),
        NameFrame::Greeted
            if names
                .reader
                .token(at)
                .is_some_and(|one| one.has(Class::OF_THING)) =>
        {
            false
        }
        NameFrame::Greeted => is_greeted(names, phrase, name),
        // "It's max ten people".
        NameFrame::Self_ if names.reader.says(at, "max") && names.says_number(name.end) => false,
        NameFrame::Self_ => {
            words.is_likely() && !names.names_thing(name.clone())
                || words.count == 1 && is_own_alone(names, phrase, name)
        }
        NameFrame::Spelt | NameFrame::Part => false,
    }
}

// "May I speak with June please", "officially Deborah".
fn is_spoken_to(names: &NameReader, phrase: Range<usize>, name: Range<usize>) -> bool {
    const SPEAKS: [&str; 7] = [
        "speak", "speaking", "spoke", "spoken", "talk", "talking", "talked",
    ];
    let (words, at) = (NameWords::of(names, name.clone()), name.start);
    // "Is this Dawn?", but not "is this stone or tile?".
    if names.reader.says(phrase.start, "is") && !is_asked_for(names, &name) {
        return false;
    }
    let may_be = names.reader.says_any(phrase.start, &SPEAKS) || !is_month(names, at);
    let is_one = || words.count == 1 && may_be && is_called(names, name);
    words.is_likely() || words.is_soft() || is_one()
}

fn is_asked_for(names: &NameReader, name: &Range<usize>) -> bool {
    let is_end = names.ends(name.end);
    let is_given = names.sense(name.start).is_given() && !is_month(names, name.start);
    is_given && is_end && !names.names_thing(name.clone())
}

// "For Ravindran + 2", but not "to 2050 Broadway".
fn is_near(names: &NameReader, name: Range<usize>) -> bool {
    let (words, at) = (NameWords::of(names, name.clone()), name.start);
    let before = at.checked_sub(1).and_then(|at| names.reader.token(at));
    let is_numbered = before.is_some_and(|before| before.kind == TokenKind::Digits);
    let is_of = names.reader.says(name.end, "of");
    let is_party = names.reader.is_mark(name.end, b'+')
        && names.reader.says_digits(name.end + 1)
        && words.count == 1
        && words.large == 1;
    let is_name = words.is_likely() || is_party && !is_other(names, at);
    is_name && !is_numbered && !is_of && !names.names_thing(name)
}

// "Get well soon", "happy birthday", "you related to".
fn is_wish(names: &NameReader, phrase: usize) -> bool {
    let first = ["happy", "get", "congrats", "love", "you", "your"];
    names.reader.says_any(phrase, &first)
}

fn is_given_too(names: &NameReader, at: usize) -> bool {
    names.grade(at) >= NameGrade::Unknown || names.sense(at).is_given()
}

// "Mrs. Dove", "nurse Joy", but not "miss it".
fn is_titled(names: &NameReader, title: usize, name: Range<usize>) -> bool {
    let (words, at) = (NameWords::of(names, name.clone()), name.start);
    let vague = [
        "miss", "sir", "nurse", "officer", "agent", "sr", "fr", "rev", "encik", "capt", "dona",
    ];
    let is_vague = names.reader.says_any(title, &vague);
    let is_nurse = names.reader.says(title, "nurse");
    let is_given = is_nurse && names.sense(at).is_given() && !names.is_auxiliary(at);
    let is_name = words.is_likely() || words.unknown + words.large > 0 || !is_vague || is_given;
    // "Mrs Green".
    let is_sure = names.reader.says_any(title, &["mr", "mrs", "ms", "mister"]);
    is_name && (is_sure || !is_other(names, at)) && !names.names_thing(name)
}

// "Thank you, Deepika", "okay Rose, one moment", "cheers, Dom".
fn is_greeted(names: &NameReader, phrase: Range<usize>, name: Range<usize>) -> bool {
    let (words, at) = (NameWords::of(names, name.clone()), name.start);
    let opening = ["hi", "hello", "dear", "hey", "hiya"];
    let is_opening = names.reader.says_any(phrase.start, &opening);
    let closing = ["thanks", "you", "bye", "cheers", "ta", "thx", "advance"];
    let is_closing = names.reader.says_any(phrase.end - 1, &closing);
    let is_kissed = is_closing && names.reader.says_any(name.end, &["x", "xx", "xxx"]);
    let is_end = names.ends(name.end) || is_kissed;
    let is_beside = (phrase.end == at || is_closing) && name.len() == 1 && is_end;
    let is_named = match is_opening || is_closing {
        true => names.sense(at).is_name(),
        false => names.sense(at).is_given(),
    };
    let is_given = is_beside && words.large > 0 && is_named;
    // "…, thanks, Bex": the last word.
    let is_signed = || {
        // "Bex x".
        let is_kiss = names.reader.says_any(name.end, &["x", "xx", "xxx"]);
        let end = name.end + usize::from(is_kiss);
        let behind = end + usize::from(names.reader.is_mark(end, b'.'));
        let is_mark = |mark| names.reader.is_mark(at - 1, mark);
        let is_apart = is_mark(b',') || is_mark(b'-') || names.starts_sentence(phrase.start);
        is_apart && names.reader.token(behind).is_none()
    };
    words.given > 0
        || is_closing && is_beside && words.unknown > 0 && words.large > 0 && is_signed()
        || is_opening && words.unknown > 0 && words.large > 0 && is_end
        || is_given && !is_other(names, at) && !is_month(names, at)
}

// "Our daughter Skye starts …", "my son Will has …": whose it is, a name, and what goes on.
fn is_of_kin(names: &NameReader, kin: usize, name: Range<usize>) -> bool {
    const NOTED: [&str; 7] = [
        "mgr",
        "line",
        "site",
        "team",
        "supervisor",
        "keyholder",
        "key",
    ];
    let at = name.start;
    // "My business partner Ling".
    let is_owner = |back: usize| {
        let before = kin.checked_sub(back).and_then(|at| names.reader.token(at));
        before.is_some_and(|before| before.has(Class::DETERMINER) && !before.has(Class::COPULA))
    };
    // "Flatmate, Nkechi".
    let is_listed = at > 0 && names.reader.is_mark(at - 1, b',') && names.is_capital(at);
    // "Line mgr Col".
    let is_noted = names.reader.says_any(kin, &NOTED) && names.is_capital(at);
    // "Sister Assumpta".
    let is_sister = ["sister", "brother", "father"];
    // "Grandad Vic".
    let is_grand = names.reader.says_any(
        kin,
        &["grandad", "granddad", "grandpa", "grandma", "granny"],
    );
    let is_noted = is_noted
        || is_grand
        || names.begins_large(kin)
            && names.is_capital(at)
            && names.reader.says_any(kin, &is_sister);
    // "My ex".
    let is_mine = names.reader.says(kin, "my");
    let is_owned = is_mine || is_owner(1) || is_owner(2) || is_listed || is_noted;
    // "Next of kin elspeth".
    let is_next = names.reader.says(kin, "next") && names.grade(at) >= NameGrade::Unknown;
    if is_next && name.len() == 1 && names.ends(name.end) {
        return true;
    }
    let word = names.reader.word(at);
    // "My wife made it".
    let objects = ["me", "us", "them", "it", "him", "the", "my", "your"];
    let is_verb = names.reader.says_any(name.end, &objects);
    let may_be = match names.grade(at) {
        // "My landlord hasn't …".
        NameGrade::Unknown => {
            let is_told = !names.ends(name.end) || names.is_capital(at);
            is_told && !word.ends_with("n't") && !word.ends_with("'s")
        }
        NameGrade::Either => names.sense(at).is_given() && !names.is_auxiliary(at),
        _ => false,
    };
    let next = names.reader.token(name.end);
    let goes_on = next.is_none_or(|next| {
        !next.is_word()
            || next.has(Class::CLOSED | Class::FILLER | Class::COPULA)
            || names.sense(name.end).is_word_only()
    });
    name.len() == 1 && is_owned && may_be && goes_on && !is_verb && !is_other(names, at)
}

// What goes on behind somebody who was spoken to.
const BEHIND: [&str; 13] = [
    "at",
    "from",
    "in",
    "and",
    "or",
    "but",
    "yesterday",
    "today",
    "earlier",
    "last",
    "this",
    "about",
    "on",
];

// "Spoke with Dawn in billing", "officially Deborah": one word, and behind it an end.
fn is_called(names: &NameReader, name: Range<usize>) -> bool {
    let at = name.start;
    let next = names.reader.token(name.end);
    let is_end = names.ends(name.end)
        || names.reader.says_any(name.end, &BEHIND)
        || next.is_some_and(|next| next.has(Class::CLOSED | Class::LEAD | Class::BEHIND_NAME));
    let may_be = match names.grade(at) {
        NameGrade::Unknown => {
            names.ends(name.end) || names.is_capital(at) || names.reader.says_any(name.end, &BEHIND)
        }
        NameGrade::Either => names.sense(at).is_name(),
        grade => grade == NameGrade::Clear,
    };
    may_be && is_end && !is_other(names, at)
}

// "Probably under Joy": a booking's name that is a word too.
fn is_kept_under(names: &NameReader, phrase: Range<usize>, name: Range<usize>) -> bool {
    const NEAR: usize = 4;
    const KEPT: [&str; 28] = [
        "book",
        "hold",
        "is",
        "it's",
        "its",
        "be",
        "booked",
        "reserved",
        "listed",
        "filed",
        "look",
        "try",
        "maybe",
        "probably",
        "possibly",
        "perhaps",
        "put",
        "was",
        "been",
        "went",
        "booking",
        "reservation",
        "table's",
        "table",
        "order",
        "account",
        "or",
        "search",
    ];
    const DOUBT: [&str; 5] = ["probably", "maybe", "perhaps", "though", "possibly"];
    let at = name.start;
    let first = phrase.end.saturating_sub(NEAR);
    let is_kept = (first..phrase.end).any(|at| names.has(at) && names.reader.says_any(at, &KEPT));
    let next = names.reader.token(name.end);
    let is_end = names.ends(name.end)
        || next.is_some_and(|next| next.has(Class::CLOSED | Class::LEAD | Class::JOIN))
        || names.reader.says_any(name.end, &DOUBT);
    let last = name.end.saturating_sub(1);
    let is_headed = names.is_head(at) && names.grade(last) >= NameGrade::Unknown;
    let is_name = name.len() == 1 && names.sense(at).is_name() || is_headed && name.len() > 1;
    is_kept && is_end && is_name && !is_other(names, at)
}

fn is_month(names: &NameReader, at: usize) -> bool {
    let token = names.reader.token(at);
    token.is_some_and(|token| token.entry.number != NumberWord::None)
}

/// "Call me back": one word that says something else.
pub(super) fn is_other(names: &NameReader, at: usize) -> bool {
    let token = names.reader.token(at);
    token.is_some_and(|token| token.has(Class::NO_NAME) && names.grade(at) == NameGrade::Either)
}

// "This is Grace from work", "I'm Wen": one word needs more to be a name.
fn is_own_alone(names: &NameReader, phrase: Range<usize>, name: Range<usize>) -> bool {
    // "I'm jun, calling from …".
    let behind = name.end + usize::from(names.reader.is_mark(name.end, b','));
    let next = names.reader.token(name.end);
    let is_calling = next.is_some_and(|next| next.has(Class::CALLING));
    let is_plain = names
        .reader
        .says_any(phrase.end - 1, &["it's", "its", "i'm", "am"]);
    let at = name.start;
    if is_other(names, at) {
        return false;
    }
    if spelled_behind(names, name.end).is_some()
        || is_from_near(names, phrase.clone(), name.clone())
    {
        return true;
    }
    let is_large = names.is_capital(at);
    let is_said = names
        .reader
        .says_any(behind, &["calling", "speaking", "here", "again"]);
    match names.grade(at) {
        NameGrade::Unknown => is_said || (is_large && names.ends(name.end)),
        NameGrade::Either if names.sense(at).is_given() => {
            let is_greeted = phrase.start > 0
                && names
                    .reader
                    .says_any(phrase.start - 1, &["hi", "hello", "hey", "hiya"]);
            let is_end = names.ends(name.end) && (!is_plain || is_greeted);
            is_end || is_said || is_calling && (is_large || !is_plain)
        }
        _ => false,
    }
}

// "It's Dee from the front office": the first that is said.
fn is_from_near(names: &NameReader, phrase: Range<usize>, name: Range<usize>) -> bool {
    const FROM: [&str; 17] = [
        "the",
        "your",
        "number",
        "flat",
        "unit",
        "next",
        "down",
        "across",
        "upstairs",
        "downstairs",
        "apartment",
        "over",
        "accounts",
        "reception",
        "payroll",
        "finance",
        "work",
    ];
    let reader = &names.reader;
    let is_silent = |at: usize| {
        let token = reader.token(at);
        token.is_some_and(|token| {
            !token.is_word() || token.has(Class::FILLER | Class::LEAD) && !token.is_letter()
        }) || reader.says_any(at, &["there", "good", "morning", "afternoon", "evening"])
    };
    let is_first = (0..phrase.start)
        .rev()
        .take_while(|at| names.has(*at) && !reader.is_mark(*at, b'"'))
        .all(is_silent);
    let is_from = reader.says_any(name.end, &["from", "at"])
        && (reader.says_any(name.end + 1, &FROM) || reader.says_digits(name.end + 1));
    let may_be = match names.grade(name.start) {
        NameGrade::Unknown => true,
        grade => grade == NameGrade::Either && names.sense(name.start).is_given(),
    };
    is_first && is_from && may_be && !is_month(names, name.start)
}
