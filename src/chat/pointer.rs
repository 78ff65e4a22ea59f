//! JSON Pointers (RFC 6901): where in a JSON text a value stands.
//!
//! The text is opened level by level; what is found is a slice of it, as it is written there.

use bytestring::ByteString;

use super::json;

/// The way to a value: the key, or the place in an array, on each level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JsonPointer(Vec<String>);

/// Why a text is no JSON Pointer.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PointerError {
    /// It has no slash before its first key.
    #[error("`{0}` does not begin with `/`")]
    Start(String),
    /// It has a tilde that escapes nothing.
    #[error("`{0}` has a `~`, which is written `~0`")]
    Tilde(String),
}

impl JsonPointer {
    /// Reads a pointer; an empty text points at the whole.
    pub fn parse(text: &str) -> Result<JsonPointer, PointerError> {
        if text.is_empty() {
            return Ok(JsonPointer::default());
        }
        let keys = text
            .strip_prefix('/')
            .ok_or_else(|| PointerError::Start(text.to_owned()))?;
        let is_escaped = |key: &str| {
            key.split('~')
                .skip(1)
                .all(|rest| rest.starts_with(['0', '1']))
        };
        if !keys.split('/').all(is_escaped) {
            return Err(PointerError::Tilde(text.to_owned()));
        }
        let keys = keys.split('/');
        let keys = keys.map(|key| key.replace("~1", "/").replace("~0", "~"));
        Ok(JsonPointer(keys.collect()))
    }

    /// The keys, from the outermost on.
    pub fn keys(&self) -> &[String] {
        &self.0
    }

    /// The value that it points at, where that is there and not null. The text must be JSON.
    pub fn find(&self, text: ByteString) -> Option<ByteString> {
        find(text, &self.0)
    }

    /// As [`JsonPointer::find`], of an object whose entries are known by name.
    pub fn find_in(&self, entry: impl FnOnce(&str) -> Option<ByteString>) -> Option<ByteString> {
        let (first, rest) = self.0.split_first()?;
        find(entry(first)?, rest)
    }
}

fn find(text: ByteString, keys: &[String]) -> Option<ByteString> {
    let found = keys
        .iter()
        .try_fold(text, |text, key| match json::items(&text) {
            Ok(items) => {
                // RFC 6901: digits without leading zeros.
                let at: usize = key.parse().ok()?;
                items.get(at).filter(|_| at.to_string() == *key).cloned()
            }
            Err(_) => json::get(&text, key),
        })?;
    let value = found.trim();
    (!json::is_null(value)).then(|| found.slice_ref(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_finds_its_part_digit_by_digit() {
        let text = r#" {"a": {"b/c": [10, {"~": 1.50 }], "": 7, "n": null}, "a\u0062": "x"} "#;
        for (pointer, expected) in [
            ("/a/b~1c/0", Some("10")),
            ("/a/b~1c/1/~0", Some("1.50")),
            ("/a/", Some("7")),
            ("/ab", Some("\"x\"")),
            ("/a/n", None),
            ("/a/n/x", None),
            ("/a/x", None),
            ("/a/b~1c/01", None),
            ("/a/b~1c/2", None),
            ("/a/b~1c/-", None),
            ("/a/b~1c/+1", None),
            ("/ab/0", None),
            ("", Some(text.trim())),
        ] {
            let read = JsonPointer::parse(pointer).expect(pointer);
            assert_eq!(read.find(text.into()).as_deref(), expected, "{pointer}");
        }
    }

    #[test]
    fn what_is_no_pointer_says_why() {
        for wrong in ["a", "a/b", " /a", "#/a", "$.a"] {
            let error = JsonPointer::parse(wrong);
            assert_eq!(error, Err(PointerError::Start(wrong.to_owned())));
        }
        for wrong in ["/~", "/a~b", "/a/~2", "/~0~"] {
            let error = JsonPointer::parse(wrong);
            assert_eq!(error, Err(PointerError::Tilde(wrong.to_owned())));
        }
        let read = JsonPointer::parse("/~01/a").expect("a pointer");
        assert_eq!(read.keys(), ["~1", "a"]);
    }
}
