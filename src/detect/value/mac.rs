//! The address of a device in a network: "00:1B:44:11:3A:B7", "001b.4411.3ab7", "a four colon c
//! three …".

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::english::Class;
use crate::detect::growing::{NOWHERE, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::read::TokenReader;

/// How far back an address may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    begins: |growing| growing.formed(&[Detector::Id]),
    ..NOWHERE
};

/// Claims the addresses of a text by their form.
pub(crate) fn claim_form(text: &mut Hearing) {
    text.claim_written(Detector::Id, written, canonical);
    claim_spoken(text);
}

// Claims those whose pairs are said with "colon" or "dash" between them.
fn claim_spoken(text: &mut Hearing) {
    let reader = text.passage.reader();
    let mut at = reader.floor;
    while at < reader.tokens.len() {
        if !is_between(&reader, at) || text.claims.is_taken(at) {
            at += 1;
            continue;
        }
        match spoken(&reader, at) {
            Some((range, value)) if !text.claims.is_any_taken(range.clone()) => {
                at = range.end;
                text.claims.claim(range, Detector::Id, value);
            }
            _ => at += 1,
        }
    }
}

fn is_between(reader: &TokenReader, at: usize) -> bool {
    reader.token(at).is_some_and(|token| {
        (4..=6).contains(&token.len())
            && token.is_word()
            && (token.has(Class::SEPARATOR) && reader.says_any(at, &["dash", "hyphen"])
                || reader.says(at, "colon"))
    })
}

// The address whose first pair stands before a mark: all six pairs, or four of them where the rest
// is to come.
fn spoken(reader: &TokenReader, mark: usize) -> Option<(Range<usize>, String)> {
    const LONGEST_PAIR: usize = 8;
    const FEWEST: usize = 4;
    const PAIRS: usize = 6;
    let lowest = reader.floor.max(mark.saturating_sub(LONGEST_PAIR));
    let ends_here = |start: &usize| pair(reader, *start).is_some_and(|(end, _)| end == mark);
    let start = (lowest..mark).find(ends_here)?;
    let (mut end, mut value) = pair(reader, start)?;
    let mut pairs = 1;
    while pairs < PAIRS && is_between(reader, end) {
        let comma = usize::from(reader.is_mark(end + 1, b','));
        let Some((behind, more)) = pair(reader, end + 1 + comma) else {
            break;
        };
        value.push_str(&more);
        (end, pairs) = (behind, pairs + 1);
    }
    let is_mixed = value.bytes().any(|sign| sign.is_ascii_alphabetic())
        && value.bytes().any(|sign| sign.is_ascii_digit());
    (pairs >= FEWEST && is_mixed).then_some((start..end, value))
}

// Two signs of a number to the base of sixteen: "a four", "f oh", "eleven", "b as in bravo nine".
fn pair(reader: &TokenReader, start: usize) -> Option<(usize, String)> {
    const SIGNS: usize = 2;
    let mut value = String::new();
    let mut at = start;
    while value.len() < SIGNS {
        at = sign(reader, at, &mut value)?;
    }
    // A mark that one says may have a comma before it.
    let comma = reader.is_mark(at, b',') && is_between(reader, at + 1);
    (value.len() == SIGNS).then_some((at + usize::from(comma), value))
}

fn sign(reader: &TokenReader, at: usize, value: &mut String) -> Option<usize> {
    const SOUNDS: [(&str, char); 6] = [
        ("bee", 'B'),
        ("be", 'B'),
        ("see", 'C'),
        ("sea", 'C'),
        ("dee", 'D'),
        ("eff", 'F'),
    ];
    if let Some(next) = reader.number(at, value) {
        return Some(next);
    }
    if let Some(spelled) = reader.spelled(at) {
        value.extend(std::iter::repeat_n(spelled.letter, spelled.times));
        return spelled.letter.is_ascii_hexdigit().then_some(spelled.end);
    }
    let (_, letter) = SOUNDS.iter().find(|(sound, _)| reader.says(at, sound))?;
    value.push(*letter);
    Some(at + 1)
}

fn canonical(written: &str) -> String {
    let signs = written.chars().filter(char::is_ascii_alphanumeric);
    signs.map(|sign| sign.to_ascii_uppercase()).collect()
}

fn written(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    let floor = |found: &[Range<usize>]| found.last().map_or(0, |last| last.end);
    for mark in memchr::memchr3_iter(b':', b'-', b'.', bytes) {
        let group = if bytes[mark] == b'.' { 4 } else { 2 };
        let start = mark.checked_sub(group);
        let start = start.filter(|start| *start >= floor(&found));
        if let Some(range) = start.and_then(|start| groups(bytes, start, group)) {
            found.push(range);
        }
    }
    found
}

// Twelve signs of a number to the base of sixteen in groups, with one mark between; no time and no
// date.
fn groups(bytes: &[u8], start: usize, group: usize) -> Option<Range<usize>> {
    const SIGNS: usize = 12;
    let mark = *bytes.get(start + group)?;
    let end = start + SIGNS + SIGNS / group - 1;
    let own = bytes.get(start..end)?;
    let is_right = |(at, byte): (usize, &u8)| match at % (group + 1) == group {
        true => *byte == mark,
        false => byte.is_ascii_hexdigit(),
    };
    let is_beside = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == mark;
    let is_apart = !bytes.get(end).is_some_and(|byte| {
        byte.is_ascii_alphanumeric() || *byte == mark && bytes.get(end + 1).is_some_and(is_beside)
    });
    let begins = start == 0 || !is_beside(&bytes[start - 1]);
    let has = |test: fn(&u8) -> bool| own.iter().any(test);
    let is_mixed = has(u8::is_ascii_alphabetic) && has(u8::is_ascii_digit);
    (own.iter().enumerate().all(is_right) && is_mixed && is_apart && begins).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::testing::{check, check_one, check_written};

    #[test]
    fn addresses_of_devices_are_told_by_their_groups() {
        for (text, value) in [
            ("mac 00:1B:44:11:3A:B7.", "00:1B:44:11:3A:B7"),
            ("(00-1b-44-11-3a-b7)", "00-1b-44-11-3a-b7"),
            ("arp 001b.4411.3ab7 up", "001b.4411.3ab7"),
        ] {
            check_written(written, text, &[value]);
        }
    }

    #[test]
    fn times_dates_and_versions_stay() {
        for text in [
            "at 10:11:12:13:14:15",
            "24-11-03-08-14-55",
            "5.9.3-7 and 1234.5678.9012",
            "fe80:00:1B:44:11:3A:B7:01",
            "cafe.babe.dead",
        ] {
            check_written(written, text, &[]);
        }
    }

    #[test]
    fn pairs_that_are_said_are_an_address() {
        for value in [
            "a four colon c three colon f oh colon one one colon nine b colon two e",
            "double oh dash one b dash four four dash eleven dash three a dash b seven",
            "a4 colon c3 colon f0 colon 11 colon 9b colon 2e",
            "dee eight colon b as in bravo two colon f f colon oh one",
        ] {
            check_one(Detector::Id, &format!("the sticker has {value}"), value);
        }
        for text in [
            "a four dash a five paper",
            "one two colon three four colon five six colon seven eight",
            "the score was four dash three",
            "see page b four colon two",
        ] {
            check(text, &[]);
        }
    }
}
