//! One level of a JSON object, as JavaScript reads it: of several entries with one key the last
//! counts, in the place of the first.
//!
//! Values stay the text that they were.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// So many keys are compared each with each; more are found by a table.
const FEW: usize = 32;

/// The entries of an object.
#[derive(Debug, Default)]
pub(super) struct WireObject<'j> {
    entries: Vec<(Cow<'j, str>, &'j RawValue)>,
    /// Whether a key came more than once.
    pub(super) has_twice: bool,
}

impl<'j> WireObject<'j> {
    /// Reads a value; none: it is no object.
    pub(super) fn of(value: &'j RawValue) -> Option<WireObject<'j>> {
        WireObject::read(value.get())
    }

    /// Reads a JSON text; none: it is no object.
    pub(super) fn read(json: &'j str) -> Option<WireObject<'j>> {
        serde_json::from_str(json).ok()
    }

    /// The entries, each key once.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &'j RawValue)> {
        self.entries.iter().map(|(key, value)| (&**key, *value))
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'j RawValue> {
        let mut entries = self.entries.iter();
        let (_, value) = entries.find(|(known, _)| known == key)?;
        Some(value)
    }

    /// The value of a key, where it is an object.
    pub(super) fn object(&self, key: &str) -> Option<WireObject<'j>> {
        let value = self.get(key).filter(|value| value.get().starts_with('{'))?;
        WireObject::of(value)
    }
}

impl<'de: 'j, 'j> Deserialize<'de> for WireObject<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<WireObject<'j>, D::Error> {
        deserializer
            .deserialize_map(ObjectVisitor)
            .map(|read| WireObject {
                entries: read.entries,
                has_twice: read.has_twice,
            })
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = WireObject<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WireObject<'de>, A::Error> {
        let mut object = WireObject {
            entries: Vec::with_capacity(8),
            has_twice: false,
        };
        let mut table: HashMap<Cow<'de, str>, usize> = HashMap::new();
        while let Some(WireKey(key)) = map.next_key()? {
            let value = map.next_value()?;
            let entries = &mut object.entries;
            if entries.len() == FEW && table.is_empty() {
                let places = entries.iter().enumerate();
                table = places.map(|(at, (key, _))| (key.clone(), at)).collect();
            }
            let known = match table.is_empty() {
                true => entries.iter().position(|(known, _)| *known == key),
                false => table.get(&key).copied(),
            };
            match known.and_then(|at| entries.get_mut(at)) {
                Some((_, old)) => {
                    *old = value;
                    object.has_twice = true;
                }
                None => {
                    if !table.is_empty() {
                        table.insert(key.clone(), entries.len());
                    }
                    entries.push((key, value));
                }
            }
        }
        Ok(object)
    }
}

/// A key, which shares the bytes of the text where nothing in it is escaped.
struct WireKey<'j>(Cow<'j, str>);

impl<'de> Deserialize<'de> for WireKey<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<WireKey<'de>, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = WireKey<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<WireKey<'de>, E> {
                Ok(WireKey(Cow::Borrowed(key)))
            }
            fn visit_str<E>(self, key: &str) -> Result<WireKey<'de>, E> {
                Ok(WireKey(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &[(&str, &str)], has_twice: bool) {
        let object = WireObject::read(json).expect(json);
        let entries = object.entries().map(|(key, value)| (key, value.get()));
        assert_eq!(entries.collect::<Vec<_>>(), expected, "{json}");
        assert_eq!(object.has_twice, has_twice, "{json}");
    }

    #[test]
    fn of_a_key_twice_the_last_counts_in_whatever_spelling() {
        check(r#"{"a":1,"b":2}"#, &[("a", "1"), ("b", "2")], false);
        check(
            r#"{"a":1,"b":2,"a":null}"#,
            &[("a", "null"), ("b", "2")],
            true,
        );
        check(
            "{\"a\":1,\"\\u0061\":{\"a\":1}}",
            &[("a", "{\"a\":1}")],
            true,
        );
        for none in ["[]", "3", "{\"a\":1", "{\"a\":1}x", ""] {
            assert!(WireObject::read(none).is_none(), "{none}");
        }
    }

    #[test]
    fn many_keys_are_read_in_time_and_as_few_are() {
        let keys = (0..200_000).map(|number| format!("\"{}\":{number}", number % 150_000));
        let json = format!("{{{}}}", keys.collect::<Vec<_>>().join(","));
        let began = std::time::Instant::now();
        let object = WireObject::read(&json).expect("an object");
        assert_eq!(object.entries().count(), 150_000);
        assert_eq!(object.get("7").map(RawValue::get), Some("150007"));
        // Each compared with each would take minutes.
        assert!(began.elapsed() < std::time::Duration::from_secs(10));
    }
}
