//! What is known of each provider, a row each: where it is, how the key is sent, which fields it
//! takes, how messages must be.
//!
//! A row is data. [`super::form`] makes of it, of the config and of what was learned from refusals
//! what one request must be; nothing else asks which provider it is. README's and docs/upstreams.md's
//! tables derive from the rows. Sources: each row names its provider's own pages where it has any;
//! families and wordings were gathered in public reports of November 2026.

mod anthropic;
mod anyscale;
mod azure;
mod baseten;
mod bedrock;
mod cerebras;
mod custom;
mod deepseek;
mod fireworks;
mod gemini;
mod groq;
mod llamacpp;
mod lmstudio;
mod manual;
mod mistral;
mod models;
mod ollama;
mod open_models;
mod openai;
mod openrouter;
mod perplexity;
mod provider;
mod sglang;
mod together;
mod vllm;
mod words;
mod xai;

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::fields::{FieldAction, FieldEdit};
use super::key::KeyPlace;
use super::shape::ShapeChange;
use crate::chat::fields;
pub use manual::upstream_manual;
pub use models::is_match;

/// All providers, in the order in which people are told of them.
pub const PROFILES: &[&Profile] = &[
    &openai::PROFILE,
    &azure::PROFILE,
    &openrouter::PROFILE,
    &together::PROFILE,
    &groq::PROFILE,
    &cerebras::PROFILE,
    &fireworks::PROFILE,
    &deepseek::PROFILE,
    &mistral::PROFILE,
    &xai::PROFILE,
    &gemini::PROFILE,
    &anthropic::PROFILE,
    &bedrock::PROFILE,
    &perplexity::PROFILE,
    &anyscale::PROFILE,
    &baseten::PROFILE,
    &vllm::PROFILE,
    &sglang::PROFILE,
    &llamacpp::PROFILE,
    &ollama::PROFILE,
    &lmstudio::PROFILE,
    &custom::PROFILE,
];

/// Their names.
const NAMES: [&str; PROFILES.len()] = {
    let mut names = [""; PROFILES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = PROFILES[at].name;
        at += 1;
    }
    names
};

/// What is known of one provider.
#[derive(Debug)]
pub struct Profile {
    /// Its name as a `preset`.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Where it is.
    pub base: BaseUrl,
    /// How the key is sent.
    pub key: &'static KeyPlace,
    /// Where people get a key; empty: none is needed.
    pub key_page: &'static str,
    /// The request fields that it takes beside `messages`, of those that are known; none: all.
    pub takes: Option<&'static [&'static str]>,
    /// What else its fields must be, for every model, behind what its family says.
    pub edits: &'static [FieldEdit],
    /// How messages must be, for every model.
    pub shape: ShapeChange,
    /// What differs for some models, list by list; the first family that a model is of counts.
    pub families: &'static [&'static [Family]],
    /// What it wants back of its own replies, and voice platforms drop.
    pub wants_back: WantsBack,
    /// Whether it knows `prompt_cache_key`.
    pub knows_cache_key: bool,
    /// What is odd about it, in a few words for docs/upstreams.md; empty: nothing.
    pub quirks: &'static str,
    /// A model of it, for examples and `aside probe`; empty: each server has its own.
    pub model: &'static str,
}

/// Where a provider is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseUrl {
    /// For everybody at this base URL.
    Fixed(&'static str),
    /// At this one, where a server runs on the same machine as ever.
    Local(&'static str),
    /// Each has its own, which looks like this.
    Own(&'static str),
}

/// Models of one provider that differ from its others.
#[derive(Debug)]
pub struct Family {
    /// Their names; `*` stands for any characters.
    pub models: &'static [&'static str],
    /// Whether they reason where the request does not say how much.
    pub reasons: bool,
    /// What else their fields must be.
    pub edits: &'static [FieldEdit],
    /// How their messages must be, over what the provider says.
    pub shape: ShapeChange,
    /// What they want back of their own replies, where that is not what the provider's others do.
    pub wants_back: Option<WantsBack>,
    /// Why they can't be asked here at all, for `check`; empty: they can.
    pub unusable: &'static str,
}

/// What a provider wants back of its own replies in later requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantsBack {
    /// Nothing.
    Nothing,
    /// The `reasoning_content` of a message with tool calls, as DeepSeek.
    Reasoning,
    /// The signature of each tool call, as Gemini 3.
    Signature,
    /// The same in a list beside the reply, as OpenRouter hands it on.
    Details,
}

impl Profile {
    /// A row that says nothing: what is not said in another is as here.
    pub const BLANK: Profile = Profile {
        name: "",
        title: "",
        base: BaseUrl::Own("https://llm.example.com/v1"),
        key: &KeyPlace::Bearer,
        key_page: "",
        takes: None,
        edits: &[],
        shape: ShapeChange::NONE,
        families: &[],
        wants_back: WantsBack::Nothing,
        knows_cache_key: false,
        quirks: "",
        model: "",
    };

    /// The provider of that name.
    pub fn named(name: &str) -> Option<&'static Profile> {
        PROFILES
            .iter()
            .find(|profile| profile.name == name)
            .copied()
    }

    /// The family that a model is of.
    pub fn family(&self, model: &str) -> Option<&'static Family> {
        let mut families = self.families.iter().copied().flatten();
        families.find(|family| family.models.iter().any(|pattern| is_match(pattern, model)))
    }

    /// The request fields that may go there beside `messages`: those that are known, and those that
    /// its rows give them in place of known ones.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        let edits: &'static [FieldEdit] = self.edits;
        let renamed = edits.iter().filter_map(|edit| match &edit.action {
            FieldAction::Rename(to) => Some(&**to),
            _ => None,
        });
        known().chain(renamed.filter(|name| fields::kind_of(name).is_none()))
    }

    /// The known fields that it does not take.
    pub fn untaken(&self) -> impl Iterator<Item = FieldEdit> {
        let taken = self.takes;
        let untaken = move |name: &&'static str| {
            taken.is_some_and(|taken| *name != "messages" && !taken.contains(name))
        };
        known().filter(untaken).map(FieldEdit::drop)
    }

    /// The base URL, where none need be said.
    pub fn base_url(&self) -> Option<&'static str> {
        match self.base {
            BaseUrl::Fixed(url) | BaseUrl::Local(url) => Some(url),
            BaseUrl::Own(_) => None,
        }
    }
}

impl Family {
    /// A row that says nothing: what is not said in another is as here.
    pub const BLANK: Family = Family {
        models: &[],
        reasons: false,
        edits: &[],
        shape: ShapeChange::NONE,
        wants_back: None,
        unusable: "",
    };
}

/// The fields of any request.
fn known() -> impl Iterator<Item = &'static str> {
    fields::KNOWN.iter().map(|(name, _)| *name)
}

/// The provider that a config names.
#[derive(Clone, Copy)]
pub struct Preset(pub &'static Profile);

impl Default for Preset {
    fn default() -> Preset {
        Preset(&custom::PROFILE)
    }
}

impl PartialEq for Preset {
    fn eq(&self, other: &Preset) -> bool {
        self.0.name == other.0.name
    }
}

impl fmt::Debug for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl<'de> Deserialize<'de> for Preset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Preset, D::Error> {
        let name = String::deserialize(deserializer)?;
        let found = Profile::named(&name).map(Preset);
        found.ok_or_else(|| D::Error::unknown_variant(&name, &NAMES))
    }
}

impl JsonSchema for Preset {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Preset".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": NAMES })
    }
}

#[cfg(test)]
mod tests;
