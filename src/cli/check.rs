//! `aside check`: reads the config and all rules, and prints every problem.

use std::path::{Path, PathBuf};

use clap::Args;

use super::setup::{Files, FoundSetup, each_once, environment};
use super::{CommandOutcome, show};
use crate::config::RuleFolders;
use crate::files::Problem;
use crate::ruleset::Ruleset;
use crate::server::{
    Chains, RulesOffer, check_record, check_store, check_upstreams, open_names,
    read_what_can_be_of, stray_files,
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
            rulesets,
            mut problems,
            ..
        } = self.files.read(self.folder.as_deref());
        if let Some(config) = &config {
            problems.extend(check_upstreams(config, &source));
            problems.extend(check_store(config, &source));
            problems.extend(check_record(config, &source));
            problems.extend(open_names(config, &source).err().map(|problem| *problem));
        }
        let house = CheckedHouse {
            routes: config
                .as_ref()
                .map(|config| config.routes.keys().cloned().collect()),
            offer: config.as_ref().map(RulesOffer::of),
            folders: rulesets.keys().flat_map(RuleFolders::all).collect(),
        };
        let mut rules = 0;
        for folders in rulesets.keys() {
            let (count, found) = house.check(folders);
            rules += count;
            problems.extend(found);
        }
        let problems = each_once(problems);
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
        let told: Vec<String> = rulesets.keys().map(RuleFolders::to_string).collect();
        let warnings = count(problems.len() - errors, "warning");
        match outcome {
            CommandOutcome::Problems => eprintln!("{} found, {warnings}", count(errors, "problem")),
            CommandOutcome::Good => println!(
                "{} in {}: no problems, {warnings}",
                count(rules, "rule"),
                told.join(", ")
            ),
        }
        Ok(outcome)
    }
}

/// What all rulesets have in common.
struct CheckedHouse<'c> {
    /// The names of the routes, where there is a config.
    routes: Option<Vec<String>>,
    /// What the config has for rules, where there is one.
    offer: Option<RulesOffer>,
    /// The folders of all rulesets.
    folders: Vec<&'c Path>,
}

impl CheckedHouse<'_> {
    /// How many rules can be read of a ruleset, and all that is wrong with it and its tests.
    fn check(&self, folders: &RuleFolders) -> (usize, Vec<Problem>) {
        let (sources, mut problems) = read_what_can_be_of(folders);
        for folder in folders.all() {
            problems.extend(stray_files(folder, &sources, &self.folders));
        }
        let mut all = Vec::new();
        for up_to in folders.up_to_each() {
            let chains = Chains::read(up_to.last());
            problems.extend_from_slice(chains.problems());
            // What the tests give can only be judged where all rules can be read.
            if !chains.is_empty()
                && let (read, _) = read_what_can_be_of(&up_to)
                && let Some(ruleset) = Ruleset::read(read, &environment).0
            {
                all.extend(chains.misspelt(&ruleset));
            }
        }
        let (rules, found) =
            Ruleset::check_for(sources, &environment, self.routes.as_deref(), &|ruleset| {
                let all = |offer: &RulesOffer| {
                    let missing = offer.missing(ruleset).into_iter();
                    missing.chain(offer.untaken(ruleset)).collect()
                };
                self.offer.as_ref().map(all).unwrap_or_default()
            });
        problems.extend(found);
        problems.extend(all);
        (rules, problems)
    }
}

/// `1 rule`, `2 rules`.
pub(super) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
