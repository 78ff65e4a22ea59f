//! Files that people write: read with the place of every value, what is wrong in them shown with
//! line and caret, and what editors know of them.
//!
//! Nothing here reads a disk: who calls hands the text in.

pub mod document;
pub mod duration;
mod one_or_more;
pub mod problem;
pub mod schema;
pub mod variable;

pub use document::{Document, Faults, say_where_fields_belong, without_echoes};
pub use one_or_more::OneOrMore;
pub use problem::{Beside, FieldSecrecy, Problem, Severity, Source};
