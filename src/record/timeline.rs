//! When what happened in one turn: for its line, for whoever looks at it, and for traces.
//!
//! It has names of the config and the rule files, ids, words for machines and times; never what people
//! said, and no text of an upstream.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The times of a turn, in microseconds since the head of its request arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    /// When its body was there.
    pub body: u64,
    /// While what is stored of the call was read; none: no rule speaks of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Timespan>,
    /// What was fetched for its rules, all at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fetches: Vec<FetchTimes>,
    /// While it passed its rules, in order; the steps say how long each took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Timespan>,
    /// Each time that an upstream was asked, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<AttemptTimes>,
    /// When the caller was given the first word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_word: Option<u64>,
    /// When the last event of the model's reply was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_event: Option<u64>,
    /// When it was over.
    pub end: u64,
    /// Why: `answered`, `apology`, `replaced`, `hung_up`, `refused`, `shed`, `broken`.
    pub ended: String,
    /// The id of the turn that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
}

/// From when to when, in microseconds since the turn arrived.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timespan {
    /// When it began.
    pub from: u64,
    /// When it was over; the end of the turn where that came first.
    pub to: u64,
}

/// One fetch in one turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchTimes {
    /// Its name, as in `fetch.NAME`.
    pub name: String,
    /// When it was asked for.
    pub from: u64,
    /// When the turn went on without it, or with it.
    pub to: u64,
    /// What came of it, in the words of `aside_fetch_seconds`; none: the turn was over before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

/// One request to one upstream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptTimes {
    /// Its name in the config.
    pub upstream: String,
    /// The model that it was asked for; empty: it was not asked.
    pub model: String,
    /// When it was asked.
    pub from: u64,
    /// When the first piece of its answer that counts was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// When it was over.
    pub to: u64,
    /// What came of it.
    pub outcome: AttemptOutcome,
    /// Why it failed or was mended, in the words of `aside_upstream_failures_total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The status other than 2xx that it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Its own code, such as `context_length_exceeded`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What came of asking an upstream once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// It answered to the end.
    Answered,
    /// It gave no answer, or broke off.
    Failed,
    /// It refused the form of the request, which went again, mended.
    Mended,
    /// Another that was asked as well was faster.
    HedgedAway,
    /// The turn was over before it was: its caller hung up, or a newer turn took its place.
    HungUp,
}

/// A time as timelines have it.
pub fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeline_is_read_as_it_was_written_and_says_nothing_of_what_was_not() {
        let mut timeline = Timeline {
            body: 12,
            end: 40,
            ended: "hung_up".to_owned(),
            ..Timeline::default()
        };
        let json = serde_json::to_string(&timeline).expect("JSON");
        assert_eq!(json, r#"{"body":12,"end":40,"ended":"hung_up"}"#);
        timeline.context = Some(Timespan { from: 12, to: 13 });
        timeline.attempts.push(AttemptTimes {
            upstream: "main".to_owned(),
            model: "m".to_owned(),
            from: 14,
            first: None,
            to: 20,
            outcome: AttemptOutcome::HedgedAway,
            reason: None,
            status: Some(429),
            code: None,
        });
        let json = serde_json::to_string(&timeline).expect("JSON");
        assert!(json.contains(r#""outcome":"hedged_away","status":429}"#));
        let read: Timeline = serde_json::from_str(&json).expect("a timeline");
        assert_eq!(read, timeline);
    }
}
