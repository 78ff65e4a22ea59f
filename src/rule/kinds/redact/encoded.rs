//! A text that is JSON itself, or has signs as URLs write them: searched as what it says, and
//! written back as it was.
//!
//! Keys stand beside their values, so they are cues as words are. What a detector reads is what a
//! model reads: `\u00a0` is a blank, `\n` the end of a line, and `%40` an at.

use std::ops::Range;

use serde::de::IgnoredAny;

use crate::chat::json;

/// A JSON text, read.
#[derive(Debug)]
pub(super) struct EncodedText {
    /// With its escapes decoded.
    plain: String,
    /// Where each byte of it stands in the JSON, and its end.
    places: Vec<usize>,
    /// The strings of the JSON, without their quotes.
    strings: Vec<Range<usize>>,
    is_json: bool,
}

impl EncodedText {
    /// Reads a text; none: it is no object or list of JSON, and all of it is written plainly.
    pub(super) fn of(text: &str) -> Option<EncodedText> {
        let opens = text.trim_start().starts_with(['{', '[']);
        let is_json = opens && is_json(text);
        let has_signs =
            || memchr::memchr_iter(b'%', text.as_bytes()).any(|at| sign_at(text, at).is_some());
        if !is_json && !has_signs() {
            return None;
        }
        let mut read = EncodedText {
            plain: String::with_capacity(text.len()),
            places: Vec::with_capacity(text.len() + 1),
            strings: Vec::new(),
            is_json,
        };
        let mut begun = None;
        let mut at = 0;
        while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let length = match (letter, begun) {
                ('"', None) if is_json => {
                    begun = Some(at + 1);
                    1
                }
                ('"', Some(start)) => {
                    read.strings.push(start..at);
                    begun = None;
                    1
                }
                ('\\', Some(_)) => escape_length(text, at),
                ('%', _) if sign_at(text, at).is_some() => 3,
                _ => letter.len_utf8(),
            };
            let source = text.get(at..at + length)?;
            let plain = match letter {
                '\\' if is_json => json::unescaped(source),
                '%' => sign_at(text, at).map_or_else(|| source.to_owned(), String::from),
                _ => source.to_owned(),
            };
            read.plain.push_str(&plain);
            read.places.extend(plain.bytes().map(|_| at));
            at += length;
        }
        read.places.push(at);
        Some(read)
    }

    /// Whether the text is JSON.
    pub(super) fn is_json(&self) -> bool {
        self.is_json
    }

    /// The text as a model reads it.
    pub(super) fn plain(&self) -> &str {
        &self.plain
    }

    /// Where a part of the plain text stands in the JSON. A number is always meant whole.
    pub(super) fn source(&self, text: &str, range: &Range<usize>) -> Range<usize> {
        let place = |at: usize| self.places.get(at).copied().unwrap_or(text.len());
        let (mut start, mut end) = (place(range.start), place(range.end));
        if !self.is_json || self.is_in_string(start) {
            return start..end;
        }
        let bytes = text.as_bytes();
        let in_number = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
        while start > 0 && in_number(bytes[start - 1]) {
            start -= 1;
        }
        while end < bytes.len() && in_number(bytes[end]) {
            end += 1;
        }
        start..end
    }

    /// What stands for a value at a place of the JSON.
    pub(super) fn write(&self, at: usize, text: &str, out: &mut String) {
        let literal = json::encode(text);
        if !self.is_json {
            out.push_str(text);
        } else if self.is_in_string(at) {
            out.push_str(&literal[1..literal.len() - 1]);
        } else {
            out.push_str(&literal);
        }
    }

    fn is_in_string(&self, at: usize) -> bool {
        let next = self.strings.partition_point(|string| string.end <= at);
        self.strings
            .get(next)
            .is_some_and(|string| string.start <= at)
    }
}

/// Whether a text is JSON.
pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// The sign that `%40` and its like stand for at a place.
fn sign_at(text: &str, at: usize) -> Option<char> {
    let code = text.get(at..at + 3)?.strip_prefix('%')?;
    let is_hex = code.bytes().all(|byte| byte.is_ascii_hexdigit());
    let byte = u8::from_str_radix(code, 16).ok().filter(|_| is_hex)?;
    (byte == b' ' || byte.is_ascii_graphic()).then_some(char::from(byte))
}

/// The length of an escape in bytes: `\n`, `\u00e9`, or two that make one letter.
fn escape_length(text: &str, at: usize) -> usize {
    let is_unicode = |at: usize| text.get(at..at + 2) == Some("\\u");
    let code = |at: usize| u32::from_str_radix(text.get(at + 2..at + 6)?, 16).ok();
    if !is_unicode(at) {
        return 2;
    }
    let is_high = code(at).is_some_and(|code| (0xd800..0xdc00).contains(&code));
    if is_high && is_unicode(at + 6) { 12 } else { 6 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_and_lead_back_to_their_place() {
        let text = r#"{"a\n":"x\u00e9\ud83d\ude00\"y","n":-12.5}"#;
        let read = EncodedText::of(text).expect("it is JSON");
        assert_eq!(read.plain(), "{\"a\n\":\"xé😀\"y\",\"n\":-12.5}");
        for (part, source) in [
            ("\n", r"\n"),
            ("é", r"\u00e9"),
            ("😀", r"\ud83d\ude00"),
            ("xé😀\"y", r#"x\u00e9\ud83d\ude00\"y"#),
            ("12", "-12.5"),
        ] {
            let at = read.plain().find(part).expect("it is there");
            let range = read.source(text, &(at..at + part.len()));
            assert_eq!(&text[range], source);
        }
    }

    #[test]
    fn signs_of_urls_are_read() {
        let text = "to=dana%40example.com&off=10%";
        let read = EncodedText::of(text).expect("it has a sign");
        assert_eq!(read.plain(), "to=dana@example.com&off=10%");
        let at = read.plain().find("dana").expect("it is there");
        assert_eq!(
            &text[read.source(text, &(at..at + 16))],
            "dana%40example.com"
        );
    }

    #[test]
    fn what_is_no_object_is_none() {
        for text in ["", "[CARD_1] is mine", "{x}", "\"a\"", "12"] {
            assert!(EncodedText::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_number_that_is_replaced_becomes_a_string() {
        let text = r#"{"card":4111111111111111,"b":"4"}"#;
        let read = EncodedText::of(text).expect("it is JSON");
        let (mut number, mut string) = (String::new(), String::new());
        read.write(8, "[CARD_1]", &mut number);
        read.write(text.len() - 3, "a\"b", &mut string);
        assert_eq!(
            (number.as_str(), string.as_str()),
            ("\"[CARD_1]\"", "a\\\"b")
        );
    }
}
