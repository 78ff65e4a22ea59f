//! `aside test`: runs the tests in the rule files.

use std::path::PathBuf;

use clap::Args;

use super::check::environment;
use super::{Outcome, show};
use crate::ruleset::case::try_alone;
use crate::server::read_rules;

/// Run the [[test]]s in the rule files
#[derive(Debug, Args)]
pub(super) struct Test {
    /// The folder of rule files
    #[arg(default_value = "rules")]
    rules: PathBuf,
}

impl Test {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let sources = match read_rules(&self.rules) {
            Ok(sources) => sources,
            Err(problems) => {
                show(&problems);
                return Ok(Outcome::Problems);
            }
        };
        let (mut passed, mut failed, mut is_broken) = (0, 0, false);
        for source in sources {
            // A test runs its rule alone, so each file is a ruleset of its own.
            let (tried, problems) = try_alone(source, &environment);
            show(&problems);
            is_broken |= tried.is_none();
            for test in tried.unwrap_or_default() {
                let is_good = test.failures.is_empty();
                println!(
                    "{} {}: {}",
                    if is_good { "pass" } else { "FAIL" },
                    test.rule,
                    test.name
                );
                for failure in &test.failures {
                    println!(
                        "  {}\n    expected: {}\n    came:     {}",
                        failure.field, failure.expected, failure.actual
                    );
                }
                if is_good { passed += 1 } else { failed += 1 }
            }
        }
        println!("{passed} passed, {failed} failed");
        Ok(if failed > 0 || is_broken {
            Outcome::Problems
        } else {
            Outcome::Good
        })
    }
}
