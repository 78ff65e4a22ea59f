//! The port of a URL, as people write it.
//!
//! A parser of URLs takes a port that it can't read for none, and the usual one would be asked in its
//! place. So it is judged here first; nobody is asked.

/// Whether the authority of a URL (`user@host:port`) has a `:` behind its host, and no port that can
/// be asked.
pub fn is_wrong_port(authority: &str) -> bool {
    let host = authority.rsplit('@').next().unwrap_or_default();
    // An address of IPv6 has colons of its own.
    let behind = host.rsplit(']').next().unwrap_or_default();
    let Some((_, port)) = behind.split_once(':') else {
        return false;
    };
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
    !is_number || port.parse::<u16>().map_or(true, |port| port == 0)
}

#[cfg(test)]
mod tests {
    use super::is_wrong_port;

    #[test]
    fn a_port_is_a_number_that_can_be_asked() {
        for right in [
            "a.example",
            "a.example:1",
            "127.0.0.1:65535",
            "[::1]",
            "[::1]:8080",
            "me:99999@a.example",
        ] {
            assert!(!is_wrong_port(right), "{right}");
        }
        for wrong in [
            "a.example:",
            "a.example:0",
            "a.example:000",
            "a.example:65536",
            "127.0.0.1:99999",
            "127.0.0.1:x",
            "a.example:+80",
            "a.example:80x",
            "[::1]:",
            "[::1]:70000",
            "me:1@a.example:99999",
        ] {
            assert!(is_wrong_port(wrong), "{wrong}");
        }
    }
}
