//! Anyscale: open models by vLLM, each deployment at its own address.

use super::{BaseUrl, Profile, vllm};

pub(super) const PROFILE: Profile = Profile {
    name: "anyscale",
    title: "Anyscale",
    base: BaseUrl::Own("https://SERVICE.anyscaleuserdata.com/v1"),
    key_page: "https://console.anyscale.com",
    quirks: "the key is the token of the service",
    ..vllm::PROFILE
};
