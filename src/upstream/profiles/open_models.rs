//! Models with open weights: whoever serves them, the template that came with the weights decides
//! how messages must be.
//!
//! A template refuses, or it drops what it does not expect and says nothing. One that is not named
//! here takes what comes (most of Qwen before 3.5).

use super::super::shape::{
    CallsAtOnce, LastMessage, LegacyFunctions, ShapeChange, SystemPlace, ToolIdForm,
};
use super::{Family, Profile, WantsBack};

/// A server of such models, whose names tell of them.
pub(super) const SERVER: Profile = Profile {
    shape: ShapeChange {
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[FAMILIES],
    ..Profile::BLANK
};

/// Their families. Some servers write the dot of a version as `p` or `-`.
pub(super) const FAMILIES: &[Family] = &[
    // "System message must be at the beginning", and there must be a user's.
    Family {
        models: &[
            "qwen3.5*",
            "qwen3.6*",
            "qwen3.7*",
            "qwen3.8*",
            "qwen-3.5*",
            "qwen-3.6*",
            "qwen3p5*",
            "qwen3p6*",
            "qwen3p7*",
            "qwen3-5-*",
            "qwen3-6-*",
        ],
        shape: ShapeChange {
            system: Some(SystemPlace::First),
            needs_user: Some(true),
            ..ShapeChange::NONE
        },
        ..Family::BLANK
    },
    // It answers a late system message as if the caller had said it.
    Family {
        models: &["gemma-4*", "gemma4*"],
        shape: ShapeChange {
            system: Some(SystemPlace::First),
            ..ShapeChange::NONE
        },
        ..Family::BLANK
    },
    // "System role not supported", and turns must be taken.
    Family {
        models: &[
            "gemma-2*",
            "gemma2*",
            "*-gemma-2*",
            "gemma-7b*",
            "gemma-1.1*",
            "gemma:*",
            "codegemma*",
        ],
        shape: ShapeChange {
            system: Some(SystemPlace::None),
            ..ALTERNATE
        },
        ..Family::BLANK
    },
    // "Conversation roles must alternate user/assistant/user/assistant/…"
    Family {
        models: &["gemma*", "*-gemma-3*"],
        shape: ALTERNATE,
        ..Family::BLANK
    },
    // The same, and "Tool call IDs should be alphanumeric strings with length 9!"
    Family {
        models: &[
            "mistral*",
            "ministral*",
            "mixtral*",
            "magistral*",
            "devstral*",
            "codestral*",
            "pixtral*",
            "voxtral*",
        ],
        shape: ShapeChange {
            tool_ids: Some(ToolIdForm::Nine),
            last: Some(LastMessage::User),
            ..ALTERNATE
        },
        ..Family::BLANK
    },
    // "This model only supports single tool-calls at once!"
    Family {
        models: &[
            "*llama-3.1*",
            "*llama-3.2*",
            "*llama-3.3*",
            "*llama3.1*",
            "*llama3.2*",
            "*llama3.3*",
            "*llama-3-1*",
            "*llama-3-2*",
            "*llama-3-3*",
            "*llama3-1*",
            "*llama3-2*",
            "*llama3-3*",
            "*llama-v3p1*",
            "*llama-v3p2*",
            "*llama-v3p3*",
        ],
        shape: ShapeChange {
            calls: Some(CallsAtOnce::One),
            ..ShapeChange::NONE
        },
        ..Family::BLANK
    },
    // They think between their tool calls, and want what they thought back.
    Family {
        models: &["deepseek-v4*", "deepseek-flash*", "kimi-k2-thinking*"],
        wants_back: Some(WantsBack::Reasoning),
        ..Family::BLANK
    },
    // It reads the first system message and drops every other.
    Family {
        models: &["gpt-oss*"],
        shape: ShapeChange {
            system: Some(SystemPlace::First),
            ..ShapeChange::NONE
        },
        ..Family::BLANK
    },
];

const ALTERNATE: ShapeChange = ShapeChange {
    system: Some(SystemPlace::First),
    merge: Some(true),
    alternate: Some(true),
    needs_user: Some(true),
    ..ShapeChange::NONE
};
