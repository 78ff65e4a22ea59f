//! Presets and models that do not fit: names that a provider is known not to serve.
//!
//! Doubts, never errors: providers' lists change. Nothing is said of a server at an address of its
//! own, which may serve anything under any name.

use std::ops::Range;

use super::doubts::asks_own_server;
use super::{Config, UpstreamConfig};
use crate::files::{Problem, Source};
use crate::upstream::profiles::{BaseUrl, is_match};

/// Names of models whose makers are not asked by the names of others.
struct ModelMaker {
    /// The maker, for people.
    title: &'static str,
    /// Its models; `*` stands for any characters.
    models: &'static [&'static str],
    /// The preset at which they are served by these names.
    preset: &'static str,
    /// Whether others serve its models as well, under the same names.
    is_open: bool,
}

/// Who makes which models, as far as their names tell.
const MAKERS: &[ModelMaker] = &[
    ModelMaker {
        title: "OpenAI",
        models: &[
            "gpt-3*",
            "gpt-4*",
            "gpt-5*",
            "gpt-6*",
            "chatgpt-*",
            "o1*",
            "o3*",
            "o4-*",
        ],
        preset: "openai",
        is_open: false,
    },
    ModelMaker {
        title: "Anthropic",
        models: &["claude-*"],
        preset: "anthropic",
        is_open: false,
    },
    ModelMaker {
        title: "Google",
        models: &["gemini-*"],
        preset: "gemini",
        is_open: false,
    },
    ModelMaker {
        title: "xAI",
        models: &["grok-*"],
        preset: "xai",
        is_open: false,
    },
    ModelMaker {
        title: "Perplexity",
        models: &["sonar*"],
        preset: "perplexity",
        is_open: false,
    },
    ModelMaker {
        title: "DeepSeek",
        models: &["deepseek-*"],
        preset: "deepseek",
        is_open: true,
    },
    ModelMaker {
        title: "Mistral",
        models: &[
            "mistral-*",
            "ministral-*",
            "magistral-*",
            "codestral-*",
            "voxtral-*",
        ],
        preset: "mistral",
        is_open: true,
    },
    ModelMaker {
        title: "Meta",
        models: &["llama-*", "llama3*", "meta-llama*"],
        preset: "",
        is_open: true,
    },
    ModelMaker {
        title: "Alibaba",
        models: &["qwen*", "qwq*"],
        preset: "",
        is_open: true,
    },
];

/// Presets that serve the models of one maker alone.
const OF_ONE_MAKER: &[&str] = &[
    "openai",
    "anthropic",
    "gemini",
    "xai",
    "perplexity",
    "deepseek",
    "mistral",
];
/// Presets that serve models whose weights are open, and none of others.
const OF_OPEN_MODELS: &[&str] = &["together", "groq", "cerebras", "fireworks"];
/// Presets that serve the models of many makers, each with its maker before a slash.
const OF_ALL_MAKERS: &[&str] = &["openrouter"];
/// Names under which a preset served a model once, what is said of it, and what to write.
const RETIRED: &[(&str, &[&str], &str, &str)] = &[(
    "deepseek",
    &["deepseek-chat", "deepseek-reasoner"],
    "DeepSeek has retired this name in July 2026",
    "ask for one that its list of models has: `aside probe` shows it",
)];

/// Models that their upstream's preset does not serve. `places`: where each upstream names its own.
pub(super) fn models(
    config: &Config,
    source: &Source,
    places: &[(String, Range<usize>)],
) -> Vec<Problem> {
    let doubt = |(name, upstream): (&String, &toml::Spanned<UpstreamConfig>)| {
        let table = upstream.get_ref();
        let model = table.model.name()?;
        let (why, help) = misfit(table, model)?;
        let place = places.iter().find(|(known, _)| known == name);
        let place = place.map_or(upstream.span(), |(_, place)| place.clone());
        let preset = table.preset.0.name;
        let message =
            format!("the upstream `{name}`: preset `{preset}` and its model do not fit: {why}");
        Some(source.warning(place, message).with_help(help))
    };
    config.upstreams.iter().filter_map(doubt).collect()
}

