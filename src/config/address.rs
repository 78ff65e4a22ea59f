//! An address to listen at, as people write it; what is none is told with what was meant.

use std::net::{IpAddr, SocketAddr};

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::files::duration::text_of;

/// A text is no address to listen at; what was meant, as far as that shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no address to listen at: write `{right}`")]
pub struct AddressError {
    text: String,
    right: String,
}

/// Reads `127.0.0.1:8080`.
pub fn parse(text: &str) -> Result<SocketAddr, AddressError> {
    let bare = text.trim();
    if let Ok(address) = bare.parse() {
        return Ok(address);
    }
    let help = |right: &str| {
        Err(AddressError {
            text: text.to_owned(),
            right: right.to_owned(),
        })
    };
    let port = bare.strip_prefix(':').unwrap_or(bare);
    if port.parse::<u16>().is_ok() {
        return help(&format!(
            "127.0.0.1:{port}` for this machine, or `0.0.0.0:{port}"
        ));
    }
    let behind = bare.split_once("://").map_or(bare, |(_, rest)| rest);
    let host = behind.trim_end_matches('/');
    if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
        return help(&SocketAddr::new(address, 8080).to_string());
    }
    if host != bare && host.parse::<SocketAddr>().is_ok() {
        return help(host);
    }
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "8080"));
    let port = port.parse::<u16>().unwrap_or(8080);
    match name {
        "localhost" => help(&format!("127.0.0.1:{port}")),
        "*" => help(&format!("0.0.0.0:{port}")),
        _ => help(&format!("127.0.0.1:{port}` or `0.0.0.0:{port}")),
    }
}

/// For `#[serde(deserialize_with = "…")]`.
pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = text_of(deserializer, "an address such as \"127.0.0.1:8080\"")?;
    parse(&text).map_err(D::Error::custom)
}

/// The same with its place, where there is one.
pub(super) fn spanned<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Spanned<SocketAddr>>, D::Error> {
    let text = Spanned::<String>::deserialize(deserializer)?;
    let address = parse(text.get_ref()).map_err(D::Error::custom)?;
    Ok(Some(Spanned::new(text.span(), address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_told_with_one() {
        for (text, right) in [
            (
                "8080",
                "`127.0.0.1:8080` for this machine, or `0.0.0.0:8080`",
            ),
            (":9000", "`127.0.0.1:9000` for this machine"),
            ("0.0.0.0", "`0.0.0.0:8080`"),
            ("::1", "`[::1]:8080`"),
            ("[::]", "`[::]:8080`"),
            ("localhost", "`127.0.0.1:8080`"),
            ("localhost:9000", "`127.0.0.1:9000`"),
            ("*:80", "`0.0.0.0:80`"),
            ("http://127.0.0.1:8080/", "`127.0.0.1:8080`"),
            ("127.0.0.1:99999", "`127.0.0.1:8080` or"),
            ("nowhere", "`127.0.0.1:8080` or `0.0.0.0:8080`"),
            ("", "`127.0.0.1:8080` or"),
        ] {
            let told = parse(text).expect_err(text).to_string();
            assert!(
                told.starts_with(&format!("`{text}` is no address")),
                "{told}"
            );
            assert!(told.contains(right), "{right} in {told}");
        }
        assert_eq!(parse("[::1]:80").map(|it| it.port()), Ok(80));
        assert_eq!(parse(" 127.0.0.1:8080").map(|it| it.port()), Ok(8080));
    }
}
