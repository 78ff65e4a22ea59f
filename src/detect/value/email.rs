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
    text.claim_written(Detector::Email, written, str::to_lowercase);
    claim_spoken(text);
}

/// Finds the addresses with a sign `@` in a text.
fn written(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in memchr::memchr_iter(b'@', bytes) {
        let floor = found.last().map_or(0, |last| last.end);
        if at < floor {
            continue;
        }
        let local = text[floor..at]
            .chars()
            .rev()
            .take_while(|&c| in_local_part(c))
            .map(char::len_utf8);
        let start = at - local.sum::<usize>();
        let start = start
            + bytes[start..at]
                .iter()
                .take_while(|&&byte| byte == b'.' || byte == b'\'')
                .count();
        let Some(end) = domain_end(bytes, at + 1) else {
            continue;
        };
        if start < at {
            found.push(start..end);
        }
    }
    found
}

fn claim_spoken(text: &mut Hearing) {
    let mut reader = text.passage.reader();
    for at in text.passage.first..text.passage.end {
        if at < reader.floor || text.claims.is_taken(at) {
            continue;
        }
        if let Some((range, value)) = mailbox::around(reader, at)
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
    use crate::detect::testing::check_written;

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
    fn an_at_sign_alone_is_no_address() {
        check("@channel see user@host and 5 @ 3", &[]);
    }
}
