//! Where a request comes from: this machine, a tunnel, or a page of another site.
//!
//! Only for requests without a key: a key proves more than any of this.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::uri::Authority;

use super::error::ApiError;

/// Refuses a Host that no client sends: `localhost:80@example.com` reads as two servers.
pub(in crate::server) fn check_host(request: &HttpRequest) -> Result<(), ApiError> {
    let hosts = request.headers().get_all(header::HOST);
    let own = request.uri().authority().map(Authority::as_str);
    let mut all = hosts.map(|host| host.to_str().unwrap_or("@")).chain(own);
    match all.any(|host| host.contains('@')) {
        false => Ok(()),
        true => {
            let message =
                "the Host header names a user, or can't be read: send `HOST` or `HOST:PORT`";
            let status = StatusCode::BAD_REQUEST;
            Err(ApiError::client(status, "invalid_host", message))
        }
    }
}

/// Both ends are loopback, the Host names this machine, nobody passed it on, and no page of
/// another site sent it. A tunnel makes strangers look like loopback, so the address alone proves
/// nothing.
pub(in crate::server) fn is_local(request: &HttpRequest) -> bool {
    let is_loopback_peer = request
        .peer_addr()
        .is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let mut hosts = request.headers().get_all(header::HOST);
    let host = hosts.next().and_then(|host| host.to_str().ok());
    // A proxy's form of a request names its server in the first line.
    let own = request.uri().authority().map(Authority::as_str);
    is_loopback_peer
        && !was_passed_on(request.headers())
        && hosts.next().is_none()
        && host.is_some_and(is_loopback_name)
        && own.is_none_or(is_loopback_name)
        && !is_foreign(request)
}

/// Whether a browser sent it for a page that is not ours. Browsers always say so where they can:
/// no page can leave out these headers or choose them.
pub(in crate::server) fn is_foreign(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let host = headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let mut sites = headers.get_all("sec-fetch-site");
    let mut origins = headers.get_all(header::ORIGIN);
    // `same-site` is another port, or another name below one domain: not ours.
    let is_foreign_site = sites.any(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"));
    let is_foreign_origin = origins.any(|origin| {
        let own = origin.to_str().ok().and_then(|origin| {
            let (scheme, rest) = origin.split_once("://")?;
            matches!(scheme, "http" | "https").then_some(rest)
        });
        // `null` and what can't be read are nobody's.
        !own.is_some_and(|own| own.eq_ignore_ascii_case(host))
    });
    is_foreign_site || is_foreign_origin
}

/// Whether a proxy, a tunnel or a content network says that it passed the request on: those of
/// `Forwarded`, `X-Forwarded-*`, `Via`, `X-Real-IP`, `X-Client-IP`, `True-Client-IP`,
/// `CF-Connecting-IP` and their kin.
fn was_passed_on(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        let is_an_address = [
            "-ip",
            "-ipv6",
            "clientip",
            "remote-addr",
            "forwarded-for",
            "external-address",
        ];
        matches!(name, "forwarded" | "via" | "cdn-loop")
            || ["x-forwarded", "cf-", "ngrok-"]
                .iter()
                .any(|start| name.starts_with(start))
            || is_an_address.iter().any(|end| name.ends_with(end))
    })
}

/// `localhost`, a name below it, or a loopback address; with a port or without.
fn is_loopback_name(host: &str) -> bool {
    let (name, rest) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').unwrap_or(("", "")),
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_port = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
    if !rest.is_empty() && !rest.strip_prefix(':').is_some_and(is_port) {
        return false;
    }
    let is_address = name
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback());
    is_address
        || name.eq_ignore_ascii_case("localhost")
        || name.to_ascii_lowercase().ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn local(headers: &[(&'static str, &str)]) -> HttpRequest {
        let mut request = TestRequest::default().peer_addr(([127, 0, 0, 1], 5000).into());
        let has_host = headers.iter().any(|(name, _)| *name == "host");
        if !has_host {
            request = request.insert_header(("host", "localhost:8080"));
        }
        for header in headers {
            request = request.append_header(*header);
        }
        request.to_http_request()
    }

    #[test]
    fn what_a_proxy_or_tunnel_passed_on_is_not_local() {
        assert!(is_local(&local(&[
            ("user-agent", "curl"),
            ("x-call-id", "1")
        ])));
        for name in [
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded",
            "via",
            "x-real-ip",
            "x-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "cf-ray",
            "fly-client-ip",
            "x-cluster-client-ip",
            "x-azure-clientip",
            "x-original-forwarded-for",
            "x-envoy-external-address",
            "cdn-loop",
        ] {
            assert!(!is_local(&local(&[(name, "1.2.3.4")])), "{name}");
        }
    }

    #[test]
    fn only_names_of_this_machine_are_local() {
        for (host, is_good) in [
            ("localhost", true),
            ("localhost:8080", true),
            ("LOCALHOST.:8080", false),
            ("aside.localhost", true),
            ("127.0.0.1", true),
            ("127.8.8.8:1", true),
            ("[::1]", true),
            ("[::1]:8080", true),
            ("", false),
            ("localhost:80@example.com", false),
            ("user@localhost", false),
            ("user:pass@127.0.0.1", false),
            ("[::1]@example.com", false),
            ("[::1", false),
            ("localhost:x", false),
            ("localhost.example.com", false),
            ("abc.ngrok.app", false),
            ("10.0.0.1", false),
        ] {
            assert_eq!(is_local(&local(&[("host", host)])), is_good, "{host}");
        }
        let twice = [("host", "localhost"), ("host", "example.com")];
        assert!(!is_local(&local(&twice)));
        for host in ["a@localhost", "localhost:80@example.com"] {
            assert!(check_host(&local(&[("host", host)])).is_err(), "{host}");
        }
        assert!(check_host(&local(&[])).is_ok());
    }

    #[test]
    fn a_page_of_another_site_is_foreign_and_a_program_is_not() {
        for (headers, is_bad) in [
            (&[][..], false),
            (&[("origin", "http://localhost:8080")], false),
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "https://example.com")], true),
            (&[("origin", "http://localhost:3000")], true),
            (&[("origin", "http://localhost")], true),
            (&[("origin", "null")], true),
            (&[("origin", "chrome-extension://abc")], true),
            (&[("origin", "")], true),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("sec-fetch-site", "Cross-Site")], true),
            (
                &[
                    ("origin", "http://localhost:8080"),
                    ("origin", "https://example.com"),
                ],
                true,
            ),
        ] {
            let request = local(headers);
            assert_eq!(is_foreign(&request), is_bad, "{headers:?}");
            assert_eq!(is_local(&request), !is_bad, "{headers:?}");
        }
    }
}
