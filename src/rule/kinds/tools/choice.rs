//! The choice of a tool, where the list of tools is another.

use std::borrow::Cow;

use bytestring::ByteString;

use crate::chat::ChatRequest;
use crate::chat::json::{self, Walk};

/// Texts of JSON as an array.
pub(super) fn listed<'t>(all: impl Iterator<Item = &'t str> + Clone) -> String {
    let length: usize = all.clone().map(|json| json.len() + 1).sum();
    let mut out = String::with_capacity(length + 2);
    for json in all {
        out.push(if out.is_empty() { '[' } else { ',' });
        out.push_str(json);
    }
    out.push(']');
    out
}

/// The tools of a list, each with its name.
pub(super) fn named_tools(list: &str) -> Vec<(Option<Cow<'_, str>>, &str)> {
    let mut tools = Vec::new();
    if let Some(mut list) = Walk::of_array(list) {
        while list.next_item() {
            tools.push(named_tool(&mut list));
        }
    }
    tools
}

/// The name of a tool, of a custom one, or of a function as older clients declare one.
pub(super) fn name_of(tool: &str) -> Option<Cow<'_, str>> {
    named_tool(&mut Walk::before(tool)).0
}

/// The name and the text of the tool that stands at a walk, which goes behind it; of keys that come
/// twice the last counts, as where JSON is parsed.
fn named_tool<'j>(walk: &mut Walk<'j>) -> (Option<Cow<'j, str>>, &'j str) {
    let Some(mut tool) = walk.open(b'{') else {
        return (None, walk.value());
    };
    let (mut own, mut inner) = (None, None);
    while let Some(key) = tool.next_key() {
        match &*key {
            "function" | "custom" => inner = Some(named_tool(&mut tool).0),
            "name" => own = json::decode(tool.value()),
            _ => _ = tool.value(),
        }
    }
    (inner.unwrap_or(own), walk.close(tool))
}

/// Takes out a choice of a tool that is gone, or of any where there is none; says so.
pub(super) fn drop_choice(
    request: &mut ChatRequest,
    field: &str,
    names: &[String],
) -> Option<String> {
    let choice = request
        .field(field)
        .filter(|choice| !json::is_null(choice))?;
    let is_known = |name: &str| names.iter().any(|known| known == name);
    if let Some(allowed) = json::get(choice, "allowed_tools").filter(|_| !names.is_empty()) {
        let choice = choice.clone();
        return drop_allowed(request, field, (&choice, &allowed), &is_known);
    }
    let name = name_of(choice).map(Cow::into_owned);
    let is_gone = match &name {
        Some(name) => !is_known(name),
        None => names.is_empty(),
    };
    if !is_gone {
        return None;
    }
    request.remove_field(field);
    Some(match name {
        Some(_) => format!("`{field}` named a tool that is gone, and was left out"),
        None => format!("no tool is left, so `{field}` was left out"),
    })
}

/// Of tools that are allowed, takes out those that are gone; the choice where none is left.
fn drop_allowed(
    request: &mut ChatRequest,
    field: &str,
    (choice, allowed): (&ByteString, &ByteString),
    is_known: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let all = json::items(&json::get(allowed, "tools")?).ok()?;
    let stays = |tool: &&ByteString| name_of(tool).is_none_or(|name| is_known(&name));
    let left: Vec<&str> = all.iter().filter(stays).map(|tool| &**tool).collect();
    if left.len() == all.len() {
        return None;
    }
    let list = listed(left.iter().copied());
    let allowed = json::edit_entries(allowed, &mut |key, _| {
        (key == "tools").then(|| list.clone())
    })?;
    let new = json::edit_entries(choice, &mut |key, _| {
        (key == "allowed_tools").then(|| allowed.clone())
    });
    match new.filter(|_| !left.is_empty()) {
        Some(new) => request.set_field(field, &new),
        None => request.remove_field(field),
    }
    Some(format!(
        "`{field}` allowed tools that are gone, and does no more"
    ))
}
