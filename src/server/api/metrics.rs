//! `GET /metrics`: the numbers, with a look at what nobody counts as it happens.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};

use super::error::ApiError;
use crate::server::state::live::LiveSnapshot;
use crate::telemetry::metrics::{
    CONTEXT_DROPPED, FETCHES, INSPECT_DROPPED, Metric, RECORD_DROPPED, RULES_BROKEN, TRACE_SPANS,
    UPSTREAM_KEY_STALE, UPSTREAM_OPEN, counter, gauge, render,
};

/// Whose breakers were shown, and whose keys. Of the whole process, as the numbers are.
static OPEN: ShownUpstreams = ShownUpstreams::none();
static STALE: ShownUpstreams = ShownUpstreams::none();

/// The upstreams that a gauge has told of.
struct ShownUpstreams(Mutex<BTreeSet<String>>);

/// Answers one request; who asks was checked.
pub(in crate::server) fn answer(
    request: &HttpRequest,
    live: &LiveSnapshot,
) -> Result<HttpResponse, ApiError> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        let message = "metrics are read with GET";
        return Err(ApiError::client(status, "method_not_allowed", message));
    }
    look(live);
    Ok(HttpResponse::Ok()
        .insert_header(("content-type", "text/plain; version=0.0.4; charset=utf-8"))
        .insert_header(("cache-control", "no-store"))
        .body(render()))
}

/// Looks at what nobody counts as it happens.
fn look(live: &LiveSnapshot) {
    let snapshot = live.now();
    let is_broken = live.broken().is_any();
    gauge(&RULES_BROKEN, &[]).set(f64::from(u8::from(is_broken)));
    counter(&CONTEXT_DROPPED, &[]).absolute(snapshot.context.dropped());
    let record_dropped = snapshot.process.recorder.as_ref();
    let record_dropped = record_dropped.map(|recorder| recorder.dropped());
    counter(&RECORD_DROPPED, &[]).absolute(record_dropped.unwrap_or_default());
    let inspector = snapshot.process.inspector.as_ref();
    let not_shown = inspector.map(|inspector| inspector.dropped());
    counter(&INSPECT_DROPPED, &[]).absolute(not_shown.unwrap_or_default());
    if let Some(tracer) = &snapshot.process.tracer {
        let counts = tracer.counts();
        let outcomes = [
            ("sent", counts.sent),
            ("dropped", counts.dropped),
            ("failed", counts.failed),
        ];
        for (outcome, count) in outcomes {
            counter(&TRACE_SPANS, &[("outcome", outcome)]).absolute(count);
        }
    }
    // Below 2^53, so the number is exact.
    gauge(&FETCHES, &[]).set(snapshot.fetcher.under_way() as f64);
    let upstreams = snapshot.upstreams();
    let open = upstreams.map(|upstream| (&*upstream.name, upstream.health.is_open()));
    OPEN.show(&UPSTREAM_OPEN, open);
    let upstreams = snapshot.upstreams();
    let stale = upstreams.filter_map(|it| Some((&*it.name, it.key().is_stale()?)));
    STALE.show(&UPSTREAM_KEY_STALE, stale);
}

impl ShownUpstreams {
    const fn none() -> ShownUpstreams {
        ShownUpstreams(Mutex::new(BTreeSet::new()))
    }

    /// Shows of each whether it is so. One that the config has no longer is not.
    fn show<'n>(&self, metric: &Metric, now: impl Iterator<Item = (&'n str, bool)>) {
        let mut gone = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut shown = BTreeSet::new();
        for (upstream, is_so) in now {
            gauge(metric, &[("upstream", upstream)]).set(f64::from(u8::from(is_so)));
            gone.remove(upstream);
            shown.insert(upstream.to_owned());
        }
        for upstream in &*gone {
            gauge(metric, &[("upstream", upstream)]).set(0.0);
        }
        *gone = shown;
    }
}
