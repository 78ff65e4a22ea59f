//! A tool that a rule adds: its name, and its parameters as a JSON Schema.
//!
//! The schema is read for what providers refuse, not judged as a whole: a keyword that nobody knows
//! may be one of the upstream's own.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::files::Faults;
use crate::files::problem::nearest;

/// The longest name that a tool may have, as OpenAI has it.
const LONGEST_NAME: usize = 64;

/// What a name may be.
pub(super) const NAME_HELP: &str =
    "a name has up to 64 letters, digits, `_` and `-`, as in `endCall`";

/// The types of JSON Schema.
const TYPES: &[&str] = &[
    "object", "array", "string", "number", "integer", "boolean", "null",
];

/// The keywords whose misspelling is worth telling.
const KEYWORDS: &[&str] = &[
    "type",
    "properties",
    "required",
    "description",
    "items",
    "enum",
    "additionalProperties",
    "anyOf",
    "oneOf",
    "allOf",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "default",
    "title",
    "const",
    "$ref",
    "$defs",
    "examples",
];

/// A tool as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddedToolFields {
    /// The tool's name, as the client knows it.
    name: String,
    /// What it does, for the model.
    description: Option<String>,
    /// What it is called with, a JSON Schema of an object. Default: nothing.
    parameters: Option<Map<String, Value>>,
    /// Whether the model must keep to the schema word by word.
    strict: Option<bool>,
}

/// A tool, as it goes upstream.
#[derive(Debug)]
pub(super) struct AddedTool {
    pub(super) name: String,
    pub(super) json: String,
}

impl AddedToolFields {
    /// The tool at a place of the list; none: something is wrong with it.
    pub(super) fn read(self, at: usize, faults: &mut Faults) -> Option<AddedTool> {
        let mut wrong: Vec<Wrong> = Vec::new();
        let path = |field: &str| format!("add.{at}.{field}");
        if !is_name(&self.name) {
            let message = format!("`{}` is no name of a tool", self.name);
            wrong.push((path("name"), message, Some(NAME_HELP.to_owned())));
        }
        let nothing = || {
            Map::from_iter([
                ("type".to_owned(), "object".into()),
                ("properties".to_owned(), json!({})),
            ])
        };
        let parameters = self.parameters.unwrap_or_else(nothing);
        if parameters.get("type") != Some(&"object".into()) {
            let message = format!("the parameters of `{}` are no object", self.name);
            let help = "write `type = \"object\"` in them".to_owned();
            wrong.push((path("parameters"), message, Some(help)));
        }
        let parameters = Value::Object(parameters);
        let of = format!("`{}`", self.name);
        check(&parameters, &of, &path("parameters"), &mut wrong);
        if self.strict == Some(true) && !is_strict(&parameters) {
            let message = format!("`{}` is strict, and its parameters are not", self.name);
            let help =
                "write `additionalProperties = false`, and name all properties in `required`";
            wrong.push((path("strict"), message, Some(help.to_owned())));
        }
        let is_wrong = !wrong.is_empty();
        for (path, message, help) in wrong {
            faults.add_within(&path, None, message, help);
        }
        let mut function = Map::new();
        function.insert("name".to_owned(), self.name.clone().into());
        if let Some(description) = self.description {
            function.insert("description".to_owned(), description.into());
        }
        function.insert("parameters".to_owned(), parameters);
        if let Some(strict) = self.strict {
            function.insert("strict".to_owned(), strict.into());
        }
        (!is_wrong).then(|| AddedTool {
            name: self.name,
            json: json!({ "type": "function", "function": function }).to_string(),
        })
    }
}

/// Whether a tool may have this name.
pub(super) fn is_name(name: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "_-".contains(sign);
    !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(is_sign)
}

/// Whether an object's schema is as a strict tool needs it (OpenAI's structured outputs).
fn is_strict(schema: &Value) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &String| {
        let mut required = required.into_iter().flatten();
        required.any(|known| known.as_str() == Some(name))
    };
    let mut names = properties.into_iter().flatten().map(|(name, _)| name);
    schema.get("additionalProperties") == Some(&false.into()) && names.all(is_required)
}

