//! Persons' names: behind or before the phrases with which people give them, spelled, and, where
//! the table of names is sure enough, in running speech.
//!
//! A name that was asked for and nothing else is an answer, and `answer.rs` claims it.

mod again;
mod alternative;
mod beside;
mod cited;
mod clue;
mod evidence;
mod frame;
mod grade;
mod household;
mod introduced;
mod known;
mod listed;
mod lone;
mod persona;
mod reach;
mod reader;
mod row;
mod several;
mod spelled;
mod subject;
mod suggested;
mod whole;

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::Speaker;
use crate::detect::claims::Claims;
use crate::detect::hearing::{Hearing, OwnName};
use crate::detect::people::NameSense;
use crate::detect::read::{Token, TokenReader};

pub(crate) use persona::claim_persona;
pub(crate) use reach::REACH;

use again::{claim_short, said_fuller};
use beside::{joined, told_beside};
use cited::{behind_rank, cited};
use clue::told_by_clue;
use frame::framed;
use grade::NameGrade;
use household::household;
use introduced::introduced;
use listed::listed;
use lone::unframed;
use reader::NameReader;
use row::claim_rows;
use several::several;
use spelled::{claim_spelled, said_behind, spelled_behind, spelled_by_cue, spelled_word_behind};
use subject::{told_of, told_of_another};
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
        // Marks and digits begin no name.
        let token = names.reader.token(at);
        if token.is_some_and(|token| !token.is_word() && token.entry.id == 0) {
            at += 1;
            continue;
        }
        if let Some(name) = claim_several(hearing, &names, at, &mut all) {
            at = name.end;
            last = Some(name);
        }
        let fuller = || said_fuller(&names, at).filter(|_| !is_assistant);
        let found = name_at(hearing, &names, at, last.as_ref());
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
        if is_of_assistant(hearing, &names, &found) {
            continue;
        }
        let range = match is_assistant {
            true => found.range,
            false => widened(&names, found.range),
        };
        let found = FoundName { range, ..found };
        at = at.max(claim_with_letters(hearing, &names, found.range.clone()));
        all.push(found.range.clone());
        at = at.max(claim_joined(hearing, &names, found.range.end));
        last = Some(found.range);
    }
    if !is_assistant {
        claim_short(&names, first..end, &all, hearing.claims);
        claim_spelled(&names, first..end, hearing.claims);
        claim_rows(&names, first..end, &all, hearing.claims);
    }
}

// Whether a name is what the assistant is called, as it tells itself or as it was told before.
fn is_of_assistant(hearing: &mut Hearing, names: &NameReader, found: &FoundName) -> bool {
    let word = names.reader.word(found.range.start);
    if found.is_own && hearing.speaker == Speaker::Assistant {
        hearing.own_name = OwnName::of(word);
        hearing.claims.take(found.range.clone());
        return true;
    }
    !found.is_own && found.range.len() == 1 && hearing.own_name.is(word)
}

// The name at a place, by whatever tells it.
fn name_at(
    hearing: &Hearing,
    names: &NameReader,
    at: usize,
    last: Option<&Range<usize>>,
) -> Option<FoundName> {
    let is_assistant = hearing.speaker == Speaker::Assistant;
    let fuller = || said_fuller(names, at).filter(|_| !is_assistant);
    framed(names, at)
        .or_else(|| fuller().map(FoundName::of_anyone))
        .or_else(|| spelled_by_cue(names, at).map(FoundName::of_anyone))
        .or_else(|| told_by_caller(hearing, names, at, last).map(FoundName::of_anyone))
        .or_else(|| told_in_list(hearing, names, last, at))
        .or_else(|| told_alone(hearing, names, at, last))
}

// Claims the names of several whom a caller names together; the last of them.
fn claim_several(
    hearing: &mut Hearing,
    names: &NameReader,
    at: usize,
    all: &mut Vec<Range<usize>>,
) -> Option<Range<usize>> {
    if hearing.speaker == Speaker::Assistant {
        return None;
    }
    let found = several(names, at);
    for name in &found {
        if !hearing.claims.is_any_taken(name.clone()) {
            claim_name(hearing.claims, names.reader, name.clone());
            all.push(name.clone());
        }
    }
    found.last().cloned()
}

