//! Complaints about what stands in a message: nothing, or parts where a text is wanted.

use super::words::RefusalWords;
use crate::upstream::shape::{ContentParts, EmptyContent, ShapeChange};

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
pub(super) fn of_content(said: &RefusalWords) -> Vec<ShapeChange> {
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

/// Whether a text is wanted in place of a list of parts.
pub(super) fn of_parts(said: &RefusalWords) -> Option<ShapeChange> {
    let is_of_list = said.has(&[
        "invalid type: sequence",
        "unmarshal array",
        "not \"list\"",
        "not 'list'",
        "not list",
        "list found",
        "got array",
        "got an array",
        "got list",
        "got a list",
        "got type list",
        "received array",
        "received an array",
        "received a list",
        "array of content",
        "content parts",
        "list of content",
        "content as a list",
        "content as an array",
        "'list' object has no attribute",
    ]);
    let is_of_content = said.has(&["content", "messages"])
        || said
            .paths
            .iter()
            .any(|path| path.first().is_some_and(|first| first == "messages"));
    let wants_text = said.has(&[
        "valid string",
        "be a string",
        "expected a string",
        "expected string",
        "expects a string",
        "be of type string",
        "of type string",
        "type 'string'",
        "`string`",
        "be string",
        "string_type",
        "str type expected",
        "is not a string",
    ]);
    (is_of_list || (is_of_content && wants_text)).then_some(ShapeChange {
        parts: Some(ContentParts::Text),
        ..ShapeChange::NONE
    })
}
