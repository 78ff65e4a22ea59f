//! What is logged of a turn: which upstreams failed, and what each rule did; and of a request that
//! is turned away, why. Never a value.

use tracing::{debug, info, warn};

use crate::ruleset;
use crate::server::api::error::ApiError;
use crate::server::state::meters::{self, RuleMeters};
use crate::upstream::UpstreamError;

/// Logs and counts the upstreams that failed.
pub(in crate::server) fn tries(turn: &str, call: Option<&str>, tries: &[(String, UpstreamError)]) {
    for (upstream, error) in tries {
        upstream_failed(turn, call, upstream, error);
        meters::upstream_failure(upstream, error.reason());
    }
}

/// Logs why an upstream failed, as far as it said so in words for machines.
pub(in crate::server) fn upstream_failed(
    turn: &str,
    call: Option<&str>,
    upstream: &str,
    error: &UpstreamError,
) {
    let said = error.refusal();
    let code = said.and_then(|said| said.code.as_deref());
    let kind = said.and_then(|said| said.kind.as_deref());
    let param = said.and_then(|said| said.param.as_deref());
    let status = error.status();
    warn!(turn, call, upstream, status, code, "type" = kind, param, %error, "the upstream failed to");
}

/// Logs what each rule did.
pub(in crate::server) fn steps(turn: &str, call: Option<&str>, steps: &[ruleset::Step]) {
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

/// Warns of conditions that could not be decided, once a rule and version of the rules: else an
/// absent field would be a line in each turn.
pub(in crate::server) fn undecided(
    meters: &RuleMeters,
    turn: &str,
    call: Option<&str>,
    steps: &[ruleset::Step],
) {
    for step in steps.iter().filter(|step| step.is_undecided()) {
        if meters.is_first_undecided(&step.rule) {
            let (rule, why) = (&step.rule, step.why.as_deref());
            warn!(
                turn,
                call, rule, why, "the condition of the rule can't be decided; this is said once"
            );
        }
    }
}

/// Logs a request that is turned away; a turn has a line of its own.
pub(in crate::server) fn refused(request: &str, error: &ApiError) {
    if error.rules.is_none() {
        let (status, reason) = (error.status.as_u16(), &*error.code);
        info!(request, status, reason, "request refused");
    }
}
