//! A turn as Vapi posts it, through the rules that ship, to each provider as it is: who refuses what
//! the real one refuses answers at the first try, and gets what its row says.
//!
//! `tests/fixtures/providers` has for each preset the request that must arrive and a reply in that
//! provider's manner. What people read of a row is tested elsewhere.

mod body;
mod exchange;
mod hosted;
mod openai;
mod refused;
mod templates;

use ::aside::upstream::profiles::PROFILES;
use serde_json::{Value, json};

use exchange::{Exchange, vapi_turn};
use refused::Refused;

/// What a provider refuses.
type Refuses = fn(&Value) -> Option<Refused>;

/// Each preset, what it refuses, and models of it. The first is that of the exchange in the fixtures.
const ROWS: &[(&str, Refuses, &[&str])] = &[
    (
        "openai",
        openai::openai,
        &[
            "gpt-5.6",
            "gpt-4o-mini",
            "ft:gpt-4o-mini-2024-07-18:org::id",
            "gpt-4.1",
            "o4-mini",
            "gpt-5",
            "gpt-5-mini",
            "gpt-5-chat-latest",
            "gpt-5.1",
            "gpt-5.2",
            "gpt-5.2-chat-latest",
            "gpt-5.4-mini",
            "gpt-5.5",
            "gpt-6-luna",
            "gpt-6-sol",
        ],
    ),
    (
        "azure",
        openai::openai,
        &["gpt-5-mini", "gpt-4o", "gpt-5.5"],
    ),
    (
        "openrouter",
        hosted::openrouter,
        &[
            "google/gemini-3.5-flash",
            "openai/gpt-4o-mini",
            "anthropic/claude-haiku-4.5",
            "openai/gpt-oss-120b",
        ],
    ),
    (
        "together",
        templates::served,
        &[
            "meta-llama/Llama-3.3-70B-Instruct-Turbo",
            "Qwen/Qwen3.6-Plus",
            "google/gemma-4-31B-it",
        ],
    ),
    (
        "groq",
        hosted::groq,
        &[
            "llama-3.3-70b-versatile",
            "openai/gpt-oss-120b",
            "qwen/qwen3-32b",
        ],
    ),
    (
        "cerebras",
        hosted::cerebras,
        &["gpt-oss-120b", "zai-glm-4.7"],
    ),
    (
        "fireworks",
        templates::served,
        &[
            "accounts/fireworks/models/gpt-oss-120b",
            "accounts/fireworks/models/qwen3p6-plus",
        ],
    ),
    (
        "deepseek",
        hosted::deepseek,
        &["deepseek-flash", "deepseek-v4-pro"],
    ),
    (
        "mistral",
        hosted::mistral,
        &["mistral-small-latest", "ministral-8b-latest"],
    ),
    (
        "xai",
        hosted::xai,
        &[
            "grok-4.20-0309-non-reasoning",
            "grok-4.3",
            "grok-4.5",
            "grok-4-fast-reasoning",
        ],
    ),
    (
        "gemini",
        hosted::gemini,
        &["gemini-3.5-flash", "gemini-2.5-flash"],
    ),
    (
        "anthropic",
        hosted::anthropic,
        &["claude-opus-4-8", "claude-haiku-4-5", "claude-sonnet-5"],
    ),
    (
        "bedrock",
        openai::openai,
        &["openai.gpt-5.5", "openai.gpt-oss-20b-1:0"],
    ),
    ("perplexity", hosted::perplexity, &["sonar", "sonar-pro"]),
    (
        "anyscale",
        templates::vllm,
        &["mistralai/Mistral-Small-3.2-24B-Instruct-2506"],
    ),
    (
        "baseten",
        templates::served,
        &["openai/gpt-oss-120b", "Qwen/Qwen3.5-122B-A10B"],
    ),
    (
        "vllm",
        templates::vllm,
        &[
            "Qwen/Qwen3.6-27B",
            "google/gemma-3-27b-it",
            "mistralai/Ministral-3-8B-Instruct",
            "google/gemma-4-31b-it",
        ],
    ),
    (
        "sglang",
        templates::served,
        &["google/gemma-3-27b-it", "Qwen/Qwen3.5-9B"],
    ),
    (
        "llamacpp",
        templates::llamacpp,
        &["Qwen3.5-9B-Q4_K_M.gguf", "gemma-3-4b-it"],
    ),
    ("ollama", templates::ollama, &["gpt-oss:20b", "llama3.2"]),
    (
        "lmstudio",
        templates::lmstudio,
        &["google/gemma-3-12b", "mistralai/devstral-small-2-2512"],
    ),
    (
        "custom",
        templates::served,
        &["Qwen/Qwen3.6-27B", "some-model"],
    ),
];

/// More request fields that a rule or another client may send.
const MORE: &[(&str, &str)] = &[
    ("top_p", "0.9"),
    ("presence_penalty", "0"),
    ("frequency_penalty", "0"),
    ("seed", "7"),
    ("stop", "[\"###\"]"),
    ("user", "\"a\""),
    ("parallel_tool_calls", "false"),
    ("tool_choice", "\"auto\""),
    ("n", "1"),
    ("max_completion_tokens", "99"),
    ("reasoning_effort", "\"none\""),
    ("reasoning_effort", "\"low\""),
];

#[test]
fn every_preset_has_a_provider_that_refuses_what_the_real_one_refuses() {
    let rows = ROWS.iter().map(|(preset, ..)| *preset);
    let profiles = PROFILES.iter().map(|profile| profile.name);
    assert_eq!(rows.collect::<Vec<_>>(), profiles.collect::<Vec<_>>());
}

#[test]
fn a_turn_of_vapi_is_answered_at_the_first_try_and_arrives_as_the_row_says() {
    let mut wrong = Vec::new();
    for (preset, refuses, models) in ROWS {
        let mut exchange = Exchange::start(preset, preset, *refuses);
        for model in *models {
            wrong.extend(exchange.wrong_with(&vapi_turn(model)));
        }
        wrong.extend(exchange.wrong_with_first());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_field_that_a_client_may_send_makes_a_preset_refuse_its_own_models() {
    let mut wrong = Vec::new();
    for (preset, refuses, models) in ROWS.iter().filter(|(preset, ..)| *preset != "custom") {
        let mut exchange = Exchange::start(preset, preset, *refuses);
        for model in *models {
            for (field, value) in MORE {
                let mut turn = vapi_turn(model);
                turn[*field] = serde_json::from_str(value).expect("JSON");
                let told = exchange.wrong_with(&turn);
                wrong.extend(told.map(|told| format!("{field} = {value}: {told}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_turn_without_tools_or_without_a_word_of_the_caller_is_answered_at_the_first_try() {
    let mut wrong = Vec::new();
    for (preset, refuses, models) in ROWS {
        let mut exchange = Exchange::start(preset, preset, *refuses);
        for model in *models {
            for turn in [lone_turn(model), plain_turn(model)] {
                wrong.extend(exchange.wrong_with(&turn));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The turn in which the model speaks first.
fn lone_turn(model: &str) -> Value {
    json!({
        "model": model, "temperature": 0.5, "max_tokens": 250, "stream": true,
        "messages": [{ "role": "system", "content": "Greet the caller." }],
    })
}

/// A turn with an empty list of tools, in which the caller spoke twice.
fn plain_turn(model: &str) -> Value {
    json!({
        "model": model, "temperature": 0.5, "max_tokens": 250, "stream": true,
        "tools": [], "tool_choice": "auto",
        "messages": [
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": "Hello?" },
            { "role": "user", "content": "Are you there?" },
        ],
    })
}
