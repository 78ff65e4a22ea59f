//! A JSON array of which only so many items are kept.
//!
//! The rest is passed over without being held, so that no array takes more memory than it may.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::object::WireObject;
use crate::chat::json;

/// The first items of an array.
pub(super) struct List<T> {
    /// They.
    pub(super) items: Vec<T>,
    /// Whether there are more.
    pub(super) has_more: bool,
}

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List {
            items: Vec::new(),
            has_more: false,
        }
    }
}

/// Reads an array and keeps `most` of its items; `None`: it is no array of such items.
pub(super) fn read_list<'j, T: Deserialize<'j>>(
    json: &'j RawValue,
    most: usize,
) -> Option<List<T>> {
    let mut reader = serde_json::Deserializer::from_str(json.get());
    let first = First(most, PhantomData);
    first.deserialize(&mut reader).ok()
}

/// The objects of a list, of which `most` are kept, and whether it is written otherwise than as a
/// list of objects: one alone counts as a list, and what is no object says nothing.
pub(super) fn read_objects<'j>(value: &'j RawValue, most: usize) -> (List<WireObject<'j>>, bool) {
    if json::is_null(value.get()) {
        return (List::default(), false);
    }
    if let Some(list) = read_list(value, most) {
        return (list, false);
    }
    let alone = WireObject::of(value).filter(|it| it.entries().next().is_some());
    let mut list = List {
        items: alone.into_iter().collect(),
        has_more: false,
    };
    if let Some(items) = read_list::<&RawValue>(value, most) {
        let items_read = items.items.into_iter();
        list.items = items_read.filter_map(WireObject::of).collect();
        list.has_more = items.has_more;
    }
    (list, true)
}

struct First<T>(usize, PhantomData<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for First<T> {
    type Value = List<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<List<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for First<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<List<T>, A::Error> {
        let mut list = List::default();
        while list.items.len() < self.0 {
            match array.next_element()? {
                Some(item) => list.items.push(item),
                None => return Ok(list),
            }
        }
        while array.next_element::<IgnoredAny>()?.is_some() {
            list.has_more = true;
        }
        Ok(list)
    }
}
