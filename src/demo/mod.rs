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
pub use player::{PlayedTurn, SAMPLES, Sample, play};

use crate::config::{Config, FetchConfig, Limits, Overrides};
use crate::fetch::defined::not_listed;
use crate::files::{Problem, Source};
use crate::ruleset::Ruleset;
use crate::server::Rulesets;
use crate::server::{self, Running, StartError};

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

/// What the demo plays with: the rules that ship, or somebody's own with what surrounds them.
#[derive(Debug)]
pub struct DemoSetup {
    /// The rule files.
    pub sources: Vec<Source>,
    /// Whom they may ask.
    pub fetch: FetchConfig,
    /// What is too much.
    pub limits: Limits,
    /// The environment that they read.
    pub env: fn(&str) -> Option<String>,
}

impl Default for DemoSetup {
    fn default() -> DemoSetup {
        let sources = RULES.iter().map(|(name, text)| Source::new(*name, *text));
        DemoSetup {
            sources: sources.collect(),
            fetch: FetchConfig::default(),
            limits: Limits::default(),
            env: |_| None,
        }
    }
}

/// Starts a server with these rules before the built-in model.
pub fn start(listen: SocketAddr, model: &Model, house: &DemoSetup) -> Result<Running, StartError> {
    let model = model.address;
    start_with(
        listen,
        format!("[upstream.model]\nurl = \"http://{model}/v1\"\n"),
        house,
    )
}

/// The path of the route that asks the built-in model when the faulty upstream fails.
pub const FAILOVER: &str = "failover";

/// Starts a server with these rules before an upstream that fails. A second route, [`FAILOVER`], asks
/// the built-in model next.
pub fn start_before_fault(
    listen: SocketAddr,
    faulty: SocketAddr,
    model: &Model,
    house: &DemoSetup,
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
        house,
    )
}

fn start_with(
    listen: SocketAddr,
    config: String,
    house: &DemoSetup,
) -> Result<Running, StartError> {
    let source = crate::config::source("demo", config);
    let over = Overrides {
        listen: Some(listen),
        workers: Some(1),
        ..Overrides::default()
    };
    let (config, problems) = Config::read(&source, &over, &|_| None);
    let mut config = config.ok_or(StartError::Problems(problems))?;
    (config.fetch, config.limits) = (house.fetch.clone(), house.limits.clone());
    let rulesets = Rulesets::same_for_all(&config, rules(house)?);
    server::start(&config, &source, &rulesets)
}

fn rules(house: &DemoSetup) -> Result<Ruleset, StartError> {
    let (ruleset, mut problems) = Ruleset::read(house.sources.clone(), &house.env);
    let unlisted = |ruleset: &Ruleset| not_listed(ruleset.fetches(), &house.fetch.hosts());
    problems.extend(ruleset.as_ref().map(unlisted).unwrap_or_default());
    match ruleset {
        Some(ruleset) if !problems.iter().any(Problem::is_error) => Ok(ruleset),
        _ => Err(StartError::Problems(problems)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_rule_is_in_the_demo() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
        let shipped = server::read_rules(folder.as_ref()).expect("the rules");
        assert_eq!(shipped.len(), RULES.len());
        assert!(rules(&DemoSetup::default()).is_ok());
    }
}
