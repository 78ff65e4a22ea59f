//! JSON as values of a script, and back.
//!
//! Each value remembers by its tag from which JSON it was made, wherever a script moves it. What is
//! as it was is written as the bytes that came: digits of numbers, escapes, blanks and all; in what
//! was changed, the fields keep their order.

use bytestring::ByteString;
use rhai::{Array, Dynamic, FLOAT, INT, ImmutableString, Map};
use serde_json::Value;

use crate::chat::json::{self, Entry};

/// What a script was given, to tell it from what it made.
#[derive(Debug, Default)]
pub(super) struct Origins {
    all: Vec<ValueOrigin>,
    /// How large it all is.
    pub(super) size: ValueSize,
}

/// How large values are, as the limits of a script count it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ValueSize {
    /// Bytes of texts.
    pub(super) text: usize,
    /// Items of arrays.
    pub(super) items: usize,
    /// Entries of maps.
    pub(super) entries: usize,
}

/// One value as it came.
#[derive(Debug)]
struct ValueOrigin {
    /// Its bytes; empty where they are those of its parts.
    json: ByteString,
    made: OriginMade,
}

/// What was made of one.
#[derive(Debug)]
enum OriginMade {
    Leaf(Dynamic),
    List(Vec<OriginTag>),
    Map(Vec<(ByteString, OriginTag)>),
}

/// The place of an origin, from 1; 0 is none. It is what tags of values are.
pub(super) type OriginTag = i32;

/// Why a value can't be sent. Never holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum UnsendableValue {
    #[error("has {0}, which JSON can't hold")]
    Kind(&'static str),
    #[error("nests deeper than {} levels", json::DEEPEST)]
    Depth,
}

impl Origins {
    /// A value for scripts, of JSON.
    pub(super) fn take(&mut self, json: &ByteString) -> Dynamic {
        let (value, made) = match json.bytes().next() {
            Some(b'{') => match json::entries(json) {
                Ok(entries) => self.map_of(entries.iter()),
                Err(_) => leaf(of_json(json)),
            },
            Some(b'[') => match json::items(json) {
                Ok(items) => self.list_of(&items),
                Err(_) => leaf(of_json(json)),
            },
            Some(b'"') => {
                let text = json::decode(json).unwrap_or_default();
                self.size.text += text.len();
                leaf(Dynamic::from(ImmutableString::from(&*text)))
            }
            Some(b't') => leaf(Dynamic::TRUE),
            Some(b'f') => leaf(Dynamic::FALSE),
            Some(b'-' | b'0'..=b'9') => leaf(number(json)),
            _ => leaf(Dynamic::UNIT),
        };
        self.noted(json.clone(), value, made)
    }

