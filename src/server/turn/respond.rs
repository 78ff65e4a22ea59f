//! How a turn is answered: a stream, a completion, the apology or an error.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};

use super::answer::{OpenStream, StreamBody};
use super::held::HeldForClient;
use super::made::MadeForTurn;
use super::repeated::RepeatPlace;
use super::witness::TurnWitness;
use crate::chat::chunk::{Chunk, ChunkHead};
use crate::config::RouteOnError;
use crate::ruleset::{Ending, Refused, Reply};
use crate::server::api::error::{ApiError, RULES};
use crate::server::state::limits::{AdmittedTurn, ShedReason};
use crate::server::state::meters::TurnEnd;
use crate::server::state::route::Route;
use crate::server::state::rules::CountedRuleset;
use crate::server::state::underway::{EarlyEnd, TurnUnderway};
use crate::upstream::{Failed, StateCapture, UpstreamAnswer, Won};

/// How this turn is answered, whatever comes of it.
#[derive(Clone)]
pub(super) struct TurnResponder<'r> {
    pub(super) id: &'r str,
    /// The rules that the turn uses.
    pub(super) rules: &'r Arc<CountedRuleset>,
    /// The time before the first upstream was asked.
    pub(super) added: Duration,
    pub(super) route: &'r Route,
    pub(super) wants_stream: bool,
}

impl<'r> TurnResponder<'r> {
    /// The same where another route says who is asked.
    pub(super) fn on<'s>(self, route: &'s Route) -> TurnResponder<'s>
    where
        'r: 's,
    {
        TurnResponder { route, ..self }
    }

    /// An upstream answers.
    pub(super) fn success(
        &self,
        mut reply: Reply,
        won: Won,
        (admitted, underway): (AdmittedTurn, TurnUnderway),
        mut witness: TurnWitness,
        (capture, again): (Option<StateCapture>, Option<RepeatPlace>),
    ) -> Result<HttpResponse, ApiError> {
        witness.answered(&won, self.route);
        let again = again.map(RepeatPlace::capture);
        let text = match won.answered.answer {
            UpstreamAnswer::Stream(events) => {
                let live = OpenStream {
                    events: *events,
                    capture,
                    again,
                    upstream: won.upstream,
                    underway,
                    admitted,
                    witness,
                };
                return Ok(self.stream().body(StreamBody {
                    reply,
                    live: Some(HeldForClient::new(live, self.id)),
                    apology: self.route.apology.clone(),
                    turn: self.id.to_owned(),
                }));
            }
            UpstreamAnswer::Whole(text) => text,
        };
        if let Some(capture) = capture {
            capture.whole(&text);
        }
        let Some(body) = reply.whole(&text) else {
            witness.ended(TurnEnd::Apology);
            witness.misbehaved(&won.upstream, "unusable");
            return self.failure(ApiError::server(
                StatusCode::BAD_GATEWAY,
                "upstream_failed",
                "the upstream gave no usable answer",
            ));
        };
        if let Some(again) = again {
            again.whole(&text);
        }
        let whole = Chunk::parse(&text);
        admitted.hear(whole.as_ref().map_or(0, Chunk::said));
        witness.heard_whole(&text, whole.as_ref());
        witness.spoke();
        witness.ended(TurnEnd::Answered);
        Ok(self.json().body(body))
    }

    /// The reply is there, and no upstream is asked.
    pub(super) fn made(
        &self,
        made: MadeForTurn,
        mut witness: TurnWitness,
    ) -> Result<HttpResponse, ApiError> {
        let (mut response, body) = match self.wants_stream {
            true => (self.stream(), made.stream()),
            false => (self.json(), made.completion()),
        };
        witness.spoke();
        witness.ended(TurnEnd::Answered);
        Ok(response.body(body))
    }

    /// No upstream answers.
    pub(super) fn unanswered(
        &self,
        failed: &Failed,
        mut witness: TurnWitness,
    ) -> Result<HttpResponse, ApiError> {
        witness.tried(&failed.tries);
        witness.ended(TurnEnd::Apology);
        let error = failed.told().map(ApiError::from);
        self.failure(error.unwrap_or_else(|| {
            ApiError::server(
                StatusCode::BAD_GATEWAY,
                "no_upstream",
                "the route has no upstream",
            )
        }))
    }

    /// A rule failed that must not.
    pub(super) fn refused(
        &self,
        refused: &Refused,
        mut witness: TurnWitness,
    ) -> Result<HttpResponse, ApiError> {
        witness.refused(refused);
        self.failure(ApiError::server(
            StatusCode::INTERNAL_SERVER_ERROR,
            "rule_failed",
            "a rule failed, so nothing was sent",
        ))
    }

    /// The answer of a turn that is turned away.
    pub(super) fn shed(
        &self,
        shed: ShedReason,
        mut witness: TurnWitness,
    ) -> Result<HttpResponse, ApiError> {
        witness.shed(shed);
        self.failure(shed.into())
    }

    /// In speak mode the caller hears the apology; else the client gets the error.
    pub(super) fn failure(&self, error: ApiError) -> Result<HttpResponse, ApiError> {
        if self.route.on_error == RouteOnError::Status {
            let rules = Some(self.rules.ruleset.clone());
            return Err(ApiError { rules, ..error });
        }
        if !self.wants_stream {
            let apology = ChunkHead::default().completion(&self.route.apology);
            return Ok(self.json().body(apology));
        }
        Ok(self.ended(Reply::untouched(), Ending::Cut(&self.route.apology)))
    }

    /// The turn ends before anybody answered; `reply` is what was made for it.
    pub(super) fn ended_early(
        &self,
        early: EarlyEnd,
        reply: Reply,
        mut witness: TurnWitness,
    ) -> Result<HttpResponse, ApiError> {
        witness.ended_early(&early);
        match early {
            EarlyEnd::Cut => self.failure(ApiError::server(
                StatusCode::SERVICE_UNAVAILABLE,
                "ending",
                "the server ends; ask another",
            )),
            EarlyEnd::Replaced { .. } if self.wants_stream => {
                Ok(self.ended(reply, Ending::Abandoned))
            }
            EarlyEnd::Replaced { .. } => Ok(self.json().body(ChunkHead::default().completion(""))),
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
