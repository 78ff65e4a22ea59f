//! Links and addresses of the web: of a link its text is said, of an address the name of its host.
//!
//! Addresses of mail, and names of hosts by themselves, are meant to be said and stay.

use crate::stream::sweep::{Glimpse, Swept};

/// The text of no link is longer.
const LONGEST_TEXT: usize = 160;
/// No address is longer.
const LONGEST_ADDRESS: usize = 1200;
/// Nobody who is named before a host has more bytes.
const LONGEST_USER: usize = 120;

/// What begins here with a bracket, or `!` before one, and is of a link.
pub(super) fn link(byte: u8, here: &Glimpse<'_>) -> Option<Swept> {
    match byte {
        b'!' => (here.byte(1) == Some(b'[') && is_link(here, 1)).then_some(Swept::Gone(1)),
        b'[' => is_link(here, 0).then_some(Swept::Gone(1)),
        b']' => target(here, 1).map(Swept::Gone),
        // Behind a placeholder that is the text of a link.
        _ if here.last() == Some(']') => target(here, 0).map(Swept::Gone),
        _ => None,
    }
}

/// Whether a text in brackets, with a target behind it, begins at an offset.
fn is_link(here: &Glimpse<'_>, offset: usize) -> bool {
    let mut depth = 0;
    let mut at = offset;
    while at < offset + LONGEST_TEXT {
        match here.letter(at) {
            None | Some('\n') => return false,
            Some('[') => depth += 1,
            Some(']') if depth == 1 => return target(here, at + 1).is_some(),
            Some(']') => depth -= 1,
            Some(_) => {}
        }
        at += here.letter(at).map_or(1, char::len_utf8);
    }
    false
}

/// Where the target of a link ends that begins at an offset: `(https://…)`, with a title too, or
/// the name of one that is told elsewhere, `[1]`.
fn target(here: &Glimpse<'_>, offset: usize) -> Option<usize> {
    match here.byte(offset)? {
        b'[' => {
            let name = here.run(offset + 1, 40, |sign| {
                sign.is_alphanumeric() || "-_ ".contains(sign)
            });
            let end = offset + 1 + name;
            // What is in capitals with a number may be a placeholder.
            let is_name = here.byte(end) == Some(b']') && !here.text(offset + 1..end).contains('_');
            is_name.then_some(end + 1)
        }
        b'(' => {
            let mut end = offset + 1 + address_len(here, offset + 1, ')');
            if here.byte(end) == Some(b' ') && here.byte(end + 1) == Some(b'"') {
                end += 2 + here.run(end + 2, 160, |sign| sign != '"' && sign != '\n');
                end += 1;
            }
            (here.byte(end) == Some(b')')).then_some(end + 1)
        }
        _ => None,
    }
}

/// The bytes of an address that begins at an offset. Round brackets within belong to it.
fn address_len(here: &Glimpse<'_>, offset: usize, closing: char) -> usize {
    let mut depth = 0;
    let mut at = offset;
    while at < offset + LONGEST_ADDRESS {
        match here.letter(at) {
            Some('(') => depth += 1,
            Some(')') if depth > 0 => depth -= 1,
            Some(sign) if sign == closing || sign.is_whitespace() || "<>\"".contains(sign) => break,
            Some(_) => {}
            None => break,
        }
        at += here.letter(at).map_or(1, char::len_utf8);
    }
    at - offset
}

/// An address that begins here.
pub(super) fn address(here: &Glimpse<'_>) -> Option<Swept> {
    if here
        .last()
        .is_some_and(|last| last.is_alphanumeric() || "@._-/".contains(last))
    {
        return None;
    }
    for scheme in ["mailto:", "tel:"] {
        if here.has(0, scheme)
            && here
                .letter(scheme.len())
                .is_some_and(|sign| !sign.is_whitespace())
        {
            return Some(Swept::Gone(scheme.len()));
        }
    }
    let scheme = ["https://", "http://"]
        .iter()
        .find(|scheme| here.has(0, scheme));
    let scheme = match scheme {
        Some(scheme) => scheme.len(),
        None if here.has(0, "www.") => 0,
        None => return None,
    };
    let begin = scheme + user_len(here, scheme);
    let begin = begin + if here.has(begin, "www.") { 4 } else { 0 };
    let is_of_host = |sign: char| sign.is_alphanumeric() || "-.".contains(sign);
    let host = here.run(begin, 200, is_of_host);
    let all = begin + host + address_len(here, begin + host, '\u{0}');
    let text = here.text(0..all);
    // The signs at its end are those of the sentence.
    let mut end = text
        .trim_end_matches([',', '.', ';', ':', '!', '?', '\'', '*', '_', '`'])
        .len();
    let is_closed_more = |text: &str, opening: char, closing: char| {
        text.ends_with(closing) && text.matches(closing).count() > text.matches(opening).count()
    };
    while is_closed_more(&text[..end], '(', ')') || is_closed_more(&text[..end], '[', ']') {
        end -= 1;
    }
    let host = here.text(begin..begin + host).trim_end_matches(['.', '-']);
    (!host.is_empty()).then(|| Swept::Said(end.max(begin + host.len()), host.to_owned()))
}

/// The bytes of who is named before the host, as in `https://anna:secret@example.com`.
fn user_len(here: &Glimpse<'_>, offset: usize) -> usize {
    let is_of_user = |sign: char| !sign.is_whitespace() && !"/?#<>\"@".contains(sign);
    let user = here.run(offset, LONGEST_USER, is_of_user);
    match here.byte(offset + user) {
        Some(b'@') => user + 1,
        _ => 0,
    }
}

/// `<https://example.com>`, `<a@example.com>`.
pub(super) fn in_angles(here: &Glimpse<'_>) -> Option<Swept> {
    let inside = here.run(1, LONGEST_ADDRESS, |sign| {
        !sign.is_whitespace() && !"<>".contains(sign)
    });
    if here.byte(1 + inside) != Some(b'>') {
        return None;
    }
    let text = here.text(1..1 + inside);
    let said = match text.split_once("://") {
        Some((scheme, rest)) if scheme.chars().all(|sign| sign.is_ascii_alphabetic()) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
            let host = host.rsplit('@').next().unwrap_or(host);
            let host = host.split(':').next().unwrap_or(host);
            host.strip_prefix("www.").unwrap_or(host)
        }
        _ if text.contains('@') && text.contains('.') && !text.contains('=') => {
            text.strip_prefix("mailto:").unwrap_or(text)
        }
        _ => return None,
    };
    Some(Swept::Said(inside + 2, said.to_owned()))
}

/// The mark of a source or a footnote, as in `since 2019[1]` and `since 2019.[^2]`.
pub(super) fn citation(here: &Glimpse<'_>) -> Option<Swept> {
    let is_behind = here
        .last()
        .is_some_and(|last| !last.is_whitespace() && !"([{<\"'=".contains(last));
    let caret = usize::from(here.byte(1) == Some(b'^'));
    let is_of_name = |sign: char| match caret {
        0 => sign.is_ascii_digit(),
        _ => sign.is_alphanumeric() || sign == '-',
    };
    let name = here.run(1 + caret, if caret == 0 { 2 } else { 30 }, is_of_name);
    let end = 1 + caret + name;
    let is_mark = name > 0 && here.byte(end) == Some(b']') && here.byte(end + 1) != Some(b'(');
    if !is_mark || (caret == 0 && !is_behind) {
        return None;
    }
    let colon = caret * usize::from(here.byte(end + 1) == Some(b':'));
    Some(Swept::Gone(end + 1 + colon))
}
