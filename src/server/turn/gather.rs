//! What a turn waits for before its rules run: stored context, then every fetch that it needs.
//!
//! The only waiting before the model, and each part has its deadline. What fails or is late is
//! missing or old in the facts, and a note says so.

use super::request::now;
use super::times::TurnTimes;
use crate::chat::vapi::VapiFields;
use crate::context::Ids;
use crate::fetch::fetcher::Fetched;
use crate::fetch::section::AskedAt;
use crate::lang::facts::{FETCH, Facts};
use crate::rule::Note;
use crate::ruleset::{Ruleset, Trial, facts_of_call};
use crate::telemetry::metrics::{FETCHED, histogram};
use crate::upstream::Clients;
use bytestring::ByteString;

use crate::server::state::snapshot::Snapshot;

/// Who a call is about.
#[derive(Debug, Clone, Default)]
pub(in crate::server) struct CallIds {
    call: Option<String>,
    customer: Option<ByteString>,
    assistant: Option<ByteString>,
}

impl CallIds {
    /// The assistant's id.
    pub(in crate::server) fn assistant(&self) -> Option<&str> {
        self.assistant.as_deref()
    }

    /// As Vapi's fields say; `call` is the call's id, wherever it was found.
    pub(in crate::server) fn of(vapi: &VapiFields, call: Option<&str>) -> CallIds {
        CallIds {
            call: call.map(str::to_owned),
            customer: vapi.customer_number(),
            assistant: vapi.assistant_id(),
        }
    }
}

/// Adds what is stored and fetched to a turn's facts; gives what is to be said of it. `times`: where
/// it is noted how long that took.
pub(in crate::server) async fn gather(
    snapshot: &Snapshot,
    clients: &Clients,
    ruleset: &Ruleset,
    facts: &mut Facts,
    who: &CallIds,
    mut times: Option<&mut TurnTimes>,
) -> Vec<Note> {
    let mut notes = Vec::new();
    if ruleset.speaks_of("context") {
        if let Some(times) = &mut times {
            times.reads_context();
        }
        notes.extend(read_stored(snapshot, facts, who).await);
        if let Some(times) = &mut times {
            times.context_is_read();
        }
    }
    if !ruleset.has_fetches() {
        return notes;
    }
    let wanted = ruleset.wanted_fetches(facts, who.call.as_deref());
    if let Some(times) = &mut times {
        times.fetches(wanted.iter().map(|fetch| fetch.name()));
    }
    let fetched = snapshot
        .fetcher
        .gather(clients.http(), &wanted, facts)
        .await;
    count_fetched(&fetched);
    if let Some(times) = times {
        times.fetched(&fetched);
    }
    let answered = fetched
        .iter()
        .filter_map(|fetched| Some((fetched.name.as_str(), &**fetched.value.as_ref()?)));
    facts.set_json("fetch", ruleset.fetch_facts(answered).into());
    notes.extend(fetched.into_iter().filter_map(note_of));
    notes
}

fn note_of(fetched: Fetched) -> Option<Note> {
    Some(Note {
        about: format!("fetch.{}", fetched.name),
        text: fetched.note?,
    })
}

/// Adds what only shadow rules speak of to what is known of a turn.
pub(in crate::server) async fn gather_for_shadows(
    snapshot: &Snapshot,
    clients: &Clients,
    ruleset: &Ruleset,
    trial: &mut Trial,
    who: &CallIds,
) {
    let wanted = ruleset.wanted_by_shadows(&trial.input.facts, who.call.as_deref());
    let wants_stored = ruleset.shadows_speak_of("context") && !ruleset.speaks_of("context");
    // What is late was not there.
    let late = |about: String| Note {
        text: format!("`{about}` was not known in time"),
        about,
    };
    let names = wanted.iter().map(|fetch| format!("fetch.{}", fetch.name()));
    let before = trial.input.notes.len();
    trial.input.notes.extend(names.map(late));
    trial
        .input
        .notes
        .extend(wants_stored.then(|| late("context".to_owned())));
    let mut notes = Vec::new();
    if wants_stored {
        notes.extend(read_stored(snapshot, &mut trial.input.facts, who).await);
    }
    if !wanted.is_empty() {
        let facts = &mut trial.input.facts;
        let fetched = snapshot
            .fetcher
            .gather(clients.http(), &wanted, facts)
            .await;
        count_fetched(&fetched);
        let mut known = facts.root(FETCH).cloned().unwrap_or_default();
        for one in &fetched {
            let value = one
                .value
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok());
            if let (Some(known), Some(value)) = (known.as_object_mut(), value) {
                known.insert(one.name.clone(), value);
            }
        }
        facts.set(FETCH, known);
        notes.extend(fetched.into_iter().filter_map(note_of));
    }
    trial.input.notes.truncate(before);
    trial.input.notes.append(&mut notes);
}

/// A call begins: asks for what its turns will want, and waits for nothing but the store.
pub(in crate::server) async fn call_begins(
    snapshot: &Snapshot,
    clients: &Clients,
    vapi: VapiFields,
    call: Option<&str>,
) {
    let Some(route) = snapshot.usual_route() else {
        return;
    };
    let rules = snapshot.rules_of(route, None);
    let Some(rules) = rules.filter(|rules| rules.ruleset.has_fetches()) else {
        return;
    };
    let ruleset = &rules.ruleset;
    let who = CallIds::of(&vapi, call);
    let mut facts = facts_of_call(vapi, &route.name, now());
    if ruleset.speaks_of("context") {
        read_stored(snapshot, &mut facts, &who).await;
    }
    let mut wanted = ruleset.wanted_fetches(&facts, call);
    wanted.retain(|fetch| fetch.at() == AskedAt::Call);
    snapshot.fetcher.prefetch(clients.http(), &wanted, &facts);
}

/// Counts what a turn got of what its rules fetch.
fn count_fetched(all: &[Fetched]) {
    for one in all {
        let labels = [("source", one.name.as_str()), ("result", one.result.name())];
        histogram(&FETCHED, &labels).record(one.took.as_secs_f64());
    }
}

async fn read_stored(snapshot: &Snapshot, facts: &mut Facts, who: &CallIds) -> Option<Note> {
    let ids = Ids {
        call: who.call.as_deref(),
        customer: who.customer.as_deref(),
        assistant: who.assistant.as_deref(),
    };
    let stored = snapshot.context.stored(ids).await;
    facts.set_json("context", stored.json);
    let note = |text| Note {
        about: "context".to_owned(),
        text,
    };
    stored.note.map(note)
}
