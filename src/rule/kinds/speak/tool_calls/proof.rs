//! Whether a mark begins a tool call, or stands in a sentence that speaks of such marks.
//!
//! What follows the mark tells it. Where nothing does within a bound, it is a sentence.

use super::python;
use crate::stream::sweep::Glimpse;

/// No mark is closed farther away that nothing else proves.
const NEAR: usize = 400;
/// The blanks between a mark and what it marks.
const MOST_BLANKS: usize = 20;

/// Whether a call begins at an offset, or is closed near by.
pub(super) fn is_call(here: &Glimpse<'_>, at: usize, ends: &[&str]) -> bool {
    is_within_call(here, at) || closed_at(here, at, ends).is_some()
}

/// Where the first of some ends stands near by.
pub(super) fn closed_at(here: &Glimpse<'_>, from: usize, ends: &[&str]) -> Option<usize> {
    let mut at = from;
    while at < from + NEAR {
        let letter = here.letter(at)?;
        if ends.iter().any(|end| here.has(at, end)) {
            return Some(at);
        }
        at += letter.len_utf8();
    }
    None
}

/// Whether JSON begins at an offset, behind blanks; or nothing follows at all.
pub(super) fn is_json(here: &Glimpse<'_>, at: usize) -> bool {
    let inside = |at: usize| at + 1 + blanks(here, at + 1);
    let is_of_key = |sign: char| sign.is_ascii_alphanumeric() || "_-".contains(sign);
    match here.byte(at) {
        Some(b'{') => {
            let first = inside(at);
            let key = here.run(first, 40, is_of_key);
            match here.byte(first) {
                None | Some(b'"' | b'\'' | b'}') => true,
                _ => key > 0 && here.byte(first + key) == Some(b':'),
            }
        }
        Some(b'[') => {
            let first = inside(at);
            match here.byte(first) {
                None | Some(b'"' | b']') => true,
                Some(b'{') => is_json(here, first),
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether what begins at an offset is the inside of a call: JSON, a tag, a name before its
/// arguments, code; or nothing follows at all.
fn is_within_call(here: &Glimpse<'_>, at: usize) -> bool {
    let at = at + blanks(here, at);
    match here.letter(at) {
        None => true,
        Some('<') => begins_tag(here, at),
        Some('{') => is_json(here, at),
        Some('[') => is_json(here, at) || python::begins(here, at + 1),
        Some(_) => {
            let is_of_name = |sign: char| sign.is_ascii_alphanumeric() || "_.:-/".contains(sign);
            let end = at + here.run(at, 80, is_of_name);
            let lines = here.run(end, 4, |sign| sign == '\n' || sign == '\r');
            let is_named = match here.byte(end + lines) {
                Some(b'<') => begins_tag(here, end + lines),
                Some(b'{' | b'[') => is_json(here, end + lines),
                _ => false,
            };
            (end > at && is_named) || python::begins(here, at)
        }
    }
}

fn begins_tag(here: &Glimpse<'_>, at: usize) -> bool {
    let next = here.letter(at + 1);
    next.is_none_or(|next| next.is_ascii_alphabetic() || "/|｜".contains(next))
}

fn blanks(here: &Glimpse<'_>, at: usize) -> usize {
    here.run(at, MOST_BLANKS, char::is_whitespace)
}
