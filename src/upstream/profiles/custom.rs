//! Any other server that speaks OpenAI's chat completions. What it refuses is learned as it refuses;
//! the templates of open models are known by the models' names.

use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "custom",
    title: "Any other server",
    base: BaseUrl::Own("http://127.0.0.1:9000/v1"),
    families: &[open_models::FAMILIES],
    knows_cache_key: true,
    ..Profile::BLANK
};
