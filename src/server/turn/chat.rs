//! The path of a turn: read, rules, upstream, and back.

use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};
use futures::FutureExt;
use tracing::debug;

use super::gather::{self, Who};
use super::passing;
use super::recording::SentTurn;
use super::request::{OpenedRequest, now};
use super::respond::Respond;
use super::turn_line::TurnLine;
use super::witness::TurnWitness;
use crate::ruleset::{self, Reply, TurnInput};
use crate::server::api::body::Body;
use crate::server::api::caller::Caller;
use crate::server::api::error::ApiError;
use crate::server::state::calls::Underway;
use crate::server::state::limits::{Admitted, Shed};
use crate::server::state::snapshot::Shared;
use crate::upstream::{Ask, Clients, race};

/// Answers one chat completion.
pub(in crate::server) async fn answer(
    shared: &Shared,
    clients: &Rc<Clients>,
    request: &HttpRequest,
    body: &Body,
    caller: Caller<'_>,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.read(request, shared.body_limit).await?;
    let opened = OpenedRequest::open(bytes, request, &caller)?;
    let rules = shared.rules_of(opened.own_call.as_deref());
    let respond = Respond {
        id,
        rules: &rules,
        added: Duration::ZERO,
        route: caller.route,
        wants_stream: opened.chat.wants_stream(),
    };
    let work = take_turn(shared, clients, request, caller, opened, respond.clone());
    // A panic hits this turn only, and is no silence.
    let result = AssertUnwindSafe(work).catch_unwind().await;
    result.unwrap_or_else(|_| respond.failure(ApiError::broken()))
}

/// Passes the rules, asks the upstreams, and answers.
async fn take_turn(
    shared: &Shared,
    clients: &Rc<Clients>,
    request: &HttpRequest,
    caller: Caller<'_>,
    opened: OpenedRequest,
    mut respond: Respond<'_>,
) -> Result<HttpResponse, ApiError> {
    let OpenedRequest {
        bytes,
        chat,
        vapi,
        call,
        own_call,
        began,
    } = opened;
    let (id, route, rules) = (respond.id, respond.route, respond.rules);
    for note in chat.notes() {
        debug!(turn = id, call, note, "a field of the request was left out");
    }
    let who = Who::of(&vapi, call.as_deref());
    let facts = ruleset::facts_of_turn(&chat, vapi, &route.name, now());
    let mut input = TurnInput {
        call: call.clone(),
        most_injected: shared.most_injected,
        ..TurnInput::new(chat, facts)
    };
    let line = TurnLine::new(began, id, call.as_deref(), &route.name);
    let mut witness = TurnWitness::begin(rules, &route.meters, line);

    let key = shared.keys.place_of(caller.key(request));
    let (admitted, mut underway) = match begin(shared, key, own_call) {
        Ok(begun) => begun,
        Err(shed) => return respond.shed(shed, witness),
    };
    input.notes = tokio::select! {
        biased;
        notes = gather::gather(shared, clients, &rules.ruleset, &mut input.facts, &who) => notes,
        told = underway.told() => return respond.told(told, Reply::untouched(), witness),
    };
    witness.known(shared, &input);

    let off_worker = &shared.process.off_worker;
    let passed = tokio::select! {
        biased;
        passed = passing::pass(rules, off_worker, &bytes, shared.rule_time, began, input) => passed,
        told = underway.told() => return respond.told(told, Reply::untouched(), witness),
    };
    respond.added = began.elapsed();
    let passage = match passed {
        Ok(passage) => passage,
        Err(refused) => return respond.refused(&refused, witness),
    };
    witness.passed(&passage, respond.added);

    let first = route.plan.upstreams.first();
    let size = || first.map_or(0, |first| passage.request.write(&first.takes).len());
    if let Err(shed) = admitted.send(size) {
        return respond.shed(shed, witness);
    }
    let sent = SentTurn {
        body: bytes,
        passage: &passage,
        route,
    };
    witness.sent(shared, sent);
    let (chat, reply) = passage.back();
    let key = caller.own_key(&shared.keys, request);
    let ask = Ask {
        request: &chat,
        key: key.as_deref(),
        parser: reply.parser(),
    };
    let answer = tokio::select! {
        biased;
        answer = race(&route.plan, clients, ask) => answer,
        told = underway.told() => return respond.told(told, reply, witness),
        never = witness.gather(shared, clients, &who) => match never {},
    };
    match answer {
        Ok(won) => respond.success(reply, won, (admitted, underway), witness),
        Err(failed) => respond.unanswered(&failed, witness),
    }
}

/// Takes a turn's place, within the limits of its key, of all callers and of its call.
fn begin(shared: &Shared, key: usize, call: Option<String>) -> Result<(Admitted, Underway), Shed> {
    let admitted = shared.limits.admit(key, call.as_deref())?;
    let underway = shared.calls.begin(call, shared.most_turns);
    Ok((admitted, underway.ok_or(Shed::Streams)?))
}
