//! The path of a turn: read, rules, upstream, and back.

use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::{StatusCode, header};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use futures::FutureExt;
use tracing::{debug, warn};

use super::answer::{Live, StreamBody};
use super::auth;
use super::body;
use super::calls::Underway;
use super::error::ApiError;
use super::gather::{self, Who};
use super::held::Held;
use super::meters::{self, TurnEnd, TurnMeter};
use super::state::{Route, Shared};
use crate::chat::ChatRequest;
use crate::chat::chunk::Head;
use crate::chat::vapi::VapiFields;
use crate::config::OnError;
use crate::rule::Turn;
use crate::ruleset::{self, Applied, Ending, Reply};
use crate::text::facts::Facts;
use crate::upstream::{Answer, Ask, Clients, Failed, UpstreamError, Won, race};

/// Who asks, and where.
#[derive(Debug)]
pub(super) struct Caller<'r> {
    /// The route.
    pub(super) route: &'r Route,
    /// The key in the path.
    pub(super) path_key: Option<&'r str>,
}

/// Answers one chat completion.
pub(super) async fn answer(
    shared: &Arc<Shared>,
    clients: &Rc<Clients>,
    request: &HttpRequest,
    payload: Payload,
    caller: Caller<'_>,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let bytes = body::read(request, payload, shared.body_limit).await?;
    let began = Instant::now();
    let chat = ChatRequest::parse(bytes)?;
    let respond = Respond {
        id,
        added: Duration::ZERO,
        route: caller.route,
        wants_stream: chat.wants_stream(),
    };
    let work = take_turn(
        shared,
        clients,
        request,
        chat,
        caller,
        began,
        respond.clone(),
    );
    // A panic hits this turn only, and is no silence.
    let result = AssertUnwindSafe(work).catch_unwind().await;
    result.unwrap_or_else(|_| respond.failure(ApiError::broken()))
}

