//! `[vapi]`: who may post Vapi's server messages, where they go on to, and what is kept of them.
//!
//! The secret and the URL, which may hold one, are never shown.

use std::fmt;

use actix_web::http::Uri;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Key;
use super::hmac::{Hmac, WrittenHmac};
use crate::net::port::is_wrong_port;

/// `[vapi]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "WrittenVapi")]
pub struct VapiConfig {
    /// How an event proves that it is Vapi's.
    pub proof: Proof,
    /// The user's own server, which each event goes on to.
    pub forward: Option<ForwardUrl>,
    /// What of the events is kept beside the call's status. Default: nothing.
    pub keep: Vec<Keep>,
}

/// How an event proves that it is Vapi's.
#[derive(Debug, Clone)]
pub enum Proof {
    /// By this secret in a header.
    Secret(Key),
    /// By a signature.
    Hmac(Box<Hmac>),
}

/// Something that may be kept of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// What was said last.
    Transcript,
    /// What the tools answered last.
    Tools,
}

/// The URL of the user's own server.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct ForwardUrl(#[schemars(with = "String")] Uri);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenVapi {
    /// What Vapi sends as `x-vapi-secret` or as Bearer token.
    secret: Option<Key>,
    /// Or the options of a credential of the type `hmac`.
    #[schemars(with = "Option<WrittenHmac>")]
    hmac: Option<Hmac>,
    /// Your own server, which each event goes on to.
    forward: Option<ForwardUrl>,
    /// What of the events is kept beside the call's status. Default: nothing.
    #[serde(default)]
    keep: Vec<Keep>,
}

impl ForwardUrl {
    /// The URL itself.
    pub fn expose(&self) -> &Uri {
        &self.0
    }
}

impl fmt::Debug for ForwardUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForwardUrl")
    }
}

impl TryFrom<WrittenVapi> for VapiConfig {
    type Error = &'static str;
    fn try_from(written: WrittenVapi) -> Result<VapiConfig, &'static str> {
        let proof = match (written.secret, written.hmac) {
            (Some(secret), None) => Proof::Secret(secret),
            (None, Some(hmac)) => Proof::Hmac(Box::new(hmac)),
            (Some(_), Some(_)) => {
                return Err("`vapi` has a `secret` and an `hmac`; keep the one that Vapi sends");
            }
            (None, None) => {
                return Err(
                    "`vapi` has neither a `secret` nor an `hmac`, and without one nobody may post events",
                );
            }
        };
        Ok(VapiConfig {
            proof,
            forward: written.forward,
            keep: written.keep,
        })
    }
}

