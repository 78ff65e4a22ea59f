//! A script over a request: what it is given, and what is taken back of it.
//!
//! Only what the script names is made into values, and only what it changed is written anew. Where
//! what it leaves can't be sent, the request stays as it was.

use std::borrow::Cow;

use rhai::{Array, Dynamic, Map, Scope};
use serde_json::Value;

use super::compiled::ReadScript;
use super::messages::{TakenMessages, UnsendablePart};
use super::sandbox::MOST_OPERATIONS;
use super::sound::{self, UnsoundPart};
use super::values::{OriginTag, Origins, ValueSize};
use crate::chat::fields;
use crate::chat::{ChatRequest, Message, Role, json};
use crate::lang::facts::Facts;
use crate::rule::{Change, RuleError, Turn};

/// The fields that no script sets, and why.
const KEPT: &[(&str, &str)] = &[
    ("messages", "the messages are the variable `messages`"),
    ("stream", "the client says whether it wants a stream"),
    ("n", "a caller hears one answer"),
];

/// What becomes of a field: its new JSON, or nothing where it goes.
type NewField = (String, Option<String>);

/// Runs a script.
pub(super) fn run(
    script: &ReadScript,
    request: &mut ChatRequest,
    turn: &mut Turn,
) -> Result<Change, RuleError> {
    let mut origins = Origins::default();
    let facts = match turn.vault.is_empty() {
        true => Cow::Borrowed(&turn.facts),
        false => as_hidden(&turn.facts, request),
    };
    let (mut scope, size) = script.facts(&facts);
    let names = |name: &str| script.names.variables.contains(name);
    let tags = names("messages").then(|| give_messages(request, &mut origins, &mut scope));
    if names("request") {
        let fields = origins.take_fields(request.fields().iter());
        scope.push_dynamic("request", fields);
    }
    let size = ValueSize {
        text: size.text + origins.size.text,
        items: size.items + origins.size.items + request.messages().len(),
        entries: size.entries + origins.size.entries,
    };
    let (done, _) = script.run(&mut scope, size, MOST_OPERATIONS, &turn.clock);
    done?;
    let wrong = |part: UnsendablePart| RuleError(part.to_string());
    let messages = match &tags {
        Some(tags) => {
            let value = left(&mut scope, "messages");
            let array = value.read_lock::<Array>();
            let array = array.ok_or_else(|| {
                RuleError("what the script leaves in `messages` is no array".to_owned())
            })?;
            TakenMessages::of(&array, &origins, tags, request.messages()).map_err(wrong)?
        }
        None => None,
    };
    let fields = match names("request") {
        true => {
            let value = left(&mut scope, "request");
            let map = value.read_lock::<Map>();
            let map = map.ok_or_else(|| {
                RuleError("what the script leaves in `request` is no map".to_owned())
            })?;
            new_fields(&map, &origins, request).map_err(wrong)?
        }
        false => Vec::new(),
    };
    let is_changed = messages.is_some() || !fields.is_empty();
    if let Some(taken) = messages {
        count_injected(taken.grown, turn)?;
        request.history().rewrite(|_| taken.messages);
    }
    for (name, json) in fields {
        match json {
            Some(json) => request.set_field(&name, &json),
            None => request.remove_field(&name),
        }
    }
    Ok(is_changed.into())
}

/// The facts, with what caller and assistant said last as the rules before left it: what they hid
/// is hidden there too.
fn as_hidden<'f>(facts: &'f Facts, request: &ChatRequest) -> Cow<'f, Facts> {
    let Some(Value::Object(turn)) = facts.root("turn") else {
        return Cow::Borrowed(facts);
    };
    let newest = |role: Role| {
        let messages = request.messages().iter().rev();
        let mut own = messages.filter(|it| it.role() == role && !it.is_at_tail());
        own.next().map(Message::text)
    };
    let mut changed = turn.clone();
    for (name, role) in [("user", Role::User), ("assistant", Role::Assistant)] {
        if let Some(Value::String(said)) = turn.get(name) {
            let left = newest(role);
            if left.as_deref() != Some(said) {
                let left = left.map_or(Value::Null, |left| Value::from(left.into_owned()));
                changed.insert(name.to_owned(), left);
            }
        }
    }
    if changed == *turn {
        return Cow::Borrowed(facts);
    }
    let mut facts = facts.clone();
    facts.set("turn", Value::Object(changed));
    Cow::Owned(facts)
}

