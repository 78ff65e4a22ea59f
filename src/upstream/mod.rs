//! The models' servers: what each takes, how it is asked, and who is asked next.

mod attempt;
mod attempt_log;
mod cache_key;
mod client;
mod complaint;
mod config_lines;
mod counters;
mod error;
mod events;
pub mod fields;
pub mod form;
mod health;
mod kept;
mod key;
mod learned;
mod mending;
mod plan;
mod probe;
pub mod profiles;
mod race;
mod reading;
mod refusal;
mod relay;
pub mod shape;
mod toolbox;

pub use attempt::Answered;
pub use attempt_log::{Attempt, AttemptEnd, AttemptFailure, AttemptLog};
pub use client::{Clients, Upstream, UpstreamConfigError};
pub use config_lines::{config_lines, toml_key};
pub use counters::{Counters, Extras};
pub use error::UpstreamError;
pub use events::Events;
pub use form::FormConfig;
pub use health::Health;
pub use kept::{KeptStates, StateCapture};
pub use key::{
    CommandSource, KeptKey, KeyError, KeyHeaderError, KeyPlace, KeySource, OauthClient,
    TokenUrlError, keep_renewed,
};
pub use learned::LearnedForms;
pub use mending::Mending;
pub use plan::{Ask, Hedge, MOST_MENDS, Plan};
pub use probe::{
    Probe, ProbeFailure, ProbeOutcome, ProbeTurn, ProbedModel, ProbedTurn, ProbedUpstream,
};
pub use race::{Failed, Won, race};
pub use reading::UpstreamAnswer;
pub use refusal::Refusal;
pub use relay::{RELAY_CONNECT, Relayed};