impl TryFrom<String> for ForwardUrl {
    type Error = &'static str;
    fn try_from(text: String) -> Result<ForwardUrl, &'static str> {
        let uri: Uri = text.parse().map_err(|_| "the text is no URL")?;
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        match uri.scheme_str() {
            Some("http" | "https") if uri.host().is_none_or(str::is_empty) => {
                Err("the URL names no server")
            }
            Some("http" | "https") if authority.contains('@') => Err(
                "a URL with a user and password is not taken; events go on with Vapi's own proof",
            ),
            Some("http" | "https") if is_wrong_port(authority) => {
                Err("the URL has a `:` behind the host and no port from 1 to 65535")
            }
            Some("http" | "https") => Ok(ForwardUrl(uri)),
            _ => Err("the URL must begin with http:// or https://"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::hmac::{Algorithm, PayloadFormat};
    use super::super::{Config, Overrides};
    use super::*;

    fn read(vapi: &str) -> Result<VapiConfig, String> {
        let text = format!("[upstream.a]\nurl = \"http://x\"\n[vapi]\n{vapi}\n");
        let source = crate::config::source("aside.toml", text);
        let (config, problems) = Config::read(&source, &Overrides::default(), &|_| None);
        let told: Vec<String> = problems.iter().map(|problem| problem.to_string()).collect();
        config
            .and_then(|config| config.vapi)
            .ok_or_else(|| told.concat())
    }

    #[test]
    fn a_secret_or_the_options_of_a_credential_are_read() {
        let config = read("secret = \"s3cr3t\"\nforward = \"https://example.com/v?k=s3cr3t\"\nkeep = [\"transcript\", \"tools\"]").expect("a config");
        assert!(matches!(&config.proof, Proof::Secret(key) if key.expose() == "s3cr3t"));
        assert_eq!(config.keep, [Keep::Transcript, Keep::Tools]);
        assert!(!format!("{config:?}").contains("s3cr3t"));

        let config = read("hmac = { secret_key = \"czNjcjN0\", secret_is_base64 = true, algorithm = \"sha512\", signature_header = \"X-Sign\", signature_prefix = \"v1,\", signature_encoding = \"base64\", payload_format = \"a{svix-id}.{timestamp}{method}{url}.{body}z\", url = \"https://a.example/vapi/events\" }").expect("a config");
        assert!(!format!("{config:?}").contains("s3cr3t"));
        let Proof::Hmac(hmac) = config.proof else {
            panic!("no hmac")
        };
        assert_eq!(hmac.key.expose(), b"s3cr3t");
        assert_eq!(hmac.algorithm, Algorithm::Sha512);
        assert_eq!(hmac.signature_header, "x-sign");
        assert_eq!(hmac.timestamp_header, "x-timestamp");
        assert_eq!(hmac.payload.pieces().len(), 9);
    }

    #[test]
    fn the_defaults_are_those_of_vapi() {
        let config = read("hmac = { secret_key = \"k\" }").expect("a config");
        let Proof::Hmac(hmac) = config.proof else {
            panic!("no hmac")
        };
        assert_eq!(hmac.algorithm, Algorithm::Sha256);
        assert_eq!(hmac.signature_header, "x-signature");
        let written = PayloadFormat::try_from("{timestamp}.{body}".to_owned());
        assert_eq!(written, Ok(hmac.payload));
        assert!(config.forward.is_none() && config.keep.is_empty());
    }

    #[test]
    fn s02_what_proves_nothing_is_refused_at_its_place() {
        for (vapi, told) in [
            ("", "3:1: `vapi` has neither"),
            ("keep = [\"tools\"]", "3:1: `vapi` has neither"),
            (
                "secret = \"a\"\nhmac = { secret_key = \"s3cr3t\" }",
                "3:1: `vapi` has a `secret` and an `hmac`",
            ),
            ("secret = \"\"", "4:10: a key is empty"),
            (
                "hmac = { algorithm = \"sha256\" }",
                "4:8: `secret_key` is missing",
            ),
            (
                "hmac = { secret_key = \"s3cr3t\", algorithm = \"md5\" }",
                "unknown value `md5`",
            ),
            (
                "hmac = { secret_key = \"s3cr3t!\", secret_is_base64 = true }",
                "is no base64",
            ),
            (
                "hmac = { secret_key = \"s3cr3t\", payload_format = \"{timestamp}\" }",
                "without `{body}`",
            ),
            (
                "hmac = { secret_key = \"s3cr3t\", payload_format = \"{bdy}\" }",
                "`{bdy}` is no part",
            ),
            (
                "hmac = { secret_key = \"s3cr3t\", payload_format = \"{body\" }",
                "has no `}`",
            ),
            (
                "hmac = { secret_key = \"s3cr3t\", payload_format = \"{url}{body}\" }",
                "`url` must say",
            ),
            (
                "hmac = { secret_key = \"s3cr3t\", signature_header = \"a b\" }",
                "`a b` is no header name",
            ),
            (
                "secret = \"a\"\nforward = \"ftp://x/s3cr3t\"",
                "5:11: the URL must begin with",
            ),
            ("secret = \"a\"\nforward = \"example.com/s3cr3t\"", "no URL"),
            (
                "secret = \"a\"\nforward = \"http://127.0.0.1:99999/s3cr3t\"",
                "5:11: the URL has a `:`",
            ),
            (
                "secret = \"a\"\nforward = \"http://127.0.0.1:/s3cr3t\"",
                "5:11: the URL has a `:`",
            ),
            (
                "secret = \"a\"\nforward = \"https://me:s3cr3t@example.com\"",
                "user and password",
            ),
            (
                "secret = \"a\"\nkeep = [\"everything\"]",
                "unknown value `everything`",
            ),
            (
                "secret = \"a\"\nfoward = \"http://x\"",
                "unknown field `foward`",
            ),
        ] {
            let problems = read(vapi).expect_err(vapi);
            assert!(problems.contains(told), "{vapi}: {problems}");
            assert!(!problems.contains("s3cr3t"), "{vapi}: {problems}");
        }
    }
}
