//! Texts within a text that are written in base64: `data:text/plain;base64,…`, or nothing else.
//!
//! What decodes to no text, as sound and pictures, is none of them.

use std::ops::Range;

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

/// A shorter text in base64 is as well a word.
const SHORTEST: usize = 16;

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A text that stands in another in base64.
#[derive(Debug)]
pub(super) struct Base64Text {
    /// Where.
    pub(super) place: Range<usize>,
    /// What it says.
    pub(super) said: String,
}

/// The texts in base64 within a text, in order.
pub(super) fn base64_texts(text: &str) -> Vec<Base64Text> {
    if is_base64(text) {
        return decoded(text, 0..text.len()).into_iter().collect();
    }
    let marks = memchr::memmem::find_iter(text.as_bytes(), b"base64,");
    let places = marks.map(|mark| {
        let start = mark + 7;
        let rest = text.get(start..).unwrap_or("");
        let length = rest.bytes().take_while(|byte| is_digit(*byte)).count();
        start..start + length
    });
    places.filter_map(|place| decoded(text, place)).collect()
}

/// A text in base64.
pub(super) fn encode(text: &str) -> String {
    STANDARD.encode(text)
}

fn decoded(text: &str, place: Range<usize>) -> Option<Base64Text> {
    let bytes = ENGINE.decode(text.get(place.clone())?).ok()?;
    let said = String::from_utf8(bytes).ok()?;
    let is_text = said.chars().all(|c| !c.is_control() || c.is_whitespace());
    (is_text && !said.is_empty()).then_some(Base64Text { place, said })
}

// Nothing but base64, and more than one word of a language has.
fn is_base64(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.bytes().any(|byte| test(&byte));
    text.len() >= SHORTEST
        && text.bytes().all(is_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_base64_are_read_and_others_are_not() {
        let said = |text: &str| -> Vec<String> {
            let texts = base64_texts(text).into_iter();
            texts.map(|text| text.said).collect()
        };
        let own = encode("call 415-555-0123");
        assert_eq!(said(&own), ["call 415-555-0123"]);
        let named = format!("a data:text/plain;base64,{own} and text/plain;base64,{own}");
        assert_eq!(said(&named).len(), 2);
        for text in [
            "internationalization",
            "data:image/png;base64,iVBORw0KGgo=",
            "Hello there",
        ] {
            assert!(said(text).is_empty(), "{text}");
        }
    }
}
