//! What lies between two texts of a call: who speaks, what was asked for, how far its answer is.
//!
//! It finds no value.

mod correction;
mod cues;
mod heard;
mod question;
mod remark;
mod request;
mod slots;
mod speakers;

pub use cues::Cues;
pub(super) use cues::{AskedSlot, ToldValues};
pub(super) use slots::{AnswerPart, answer_parts};
pub(super) use speakers::{passages, speaker_of};

#[cfg(test)]
mod tests;
