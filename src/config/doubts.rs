//! What can't work, or only seems to, in a config that can be read: variables without braces, presets
//! without their key, hosts that are never asked.

use std::ops::Range;

use super::{Config, UpstreamConfig};
use crate::files::{Document, Problem, Source, variable};
use crate::net::host::Origin;

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
        let has_key =
            upstream.key.is_some() || upstream.forward || upstream.headers.keys().any(bears_key);
        let Some(server) = asks_for_key(upstream).filter(|_| !has_key) else {
            continue;
        };
        let message =
            format!("the upstream `{name}` has no `key`, and `{server}` refuses whoever has none");
        let help = "add `key = \"${NAME}\"`, or `forward = true` to hand the caller's own key on";
        let preset = presets.iter().find(|(upstream, _)| upstream == name);
        let span = preset.map_or(span, |(_, place)| place.clone());
        problems.push(source.error(span, message).with_help(help));
    }
    problems
}

/// The server of a preset that is asked at its own address.
fn asks_for_key(upstream: &UpstreamConfig) -> Option<String> {
    let own = upstream.preset.base_url()?;
    let (own, _) = Origin::split(own).ok()?;
    match &upstream.url {
        None => Some(own.name().to_owned()),
        Some(url) => {
            let (asked, _) = Origin::split(url.get_ref()).ok()?;
            (asked == own).then(|| own.name().to_owned())
        }
    }
}
