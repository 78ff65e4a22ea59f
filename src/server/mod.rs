//! HTTP in: what Vapi and people's clients ask, and the path of a turn.

mod api;
mod process;
mod state;
#[cfg(test)]
mod testing;
mod turn;

pub use process::reload::Origin;
pub use process::running::{Running, Signals};
pub use process::start::{StartError, start};
pub use state::chains::Chains;
pub use state::files::{read_config, read_rules, read_what_can_be, stray_files};
pub use state::snapshot::check_store;
pub use state::upstreams::{check_upstreams, takes_of};
pub use turn::recording::check_record;