/// Passes the rules, asks the upstreams, and answers.
async fn take_turn(
    shared: &Arc<Shared>,
    clients: &Rc<Clients>,
    request: &HttpRequest,
    mut chat: ChatRequest,
    caller: Caller<'_>,
    began: Instant,
    mut respond: Respond<'_>,
) -> Result<HttpResponse, ApiError> {
    let id = respond.id;
    let vapi = VapiFields::of(&chat);
    let call = vapi
        .call_id
        .as_deref()
        .map(str::to_owned)
        .or_else(|| header_call_id(request));
    let key = own_key(shared, request, &caller);
    let route = caller.route;
    for note in chat.notes() {
        debug!(turn = id, call, note, "a field of the request was left out");
    }

    // One call's id under two keys is two calls.
    let owner = caller
        .path_key
        .or_else(|| auth::bearer(request))
        .unwrap_or_default();
    let underway = shared.calls.begin(
        call.as_ref().map(|call| format!("{owner}\n{call}")),
        shared.most_turns,
    );
    let who = Who::of(&vapi, call.as_deref());
    let mut turn = Turn::new(facts(&chat, vapi, route));
    let mut meter = TurnMeter::begin(&route.meters, &turn);
    let ruleset = shared.ruleset.clone();
    let Some(mut underway) = underway else {
        meter.end(TurnEnd::Shed);
        warn!(
            turn = id,
            call, "too many turns at once; this one is turned away"
        );
        let error = ApiError::server(
            StatusCode::SERVICE_UNAVAILABLE,
            "overloaded",
            "too many turns are under way; try again in a second",
        );
        return respond.failure(ApiError {
            retry_after: Some("1".into()),
            ..error
        });
    };
    turn.notes = tokio::select! {
        biased;
        notes = gather::gather(shared, &ruleset, &mut turn.facts, &who) => notes,
        () = underway.replaced() => {
            meter.end(TurnEnd::Replaced);
            let untouched = Reply::new(ruleset, &Applied::default(), Turn::default());
            return Ok(respond.abandoned(untouched));
        }
    };
    let mut elapsed = || began.elapsed();
    let applied = ruleset::apply(
        &ruleset,
        &mut chat,
        &mut turn,
        call.as_deref(),
        &mut elapsed,
    );
    respond.added = began.elapsed();
    let applied = match applied {
        Ok(applied) => applied,
        Err(refused) => {
            meter.end(TurnEnd::Refused);
            shared.rule_meters.count(&refused.steps);
            log_steps(id, call.as_deref(), &refused.steps);
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
    shared.rule_meters.count(&applied.steps);
    meters::hidden(&turn.vault);
    route.meters.added(respond.added);
    log_steps(id, call.as_deref(), &applied.steps);

    let reply = Reply::new(ruleset, &applied, turn);
    let ask = Ask {
        request: &chat,
        key: key.as_deref(),
        parser: reply.parser(),
    };
    let answer = tokio::select! {
        biased;
        answer = race(&route.plan, clients, ask) => answer,
        () = underway.replaced() => {
            debug!(turn = id, call, "a newer turn of the call replaced this one");
            meter.end(TurnEnd::Replaced);
            return Ok(respond.abandoned(reply));
        }
    };
    match answer {
        Ok(won) => {
            note_tries(id, call.as_deref(), &won.tries);
            debug!(
                turn = id,
                call,
                upstream = won.upstream,
                "the upstream answers"
            );
            respond.success(reply, won, underway, meter)
        }
        Err(Failed { tries }) => {
            note_tries(id, call.as_deref(), &tries);
            meter.end(TurnEnd::Apology);
            let error = tries.first().map(|(_, error)| ApiError::from(error));
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

/// How this turn is answered, whatever comes of it.
#[derive(Clone)]
struct Respond<'r> {
    id: &'r str,
    /// The time before the first upstream was asked.
    added: Duration,
    route: &'r Route,
    wants_stream: bool,
}

impl Respond<'_> {
    fn success(
        &self,
        mut reply: Reply,
        won: Won,
        underway: Underway,
        mut meter: TurnMeter,
    ) -> Result<HttpResponse, ApiError> {
        match won.answer {
            Answer::Stream(events) => {
                meters::first_token(&won.upstream, won.waited);
                let live = Live {
                    events: *events,
                    upstream: won.upstream,
                    underway,
                    meter,
                };
                Ok(self.stream().body(StreamBody {
                    reply,
                    live: Some(Held::new(live, self.id)),
                    apology: self.route.apology.clone(),
                    turn: self.id.to_owned(),
                }))
            }
            Answer::Whole(text) => match reply.whole(&text) {
                Some(body) => {
                    meter.end(TurnEnd::Answered);
                    Ok(self.json().body(body))
                }
                None => {
                    meter.end(TurnEnd::Apology);
                    meters::upstream_failure(&won.upstream, "unusable");
                    self.failure(ApiError::server(
                        StatusCode::BAD_GATEWAY,
                        "upstream_failed",
                        "the upstream gave no usable answer",
                    ))
                }
            },
        }
    }

    /// In speak mode the caller hears the apology; else the client gets the error.
    fn failure(&self, error: ApiError) -> Result<HttpResponse, ApiError> {
        if self.route.on_error == OnError::Status {
            return Err(error);
        }
        if !self.wants_stream {
            let apology = Head::default().completion(&self.route.apology);
            return Ok(self.json().body(apology));
        }
        let silent = Reply::new(Arc::default(), &Applied::default(), Turn::default());
        Ok(self.ended(silent, Ending::Cut(&self.route.apology)))
    }

    fn abandoned(&self, reply: Reply) -> HttpResponse {
        if !self.wants_stream {
            return self.json().body(Head::default().completion(""));
        }
        self.ended(reply, Ending::Abandoned)
    }

    fn ended(&self, mut reply: Reply, ending: Ending<'_>) -> HttpResponse {
        let mut out = Vec::new();
        reply.end(ending, &mut out);
        self.stream().body(out)
    }

    fn stream(&self) -> HttpResponseBuilder {
        let mut response = self.response();
        response.insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"));
        response.insert_header((header::CACHE_CONTROL, "no-cache, no-transform"));
        response.insert_header(("x-accel-buffering", "no"));
        response
    }

    fn json(&self) -> HttpResponseBuilder {
        let mut response = self.response();
        response.insert_header((header::CONTENT_TYPE, "application/json"));
        response
    }

    fn response(&self) -> HttpResponseBuilder {
        let mut response = HttpResponse::Ok();
        response.insert_header(("x-aside-turn", self.id));
        let millis = self.added.as_secs_f64() * 1000.0;
        response.insert_header(("server-timing", format!("aside;dur={millis:.3}")));
        response
    }
}

/// What conditions and templates speak of.
fn facts(chat: &ChatRequest, vapi: VapiFields, route: &Route) -> Facts {
    let mut facts = facts_of_call(vapi, route);
    facts.set("turn", ruleset::turn_facts(chat));
    let model = chat
        .field("model")
        .and_then(crate::chat::json::decode_shared);
    facts.set("request", serde_json::json!({ "model": model.as_deref() }));
    facts
}

/// What they speak of before there is a turn.
pub(super) fn facts_of_call(vapi: VapiFields, route: &Route) -> Facts {
    let mut facts = Facts::new();
    let roots = [
        ("call", vapi.call),
        ("customer", vapi.customer),
        ("phoneNumber", vapi.phone_number),
        ("assistant", vapi.assistant),
        ("metadata", vapi.metadata),
        ("variables", vapi.variables),
    ];
    for (root, json) in roots {
        if let Some(json) = json {
            facts.set_json(root, json);
        }
    }
    facts.set("route", route.name.clone().into());
    facts.set("now", now().into());
    facts
}

fn now() -> String {
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
pub(super) fn own_key(
    shared: &Shared,
    request: &HttpRequest,
    caller: &Caller<'_>,
) -> Option<String> {
    let is_free = !shared.access.has_keys() || caller.path_key.is_some();
    auth::bearer(request)
        .filter(|key| is_free && !shared.access.is_key(key))
        .map(str::to_owned)
}

fn note_tries(turn: &str, call: Option<&str>, tries: &[(String, UpstreamError)]) {
    for (upstream, error) in tries {
        meters::upstream_failure(upstream, error.reason());
        warn!(turn, call, upstream, %error, "the upstream failed to");
    }
}

fn log_steps(turn: &str, call: Option<&str>, steps: &[ruleset::Step]) {
    for step in steps {
        let (rule, why) = (&step.rule, step.why.as_deref());
        match step.outcome {
            ruleset::Outcome::Failed => warn!(turn, call, rule, why, "the rule failed"),
            outcome => debug!(
                turn,
                call,
                rule,
                ?outcome,
                why,
                micros = step.micros,
                "the rule was passed"
            ),
        }
    }
}
