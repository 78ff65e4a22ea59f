//! Amazon Bedrock, at its endpoint for OpenAI's clients.

use super::{BaseUrl, Profile, open_models, openai};

pub(super) const PROFILE: Profile = Profile {
    name: "bedrock",
    title: "Amazon Bedrock",
    base: BaseUrl::Own("https://bedrock-runtime.REGION.amazonaws.com/openai/v1"),
    key_page: "https://console.aws.amazon.com/bedrock/home#/api-keys",
    edits: openai::EDITS,
    shape: openai::SHAPE,
    families: &[open_models::FAMILIES, openai::FAMILIES],
    quirks: "a short-lived key ends after twelve hours at most (`key_command` renews it); some models \
             are at https://bedrock-mantle.REGION.api.aws/v1 instead",
    model: "openai.gpt-oss-120b-1:0",
    ..Profile::BLANK
};
