//! What is known of a turn at a glance: ids, names from the config and the rules, and what was said,
//! without what the rules hide.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::chat::ChatRequest;
use crate::chat::chunk::Chunk;
use crate::record::{Line, RecordedStep, Timeline, UpstreamFailure};
use crate::ruleset::StepOutcome;

/// So many characters of what was said are shown at a glance.
const GLANCE: usize = 160;

/// A turn at a glance.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TurnHead {
    /// Its place among all turns that this process showed.
    pub place: u64,
    /// Its id.
    pub turn: String,
    /// Its call's id.
    pub call: Option<String>,
    /// When it came.
    pub at: String,
    /// Its route.
    pub route: String,
    /// The version of its rules.
    pub rules: String,
    /// Who answered, or would have been asked first.
    pub upstream: Option<String>,
    /// How it ended.
    pub ended: String,
    /// The rule that answered in the model's place.
    pub answered_by: Option<String>,
    /// What the caller said, as the rules left it hidden.
    pub caller: Option<String>,
    /// What the caller heard, values as `‹CARD_1›`.
    pub heard: Option<String>,
    /// What each rule did, as far as it is something.
    pub steps: Vec<StepGlance>,
    /// How many values were hidden, by label.
    pub hidden: BTreeMap<String, u32>,
    /// The upstreams that failed.
    pub failures: Vec<UpstreamFailure>,
    /// In which arm of each rule with `percent` the call is.
    pub arms: BTreeMap<String, String>,
    /// Tokens of the request and the reply, and how many of the former the provider knew.
    pub tokens: TokenGlance,
    /// What the request has in common with that of the turn before.
    pub prefix: Option<ShownPrefix>,
    /// When what happened in it.
    pub timeline: Option<Timeline>,
    /// Why nothing more of it is shown.
    pub dark: Option<Dark>,
    /// Which of its values may be revealed, by their placeholders' names.
    pub revealable: Vec<String>,
}

/// What a rule did.
#[derive(Debug, Clone, Serialize)]
pub struct StepGlance {
    /// Its name.
    pub rule: String,
    /// Its kind.
    pub kind: String,
    /// What came of it.
    pub outcome: StepOutcome,
    /// Why.
    pub why: Option<String>,
    /// How long it took, in microseconds.
    pub micros: u64,
}

/// What an upstream says that a turn took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TokenGlance {
    /// Of the request.
    pub prompt: Option<u64>,
    /// Of the reply.
    pub completion: Option<u64>,
    /// Of the request, from the provider's cache.
    pub cached: Option<u64>,
}

/// What two requests have in common from their start, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ShownPrefix {
    /// So many are the same.
    pub bytes: usize,
    /// Of so many that the turn before had.
    pub of_bytes: usize,
}

/// Why nothing more is shown of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dark {
    /// A rule failed that must not, so nobody knows what is private in it.
    Refused,
    /// It was turned away before its rules ran.
    TurnedAway,
    /// It ended before its rules did.
    EndedEarly,
    /// Its reply is too large to be kept.
    TooLarge,
    /// No line could be made of it.
    Unreadable,
}

/// What went upstream, of a line.
#[derive(Deserialize)]
struct SentOfLine {
    sent: Box<RawValue>,
}

impl StepGlance {
    /// A recorded step at a glance.
    fn of(step: &RecordedStep) -> StepGlance {
        StepGlance {
            rule: step.rule.clone(),
            kind: step.kind.clone(),
            outcome: step.outcome,
            why: step.why.clone(),
            micros: step.micros,
        }
    }
}

impl TurnHead {
    /// That of a line. `before`: the line of the turn before it in its call.
    pub(super) fn of(line: &Line, before: Option<&str>) -> TurnHead {
        let answered = line.steps.iter();
        let mut answered = answered.filter(|step| step.outcome == StepOutcome::Answered);
        let answered_by = answered.next().map(|step| step.rule.clone());
        TurnHead {
            turn: line.turn.clone(),
            call: line.call.clone(),
            at: line.at.clone(),
            route: line.route.clone(),
            rules: line.rules.clone(),
            upstream: answered_by.is_none().then(|| line.upstream.clone()),
            ended: line.ended.clone(),
            answered_by,
            caller: said_by_caller(line).map(|text| glance(&text)),
            heard: line
                .heard
                .first()
                .map(|(_, text)| glance(text))
                .filter(|text| !text.is_empty()),
            steps: line.steps.iter().map(StepGlance::of).collect(),
            hidden: line.hidden.clone(),
            failures: line.failures.clone(),
            arms: line.arms.clone(),
            tokens: tokens(line),
            timeline: line.timeline.clone(),
            prefix: before.and_then(|before| prefix(line, before)),
            ..TurnHead::default()
        }
    }
}

/// The newest text of the caller.
fn said_by_caller(line: &Line) -> Option<String> {
    let request = ChatRequest::parse(line.came.get().to_owned().into()).ok()?;
    let newest = request.messages().get(request.newest_user()?)?;
    Some(newest.text().into_owned())
}

/// The start of a text.
fn glance(text: &str) -> String {
    match text.char_indices().nth(GLANCE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What the upstream said last of tokens.
fn tokens(line: &Line) -> TokenGlance {
    let mut tokens = TokenGlance::default();
    // What it says of them stands in one of the last pieces.
    let told = line
        .reply
        .iter()
        .filter(|json| json.get().contains("usage"));
    for json in told {
        let usage = Chunk::parse(json.get()).and_then(|chunk| chunk.usage(json.get()));
        if let Some(usage) = usage {
            tokens = TokenGlance {
                prompt: usage.prompt.or(tokens.prompt),
                completion: usage.completion.or(tokens.completion),
                cached: usage.cached.or(tokens.cached),
            };
        }
    }
    tokens
}

fn prefix(line: &Line, before: &str) -> Option<ShownPrefix> {
    let before: SentOfLine = serde_json::from_str(before).ok()?;
    let (old, new) = (before.sent.get(), line.sent.get());
    if old == "null" || new == "null" {
        return None;
    }
    let same = old.bytes().zip(new.bytes());
    Some(ShownPrefix {
        bytes: same.take_while(|(one, other)| one == other).count(),
        of_bytes: old.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_is_short_and_never_cuts_a_letter() {
        assert_eq!(glance("grüße"), "grüße");
        let long = "ü".repeat(GLANCE + 1);
        let short = glance(&long);
        assert_eq!(short.chars().count(), GLANCE + 1);
        assert!(short.ends_with('…'));
    }
}
