//! `aside schema`: what works is valid, what is misspelt is not, and every field is documented.

use std::fs;
use std::path::Path;

use aside::rule::KINDS;
use serde_json::Value;

use crate::aside::Setup;

fn schema(of: &str) -> Value {
    let finished = Setup::default().run(&["schema", of], "");
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    serde_json::from_str(&finished.stdout).expect("JSON")
}

fn toml(text: &str) -> Value {
    toml::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Whether a value is what a schema says. Only what the schemas use is known here.
fn is_valid(value: &Value, schema: &Value) -> bool {
    let Value::Object(rules) = schema else {
        return *schema == Value::Bool(true);
    };
    rules
        .iter()
        .all(|(rule, said)| match (rule.as_str(), value) {
            ("$schema" | "title" | "description", _) => true,
            ("type", _) => is_of_type(value, said.as_str().expect("one type")),
            ("const", _) => value == said,
            ("enum", _) => said.as_array().expect("a list").contains(value),
            ("oneOf" | "anyOf", _) => {
                let choices = said.as_array().expect("a list").iter();
                choices.filter(|choice| is_valid(value, choice)).count() > 0
            }
            ("minimum", Value::Number(number)) => number.as_f64() >= said.as_f64(),
            ("maximum", Value::Number(number)) => number.as_f64() <= said.as_f64(),
            ("items", Value::Array(items)) => items.iter().all(|item| is_valid(item, said)),
            ("required", Value::Object(map)) => {
                let mut names = said.as_array().expect("a list").iter();
                names.all(|name| map.contains_key(name.as_str().expect("a name")))
            }
            ("minProperties", Value::Object(map)) => {
                map.len() as u64 >= said.as_u64().expect("a number")
            }
            ("maxProperties", Value::Object(map)) => {
                map.len() as u64 <= said.as_u64().expect("a number")
            }
            ("properties", Value::Object(map)) => {
                map.iter().all(|(name, value)| match said.get(name) {
                    Some(schema) => is_valid(value, schema),
                    None => true,
                })
            }
            ("additionalProperties", Value::Object(map)) => map
                .iter()
                .filter(|(name, _)| {
                    rules
                        .get("properties")
                        .is_none_or(|known| known.get(*name).is_none())
                })
                .all(|(_, value)| is_valid(value, said)),
            (
                "minimum"
                | "maximum"
                | "items"
                | "required"
                | "properties"
                | "additionalProperties"
                | "minProperties"
                | "maxProperties",
                _,
            ) => true,
            (rule, _) => panic!("the validator does not know `{rule}`"),
        })
}

fn is_of_type(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the validator does not know the type `{other}`"),
    }
}

/// The value with each key renamed in turn, but for keys that anybody may name.
fn misspelt(value: &Value, schema: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                let known = schema.get("properties").and_then(|known| known.get(name));
                if known.is_some() && schema["additionalProperties"] == false {
                    let mut other = map.clone();
                    other.remove(name);
                    other.insert(format!("{name}x"), inner.clone());
                    found.push((name.clone(), Value::Object(other)));
                }
                let below = known
                    .or(schema.get("additionalProperties"))
                    .unwrap_or(&Value::Null);
                for (path, inner) in misspelt(inner, below) {
                    let mut other = map.clone();
                    other.insert(name.clone(), inner);
                    found.push((format!("{name}.{path}"), Value::Object(other)));
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                for (path, item) in misspelt(item, &schema["items"]) {
                    let mut other = items.clone();
                    other[at] = item;
                    found.push((path, Value::Array(other)));
                }
            }
        }
        _ => {}
    }
    found
}

#[track_caller]
fn check(text: &str, schema: &Value) {
    let value = toml(text);
    assert!(is_valid(&value, schema), "{text}");
    let misspelt = misspelt(&value, schema);
    assert!(!misspelt.is_empty(), "{text}");
    for (path, value) in misspelt {
        assert!(!is_valid(&value, schema), "`{path}` misspelt in {text}");
    }
}

