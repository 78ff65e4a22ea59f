//! Who may ask: who bears a key, or, without keys, this machine alone.
//!
//! Callers' keys and those of the people who run aside open different doors.

use super::error::ApiError;
use super::origin::{is_foreign, is_local};
use crate::server::state::keys::Keyring;
use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};

/// Why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum AccessDenied {
    /// No key, or none of ours.
    WrongKey,
    /// There are no keys, and the request does not come from this machine.
    NotLocal,
    /// It has no key, and a page of another site sent it.
    Foreign,
    /// A caller's key where those of the people who run aside are asked for.
    CallersKey,
    /// No key of those.
    WrongAdminKey,
    /// There are none, and the request does not come from this machine.
    NoAdminKeys,
    /// Another kind of key where those of the user's own systems are asked for.
    NoSystemsKey,
    /// No key of those.
    WrongContextKey,
    /// There are none.
    NoContextKeys,
}

/// Whether a request bears a caller's key in its header.
pub(in crate::server) fn bears_callers(keys: &Keyring, request: &HttpRequest) -> bool {
    bearer(request).is_some_and(|key| keys.is_callers(key))
}

/// Checks a caller's request, whose path may hold a key.
pub(in crate::server) fn check_caller(
    keys: &Keyring,
    request: &HttpRequest,
    path_key: Option<&str>,
) -> Result<(), AccessDenied> {
    // It opens nothing here, and must not go upstream as the caller's own.
    let mut borne = path_key.into_iter().chain(bearer(request));
    let is_others = |key| keys.is_admins(key) || keys.is_systems(key);
    if borne.any(|key| is_others(key) && !keys.is_callers(key)) {
        return Err(AccessDenied::WrongKey);
    }
    if !keys.has_callers() {
        if is_foreign(request) {
            return Err(AccessDenied::Foreign);
        }
        return if keys.is_open || is_local(request) {
            Ok(())
        } else {
            Err(AccessDenied::NotLocal)
        };
    }
    let is_good = match path_key {
        Some(key) => keys.is_callers(key),
        None => bears_callers(keys, request),
    };
    if is_good {
        Ok(())
    } else {
        Err(AccessDenied::WrongKey)
    }
}

/// Checks a request of those who run aside: it has one of their keys, or comes from this machine.
pub(in crate::server) fn check_admin(
    keys: &Keyring,
    request: &HttpRequest,
) -> Result<(), AccessDenied> {
    let key = bearer(request);
    if key.is_some_and(|key| keys.is_admins(key)) {
        return Ok(());
    }
    if key.is_some_and(|key| keys.is_callers(key) || keys.is_systems(key)) {
        return Err(AccessDenied::CallersKey);
    }
    if is_local(request) {
        return Ok(());
    }
    if key.is_none() && is_foreign(request) {
        return Err(AccessDenied::Foreign);
    }
    Err(if keys.admins.is_empty() {
        AccessDenied::NoAdminKeys
    } else {
        AccessDenied::WrongAdminKey
    })
}

/// Checks a request of the user's own systems: it has one of their keys, wherever it is from.
pub(in crate::server) fn check_system(
    keys: &Keyring,
    request: &HttpRequest,
) -> Result<(), AccessDenied> {
    if keys.systems.is_empty() {
        return Err(AccessDenied::NoContextKeys);
    }
    match bearer(request) {
        Some(key) if keys.is_systems(key) => Ok(()),
        Some(key) if keys.is_callers(key) || keys.is_admins(key) => Err(AccessDenied::NoSystemsKey),
        _ => Err(AccessDenied::WrongContextKey),
    }
}

/// The key in `Authorization`, with or without `Bearer`; none where the header comes twice or
/// still has a template's `{{`.
pub(in crate::server) fn bearer(request: &HttpRequest) -> Option<&str> {
    let mut values = request.headers().get_all(header::AUTHORIZATION);
    let value = values.next()?.to_str().ok()?.trim();
    if values.next().is_some() {
        return None;
    }
    let key = match value.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim(),
        Some(_) => return None,
        None => value,
    };
    let is_rendered = !key.contains("{{");
    let is_key = !key.is_empty() && !key.eq_ignore_ascii_case("bearer");
    (is_key && is_rendered).then_some(key)
}

