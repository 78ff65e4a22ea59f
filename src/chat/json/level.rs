//! One level of a JSON text edited, or its keys: what is not changed stays as it is written.

use bytestring::ByteString;

use super::{decode, encode, encode_into, entries, is_key, items, string_end};

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

/// Edits the keys of a JSON text, and the strings under keys that `is_mark` names ("" where no key
/// stands before); `edit` gives the new text, or nothing to leave it. `None`: nothing was changed.
pub fn edit_marks(
    json: &str,
    is_mark: &dyn Fn(&str) -> bool,
    edit: &mut dyn FnMut(&str) -> Option<String>,
) -> Option<String> {
    let bytes = json.as_bytes();
    let (mut out, mut copied, mut at) = (String::new(), 0, 0);
    let mut is_marked = is_mark("");
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'"', rest)) {
        let start = at + found;
        at = string_end(bytes, start + 1);
        let Some(text) = json.get(start..at).and_then(decode) else {
            break;
        };
        let is_name = is_key(bytes.get(at..).unwrap_or(&[]));
        let new = (is_name || is_marked).then(|| edit(&text)).flatten();
        if is_name {
            is_marked = is_mark(&text);
        }
        if let Some(new) = new {
            out.push_str(&json[copied..start]);
            encode_into(&new, &mut out);
            copied = at;
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&json[copied..]);
    Some(out)
}
