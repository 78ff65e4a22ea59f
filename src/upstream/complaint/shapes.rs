//! Complaints about the form of messages, in the words of templates and servers.

use super::contents::{of_content, of_parts};
use super::refused::FORM_REFUSED;
use super::system::of_system;
use super::words::{RefusalWords, path_of};
use crate::upstream::mending::Mending;
use crate::upstream::profiles::WantsBack;
use crate::upstream::shape::{
    BeforeCalls, CallsAtOnce, LastMessage, ShapeChange, ToolIdForm, UndeclaredTools, WordsWithCalls,
};

/// How to mend messages whose form is refused, the likeliest first.
pub(super) fn ways(said: &RefusalWords) -> Vec<Vec<Mending>> {
    let mut changes: Vec<ShapeChange> = Vec::new();
    let mut ways = wants_back(said);
    if is_of_tool_ids(said) {
        changes.push(ShapeChange {
            tool_ids: Some(ToolIdForm::Nine),
            ..ShapeChange::NONE
        });
    }
    changes.extend(of_calls(said));
    if said.has(&[
        "no user query",
        "at least one user message",
        "no user message",
        "one user message is required",
    ]) {
        changes.push(ShapeChange {
            needs_user: Some(true),
            ..ShapeChange::NONE
        });
    }
    changes.extend(of_system(said));
    changes.extend(of_turns(said));
    changes.extend(of_parts(said));
    changes.extend(of_content(said));
    if is_of_names(said) {
        changes.push(ShapeChange {
            names: Some(false),
            ..ShapeChange::NONE
        });
    }
    ways.extend(
        changes
            .into_iter()
            .map(|change| vec![Mending::Shape(change)]),
    );
    ways
}

fn wants_back(said: &RefusalWords) -> Vec<Vec<Mending>> {
    let mut ways = Vec::new();
    if said.has(&["reasoning_details", "openrouter reasoning details"]) {
        ways.push(vec![Mending::WantsBack(WantsBack::Details)]);
    }
    if said.has(&["thought_signature", "thoughtsignature", "thought signature"]) {
        ways.push(vec![Mending::WantsBack(WantsBack::Signature)]);
    }
    let is_missing = [
        "must be passed",
        "missing",
        "required",
        "must be provided",
        "passed back",
        "must include",
    ];
    if said.has(&["reasoning_content"]) && said.has(&is_missing) {
        ways.push(vec![Mending::WantsBack(WantsBack::Reasoning)]);
    }
    ways
}

fn is_of_tool_ids(said: &RefusalWords) -> bool {
    let is_named = said.has(&[
        "tool call id",
        "tool_call_id",
        "tool_call id",
        "tool_calls.id",
        "toolcallid",
        "tool call ids",
    ]);
    said.codes.iter().any(|code| code == "3280")
        || (is_named
            && said.has(&[
                "length of 9",
                "length 9",
                "a-z, a-z, 0-9",
                "9 characters",
                "nine",
            ]))
}

/// How calls of tools stand in messages.
fn of_calls(said: &RefusalWords) -> Vec<ShapeChange> {
    let mut changes = Vec::new();
    if said.has(&[
        "single tool-call",
        "single tool call",
        "one tool call at",
        "parallel tool calls are not",
    ]) {
        changes.push(ShapeChange {
            calls: Some(CallsAtOnce::One),
            ..ShapeChange::NONE
        });
    }
    if said.has(&[
        "function call turn comes immediately after",
        "call must be preceded by a user",
        "calls must follow a user",
        "tool call must come after a user",
    ]) {
        changes.push(ShapeChange {
            before_calls: Some(BeforeCalls::User),
            ..ShapeChange::NONE
        });
    }
    if is_of_undeclared(said) {
        changes.push(ShapeChange {
            undeclared: Some(UndeclaredTools::Declare),
            ..ShapeChange::NONE
        });
    }
    let is_id = |path: &Vec<String>| {
        path.last()
            .is_some_and(|last| last == "id" || last == "tool_call_id")
    };
    let has_id = said.paths.iter().any(is_id)
        || said.quoted().iter().any(|name| is_id(&path_of(name)))
        || said.has(&["tool_use_id", "tool_call_id", "tool_use.id", "tool call id"]);
    if has_id && said.has(&["too long", "maximum length", "match pattern", "a-za-z0-9_-"]) {
        changes.push(ShapeChange {
            tool_ids: Some(ToolIdForm::Short),
            ..ShapeChange::NONE
        });
    }
    if said.has(&["but not both"]) && said.has(&["tool_calls", "tool calls"]) {
        changes.push(ShapeChange {
            beside_calls: Some(WordsWithCalls::Apart),
            ..ShapeChange::NONE
        });
    }
    changes
}

/// Whether tool calls in the history want their tools declared.
fn is_of_undeclared(said: &RefusalWords) -> bool {
    let is_of_history = said.has(&[
        "tool_use",
        "tooluse",
        "tool_calls",
        "tool calls",
        "tool results",
    ]);
    let is_of_tools = said.has(&["tools", "toolconfig"]);
    let is_missing = said.has(&[
        "must be defined",
        "must define",
        "must be provided",
        "must be specified",
        "must provide",
        "must include",
        "must contain tools",
        "is required",
        "are required",
        "without `tools",
        "without tools",
        "no tools",
        "not declared",
        "not defined",
    ]);
    said.has(&[
        "without `tools=`",
        "tool_config must be",
        "toolconfig field must",
    ]) || (is_of_history && is_of_tools && is_missing)
}

/// Whose turn it is to speak.
fn of_turns(said: &RefusalWords) -> Vec<ShapeChange> {
    let mut changes = Vec::new();
    let are_neighbours = [
        "consecutive",
        "successive",
        "same role",
        "in a row",
        "immediately after a user turn",
    ];
    if said.has(&are_neighbours) {
        changes.push(ShapeChange {
            merge: Some(true),
            ..ShapeChange::NONE
        });
    }
    let is_of_turns = [
        "alternat",
        "after role",
        "consecutive",
        "successive",
        "interleave",
        "same role",
        "in a row",
        "take turns",
        "first message must be",
        "first message must use",
        "must start with a user",
        "first non-system message",
        "unexpected role",
        "role order",
        "must be followed by assistant",
        "followed by an assistant",
    ];
    if said.has(&is_of_turns) {
        changes.push(ShapeChange {
            alternate: Some(true),
            ..ShapeChange::NONE
        });
    }
    let is_last = [
        "last message",
        "expected last role",
        "final message",
        "end with a user",
        "prefill",
        "ends with",
        "last role",
        "assistant messages at the end",
        "must end with",
    ];
    if said.has(&is_last) {
        changes.push(ShapeChange {
            last: Some(LastMessage::User),
            ..ShapeChange::NONE
        });
    }
    changes
}

fn is_of_names(said: &RefusalWords) -> bool {
    let is_at = |path: &Vec<String>| {
        path.first().is_some_and(|first| first == "messages")
            && path.last().is_some_and(|last| last == "name")
            && !path
                .iter()
                .any(|part| part == "tool_calls" || part == "function")
    };
    let is_named = said.has(&[
        "property 'name'",
        "message name",
        "messages[].name",
        "property \"name\"",
        "unknown field `name`",
    ]);
    // `Unknown name "name" at 'messages[1]'`
    let is_unknown = said.unknown_names().iter().any(is_at);
    is_unknown
        || said.paths.iter().any(is_at)
        || said.bare_paths().iter().any(is_at)
        || (is_named && said.has(FORM_REFUSED))
        || said.quoted().iter().any(|name| is_at(&path_of(name)))
}
