//! What can't work, or only seems to, in a config that can be read: variables without braces, presets
//! without their key, deadlines that cross.

use std::ops::Range;

use toml::Spanned;

use super::{Config, RouteConfig, UpstreamConfig};
use crate::files::{Document, Problem, Source, variable};
use crate::net::host::Origin;
use crate::upstream::profiles::BaseUrl;

/// Headers that bear a key.
const BEARERS: &[&str] = &["authorization", "api-key", "x-api-key"];
/// The field whose text people hear.
const SPOKEN: &str = "apology";

/// `$NAME` in any text of the file, before variables are put in.
pub(super) fn variables(document: &Document<'_>) -> Vec<Problem> {
    let source = document.source();
    let mut problems = Vec::new();
    document.each_text(&mut |path, text, place| {
        let found = match variable::without_braces(text) {
            Some((_, name)) => name,
            None if variable::is_alone(text) => text.trim().trim_start_matches('$'),
            None => return,
        };
        let help = format!("write `${{{found}}}` to read the environment");
        let message = format!("`${found}` is no variable without braces: it stays as it is");
        let problem = source.error(place, message).with_help(help);
        problems.push(match path.last() {
            Some(&SPOKEN) => problem.as_warning(),
            _ => problem,
        });
    });
    problems
}

/// Upstreams whose server asks for a key, and that have none. `presets`: where each says what it is.
pub(super) fn keys(
    config: &Config,
    source: &Source,
    presets: &[(String, Range<usize>)],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, upstream) in &config.upstreams {
        let (span, upstream) = (upstream.span(), upstream.get_ref());
        let bears_key = |header: &String| BEARERS.contains(&header.to_ascii_lowercase().as_str());
        let has_key = upstream.has_key() || upstream.headers.keys().any(bears_key);
        let Some(server) = asks_own_server(upstream).filter(|_| !has_key) else {
            continue;
        };
        let message =
            format!("the upstream `{name}` has no `key`, and `{server}` refuses whoever has none");
        let help = "add `key = \"${NAME}\"`, `key_file`, `key_command` or `oauth`, or `forward = true` to hand the caller's own key on";
        let preset = presets.iter().find(|(upstream, _)| upstream == name);
        let span = preset.map_or(span, |(_, place)| place.clone());
        problems.push(source.error(span, message).with_help(help));
    }
    problems
}

/// Routes that wait less for a model that thinks than for one that does not. `waits`: where each
/// says how long.
pub(super) fn deadlines(
    config: &Config,
    source: &Source,
    waits: &[(String, Range<usize>)],
) -> Vec<Problem> {
    let short = config.routes.iter().filter(|(_, route)| {
        let route = route.get_ref();
        route.think < route.first_token
    });
    let doubt = |(name, route): (&String, &Spanned<RouteConfig>)| {
        let place = waits.iter().find(|(known, _)| known == name);
        let place = place.map_or(route.span(), |(_, place)| place.clone());
        let (first, think) = (route.get_ref().first_token, route.get_ref().think);
        let message = format!(
            "the route `{name}` waits {think:?} for a model that thinks, less than the {first:?} of `first_token`"
        );
        let help = "once thinking begins, `think` takes the place of `first_token`: make it longer";
        source.error(place, message).with_help(help).as_warning()
    };
    short.map(doubt).collect()
}

/// The server of a preset that is asked at its own address.
pub(super) fn asks_own_server(upstream: &UpstreamConfig) -> Option<String> {
    let BaseUrl::Fixed(own) = upstream.preset.0.base else {
        return None;
    };
    let (own, _) = Origin::split(own).ok()?;
    match &upstream.url {
        None => Some(own.name().to_owned()),
        Some(url) => {
            let (asked, _) = Origin::split(url.get_ref()).ok()?;
            (asked == own).then(|| own.name().to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    #[test]
    fn a_route_that_waits_less_for_a_model_that_thinks_is_a_warning() {
        for (lines, warned) in [
            ("think = \"2s\"", Some(5)),
            ("first_token = \"20s\"", Some(5)),
            ("first_token = \"20s\"\nthink = \"19s\"", Some(6)),
            ("first_token = \"20s\"\nthink = \"20s\"", None),
            ("think = \"4s\"", None),
        ] {
            let text = format!(
                "[upstream.a]\nurl = \"http://127.0.0.1:1\"\n[route.default]\nupstreams = [\"a\"]\n{lines}\n"
            );
            let source = Source::new("aside.toml", text);
            let (config, problems) = Config::read(&source, &Overrides::default(), &|_| None);
            assert!(config.is_some(), "{lines}: {problems:?}");
            let waits = problems.iter().find(|it| it.message.contains("thinks"));
            assert_eq!(waits.map(|it| it.line), warned, "{lines}: {problems:?}");
            assert!(waits.is_none_or(|it| !it.is_error()), "{lines}");
        }
    }
}
