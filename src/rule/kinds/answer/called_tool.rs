//! `call`: the tool that is called, and what it is called with.

use bytestring::ByteString;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::chat::{ChatRequest, Role, json};
use crate::files::Faults;
use crate::lang::facts::Facts;
use crate::lang::template::{Template, TemplateError};
use crate::rule::OwnCall;

/// The longest name that a tool may have, as OpenAI has it.
const LONGEST_NAME: usize = 64;

/// The tool as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CalledToolFields {
    /// The tool's name, as the client knows it.
    name: String,
    /// What it is called with; every text in it is a template. Default: nothing, `{}`.
    #[serde(default)]
    arguments: Map<String, Value>,
}

/// A tool, with templates for what it is called with.
#[derive(Debug)]
pub struct CalledTool {
    name: String,
    arguments: ArgumentTemplate,
}

/// A value of JSON in which texts are templates.
#[derive(Debug)]
enum ArgumentTemplate {
    Text(Template),
    List(Vec<ArgumentTemplate>),
    Table(Vec<(String, ArgumentTemplate)>),
    /// As it is written.
    Plain(Value),
}

impl CalledToolFields {
    /// The tool; none: something is wrong with it.
    pub(super) fn read(self, faults: &mut Faults) -> Option<CalledTool> {
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "_-".contains(sign);
        let is_name = !self.name.is_empty()
            && self.name.len() <= LONGEST_NAME
            && self.name.chars().all(is_sign);
        if !is_name {
            let message = format!("`{}` is no name of a tool", self.name);
            let help = format!(
                "a name has up to {LONGEST_NAME} letters, digits, `_` and `-`, as in `endCall`; it is no template"
            );
            faults.add_within("call.name", None, message, Some(help));
        }
        let arguments = Value::Object(self.arguments);
        let arguments = ArgumentTemplate::read(arguments, "call.arguments", faults)?;
        is_name.then_some(CalledTool {
            name: self.name,
            arguments,
        })
    }
}

impl CalledTool {
    /// The tool's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The templates in its arguments.
    pub(super) fn templates(&self) -> Vec<&Template> {
        let mut templates = Vec::new();
        self.arguments.gather(&mut templates);
        templates
    }

    /// The call for these facts.
    pub(super) fn fill(&self, facts: &Facts) -> Result<OwnCall, TemplateError> {
        let mut arguments = String::new();
        self.arguments.write(facts, &mut arguments)?;
        Ok(OwnCall {
            tool: self.name.clone(),
            arguments,
        })
    }
}

impl ArgumentTemplate {
    /// Reads a value at a path of fields.
    fn read(value: Value, path: &str, faults: &mut Faults) -> Option<ArgumentTemplate> {
        Some(match value {
            Value::String(text) => match Template::parse(&text) {
                Ok(template) => ArgumentTemplate::Text(template),
                Err(error) => {
                    faults.add_within(path, error.range, error.message, error.help);
                    return None;
                }
            },
            Value::Array(items) => {
                let items = items.into_iter().enumerate();
                let read = items.map(|(at, item)| {
                    ArgumentTemplate::read(item, &format!("{path}.{at}"), faults)
                });
                // All are read, so that all that is wrong is told.
                let read: Vec<_> = read.collect();
                ArgumentTemplate::List(read.into_iter().collect::<Option<_>>()?)
            }
            Value::Object(entries) => {
                // What the parser of TOML hands over for a date or a time.
                if let Some(Value::String(time)) = entries.get("$__toml_private_datetime") {
                    return Some(ArgumentTemplate::Plain(time.clone().into()));
                }
                let entries = entries.into_iter();
                let read = entries.map(|(key, value)| {
                    let value = ArgumentTemplate::read(value, &format!("{path}.{key}"), faults)?;
                    Some((key, value))
                });
                let read: Vec<_> = read.collect();
                ArgumentTemplate::Table(read.into_iter().collect::<Option<_>>()?)
            }
            plain => ArgumentTemplate::Plain(plain),
        })
    }

    fn gather<'t>(&'t self, templates: &mut Vec<&'t Template>) {
        match self {
            ArgumentTemplate::Text(template) => templates.push(template),
            ArgumentTemplate::List(items) => items.iter().for_each(|item| item.gather(templates)),
            ArgumentTemplate::Table(entries) => {
                entries.iter().for_each(|(_, item)| item.gather(templates));
            }
            ArgumentTemplate::Plain(_) => {}
        }
    }

    /// Writes the value as JSON.
    fn write(&self, facts: &Facts, out: &mut String) -> Result<(), TemplateError> {
        match self {
            ArgumentTemplate::Text(template) => {
                json::encode_into(&template.render(facts)?, out);
            }
            ArgumentTemplate::Plain(value) => out.push_str(&value.to_string()),
            ArgumentTemplate::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    item.write(facts, out)?;
                }
                out.push(']');
            }
            ArgumentTemplate::Table(entries) => {
                out.push('{');
                for (at, (key, item)) in entries.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    json::encode_into(key, out);
                    out.push(':');
                    item.write(facts, out)?;
                }
                out.push('}');
            }
        }
        Ok(())
    }
}

/// Whether a request declares a tool of this name, as a tool or as a function of older clients.
pub(super) fn declares(request: &ChatRequest, tool: &str) -> bool {
    let list = |field: &str| items(request.field(field));
    list("tools").iter().any(|item| is_of_function(item, tool))
        || list("functions").iter().any(|item| is_named(item, tool))
}

/// Whether a tool of this name was called since the caller spoke: its result is what came now.
pub(super) fn was_called(request: &ChatRequest, tool: &str) -> bool {
    let messages = request.messages().iter().rev();
    let mut messages = messages.take_while(|message| message.role() != Role::User);
    messages.any(|message| {
        let calls = items(message.field("tool_calls"));
        message.role() == Role::Assistant
            && (calls.iter().any(|call| is_of_function(call, tool))
                || message
                    .field("function_call")
                    .is_some_and(|call| is_named(call, tool)))
    })
}

fn items(list: Option<&ByteString>) -> Vec<ByteString> {
    let items = list.and_then(|list| json::items(list).ok());
    items.unwrap_or_default()
}

/// Whether a tool, or a call of one, is of the function with this name.
fn is_of_function(item: &ByteString, name: &str) -> bool {
    json::get(item, "function").is_some_and(|function| is_named(&function, name))
}

fn is_named(function: &ByteString, name: &str) -> bool {
    let own = json::get(function, "name").and_then(|own| json::decode_shared(&own));
    own.is_some_and(|own| &*own == name)
}
