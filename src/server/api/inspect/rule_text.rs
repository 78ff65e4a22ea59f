//! `GET /inspect/api/rules/ROUTE`: the rule files of a route as they stand on disk, to be tried and
//! never saved.

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::json;

use super::{InspectAsk, json as answer, not_kept, off_worker};
use crate::files::{Problem, Source};
use crate::server::api::error::ApiError;
use crate::server::state::files::read_what_can_be_of;

/// Answers it.
pub(super) async fn rules(asked: InspectAsk<'_>, route: &str) -> Result<HttpResponse, ApiError> {
    asked.only(&[Method::GET, Method::HEAD])?;
    let sources = sources(asked, route).await?.0;
    let files = sources.iter().map(
        |source| json!({ "rule": stem(&source.name), "file": source.name, "text": source.text }),
    );
    Ok(answer(
        &json!({ "route": route, "files": files.collect::<Vec<_>>() }),
    ))
}

/// The rule files of a route that can be read, and what is wrong with the others.
pub(super) async fn sources(
    asked: InspectAsk<'_>,
    route: &str,
) -> Result<(Vec<Source>, Vec<Problem>), ApiError> {
    let route = asked.snapshot.route(route);
    let folders = route.ok_or_else(|| not_kept("route"))?.folders.clone();
    off_worker(move || read_what_can_be_of(&folders)).await
}

/// The name of a rule, by that of its file.
pub(super) fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name)
}
