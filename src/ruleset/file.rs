//! One rule file: `about`, `when`, `then`, its tests, and what is optional on every rule.

use std::ops::Range;

use toml::Spanned;

use super::case::{Case, read_own_tests};
use super::head::{Percent, RuleHead, RuleOnError};
use super::kind_names;
use super::looked::Looked;
use super::misspelt::misspelt;
use super::rule_file::RuleFile;
use super::schema::rule_schema_of;
use super::version::{digest, stem};
use crate::fetch::defined::{DefinedFetch, RuleFetches};
use crate::files::problem::nearest;
use crate::files::{Document, Problem, Source, say_where_fields_belong, without_echoes};
use crate::lang::condition::Condition;
use crate::rule::{KINDS, Kind, RequestField, Rule};

/// Reads one rule file. `None` comes with at least one error.
pub(super) fn read(
    source: &Source,
    env: &dyn Fn(&str) -> Option<String>,
) -> (Option<RuleFile>, Vec<Problem>) {
    let (mut document, broken) = Document::parse_what_can_be(source);
    let broken_line = broken.as_ref().map(|problem| problem.line);
    let then = WrittenThen::take(&mut document);
    let when = document.string("when");
    let mut problems = Vec::from_iter(broken);
    let defined = DefinedFetch::read_all(&mut document, env, &mut problems);
    let (tests, mut of_tests) = read_own_tests(&mut document);
    let kind = then.kind();
    let (head, found) = document.read_in_part::<RuleHead>();
    problems.extend(found);
    let when = when.and_then(|when| read_condition(&when, source, &mut problems));
    let rule = then.read(source, &mut problems);
    if let Some(kind) = kind {
        for found in [&mut problems, &mut of_tests] {
            say_where_fields_belong(source, found, &|| rule_schema_of(kind));
        }
    }
    let in_order = |problem: &Problem| (problem.line, problem.column);
    let (Some(head), Some(rule), true) = (head, rule, problems.is_empty()) else {
        problems.append(&mut of_tests);
        if let Some(line) = broken_line {
            without_echoes(&mut problems, line);
        }
        problems.sort_by_key(in_order);
        return (None, problems);
    };
    let file = put_together(source, head, when, defined, rule, tests);
    let looked = Looked::of_rule(&file);
    let tests = file.tests.iter();
    of_tests.extend(tests.flat_map(|case| misspelt(case, &looked, source)));
    of_tests.sort_by_key(in_order);
    (of_tests.is_empty().then_some(file), of_tests)
}

/// The rule of the parts of its file.
fn put_together(
    source: &Source,
    head: RuleHead,
    when: Option<Condition>,
    defined: Vec<DefinedFetch>,
    (kind, rule, place): ReadKind,
    tests: Vec<Case>,
) -> RuleFile {
    let fails_closed = head.on_error.map_or(kind.fails_closed, |on_error| {
        matches!(on_error, RuleOnError::Fail)
    });
    let does = rule.about();
    let mut spoken_of = does.names.fetches.clone();
    spoken_of.extend(when.iter().flat_map(Condition::fetches));
    let place_of = |field: &str| {
        let written = Document::parse(source).ok();
        let at = written.and_then(|it| it.place_of(&format!("then.{}.{field}", kind.name)));
        at.unwrap_or_else(|| place.clone())
    };
    let upstream = does.upstream.clone().map(|name| {
        let message = format!("the config has no upstream and no route `{name}`");
        (name, source.error(place_of("upstream"), message))
    });
    let set_fields = does.fields.iter().map(|RequestField { name, field }| {
        let message = format!("`{name}` goes nowhere: no upstream that may be asked takes it");
        (name.clone(), source.warning(place_of(field), message))
    });
    let set_fields = set_fields.collect();
    RuleFile {
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
        upstream,
        set_fields,
        tests,
        place,
        digest: digest(source),
    }
}

/// `then` as it is written.
struct WrittenThen<'s> {
    /// Its table, or what else it is; none: it is not there.
    table: Option<Result<Document<'s>, Problem>>,
    place: Range<usize>,
    /// Whether nothing of the file is missing.
    is_whole: bool,
}

impl<'s> WrittenThen<'s> {
    fn take(document: &mut Document<'s>) -> WrittenThen<'s> {
        WrittenThen {
            place: document.place("then"),
            table: document.take_table("then"),
            is_whole: document.is_whole(),
        }
    }

    /// The kind that it names first.
    fn kind(&self) -> Option<&'static Kind> {
        let table = self.table.as_ref()?.as_ref().ok()?;
        let (name, _) = table.keys().into_iter().next()?;
        Kind::named(&name)
    }

    fn read(self, source: &Source, problems: &mut Vec<Problem>) -> Option<ReadKind> {
        let problem = match self.table {
            Some(Ok(table)) => return read_kind(table, source, &self.place, problems),
            Some(Err(problem)) => problem,
            None if !self.is_whole => return None,
            None => source.error(0..0, "the rule does nothing: it has no `[then.KIND]`"),
        };
        problems.push(problem.with_help(one_kind()));
        None
    }
}

type ReadKind = (&'static Kind, Box<dyn Rule>, Range<usize>);

fn read_kind(
    mut then: Document<'_>,
    source: &Source,
    place: &Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<ReadKind> {
    let keys = then.keys();
    let help = one_kind();
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

fn one_kind() -> String {
    format!("a rule has exactly one of {}", kind_names())
}

fn read_condition(
    when: &Spanned<String>,
    source: &Source,
    problems: &mut Vec<Problem>,
) -> Option<Condition> {
    let read = Condition::parse(when.get_ref()).map_err(|error| {
        let place = source.place_in(when, error.range.clone());
        let problem = source.error(place, error.message.clone());
        problems.push(problem.with_help_if(error.help.clone()));
    });
    read.ok()
}

#[cfg(test)]
mod tests;
