//! Regular expressions of rule files, checked and bounded when the file is read.

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

/// The longest pattern source, in bytes (TESTS.md S15).
const LONGEST_SOURCE: usize = 4096;
/// The largest compiled pattern, in bytes (TESTS.md S15).
const LARGEST_PROGRAM: usize = 1 << 20;
/// The deepest nesting of groups (TESTS.md S15).
const DEEPEST_NESTING: u32 = 64;

/// A regular expression that was checked when its rule file was read.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Regex);

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
    /// It could match without end, so a streamed reply would be held back without end.
    #[error(
        "the pattern has no longest match, so a reply could not be streamed through it; give `*` and `+` a bound, as in `{{0,40}}`"
    )]
    Unbounded,
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
    fn a_message_names_the_fault_alone() {
        let error = Pattern::new("a(b").expect_err("it is unclosed");
        assert_eq!(error.to_string(), "unclosed group");
    }
}
