//! Regular expressions of rule files, checked and bounded when the file is read.

use std::ops::Range;

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::{self, Ast, RepetitionKind, RepetitionRange};
use regex_syntax::hir::{Dot, Hir, HirKind};
use schemars::JsonSchema;
use serde::Deserialize;

/// The longest pattern source, in bytes (TESTS.md S15).
const LONGEST_SOURCE: usize = 4096;
/// The largest compiled pattern, in bytes (TESTS.md S15).
const LARGEST_PROGRAM: usize = 1 << 20;
/// The deepest nesting of groups (TESTS.md S15).
const DEEPEST_NESTING: u32 = 64;

/// A regular expression that was checked when its rule file was read.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct Pattern(#[schemars(with = "String")] Regex);

/// Why a regular expression can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PatternError {
    /// The source is no regular expression, or compiles to something too large.
    #[error("{}", plain(.0))]
    Syntax(#[from] regex::Error),
    /// The source itself is too long.
    #[error("the pattern has {0} bytes, more than {LONGEST_SOURCE}")]
    TooLong(usize),
    /// It would match between any two characters.
    #[error("the pattern matches empty text; let it match at least one character")]
    Empty,
}

impl Pattern {
    /// Compiles and checks a pattern.
    pub fn new(source: &str) -> Result<Pattern, PatternError> {
        if source.len() > LONGEST_SOURCE {
            return Err(PatternError::TooLong(source.len()));
        }
        let regex = RegexBuilder::new(source)
            .size_limit(LARGEST_PROGRAM)
            .dfa_size_limit(2 * LARGEST_PROGRAM)
            .nest_limit(DEEPEST_NESTING)
            .build()?;
        if may_be_empty(source) {
            return Err(PatternError::Empty);
        }
        Ok(Pattern(regex))
    }

    /// The compiled expression.
    pub fn regex(&self) -> &Regex {
        &self.0
    }
}

/// What makes a pattern that can be used a bad one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It begins with `.*`.
    TakesBefore,
    /// It ends with `.*`.
    TakesAfter,
    /// A repeat without bound is within another.
    Nested,
}

/// What is doubtful in a pattern, if anything is.
pub fn doubt(source: &str) -> Option<Doubt> {
    let parsed = regex_syntax::Parser::new().parse(source).ok()?;
    let parts = match parsed.kind() {
        HirKind::Concat(parts) => parts.as_slice(),
        _ => std::slice::from_ref(&parsed),
    };
    if parts.first().is_some_and(takes_anything) {
        return Some(Doubt::TakesBefore);
    }
    if parts.last().is_some_and(takes_anything) {
        return Some(Doubt::TakesAfter);
    }
    has_nested_repeat(&parsed, false).then_some(Doubt::Nested)
}

/// Where in a pattern the first repeat without a bound stands, in bytes.
pub fn endless_part(source: &str) -> Option<Range<usize>> {
    let parsed = ast::parse::Parser::new().parse(source).ok()?;
    ast::visit(&parsed, EndlessPart).err()
}

/// Looks for a repeat without a bound, and ends there.
struct EndlessPart;

impl ast::Visitor for EndlessPart {
    type Output = ();
    type Err = Range<usize>;

    fn finish(self) -> Result<(), Range<usize>> {
        Ok(())
    }

    fn visit_post(&mut self, part: &Ast) -> Result<(), Range<usize>> {
        let Ast::Repetition(repeat) = part else {
            return Ok(());
        };
        let is_endless = matches!(
            repeat.op.kind,
            RepetitionKind::ZeroOrMore
                | RepetitionKind::OneOrMore
                | RepetitionKind::Range(RepetitionRange::AtLeast(_))
        );
        match is_endless {
            true => Err(repeat.span.start.offset..repeat.span.end.offset),
            false => Ok(()),
        }
    }
}

/// `.*` or `.+`, also in a group.
fn takes_anything(part: &Hir) -> bool {
    match part.kind() {
        HirKind::Capture(group) => takes_anything(&group.sub),
        HirKind::Repetition(repeat) => {
            let dots = [Dot::AnyChar, Dot::AnyCharExceptLF].map(Hir::dot);
            repeat.max.is_none() && dots.contains(&repeat.sub)
        }
        _ => false,
    }
}

fn has_nested_repeat(part: &Hir, is_within: bool) -> bool {
    match part.kind() {
        HirKind::Repetition(repeat) => {
            let is_unbounded = repeat.max.is_none();
            (is_unbounded && is_within) || has_nested_repeat(&repeat.sub, is_within || is_unbounded)
        }
        HirKind::Capture(group) => has_nested_repeat(&group.sub, is_within),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().any(|part| has_nested_repeat(part, is_within))
        }
        _ => false,
    }
}

/// Whether a match may have no characters at all, as that of `x*` or `\b`.
fn may_be_empty(source: &str) -> bool {
    regex_syntax::Parser::new()
        .parse(source)
        .is_ok_and(|parsed| parsed.properties().minimum_len().unwrap_or(0) == 0)
}

impl TryFrom<String> for Pattern {
    type Error = PatternError;
    fn try_from(source: String) -> Result<Self, PatternError> {
        Pattern::new(&source)
    }
}

/// The reason alone: the crate's message repeats the pattern, which the caret shows already.
fn plain(error: &regex::Error) -> String {
    if let regex::Error::CompiledTooBig(limit) = error {
        return format!(
            "the pattern compiles to more than {} KiB; use smaller bounds",
            limit >> 10
        );
    }
    let text = error.to_string();
    match text.rsplit_once("error: ") {
        Some((_, reason)) => reason.trim().to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_can_do_harm_is_refused() {
        let long = "a".repeat(5000);
        let deep = format!("{}a{}", "(".repeat(80), ")".repeat(80));
        for source in ["a*", "", "(", r"(a{1000}){1000}", &long, &deep] {
            assert!(
                Pattern::new(source).is_err(),
                "{}",
                source.get(..10).unwrap_or(source)
            );
        }
    }

    #[test]
    fn what_is_doubtful_is_told() {
        for (source, expected) in [
            (r".*card", Some(Doubt::TakesBefore)),
            (r"(.+) card", Some(Doubt::TakesBefore)),
            (r"(?s)card.*", Some(Doubt::TakesAfter)),
            (r"(a+ ?)+b", Some(Doubt::Nested)),
            (r"x(?:\w+\s*)*y", Some(Doubt::Nested)),
            (r"\d+", None),
            (r"(a+){1,3}", None),
            (r"(?:a{1,3} )+", None),
            (r"card.{0,9}", None),
            (r"a|b.*", None),
        ] {
            assert_eq!(doubt(source), expected, "{source}");
        }
    }

    #[test]
    fn a_repeat_without_a_bound_is_found_where_it_stands() {
        for (source, expected) in [
            (r"order (\d+)", Some(r"\d+")),
            (r"(a{1,3}b)*c", Some(r"(a{1,3}b)*")),
            (r"x{2,}y", Some("x{2,}")),
            (r"(?x) a  b*?", Some("b*?")),
            (r"é\w+", Some(r"\w+")),
            (r"a{1,9}b?", None),
        ] {
            let found = endless_part(source).and_then(|range| source.get(range));
            assert_eq!(found, expected, "{source}");
        }
    }

    #[test]
    fn a_message_names_the_fault_alone() {
        let error = Pattern::new("a(b").expect_err("it is unclosed");
        assert_eq!(error.to_string(), "unclosed group");
    }
}
