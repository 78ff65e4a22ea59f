//! SGLang on a machine of one's own. The model's template decides how messages must be.

use super::super::shape::{LegacyFunctions, ShapeChange};
use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "sglang",
    title: "SGLang",
    base: BaseUrl::Local("http://127.0.0.1:30000/v1"),
    shape: ShapeChange {
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[open_models::FAMILIES],
    quirks: "tools need a `--tool-call-parser`",
    ..Profile::BLANK
};
