//! The path of a turn: read, rules, upstream, and back.

use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures::FutureExt;
use tracing::{debug, warn};

use super::gather::{self, Who};
use super::log;
use super::passing::{self, Passing};
use super::recording::{Recording, Seen};
use super::respond::Respond;
use super::shadow::Shadow;
use super::turn_line::TurnLine;
use crate::chat::ChatRequest;
use crate::chat::vapi::VapiFields;
use crate::rule::Turn;
use crate::ruleset::{self, Applied, Reply};
use crate::server::api::auth;
use crate::server::api::body::Body;
use crate::server::api::error::ApiError;
use crate::server::state::calls::Underway;
use crate::server::state::limits::{Admitted, Shed};
use crate::server::state::meters::{self, TurnEnd, TurnMeter};
use crate::server::state::snapshot::{Route, Shared};
use crate::upstream::{Ask, Clients, race};

/// Who asks, and where.
#[derive(Debug)]
pub(in crate::server) struct Caller<'r> {
    /// The route.
    pub(in crate::server) route: &'r Route,
    /// The key in the path.
    pub(in crate::server) path_key: Option<&'r str>,
}

/// Answers one chat completion.
pub(in crate::server) async fn answer(
    shared: &Arc<Shared>,
    clients: &Rc<Clients>,
    request: &HttpRequest,
    body: &Body,
    caller: Caller<'_>,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.read(request, shared.body_limit).await?;
    let began = Instant::now();
    let chat = ChatRequest::parse(bytes.clone())?;
    let vapi = VapiFields::of(&chat);
    let call = vapi
        .call_id
        .as_deref()
        .map(str::to_owned)
        .or_else(|| header_call_id(request));
    // One call's id under two keys is two calls.
    let owner = caller
        .path_key
        .or_else(|| auth::bearer(request))
        .unwrap_or_default();
    let own_call = call.as_ref().map(|call| format!("{owner}\n{call}"));
    let rules = shared.rules_of(own_call.as_deref());
    let respond = Respond {
        id,
        rules: &rules,
        added: Duration::ZERO,
        route: caller.route,
        wants_stream: chat.wants_stream(),
    };
    let asked = Asked {
        bytes,
        chat,
        vapi,
        call,
        own_call,
        began,
    };
    let work = take_turn(shared, clients, request, caller, asked, respond.clone());
    // A panic hits this turn only, and is no silence.
    let result = AssertUnwindSafe(work).catch_unwind().await;
    result.unwrap_or_else(|_| respond.failure(ApiError::broken()))
}

/// What came, opened.
struct Asked {
    bytes: Bytes,
    chat: ChatRequest,
    vapi: VapiFields,
    call: Option<String>,
    /// The call's id and whose it is.
    own_call: Option<String>,
    began: Instant,
}

