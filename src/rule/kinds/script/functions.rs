//! What scripts have beside the language: functions for what is said, for times and for patterns.
//!
//! Each is a function of its arguments. What it says of a fault never quotes them.

use std::collections::BTreeSet;

use regex::Regex;
use rhai::{
    Array, Dynamic, Engine, EvalAltResult, FuncRegistration, INT, ImmutableString, Module,
    NativeCallContext, Position,
};
use serde_json::Value;

use super::values::of_value;
use super::work::{
    IN_WORDS, OF_TIME, PLAIN, SEARCHED, SPOKEN, ScriptTools, charge, charge_text, cost_of_making,
};
use crate::lang::filters::plain;
use crate::lang::hours::WeeklyHours;

/// What one of them says of a fault; it holds nothing that people said.
#[derive(Debug, Clone)]
pub(super) struct FunctionFault(pub(super) String);

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Adds them.
pub(super) fn add_to(library: &mut Module) {
    let add = |name: &str| FuncRegistration::new(name);
    add("spoken").set_into_module(library, spoken);
    add("digits").set_into_module(library, digits);
    add("shortened").set_into_module(library, shortened);
    add("date").set_into_module(
        library,
        |context: NativeCallContext<'_>, time: Dynamic, format: &str| {
            date(&context, &time, format, "UTC")
        },
    );
    add("date").set_into_module(
        library,
        |context: NativeCallContext<'_>, time: Dynamic, format: &str, zone: &str| {
            date(&context, &time, format, zone)
        },
    );
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
    add("pad").set_into_module(library, pad);
    add("pad").set_into_module(
        library,
        |context: NativeCallContext<'_>, text: &mut ImmutableString, length: INT, by: char| {
            pad(context, text, length, by.encode_utf8(&mut [0; 4]))
        },
    );
    add("trim").set_into_module(library, trim);
    add("exit").set_into_module(library, || -> Answer<()> {
        Err(EvalAltResult::Exit(Dynamic::UNIT, Position::NONE).into())
    });
}

/// Their names: what they cost they charge themselves.
pub(super) fn names() -> BTreeSet<String> {
    let mut engine = Engine::new_raw();
    let mut library = Module::new();
    add_to(&mut library);
    engine.register_global_module(library.into());
    let names =
        engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), false);
    names.into_iter().collect()
}

fn fault<T>(told: impl Into<String>) -> Answer<T> {
    let token = Dynamic::from(FunctionFault(told.into()));
    Err(EvalAltResult::ErrorRuntime(token, Position::NONE).into())
}

/// A text with its digits and symbols as words.
fn spoken(context: NativeCallContext<'_>, text: &str) -> Answer<String> {
    charge_text(&context, text, SPOKEN)?;
    Ok(plain::spoken(text))
}

/// The digits of a text alone.
fn digits(context: NativeCallContext<'_>, text: &str) -> Answer<String> {
    charge_text(&context, text, PLAIN)?;
    Ok(text.chars().filter(char::is_ascii_digit).collect())
}

/// At most so many characters, the last of them an ellipsis, cut after a word where there is one.
fn shortened(
    context: NativeCallContext<'_>,
    text: ImmutableString,
    length: INT,
) -> Answer<ImmutableString> {
    charge_text(&context, &text, PLAIN)?;
    let length = usize::try_from(length).unwrap_or(0);
    Ok(match plain::shortened(&text, length) {
        Some(short) => short.into(),
        None => text,
    })
}

/// A text without the blanks around it, in place and given back.
fn trim(context: NativeCallContext<'_>, text: &mut ImmutableString) -> Answer<ImmutableString> {
    charge_text(&context, text, PLAIN)?;
    *text = text.trim().into();
    Ok(text.clone())
}

