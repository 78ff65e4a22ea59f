//! The upstreams that a config describes, ready to be asked, and what is counted and logged of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::chat::request::Takes;
use crate::config::{Config, Key, UpstreamConfig};
use crate::files::{Problem, Source};
use crate::net::tls;
use crate::telemetry::metrics::{UPSTREAM_EXTRAS, UPSTREAM_FAILURES, UPSTREAM_TURNS, counter};
use crate::upstream::{Counters, Extras, Upstream, UpstreamConfigError, UpstreamError};
use tracing::warn;

/// What a config's upstreams lack to be asked, and what is wrong with the roots of TLS.
pub fn check_upstreams(config: &Config, source: &Source) -> Vec<Problem> {
    let mut problems = build_all(config, source, &Upstreams::new())
        .err()
        .unwrap_or_default();
    problems.extend(tls().err().map(|problem| *problem));
    problems
}

/// Who vouches for the servers that are asked.
pub(in crate::server) fn tls() -> Result<Arc<rustls::ClientConfig>, Box<Problem>> {
    let help = "it names a file of certificates in PEM, trusted beside those that are built in";
    tls::from_environment()
        .map_err(|error| Box::new(Problem::of_flag(tls::ROOTS, error.to_string()).with_help(help)))
}

/// The upstreams of a config by name.
pub(in crate::server) type Upstreams = BTreeMap<String, Arc<Upstream>>;

/// One of which the config says what it said before goes on as it is, with all that is known of it.
pub(in crate::server) fn build_all(
    config: &Config,
    source: &Source,
    before: &Upstreams,
) -> Result<Upstreams, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut upstreams = BTreeMap::new();
    for (name, upstream) in &config.upstreams {
        match build(name, upstream.get_ref()) {
            Ok(upstream) => {
                let known = before.get(name).filter(|known| known.is_same_as(&upstream));
                let upstream = known.cloned().unwrap_or_else(|| Arc::new(upstream));
                upstreams.insert(name.clone(), upstream);
            }
            Err(error) => {
                let message = format!("the upstream `{name}`: {error}");
                // What is wrong with the URL is shown there.
                let url = upstream.get_ref().url.as_ref();
                let url = url.filter(|_| error.is_of_url());
                let place = url.map_or(upstream.span(), |url| url.span());
                problems.push(source.error(place, message));
            }
        }
    }
    if problems.is_empty() {
        Ok(upstreams)
    } else {
        Err(problems)
    }
}

fn build(name: &str, config: &UpstreamConfig) -> Result<Upstream, UpstreamConfigError> {
    let base = config
        .url
        .as_ref()
        .map(|url| url.get_ref().as_str())
        .or(config.preset.base_url())
        .unwrap_or_default();
    let takes = takes_of(config);
    let headers: Vec<(String, String)> = config.headers.clone().into_iter().collect();
    let key = config.key.as_ref().map(Key::expose);
    let mut upstream = Upstream::new(name, config.preset, base, key, &headers, takes)?;
    upstream.forwards_key = config.forward;
    upstream.counters = counters_of(name);
    Ok(upstream)
}

/// What an upstream takes of a request.
pub fn takes_of(config: &UpstreamConfig) -> Takes {
    Takes {
        fields: config
            .preset
            .fields()
            .map(str::to_owned)
            .chain(config.fields.iter().cloned())
            .collect(),
        all_fields: config.fields.iter().any(|field| field == "*"),
        message_fields: config.message_fields.clone(),
        model: config.model.clone(),
    }
}

/// The counters of an upstream.
fn counters_of(name: &str) -> Counters {
    let extras = |kind| {
        let of = |outcome| {
            let labels = [("upstream", name), ("kind", kind), ("outcome", outcome)];
            counter(&UPSTREAM_EXTRAS, &labels)
        };
        Extras {
            taken: of("taken"),
            refused: of("refused"),
        }
    };
    Counters {
        turns: counter(&UPSTREAM_TURNS, &[("upstream", name)]),
        hedges: extras("hedge"),
        repeats: extras("repeat"),
    }
}

/// Counts what an upstream did not do as it should.
pub(in crate::server) fn count_failure(upstream: &str, reason: &str) {
    let labels = [("upstream", upstream), ("reason", reason)];
    counter(&UPSTREAM_FAILURES, &labels).increment(1);
}

/// Logs why an upstream failed, as far as it said so in words for machines.
pub(in crate::server) fn log_failure(
    turn: &str,
    call: Option<&str>,
    upstream: &str,
    error: &UpstreamError,
) {
    let said = error.refusal();
    let code = said.and_then(|said| said.code.as_deref());
    let kind = said.and_then(|said| said.kind.as_deref());
    let param = said.and_then(|said| said.param.as_deref());
    let status = error.status();
    warn!(turn, call, upstream, status, code, "type" = kind, param, %error, "the upstream failed to");
}
