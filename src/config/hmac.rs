//! `[vapi] hmac`: how Vapi signs an event, in the words of its own `hmac` authentication plan.
//!
//! What is here is complete and checked; the key is never shown.

use std::time::Duration;

use actix_web::http::header::HeaderName;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretSlice};
use serde::Deserialize;

use super::Key;

/// `hmac = {…}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "WrittenHmac")]
pub struct Hmac {
    /// The key.
    pub key: HmacKey,
    /// Default: sha256.
    pub algorithm: Algorithm,
    /// The header with the signature. Default: x-signature.
    pub signature_header: HeaderName,
    /// What stands before the signature. Default: nothing.
    pub signature_prefix: String,
    /// Default: hex.
    pub signature_encoding: Encoding,
    /// The header with the time. Default: x-timestamp.
    pub timestamp_header: HeaderName,
    /// The header with the message's id. Default: svix-id.
    pub message_id_header: HeaderName,
    /// What is signed. Default: `{timestamp}.{body}`.
    pub payload: PayloadFormat,
    /// The URL that Vapi posts to, for `{url}`.
    pub url: String,
}

/// What a signature is made with.
#[derive(Debug, Clone)]
pub struct HmacKey(SecretSlice<u8>);

/// The hash within the HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-512.
    Sha512,
    /// SHA-1, for those who choose it.
    Sha1,
}

/// How a signature is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Two digits a byte.
    #[default]
    Hex,
    /// As RFC 4648 says.
    Base64,
}

/// What is signed, in order; the body is among it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct PayloadFormat(#[schemars(with = "String")] Vec<PayloadPiece>);

/// A piece of what is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayloadPiece {
    /// The same in each event.
    Text(String),
    /// `{body}`.
    Body,
    /// `{timestamp}`.
    Timestamp,
    /// `{method}`.
    Method,
    /// `{url}`.
    Url,
    /// `{svix-id}`.
    MessageId,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenHmac {
    /// The key.
    secret_key: Key,
    /// Whether the key is written in base64. Default: false.
    #[serde(default)]
    secret_is_base64: bool,
    /// The hash. Default: sha256.
    #[serde(default)]
    algorithm: Algorithm,
    /// The header with the signature. Default: x-signature.
    signature_header: Option<Header>,
    /// What stands before the signature. Default: nothing.
    #[serde(default)]
    signature_prefix: String,
    /// How the signature is written. Default: hex.
    #[serde(default)]
    signature_encoding: Encoding,
    /// The header with the time. Default: x-timestamp.
    timestamp_header: Option<Header>,
    /// The header with the message's id. Default: svix-id.
    message_id_header: Option<Header>,
    /// What is signed. Default: `{timestamp}.{body}`.
    #[serde(default)]
    payload_format: PayloadFormat,
    /// The URL that Vapi posts to, where the payload has `{url}`.
    url: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct Header(#[schemars(with = "String")] HeaderName);

impl Hmac {
    /// How far a signed time may be from now: Vapi names no bound, this is the usual one.
    pub const FRESH: Duration = Duration::from_secs(300);
}

impl HmacKey {
    /// The key itself.
    pub fn expose(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

impl PayloadFormat {
    /// The pieces, in order.
    pub fn pieces(&self) -> &[PayloadPiece] {
        &self.0
    }

    /// Whether this is among what is signed.
    pub fn has(&self, piece: &PayloadPiece) -> bool {
        self.0.contains(piece)
    }
}

impl Default for PayloadFormat {
    fn default() -> PayloadFormat {
        let dot = PayloadPiece::Text(".".to_owned());
        PayloadFormat(vec![PayloadPiece::Timestamp, dot, PayloadPiece::Body])
    }
}

impl TryFrom<WrittenHmac> for Hmac {
    type Error = &'static str;
    fn try_from(written: WrittenHmac) -> Result<Hmac, &'static str> {
        let key = written.secret_key.expose();
        let key = match written.secret_is_base64 {
            false => key.as_bytes().to_vec(),
            true => STANDARD
                .decode(key)
                .map_err(|_| "`secret_is_base64` is true, and the `secret_key` is no base64")?,
        };
        if key.is_empty() {
            return Err("the `secret_key` is empty");
        }
        if written.payload_format.has(&PayloadPiece::Url) && written.url.is_none() {
            return Err(
                "`payload_format` has `{url}`, so `url` must say which URL Vapi posts events to",
            );
        }
        let header = |header: Option<Header>, default| {
            header.map_or(HeaderName::from_static(default), |Header(name)| name)
        };
        Ok(Hmac {
            key: HmacKey(key.into()),
            algorithm: written.algorithm,
            signature_header: header(written.signature_header, "x-signature"),
            signature_prefix: written.signature_prefix,
            signature_encoding: written.signature_encoding,
            timestamp_header: header(written.timestamp_header, "x-timestamp"),
            message_id_header: header(written.message_id_header, "svix-id"),
            payload: written.payload_format,
            url: written.url.unwrap_or_default(),
        })
    }
}

/// A text is no format of a payload.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadFormatError {
    /// A brace that is never closed.
    #[error("`{{` has no `}}` in the payload's format")]
    Open,
    /// A part that there is not.
    #[error(
        "`{{{0}}}` is no part of a payload; there are {{body}}, {{timestamp}}, {{method}}, {{url}} and {{svix-id}}"
    )]
    Unknown(String),
    /// The event is no part of it.
    #[error("a payload without `{{body}}` would prove nothing of the event")]
    NoBody,
}

impl TryFrom<String> for PayloadFormat {
    type Error = PayloadFormatError;
    fn try_from(text: String) -> Result<PayloadFormat, PayloadFormatError> {
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').ok_or(PayloadFormatError::Open)?;
            if !before.is_empty() {
                pieces.push(PayloadPiece::Text(before.to_owned()));
            }
            pieces.push(match name {
                "body" => PayloadPiece::Body,
                "timestamp" => PayloadPiece::Timestamp,
                "method" => PayloadPiece::Method,
                "url" => PayloadPiece::Url,
                "svix-id" => PayloadPiece::MessageId,
                other => return Err(PayloadFormatError::Unknown(other.to_owned())),
            });
            rest = tail;
        }
        if !rest.is_empty() {
            pieces.push(PayloadPiece::Text(rest.to_owned()));
        }
        let format = PayloadFormat(pieces);
        if !format.has(&PayloadPiece::Body) {
            return Err(PayloadFormatError::NoBody);
        }
        Ok(format)
    }
}

/// A text is no name of a header.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no header name")]
struct HeaderNameError(String);

impl TryFrom<String> for Header {
    type Error = HeaderNameError;
    fn try_from(name: String) -> Result<Header, HeaderNameError> {
        match HeaderName::try_from(name.as_str()) {
            Ok(header) => Ok(Header(header)),
            Err(_) => Err(HeaderNameError(name)),
        }
    }
}
