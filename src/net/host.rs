//! Hosts and the beginnings of URLs, as people write them in files.
//!
//! A host has one spelling here, so that two can be compared. Nothing is looked up.

use std::fmt;
use std::net::IpAddr;

use super::address::is_public;

/// The longest name that DNS knows.
const LONGEST: usize = 253;

/// A host that may be asked: `crm.example.com`, `10.0.0.7:8443`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    name: String,
    /// None: 443, or 80 for http.
    port: Option<u16>,
}

/// Why a text is no host, or a URL leads to none. It holds nothing of the text but a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// Another scheme, or none.
    #[error("a URL begins with https:// or http://")]
    Scheme,
    /// A user or a password in a URL.
    #[error("a URL here has no user and no password; use `headers`")]
    User,
    /// More than a host, which it begins with.
    #[error("a host has no scheme, user or path; write `{0}`")]
    NotAlone(String),
    /// No host at all.
    #[error("this is no host; write one such as `crm.example.com`")]
    None,
    /// A port that is none.
    #[error("`{0}` has no port from 1 to 65535")]
    Port(String),
    /// Brackets round something else.
    #[error("`{0}` is no IPv6 address")]
    V6(String),
    /// A number that only some programs take for an address.
    #[error("`{0}` is no host name; write an address as four numbers, as in `10.0.0.7`")]
    Number(String),
}

/// Where a URL leads: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    is_encrypted: bool,
    name: String,
    port: u16,
}

impl Origin {
    /// Takes scheme, host and port off a URL; gives them and what follows, which is empty or
    /// begins with `/` or `?`.
    pub fn split(url: &str) -> Result<(Origin, &str), HostError> {
        let scheme = url.split("://").next().filter(|scheme| *scheme != url);
        let is_encrypted = match scheme.map(str::to_ascii_lowercase).as_deref() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(HostError::Scheme),
        };
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        if authority.contains('@') {
            return Err(HostError::User);
        }
        let (name, port) = name_and_port(authority)?;
        let origin = Origin {
            is_encrypted,
            name,
            port: port.unwrap_or(if is_encrypted { 443 } else { 80 }),
        };
        Ok((origin, rest))
    }

    /// Whether one of the hosts is this one.
    pub fn is_among(&self, hosts: &[Host]) -> bool {
        hosts.iter().any(|host| {
            let port = host.port.map_or(self.usual_port(), |port| port);
            host.name == self.name && port == self.port
        })
    }

    /// Its name in lower case, or its address; one of IPv6 in brackets.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address, where the name is one.
    pub fn address(&self) -> Option<IpAddr> {
        self.name.trim_matches(['[', ']']).parse().ok()
    }

    /// What to write in a list of hosts for it.
    pub fn host(&self) -> String {
        if self.port == self.usual_port() {
            self.name.clone()
        } else {
            format!("{}:{}", self.name, self.port)
        }
    }

    fn usual_port(&self) -> u16 {
        if self.is_encrypted { 443 } else { 80 }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_encrypted { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host())
    }
}

/// Endings of names that only private networks know.
const PRIVATE_ENDINGS: &[&str] = &[
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "arpa",
];

impl Host {
    /// Whether it can only have private addresses, as far as its text tells.
    pub fn is_private(&self) -> bool {
        let bare = self.name.trim_matches(['[', ']']);
        match bare.parse() {
            Ok(address) => !is_public(address),
            Err(_) => match bare.rsplit_once('.') {
                Some((_, ending)) => PRIVATE_ENDINGS.contains(&ending),
                // A name without a dot is one of this machine or its network.
                None => true,
            },
        }
    }
}

impl TryFrom<String> for Host {
    type Error = HostError;

    fn try_from(text: String) -> Result<Host, HostError> {
        let bare = text.split_once("://").map_or(&*text, |(_, rest)| rest);
        let end = bare.find(['/', '?', '#']).unwrap_or(bare.len());
        let bare = bare[..end].rsplit('@').next().unwrap_or_default();
        let read = name_and_port(bare);
        if bare.len() != text.len() {
            // What stood before or behind it may be a password.
            return Err(match read {
                Ok(_) => HostError::NotAlone(bare.to_owned()),
                Err(_) => HostError::None,
            });
        }
        let (name, port) = read?;
        Ok(Host { name, port })
    }
}

fn name_and_port(text: &str) -> Result<(String, Option<u16>), HostError> {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (text, None),
    };
    let port = match port {
        None => None,
        Some(port) => match port.parse().ok().filter(|number| *number > 0) {
            Some(number) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(number),
            _ => return Err(HostError::Port(text.to_owned())),
        },
    };
    Ok((one_spelling(name)?, port))
}

