//! The context API: `GET PUT PATCH DELETE /context/{scope}/{id}`.
//!
//! A 2xx says that every later turn, on any replica, sees the write, if the store answers it in
//! time. Nothing of an object goes into the log or an error.

use std::borrow::Cow;
use std::time::Duration;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use bytestring::ByteString;
use tracing::debug;

use super::body::RequestBody;
use super::error::ApiError;
use crate::context::{
    EVERYBODY, GRACE, Key, LARGEST, Life, ObjectError, Scope, StoreError, VAPI, WriteError, check,
    etag, has_key, is_id, merge,
};
use crate::files::duration::parse_duration;
use crate::server::state::snapshot::Snapshot;

/// The longest life that can be asked for.
const LONGEST_LIFE: Duration = Duration::from_secs(366 * 24 * 3600);

/// Why a change is refused.
enum ChangeRefused {
    /// The object is not what `If-Match` or `If-None-Match` says.
    Precondition,
    /// It would be no object of context.
    Object(ObjectError),
}

/// Answers one request; who asks was checked.
pub(in crate::server) async fn answer(
    snapshot: &Snapshot,
    request: &HttpRequest,
    body: &RequestBody,
    segments: &[Cow<'_, str>],
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let key = key(segments)?;
    let life = life(request)?;
    debug!(request = id, method = %request.method(), scope = key.scope.name(), "context is asked for");
    match *request.method() {
        Method::GET | Method::HEAD => read(snapshot, request, &key, id).await,
        Method::PUT | Method::PATCH => write(snapshot, request, body, &key, life, id).await,
        Method::DELETE => delete(snapshot, request, &key, id).await,
        _ => {
            let (status, code) = (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
            let message = "context is read with GET, and written with PUT, PATCH and DELETE";
            Err(ApiError::client(status, code, message))
        }
    }
}

async fn read(
    snapshot: &Snapshot,
    request: &HttpRequest,
    key: &Key,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let object = snapshot.context.get(key).await.map_err(unavailable)?;
    let object = object.ok_or_else(nothing_there)?;
    let is_known = matches(request, header::IF_NONE_MATCH, Some(&object)) == Some(true);
    if is_known {
        let mut response = HttpResponse::NotModified();
        return Ok(response
            .insert_header((header::ETAG, etag(&object)))
            .finish());
    }
    Ok(found(StatusCode::OK, &object, id))
}

/// Puts an object, or changes the one that is there. `life`: how long it stays, where that is said.
async fn write(
    snapshot: &Snapshot,
    request: &HttpRequest,
    body: &RequestBody,
    key: &Key,
    life: Option<Life>,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let context = &snapshot.context;
    let is_put = *request.method() == Method::PUT;
    let body = body.read_small(request, 2 * LARGEST).await?;
    let new = object(body, key.scope)?;
    let life = life.unwrap_or(if is_put {
        context.life(key.scope)
    } else {
        Life::AsBefore
    });
    let mut is_first = true;
    let mut change = |old: Option<&ByteString>| {
        allows(request, old)?;
        is_first = old.is_none();
        if is_put {
            return Ok(Some(new.clone()));
        }
        let merged = merge(old, &new);
        check(&merged).map_err(ChangeRefused::Object)?;
        Ok(Some(merged))
    };
    let written = context.put(key, life, GRACE, &mut change).await;
    let object = written.map_err(failed)?.unwrap_or_default();
    let status = match is_first {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    Ok(found(status, &object, id))
}

async fn delete(
    snapshot: &Snapshot,
    request: &HttpRequest,
    key: &Key,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let mut change = |old: Option<&ByteString>| allows(request, old).map(|()| None);
    let deleted = snapshot.context.update(key, Life::Forever, &mut change);
    deleted.await.map_err(failed)?;
    let mut response = HttpResponse::NoContent();
    Ok(response.insert_header(("x-aside-turn", id)).finish())
}

/// Which object a path names.
fn key(segments: &[Cow<'_, str>]) -> Result<Key, ApiError> {
    let not_found = |message: &str| ApiError::client(StatusCode::NOT_FOUND, "not_found", message);
    let [scope, id] = segments else {
        return Err(not_found("context is at `/context/{scope}/{id}`"));
    };
    let scope = Scope::from_name(scope).ok_or_else(|| {
        not_found("there is no such scope: use `call`, `customer`, `assistant` or `global`")
    })?;
    if scope == Scope::Global && id != EVERYBODY {
        return Err(not_found(
            "the scope `global` has one object: `/context/global/all`",
        ));
    }
    if !is_id(id) {
        let message = "the id is too long or has characters that no id has";
        return Err(ApiError::client(
            StatusCode::BAD_REQUEST,
            "invalid_id",
            message,
        ));
    }
    Ok(Key::new(scope, id.to_string()))
}

/// `?ttl=10m`; none where it is not asked for.
fn life(request: &HttpRequest) -> Result<Option<Life>, ApiError> {
    let refuse = |message: String, param: &str| ApiError {
        param: Some(param.to_owned()),
        ..ApiError::client(StatusCode::BAD_REQUEST, "invalid_parameter", message)
    };
    let mut life = None;
    let pairs = request
        .query_string()
        .split('&')
        .filter(|pair| !pair.is_empty());
    for pair in pairs {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if name != "ttl" {
            let message = "the only parameter here is `ttl`, as in `?ttl=10m`";
            return Err(refuse(message.to_owned(), "query"));
        }
        let time =
            parse_duration(value).map_err(|message| refuse(format!("`ttl`: {message}"), "ttl"))?;
        if time.is_zero() || time > LONGEST_LIFE {
            let message = "`ttl` is more than nothing and at most a year (8784h)";
            return Err(refuse(message.to_owned(), "ttl"));
        }
        life = Some(Life::For(time));
    }
    Ok(life)
}

fn object(body: Bytes, scope: Scope) -> Result<ByteString, ApiError> {
    let text = ByteString::try_from(body).map_err(|_| {
        let why = "it is not valid UTF-8".to_owned();
        refused(ObjectError::Syntax(why))
    })?;
    check(&text).map_err(refused)?;
    if scope == Scope::Call && has_key(&text, VAPI) {
        return Err(refused(ObjectError::Reserved));
    }
    Ok(text)
}

/// Whether the conditions of a request hold for what stands there.
fn allows(request: &HttpRequest, old: Option<&ByteString>) -> Result<(), ChangeRefused> {
    let is_as_said = matches(request, header::IF_MATCH, old) != Some(false);
    let is_new = matches(request, header::IF_NONE_MATCH, old) != Some(true);
    if is_as_said && is_new {
        Ok(())
    } else {
        Err(ChangeRefused::Precondition)
    }
}

/// Whether an object's tag is among those of a header; none where there is no such header.
fn matches(
    request: &HttpRequest,
    name: header::HeaderName,
    object: Option<&ByteString>,
) -> Option<bool> {
    let mut values = request.headers().get_all(name).peekable();
    values.peek()?;
    let Some(object) = object else {
        return Some(false);
    };
    let own = etag(object);
    let mut tags = values.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    Some(tags.any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == own
    }))
}

fn found(status: StatusCode, object: &ByteString, id: &str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ETAG, etag(object)))
        .insert_header(("x-aside-turn", id))
        .body(object.as_bytes().clone())
}

