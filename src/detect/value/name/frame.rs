//! The phrases with which people give a name, and how much they say of the words beside them.
//!
//! The phrases are data in `english/names.rs`. None looks across the end of a sentence.

use std::ops::Range;

use super::FoundName;
use super::grade::NameGrade;
use super::reader::NameReader;
use super::spelled::{spelled_at, spelled_behind};
use super::whole::NameWords;
use crate::detect::english::{Class, NameFrame};
use crate::detect::read::{Lexicon, TokenKind, phrase_words};

/// The name that a phrase at a place gives.
pub(super) fn framed(names: &NameReader, at: usize) -> Option<FoundName> {
    behind(names, at).or_else(|| before(names, at))
}

/// Whether a phrase for names begins at a token and what follows it may be a name still under way.
pub(super) fn is_awaited(names: &NameReader, at: usize) -> bool {
    const LOOK_BACK: usize = 2;
    let Some((last, frame)) = phrase(names, at) else {
        return false;
    };
    let start = start_behind(names, last + 1, frame);
    let end = names.end(start);
    // "From six": what follows is whole, and no name.
    let next = names.reader.token(start);
    if end == start && next.is_some_and(|next| next.end < names.reader.text.len()) {
        return false;
    }
    end + LOOK_BACK >= names.reader.tokens.len()
}

/// Whether a word for one near to somebody stands at a place.
pub(super) fn is_kin(names: &NameReader, at: usize) -> bool {
    phrase(names, at).is_some_and(|(_, frame)| frame == NameFrame::Kin)
}

/// Whether a form of address stands at a place.
pub(super) fn is_titled(names: &NameReader, at: usize) -> bool {
    phrase(names, at).is_some_and(|(_, frame)| frame == NameFrame::Titled)
}

// The last token of the phrase at a place, and what it says.
fn phrase(names: &NameReader, at: usize) -> Option<(usize, NameFrame)> {
    names.reader.token(at).filter(|token| token.entry.id != 0)?;
    let words = phrase_words(names.reader.tokens, at);
    Lexicon::get().names.longest(words)
}

fn behind(names: &NameReader, at: usize) -> Option<FoundName> {
    let (last, frame) = phrase(names, at)?;
    // "The caller's …" names a thing.
    let word = names.reader.word(last);
    let is_owner = word.ends_with("'s")
        && !OWN_PHRASES
            .iter()
            .any(|said| word.eq_ignore_ascii_case(said));
    if is_owner || is_of_thing(names, at, frame) {
        return None;
    }
    // "first_name;last_name": a column's.
    let is_key = (at..last).any(|at| names.reader.is_mark(at, b'_'));
    let is_said = [b':', b'=', b'"']
        .iter()
        .any(|mark| names.reader.is_mark(last + 1, *mark));
    if is_key && !is_said {
        return None;
    }
    // "Patient: …".
    let is_label = names.reader.is_mark(last + 1, b':') || names.reader.is_mark(last + 1, b'=');
    let frame = match frame {
        NameFrame::Likely | NameFrame::Kin if is_label => NameFrame::Told,
        frame => frame,
    };
    let start = start_behind(names, last + 1, frame);
    let is_surer = matches!(frame, NameFrame::Told | NameFrame::Own);
    if let Some(letters) = spelled_at(names, start).filter(|_| is_surer) {
        return Some(FoundName::of_anyone(letters));
    }
    let may_begin = match names.grade(start) {
        NameGrade::Never => names.is_head(start),
        NameGrade::Common => names.is_capital(start) || names.is_head(start),
        _ => true,
    };
    if !may_begin {
        return None;
    }
    let end = names.end(start);
    let range = start..end;
    // "The doctor will …".
    if !is_surer && end == start + 1 && names.is_auxiliary(start) {
        return None;
    }
    let is_name = end > start && is_told(names, frame, at..last + 1, range.clone());
    is_name.then_some(FoundName {
        range,
        is_own: matches!(frame, NameFrame::Own | NameFrame::Self_) || is_own(names, end),
    })
}

// Words with "'s" that are phrases.
const OWN_PHRASES: [&str; 7] = [
    "it's",
    "that's",
    "name's",
    "surname's",
    "nickname's",
    "husband's",
    "wife's",
];

// "A restaurant called …", "the event name is …".
fn is_of_thing(names: &NameReader, at: usize, frame: NameFrame) -> bool {
    if !matches!(frame, NameFrame::Told | NameFrame::Likely | NameFrame::Kin) {
        return false;
    }
    let mut before = (0..3)
        .filter_map(|back| at.checked_sub(back + 1))
        .filter(|at| names.has(*at));
    before.any(|at| {
        names
            .reader
            .token(at)
            .is_some_and(|token| token.has(Class::THING | Class::WORK))
    })
}

// Past marks, sounds and forms of address.
fn start_behind(names: &NameReader, from: usize, frame: NameFrame) -> usize {
    const MOST: usize = 6;
    let reader = &names.reader;
    let mut start = from;
    while let Some(token) = reader.token(start).filter(|_| start < from + MOST) {
        let is_mark = match token.kind {
            TokenKind::Mark(b':' | b'"' | b'\'' | b'=' | b',' | b'(') => true,
            // "Dr. Haddad".
            TokenKind::Mark(b'.') => {
                start > 0
                    && reader
                        .token(start - 1)
                        .is_some_and(|before| before.has(Class::TITLE))
            }
            _ => false,
        };
        let is_between = token.has(Class::FILLER | Class::TITLE)
            || (frame == NameFrame::Told && token.has(Class::COPULA) && !token.is_letter())
            // "For four people, Hoffman".
            || (frame == NameFrame::Near && (token.says_number() || token.has(Class::UNIT)));
        if !(is_mark || is_between) {
            break;
        }
        start += 1;
    }
    start
}

