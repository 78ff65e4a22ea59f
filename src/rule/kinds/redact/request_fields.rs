//! The fields of a request beside its messages, searched.
//!
//! Every string and number is, and every key. What an upstream must find unchanged is a mark: in
//! `tools`, `functions` and `response_format` the names, types and formats of JSON Schema, elsewhere
//! what OpenAI's own fields say. In marks only what can be nothing else is private. The values that
//! a schema lists (`enum`, `const`, `default`, `examples`) and its `pattern` are searched as texts.

use bytestring::ByteString;

use crate::chat::{fields, json};

/// Edits one text; none: it stays.
type EditText<'e> = &'e mut dyn FnMut(&str) -> Option<String>;

/// How a field is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Searched {
    /// Whatever stands in it.
    Whole,
    /// But for what makes it a schema, or a list of tools.
    Schema,
    /// All of it is marks.
    Marks,
}

/// How a request field is searched; none: it is not.
pub(super) fn how(name: &str) -> Option<Searched> {
    match name {
        "tools" | "functions" | "response_format" => Some(Searched::Schema),
        "user" | "stop" | "prompt_cache_key" => Some(Searched::Whole),
        "tool_choice" | "function_call" | "modalities" | "logit_bias" | "stream_options"
        | "service_tier" | "reasoning_effort" | "verbosity" => Some(Searched::Marks),
        name if fields::kind_of(name).is_some() || fields::VAPI.contains(&name) => None,
        _ => Some(Searched::Whole),
    }
}

/// Who edits a field.
pub(super) trait FieldEditor {
    /// The new text; none: it stays. JSON stays JSON.
    fn text(&mut self, text: &str) -> Option<String>;
    /// The new mark; none: it stays.
    fn mark(&mut self, mark: &str) -> Option<String>;
}

/// Edits a field's texts and marks; none: nothing was changed.
pub(super) fn edit(value: &str, how: Searched, edit: &mut dyn FieldEditor) -> Option<String> {
    match how {
        Searched::Whole => edit_whole(value, edit),
        Searched::Schema => {
            let place = SchemaPlace::Schema;
            let schema = ByteString::from(value);
            let texts = edit_schema(&schema, place, &mut |text| edit.text(text));
            let marks = json::edit_marks(
                texts.as_deref().unwrap_or(value),
                &|key| FIXED.contains(&key),
                &mut |mark| edit.mark(mark),
            );
            marks.or(texts)
        }
        Searched::Marks if value.starts_with('"') => {
            let mark = json::decode(value)?;
            edit.mark(&mark).map(|new| json::encode(&new))
        }
        Searched::Marks => json::edit_marks(value, &|_| true, &mut |mark| edit.mark(mark)),
    }
}

// The keys say what stands under them, so an object is searched in one; then what is written in its
// texts in yet another way.
fn edit_whole(value: &str, edit: &mut dyn FieldEditor) -> Option<String> {
    if !value.starts_with(['{', '[']) {
        return edit_all(value, &mut |text| edit.text(text));
    }
    let whole = edit.text(value);
    let inner = json::edit_leaves(whole.as_deref().unwrap_or(value), &mut |leaf| {
        is_encoded(leaf.text)
            .then(|| edit.text(leaf.text))
            .flatten()
    });
    inner.or(whole)
}

fn is_encoded(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) || text.contains("base64,") || !text.contains(' ')
}

/// Where in a schema a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SchemaPlace {
    /// A schema, a tool, or a list of them.
    Schema,
    /// What is named by its keys: `properties` and the like.
    Named,
}

/// What the keys of this object are: names that somebody chose.
const NAMED: [&str; 6] = [
    "properties",
    "patternProperties",
    "dependentSchemas",
    "dependentRequired",
    "definitions",
    "$defs",
];

/// Values that are data, whatever they look like.
const DATA: [&str; 5] = ["enum", "const", "default", "examples", "example"];

/// What must be found unchanged, where it is a text, a number or a list of those.
const FIXED: [&str; 12] = [
    "name",
    "type",
    "required",
    "format",
    "strict",
    "$ref",
    "$schema",
    "$id",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "propertyOrdering",
];

