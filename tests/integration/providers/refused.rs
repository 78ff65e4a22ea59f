//! How a scripted provider says no: the status and the body of the real one.

use serde_json::{Value, json};

use crate::upstream::ScriptStep;
use crate::wire::whole;

/// A refusal.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    status: &'static str,
    kind: &'static str,
    /// Its body.
    pub(super) body: String,
}

impl Refused {
    /// With this body.
    pub(super) fn with(status: &'static str, body: Value) -> Option<Refused> {
        let kind = "application/json";
        Some(Refused {
            status,
            kind,
            body: body.to_string(),
        })
    }

    /// As OpenAI says it.
    pub(super) fn openai(message: &str, code: Value, param: Value) -> Option<Refused> {
        let kind = "invalid_request_error";
        let error = json!({ "message": message, "type": kind, "param": param, "code": code });
        Refused::with("400 Bad Request", json!({ "error": error }))
    }

    /// As an event of a stream that has begun.
    pub(super) fn in_stream(events: &str) -> Option<Refused> {
        let kind = "text/event-stream";
        Some(Refused {
            status: "200 OK",
            kind,
            body: events.to_owned(),
        })
    }

    /// What goes over the wire.
    pub(super) fn steps(&self) -> Vec<ScriptStep> {
        whole(
            self.status,
            &format!("content-type: {}\r\n", self.kind),
            &self.body,
        )
    }
}
