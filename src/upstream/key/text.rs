//! The one key in what a file holds or a program prints.
//!
//! Blanks and line ends around it are no part of it. What is wrong is told without the text.

use http::HeaderValue;
use secrecy::SecretString;

/// The largest text that is read, in bytes; no key is nearly as long.
pub(super) const LARGEST: usize = 64 << 10;

/// Why a text holds no key, as it follows "it".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyTextError {
    /// Nothing, or blanks only.
    #[error("is empty")]
    Empty,
    /// More than a key.
    #[error("has several lines, and a key is one")]
    Lines,
    /// Far more than a key.
    #[error("is larger than 64 KiB, and no key is")]
    Large,
    /// What no key has.
    #[error("has characters that no header can have")]
    Characters,
}

/// The key in a text.
pub(super) fn key_in(text: &[u8]) -> Result<SecretString, KeyTextError> {
    if text.len() > LARGEST {
        return Err(KeyTextError::Large);
    }
    let text = std::str::from_utf8(text).map_err(|_| KeyTextError::Characters)?;
    // Editors of some systems mark a text as UTF-8.
    let key = text.trim_start_matches('\u{FEFF}').trim();
    if key.is_empty() {
        return Err(KeyTextError::Empty);
    }
    if key.contains(['\n', '\r']) {
        return Err(KeyTextError::Lines);
    }
    match key.is_ascii() && HeaderValue::from_str(key).is_ok() {
        true => Ok(key.into()),
        false => Err(KeyTextError::Characters),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn blanks_and_line_ends_around_a_key_are_no_part_of_it() {
        for text in [
            "sk-1",
            "sk-1\n",
            "\n  sk-1\r\n\n",
            "\u{FEFF}sk-1\t",
            "sk-1\u{a0}",
        ] {
            let key = key_in(text.as_bytes()).map(|key| key.expose_secret().to_owned());
            assert_eq!(key.as_deref(), Ok("sk-1"), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_key_is_told_without_its_text() {
        let large = "s3cr3t".repeat(20_000);
        for (text, error) in [
            (&b""[..], KeyTextError::Empty),
            (b" \r\n\t\n", KeyTextError::Empty),
            (b"s3cr3t\ns3cr3t-2\n", KeyTextError::Lines),
            (b"s3cr3t\rs3cr3t", KeyTextError::Lines),
            (b"s\0c\0", KeyTextError::Characters),
            (b"s3cr3t\xff", KeyTextError::Characters),
            ("s3cr\u{e9}t".as_bytes(), KeyTextError::Characters),
            (large.as_bytes(), KeyTextError::Large),
        ] {
            let found = key_in(text).err();
            assert_eq!(found, Some(error));
            assert!(!error.to_string().contains("s3cr"));
        }
    }
}
