//! What rules are built of: patterns, templates, conditions, filters for streams, and how a
//! problem in a file is shown.
//!
//! Everything here is pure: no clock, no I/O, nothing of HTTP.

pub mod address;
pub mod condition;
mod depth;
pub mod diff;
pub mod document;
pub mod duration;
pub mod facts;
pub mod filters;
pub mod host;
pub mod json_text;
pub mod pattern;
pub mod placeholder;
pub mod problem;
pub mod schema;
pub mod stream;
pub mod template;
pub mod variable;

pub use document::{Document, Faults, say_where_fields_belong, without_echoes};
pub use problem::{Beside, Problem, Severity, Source};
