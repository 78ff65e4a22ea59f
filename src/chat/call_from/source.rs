//! One place of a request: in its body, or beside it.
//!
//! No place may be one of secrets, nor the messages: an id stands in the log.

use std::fmt;

use bytestring::ByteString;
use serde::Deserialize;

use crate::chat::json;
use crate::chat::pointer::{JsonPointer, PointerError};
use crate::chat::request::ChatRequest;
use crate::chat::vapi::secrets;

/// Where a field of a request stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FieldSource {
    written: String,
    place: SourcePlace,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum SourcePlace {
    Body(JsonPointer),
    Header(String),
    Query(String),
}

/// What stands beside the body of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BesideBody<'n> {
    /// The header of this name.
    Header(&'n str),
    /// The parameter of this name behind the path.
    Query(&'n str),
}

/// Why a text names no place of a request.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FieldSourceError {
    /// It is neither.
    #[error(
        "`{0}` is no place of a request; write a JSON Pointer such as `/metadata/call_id`, or `header:NAME`, or `query:NAME`"
    )]
    Unknown(String),
    /// A pointer that can't be read.
    #[error("{0}")]
    Pointer(PointerError),
    /// A name that no header and no parameter can have.
    #[error("`{written}` has no name that a {what} can have; write it as in `{what}:x-call-id`")]
    Name {
        /// What is written.
        written: String,
        /// `header` or `query`.
        what: &'static str,
    },
    /// What people say.
    #[error(
        "`{0}` points into the messages, which are what is said in the call; point at a field beside them"
    )]
    Messages(String),
    /// What no rule may see.
    #[error(
        "`{0}` names a secret, which no rule and no log may see; let clients send it elsewhere"
    )]
    Secret(String),
}

impl FieldSource {
    /// What stands there, as JSON; none where there is nothing, or null.
    pub(super) fn find(
        &self,
        request: &ChatRequest,
        beside: &dyn Fn(BesideBody<'_>) -> Option<String>,
    ) -> Option<ByteString> {
        let text = match &self.place {
            SourcePlace::Body(pointer) => return pointer.find_in(|name| request.sent(name)),
            SourcePlace::Header(name) => beside(BesideBody::Header(name)),
            SourcePlace::Query(name) => beside(BesideBody::Query(name)),
        };
        text.map(|text| json::encode(&text).into())
    }

    /// Whether it stands beside the body.
    pub fn is_beside(&self) -> bool {
        !matches!(self.place, SourcePlace::Body(_))
    }
}

/// As it is written.
impl fmt::Display for FieldSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl TryFrom<String> for FieldSource {
    type Error = FieldSourceError;

    fn try_from(written: String) -> Result<FieldSource, FieldSourceError> {
        let place = place(&written)?;
        Ok(FieldSource { written, place })
    }
}

fn place(written: &str) -> Result<SourcePlace, FieldSourceError> {
    let wrong = |error: fn(String) -> FieldSourceError| Err(error(written.to_owned()));
    let name = |what: &'static str, name: &str, is_letter: fn(u8) -> bool| {
        let is_name = !name.is_empty() && name.bytes().all(is_letter);
        is_name
            .then(|| name.to_owned())
            .ok_or(FieldSourceError::Name {
                written: written.to_owned(),
                what,
            })
    };
    if let Some(header) = written.strip_prefix("header:") {
        let header = name("header", header, is_of_header)?.to_ascii_lowercase();
        return match is_secret_header(&header) {
            true => wrong(FieldSourceError::Secret),
            false => Ok(SourcePlace::Header(header)),
        };
    }
    if let Some(query) = written.strip_prefix("query:") {
        let query = name("query", query, |letter| letter.is_ascii_graphic())?;
        return match secrets::is_secret_name(&query) {
            true => wrong(FieldSourceError::Secret),
            false => Ok(SourcePlace::Query(query)),
        };
    }
    let pointer = match JsonPointer::parse(written) {
        Err(PointerError::Start(_)) => return wrong(FieldSourceError::Unknown),
        Err(error) => return Err(FieldSourceError::Pointer(error)),
        Ok(pointer) => pointer,
    };
    match pointer.keys() {
        // The body as a whole is no field.
        [] => wrong(FieldSourceError::Unknown),
        [only] if only.is_empty() => wrong(FieldSourceError::Unknown),
        [first, ..] if first == "messages" => wrong(FieldSourceError::Messages),
        keys if keys.iter().any(|key| secrets::is_secret_name(key)) => {
            wrong(FieldSourceError::Secret)
        }
        _ => Ok(SourcePlace::Body(pointer)),
    }
}

/// What the name of a header is made of (RFC 9110).
fn is_of_header(letter: u8) -> bool {
    letter.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&letter)
}

/// Headers by which a client says who it is, by keys.
fn is_secret_header(name: &str) -> bool {
    ["cookie", "proxy-authorization"].contains(&name) || secrets::is_secret_name(name)
}
