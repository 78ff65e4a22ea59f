//! Many rules: how their files are read, and how a turn passes them in both directions.
//!
//! A ruleset is immutable. It reads no files itself; the texts are handed in.

mod arms;
pub mod case;
pub mod case_run;
mod chain;
pub mod diff;
mod escape;
pub mod explain;
mod facts;
mod fetches;
mod file;
mod first_turn;
mod head;
mod hear;
mod hide;
mod looked;
mod made_reply;
mod misspelt;
mod passage;
mod prompt_trail;
mod reply;
mod rule_file;
mod schema;
mod shadow;
mod step;
mod tags;
mod version;
mod warnings;

use std::sync::Arc;

use crate::detect::SharedNameFinder;
use crate::files::{Problem, Source};
use crate::rule::KINDS;
pub use arms::ARMS;
pub use chain::read_chain;
use escape::Escapes;
pub use facts::{INTERRUPTED, facts_of_call, facts_of_turn, turn_facts};
pub use hear::{Texts, hear, held_back, said};
pub use hide::hide;
pub use made_reply::MadeReply;
pub use misspelt::misspelt_in;
pub use passage::{Literals, Passage, Refused, TurnInput};
pub use prompt_trail::{PromptState, PromptTrail};
pub use reply::{Ending, Reply};
pub use rule_file::RuleFile;
pub use schema::rule_schema;
pub use shadow::{Said, Trial, try_shadows};
pub use step::{Step, StepOutcome, TIME_IS_OVER, is_undecided};
pub use version::{Digest, version};

/// All rules of a route, in the order in which they run: that of their folders, then of file names.
#[derive(Debug, Default)]
pub struct Ruleset {
    rules: Vec<RuleFile>,
    escapes: Option<Escapes>,
    version: String,
    /// What finds names beside the table.
    names: Option<SharedNameFinder>,
    /// Whether a rule has use for it.
    asks_names: bool,
}

