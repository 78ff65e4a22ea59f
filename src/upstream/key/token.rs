//! What a token server answers (RFC 6749 sections 5.1 and 5.2): a token and how long it is good, or
//! why there is none.
//!
//! Of an error only the words that the standards know are kept: the rest may quote what was sent.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;

use super::error::KeyError;
use super::text::key_in;

/// A token is good so long where its server does not say.
pub(super) const UNSAID: Duration = Duration::from_secs(300);
/// However long it is good, it is renewed within a day.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// A token, and how long it is good.
pub(super) type GoodToken = (SecretString, Duration);

/// What a token server may say is wrong, and what that means.
const WORDS: &[(&str, &str)] = &[
    (
        "invalid_client",
        " `invalid_client`: it does not know this `client_id`, or not with this `client_secret`",
    ),
    (
        "invalid_scope",
        " `invalid_scope`: it gives no token for this `scope`",
    ),
    (
        "invalid_target",
        " `invalid_target`: it gives no token for this `audience`",
    ),
    (
        "unauthorized_client",
        " `unauthorized_client`: this client may not get a token this way (client credentials)",
    ),
    (
        "unsupported_grant_type",
        " `unsupported_grant_type`: it gives nobody a token this way (client credentials)",
    ),
    (
        "invalid_request",
        " `invalid_request`: it misses something; many want a `scope` or an `audience`",
    ),
    ("invalid_grant", " `invalid_grant`"),
    ("invalid_resource", " `invalid_resource`"),
    ("access_denied", " `access_denied`"),
    ("server_error", " `server_error`"),
    ("temporarily_unavailable", " `temporarily_unavailable`"),
    ("slow_down", " `slow_down`"),
];

/// The token in an answer.
pub(super) fn token_in(status: u16, body: &[u8]) -> Result<GoodToken, KeyError> {
    let body = body.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(body);
    let answer = serde_json::from_slice::<Value>(body).ok();
    let said = answer.as_ref().and_then(|answer| answer.get("error"));
    let is_good = (200..300).contains(&status);
    if !is_good || said.is_some_and(|said| !said.is_null()) {
        let said = said.and_then(Value::as_str).unwrap_or_default();
        let known = WORDS.iter().find(|(word, _)| *word == said);
        let why = known.map_or("", |(_, why)| *why);
        return Err(KeyError::Refused { status, why });
    }
    let Some(Value::Object(answer)) = answer else {
        return Err(KeyError::NoToken(
            "no JSON object; is this the token's URL?",
        ));
    };
    let token = answer.get("access_token").and_then(Value::as_str);
    let token = token.ok_or(KeyError::NoToken("without an `access_token`"))?;
    let token = key_in(token.as_bytes());
    let token = token.map_err(|_| KeyError::NoToken("with an `access_token` that is none"))?;
    let good_for = answer.get("expires_in").and_then(lifetime);
    Ok((token, good_for.unwrap_or(UNSAID)))
}

/// Seconds, which some servers write as a text. What is no time from now says nothing.
fn lifetime(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(seconds) => seconds.as_f64()?,
        Value::String(text) => text.trim().parse::<f64>().ok()?,
        _ => return None,
    };
    let is_time = seconds.is_finite() && seconds > 0.0;
    is_time.then(|| Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64())))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_token_is_good_as_long_as_its_server_says() {
        for (expires, seconds) in [
            (r#","expires_in":3599"#, 3599),
            (r#","expires_in":"3599""#, 3599),
            (r#","expires_in":12.0,"token_type":"bearer""#, 12),
            (r#","expires_in":1e300"#, 86_400),
            ("", 300),
            (r#","expires_in":null"#, 300),
            (r#","expires_in":0"#, 300),
            (r#","expires_in":-1"#, 300),
            (r#","expires_in":"soon""#, 300),
            (r#","error":null"#, 300),
        ] {
            let body = format!(r#"{{"access_token":"tok-1"{expires}}}"#);
            let (token, good_for) = token_in(200, body.as_bytes()).expect(&body);
            assert_eq!(token.expose_secret(), "tok-1");
            assert_eq!(good_for, Duration::from_secs(seconds), "{body}");
        }
    }

    #[test]
    fn what_is_no_token_is_told_in_known_words_only() {
        for (status, body, told) in [
            (
                401,
                r#"{"error":"invalid_client","error_description":"s3cr3t"}"#,
                "401 `invalid_client`: it does not know",
            ),
            (400, r#"{"error":"s3cr3t"}"#, "it answered 400"),
            (200, r#"{"error":"invalid_scope"}"#, "200 `invalid_scope`"),
            (500, "s3cr3t", "it answered 500"),
            (302, "", "it answered 302"),
            (400, r#"{"error":{"message":"s3cr3t"}}"#, "it answered 400"),
            (200, "<html>s3cr3t</html>", "no JSON object"),
            (200, r#"["s3cr3t"]"#, "no JSON object"),
            (200, "", "no JSON object"),
            (200, r#"{"token":"s3cr3t"}"#, "without an `access_token`"),
            (200, r#"{"access_token":7}"#, "without an `access_token`"),
            (200, r#"{"access_token":""}"#, "that is none"),
            (
                200,
                "{\"access_token\":\"s3cr3t\\ns3cr3t\"}",
                "that is none",
            ),
        ] {
            let error = token_in(status, body.as_bytes())
                .expect_err(body)
                .to_string();
            assert!(error.contains(told), "{body}: {error}");
            assert!(!error.contains("s3cr3t"), "{error}");
        }
    }
}
