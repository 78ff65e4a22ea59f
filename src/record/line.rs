//! One line of a recording: a turn with all that is needed to run it again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Seal, Timeline};
use crate::chat::chunk::Chunk;
use crate::chat::request::Takes;
use crate::ruleset::explain::{Heard, ShownChange};
use crate::ruleset::{StepOutcome, Texts};

/// A recorded turn.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// When it came.
    pub at: String,
    /// Its id.
    pub turn: String,
    /// Its call's id.
    pub call: Option<String>,
    /// Its route.
    pub route: String,
    /// The version of the rules that it passed.
    pub rules: String,
    /// Who answered, or would have been asked first.
    pub upstream: String,
    /// How it ended: `answered`, `apology`, `replaced`, `hung_up`, `broken`.
    pub ended: String,
    /// In which arm of each rule with `percent` its call is: `in` or `out`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arms: BTreeMap<String, String>,
    /// The upstreams that gave no answer, or broke off, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<UpstreamFailure>,
    /// Whether everything in it is as it came; else what the redact rules found is hidden.
    pub raw: bool,
    /// What the upstream takes.
    pub takes: Takes,
    /// The most bytes that rules may inject.
    pub most_injected: usize,
    /// What was known; in a redacted line only what the upstream got too.
    pub facts: Map<String, Value>,
    /// Whether something that looks like a placeholder was escaped; a redacted line has the escapes.
    pub escapes: bool,
    /// The labels of values that may come back, and how many of each.
    pub labels: BTreeMap<String, u32>,
    /// Those values, in a raw line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// The request as it came; in a redacted line without what is hidden, and without the fields
    /// that stay here.
    pub came: Box<RawValue>,
    /// The request as the rules left it, with the fields that go upstream; `shaped` says what was
    /// changed in it for who answered.
    pub sent: Box<RawValue>,
    /// What the same rules make of this line.
    pub again: Again,
    /// The chunks of the reply, as the upstream gave them, or one completion.
    pub reply: Vec<Box<RawValue>>,
    /// What the caller hears of it when this line is run again, values as `‹CARD_1›`.
    pub heard: Texts,
    /// What each rule did, in order.
    #[serde(default)]
    pub steps: Vec<RecordedStep>,
    /// What was changed in the request behind the rules for who answered, in plain words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shaped: Vec<String>,
    /// The request as the upstream got it, where anything was changed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub got: Option<Box<RawValue>>,
    /// The fields of the request that stayed here.
    #[serde(default)]
    pub not_taken: Vec<String>,
    /// How many values were hidden, by label.
    #[serde(default)]
    pub hidden: BTreeMap<String, u32>,
    /// What the model said, without what the rules hide.
    #[serde(default)]
    pub said: Texts,
    /// What each rule made of that, in the order in which the reply passed them.
    #[serde(default)]
    pub back: Vec<Heard>,
    /// The most characters of a streamed reply that the rules held back at once; none: it came whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_back: Option<usize>,
    /// When what happened in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
}

/// What one rule did.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedStep {
    /// The rule's name.
    pub rule: String,
    /// Its kind.
    pub kind: String,
    /// What tells it from rules that do something else.
    pub digest: String,
    /// As much of each of its fetches, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fetches: BTreeMap<String, String>,
    /// What came of it.
    pub outcome: StepOutcome,
    /// What comes of it when the line is run again, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<StepOutcome>,
    /// Why, where it was skipped or failed; else what people may want to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How long it took, in microseconds.
    pub micros: u64,
    /// What it changed in the request, without what the rules hide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ShownChange>,
}

/// What an upstream did not do as it should. Identifiers only; never a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamFailure {
    /// Its name in the config.
    pub upstream: String,
    /// Why, in the words of `aside_upstream_failures_total`.
    pub reason: String,
    /// The status other than 2xx that it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Its own code, such as `context_length_exceeded`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Its own type, such as `invalid_request_error`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The field that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
}

/// What the same rules make of a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Again {
    /// The request that was sent.
    Same,
    /// Another one, since the line does not have all that was known.
    Other(Box<RawValue>),
    /// None, since they refuse it for want of what was known.
    Refused(String),
}

/// Why a line can't be read.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// It is no turn; what it says may be private.
    #[error("the line is no recorded turn (column {0})")]
    Broken(usize),
    /// It is encrypted.
    #[error("the line is encrypted, and there is no key")]
    NoKey,
    /// It does not open.
    #[error("the line does not open with this key, or is not whole")]
    Sealed,
}

/// How lines are read: with the key of those that are sealed, where there is one.
#[derive(Debug)]
pub struct LineReading(pub Option<Seal>);

impl LineReading {
    /// Reads one line.
    pub fn line(&self, text: &str) -> Result<Line, LineError> {
        if text.starts_with('{') {
            return serde_json::from_str(text).map_err(broken);
        }
        let seal = self.0.as_ref().ok_or(LineError::NoKey)?;
        let opened = seal.open(text).ok_or(LineError::Sealed)?;
        serde_json::from_str(&opened).map_err(broken)
    }
}

impl LineError {
    /// What to do.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            LineError::Broken(_) => return None,
            LineError::NoKey => "set ASIDE_RECORD_KEY to the key that it was recorded with",
            LineError::Sealed => "is ASIDE_RECORD_KEY the key that it was recorded with?",
        };
        Some(help.to_owned())
    }
}

fn broken(error: serde_json::Error) -> LineError {
    LineError::Broken(error.column())
}

impl Line {
    /// Whether a rule answered in the model's place, so that nothing went upstream.
    pub fn is_answered(&self) -> bool {
        self.sent.get() == "null"
    }

    /// The reply as a stream of events, or as the completion that it was.
    pub fn reply(&self) -> String {
        let is_whole = |chunk: &RawValue| Chunk::parse(chunk.get()).is_some_and(|it| it.is_whole);
        match self.reply.as_slice() {
            [one] if is_whole(one) => one.get().to_owned(),
            chunks => {
                let events = chunks
                    .iter()
                    .map(|chunk| format!("data: {}\n\n", chunk.get()));
                events.collect()
            }
        }
    }
}
