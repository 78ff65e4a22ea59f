//! `aside test`: runs the tests in the rule files, and those of `tests/` beside them.

mod report;
mod watch;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::check::count;
use super::setup::{Files, environment};
use super::{CommandOutcome, show};
use crate::config::{Config, RuleFolders};
use crate::detect::SharedNameFinder;
use crate::files::Problem;
use crate::ruleset::Ruleset;
use crate::ruleset::case_run::try_alone;
use crate::server::{Chains, read_folders, read_what_can_be};
use report::TestReport;

/// Run the [[test]]s in the rule files, and those of the folder `tests` beside them
#[derive(Debug, Args)]
pub(super) struct Test {
    /// The folder of rule files, as `--rules` names it
    #[arg(value_name = "RULES", conflicts_with = "rules")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
    /// Run them again whenever a file changes
    #[arg(long)]
    watch: bool,
}

impl Test {
    pub(super) fn run(self) -> anyhow::Result<CommandOutcome> {
        if let Err(problem) = self.files.folder(self.folder.as_deref()) {
            show(&[*problem]);
            return Ok(CommandOutcome::Problems);
        }
        // What else is wrong with the config is for `aside check` to tell.
        let found = self.files.read_leniently(self.folder.as_deref());
        let names = match found.names() {
            Ok(names) => names,
            Err(problem) => {
                show(&[*problem]);
                return Ok(CommandOutcome::Problems);
            }
        };
        let config = found.config.unwrap_or_default();
        let house = TestHouse {
            config: &config,
            names: names.as_ref(),
        };
        let rulesets: Vec<RuleFolders> = found.rulesets.into_keys().collect();
        if self.watch {
            let folders = folders_of(&rulesets);
            let told: Vec<String> = folders.iter().map(|it| it.display().to_string()).collect();
            watch::each_change(&folders, &mut || {
                run_with(&rulesets, house, TestReport::default());
                println!("watching {}; Ctrl-C ends", told.join(", "));
            });
            return Ok(CommandOutcome::Good);
        }
        Ok(run_with(&rulesets, house, TestReport::default()))
    }
}

/// What a config gives the rules whose tests run.
#[derive(Clone, Copy)]
pub(super) struct TestHouse<'h> {
    /// The config.
    pub(super) config: &'h Config,
    /// What finds names beside the table.
    pub(super) names: Option<&'h SharedNameFinder>,
}

impl TestHouse<'_> {
    /// The most bytes that rules may inject.
    fn most_injected(self) -> usize {
        self.config.limits.injected
    }
}

/// Runs the tests before rules are served; shows only what is wrong.
pub(super) fn before_serving(rulesets: &[RuleFolders], house: TestHouse<'_>) -> CommandOutcome {
    let outcome = run_with(rulesets, house, TestReport::quiet());
    if matches!(outcome, CommandOutcome::Problems) {
        let folders = rulesets.iter().map(RuleFolders::to_string);
        eprintln!(
            "error: the rules of {} are not served, since they fail their tests",
            folders.collect::<Vec<_>>().join(", ")
        );
        eprintln!("help: mend the rule or the test, or start with `--untested`");
    }
    outcome
}

fn run_with(
    rulesets: &[RuleFolders],
    house: TestHouse<'_>,
    mut report: TestReport,
) -> CommandOutcome {
    let mut is_good = true;
    let folders = folders_of(rulesets);
    // Rules of different folders may share a name.
    let is_told = folders.len() > 1;
    for folder in folders {
        report.of_folder(is_told.then_some(folder));
        is_good &= run_alone(folder, house, &mut report);
    }
    // The tests in a folder's `tests` are of the rules up to that folder.
    let mut run = BTreeSet::new();
    for folders in rulesets.iter().flat_map(RuleFolders::up_to_each) {
        if !run.contains(&folders) {
            report.of_folder(is_told.then(|| folders.last()));
            is_good &= run_chains(&folders, house, &mut report);
            run.insert(folders);
        }
    }
    let failed = report.finish();
    match is_good && failed == 0 {
        true => CommandOutcome::Good,
        false => CommandOutcome::Problems,
    }
}

/// The folders of all rulesets, each once.
fn folders_of(rulesets: &[RuleFolders]) -> Vec<&Path> {
    let mut folders: Vec<&Path> = Vec::new();
    for folder in rulesets.iter().flat_map(RuleFolders::all) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// Each rule with its own tests; gives whether all files could be read.
fn run_alone(folder: &Path, house: TestHouse<'_>, report: &mut TestReport) -> bool {
    let (sources, problems) = read_what_can_be(folder);
    report.tell(&problems);
    let mut is_good = problems.is_empty();
    for source in sources {
        let tried = try_alone(source, &environment, house.most_injected(), house.names);
        let (tried, problems) = tried;
        report.tell(&problems);
        is_good &= tried.is_some();
        for test in tried.unwrap_or_default() {
            report.add(&test);
        }
    }
    is_good
}

/// The tests of all rules together; gives whether all files could be read.
fn run_chains(folders: &RuleFolders, house: TestHouse<'_>, report: &mut TestReport) -> bool {
    let chains = Chains::read(folders.last());
    let is_good = chains.problems().is_empty();
    report.tell(chains.problems());
    if chains.is_empty() {
        return is_good;
    }
    // What is wrong with the rules one by one was told before.
    let (ruleset, found) = match read_folders(folders) {
        Ok(sources) => Ruleset::read(sources, &environment),
        Err(_) => (None, Vec::new()),
    };
    let ruleset = ruleset.map(|ruleset| Arc::new(ruleset.with_names(house.names)));
    let Some(ruleset) = ruleset else {
        let errors = found.iter().filter(|problem| problem.is_error()).count();
        let message = format!(
            "the tests of all rules were not run: the rules don't work together ({})",
            count(errors, "problem")
        );
        let tests = folders.last().join("tests").display().to_string();
        let problem = Problem::of_file(tests, message);
        report.tell(&[problem.with_help("`aside check` shows what is wrong")]);
        return false;
    };
    let misspelt = chains.misspelt(&ruleset);
    report.tell(&misspelt);
    let from = house.config.call_from_of(folders);
    for (_, test) in chains.run(&ruleset, house.most_injected(), &from) {
        report.add(&test);
    }
    is_good && misspelt.is_empty()
}
