//! The last turns, for people who look on: kept in memory as a recording would have them, and told
//! of as they end.
//!
//! It never slows a turn: what is handed over waits in a bounded queue, a thread of its own makes
//! lines of it, and what finds no room is left out and counted. Nothing of it is on a disk.

mod ending;
mod feed;
mod handed;
mod head;
mod inspector;
mod kept;
mod looked_up;
mod made_facts;
mod page;
mod samples;
mod toml_text;
mod trial;
mod written_test;

pub use feed::{FeedEvent, FeedViewer};
pub use handed::{BegunTurn, EndedTurn, GlimpsedTurn};
pub use head::{Dark, TurnHead};
pub use inspector::{InspectOptions, Inspector};
pub use kept::KeptTurn;
pub use looked_up::CallHead;
pub use page::{PAGE_FILES, PageFile};
pub use trial::{TrialOfTurns, TrialReport, TurnTrial};
pub use written_test::{TestExtent, written_test};
