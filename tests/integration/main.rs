//! The real server between a scripted upstream and a plain client, over loopback.
//!
//! Each test starts what it needs on ports of the system's choice, and ends it.

mod admin;
mod answer;
mod aside;
mod asked;
mod attempts_counted;
mod bad_input;
mod bodies;
mod callers;
mod canary;
mod client;
mod collectors;
mod commands;
mod connecting;
mod context;
mod context_turns;
mod crm;
mod cuts;
mod events;
mod explain;
mod failover;
mod failures;
mod fetch;
#[expect(dead_code, reason = "each who includes it plays a part of it")]
#[path = "../fixtures/mod.rs"]
mod fixtures;
mod forward;
mod framing;
mod hang_ups;
mod health;
mod hedge;
mod hostile_upstreams;
mod inspect;
mod inspect_as_test;
mod inspect_doors;
mod inspect_trials;
mod kept_state;
mod keys;
mod limits;
mod live;
mod measured;
mod mended;
mod metrics;
mod metrics_listed;
mod midstream_errors;
mod mistakes;
mod mistakes_of_config;
mod name_model;
mod new_rule;
mod odd_answers;
mod otlp;
mod overload;
mod paths;
mod pipes;
mod plain_words;
mod platform;
mod private_places;
mod probe;
mod probe_doubts;
mod probe_lines;
mod providers;
mod readme;
mod recipes;
mod recorded_turns;
mod recorder;
mod recording;
#[path = "../../src/context/redis/tests/server.rs"]
mod redis;
mod refusals;
mod reload;
mod repeat;
mod replay;
mod replicas;
mod rotating_keys;
mod route_rules;
mod rule_tests;
mod rules;
mod same_files;
mod schema;
mod script;
mod shadow;
mod shapes;
mod shutdown;
mod slow_bodies;
mod speak;
mod start_up;
mod stores;
mod stream_options;
mod streaming;
mod stuck_clients;
mod text_files;
mod timeline;
mod tls;
mod tls_server;
mod tokens;
mod trace_contexts;
mod traces;
mod trimmed;
mod turn_log;
mod upstream;
mod upstream_errors;
mod upstream_manual;
mod upstream_metrics;
mod wire;

use std::time::Duration;

/// How long a test waits for anything before it fails.
const DEADLINE: Duration = Duration::from_secs(20);

/// Whether the full counts of TESTS.md are asked for.
fn is_full() -> bool {
    std::env::var_os("ASIDE_FULL").is_some()
}

/// A count for every run, and the one for `ASIDE_FULL=1`.
fn times(few: usize, full: usize) -> usize {
    if is_full() { full } else { few }
}

/// A figure for docs/reliability.md, which `bench/reliability` collects.
fn figure(row: &str, what: &str, figure: &str) {
    eprintln!("figure | {row} | {what} | {figure} |");
}

/// The median and the 99th of 100 of some times.
fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len() - 1);
        times[place].as_secs_f64() * 1000.0
    };
    format!(
        "p50 {:.1} ms, p99 {:.1} ms, of {}",
        at(50),
        at(99),
        times.len()
    )
}
