//! `GET /models`: the list of models of a route's first upstream, as it gives it.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};

use super::caller::Caller;
use super::error::ApiError;
use super::path;
use crate::server::state::snapshot::Snapshot;
use crate::server::state::upstreams::log_failure;
use crate::upstream::{Clients, UpstreamError};

/// How long it may take.
const MODELS: Duration = Duration::from_secs(10);

/// Asks the first upstream of the caller's route.
pub(in crate::server) async fn answer(
    clients: &Clients,
    snapshot: &Snapshot,
    request: &HttpRequest,
    caller: &Caller<'_>,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let plan = &caller.route.plan;
    let first = plan.upstreams.first().ok_or_else(path::unknown)?;
    let key = caller.own_key(&snapshot.keys, request);
    let list = clients
        .models(first, plan.connect, key.as_deref(), MODELS)
        .await;
    let list = list.map_err(|error: UpstreamError| {
        log_failure(id, None, &first.name, &error);
        ApiError::from(&error)
    })?;
    Ok(HttpResponse::Ok()
        .insert_header(("content-type", "application/json"))
        .body(list))
}
