//! `aside check`: reads the config and all rules, and prints every problem.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Outcome, show};
use crate::config::{Config, Overrides};
use crate::ruleset::Ruleset;
use crate::server::{check_record, check_store, check_upstreams, read_config, read_rules};
use crate::text::Problem;
use crate::text::host::Host;

/// Read all rules and the config; print every problem with file, line and caret
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The folder of rule files [default: the config's, else ./rules]
    rules: Option<PathBuf>,
    /// The config file [default: ./aside.toml where that exists]
    #[arg(long, env = "ASIDE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
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
            folder = folder.or(config.map(|config| config.rules));
        }
        let folder = folder.unwrap_or_else(|| PathBuf::from("rules"));
        let ruleset = read_ruleset(&folder, &environment, hosts.as_deref(), &mut problems);
        show(&problems);
        let errors = problems.iter().filter(|problem| problem.is_error()).count();
        let warnings = problems.len() - errors;
        if errors > 0 {
            eprintln!(
                "{errors} {} found",
                if errors == 1 { "problem" } else { "problems" }
            );
            return Ok(Outcome::Problems);
        }
        let rules = ruleset.map_or(0, |ruleset| ruleset.rules().len());
        println!(
            "{rules} rules in {}: no problems, {warnings} warnings",
            folder.display()
        );
        Ok(Outcome::Good)
    }
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
