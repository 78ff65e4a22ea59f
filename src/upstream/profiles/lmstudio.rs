//! LM Studio on a machine of one's own. The model's template decides how messages must be.

use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "lmstudio",
    title: "LM Studio",
    base: BaseUrl::Local("http://127.0.0.1:1234/v1"),
    quirks: "a template's refusal may come in the stream",
    ..open_models::SERVER
};
