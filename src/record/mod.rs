//! Turns written to a file, and run again through other rules.
//!
//! What is written is redacted as the upstream got it, or whole and encrypted. Watching a turn
//! never slows it: all the work is done on a thread of its own, and what is too much is dropped
//! and counted.

mod difference;
mod line;
mod play;
mod redacted;
mod seal;
mod timeline;
mod unknown;
mod watched;
mod writer;

pub use difference::{Difference, difference};
pub use line::{Again, Line, LineError, LineReading, RecordedStep, UpstreamFailure};
pub use play::{Played, known_facts, play, play_within};
pub use redacted::LEFT_OUT;
pub use seal::Seal;
pub use timeline::{AttemptOutcome, AttemptTimes, FetchTimes, Timeline, Timespan, micros};
pub use unknown::{Unknown, unknown};
pub use watched::Watched;
pub use writer::{Options, Recorder};
