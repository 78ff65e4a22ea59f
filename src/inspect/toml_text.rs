//! JSON values as TOML: what a `[[test]]` is written with.

use serde_json::{Map, Value};

/// A value. TOML has no null: entries that have none are left out.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::Null => "\"\"".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => written_text(text),
        Value::Array(items) => {
            let items = items.iter().filter(|item| !item.is_null()).map(written);
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Value::Object(entries) => {
            let entries = entries.iter().filter(|(_, value)| !value.is_null());
            let entries =
                entries.map(|(key, value)| format!("{} = {}", key_of(key), written(value)));
            match entries.collect::<Vec<_>>().join(", ") {
                none if none.is_empty() => "{}".to_owned(),
                entries => format!("{{ {entries} }}"),
            }
        }
    }
}

/// The entries of a table, each in its line where it is a list of tables.
pub(super) fn written_entries(entries: &Map<String, Value>) -> String {
    let entries = entries.iter().filter(|(_, value)| !value.is_null());
    let entries = entries.map(|(key, value)| match value {
        Value::Array(items) if items.iter().any(Value::is_object) => {
            format!("{} = {}", key_of(key), listed(items))
        }
        value => format!("{} = {}", key_of(key), written(value)),
    });
    format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
}

/// A list with each item in its line.
pub(super) fn listed(items: &[Value]) -> String {
    let items = items.iter().filter(|item| !item.is_null());
    let lines = items.map(|item| format!("  {},\n", written(item)));
    format!("[\n{}]", lines.collect::<String>())
}

/// A text in quotes.
pub(super) fn written_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for sign in text.chars() {
        match sign {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            sign if sign.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(sign))),
            sign => out.push(sign),
        }
    }
    out.push('"');
    out
}

fn key_of(key: &str) -> String {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "_-".contains(sign);
    match !key.is_empty() && key.chars().all(is_plain) {
        true => key.to_owned(),
        false => written_text(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_reads_as_it_was() {
        let value = json!({
            "a": [1, -2.5, true, "x\"y\\z\n\t\u{1}\u{7f}ü"],
            "b c": { "d": {}, "e": [], "+1": "plus" },
            "nested": [{ "role": "user", "content": "hi" }],
        });
        let in_lines = written_entries(value.as_object().expect("a table"));
        for text in [written(&value), in_lines] {
            let text = format!("it = {text}");
            let read: toml::Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
            let read = serde_json::to_value(&read["it"]).expect("JSON");
            assert_eq!(read, value);
        }
        assert_eq!(
            written(&json!({ "a": null, "b": [null, 1] })),
            "{ b = [1] }"
        );
    }
}
