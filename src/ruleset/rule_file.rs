//! A rule, with what its file says around it.

use std::ops::Range;

use super::case::Case;
use super::version::Digest;
use crate::fetch::defined::RuleFetches;
use crate::files::Problem;
use crate::lang::condition::Condition;
use crate::rule::{About, Kind, Rule};

/// A rule with what its file says around it.
#[derive(Debug)]
pub struct RuleFile {
    /// The file's name without folder and ending.
    pub name: String,
    /// The file, as it was handed in.
    pub file: String,
    /// What the rule is for, in a sentence.
    pub about: String,
    /// When it acts; none: always.
    pub when: Option<Condition>,
    /// Whether it acts at all.
    pub is_enabled: bool,
    /// Computed and shown, not applied.
    pub is_shadow: bool,
    /// The share of calls, in percent, in which it acts.
    pub percent: Option<u8>,
    /// Whether the turn ends when the rule fails.
    pub fails_closed: bool,
    /// What kind it is.
    pub kind: &'static Kind,
    /// The rule.
    pub rule: Box<dyn Rule>,
    /// What the rule does whatever the turn.
    pub does: About,
    /// What it fetches.
    pub fetches: RuleFetches,
    /// The upstream or route that it names, and what is wrong where the config has none of the name.
    pub upstream: Option<(String, Problem)>,
    /// The fields of requests that it sets, each with what is to be said where nobody gets it.
    pub set_fields: Vec<(String, Problem)>,
    /// Its tests.
    pub tests: Vec<Case>,
    /// Where `then` stands in the file.
    pub place: Range<usize>,
    /// What tells it from rules that make something else of a recorded turn.
    pub digest: Digest,
}

impl RuleFile {
    /// Whether it hides values.
    pub fn hides(&self) -> bool {
        !self.does.labels.is_empty()
    }

    /// Whether what it makes of a turn counts.
    pub fn acts(&self) -> bool {
        self.is_enabled && !self.is_shadow
    }

    /// Whether it is only tried.
    pub fn is_tried(&self) -> bool {
        self.is_enabled && self.is_shadow
    }

    /// Whether it speaks of `context`, or of a fetch by its name as in `fetch.crm`.
    pub fn speaks_of(&self, about: &str) -> bool {
        if let Some(name) = about.strip_prefix("fetch.") {
            return self.fetches.defines(name) || self.fetches.spoken_of.contains(name);
        }
        let mut fetches = self.fetches.defined.iter();
        self.does.names.roots.contains(about)
            || self
                .when
                .iter()
                .any(|when| when.references().contains(about))
            || fetches.any(|own| own.fetch.may_speak_of(about))
    }

    /// The paths of what its condition and its kind look at.
    pub fn paths(&self) -> Vec<Vec<String>> {
        self.with_condition(&self.does.names.paths)
    }

    /// Those of [`RuleFile::paths`] on whose values it depends what is done, not only what is printed.
    pub fn paths_that_decide(&self) -> Vec<Vec<String>> {
        self.with_condition(&self.does.names.deciding)
    }

    fn with_condition(&self, own: &[Vec<String>]) -> Vec<Vec<String>> {
        let when = self.when.iter().flat_map(|when| when.paths());
        when.chain(own).cloned().collect()
    }
}
