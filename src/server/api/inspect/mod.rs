//! `/inspect`: the page for people who look on, and what it asks for.
//!
//! It shows placeholders only. It never waits on the path of a turn: what takes long is done off the
//! worker. No page of another site is answered, whatever it bears.

mod feed;
mod login;
mod playground;
mod reveal;
mod rule_text;
mod screen;
mod secured;

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::auth::{AccessDenied, check_admin};
use super::body::RequestBody;
use super::error::ApiError;
use super::origin::is_foreign;
use super::path;
use crate::inspect::{Inspector, PAGE_FILES};
use crate::server::state::live::LiveSnapshot;
use crate::server::state::snapshot::Snapshot;
use secured::secured;

/// The largest body of a request here, in bytes.
const LARGEST: usize = 256 << 10;

/// Who asks, and what counts now.
#[derive(Clone, Copy)]
pub(in crate::server) struct InspectAsk<'a> {
    /// How the rules on disk stand.
    pub(in crate::server) live: &'a LiveSnapshot,
    /// What counts now.
    pub(in crate::server) snapshot: &'a Arc<Snapshot>,
    /// The request.
    pub(in crate::server) request: &'a HttpRequest,
    /// Its body.
    pub(in crate::server) body: &'a RequestBody,
    /// Its id.
    pub(in crate::server) id: &'a str,
}

/// Answers one request; `segments` stand behind `/inspect`.
pub(in crate::server) async fn answer(
    asked: InspectAsk<'_>,
    segments: &[Cow<'_, str>],
) -> Result<HttpResponse, ApiError> {
    let names: Vec<&str> = segments.iter().map(|segment| &**segment).collect();
    let response = match names.as_slice() {
        [] => page(asked),
        [name] if PAGE_FILES.iter().any(|file| file.name == *name) => file(asked, name),
        names => of_api(asked, names).await,
    };
    // An error is an answer of ours as well, and no page may read it.
    let response = response.unwrap_or_else(|error| error.respond(asked.id));
    Ok(secured(response))
}

/// The page: where nobody has shown a key yet it asks for one.
fn page(asked: InspectAsk<'_>) -> Result<HttpResponse, ApiError> {
    let path = asked.request.path();
    if path != "/inspect" && path.ends_with('/') {
        // What the page names beside itself is found without the slash only.
        let place = (header::LOCATION, "../inspect");
        return Ok(HttpResponse::PermanentRedirect()
            .insert_header(place)
            .finish());
    }
    let status = match asked.may_look() {
        Ok(()) => StatusCode::OK,
        Err(AccessDenied::WrongAdminKey) => StatusCode::UNAUTHORIZED,
        Err(denied) => return Err(denied.into()),
    };
    let mut response = file(asked, "")?;
    *response.status_mut() = status;
    Ok(response)
}

/// A file of the page. It tells nothing, so it is there for whoever may be asked for a key.
fn file(asked: InspectAsk<'_>, name: &str) -> Result<HttpResponse, ApiError> {
    asked.only(&[Method::GET, Method::HEAD])?;
    match asked.may_look() {
        Ok(()) | Err(AccessDenied::WrongAdminKey) => {}
        Err(denied) => return Err(denied.into()),
    }
    let file = PAGE_FILES.iter().find(|file| file.name == name);
    let file = file.ok_or_else(path::unknown)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, file.kind))
        .body(file.text))
}

async fn of_api(asked: InspectAsk<'_>, names: &[&str]) -> Result<HttpResponse, ApiError> {
    match names {
        ["login"] => return login::login(asked).await,
        ["logout"] => return login::logout(asked),
        _ => asked.may_look()?,
    }
    match names {
        ["events"] => feed::events(asked),
        ["api", "screen"] => screen::screen(asked).await,
        ["api", "calls"] => screen::calls(asked).await,
        ["api", "calls", call] => screen::call(asked, call),
        ["api", "turns", turn] => screen::turn(asked, turn),
        ["api", "turns", turn, "test"] => playground::test(asked, turn).await,
        ["api", "turns", turn, "reveal"] => reveal::reveal(asked, turn).await,
        ["api", "rules", route] => rule_text::rules(asked, route).await,
        ["api", "playground"] => playground::playground(asked).await,
        _ => Err(ApiError::client(
            StatusCode::NOT_FOUND,
            "not_found",
            "no such path below `/inspect`",
        )),
    }
}

impl InspectAsk<'_> {
    /// Whether who asks may see turns: with a key of those who run aside, with the cookie that one
    /// gave, or from this machine. A page of another site never may.
    fn may_look(&self) -> Result<(), AccessDenied> {
        let (keys, request) = (&self.snapshot.keys, self.request);
        if is_foreign(request) {
            return Err(AccessDenied::Foreign);
        }
        if login::has_cookie(keys, request) {
            return Ok(());
        }
        check_admin(keys, request)
    }

    /// Refuses other methods.
    fn only(&self, methods: &[Method]) -> Result<(), ApiError> {
        if methods.contains(self.request.method()) {
            return Ok(());
        }
        let (status, code) = (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
        let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
        let message = format!("this is asked with {}", names.join(" or "));
        Err(ApiError::client(status, code, message))
    }

    /// The body of a POST, which only our own page, or a program, can send: a form of another page
    /// can't send JSON.
    async fn posted<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        self.only(&[Method::POST])?;
        let kind = self.request.headers().get(header::CONTENT_TYPE);
        let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        if !is_json {
            let message = "send JSON, with `content-type: application/json`";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(ApiError::client(status, "not_json", message));
        }
        self.body.may_take(self.snapshot.body_time);
        let body = self.body.read_small(self.request, LARGEST).await?;
        serde_json::from_slice(&body).map_err(|error| {
            // The message may have a value of the body.
            let message = format!("the JSON is not as it must be (column {})", error.column());
            ApiError::client(StatusCode::BAD_REQUEST, "invalid_request", message)
        })
    }

    /// What keeps the turns.
    fn inspector(&self) -> Result<&Arc<Inspector>, ApiError> {
        let inspector = self.snapshot.process.inspector.as_ref();
        inspector.ok_or_else(|| {
            let message = "the inspector is switched off: set `enabled = true` under `[inspect]` in aside.toml, and start again";
            ApiError::client(StatusCode::NOT_FOUND, "switched_off", message)
        })
    }

    /// A value of the query.
    fn query(&self, name: &str) -> Option<String> {
        let mut all = url::form_urlencoded::parse(self.request.query_string().as_bytes());
        all.find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// JSON as an answer.
fn json(value: &Value) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .body(value.to_string())
}

/// Does what takes long off the worker.
async fn off_worker<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    let done = actix_web::rt::task::spawn_blocking(work).await;
    done.map_err(|_| ApiError::broken())
}

/// What is not kept, or not any more.
fn not_kept(what: &str) -> ApiError {
    let message = format!("this {what} is not kept, or not any more: only the last turns are");
    ApiError::client(StatusCode::NOT_FOUND, "not_kept", message)
}
