//! Azure OpenAI and Foundry, at both of its endpoints; the model is the name of a deployment.
//!
//! Deployments are known by their names alone: one that is named after nothing is taken for a model
//! that takes everything, and what it refuses is learned.

use super::super::fields::{EditWhen, FieldEdit};
use super::super::key::KeyPlace;
use super::{BaseUrl, Family, Profile, openai};

pub(super) const PROFILE: Profile = Profile {
    name: "azure",
    title: "Azure OpenAI",
    base: BaseUrl::Own("https://RESOURCE.openai.azure.com/openai/v1"),
    // Both endpoints take it; a token of Entra goes as Bearer.
    key: &KeyPlace::header("api-key"),
    key_page: "https://ai.azure.com",
    edits: openai::EDITS,
    shape: openai::SHAPE,
    families: &[openai::FAMILIES, MISTRAL],
    knows_cache_key: true,
    quirks: "the model is the name of a deployment; the older endpoint is \
             https://RESOURCE.openai.azure.com/openai/deployments/NAME?api-version=DATE; its first \
             chunk has no choices, and results of its content filter come between the words",
    ..Profile::BLANK
};

/// Mistral's models, which refuse the newer name of the limit.
const MISTRAL: &[Family] = &[Family {
    models: &["*mistral*", "*ministral*", "codestral*"],
    edits: &[
        FieldEdit::rename("max_completion_tokens", "max_tokens"),
        FieldEdit::drop_when("tool_choice", EditWhen::WithoutTools),
    ],
    ..Family::BLANK
}];
