//! What is known of each kind of upstream: where it is and which request fields it takes.
//!
//! Quirks on the way back (comments, two finish chunks, `choices: null`, usage on the finish
//! chunk) are mended for all of them alike, in `ruleset/reply`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::chat::fields;

/// A kind of upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// OpenAI, also its fine-tuned models.
    Openai,
    /// OpenRouter.
    Openrouter,
    /// Together AI.
    Together,
    /// Anyscale; each deployment has its own base URL.
    Anyscale,
    /// Any other server that speaks OpenAI's chat completions.
    #[default]
    Custom,
}

impl Preset {
    /// The base URL, where there is one for everybody.
    pub fn base_url(self) -> Option<&'static str> {
        match self {
            Preset::Openai => Some("https://api.openai.com/v1"),
            Preset::Openrouter => Some("https://openrouter.ai/api/v1"),
            Preset::Together => Some("https://api.together.xyz/v1"),
            Preset::Anyscale | Preset::Custom => None,
        }
    }

    /// The request fields that go there. OpenAI answers 400 to any that it does not know.
    pub fn fields(self) -> impl Iterator<Item = &'static str> {
        // Where a server lacks one of OpenAI's fields it ignores it (VAPI.md 6).
        fields::KNOWN.iter().map(|(name, _)| *name)
    }
}
