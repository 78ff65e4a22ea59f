//! The functions of 2023 as tools, for upstreams that know no others: what the request offers, what
//! its history called, and what came of it.
//!
//! Ids are counted from the beginning of the history, so they are the same in every turn.

use std::collections::HashMap;

use bytestring::ByteString;

use crate::chat::{ChatRequest, Message, Role, json};
use crate::upstream::shape::draft::ShapeDraft;
use crate::upstream::shape::form::{LegacyFunctions, MessageShape};
use crate::upstream::shape::mends::HistoryMends;

/// Says whether the reply must have a `function_call`: the client knows no tools.
pub(in crate::upstream::shape) fn to_tools(
    draft: &mut ShapeDraft<'_>,
    shape: &MessageShape,
    mends: &HistoryMends,
) -> bool {
    if shape.functions == LegacyFunctions::Keep || !mends.functions {
        return false;
    }
    let is_legacy = |message: &Message| {
        message.role() == Role::Function || message.field("function_call").is_some()
    };
    if draft.messages().iter().any(is_legacy) {
        draft.rewrite(to_tool_messages);
        draft.note("function calls of the history became tool calls");
    }
    offer(draft)
}

/// Offers as tools what was offered as functions.
fn offer(draft: &mut ShapeDraft<'_>) -> bool {
    let field = |name: &str| {
        let value = draft.request.field(name)?;
        (!json::is_null(value)).then(|| value.clone())
    };
    let (offered, choice) = (field("functions"), field("function_call"));
    if offered.is_none() && choice.is_none() {
        return false;
    }
    let functions = offered.as_ref().and_then(|list| json::items(list).ok());
    let functions = functions.unwrap_or_default();
    let tools = field("tools").and_then(|list| json::items(&list).ok());
    let tools = tools.filter(|tools| !tools.is_empty());
    let is_legacy = tools.is_none() && !functions.is_empty();
    let known = tools.unwrap_or_default();
    let known_names: Vec<_> = known.iter().filter_map(tool_name).collect();
    let new = functions.iter().filter(|function| {
        let name = json::get(function, "name");
        name.is_none_or(|name| !known_names.contains(&name))
    });
    let new = new.map(|function| format!(r#"{{"type":"function","function":{function}}}"#));
    let all: Vec<String> = known.iter().map(ToString::to_string).chain(new).collect();
    let has_choice = field("tool_choice").is_some();
    let has_parallel = field("parallel_tool_calls").is_some();
    let request: &mut ChatRequest = draft.request.to_mut();
    let mut by = Vec::new();
    if !all.is_empty() {
        request.replace_field("tools", Vec::new());
        by.push(("tools", format!("[{}]", all.join(","))));
        // A `function_call` is one.
        if is_legacy && !has_parallel {
            by.push(("parallel_tool_calls", "false".to_owned()));
        }
    }
    request.replace_field("functions", by);
    let choice = choice.filter(|_| !has_choice && !all.is_empty());
    let choice = choice.map(|choice| match choice.starts_with('{') {
        true => format!(r#"{{"type":"function","function":{choice}}}"#),
        false => choice.to_string(),
    });
    let by = choice.map(|choice| ("tool_choice", choice));
    request.replace_field("function_call", by.into_iter().collect());
    draft.note("`functions` became `tools`");
    is_legacy
}

fn tool_name(tool: &ByteString) -> Option<ByteString> {
    json::get(&json::get(tool, "function")?, "name")
}

/// Calls of functions as tool calls, and their results as results of these.
fn to_tool_messages(messages: Vec<Message>) -> Vec<Message> {
    let mut count = 0;
    // By the function's name: the ids of calls that wait for a result, newest last, and the newest.
    let mut calls: HashMap<ByteString, Vec<String>> = HashMap::new();
    let mut last: HashMap<ByteString, String> = HashMap::new();
    let mut convert = |message: Message| {
        if message.role() == Role::Function {
            let name = message.field("name").cloned().unwrap_or_default();
            let waiting = calls.get_mut(&name).and_then(Vec::pop);
            let id = waiting.or_else(|| last.get(&name).cloned());
            let id = id.unwrap_or_else(|| "function_0".to_owned());
            return message
                .with_role("tool")
                .without_field("name")
                .with_field("tool_call_id", json::encode(&id));
        }
        let Some(call) = message.field("function_call").cloned() else {
            return message;
        };
        let message = message.without_field("function_call");
        if !call.starts_with('{') {
            return message;
        }
        count += 1;
        let id = format!("function_{count}");
        let name = json::get(&call, "name").unwrap_or_default();
        calls.entry(name.clone()).or_default().push(id.clone());
        last.insert(name, id.clone());
        let call = format!(
            r#"{{"id":{},"type":"function","function":{call}}}"#,
            json::encode(&id)
        );
        let others = message.field("tool_calls").map(json::items);
        let others = others.and_then(Result::ok).unwrap_or_default();
        let all: Vec<String> = others
            .iter()
            .map(ToString::to_string)
            .chain([call])
            .collect();
        message.with_field("tool_calls", format!("[{}]", all.join(",")))
    };
    messages.into_iter().map(&mut convert).collect()
}
