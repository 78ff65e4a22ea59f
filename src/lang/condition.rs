//! Conditions: the `when` of a rule, an expression in CEL.
//!
//! CompiledCondition once, with every name and regular expression checked. An evaluation reads the facts
//! where they lie and copies nothing. What is not there is no error: a comparison with it is
//! false, and the verdict names it. A verdict never contains a value, only names from the source.

mod alike;
mod boolean;
mod comparison;
mod depth;
mod json;
mod manual;
mod names;
mod never;
mod opening;
mod partial;
mod pattern;
mod place;
mod subject;
mod syntax;
mod wording;
mod words;

use std::{
    collections::BTreeSet,
    ops::Range,
    sync::{Arc, LazyLock},
};

use cel::{
    Context, Env, ExecutionError, IdedExpr, Value,
    common::{
        ast::SourceInfo,
        types::{CelBool, CelNull, NULL_TYPE, STRING_TYPE, TIMESTAMP_TYPE},
        value::CowVal,
    },
    extensions,
};
use serde::Deserialize;

use super::facts::Facts;
use json::EvaluationScope;
pub use manual::manual;
use names::ConditionNames;
pub use never::{IdleKind, IdlePart};
use opening::{HOURS_TYPE, within_hours};
use pattern::{PATTERN_TYPE, matches_pattern};

/// The language: CEL with its string functions, `matches` for regular expressions that were
/// compiled with the condition, and `says` and `within` for words and hours that were. It is made of constants alone and never changes, so it is no state,
/// and who reads a rule need not bring it along.
static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let [text, pattern] = [|| STRING_TYPE.to_owned(), || PATTERN_TYPE.to_owned()];
    let matches = matches_pattern;
    let (time, hours) = (TIMESTAMP_TYPE.to_owned(), HOURS_TYPE.to_owned());
    let mut env = Env::stdlib();
    env.add_extension(extensions::strings)
        .and_then(|()| env.add_overload("matches", "of_pattern", vec![text(), pattern()], matches))
        .and_then(|()| {
            env.add_member_overload("matches", "by_pattern", text(), vec![pattern()], matches)
        })
        .and_then(|()| env.add_overload("says", "of_words", vec![text(), pattern()], matches))
        .and_then(|()| {
            env.add_member_overload("says", "by_words", text(), vec![pattern()], matches)
        })
        .and_then(|()| {
            env.add_member_overload("within", "by_hours", time, vec![hours], within_hours)
        })
        .expect("the names and types of these overloads are not those of others");
    Arc::new(env)
});

/// A condition that was checked when its rule file was read.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Condition(Arc<CompiledCondition>);

#[derive(Debug)]
struct CompiledCondition {
    source: String,
    expression: IdedExpr,
    /// Where its parts stand.
    info: SourceInfo,
    names: ConditionNames,
}

/// Whether a rule applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Holds,
    /// It does not.
    Fails {
        /// What it speaks of and is absent or null, if that is why.
        note: Option<String>,
    },
    /// It makes no sense for these facts.
    Undecided {
        /// What does not fit, as a fragment: "`>` does not work on string and int".
        why: String,
    },
}

/// Why a text is no condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConditionError {
    /// What is wrong with it.
    pub message: String,
    /// Where, in bytes of the source.
    pub range: Option<Range<usize>>,
    /// What to write instead.
    pub help: Option<String>,
}

impl TryFrom<String> for Condition {
    type Error = ConditionError;

    fn try_from(source: String) -> Result<Condition, ConditionError> {
        Condition::parse(&source)
    }
}

impl Condition {
    /// Compiles a condition and checks the names in it.
    pub fn parse(source: &str) -> Result<Condition, ConditionError> {
        depth::check(source)?;
        let parsed = ENV.parser().parse_with_source_info(source);
        let (mut expression, info) = parsed.map_err(|errors| syntax::explain(source, &errors))?;
        let names = ConditionNames::read(&mut expression, &info, source)?;
        alike::check(&expression, &info, source)?;
        if boolean::is_never_boolean(&expression) {
            return Err(ConditionError {
                message: "this is never true or false".to_owned(),
                range: Some(0..source.len()),
                help: Some("compare it with something, as in `turn.number > 1`".to_owned()),
            });
        }
        let source = source.to_owned();
        Ok(Condition(Arc::new(CompiledCondition {
            source,
            expression,
            info,
            names,
        })))
    }

