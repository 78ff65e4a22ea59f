//! What rules look at: the names of facts and fetches of which they speak.

use std::collections::BTreeSet;

use super::{RuleFile, Ruleset};

/// The names that rules look at.
#[derive(Debug)]
pub(super) struct Looked {
    /// The fetches that are defined or spoken of.
    pub(super) fetches: BTreeSet<String>,
    /// What is looked up, from the root on.
    pub(super) paths: Vec<Vec<String>>,
}

impl Looked {
    /// Those of one rule, whose fetches may be another's.
    pub(super) fn of_rule(rule: &RuleFile) -> Looked {
        Looked {
            fetches: rule.fetches.names(),
            paths: rule.paths(),
        }
    }

    /// Those of all rules.
    pub(super) fn of_all(ruleset: &Ruleset) -> Looked {
        Looked {
            fetches: ruleset.fetch_names(),
            paths: ruleset.rules().iter().flat_map(RuleFile::paths).collect(),
        }
    }
}
