//! Who may ask: keys compared in constant time, or, without keys, this machine alone.
//!
//! Callers' keys and those of the people who run aside open different doors.

use actix_web::HttpRequest;
use actix_web::http::header;
use subtle::ConstantTimeEq;

use super::origin::{is_foreign, is_local};
use crate::config::Key;

/// The longest key that is looked at, in bytes.
const LONGEST_KEY: usize = 4096;

/// Why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Denied {
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

/// The rules of entry.
#[derive(Debug)]
pub(in crate::server) struct Access {
    keys: Vec<Key>,
    admin_keys: Vec<Key>,
    context_keys: Vec<Key>,
    is_open: bool,
}

impl Access {
    /// Entry for these keys; without keys for this machine, or for everybody if `is_open`.
    pub(in crate::server) fn new(keys: Vec<Key>, admin_keys: Vec<Key>, is_open: bool) -> Access {
        Access {
            keys,
            admin_keys,
            context_keys: Vec::new(),
            is_open,
        }
    }

    /// The same, with these keys for the user's own systems.
    pub(in crate::server) fn with_context_keys(self, context_keys: Vec<Key>) -> Access {
        Access {
            context_keys,
            ..self
        }
    }

    /// Whether there are any keys.
    pub(in crate::server) fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Whether this is one of the keys. Takes the same time for every wrong key of one length.
    pub(in crate::server) fn is_key(&self, candidate: &str) -> bool {
        is_among(&self.keys, candidate)
    }

    /// Whether a request bears one of the keys in its header.
    pub(in crate::server) fn has_key(&self, request: &HttpRequest) -> bool {
        bearer(request).is_some_and(|key| self.is_key(key))
    }

    /// The place in the config of the key that a checked request came with; 0 without keys.
    pub(in crate::server) fn place_of_key(
        &self,
        request: &HttpRequest,
        path_key: Option<&str>,
    ) -> usize {
        let given = path_key.or_else(|| bearer(request)).unwrap_or_default();
        let is_given = |key: &Key| is_among(std::slice::from_ref(key), given);
        self.keys.iter().position(is_given).unwrap_or_default()
    }

    /// Checks a request whose path may hold a key.
    pub(in crate::server) fn check(
        &self,
        request: &HttpRequest,
        path_key: Option<&str>,
    ) -> Result<(), Denied> {
        // It opens nothing here, and must not go upstream as the caller's own.
        let mut keys = path_key.into_iter().chain(bearer(request));
        let is_others = |key| is_among(&self.admin_keys, key) || is_among(&self.context_keys, key);
        if keys.any(|key| is_others(key) && !self.is_key(key)) {
            return Err(Denied::WrongKey);
        }
        if !self.has_keys() {
            if is_foreign(request) {
                return Err(Denied::Foreign);
            }
            return if self.is_open || is_local(request) {
                Ok(())
            } else {
                Err(Denied::NotLocal)
            };
        }
        let is_good = match path_key {
            Some(key) => self.is_key(key),
            None => bearer(request).is_some_and(|key| self.is_key(key)),
        };
        if is_good {
            Ok(())
        } else {
            Err(Denied::WrongKey)
        }
    }

    /// Checks a request of those who run aside: it has one of their keys, or comes from this
    /// machine.
    pub(in crate::server) fn check_admin(&self, request: &HttpRequest) -> Result<(), Denied> {
        let key = bearer(request);
        if key.is_some_and(|key| is_among(&self.admin_keys, key)) {
            return Ok(());
        }
        if key.is_some_and(|key| self.is_key(key) || is_among(&self.context_keys, key)) {
            return Err(Denied::CallersKey);
        }
        if is_local(request) {
            return Ok(());
        }
        if key.is_none() && is_foreign(request) {
            return Err(Denied::Foreign);
        }
        Err(if self.admin_keys.is_empty() {
            Denied::NoAdminKeys
        } else {
            Denied::WrongAdminKey
        })
    }
}

impl Access {
    /// Checks a request of the user's own systems: it has one of their keys, wherever it is from.
    pub(in crate::server) fn check_systems(&self, request: &HttpRequest) -> Result<(), Denied> {
        if self.context_keys.is_empty() {
            return Err(Denied::NoContextKeys);
        }
        match bearer(request) {
            Some(key) if is_among(&self.context_keys, key) => Ok(()),
            Some(key) if self.is_key(key) || is_among(&self.admin_keys, key) => {
                Err(Denied::NoSystemsKey)
            }
            _ => Err(Denied::WrongContextKey),
        }
    }
}

/// Takes the same time for every wrong key of one length.
fn is_among(keys: &[Key], candidate: &str) -> bool {
    let candidate = candidate.as_bytes();
    if candidate.is_empty() || candidate.len() > LONGEST_KEY {
        return false;
    }
    let matches = keys
        .iter()
        .map(|key| key.expose().as_bytes().ct_eq(candidate));
    matches
        .fold(subtle::Choice::from(0), |one, other| one | other)
        .into()
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

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn access(keys: &[&str]) -> Access {
        let keys = keys
            .iter()
            .map(|key| Key::try_from((*key).to_owned()).expect("a key"));
        Access::new(keys.collect(), Vec::new(), false)
    }

    #[test]
    fn s01_only_whole_keys_open() {
        let access = access(&["old-key", "new-key"]);
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
                access.check(&request, None).is_ok(),
                is_good,
                "{}",
                &header[..header.len().min(20)]
            );
        }
        let none = TestRequest::default().to_http_request();
        assert_eq!(access.check(&none, None), Err(Denied::WrongKey));
        assert_eq!(access.check(&none, Some("new-key")), Ok(()));
        let twice = TestRequest::default()
            .append_header((header::AUTHORIZATION, "new-key"))
            .append_header((header::AUTHORIZATION, "new-key"))
            .to_http_request();
        assert_eq!(access.check(&twice, None), Err(Denied::WrongKey));
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
            (elsewhere(), (Err(Denied::NotLocal), Ok(()))),
            (
                local().insert_header(("via", "1.1 proxy")),
                (Err(Denied::NotLocal), Ok(())),
            ),
            (
                local().insert_header(evil),
                (Err(Denied::Foreign), Err(Denied::Foreign)),
            ),
            (
                local().insert_header(("sec-fetch-site", "cross-site")),
                (Err(Denied::Foreign), Err(Denied::Foreign)),
            ),
        ] {
            let request = request.to_http_request();
            let open = Access::new(Vec::new(), Vec::new(), true);
            let asked = (
                access(&[]).check(&request, None),
                open.check(&request, None),
            );
            assert_eq!(asked, expected, "{request:?}");
            let key = access(&["key"]);
            assert_eq!(key.check(&request, Some("key")), Ok(()), "a key says more");
        }
    }
}