/// Passes the rules, asks the upstreams, and answers.
async fn take_turn(
    shared: &Arc<Shared>,
    clients: &Rc<Clients>,
    request: &HttpRequest,
    caller: Caller<'_>,
    asked: Asked,
    mut respond: Respond<'_>,
) -> Result<HttpResponse, ApiError> {
    let Asked {
        bytes,
        chat,
        vapi,
        call,
        own_call,
        began,
    } = asked;
    let id = respond.id;
    let key = own_key(shared, request, &caller);
    let route = caller.route;
    for note in chat.notes() {
        debug!(turn = id, call, note, "a field of the request was left out");
    }
    let begun = begin(shared, request, &caller, own_call);
    let who = Who::of(&vapi, call.as_deref());
    let mut turn = Turn::new(ruleset::facts_of_turn(&chat, vapi, &route.name, now()));
    turn.injected_left = Some(shared.most_injected);
    let line = TurnLine::new(began, id, call.as_deref(), &route.name);
    let mut meter = TurnMeter::begin(&route.meters, &turn, line);
    let rules = respond.rules;
    let ruleset = rules.ruleset.clone();
    let arms = rules.ruleset.arms(call.as_deref());
    meter.line.arms(&arms);
    let (admitted, mut underway) = match begun {
        Ok(begun) => begun,
        Err(shed) => return respond.shed(shed, call.as_deref(), meter),
    };
    turn.notes = tokio::select! {
        biased;
        notes = gather::gather(shared, &ruleset, &mut turn.facts, &who) => notes,
        told = underway.told() => {
            meter.end(told.into());
            let untouched = Reply::new(ruleset, &Applied::default(), Turn::default());
            return respond.told(told, untouched);
        }
    };
    let mut shadow = Shadow::of(shared, rules, id, &chat, &turn, call.as_deref());
    let passing = Passing {
        request: chat,
        turn,
        call: call.clone(),
        began,
    };
    let off_worker = &shared.process.off_worker;
    let passed = tokio::select! {
        biased;
        passed = passing::pass(rules, off_worker, &bytes, shared.rule_time, passing) => passed,
        told = underway.told() => {
            meter.end(told.into());
            let untouched = Reply::new(ruleset, &Applied::default(), Turn::default());
            return respond.told(told, untouched);
        }
    };
    respond.added = began.elapsed();
    let (
        Passing {
            request: chat,
            turn,
            ..
        },
        applied,
    ) = match passed {
        Ok(passed) => passed,
        Err(refused) => {
            meter.end(TurnEnd::Refused);
            meter.line.steps(&refused.steps);
            rules.meters.count(&refused.steps);
            log::steps(id, call.as_deref(), &refused.steps);
            log::undecided(&rules.meters, id, call.as_deref(), &refused.steps);
            warn!(
                turn = id,
                call,
                rule = refused.rule,
                why = refused.why,
                "a rule failed, so nothing went upstream"
            );
            let error = ApiError::server(
                StatusCode::INTERNAL_SERVER_ERROR,
                "rule_failed",
                "a rule failed, so nothing was sent",
            );
            return respond.failure(error);
        }
    };
    rules.meters.count(&applied.steps);
    rules.meters.count_arms(&arms);
    meter.line.steps(&applied.steps);
    meters::hidden(&turn.vault);
    route.meters.added(respond.added);
    log::steps(id, call.as_deref(), &applied.steps);
    log::undecided(&rules.meters, id, call.as_deref(), &applied.steps);

    let first = route.plan.upstreams.first();
    let size = || first.map_or(0, |first| chat.write(&first.takes).len());
    if let Err(shed) = admitted.send(size) {
        return respond.shed(shed, call.as_deref(), meter);
    }
    let seen = Seen {
        body: bytes,
        ruleset: &ruleset,
        steps: &applied.steps,
        turn: &turn,
        id,
        call: call.as_deref(),
        route,
    };
    let mut recording = Recording::begin(shared, seen);
    let reply = Reply::new(ruleset, &applied, turn);
    let ask = Ask {
        request: &chat,
        key: key.as_deref(),
        parser: reply.parser(),
    };
    let answer = tokio::select! {
        biased;
        answer = race(&route.plan, clients, ask) => answer,
        told = underway.told() => {
            debug!(turn = id, call, ?told, "the turn ends early");
            meter.end(told.into());
            recording.iter_mut().for_each(|it| it.end(told.into()));
            return respond.told(told, reply);
        }
        never = Shadow::gather(&mut shadow, shared, &who) => match never {},
    };
    match answer {
        Ok(won) => {
            log::tries(id, call.as_deref(), &won.tries);
            meter.line.upstream(&won.upstream);
            recording.iter_mut().for_each(|it| it.tried(&won.tries));
            debug!(
                turn = id,
                call,
                upstream = won.upstream,
                "the upstream answers"
            );
            respond.success(reply, won, (admitted, underway), (meter, recording), shadow)
        }
        Err(failed) => {
            log::tries(id, call.as_deref(), &failed.tries);
            failed
                .tries
                .last()
                .iter()
                .for_each(|(last, _)| meter.line.upstream(last));
            meter.end(TurnEnd::Apology);
            recording.iter_mut().for_each(|it| it.tried(&failed.tries));
            recording.iter_mut().for_each(|it| it.end(TurnEnd::Apology));
            let error = failed.told().map(ApiError::from);
            respond.failure(error.unwrap_or_else(|| {
                ApiError::server(
                    StatusCode::BAD_GATEWAY,
                    "no_upstream",
                    "the route has no upstream",
                )
            }))
        }
    }
}

/// Takes a turn's place, within the limits of its key, of all callers and of its call.
fn begin(
    shared: &Shared,
    request: &HttpRequest,
    caller: &Caller<'_>,
    call: Option<String>,
) -> Result<(Admitted, Underway), Shed> {
    let key = shared.access.place_of_key(request, caller.path_key);
    let admitted = shared.limits.admit(key, call.as_deref())?;
    let underway = shared.calls.begin(call, shared.most_turns);
    Ok((admitted, underway.ok_or(Shed::Streams)?))
}

/// The time, as rules see it.
pub(in crate::server) fn now() -> String {
    let now = std::time::SystemTime::now();
    jiff::Timestamp::try_from(now)
        .map(|now| now.to_string())
        .unwrap_or_default()
}

/// The call's id in a header; one whose template was left unrendered is none.
fn header_call_id(request: &HttpRequest) -> Option<String> {
    let id = request.headers().get("x-call-id")?.to_str().ok()?.trim();
    (!id.is_empty() && !id.contains("{{")).then(|| id.to_owned())
}

/// The caller's own key, which goes on to upstreams that forward it: the one in the header, where
/// that is not the key to aside itself.
pub(in crate::server) fn own_key(
    shared: &Shared,
    request: &HttpRequest,
    caller: &Caller<'_>,
) -> Option<String> {
    let is_free = !shared.access.has_keys() || caller.path_key.is_some();
    auth::bearer(request)
        .filter(|key| is_free && !shared.access.is_key(key))
        .map(str::to_owned)
}
