//! What rules are written in: conditions, templates, patterns, and the facts that they see.
//!
//! Everything here is a function of its input: no clock, no I/O, nothing of HTTP.

pub mod condition;
mod depth;
pub mod facts;
pub mod filters;
pub mod hours;
pub mod pattern;
pub mod sample;
pub mod template;