// Whether the words behind a phrase are a name, as far as it says.
fn is_told(names: &NameReader, frame: NameFrame, phrase: Range<usize>, name: Range<usize>) -> bool {
    let words = NameWords::of(names, name.clone());
    let at = name.start;
    match frame {
        NameFrame::Told => true,
        NameFrame::Own => words.count > 1 || !is_other(names, at),
        NameFrame::Titled => {
            let is_vague = names
                .reader
                .says_any(phrase.start, &["miss", "sir", "nurse", "officer", "agent"]);
            // "Nurse Joy".
            let is_nurse = names.reader.says(phrase.start, "nurse");
            let is_given = is_nurse && names.sense(at).is_given() && !names.is_auxiliary(at);
            let is_name =
                words.is_likely() || words.unknown + words.large > 0 || !is_vague || is_given;
            is_name && !is_other(names, at) && !names.names_thing(name)
        }
        NameFrame::Likely => {
            words.is_likely() || (words.count == 1 && words.large > 0 && !is_other(names, at))
        }
        NameFrame::Kin => {
            let is_given = names.sense(at).is_given() && !is_other(names, at);
            words.is_likely() || is_given && (words.large > 0 || names.ends(name.end))
        }
        // "To 2050 Broadway".
        NameFrame::Near => {
            let is_numbered = at > 0
                && names
                    .reader
                    .token(at - 1)
                    .is_some_and(|one| one.kind == TokenKind::Digits);
            let is_of = names.reader.says(name.end, "of");
            words.is_likely() && !is_numbered && !is_of && !names.names_thing(name)
        }
        NameFrame::Greeted
            if names
                .reader
                .token(at)
                .is_some_and(|one| one.has(Class::OF_THING)) =>
        {
            false
        }
        NameFrame::Greeted => {
            let is_opening = names
                .reader
                .says_any(phrase.start, &["hi", "hello", "dear", "hey", "hiya"]);
            let is_large = words.unknown > 0 && words.large > 0 && names.ends(name.end);
            words.given > 0 || is_opening && is_large
        }
        NameFrame::Self_ => {
            words.is_likely() && !names.names_thing(name.clone())
                || words.count == 1 && is_own_alone(names, phrase, name)
        }
        NameFrame::Spelt => false,
    }
}

// "Call me back": one word that says something else.
fn is_other(names: &NameReader, at: usize) -> bool {
    let token = names.reader.token(at);
    token.is_some_and(|token| token.has(Class::NO_NAME) && names.grade(at) == NameGrade::Either)
}

// "This is Grace from work", "I'm Wen": one word needs more to be a name.
fn is_own_alone(names: &NameReader, phrase: Range<usize>, name: Range<usize>) -> bool {
    let next = names.reader.token(name.end);
    let is_calling = next.is_some_and(|next| next.has(Class::CALLING));
    let is_plain = names
        .reader
        .says_any(phrase.end - 1, &["it's", "its", "i'm", "am"]);
    let at = name.start;
    if is_other(names, at) {
        return false;
    }
    if spelled_behind(names, name.end).is_some() {
        return true;
    }
    let is_large = names.is_capital(at);
    let is_said = names
        .reader
        .says_any(name.end, &["calling", "speaking", "here", "again"]);
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

/// Whether what stands behind a name says that the speaker has it.
pub(super) fn is_own(names: &NameReader, end: usize) -> bool {
    before(names, end).is_some_and(|name| name.is_own)
}

// "Farid Rahimi here", "Ines Carvalho is my name".
fn before(names: &NameReader, at: usize) -> Option<FoundName> {
    names.reader.token(at).filter(|token| token.entry.id != 0)?;
    let words = phrase_words(names.reader.tokens, at);
    let (last, frame) = Lexicon::get().behind_names.longest(words)?;
    let start = names.start(at);
    if start == at {
        return None;
    }
    let range = start..at;
    let word = NameWords::of(names, range.clone());
    let is_end = names.reader.token(last + 1).is_none_or(|next| {
        !next.is_word() || next.has(Class::CLOSED | Class::LEAD | Class::FILLER | Class::COPULA)
    });
    let is_name = match frame {
        NameFrame::Told => true,
        NameFrame::Spelt => names.reader.is_letter(last + 1),
        NameFrame::Near => word.is_likely(),
        _ => is_end && (word.is_likely() || is_alone_before(names, range.clone())),
    };
    is_name.then_some(FoundName {
        range,
        is_own: matches!(frame, NameFrame::Told | NameFrame::Likely),
    })
}

// "Grace here": a given name that is a word too begins what is said.
fn is_alone_before(names: &NameReader, name: Range<usize>) -> bool {
    let at = name.start;
    let sense = names.sense(at);
    name.len() == 1
        && names.starts_sentence(at)
        && sense.is_given()
        && sense.is_often()
        && !is_other(names, at)
}
