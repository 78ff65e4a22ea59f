//! The words by which servers say that something is not taken.

/// Names of fields that are words of anybody's language: in a message they count in quotes only.
pub(super) const WORDS: [&str; 8] = [
    "n",
    "stop",
    "user",
    "seed",
    "tools",
    "functions",
    "modalities",
    "verbosity",
];

/// Says that a field is not taken, or not as it is.
pub(super) const FIELD_REFUSED: &[&str] = &[
    "support",
    "unknown",
    "unrecogni",
    "unexpected",
    "not permitted",
    "not allowed",
    "not available",
    "forbidden",
    "invalid",
    "only the default",
    "extra",
    "deprecated",
    "must be",
    "should be",
    "cannot",
    "can't",
    "could not",
    "not valid",
    "not compatible",
    "incompatible",
    "not a valid",
    "no such",
    "remove",
    "not enabled",
    "not accepted",
    "disallowed",
    "wrong_api_format",
    "requires",
    "less than",
    "greater than",
    "out of range",
];

/// Says that a form of messages is not taken.
pub(super) const FORM_REFUSED: &[&str] = &[
    "not supported",
    "unsupported",
    "not support",
    "doesn't support",
    "n't support",
    "unknown",
    "unexpected",
    "unrecognized",
    "invalid",
    "not allowed",
    "not a valid",
    "must be one of",
    "should be",
    "is not one of",
    "only ",
];
