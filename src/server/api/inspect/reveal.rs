//! `POST /inspect/api/turns/ID/reveal`: the value behind a placeholder, for who has a key for that.
//!
//! Each is counted, and logged without the value. What is never kept (CVVs, PINs, secrets) can't be
//! shown, and nothing is where no such key is configured.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use tracing::warn;

use super::{InspectAsk, json as answer, not_kept};
use crate::server::api::error::ApiError;
use crate::telemetry::metrics::{REVEALED, counter};

/// What the page sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevealBody {
    /// The name of the placeholder, as in `CARD_1`.
    name: String,
    /// The key for it.
    key: String,
}

/// Answers it.
pub(super) async fn reveal(asked: InspectAsk<'_>, turn: &str) -> Result<HttpResponse, ApiError> {
    let RevealBody { name, key } = asked.posted().await?;
    let keys = &asked.snapshot.keys;
    let count = |outcome| counter(&REVEALED, &[("outcome", outcome)]).increment(1);
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let told: &str = match name.len() <= 64 && name.chars().all(is_name) {
        true => &name,
        false => "(no name of a placeholder)",
    };
    if keys.reveals.is_empty() {
        count("refused");
        let message = "no `reveal_keys` are configured, so no value is kept: set them under `[inspect]` in aside.toml";
        let status = StatusCode::NOT_FOUND;
        return Err(ApiError::client(
            status,
            "no_reveal_keys_configured",
            message,
        ));
    }
    if !keys.is_revealers(&key) {
        count("refused");
        warn!(
            request = asked.id,
            turn = known(asked, turn),
            name = told,
            "a wrong key was shown for a hidden value"
        );
        return Err(ApiError {
            kind: "authentication_error".into(),
            ..ApiError::client(
                StatusCode::FORBIDDEN,
                "no_reveal_key",
                "this is none of the configured `inspect.reveal_keys`",
            )
        });
    }
    let kept = asked.inspector()?.turn(turn);
    let kept = kept.ok_or_else(|| not_kept("turn"))?;
    let Some(value) = kept.value(&name) else {
        count("missing");
        return Err(not_kept("value"));
    };
    count("shown");
    warn!(
        request = asked.id,
        turn = kept.head.turn,
        call = kept.head.call,
        name = told,
        "a hidden value was shown to somebody with a key for it"
    );
    Ok(answer(&json!({ "name": name, "value": value })))
}

/// The id of a turn that is kept; what else was asked for may be anything.
fn known(asked: InspectAsk<'_>, turn: &str) -> Option<String> {
    let inspector = asked.snapshot.process.inspector.as_ref()?;
    inspector.turn(turn).map(|turn| turn.head.turn.clone())
}
