//! `GET /inspect/events`: what happens, as server-sent events.
//!
//! A viewer takes them as fast as it likes; what it misses is told as a gap.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode, header};
use bytes::Bytes;
use futures::Stream;
use futures::stream::unfold;
use tokio::time::{Instant, timeout};

use super::InspectAsk;
use crate::inspect::{FeedEvent, FeedViewer};
use crate::server::api::error::ApiError;
use crate::server::state::process_state::ProcessState;

/// How often it is looked whether the server ends.
const LOOK: Duration = Duration::from_secs(1);
/// After so long without an event something is sent, so that proxies keep the connection.
const QUIET: Duration = Duration::from_secs(15);

/// Answers it.
pub(super) fn events(asked: InspectAsk<'_>) -> Result<HttpResponse, ApiError> {
    asked.only(&[Method::GET])?;
    let Some(viewer) = asked.inspector()?.view() else {
        let message = "so many look on already that there is no place: close another page";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        return Err(ApiError::server(status, "too_many_viewers", message));
    };
    let process = asked.snapshot.process.clone();
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(frames(viewer, process)))
}

type Frames = Pin<Box<dyn Stream<Item = Result<Bytes, std::io::Error>>>>;

fn frames(viewer: FeedViewer, process: Arc<ProcessState>) -> Frames {
    let first = Some(Bytes::from_static(b"retry: 1000\n: live\n\n"));
    let state = (viewer, process, first, Instant::now());
    Box::pin(unfold(state, async |(mut viewer, process, first, last)| {
        if let Some(first) = first {
            return Some((Ok(first), (viewer, process, None, Instant::now())));
        }
        loop {
            // The server's end does not wait for those who look on.
            if process.is_draining.load(Ordering::Acquire) {
                return None;
            }
            let frame = match timeout(LOOK, viewer.next()).await {
                Ok(event) => all_that_is_there(&frame(&event?), &mut viewer),
                Err(_) if last.elapsed() >= QUIET => ": quiet\n\n".to_owned(),
                Err(_) => continue,
            };
            return Some((Ok(frame.into()), (viewer, process, None, Instant::now())));
        }
    }))
}

/// What waits together leaves together.
fn all_that_is_there(first: &str, viewer: &mut FeedViewer) -> String {
    let mut out = first.to_owned();
    while out.len() < 16 << 10 {
        let Some(event) = viewer.try_next() else {
            break;
        };
        out.push_str(&frame(&event));
    }
    out
}

fn frame(event: &FeedEvent) -> String {
    let (name, data) = match event {
        FeedEvent::Begun(turn) => ("begun", serde_json::to_string(&**turn)),
        FeedEvent::Ended(head) => ("turn", serde_json::to_string(&**head)),
        FeedEvent::Gap { missed } => ("gap", Ok(format!("{{\"missed\":{missed}}}"))),
    };
    // What these are made of can always be written.
    format!("event: {name}\ndata: {}\n\n", data.unwrap_or_default())
}
