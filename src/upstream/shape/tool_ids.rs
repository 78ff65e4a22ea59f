//! Ids of tool calls in a form of which the upstream takes no other: nine letters and digits for
//! Mistral; at most forty letters, digits, `_` and `-` for OpenAI and Anthropic.
//!
//! An id that is so already stays. Another becomes a hash of itself, so that it is the same in every
//! turn and on every replica; two ids of a request never become one.

use std::collections::{HashMap, HashSet};

use bytestring::ByteString;
use sha2::{Digest, Sha256};

use super::draft::{ShapeDraft, counted};
use super::form::{MessageShape, ToolIdForm};
use crate::chat::{Message, json};

const NINE: usize = 9;
/// So long is an id at most where it must be short.
const MOST: usize = 40;
/// So many signs has one that is made short, behind `call_`.
const MADE: usize = 24;
const SIGNS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The ids of a request, and what they become.
#[derive(Debug)]
struct TakenIds {
    form: ToolIdForm,
    of: HashMap<String, String>,
    taken: HashSet<String>,
    /// As the upstream knows them, and as they came, where that is not the same.
    changed: Vec<(String, String)>,
}

/// Gives the ids that became others: as the upstream knows them, and as they came.
pub(super) fn shorten(draft: &mut ShapeDraft<'_>, shape: &MessageShape) -> Vec<(String, String)> {
    if shape.tool_ids == ToolIdForm::Any {
        return Vec::new();
    }
    let mut ids = TakenIds {
        form: shape.tool_ids,
        of: HashMap::new(),
        taken: HashSet::new(),
        changed: Vec::new(),
    };
    let others: Vec<Option<Message>> = draft
        .messages()
        .iter()
        .map(|message| with_ids(message, &mut ids))
        .collect();
    if others.iter().all(Option::is_none) {
        return Vec::new();
    }
    draft.rewrite(|messages| {
        let both = messages.into_iter().zip(others);
        both.map(|(message, other)| other.unwrap_or(message))
            .collect()
    });
    let what = counted(ids.changed.len(), "id");
    let form = match shape.tool_ids {
        ToolIdForm::Short => "short",
        ToolIdForm::Any | ToolIdForm::Nine => "nine letters and digits",
    };
    draft.note(format!("{what} of tool calls became {form}"));
    ids.changed
}

/// The message with other ids; none where it keeps them.
fn with_ids(message: &Message, ids: &mut TakenIds) -> Option<Message> {
    let calls = message.field("tool_calls").and_then(|calls| {
        json::edit_items(calls, &mut |call| {
            json::edit_entries(call, &mut |key, value| match key {
                "id" => ids.other(value),
                _ => None,
            })
        })
    });
    let answered = message.field("tool_call_id");
    let answered = answered.and_then(|id| ids.other(id));
    if calls.is_none() && answered.is_none() {
        return None;
    }
    let mut other = message.clone();
    for (field, value) in [("tool_calls", calls), ("tool_call_id", answered)] {
        if let Some(value) = value {
            other = other.with_field(field, value);
        }
    }
    Some(other)
}

impl TakenIds {
    /// What a JSON string that is an id becomes, as JSON; none where it stays.
    fn other(&mut self, literal: &ByteString) -> Option<String> {
        let id = json::decode(literal)?;
        if let Some(known) = self.of.get(&*id) {
            return (*known != id).then(|| json::encode(known));
        }
        let mut new = id.to_string();
        let mut round = 0_u32;
        while !fits(&new, self.form) || self.taken.contains(&new) {
            new = match self.form {
                ToolIdForm::Short => format!("call_{}", hashed(&id, round, MADE)),
                ToolIdForm::Any | ToolIdForm::Nine => hashed(&id, round, NINE),
            };
            round += 1;
        }
        self.taken.insert(new.clone());
        self.of.insert(id.to_string(), new.clone());
        if new == id {
            return None;
        }
        self.changed.push((new.clone(), id.into_owned()));
        Some(json::encode(&new))
    }
}

fn fits(id: &str, form: ToolIdForm) -> bool {
    let mut signs = id.bytes();
    match form {
        ToolIdForm::Any => true,
        ToolIdForm::Nine => id.len() == NINE && signs.all(|sign| sign.is_ascii_alphanumeric()),
        ToolIdForm::Short => {
            let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'_' || sign == b'-';
            (1..=MOST).contains(&id.len()) && signs.all(is_sign)
        }
    }
}

fn hashed(id: &str, round: u32, length: usize) -> String {
    let digest = Sha256::new()
        .chain_update(round.to_be_bytes())
        .chain_update(id.as_bytes())
        .finalize();
    let signs = digest.iter().take(length);
    signs
        .map(|byte| char::from(SIGNS[usize::from(*byte) % SIGNS.len()]))
        .collect()
}
