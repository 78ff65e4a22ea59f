//! Regular expressions in a condition: compiled once, when it is read.

use std::sync::LazyLock;

use cel::ExecutionError;
use cel::common::types::{CelBool, CelString, Type};
use cel::common::value::{CowVal, StaticVal, Val};
use regex::Regex;

/// A regular expression that stands in a condition, compiled with it.
#[derive(Debug, Clone)]
pub(super) struct LiteralPattern {
    /// The name by which the expression refers to it; no text of a user can spell it.
    pub(super) name: String,
    pub(super) regex: Regex,
}

/// What the expression language takes them for: a constant.
pub(super) static PATTERN_TYPE: LazyLock<Type> = LazyLock::new(|| Type::new_opaque_type("pattern"));

impl Val for LiteralPattern {
    fn get_type(&self) -> &Type {
        &PATTERN_TYPE
    }

    fn cel_type() -> &'static Type {
        &PATTERN_TYPE
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn std::any::Any> {
        Some(self)
    }
}

impl StaticVal for LiteralPattern {}

/// `text.matches(pattern)`.
pub(super) fn matches_pattern<'b, 'v>(
    arguments: Vec<CowVal<'b, 'v>>,
) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let text = arguments
        .first()
        .and_then(|text| text.downcast_ref::<CelString<'_>>());
    let pattern = arguments
        .get(1)
        .and_then(|pattern| pattern.downcast_ref::<LiteralPattern>());
    match (text, pattern) {
        (Some(text), Some(pattern)) => Ok(CowVal::owned(CelBool::from(
            pattern.regex.is_match(text.inner()),
        ))),
        _ => Err(ExecutionError::missing_argument_or_target()),
    }
}
