//! Who asks, and on which route: the caller's key may stand in the path or in a header.

use std::borrow::Cow;

use actix_web::HttpRequest;

use super::auth::{AccessDenied, bearer, bears_callers};
use super::error::ApiError;
use super::path;
use crate::server::state::keys::Keyring;
use crate::server::state::route::Route;
use crate::server::state::snapshot::Snapshot;

/// Who asks, and where.
#[derive(Debug)]
pub(in crate::server) struct Caller<'r> {
    /// The route.
    pub(in crate::server) route: &'r Route,
    /// The key in the path.
    pub(in crate::server) path_key: Option<&'r str>,
}

impl<'r> Caller<'r> {
    /// Finds the route and the key in what stands before a path's end.
    ///
    /// A route's name wins over a key; what is neither is unknown. Who has a good key is told so,
    /// and who has none learns nothing of what is there.
    pub(in crate::server) fn find(
        snapshot: &'r Snapshot,
        request: &HttpRequest,
        segments: &'r [Cow<'_, str>],
    ) -> Result<Caller<'r>, ApiError> {
        let keys = &snapshot.keys;
        let default = || snapshot.route("default").ok_or_else(path::unknown);
        let path_key = match segments {
            [route, key, ..] if snapshot.route(route).is_some() => Some(key),
            [first, ..] => Some(first),
            [] => None,
        };
        let path_key = path_key
            .map(|key| &**key)
            .filter(|key| keys.is_callers(key));
        let (route, path_key) = match (segments, path_key) {
            ([], _) => (default()?, None),
            ([one], _) if let Some(route) = snapshot.route(one) => (route, None),
            ([_], Some(key)) => (default()?, Some(key)),
            ([route, _], Some(key)) if let Some(route) = snapshot.route(route) => {
                (route, Some(key))
            }
            _ if keys.has_callers() && path_key.is_none() && !bears_callers(keys, request) => {
                return Err(AccessDenied::WrongKey.into());
            }
            _ => return Err(path::unknown()),
        };
        Ok(Caller { route, path_key })
    }

    /// The key that the caller gave, wherever it stood; empty where there is none.
    pub(in crate::server) fn key<'k>(&self, request: &'k HttpRequest) -> &'k str
    where
        'r: 'k,
    {
        self.path_key
            .or_else(|| bearer(request))
            .unwrap_or_default()
    }

    /// The caller's own key, which goes on to upstreams that forward it: the one in the header,
    /// where that is not the key to aside itself.
    pub(in crate::server) fn own_key(
        &self,
        keys: &Keyring,
        request: &HttpRequest,
    ) -> Option<String> {
        let is_free = !keys.has_callers() || self.path_key.is_some();
        bearer(request)
            .filter(|key| is_free && !keys.is_callers(key))
            .map(str::to_owned)
    }
}
