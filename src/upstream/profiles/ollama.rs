//! Ollama on a machine of one's own.

use super::super::shape::{DeveloperRole, LegacyFunctions, ShapeChange};
use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "ollama",
    title: "Ollama",
    base: BaseUrl::Local("http://127.0.0.1:11434/v1"),
    shape: ShapeChange {
        developer: Some(DeveloperRole::System),
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[open_models::FAMILIES],
    quirks: "ignores the key; what a model thinks comes as `reasoning`; all calls may have the index 0",
    model: "llama3.2",
    ..Profile::BLANK
};
