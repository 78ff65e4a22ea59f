//! The headers of a request that nobody else may write.
//!
//! It is the one list of them; who reads a file says what is wrong, and where.

/// They belong to the connection, to where a body ends, or to how aside reads the answer.
const OWN: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Whether aside writes this header itself, or none may be there.
pub fn is_own_header(name: &str) -> bool {
    OWN.iter().any(|own| own.eq_ignore_ascii_case(name))
}
