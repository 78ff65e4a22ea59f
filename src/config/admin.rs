//! `[admin]`: where those who run aside ask how it is; and that no key opens two kinds of doors.

use std::net::SocketAddr;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Config, Key};
use crate::files::variable::from_environment;
use crate::files::{Document, Problem, Source};

/// A shorter key can be guessed, in characters.
const SHORTEST: usize = 16;

/// The fields at which what is wrong with them together is told.
pub(super) const TOLD_AT: [&str; 5] = [
    "listen",
    "keys",
    "context_keys",
    "admin_keys",
    "inspect.reveal_keys",
];

/// `[admin]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Admin {
    /// Where metrics and health are served instead. Default: on the port of everything else.
    #[serde(deserialize_with = "super::address::spanned")]
    #[schemars(with = "String")]
    pub listen: Option<Spanned<SocketAddr>>,
}

/// Where the server that was started with this config answers `/healthz` and `/readyz`. What else is
/// wrong with the file does not matter. `listen`: what flags and environment say.
pub fn health_address(
    source: &Source,
    listen: Option<SocketAddr>,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<SocketAddr, Box<Problem>> {
    let (mut document, _) = Document::parse_what_can_be(source);
    let admin = document.take_table("admin").and_then(Result::ok);
    let read = |written: Spanned<String>| {
        let wrong = |why: String| source.error(written.span(), why);
        let text = from_environment(written.get_ref(), env);
        let text =
            text.map_err(|error| Box::new(wrong(error.to_string()).with_help_if(error.help())))?;
        let text = text.as_deref().unwrap_or(written.get_ref());
        super::address::parse(text).map_err(|error| Box::new(wrong(error.to_string())))
    };
    if let Some(written) = admin.and_then(|admin| admin.string("listen")) {
        return read(written);
    }
    if let Some(listen) = listen {
        return Ok(listen);
    }
    let usual = || Ok(Config::default().listen);
    document.string("listen").map_or_else(usual, read)
}

/// What is wrong with it, and with the keys. `place`: where a list of keys stands in the file.
pub(super) fn check(
    config: &Config,
    source: &Source,
    place: &dyn Fn(&str) -> Range<usize>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(listen) = &config.admin.listen
        && !listen.get_ref().ip().is_loopback()
        && config.admin_keys.is_empty()
    {
        let message = format!(
            "`{}` is open to others, and there are no `admin_keys`",
            listen.get_ref()
        );
        let help =
            "set `admin_keys = [\"${ASIDE_ADMIN_KEY}\"]`, or listen at an address of this machine";
        problems.push(source.error(listen.span(), message).with_help(help));
    }
    let kinds = [
        ("keys", &config.keys),
        ("context_keys", &config.context_keys),
        ("admin_keys", &config.admin_keys),
        ("inspect.reveal_keys", &config.inspect.reveal_keys),
    ];
    for (at, (name, keys)) in kinds.iter().enumerate() {
        for (other, others) in &kinds[at + 1..] {
            let is_both = |key: &Key| others.iter().any(|other| other.expose() == key.expose());
            if keys.iter().any(is_both) {
                let message = format!("one key is among both `{name}` and `{other}`");
                let help = "each kind of key opens doors of its own: make two keys";
                problems.push(source.error(place(other), message).with_help(help));
            }
        }
    }
    for (name, keys) in kinds {
        let is_short = |key: &&Key| key.expose().chars().count() < SHORTEST;
        let short = keys.iter().filter(is_short).count();
        if short > 0 {
            let which = match short {
                1 => "a key".to_owned(),
                _ => format!("{short} keys"),
            };
            let message =
                format!("{which} of `{name}` can be guessed: fewer than {SHORTEST} characters");
            let help = "`openssl rand -hex 32` makes a good one";
            problems.push(source.warning(place(name), message).with_help(help));
        }
    }
    problems
}
