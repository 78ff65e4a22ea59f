//! The real server between a scripted upstream and a plain client, over loopback.
//!
//! Each test starts what it needs on ports of the system's choice, and ends it.

mod admin;
mod aside;
mod bad_input;
mod bodies;
mod canary;
mod client;
mod commands;
mod context;
mod context_turns;
mod crm;
mod events;
mod failover;
mod failures;
mod fetch;
mod forward;
mod hang_ups;
mod hedge;
mod keys;
mod limits;
mod live;
mod metrics;
mod mistakes;
mod new_rule;
mod paths;
mod readme;
#[path = "../../src/context/redis/tests/server.rs"]
mod redis;
mod replay;
mod replicas;
mod rule_tests;
mod rules;
mod schema;
mod shutdown;
mod start_up;
mod stores;
mod streaming;
mod upstream;
mod upstream_metrics;
mod wire;

use std::time::Duration;

/// How long a test waits for anything before it fails.
const DEADLINE: Duration = Duration::from_secs(20);