fn nothing_there() -> ApiError {
    let message = "nothing is kept there: it was never put, was deleted, or its time is over";
    ApiError::client(StatusCode::NOT_FOUND, "not_found", message)
}

fn failed(error: WriteError<ChangeRefused>) -> ApiError {
    match error {
        WriteError::Refused(ChangeRefused::Precondition) => {
            let (status, code) = (StatusCode::PRECONDITION_FAILED, "precondition_failed");
            let message =
                "the object is not the one that you read: read it again, and write on that";
            ApiError::client(status, code, message)
        }
        WriteError::Refused(ChangeRefused::Object(error)) => refused(error),
        WriteError::Store(error) => unavailable(error),
    }
}

fn refused(error: ObjectError) -> ApiError {
    let status = match error {
        ObjectError::TooLarge(_) | ObjectError::TooMany => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    };
    ApiError::client(status, "invalid_object", error.to_string())
}

fn unavailable(error: StoreError) -> ApiError {
    tracing::warn!(%error, "the context store failed");
    let (status, code) = (StatusCode::SERVICE_UNAVAILABLE, "store_unavailable");
    let message = "the context store failed, so nothing is certain: try again";
    ApiError {
        retry_after: Some("1".to_owned()),
        ..ApiError::server(status, code, message)
    }
}
