//! The form that a request takes for one upstream and one model: which fields, in which shape its
//! messages, what is mended in its history.
//!
//! ```text
//! family of the model ─▶ provider ─▶ config ─▶ config's rows of the model ─▶ learned from refusals
//! ```
//!
//! Each says what differs from what stands before it. A form is made once a model and applied to each
//! attempt anew, to what the rules left: failing over changes the form, never the request. What the
//! config lets through by name (`fields`) no row before it takes away.

use std::borrow::Cow;

use bytestring::ByteString;

use super::cache_key;
use super::fields::{EditWhen, FieldAction, FieldEdit, edited, keep_last_defaults};
use super::kept::{WantedBack, give_back};
use super::mending::Mending;
use super::profiles::{Family, Profile, WantsBack, is_match};
use super::shape::{Mend, MessageShape, ShapeBack, ShapeChange, Shaped, shaped};
use crate::chat::request::Takes;
use crate::chat::{ChatRequest, fields, json};

/// The field that tells whose prompts are alike.
const CACHE_KEY: &str = "prompt_cache_key";

/// What a config says of the form of an upstream's requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormConfig {
    /// The fields that go there.
    pub takes: Takes,
    /// Fields that go there whatever a row says that is built in.
    pub wanted: Vec<String>,
    /// What its fields must be, for every model.
    pub edits: Vec<FieldEdit>,
    /// How messages must be.
    pub shape: ShapeChange,
    /// What is mended.
    pub mend: Mend,
    /// What differs for some models; every row that a model is of counts, in order.
    pub models: Vec<ModelConfig>,
    /// Whether requests name whose prompts are alike, for the provider's cache.
    pub cache_key: bool,
}

/// What a config says of some models of an upstream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelConfig {
    /// Which: `*` stands for any characters.
    pub models: String,
    /// What their fields must be.
    pub edits: Vec<FieldEdit>,
    /// Message fields that stay here.
    pub without_message_fields: Vec<String>,
    /// How their messages must be.
    pub shape: ShapeChange,
}

/// The form of requests for one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestForm {
    /// The fields that go there.
    pub takes: Takes,
    /// What they must be, in this order.
    pub edits: Vec<FieldEdit>,
    /// Whether the model reasons where nobody says how much.
    pub reasons: bool,
    /// How messages must be.
    pub shape: MessageShape,
    /// What is mended.
    pub mend: Mend,
    /// What it wants back of its own replies.
    pub wants_back: WantsBack,
    /// Whether requests name whose prompts are alike.
    pub cache_key: bool,
}

/// Whose attempt a request is made for.
#[derive(Debug, Clone, Copy)]
pub struct AttemptOf<'a> {
    /// The name of the upstream that is asked.
    pub upstream: &'a str,
    /// The id of the assistant that asks.
    pub assistant: Option<&'a str>,
}

/// A request in the form that an upstream takes.
#[derive(Debug)]
pub struct FormedRequest<'r> {
    /// It, borrowed where nothing had to be changed.
    pub request: Cow<'r, ChatRequest>,
    /// What was changed, in plain words, for the turn's steps.
    pub notes: Vec<String>,
    /// What undoes it in the reply.
    pub back: ShapeBack,
}

impl FormConfig {
    /// What the config calls a model: its name, or the pattern of the first row that it is of.
    pub fn name_of(&self, model: &str) -> Option<&str> {
        let own = self.takes.model.as_deref();
        let mut rows = self.models.iter().map(|row| &*row.models);
        own.filter(|own| *own == model)
            .or_else(|| rows.find(|pattern| is_match(pattern, model)))
    }

    /// The model that a request is asked of.
    pub fn model_of(&self, request: &ChatRequest) -> String {
        let of_request = || json::decode_shared(request.field("model")?);
        let model = self.takes.model.clone();
        model
            .or_else(|| of_request().map(String::from))
            .unwrap_or_default()
    }
}

