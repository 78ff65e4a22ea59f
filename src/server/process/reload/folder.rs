//! What stands in the folders of a ruleset: compiled, and tested with its own tests.
//!
//! What breaks the compiler, or a test, is broken.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tracing::warn;

use crate::chat::call_from::CallFrom;
use crate::config::RuleFolders;
use crate::detect::SharedNameFinder;
use crate::fetch::defined::not_listed;
use crate::files::{Problem, Source};
use crate::net::host::Host;
use crate::ruleset::case_run::{Tried, try_alone};
use crate::ruleset::{Ruleset, version};
use crate::server::state::chains::Chains;
use crate::server::state::files::read_folders;

/// What stands in the folders of a ruleset.
pub(super) struct RulesFound {
    folders: RuleFolders,
    /// Tells it from anything else.
    pub(super) mark: String,
    sources: Result<Vec<Source>, Vec<Problem>>,
    chains: Chains,
}

/// What rules must stand.
pub(super) struct RulesDemands<'d> {
    /// Gives environment variables.
    pub(super) env: &'d dyn Fn(&str) -> Option<String>,
    /// Whom they may ask.
    pub(super) hosts: &'d [Host],
    /// The most bytes that they may inject.
    pub(super) most_injected: usize,
    /// What finds names beside the table.
    pub(super) names: Option<&'d SharedNameFinder>,
    /// Where the requests of their tests say of which call they are.
    pub(super) from: &'d CallFrom,
}

impl RulesFound {
    /// What stands there now. The tests of all rules are those of the last folder; tests in those
    /// before it are of the rules up to there.
    pub(super) fn of(folders: &RuleFolders) -> RulesFound {
        let sources = read_folders(folders);
        let chains = Chains::read(folders.last());
        let mut mark = match &sources {
            Ok(sources) => version(sources),
            Err(problems) => problems.iter().map(Problem::in_one_line).collect(),
        };
        mark.push_str(&chains.mark());
        RulesFound {
            folders: folders.clone(),
            mark,
            sources,
            chains,
        }
    }

    /// The rules, if all is well with them and their tests.
    pub(super) fn compiled(self, demands: &RulesDemands<'_>) -> Result<Arc<Ruleset>, Vec<Problem>> {
        let folders = self.folders.to_string();
        let compiled = catch_unwind(AssertUnwindSafe(|| {
            compile(self.sources?, &self.chains, demands)
        }));
        compiled.unwrap_or_else(|_| {
            let message = "something broke inside while the rules were tried";
            Err(vec![Problem::of_file(folders, message)])
        })
    }
}

fn compile(
    sources: Vec<Source>,
    chains: &Chains,
    demands: &RulesDemands<'_>,
) -> Result<Arc<Ruleset>, Vec<Problem>> {
    let (ruleset, mut problems) = Ruleset::read(sources.clone(), demands.env);
    let ruleset = ruleset.ok_or_else(|| errors(&problems))?;
    let ruleset = Arc::new(ruleset.with_names(demands.names));
    problems.extend(not_listed(ruleset.fetches(), demands.hosts));
    for source in sources {
        problems.extend(failed_tests(&source, demands));
    }
    problems.extend_from_slice(chains.problems());
    problems.extend(chains.misspelt(&ruleset));
    let tried = chains.run(&ruleset, demands.most_injected, demands.from);
    problems.extend(tried.filter_map(|(source, test)| failed_test(source, &test)));
    match problems.iter().any(Problem::is_error) {
        true => Err(errors(&problems)),
        false => {
            warn_of(&problems);
            Ok(ruleset)
        }
    }
}

/// The tests of a rule file that fail, each at its name.
fn failed_tests(source: &Source, demands: &RulesDemands<'_>) -> Vec<Problem> {
    let tried = try_alone(
        source.clone(),
        demands.env,
        demands.most_injected,
        demands.names,
    );
    let (tried, mut problems) = tried;
    problems.retain(Problem::is_error);
    let tried = tried.unwrap_or_default();
    problems.extend(tried.iter().filter_map(|test| failed_test(source, test)));
    problems
}

/// What is wrong where a test failed.
fn failed_test(source: &Source, test: &Tried) -> Option<Problem> {
    let failure = test.failures.first()?;
    let at = source.text.find(&test.name).unwrap_or_default();
    let message = format!("the test `{}` fails at `{}`", test.name, failure.field);
    let problem = source.error(at..at + test.name.len(), message);
    Some(problem.with_help("`aside test` shows what came"))
}

fn errors(problems: &[Problem]) -> Vec<Problem> {
    let errors = problems.iter().filter(|problem| problem.is_error());
    errors.cloned().collect()
}

/// Warns of what is doubtful.
pub(super) fn warn_of(problems: &[Problem]) {
    for problem in problems.iter().filter(|problem| !problem.is_error()) {
        warn!("{}", problem.in_one_line());
    }
}
