//! IP addresses of both versions.

use std::net::Ipv6Addr;
use std::ops::Range;

use crate::detect::Detector;
use crate::detect::english::{Class, VERSIONS};
use crate::detect::hearing::Hearing;
use crate::detect::read::{TokenReader, digit_starts};

/// Claims the addresses of a text, written and said.
pub(crate) fn claim_form(text: &mut Hearing) {
    text.claim_written(Detector::Ip, written, canonical);
    claim_spoken(text);
}

fn written(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in digit_starts(text.as_bytes()) {
        if found.last().is_some_and(|last| start < last.end) {
            continue;
        }
        if let Some(end) = four(text.as_bytes(), start) {
            found.push(start..end);
        }
    }
    for colons in memchr::memmem::find_iter(text.as_bytes(), "::") {
        six(text, colons, &mut found);
    }
    if memchr::memchr_iter(b':', text.as_bytes()).nth(6).is_some() {
        for colon in memchr::memchr_iter(b':', text.as_bytes()) {
            six(text, colon, &mut found);
        }
    }
    found.sort_by_key(|hit| hit.start);
    found
}

// "One ninety two dot one sixty eight dot …".
fn claim_spoken(text: &mut Hearing) {
    let reader = text.passage.reader();
    for (at, token) in reader.tokens.iter().enumerate().skip(1) {
        let is_dot = token.has(Class::DOT) && !text.claims.is_taken(at);
        if let Some((range, value)) = is_dot.then(|| said_around(reader, at)).flatten() {
            text.claims.claim(range, Detector::Ip, value);
        }
    }
}

// The four numbers of which the first ends before a "dot".
fn said_around(reader: TokenReader, dot: usize) -> Option<(Range<usize>, String)> {
    let number_end = |start: usize, digits: &mut String| {
        let mut end = start;
        while let Some(next) = reader.number(end, digits).filter(|_| end < start + 3) {
            end = next;
        }
        (end > start && digits.len() <= 3 && digits.parse::<u32>().is_ok_and(|value| value < 256))
            .then_some(end)
    };
    // "Eighty one, dot, one four two".
    let past_comma = |at: usize| at + usize::from(reader.is_mark(at, b','));
    let end = dot - usize::from(reader.is_mark(dot - 1, b','));
    let first = (end.saturating_sub(3)..end)
        .find(|start| number_end(*start, &mut String::new()) == Some(end))?;
    let mut value = String::new();
    number_end(first, &mut value)?;
    let mut at = end;
    for _ in 0..3 {
        let dot = past_comma(at);
        reader.token(dot).filter(|token| token.has(Class::DOT))?;
        let mut part = String::new();
        at = number_end(past_comma(dot + 1), &mut part)?;
        value = format!("{value}.{part}");
    }
    (!reader.token(at).is_some_and(|token| token.has(Class::DOT))).then_some((first..at, value))
}

// The one form of all spellings of an address.
fn canonical(written: &str) -> String {
    match written.parse::<Ipv6Addr>() {
        Ok(address) => address.to_string(),
        Err(_) => written
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '.')
            .collect(),
    }
}

// Four numbers, with the dots as they are or in brackets as cautious people write them.
// Versions and section numbers have other lengths; a fifth part makes it something else.
fn four(bytes: &[u8], start: usize) -> Option<usize> {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    if before.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'.' || *b == b'-') {
        return None;
    }
    if is_version(bytes, start) {
        return None;
    }
    let mut at = part_end(bytes, start)?;
    for _ in 0..3 {
        at = part_end(bytes, dot_end(bytes, at)?)?;
    }
    let goes_on = bytes.get(at).is_some_and(u8::is_ascii_alphanumeric)
        || dot_end(bytes, at).is_some_and(|next| bytes.get(next).is_some_and(u8::is_ascii_digit));
    (!goes_on).then_some(at)
}

// "Version 10.15.7.1", "section 4.1.2.3".
fn is_version(bytes: &[u8], start: usize) -> bool {
    let before = bytes[..start].trim_ascii_end();
    let word = before
        .iter()
        .rev()
        .take(9)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let word = &before[before.len() - word..];
    VERSIONS
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
}

fn part_end(bytes: &[u8], start: usize) -> Option<usize> {
    let length = bytes
        .get(start..)?
        .iter()
        .take(4)
        .take_while(|b| b.is_ascii_digit())
        .count();
    let value = bytes
        .get(start..start + length)?
        .iter()
        .fold(0u32, |sum, b| sum * 10 + u32::from(b - b'0'));
    ((1..=3).contains(&length) && value < 256).then_some(start + length)
}

fn dot_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    if rest.starts_with(b"[.]") || rest.starts_with(b"(.)") {
        return Some(at + 3);
    }
    rest.starts_with(b".").then_some(at + 1)
}

// The parser of the standard library decides; here the candidate's ends are found.
fn six(text: &str, colon: usize, found: &mut Vec<Range<usize>>) {
    const LONGEST: usize = 45;
    let bytes = text.as_bytes();
    if found.iter().rev().take(2).any(|hit| hit.contains(&colon)) {
        return;
    }
    let within = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b':' || *byte == b'.';
    let start = colon
        - bytes[..colon]
            .iter()
            .rev()
            .take(LONGEST)
            .take_while(|b| within(b))
            .count();
    let mut end = colon
        + bytes[colon..]
            .iter()
            .take(LONGEST)
            .take_while(|b| within(b))
            .count();
    while end > start && bytes[end - 1] == b'.' {
        end -= 1;
    }
    let alone = |byte: Option<&u8>| !byte.is_some_and(u8::is_ascii_alphanumeric);
    let digits = bytes[start..end].iter().any(u8::is_ascii_hexdigit);
    if digits
        && alone(start.checked_sub(1).and_then(|at| bytes.get(at)))
        && alone(bytes.get(end))
        && text[start..end]
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| address.segments().iter().filter(|s| **s != 0).count() > 1)
    {
        found.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Detector::Ip;
    use crate::detect::testing::{check_one, check_written};

    fn check(text: &str, expected: &[&str]) {
        check_written(written, text, expected);
    }

    #[test]
    fn both_versions_are_found() {
        check(
            "ping 49.239.22.54 and [2001:db8::7d3a]:80.",
            &["49.239.22.54", "2001:db8::7d3a"],
        );
        check(
            "6654:c8:f71:f0b6:7785:c5c7:ba68:58b6",
            &["6654:c8:f71:f0b6:7785:c5c7:ba68:58b6"],
        );
        check("ip is 223[.]210[.]40[.]142", &["223[.]210[.]40[.]142"]);
    }

    #[test]
    fn an_address_is_said_with_pauses() {
        for value in [
            "eighty one, dot, one four two, dot, thirty seven, dot, two oh six",
            "ten dot zero dot four dot seven",
        ] {
            check_one(Ip, &format!("it's {value} in the office"), value);
        }
    }

    #[test]
    fn versions_times_and_paths_are_none() {
        check(
            "1.2.3 and 1.2.3.4.5 at 10:20:30, std::vec and 999.1.1.1",
            &[],
        );
    }

    #[test]
    fn spellings_of_one_address_are_one_value() {
        assert_eq!(canonical("2001:DB8:0::1"), canonical("2001:db8::1"));
        assert_eq!(canonical("1[.]2[.]3[.]4"), "1.2.3.4");
    }
}