/// `date(now, "%H:%M", "Europe/Berlin")`.
fn date(
    context: &NativeCallContext<'_>,
    time: &Dynamic,
    format: &str,
    zone: &str,
) -> Answer<String> {
    charge(context, OF_TIME + format.len())?;
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
fn within(context: NativeCallContext<'_>, time: &str, hours: &str, zone: &str) -> Answer<bool> {
    charge(&context, OF_TIME + hours.len() + time.len())?;
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
fn says(context: NativeCallContext<'_>, text: Dynamic, phrases: Array) -> Answer<bool> {
    let words_of = |value: &Dynamic| -> Answer<Vec<String>> {
        let Some(text) = value.read_lock::<ImmutableString>() else {
            return Ok(Vec::new());
        };
        charge_text(&context, &text, IN_WORDS)?;
        Ok(plain::words(&text))
    };
    let said = words_of(&text)?;
    for phrase in &phrases {
        let phrase = words_of(phrase)?;
        charge(&context, said.len() / SEARCHED)?;
        let is_said = |window: &[String]| window == phrase;
        if !phrase.is_empty() && said.windows(phrase.len()).any(is_said) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Replaces in place, and gives the text back: what a text becomes is known before it is made.
fn replace(
    context: NativeCallContext<'_>,
    text: &mut ImmutableString,
    old: &str,
    new: &str,
) -> Answer<ImmutableString> {
    charge_text(&context, text, SEARCHED)?;
    let longer = new.len().saturating_sub(old.len());
    if longer > 0 {
        let count = text.matches(old).count();
        check_length(&context, text.len() + count.saturating_mul(longer))?;
    }
    *text = text.replace(old, new).into();
    charge_text(&context, text, PLAIN)?;
    Ok(text.clone())
}

/// Makes a text so many characters long, by another that is put behind it again and again; an empty
/// one leaves it as it is.
fn pad(
    context: NativeCallContext<'_>,
    text: &mut ImmutableString,
    length: INT,
    by: &str,
) -> Answer<()> {
    let wanted = usize::try_from(length).unwrap_or(0);
    charge_text(&context, text, PLAIN)?;
    check_length(&context, wanted)?;
    let missing = wanted.saturating_sub(text.chars().count());
    if missing == 0 || by.is_empty() {
        return Ok(());
    }
    charge(&context, missing / SEARCHED)?;
    let mut padded = text.to_string();
    padded.extend(by.chars().cycle().take(missing));
    check_length(&context, padded.len())?;
    *text = padded.into();
    Ok(())
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
    charge(&context, parts.len())?;
    for (at, part) in parts.iter().enumerate() {
        check_length(&context, out.len())?;
        let Some(part) = part.read_lock::<ImmutableString>() else {
            return fault("`join` takes an array of texts, and this has something else");
        };
        out.push_str(if at > 0 { between } else { "" });
        out.push_str(&part);
    }
    charge_text(&context, &out, PLAIN)?;
    Ok(out)
}

/// A value of JSON text, such as the arguments of a tool call.
fn parse_json(context: NativeCallContext<'_>, text: &str) -> Answer<Dynamic> {
    charge_text(&context, text, SEARCHED)?;
    match serde_json::from_str::<Value>(text) {
        Ok(value) => {
            let value = of_value(&value);
            charge(&context, cost_of_making(&value))?;
            Ok(value)
        }
        Err(_) => fault("`parse_json` was given something that is no JSON"),
    }
}

fn matches(context: NativeCallContext<'_>, text: &str, pattern: ImmutableString) -> Answer<bool> {
    let regex = searched(&context, text, &pattern)?;
    Ok(regex.is_match(text))
}

/// Replaces all that a pattern finds; `$1` is a group.
fn replace_all(
    context: NativeCallContext<'_>,
    text: &str,
    pattern: ImmutableString,
    by: &str,
) -> Answer<String> {
    let regex = searched(&context, text, &pattern)?;
    let mut out = String::new();
    let mut copied = 0;
    for found in regex.captures_iter(text) {
        charge(&context, 1)?;
        let place = found.get_match().range();
        out.push_str(text.get(copied..place.start).unwrap_or_default());
        found.expand(by, &mut out);
        check_length(&context, out.len())?;
        copied = place.end;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    charge_text(&context, &out, PLAIN)?;
    Ok(out)
}

/// All that a pattern finds.
fn find_all(context: NativeCallContext<'_>, text: &str, pattern: ImmutableString) -> Answer<Array> {
    let regex = searched(&context, text, &pattern)?;
    let mut all = Array::new();
    for found in regex.find_iter(text) {
        charge(&context, 1)?;
        all.push(Dynamic::from(ImmutableString::from(found.as_str())));
    }
    Ok(all)
}

/// The pattern of a text, for a text in which it is looked for.
fn searched(context: &NativeCallContext<'_>, text: &str, pattern: &str) -> Answer<Regex> {
    charge_text(context, text, SEARCHED)?;
    let tools = context.tag();
    let tools = tools.and_then(|tag| tag.read_lock::<ScriptTools>());
    match tools
        .as_deref()
        .and_then(|tools| tools.patterns.get(pattern))
    {
        // A clone shares what was compiled.
        Some(regex) => Ok(regex.clone()),
        None => fault("a pattern must stand in the script as a text, so that it is read once"),
    }
}
