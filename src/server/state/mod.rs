//! What all workers share: the snapshot of config and rules that a turn takes, and what is kept
//! and counted beside it.

pub(super) mod calls;
pub(super) mod chains;
pub(super) mod files;
pub(super) mod limits;
pub(super) mod meters;
pub(super) mod rules;
pub(super) mod snapshot;
pub(super) mod upstreams;
