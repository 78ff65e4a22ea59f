//! What is counted of a turn's requests to upstreams when it is over: how long each took, and what came
//! of it.

use std::sync::Arc;
use std::time::Instant;

use crate::server::state::meters::TurnEnd;
use crate::server::state::operation_meter::OperationMeter;
use crate::server::state::rules::CountedRuleset;
use crate::upstream::{Attempt, AttemptEnd, AttemptFailure, AttemptLog, Upstream};

/// The statuses that upstreams answer, as a label has them. Others are `status`.
const STATUSES: &[(u16, &str)] = &[
    (400, "400"),
    (401, "401"),
    (402, "402"),
    (403, "403"),
    (404, "404"),
    (408, "408"),
    (409, "409"),
    (413, "413"),
    (422, "422"),
    (429, "429"),
    (500, "500"),
    (502, "502"),
    (503, "503"),
    (504, "504"),
    (529, "529"),
];

/// Counts the attempts of a turn that ended like this, at these upstreams. One that is not over by now
/// ends with its turn.
pub(super) fn count_attempts(
    log: &AttemptLog,
    asked: &[Arc<Upstream>],
    rules: &CountedRuleset,
    end: TurnEnd,
) {
    let now = Instant::now();
    log.read(|all| {
        for (at, attempt) in all.iter().enumerate() {
            let mut upstreams = asked.iter();
            let upstream = upstreams.find(|upstream| upstream.name == attempt.upstream);
            let Some(upstream) = upstream else {
                continue;
            };
            let behind = all.get(at + 1..).unwrap_or_default();
            if is_left_for_another(attempt, behind) {
                upstream.counters.failovers.increment(1);
            }
            // Who was left in peace was not asked.
            if attempt.model.is_empty() {
                continue;
            }
            match (&attempt.end, end) {
                (None, TurnEnd::HungUp) => upstream.counters.hang_ups.increment(1),
                (None, TurnEnd::Replaced) => upstream.counters.superseded.increment(1),
                _ => {}
            }
            let to = attempt.end.as_ref().map_or(now, |(to, _)| *to);
            let meter = OperationMeter::of(upstream, &rules.meters, &attempt.model);
            let took = to.saturating_duration_since(attempt.from);
            meter.ended(took, error_of(attempt, end));
        }
    });
}

/// Whether another upstream was asked because this one failed.
fn is_left_for_another(attempt: &Attempt, behind: &[Attempt]) -> bool {
    let Some((failed, AttemptEnd::Failed(_))) = &attempt.end else {
        return false;
    };
    behind.iter().any(|next| {
        let is_another = next.upstream != attempt.upstream && !next.model.is_empty();
        is_another && next.from >= *failed
    })
}

/// Why an attempt gave no whole answer, as `error.type` has it; none: it did.
fn error_of(attempt: &Attempt, end: TurnEnd) -> Option<&'static str> {
    match &attempt.end {
        Some((_, AttemptEnd::Whole)) => None,
        Some((_, AttemptEnd::Failed(why) | AttemptEnd::Mended(why))) => Some(reason_of(why)),
        Some((_, AttemptEnd::HedgedAway)) => Some("hedged_away"),
        None => Some(match end {
            TurnEnd::Replaced => "superseded",
            TurnEnd::HungUp => "hung_up",
            _ => "cut_off",
        }),
    }
}

fn reason_of(why: &AttemptFailure) -> &'static str {
    let mut known = STATUSES.iter();
    let status = known.find(|(status, _)| Some(*status) == why.status);
    status.map_or(why.reason, |(_, name)| name)
}
