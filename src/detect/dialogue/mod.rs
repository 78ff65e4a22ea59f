//! What lies between two texts of a call: who speaks, what was asked for, how far its answer is.
//!
//! It finds no value.

mod cues;
mod heard;
mod question;
mod request;
mod speakers;
mod theme;

pub use cues::Cues;
pub(super) use speakers::{passages, speaker_of};
pub(super) use theme::Themes;

#[cfg(test)]
mod tests;
