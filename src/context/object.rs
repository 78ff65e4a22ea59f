//! One object of context: what it may be, how a patch changes it, and its entity tag.
//!
//! It is kept as JSON text. What a patch does not touch stays digit by digit as it was put.

use bytestring::ByteString;
use sha2::{Digest, Sha256};

use crate::chat::json::{self, OpenError};

/// The largest object, in bytes of its JSON text.
pub const LARGEST: usize = 64 * 1024;
/// The deepest nesting of an object.
const DEEPEST: usize = 32;
/// The most keys and items of an object, at all depths together.
const MOST_ENTRIES: usize = 4096;
/// The key under which a call's context shows what Vapi told.
pub const VAPI: &str = "vapi";

/// Why a text is no object of context. Never quotes a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// It is no JSON.
    #[error("the body is no JSON: {0}")]
    Syntax(String),
    /// It is no object.
    #[error("the body must be a JSON object, such as {{\"plan\":\"gold\"}}")]
    NoObject,
    /// A key stands twice in one object.
    #[error("the key `{0}` stands twice in one object")]
    Twice(String),
    /// Too many bytes.
    #[error("the object has {0} bytes; at most {LARGEST} are kept")]
    TooLarge(usize),
    /// Too many levels.
    #[error("the object nests deeper than {DEEPEST} levels")]
    TooDeep,
    /// Too many entries.
    #[error("the object has more than {MOST_ENTRIES} keys and items")]
    TooMany,
    /// A call's context has a place for what Vapi told, which nobody else writes.
    #[error("the key `{VAPI}` of a call's context belongs to Vapi's webhooks; choose another")]
    Reserved,
}

/// Whether a text is an object within the limits.
pub fn check(text: &ByteString) -> Result<(), ObjectError> {
    if text.len() > LARGEST {
        return Err(ObjectError::TooLarge(text.len()));
    }
    if json::is_too_deep(text.as_bytes()) {
        return Err(ObjectError::TooDeep);
    }
    // What templates can't read, such as half a character, must not be kept for them.
    serde_json::from_str::<serde_json::Value>(text)
        .map_err(|error| ObjectError::Syntax(error.to_string()))?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(ObjectError::NoObject);
    }
    let mut entries = 0;
    check_level(text, 0, &mut entries)
}

/// Whether a text has a top-level key.
pub fn has_key(text: &ByteString, key: &str) -> bool {
    json::get(text, key).is_some()
}

fn check_level(value: &ByteString, depth: usize, entries: &mut usize) -> Result<(), ObjectError> {
    let values: Vec<ByteString> = match value.trim_ascii_start().bytes().next() {
        Some(b'{') => match json::entries(value) {
            Ok(entries) => entries.into_iter().map(|(_, value)| value).collect(),
            Err(OpenError::Twice(key)) => return Err(ObjectError::Twice(key)),
            Err(OpenError::Syntax(why)) => return Err(ObjectError::Syntax(why)),
        },
        Some(b'[') => json::items(value).map_err(|_| ObjectError::NoObject)?,
        _ => return Ok(()),
    };
    if depth == DEEPEST {
        return Err(ObjectError::TooDeep);
    }
    *entries += values.len();
    if *entries > MOST_ENTRIES {
        return Err(ObjectError::TooMany);
    }
    values
        .iter()
        .try_for_each(|value| check_level(value, depth + 1, entries))
}

/// A JSON Merge Patch (RFC 7396): objects are merged, null removes a key, anything else replaces.
/// Both texts must have passed [`check`]; no target is an empty object.
pub fn merge(target: Option<&ByteString>, patch: &ByteString) -> ByteString {
    let Ok(changes) = json::entries(patch) else {
        return patch.clone();
    };
    let mut entries = target
        .and_then(|target| json::entries(target).ok())
        .unwrap_or_default();
    for (key, value) in changes {
        let at = entries.iter().position(|(known, _)| *known == key);
        match at {
            Some(at) if json::is_null(&value) => {
                entries.remove(at);
            }
            None if json::is_null(&value) => {}
            Some(at) => entries[at].1 = merge(Some(&entries[at].1), &value),
            None => entries.push((key, merge(None, &value))),
        }
    }
    write(&entries)
}

/// An object of these entries.
pub(super) fn write(entries: &[json::Entry]) -> ByteString {
    let mut out = String::from("{");
    for (at, (key, value)) in entries.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        json::encode_into(key, &mut out);
        out.push(':');
        out.push_str(value);
    }
    out.push('}');
    out.into()
}

/// The strong entity tag of an object's text (RFC 9110, 8.8.3), the same on every replica.
pub fn etag(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let hex: String = hash
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("\"{hex}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(target: &str, patch: &str) -> String {
        let [target, patch] = [target, patch].map(ByteString::from);
        merge(Some(&target), &patch).to_string()
    }

    /// The cases of RFC 7396, appendix A, whose results are objects.
    #[test]
    fn a_patch_merges_as_the_rfc_says() {
        for (target, patch, expected) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (
                r#"{"a":{"b":"c"}}"#,
                r#"{"a":{"b":"d","c":null}}"#,
                r#"{"a":{"b":"d"}}"#,
            ),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
            ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
            ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
        ] {
            assert_eq!(merged(target, patch), expected, "{target} and {patch}");
        }
    }

    #[test]
    fn what_no_patch_touches_stays_digit_by_digit() {
        let target = r#"{ "n" : 12345678901234567890123.10 , "e":1e2,"s":"\u00e9"}"#;
        assert_eq!(
            merged(target, r#"{"x":0.10}"#),
            r#"{"n":12345678901234567890123.10,"e":1e2,"s":"\u00e9","x":0.10}"#
        );
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let deep = format!("{}1{}", "{\"a\":".repeat(33), "}".repeat(33));
        let many = format!("{{\"a\":[{}1]}}", "1,".repeat(5000));
        let large = format!("{{\"a\":\"{}\"}}", "x".repeat(LARGEST));
        for (text, expected) in [
            ("", "no JSON"),
            ("[]", "object"),
            ("{\"a\":1,}", "no JSON"),
            ("{\"a\":\"\\ud800\"}", "no JSON"),
            ("{\"a\":{\"b\":1,\"b\":2}}", "twice"),
            (&deep, "deeper"),
            (&many, "more than"),
            (&large, "bytes"),
        ] {
            let error = check(&ByteString::from(text)).expect_err(expected);
            assert!(error.to_string().contains(expected), "{error}");
        }
        assert_eq!(check(&ByteString::from(" {\"a\":[{}]} ")), Ok(()));
    }

    #[test]
    fn a_tag_tells_texts_apart() {
        assert_eq!(etag("{}"), etag("{}"));
        assert_ne!(etag("{}"), etag("{\"a\":1}"));
        assert_eq!(etag("{}").len(), 26);
    }
}
