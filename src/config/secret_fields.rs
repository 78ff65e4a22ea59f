//! Which fields of the config may hold keys, so that a line of it can be shown without them.
//!
//! A field that is named nowhere here is hidden unless its value is plainly no key.

use crate::files::{FieldSecrecy, Source};

/// The text of a config file: strings that may be keys are never shown.
pub fn source(name: impl Into<String>, text: impl Into<String>) -> Source {
    Source::secret(name, text, &FIELDS)
}

/// What the fields of the config hold.
pub(crate) static FIELDS: FieldSecrecy = FieldSecrecy {
    secret: &[
        "key",
        "keys",
        "context_keys",
        "admin_keys",
        "reveal_keys",
        "secret",
        "secret_key",
        "client_secret",
        "key_command",
    ],
    urls: &["url", "forward", "token_url"],
    secret_paths: &["forward"],
    stores: &["store"],
    store_schemes: &[
        "file:",
        "redis://",
        "rediss://",
        "redis+cluster://",
        "rediss+cluster://",
    ],
    store_words: &["memory"],
    harmless_headers: &[
        "http-referer",
        "x-title",
        "user-agent",
        "accept",
        "content-type",
    ],
    harmless: &[
        "algorithm",
        "audience",
        "apology",
        "body",
        "call_id",
        "call_tokens",
        "call_turns",
        "client_id",
        "connect",
        "customer",
        "drain",
        "fields",
        "file",
        "first_token",
        "format",
        "hedge",
        "hosts",
        "injected",
        "keep",
        "key_header",
        "listen",
        "memory",
        "message_fields",
        "message_id_header",
        "metadata",
        "model",
        "most",
        "on_error",
        "open",
        "payload_format",
        "preset",
        "private",
        "raw",
        "reload",
        "rules",
        "scope",
        "secret_is_base64",
        "signature_encoding",
        "signature_header",
        "stall",
        "streams",
        "streams_per_key",
        "think",
        "timestamp_header",
        "ttl",
        "turns",
        "turns_per_key",
        "upstreams",
        "workers",
    ],
};
