//! The keys of the upstreams that a config describes.
//!
//! Files are read here; no program runs and no token server is asked. What is wrong is told at its
//! place, never with a key.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::config::{Config, UpstreamConfig};
use crate::files::{Problem, Source};
use crate::upstream::{CommandSource, KeptKey, KeyError, KeySource, OauthClient, TokenUrlError};

/// The key of an upstream: the one that it has, where the config says the same of it.
pub(super) fn key_of(
    name: &str,
    config: &UpstreamConfig,
    source: &Source,
    before: Option<&Arc<KeptKey>>,
) -> Result<Arc<KeptKey>, Box<Problem>> {
    let keys = match key_source(config) {
        Ok(keys) => keys,
        Err((place, error)) => {
            let message = format!("the upstream `{name}`: {error}");
            return Err(Box::new(source.error(place, message)));
        }
    };
    let place = match &config.key_header {
        Some(place) => place.get_ref().clone(),
        None => config.preset.0.key.clone(),
    };
    if let Some(known) = before.filter(|known| known.is_of(&keys, &place)) {
        return Ok(known.clone());
    }
    let kept = KeptKey::new(keys, place);
    let kept = kept.map_err(|error| Box::new(unusable(name, config, source, &error)))?;
    Ok(Arc::new(kept))
}

/// Where the key comes from; or what of that can't be used, and its place.
fn key_source(config: &UpstreamConfig) -> Result<KeySource, (Range<usize>, TokenUrlError)> {
    if let Some(key) = &config.key {
        return Ok(KeySource::Fixed(key.get_ref().expose().into()));
    }
    if let Some(file) = &config.key_file {
        return Ok(KeySource::File(file.get_ref().clone()));
    }
    if let Some(command) = &config.key_command {
        let lifetime = config.key_lifetime.as_ref().map(|time| *time.get_ref());
        let lifetime = lifetime.unwrap_or_default().get();
        let command = CommandSource::new(command.get_ref().words(), lifetime);
        return Ok(command.map_or(KeySource::None, KeySource::Command));
    }
    let Some(oauth) = config.oauth.as_ref().map(|oauth| oauth.get_ref()) else {
        return Ok(KeySource::None);
    };
    let (url, secret) = (&oauth.token_url, oauth.client_secret.expose());
    let client = OauthClient::new(url.get_ref(), &oauth.client_id, secret);
    let client = client.map_err(|error| (url.span(), error))?;
    let client = client.with(oauth.scope.as_deref(), oauth.audience.as_deref());
    Ok(KeySource::Oauth(client))
}

fn unusable(name: &str, config: &UpstreamConfig, source: &Source, error: &KeyError) -> Problem {
    let key = config.key.as_ref().map(|key| key.span());
    let file = config.key_file.as_ref();
    let place = key.or(file.map(|file| file.span())).unwrap_or_default();
    let message = format!("the upstream `{name}`: failed to {error}");
    let problem = source.error(place, message);
    match file {
        Some(file) => problem.with_help(help_of(file.get_ref())),
        None => problem,
    }
}

/// The path is told where it plainly is one: somebody may have written the key itself there.
fn help_of(file: &Path) -> String {
    let text = file.to_string_lossy();
    if text.starts_with('~') {
        return "`~` is no folder here: write `${HOME}` in its place".to_owned();
    }
    if text.starts_with('/') {
        return format!("put the key alone into {text}");
    }
    let is_path = text.starts_with("./") || text.starts_with("../");
    let which = if is_path {
        &*text
    } else {
        "the file that it names"
    };
    format!("put the key alone into {which}; a path begins where aside is started")
}

/// Programs for keys that are not there. Where aside serves they may be, so these are doubts.
pub(super) fn missing_programs(config: &Config, source: &Source) -> Vec<Problem> {
    let upstreams = config.upstreams.iter();
    let missing = upstreams.filter_map(|(name, upstream)| {
        let command = upstream.get_ref().key_command.as_ref()?;
        let program = command.get_ref().words().first()?;
        if is_there(program) {
            return None;
        }
        let message =
            format!("the upstream `{name}`: its `key_command` begins with a program that is not there");
        let help = "write its whole path, or install it where aside serves; each argument is a text of its own: `[\"program\", \"argument\"]`";
        Some(source.warning(command.span(), message).with_help(help))
    });
    missing.collect()
}

/// Whether a program is there, by its path or in the folders of `PATH`.
fn is_there(program: &str) -> bool {
    if program.contains('/') {
        return Path::new(program).is_file();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}
