//! JSON as slices: one level is opened at a time, the rest stays the text that it was.
//!
//! Numbers are never parsed, so `1e2` and integers beyond 64 bits go through digit by digit.

use std::borrow::Cow;
use std::fmt;

use bytestring::ByteString;
use memchr::memchr2;
use serde::Deserializer as _;
use serde::de::{self, Deserialize, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

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

/// The entries of an object, in order. A key that comes twice is an error.
pub fn entries(json: &ByteString) -> Result<Vec<Entry>, OpenError> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let opened = reader
        .deserialize_map(Entries(json))
        .map_err(|error| OpenError::Syntax(error.to_string()))?;
    reader
        .end()
        .map_err(|error| OpenError::Syntax(error.to_string()))?;
    match first_repeated(&opened) {
        Some(key) => Err(OpenError::Twice(key.to_string())),
        None => Ok(opened),
    }
}

/// The items of an array, in order.
pub fn items(json: &ByteString) -> Result<Vec<ByteString>, OpenError> {
    struct Items<'j>(&'j ByteString);
    impl<'de> Visitor<'de> for Items<'de> {
        type Value = Vec<ByteString>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = access.next_element::<&RawValue>()? {
                items.push(self.0.slice_ref(item.get()));
            }
            Ok(items)
        }
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    reader
        .deserialize_seq(Items(json))
        .map_err(|error| OpenError::Syntax(error.to_string()))
}

/// The value of `key` in an object, where the object is one and has it.
pub fn get(json: &ByteString, key: &str) -> Option<ByteString> {
    let opened = entries(json).ok()?;
    opened
        .into_iter()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value)
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

/// The text of a JSON string, sharing the bytes where nothing is escaped.
pub fn decode_shared(json: &ByteString) -> Option<ByteString> {
    match decode(json)? {
        Cow::Borrowed(text) => Some(json.slice_ref(text)),
        Cow::Owned(text) => Some(text.into()),
    }
}

/// Appends `text` as a JSON string, quotes included.
pub fn encode_into(text: &str, out: &mut String) {
    let needs_escape = text
        .bytes()
        .any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\');
    if !needs_escape {
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
    while let Some(found) = json.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        let here = at + found;
        if json[here] == b'"' {
            return here + 1;
        }
        at = here + 2;
    }
    json.len()
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

fn first_repeated(entries: &[Entry]) -> Option<&str> {
    // Objects on this wire have few keys; comparing each with each needs no allocation.
    let repeated =
        |(at, (key, _)): (usize, &Entry)| entries[..at].iter().any(|(other, _)| other == key);
    if entries.len() <= 64 {
        return entries
            .iter()
            .enumerate()
            .find(|entry| repeated(*entry))
            .map(|(_, (key, _))| &**key);
    }
    let mut seen = std::collections::HashSet::with_capacity(entries.len());
    entries
        .iter()
        .find(|(key, _)| !seen.insert(&**key))
        .map(|(key, _)| &**key)
}

struct Entries<'j>(&'j ByteString);

impl<'de> Visitor<'de> for Entries<'de> {
    type Value = Vec<Entry>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::with_capacity(8);
        while let Some(Key(key)) = access.next_key()? {
            let value: &RawValue = access.next_value()?;
            let key = match key {
                Cow::Borrowed(key) => self.0.slice_ref(key),
                Cow::Owned(key) => key.into(),
            };
            entries.push((key, self.0.slice_ref(value.get())));
        }
        Ok(entries)
    }
}

struct Key<'j>(Cow<'j, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyText;
        impl<'de> Visitor<'de> for KeyText {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyText)
    }
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
                Ok(Lossy(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_the_text_that_they_were() {
        let json =
            ByteString::from(r#"{ "a" : 1e2, "b":[ 15924764223251450000 ],"\u0063": "x\ny"}"#);
        let entries = entries(&json).expect("it is an object");
        let pairs: Vec<(&str, &str)> = entries
            .iter()
            .map(|(key, value)| (&**key, &**value))
            .collect();
        assert_eq!(
            pairs,
            [
                ("a", "1e2"),
                ("b", "[ 15924764223251450000 ]"),
                ("c", r#""x\ny""#)
            ]
        );
    }

    #[test]
    fn a_key_twice_is_found_even_when_it_is_escaped() {
        let json = ByteString::from(r#"{"model":1,"\u006dodel":2}"#);
        assert_eq!(entries(&json), Err(OpenError::Twice("model".into())));
    }

    #[test]
    fn strings_are_decoded_without_loss_of_the_turn() {
        assert_eq!(decode(r#""a b""#).as_deref(), Some("a b"));
        assert_eq!(decode(r#""a\u00e9\n""#).as_deref(), Some("aé\n"));
        assert!(
            decode(r#""lone \ud83d here""#)
                .is_some_and(|text| text.contains("lone") && text.contains("here"))
        );
        assert_eq!(decode("12"), None);
        assert_eq!(encode("a\"b\u{1}é"), "\"a\\\"b\\u0001é\"");
    }

    #[test]
    fn depth_counts_outside_strings_only() {
        let brackets = "[".repeat(200);
        assert!(is_too_deep(brackets.as_bytes()));
        assert!(!is_too_deep(
            format!(r#"["{brackets}\"{brackets}"]"#).as_bytes()
        ));
        assert!(!is_too_deep("[]".repeat(200).as_bytes()));
    }

    #[test]
    fn leaves_are_edited_in_place() {
        let json = r#"{"a": "x", "n": 12 , "b": ["x", {"c\"": "y"}]}"#;
        let mut seen = Vec::new();
        let edited = edit_leaves(json, &mut |leaf| {
            seen.push((leaf.key.unwrap_or("-").to_owned(), leaf.text.to_owned()));
            match leaf.text {
                "x" => Some("q\"".into()),
                "12" => Some("[N]".into()),
                _ => None,
            }
        });
        assert_eq!(
            edited.as_deref(),
            Some(r#"{"a": "q\"", "n": "[N]" , "b": ["q\"", {"c\"": "y"}]}"#)
        );
        assert_eq!(seen.len(), 4);
        assert_eq!(edit_leaves(json, &mut |_| None), None);
    }
}
