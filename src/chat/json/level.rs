//! One level of a JSON text edited: what is not changed stays as it is written.

use bytestring::ByteString;

use super::{encode, entries, items};

/// Edits the items of an array; `edit` gives the new JSON, or nothing to leave it. `None`: nothing
/// was changed, or the text is no array.
pub fn edit_items(
    json: &ByteString,
    edit: &mut dyn FnMut(&ByteString) -> Option<String>,
) -> Option<String> {
    let mut is_changed = false;
    let mut out = Vec::new();
    for item in items(json).ok()? {
        let new = edit(&item);
        is_changed |= new.is_some();
        out.push(new.unwrap_or_else(|| item.to_string()));
    }
    is_changed.then(|| format!("[{}]", out.join(",")))
}

/// As [`edit_items`], for the entries of an object: `edit` gets each key, and its value.
pub fn edit_entries(
    json: &ByteString,
    edit: &mut dyn FnMut(&str, &ByteString) -> Option<String>,
) -> Option<String> {
    let mut is_changed = false;
    let mut out = Vec::new();
    for (key, value) in entries(json).ok()? {
        let new = edit(&key, &value);
        is_changed |= new.is_some();
        let value = new.unwrap_or_else(|| value.to_string());
        out.push(format!("{}:{value}", encode(&key)));
    }
    is_changed.then(|| format!("{{{}}}", out.join(",")))
}
