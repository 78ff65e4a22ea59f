//! Persons' names: behind or before the phrases with which people give them, spelled, and, where
//! the table of names is sure enough, in running speech.
//!
//! A name that was asked for and nothing else is an answer, and `answer.rs` claims it.

mod again;
mod beside;
mod evidence;
mod frame;
mod grade;
mod known;
mod lone;
mod persona;
mod reach;
mod reader;
mod spelled;
mod subject;
mod suggested;
mod whole;

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::Speaker;
use crate::detect::claims::Claims;
use crate::detect::hearing::{Hearing, OwnName};
use crate::detect::read::{Token, TokenReader};

pub(crate) use persona::claim_persona;
pub(crate) use reach::REACH;

use again::{claim_short, said_fuller};
use beside::{joined, told_beside};
use frame::framed;
use lone::unframed;
use reader::NameReader;
use spelled::{said_behind, spelled_behind, spelled_by_cue};
use subject::told_of;
pub(crate) use suggested::claim_suggested;

/// Claims the names of a passage.
pub(crate) fn claim(hearing: &mut Hearing) {
    if !hearing.wanted.contains(Detector::Name) {
        return;
    }
    let (first, end) = (hearing.passage.first, hearing.passage.end);
    let names = NameReader::new(hearing.passage.reader(), first);
    let mut at = first;
    let mut last = None;
    let mut all = Vec::new();
    let is_assistant = hearing.speaker == Speaker::Assistant;
    while at < end {
        let fuller = || said_fuller(&names, at).filter(|_| !is_assistant);
        let beside = || told_by_caller(hearing, &names, at);
        let found = framed(&names, at)
            .or_else(|| fuller().map(FoundName::of_anyone))
            .or_else(|| spelled_by_cue(&names, at).map(FoundName::of_anyone))
            .or_else(|| beside().map(FoundName::of_anyone))
            .or_else(|| told_alone(hearing, &names, at, last.as_ref()));
        if let Some(first) = fuller().filter(|name| hearing.claims.is_taken(name.start)) {
            // What was asked for; it is said again.
            last = Some(first);
        }
        if let Some(found) = &found
            && known::is_known(hearing, &names, &found.range)
        {
            at = found.range.end.max(at + 1);
            continue;
        }
        let Some(found) = found.filter(|name| !hearing.claims.is_any_taken(name.range.clone()))
        else {
            at += 1;
            continue;
        };
        at = found.range.end.max(at + 1);
        if found.is_own && is_assistant {
            // An assistant that tells its own name.
            hearing.own_name = OwnName::of(names.reader.word(found.range.start));
            hearing.claims.take(found.range);
            continue;
        }
        if !found.is_own
            && found.range.len() == 1
            && hearing.own_name.is(names.reader.word(found.range.start))
        {
            continue;
        }
        at = at.max(claim_with_letters(hearing, &names, found.range.clone()));
        all.push(found.range.clone());
        at = at.max(claim_joined(hearing, &names, found.range.end));
        last = Some(found.range);
    }
    if !is_assistant {
        claim_short(&names, first..end, &all, hearing.claims);
    }
}

// The name at a place that no phrase tells, where it is no thing's.
fn told_alone(
    hearing: &Hearing,
    names: &NameReader,
    at: usize,
    last: Option<&Range<usize>>,
) -> Option<FoundName> {
    let range = unframed(names, at, last, hearing.themes)?;
    let is_again = last.is_some();
    if !is_again && known::is_of_thing(hearing, names, &range) {
        return None;
    }
    let is_own = frame::is_own(names, range.end);
    Some(FoundName { range, is_own })
}

// The name at a place that only a caller's words beside it tell, in no talk of films or money.
fn told_by_caller(hearing: &Hearing, names: &NameReader, at: usize) -> Option<Range<usize>> {
    let themes = hearing.themes;
    let is_known = themes.is_of_works(at) || themes.is_of_money(at);
    if hearing.speaker == Speaker::Assistant || is_known {
        return None;
    }
    told_beside(names, at).or_else(|| told_of(names, at))
}

// Claims the name that a caller joins to one; the token behind both.
fn claim_joined(hearing: &mut Hearing, names: &NameReader, end: usize) -> usize {
    let is_caller = hearing.speaker != Speaker::Assistant;
    let other = joined(names, end).filter(|_| is_caller);
    let Some(other) = other.filter(|other| !hearing.claims.is_any_taken(other.clone())) else {
        return end;
    };
    claim_name(hearing.claims, names.reader, other.clone());
    other.end
}

// Claims a name and the letters that spell it; the token behind both.
fn claim_with_letters(hearing: &mut Hearing, names: &NameReader, name: Range<usize>) -> usize {
    claim_name(hearing.claims, names.reader, name.clone());
    let is_spelled = names.reader.is_letter(name.start);
    let more = said_behind(names, name.clone()).filter(|_| is_spelled);
    let Some(more) = more.or_else(|| spelled_behind(names, name.end)) else {
        return name.end;
    };
    claim_name(hearing.claims, names.reader, more.clone());
    more.end
}

/// A name, and whether the speaker says it of himself.
struct FoundName {
    range: Range<usize>,
    is_own: bool,
}

impl FoundName {
    fn of_anyone(range: Range<usize>) -> Self {
        Self {
            range,
            is_own: false,
        }
    }
}

// Claims a name without the "'s" behind it.
fn claim_name(claims: &mut Claims, reader: TokenReader, range: Range<usize>) {
    let value = reader.joined(range.clone(), Token::is_word);
    let value = value.strip_suffix("'s").unwrap_or(&value).to_owned();
    let bytes = crate::detect::read::bytes_of(reader.tokens, range);
    let is_owner = reader
        .text
        .get(bytes.clone())
        .is_some_and(|name| name.ends_with("'s"));
    let bytes = bytes.start..bytes.end - if is_owner { 2 } else { 0 };
    claims.claim_bytes(bytes, Detector::Name, value);
}

#[cfg(test)]
mod tests;
