//! Content that is no string: parts, as Mistral's models that think send them.
//!
//! Their texts are the content. Of other parts (images, references) nothing is said.

use serde_json::Value;

/// The texts of some parts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// What is said.
    pub(super) said: String,
    /// What is only thought.
    pub(super) thought: String,
}

impl Parts {
    /// Those of a value of `content` that is no string and not `null`.
    pub(super) fn of(content: &str) -> Parts {
        let mut parts = Parts::default();
        match serde_json::from_str(content) {
            Ok(Value::Array(items)) => items.iter().for_each(|item| parts.add(item)),
            Ok(part @ Value::Object(_)) => parts.add(&part),
            // A number is said as it is written.
            Ok(Value::Number(_)) => parts.said.push_str(content),
            _ => {}
        }
        parts
    }

    fn add(&mut self, part: &Value) {
        let kind = part["type"].as_str().unwrap_or_default();
        let is_thought = kind.contains("think") || kind.contains("reason");
        let names = match is_thought {
            true => ["thinking", "reasoning", "text", "summary"],
            false => ["text", "refusal", "output_text", "content"],
        };
        let mut values = names.iter().filter_map(|name| part.get(name));
        let text = match part {
            Value::String(text) => text.clone(),
            _ => values.next().map(text_of).unwrap_or_default(),
        };
        match is_thought {
            true => self.thought.push_str(&text),
            false => self.said.push_str(&text),
        }
    }
}

/// The texts of a value, one after the other: a text, an object that holds one, or a list of those.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text_of).collect(),
        Value::Object(_) => {
            let mut inner = ["text", "value", "content"]
                .iter()
                .filter_map(|name| value.get(name));
            inner.next().map(text_of).unwrap_or_default()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_parts_are_what_is_said_and_thoughts_are_not() {
        for (content, said, thought) in [
            (
                r#"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#,
                "ab",
                "",
            ),
            (
                r#"[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"}]"#,
                "a",
                "hm",
            ),
            (r#"[{"type":"reasoning","text":"hm"}]"#, "", "hm"),
            (r#"{"type":"text","text":"a"}"#, "a", ""),
            (r#"[{"type":"text","text":{"value":"a"}}]"#, "a", ""),
            (
                r#"[{"type":"output_text","text":"a"},"b",{"text":"c"}]"#,
                "abc",
                "",
            ),
            (r#"[{"type":"image_url","image_url":{"url":"x"}}]"#, "", ""),
            ("[]", "", ""),
            ("1e2", "1e2", ""),
            ("true", "", ""),
        ] {
            let parts = Parts::of(content);
            assert_eq!(
                (&*parts.said, &*parts.thought),
                (said, thought),
                "{content}"
            );
        }
    }
}
