//! Anyscale: open models by vLLM, each deployment at its own address.

use super::super::fields::{EditWhen, FieldEdit};
use super::super::shape::{LegacyFunctions, ShapeChange};
use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "anyscale",
    title: "Anyscale",
    base: BaseUrl::Own("https://SERVICE.anyscaleuserdata.com/v1"),
    key_page: "https://console.anyscale.com",
    edits: &[
        FieldEdit::drop_value("tools", "[]"),
        FieldEdit::drop_when("tool_choice", EditWhen::WithoutTools),
    ],
    shape: ShapeChange {
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[open_models::FAMILIES],
    quirks: "the key is the token of the service",
    ..Profile::BLANK
};
