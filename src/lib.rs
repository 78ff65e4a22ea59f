//! aside: a context-rewriting middleware server for voice agents.
//!
//! ARCHITECTURE.md is the map; each folder's `mod.rs` says what the folder is for.

pub mod chat;
pub mod cli;
pub mod config;
pub mod context;
pub mod demo;
pub mod detect;
pub mod fetch;
pub mod files;
pub mod inspect;
pub mod lang;
pub mod names;
pub mod net;
pub mod record;
pub mod rule;
pub mod ruleset;
pub mod server;
pub mod stream;
pub mod telemetry;
pub mod trace;
pub mod upstream;

#[cfg(test)]
#[expect(dead_code, reason = "each who includes it plays a part of it")]
#[path = "../tests/fixtures/mod.rs"]
mod fixtures;
