//! The tool calls of a choice as they were told so far, and what a message adds to them.
//!
//! A call without a name is a piece, and never told again.

use serde_json::value::RawValue;

use super::WrittenJson;
use super::told_text::continued;
use crate::chat::chunk::list::read_list;
use crate::chat::chunk::object::WireObject;
use crate::chat::chunk::{Call, MOST_PARTS, number};
use crate::chat::json;

/// About what a call takes beside its texts, in bytes.
const CALL: usize = 64;

/// The calls of one choice, as far as they were told.
#[derive(Debug, Default)]
pub(super) struct ToldCalls {
    calls: Vec<ToldCall>,
}

#[derive(Debug, Default)]
struct ToldCall {
    is_legacy: bool,
    index: Option<u64>,
    id: String,
    name: String,
    arguments: String,
}

impl ToldCalls {
    /// Takes a piece of a call; how many bytes that takes.
    pub(super) fn note(&mut self, data: &str, call: &Call) -> usize {
        let text = |place: &Option<std::ops::Range<usize>>| {
            let literal = place.as_ref().and_then(|place| data.get(place.clone()));
            let text = literal.and_then(json::decode).unwrap_or_default();
            text.into_owned()
        };
        let piece = ToldCall {
            is_legacy: call.is_legacy,
            index: call.index,
            id: text(&call.id),
            name: text(&call.name),
            arguments: text(&call.arguments),
        };
        let bytes = piece.id.len() + piece.name.len() + piece.arguments.len();
        let mut calls = self.calls.iter_mut().rev();
        let Some(known) = calls.find(|known| known.goes_on_with(&piece)) else {
            self.calls.push(piece);
            return bytes + CALL;
        };
        if known.id.is_empty() {
            known.id = piece.id;
        }
        if known.name != piece.name && known.arguments.is_empty() {
            known.name.push_str(&piece.name);
        }
        known.arguments.push_str(&piece.arguments);
        bytes
    }

    /// What an entry of a message tells that is new; none: nothing.
    pub(super) fn news(&self, key: &str, value: &RawValue) -> Option<String> {
        let written = || Some(value.get().to_owned());
        match key {
            "function_call" => match WireObject::of(value) {
                Some(function) => match self.told(&WireObject::default(), &function, true) {
                    None => written(),
                    Some((_, rest)) => (!rest.is_empty()).then(|| arguments(&rest)),
                },
                None => written(),
            },
            "tool_calls" => {
                let Some(list) = read_list::<WireObject<'_>>(value, MOST_PARTS) else {
                    return written();
                };
                let mut out = WrittenJson::default();
                for call in &list.items {
                    self.add_new(call, &mut out);
                }
                (!out.is_empty()).then(|| out.list())
            }
            _ => written(),
        }
    }

    /// Adds what a call of a list tells that is new.
    fn add_new(&self, call: &WireObject<'_>, out: &mut WrittenJson) {
        let function = call.object("function").unwrap_or_default();
        match self.told(call, &function, false) {
            Some((_, rest)) if rest.is_empty() => {}
            Some((told, rest)) => {
                let mut new = WrittenJson::default();
                if let Some(index) = told.index {
                    new.add("index", &index.to_string());
                }
                if !told.id.is_empty() {
                    new.add("id", &json::encode(&told.id));
                }
                new.add("function", &arguments(&rest));
                out.item(&new.object());
            }
            None => {
                let mut same = WrittenJson::default();
                for (key, value) in call.entries() {
                    same.add(key, value.get());
                }
                out.item(&same.object());
            }
        }
    }

    /// The call of which a message tells, and what it adds to the arguments; none: it is new.
    fn told(
        &self,
        call: &WireObject<'_>,
        function: &WireObject<'_>,
        is_legacy: bool,
    ) -> Option<(&ToldCall, String)> {
        let text = |object: &WireObject<'_>, key: &str| {
            let text = object.get(key).and_then(|value| json::decode(value.get()));
            text.unwrap_or_default().into_owned()
        };
        let (id, name) = (text(call, "id"), text(function, "name"));
        let index = number(call.get("index"));
        let arguments = text(function, "arguments");
        let is_same = |told: &&ToldCall| match (told.id.is_empty(), id.is_empty()) {
            (false, false) => told.id == id,
            _ => told.index.is_none() || index.is_none() || told.index == index,
        };
        let is_known =
            |told: &&ToldCall| told.is_legacy == is_legacy && told.name == name && is_same(told);
        let mut calls = self.calls.iter().filter(is_known);
        calls.find_map(|told| {
            let is_cut = continued(&arguments, &told.arguments, true).is_some();
            let rest = match continued(&told.arguments, &arguments, true) {
                Some(rest) => rest.to_owned(),
                None if is_cut => String::new(),
                None => return None,
            };
            (!name.is_empty()).then_some((told, rest))
        })
    }
}

impl ToldCall {
    /// Whether a piece is one of this call.
    fn goes_on_with(&self, piece: &ToldCall) -> bool {
        let is_same = piece.index.is_none() || self.index == piece.index;
        let is_own = piece.id.is_empty() || self.id.is_empty() || self.id == piece.id;
        // Behind arguments another name is another call's.
        let is_named =
            piece.name.is_empty() || self.arguments.is_empty() || self.name == piece.name;
        self.is_legacy == piece.is_legacy && is_same && is_own && is_named
    }
}

/// A function of which more arguments come.
fn arguments(rest: &str) -> String {
    format!("{{\"arguments\":{}}}", json::encode(rest))
}
