//! Together AI: open models, each with its template.

use super::super::shape::{DeveloperRole, LegacyFunctions, ShapeChange};
use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "together",
    title: "Together AI",
    base: BaseUrl::Fixed("https://api.together.xyz/v1"),
    key_page: "https://api.together.ai/settings/api-keys",
    shape: ShapeChange {
        developer: Some(DeveloperRole::System),
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[open_models::FAMILIES],
    quirks: "the usage comes on the chunk with the finish reason, and a tool call in one piece",
    model: "meta-llama/Llama-3.3-70B-Instruct-Turbo",
    ..Profile::BLANK
};
