//! HTTP in: what Vapi and people's clients ask, and the path of a turn.
//!
//! Four rooms, and each imports only those below it: `process` starts all and says who answers a
//! request; `turn` is the path of a turn; `api` is what else is asked, and what both need of HTTP
//! (bodies, paths, callers, errors); `state` is the snapshot that a turn takes. What a room needs
//! of one above it is handed in.

mod api;
mod process;
mod state;
#[cfg(test)]
mod testing;
mod turn;

pub use process::reload::ConfigOrigin;
pub use process::running::{Running, Signals};
pub use process::start::{StartError, start};
pub use state::chains::Chains;
pub use state::files::{
    read_config, read_folders, read_rules, read_what_can_be, read_what_can_be_of, stray_files,
};
pub use state::names::open_names;
pub use state::recorder::check_record;
pub use state::rules::Rulesets;
pub use state::store::check_store;
pub use state::upstreams::{check_upstreams, roots_of_tls, upstream_to_ask};
