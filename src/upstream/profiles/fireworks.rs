//! Fireworks AI: open models, each with its template.

use super::super::fields::FieldEdit;
use super::super::shape::{DeveloperRole, LegacyFunctions, ShapeChange};
use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "fireworks",
    title: "Fireworks AI",
    base: BaseUrl::Fixed("https://api.fireworks.ai/inference/v1"),
    key_page: "https://app.fireworks.ai/settings/users/api-keys",
    edits: &[FieldEdit::rename("max_completion_tokens", "max_tokens")],
    shape: ShapeChange {
        developer: Some(DeveloperRole::System),
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[open_models::FAMILIES],
    knows_cache_key: true,
    quirks: "the usage is always in the last chunk",
    model: "accounts/fireworks/models/gpt-oss-120b",
    ..Profile::BLANK
};
