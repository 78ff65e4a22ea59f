//! The URLs of an upstream, and what of its config can't be used.

use http::Uri;

use crate::net::port::is_wrong_port;

/// What of an upstream's config can't be used. It never holds a value, which may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamConfigError {
    /// The name of a header.
    #[error("`{0}` is no header name")]
    HeaderName(String),
    /// The value of a header, by its name.
    #[error("the header `{0}` has a value that no header can have")]
    HeaderValue(String),
    /// A fragment, which is sent to no server.
    #[error("its `url` has a `#`, and what follows is sent to no server: take it out")]
    Fragment,
    /// A name and a password, which would not be sent.
    #[error(
        "its `url` has a name before an `@`, and that is sent to no server: write what it wants as \
         `key`, or as a header in `headers` (`authorization = \"Basic ${{CREDENTIALS}}\"`)"
    )]
    UserInfo,
    /// What is no URL.
    #[error("its `url` is no URL")]
    NoUrl,
    /// A URL of something else.
    #[error("its `url` must begin with http:// or https:// and a host")]
    Scheme,
    /// A port that nobody can be asked at.
    #[error("its `url` has a `:` behind the host and no port from 1 to 65535")]
    Port,
}

impl UpstreamConfigError {
    /// Whether it is the URL.
    pub fn is_of_url(&self) -> bool {
        use UpstreamConfigError::{Fragment, NoUrl, Port, Scheme, UserInfo};
        matches!(self, Fragment | UserInfo | NoUrl | Scheme | Port)
    }
}

/// The URL of a path below a base URL. What is wrong is said without its text, which may hold a key.
pub(super) fn url_of(base: &str, path: &str) -> Result<Uri, UpstreamConfigError> {
    if base.contains('#') {
        return Err(UpstreamConfigError::Fragment);
    }
    let (base, query) = match base.split_once('?') {
        Some((base, query)) => (base, Some(query).filter(|query| !query.is_empty())),
        None => (base, None),
    };
    let base = base.trim_end_matches('/');
    let base = base.strip_suffix("/chat/completions").unwrap_or(base);
    let base = base.trim_end_matches('/');
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    let uri = format!("{base}{path}{query}").parse::<Uri>();
    let uri = uri.map_err(|_| UpstreamConfigError::NoUrl)?;
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    if authority.contains('@') {
        return Err(UpstreamConfigError::UserInfo);
    }
    if is_wrong_port(authority) {
        return Err(UpstreamConfigError::Port);
    }
    match uri.scheme_str() {
        Some("http" | "https") if uri.host().is_some_and(|host| !host.is_empty()) => Ok(uri),
        _ => Err(UpstreamConfigError::Scheme),
    }
}
