//! The path of a turn: read, gathered for, passed through its rules, asked upstream, and answered.

pub(super) mod answer;
pub(super) mod chat;
pub(super) mod gather;
pub(super) mod held;
pub(super) mod log;
pub(super) mod passing;
pub(super) mod recording;
pub(super) mod respond;
pub(super) mod shadow;
pub(super) mod turn_line;
