//! `aside check`: reads the config and all rules, and prints every problem.

use std::path::PathBuf;

use clap::Args;

use super::setup::{Files, FoundSetup, environment, unlisted};
use super::{CommandOutcome, show};
use crate::ruleset::Ruleset;
use crate::server::{
    Chains, check_record, check_store, check_upstreams, open_names, read_what_can_be, stray_files,
};

/// Read all rules and the config; print every problem with file, line and caret
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The folder of rule files, as `--rules` names it
    #[arg(value_name = "RULES", conflicts_with = "rules")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
    /// Print one JSON array, for editors, instead of text
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<CommandOutcome> {
        let FoundSetup {
            source,
            config,
            rules: folder,
            mut problems,
        } = self.files.read(self.folder.as_deref());
        if let Some(config) = &config {
            problems.extend(check_upstreams(config, &source));
            problems.extend(check_store(config, &source));
            problems.extend(check_record(config, &source));
            problems.extend(open_names(config, &source).err().map(|problem| *problem));
        }
        let hosts = config.as_ref().map(|config| config.fetch.hosts());
        let (sources, unread) = read_what_can_be(&folder);
        problems.extend(unread);
        let routes = config
            .as_ref()
            .map(|config| config.routes.keys().cloned().collect::<Vec<_>>());
        problems.extend(stray_files(&folder, &sources));
        let chains = Chains::read(&folder);
        // What the tests give can only be judged where all rules can be read.
        let read = (!chains.is_empty()).then(|| Ruleset::read(sources.clone(), &environment).0);
        let (rules, found) =
            Ruleset::check_for(sources, &environment, routes.as_deref(), &|ruleset| {
                unlisted(ruleset, hosts.as_deref())
            });
        problems.extend(found);
        problems.extend_from_slice(chains.problems());
        let misspelt = read.flatten().map(|ruleset| chains.misspelt(&ruleset));
        problems.extend(misspelt.unwrap_or_default());
        let errors = problems.iter().filter(|problem| problem.is_error()).count();
        let outcome = match errors {
            0 => CommandOutcome::Good,
            _ => CommandOutcome::Problems,
        };
        if self.json {
            println!("{}", serde_json::to_string_pretty(&problems)?);
            return Ok(outcome);
        }
        show(&problems);
        let warnings = count(problems.len() - errors, "warning");
        match outcome {
            CommandOutcome::Problems => eprintln!("{} found, {warnings}", count(errors, "problem")),
            CommandOutcome::Good => println!(
                "{} in {}: no problems, {warnings}",
                count(rules, "rule"),
                folder.display()
            ),
        }
        Ok(outcome)
    }
}

/// `1 rule`, `2 rules`.
pub(super) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
