//! `aside check`: reads the config and all rules, and prints every problem.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Outcome, show};
use crate::config::{Config, Overrides};
use crate::ruleset::Ruleset;
use crate::server::{
    Chains, check_record, check_store, check_upstreams, read_config, read_rules, read_what_can_be,
};
use crate::text::host::Host;
use crate::text::{Document, Problem, Source};

/// Read all rules and the config; print every problem with file, line and caret
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The folder of rule files [default: the config's, else ./rules]
    rules: Option<PathBuf>,
    /// The config file [default: ./aside.toml where that exists]
    #[arg(long, env = "ASIDE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print one JSON array, for editors, instead of text
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let mut problems = Vec::new();
        let mut folder = self.rules;
        let mut hosts = None;
        let source = config_path(self.config.as_deref()).map(|path| read_config(&path));
        let source = source.and_then(|read| read.map_err(|problem| problems.push(*problem)).ok());
        if let Some(source) = source {
            let (config, found) = Config::read(&source, &Overrides::default(), &environment);
            problems.extend(found);
            if let Some(config) = &config {
                problems.extend(check_upstreams(config, &source));
                problems.extend(check_store(config, &source));
                problems.extend(check_record(config, &source));
            }
            hosts = config.as_ref().map(|config| config.fetch.hosts());
            let of_config = match config {
                Some(config) => Some(config.rules),
                // The rest of it can't be read; the rules may be.
                None => rules_of(&source),
            };
            folder = folder.or(of_config);
        }
        let folder = folder.unwrap_or_else(|| PathBuf::from("rules"));
        let (sources, unread) = read_what_can_be(&folder);
        problems.extend(unread);
        let (rules, found) = Ruleset::check(sources, &environment, hosts.as_deref());
        problems.extend(found);
        problems.extend_from_slice(Chains::read(&folder).problems());
        let errors = problems.iter().filter(|problem| problem.is_error()).count();
        let outcome = match errors {
            0 => Outcome::Good,
            _ => Outcome::Problems,
        };
        if self.json {
            println!("{}", serde_json::to_string_pretty(&problems)?);
            return Ok(outcome);
        }
        show(&problems);
        let warnings = count(problems.len() - errors, "warning");
        match outcome {
            Outcome::Problems => eprintln!("{} found, {warnings}", count(errors, "problem")),
            Outcome::Good => println!(
                "{} in {}: no problems, {warnings}",
                count(rules, "rule"),
                folder.display()
            ),
        }
        Ok(outcome)
    }
}

/// The folder of rules that a config names, whatever else is wrong with it.
fn rules_of(config: &Source) -> Option<PathBuf> {
    let (document, _) = Document::parse_what_can_be(config);
    let rules = document.string("rules")?.into_inner();
    (!rules.contains("${")).then(|| rules.into())
}

/// `1 rule`, `2 rules`.
pub(super) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// The path of the config file: the one that is named, else `./aside.toml` where that exists.
pub(super) fn config_path(named: Option<&Path>) -> Option<PathBuf> {
    let usual = Path::new("aside.toml");
    named
        .or_else(|| usual.exists().then_some(usual))
        .map(Path::to_owned)
}

/// The rules of a folder; what is wrong with them is added to the problems. `hosts`: whom they may
/// ask, where there is a config that says so. `env` gives environment variables.
pub(super) fn read_ruleset(
    folder: &Path,
    env: &dyn Fn(&str) -> Option<String>,
    hosts: Option<&[Host]>,
    problems: &mut Vec<Problem>,
) -> Option<Ruleset> {
    match read_rules(folder) {
        Ok(sources) => {
            let (ruleset, found) = Ruleset::read(sources, env);
            problems.extend(found);
            let unlisted = |ruleset: &Ruleset| Some(ruleset.check_hosts(hosts?));
            problems.extend(ruleset.as_ref().and_then(unlisted).unwrap_or_default());
            ruleset
        }
        Err(found) => {
            problems.extend(found);
            None
        }
    }
}

/// An environment variable.
pub(super) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
