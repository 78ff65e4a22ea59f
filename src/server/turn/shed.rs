//! What a client is told whose turn is turned away for a limit.

use actix_web::http::StatusCode;

use crate::server::api::error::ApiError;
use crate::server::state::limits::ShedReason;

impl From<ShedReason> for ApiError {
    fn from(shed: ShedReason) -> ApiError {
        const SECOND: u64 = 1;
        let (code, message, retry_after) = match shed {
            ShedReason::Streams => (
                "overloaded",
                "too many turns are under way; try again in a second",
                Some(SECOND),
            ),
            ShedReason::StreamsPerKey => (
                "rate_limit_exceeded",
                "this key has as many turns under way as `limits.streams_per_key` allows; try again when one has ended",
                Some(SECOND),
            ),
            ShedReason::TurnsPerKey(wait) => (
                "rate_limit_exceeded",
                "this key asks more often than `limits.turns_per_key` allows; try again when `Retry-After` says",
                Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)),
            ),
            ShedReason::CallTurns => (
                "call_turns_exceeded",
                "this call has had as many turns as `limits.call_turns` allows",
                None,
            ),
            ShedReason::CallTokens => (
                "call_tokens_exceeded",
                "this call has used, or would with this turn, more tokens than `limits.call_tokens` allows",
                None,
            ),
        };
        let retry_after = retry_after.map(|seconds| seconds.max(SECOND).to_string());
        let error = match shed {
            ShedReason::Streams => ApiError::server(StatusCode::SERVICE_UNAVAILABLE, code, message),
            _ => ApiError::limit(code, message),
        };
        ApiError {
            retry_after,
            ..error
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn s26_who_asks_too_often_is_told_when_to_come_again_in_whole_seconds() {
        let error = ApiError::from(ShedReason::TurnsPerKey(Duration::from_millis(1001)));
        assert_eq!(error.retry_after.as_deref(), Some("2"), "rounded up");
        let error = ApiError::from(ShedReason::TurnsPerKey(Duration::ZERO));
        assert_eq!(error.retry_after.as_deref(), Some("1"));
    }
}