impl Ruleset {
    /// Reads rule files, in the order in which they run. Every problem of every file is reported; without errors there is a
    /// ruleset, though there may be warnings. `env` gives environment variables.
    pub fn read(
        sources: Vec<Source>,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> (Option<Ruleset>, Vec<Problem>) {
        let (ruleset, mut problems) = Ruleset::collect(&sources, env);
        problems.extend(ruleset.undefined_fetches(&sources));
        ruleset.unless_wrong(problems)
    }

    /// Reads one rule file for its tests, in which it acts in every call. It may speak of what
    /// other rules fetch.
    pub fn read_alone(
        source: Source,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> (Option<Ruleset>, Vec<Problem>) {
        let (mut ruleset, problems) = Ruleset::collect(&[source], env);
        for rule in &mut ruleset.rules {
            (rule.is_enabled, rule.is_shadow, rule.percent) = (true, false, None);
        }
        ruleset.escapes = Escapes::of(&ruleset.labels_given_out());
        ruleset.unless_wrong(problems)
    }

    /// Everything that is wrong or doubtful in rule files, as far as they can be read, and how many
    /// rules can be.
    pub fn check(
        sources: Vec<Source>,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> (usize, Vec<Problem>) {
        Ruleset::check_for(sources, env, None, &|_| Vec::new())
    }

    /// As [`Ruleset::check`], beside a config. `routes`: the names of its routes, where there is one;
    /// `also`: what else is wrong where the rules meet it.
    pub fn check_for(
        sources: Vec<Source>,
        env: &dyn Fn(&str) -> Option<String>,
        routes: Option<&[String]>,
        also: &dyn Fn(&Ruleset) -> Vec<Problem>,
    ) -> (usize, Vec<Problem>) {
        let (ruleset, mut problems) = Ruleset::collect(&sources, env);
        problems.extend(ruleset.undefined_fetches(&sources));
        problems.extend(also(&ruleset));
        problems.extend(ruleset.warnings(&sources, routes));
        problems.sort_by(|one, other| {
            let place = |problem: &Problem| (problem.line, problem.column);
            one.file
                .cmp(&other.file)
                .then(place(one).cmp(&place(other)))
        });
        (ruleset.rules.len(), problems)
    }

    fn collect(
        sources: &[Source],
        env: &dyn Fn(&str) -> Option<String>,
    ) -> (Ruleset, Vec<Problem>) {
        let mut rules: Vec<RuleFile> = Vec::new();
        let mut problems = Vec::new();
        for source in sources {
            let (rule, mut found) = file::read(source, env);
            problems.append(&mut found);
            let Some(mut rule) = rule else { continue };
            problems.extend(named_twice(&rules, &rule, source));
            problems.extend(label_taken_twice(&rules, &rule, source));
            let others = rules.iter().map(|other| (&*other.name, &other.fetches));
            let others: Vec<_> = others.collect();
            problems.extend(rule.fetches.share(&rule.name, &others, source));
            rules.push(rule);
        }
        let mut ruleset = Ruleset {
            rules,
            escapes: None,
            version: version(sources),
            names: None,
            asks_names: false,
        };
        ruleset.escapes = Escapes::of(&ruleset.labels_given_out());
        (ruleset, problems)
    }

    /// The labels of all placeholders that may go upstream.
    fn labels_given_out(&self) -> Vec<&str> {
        let acting = self.rules.iter().filter(|file| file.acts());
        let labels = acting.flat_map(|file| &file.does.labels);
        labels.map(String::as_str).collect()
    }

    /// The labels of the rules at some places.
    fn labels_of(&self, rules: &[usize]) -> Arc<[String]> {
        let rules = rules.iter().filter_map(|at| self.rules.get(*at));
        rules.flat_map(|file| &file.does.labels).cloned().collect()
    }

    fn unless_wrong(self, problems: Vec<Problem>) -> (Option<Ruleset>, Vec<Problem>) {
        let is_wrong = problems.iter().any(Problem::is_error);
        ((!is_wrong).then_some(self), problems)
    }

    /// The same rules with what finds names beside the table.
    pub fn with_names(mut self, finder: Option<&SharedNameFinder>) -> Ruleset {
        for file in &mut self.rules {
            self.asks_names |= finder.is_some_and(|finder| file.rule.use_names(finder));
        }
        self.names = finder.cloned();
        self
    }

    /// Whether a rule asks what finds names, which may take as long as a model does.
    pub fn asks_names(&self) -> bool {
        self.asks_names
    }

    /// What finds names beside the table.
    pub fn names(&self) -> Option<&SharedNameFinder> {
        self.names.as_ref()
    }

    /// Which rules these are.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The rules in order.
    pub fn rules(&self) -> &[RuleFile] {
        &self.rules
    }

    /// Puts another rule in the place of the first, to see what becomes of its faults.
    #[cfg(test)]
    pub(crate) fn with_first(mut self, rule: Box<dyn crate::rule::Rule>) -> Ruleset {
        self.rules[0].does = rule.about();
        self.rules[0].rule = rule;
        self
    }

    /// The upstreams and routes that rules name, each with what is wrong where there is none.
    pub fn upstreams(&self) -> impl Iterator<Item = (&str, &Problem)> {
        let enabled = self.rules.iter().filter(|rule| rule.is_enabled);
        let named = enabled.filter_map(|rule| rule.upstream.as_ref());
        named.map(|(name, unknown)| (name.as_str(), unknown))
    }

    /// The fields of requests that rules set, each with the upstream that its rule names, and what is
    /// to be said where nobody gets it.
    pub fn set_fields(&self) -> impl Iterator<Item = (&str, Option<&str>, &Problem)> {
        let enabled = self.rules.iter().filter(|rule| rule.is_enabled);
        enabled.flat_map(|rule| {
            let upstream = rule.does.upstream.as_deref();
            let fields = rule.set_fields.iter();
            fields.map(move |(name, untaken)| (name.as_str(), upstream, untaken))
        })
    }

    /// Whether any rule that acts speaks of `context`, or of a fetch as in `fetch.crm`.
    pub fn speaks_of(&self, about: &str) -> bool {
        let mut acting = self.rules.iter().filter(|rule| rule.acts());
        acting.any(|rule| rule.speaks_of(about))
    }

    /// As [`Ruleset::speaks_of`], for the rules that are only tried.
    pub fn shadows_speak_of(&self, about: &str) -> bool {
        let mut tried = self.rules.iter().filter(|rule| rule.is_tried());
        tried.any(|rule| rule.speaks_of(about))
    }

    /// Whether any rule acts by earlier turns of the call.
    pub fn looks_back(&self) -> bool {
        let mut enabled = self.rules.iter().filter(|rule| rule.is_enabled);
        enabled.any(|rule| rule.does.looks_back)
    }

    /// Whether any rule may touch a reply.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

/// Two rules of one name, from different folders, could not be told apart.
fn named_twice(rules: &[RuleFile], rule: &RuleFile, source: &Source) -> Option<Problem> {
    let other = rules.iter().find(|other| other.name == rule.name)?;
    let message = format!("`{}` is the name of {} too", rule.name, other.file);
    let problem = source.error(0..0, message);
    Some(problem.with_help("rename one of the files: rules are known by their names"))
}

/// Two rules that give out the same placeholders could not tell whose value comes back.
fn label_taken_twice(rules: &[RuleFile], rule: &RuleFile, source: &Source) -> Option<Problem> {
    let labels = &rule.does.labels;
    rules
        .iter()
        .filter(|other| other.is_enabled && rule.is_enabled)
        .find_map(|other| {
            let label = labels
                .iter()
                .find(|label| other.does.labels.contains(label))?;
            let message = format!("the label `{label}` belongs to `{}` already", other.name);
            let help = format!(
                "one label belongs to one {} rule; put both into one rule, or drop it here",
                rule.kind.name
            );
            Some(source.error(rule.place.clone(), message).with_help(help))
        })
}

/// The names of all kinds, for messages.
fn kind_names() -> String {
    KINDS
        .iter()
        .map(|kind| format!("`[then.{}]`", kind.name))
        .collect::<Vec<_>>()
        .join(", ")
}
