use super::*;
use crate::upstream::fields::EditWhen;
use crate::upstream::shape::{CallsAtOnce, MessageShape, SystemPlace, ToolIdForm};

fn profile(name: &str) -> &'static Profile {
    Profile::named(name).unwrap_or_else(|| panic!("no preset {name}"))
}

/// The shape of messages for a model.
fn shape(preset: &str, model: &str) -> MessageShape {
    let profile = profile(preset);
    let family = profile
        .family(model)
        .map_or(ShapeChange::NONE, |family| family.shape);
    family.over(profile.shape.over(MessageShape::ANY))
}

/// Whether a row leaves a field out of every request for a model.
fn drops(preset: &str, model: &str, field: &str) -> bool {
    let profile = profile(preset);
    let family = profile.family(model).map_or(&[][..], |family| family.edits);
    let edits = family
        .iter()
        .chain(profile.edits)
        .cloned()
        .chain(profile.untaken());
    let mut edits = edits.filter(|edit| edit.field == field && edit.when == EditWhen::Always);
    edits.any(|edit| edit.action == FieldAction::Drop)
}

#[test]
fn each_row_can_be_named_and_says_what_it_is() {
    for profile in PROFILES {
        assert!(!profile.title.is_empty(), "{}", profile.name);
        assert_eq!(
            Profile::named(profile.name).map(|found| found.title),
            Some(profile.title)
        );
        let is_written_so = profile.name.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(is_written_so, "{}", profile.name);
    }
    let mut names = NAMES.to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), PROFILES.len());
}

#[test]
fn whoever_is_at_one_address_for_everybody_says_where_a_key_is_and_names_a_model() {
    for profile in PROFILES {
        let (url, is_fixed) = match profile.base {
            BaseUrl::Fixed(url) => (url, true),
            BaseUrl::Local(url) | BaseUrl::Own(url) => (url, false),
        };
        assert!(url.starts_with("http"), "{}", profile.name);
        assert!(!url.ends_with('/'), "{}", profile.name);
        if is_fixed {
            assert!(url.starts_with("https://"), "{}", profile.name);
            assert!(profile.key_page.starts_with("https://"), "{}", profile.name);
            assert!(!profile.model.is_empty(), "{}", profile.name);
        }
    }
}

#[test]
fn no_family_stands_behind_one_that_takes_all_its_models() {
    for profile in PROFILES {
        let families: Vec<_> = profile.families.iter().copied().flatten().collect();
        for (at, family) in families.iter().enumerate() {
            // A name that the pattern means.
            let reached = family
                .models
                .iter()
                .map(|pattern| pattern.replace('*', "x"));
            let own: Vec<String> = reached.collect();
            let is_reached = own.iter().any(|model| {
                let first = families
                    .iter()
                    .position(|other| other.models.iter().any(|pattern| is_match(pattern, model)));
                first == Some(at)
            });
            assert!(is_reached, "{}: {:?}", profile.name, family.models);
        }
    }
}

#[test]
fn every_edit_of_a_row_is_of_a_field_that_there_is() {
    for profile in PROFILES {
        let families = profile.families.iter().copied().flatten();
        let edits = families
            .flat_map(|family| family.edits)
            .chain(profile.edits);
        for edit in edits {
            let is_known = fields::kind_of(&edit.field).is_some();
            assert!(is_known, "{}: {}", profile.name, edit.field);
        }
        for taken in profile.takes.unwrap_or_default() {
            assert!(
                fields::kind_of(taken).is_some(),
                "{}: {taken}",
                profile.name
            );
        }
    }
}

#[test]
fn a_name_that_a_row_gives_a_field_may_go() {
    let sent: Vec<_> = profile("mistral").fields().collect();
    assert!(sent.contains(&"random_seed"));
    assert!(sent.contains(&"temperature"));
    assert!(
        !profile("openai")
            .fields()
            .any(|field| field == "random_seed")
    );
}

