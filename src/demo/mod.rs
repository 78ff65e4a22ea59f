//! A server, a built-in model and sample calls in one process: no network, no key; and upstreams
//! that fail in every way, to see what a caller hears then.
//!
//! The model is a stand-in that answers from the words it gets, so that one can see what reached
//! it. It is no language model.

mod fault;
pub mod faulty;
mod model;
mod player;

use std::net::SocketAddr;

pub use fault::{FAULTS, Fault, FaultyUpstream};
pub use model::{Model, Seen};
pub use player::{SAMPLES, Sample, Turn, play};

use crate::config::{Config, Overrides};
use crate::ruleset::Ruleset;
use crate::server::{self, Running, StartError};
use crate::text::{Problem, Source};

/// The rules that the project ships.
pub const RULES: &[(&str, &str)] = &[
    (
        "rules/10-caller-context.toml",
        include_str!("../../rules/10-caller-context.toml"),
    ),
    (
        "rules/20-private-data.toml",
        include_str!("../../rules/20-private-data.toml"),
    ),
    (
        "rules/30-spoken-style.toml",
        include_str!("../../rules/30-spoken-style.toml"),
    ),
];

/// Starts a server with the shipped rules before the built-in model.
pub fn start(listen: SocketAddr, model: &Model) -> Result<Running, StartError> {
    let model = model.address;
    start_with(
        listen,
        format!("[upstream.model]\nurl = \"http://{model}/v1\"\n"),
    )
}

/// The path of the route that asks the built-in model when the faulty upstream fails.
pub const FAILOVER: &str = "failover";

/// Starts a server with the shipped rules before an upstream that fails. A second route,
/// [`FAILOVER`], asks the built-in model next.
pub fn start_before_fault(
    listen: SocketAddr,
    faulty: SocketAddr,
    model: &Model,
) -> Result<Running, StartError> {
    let model = model.address;
    start_with(
        listen,
        format!(
            r#"[upstream.faulty]
url = "http://{faulty}/v1"
[upstream.model]
url = "http://{model}/v1"
[route.default]
upstreams = ["faulty"]
[route.{FAILOVER}]
upstreams = ["faulty", "model"]
"#
        ),
    )
}

fn start_with(listen: SocketAddr, config: String) -> Result<Running, StartError> {
    let source = Source::secret("demo", config);
    let over = Overrides {
        listen: Some(listen),
        workers: Some(1),
        ..Overrides::default()
    };
    let (config, problems) = Config::read(&source, &over, &|_| None);
    let config = config.ok_or(StartError::Problems(problems))?;
    server::start(&config, &source, rules()?)
}

fn rules() -> Result<Ruleset, StartError> {
    let sources = RULES.iter().map(|(name, text)| Source::new(*name, *text));
    let (ruleset, problems): (_, Vec<Problem>) = Ruleset::read(sources.collect(), &|_| None);
    ruleset.ok_or(StartError::Problems(problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_rule_is_in_the_demo() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
        let shipped = server::read_rules(folder.as_ref()).expect("the rules");
        assert_eq!(shipped.len(), RULES.len());
        assert!(rules().is_ok());
    }
}
