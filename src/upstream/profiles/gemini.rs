//! Google's Gemini, at its endpoint for OpenAI's clients.
//!
//! It refuses fields whose names it does not know. From Gemini 3 on, each tool call that it is shown
//! again must bear the signature of its thought.

use super::super::fields::FieldEdit;
use super::super::shape::{BeforeCalls, DeveloperRole, LegacyFunctions, ShapeChange, SystemPlace};
use super::{BaseUrl, Family, Profile, WantsBack};

pub(super) const PROFILE: Profile = Profile {
    name: "gemini",
    title: "Google Gemini",
    base: BaseUrl::Fixed("https://generativelanguage.googleapis.com/v1beta/openai"),
    key_page: "https://aistudio.google.com/apikey",
    edits: &[
        FieldEdit::drop("frequency_penalty"),
        FieldEdit::drop("presence_penalty"),
        FieldEdit::drop("seed"),
        FieldEdit::drop("logit_bias"),
    ],
    shape: ShapeChange {
        system: Some(SystemPlace::First),
        developer: Some(DeveloperRole::System),
        needs_user: Some(true),
        // "function call turn comes immediately after a user turn or after a function response turn"
        before_calls: Some(BeforeCalls::User),
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[FAMILIES],
    wants_back: WantsBack::Signature,
    quirks: "its errors are a list; pieces of tool calls may come without an index",
    model: "gemini-3.5-flash",
    ..Profile::BLANK
};

const FAMILIES: &[Family] = &[
    // "Developer instruction is not enabled for models/gemma-3-27b-it"
    Family {
        models: &["gemma-2*", "gemma-3*"],
        shape: ShapeChange {
            system: Some(SystemPlace::None),
            ..ShapeChange::NONE
        },
        wants_back: Some(WantsBack::Nothing),
        ..Family::BLANK
    },
    Family {
        models: &["gemini-1*", "gemini-2*", "gemma-*"],
        wants_back: Some(WantsBack::Nothing),
        ..Family::BLANK
    },
];