/// Gives the messages to a script; what is given back are their tags.
fn give_messages(
    request: &ChatRequest,
    origins: &mut Origins,
    scope: &mut Scope<'_>,
) -> Vec<OriginTag> {
    let messages = request.messages().iter();
    let values: Array = messages
        .map(|message| origins.take_fields(message.fields().iter()))
        .collect();
    let tags = values.iter().map(Dynamic::tag).collect();
    scope.push_dynamic("messages", Dynamic::from_array(values));
    tags
}

/// The value that a script left in a variable.
fn left(scope: &mut Scope<'_>, name: &str) -> Dynamic {
    let value = scope.get_mut(name).map(std::mem::take);
    let value = value.or_else(|| scope.get(name).cloned());
    value.unwrap_or_default().flatten()
}

/// The fields that a script changed, added or took out.
fn new_fields(
    map: &Map,
    origins: &Origins,
    request: &ChatRequest,
) -> Result<Vec<NewField>, UnsendablePart> {
    let mut new = Vec::new();
    for (name, json) in request.fields() {
        let Some(value) = map.get(&**name) else {
            if let Some((_, why)) = kept(name) {
                return Err(UnsendablePart::of_field(
                    name,
                    format!("can't be taken out: {why}"),
                ));
            }
            new.push((name.to_string(), None));
            continue;
        };
        if origins.is_origin(value, json) {
            continue;
        }
        new.push((
            name.to_string(),
            Some(sendable(name, value, origins, request)?),
        ));
    }
    let is_new = |name: &str| request.field(name).is_none();
    for (name, value) in map.iter().filter(|(name, _)| is_new(name)) {
        new.push((
            name.to_string(),
            Some(sendable(name, value, origins, request)?),
        ));
    }
    Ok(new)
}

fn kept(name: &str) -> Option<&'static (&'static str, &'static str)> {
    KEPT.iter().find(|(kept, _)| *kept == name)
}

/// The JSON of a field, if it may be sent.
fn sendable(
    name: &str,
    value: &Dynamic,
    origins: &Origins,
    request: &ChatRequest,
) -> Result<String, UnsendablePart> {
    let wrong = |told: String| UnsendablePart::of_field(name, told);
    if let Some((_, why)) = kept(name) {
        return Err(wrong(format!("can't be set: {why}")));
    }
    if fields::VAPI.contains(&name) {
        return Err(wrong("is Vapi's own, and never goes upstream".to_owned()));
    }
    let json = origins
        .json_of(value)
        .map_err(|error| wrong(error.to_string()))?;
    match fields::kind_of(name).filter(|kind| !kind.accepts(&json)) {
        Some(kind) => Err(wrong(format!("must be {}", kind.name()))),
        None if name == "model" && json::is_null(&json) => {
            Err(wrong("must be a string".to_owned()))
        }
        None => {
            let old = request.field(name).map(|old| &**old);
            match sound::of_field(name, &json, old) {
                Some(UnsoundPart { path, told }) => {
                    let name = format!("{name}{path}");
                    Err(UnsendablePart::of_field(&name, told.to_owned()))
                }
                None => Ok(json),
            }
        }
    }
}

/// What a script adds to the messages counts as what other rules inject.
fn count_injected(grown: usize, turn: &mut Turn) -> Result<(), RuleError> {
    let Some(left) = &mut turn.injected_left else {
        return Ok(());
    };
    *left = left.checked_sub(grown).ok_or_else(|| {
        RuleError(format!(
            "it adds {grown} bytes to the messages, and of what rules may inject into one turn \
             (`limits.injected` of the config) {left} are left"
        ))
    })?;
    Ok(())
}
