//! The fields of a request beside its messages, searched.
//!
//! Every string and number is, but for what an upstream must find unchanged: in `tools`, `functions`
//! and `response_format` the names, types and formats of JSON Schema. The values that a schema
//! lists (`enum`, `const`, `default`, `examples`) and its `pattern` are searched as well.

use bytestring::ByteString;

use crate::chat::{fields, json};

/// Edits one text; none: it stays.
pub(super) type EditText<'e> = &'e mut dyn FnMut(&str) -> Option<String>;

/// How a field is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Searched {
    /// Whatever stands in it.
    Whole,
    /// But for what makes it a schema, or a list of tools.
    Schema,
}

/// How a request field is searched; none: it is not.
pub(super) fn how(name: &str) -> Option<Searched> {
    match name {
        "tools" | "functions" | "response_format" => Some(Searched::Schema),
        "user" | "stop" | "prompt_cache_key" => Some(Searched::Whole),
        name if fields::kind_of(name).is_some() || fields::VAPI.contains(&name) => None,
        _ => Some(Searched::Whole),
    }
}

/// Edits a field's texts; none: nothing was changed.
pub(super) fn edit(value: &str, how: Searched, edit: EditText<'_>) -> Option<String> {
    match how {
        Searched::Whole => edit_all(value, edit),
        Searched::Schema => edit_schema(&ByteString::from(value), SchemaPlace::Schema, edit),
    }
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

    fn shout(value: &str, how: Searched) -> String {
        let mut edit = |text: &str| Some(text.to_uppercase());
        super::edit(value, how, &mut edit).unwrap_or_else(|| value.to_owned())
    }

    #[test]
    fn a_schema_keeps_its_names_and_types_and_its_values_are_searched() {
        let value = r##"[{"type":"function","function":{"name":"f","strict":true,"description":"d","parameters":{"type":"object","required":["name","a"],"properties":{"name":{"type":["string","null"],"title":"t","enum":["x",{"name":"y"}],"const":"c"},"enum":{"type":"string","default":{"type":"z"},"pattern":"^p$","format":"date"},"a":{"$ref":"#/$defs/b","examples":[{"name":"k"},"l"]}},"$defs":{"type":{"const":"q"}}}}}]"##;
        let expected = r##"[{"type":"function","function":{"name":"f","strict":true,"description":"D","parameters":{"type":"object","required":["name","a"],"properties":{"name":{"type":["string","null"],"title":"T","enum":["X",{"name":"Y"}],"const":"C"},"enum":{"type":"string","default":{"type":"Z"},"pattern":"^P$","format":"date"},"a":{"$ref":"#/$defs/b","examples":[{"name":"K"},"L"]}},"$defs":{"type":{"const":"Q"}}}}}]"##;
        assert_eq!(shout(value, Searched::Schema), expected);
    }

    #[test]
    fn elsewhere_everything_is_searched() {
        let value = r#"{"name":"a","type":["b"],"enum":["c"],"deep":{"const":"d","format":"e"}}"#;
        let expected =
            r#"{"name":"A","type":["B"],"enum":["C"],"deep":{"const":"D","format":"E"}}"#;
        assert_eq!(shout(value, Searched::Whole), expected);
        assert_eq!(shout("\"a\"", Searched::Whole), "\"A\"");
    }
}
