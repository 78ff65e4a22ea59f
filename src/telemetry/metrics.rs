//! Numbers for Prometheus: which there are, and the text that `GET /metrics` gives.
//!
//! A label comes from the config or from a list in the code, so there are no more series than the
//! config has names. Never a call's id, a model as it was sent, or what people said.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, Label, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// One metric.
#[derive(Debug)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What its numbers mean, in a sentence.
    pub help: &'static str,
    kind: MetricKind,
}

#[derive(Debug)]
enum MetricKind {
    Counter,
    Gauge,
    /// Of seconds; the upper bounds of its buckets.
    Histogram(&'static [f64]),
    /// Of numbers; the upper bounds of its buckets.
    Sizes(&'static [f64]),
}

/// Turns, by route and outcome.
pub const TURNS: Metric = counted(
    "aside_turns_total",
    "Turns that ended, by route and outcome: answered, apology (or the error), replaced by a newer turn, \
     hung_up, refused (a rule failed that must not), shed (a limit was reached), broken (something of aside's own \
     broke; the caller heard the apology).",
);
/// Turns under way.
pub const UNDERWAY: Metric = Metric {
    name: "aside_turns_underway",
    help: "Turns under way.",
    kind: MetricKind::Gauge,
};
/// Turns that were turned away, by the limit.
pub const TURNS_SHED: Metric = counted(
    "aside_turns_shed_total",
    "Turns that were turned away, by the limit that was reached: streams, streams_per_key, turns_per_key, \
     call_turns, call_tokens.",
);
/// What aside adds to a turn.
pub const ADDED: Metric = timed(
    "aside_added_seconds",
    "Time before the first upstream was asked, by route.",
    &[
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0,
    ],
);
/// How long an upstream thinks.
pub const FIRST_TOKEN: Metric = timed(
    "aside_first_token_seconds",
    "Time from asking an upstream to its first piece that counts, by upstream.",
    &[
        0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0,
    ],
);
/// How many tokens a reply took, named as OpenTelemetry does.
pub const TOKENS: Metric = Metric {
    name: "gen_ai_client_token_usage",
    help: "Tokens that an upstream says a reply took, by upstream and type: input (those from a cache too), output.",
    kind: MetricKind::Sizes(&[
        1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 2048.0, 4096.0, 8192.0, 16384.0, 32768.0, 65536.0,
        131072.0, 262144.0,
    ]),
};
/// How many of those came from a cache.
pub const TOKENS_CACHED: Metric = counted(
    "gen_ai_usage_cache_read_input_tokens_total",
    "Tokens of prompts that an upstream says it had in its cache, by upstream.",
);
/// How often an upstream was asked.
pub const UPSTREAM_TURNS: Metric = counted(
    "aside_upstream_turns_total",
    "Turns for which an upstream was asked, by upstream.",
);
/// What was asked beyond that.
pub const UPSTREAM_EXTRAS: Metric = counted(
    "aside_upstream_extras_total",
    "Requests that were due beyond what callers asked, by upstream, kind (hedge, repeat) and outcome: \
     taken, or refused since there were too many.",
);
/// What refusals taught.
pub const UPSTREAM_MENDED: Metric = counted(
    "aside_upstream_mended_total",
    "What an upstream's refusals taught of the form of its requests, by upstream and kind: field, message_field, \
     shape, state. Each is learned once a model, and told in the log with the line for the config.",
);
/// Whether it is left in peace.
pub const UPSTREAM_OPEN: Metric = Metric {
    name: "aside_upstream_open",
    help: "Whether an upstream's breaker is open, by upstream: 1 while it is asked last since it failed often.",
    kind: MetricKind::Gauge,
};
/// Whether its key can be renewed.
pub const UPSTREAM_KEY_STALE: Metric = Metric {
    name: "aside_upstream_key_stale",
    help: "1 while no new key of an upstream can be got (key_file, key_command, oauth), so that the last good one \
           is used, or none; else 0. By upstream.",
    kind: MetricKind::Gauge,
};
/// What went wrong upstream.
pub const UPSTREAM_FAILURES: Metric = counted(
    "aside_upstream_failures_total",
    "Requests that an upstream did not answer as it should, by upstream and reason.",
);
/// What the rules did.
pub const RULE_STEPS: Metric = counted(
    "aside_rule_steps_total",
    "What rules did, by rule and outcome: skipped, unchanged, changed (also where it answers in the model's place), failed.",
);
/// What shadow rules would have done.
pub const SHADOW_STEPS: Metric = counted(
    "aside_shadow_steps_total",
    "What shadow rules would have done, by rule and outcome: skipped, unchanged, changed (also where it answers in the model's place), failed.",
);
/// Of which arm the turns were.
pub const RULE_ARMS: Metric = counted(
    "aside_rule_arms_total",
    "Turns by rule with `percent` and arm: in (the call is in the rule's share), out.",
);
/// What did not come back.
pub const UNKNOWN: Metric = counted(
    "aside_placeholders_unknown_total",
    "Placeholders in replies that were not restored, so that the caller heard `unknown`.",
);
/// What was hidden.
pub const HIDDEN: Metric = counted(
    "aside_values_hidden_total",
    "Private values hidden from the model, by label; each turn counts its whole history.",
);
/// What clients did wrong.
pub const CLIENT_ERRORS: Metric = counted(
    "aside_client_errors_total",
    "Requests turned away for what the client sent, by status.",
);

/// What came of fetches.
pub const FETCHED: Metric = counted(
    "aside_fetches_total",
    "What turns got of what their rules fetch, by fetch and result: answered, fresh (from the cache), stale (from the \
     cache, while it is asked again), late, failed, not_asked.",
);
/// Fetches under way.
pub const FETCHES: Metric = Metric {
    name: "aside_fetches_underway",
    help: "Requests of rules for facts that are under way.",
    kind: MetricKind::Gauge,
};

/// What a full store let go.
pub const CONTEXT_DROPPED: Metric = counted(
    "aside_context_dropped_total",
    "Objects of context that the store dropped because it was full, the least recently used first.",
);

/// What was not recorded.
pub const RECORD_DROPPED: Metric = counted(
    "aside_record_dropped_total",
    "Turns that were not recorded: too many waited, or the disk took none.",
);
/// What was read again while the server ran.
pub const RELOADS: Metric = counted(
    "aside_reloads_total",
    "Rules and configs read again, by what and outcome: loaded, kept (the new one is broken, so the old one stays).",
);
/// Whether the rules on disk are broken.
pub const RULES_BROKEN: Metric = Metric {
    name: "aside_rules_broken",
    help: "1 while the rules on disk are broken, so that older ones are served; else 0.",
    kind: MetricKind::Gauge,
};

/// Every metric.
pub const METRICS: &[Metric] = &[
    TURNS,
    TURNS_SHED,
    UNDERWAY,
    ADDED,
    FIRST_TOKEN,
    TOKENS,
    TOKENS_CACHED,
    UPSTREAM_TURNS,
    UPSTREAM_EXTRAS,
    UPSTREAM_MENDED,
    UPSTREAM_OPEN,
    UPSTREAM_KEY_STALE,
    UPSTREAM_FAILURES,
    RULE_STEPS,
    SHADOW_STEPS,
    RULE_ARMS,
    UNKNOWN,
    HIDDEN,
    CLIENT_ERRORS,
    FETCHED,
    FETCHES,
    CONTEXT_DROPPED,
    RECORD_DROPPED,
    RELOADS,
    RULES_BROKEN,
];

/// How often what histograms noted is put into their buckets, where nobody asks for it.
const UPKEEP: Duration = Duration::from_secs(5);

// The crate `metrics` has one recorder a process, so what it wrote to is one as well.
static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts recording. All servers of a process record into the same numbers; a second start
/// changes nothing.
pub fn start_metrics() {
    recorder();
}

/// All numbers in Prometheus' text format.
pub fn render() -> String {
    recorder().render()
}

/// The counter of these labels.
pub fn counter(metric: &Metric, labels: &[(&'static str, &str)]) -> Counter {
    metrics::counter!(metric.name, owned(labels))
}

/// The gauge of these labels.
pub fn gauge(metric: &Metric, labels: &[(&'static str, &str)]) -> Gauge {
    metrics::gauge!(metric.name, owned(labels))
}

/// The histogram of these labels.
pub fn histogram(metric: &Metric, labels: &[(&'static str, &str)]) -> Histogram {
    metrics::histogram!(metric.name, owned(labels))
}

fn owned(labels: &[(&'static str, &str)]) -> Vec<Label> {
    labels
        .iter()
        .map(|(name, value)| Label::new(*name, (*value).to_owned()))
        .collect()
}

fn recorder() -> &'static PrometheusHandle {
    RECORDER.get_or_init(|| {
        let mut builder = PrometheusBuilder::new();
        for metric in METRICS {
            if let MetricKind::Histogram(buckets) | MetricKind::Sizes(buckets) = metric.kind {
                let matcher = Matcher::Full(metric.name.to_owned());
                builder = builder
                    .set_buckets_for_metric(matcher, buckets)
                    .expect("every histogram has buckets");
            }
        }
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("the process has another recorder of metrics; /metrics stays empty");
        }
        for metric in METRICS {
            match metric.kind {
                MetricKind::Counter => {
                    metrics::describe_counter!(metric.name, Unit::Count, metric.help)
                }
                MetricKind::Gauge => {
                    metrics::describe_gauge!(metric.name, Unit::Count, metric.help)
                }
                MetricKind::Histogram(_) => {
                    metrics::describe_histogram!(metric.name, Unit::Seconds, metric.help);
                }
                MetricKind::Sizes(_) => {
                    metrics::describe_histogram!(metric.name, Unit::Count, metric.help);
                }
            }
        }
        handle.run_upkeep();
        keep_up(handle.clone());
        handle
    })
}

/// Without it the histograms of a server that nobody asks for its numbers grow without an end.
fn keep_up(handle: PrometheusHandle) {
    let keeper = std::thread::Builder::new().name("metrics".to_owned());
    let started = keeper.spawn(move || {
        loop {
            std::thread::sleep(UPKEEP);
            handle.run_upkeep();
        }
    });
    if let Err(error) = started {
        tracing::warn!(%error, "no thread for metrics; ask for /metrics at least once an hour");
    }
}

const fn counted(name: &'static str, help: &'static str) -> Metric {
    let kind = MetricKind::Counter;
    Metric { name, help, kind }
}

const fn timed(name: &'static str, help: &'static str, buckets: &'static [f64]) -> Metric {
    let kind = MetricKind::Histogram(buckets);
    Metric { name, help, kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_conventions() {
        for metric in METRICS {
            let name = metric.name;
            let ending = match metric.kind {
                MetricKind::Counter => "_total",
                MetricKind::Histogram(_) => "_seconds",
                MetricKind::Gauge | MetricKind::Sizes(_) => "",
            };
            let is_ours = name.starts_with("aside_");
            let is_of_convention = name.starts_with("gen_ai_");
            assert!(is_ours || is_of_convention, "{name}");
            assert!(name.ends_with(ending), "{name}");
            let has_one = METRICS.iter().filter(|other| other.name == name).count() == 1;
            assert!(has_one, "{name}");
        }
    }

    #[test]
    fn the_readme_lists_every_metric() {
        let readme = include_str!("../../README.md");
        for Metric { name, .. } in METRICS {
            assert!(readme.contains(&format!("| `{name}")), "{name}");
        }
        let is_listed =
            |line: &&str| line.starts_with("| `aside_") || line.starts_with("| `gen_ai_");
        let listed = readme.lines().filter(is_listed);
        assert_eq!(listed.count(), METRICS.len());
    }

    #[test]
    fn a_second_start_goes_on_with_the_same_numbers() {
        start_metrics();
        counter(&CLIENT_ERRORS, &[("status", "499")]).increment(1);
        start_metrics();
        counter(&CLIENT_ERRORS, &[("status", "499")]).increment(1);
        let text = render();
        assert!(
            text.contains("aside_client_errors_total{status=\"499\"} 2"),
            "{text}"
        );
    }
}
