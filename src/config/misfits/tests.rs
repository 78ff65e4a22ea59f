use super::*;
use crate::config::Overrides;

/// What is doubted of a preset and a model.
fn doubt(lines: &str) -> Option<Problem> {
    let text = format!("[upstream.a]\nkey = \"k-1234\"\n{lines}\n");
    let source = Source::new("aside.toml", text);
    let (config, problems) = Config::read(&source, &Overrides::default(), &|_| None);
    assert!(config.is_some(), "{lines}: {problems:?}");
    let mut found = problems
        .into_iter()
        .filter(|it| it.message.contains("do not fit"));
    found.next()
}

#[test]
fn a_model_that_its_preset_does_not_serve_is_doubted_at_its_place() {
    for (preset, model, told) in [
        ("openai", "gpt-5-pro", "/v1/responses"),
        ("openai", "claude-sonnet-4", "Anthropic"),
        ("openai", "anthropic/claude-sonnet-4", "Anthropic"),
        ("openai", "openai/gpt-4o", "write `gpt-4o`"),
        ("openai", "llama-3.3-70b-versatile", "`groq`"),
        ("groq", "gpt-4o", "OpenAI"),
        ("together", "openai/gpt-4o-mini", "OpenAI"),
        ("together", "ft:gpt-4o-mini-2024-07-18:org::id", "OpenAI"),
        ("mistral", "gpt-4o", "the preset `openai`"),
        ("fireworks", "gemini-2.5-flash", "Google"),
        ("gemini", "mistral-small-latest", "Mistral"),
        ("deepseek", "deepseek-chat", "retired"),
        (
            "anthropic",
            "anthropic/claude-sonnet-4",
            "write `claude-sonnet-4`",
        ),
    ] {
        let found = doubt(&format!("preset = \"{preset}\"\nmodel = \"{model}\""));
        let found = found.unwrap_or_else(|| panic!("{preset} {model}"));
        let text = format!("{} {:?}", found.message, found.help);
        assert!(text.contains(told), "{text}");
        assert_eq!((found.line, found.is_error()), (4, false), "{text}");
    }
}

#[test]
fn what_may_well_be_served_is_not_doubted() {
    for lines in [
        "preset = \"openai\"\nmodel = \"gpt-4o-mini\"",
        "preset = \"openai\"\nmodel = \"ft:gpt-4o-mini-2024-07-18:org::id\"",
        "preset = \"openai\"\nmodel = \"a-name-nobody-knows\"",
        "preset = \"openai\"",
        "preset = \"together\"\nmodel = \"openai/gpt-oss-120b\"",
        "preset = \"groq\"\nmodel = \"openai/gpt-oss-20b\"",
        "preset = \"groq\"\nmodel = \"llama-3.3-70b-versatile\"",
        "preset = \"together\"\nmodel = \"deepseek-ai/DeepSeek-V3\"",
        "preset = \"fireworks\"\nmodel = \"accounts/fireworks/models/deepseek-v3\"",
        "preset = \"gemini\"\nmodel = \"models/gemini-2.5-flash\"",
        "preset = \"openrouter\"\nmodel = \"openai/gpt-4o\"",
        // A server of its own may serve anything.
        "preset = \"openai\"\nurl = \"http://127.0.0.1:9/v1\"\nmodel = \"claude-sonnet-4\"",
        "url = \"http://127.0.0.1:9/v1\"\nmodel = \"gpt-4o\"",
        "preset = \"azure\"\nurl = \"https://a.example/openai/v1\"\nmodel = \"my-claude-1\"",
        "preset = \"vllm\"\nmodel = \"gpt-4o\"",
    ] {
        let found = doubt(lines);
        assert!(found.is_none(), "{lines}: {found:?}");
    }
}

#[test]
fn a_route_whose_upstreams_know_no_model_by_one_name_is_doubted() {
    for (first, second, doubted) in [
        ("preset = \"openai\"", "preset = \"together\"", true),
        ("preset = \"openrouter\"", "preset = \"openai\"", true),
        ("preset = \"openai\"", "preset = \"openai\"", false),
        (
            "preset = \"openai\"",
            "preset = \"groq\"\nmodel = \"llama-3.3-70b-versatile\"",
            false,
        ),
        (
            "preset = \"openai\"\nmodel = \"gpt-4o\"",
            "preset = \"groq\"",
            false,
        ),
        ("preset = \"groq\"", "preset = \"together\"", false),
        (
            "preset = \"openai\"",
            "url = \"http://127.0.0.1:9/v1\"",
            false,
        ),
        (
            "preset = \"openai\"",
            "preset = \"azure\"\nurl = \"https://a.example/v1\"",
            false,
        ),
    ] {
        let text = format!(
            "[route.default]\nupstreams = [\"a\",\n\"b\"]\n[upstream.a]\nkey = \"k-1234\"\n{first}\n\
             [upstream.b]\nkey = \"k-2345\"\n{second}\n"
        );
        let source = Source::new("aside.toml", text);
        let (config, problems) = Config::read(&source, &Overrides::default(), &|_| None);
        assert!(config.is_some(), "{first} {second}: {problems:?}");
        let found = problems
            .iter()
            .find(|it| it.message.contains("by the same name"));
        let line = found.map(|it| (it.line, it.is_error()));
        assert_eq!(line, doubted.then_some((3, false)), "{first} {second}");
    }
}

#[test]
fn makers_and_presets_are_those_that_there_are() {
    use crate::upstream::profiles::Profile;
    let makers = MAKERS.iter().map(|maker| maker.preset);
    let presets = OF_ONE_MAKER
        .iter()
        .chain(OF_OPEN_MODELS)
        .chain(OF_ALL_MAKERS)
        .copied();
    let retired = RETIRED.iter().map(|(preset, ..)| *preset);
    for preset in makers
        .chain(presets)
        .chain(retired)
        .filter(|name| !name.is_empty())
    {
        assert!(Profile::named(preset).is_some(), "{preset}");
    }
    // The rows' own examples fit.
    for profile in crate::upstream::profiles::PROFILES {
        let url = match profile.base {
            BaseUrl::Own(url) => format!("\nurl = \"{url}\""),
            _ => String::new(),
        };
        let model = Some(profile.model).filter(|model| !model.is_empty());
        let model = model.map_or(String::new(), |model| format!("\nmodel = \"{model}\""));
        let found = doubt(&format!("preset = \"{}\"{url}{model}", profile.name));
        assert!(found.is_none(), "{found:?}");
    }
}
