//! What is logged of a turn: which upstreams failed, and what each rule did. Never a value.

use tracing::{debug, warn};

use super::meters;
use crate::ruleset;
use crate::upstream::UpstreamError;

/// Logs and counts the upstreams that failed.
pub(super) fn tries(turn: &str, call: Option<&str>, tries: &[(String, UpstreamError)]) {
    for (upstream, error) in tries {
        meters::upstream_failure(upstream, error.reason());
        warn!(turn, call, upstream, %error, "the upstream failed to");
    }
}

/// Logs what each rule did.
pub(super) fn steps(turn: &str, call: Option<&str>, steps: &[ruleset::Step]) {
    for step in steps {
        let (rule, why) = (&step.rule, step.why.as_deref());
        match step.outcome {
            ruleset::Outcome::Failed => warn!(turn, call, rule, why, "the rule failed"),
            outcome => debug!(
                turn,
                call,
                rule,
                ?outcome,
                why,
                micros = step.micros,
                "the rule was passed"
            ),
        }
    }
}
