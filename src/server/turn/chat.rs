//! The path of a turn: read, rules, upstream, and back.

use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::{HttpRequest, HttpResponse};
use futures::FutureExt;
use tracing::debug;

use super::gather::{self, CallIds};
use super::kept::StateOfTurn;
use super::made::MadeForTurn;
use super::passing;
use super::recording::SentTurn;
use super::repeated::RepeatPlace;
use super::request::{OpenedRequest, now};
use super::respond::TurnResponder;
use super::turn_line::TurnLine;
use super::witness::TurnWitness;
use crate::ruleset::{self, Passage, PromptTrail, Reply, TurnInput};
use crate::server::api::body::RequestBody;
use crate::server::api::caller::Caller;
use crate::server::api::error::ApiError;
use crate::server::state::limits::{AdmittedTurn, ShedReason};
use crate::server::state::route::Route;
use crate::server::state::snapshot::Snapshot;
use crate::server::state::underway::TurnUnderway;
use crate::upstream::{Ask, Clients, race};

/// Answers one chat completion.
pub(in crate::server) async fn answer(
    snapshot: &Snapshot,
    clients: &Rc<Clients>,
    request: &HttpRequest,
    body: &RequestBody,
    caller: Caller<'_>,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let arrived = Instant::now();
    let bytes = body.read(request, snapshot.body_limit).await?;
    let opened = OpenedRequest::open((arrived, bytes), request, &caller)?;
    for note in opened.chat.notes() {
        debug!(
            turn = id,
            call = opened.call,
            note,
            "a field of the request was left out"
        );
    }
    let rules = snapshot.rules_of(caller.route, opened.own_call.as_deref());
    let rules = rules.ok_or_else(ApiError::broken)?;
    let respond = TurnResponder {
        id,
        rules: &rules,
        added: Duration::ZERO,
        route: caller.route,
        wants_stream: opened.chat.wants_stream(),
    };
    let work = take_turn(snapshot, clients, request, caller, opened, respond.clone());
    // A panic hits this turn only, and is no silence.
    let result = AssertUnwindSafe(work).catch_unwind().await;
    result.unwrap_or_else(|_| respond.failure(ApiError::broken()))
}

/// Takes a turn the way that ARCHITECTURE.md tells: admitted, gathered for, out through its rules,
/// upstream, and back. Wherever that ends, the witness is told and the caller hears something.
async fn take_turn(
    snapshot: &Snapshot,
    clients: &Rc<Clients>,
    request: &HttpRequest,
    caller: Caller<'_>,
    opened: OpenedRequest,
    mut respond: TurnResponder<'_>,
) -> Result<HttpResponse, ApiError> {
    let OpenedRequest {
        bytes,
        chat,
        vapi,
        call,
        own_call,
        arrived,
        began,
    } = opened;
    let (id, route, rules) = (respond.id, respond.route, respond.rules);
    let who = CallIds::of(&vapi, call.as_deref());
    let facts = ruleset::facts_of_turn(&chat, vapi, &route.name, now());
    let mut input = TurnInput {
        call: call.clone(),
        most_injected: snapshot.most_injected,
        trail: own_call.clone().map(PromptTrail::of).map(Arc::new),
        ..TurnInput::new(chat, facts)
    };
    let state = StateOfTurn::of(snapshot, own_call.as_deref(), &mut input.request);
    let line = TurnLine::new(began, id, call.as_deref(), &route.name);
    let witness = TurnWitness::begin(rules, &route.meters, line);
    let mut witness = witness.since(snapshot, request, (arrived, began));

    let key = snapshot.keys.place_of(caller.key(request));
    let (admitted, mut underway) = match begin(snapshot, id, key, own_call.clone()) {
        Ok(begun) => begun,
        Err(shed) => return respond.shed(shed, witness),
    };
    input.notes = tokio::select! {
        biased;
        notes = gather::gather(snapshot, clients, &rules.ruleset, &mut input.facts, &who, witness.times()) => notes,
        early = underway.early_end() => return respond.ended_early(early, Reply::untouched(), witness),
    };
    witness.known(snapshot, &input);
    let passed = tokio::select! {
        biased;
        passed = passing::pass(rules, &snapshot.process.off_worker, &bytes, snapshot.rule_time, began, input) => passed,
        early = underway.early_end() => return respond.ended_early(early, Reply::untouched(), witness),
    };
    respond.added = began.elapsed();
    let mut passage = match passed {
        Ok(passage) => passage,
        Err(refused) => return respond.refused(&refused, witness),
    };
    let again = RepeatPlace::of(snapshot, &route.name, own_call.as_deref(), &passage);
    let made = MadeForTurn::of(&mut passage, again.as_ref(), id);
    witness.passed(&passage, respond.added);
    if let Some(made) = made {
        witness.made(snapshot, SentTurn::new(bytes, &passage, route));
        return respond.made(made, witness);
    }

    let route = &snapshot.asked(route, passage.turn.upstream.as_deref());
    let respond = respond.on(route);
    if let Err(shed) = admitted.send(|| size_upstream(route, &passage)) {
        return respond.shed(shed, witness);
    }
    witness.sent(snapshot, SentTurn::new(bytes, &passage, route));
    let (chat, reply) = passage.back();
    let key = caller.own_key(&snapshot.keys, request);
    let attempts = witness.attempts();
    let ask = Ask {
        request: &chat,
        call: own_call.as_deref(),
        assistant: who.assistant(),
        key: key.as_deref(),
        attempts: Some(&attempts),
    };
    let answer = tokio::select! {
        biased;
        answer = race(&route.plan, clients, ask) => answer,
        early = underway.early_end() => return respond.ended_early(early, reply, witness),
        never = witness.gather(snapshot, clients, &who) => match never {},
    };
    match answer {
        Ok(won) => {
            let capture = state.and_then(|state| state.capture(&won, route, &chat));
            respond.success(reply, won, (admitted, underway), witness, (capture, again))
        }
        Err(failed) => respond.unanswered(&failed, witness),
    }
}

/// How many bytes the first upstream of a route gets.
fn size_upstream(route: &Route, passage: &Passage) -> usize {
    let first = route.plan.upstreams.first();
    first.map_or(0, |first| passage.request.write(first.takes()).len())
}

/// Takes a turn's place, within the limits of its key, of all callers and of its call.
fn begin(
    snapshot: &Snapshot,
    turn: &str,
    key: usize,
    call: Option<String>,
) -> Result<(AdmittedTurn, TurnUnderway), ShedReason> {
    let admitted = snapshot.limits.admit(key, call.as_deref())?;
    let underway = snapshot.underway.begin(turn, call, snapshot.most_turns);
    Ok((admitted, underway.ok_or(ShedReason::Streams)?))
}
