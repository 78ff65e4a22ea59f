//! Where the server is, of its URL. It never shows the user's name or the password.

use std::fmt;

use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo};

use super::super::store::StoreError;

/// A server, or the nodes of a cluster that are asked first.
pub(super) struct Address {
    pub(super) nodes: Vec<ConnectionInfo>,
    pub(super) is_cluster: bool,
    /// Who vouches for servers with TLS, in PEM; none: the roots that are built in.
    pub(super) roots: Option<Vec<u8>>,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Address, StoreError> {
        read(url).map_err(|why| {
            StoreError(format!(
                "the URL of the Redis store is not right: {why} (`redis://HOST:PORT`, \
                 `rediss://USER:PASSWORD@HOST:PORT/DATABASE`, `redis+cluster://HOST:PORT,HOST:PORT`)"
            ))
        })
    }
}

/// Never quotes the URL, whose parts may be a password where it is not right.
fn read(url: &str) -> Result<Address, &'static str> {
    let (scheme, rest) = url
        .split_once("://")
        .ok_or("it has no `://`, and so no scheme")?;
    let (scheme, is_cluster) = match scheme {
        "redis" => ("redis", false),
        "rediss" => ("rediss", false),
        "redis+cluster" => ("redis", true),
        "rediss+cluster" => ("rediss", true),
        _ => return Err("its scheme is none of those known"),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if path.contains('@') {
        return Err("a `/`, `?` or `#` in a password is written `%2F`, `%3F` or `%23`");
    }
    if path.contains('#') {
        return Err("it has a `#`; a certificate is always checked");
    }
    let database = path.trim_matches('/');
    if !database.is_empty() && database.parse::<u16>().is_err() {
        return Err("behind the server stands the number of a database, such as `/0`, or nothing");
    }
    if is_cluster && !matches!(database, "" | "0") {
        return Err("a cluster has no databases but 0");
    }
    let hosts = authority.rfind('@').map_or(0, |at| at + 1);
    let (credentials, hosts) = authority.split_at(hosts);
    if !is_cluster && hosts.contains(',') {
        return Err("several servers are a cluster, and its scheme is `redis+cluster`");
    }
    let nodes = hosts.split(',').map(|host| {
        let (name, port) = match host.rsplit_once(':') {
            // A colon within brackets belongs to an address.
            Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
            _ => (host, None),
        };
        if name.is_empty() {
            return Err("it names no server");
        }
        if port.is_some_and(|port| !port.parse::<u16>().is_ok_and(|port| port > 0)) {
            return Err("a port is a number from 1 to 65535");
        }
        format!("{scheme}://{credentials}{host}/{database}")
            .into_connection_info()
            .map_err(|_| "a server's name, the user's name or the password cannot be read")
    });
    Ok(Address {
        nodes: nodes.collect::<Result<_, _>>()?,
        is_cluster,
        roots: None,
    })
}

/// `host:port`, and nothing else of the URL.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, node) in self.nodes.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            match node.addr() {
                ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
                    write!(f, "{comma}{host}:{port}")?;
                }
                _ => write!(f, "{comma}?")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_servers() {
        for (url, expected, is_cluster) in [
            ("redis://localhost", "localhost:6379", false),
            ("redis://:hunter2@10.0.0.1:7000/3", "10.0.0.1:7000", false),
            ("redis://[::1]", "::1:6379", false),
            (
                "rediss://a:hunter2@cache.example.com:6380",
                "cache.example.com:6380",
                false,
            ),
            (
                "redis+cluster://:hunter%402@a:1,b:2,c",
                "a:1,b:2,c:6379",
                true,
            ),
            ("rediss+cluster://a:1/0", "a:1", true),
        ] {
            let address = Address::parse(url).expect(url);
            assert_eq!(address.to_string(), expected, "{url}");
            assert_eq!(address.is_cluster, is_cluster, "{url}");
            let is_tls = matches!(address.nodes[0].addr(), ConnectionAddr::TcpTls { .. });
            assert_eq!(is_tls, url.starts_with("rediss"), "{url}");
        }
        let cluster = Address::parse("redis+cluster://u:hunter%402@a:1,b:2").expect("a URL");
        for node in &cluster.nodes {
            assert_eq!(node.redis_settings().username(), Some("u"));
            assert_eq!(node.redis_settings().password(), Some("hunter@2"));
        }
    }

    #[test]
    fn a_url_that_is_not_right_is_told_without_its_password() {
        for (url, expected) in [
            ("hunter2", "no `://`"),
            ("http://:hunter2@a", "scheme"),
            ("redis://", "no server"),
            ("redis://:hunter2@", "no server"),
            ("redis://:hunter2@:6379", "no server"),
            ("redis://:hunter2@a:70000", "port"),
            ("redis://:hunter2@a:0", "port"),
            ("redis://:hunter2@a/b", "database"),
            ("redis://:hunter2/@a", "%2F"),
            ("redis://a:123/hunter2@b", "%2F"),
            ("rediss://:hunter2@a#insecure", "certificate"),
            ("redis://:hunter2@a,b", "redis+cluster"),
            ("redis+cluster://:hunter2@a,b/1", "databases"),
            ("redis+cluster://:hunter2@a,", "no server"),
            ("redis://:hunter2@a b", "cannot be read"),
        ] {
            let Err(error) = Address::parse(url) else {
                panic!("{url} was taken");
            };
            assert!(error.0.contains(expected), "{url}: {error}");
            assert!(!error.0.contains("hunter2"), "{url}: {error}");
        }
    }
}
