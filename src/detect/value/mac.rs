//! The address of a device in a network: "00:1B:44:11:3A:B7", "001b.4411.3ab7".

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::growing::{NOWHERE, ValueReach};
use crate::detect::hearing::Hearing;

/// How far back an address may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    begins: |growing| growing.formed(&[Detector::Id]),
    ..NOWHERE
};

/// Claims the addresses of a text by their form.
pub(crate) fn claim_form(text: &mut Hearing) {
    text.claim_written(Detector::Id, written, canonical);
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
    use crate::detect::testing::check_written;

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
}
