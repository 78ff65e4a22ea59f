//! What went wrong at the server, in words. A server's own text may quote a value, so only its
//! first word, the code, is ever shown.

use redis::{ErrorKind, RedisError};

use super::super::store::StoreError;
use super::address::Address;

/// The longest code that is shown; a longer one is no code.
const LONGEST: usize = 16;

/// An error of the server at an address, or of the way there.
pub(super) fn describe(address: &Address, error: &RedisError) -> StoreError {
    let why = match error.code() {
        Some("LOADING") => "is still loading its data (LOADING)".to_owned(),
        Some("READONLY") => {
            "is a read-only replica (READONLY); the URL must name the primary".to_owned()
        }
        Some("WRONGTYPE") => "holds another type under a key of aside's (WRONGTYPE); something \
                              else writes keys that begin with `aside:`"
            .to_owned(),
        Some("OOM") => "has no memory left (OOM)".to_owned(),
        Some("NOAUTH" | "WRONGPASS") => {
            "refuses the user's name or the password (WRONGPASS)".to_owned()
        }
        Some("NOPERM") => {
            "forbids this user a command (NOPERM); GET, SET, DEL, PING, EVALSHA and SCRIPT LOAD \
             on `aside:*` are needed"
                .to_owned()
        }
        Some("MOVED" | "ASK" | "CROSSSLOT") => {
            "is part of a cluster; the URL's scheme must be `redis+cluster`".to_owned()
        }
        Some("CLUSTERDOWN") => "is part of a cluster that is down (CLUSTERDOWN)".to_owned(),
        Some(code) if is_code(code) => format!("answered with an error ({code})"),
        Some(_) => "answered with an error".to_owned(),
        None => without_code(error).to_owned(),
    };
    StoreError(format!("the Redis server at `{address}` {why}"))
}

fn without_code(error: &RedisError) -> &'static str {
    match error.kind() {
        ErrorKind::AuthenticationFailed => "refuses the user's name or the password",
        ErrorKind::ClusterConnectionNotFound => "is a cluster of which a node is away",
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => {
            "answered with something that is not understood"
        }
        ErrorKind::InvalidClientConfig => "cannot be asked with these settings",
        _ if error.is_connection_refusal() => "takes no connection",
        _ if error.is_timeout() => "does not answer",
        _ if error.is_connection_dropped() => "closed the connection",
        _ => "cannot be reached",
    }
}

fn is_code(code: &str) -> bool {
    code.len() <= LONGEST && code.bytes().all(|byte| byte.is_ascii_uppercase())
}
