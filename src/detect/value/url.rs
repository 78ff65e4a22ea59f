//! Web addresses, written and said.

mod said;

use std::ops::Range;

use crate::detect::english::{Class, Topic};
use crate::detect::growing::{NOWHERE, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Cue, Lexicon, bytes_of};
use crate::detect::{Detector, Speaker};

/// Claims the addresses of a text: those that are said, and those that are written.
pub(crate) fn claim_form(text: &mut Hearing) {
    said::claim(text);
    text.claim_written(Detector::Url, written, canonical);
}

/// Claims the addresses that a caller says where one was asked for: there a name is no brand.
pub(crate) fn claim_asked(hearing: &mut Hearing) {
    let is_asked = hearing.passage.asks(Topic::Url) && hearing.speaker == Speaker::Caller;
    if is_asked {
        said::claim_asked(hearing);
    }
    let reader = hearing.passage.reader();
    let mut found = Vec::new();
    if is_asked {
        let hosts = hearing.passage.first..hearing.passage.end;
        found.extend(hosts.filter_map(|at| Some(at..reader.written_host(at)?)));
    }
    // "My website is quinnglass.ie".
    let is_of_site = |cue: &&Cue| cue.topic == Topic::Url;
    for cue in hearing.passage.cues.iter().filter(is_of_site) {
        let behind = (cue.end..cue.end + REACH_OF_CUE).find(|at| {
            reader
                .token(*at)
                .is_some_and(|token| !token.has(Class::COPULA))
        });
        found.extend(behind.and_then(|at| Some(at..reader.written_host(at)?)));
    }
    for range in found {
        if !hearing.claims.is_any_taken(range.clone()) {
            let bytes = bytes_of(reader.tokens, range.clone());
            let value = canonical(reader.text.get(bytes).unwrap_or(""));
            hearing.claims.claim(range, Detector::Url, value);
        }
    }
}

// So many words stand between "website" and what it is.
const REACH_OF_CUE: usize = 3;

/// How far back an address may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    // What is said of a path or a scheme.
    is_begun: |growing, from| {
        (from..growing.reader.tokens.len())
            .any(|at| growing.reader.says_any(at, &["slash", "colon"]))
    },
    begins: |growing| growing.formed(&[Detector::Url]),
    ..NOWHERE
};

// Finds the addresses in a text: with a scheme, with `www.`, or a domain with a path.
fn written(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    for dot in memchr::memchr_iter(b'.', bytes) {
        if found.last().is_some_and(|last| dot < last.end) {
            continue;
        }
        let floor = found.last().map_or(0, |last| last.end);
        let Some((start, named)) = start_of(text, dot, floor) else {
            continue;
        };
        let Some(end) = end_of(text, start, named) else {
            continue;
        };
        found.push(start..end);
    }
    found
}

// The address in small letters, without scheme and last slash.
fn canonical(written: &str) -> String {
    let lower = written.to_lowercase();
    let rest = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    rest.strip_prefix("www.")
        .unwrap_or(rest)
        .trim_end_matches('/')
        .to_owned()
}

fn is_top_domain(word: &str) -> bool {
    Lexicon::get()
        .entry(word)
        .classes
        .intersects(Class::TOP_DOMAIN | Class::TOP_SITE)
}

fn is_in_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

// Where an address with this dot in its host starts, and whether a scheme or `www.` says that it is one.
fn start_of(text: &str, dot: usize, floor: usize) -> Option<(usize, bool)> {
    const LONGEST: usize = 64;
    let bytes = text.as_bytes();
    let label = bytes[floor..dot]
        .iter()
        .rev()
        .take(LONGEST)
        .take_while(|byte| is_in_host(**byte))
        .count();
    let start = dot - label;
    let before = bytes.get(floor..start)?;
    for scheme in ["https://", "http://", "ftp://", "wss://", "ws://"] {
        let named = before
            .len()
            .checked_sub(scheme.len())
            .and_then(|at| before.get(at..));
        if label > 0 && named.is_some_and(|named| named.eq_ignore_ascii_case(scheme.as_bytes())) {
            return Some((start - scheme.len(), true));
        }
    }
    let touches = before
        .last()
        .is_some_and(|byte| b"@._/:\\".contains(byte) || *byte >= 0x80);
    if label == 0 || touches {
        return None;
    }
    Some((start, bytes[start..dot].eq_ignore_ascii_case(b"www")))
}

fn end_of(text: &str, start: usize, named: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let head = bytes.get(start..bytes.len().min(start + 8))?;
    let scheme = head.windows(3).position(|three| three == b"://");
    let host_start = scheme.map_or(start, |at| start + at + 3);
    let host = bytes[host_start..]
        .iter()
        .take_while(|byte| is_in_host(**byte) || **byte == b'.')
        .count();
    let host_end = host_start
        + text
            .get(host_start..host_start + host)?
            .trim_end_matches('.')
            .len();
    let top = text
        .get(host_start..host_end)?
        .rsplit('.')
        .next()
        .unwrap_or("");
    if !text.get(host_start..host_end)?.contains('.') && !named {
        return None;
    }
    let known = is_top_domain(top);
    let path = bytes
        .get(host_end)
        .is_some_and(|byte| b"/?#".contains(byte))
        || port_end(bytes, host_end).is_some();
    let common = matches!(
        top.to_ascii_lowercase().as_str(),
        "com" | "org" | "net" | "edu" | "gov" | "info" | "biz"
    );
    if !(named || known && (path || common)) {
        return None;
    }
    let rest = bytes[host_end..]
        .iter()
        .take_while(|byte| byte.is_ascii_graphic() && !b"<>\"'`{}|^\\".contains(byte))
        .count();
    let mut end = if path { host_end + rest } else { host_end };
    while end > host_end
        && (b".,;:!?*_]".contains(&bytes[end - 1]) || is_open_bracket(&bytes[start..end]))
    {
        end -= 1;
    }
    Some(end)
}

fn port_end(bytes: &[u8], at: usize) -> Option<usize> {
    let colon = bytes.get(at) == Some(&b':');
    (colon && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)).then_some(at + 1)
}

fn is_open_bracket(address: &[u8]) -> bool {
    address.last() == Some(&b')') && !address.contains(&b'(')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::testing::check_written;

    fn check(text: &str, expected: &[&str]) {
        check_written(written, text, expected);
    }

    #[test]
    fn addresses_are_found() {
        check(
            "see https://www.a-b.com/c?id=1&u=d.",
            &["https://www.a-b.com/c?id=1&u=d"],
        );
        check(
            "(http://peters.info) www.baker.biz/w, garrett.com/eclark!",
            &[
                "http://peters.info",
                "www.baker.biz/w",
                "garrett.com/eclark",
            ],
        );
    }

    #[test]
    fn an_address_may_end_in_a_plain_word() {
        check(
            "at lena-moss.photo/weddings.",
            &["lena-moss.photo/weddings"],
        );
        check("take a nice.photo and see main.rs/x", &[]);
    }

    #[test]
    fn files_sentences_and_mail_are_none() {
        check(
            "see file.txt and main.rs. Then e.g. std.io, a@b.com. It is 3.5.",
            &[],
        );
    }

    #[test]
    fn spellings_of_one_address_are_one_value() {
        assert_eq!(canonical("HTTP://www.Brown.info/"), canonical("brown.info"));
    }
}
