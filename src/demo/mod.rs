//! A server, a built-in model and sample calls in one process: no network, no key.
//!
//! The model is a stand-in that answers from the words it gets, so that one can see what reached
//! it. It is no language model.

mod model;
mod player;

use std::net::SocketAddr;

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
    let source = Source::secret("demo", "");
    let over = Overrides {
        listen: Some(listen),
        upstream: Some(format!("http://{}/v1", model.address)),
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
        let shipped = std::fs::read_dir(folder)
            .expect("the folder is there")
            .count();
        assert_eq!(shipped, RULES.len());
        assert!(rules().is_ok());
    }
}