#[test]
fn what_a_provider_does_not_take_is_left_out() {
    for (preset, model, field, expected) in [
        ("mistral", "mistral-small-latest", "logit_bias", true),
        ("mistral", "mistral-small-latest", "temperature", false),
        ("mistral", "mistral-small-latest", "user", true),
        ("groq", "llama-3.3-70b-versatile", "logprobs", true),
        ("groq", "llama-3.3-70b-versatile", "reasoning_effort", true),
        ("groq", "openai/gpt-oss-120b", "reasoning_effort", false),
        ("xai", "grok-4.3", "presence_penalty", true),
        ("xai", "grok-4.3", "reasoning_effort", false),
        ("xai", "grok-4.3", "stop", true),
        ("xai", "grok-4-fast-reasoning", "reasoning_effort", true),
        (
            "xai",
            "grok-4.20-0309-non-reasoning",
            "reasoning_effort",
            true,
        ),
        ("xai", "grok-4.20-0309-non-reasoning", "stop", false),
        ("xai", "grok-4.5", "temperature", false),
        ("gemini", "gemini-3.5-flash", "frequency_penalty", true),
        ("gemini", "gemini-3.5-flash", "temperature", false),
        ("cerebras", "gpt-oss-120b", "parallel_tool_calls", true),
        ("perplexity", "sonar-pro", "tools", true),
        ("anthropic", "claude-opus-4-8", "temperature", true),
        ("anthropic", "claude-sonnet-5-20260801", "top_p", true),
        ("anthropic", "claude-haiku-4-5", "temperature", false),
        ("openai", "gpt-4o-mini", "temperature", false),
        ("openai", "gpt-4o-mini", "reasoning_effort", true),
        ("openai", "gpt-4o-mini-search-preview", "temperature", true),
        ("openrouter", "openai/gpt-5.6", "temperature", false),
        ("vllm", "Qwen/Qwen3.6-27B", "temperature", false),
    ] {
        assert_eq!(
            drops(preset, model, field),
            expected,
            "{preset} {model} {field}"
        );
    }
}

#[test]
fn the_models_that_reason_are_known_wherever_they_are() {
    for (preset, model, reasons) in [
        ("openai", "gpt-5-mini", true),
        ("openai", "gpt-5-chat-latest", false),
        ("openai", "gpt-5.1", false),
        ("openai", "gpt-5.2-chat-latest", true),
        ("openai", "gpt-5.4-mini", false),
        ("openai", "gpt-5.5", true),
        ("openai", "gpt-6-luna", true),
        ("openai", "gpt-6-astra", true),
        ("openai", "o4-mini", true),
        ("openai", "gpt-4.1", false),
        ("openai", "ft:gpt-4o-mini-2024-07-18:org::id", false),
        ("azure", "gpt-5-nano", true),
        ("azure", "my-deployment", false),
        ("bedrock", "openai.gpt-5.5", true),
        ("bedrock", "openai.gpt-oss-20b-1:0", false),
        ("deepseek", "deepseek-v4-pro", true),
        ("xai", "grok-4.20-non-reasoning", false),
    ] {
        let family = profile(preset).family(model);
        let is_so = family.is_some_and(|family| family.reasons);
        assert_eq!(is_so, reasons, "{preset} {model}");
    }
    let unusable = |model| {
        let family = profile("openai").family(model);
        family.is_some_and(|family| !family.unusable.is_empty())
    };
    for model in [
        "gpt-5.2-pro",
        "o3-pro-2025-06-10",
        "gpt-5.3-codex",
        "codex-mini-latest",
    ] {
        assert!(unusable(model), "{model}");
    }
    assert!(!unusable("gpt-5.6"));
    assert!(profile("azure").family("deepseek-v4-pro").is_none());
}

#[test]
fn a_template_is_known_by_the_models_name_whoever_serves_it() {
    let servers = [
        "together",
        "fireworks",
        "baseten",
        "anyscale",
        "vllm",
        "sglang",
        "llamacpp",
        "ollama",
        "lmstudio",
        "custom",
    ];
    for server in servers {
        for (model, system, alternate, nine) in [
            ("Qwen/Qwen3.6-27B", SystemPlace::First, false, false),
            ("qwen3.5:9b", SystemPlace::First, false, false),
            ("Qwen/Qwen3-32B", SystemPlace::Any, false, false),
            ("google/gemma-3-27b-it", SystemPlace::First, true, false),
            ("gemma3:12b", SystemPlace::First, true, false),
            ("google/gemma-4-31b-it", SystemPlace::First, false, false),
            (
                "mistralai/Mistral-Small-3.2-24B-Instruct-2506",
                SystemPlace::First,
                true,
                true,
            ),
            ("ministral-8b", SystemPlace::First, true, true),
            ("openai/gpt-oss-20b", SystemPlace::First, false, false),
            (
                "meta-llama/Llama-3.3-70B-Instruct",
                SystemPlace::Any,
                false,
                false,
            ),
        ] {
            let shape = shape(server, model);
            assert_eq!(shape.system, system, "{server} {model}");
            assert_eq!(shape.alternate, alternate, "{server} {model}");
            assert_eq!(shape.tool_ids == ToolIdForm::Nine, nine, "{server} {model}");
        }
    }
}

