//! Codes of letters and digits where one was spoken of: postal codes, official numbers, IBANs.

use std::ops::Range;

use crate::detect::english::{Class, Gap, Topic};
use crate::detect::growing::{NOWHERE, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::number::{NumberKind, is_valid_card, is_whole};
use crate::detect::read::{
    CodeReader, Cue, SpokenCode, SpokenPassage, Token, TokenKind, TokenReader, is_complement,
};
use crate::detect::{Detector, Speaker};

mod around;
mod dictated;
mod misheard;
mod piece;
mod postcode;
mod unnamed;
mod written;

pub(crate) use around::claim_plates;

pub(crate) use dictated::claim_dictated;
pub(crate) use written::claim_written;

/// Claims the codes of a passage.
pub(crate) fn claim(hearing: &mut Hearing) {
    for topic in hearing.passage.asked_topics() {
        if !claim_answer(hearing, topic) {
            claim_from(hearing, hearing.passage.first, topic, Sought::Asked);
        }
    }
    let cues = hearing.passage.cues;
    let known = hearing.claims.count();
    for (at, cue) in cues.iter().enumerate() {
        if cue.topic == Topic::Number {
            unnamed::claim(hearing, cue);
        }
        if cue.topic != Topic::Reference && detector_of(cue.topic).is_none() {
            continue;
        }
        // What lies behind the next phrase belongs to that.
        let next = cues[at + 1..]
            .iter()
            .take(4)
            .find(|next| !is_complement(hearing.passage.tokens, next))
            .map_or(hearing.passage.end, |next| next.first);
        if next > cue.end {
            let from = if names_itself(&hearing.passage, cue) {
                cue.first
            } else {
                behind_complement(&hearing.passage, cue)
            };
            claim_from(hearing, from, cue.topic, Sought::Named);
        }
        claim_before(hearing, cue);
    }
    around::claim_alike(hearing, known);
}

/// How far back a code may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    is_begun: |growing, _| growing.awaits(detector_of),
    begins: postcode::begins,
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

// Claims the whole answer of a caller where it is a code with misheard parts. One that was heard
// well is judged by itself.
fn claim_answer(hearing: &mut Hearing, topic: Topic) -> bool {
    let detector =
        detector_of(topic).filter(|_| hearing.speaker == Speaker::Caller && topic != Topic::Card);
    let answer = detector.zip(misheard::answer(&hearing.passage));
    let Some((detector, (range, value))) = answer else {
        return false;
    };
    // Phrases of another value are none of it, unless they are letters: "n 3 page 5 q d", "s s n 7".
    let is_foreign = |cue: &Cue| {
        let mut own = hearing.passage.tokens[cue.first..cue.end].iter();
        let is_harmless = matches!(cue.topic, Topic::Reference | Topic::Nothing);
        cue.topic != topic && !is_harmless && !own.all(|token| token.len() <= 2)
    };
    let is_own =
        !hearing.passage.cues.iter().any(is_foreign) && !hearing.claims.is_any_taken(range.clone());
    let tokens = &hearing.passage.tokens[range.clone()];
    let is_plain = tokens
        .iter()
        .all(|token| token.says_digits() || !token.is_word());
    // "I put 7 7 4 instead of …": words around digits alone are none of an account.
    let is_letter = |token: &Token| token.is_letter() && !token.has(Class::CLOSED);
    let has_letters = || {
        tokens
            .iter()
            .any(|token| is_letter(token) || token.has(Class::ALPHABET))
    };
    if !is_own
        || is_plain
        || is_label(&hearing.passage, &range, &value)
        || topic == Topic::Account && !has_letters()
    {
        return false;
    }
    hearing.given.push((topic, value.len()));
    hearing.claims.claim(range, detector, value);
    true
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

// "The code for the gate is …": behind what a preposition adds, if "is" follows.
fn behind_complement(passage: &SpokenPassage, cue: &Cue) -> usize {
    const LONGEST: usize = 6;
    let tokens = passage.reader().tokens;
    let is_preposition = |token: &Token| token.has(Class::PREPOSITION);
    let rest = tokens.get(cue.end..).unwrap_or(&[]);
    let is_added = rest.first().is_some_and(is_preposition);
    let is = rest
        .iter()
        .take(LONGEST)
        .position(|token| token.has(Class::COPULA));
    cue.end + is.filter(|_| is_added).map_or(0, |at| at + 1)
}

// What may stand between a phrase and its code.
const BEFORE_CODE: Class = Class::COPULA
    .union(Class::FILLER)
    .union(Class::LEAD)
    .union(Class::TOWARDS)
    .union(Class::JOIN)
    .union(Class::VAGUE);

// Claims the code at a place or a few silent words behind it. A reference's is nobody's secret,
// and no other value either.
fn claim_from(hearing: &mut Hearing, from: usize, topic: Topic, sought: Sought) {
    const REACH: usize = 10;
    let passage = &hearing.passage;
    let tokens = passage.tokens;
    let mut at = from;
    let found = loop {
        if at >= passage.end.min(from + REACH) {
            return;
        }
        let token = tokens[at];
        let index = passage.cues.partition_point(|cue| cue.first < at);
        if let Some(cue) = passage.cues.get(index).filter(|cue| cue.first == at)
            && at > from
            && is_complement(tokens, cue)
        {
            at = cue.end;
            continue;
        }
        let is_of_phrase = at > from && hearing.claims.is_taken_or_named(at) && !token.is_letter();
        if hearing.claims.is_taken(at) || is_of_phrase {
            return;
        }
        if let Some(code) = code_of(hearing, topic, at, sought) {
            break code;
        }
        let silent = !token.is_word() && token.kind != TokenKind::Digits;
        let is_sigh = around::is_sigh(hearing.passage.reader(), at);
        if !silent && !token.has(BEFORE_CODE) && !is_sigh {
            if let Some(code) = around::behind_surname(hearing, from, at, topic) {
                break code;
            }
            return;
        }
        at += 1;
    };
    let found = with_check(&hearing.passage.reader(), found);
    if topic == Topic::Reference
        && sought == Sought::Asked
        && !dictated::says_reference(&hearing.passage, &found)
    {
        return;
    }
    if topic == Topic::Reference && dictated::is_issued(hearing, from, &found) {
        dictated::claim_issued(hearing, found);
        return;
    }
    let found = put_right(hearing, topic, found, sought);
    match detector_of(topic) {
        Some(detector) => {
            hearing.given.push((topic, found.value.len()));
            hearing.claims.claim(found.range, detector, found.value);
        }
        None => hearing.claims.take(found.range),
    }
}

// "G h nine oh one two, sorry, g h nine one oh two": what was wrong and what is right.
fn put_right(hearing: &Hearing, topic: Topic, code: SpokenCode, sought: Sought) -> SpokenCode {
    const MARKS: usize = 3;
    let reader = hearing.passage.reader();
    let past_marks = |at: usize| {
        let is_silent = |at: &usize| {
            let token = reader.token(*at);
            token.is_some_and(|token| {
                token.has(Class::FILLER | Class::LEAD | Class::COPULA)
                    || !token.is_word() && token.kind != TokenKind::Digits
            }) && reader.gap(*at).is_none()
        };
        at + (at..at + MARKS).take_while(is_silent).count()
    };
    let gap = reader.gap(past_marks(code.range.end));
    let Some((last, _)) = gap.filter(|(_, gap)| *gap >= Gap::Correction) else {
        return code;
    };
    match code_of(hearing, topic, past_marks(last + 1), sought) {
        Some(right) => SpokenCode {
            range: code.range.start..right.range.end,
            ..right
        },
        None => code,
    }
}

// "G123456(A)": the check letter or digit that stands in brackets behind a code.
fn with_check(reader: &TokenReader, mut code: SpokenCode) -> SpokenCode {
    let end = code.range.end;
    let check = reader.token(end + 1).filter(|check| check.len() == 1);
    let is_one = check.is_some_and(|check| check.is_word() || check.kind == TokenKind::Digits);
    let is_glued =
        end > code.range.start && reader.touches_next(end - 1) && reader.touches_next(end);
    if is_one && is_glued && reader.is_mark(end, b'(') && reader.is_mark(end + 2, b')') {
        code.value.push_str(reader.word(end + 1));
        code.range.end = end + 3;
    }
    code
}

// "K X nineteen R Z Y is my plate": the code with which a sentence begins.
fn claim_before(hearing: &mut Hearing, cue: &Cue) {
    const REACH: usize = 24;
    let Some(detector) = detector_of(cue.topic) else {
        return;
    };
    let reader = hearing.passage.reader();
    let is_between = |at: &usize| {
        let token = reader.tokens[*at];
        token.has(Class::DETERMINER | Class::VAGUE | Class::COPULA | Class::FILLER)
            || token.is_mark(b',')
    };
    let floor = hearing.passage.first.max(cue.first.saturating_sub(REACH));
    let behind = (floor..cue.first).rev().take_while(is_between).last();
    let Some(end) =
        behind.filter(|at| (*at..cue.first).any(|at| reader.tokens[at].has(Class::COPULA)))
    else {
        return;
    };
    let sentence = (floor..end)
        .rev()
        .take_while(|at| !reader.ends_sentence(*at));
    let mut first = sentence.last().unwrap_or(end);
    while first < end {
        if let Some(code) = code_of(hearing, cue.topic, first, Sought::Named) {
            if code.range.end == end && !hearing.claims.is_any_taken(code.range.clone()) {
                hearing.given.push((cue.topic, code.value.len()));
                hearing.claims.claim(code.range, detector, code.value);
            }
            return;
        }
        if !reader.tokens[first].has(Class::LEAD | Class::FILLER | Class::COPULA) {
            return;
        }
        first += 1;
    }
}

// "And your B V N?": the letters of a phrase that names a code are none.
fn is_label(passage: &SpokenPassage, range: &Range<usize>, value: &str) -> bool {
    let is_around = |cue: &Cue| cue.first <= range.start && cue.end >= range.end;
    !value.bytes().any(|byte| byte.is_ascii_digit()) && passage.cues.iter().any(is_around)
}

// The code at a token, if it is one of the topic.
fn code_of(hearing: &Hearing, topic: Topic, at: usize, sought: Sought) -> Option<SpokenCode> {
    let passage = &hearing.passage;
    let code = read(hearing, topic, at)?;
    if is_label(passage, &code.range, &code.value) {
        return None;
    }
    let behind = passage.tokens.get(code.range.end);
    let is_alone = code.range.end >= passage.end || behind.is_some_and(|next| !next.is_word());
    fits(topic, &code, sought, is_alone).then_some(code)
}

fn read(hearing: &Hearing, topic: Topic, at: usize) -> Option<SpokenCode> {
    let codes = CodeReader {
        reader: hearing.passage.reader(),
        is_iban: topic == Topic::Iban,
        taken: &|at| hearing.claims.is_taken(at),
        named: &|at| hearing.claims.is_named(at),
    };
    codes.code(at)
}

// Whether letters and digits are a code of the topic. Digits alone are judged with all other
// numbers.
fn fits(topic: Topic, code: &SpokenCode, sought: Sought, is_alone: bool) -> bool {
    let length = code.value.len();
    let digits = code.value.bytes().filter(u8::is_ascii_digit).count();
    let letters = length - digits;
    let is_asked = sought == Sought::Asked;
    let is_mixed = digits > 0 && letters > 0;
    // "X y z", or "x as in x-ray", and the rest in the next breath.
    let is_told = letters >= 2 || is_asked && code.range.len() > 1;
    let is_first_piece = code.is_spelled && is_told && is_alone;
    match topic {
        Topic::Zip if is_asked => {
            letters <= 6 && length <= 9 && (is_mixed || is_first_piece && letters <= 4)
        }
        Topic::Zip => is_mixed && letters <= 5 && (4..=8).contains(&length) && digits >= 1,
        // "PAN 5281 …": what has a card's check digit is one.
        Topic::Id if is_valid_card(&code.value) => false,
        Topic::Id => {
            (digits >= 3 && is_whole(topic, length))
                || (is_mixed && digits >= 2 && (length >= 6 || is_asked || code.is_spoken))
                || (is_mixed && length >= 4 && code.is_spoken)
                || is_first_piece
        }
        Topic::Code => {
            is_mixed && digits >= 2 && (5..=20).contains(&length) || is_asked && is_first_piece
        }
        Topic::Reference => {
            is_mixed && digits <= 9 && (4..=14).contains(&length)
                || is_mixed && letters >= 2 && code.is_spoken
        }
        Topic::Pin => is_mixed && digits >= 2 && (4..=10).contains(&length),
        Topic::Card => is_mixed && digits >= 4 && (5..=20).contains(&length),
        Topic::Account => is_mixed && digits >= 4 && is_whole(topic, length),
        Topic::Iban => {
            letters >= 2 && (length >= 10 || (digits >= 2 && code.is_spoken))
                || is_asked && is_first_piece
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
