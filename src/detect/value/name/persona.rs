//! The assistant's own name, as its instructions give it: "You are Ava, who helps with orders".
//!
//! It is no private value, and stays wherever the same instructions name it. A caller who is spoken
//! of there ("You are speaking with …") is none of this.

use std::ops::Range;

use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::english::{PERSONA_GIVEN, PERSONA_OPENED, PERSONA_ROLES};
use crate::detect::hearing::Hearing;
use crate::detect::read::TokenReader;

/// So many words may stand between an assistant and its name: "an agent of Acme named …".
const FURTHEST: usize = 8;

/// Takes the assistant's name out of what may be claimed, in instructions.
pub(crate) fn claim_persona(hearing: &mut Hearing) {
    let reader = hearing.passage.reader();
    let mut names = None;
    for at in hearing.passage.first..hearing.passage.end {
        let Some(start) = behind_phrase(reader, at) else {
            continue;
        };
        let names = names.get_or_insert_with(|| NameReader::new(reader, hearing.passage.first));
        let Some(name) = persona_at(names, start) else {
            continue;
        };
        for place in mentions(names, name, hearing.passage.end) {
            hearing.claims.take(place);
        }
    }
}

/// What stands behind a phrase at a place that gives an assistant its name.
fn behind_phrase(reader: TokenReader, at: usize) -> Option<usize> {
    reader.token(at).filter(|token| token.is_word())?;
    let is_first = at == 0 || reader.ends_sentence(at - 1);
    let opened = || is_first.then(|| end_of(reader, at, PERSONA_OPENED))?;
    let named = || is_assistant_named(reader, at).then_some(at + 1);
    let end = opened()
        .or_else(|| end_of(reader, at, PERSONA_GIVEN))
        .or_else(named)?;
    // "Assistant name: *Ava*".
    let is_between = |at: &usize| {
        let marks = [b':', b'=', b'"', b'\'', b'*', b'('];
        marks.iter().any(|mark| reader.is_mark(*at, *mark)) || reader.says(*at, "is")
    };
    Some(
        (end..)
            .take_while(is_between)
            .last()
            .map_or(end, |at| at + 1),
    )
}

/// The token behind the phrase that stands at a place.
fn end_of(reader: TokenReader, at: usize, phrases: &[&[&str]]) -> Option<usize> {
    let stands = |phrase: &&&[&str]| {
        let mut words = phrase.iter().zip(at..);
        words.all(|(word, at)| reader.says(at, word))
    };
    phrases.iter().find(stands).map(|phrase| at + phrase.len())
}

/// "You are a friendly agent named …", but not "The agent called …".
fn is_assistant_named(reader: TokenReader, at: usize) -> bool {
    let before = at.saturating_sub(FURTHEST)..at;
    let before = || {
        before
            .clone()
            .rev()
            .take_while(|at| !reader.ends_sentence(*at))
    };
    reader.says_any(at, &["named", "called"])
        && before().any(|at| reader.says_any(at, PERSONA_ROLES))
        && before().any(|at| reader.says_any(at, &["you", "you're"]))
}

/// The name that begins at a place, where it is told as one: not asked for, and nobody's in the
/// possessive.
fn persona_at(names: &NameReader, start: usize) -> Option<Range<usize>> {
    let end = names.end(start);
    let is_name = match names.begins_large(start) {
        true => names.grade(start) > NameGrade::Never,
        false => names.sense(start).is_given(),
    };
    let is_asked = names.reader.is_mark(end, b'?');
    let last = names.reader.word(end.checked_sub(1)?);
    let is_owner = last.ends_with("'s");
    (is_name && end > start && !is_asked && !is_owner).then_some(start..end)
}

/// The name itself, and each place behind it where it stands again and is no part of another.
fn mentions(names: &NameReader, name: Range<usize>, end: usize) -> Vec<Range<usize>> {
    let reader = &names.reader;
    let is_same = |at: usize| {
        let mut words = name.clone().zip(at..);
        let is_same = words.all(|(own, at)| reader.word(own).eq_ignore_ascii_case(reader.word(at)));
        is_same && names.end(at) == at + name.len() && names.start(at) == at
    };
    let again = (name.end..end).filter(|at| is_same(*at));
    let again = again.map(|at| at..at + name.len());
    std::iter::once(name.clone()).chain(again).collect()
}

#[cfg(test)]
mod tests {
    use crate::detect::{Cues, Detector, Speaker, scan};

    #[track_caller]
    fn hidden(text: &str) -> Vec<&str> {
        let found = scan(
            text,
            Speaker::Other,
            &Cues::at_start("US"),
            Detector::ALL.iter().copied().collect(),
        );
        let found = found.findings.iter();
        found.map(|found| &text[found.start..found.end]).collect()
    }

    #[test]
    fn the_assistants_own_name_stays_in_its_instructions() {
        for text in [
            "You are Ava, who helps with orders.",
            "You are Ava.",
            "you are ava, a friendly receptionist",
            "You're Ava from Acme.",
            "Your name is Ava. Ava is patient, and Ava never interrupts.",
            "Your name is \"Ava\" and you work at Wellness Partners.",
            "Act as Sophie, a booking agent.",
            "Introduce yourself as Jordan.",
            "Assistant name: Ava\nCompany: Acme",
            "# Identity\nYou are Mark, a booking agent for the hotel.",
            "You are a friendly voice assistant named Maria Lopez.",
            "You are Maria Lopez, the assistant of the practice. Maria Lopez speaks slowly.",
            "Play the role of Daniel, an agent for car rentals.",
        ] {
            assert_eq!(hidden(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn a_caller_in_instructions_is_hidden_all_the_same() {
        for (text, expected) in [
            ("You are speaking with Dana Whitfield.", "Dana Whitfield"),
            (
                "You are calling Dana Whitfield about her order.",
                "Dana Whitfield",
            ),
            (
                "You are Ava. The caller is Dana Whitfield.",
                "Dana Whitfield",
            ),
            (
                "You are Maria. The customer's name is Maria Whitfield.",
                "Maria Whitfield",
            ),
            (
                "Your name is Ava. Customer name: Dana Whitfield",
                "Dana Whitfield",
            ),
            ("Ask: and you are Dana Whitfield?", "Dana Whitfield"),
            ("Your customer is a man named Victor Huang.", "Victor Huang"),
            (
                "The agent called Dana Whitfield yesterday.",
                "Dana Whitfield",
            ),
            (
                "Say: thank you, your name is Dana Whitfield",
                "Dana Whitfield",
            ),
            ("Your name: Dana Whitfield", "Dana Whitfield"),
        ] {
            assert_eq!(hidden(text), [expected], "{text}");
        }
    }
}
