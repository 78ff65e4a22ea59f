//! The models' servers: what each takes, how it is asked, and who is asked next.

mod client;
mod counters;
mod error;
mod events;
mod health;
pub mod presets;
mod race;
mod refusal;
mod relay;

pub use client::{Clients, Upstream, UpstreamConfigError};
pub use counters::{Counters, Extras};
pub use error::UpstreamError;
pub use events::Events;
pub use health::Health;
pub use race::{Ask, Failed, Hedge, Plan, UpstreamAnswer, Won, race};
pub use refusal::Refusal;
pub use relay::{RELAY_CONNECT, Relayed};
