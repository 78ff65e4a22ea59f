//! The process: how it starts, who listens, which room answers, what is read again while it runs,
//! and its end.

mod connect;
mod connection;
mod dispatch;
mod listeners;
pub(super) mod reload;
pub(super) mod running;
pub(super) mod start;
mod unread;
mod warm;
