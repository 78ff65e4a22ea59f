//! JSON as slices: one level is opened at a time, the rest stays the text that it was.
//!
//! Numbers are never parsed, so `1e2` and integers beyond 64 bits go through digit by digit.

mod level;
mod repair;
mod walk;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use bytestring::ByteString;
use memchr::memchr2;
use serde::de::{self, Deserialize, Visitor};
use serde_json::value::RawValue;

pub use level::{edit_entries, edit_items, edit_marks};
pub use repair::repaired;
pub use walk::{Walk, first_repeated};

/// The deepest nesting of a body; deeper ones are refused (TESTS.md R23).
pub const DEEPEST: usize = 128;

/// One entry of an object: its key unescaped, and the text of its value.
pub type Entry = (ByteString, ByteString);

/// Why an object can't be opened.
#[derive(Debug, PartialEq, Eq)]
pub enum OpenError {
    /// The text is no JSON, or not the kind that is asked for.
    Syntax(String),
    /// The same key stands there twice.
    Twice(String),
}

/// Whether a text is JSON and nothing else; the functions below only find where values begin.
pub fn validate(json: &str) -> Result<(), serde_json::Error> {
    serde_json::from_str::<&RawValue>(json).map(|_| ())
}

/// The entries of an object, in order. A key that comes twice is an error. The text must be JSON.
pub fn entries(json: &ByteString) -> Result<Vec<Entry>, OpenError> {
    let mut walk = Walk::of_object(json).ok_or_else(|| wrong_kind("an object"))?;
    // Most objects on this wire are messages, which have two to four.
    let mut opened: Vec<Entry> = Vec::with_capacity(4);
    while let Some(key) = walk.next_key() {
        opened.push((shared(json, key), json.slice_ref(walk.value())));
    }
    match first_repeated(&opened, |(key, _)| key) {
        Some(key) => Err(OpenError::Twice(key.to_owned())),
        None => Ok(opened),
    }
}

/// The items of an array, in order. The text must be JSON.
pub fn items(json: &ByteString) -> Result<Vec<ByteString>, OpenError> {
    let mut walk = Walk::of_array(json).ok_or_else(|| wrong_kind("an array"))?;
    let mut items = Vec::new();
    while walk.next_item() {
        items.push(json.slice_ref(walk.value()));
    }
    Ok(items)
}

/// A text that was read from a JSON text, sharing its bytes where it stands there.
pub fn shared(json: &ByteString, text: Cow<'_, str>) -> ByteString {
    match text {
        Cow::Borrowed(text) => json.slice_ref(text),
        Cow::Owned(text) => text.into(),
    }
}

fn wrong_kind(expected: &str) -> OpenError {
    OpenError::Syntax(format!("expected {expected}"))
}

/// The value of `key` in an object, where the object is one and has it; none where any key of it
/// comes twice.
pub fn get(json: &ByteString, key: &str) -> Option<ByteString> {
    let opened = entries(json).ok()?;
    opened
        .into_iter()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value)
}

/// As [`get`], as a part of the text; none where this key comes twice.
pub fn value_of<'j>(json: &'j str, key: &str) -> Option<&'j str> {
    let mut walk = Walk::of_object(json)?;
    let mut found = None;
    while let Some(name) = walk.next_key() {
        let value = walk.value();
        if name == key && found.replace(value).is_some() {
            return None;
        }
    }
    found
}

/// As [`get`], as a part of the text of an object that has no key twice.
pub fn first_value_of<'j>(json: &'j str, key: &str) -> Option<&'j str> {
    let mut walk = Walk::of_object(json)?;
    while let Some(name) = walk.next_key() {
        let value = walk.value();
        if name == key {
            return Some(value);
        }
    }
    None
}

/// The text under `key` in an object; none where there is none.
pub fn text_of<'j>(json: &'j str, key: &str) -> Option<Cow<'j, str>> {
    decode(value_of(json, key)?)
}

/// Where a part of a text that was read from it stands in it.
pub fn place_in(json: &str, part: &str) -> Range<usize> {
    // The part is borrowed from the text, so the difference of the addresses is its offset.
    let start = part.as_ptr().addr().saturating_sub(json.as_ptr().addr());
    start..start + part.len()
}

/// The text of a JSON string; none for anything else. A lone surrogate becomes U+FFFD.
pub fn decode(literal: &str) -> Option<Cow<'_, str>> {
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    if let Ok(text) = serde_json::from_str::<String>(literal) {
        return Some(Cow::Owned(text));
    }
    let Lossy(text) = serde_json::from_str(literal).ok()?;
    Some(Cow::Owned(text))
}

/// Where a half of a surrogate pair begins (`\ud83d`) with which the inner text of a JSON string
/// ends; its other half may be yet to come.
pub fn half_at_end(inner: &str) -> Option<usize> {
    let at = inner.len().checked_sub(6)?;
    let [
        b'\\',
        b'u',
        b'd' | b'D',
        b'8' | b'9' | b'a' | b'b' | b'A' | b'B',
        _,
        _,
    ] = inner.as_bytes()[at..]
    else {
        return None;
    };
    let before = inner[..at].bytes().rev();
    let escapes = before.take_while(|byte| *byte == b'\\').count();
    (escapes % 2 == 0).then_some(at)
}