impl RequestForm {
    /// The form for a model of a provider, as a config has it.
    pub fn of(profile: &Profile, config: &FormConfig, model: &str) -> RequestForm {
        let family = profile.family(model).unwrap_or(&Family::BLANK);
        let own = || {
            config
                .models
                .iter()
                .filter(|row| is_match(&row.models, model))
        };
        let rows = family.edits.iter().chain(profile.edits).cloned();
        let rows = rows.chain(profile.untaken());
        // What the config lets through by name, it lets through.
        let is_wanted = |edit: &FieldEdit| {
            let drops = matches!(edit.action, FieldAction::Drop | FieldAction::DropValue(_));
            !(drops && config.wanted.iter().any(|field| *field == edit.field))
        };
        let of_config = config.edits.iter().chain(own().flat_map(|row| &row.edits));
        let shapes = [profile.shape, family.shape, config.shape];
        let shapes = shapes.into_iter().chain(own().map(|row| row.shape));
        let rows = rows.filter(is_wanted).chain(of_config.cloned());
        let mut edits: Vec<FieldEdit> = rows.collect();
        keep_last_defaults(&mut edits);
        let mut takes = config.takes.clone();
        let left_out = own().flat_map(|row| &row.without_message_fields);
        takes.without_message_fields.extend(left_out.cloned());
        RequestForm {
            takes,
            edits,
            reasons: family.reasons,
            shape: shapes.fold(MessageShape::ANY, |shape, change| change.over(shape)),
            mend: config.mend,
            wants_back: family.wants_back.unwrap_or(profile.wants_back),
            cache_key: config.cache_key && profile.knows_cache_key,
        }
    }

    /// The same with what a refusal taught.
    pub fn with(mut self, mending: &Mending) -> RequestForm {
        match mending {
            Mending::Field(edit) | Mending::Once(edit) => self.edits.push(edit.clone()),
            Mending::Shape(change) => self.shape = change.over(self.shape),
            Mending::WantsBack(wants) => self.wants_back = *wants,
            Mending::MessageField(field) => self.takes.without_message_fields.push(field.clone()),
        }
        self
    }

    /// A request in this form.
    pub fn apply<'r>(&self, came: &'r ChatRequest, attempt: AttemptOf<'_>) -> FormedRequest<'r> {
        let Shaped {
            mut request,
            mut notes,
            back,
        } = shaped(came, &self.shape, &self.mend.history);
        // Before the fields, which may leave it out.
        if self.cache_key && request.field(CACHE_KEY).is_none() {
            let key = cache_key::of(attempt.assistant, &request);
            notes.push(format!("`{CACHE_KEY}` is the assistant's"));
            request.to_mut().set_field(CACHE_KEY, &key);
        }
        let request = edited(request, &self.edits, self.reasons, &mut notes);
        // Behind the shape, which makes tool calls of legacy functions, and behind the fields, which
        // say whether the model thinks.
        let wanted = WantedBack {
            what: self.wants_back,
            upstream: attempt.upstream,
        };
        let request = give_back(request, wanted, &mut notes);
        notes.extend(self.set_in_vain(came, &request));
        FormedRequest {
            request,
            notes,
            back,
        }
    }

    /// What rules set and stays here is told: somebody waits for what it does.
    fn set_in_vain(&self, came: &ChatRequest, goes: &ChatRequest) -> Vec<String> {
        let stays = |name: &&ByteString| goes.field(name).is_some() && !self.takes.field(name);
        let stays = came.set_fields().iter().filter(stays);
        let note = |name: &ByteString| match fields::VAPI.contains(&&**name) {
            true => format!("`{name}`, which a rule set, is Vapi's own, and stays here"),
            false => format!(
                "`{name}`, which a rule set, stays here: `fields` of the upstream does not name it"
            ),
        };
        stays.map(note).collect()
    }

    /// Whether a field goes there, in a request of whatever kind.
    pub fn takes_field(&self, name: &str) -> bool {
        let drops = |edit: &FieldEdit| {
            edit.field == name && edit.action == FieldAction::Drop && edit.when == EditWhen::Always
        };
        self.takes.field(name) && !self.edits.iter().any(drops)
    }

    /// A request in this form as it goes over the wire.
    pub fn write(&self, request: &ChatRequest, attempt: AttemptOf<'_>) -> Vec<u8> {
        self.apply(request, attempt).request.write(&self.takes)
    }
}

#[cfg(test)]
mod tests;