/// Routes whose upstreams are asked for one model, the request's, where no name is known to both.
pub(super) fn routes(config: &Config, source: &Source) -> Vec<Problem> {
    let preset_of = |name: &str| {
        let upstream = config.upstreams.get(name)?.get_ref();
        let preset = upstream.preset.0.name;
        let is_known = [OF_ONE_MAKER, OF_OPEN_MODELS, OF_ALL_MAKERS]
            .iter()
            .any(|presets| presets.contains(&preset));
        let asks_it = upstream.model.name().is_none() && asks_own_server(upstream).is_some();
        (is_known && asks_it).then_some(preset)
    };
    let differ = |one: &str, other: &str| {
        one != other && (OF_ONE_MAKER.contains(&one) || OF_ONE_MAKER.contains(&other))
    };
    let mut problems = Vec::new();
    for (route, table) in &config.routes {
        let upstreams = &table.get_ref().upstreams;
        let known = upstreams
            .iter()
            .filter_map(|name| Some((name, preset_of(name.get_ref())?)));
        let known: Vec<_> = known.collect();
        let Some(((first, preset), others)) = known.split_first() else {
            continue;
        };
        for (other, their) in others.iter().filter(|(_, their)| differ(preset, their)) {
            let message = format!(
                "the route `{route}`: `{}` and `{}` are asked for the same model, the request's, and \
                 presets `{preset}` and `{their}` hardly know one by the same name",
                first.get_ref(),
                other.get_ref()
            );
            let help = format!("say its own `model` in `[upstream.{}]`", other.get_ref());
            problems.push(source.warning(other.span(), message).with_help(help));
        }
    }
    problems
}

/// Why a preset does not serve a model, and what to do.
fn misfit(upstream: &UpstreamConfig, model: &str) -> Option<(String, String)> {
    let profile = upstream.preset.0;
    let is_own = matches!(profile.base, BaseUrl::Own(_));
    let at_its_server = asks_own_server(upstream).is_some();
    if !is_own && !at_its_server {
        return None;
    }
    let unusable = profile.family(model).map_or("", |family| family.unusable);
    if !unusable.is_empty() {
        let help = "name a model of chat completions; `aside probe` tries it";
        return Some((
            format!("of `{model}` is known: {unusable}"),
            help.to_owned(),
        ));
    }
    if !at_its_server {
        return None;
    }
    let retired = RETIRED.iter().find(|(preset, names, ..)| {
        *preset == profile.name && names.iter().any(|name| is_match(name, model))
    });
    if let Some((_, _, why, help)) = retired {
        return Some(((*why).to_owned(), (*help).to_owned()));
    }
    let maker = MAKERS
        .iter()
        .find(|maker| maker.models.iter().any(|pattern| is_match(pattern, model)));
    let is_of_one = OF_ONE_MAKER.contains(&profile.name);
    if let Some(maker) = maker {
        let is_open = OF_OPEN_MODELS.contains(&profile.name);
        let is_foreign = (is_of_one && maker.preset != profile.name) || (is_open && !maker.is_open);
        if is_foreign {
            let why = format!("`{model}` is the name of a model of {}", maker.title);
            let help = match maker.preset {
                "" => "hosts of open models serve it, such as the presets `together` and `groq`"
                    .to_owned(),
                preset => format!("the preset `{preset}` serves it, and so may `openrouter`"),
            };
            return Some((why, help));
        }
    }
    // A maker before a slash is how those write names who serve the models of many.
    let (before, name) = model.rsplit_once('/')?;
    let is_resource = profile.name == "gemini" && before == "models";
    (is_of_one && !is_resource).then(|| {
        let why = format!("names with a `/`, as in `{model}`, are OpenRouter's and others'");
        (
            why,
            format!("write `{name}`, or take the preset `openrouter`"),
        )
    })
}

#[cfg(test)]
mod tests;