impl From<AccessDenied> for ApiError {
    fn from(denied: AccessDenied) -> ApiError {
        let (status, code, message) = match denied {
            AccessDenied::WrongKey => (
                StatusCode::UNAUTHORIZED,
                "invalid_api_key",
                "the key is missing or wrong: send one of the configured `keys` as `Authorization: Bearer KEY` or as a path segment",
            ),
            AccessDenied::NotLocal => (
                StatusCode::UNAUTHORIZED,
                "no_keys_configured",
                "no keys are configured, so only requests from this machine are served, and this one came from elsewhere \
                 or through a tunnel or proxy: set `keys` in aside.toml, and send one as `Authorization: Bearer KEY`",
            ),
            AccessDenied::Foreign => (
                StatusCode::FORBIDDEN,
                "foreign_origin",
                "a page of another site sent this (`Origin`, `Sec-Fetch-Site`), and without a key no such page is \
                 served: set `keys` in aside.toml, and send one as `Authorization: Bearer KEY`",
            ),
            AccessDenied::CallersKey => (
                StatusCode::FORBIDDEN,
                "not_admin",
                "this key opens other doors: send one of the configured `admin_keys` as `Authorization: Bearer KEY`",
            ),
            AccessDenied::WrongAdminKey => (
                StatusCode::UNAUTHORIZED,
                "invalid_api_key",
                "the key is missing or wrong: send one of the configured `admin_keys` as `Authorization: Bearer KEY`",
            ),
            AccessDenied::NoSystemsKey => (
                StatusCode::FORBIDDEN,
                "no_context_key",
                "this key opens other doors: send one of the configured `context_keys` as `Authorization: Bearer KEY`",
            ),
            AccessDenied::WrongContextKey => (
                StatusCode::UNAUTHORIZED,
                "invalid_api_key",
                "the key is missing or wrong: send one of the configured `context_keys` as `Authorization: Bearer KEY`",
            ),
            AccessDenied::NoContextKeys => (
                StatusCode::NOT_FOUND,
                "no_context_keys_configured",
                "no `context_keys` are configured, so context can't be read or written: set `context_keys` in aside.toml",
            ),
            AccessDenied::NoAdminKeys => (
                StatusCode::NOT_FOUND,
                "no_admin_keys_configured",
                "no `admin_keys` are configured, so this is served to requests from this machine only, and this one \
                 came from elsewhere or through a tunnel or proxy: set `admin_keys` in aside.toml, and send one as \
                 `Authorization: Bearer KEY`",
            ),
        };
        ApiError {
            kind: "authentication_error".into(),
            ..ApiError::client(status, code, message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Key;
    use actix_web::test::TestRequest;

    fn keyring(keys: &[&str]) -> Keyring {
        let keys = keys
            .iter()
            .map(|key| Key::try_from((*key).to_owned()).expect("a key"));
        Keyring {
            callers: keys.collect(),
            ..Keyring::default()
        }
    }

    #[test]
    fn s01_only_whole_keys_open() {
        let keys = keyring(&["old-key", "new-key"]);
        let long = "x".repeat(10_000);
        for (header, is_good) in [
            ("Bearer old-key", true),
            ("bearer new-key", true),
            ("new-key", true),
            ("Bearer  new-key ", true),
            ("Bearer new-ke", false),
            ("Bearer new-key2", false),
            ("Basic new-key", false),
            ("Bearer ", false),
            ("Bearer", false),
            ("", false),
            (long.as_str(), false),
        ] {
            let request = TestRequest::default()
                .insert_header((header::AUTHORIZATION, header))
                .to_http_request();
            assert_eq!(
                check_caller(&keys, &request, None).is_ok(),
                is_good,
                "{}",
                &header[..header.len().min(20)]
            );
        }
        let none = TestRequest::default().to_http_request();
        assert_eq!(
            check_caller(&keys, &none, None),
            Err(AccessDenied::WrongKey)
        );
        assert_eq!(check_caller(&keys, &none, Some("new-key")), Ok(()));
        let twice = TestRequest::default()
            .append_header((header::AUTHORIZATION, "new-key"))
            .append_header((header::AUTHORIZATION, "new-key"))
            .to_http_request();
        assert_eq!(
            check_caller(&keys, &twice, None),
            Err(AccessDenied::WrongKey)
        );
    }

    #[test]
    fn without_keys_only_this_machine_is_served_and_no_page_of_another_site() {
        let local = || {
            TestRequest::default()
                .peer_addr(([127, 0, 0, 1], 5000).into())
                .insert_header(("host", "localhost"))
        };
        let elsewhere = || local().peer_addr(([10, 0, 0, 1], 5000).into());
        let evil = ("origin", "https://example.com");
        for (request, expected) in [
            (local(), (Ok(()), Ok(()))),
            (elsewhere(), (Err(AccessDenied::NotLocal), Ok(()))),
            (
                local().insert_header(("via", "1.1 proxy")),
                (Err(AccessDenied::NotLocal), Ok(())),
            ),
            (
                local().insert_header(evil),
                (Err(AccessDenied::Foreign), Err(AccessDenied::Foreign)),
            ),
            (
                local().insert_header(("sec-fetch-site", "cross-site")),
                (Err(AccessDenied::Foreign), Err(AccessDenied::Foreign)),
            ),
        ] {
            let request = request.to_http_request();
            let open = Keyring {
                is_open: true,
                ..Keyring::default()
            };
            let asked = (
                check_caller(&keyring(&[]), &request, None),
                check_caller(&open, &request, None),
            );
            assert_eq!(asked, expected, "{request:?}");
            let keys = keyring(&["key"]);
            assert_eq!(
                check_caller(&keys, &request, Some("key")),
                Ok(()),
                "a key says more"
            );
        }
    }
}
