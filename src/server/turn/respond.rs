//! How a turn is answered: a stream, a completion, the apology or an error.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use tracing::warn;

use super::answer::{Live, StreamBody};
use super::held::Held;
use super::recording::Recording;
use super::shadow::Shadow;
use crate::chat::chunk::{Chunk, Head};
use crate::config::OnError;
use crate::rule::Turn;
use crate::ruleset::{Applied, Ending, Reply};
use crate::server::api::error::{ApiError, RULES};
use crate::server::state::calls::{Told, Underway};
use crate::server::state::limits::{Admitted, Shed};
use crate::server::state::meters::{self, TurnEnd, TurnMeter};
use crate::server::state::rules::Rules;
use crate::server::state::snapshot::Route;
use crate::upstream::{Answer, Won};

/// How this turn is answered, whatever comes of it.
#[derive(Clone)]
pub(in crate::server) struct Respond<'r> {
    pub(in crate::server) id: &'r str,
    /// The rules that the turn uses.
    pub(in crate::server) rules: &'r Arc<Rules>,
    /// The time before the first upstream was asked.
    pub(in crate::server) added: Duration,
    pub(in crate::server) route: &'r Route,
    pub(in crate::server) wants_stream: bool,
}

/// A reply that no rule touches.
pub(in crate::server) fn silent() -> Reply {
    Reply::new(Arc::default(), &Applied::default(), Turn::default())
}

impl Respond<'_> {
    pub(in crate::server) fn success(
        &self,
        mut reply: Reply,
        won: Won,
        (admitted, underway): (Admitted, Underway),
        (mut meter, mut recording): (TurnMeter, Option<Recording>),
        mut shadow: Option<Shadow>,
    ) -> Result<HttpResponse, ApiError> {
        if let Some(recording) = &mut recording {
            recording.answered_by(&won.upstream, self.route);
        }
        match won.answer {
            Answer::Stream(events) => {
                meters::first_token(&won.upstream, won.waited);
                let live = Live {
                    events: *events,
                    upstream: won.upstream,
                    underway,
                    admitted,
                    shadow,
                    meter,
                    recording,
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
                    admitted.hear(Chunk::parse(&text).map_or(0, |whole| whole.said()));
                    if let Some(shadow) = &mut shadow {
                        shadow.whole(&text);
                    }
                    if let Some(recording) = &mut recording {
                        recording.hear(&text.as_str().into());
                        recording.end(TurnEnd::Answered);
                    }
                    meter.end(TurnEnd::Answered);
                    meter.line.heard();
                    Ok(self.json().body(body))
                }
                None => {
                    meter.end(TurnEnd::Apology);
                    recording.iter_mut().for_each(|it| it.end(TurnEnd::Apology));
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
    pub(in crate::server) fn shed(
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
    pub(in crate::server) fn failure(&self, error: ApiError) -> Result<HttpResponse, ApiError> {
        if self.route.on_error == OnError::Status {
            let rules = Some(self.rules.ruleset.clone());
            return Err(ApiError { rules, ..error });
        }
        if !self.wants_stream {
            let apology = Head::default().completion(&self.route.apology);
            return Ok(self.json().body(apology));
        }
        Ok(self.ended(silent(), Ending::Cut(&self.route.apology)))
    }

    /// The turn ends before anybody answered.
    pub(in crate::server) fn told(
        &self,
        told: Told,
        reply: Reply,
    ) -> Result<HttpResponse, ApiError> {
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
