//! The wire: what Vapi posts, and what upstreams stream back.
//!
//! Requests are kept as slices of the bytes that came; only what a rule changes is written anew.
//! Nothing here knows rules, HTTP or a clock.

pub mod call_from;
pub mod calls;
pub mod carried;
pub mod chunk;
pub mod collect;
pub mod fields;
pub mod history;
pub mod json;
pub mod message;
pub mod pairs;
pub mod pointer;
pub mod reader;
pub mod request;
pub mod sse;
pub mod vapi;

pub use message::{Field, Message, Role};
pub use request::{ChatRequest, RequestError};
