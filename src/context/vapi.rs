//! What Vapi's webhooks told of a call, as rules see it: `context.call.vapi`.
//!
//! | key | what it is |
//! |---|---|
//! | `status` | `queued`, `ringing`, `in-progress`, `forwarding`, `ended`: the newest that Vapi told |
//! | `statusTime` | when Vapi told it, in milliseconds since 1970, as in Vapi's `timestamp` |
//! | `startedAt`, `endedAt` | when the call began and ended (RFC 3339) |
//! | `endedReason` | why, in Vapi's word |
//! | `transcript` | `role` (`user`, `assistant`), `text` and `time` of what was said last, if it is kept |
//! | `tools` | by tool name `result` (a text) and `time` of its last answer, if they are kept |
//!
//! What an event tells is such an object itself, and folding is joining two of them: in whatever
//! order events come, and however often, the result is the same. A call that is over keeps no
//! texts, and nothing late changes it. Nothing but these fields is taken from an event.

mod event;

use std::collections::BTreeMap;

use bytestring::ByteString;
use serde::{Deserialize, Serialize};

pub use event::{EventError, Keeps, VapiEvent};

/// The most tools whose answers are kept.
const MOST_TOOLS: usize = 16;
/// Vapi's name for a call that is over.
const ENDED: &str = "ended";

/// What an event meant for its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventMeaning {
    /// The call rings or is in progress, which was not known before.
    Began,
    /// The call is over, which was not known before.
    Ended,
    /// Neither.
    Other,
}

/// What is known of a call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CallState {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transcript: Option<Utterance>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tools: BTreeMap<String, ToolResult>,
}

// In the order of the fields two utterances and two results compare: by time first.

#[derive(Debug, Clone, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(default)]
struct Utterance {
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<i64>,
    role: String,
    text: String,
}

#[derive(Debug, Clone, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(default)]
struct ToolResult {
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<i64>,
    result: String,
}

/// Whether this object says that its call is over.
pub(super) fn is_over(object: &ByteString) -> bool {
    serde_json::from_str(object).is_ok_and(|state: CallState| state.is_ended())
}

impl VapiEvent {
    /// The object of the call after this event; none: the event changes nothing.
    pub fn fold(&self, old: Option<&ByteString>) -> Option<(ByteString, EventMeaning)> {
        // What nobody here wrote is no reason to lose what comes.
        let old: CallState = old
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        if old.is_ended() && !self.news.is_ended() {
            return None;
        }
        let new = old.clone().join(self.news.clone());
        if new == old {
            return None;
        }
        let meaning = if new.is_ended() && !old.is_ended() {
            EventMeaning::Ended
        } else if new.is_under_way() && !old.is_under_way() {
            EventMeaning::Began
        } else {
            EventMeaning::Other
        };
        let text = serde_json::to_string(&new).ok()?;
        Some((text.into(), meaning))
    }

    /// Whether this event says that the call is over.
    pub fn is_end(&self) -> bool {
        self.news.is_ended()
    }
}

impl CallState {
    fn is_ended(&self) -> bool {
        self.status.as_deref() == Some(ENDED)
    }

    fn is_under_way(&self) -> bool {
        let status = self.status.as_deref();
        matches!(status, Some("ringing" | "in-progress" | "forwarding"))
    }

    /// Whether this tells a newer status than another: by the time; where one has none, by how
    /// far a call is with it. The end is always the newest.
    fn is_newer_status(&self, other: &CallState) -> bool {
        let (Some(mine), Some(known)) = (self.status.as_deref(), other.status.as_deref()) else {
            return self.status.is_some();
        };
        if self.is_ended() != other.is_ended() {
            return self.is_ended();
        }
        match (self.status_time, other.status_time) {
            (Some(time), Some(known_time)) => {
                (time, progress(mine), mine) > (known_time, progress(known), known)
            }
            (time, known_time) => {
                (progress(mine), time, mine) > (progress(known), known_time, known)
            }
        }
    }

    fn join(self, news: CallState) -> CallState {
        let is_newer = news.is_newer_status(&self);
        let (status, status_time) = match is_newer {
            true => (news.status, news.status_time),
            false => (self.status, self.status_time),
        };
        let mut joined = CallState {
            status,
            status_time,
            started_at: earlier(self.started_at, news.started_at),
            ended_at: earlier(self.ended_at, news.ended_at),
            ended_reason: earlier(self.ended_reason, news.ended_reason),
            ..CallState::default()
        };
        if joined.is_ended() {
            return joined;
        }
        joined.transcript = later(self.transcript, news.transcript, |said| said.time);
        joined.tools = self.tools;
        for (name, result) in news.tools {
            let known = joined.tools.remove(&name);
            let newest = later(known, Some(result), |result| result.time);
            joined.tools.extend(newest.map(|result| (name, result)));
        }
        joined.forget_oldest_tools();
        joined
    }

    fn forget_oldest_tools(&mut self) {
        while self.tools.len() > MOST_TOOLS {
            let age = |entry: &(&String, &ToolResult)| (entry.1.time, entry.0.clone());
            let Some((oldest, _)) = self.tools.iter().min_by_key(age) else {
                return;
            };
            let oldest = oldest.clone();
            self.tools.remove(&oldest);
        }
    }
}

/// How far a call is with this status.
fn progress(status: &str) -> u8 {
    match status {
        "scheduled" | "queued" => 0,
        "ringing" => 1,
        "forwarding" => 3,
        ENDED => 4,
        _ => 2,
    }
}

fn earlier(known: Option<String>, new: Option<String>) -> Option<String> {
    match (known, new) {
        (Some(known), Some(new)) => Some(known.min(new)),
        (known, new) => known.or(new),
    }
}

/// The later of two; of two without a time the one that came later.
fn later<T: PartialOrd>(
    known: Option<T>,
    new: Option<T>,
    time: impl Fn(&T) -> Option<i64>,
) -> Option<T> {
    match (known, new) {
        (Some(known), Some(new)) => {
            let has_no_time = time(&known).is_none() && time(&new).is_none();
            Some(if has_no_time || new > known {
                new
            } else {
                known
            })
        }
        (known, new) => known.or(new),
    }
}

#[cfg(test)]
mod tests;
