//! The upstreams that a config describes, ready to be asked, and what is counted and logged of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::upstream_keys::{key_of, missing_programs};
use crate::config::{Config, UpstreamConfig};
use crate::files::{Problem, Source};
use crate::net::tls;
use crate::telemetry::metrics::{
    Metric, UPSTREAM_FAILOVERS, UPSTREAM_FAILURES, UPSTREAM_HANG_UPS, UPSTREAM_HEDGES,
    UPSTREAM_MENDED, UPSTREAM_REPEATS, UPSTREAM_SUPERSEDED, UPSTREAM_TURNS, counter,
};
use crate::upstream::{
    Counters, Extras, FormConfig, Upstream, UpstreamError, Won, config_lines, keep_renewed,
};
use toml::Spanned;
use tracing::warn;

/// What a config's upstreams lack to be asked, and what is wrong with the roots of TLS.
pub fn check_upstreams(config: &Config, source: &Source) -> Vec<Problem> {
    let mut problems = build_all(config, source, &Upstreams::new())
        .err()
        .unwrap_or_default();
    problems.extend(missing_programs(config, source));
    problems.extend(roots_of_tls().err().map(|problem| *problem));
    problems
}

/// One upstream of a config, ready to be asked; its key is renewed for as long as it is used.
pub fn upstream_to_ask(
    config: &Config,
    source: &Source,
    name: &str,
) -> Result<Arc<Upstream>, Box<Problem>> {
    let Some(table) = config.upstreams.get(name) else {
        let message = format!("there is no upstream `{name}`");
        return Err(Box::new(source.error(0..0, message)));
    };
    let upstream = Arc::new(build(name, table, source, None)?);
    keep_renewed(upstream.key(), name, &roots_of_tls()?);
    Ok(upstream)
}

/// Who vouches for the servers that are asked.
pub fn roots_of_tls() -> Result<Arc<rustls::ClientConfig>, Box<Problem>> {
    let help = "it names a file of certificates in PEM, trusted beside those that are built in";
    tls::from_environment()
        .map_err(|error| Box::new(Problem::of_flag(tls::ROOTS, error.to_string()).with_help(help)))
}

/// The upstreams of a config by name.
pub(in crate::server) type Upstreams = BTreeMap<String, Arc<Upstream>>;

/// One of which the config says what it said before goes on as it is, with all that is known of it.
/// So does its key, whatever else the config says of it now.
pub(in crate::server) fn build_all(
    config: &Config,
    source: &Source,
    before: &Upstreams,
) -> Result<Upstreams, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut upstreams = BTreeMap::new();
    for (name, upstream) in &config.upstreams {
        match build(name, upstream, source, before.get(name)) {
            Ok(upstream) => {
                let known = before.get(name).filter(|known| known.is_same_as(&upstream));
                let upstream = known.cloned().unwrap_or_else(|| Arc::new(upstream));
                upstreams.insert(name.clone(), upstream);
            }
            Err(problem) => problems.push(*problem),
        }
    }
    if problems.is_empty() {
        Ok(upstreams)
    } else {
        Err(problems)
    }
}

/// Has the keys of upstreams renewed from now on, for as long as they are used.
pub(in crate::server) fn keep_keys(upstreams: &Upstreams, tls: &Arc<rustls::ClientConfig>) {
    for (name, upstream) in upstreams {
        keep_renewed(upstream.key(), name, tls);
    }
}

fn build(
    name: &str,
    config: &Spanned<UpstreamConfig>,
    source: &Source,
    before: Option<&Arc<Upstream>>,
) -> Result<Upstream, Box<Problem>> {
    let (place, config) = (config.span(), config.get_ref());
    let base = config
        .url
        .as_ref()
        .map(|url| url.get_ref().as_str())
        .or(config.preset.0.base_url())
        .unwrap_or_default();
    let headers = config.headers.iter();
    let headers = headers.map(|(name, value)| (name.clone(), value.get_ref().clone()));
    let headers: Vec<(String, String)> = headers.collect();
    let key = key_of(name, config, source, before.map(|known| known.key()))?;
    let built = Upstream::new(name, config.preset, base, key, &headers, config.form());
    let mut upstream = built.map_err(|error| {
        // What is wrong with the URL is shown there.
        let url = config.url.as_ref().filter(|_| error.is_of_url());
        let place = url.map_or(place, |url| url.span());
        Box::new(source.error(place, format!("the upstream `{name}`: {error}")))
    })?;
    upstream.forwards_key = config.forward;
    upstream.counters = counters_of(name);
    Ok(upstream)
}

/// The counters of an upstream.
fn counters_of(name: &str) -> Counters {
    let of_it = |metric: &Metric| counter(metric, &[("upstream", name)]);
    let extras = |metric: &Metric| {
        let of = |outcome| counter(metric, &[("upstream", name), ("outcome", outcome)]);
        Extras {
            taken: of("taken"),
            refused: of("refused"),
        }
    };
    Counters {
        turns: of_it(&UPSTREAM_TURNS),
        failovers: of_it(&UPSTREAM_FAILOVERS),
        hang_ups: of_it(&UPSTREAM_HANG_UPS),
        superseded: of_it(&UPSTREAM_SUPERSEDED),
        hedges: extras(&UPSTREAM_HEDGES),
        repeats: extras(&UPSTREAM_REPEATS),
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
    let (url, help) = (error.asked_at(), error.help());
    warn!(turn, call, upstream, url, status, code, "type" = kind, param, help, %error, "the upstream failed to");
}

/// Counts and logs what refusals of an upstream taught in a turn: once a model, with the line that the
/// config would have.
pub(in crate::server) fn note_learned(turn: &str, call: Option<&str>, won: &Won) {
    let (upstream, model) = (&*won.upstream, &*won.answered.model);
    for learned in &won.answered.learned {
        let labels = [("upstream", upstream), ("kind", learned.name())];
        counter(&UPSTREAM_MENDED, &labels).increment(1);
        // In a row of its own: it is known of this model alone.
        let row = config_lines(
            upstream,
            model,
            &FormConfig::default(),
            std::slice::from_ref(learned),
            &|_| true,
        );
        let config = row.unwrap_or_else(|| learned.config_line());
        warn!(
            turn,
            call,
            upstream,
            model,
            config,
            "the upstream refused the form of a request, and took it mended; it is asked so from now on. \
             Write these lines into the config to have it so from the start"
        );
    }
}