    /// A map for scripts, of fields.
    pub(super) fn take_fields<'e>(
        &mut self,
        fields: impl ExactSizeIterator<Item = &'e Entry>,
    ) -> Dynamic {
        let (value, made) = self.map_of(fields);
        self.noted(ByteString::new(), value, made)
    }

    fn map_of<'e>(
        &mut self,
        fields: impl ExactSizeIterator<Item = &'e Entry>,
    ) -> (Dynamic, OriginMade) {
        self.size.entries += fields.len();
        let mut map = Map::new();
        let mut tags = Vec::with_capacity(fields.len());
        for (key, json) in fields {
            let value = self.take(json);
            tags.push((key.clone(), value.tag()));
            map.insert((&**key).into(), value);
        }
        (Dynamic::from_map(map), OriginMade::Map(tags))
    }

    fn list_of(&mut self, items: &[ByteString]) -> (Dynamic, OriginMade) {
        self.size.items += items.len();
        let values: Array = items.iter().map(|item| self.take(item)).collect();
        let tags = values.iter().map(Dynamic::tag).collect();
        (Dynamic::from_array(values), OriginMade::List(tags))
    }

    fn noted(&mut self, json: ByteString, mut value: Dynamic, made: OriginMade) -> Dynamic {
        self.all.push(ValueOrigin { json, made });
        // What has no tag left is written anew.
        value.set_tag(OriginTag::try_from(self.all.len()).unwrap_or(0));
        value
    }

    fn origin(&self, tag: OriginTag) -> Option<&ValueOrigin> {
        let at = usize::try_from(tag).ok()?.checked_sub(1)?;
        self.all.get(at)
    }

    /// Whether a value is what came with a tag.
    pub(super) fn is_same(&self, value: &Dynamic, tag: OriginTag) -> bool {
        let Some(origin) = self.origin(tag) else {
            return false;
        };
        match &origin.made {
            OriginMade::Leaf(leaf) => is_equal(value, leaf),
            OriginMade::List(tags) => value.read_lock::<Array>().is_some_and(|array| {
                let mut pairs = array.iter().zip(tags);
                array.len() == tags.len() && pairs.all(|(item, tag)| self.is_same(item, *tag))
            }),
            OriginMade::Map(tags) => value.read_lock::<Map>().is_some_and(|map| {
                let is_same = |(key, tag): &(ByteString, OriginTag)| {
                    let value = map.get(&**key);
                    value.is_some_and(|value| self.is_same(value, *tag))
                };
                map.len() == tags.len() && tags.iter().all(is_same)
            }),
        }
    }

    /// Whether a value is what came as this JSON.
    pub(super) fn is_origin(&self, value: &Dynamic, json: &ByteString) -> bool {
        let tag = value.tag();
        let origin = self.origin(tag);
        origin.is_some_and(|origin| origin.json == *json) && self.is_same(value, tag)
    }

    /// The JSON of a value.
    pub(super) fn json_of(&self, value: &Dynamic) -> Result<String, UnsendableValue> {
        let mut out = String::new();
        self.write(value, 0, &mut out)?;
        Ok(out)
    }

    fn write(
        &self,
        value: &Dynamic,
        depth: usize,
        out: &mut String,
    ) -> Result<(), UnsendableValue> {
        if depth > json::DEEPEST {
            return Err(UnsendableValue::Depth);
        }
        if value.is_shared() {
            return self.write(&value.flatten_clone(), depth, out);
        }
        let origin = self.origin(value.tag());
        if let Some(origin) = origin
            && !origin.json.is_empty()
            && self.is_same(value, value.tag())
        {
            out.push_str(&origin.json);
            return Ok(());
        }
        if let Some(array) = value.read_lock::<Array>() {
            out.push('[');
            for (at, item) in array.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                self.write(item, depth + 1, out)?;
            }
            out.push(']');
            return Ok(());
        }
        if let Some(map) = value.read_lock::<Map>() {
            out.push('{');
            for (at, (key, item)) in ordered(&map, origin).into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                json::encode_into(key, out);
                out.push(':');
                self.write(item, depth + 1, out)?;
            }
            out.push('}');
            return Ok(());
        }
        write_leaf(value, out)
    }
}

/// The entries of a map: first those that came, in their order, then `role` and `content`, then the
/// rest by name.
fn ordered<'m>(map: &'m Map, origin: Option<&'m ValueOrigin>) -> Vec<(&'m str, &'m Dynamic)> {
    let came: &[(ByteString, OriginTag)] = match origin.map(|origin| &origin.made) {
        Some(OriginMade::Map(tags)) => tags,
        _ => &[],
    };
    let came = came.iter().map(|(key, _)| &**key);
    let first = came.chain(["role", "content"]);
    let mut entries: Vec<(&str, &Dynamic)> = Vec::with_capacity(map.len());
    for key in first {
        if let Some((key, value)) = map.get_key_value(key)
            && !entries.iter().any(|(known, _)| known == key)
        {
            entries.push((key, value));
        }
    }
    if entries.len() < map.len() {
        let known: Vec<&str> = entries.iter().map(|(key, _)| *key).collect();
        let rest = map.iter().filter(|(key, _)| !known.contains(&key.as_str()));
        entries.extend(rest.map(|(key, value)| (key.as_str(), value)));
    }
    entries
}

