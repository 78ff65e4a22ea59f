//! HTTP in: what Vapi and people's clients ask, and the path of a turn.

mod answer;
mod auth;
mod body;
mod calls;
mod chains;
mod chat;
mod connection;
mod context;
mod error;
mod events;
mod files;
mod gather;
mod held;
mod limits;
mod listeners;
mod log;
mod meters;
mod origin;
mod passing;
mod path;
mod recording;
mod reload;
mod respond;
mod rules;
mod running;
mod shadow;
mod signature;
mod start;
mod state;
#[cfg(test)]
mod testing;
mod turn_line;
mod upstreams;
mod warm;

pub use chains::Chains;
pub use files::{read_config, read_rules, read_what_can_be, stray_files};
pub use recording::check_record;
pub use reload::Origin;
pub use running::{Running, Signals};
pub use start::{StartError, start};
pub use state::check_store;
pub use upstreams::{check_upstreams, takes_of};
