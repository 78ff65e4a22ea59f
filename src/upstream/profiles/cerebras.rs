//! Cerebras. It answers 400 to what it does not know.

use super::super::fields::FieldEdit;
use super::super::shape::{DeveloperRole, LegacyFunctions, ShapeChange};
use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "cerebras",
    title: "Cerebras",
    base: BaseUrl::Fixed("https://api.cerebras.ai/v1"),
    key_page: "https://cloud.cerebras.ai",
    edits: &[
        FieldEdit::drop("frequency_penalty"),
        FieldEdit::drop("presence_penalty"),
        FieldEdit::drop("logit_bias"),
        FieldEdit::drop("parallel_tool_calls"),
        FieldEdit::drop("service_tier"),
        FieldEdit::drop("prompt_cache_key"),
        FieldEdit::drop("verbosity"),
    ],
    shape: ShapeChange {
        developer: Some(DeveloperRole::System),
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[open_models::FAMILIES],
    quirks: "gpt-oss always reasons before it speaks",
    model: "gpt-oss-120b",
    ..Profile::BLANK
};
