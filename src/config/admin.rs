//! `[admin]`: where those who run aside ask how it is; and that no key opens two kinds of doors.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Config, Key};
use crate::text::{Problem, Source};

/// `[admin]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Admin {
    /// Where metrics and health are served instead. Default: on the port of everything else.
    #[serde(deserialize_with = "super::address::spanned")]
    #[schemars(with = "String")]
    pub listen: Option<Spanned<SocketAddr>>,
}

/// What is wrong with it.
pub(super) fn check(config: &Config, source: &Source) -> Vec<Problem> {
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
    ];
    for (at, (name, keys)) in kinds.iter().enumerate() {
        for (other, others) in &kinds[at + 1..] {
            let is_both = |key: &Key| others.iter().any(|other| other.expose() == key.expose());
            if keys.iter().any(is_both) {
                let message = format!("one key is among both `{name}` and `{other}`");
                let help = "each kind of key opens doors of its own: make two keys";
                problems.push(source.warning(0..0, message).with_help(help));
            }
        }
    }
    problems
}
