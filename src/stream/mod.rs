//! Texts that stream by: a filter takes a text piece by piece and holds back only what may still
//! become a match.
//!
//! How a text is cut into pieces never changes the result. Nothing here knows HTTP or a clock.

mod hold_back;
pub mod json_text;
pub mod placeholder;
pub mod sweep;
pub mod voice_tag;

pub use hold_back::{Segment, StreamPattern, Unbounded, Undecided};

/// Rewrites one text as it streams by.
pub trait TextFilter {
    /// Takes the next piece and appends to `out` what can be said now.
    fn push(&mut self, piece: &str, out: &mut String);
    /// The text is over: appends what was held back.
    fn finish(&mut self, out: &mut String);
    /// How many characters it holds back now.
    fn held(&self) -> usize {
        0
    }
    /// Whether what it takes out of the text must be told nowhere else either.
    fn hides(&self) -> bool {
        false
    }
    /// Asks it to say nothing from its first fault on, what it failed over included.
    fn stop_at_faults(&mut self) {}
}
