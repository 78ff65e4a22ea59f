//! The body of a request, read whole and bounded.

use actix_web::http::{StatusCode, header};
use actix_web::web::Payload;
use actix_web::{HttpRequest, error::PayloadError};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;

use super::error::ApiError;

/// Of a body that is too large so much is read and dropped, so that the client gets to read the
/// answer instead of a reset.
const DRAINED: usize = 64 << 20;

/// Reads the body; `limit` is in bytes.
pub(super) async fn read(
    request: &HttpRequest,
    payload: Payload,
    limit: usize,
) -> Result<Bytes, ApiError> {
    let hint = "`limits.body` in the config sets how much is taken";
    read_up_to(request, payload, limit, hint).await
}

/// Reads a body for which there is a limit of its own.
pub(super) async fn read_small(
    request: &HttpRequest,
    payload: Payload,
    limit: usize,
) -> Result<Bytes, ApiError> {
    read_up_to(request, payload, limit, "send less").await
}

async fn read_up_to(
    request: &HttpRequest,
    mut payload: Payload,
    limit: usize,
    hint: &str,
) -> Result<Bytes, ApiError> {
    let encoding = request
        .headers()
        .get(header::CONTENT_ENCODING)
        .map(|value| value.as_bytes());
    if !matches!(encoding, None | Some(b"" | b"identity")) {
        let message = "compressed bodies are not taken: send the JSON as it is";
        return Err(ApiError::client(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_encoding",
            message,
        ));
    }
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > limit) {
        drain(payload, announced.unwrap_or(usize::MAX)).await;
        return Err(too_large(limit, hint));
    }
    let mut body = BytesMut::with_capacity(announced.unwrap_or(8 << 10).min(limit));
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|error| unreadable(&error))?;
        if body.is_empty() && announced == Some(piece.len()) {
            return Ok(piece);
        }
        if body.len() + piece.len() > limit {
            drain(payload, DRAINED).await;
            return Err(too_large(limit, hint));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

async fn drain(mut payload: Payload, length: usize) {
    if length > DRAINED {
        return;
    }
    let mut drained = 0;
    while let Some(Ok(piece)) = payload.next().await {
        drained += piece.len();
        if drained > DRAINED {
            return;
        }
    }
}

fn too_large(limit: usize, hint: &str) -> ApiError {
    let message = format!("the body is larger than {limit} bytes; {hint}");
    let error = ApiError::client(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message);
    ApiError {
        closes: true,
        ..error
    }
}

fn unreadable(error: &PayloadError) -> ApiError {
    let message = format!("the body did not come whole: {error}");
    ApiError {
        closes: true,
        ..ApiError::client(StatusCode::BAD_REQUEST, "incomplete_body", message)
    }
}