fn files(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let texts = paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    texts
        .map(|path| fs::read_to_string(path).expect("a file"))
        .collect()
}

/// The README's blocks of TOML.
fn readme() -> Vec<&'static str> {
    let text = include_str!("../../README.md");
    let blocks = text.split("\n```toml\n").skip(1);
    blocks
        .filter_map(|rest| rest.split("\n```").next())
        .collect()
}

#[test]
fn every_rule_that_works_is_valid_and_none_that_is_misspelt() {
    let schema = schema("rule");
    for kind in KINDS {
        check(kind.example, &schema);
        check(kind.starter, &schema);
    }
    let shipped = [files("rules"), files("examples/crm/rules")].concat();
    assert!(shipped.len() >= 5);
    shipped.iter().for_each(|rule| check(rule, &schema));
    let shown = readme().into_iter().filter(|text| text.contains("[then."));
    assert!(shown.map(|rule| check(rule, &schema)).count() >= 2);
    for wrong in [
        "about = \"x\"",
        "about = \"x\"\n[then]",
        "[then.inject]\ntext = \"a\"",
        "about = \"x\"\n[then.inject]\ntext = \"a\"\n[then.redact]\nfind = [\"card\"]",
        "about = \"x\"\n[then.redact]\nfind = [\"crad\"]",
        "about = \"x\"\npercent = 101\n[then.inject]\ntext = \"a\"",
        "about = \"x\"\n[then.inject]\ntext = \"a\"\nplace = \"tial\"",
        "about = \"x\"\n[then.inject]\ntext = \"a\"\n[[test]]\nname = \"t\"\ngiven = { custmer = 3 }",
    ] {
        assert!(!is_valid(&toml(wrong), &schema), "{wrong}");
    }
}

#[test]
fn every_config_that_is_shown_is_valid_and_every_field_is_shown() {
    let schema = schema("config");
    for text in readme()
        .into_iter()
        .filter(|text| !text.contains("rules/") || text.contains("[upstream"))
    {
        check(text, &schema);
    }
    let example = include_str!("../../aside.example.toml");
    check(example, &schema);
    // What is commented out is a field too.
    let lines = example.lines().skip(2);
    let whole: Vec<&str> = lines
        .map(|line| line.strip_prefix("# ").unwrap_or(line))
        .collect();
    let whole = whole.join("\n");
    check(&whole, &schema);
    let shown = toml(&whole);
    let known = &schema["properties"];
    for (table, schema) in [
        ("", known),
        (
            "/upstream/main",
            &known["upstream"]["additionalProperties"]["properties"],
        ),
        (
            "/route/default",
            &known["route"]["additionalProperties"]["properties"],
        ),
        ("/context", &known["context"]["properties"]),
        ("/fetch", &known["fetch"]["properties"]),
        ("/limits", &known["limits"]["properties"]),
        ("/record", &known["record"]["properties"]),
        ("/trace", &known["trace"]["properties"]),
        ("/admin", &known["admin"]["properties"]),
        ("/log", &known["log"]["properties"]),
    ] {
        for name in schema.as_object().expect("fields").keys() {
            let path = format!("{table}/{name}");
            assert!(
                shown.pointer(&path).is_some(),
                "`{path}` is not in aside.example.toml"
            );
        }
    }
}

#[test]
fn every_field_is_documented() {
    fn undocumented(schema: &Value, path: &str, found: &mut Vec<String>) {
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}/{name}");
            if field["description"].as_str().is_none_or(str::is_empty) && !path.contains("/given/")
            {
                found.push(path.clone());
            }
            undocumented(field, &path, found);
        }
        for key in ["items", "additionalProperties"] {
            if let Some(below) = schema.get(key) {
                undocumented(below, path, found);
            }
        }
    }
    for of in ["rule", "config"] {
        let mut found = Vec::new();
        undocumented(&schema(of), "", &mut found);
        assert!(found.is_empty(), "{of}: {found:?}");
    }
    assert_eq!(Setup::default().run(&["schema", "rules"], "").code, Some(2));
}
