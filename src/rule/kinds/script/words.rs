//! Why a script failed, in words that quote nothing but the script itself.

use rhai::{Dynamic, EvalAltResult, ImmutableString, Position};

use super::functions::FunctionFault;
use super::sandbox::{DEEPEST_CALLS, LONGEST};
use super::work::ScriptEnd;

/// What is wrong, and where: in the function that was called last.
pub(super) fn told(error: &EvalAltResult, script: &str, operations: u64) -> (String, Position) {
    if let EvalAltResult::ErrorInFunctionCall(_, _, inner, outer) = error {
        let (told, position) = told(inner, script, operations);
        return (told, if position.is_none() { *outer } else { position });
    }
    (words(error, script, operations), error.position())
}

fn words(error: &EvalAltResult, script: &str, operations: u64) -> String {
    use EvalAltResult as E;
    let named = |name: &str| match script.contains(name) {
        true => format!("`{name}`"),
        false => "of that name".to_owned(),
    };
    if let Some(told) = limit_words(error, operations) {
        return told;
    }
    match error {
        E::ErrorFunctionNotFound(signature, _) => {
            let signature = plain_types(signature);
            let (name, types) = signature.split_once(" (").unwrap_or((&signature, ")"));
            match script.contains(name) {
                true if name.starts_with(|sign: char| sign.is_alphabetic()) => {
                    format!("there is no function `{name}` for ({types}")
                }
                _ => format!("this can't be done with ({types}"),
            }
        }
        E::ErrorVariableNotFound(name, _) => format!("there is no variable {}", named(name)),
        E::ErrorPropertyNotFound(name, _) => format!("there is no property {}", named(name)),
        E::ErrorIndexNotFound(..) => "there is no such index".to_owned(),
        E::ErrorArrayBounds(length, index, _) => {
            format!("there is no item {index} in an array of {length}")
        }
        E::ErrorStringBounds(length, index, _) => {
            format!("there is no character {index} in a text of {length}")
        }
        E::ErrorMismatchDataType(wanted, found, _) => {
            let (wanted, found) = (plain_types(wanted), plain_types(found));
            format!("this is {found}, and must be {wanted}")
        }
        E::ErrorIndexingType(kind, _) => {
            format!("{} has no items and no properties", plain_types(kind))
        }
        E::ErrorDotExpr(told, _) => format!("this has no such property: {}", plain_types(told)),
        E::ErrorFor(_) => "this has no items to go through".to_owned(),
        E::ErrorAssignmentToConstant(name, _) => format!("{} can't be changed", named(name)),
        E::ErrorNonPureMethodCallOnConstant(name, _) => {
            format!("{} would change what can't be changed", named(name))
        }
        E::ErrorDataRace(..) => "a function uses a value while that is being changed".to_owned(),
        // What stands behind is the numbers themselves.
        E::ErrorArithmetic(told, _) => {
            let kind = told.split([':', '\'']).next().unwrap_or_default();
            let kind = kind.trim_end_matches(|sign: char| !sign.is_alphabetic());
            match kind.chars().any(|letter| letter.is_ascii_digit()) {
                true => "a number can't be used like this".to_owned(),
                false => kind.to_lowercase(),
            }
        }
        E::ErrorRuntime(thrown, _) => thrown_words(thrown, script),
        _ => "it can't go on here".to_owned(),
    }
}

/// What is said of a script that takes too much; none: it does not.
fn limit_words(error: &EvalAltResult, operations: u64) -> Option<String> {
    use EvalAltResult as E;
    Some(match error {
        E::ErrorTerminated(end, _) => {
            match end
                .read_lock::<ScriptEnd>()
                .map_or(ScriptEnd::RuleTime, |end| *end)
            {
                ScriptEnd::Operations => format!("it did not end within {operations} operations"),
                ScriptEnd::OwnTime => format!("it did not end within {LONGEST:?}"),
                ScriptEnd::RuleTime => "the time of the turn's rules was over".to_owned(),
            }
        }
        E::ErrorStackOverflow(_) => {
            format!("functions call each other deeper than {DEEPEST_CALLS} levels")
        }
        E::ErrorTooManyVariables(_) => "it has too many variables".to_owned(),
        E::ErrorDataTooLarge(kind, _) => too_large(kind).to_owned(),
        _ => return None,
    })
}

/// What a function of ours says, or the script where it throws a text of its own.
fn thrown_words(thrown: &Dynamic, script: &str) -> String {
    if let Some(fault) = thrown.read_lock::<FunctionFault>() {
        return fault.0.clone();
    }
    let text = thrown.read_lock::<ImmutableString>();
    match text.filter(|text| !text.is_empty() && script.contains(text.as_str())) {
        Some(text) => format!("it throws \"{}\"", &*text),
        None => "it throws an error".to_owned(),
    }
}

fn too_large(kind: &str) -> &'static str {
    match kind {
        kind if kind.contains("string") => "a text grows too large",
        kind if kind.contains("map") => "maps grow too large",
        _ => "an array grows too large",
    }
}

/// Types as the manual names them.
fn plain_types(told: &str) -> String {
    let mut told = told.to_owned();
    for (theirs, ours) in [
        ("&str | ImmutableString | String", "string"),
        ("&str", "string"),
        ("&mut ", ""),
        ("ImmutableString", "string"),
        ("i64", "integer"),
        ("f64", "float"),
        ("Fn", "function"),
    ] {
        told = told.replace(theirs, ours);
    }
    told
}
