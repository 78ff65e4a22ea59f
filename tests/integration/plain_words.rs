//! What people read when a value is of the wrong type: no word of it is a programmer's. Every field of
//! rules and config is tried; the schemas say which there are.

use aside::config::{Config, Overrides};
use aside::files::{Problem, Source};
use aside::ruleset::{Ruleset, rule_schema};
use serde_json::Value;

/// Values of every type that TOML has.
const VALUES: &[&str] = &[
    "3",
    "-1",
    "300",
    "99999999999999999999",
    "1.5",
    "true",
    "\"\"",
    "\"some words\"",
    "2026-11-22",
    "[]",
    "[1]",
    "[\"x\"]",
    "[[]]",
    "[{ a = 1 }]",
    "{}",
    "{ a = 1 }",
    "{ a = { b = [true] } }",
];

/// What only programmers say.
const FOREIGN: &[&str] = &[
    "invalid type",
    "invalid value",
    "invalid length",
    "expected",
    "variant",
    "missing field",
    "sequence",
    "integer `",
    "a map",
    "string \"",
    "struct",
    "tuple",
    "enum",
    "u8",
    "u16",
    "u32",
    "u64",
    "usize",
    "i64",
    "f64",
    "bool",
    "serde",
    "Some(",
    "None",
    "unwrap",
    "os error",
    "parse error",
    "syntax error",
    "invalid socket",
    "table key",
    "something else",
];

/// A field, as the keys to it; `NAME` stands for any name.
fn fields(schema: &Value, path: &[String], found: &mut Vec<Vec<String>>) {
    let joined = |key: &str| [path, &[key.to_owned()]].concat();
    if !path.is_empty() {
        found.push(path.to_vec());
    }
    for (name, below) in schema["properties"].as_object().into_iter().flatten() {
        fields(below, &joined(name), found);
    }
    if schema["additionalProperties"].is_object() {
        fields(&schema["additionalProperties"], &joined("NAME"), found);
    }
    let items = &schema["items"];
    if items["properties"].is_object() {
        fields(items, &joined("[]"), found);
    }
}

/// A file in which the field has a value.
fn file(path: &[String], value: &str) -> String {
    let mut text = value.to_owned();
    for (at, key) in path.iter().enumerate().rev() {
        text = match (key.as_str(), at) {
            ("[]", _) => format!("[{text}]"),
            (_, 0) => format!("{key} = {text}\n"),
            _ => format!("{{ {key} = {text} }}"),
        };
    }
    text
}

#[track_caller]
fn plain(text: &str, problems: &[Problem]) {
    for problem in problems {
        let told = format!(
            "{} {}",
            problem.message,
            problem.help.as_deref().unwrap_or_default()
        );
        for word in FOREIGN {
            assert!(!told.contains(word), "`{word}` in: {told}\n{text}");
        }
        assert!(problem.line > 0 && problem.column > 0, "{told}");
    }
}

#[test]
fn a_wrong_value_of_any_rule_field_is_told_in_plain_words() {
    let mut all = Vec::new();
    fields(&rule_schema(), &[], &mut all);
    assert!(all.len() > 40, "{all:?}");
    for path in &all {
        for value in VALUES {
            let mut text = file(path, value);
            if path[0] != "about" {
                text.push_str("about = \"x\"\n");
            }
            if path[0] != "then" {
                text.push_str("[then.inject]\ntext = \"x\"\n");
            }
            let (_, problems) = Ruleset::check(vec![Source::new("a.toml", &*text)], &|_| None);
            plain(&text, &problems);
        }
    }
}

#[test]
fn a_wrong_value_of_any_config_field_is_told_in_plain_words_and_quotes_no_text() {
    let mut all = Vec::new();
    fields(&Config::schema(), &[], &mut all);
    assert!(all.len() > 60, "{all:?}");
    for path in &all {
        for value in VALUES {
            let text = file(path, value);
            let source = aside::config::source("aside.toml", &*text);
            let (_, problems) = Config::read(&source, &Overrides::default(), &|_| None);
            plain(&text, &problems);
        }
        let text = file(path, "\"sk-live-0123456789abcdefghijklmnop\"");
        let secrets = [
            "key",
            "keys",
            "context_keys",
            "admin_keys",
            "secret",
            "secret_key",
        ];
        if path.iter().any(|key| secrets.contains(&key.as_str())) {
            let source = aside::config::source("aside.toml", &*text);
            let (_, problems) = Config::read(&source, &Overrides::default(), &|_| None);
            let told: String = problems.iter().map(ToString::to_string).collect();
            assert!(!told.contains("sk-live"), "{told}");
        }
    }
}

#[test]
fn what_is_no_toml_is_told_in_plain_words() {
    for text in [
        "about",
        "about =",
        "about = ",
        "= 3",
        "about = x",
        "about = \"x",
        "about = 'x",
        "about = \"\"\"x",
        "about = \"\\q\"",
        "about = \"\\u12\"",
        "about = [1",
        "about = [1 2]",
        "about = {a = 1",
        "about = {a = 1,, b = 2}",
        "[then",
        "[[test]",
        "[then.]",
        "about = 1 2",
        "about = 007",
        "about = 1__2",
        "about = 0xZZ",
        "about == 1",
        "about = \"a\" \"b\"",
        "about = \"Say \"hi\" now.\"",
        "about = 'it's'",
        "a.b.c",
        "about = nul",
        "about = \"x\"\nabout = \"y\"",
        "about = \"x\"\rx = 3",
        "about = 2026-99-99",
        "[then.inject]\n[then.inject]",
        "about = tru",
        "\u{1}",
        "about: \"x\"",
    ] {
        let (_, problems) = Ruleset::check(vec![Source::new("a.toml", text)], &|_| None);
        assert!(!problems.is_empty(), "{text}");
        plain(text, &problems);
        for word in [
            "basic string",
            "literal string",
            "key-value",
            "inline table",
            "radix",
            "unicode",
        ] {
            assert!(
                problems
                    .iter()
                    .all(|problem| !problem.message.contains(word)),
                "{text}: {problems:?}"
            );
        }
    }
}
