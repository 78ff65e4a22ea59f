//! E-mail addresses: written with a sign `@`, said with "at" and "dot", or given in pieces.

mod domain;
mod mailbox;
mod piece;
mod reach;

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::hearing::Hearing;
pub(crate) use piece::claim as claim_piece;
pub(crate) use reach::REACH;

/// Claims the addresses of a text that are written, and those that are said or written apart.
pub(crate) fn claim_form(text: &mut Hearing) {
    claim_written(text);
    claim_spoken(text);
}

// With what was said or spelled before it: "jane dot d@mail.com", "j. Doe@mail.com".
fn claim_written(text: &mut Hearing) {
    let source = text.passage.text;
    let hides_urls = text.wanted.contains(Detector::Url);
    for range in written(source) {
        // The web address is hidden as a whole.
        if hides_urls && source[range.clone()].contains('%') && is_in_url(source, range.start) {
            continue;
        }
        let tokens = text.passage.tokens;
        let first = tokens.partition_point(|token| token.end <= range.start);
        let before = mailbox::joined_before(text.passage.reader(), first);
        let start = before.map_or(range.start, |before| tokens[before].start);
        let head = before.map_or(String::new(), |before| {
            mailbox::spelled(text.passage.reader(), before..first)
        });
        let value = head + &canonical(&source[range.clone()]);
        text.claims
            .claim_bytes(start..range.end, Detector::Email, value);
    }
}

// In small letters, with its signs as they are and not as a URL has them.
fn canonical(written: &str) -> String {
    let small = written.to_lowercase();
    if !small.contains('%') {
        return small;
    }
    [
        ("%40", "@"),
        ("%2b", "+"),
        ("%2e", "."),
        ("%5f", "_"),
        ("%2d", "-"),
    ]
    .into_iter()
    .fold(small, |value, (code, sign)| value.replace(code, sign))
}

/// Finds the addresses with a sign `@` in a text.
fn written(text: &str) -> Vec<Range<usize>> {
    // What is longer is no mailbox, and would be read again for each sign in it.
    const LONGEST: usize = 256;
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, behind) in signs(text) {
        let floor = found.last().map_or(0, |last| last.end);
        if at < floor {
            continue;
        }
        let local = text[floor..at]
            .chars()
            .rev()
            .take(LONGEST)
            .take_while(|&c| in_local_part(c))
            .map(char::len_utf8);
        let start = at - local.sum::<usize>();
        let start = start
            + bytes[start..at]
                .iter()
                .take_while(|&&byte| byte == b'.' || byte == b'\'')
                .count();
        let Some(end) = domain_end(bytes, behind).or_else(|| bank_end(text, behind)) else {
            continue;
        };
        if start < at {
            found.push(start..end);
        }
    }
    found
}

// Where a sign begins and ends: "@" and "%40".
fn signs(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'@', b'%', bytes).filter_map(move |at| {
        if bytes[at] == b'@' {
            return Some((at, at + 1));
        }
        let is_sign = bytes.get(at + 1..at + 3) == Some(b"40");
        is_sign.then_some((at, at + 3))
    })
}

fn is_in_url(text: &str, at: usize) -> bool {
    const LONGEST: usize = 400;
    let before = text
        .as_bytes()
        .get(at.saturating_sub(LONGEST)..at)
        .unwrap_or(&[]);
    let own = before
        .rsplit(|byte| byte.is_ascii_whitespace() || b"\"<>".contains(byte))
        .next()
        .unwrap_or(&[]);
    own.windows(3).any(|three| three == b"://") || own.starts_with(b"www.")
}

/// Claims an address anew where what was taken for its mailbox answers another question: "y c
/// twenty one w f u, mo at brightfold dot com".
pub(crate) fn claim_parted(part: &mut Hearing) {
    let first = part.passage.first;
    if part.claims.release_across(first, Detector::Email) {
        claim_spoken(part);
    }
}

