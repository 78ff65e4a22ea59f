//! Baseten: open models, shared ones at one address and deployments at their own.

use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "baseten",
    title: "Baseten",
    base: BaseUrl::Fixed("https://inference.baseten.co/v1"),
    key_page: "https://app.baseten.co/settings/api_keys",
    quirks: "a deployment of one's own has the `url` \
             https://model-ID.api.baseten.co/environments/production/sync/v1",
    model: "openai/gpt-oss-120b",
    ..open_models::SERVER
};
