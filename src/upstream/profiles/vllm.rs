//! vLLM on a machine of one's own. The model's template decides how messages must be.

use super::super::fields::{EditWhen, FieldEdit};
use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "vllm",
    title: "vLLM",
    base: BaseUrl::Local("http://127.0.0.1:8000/v1"),
    edits: &[
        FieldEdit::drop_value("tools", "[]"),
        FieldEdit::drop_when("tool_choice", EditWhen::WithoutTools),
    ],
    quirks: "tools need `--enable-auto-tool-choice` and a `--tool-call-parser`",
    ..open_models::SERVER
};
