//! Groq. It refuses names of messages, and how much a model shall reason has other words there.

use super::super::fields::FieldEdit;
use super::super::shape::{DeveloperRole, LegacyFunctions, ShapeChange, SystemPlace};
use super::{BaseUrl, Family, Profile};

pub(super) const PROFILE: Profile = Profile {
    name: "groq",
    title: "Groq",
    base: BaseUrl::Fixed("https://api.groq.com/openai/v1"),
    key_page: "https://console.groq.com/keys",
    edits: &[
        FieldEdit::drop("logprobs"),
        FieldEdit::drop("top_logprobs"),
        FieldEdit::drop("logit_bias"),
        FieldEdit::at_most("n", 1),
    ],
    shape: ShapeChange {
        names: Some(false),
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[FAMILIES],
    model: "llama-3.3-70b-versatile",
    ..Profile::BLANK
};

const FAMILIES: &[Family] = &[
    Family {
        models: &["gpt-oss*"],
        edits: &[
            FieldEdit::replace("reasoning_effort", "\"none\"", "\"low\""),
            FieldEdit::replace("reasoning_effort", "\"minimal\"", "\"low\""),
            FieldEdit::replace("reasoning_effort", "\"xhigh\"", "\"high\""),
        ],
        shape: ShapeChange {
            system: Some(SystemPlace::First),
            ..ShapeChange::NONE
        },
        ..Family::BLANK
    },
    Family {
        models: &["qwen3*", "qwen-3*"],
        edits: &[
            FieldEdit::replace("reasoning_effort", "\"minimal\"", "\"default\""),
            FieldEdit::replace("reasoning_effort", "\"low\"", "\"default\""),
            FieldEdit::replace("reasoning_effort", "\"medium\"", "\"default\""),
            FieldEdit::replace("reasoning_effort", "\"high\"", "\"default\""),
            FieldEdit::replace("reasoning_effort", "\"xhigh\"", "\"default\""),
        ],
        ..Family::BLANK
    },
    Family {
        models: &["llama*"],
        edits: &[FieldEdit::drop("reasoning_effort")],
        shape: ShapeChange {
            developer: Some(DeveloperRole::System),
            ..ShapeChange::NONE
        },
        ..Family::BLANK
    },
];
