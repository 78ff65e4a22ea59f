//! The cookie of a browser whose person showed an admin key: it is made from the key, so any replica
//! knows it, and it ends with the key or after some hours.
//!
//! The key itself is never in it, in a URL or in the log.

use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use ring::hmac::{HMAC_SHA256, Key as MacKey, sign, verify};
use serde::Deserialize;
use tracing::{info, warn};

use super::InspectAsk;
use crate::config::Key;
use crate::server::api::auth::AccessDenied;
use crate::server::api::error::ApiError;
use crate::server::api::origin::{is_foreign, is_local};
use crate::server::state::keys::Keyring;

/// The cookie's name.
const COOKIE: &str = "aside_inspect";
/// How long it is good, in seconds.
const LIFE: u64 = 12 * 3600;

/// What the page sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoginBody {
    key: String,
}

/// Answers `POST /inspect/login`: a good key gives the cookie.
pub(super) async fn login(asked: InspectAsk<'_>) -> Result<HttpResponse, ApiError> {
    if is_foreign(asked.request) {
        return Err(AccessDenied::Foreign.into());
    }
    let keys = &asked.snapshot.keys;
    if keys.admins.is_empty() && !is_local(asked.request) {
        return Err(AccessDenied::NoAdminKeys.into());
    }
    let LoginBody { key } = asked.posted().await?;
    // Only which one it is: what is compared took the same time for each.
    if !keys.is_admins(&key) {
        warn!(request = asked.id, "a wrong key was shown to the inspector");
        return Err(ApiError {
            kind: "authentication_error".into(),
            ..ApiError::client(
                StatusCode::UNAUTHORIZED,
                "invalid_api_key",
                "this is none of the configured `admin_keys`",
            )
        });
    }
    info!(request = asked.id, "somebody was let into the inspector");
    let until = now() + LIFE;
    let value = format!("{until}.{}", mac_of(&key, until));
    Ok(with_cookie(&asked, &value, LIFE))
}

/// Answers `POST /inspect/logout`: the cookie goes.
pub(super) fn logout(asked: InspectAsk<'_>) -> Result<HttpResponse, ApiError> {
    asked.only(&[actix_web::http::Method::POST])?;
    if is_foreign(asked.request) {
        return Err(AccessDenied::Foreign.into());
    }
    Ok(with_cookie(&asked, "", 0))
}

fn with_cookie(asked: &InspectAsk<'_>, value: &str, life: u64) -> HttpResponse {
    // A browser does not keep `Secure` cookies of plain HTTP; its Origin tells what it speaks.
    let origin = asked.request.headers().get(header::ORIGIN);
    let is_secure = origin.is_some_and(|origin| origin.as_bytes().starts_with(b"https://"));
    let secure = if is_secure { "; Secure" } else { "" };
    let cookie = format!(
        "{COOKIE}={value}; Path=/inspect; Max-Age={life}; HttpOnly; SameSite=Strict{secure}"
    );
    HttpResponse::Ok()
        .insert_header((header::SET_COOKIE, cookie))
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .body("{}")
}

/// Whether a request bears a good cookie.
pub(super) fn has_cookie(keys: &Keyring, request: &HttpRequest) -> bool {
    let cookies = request.headers().get_all(header::COOKIE);
    let cookies = cookies.filter_map(|cookies| cookies.to_str().ok());
    let mut values = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='));
    values.any(|value| is_good(&keys.admins, value, now()))
}

fn is_good(admins: &[Key], value: &str, now: u64) -> bool {
    let Some((until, tag)) = value.split_once('.') else {
        return false;
    };
    let Ok(until) = until.parse::<u64>() else {
        return false;
    };
    let Ok(tag) = data_encoding::HEXLOWER.decode(tag.as_bytes()) else {
        return false;
    };
    let is_of = |key: &Key| {
        let text = told(until);
        verify(&mac_key(key.expose()), text.as_bytes(), &tag).is_ok()
    };
    now < until && until <= now + LIFE && admins.iter().any(is_of)
}

fn mac_of(key: &str, until: u64) -> String {
    let tag = sign(&mac_key(key), told(until).as_bytes());
    data_encoding::HEXLOWER.encode(tag.as_ref())
}

fn mac_key(key: &str) -> MacKey {
    MacKey::new(HMAC_SHA256, key.as_bytes())
}

fn told(until: u64) -> String {
    format!("aside inspect, until {until}")
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| now.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::try_from(text.to_owned()).expect("a key")
    }

    #[test]
    fn a_cookie_is_good_for_its_time_and_its_key() {
        let admins = [
            key("an-admin-key-0123456789"),
            key("another-key-0123456789"),
        ];
        let value = |key: &str, until: u64| format!("{until}.{}", mac_of(key, until));
        let good = value("another-key-0123456789", 1000);
        assert!(is_good(&admins, &good, 999));
        assert!(!good.contains("another"));
        for (cookie, now) in [
            (good.clone(), 1000),
            (good.clone(), u64::MAX / 2),
            (good.replacen("1000", "1001", 1), 999),
            (value("a-key-that-is-gone", 1000), 999),
            // One that would never end was not made here.
            (value("another-key-0123456789", 1000 + 2 * LIFE), 999),
            (good[..good.len() - 2].to_owned(), 999),
            ("1000.".to_owned(), 999),
            ("1000".to_owned(), 999),
            (String::new(), 999),
        ] {
            assert!(!is_good(&admins, &cookie, now), "{cookie} {now}");
        }
        assert!(!is_good(&admins[..1], &good, 999), "the key is gone");
    }
}
