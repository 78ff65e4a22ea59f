//! xAI's Grok. It refuses penalties, even of 0, and for many models to be told how much to reason.

use super::super::fields::FieldEdit;
use super::super::shape::{LegacyFunctions, ShapeChange};
use super::{BaseUrl, Family, Profile};

pub(super) const PROFILE: Profile = Profile {
    name: "xai",
    title: "xAI",
    base: BaseUrl::Fixed("https://api.x.ai/v1"),
    key_page: "https://console.x.ai",
    edits: &[
        FieldEdit::drop("presence_penalty"),
        FieldEdit::drop("frequency_penalty"),
    ],
    shape: ShapeChange {
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[FAMILIES],
    quirks: "its errors are a text where others have an object",
    model: "grok-4.3",
    ..Profile::BLANK
};

const STOP: FieldEdit = FieldEdit::drop("stop");
const EFFORT: FieldEdit = FieldEdit::drop("reasoning_effort");

const FAMILIES: &[Family] = &[
    Family {
        models: &[
            "*non-reasoning*",
            "grok-3",
            "grok-3-latest",
            "grok-3-fast*",
            "grok-2*",
        ],
        edits: &[EFFORT],
        ..Family::BLANK
    },
    Family {
        models: &["grok-4.3*", "grok-latest", "grok-3-mini*"],
        reasons: true,
        edits: &[STOP],
        ..Family::BLANK
    },
    // They can't be told not to.
    Family {
        models: &["grok-4.5*", "grok-4.6*", "grok-4.7*"],
        reasons: true,
        edits: &[STOP, FieldEdit::drop_value("reasoning_effort", "\"none\"")],
        ..Family::BLANK
    },
    Family {
        models: &[
            "grok-4",
            "grok-4-*",
            "grok-4.1*",
            "grok-4.20*",
            "grok-code*",
        ],
        reasons: true,
        edits: &[STOP, EFFORT],
        ..Family::BLANK
    },
];
