//! The path of a turn: read, gathered for, passed through its rules, asked upstream, and answered.

mod answer;
mod attempts;
pub(super) mod chat;
pub(super) mod gather;
mod glimpse;
mod held;
mod kept;
mod made;
mod meter;
mod passing;
mod recording;
mod repeated;
pub(super) mod request;
mod respond;
mod shadow;
mod shed;
mod times;
mod traced;
mod turn_line;
mod witness;
