//! What a turn waits for before its rules run: stored context, then every fetch that it needs.
//!
//! The only waiting before the model, and each part has its deadline. What fails or is late is
//! missing or old in the facts, and a note says so.

use crate::chat::json;
use crate::chat::vapi::VapiFields;
use crate::context::Ids;
use crate::rule::Note;
use crate::rule::fetch::At;
use crate::ruleset::Ruleset;
use crate::text::facts::Facts;
use bytestring::ByteString;

use super::state::Shared;

/// Who a call is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Who {
    call: Option<String>,
    customer: Option<ByteString>,
    assistant: Option<ByteString>,
}

impl Who {
    /// As Vapi's fields say; `call` is the call's id, wherever it was found.
    pub(super) fn of(vapi: &VapiFields, call: Option<&str>) -> Who {
        let text = |value: ByteString| json::decode_shared(&value).filter(|text| !text.is_empty());
        let within = |object: &Option<ByteString>, key: &str| {
            object
                .as_ref()
                .and_then(|object| json::get(object, key))
                .and_then(text)
        };
        Who {
            call: call.map(str::to_owned),
            customer: within(&vapi.customer, "number"),
            assistant: within(&vapi.call, "assistantId").or_else(|| within(&vapi.assistant, "id")),
        }
    }
}

/// Adds what is stored and fetched to a turn's facts; gives what is to be said of it.
pub(super) async fn gather(
    shared: &Shared,
    ruleset: &Ruleset,
    facts: &mut Facts,
    who: &Who,
) -> Vec<Note> {
    let mut notes = Vec::new();
    notes.extend(add_stored(shared, ruleset, facts, who).await);
    if !ruleset.has_fetches() {
        return notes;
    }
    let wanted = ruleset.wanted_fetches(facts, who.call.as_deref());
    let fetched = shared.fetcher.gather(&wanted, facts).await;
    let answered = fetched
        .iter()
        .filter_map(|fetched| Some((fetched.name.as_str(), &**fetched.value.as_ref()?)));
    facts.set_json("fetch", ruleset.fetch_facts(answered).into());
    notes.extend(fetched.into_iter().filter_map(|fetched| {
        Some(Note {
            about: format!("fetch.{}", fetched.name),
            text: fetched.note?,
        })
    }));
    notes
}

/// A call begins: asks for what its turns will want, and waits for nothing but the store.
pub(super) async fn prefetch(shared: &Shared, mut facts: Facts, who: &Who) {
    let ruleset = shared.rules.ruleset.clone();
    if !ruleset.has_fetches() {
        return;
    }
    add_stored(shared, &ruleset, &mut facts, who).await;
    let mut wanted = ruleset.wanted_fetches(&facts, who.call.as_deref());
    wanted.retain(|fetch| fetch.at() == At::Call);
    shared.fetcher.prefetch(&wanted, &facts);
}

async fn add_stored(
    shared: &Shared,
    ruleset: &Ruleset,
    facts: &mut Facts,
    who: &Who,
) -> Option<Note> {
    if !ruleset.speaks_of("context") {
        return None;
    }
    let ids = Ids {
        call: who.call.as_deref(),
        customer: who.customer.as_deref(),
        assistant: who.assistant.as_deref(),
    };
    let stored = shared.context.stored(ids).await;
    facts.set_json("context", stored.json);
    let note = |text| Note {
        about: "context".to_owned(),
        text,
    };
    stored.note.map(note)
}
