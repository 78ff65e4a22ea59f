//! Traces of turns, for a collector that speaks OTLP over HTTP.
//!
//! A turn is a span, with a child for each part of it. They have names of the config and the rule files,
//! ids, words for machines, counts and times; never what people said. Nothing here makes a turn wait:
//! what is too much is dropped and counted.

mod exporter;
mod otlp;
mod spans;
mod turn;

pub use exporter::{Collector, SpanCounts, Tracer};
pub use turn::{TracedAttempt, TracedReply, TracedTurn};
