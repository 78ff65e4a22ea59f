//! `[admin]`: where those who run aside ask how it is.

use std::net::SocketAddr;

use serde::Deserialize;
use toml::Spanned;

use super::Config;
use crate::text::{Problem, Source};

/// `[admin]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Admin {
    /// Where metrics and health are served instead. Default: on the port of everything else.
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
    let is_callers = |key: &super::Key| {
        let mut keys = config.keys.iter();
        keys.any(|other| other.expose() == key.expose())
    };
    if config.admin_keys.iter().any(is_callers) {
        let message = "one key is among both `keys` and `admin_keys`";
        let help = "callers must not get in where only those who run aside may: make two keys";
        problems.push(source.error(0..0, message).with_help(help));
    }
    problems
}
