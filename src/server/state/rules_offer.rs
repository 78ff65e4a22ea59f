//! What a config offers its rules: whom they may ask for facts, and who may be asked for a reply.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::fetch::defined::not_listed;
use crate::files::Problem;
use crate::files::problem::nearest;
use crate::net::host::Host;
use crate::ruleset::Ruleset;

/// What a config offers its rules.
#[derive(Debug, Clone)]
pub struct RulesOffer {
    hosts: Vec<Host>,
    /// The names of its upstreams and routes.
    upstreams: Vec<String>,
}

impl RulesOffer {
    /// What this config offers.
    pub fn of(config: &Config) -> RulesOffer {
        let names = config.upstreams.keys().chain(config.routes.keys());
        let names: BTreeSet<&String> = names.collect();
        RulesOffer {
            hosts: config.fetch.hosts(),
            upstreams: names.into_iter().cloned().collect(),
        }
    }

    /// What rules speak of and the config does not have.
    pub fn missing(&self, ruleset: &Ruleset) -> Vec<Problem> {
        let mut problems = not_listed(ruleset.fetches(), &self.hosts);
        for (name, unknown) in ruleset.upstreams() {
            if !self.upstreams.iter().any(|known| known == name) {
                let near = nearest(name, self.upstreams.iter().map(String::as_str));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the config has {}", self.upstreams.join(", ")),
                };
                problems.push(unknown.clone().with_help(help));
            }
        }
        problems
    }
}
