//! Perplexity's Sonar, which searches the web. It takes no tools, and roles in turn only.

use super::super::fields::FieldEdit;
use super::super::shape::{DeveloperRole, LastMessage, LegacyFunctions, ShapeChange, SystemPlace};
use super::{BaseUrl, Profile};

pub(super) const PROFILE: Profile = Profile {
    name: "perplexity",
    title: "Perplexity",
    base: BaseUrl::Fixed("https://api.perplexity.ai"),
    key_page: "https://www.perplexity.ai/account/api/keys",
    edits: &[
        FieldEdit::rename("max_completion_tokens", "max_tokens"),
        FieldEdit::drop("tools"),
        FieldEdit::drop("tool_choice"),
        FieldEdit::drop("parallel_tool_calls"),
    ],
    shape: ShapeChange {
        system: Some(SystemPlace::First),
        merge: Some(true),
        alternate: Some(true),
        developer: Some(DeveloperRole::System),
        last: Some(LastMessage::User),
        needs_user: Some(true),
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    quirks: "calls no tools; each chunk has the whole message so far beside its delta",
    model: "sonar",
    ..Profile::BLANK
};
