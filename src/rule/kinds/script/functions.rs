//! What scripts have beside the language: functions for what is said, for times and for patterns.
//!
//! Each is a function of its arguments. What it says of a fault never quotes them.

use rhai::{
    Array, Dynamic, EvalAltResult, FuncRegistration, INT, ImmutableString, Module,
    NativeCallContext, Position,
};
use serde_json::Value;

use super::patterns::ScriptPatterns;
use super::values::of_value;
use crate::lang::filters::plain;
use crate::lang::hours::WeeklyHours;

/// What one of them says of a fault; it holds nothing that people said.
#[derive(Debug, Clone)]
pub(super) struct FunctionFault(pub(super) String);

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Adds them.
pub(super) fn add_to(library: &mut Module) {
    let add = |name: &str| FuncRegistration::new(name);
    add("spoken").set_into_module(library, plain::spoken);
    add("digits").set_into_module(library, digits);
    add("shortened").set_into_module(library, shortened);
    add("date").set_into_module(library, |time: Dynamic, format: &str| {
        date(&time, format, "UTC")
    });
    add("date").set_into_module(library, |time: Dynamic, format: &str, zone: &str| {
        date(&time, format, zone)
    });
    add("within").set_into_module(library, within);
    add("says").set_into_module(library, says);
    add("join").set_into_module(library, join);
    add("parse_json").set_into_module(library, parse_json);
    add("matches").set_into_module(library, matches);
    add("replace_all").set_into_module(library, replace_all);
    add("find_all").set_into_module(library, find_all);
    add("replace").set_into_module(library, replace);
    add("replace").set_into_module(
        library,
        |context: NativeCallContext<'_>, text: &mut ImmutableString, old: char, new: &str| {
            replace(context, text, old.encode_utf8(&mut [0; 4]), new)
        },
    );
    add("trim").set_into_module(library, |text: &mut ImmutableString| {
        *text = text.trim().into();
        text.clone()
    });
    add("exit").set_into_module(library, || -> Answer<()> {
        Err(EvalAltResult::Exit(Dynamic::UNIT, Position::NONE).into())
    });
}

fn fault<T>(told: impl Into<String>) -> Answer<T> {
    let token = Dynamic::from(FunctionFault(told.into()));
    Err(EvalAltResult::ErrorRuntime(token, Position::NONE).into())
}

/// The digits of a text alone.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// At most so many characters, the last of them an ellipsis, cut after a word where there is one.
fn shortened(text: ImmutableString, length: INT) -> ImmutableString {
    let length = usize::try_from(length).unwrap_or(0);
    match plain::shortened(&text, length) {
        Some(short) => short.into(),
        None => text,
    }
}

/// `date(now, "%H:%M", "Europe/Berlin")`.
fn date(time: &Dynamic, format: &str, zone: &str) -> Answer<String> {
    let value = if let Ok(number) = time.as_int() {
        Value::from(number)
    } else if let Ok(number) = time.as_float() {
        Value::from(number)
    } else {
        let text = time.read_lock::<ImmutableString>();
        text.map_or(Value::Null, |text| Value::from(text.as_str()))
    };
    plain::date(&value, format, zone).or_else(fault)
}

/// `now.within("Mon-Fri 9-17", "Europe/Berlin")`.
fn within(time: &str, hours: &str, zone: &str) -> Answer<bool> {
    let Ok(hours) = WeeklyHours::read(hours, zone) else {
        return fault(
            "`within` can't read the hours or the zone; write them as in \
             `now.within(\"Mon-Fri 9-17, Sat 10-14\", \"Europe/Berlin\")`",
        );
    };
    match plain::second(time) {
        Some(second) => Ok(hours.contain(second)),
        None => fault("`within` is asked of something that is no time; ask it of `now`"),
    }
}

/// `says(turn.user, ["goodbye", "call me back"])`; of `()` nothing is said.
fn says(text: Dynamic, phrases: Array) -> bool {
    let words_of = |value: &Dynamic| {
        let text = value.read_lock::<ImmutableString>();
        text.map(|text| plain::words(&text)).unwrap_or_default()
    };
    let said = words_of(&text);
    phrases.iter().map(words_of).any(|phrase| {
        let is_said = |window: &[String]| window == phrase;
        !phrase.is_empty() && said.windows(phrase.len()).any(is_said)
    })
}

/// Replaces in place, and gives the text back: what a text becomes is known before it is made.
fn replace(
    context: NativeCallContext<'_>,
    text: &mut ImmutableString,
    old: &str,
    new: &str,
) -> Answer<ImmutableString> {
    let longer = new.len().saturating_sub(old.len());
    if longer > 0 {
        let count = text.matches(old).count();
        check_length(&context, text.len() + count.saturating_mul(longer))?;
    }
    *text = text.replace(old, new).into();
    Ok(text.clone())
}

fn check_length(context: &NativeCallContext<'_>, length: usize) -> Answer<()> {
    let most = context.engine().max_string_size();
    if most > 0 && length > most {
        let kind = "string".to_owned();
        return Err(EvalAltResult::ErrorDataTooLarge(kind, Position::NONE).into());
    }
    Ok(())
}

/// The texts of an array with one between each two.
fn join(context: NativeCallContext<'_>, parts: Array, between: &str) -> Answer<String> {
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        check_length(&context, out.len())?;
        let Some(part) = part.read_lock::<ImmutableString>() else {
            return fault("`join` takes an array of texts, and this has something else");
        };
        out.push_str(if at > 0 { between } else { "" });
        out.push_str(&part);
    }
    Ok(out)
}

/// A value of JSON text, such as the arguments of a tool call.
fn parse_json(text: &str) -> Answer<Dynamic> {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => Ok(of_value(&value)),
        Err(_) => fault("`parse_json` was given something that is no JSON"),
    }
}

fn matches(context: NativeCallContext<'_>, text: &str, pattern: ImmutableString) -> Answer<bool> {
    with_pattern(&context, &pattern, |regex| regex.is_match(text))
}

/// Replaces all that a pattern finds; `$1` is a group.
fn replace_all(
    context: NativeCallContext<'_>,
    text: &str,
    pattern: ImmutableString,
    by: &str,
) -> Answer<String> {
    with_pattern(&context, &pattern, |regex| {
        let mut out = String::new();
        let mut copied = 0;
        for found in regex.captures_iter(text) {
            let place = found.get_match().range();
            out.push_str(text.get(copied..place.start).unwrap_or_default());
            found.expand(by, &mut out);
            check_length(&context, out.len())?;
            copied = place.end;
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Ok(out)
    })?
}

/// All that a pattern finds.
fn find_all(context: NativeCallContext<'_>, text: &str, pattern: ImmutableString) -> Answer<Array> {
    let found = |regex: &regex::Regex| {
        let found = regex.find_iter(text);
        found
            .map(|found| Dynamic::from(ImmutableString::from(found.as_str())))
            .collect()
    };
    with_pattern(&context, &pattern, found)
}

fn with_pattern<T>(
    context: &NativeCallContext<'_>,
    pattern: &str,
    work: impl FnOnce(&regex::Regex) -> T,
) -> Answer<T> {
    let patterns = context.tag();
    let patterns = patterns.and_then(|tag| tag.read_lock::<ScriptPatterns>());
    match patterns.as_deref().and_then(|all| all.get(pattern)) {
        Some(regex) => Ok(work(regex)),
        None => fault("a pattern must stand in the script as a text, so that it is read once"),
    }
}
