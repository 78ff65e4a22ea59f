//! The path of a turn: read, rules, upstream, and back.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::{StatusCode, header};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use tracing::{debug, warn};

use super::answer::StreamBody;
use super::auth;
use super::body;
use super::calls::{Told, Underway};
use super::error::{ApiError, RULES};
use super::gather::{self, Who};
use super::limits::{Admitted, Shed};
use super::log;
use super::meters::{self, TurnEnd, TurnMeter};
use super::rules::Rules;
use super::shadow::Shadow;
use super::state::{Route, Shared};
use crate::chat::ChatRequest;
use crate::chat::chunk::{Chunk, Head};
use crate::chat::vapi::VapiFields;
use crate::config::OnError;
use crate::rule::Turn;
use crate::ruleset::{self, Applied, Ending, Reply};
use crate::text::facts::Facts;
use crate::upstream::{Answer, Ask, Clients, Failed, Won, race};

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
    let mut chat = ChatRequest::parse(bytes)?;
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
    let own_call = call.as_ref().map(|call| format!("{owner}\n{call}"));
    let rules = shared.rules_of(own_call.as_deref());
    let begun = begin(shared, request, &caller, own_call);
    let who = Who::of(&vapi, call.as_deref());
    let mut turn = Turn::new(facts(&chat, vapi, route));
    turn.injected_left = Some(shared.most_injected);
    let mut meter = TurnMeter::begin(&route.meters, &turn);
    let ruleset = rules.ruleset.clone();
    let mut respond = Respond {
        id,
        rules: &rules,
        added: Duration::ZERO,
        route,
        wants_stream: chat.wants_stream(),
    };
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
    let mut shadow = Shadow::of(shared, &rules, id, &chat, &turn, call.as_deref());
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
            rules.meters.count(&refused.steps);
            log::steps(id, call.as_deref(), &refused.steps);
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
    meters::hidden(&turn.vault);
    route.meters.added(respond.added);
    log::steps(id, call.as_deref(), &applied.steps);

    let first = route.plan.upstreams.first();
    let size = || first.map_or(0, |first| chat.write(&first.takes).len());
    if let Err(shed) = admitted.send(size) {
        return respond.shed(shed, call.as_deref(), meter);
    }
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
            return respond.told(told, reply);
        }
        never = Shadow::gather(&mut shadow, shared, &who) => match never {},
    };
    match answer {
        Ok(won) => {
            log::tries(id, call.as_deref(), &won.tries);
            debug!(
                turn = id,
                call,
                upstream = won.upstream,
                "the upstream answers"
            );
            respond.success(reply, won, (admitted, underway), meter, shadow)
        }
        Err(Failed { tries }) => {
            log::tries(id, call.as_deref(), &tries);
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

/// How this turn is answered, whatever comes of it.
struct Respond<'r> {
    id: &'r str,
    /// The rules that the turn uses.
    rules: &'r Rules,
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
        (admitted, underway): (Admitted, Underway),
        mut meter: TurnMeter,
        mut shadow: Option<Shadow>,
    ) -> Result<HttpResponse, ApiError> {
        match won.answer {
            Answer::Stream(events) => {
                meters::first_token(&won.upstream, won.waited);
                Ok(self.stream().body(StreamBody {
                    reply,
                    events: Some(*events),
                    underway,
                    admitted,
                    shadow,
                    meter,
                    upstream: won.upstream,
                    apology: self.route.apology.clone(),
                    turn: self.id.to_owned(),
                }))
            }
            Answer::Whole(text) => match reply.whole(&text) {
                Some(body) => {
                    admitted.hear(Chunk::parse(&text).map_or(0, |whole| whole.said()));
                    if let Some(shadow) = &mut shadow {
                        shadow.whole(&text);
                    }
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

    /// The answer of a turn that is turned away.
    fn shed(
        &self,
        shed: Shed,
        call: Option<&str>,
        mut meter: TurnMeter,
    ) -> Result<HttpResponse, ApiError> {
        let (turn, limit) = (self.id, shed.reason());
        warn!(
            turn,
            call, limit, "a limit is reached; the turn is turned away"
        );
        meters::shed(limit);
        meter.end(TurnEnd::Shed);
        self.failure(shed.into())
    }

    /// In speak mode the caller hears the apology; else the client gets the error.
    fn failure(&self, error: ApiError) -> Result<HttpResponse, ApiError> {
        if self.route.on_error == OnError::Status {
            let rules = Some(self.rules.ruleset.clone());
            return Err(ApiError { rules, ..error });
        }
        if !self.wants_stream {
            let apology = Head::default().completion(&self.route.apology);
            return Ok(self.json().body(apology));
        }
        let silent = Reply::new(Arc::default(), &Applied::default(), Turn::default());
        Ok(self.ended(silent, Ending::Cut(&self.route.apology)))
    }

    /// The turn ends before anybody answered.
    fn told(&self, told: Told, reply: Reply) -> Result<HttpResponse, ApiError> {
        match told {
            Told::Cut => self.failure(ApiError::server(
                StatusCode::SERVICE_UNAVAILABLE,
                "ending",
                "the server ends; ask another",
            )),
            Told::Replaced if self.wants_stream => Ok(self.ended(reply, Ending::Abandoned)),
            Told::Replaced => Ok(self.json().body(Head::default().completion(""))),
        }
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
        response.insert_header((RULES, self.rules.ruleset.version()));
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
