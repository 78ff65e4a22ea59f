//! The phrases with which people give a name, and how much they say of the words beside them.
//!
//! The phrases are data in `english/names.rs`. None looks across the end of a sentence.

use std::ops::Range;

use super::FoundName;
use super::again::is_determined;
use super::evidence::{is_other, is_told};
use super::grade::NameGrade;
use super::reader::NameReader;
use super::spelled::spelled_at;
use super::whole::NameWords;
use crate::detect::english::{Class, NameFrame};
use crate::detect::read::{Lexicon, Token, TokenKind, phrase_words};

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
    if is_owner || is_of_thing(names, at, frame) || is_inside(names, at..last + 1, frame) {
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
    // `"title":"Ms","given":…`.
    if names.reader.is_mark(end, b'"') && names.reader.is_mark(end + 1, b':') {
        return None;
    }
    // "The doctor will …", "mum will ring".
    let is_kin = frame == NameFrame::Kin;
    let is_alone = end == start + 1 || is_kin && !names.sense(start + 1).is_clear();
    if !is_surer && is_alone && names.is_auxiliary(start) {
        return None;
    }
    let is_name = end > start && is_told(names, frame, at..last + 1, range.clone());
    // "I've got a Mrs. Delacroix here".
    let is_read = matches!(frame, NameFrame::Recorded | NameFrame::Seen)
        || at > 0 && names.reader.says(at - 1, "a");
    let is_self = matches!(frame, NameFrame::Own | NameFrame::Self_) || is_own(names, end);
    is_name.then_some(FoundName {
        range,
        is_own: is_self && !is_read,
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

// "User-agent", "full name as per …", "the surname box", "surname, forename", "agent ref:", "I'm from
// …": no phrase for a name after all.
fn is_inside(names: &NameReader, phrase: Range<usize>, frame: NameFrame) -> bool {
    const PARTS: [&str; 12] = [
        "box", "field", "column", "line", "part", "section", "spelling", "bit", "question",
        "order", "entry", "there",
    ];
    const FROM: [&str; 9] = [
        "i'm",
        "am",
        "we're",
        "are",
        "he's",
        "she's",
        "they're",
        "originally",
        "is",
    ];
    let reader = &names.reader;
    let (at, next) = (phrase.start, phrase.end);
    let before = at.checked_sub(1).filter(|before| names.has(*before));
    let is_glued =
        || before.is_some_and(|before| reader.is_mark(before, b'-') && reader.touches_next(before));
    let is_determined = || {
        let token = before.and_then(|before| reader.token(before));
        token.is_some_and(|token| token.has(Class::DETERMINER) && !token.has(Class::COPULA))
    };
    let comma = next + usize::from(reader.is_mark(next, b','));
    // "Agent ref:", "rev(x)".
    let is_key = || reader.is_mark(next + 1, b':') && !names.begins_large(next);
    let is_inside = match frame {
        NameFrame::Told => {
            reader.says(next, "as")
                || comma > next && is_label_at(names, comma)
                || is_determined() && reader.says_any(next, &PARTS)
        }
        NameFrame::Near => {
            let is_mine = |before: usize| reader.says_any(before, &FROM);
            reader.says(at, "from") && before.is_some_and(is_mine)
        }
        NameFrame::Titled => reader.is_mark(next, b'(') || is_key(),
        _ => false,
    };
    is_inside || is_glued()
}

// Whether a word for a part of a name stands at a place, and nothing is told of it.
fn is_label_at(names: &NameReader, at: usize) -> bool {
    const LABELS: [&str; 5] = ["forename", "surname", "firstname", "lastname", "initials"];
    names.reader.says_any(at, &LABELS)
}

// "A restaurant called …", "the event name is …", but not "… bank and name is …".
fn is_of_thing(names: &NameReader, at: usize, frame: NameFrame) -> bool {
    if !matches!(frame, NameFrame::Told | NameFrame::Likely | NameFrame::Kin) {
        return false;
    }
    let before = (0..3)
        .filter_map(|back| at.checked_sub(back + 1))
        .take_while(|at| names.has(*at) && !names.reader.ends_sentence(*at));
    let is_any = |at: usize, classes| {
        let token = names.reader.token(at);
        token.is_some_and(|token| token.has(classes))
    };
    let mut own = before
        .clone()
        .take_while(|at| !names.reader.says(*at, "and"));
    own.any(|at| is_any(at, Class::THING)) || before.clone().any(|at| is_any(at, Class::WORK))
}

// Past marks, sounds and forms of address.
fn start_behind(names: &NameReader, from: usize, frame: NameFrame) -> usize {
    const MOST: usize = 6;
    let reader = &names.reader;
    let mut start = from;
    while let Some(token) = reader.token(start).filter(|_| start < from + MOST) {
        let is_mark = match token.kind {
            TokenKind::Mark(b':' | b'"' | b'\'' | b'=' | b',' | b'(') => true,
            // "Thanks - Bex".
            TokenKind::Mark(b'-') => frame == NameFrame::Greeted && !reader.touches_next(start),
            // "Dr. Haddad".
            TokenKind::Mark(b'.') => {
                let before = start.checked_sub(1).and_then(|before| reader.token(before));
                // "Smt. Saraswathi".
                let is_short = frame == NameFrame::Titled && start == from;
                is_short || before.is_some_and(|before| before.has(Class::TITLE))
            }
            _ => false,
        };
        let is_between = token.has(Class::FILLER | Class::TITLE)
            || (frame == NameFrame::Told && token.has(Class::COPULA) && !token.is_letter())
            // "For four people, Hoffman".
            || (frame == NameFrame::Near && (token.says_number() || token.has(Class::UNIT)) && !token.is_letter());
        // "My maiden name, which was …".
        let is_copula = |token: &Token| token.has(Class::COPULA);
        let is_which = frame == NameFrame::Told
            && reader.says(start, "which")
            && reader.token(start + 1).is_some_and(is_copula);
        if !(is_mark || is_between || is_which) {
            break;
        }
        start += 1;
    }
    start
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
        NameFrame::Part => false,
        NameFrame::Spelt => is_named_letter(names, last + 1),
        // "The marcus account": of a thing, but "the garcia party" of a family.
        NameFrame::Near => {
            let is_of_thing = is_determined(names, start) && !names.sense(start).is_family();
            word.is_likely() && !(word.count == 1 && is_of_thing)
        }
        NameFrame::Recorded => {
            let is_large = word.large > 0 && word.count == 1 && names.sense(start).is_given();
            word.is_likely() || word.is_soft() || is_large && !is_other(names, start)
        }
        NameFrame::Called => word.count == 1 && is_end && names.grade(start) >= NameGrade::Either,
        _ => is_end && (word.is_likely() || is_alone_before(names, range.clone())),
    };
    is_name.then_some(FoundName {
        range,
        is_own: matches!(frame, NameFrame::Told | NameFrame::Likely),
    })
}

// "K", "l's".
fn is_named_letter(names: &NameReader, at: usize) -> bool {
    let word = names.reader.word(at);
    names.reader.is_letter(at) || word.len() == 3 && word.ends_with("'s")
}

// "Grace here": a given name that is a word too begins what is said.
fn is_alone_before(names: &NameReader, name: Range<usize>) -> bool {
    let at = name.start;
    let sense = names.sense(at);
    name.len() == 1
        && names.starts_sentence(at)
        && sense.is_given()
        && sense.is_often()
        && (!is_other(names, at) || names.reader.says(at + 1, "speaking"))
}
