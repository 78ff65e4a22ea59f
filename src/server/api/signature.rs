//! Whether an event is Vapi's: by the secret in a header, or by an HMAC over the bytes that came.
//!
//! Everything is compared in constant time. What was signed is never rebuilt from parsed JSON.

use std::time::{Duration, SystemTime};

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{KeyInit, Mac};
use jiff::Timestamp;

use super::auth::bearer;
use super::error::ApiError;
use crate::config::{Algorithm, Encoding, Hmac, Piece, Proof};
use crate::server::state::keys::is_among;

/// The header that holds the secret of a server at Vapi.
const SECRET: &str = "x-vapi-secret";
/// From this on a number counts milliseconds, not seconds.
const MILLISECONDS: i64 = 100_000_000_000;

/// Who may post events, as the config says.
#[derive(Debug, Clone, Copy)]
pub(super) struct EventSender<'c>(pub(super) &'c Proof);

/// Why an event is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forged {
    /// No secret or signature, or a wrong one.
    Wrong,
    /// Signed too long ago, or in the future.
    Stale,
}

impl EventSender<'_> {
    /// Checks what can be told without the body.
    pub(super) fn check_head(&self, request: &HttpRequest, now: SystemTime) -> Result<(), Forged> {
        match self.0 {
            Proof::Secret(key) => {
                let secret = only(request, &HeaderName::from_static(SECRET));
                let mut sent = [secret, bearer(request)].into_iter().flatten();
                sent.any(|sent| is_among(std::slice::from_ref(key), sent))
                    .then_some(())
                    .ok_or(Forged::Wrong)
            }
            Proof::Hmac(hmac) => {
                signature(hmac, request).ok_or(Forged::Wrong)?;
                let is_signed = hmac.payload.has(&Piece::Timestamp);
                if is_signed && !is_fresh(only(request, &hmac.timestamp_header), now) {
                    return Err(Forged::Stale);
                }
                Ok(())
            }
        }
    }

    /// Checks the body. The head must have passed.
    pub(super) fn check_body(&self, request: &HttpRequest, body: &[u8]) -> Result<(), Forged> {
        let Proof::Hmac(hmac) = self.0 else {
            return Ok(());
        };
        let is_good = match hmac.algorithm {
            Algorithm::Sha256 => is_signed::<hmac::Hmac<sha2::Sha256>>(hmac, request, body),
            Algorithm::Sha512 => is_signed::<hmac::Hmac<sha2::Sha512>>(hmac, request, body),
            Algorithm::Sha1 => is_signed::<hmac::Hmac<sha1::Sha1>>(hmac, request, body),
        };
        match is_good {
            Some(true) => Ok(()),
            _ => Err(Forged::Wrong),
        }
    }

    /// Whether what the head says is proven too: a signature covers the body alone.
    pub(super) fn proves_head(&self) -> bool {
        matches!(self.0, Proof::Secret(_))
    }

    /// Whether a header is part of the proof, which goes on to the user's server.
    pub(super) fn reads(&self, name: &HeaderName) -> bool {
        match self.0 {
            Proof::Secret(_) => name == SECRET,
            Proof::Hmac(hmac) => [
                &hmac.signature_header,
                &hmac.timestamp_header,
                &hmac.message_id_header,
            ]
            .contains(&name),
        }
    }
}

/// None: what is signed or the signature is not there.
fn is_signed<M: Mac + KeyInit>(hmac: &Hmac, request: &HttpRequest, body: &[u8]) -> Option<bool> {
    let mut mac = <M as KeyInit>::new_from_slice(hmac.key.expose()).ok()?;
    for piece in hmac.payload.pieces() {
        let bytes = match piece {
            Piece::Text(text) => text.as_bytes(),
            Piece::Body => body,
            Piece::Timestamp => only(request, &hmac.timestamp_header)?.as_bytes(),
            Piece::Method => request.method().as_str().as_bytes(),
            Piece::Url => hmac.url.as_bytes(),
            Piece::MessageId => only(request, &hmac.message_id_header)?.as_bytes(),
        };
        mac.update(bytes);
    }
    Some(mac.verify_slice(&signature(hmac, request)?).is_ok())
}

fn signature(hmac: &Hmac, request: &HttpRequest) -> Option<Vec<u8>> {
    let written = only(request, &hmac.signature_header)?.strip_prefix(&hmac.signature_prefix)?;
    match hmac.signature_encoding {
        Encoding::Hex => HEXLOWER_PERMISSIVE.decode(written.as_bytes()).ok(),
        Encoding::Base64 => {
            let padding = DecodePaddingMode::Indifferent;
            let config = GeneralPurposeConfig::new().with_decode_padding_mode(padding);
            GeneralPurpose::new(&STANDARD, config).decode(written).ok()
        }
    }
}

/// The text of a header that comes once.
fn only<'r>(request: &'r HttpRequest, name: &HeaderName) -> Option<&'r str> {
    let mut values = request.headers().get_all(name);
    let value = values.next()?.to_str().ok()?.trim();
    values.next().is_none().then_some(value)
}

/// Whether a time, in seconds or milliseconds since 1970 or as RFC 3339 has it, is near now.
fn is_fresh(written: Option<&str>, now: SystemTime) -> bool {
    let time = written.and_then(|text| match text.parse::<i64>() {
        Ok(number) if number < MILLISECONDS => Timestamp::from_second(number).ok(),
        Ok(number) => Timestamp::from_millisecond(number).ok(),
        Err(_) => text.parse().ok(),
    });
    let distance = |time: Timestamp| {
        let time = SystemTime::from(time);
        let apart = now.duration_since(time);
        apart.unwrap_or_else(|later| later.duration())
    };
    time.map(distance).unwrap_or(Duration::MAX) <= Hmac::FRESH
}

impl From<Forged> for ApiError {
    fn from(forged: Forged) -> ApiError {
        let (code, message) = match forged {
            Forged::Wrong => (
                "invalid_signature",
                "the event's secret or signature is missing or wrong: it must be as `[vapi]` in the config says",
            ),
            Forged::Stale => (
                "stale_signature",
                "the event's timestamp is missing, or more than 300 seconds away from this server's clock",
            ),
        };
        ApiError {
            kind: "authentication_error".into(),
            ..ApiError::client(StatusCode::UNAUTHORIZED, code, message)
        }
    }
}

#[cfg(test)]
mod tests;
