//! SGLang on a machine of one's own. The model's template decides how messages must be.

use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "sglang",
    title: "SGLang",
    base: BaseUrl::Local("http://127.0.0.1:30000/v1"),
    quirks: "tools need a `--tool-call-parser`",
    ..open_models::SERVER
};
