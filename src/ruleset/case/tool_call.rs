//! A call of a tool, as a test writes it.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::plain::PlainJson;

/// One call of a tool.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::ruleset) struct ToolCall {
    /// The tool's name.
    pub(in crate::ruleset) name: String,
    /// What it is called with: a table, or a text as the model writes it. Default: nothing, `{}`.
    #[serde(default = "nothing", deserialize_with = "arguments")]
    #[schemars(schema_with = "table_or_text")]
    pub(in crate::ruleset) arguments: Value,
}

impl ToolCall {
    /// The arguments as text on the wire.
    pub(in crate::ruleset) fn text(&self) -> String {
        match &self.arguments {
            Value::String(text) => text.clone(),
            table => table.to_string(),
        }
    }
}

fn table_or_text(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [{ "type": "object" }, { "type": "string" }] })
}

fn nothing() -> Value {
    Value::Object(serde_json::Map::new())
}

fn arguments<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let mut value = Value::deserialize(deserializer)?;
    value.make_plain();
    match value {
        Value::Object(_) | Value::String(_) => Ok(value),
        _ => Err(D::Error::custom(
            "the arguments of a call are a table, as in `{ card = \"[CARD_1]\" }`, or the text that the model writes",
        )),
    }
}