// The name at a place that stands in a list of people, behind the last of them.
fn told_in_list(
    hearing: &Hearing,
    names: &NameReader,
    last: Option<&Range<usize>>,
    at: usize,
) -> Option<FoundName> {
    let last = last.filter(|last| last.end + 1 == at && hearing.speaker != Speaker::Assistant)?;
    listed(names, last).map(FoundName::of_anyone)
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
    // "And NINO?": a word for a number.
    let is_label = range.len() == 1 && hearing.claims.is_named(range.start);
    if !is_again && (is_label || known::is_of_thing(hearing, names, &range)) {
        return None;
    }
    let is_own = frame::is_own(names, range.end);
    Some(FoundName { range, is_own })
}

// The name at a place that only a caller's words beside it tell, in no talk of films or money.
fn told_by_caller(
    hearing: &Hearing,
    names: &NameReader,
    at: usize,
    last: Option<&Range<usize>>,
) -> Option<Range<usize>> {
    let themes = hearing.themes;
    let is_known = || themes.is_of_works(at) || themes.is_of_money(at);
    if hearing.speaker == Speaker::Assistant {
        return None;
    }
    let told = match is_plain(names, at) {
        true => cited(names, at, last),
        false => told_beside(names, at)
            .or_else(|| told_of(names, at))
            .or_else(|| told_by_clue(names, at))
            .or_else(|| household(names, at))
            .or_else(|| cited(names, at, last))
            .or_else(|| told_of_another(names, at, last?))
            .or_else(|| introduced(names, at)),
    };
    told.filter(|_| !is_known())
}

// A common word in small letters, before which nothing stands that makes a name of any word.
fn is_plain(names: &NameReader, at: usize) -> bool {
    const BEFORE: [&str; 3] = ["called", "named", "the"];
    let is_led = at > 0 && names.reader.says_any(at - 1, &BEFORE);
    let may_be = names.grade(at) > NameGrade::Common || names.is_capital(at);
    !may_be && !is_led && !names.is_head(at)
}

// With what belongs to it; of a text that grows, the word before is gone.
fn widened(names: &NameReader, name: Range<usize>) -> Range<usize> {
    let name = named_old(names, name);
    name.start..behind_rank(names, &name)
}

// "Old Joe", "LEE/MINJUN": with the word before it that belongs to it.
fn named_old(names: &NameReader, name: Range<usize>) -> Range<usize> {
    const BEFORE: [&str; 5] = ["old", "young", "big", "little", "wee"];
    let before = name.start.checked_sub(1);
    let family =
        before.filter(|at| *at > 0 && names.reader.is_mark(*at, b'/') && names.has(at - 1));
    let is_glued = |at: &usize| names.reader.touches_next(*at) && names.reader.touches_next(at - 1);
    let is_family = |at: &usize| names.sense(at - 1).is_family() && names.begins_large(at - 1);
    if let Some(slash) = family.filter(is_glued).filter(is_family) {
        return slash - 1..name.end;
    }
    // "KIM SEOJUN": short words in capitals are none by themselves.
    let is_loud = |at: usize| {
        let word = names.reader.word(at);
        word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    let is_short = |at: usize| is_loud(at) && NameSense::of(names.reader.word(at)).is_name();
    let is_all_loud = name.clone().all(is_loud) && names.reader.word(name.start).len() > 3;
    let is_one = |at: &usize| {
        let is_old = names.reader.says_any(*at, &BEFORE) && names.is_capital(*at);
        is_old || is_all_loud && names.has(*at) && is_short(*at)
    };
    let start = before.filter(|_| names.begins_large(name.start));
    let end = name.end + usize::from(is_all_loud && is_short(name.end));
    start.filter(is_one).unwrap_or(name.start)..end
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
    // "Bongani m, m for mother, k h i z e, mkhize".
    let is_caller = hearing.speaker != Speaker::Assistant;
    let word = spelled_word_behind(names, more.clone()).filter(|_| is_caller && !is_spelled);
    let Some(word) = word.filter(|word| !hearing.claims.is_any_taken(word.clone())) else {
        return more.end;
    };
    claim_name(hearing.claims, names.reader, word.clone());
    word.end
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
