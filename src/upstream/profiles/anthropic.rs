//! Anthropic's Claude, at its endpoint for OpenAI's clients.
//!
//! It joins all system texts at the start: a late one would lose its place, and the prompt's cache
//! with it.

use super::super::fields::FieldEdit;
use super::super::shape::{
    DeveloperRole, EmptyContent, LastMessage, ShapeChange, SystemPlace, ToolIdForm, UndeclaredTools,
};
use super::{BaseUrl, Family, Profile};

pub(super) const PROFILE: Profile = Profile {
    name: "anthropic",
    title: "Anthropic",
    base: BaseUrl::Fixed("https://api.anthropic.com/v1"),
    key_page: "https://platform.claude.com/settings/keys",
    edits: &[FieldEdit::at_most("n", 1)],
    shape: ShapeChange {
        system: Some(SystemPlace::First),
        developer: Some(DeveloperRole::System),
        // "String should match pattern '^[a-zA-Z0-9_-]+$'"
        tool_ids: Some(ToolIdForm::Short),
        empty: Some(EmptyContent::Omit),
        // "Requests which include `tool_use` or `tool_result` blocks must define tools"
        undeclared: Some(UndeclaredTools::Declare),
        last: Some(LastMessage::User),
        needs_user: Some(true),
        ..ShapeChange::NONE
    },
    families: &[FAMILIES],
    quirks: "ignores `strict`, `seed`, penalties and most of what is OpenAI's own; a key of a person \
             may need the header `anthropic-workspace-id`",
    model: "claude-haiku-4-5",
    ..Profile::BLANK
};

/// Those that take no parameter of sampling.
const FAMILIES: &[Family] = &[Family {
    models: &[
        "claude-opus-4-7*",
        "claude-opus-4-8*",
        "claude-opus-5*",
        "claude-sonnet-5*",
        "claude-fable-5*",
        "claude-mythos-5*",
    ],
    reasons: true,
    edits: &[FieldEdit::drop("temperature"), FieldEdit::drop("top_p")],
    ..Family::BLANK
}];
