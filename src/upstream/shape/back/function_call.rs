//! Tool calls of a reply as the one `function_call` that a client of 2023 knows.
//!
//! Such a message has room for one call: the first of each choice. Others go, and none were asked for.

use bytestring::ByteString;

use crate::chat::json::{self, Entry};

/// The calls of a reply, as functions.
#[derive(Debug, Clone, Default)]
pub(super) struct FunctionCalls {
    /// By choice, the first call: its index and its id, where they were told.
    first: Vec<(String, FirstCall)>,
}

/// What is known of the call that goes on.
#[derive(Debug, Clone)]
struct FirstCall {
    index: Option<ByteString>,
    id: Option<ByteString>,
}

impl FunctionCalls {
    /// A piece of the reply with a `function_call`; none where it has no call and does not end with
    /// one.
    pub(super) fn restore(&mut self, json: &ByteString) -> Option<String> {
        json::edit_entries(json, &mut |key, value| match key {
            "choices" => json::edit_items(value, &mut |choice| self.choice(choice)),
            _ => None,
        })
    }

    fn choice(&mut self, choice: &ByteString) -> Option<String> {
        let index = json::get(choice, "index").unwrap_or_default();
        json::edit_entries(choice, &mut |key, value| match key {
            "delta" | "message" => self.said(&index, value),
            "finish_reason" if &**value == "\"tool_calls\"" => Some("\"function_call\"".into()),
            _ => None,
        })
    }

    /// What a choice says, with the function in the place of its calls.
    fn said(&mut self, choice: &str, said: &ByteString) -> Option<String> {
        let entries = json::entries(said).ok()?;
        let calls = entries.iter().find(|(key, _)| key == "tool_calls")?;
        let calls = json::items(&calls.1).unwrap_or_default();
        let own = calls.iter().filter(|call| self.is_first(choice, call));
        let function = function_of(own);
        let written = entries.iter().filter_map(|(key, value)| match &**key {
            "tool_calls" => Some(format!("\"function_call\":{}", function.as_ref()?)),
            _ => Some(format!("{}:{value}", json::encode(key))),
        });
        Some(format!("{{{}}}", written.collect::<Vec<_>>().join(",")))
    }

    /// Whether a piece is of the first call of its choice: of the same index, and of no other id.
    fn is_first(&mut self, choice: &str, call: &ByteString) -> bool {
        let entries = json::entries(call).unwrap_or_default();
        let value = |name: &str| found(&entries, name).cloned();
        let index = value("index");
        let id = value("id").filter(|id| id.len() > 2);
        match self.first.iter_mut().find(|(known, _)| known == choice) {
            None => {
                let call = FirstCall { index, id };
                self.first.push((choice.to_owned(), call));
                true
            }
            Some((_, first)) => {
                let differs = |known: &Option<ByteString>, told: &Option<ByteString>| {
                    known.is_some() && told.is_some() && known != told
                };
                let is_other = differs(&first.index, &index) || differs(&first.id, &id);
                first.id = first.id.take().or(id.filter(|_| !is_other));
                !is_other
            }
        }
    }
}

/// The name and the arguments that pieces of one call bring; none of none.
fn function_of<'c>(pieces: impl Iterator<Item = &'c ByteString>) -> Option<String> {
    let (mut name, mut arguments, mut is_there) = (None, None, false);
    for piece in pieces {
        is_there = true;
        let Some(function) = json::get(piece, "function") else {
            continue;
        };
        let entries = json::entries(&function).unwrap_or_default();
        name = name.or(found(&entries, "name").cloned());
        if let Some(value) = found(&entries, "arguments") {
            let text: &mut String = arguments.get_or_insert_default();
            match json::decode(value) {
                Some(piece) => text.push_str(&piece),
                None => text.push_str(value),
            }
        }
    }
    let name = name.map(|name| format!("\"name\":{name}"));
    let arguments = arguments.map(|text| format!("\"arguments\":{}", json::encode(&text)));
    let fields: Vec<String> = name.into_iter().chain(arguments).collect();
    is_there.then(|| format!("{{{}}}", fields.join(",")))
}

/// A value that is not `null`.
fn found<'e>(entries: &'e [Entry], name: &str) -> Option<&'e ByteString> {
    let value = entries.iter().find(|(key, _)| key == name);
    value
        .map(|(_, value)| value)
        .filter(|value| !json::is_null(value))
}
