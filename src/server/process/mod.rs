//! The process: how it starts, who listens, what is read again while it runs, and its end.

pub(super) mod connection;
pub(super) mod listeners;
pub(super) mod reload;
pub(super) mod running;
pub(super) mod start;
pub(super) mod warm;
