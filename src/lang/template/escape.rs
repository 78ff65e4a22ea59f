//! What becomes of the values in a template, by where its text goes.
//!
//! In a prompt, a URL, JSON and a header a value can end nothing and begin nothing: it is data
//! there. In the last three no value can spell `${`, so what stands for a secret is not forged
//! either.

use std::sync::OnceLock;

use minijinja::{
    AutoEscape, Environment, Error, Output, State, UndefinedBehavior, escape_formatter,
    syntax::SyntaxConfig,
    value::{Kwargs, Value, ValueKind},
};

use super::{DEPTH, STEPS, prompt, trusted};
use crate::lang::filters::{self, FilterError};

/// Where the text of a template goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escaping {
    /// Where exact text is needed: values stay as they are.
    Text,
    /// To a model, among the author's words: of a value, nothing passes for them.
    Prompt,
    /// Into a URL: of a value, only letters, digits and `-._~` stay as they are.
    Url,
    /// Into JSON: values are escaped as between quotes; `tojson` gives a whole value.
    Json,
    /// Into a header: a value with a line break fails.
    Header,
    /// In the place of a match of a regular expression, as [`Escaping::Text`]: of a value, no `$`
    /// names a group.
    Replacement,
    /// The same, to a model.
    PromptReplacement,
}

/// What all templates of one kind share, by the kind: made of constants alone, and never changed.
static LANGUAGES: [OnceLock<Environment<'static>>; Escaping::PromptReplacement as usize + 1] =
    [const { OnceLock::new() }; Escaping::PromptReplacement as usize + 1];

impl Escaping {
    pub(super) fn environment(self) -> Environment<'static> {
        match LANGUAGES.get(self as usize) {
            Some(made) => made.get_or_init(|| language(self)).clone(),
            None => language(self),
        }
    }
}

fn language(escaping: Escaping) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    env.set_fuel(Some(STEPS));
    env.set_recursion_limit(DEPTH);
    // Its own reports quote the values around an error.
    env.set_debug(false);
    env.remove_global("debug");
    if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
        env.set_syntax(syntax);
    }
    filters::add_to(&mut env);
    match escaping {
        Escaping::Text => env.set_formatter(print),
        Escaping::Prompt | Escaping::PromptReplacement => {
            match escaping {
                Escaping::Prompt => env.set_formatter(print_in_prompt),
                _ => env.set_formatter(print_in_prompt_replacement),
            }
            env.add_filter("tojson", json_in_prompt);
            // What a block made is then known as safe, so it is not escaped again.
            env.set_auto_escape_callback(|_| AutoEscape::Custom("prompt".into()));
        }
        Escaping::Url => {
            env.set_formatter(print_in_url);
            // Every value is encoded, so this filter has nothing to do.
            env.add_filter("urlencode", unchanged);
        }
        Escaping::Json => {
            env.set_formatter(print_in_json);
            env.add_filter("tojson", whole_json);
        }
        Escaping::Header => env.set_formatter(print_in_header),
        Escaping::Replacement => env.set_formatter(print_in_replacement),
    }
    if escaping != Escaping::Text {
        for name in ["safe", "escape", "e"] {
            env.remove_filter(name);
        }
    }
    env
}

/// Prints a value: null as nothing, objects, lists and booleans as JSON writes them.
fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    match value.kind() {
        ValueKind::None => Ok(()),
        ValueKind::Bool | ValueKind::Map | ValueKind::Seq | ValueKind::Iterable => {
            Ok(out.write_str(&plain(value)?)?)
        }
        _ => escape_formatter(out, state, value),
    }
}

fn print_in_prompt(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    Ok(out.write_str(&in_prompt(value)?)?)
}

fn in_prompt(value: &Value) -> Result<String, Error> {
    match value.kind() {
        _ if value.is_safe() => Ok(value.to_string()),
        _ if trusted::is_whole(value) => plain(value),
        ValueKind::Map | ValueKind::Seq | ValueKind::Iterable => prompt::json(value, None),
        _ => Ok(prompt::text(&plain(value)?)),
    }
}

fn print_in_replacement(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    Ok(out.write_str(&plain(value)?.replace('$', "$$"))?)
}

fn print_in_prompt_replacement(
    out: &mut Output,
    _: &mut State,
    value: &Value,
) -> Result<(), Error> {
    Ok(out.write_str(&in_prompt(value)?.replace('$', "$$"))?)
}

fn print_in_url(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    for byte in plain(value)?.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.write_str(char::from(byte).encode_utf8(&mut [0; 1]))?;
            }
            _ => out.write_str(&format!("%{byte:02X}"))?,
        }
    }
    Ok(())
}

fn print_in_json(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    let text = plain(value)?;
    let quoted = serde_json::Value::from(text.as_str()).to_string();
    let json = match value.is_safe() {
        true => &text,
        false => quoted.get(1..quoted.len() - 1).unwrap_or_default(),
    };
    // In JSON a dollar stands only in strings, where it can be written so.
    Ok(out.write_str(&json.replace('$', "\\u0024"))?)
}

fn print_in_header(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    let text = plain(value)?;
    if text.chars().any(char::is_control) || text.contains("${") {
        return Err(FilterError::Header.into());
    }
    Ok(out.write_str(&text)?)
}

fn plain(value: &Value) -> Result<String, Error> {
    let text = match value.kind() {
        ValueKind::None => String::new(),
        ValueKind::Bool => value.is_true().to_string(),
        ValueKind::Map | ValueKind::Seq | ValueKind::Iterable => {
            return filters::json_of(value, None);
        }
        _ => value.to_string(),
    };
    Ok(text)
}

fn unchanged(value: &Value) -> Result<Value, Error> {
    Ok(value.clone())
}

fn json_in_prompt(value: &Value, indent: Option<usize>, named: Kwargs) -> Result<Value, Error> {
    let indent = filters::indent(value, indent, &named)?;
    let json = match value.is_safe() || trusted::is_whole(value) {
        true => filters::json_of(value, indent),
        false => prompt::json(value, indent),
    };
    json.map(Value::from_safe_string)
}

fn whole_json(value: &Value, indent: Option<usize>, named: Kwargs) -> Result<Value, Error> {
    filters::tojson(value, indent, named).map(Value::from_safe_string)
}

#[cfg(test)]
mod tests;
