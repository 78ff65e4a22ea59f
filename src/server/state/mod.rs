//! What all workers share: the snapshot of config and rules that a turn takes, and what is kept
//! and counted beside it. It knows nothing of requests.

pub(super) mod chains;
pub(super) mod files;
pub(super) mod keys;
pub(super) mod limits;
pub(super) mod live;
pub(super) mod meters;
pub(super) mod names;
pub(super) mod operation_meter;
pub(super) mod prefix_watch;
pub(super) mod process_state;
pub(super) mod recorder;
pub(super) mod replies;
pub(super) mod route;
mod rule_meters;
pub(super) mod rule_time;
pub(super) mod rules;
pub(super) mod rules_offer;
pub(super) mod snapshot;
pub(super) mod store;
pub(super) mod tracer;
pub(super) mod trials;
pub(super) mod underway;
mod upstream_keys;
pub(super) mod upstreams;
