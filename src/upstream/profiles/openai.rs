//! OpenAI's chat completions, with its fine-tuned models.
//!
//! Its reasoning models take `max_completion_tokens` in place of `max_tokens`, and while they reason
//! none of the parameters of sampling. Which of them reason unasked, and what they take of
//! `reasoning_effort` beside tools, differs from one to the next.

use super::super::fields::{EditWhen, FieldEdit};
use super::super::shape::{ShapeChange, SystemPlace, ToolIdForm};
use super::{BaseUrl, Family, Profile};

pub(super) const PROFILE: Profile = Profile {
    name: "openai",
    title: "OpenAI",
    base: BaseUrl::Fixed("https://api.openai.com/v1"),
    key_page: "https://platform.openai.com/api-keys",
    edits: EDITS,
    shape: SHAPE,
    families: &[FAMILIES],
    knows_cache_key: true,
    model: "gpt-4o-mini",
    quirks: "refuses fields that it does not know, and empty lists of tools",
    ..Profile::BLANK
};

/// What is said of models that this endpoint does not serve.
const RESPONSES_ONLY: &str = "it is served at /v1/responses alone, not as chat completions";

/// The families of OpenAI's models, also where others host them.
pub(super) const FAMILIES: &[Family] = &[
    Family {
        models: &[
            "gpt-*-pro",
            "gpt-*-pro-20*",
            "o*-pro",
            "o*-pro-20*",
            "gpt-*-codex*",
            "codex-*",
            "o*-deep-research*",
        ],
        reasons: true,
        edits: ALWAYS_REASONING,
        unusable: RESPONSES_ONLY,
        ..Family::BLANK
    },
    // "'messages[0].role' does not support 'system' with this model."
    Family {
        models: &["o1-mini*", "o1-preview*"],
        reasons: true,
        edits: ALWAYS_REASONING,
        shape: ShapeChange {
            system: Some(SystemPlace::None),
            ..ShapeChange::NONE
        },
        ..Family::BLANK
    },
    // "'stop' is not supported with this model."
    Family {
        models: &["o3*", "o4*"],
        reasons: true,
        edits: &[
            LIMIT,
            FieldEdit::drop_value("reasoning_effort", "\"none\""),
            FieldEdit::drop("stop"),
        ],
        ..Family::BLANK
    },
    Family {
        models: &["o1*"],
        reasons: true,
        edits: ALWAYS_REASONING,
        ..Family::BLANK
    },
    // They search before they speak, and take no parameter of sampling.
    Family {
        models: &["gpt-4o-*search-preview*"],
        edits: SEARCHING,
        ..Family::BLANK
    },
    Family {
        models: &["gpt-3*", "gpt-4*", "chatgpt-*"],
        edits: NEVER_REASONING,
        ..Family::BLANK
    },
    // The one chat model of its line that does not reason.
    Family {
        models: &["gpt-5-chat*"],
        edits: &[LIMIT, FieldEdit::drop("reasoning_effort")],
        ..Family::BLANK
    },
    Family {
        models: &["gpt-5.*-chat*", "gpt-6*-chat*"],
        reasons: true,
        edits: ALWAYS_REASONING,
        ..Family::BLANK
    },
    Family {
        models: &["gpt-5", "gpt-5-*"],
        reasons: true,
        edits: ALWAYS_REASONING,
        ..Family::BLANK
    },
    Family {
        models: &["gpt-5.1*", "gpt-5.3*"],
        edits: ONLY_LIMIT,
        ..Family::BLANK
    },
    Family {
        models: &["gpt-5.2*", "gpt-5.4*"],
        edits: NO_EFFORT_WITH_TOOLS,
        ..Family::BLANK
    },
    Family {
        models: &["gpt-5.5*"],
        reasons: true,
        edits: NO_EFFORT_WITH_TOOLS,
        ..Family::BLANK
    },
    // It can't be told not to reason, and so it may call no tools here: what it refuses, it says.
    Family {
        models: &["gpt-6-astra*"],
        reasons: true,
        edits: &[
            LIMIT,
            FieldEdit::drop_value("reasoning_effort", "\"none\""),
            FieldEdit::replace("reasoning_effort", "\"minimal\"", "\"low\""),
        ],
        ..Family::BLANK
    },
    Family {
        models: &["gpt-5.6*", "gpt-5.7*", "gpt-5.8*", "gpt-5.9*", "gpt-6*"],
        reasons: true,
        edits: EFFORT_NONE_WITH_TOOLS,
        ..Family::BLANK
    },
];

const LIMIT: FieldEdit = FieldEdit::rename("max_tokens", "max_completion_tokens");

const ONLY_LIMIT: &[FieldEdit] = &[LIMIT];

/// It can't be told not to reason.
const ALWAYS_REASONING: &[FieldEdit] =
    &[LIMIT, FieldEdit::drop_value("reasoning_effort", "\"none\"")];

/// No effort may be named beside tools; none is what it has then.
const NO_EFFORT_WITH_TOOLS: &[FieldEdit] = &[
    LIMIT,
    FieldEdit::drop_when("reasoning_effort", EditWhen::WithTools),
];

/// That it shall not reason must be said beside tools.
const EFFORT_NONE_WITH_TOOLS: &[FieldEdit] = &[
    LIMIT,
    FieldEdit::set_when("reasoning_effort", "\"none\"", EditWhen::WithTools),
    FieldEdit::replace("reasoning_effort", "\"minimal\"", "\"low\""),
];

/// It knows no effort.
const NEVER_REASONING: &[FieldEdit] = &[FieldEdit::drop("reasoning_effort")];

const SEARCHING: &[FieldEdit] = &[
    FieldEdit::drop("temperature"),
    FieldEdit::drop("top_p"),
    FieldEdit::drop("presence_penalty"),
    FieldEdit::drop("frequency_penalty"),
    FieldEdit::drop("reasoning_effort"),
];

/// "string too long. Expected a string with maximum length 40": ids of other servers may be longer.
pub(super) const SHAPE: ShapeChange = ShapeChange {
    tool_ids: Some(ToolIdForm::Short),
    ..ShapeChange::NONE
};

/// What no model takes while it reasons, and what none takes without tools.
pub(super) const EDITS: &[FieldEdit] = &[
    FieldEdit::drop_when("temperature", EditWhen::Reasoning),
    FieldEdit::drop_when("top_p", EditWhen::Reasoning),
    FieldEdit::drop_when("presence_penalty", EditWhen::Reasoning),
    FieldEdit::drop_when("frequency_penalty", EditWhen::Reasoning),
    FieldEdit::drop_when("logit_bias", EditWhen::Reasoning),
    FieldEdit::drop_when("logprobs", EditWhen::Reasoning),
    FieldEdit::drop_when("top_logprobs", EditWhen::Reasoning),
    FieldEdit::drop_value("tools", "[]"),
    FieldEdit::drop_when("tool_choice", EditWhen::WithoutTools),
    FieldEdit::drop_when("parallel_tool_calls", EditWhen::WithoutTools),
];
