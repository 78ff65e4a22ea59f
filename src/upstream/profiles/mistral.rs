//! Mistral AI. It refuses every field that it does not know, ids of tool calls that are not nine
//! letters and digits, and roles out of turn.

use super::super::fields::{EditWhen, FieldEdit};
use super::super::shape::{
    DeveloperRole, EmptyContent, LastMessage, LegacyFunctions, ShapeChange, SystemPlace, ToolIdForm,
};
use super::{BaseUrl, Profile};

pub(super) const PROFILE: Profile = Profile {
    name: "mistral",
    title: "Mistral AI",
    base: BaseUrl::Fixed("https://api.mistral.ai/v1"),
    key_page: "https://console.mistral.ai/api-keys",
    takes: Some(TAKES),
    edits: &[
        FieldEdit::rename("max_completion_tokens", "max_tokens"),
        FieldEdit::rename("seed", "random_seed"),
        FieldEdit::drop_value("tools", "[]"),
        FieldEdit::drop_when("tool_choice", EditWhen::WithoutTools),
        FieldEdit::drop_when("parallel_tool_calls", EditWhen::WithoutTools),
    ],
    shape: ShapeChange {
        system: Some(SystemPlace::First),
        merge: Some(true),
        alternate: Some(true),
        developer: Some(DeveloperRole::System),
        tool_ids: Some(ToolIdForm::Nine),
        empty: Some(EmptyContent::Omit),
        names: Some(false),
        last: Some(LastMessage::User),
        needs_user: Some(true),
        functions: Some(LegacyFunctions::Tools),
        // It takes several calls at once, and words beside them.
        ..ShapeChange::NONE
    },
    knows_cache_key: true,
    quirks: "models that reason send their content as a list of parts; the usage is always in the last \
             chunk",
    model: "mistral-small-latest",
    ..Profile::BLANK
};

/// What it takes, under the names that it knows.
const TAKES: &[&str] = &[
    "model",
    "stream",
    "temperature",
    "max_tokens",
    "tools",
    "tool_choice",
    "top_p",
    "n",
    "stop",
    "presence_penalty",
    "frequency_penalty",
    "parallel_tool_calls",
    "response_format",
    "reasoning_effort",
    "prompt_cache_key",
];
