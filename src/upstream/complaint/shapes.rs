//! Complaints about the form of messages, in the words of templates and servers.

use super::words::{RefusalWords, path_of};
use crate::upstream::mending::Mending;
use crate::upstream::profiles::WantsBack;
use crate::upstream::shape::{
    CallsAtOnce, DeveloperRole, EmptyContent, LastMessage, ShapeChange, SystemPlace, ToolIdForm,
    WordsWithCalls,
};

/// Says that something is not taken.
const REFUSED: &[&str] = &[
    "not supported",
    "unsupported",
    "not support",
    "doesn't support",
    "n't support",
    "unknown",
    "unexpected",
    "unrecognized",
    "invalid",
    "not allowed",
    "not a valid",
    "must be one of",
    "should be",
    "is not one of",
    "only ",
];

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

/// Where system messages may stand, and as whom developers may speak.
fn of_system(said: &RefusalWords) -> Vec<ShapeChange> {
    let mut changes = Vec::new();
    if said.has(&["developer"]) && said.has(REFUSED) {
        changes.push(ShapeChange {
            developer: Some(DeveloperRole::System),
            ..ShapeChange::NONE
        });
    }
    let place = |place| ShapeChange {
        system: Some(place),
        ..ShapeChange::NONE
    };
    if said.has(&["only user and assistant roles", "roles are supported"]) {
        changes.push(place(SystemPlace::First));
        changes.push(place(SystemPlace::None));
    }
    if !said.has(&["system"]) {
        return changes;
    }
    let has_place = [
        "beginning",
        "at the start",
        "be first",
        "first message",
        "be the first",
        "must be at index 0",
        "after role",
        "position 0",
        "only one system",
        "multiple system",
        "single system",
        "start of the conversation",
        "precede",
        "come before",
        "leading",
    ];
    if said.has(&has_place) {
        changes.push(place(SystemPlace::First));
    }
    let is_of_role = [
        "system role",
        "role 'system'",
        "role \"system\"",
        "role `system`",
        "role: system",
        "system message",
        "'system' with this model",
        "role system",
        "system instruction",
        "system prompt",
        "role' does not support 'system'",
        "got system",
        "got 'system'",
    ];
    if said.has(&is_of_role) && said.has(REFUSED) {
        changes.push(place(SystemPlace::First));
        changes.push(place(SystemPlace::None));
    }
    changes
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

/// Says that a message says nothing.
const SAYS_NOTHING: [&str; 26] = [
    "empty",
    "non-empty",
    "nonempty",
    "blank",
    "at least 1 character",
    "must not be null",
    "null",
    "valid string",
    "must be a string",
    "expected a string",
    "must have non",
    "no content",
    "at least one character",
    "field required",
    "is required",
    "required field",
    "at least one of",
    "at least one content element",
    "either content or",
    "must contain either",
    "message must not be empty",
    "content or tool_calls must",
    "must be set",
    "non-whitespace",
    "nonetype",
    "missing",
];

/// What stands in a message that says nothing.
fn of_content(said: &RefusalWords) -> Vec<ShapeChange> {
    let is_path = said.paths.iter().any(|path| {
        path.first().is_some_and(|first| first == "messages")
            && path
                .last()
                .is_some_and(|last| last == "content" || last == "text")
    });
    let is_named = is_path
        || said.has(&[
            "content",
            "empty message",
            "text field",
            "nonetype",
            "message at position",
        ])
        || said.has(&["non-whitespace text", "message must not be empty"]);
    if !is_named || !said.has(&SAYS_NOTHING) || said.has(&["but not both"]) {
        return Vec::new();
    }
    let empty = |empty| ShapeChange {
        empty: Some(empty),
        ..ShapeChange::NONE
    };
    // Where nothing may stand for nothing, words must.
    let wants_string = said.has(&[
        "valid string",
        "must be a string",
        "expected a string",
        "field required",
        "is required",
        "required field",
        "at least one content element",
        "nonetype",
        "null",
        "missing",
    ]);
    match wants_string {
        true => vec![empty(EmptyContent::Text), empty(EmptyContent::Omit)],
        false => vec![empty(EmptyContent::Omit), empty(EmptyContent::Text)],
    }
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
    said.paths.iter().any(is_at)
        || said.bare_paths().iter().any(is_at)
        || (is_named && said.has(REFUSED))
        || said.quoted().iter().any(|name| is_at(&path_of(name)))
}