fn claim_spoken(text: &mut Hearing) {
    let mut reader = text.passage.reader();
    for at in text.passage.first..text.passage.end {
        if at < reader.floor || text.claims.is_taken(at) {
            continue;
        }
        if let Some((range, value)) = mailbox::around(reader, at, false)
            && !text.claims.is_any_taken(range.clone())
        {
            reader.floor = range.end;
            text.claims.claim(range, Detector::Email, value);
        }
    }
}

fn in_local_part(character: char) -> bool {
    character.is_alphanumeric() || "._%+-'&~".contains(character)
}

// "rohit.d@okaxis": an address to which money is sent in India has a bank's name and no dot.
fn bank_end(text: &str, from: usize) -> Option<usize> {
    const BANKS: [&str; 24] = [
        "okaxis",
        "oksbi",
        "okhdfcbank",
        "okicici",
        "ybl",
        "ibl",
        "axl",
        "paytm",
        "apl",
        "yapl",
        "upi",
        "ptyes",
        "ptaxis",
        "pthdfc",
        "ptsbi",
        "jupiteraxis",
        "waaxis",
        "wahdfcbank",
        "waicici",
        "wasbi",
        "axisbank",
        "hdfcbank",
        "kotak",
        "icici",
    ];
    let rest = text.get(from..)?;
    let label = rest.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    let is_bank = BANKS.iter().any(|bank| label.eq_ignore_ascii_case(bank));
    is_bank.then_some(from + label.len())
}

// A domain has at least one dot, and its last label two letters or more.
fn domain_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut end = from;
    let mut accepted = None;
    let mut dots = 0;
    loop {
        let label = bytes[end..]
            .iter()
            .take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'-')
            .count();
        if label == 0 {
            return accepted;
        }
        let letters = bytes[end..end + label]
            .iter()
            .all(|byte| !byte.is_ascii_digit());
        end += label;
        if dots > 0 && label >= 2 && letters {
            accepted = Some(end);
        }
        if bytes.get(end) != Some(&b'.') {
            return accepted;
        }
        end += 1;
        dots += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::testing::{check_one, check_written};

    fn check(text: &str, expected: &[&str]) {
        check_written(written, text, expected);
    }

    #[test]
    fn addresses_end_where_the_domain_ends() {
        check(
            "mail amy.adams+bank@mail.example.co.",
            &["amy.adams+bank@mail.example.co"],
        );
        check("<a@b.org>;c_d@e-f.info, ok?", &["a@b.org", "c_d@e-f.info"]);
        check(
            "mailto:x@y.com/path “é'x@y.com…” 'b@c.de'",
            &["x@y.com", "é'x@y.com", "b@c.de"],
        );
    }

    #[test]
    fn addresses_in_percent_encoding_are_found() {
        check(
            "GET /u?mail=jane%2Bnews%40mail.com&x=1",
            &["jane%2Bnews%40mail.com"],
        );
        assert_eq!(canonical("Jane%2Bnews%40mail.com"), "jane+news@mail.com");
        let url = "https://example.org/u?mail=jane%40mail.com";
        check_one(Detector::Url, url, url);
        check("save 40%40 or 100%", &[]);
    }

    #[test]
    fn what_was_spelled_before_a_written_address_is_its_own() {
        for (text, value) in [
            ("it's jane dot doe@mail.com", "jane dot doe@mail.com"),
            ("It's j. Doe@mail.com.", "j. Doe@mail.com"),
            ("write to j a n e@mail.com", "j a n e@mail.com"),
        ] {
            check_one(Detector::Email, text, value);
        }
        check_one(Detector::Email, "Thanks. bob@x.com", "bob@x.com");
        check_one(Detector::Email, "am i bob@x.com", "bob@x.com");
    }

    #[test]
    fn an_at_sign_alone_is_no_address_but_before_a_bank() {
        check("@channel see user@host and 5 @ 3", &[]);
        check(
            "upi rohit.d@okaxis or 9845077162@ybl",
            &["rohit.d@okaxis", "9845077162@ybl"],
        );
        check("root@icicihost and @paytm", &[]);
    }
}
