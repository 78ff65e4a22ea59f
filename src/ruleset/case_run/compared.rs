//! What arrived beside what a test expects: tool calls, and JSON compared as JSON.

use serde_json::Value;

use crate::ruleset::case::ToolCall;

/// How the calls that came differ from those that are expected: for each that does its place, and
/// both as people read them.
pub(super) fn differences(
    expected: &[ToolCall],
    came: &[(String, String)],
) -> Vec<(usize, String, String)> {
    let none = || "no call".to_owned();
    let longest = expected.len().max(came.len());
    let places = (0..longest).filter_map(|at| {
        let (expected, came) = (expected.get(at), came.get(at));
        let is_same = match (expected, came) {
            (Some(expected), Some((name, arguments))) => {
                let came = Value::String(arguments.clone());
                expected.name == *name && is_same_text(&expected.arguments, &came)
            }
            _ => false,
        };
        let wanted = expected.map(|call| shown(&call.name, &call.arguments));
        let got = came.map(|(name, arguments)| {
            let value = parsed(arguments);
            let value = value.unwrap_or_else(|| Value::String(arguments.clone()));
            let like = expected.map_or(&Value::Null, |call| &call.arguments);
            shown(name, &in_order_of(like, &value))
        });
        (!is_same).then(|| (at, wanted.unwrap_or_else(none), got.unwrap_or_else(none)))
    });
    places.collect()
}

/// Whether two values are the same JSON: the order of keys and how a number is written do not count,
/// nor does either in the text of a call's `arguments`, for which a table may stand as well.
pub(super) fn is_same_json(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || (one.as_f64() == other.as_f64() && (one.is_f64() || other.is_f64()))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| is_same_json(a, b))
        }
        (Value::Object(one), Value::Object(other)) => {
            let is_same = |(key, value): (&String, &Value)| {
                let other = other.get(key);
                other.is_some_and(|other| match key.as_str() {
                    "arguments" => is_same_text(value, other),
                    _ => is_same_json(value, other),
                })
            };
            one.len() == other.len() && one.iter().all(is_same)
        }
        (one, other) => one == other,
    }
}

/// A value with its keys in the order of another, so that both read alike.
pub(super) fn in_order_of(like: &Value, value: &Value) -> Value {
    match (like, value) {
        (Value::Object(like), Value::Object(value)) => {
            let known = like.keys().filter(|key| value.contains_key(*key));
            let more = value.keys().filter(|key| !like.contains_key(*key));
            let entry = |key: &String| {
                let like = like.get(key).unwrap_or(&Value::Null);
                let own = value.get(key).unwrap_or(&Value::Null);
                (key.clone(), in_order_of(like, own))
            };
            Value::Object(known.chain(more).map(entry).collect())
        }
        (Value::Array(like), Value::Array(value)) => {
            let like = like.iter().chain(std::iter::repeat(&Value::Null));
            let items = value.iter().zip(like);
            items.map(|(own, like)| in_order_of(like, own)).collect()
        }
        (_, value) => value.clone(),
    }
}

/// As [`is_same_json`], where a text that is JSON stands for what it says.
fn is_same_text(one: &Value, other: &Value) -> bool {
    let opened = |value: &Value| match value {
        Value::String(text) => parsed(text).unwrap_or_else(|| value.clone()),
        value => value.clone(),
    };
    is_same_json(&opened(one), &opened(other))
}

/// The object or list that a text says.
fn parsed(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    (value.is_object() || value.is_array()).then_some(value)
}

fn shown(name: &str, arguments: &Value) -> String {
    format!("{name} {arguments}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_is_compared_as_json() {
        for (one, other, is_same) in [
            (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}), true),
            (json!({"a": 1}), json!({"a": 1.0}), true),
            (json!({"a": 1}), json!({"a": 2}), false),
            (json!({"a": "1"}), json!({"a": 1}), false),
            (json!([1, 2]), json!([2, 1]), false),
            (json!({"a": null}), json!({}), false),
            (
                json!(9_007_199_254_740_993_u64),
                json!(9_007_199_254_740_992_u64),
                false,
            ),
            (
                json!({"arguments": "{\"a\": 1, \"b\": []}"}),
                json!({"arguments": "{\"b\":[],\"a\":1.0}"}),
                true,
            ),
            (
                json!({"arguments": {"a": 1}}),
                json!({"arguments": "{\"a\":1}"}),
                true,
            ),
            (
                json!({"content": "{\"a\": 1}"}),
                json!({"content": "{\"a\":1}"}),
                false,
            ),
            (
                json!({"arguments": "{\"a\""}),
                json!({"arguments": "{\"a\""}),
                true,
            ),
        ] {
            assert_eq!(is_same_json(&one, &other), is_same, "{one} {other}");
            assert_eq!(is_same_json(&other, &one), is_same, "{other} {one}");
        }
        let ordered = in_order_of(
            &json!({"b": {"y": 1, "x": 1}}),
            &json!({"a": 1, "b": {"x": 1, "y": 2}}),
        );
        assert_eq!(ordered.to_string(), r#"{"b":{"y":2,"x":1},"a":1}"#);
    }
}
