//! The key of an upstream: one source of it, and where it stands in requests.
//!
//! What is wrong is told by the names of the fields, never by what they hold.

use std::ops::Range;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::Key;
use super::UpstreamConfig;
use crate::files::duration::{DurationError, parse_duration};
use crate::files::{Problem, Source};

/// A program and its arguments.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<String>")]
pub struct KeyCommand(#[schemars(with = "Vec<String>")] Vec<String>);

/// How long a key is good.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct KeyLifetime(#[schemars(with = "String")] Duration);

/// `oauth = {…}`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Oauth {
    /// The URL at which the server gives tokens.
    #[schemars(with = "String")]
    pub token_url: Spanned<String>,
    /// The client's name.
    pub client_id: String,
    /// What proves that it is this client.
    pub client_secret: Key,
    /// What the token shall open, words with blanks between. Default: what the server gives.
    pub scope: Option<String>,
    /// For whom the token shall be, where the server asks for it. Default: not said.
    pub audience: Option<String>,
}

/// A list names no program.
#[derive(Debug, thiserror::Error)]
#[error("this names no program: write `[\"program\", \"argument\"]`")]
pub struct NoProgram;

/// A text is no time that a key could be good.
#[derive(Debug, thiserror::Error)]
pub enum KeyLifetimeError {
    /// It is no duration.
    #[error(transparent)]
    Duration(#[from] DurationError),
    /// It is over before a turn is.
    #[error("`{0}` is too short: the program would run all the time; write 1s or more")]
    Short(String),
}

impl KeyCommand {
    /// The program, and its arguments.
    pub fn words(&self) -> &[String] {
        &self.0
    }
}

impl TryFrom<Vec<String>> for KeyCommand {
    type Error = NoProgram;
    fn try_from(words: Vec<String>) -> Result<KeyCommand, NoProgram> {
        match words
            .first()
            .is_some_and(|program| !program.trim().is_empty())
        {
            true => Ok(KeyCommand(words)),
            false => Err(NoProgram),
        }
    }
}

impl KeyLifetime {
    /// The time.
    pub fn get(self) -> Duration {
        self.0
    }
}

impl Default for KeyLifetime {
    /// Tools that hand out kept tokens renew them five minutes before their end.
    fn default() -> KeyLifetime {
        KeyLifetime(Duration::from_secs(300))
    }
}

impl TryFrom<String> for KeyLifetime {
    type Error = KeyLifetimeError;
    fn try_from(text: String) -> Result<KeyLifetime, KeyLifetimeError> {
        match parse_duration(&text)? {
            time if time < Duration::from_secs(1) => Err(KeyLifetimeError::Short(text)),
            time => Ok(KeyLifetime(time)),
        }
    }
}

impl UpstreamConfig {
    /// The fields that give a key, in the order of the file.
    fn key_sources(&self) -> Vec<(&'static str, Range<usize>)> {
        let sources = [
            ("key", self.key.as_ref().map(Spanned::span)),
            ("key_file", self.key_file.as_ref().map(Spanned::span)),
            ("key_command", self.key_command.as_ref().map(Spanned::span)),
            ("oauth", self.oauth.as_ref().map(Spanned::span)),
        ];
        let given = sources.into_iter();
        let mut given: Vec<_> = given.filter_map(|(name, at)| Some((name, at?))).collect();
        given.sort_by_key(|(_, place)| place.start);
        given
    }

    /// Whether anything gives a key, or hands the caller's own on.
    pub fn has_key(&self) -> bool {
        self.forward || !self.key_sources().is_empty()
    }
}

/// What is wrong with the key of an upstream, as far as its table tells.
pub(super) fn check(name: &str, upstream: &UpstreamConfig, source: &Source) -> Vec<Problem> {
    let sources = upstream.key_sources();
    let mut problems = Vec::new();
    let mut names: Vec<String> = sources
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    names.extend(upstream.forward.then(|| "`forward = true`".to_owned()));
    if let ([.., _, _], Some((_, place))) = (names.as_slice(), sources.last()) {
        let message = format!(
            "the upstream `{name}` has {}; keep one",
            names.join(" and ")
        );
        let help = "an upstream is asked with one key, which comes from one place";
        problems.push(source.error(place.clone(), message).with_help(help));
    }
    if let Some(lifetime) = upstream
        .key_lifetime
        .as_ref()
        .filter(|_| upstream.key_command.is_none())
    {
        let message =
            "`key_lifetime` says how long what `key_command` prints is good, and there is none";
        let help = "take it out: a file counts when it changes, and a token server says it itself";
        problems.push(source.error(lifetime.span(), message).with_help(help));
    }
    let place = upstream.key_header.as_ref();
    if let Some(place) = place.filter(|_| !upstream.has_key()) {
        let message = "`key_header` says where the key goes, and there is none";
        let help =
            "add `key = \"${NAME}\"`, `key_file`, `key_command`, `oauth` or `forward = true`";
        problems.push(source.warning(place.span(), message).with_help(help));
    }
    if let Some(place) = place.filter(|place| place.get_ref().is_bare_authorization()) {
        let message =
            "the key goes into this header alone, without a word such as `Bearer` before it";
        let help = "where the server wants a word, write `key_header = \"Authorization: Api-Key\"` with that word";
        problems.push(source.warning(place.span(), message).with_help(help));
    }
    if let Some(empty) = upstream
        .oauth
        .as_ref()
        .filter(|oauth| oauth.get_ref().client_id.trim().is_empty())
    {
        problems.push(source.error(empty.span(), "the `client_id` is empty"));
    }
    problems
}

#[cfg(test)]
mod tests;
