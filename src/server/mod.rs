//! HTTP in: what Vapi and people's clients ask, and the path of a turn.

mod answer;
mod auth;
mod body;
mod calls;
mod chat;
mod context;
mod error;
mod events;
mod files;
mod gather;
mod limits;
mod meters;
mod path;
mod signature;
mod start;
mod state;

pub use files::{read_rules, read_what_can_be};
pub use start::{Running, Signals, StartError, start};
pub use state::{check_store, check_upstreams};
