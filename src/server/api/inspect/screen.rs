//! What a screen shows, in one request: the calls, the turns of one, one turn, and how aside stands.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{InspectAsk, json as answer, not_kept, off_worker};
use crate::files::Problem;
use crate::inspect::{Inspector, KeptTurn};
use crate::server::api::error::ApiError;

/// So many calls are listed at most.
const MOST_CALLS: usize = 200;

/// Answers `GET /inspect/api/screen?search=&call=&turn=`: without a turn the newest of the call, and
/// without a call the newest of all.
pub(super) async fn screen(asked: InspectAsk<'_>) -> Result<HttpResponse, ApiError> {
    asked.only(&[Method::GET, Method::HEAD])?;
    let state = state(asked);
    let Some(inspector) = asked.snapshot.process.inspector.clone() else {
        return Ok(answer(&json!({ "state": state, "calls": [], "turns": [] })));
    };
    let search = asked.query("search").unwrap_or_default();
    let (call, turn) = (asked.query("call"), asked.query("turn"));
    let screen = off_worker(move || {
        let shown = match (&turn, &call) {
            (Some(turn), _) => inspector.turn(turn),
            (None, Some(call)) => inspector.newest_of(call),
            (None, None) => inspector.newest().into_iter().next(),
        };
        let call = call.or_else(|| Some(shown.as_ref()?.head.call_or_turn().to_owned()));
        let turns = call.as_deref().map(|call| inspector.turns_of(call));
        let turns: Vec<_> = turns.iter().flatten().map(|head| &**head).collect();
        let screen = json!({
            "state": state,
            "calls": listed(&inspector, &search),
            "call": call,
            "turns": turns,
        });
        with_turn(screen, shown.as_ref())
    });
    let text = screen.await?;
    Ok(HttpResponse::Ok()
        .insert_header(("content-type", "application/json"))
        .body(text))
}

/// Answers `GET /inspect/api/calls?search=`.
pub(super) async fn calls(asked: InspectAsk<'_>) -> Result<HttpResponse, ApiError> {
    asked.only(&[Method::GET, Method::HEAD])?;
    let inspector = asked.inspector()?.clone();
    let search = asked.query("search").unwrap_or_default();
    let calls = off_worker(move || listed(&inspector, &search)).await?;
    Ok(answer(&json!({ "calls": calls })))
}

/// Answers `GET /inspect/api/calls/ID`.
pub(super) fn call(asked: InspectAsk<'_>, call: &str) -> Result<HttpResponse, ApiError> {
    asked.only(&[Method::GET, Method::HEAD])?;
    let turns = asked.inspector()?.turns_of(call);
    if turns.is_empty() {
        return Err(not_kept("call"));
    }
    let turns: Vec<_> = turns.iter().map(|head| &**head).collect();
    Ok(answer(&json!({ "call": call, "turns": turns })))
}

/// Answers `GET /inspect/api/turns/ID`.
pub(super) fn turn(asked: InspectAsk<'_>, turn: &str) -> Result<HttpResponse, ApiError> {
    asked.only(&[Method::GET, Method::HEAD])?;
    let turn = asked.inspector()?.turn(turn);
    let turn = turn.ok_or_else(|| not_kept("turn"))?;
    let text = with_turn(json!({}), Some(&turn));
    Ok(HttpResponse::Ok()
        .insert_header(("content-type", "application/json"))
        .body(text))
}

fn listed(inspector: &Inspector, search: &str) -> Value {
    let mut calls = inspector.calls(search);
    calls.truncate(MOST_CALLS);
    json!(calls)
}

/// A screen with a turn in it, as JSON; the turn's line is put in as it is kept.
fn with_turn(screen: Value, turn: Option<&KeptTurn>) -> String {
    let Value::Object(entries) = screen else {
        return screen.to_string();
    };
    let mut out = String::from("{");
    for (name, value) in &entries {
        out.push_str(&format!("\"{name}\":{value},"));
    }
    let line: Option<Box<RawValue>> = turn
        .and_then(|turn| turn.line.as_deref())
        .and_then(|line| RawValue::from_string(line.to_owned()).ok());
    let line = line.as_deref().map_or("null", RawValue::get);
    let head = turn.map_or(Value::Null, |turn| json!(&*turn.head));
    out.push_str(&format!("\"turn\":{head},\"line\":{line}}}"));
    out
}

/// How aside stands.
fn state(asked: InspectAsk<'_>) -> Value {
    let snapshot = asked.snapshot;
    let process = &snapshot.process;
    let kept = process
        .inspector
        .as_ref()
        .map(|inspector: &Arc<Inspector>| {
            let (options, (turns, bytes)) = (inspector.options(), inspector.size());
            json!({
                "turns": turns,
                "bytes": bytes,
                "most_turns": options.turns,
                "most_bytes": options.memory,
                "dropped": inspector.dropped(),
            })
        });
    let rules = snapshot.rules.iter().map(|(folders, rules)| {
        let ruleset = &rules.ruleset;
        json!({
            "folders": folders.to_string(),
            "version": ruleset.version(),
            "rules": ruleset.rules().len(),
        })
    });
    let broken = asked.live.broken().problems();
    let broken = broken.iter().map(shown_problem);
    json!({
        "enabled": process.inspector.is_some(),
        "kept": kept,
        "rules": rules.collect::<Vec<_>>(),
        "broken": broken.collect::<Vec<_>>(),
        "recording": process.recorder.is_some(),
        "can_reveal": !snapshot.keys.reveals.is_empty(),
        "draining": process.is_draining.load(Ordering::Acquire),
        "has_admin_keys": !snapshot.keys.admins.is_empty(),
    })
}

/// A problem of a file, for the page: its place, and the text with the line and the caret.
pub(super) fn shown_problem(problem: &Problem) -> Value {
    json!({
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "help": problem.help,
        "is_error": problem.is_error(),
        "shown": problem.to_string(),
    })
}
