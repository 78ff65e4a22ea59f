//! `aside test`: runs the tests in the rule files, and those of `tests/` beside them.

mod report;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::check::count;
use super::setup::{Files, environment};
use super::{CommandOutcome, show};
use crate::detect::SharedNameFinder;
use crate::files::Problem;
use crate::ruleset::Ruleset;
use crate::ruleset::case_run::try_alone;
use crate::server::{Chains, read_rules, read_what_can_be};
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
        let folder = match self.files.folder(self.folder.as_deref()) {
            Ok(folder) => folder,
            Err(problem) => {
                show(&[*problem]);
                return Ok(CommandOutcome::Problems);
            }
        };
        // What else is wrong with the config is for `aside check` to tell.
        let found = self.files.read_leniently(None);
        let names = match found.names() {
            Ok(names) => names,
            Err(problem) => {
                show(&[*problem]);
                return Ok(CommandOutcome::Problems);
            }
        };
        let limits = found.config.map(|config| config.limits);
        let house = TestHouse {
            most_injected: limits.unwrap_or_default().injected,
            names: names.as_ref(),
        };
        if self.watch {
            watch::each_change(&folder, &mut || {
                run_all(&folder, house);
                println!("watching {}; Ctrl-C ends", folder.display());
            });
            return Ok(CommandOutcome::Good);
        }
        Ok(run_all(&folder, house))
    }
}

/// What a config gives the rules whose tests run.
#[derive(Clone, Copy)]
pub(super) struct TestHouse<'h> {
    /// The most bytes that they may inject.
    pub(super) most_injected: usize,
    /// What finds names beside the table.
    pub(super) names: Option<&'h SharedNameFinder>,
}

fn run_all(folder: &Path, house: TestHouse<'_>) -> CommandOutcome {
    run_with(folder, house, TestReport::default())
}

/// Runs the tests before rules are served; shows only what is wrong.
pub(super) fn before_serving(folder: &Path, house: TestHouse<'_>) -> CommandOutcome {
    let outcome = run_with(folder, house, TestReport::quiet());
    if matches!(outcome, CommandOutcome::Problems) {
        eprintln!(
            "error: the rules of {} are not served, since they fail their tests",
            folder.display()
        );
        eprintln!("help: mend the rule or the test, or start with `--untested`");
    }
    outcome
}

fn run_with(folder: &Path, house: TestHouse<'_>, mut report: TestReport) -> CommandOutcome {
    let is_good = run_alone(folder, house, &mut report) & run_chains(folder, house, &mut report);
    let failed = report.finish();
    match is_good && failed == 0 {
        true => CommandOutcome::Good,
        false => CommandOutcome::Problems,
    }
}

/// Each rule with its own tests; gives whether all files could be read.
fn run_alone(folder: &Path, house: TestHouse<'_>, report: &mut TestReport) -> bool {
    let (sources, problems) = read_what_can_be(folder);
    report.tell(&problems);
    let mut is_good = problems.is_empty();
    for source in sources {
        let (tried, problems) = try_alone(source, &environment, house.most_injected, house.names);
        report.tell(&problems);
        is_good &= tried.is_some();
        for test in tried.unwrap_or_default() {
            report.add(&test);
        }
    }
    is_good
}

/// The tests of all rules together; gives whether all files could be read.
fn run_chains(folder: &Path, house: TestHouse<'_>, report: &mut TestReport) -> bool {
    let chains = Chains::read(folder);
    let is_good = chains.problems().is_empty();
    report.tell(chains.problems());
    if chains.is_empty() {
        return is_good;
    }
    // What is wrong with the rules one by one was told before.
    let (ruleset, found) = match read_rules(folder) {
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
        let problem = Problem::of_file(folder.join("tests").display().to_string(), message);
        report.tell(&[problem.with_help("`aside check` shows what is wrong")]);
        return false;
    };
    let misspelt = chains.misspelt(&ruleset);
    report.tell(&misspelt);
    for (_, test) in chains.run(&ruleset, house.most_injected) {
        report.add(&test);
    }
    is_good && misspelt.is_empty()
}