/// The field, what is wrong with it, and what to write.
type Wrong = (String, String, Option<String>);

/// What is wrong with a schema; `of`: whose it is, for messages, `path`: where it stands.
fn check(schema: &Value, of: &str, path: &str, wrong: &mut Vec<Wrong>) {
    let Some(schema) = schema.as_object() else {
        if !schema.is_boolean() {
            wrong.push((
                path.to_owned(),
                format!("the schema of {of} is no table"),
                None,
            ));
        }
        return;
    };
    for key in schema
        .keys()
        .filter(|key| !KEYWORDS.contains(&key.as_str()))
    {
        if let Some(near) = nearest(key, KEYWORDS.iter().copied()) {
            let help = Some(format!("did you mean `{near}`?"));
            let message = format!("`{key}` in the schema of {of} is no keyword");
            wrong.push((format!("{path}.{key}"), message, help));
        }
    }
    check_type(schema, of, path, wrong);
    check_properties(schema, of, path, wrong);
    if schema.get("type") == Some(&"array".into()) && !schema.contains_key("items") {
        let help = Some("say what it holds, as in `items = { type = \"string\" }`".to_owned());
        let message = format!("{of} is an array and has no `items`");
        wrong.push((path.to_owned(), message, help));
    }
    if let Some(items) = schema.get("items") {
        let path = format!("{path}.items");
        check(items, &format!("the items of {of}"), &path, wrong);
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        let schemas = schema.get(key).and_then(Value::as_array);
        for (at, schema) in schemas.into_iter().flatten().enumerate() {
            check(schema, of, &format!("{path}.{key}.{at}"), wrong);
        }
    }
    let is_no_list = |list: &Value| list.as_array().is_none_or(Vec::is_empty);
    if schema.get("enum").is_some_and(is_no_list) {
        let help = Some("list the values, as in `enum = [\"yes\", \"no\"]`".to_owned());
        let message = format!("the `enum` of {of} has no values");
        wrong.push((format!("{path}.enum"), message, help));
    }
}

fn check_type(schema: &Map<String, Value>, of: &str, path: &str, wrong: &mut Vec<Wrong>) {
    let named = match schema.get("type") {
        None => return,
        Some(Value::Array(types)) => types.iter().collect(),
        Some(name) => vec![name],
    };
    for name in named {
        let name = name.as_str().unwrap_or_default();
        if !TYPES.contains(&name) {
            let message = format!("`{name}` is no type of JSON, as {of} has it");
            let help = match nearest(name, TYPES.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("types are {}", TYPES.join(", ")),
            };
            wrong.push((format!("{path}.type"), message, Some(help)));
        }
    }
}

fn check_properties(schema: &Map<String, Value>, of: &str, path: &str, wrong: &mut Vec<Wrong>) {
    let properties = schema.get("properties");
    if properties.is_some_and(|properties| !properties.is_object()) {
        let message = format!("the `properties` of {of} are no table");
        wrong.push((format!("{path}.properties"), message, None));
    }
    let properties = properties.and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let path = format!("{path}.properties.{name}");
        check(property, &format!("`{name}` of {of}"), &path, wrong);
    }
    let required = match schema.get("required") {
        None => return,
        Some(Value::Array(required)) => required,
        Some(_) => {
            let help = Some("list the names, as in `required = [\"city\"]`".to_owned());
            let message = format!("the `required` of {of} is no list");
            return wrong.push((format!("{path}.required"), message, help));
        }
    };
    for (at, name) in required.iter().enumerate() {
        let name = name.as_str().unwrap_or_default();
        if !properties.is_some_and(|properties| properties.contains_key(name)) {
            let names = properties.into_iter().flatten();
            let near = nearest(name, names.map(|(name, _)| name.as_str()));
            let message = format!("`{name}` is required of {of}, and is none of its properties");
            let help = near.map(|near| format!("did you mean `{near}`?"));
            wrong.push((format!("{path}.required.{at}"), message, help));
        }
    }
}
