//! `[fetch]` of the config: which hosts the rules may ask.
//!
//! It asks nobody and looks no name up.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::files::{Problem, Source};
use crate::net::host::Host;

/// `[fetch]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FetchConfig {
    /// Read one by one, so that each wrong one is reported at its place. Default: none.
    #[schemars(with = "Vec<String>")]
    hosts: Vec<Spanned<String>>,
    /// Whether they may resolve to private addresses. Default: false.
    pub private: bool,
}

impl FetchConfig {
    /// The only hosts that rules may ask.
    pub fn hosts(&self) -> Vec<Host> {
        let hosts = self.hosts.iter().map(|host| host.get_ref().clone());
        hosts.filter_map(|host| Host::try_from(host).ok()).collect()
    }

    /// What is wrong with the hosts.
    pub(super) fn check(&self, source: &Source) -> Vec<Problem> {
        let wrong = |host: &Spanned<String>| match Host::try_from(host.get_ref().clone()) {
            Err(error) => Some(source.error(host.span(), error.to_string())),
            Ok(read) if read.is_private() && !self.private => {
                let message = format!(
                    "`{}` is never asked: it has no public address",
                    host.get_ref()
                );
                let help = "write `private = true` below `[fetch]` where your systems are in a private network";
                Some(source.warning(host.span(), message).with_help(help))
            }
            Ok(_) => None,
        };
        self.hosts.iter().filter_map(wrong).collect()
    }
}
