//! One rule file: `about`, `when`, `then`, its tests, and what is optional on every rule.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::case::{Case, misspelt};
use super::chain::read_own_tests;
use super::kind_names;
use super::looked::Looked;
use super::schema::rule_schema_of;
use super::version::{Digest, digest};
use crate::fetch::defined::{DefinedFetch, RuleFetches};
use crate::files::problem::nearest;
use crate::files::{Document, Problem, Source, say_where_fields_belong, without_echoes};
use crate::lang::condition::Condition;
use crate::rule::{About, KINDS, Kind, Rule};

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
    /// Its tests.
    pub tests: Vec<Case>,
    /// Where `then` stands in the file.
    pub place: Range<usize>,
    /// What tells it from rules that make something else of a recorded turn.
    pub digest: Digest,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    /// What the rule is for, in a sentence.
    about: String,
    /// When the rule acts: a condition in CEL. Default: always.
    #[serde(rename = "when")]
    _when: Option<String>,
    /// Whether it acts at all. Default: true.
    #[serde(default = "yes")]
    enabled: bool,
    /// Whether it is only computed and shown. Default: false.
    #[serde(default)]
    shadow: bool,
    /// The share of calls in which it acts, 0 to 100. Default: every call.
    #[schemars(with = "u8", range(max = 100))]
    percent: Option<Percent>,
    /// What happens where it fails. Default: as its kind does.
    on_error: Option<OnError>,
    /// The tests of this rule.
    #[serde(default, rename = "test")]
    #[schemars(with = "Vec<super::case::Fields>")]
    _test: Option<IgnoredAny>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum OnError {
    /// The turn goes on without it.
    Skip,
    /// The turn ends; nothing goes upstream.
    Fail,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "f64")]
struct Percent(u8);

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
}

/// Reads one rule file. `None` comes with at least one error.
pub(super) fn read(
    source: &Source,
    env: &dyn Fn(&str) -> Option<String>,
) -> (Option<RuleFile>, Vec<Problem>) {
    let (mut document, broken) = Document::parse_what_can_be(source);
    let is_whole = broken.is_none();
    let broken_line = broken.as_ref().map(|problem| problem.line);
    let place = document.place("then");
    let then = document.take_table("then");
    let when = document.string("when");
    let mut problems = Vec::from_iter(broken);
    let defined = DefinedFetch::read_all(&mut document, env, &mut problems);
    let (tests, mut of_tests) = read_own_tests(&mut document);
    let of_then = then.as_ref().and_then(|then| then.as_ref().ok());
    let kind = of_then.and_then(|then| then.keys().into_iter().next());
    let (head, found) = document.read_in_part::<Head>();
    problems.extend(found);
    let when = when.map(|when| condition(&when, source));
    let when = match when {
        Some(Err(problem)) => {
            problems.push(*problem);
            None
        }
        Some(Ok(condition)) => Some(condition),
        None => None,
    };
    let rule = match then {
        Some(Ok(then)) => read_kind(then, source, &place, &mut problems),
        Some(Err(problem)) => {
            problems.push(problem.with_help(format!("a rule has exactly one of {}", kind_names())));
            None
        }
        None if !is_whole => None,
        None => {
            let problem = source.error(0..0, "the rule does nothing: it has no `[then.KIND]`");
            problems.push(problem.with_help(format!("a rule has exactly one of {}", kind_names())));
            None
        }
    };
    if let Some(kind) = kind.and_then(|(name, _)| Kind::named(&name)) {
        for found in [&mut problems, &mut of_tests] {
            say_where_fields_belong(source, found, &|| rule_schema_of(kind));
        }
    }
    let in_order = |problem: &Problem| (problem.line, problem.column);
    let (Some(head), Some((kind, rule, place)), true) = (head, rule, problems.is_empty()) else {
        problems.append(&mut of_tests);
        if let Some(line) = broken_line {
            without_echoes(&mut problems, line);
        }
        problems.sort_by_key(in_order);
        return (None, problems);
    };
    let fails_closed = head.on_error.map_or(kind.fails_closed, |on_error| {
        matches!(on_error, OnError::Fail)
    });
    let does = rule.about();
    let mut spoken_of = does.names.fetches.clone();
    spoken_of.extend(when.iter().flat_map(Condition::fetches));
    let file = RuleFile {
        name: stem(&source.name),
        file: source.name.clone(),
        about: head.about,
        when,
        is_enabled: head.enabled,
        is_shadow: head.shadow,
        percent: head.percent.map(|Percent(percent)| percent),
        fails_closed,
        kind,
        rule,
        does,
        fetches: RuleFetches { defined, spoken_of },
        tests,
        place,
        digest: digest(source),
    };
    let looked = Looked::of_rule(&file);
    let tests = file.tests.iter();
    of_tests.extend(tests.flat_map(|case| misspelt(case, &looked, source)));
    of_tests.sort_by_key(in_order);
    (of_tests.is_empty().then_some(file), of_tests)
}

type ReadKind = (&'static Kind, Box<dyn Rule>, Range<usize>);

fn read_kind(
    mut then: Document<'_>,
    source: &Source,
    place: &Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<ReadKind> {
    let keys = then.keys();
    let help = format!("a rule has exactly one of {}", kind_names());
    let [(name, span)] = keys.as_slice() else {
        let (message, span) = match keys.get(1) {
            Some((_, span)) => (
                "a rule has exactly one `[then.KIND]`, and this is a second",
                span,
            ),
            None if !then.is_whole() => return None,
            None => ("the rule does nothing: `then` is empty", place),
        };
        problems.push(source.error(span.clone(), message).with_help(help));
        return None;
    };
    let Some(kind) = Kind::named(name) else {
        let near = nearest(name, KINDS.iter().map(|kind| kind.name));
        let help = near.map_or(help, |near| format!("did you mean `{near}`?"));
        problems.push(
            source
                .error(span.clone(), format!("unknown kind `{name}`"))
                .with_help(help),
        );
        return None;
    };
    let (rule, mut found) = match then.take_table(name)? {
        Ok(table) => (kind.read)(table),
        Err(problem) => (None, vec![problem]),
    };
    for problem in &mut found {
        if problem.help.is_none() {
            problem.help = Some(format!(
                "`aside explain {}` shows a working rule",
                kind.name
            ));
        }
    }
    problems.append(&mut found);
    rule.map(|rule| (kind, rule, span.clone()))
}

fn condition(when: &Spanned<String>, source: &Source) -> Result<Condition, Box<Problem>> {
    Condition::parse(when.get_ref()).map_err(|error| {
        let place = source.place_in(when, error.range.clone());
        let problem = source.error(place, error.message.clone());
        Box::new(problem.with_help_if(error.help.clone()))
    })
}

/// The name of a rule file without folder and ending.
pub(super) fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file).to_owned()
}

impl TryFrom<f64> for Percent {
    type Error = String;
    fn try_from(percent: f64) -> Result<Percent, String> {
        let is_good = (0.0..=100.0).contains(&percent) && percent.fract() == 0.0;
        // The range was checked, so the cast keeps the value.
        if is_good {
            Ok(Percent(percent as u8))
        } else {
            Err(format!("`{percent}` is no whole number from 0 to 100"))
        }
    }
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests;