/// The text of a JSON string, sharing the bytes where nothing is escaped.
pub fn decode_shared(json: &ByteString) -> Option<ByteString> {
    Some(shared(json, decode(json)?))
}

/// The text of a part of a JSON string, which has no quotes; as it is where it is none.
pub fn unescaped(part: &str) -> String {
    let literal = format!("\"{part}\"");
    decode(&literal).map_or_else(|| part.to_owned(), Cow::into_owned)
}

/// Appends `text` as a JSON string, quotes included.
pub fn encode_into(text: &str, out: &mut String) {
    // All of it, without leaving early: so it is done for many bytes at once.
    let is_odd = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    if !text.bytes().fold(false, |any, byte| any | is_odd(byte)) {
        out.push('"');
        out.push_str(text);
        out.push('"');
        return;
    }
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// `text` as a JSON string, quotes included.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    encode_into(text, &mut out);
    out
}

/// Whether the value is `null`.
pub fn is_null(json: &str) -> bool {
    json == "null"
}

/// Whether any value nests deeper than [`DEEPEST`]. Linear; needs no valid JSON.
pub fn is_too_deep(json: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        at += 1;
        match byte {
            b'"' => at = string_end(json, at),
            b'{' | b'[' => {
                depth += 1;
                if depth > DEEPEST {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// The offset behind the quote that closes a string whose text begins at `at`.
pub fn string_end(json: &[u8], mut at: usize) -> usize {
    while let Some(here) = quote_or_escape(json, at) {
        if json[here] == b'"' {
            return here + 1;
        }
        at = here + 2;
    }
    json.len()
}

/// Where the next quote or backslash stands. Most stand near: eight bytes are looked at together, and
/// only for a longer way the search is called that needs a start.
fn quote_or_escape(json: &[u8], mut at: usize) -> Option<usize> {
    const NEAR: usize = 6;
    // The lowest byte that is 0 has its highest bit set; those above it may be wrong.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    for _ in 0..NEAR {
        let Some(eight) = json.get(at..).and_then(|rest| rest.first_chunk()) else {
            break;
        };
        let word = u64::from_le_bytes(*eight);
        let quotes = zeros(word ^ (ONES * u64::from(b'"')));
        let found = quotes | zeros(word ^ (ONES * u64::from(b'\\')));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    Some(at + memchr2(b'"', b'\\', json.get(at..)?)?)
}

/// A 1 in each byte.
const ONES: u64 = u64::from_ne_bytes([1; 8]);

/// A JSON text without the byte order marks that stand around its values, where no JSON may have
/// any; none where there are none. One within a string is the string's.
pub fn without_marks(json: &str) -> Option<String> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    let bytes = json.as_bytes();
    let (mut out, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| memchr2(b'"', MARK[0], rest))
    {
        at += found;
        if bytes[at] == b'"' {
            at = string_end(bytes, at + 1);
        } else if bytes[at..].starts_with(MARK) {
            out.push_str(&json[copied..at]);
            at += MARK.len();
            copied = at;
        } else {
            at += 1;
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&json[copied..]);
    Some(out)
}

/// What [`edit_leaves`] shows of one leaf.
#[derive(Debug)]
pub struct Leaf<'j> {
    /// The nearest key before it, escaped as it stands there; none within bare arrays.
    pub key: Option<&'j str>,
    /// The leaf's text: a string decoded, a number as it is written.
    pub text: &'j str,
}

/// Edits the strings and numbers of a JSON text; a number that is changed becomes a string.
/// `None`: nothing was changed.
pub fn edit_leaves(json: &str, edit: &mut dyn FnMut(Leaf<'_>) -> Option<String>) -> Option<String> {
    let bytes = json.as_bytes();
    let mut out = String::new();
    let mut copied = 0;
    let mut key = None;
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let edited = match bytes[at] {
            b'"' => {
                at = string_end(bytes, at + 1);
                let literal = &json[start..at];
                if is_key(&bytes[at..]) {
                    key = literal.get(1..literal.len().saturating_sub(1));
                    None
                } else {
                    decode(literal).and_then(|text| edit(Leaf { key, text: &text }))
                }
            }
            b'-' | b'0'..=b'9' => {
                while at < bytes.len()
                    && matches!(bytes[at], b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
                {
                    at += 1;
                }
                edit(Leaf {
                    key,
                    text: &json[start..at],
                })
            }
            _ => {
                at += 1;
                None
            }
        };
        if let Some(new) = edited {
            out.push_str(&json[copied..start]);
            encode_into(&new, &mut out);
            copied = at;
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&json[copied..]);
    Some(out)
}

fn is_key(rest: &[u8]) -> bool {
    rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

struct Lossy(String);

impl<'de> Deserialize<'de> for Lossy {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Lossy;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Lossy, E> {
                // What is not UTF-8 here is a lone surrogate: three bytes, of which this is the
                // first.
                let mut text = String::with_capacity(bytes.len());
                for chunk in bytes.utf8_chunks() {
                    text.push_str(chunk.valid());
                    if chunk.invalid().first() == Some(&0xED) {
                        text.push(char::REPLACEMENT_CHARACTER);
                    }
                }
                Ok(Lossy(text))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests;
