//! JSON Schemas of the files that people write, in the dialect that editors of TOML know.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// Makes schemas without references, for the draft that editors know best.
pub fn generator() -> SchemaGenerator {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    settings.into_generator()
}

/// A whole schema: with its title, and without what TOML has not.
pub fn finish(mut schema: Value, title: &str) -> Value {
    without_null(&mut schema);
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    schema["title"] = title.into();
    schema
}

/// TOML has no null. Defaults and sizes of numbers are told in the descriptions, where they matter.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.remove("default");
            map.remove("format");
            let is_null = |choice: &Value| *choice == "null" || choice["type"] == "null";
            for key in ["type", "anyOf"] {
                let Some(Value::Array(choices)) = map.get_mut(key) else {
                    continue;
                };
                choices.retain(|choice| !is_null(choice));
                let [only] = choices.as_slice() else { continue };
                let only = only.clone();
                map.remove(key);
                match only {
                    Value::Object(only) => only.into_iter().for_each(|(name, value)| {
                        map.entry(name).or_insert(value);
                    }),
                    only => {
                        map.insert(key.to_owned(), only);
                    }
                }
            }
            map.iter_mut()
                .filter(|(name, _)| *name != "properties")
                .for_each(|(_, value)| without_null(value));
            let properties = map.get_mut("properties").and_then(Value::as_object_mut);
            properties
                .into_iter()
                .flat_map(|properties| properties.values_mut())
                .for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}
