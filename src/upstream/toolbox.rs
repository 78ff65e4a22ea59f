//! The tools that a request declares, as JSON: a key that a server does not take is taken out of them.

use bytestring::ByteString;

use crate::chat::json;

/// The list of tools without a key, wherever it stands in them; none: it stands nowhere. The names of
/// a tool's own parameters are no keys.
pub(super) fn without_key(tools: &ByteString, key: &str) -> Option<String> {
    without(tools, key, false)
}

/// `are_names`: the keys of this object are names that the tool's author chose.
fn without(value: &ByteString, key: &str, are_names: bool) -> Option<String> {
    match value.bytes().next()? {
        b'[' => json::edit_items(value, &mut |item| without(item, key, false)),
        b'{' => {
            let entries = json::entries(value).ok()?;
            let mut is_changed = false;
            let mut out = String::from("{");
            for (name, inner) in entries {
                if !are_names && name == key {
                    is_changed = true;
                    continue;
                }
                if out.len() > 1 {
                    out.push(',');
                }
                json::encode_into(&name, &mut out);
                out.push(':');
                let holds_names =
                    !are_names && matches!(&*name, "properties" | "$defs" | "definitions");
                match without(&inner, key, holds_names) {
                    Some(new) => {
                        is_changed = true;
                        out.push_str(&new);
                    }
                    None => out.push_str(&inner),
                }
            }
            out.push('}');
            is_changed.then_some(out)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_wherever_it_stands_but_for_the_names_of_parameters() {
        let tools = r#"[{"type":"function","function":{"name":"a","strict":true,"parameters":{"type":"object","additionalProperties":false,"properties":{"strict":{"type":"object","additionalProperties":false,"properties":{}}}}}}]"#;
        for (key, expected) in [
            (
                "strict",
                Some(
                    r#"[{"type":"function","function":{"name":"a","parameters":{"type":"object","additionalProperties":false,"properties":{"strict":{"type":"object","additionalProperties":false,"properties":{}}}}}}]"#,
                ),
            ),
            (
                "additionalProperties",
                Some(
                    r#"[{"type":"function","function":{"name":"a","strict":true,"parameters":{"type":"object","properties":{"strict":{"type":"object","properties":{}}}}}}]"#,
                ),
            ),
            ("$schema", None),
        ] {
            let new = without_key(&tools.into(), key);
            assert_eq!(new.as_deref(), expected, "{key}");
        }
    }
}
