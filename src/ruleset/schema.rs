//! The JSON Schema of a rule file, for editors. The kinds are those of the list.

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::head::RuleHead;
use crate::fetch::section::Fetch;
use crate::files::schema;
use crate::rule::{KINDS, Kind};

/// The schema of a rule file.
pub fn rule_schema() -> Value {
    schema_with(&KINDS.iter().collect::<Vec<_>>())
}

/// The schema of a rule file that has one kind.
pub(super) fn rule_schema_of(kind: &Kind) -> Value {
    schema_with(&[kind])
}

fn schema_with(kinds: &[&Kind]) -> Value {
    let mut generator = schema::generator();
    let kinds: Map<String, Value> = kinds
        .iter()
        .map(|kind| (kind.name.to_owned(), (kind.schema)(&mut generator).into()))
        .collect();
    let fetch = Fetch::schema(&mut generator);
    let mut rule: Value = RuleHead::json_schema(&mut generator).into();
    rule["properties"]["then"] = json!({
        "description": "What the rule does: exactly one kind.",
        "type": "object",
        "properties": kinds,
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
    });
    rule["properties"]["fetch"] = json!({
        "description": "Facts over HTTP, each with its name.",
        "type": "object",
        "additionalProperties": fetch,
    });
    rule["properties"]["on_error"]["description"] = on_error().into();
    rule["required"] = json!(["about", "then"]);
    schema::finish(rule, "A rule of aside")
}

fn on_error() -> String {
    let closed = KINDS.iter().filter(|kind| kind.fails_closed);
    let closed: Vec<&str> = closed.map(|kind| kind.name).collect();
    format!(
        "What happens where it fails. Default: `fail` for {}, `skip` for the rest.",
        closed.join(" and ")
    )
}