/// A host as it is compared. Addresses have one form: a number that only some programs take for an
/// address (`2130706433`, `0x7f.1`, `127.1`, `010.0.0.1`) is none.
fn one_spelling(name: &str) -> Result<String, HostError> {
    // What is not ASCII, or escaped, would be another name to DNS.
    let read = match name.is_ascii() && !name.contains('%') {
        true => url::Host::parse(name).map_err(|_| match name.starts_with('[') {
            true => HostError::V6(name.to_owned()),
            false => HostError::None,
        })?,
        false => return Err(HostError::None),
    };
    let domain = match read {
        url::Host::Ipv4(address) if address.to_string() != name => {
            return Err(HostError::Number(name.to_owned()));
        }
        url::Host::Domain(domain) => domain,
        address => return Ok(address.to_string()),
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    match domain.len() <= LONGEST && domain.split('.').all(is_label) {
        true => Ok(domain),
        false => Err(HostError::None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Result<Host, HostError> {
        Host::try_from(text.to_owned())
    }

    #[test]
    fn s14_a_url_matches_a_host_by_name_and_port() {
        for (url, listed, is_good) in [
            ("https://crm.example.com/a", "crm.example.com", true),
            ("http://crm.example.com", "crm.example.com", true),
            ("https://CRM.Example.com:443/", "crm.example.com", true),
            ("https://crm.example.com", "crm.example.com:443", true),
            ("http://crm.example.com?x=1", "crm.example.com:80", true),
            ("http://10.0.0.7:8443/", "10.0.0.7:8443", true),
            ("http://[::1]:80/", "[0:0::1]", true),
            ("https://crm.example.com:8443/", "crm.example.com", false),
            ("http://crm.example.com/", "crm.example.com:443", false),
            ("https://evil.com/crm.example.com", "crm.example.com", false),
            (
                "https://crm.example.com.evil.com/",
                "crm.example.com",
                false,
            ),
            ("https://xcrm.example.com/", "crm.example.com", false),
            ("https://example.com/", "crm.example.com", false),
        ] {
            let (origin, _) = Origin::split(url).expect(url);
            let hosts = [host(listed).expect(listed)];
            assert_eq!(origin.is_among(&hosts), is_good, "{url} and {listed}");
        }
    }

    #[test]
    fn s14_what_leads_elsewhere_for_some_programs_is_refused() {
        for url in [
            "ftp://crm.example.com/",
            "file:///etc/passwd",
            "gopher://crm.example.com",
            "//crm.example.com/",
            "crm.example.com/a",
            "https:/crm.example.com/",
            "https://",
            "https:///a",
            "https://user@crm.example.com/",
            "https://crm.example.com@evil.com/",
            "https://crm.example.com:pass@evil.com/",
            "https://crm.example.com:0/",
            "https://crm.example.com:+80/",
            "https://crm.example.com:99999/",
            "https://crm.example.com:/",
            "https://crm.example.com./",
            "https://crm..example.com/",
            "https://crm example.com/",
            "https://crm%2eexample.com/",
            "https://éxample.com/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://127.0.0.1.5/",
            "http://256.0.0.1/",
            "http://[::1%25lo]/",
            "http://[::1/",
            "http://::1/",
        ] {
            assert!(Origin::split(url).is_err(), "{url}");
        }
        let (origin, rest) = Origin::split("https://a.example\\@b.example/").expect("a host");
        assert_eq!((origin.name(), rest), ("a.example", "\\@b.example/"));
    }

    #[test]
    fn a_host_that_can_only_be_private_is_known_by_its_text() {
        for private in [
            "10.0.0.7:8443",
            "127.0.0.1",
            "192.168.1.1",
            "172.16.0.9",
            "169.254.169.254",
            "100.64.0.1",
            "[::1]:80",
            "[fd00::1]",
            "localhost",
            "localhost:9000",
            "crm.localhost",
            "crm.local",
            "crm.internal",
            "nas.lan",
            "crm",
            "router.home.arpa",
        ] {
            assert!(host(private).expect(private).is_private(), "{private}");
        }
        for public in [
            "crm.example.com",
            "8.8.8.8",
            "[2606:4700::1111]:443",
            "local.example.com",
            "internal.io",
        ] {
            assert!(!host(public).expect(public).is_private(), "{public}");
        }
    }

    #[test]
    fn a_host_with_more_around_it_says_what_to_write() {
        for text in [
            "https://crm.example.com",
            "crm.example.com/api",
            "https://u:pass@crm.example.com/?x",
        ] {
            let error = host(text).expect_err(text);
            let error = error.to_string();
            assert!(error.ends_with("write `crm.example.com`"), "{error}");
            assert!(!error.contains("pass"), "{error}");
        }
        assert!(host("*.example.com").is_err());
        assert!(host("").is_err());
    }
}