#[test]
fn models_that_take_one_call_a_message_are_known_by_every_spelling() {
    for (preset, model, one) in [
        ("vllm", "meta-llama/Llama-3.1-8B-Instruct", true),
        ("vllm", "meta-llama/Meta-Llama-3.1-70B-Instruct", true),
        ("custom", "meta/llama-3.2-3b-instruct", true),
        ("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo", true),
        (
            "fireworks",
            "accounts/fireworks/models/llama-v3p3-70b-instruct",
            true,
        ),
        ("bedrock", "us.meta.llama3-3-70b-instruct-v1:0", true),
        ("cerebras", "llama3.1-8b", true),
        ("ollama", "llama3.2:3b", true),
        ("vllm", "meta-llama/Llama-4-Scout-17B-16E-Instruct", false),
        ("vllm", "Qwen/Qwen3-32B", false),
        ("openai", "gpt-4o", false),
        ("groq", "llama-3.3-70b-versatile", false),
    ] {
        let calls = shape(preset, model).calls;
        assert_eq!(calls == CallsAtOnce::One, one, "{preset} {model}");
    }
}

#[test]
fn models_without_the_role_get_no_system_message() {
    for (preset, model, none) in [
        ("openai", "o1-mini", true),
        ("openai", "o1-mini-2024-09-12", true),
        ("azure", "o1-preview", true),
        ("openai", "o1", false),
        ("openai", "o3-mini", false),
        ("vllm", "google/gemma-2-9b-it", true),
        ("ollama", "gemma2:9b", true),
        ("ollama", "gemma:7b", true),
        ("custom", "google/gemma-1.1-7b-it", true),
        ("vllm", "google/gemma-3-27b-it", false),
        ("ollama", "gemma3:12b", false),
        ("gemini", "gemma-3-27b-it", true),
        ("gemini", "gemini-2.5-flash", false),
    ] {
        let shape = shape(preset, model);
        assert_eq!(shape.system == SystemPlace::None, none, "{preset} {model}");
    }
}

#[test]
fn ids_are_short_where_others_are_refused() {
    for (preset, model, form) in [
        ("openai", "gpt-4o", ToolIdForm::Short),
        ("openai", "o1-mini", ToolIdForm::Short),
        ("azure", "my-deployment", ToolIdForm::Short),
        ("anthropic", "claude-haiku-4-5", ToolIdForm::Short),
        (
            "bedrock",
            "us.anthropic.claude-opus-5-v1:0",
            ToolIdForm::Short,
        ),
        ("bedrock", "mistral.mistral-large-3", ToolIdForm::Nine),
        ("openrouter", "openai/gpt-4o-mini", ToolIdForm::Short),
        ("mistral", "mistral-small-latest", ToolIdForm::Nine),
        ("vllm", "Qwen/Qwen3-32B", ToolIdForm::Any),
    ] {
        assert_eq!(shape(preset, model).tool_ids, form, "{preset} {model}");
    }
}

#[test]
fn late_system_messages_join_where_they_would_be_lost() {
    for (preset, model, expected) in [
        ("openai", "gpt-4o", SystemPlace::Any),
        ("azure", "gpt-4o", SystemPlace::Any),
        ("openrouter", "google/gemini-3.5-flash", SystemPlace::First),
        (
            "openrouter",
            "anthropic/claude-haiku-4.5",
            SystemPlace::First,
        ),
        ("openrouter", "openai/gpt-4o-mini", SystemPlace::Any),
        ("openrouter", "openai/gpt-oss-120b", SystemPlace::First),
        ("gemini", "gemini-2.5-flash", SystemPlace::First),
        ("anthropic", "claude-haiku-4-5", SystemPlace::First),
        ("mistral", "ministral-8b-latest", SystemPlace::First),
        ("perplexity", "sonar", SystemPlace::First),
        ("groq", "llama-3.3-70b-versatile", SystemPlace::Any),
    ] {
        assert_eq!(shape(preset, model).system, expected, "{preset} {model}");
    }
}

#[test]
fn no_shape_of_a_row_contradicts_itself() {
    for profile in PROFILES {
        let families = profile.families.iter().copied().flatten();
        let shapes = families
            .map(|family| family.shape)
            .chain([ShapeChange::NONE]);
        for change in shapes {
            let shape = change.over(profile.shape.over(MessageShape::ANY));
            assert_eq!(ShapeChange::contradiction(&shape), None, "{}", profile.name);
        }
    }
}

#[test]
fn only_those_get_something_back_that_want_it() {
    let wants = |preset: &str, model: &str| {
        let profile = profile(preset);
        let family = profile.family(model).and_then(|family| family.wants_back);
        family.unwrap_or(profile.wants_back)
    };
    assert_eq!(wants("gemini", "gemini-3.5-flash"), WantsBack::Signature);
    assert_eq!(wants("gemini", "gemini-2.5-flash"), WantsBack::Nothing);
    assert_eq!(wants("deepseek", "deepseek-flash"), WantsBack::Reasoning);
    assert_eq!(wants("openai", "gpt-5"), WantsBack::Nothing);
}
