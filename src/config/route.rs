//! `[route.NAME]`: who is asked in which order, and for how long.

use std::time::Duration;

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::RuleFolders;
use crate::chat::call_from::CallFrom;
use crate::files::{OneOrMore, duration};
use crate::upstream::Hedge;

/// What stands for something else in paths.
pub(super) const RESERVED: [&str; 10] = [
    "v1",
    "chat",
    "completions",
    "models",
    "vapi",
    "context",
    "inspect",
    "metrics",
    "healthz",
    "readyz",
];

/// `[route.NAME]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RouteConfig {
    /// The upstreams in failover order.
    #[schemars(with = "Vec<String>")]
    pub upstreams: Vec<Spanned<String>>,
    /// How long connecting may take. Default: 1s.
    #[serde(deserialize_with = "duration::duration")]
    #[schemars(with = "String")]
    pub connect: Duration,
    /// How long until the first piece of a stream that counts. Default: 3s.
    #[serde(deserialize_with = "duration::duration")]
    #[schemars(with = "String")]
    pub first_token: Duration,
    /// How long until that piece, from the asking, once reasoning has come within `first_token`.
    /// Default: 8s.
    #[serde(deserialize_with = "duration::duration")]
    #[schemars(with = "String")]
    pub think: Duration,
    /// The longest silence after it; reasoning is none. Default: 5s.
    #[serde(deserialize_with = "duration::duration")]
    #[schemars(with = "String")]
    pub stall: Duration,
    /// How long until an answer that is not streamed is there. Default: 30s.
    #[serde(deserialize_with = "duration::duration")]
    #[schemars(with = "String")]
    pub whole: Duration,
    /// What the client gets when nobody answers. Default: speak.
    pub on_error: RouteOnError,
    /// What the caller hears then.
    #[serde(deserialize_with = "words")]
    pub apology: String,
    /// When the next upstream is asked as well. Default: never.
    #[serde(deserialize_with = "hedge")]
    #[schemars(with = "String")]
    pub hedge: Option<Hedge>,
    /// The folder of its rules, or several in order. Default: the config's `rules`.
    #[schemars(with = "Option<OneOrMore>")]
    pub rules: Option<Spanned<RuleFolders>>,
    /// Where clients other than Vapi say of which call a turn is, and of whom.
    pub from: CallFrom,
}

/// What a client gets when nobody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RouteOnError {
    /// HTTP 200 and the apology, well formed.
    #[default]
    Speak,
    /// The upstream's error.
    Status,
}

impl Default for RouteConfig {
    fn default() -> RouteConfig {
        RouteConfig {
            upstreams: Vec::new(),
            connect: Duration::from_secs(1),
            first_token: Duration::from_secs(3),
            think: Duration::from_secs(8),
            stall: Duration::from_secs(5),
            whole: Duration::from_secs(30),
            on_error: RouteOnError::default(),
            apology: "Sorry, I did not get that. Could you say it again?".to_owned(),
            hedge: None,
            rules: None,
            from: CallFrom::default(),
        }
    }
}

/// A duration, or `p95`.
fn hedge<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Hedge>, D::Error> {
    let text = duration::text_of(deserializer, "a duration such as \"1200ms\", or \"p95\"")?;
    if text == "p95" {
        return Ok(Some(Hedge::P95));
    }
    let after = duration::parse_duration(&text)
        .map_err(|message| D::Error::custom(format!("{message}; or \"p95\", for what is usual")))?;
    Ok(Some(Hedge::After(after)))
}

/// A text that says something: without words a turn would be silent.
fn words<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.chars().any(char::is_alphanumeric) {
        return Ok(text);
    }
    let message = "the apology says nothing; give it words, or leave it out";
    Err(serde::de::Error::custom(message))
}