    /// The text that it was compiled from.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The roots that it speaks of.
    pub fn references(&self) -> &BTreeSet<String> {
        &self.0.names.roots
    }

    /// The paths that it looks up, from their roots on; those that only `has` asks for are none.
    pub fn paths(&self) -> &[Vec<String>] {
        &self.0.names.paths
    }

    /// Whether it holds for these facts.
    pub fn evaluate(&self, facts: &Facts) -> Verdict {
        let scope = EvaluationScope::new(&self.0.names, facts);
        let mut context = Context::with_env(Arc::clone(&ENV));
        context.set_variable_resolver(&scope);
        match Value::resolve_val(&self.0.expression, &context) {
            Ok(value) => self.judge(&value, facts),
            Err(error) => self.explain(&error, facts),
        }
    }

    fn judge(&self, value: &CowVal<'_, '_>, facts: &Facts) -> Verdict {
        if let Some(answer) = value.downcast_ref::<CelBool>() {
            return match *answer.inner() {
                true => Verdict::Holds,
                false => Verdict::Fails { note: None },
            };
        }
        if value.downcast_ref::<CelNull>().is_some() {
            return self.is_null(facts);
        }
        let kind = value.get_type().name();
        Verdict::Undecided {
            why: format!("it gives {kind}, not true or false"),
        }
    }

    /// What an error of the language means. Its own message is not used: it may quote values.
    fn explain(&self, error: &ExecutionError, facts: &Facts) -> Verdict {
        let null = NULL_TYPE.name();
        match error {
            ExecutionError::NoSuchKey(_) | ExecutionError::IndexOutOfBounds(_) => {
                let absent = self
                    .0
                    .names
                    .paths
                    .iter()
                    .find_map(|path| facts.at(path).err());
                let note = match absent {
                    Some(path) => format!("`{}` is absent", path.join(".")),
                    None => "a value is absent".to_owned(),
                };
                Verdict::Fails { note: Some(note) }
            }
            ExecutionError::NoSuchOverload(call) => {
                let types = call.argument_types();
                if types.iter().any(|name| name == null) {
                    return self.is_null(facts);
                }
                let function = call.function().trim_matches(['_', '@']);
                let why = format!("`{function}` does not work on {}", types.join(" and "));
                Verdict::Undecided { why }
            }
            ExecutionError::UnexpectedType { got, .. } if got == null => self.is_null(facts),
            ExecutionError::UnexpectedType { got, want } => Verdict::Undecided {
                why: format!("it needs {want} where there is {got}"),
            },
            ExecutionError::UnsupportedBinaryOperator(_, Value::Null, _)
            | ExecutionError::UnsupportedBinaryOperator(_, _, Value::Null) => self.is_null(facts),
            ExecutionError::UnsupportedBinaryOperator(name, ..) => Verdict::Undecided {
                why: format!("`{name}` does not work on these types"),
            },
            ExecutionError::FunctionError { function, .. } => Verdict::Undecided {
                why: format!("`{function}` does not work on what it was given"),
            },
            ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) => {
                Verdict::Undecided {
                    why: "it divides by zero".to_owned(),
                }
            }
            ExecutionError::Overflow(..) => Verdict::Undecided {
                why: "a number in it grows too large".to_owned(),
            },
            _ => Verdict::Undecided {
                why: "it cannot be evaluated".to_owned(),
            },
        }
    }

    fn is_null(&self, facts: &Facts) -> Verdict {
        let is_null = |path: &&[String]| facts.at(path).is_ok_and(serde_json::Value::is_null);
        let paths = self.0.names.paths.iter();
        let mut parts = paths.flat_map(|path| (1..=path.len()).filter_map(|end| path.get(..end)));
        let note = match parts.find(is_null) {
            Some(path) => format!("`{}` is null", path.join(".")),
            None => "a value is null".to_owned(),
        };
        Verdict::Fails { note: Some(note) }
    }

    /// Whether a function of this name is declared, whatever it takes.
    fn knows(function: &str, target: Option<IdedExpr>) -> bool {
        let call = names::call_without_arguments(function, target);
        let context = Context::with_env(Arc::clone(&ENV));
        let answer = Value::resolve_val(&call, &context);
        !matches!(answer, Err(ExecutionError::UndeclaredReference(_)))
    }
}

#[cfg(test)]
mod tests;
