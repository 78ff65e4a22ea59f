//! Pieces of tool calls in the words that clients read: the first of a call says its id, its type
//! and its name, the later ones only arguments.
//!
//! What else a piece has stays as it came.

use super::list::read_list;
use super::object::WireObject;
use super::{MOST_PARTS, is_string};
use crate::chat::json;

/// What a piece of a tool call says.
#[derive(Debug, Default)]
pub struct CallWords {
    /// The call's number; none: as it came.
    pub number: Option<u64>,
    /// Id and name of the call that begins with the piece.
    pub begins: Option<(String, String)>,
    /// Whether it says no more of its call.
    pub is_bare: bool,
    /// The text of its arguments; none: as it came.
    pub arguments: Option<String>,
}

/// A list of pieces, written anew; those without words are left out. None: it is no such list.
pub fn written_calls(list: &str, words: &[Option<CallWords>]) -> Option<String> {
    let list = serde_json::from_str(list).ok()?;
    let items = read_list::<WireObject<'_>>(list, MOST_PARTS)?.items;
    let pieces = items.iter().zip(words);
    let pieces = pieces.filter_map(|(item, words)| Some(written_piece(item, words.as_ref()?)));
    Some(format!("[{}]", pieces.collect::<Vec<_>>().join(",")))
}

/// A piece that begins a call, where none came that could be written anew.
pub fn begun_call(words: &CallWords) -> String {
    written_piece(&WireObject::default(), words)
}

fn written_piece(piece: &WireObject<'_>, words: &CallWords) -> String {
    let says_own = words.is_bare || words.begins.is_some();
    let mut written: Vec<String> = Vec::new();
    if let Some(number) = words.number {
        written.push(format!("\"index\":{number}"));
    }
    if let Some((id, _)) = &words.begins {
        written.push(format!("\"id\":{},\"type\":\"function\"", json::encode(id)));
    }
    for (key, value) in piece.entries() {
        match key {
            "function" => {}
            "index" if words.number.is_some() => {}
            "id" | "type" if says_own => {}
            _ => written.push(format!("{}:{}", json::encode(key), value.get())),
        }
    }
    let function = piece.object("function").unwrap_or_default();
    let mut inner: Vec<String> = Vec::new();
    if let Some((_, name)) = words.begins.as_ref().filter(|(_, name)| !name.is_empty()) {
        inner.push(format!("\"name\":{}", json::encode(name)));
    }
    if let Some(arguments) = &words.arguments {
        inner.push(format!("\"arguments\":{}", json::encode(arguments)));
    }
    for (key, value) in function.entries() {
        match key {
            "name" if says_own || !is_string(value) => {}
            "arguments" if words.arguments.is_some() => {}
            _ => inner.push(format!("{}:{}", json::encode(key), value.get())),
        }
    }
    written.push(format!("\"function\":{{{}}}", inner.join(",")));
    format!("{{{}}}", written.join(","))
}
