//! The key that an upstream is asked with: where it stands in a request, where it comes from, and
//! how it is renewed while turns go on.
//!
//! A turn only ever reads the key that is there. Files are read, programs run and token servers
//! asked by a thread of each key's own. No key is ever shown or logged.

mod command;
mod error;
mod file;
mod getter;
mod keeper;
mod kept;
mod oauth;
mod placed;
mod source;
mod text;
mod token;

use std::borrow::Cow;

use http::HeaderName;
use http::header::{self, HeaderMap};
use serde::Deserialize;

use crate::net::own_header::is_own_header;

pub use command::CommandSource;
pub use error::KeyError;
pub use keeper::keep_renewed;
pub use kept::KeptKey;
pub(super) use kept::NoKeyYet;
pub use oauth::{OauthClient, TokenUrlError};
pub(super) use placed::PlacedKey;
pub use source::KeySource;

/// Where a key stands in a request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub enum KeyPlace {
    /// `Authorization: Bearer KEY`.
    #[default]
    Bearer,
    /// A header of its own.
    Header {
        /// The header's name.
        name: Cow<'static, str>,
        /// The word before the key; empty: the key stands alone.
        scheme: Cow<'static, str>,
    },
    /// A parameter of the URL's query, by its name.
    Query(Cow<'static, str>),
}

impl KeyPlace {
    /// A header of this name, in which the key stands alone.
    pub const fn header(name: &'static str) -> KeyPlace {
        KeyPlace::Header {
            name: Cow::Borrowed(name),
            scheme: Cow::Borrowed(""),
        }
    }

    /// A parameter of the query.
    pub const fn query(name: &'static str) -> KeyPlace {
        KeyPlace::Query(Cow::Borrowed(name))
    }

    /// Whether the key stands alone in `Authorization`, which few servers read.
    pub fn is_bare_authorization(&self) -> bool {
        matches!(self, KeyPlace::Header { name, scheme }
            if scheme.is_empty() && name.eq_ignore_ascii_case("authorization"))
    }

    /// Whether headers bear a key of their own there, or as all servers read it.
    pub(super) fn is_filled(&self, headers: &HeaderMap) -> bool {
        let own = match self {
            KeyPlace::Header { name, .. } => headers.contains_key(name.as_ref()),
            KeyPlace::Bearer | KeyPlace::Query(_) => false,
        };
        own || headers.contains_key(header::AUTHORIZATION)
    }
}

/// A text does not say in which header a key goes. The text is not told: it may be the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyHeaderError {
    /// No header has such a name.
    #[error(
        "this is no header: write a name such as \"api-key\", or a name and the word before the key, as in \"Authorization: Api-Key\""
    )]
    Name,
    /// The word is no name.
    #[error(
        "this is the word before the key: write \"Authorization: \" before it; without `key_header` it is `Authorization: Bearer`"
    )]
    Scheme,
    /// The header is needed for something else.
    #[error(
        "this header says something else of a request; name the one in which the server looks for the key"
    )]
    Taken,
    /// The word before the key can't stand there.
    #[error(
        "what follows the header's name is the word before the key, without the key, as in \"Authorization: Api-Key\""
    )]
    Word,
}

impl TryFrom<String> for KeyPlace {
    type Error = KeyHeaderError;

    fn try_from(text: String) -> Result<KeyPlace, KeyHeaderError> {
        let (name, scheme) = text.split_once(':').unwrap_or((&text, ""));
        let (name, scheme) = (name.trim(), scheme.trim());
        let header = HeaderName::try_from(name).map_err(|_| KeyHeaderError::Name)?;
        if ["bearer", "basic", "api_key"].contains(&header.as_str()) && scheme.is_empty() {
            return Err(KeyHeaderError::Scheme);
        }
        // No key can stand in them.
        if is_own_header(header.as_str()) || header == header::CONTENT_TYPE {
            return Err(KeyHeaderError::Taken);
        }
        let is_plain = |sign: char| sign == ' ' || sign.is_ascii_graphic();
        if !scheme.chars().all(is_plain) || scheme.contains(['{', '}', '$', '<']) {
            return Err(KeyHeaderError::Word);
        }
        if header == header::AUTHORIZATION && scheme == "Bearer" {
            return Ok(KeyPlace::Bearer);
        }
        Ok(KeyPlace::Header {
            name: Cow::Owned(header.as_str().to_owned()),
            scheme: Cow::Owned(scheme.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AZURE: KeyPlace = KeyPlace::header("api-key");

    #[test]
    fn a_header_is_named_alone_or_with_the_word_before_the_key() {
        for (text, name, scheme) in [
            ("api-key", "api-key", ""),
            ("X-API-Key", "x-api-key", ""),
            ("Authorization: Api-Key", "authorization", "Api-Key"),
            (
                "authorization:Token token=",
                "authorization",
                "Token token=",
            ),
            ("Authorization", "authorization", ""),
        ] {
            let place = KeyPlace::try_from(text.to_owned()).expect(text);
            let KeyPlace::Header { name: n, scheme: s } = &place else {
                panic!("{place:?}")
            };
            assert_eq!((n.as_ref(), s.as_ref()), (name, scheme), "{text}");
            assert_eq!(place.is_bare_authorization(), text == "Authorization");
        }
        for text in ["Authorization: Bearer", "authorization:Bearer "] {
            assert_eq!(KeyPlace::try_from(text.to_owned()), Ok(KeyPlace::Bearer));
        }
        assert_eq!(KeyPlace::try_from("api-key".to_owned()), Ok(AZURE));
    }

    #[test]
    fn what_names_no_header_is_refused_without_its_text() {
        for (text, error) in [
            ("", KeyHeaderError::Name),
            ("api key", KeyHeaderError::Name),
            (": Bearer", KeyHeaderError::Name),
            ("Bearer s3cr3t", KeyHeaderError::Name),
            ("Bearer", KeyHeaderError::Scheme),
            ("Host", KeyHeaderError::Taken),
            ("Content-Type: Bearer", KeyHeaderError::Taken),
            ("Authorization: Bearer {key}", KeyHeaderError::Word),
            ("Authorization: Bearer $KEY", KeyHeaderError::Word),
            ("Authorization: é", KeyHeaderError::Word),
        ] {
            assert_eq!(KeyPlace::try_from(text.to_owned()), Err(error), "{text}");
            assert!(!error.to_string().contains("s3cr3t"));
        }
    }
}
