//! Numbers for Prometheus: which there are, and the text that `GET /metrics` gives.
//!
//! What OpenTelemetry's conventions for generative AI name bears their name and labels, as Prometheus
//! spells them; all else begins with `aside_`. A label comes from the config, a rule file or a list in
//! the code, and of each there is a most. Never a call's id, a model that nobody named, or what people
//! said.

mod labels;
mod recorder;

pub use labels::OTHER;
pub use recorder::{counter, gauge, histogram, render, start_metrics};

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

/// Of what takes as long as a model: from what nobody hears to what everybody does.
const MODEL_TIMES: &[f64] = &[
    0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0,
    15.0, 20.0, 30.0, 60.0,
];
/// Of what speech hides, and what a caller hears as a gap.
const CHUNK_TIMES: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5,
    5.0, 10.0,
];
/// Of what aside does itself.
const OWN_TIMES: &[f64] = &[
    0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
    0.1, 0.25, 0.5, 1.0, 2.5,
];
/// Of what a turn waits for before the model is asked.
const FETCH_TIMES: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0,
    2.0, 5.0,
];

/// Turns, by route and outcome.
pub const TURNS: Metric = counted(
    "aside_turns_total",
    "Turns that ended, by route and outcome: answered, apology (or the error), replaced by a newer turn, \
     hung_up, refused (a rule failed that must not), shed (a limit was reached), broken (something of aside's own \
     broke; the caller heard the apology).",
);
/// Turns under way.
pub const STREAMS: Metric = Metric {
    name: "aside_streams",
    help: "Turns under way: each is a stream to its caller, or will be one.",
    kind: MetricKind::Gauge,
};
/// Turns that were turned away, by the limit.
pub const TURNS_SHED: Metric = counted(
    "aside_turns_shed_total",
    "Turns that were turned away, by the limit that was reached: streams, streams_per_key, turns_per_key, \
     call_turns, call_tokens.",
);
/// What aside adds to a turn.
pub const OVERHEAD: Metric = timed(
    "aside_overhead_seconds",
    "Time that aside adds to a turn, by phase: request (all before the first upstream was asked), gather and rules \
     (the parts of it that wait for facts and pass the rules), reply (all work on the reply as it streams by).",
    OWN_TIMES,
);
/// How long an upstream thinks, named as OpenTelemetry does.
pub const FIRST_CHUNK: Metric = timed(
    "gen_ai_client_operation_time_to_first_chunk_seconds",
    "Time from asking an upstream to its first piece that counts, of replies that are streamed.",
    MODEL_TIMES,
);
/// How long it lets wait between its pieces, named as OpenTelemetry does.
pub const LATER_CHUNK: Metric = timed(
    "gen_ai_client_operation_time_per_output_chunk_seconds",
    "Time from each piece of a streamed reply to the next, from its first one that counts on.",
    CHUNK_TIMES,
);
/// How long it takes to its last byte, named as OpenTelemetry does.
pub const OPERATION: Metric = timed(
    "gen_ai_client_operation_duration_seconds",
    "Time from asking an upstream to the last byte of its answer, of each request; error_type where there was no whole \
     answer: a status, a reason as in aside_upstream_failures_total, hedged_away, superseded, hung_up, cut_off.",
    MODEL_TIMES,
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
/// Who was left for another.
pub const UPSTREAM_FAILOVERS: Metric = counted(
    "aside_upstream_failovers_total",
    "Turns that went on to another upstream since this one failed, or was left in peace.",
);
/// Whose answers nobody heard to the end.
pub const UPSTREAM_HANG_UPS: Metric = counted(
    "aside_upstream_hang_ups_total",
    "Requests to an upstream that were ended since the caller hung up.",
);
/// Whose answers nobody needed any more.
pub const UPSTREAM_SUPERSEDED: Metric = counted(
    "aside_upstream_superseded_total",
    "Requests to an upstream that were ended since a newer turn of the call began.",
);
/// Who was asked early.
pub const UPSTREAM_HEDGES: Metric = counted(
    "aside_upstream_hedges_total",
    "Hedges that were due to an upstream, since the one before was slow, by upstream and outcome: taken, or \
     refused since there were too many.",
);
/// What was sent once more.
pub const UPSTREAM_REPEATS: Metric = counted(
    "aside_upstream_repeats_total",
    "Requests that were due once more on another connection, since a kept one was dead, by upstream and outcome: \
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
pub const RULE_OUTCOME: Metric = counted(
    "aside_rule_outcome_total",
    "What rules did, by rule and outcome: skipped, unchanged, changed (also where it answers in the model's place), failed.",
);
/// How long that took.
pub const RULE_DURATION: Metric = timed(
    "aside_rule_duration_seconds",
    "How long rules took on a turn's way out, by rule; of those that ran.",
    OWN_TIMES,
);
/// What shadow rules would have done.
pub const SHADOW_OUTCOME: Metric = counted(
    "aside_shadow_outcome_total",
    "What shadow rules would have done, by rule and outcome: skipped, unchanged, changed (also where it answers in the model's place), failed.",
);
/// What rules held back of replies.
pub const HELD_BACK: Metric = Metric {
    name: "aside_holdback_chars",
    help: "The most characters of a streamed reply that its rules held back at once, since they might have become \
           what a rule changes.",
    kind: MetricKind::Sizes(&[
        0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 4096.0,
    ]),
};
/// How much of a request a provider's cache can use.
pub const PREFIX_SHARED: Metric = Metric {
    name: "aside_prefix_shared_ratio",
    help: "The part of a turn's prompt (tools and messages, as the rules left them) with which the call's last one \
           began as well, from 0 to 1, in blocks of 256 bytes; of turns that are not their call's first.",
    kind: MetricKind::Sizes(&[
        0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0,
    ]),
};
/// Who changed that beginning.
pub const PREFIX_BREAKS: Metric = counted(
    "aside_prefix_breaks_total",
    "Turns whose prompt does not begin as the call's last one did, up to what the caller said newest, by the first \
     rule that made it so; (client): the request came so; (reload): other rules are served since.",
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
pub const REDACTIONS: Metric = counted(
    "aside_redactions_total",
    "Private values hidden from the model, by label; each turn counts its whole history.",
);
/// What clients did wrong.
pub const CLIENT_ERRORS: Metric = counted(
    "aside_client_errors_total",
    "Requests turned away for what the client sent, by status.",
);

/// What came of fetches, and how long turns waited for them.
pub const FETCHED: Metric = timed(
    "aside_fetch_seconds",
    "How long turns waited for what their rules fetch, by source (the fetch's name) and result: answered, fresh (from \
     the cache), stale (from the cache, while it is asked again), late, failed, not_asked.",
    FETCH_TIMES,
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
/// What the inspector does not show.
pub const INSPECT_DROPPED: Metric = counted(
    "aside_inspect_dropped_total",
    "Turns that the inspector does not show: too many ended at once.",
);
/// What was shown of what is hidden.
pub const REVEALED: Metric = counted(
    "aside_inspect_reveals_total",
    "Values that somebody had shown in the inspector, by outcome: shown, refused (no good key), missing (not kept).",
);
/// What came of traces.
pub const TRACE_SPANS: Metric = counted(
    "aside_trace_spans_total",
    "Spans of traces, by outcome: sent, dropped (too many waited), failed (the collector took none, or was not there).",
);
/// What was read again while the server ran.
pub const RELOADS: Metric = counted(
    "aside_reload_total",
    "Rules and configs read again, by what and outcome: loaded, kept (the new one is broken, so the old one stays).",
);
/// When what is served was read.
pub const LOADED_AT: Metric = Metric {
    name: "aside_reload_last_success_timestamp_seconds",
    help: "When the rules or the config that are served were loaded, by what; seconds since 1970.",
    kind: MetricKind::Gauge,
};
/// Whether the config on disk is broken.
pub const CONFIG_BROKEN: Metric = Metric {
    name: "aside_reload_config_broken",
    help: "1 where the config was broken when it was read last, so that an older one is served; else 0.",
    kind: MetricKind::Gauge,
};
/// Whether the rules on disk are broken.
pub const RULES_BROKEN: Metric = Metric {
    name: "aside_reload_rules_broken",
    help: "1 while the rules on disk are broken, so that older ones are served; else 0.",
    kind: MetricKind::Gauge,
};

/// Every metric.
pub const METRICS: &[Metric] = &[
    TURNS,
    TURNS_SHED,
    STREAMS,
    OVERHEAD,
    FIRST_CHUNK,
    LATER_CHUNK,
    OPERATION,
    TOKENS,
    TOKENS_CACHED,
    UPSTREAM_TURNS,
    UPSTREAM_FAILOVERS,
    UPSTREAM_HANG_UPS,
    UPSTREAM_SUPERSEDED,
    UPSTREAM_HEDGES,
    UPSTREAM_REPEATS,
    UPSTREAM_MENDED,
    UPSTREAM_OPEN,
    UPSTREAM_KEY_STALE,
    UPSTREAM_FAILURES,
    RULE_OUTCOME,
    RULE_DURATION,
    SHADOW_OUTCOME,
    HELD_BACK,
    PREFIX_SHARED,
    PREFIX_BREAKS,
    RULE_ARMS,
    UNKNOWN,
    REDACTIONS,
    CLIENT_ERRORS,
    FETCHED,
    FETCHES,
    CONTEXT_DROPPED,
    RECORD_DROPPED,
    INSPECT_DROPPED,
    REVEALED,
    TRACE_SPANS,
    RELOADS,
    LOADED_AT,
    CONFIG_BROKEN,
    RULES_BROKEN,
];

const fn counted(name: &'static str, help: &'static str) -> Metric {
    let kind = MetricKind::Counter;
    Metric { name, help, kind }
}

const fn timed(name: &'static str, help: &'static str, buckets: &'static [f64]) -> Metric {
    let kind = MetricKind::Histogram(buckets);
    Metric { name, help, kind }
}

#[cfg(test)]
mod tests;
