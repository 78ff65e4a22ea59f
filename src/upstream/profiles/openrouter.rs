//! OpenRouter, which asks the servers of others.
//!
//! Parameters that the server behind it does not take are left out there. What it does to system
//! messages that come late differs from server to server, and it says nothing of it.

use super::super::fields::FieldEdit;
use super::super::shape::{
    BeforeCalls, DeveloperRole, LegacyFunctions, ShapeChange, SystemPlace, ToolIdForm,
};
use super::{BaseUrl, Family, Profile, WantsBack, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "openrouter",
    title: "OpenRouter",
    base: BaseUrl::Fixed("https://openrouter.ai/api/v1"),
    key_page: "https://openrouter.ai/keys",
    edits: &[FieldEdit::rename("max_completion_tokens", "max_tokens")],
    shape: ShapeChange {
        system: Some(SystemPlace::First),
        developer: Some(DeveloperRole::System),
        // OpenAI and Anthropic, whom it asks, refuse others.
        tool_ids: Some(ToolIdForm::Short),
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[OPENAI, GEMINI, open_models::FAMILIES],
    knows_cache_key: true,
    quirks: "it moves or drops late system messages for most models and says nothing; comments stand \
             between its events, and the finish reason may come twice",
    model: "meta-llama/llama-3.3-70b-instruct",
    ..Profile::BLANK
};

/// What OpenAI itself serves takes a system message wherever it stands.
const OPENAI: &[Family] = &[
    // Open weights, served by others, with a template that reads the first alone.
    Family {
        models: &["openai/gpt-oss*"],
        ..Family::BLANK
    },
    Family {
        models: &["openai/*"],
        shape: ShapeChange {
            system: Some(SystemPlace::Any),
            ..ShapeChange::NONE
        },
        ..Family::BLANK
    },
];

/// A call of Gemini's comes right behind a caller or a tool's result.
const BEFORE_CALLS: ShapeChange = ShapeChange {
    before_calls: Some(BeforeCalls::User),
    ..ShapeChange::NONE
};

/// From Gemini 3 on, each tool call that it is shown again must bear the signature of its thought.
const GEMINI: &[Family] = &[
    Family {
        models: &[
            "google/gemini-1*",
            "google/gemini-2*",
            "google/gemini-flash-1*",
        ],
        shape: BEFORE_CALLS,
        ..Family::BLANK
    },
    Family {
        models: &["google/gemini-*"],
        shape: BEFORE_CALLS,
        wants_back: Some(WantsBack::Details),
        ..Family::BLANK
    },
];
