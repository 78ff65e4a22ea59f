//! llama.cpp's server. The model's template decides how messages must be, and what it refuses comes
//! as a 400, of older versions as a 500 or in the stream.

use super::super::shape::{LastMessage, LegacyFunctions, ShapeChange};
use super::{BaseUrl, Profile, open_models};

pub(super) const PROFILE: Profile = Profile {
    name: "llamacpp",
    title: "llama.cpp",
    // Its own default is aside's as well.
    base: BaseUrl::Own("http://127.0.0.1:8081/v1"),
    shape: ShapeChange {
        functions: Some(LegacyFunctions::Tools),
        // It goes on with what an assistant said last, and a whole answer then says that again.
        last: Some(LastMessage::User),
        ..ShapeChange::NONE
    },
    families: &[open_models::FAMILIES],
    quirks: "tools need `--jinja`; start it with `--port 8081`, since 8080 is aside's",
    ..Profile::BLANK
};
