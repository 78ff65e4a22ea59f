//! aside: a context-rewriting middleware server for voice agents.
//!
//! ARCHITECTURE.md is the map; each folder's `mod.rs` says what the folder is for.

pub mod chat;
pub mod detect;
pub mod rule;
pub mod ruleset;
pub mod text;