fn write_leaf(value: &Dynamic, out: &mut String) -> Result<(), UnsendableValue> {
    if let Some(text) = value.read_lock::<ImmutableString>() {
        json::encode_into(&text, out);
    } else if value.is_unit() {
        out.push_str("null");
    } else if let Ok(is_true) = value.as_bool() {
        out.push_str(if is_true { "true" } else { "false" });
    } else if let Ok(number) = value.as_int() {
        out.push_str(&number.to_string());
    } else if let Ok(number) = value.as_float() {
        let number = serde_json::Number::from_f64(number)
            .ok_or(UnsendableValue::Kind("a number that is none"))?;
        out.push_str(&number.to_string());
    } else if let Ok(letter) = value.as_char() {
        json::encode_into(letter.encode_utf8(&mut [0; 4]), out);
    } else if value.is_fnptr() {
        return Err(UnsendableValue::Kind("a function"));
    } else {
        return Err(UnsendableValue::Kind("a range, bytes or the like"));
    }
    Ok(())
}

/// Whether two values are the same, types included.
fn is_equal(one: &Dynamic, other: &Dynamic) -> bool {
    if let (Some(one), Some(other)) = (
        one.read_lock::<ImmutableString>(),
        other.read_lock::<ImmutableString>(),
    ) {
        return one.ptr_eq(&other) || *one == *other;
    }
    if let (Ok(one), Ok(other)) = (one.as_float(), other.as_float()) {
        return one.to_bits() == other.to_bits();
    }
    if let (Some(one), Some(other)) = (one.read_lock::<Array>(), other.read_lock::<Array>()) {
        let mut pairs = one.iter().zip(other.iter());
        return one.len() == other.len() && pairs.all(|(one, other)| is_equal(one, other));
    }
    if let (Some(one), Some(other)) = (one.read_lock::<Map>(), other.read_lock::<Map>()) {
        let mut pairs = one.iter().zip(other.iter());
        let is_same = |((key, one), (other_key, other)): ((_, &Dynamic), (_, &Dynamic))| {
            key == other_key && is_equal(one, other)
        };
        return one.len() == other.len() && pairs.all(is_same);
    }
    (one.is_unit() && other.is_unit())
        || matches!((one.as_bool(), other.as_bool()), (Ok(one), Ok(other)) if one == other)
        || matches!((one.as_int(), other.as_int()), (Ok(one), Ok(other)) if one == other)
}

fn leaf(value: Dynamic) -> (Dynamic, OriginMade) {
    (value.clone(), OriginMade::Leaf(value))
}

/// A number as scripts have it: whole ones of 64 bits, any other as a float.
fn number(json: &str) -> Dynamic {
    if let Ok(whole) = json.parse::<INT>() {
        return Dynamic::from_int(whole);
    }
    json.parse::<FLOAT>()
        .map_or(Dynamic::UNIT, Dynamic::from_float)
}

/// JSON that has a key twice: the last one counts.
fn of_json(json: &str) -> Dynamic {
    serde_json::from_str(json).map_or(Dynamic::UNIT, |value| of_value(&value))
}

/// A value for scripts, of a fact.
pub(super) fn of_value(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(is_true) => Dynamic::from_bool(*is_true),
        Value::Number(known) => number(&known.to_string()),
        Value::String(text) => Dynamic::from(ImmutableString::from(text.as_str())),
        Value::Array(items) => Dynamic::from_array(items.iter().map(of_value).collect()),
        Value::Object(fields) => {
            let entries = fields.iter();
            let entries = entries.map(|(key, value)| (key.as_str().into(), of_value(value)));
            Dynamic::from_map(entries.collect())
        }
    }
}

impl ValueSize {
    /// The same and what a value has.
    pub(super) fn with(mut self, value: &Value) -> ValueSize {
        match value {
            Value::String(text) => self.text += text.len(),
            Value::Array(items) => {
                self.items += items.len();
                self = items.iter().fold(self, ValueSize::with);
            }
            Value::Object(fields) => {
                self.entries += fields.len();
                self = fields.values().fold(self, ValueSize::with);
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
        self
    }
}

#[cfg(test)]
mod tests;
