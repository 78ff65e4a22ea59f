//! Codes of letters and digits where one was spoken of: postal codes, official numbers, IBANs.

use crate::detect::Detector;
use crate::detect::english::{Class, Topic};
use crate::detect::growing::{NOWHERE, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::number::{NumberKind, is_whole};
use crate::detect::read::{CodeReader, Cue, SpokenCode, SpokenPassage, TokenKind, is_complement};

/// Claims the codes of a passage.
pub(crate) fn claim(hearing: &mut Hearing) {
    if let Some(topic) = hearing.passage.asked {
        claim_from(hearing, hearing.passage.first, topic, Sought::Asked);
    }
    let cues = hearing.passage.cues;
    for (at, cue) in cues.iter().enumerate() {
        if detector_of(cue.topic).is_none() {
            continue;
        }
        // What lies behind the next phrase belongs to that.
        let next = cues[at + 1..]
            .iter()
            .take(4)
            .find(|next| !is_complement(hearing.passage.tokens, next))
            .map_or(hearing.passage.end, |next| next.first);
        if next <= cue.end {
            continue;
        }
        let from = if names_itself(&hearing.passage, cue) {
            cue.first
        } else {
            cue.end
        };
        claim_from(hearing, from, cue.topic, Sought::Named);
    }
}

/// How far back a code may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    is_begun: |growing, _| growing.awaits(detector_of),
    ..NOWHERE
};

/// Why a code may stand at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sought {
    /// It was asked for before the passage.
    Asked,
    /// A phrase of the passage names it.
    Named,
}

fn detector_of(topic: Topic) -> Option<Detector> {
    let kind = NumberKind::of(topic).filter(|kind| kind.has_letters)?;
    Some(kind.detector)
}

// "MRN-4579347".
fn names_itself(passage: &SpokenPassage, cue: &Cue) -> bool {
    let reader = passage.reader();
    cue.topic == Topic::Id
        && cue.end == cue.first + 1
        && reader.is_mark(cue.end, b'-')
        && reader.touches_next(cue.first)
        && reader.touches_next(cue.end)
}

// Claims the code at a place or a few silent words behind it.
fn claim_from(hearing: &mut Hearing, from: usize, topic: Topic, sought: Sought) {
    const REACH: usize = 10;
    let Some(detector) = detector_of(topic) else {
        return;
    };
    let Hearing {
        passage, claims, ..
    } = hearing;
    let codes = CodeReader {
        reader: passage.reader(),
        is_iban: topic == Topic::Iban,
        taken: &|at| claims.is_taken(at),
        named: &|at| claims.is_named(at),
    };
    let mut at = from;
    let found = loop {
        if at >= passage.end.min(from + REACH) {
            break None;
        }
        let token = passage.tokens[at];
        let index = passage.cues.partition_point(|cue| cue.first < at);
        if let Some(cue) = passage.cues.get(index).filter(|cue| cue.first == at)
            && at > from
            && is_complement(passage.tokens, cue)
        {
            at = cue.end;
            continue;
        }
        let is_of_phrase = at > from && claims.is_taken_or_named(at) && !token.is_letter();
        if claims.is_taken(at) || is_of_phrase {
            break None;
        }
        if let Some(code) = codes.code(at) {
            let behind = passage.tokens.get(code.range.end);
            let is_alone =
                code.range.end >= passage.end || behind.is_some_and(|next| !next.is_word());
            if fits(topic, &code, sought, is_alone) {
                break Some(code);
            }
        }
        let silent = !token.is_word() && token.kind != TokenKind::Digits;
        let leads = Class::COPULA | Class::FILLER | Class::LEAD | Class::TOWARDS;
        if !silent && !token.has(leads) {
            break None;
        }
        at += 1;
    };
    if let Some(code) = found {
        hearing.given.push((topic, code.value.len()));
        hearing.claims.claim(code.range, detector, code.value);
    }
}

// Whether letters and digits are a code of the topic. Digits alone are judged with all other
// numbers.
fn fits(topic: Topic, code: &SpokenCode, sought: Sought, is_alone: bool) -> bool {
    let length = code.value.len();
    let digits = code.value.bytes().filter(u8::is_ascii_digit).count();
    let letters = length - digits;
    let is_asked = sought == Sought::Asked;
    let is_mixed = digits > 0 && letters > 0;
    // "X y z", and the digits in the next breath.
    let is_first_piece = code.is_spelled && letters >= 2 && is_alone;
    match topic {
        Topic::Zip if is_asked => {
            letters <= 6 && length <= 9 && (is_mixed || is_first_piece && letters <= 4)
        }
        Topic::Zip => is_mixed && letters <= 5 && (4..=8).contains(&length) && digits >= 1,
        Topic::Id => {
            (digits >= 3 && is_whole(topic, length))
                || (is_mixed && digits >= 2 && (length >= 6 || is_asked || code.is_spoken))
                || (is_mixed && length >= 4 && code.is_spoken)
                || is_first_piece
        }
        Topic::Pin => is_mixed && digits >= 2 && (4..=10).contains(&length),
        Topic::Account => is_mixed && digits >= 4 && is_whole(topic, length),
        Topic::Iban => letters >= 2 && (length >= 10 || (digits >= 2 && code.is_spoken)),
        _ => false,
    }
}