fn edit_schema(value: &ByteString, place: SchemaPlace, edit: EditText<'_>) -> Option<String> {
    match value.bytes().next()? {
        b'[' => json::edit_items(value, &mut |item| {
            edit_schema(item, SchemaPlace::Schema, edit)
        }),
        // A key that stands there twice can't be told from the other: all of it is data then.
        b'{' if json::entries(value).is_err() => edit_all(value, edit),
        b'{' => json::edit_entries(value, &mut |key, inner| edit_entry(key, inner, place, edit)),
        _ => edit_all(value, edit),
    }
}

fn edit_all(value: &str, edit: EditText<'_>) -> Option<String> {
    json::edit_leaves(value, &mut |leaf| edit(leaf.text))
}

fn edit_entry(
    key: &str,
    value: &ByteString,
    place: SchemaPlace,
    edit: EditText<'_>,
) -> Option<String> {
    let is_object = value.starts_with('{');
    match place {
        SchemaPlace::Schema if DATA.contains(&key) => edit_all(value, edit),
        SchemaPlace::Schema if FIXED.contains(&key) && !is_object => None,
        SchemaPlace::Schema if NAMED.contains(&key) && is_object => {
            edit_schema(value, SchemaPlace::Named, edit)
        }
        _ => edit_schema(value, SchemaPlace::Schema, edit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Shout;

    impl FieldEditor for Shout {
        fn text(&mut self, text: &str) -> Option<String> {
            Some(text.to_uppercase())
        }

        fn mark(&mut self, mark: &str) -> Option<String> {
            mark.contains('7').then(|| "x".to_owned())
        }
    }

    fn shout(value: &str, how: Searched) -> String {
        edit(value, how, &mut Shout).unwrap_or_else(|| value.to_owned())
    }

    #[test]
    fn a_schema_keeps_its_names_and_types_and_its_values_are_searched() {
        let value = r##"[{"type":"function","function":{"name":"f","strict":true,"description":"d","parameters":{"type":"object","required":["name","a"],"properties":{"name":{"type":["string","null"],"title":"t","enum":["x",{"name":"y"}],"const":"c"},"enum":{"type":"string","default":{"type":"z"},"pattern":"^p$","format":"date"},"a":{"$ref":"#/$defs/b","examples":[{"name":"k"},"l"]}},"$defs":{"type":{"const":"q"}}}}}]"##;
        let expected = r##"[{"type":"function","function":{"name":"f","strict":true,"description":"D","parameters":{"type":"object","required":["name","a"],"properties":{"name":{"type":["string","null"],"title":"T","enum":["X",{"name":"Y"}],"const":"C"},"enum":{"type":"string","default":{"type":"Z"},"pattern":"^P$","format":"date"},"a":{"$ref":"#/$defs/b","examples":[{"name":"K"},"L"]}},"$defs":{"type":{"const":"Q"}}}}}]"##;
        assert_eq!(shout(value, Searched::Schema), expected);
    }

    #[test]
    fn marks_are_searched_as_marks() {
        let value = r#"{"name":"a7","required":["b7"],"properties":{"c7":{"type":"d7"}}}"#;
        let expected = r#"{"name":"x","required":["x"],"properties":{"x":{"type":"x"}}}"#;
        assert_eq!(shout(value, Searched::Schema), expected);
        assert_eq!(
            shout(r#"{"a7":1,"b":["c7"]}"#, Searched::Marks),
            r#"{"x":1,"b":["x"]}"#
        );
        assert_eq!(shout("\"a7\"", Searched::Marks), "\"x\"");
    }

    #[test]
    fn elsewhere_everything_is_searched() {
        let value = r#"{"name":"a","type":["b"],"enum":["c"]}"#;
        let expected = r#"{"NAME":"A","TYPE":["B"],"ENUM":["C"]}"#;
        assert_eq!(shout(value, Searched::Whole), expected);
        assert_eq!(shout("\"a\"", Searched::Whole), "\"A\"");
    }
}
