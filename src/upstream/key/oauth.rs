//! A token from a token server, by OAuth's client credentials (RFC 6749 section 4.4).
//!
//! The client proves who it is by Basic authentication, which every server must know (section
//! 2.3.1), and in the body where a server refuses that: some read the body only, as it is set for a
//! client, and some take no signs in Basic that the standard has escaped. What worked is kept to.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{Request, Uri};
use rustls::ClientConfig;
use secrecy::{ExposeSecret, SecretString};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::error::{KeyError, plain};
use super::token::{GoodToken, token_in};
use crate::net::http::{Addresses, AskError, HttpClient, Reach};
use crate::net::port::is_wrong_port;

/// How long connecting to the token server may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a token may take in all.
const LONGEST: Duration = Duration::from_secs(10);
/// The largest answer, in bytes.
const LARGEST: usize = 256 << 10;

/// Who gets a token where.
#[derive(Debug, Clone)]
pub struct OauthClient {
    token_url: Uri,
    id: String,
    secret: SecretString,
    scope: Option<String>,
    audience: Option<String>,
}

/// A text is no URL of a token server. The text, which may hold a password, is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenUrlError {
    /// It is something else.
    #[error("its `token_url` is no URL that begins with http:// or https:// and a host")]
    NoUrl,
    /// A port that nobody can be asked at.
    #[error("its `token_url` has a `:` behind the host and no port from 1 to 65535")]
    Port,
    /// A user or a fragment.
    #[error(
        "its `token_url` has a user or a `#`; the client's name and secret go into `client_id` and `client_secret`"
    )]
    Unsent,
}

impl OauthClient {
    /// A client at a token server.
    pub fn new(token_url: &str, id: &str, secret: &str) -> Result<OauthClient, TokenUrlError> {
        if token_url.contains('#') {
            return Err(TokenUrlError::Unsent);
        }
        let url: Uri = token_url.trim().parse().map_err(|_| TokenUrlError::NoUrl)?;
        let is_http = matches!(url.scheme_str(), Some("http" | "https"));
        if !is_http || url.host().is_none_or(str::is_empty) {
            return Err(TokenUrlError::NoUrl);
        }
        let authority = url.authority().map_or("", |authority| authority.as_str());
        if is_wrong_port(authority) {
            return Err(TokenUrlError::Port);
        }
        if authority.contains('@') {
            return Err(TokenUrlError::Unsent);
        }
        Ok(OauthClient {
            token_url: url,
            id: id.to_owned(),
            secret: secret.into(),
            scope: None,
            audience: None,
        })
    }

    /// The same for a token that opens this.
    pub fn with(self, scope: Option<&str>, audience: Option<&str>) -> OauthClient {
        OauthClient {
            scope: scope.map(str::to_owned),
            audience: audience.map(str::to_owned),
            ..self
        }
    }

    pub(super) fn is_same_as(&self, other: &OauthClient) -> bool {
        self.token_url == other.token_url
            && self.id == other.id
            && self.secret.expose_secret() == other.secret.expose_secret()
            && self.scope == other.scope
            && self.audience == other.audience
    }

    /// The request for a token.
    fn request(&self, by: ClientProof) -> Result<Request<Bytes>, http::Error> {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        let more = [("scope", &self.scope), ("audience", &self.audience)];
        for (name, value) in more {
            if let Some(value) = value {
                form.append_pair(name, value);
            }
        }
        let secret = self.secret.expose_secret();
        let mut request = Request::post(self.token_url.clone());
        match by {
            ClientProof::Basic => {
                let written = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let both = STANDARD.encode(format!("{}:{}", written(&self.id), written(secret)));
                let mut value = HeaderValue::try_from(format!("Basic {both}"))?;
                value.set_sensitive(true);
                request = request.header(header::AUTHORIZATION, value);
            }
            ClientProof::Body => {
                form.append_pair("client_id", &self.id);
                form.append_pair("client_secret", secret);
            }
        }
        request
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .header(header::ACCEPT_ENCODING, "identity")
            .header(
                header::USER_AGENT,
                concat!("aside/", env!("CARGO_PKG_VERSION")),
            )
            .body(Bytes::from(form.finish()))
    }
}

/// How a client proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ClientProof {
    Basic,
    Body,
}

/// Asks for tokens, on a thread of its own.
pub(super) struct TokenAsker {
    client: OauthClient,
    http: HttpClient,
    runtime: Runtime,
    /// What this server was seen to take.
    proof: Option<ClientProof>,
}

impl TokenAsker {
    pub(super) fn new(
        client: OauthClient,
        tls: &Arc<ClientConfig>,
    ) -> Result<TokenAsker, KeyError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        Ok(TokenAsker {
            client,
            http: HttpClient::new(tls.clone()),
            runtime: runtime.map_err(|error| KeyError::System(plain(&error)))?,
            proof: None,
        })
    }

    /// A token; waits for it.
    pub(super) fn get(&mut self) -> Result<GoodToken, KeyError> {
        let (client, http, proof) = (&self.client, &self.http, &mut self.proof);
        let got = async { timeout(LONGEST, ask(client, http, proof)).await };
        let got = self.runtime.block_on(got);
        got.unwrap_or(Err(KeyError::Silent(LONGEST)))
    }
}

async fn ask(
    client: &OauthClient,
    http: &HttpClient,
    proof: &mut Option<ClientProof>,
) -> Result<GoodToken, KeyError> {
    let first = proof.unwrap_or(ClientProof::Basic);
    let mut by = first;
    let mut got = ask_by(client, http, by).await;
    if proof.is_none()
        && matches!(
            got,
            Err(KeyError::Refused {
                status: 400..=403,
                ..
            })
        )
    {
        by = ClientProof::Body;
        got = ask_by(client, http, by).await;
    }
    if got.is_ok() {
        *proof = Some(by);
    }
    got
}

async fn ask_by(
    client: &OauthClient,
    http: &HttpClient,
    by: ClientProof,
) -> Result<GoodToken, KeyError> {
    let reach = Reach {
        within: CONNECT,
        addresses: Addresses::Any,
    };
    let request = || {
        let request = client.request(by);
        request.map_err(|error| KeyError::System(error.to_string()))
    };
    let answer = match http.ask(request()?, reach).await {
        // Its server had closed it, as it may after so long a pause.
        Err(AskError::Broken { was_used: true, .. }) => http.ask(request()?, reach).await,
        answer => answer,
    };
    let answer = answer.map_err(KeyError::Ask)?;
    let status = answer.head.status.as_u16();
    let body = answer.body.whole(LARGEST).await.map_err(KeyError::Broken)?;
    token_in(status, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(by: ClientProof, scope: Option<&str>) -> (Option<String>, String) {
        let client = OauthClient::new("https://login.example.com/t?v=2", "my id", "s:~1");
        let client = client.expect("a URL").with(scope, None);
        let request = client.request(by).expect("a request");
        let header = request.headers().get(header::AUTHORIZATION);
        let header = header.map(|value| value.to_str().expect("a text").to_owned());
        let body = String::from_utf8(request.into_body().to_vec()).expect("a text");
        (header, body)
    }

    #[test]
    fn a_client_proves_who_it_is_in_the_header_or_in_the_body_never_in_both() {
        let (header, body) = request(ClientProof::Basic, Some("api://a/.default b"));
        // `my+id:s%3A%7E1`
        assert_eq!(header.as_deref(), Some("Basic bXkraWQ6cyUzQSU3RTE="));
        assert_eq!(
            body,
            "grant_type=client_credentials&scope=api%3A%2F%2Fa%2F.default+b"
        );
        let (header, body) = request(ClientProof::Body, None);
        assert_eq!(header, None);
        assert_eq!(
            body,
            "grant_type=client_credentials&client_id=my+id&client_secret=s%3A%7E1"
        );
    }

    #[test]
    fn what_is_no_token_url_is_told_without_its_text() {
        for (url, error) in [
            ("", TokenUrlError::NoUrl),
            ("login.example.com/t", TokenUrlError::NoUrl),
            ("ftp://s3cr3t/", TokenUrlError::NoUrl),
            ("https:///s3cr3t", TokenUrlError::NoUrl),
            ("https://a.example:99999/s3cr3t", TokenUrlError::Port),
            ("http://127.0.0.1:/s3cr3t", TokenUrlError::Port),
            ("https://id:s3cr3t@a.example/t", TokenUrlError::Unsent),
            ("https://a.example/t#s3cr3t", TokenUrlError::Unsent),
        ] {
            let found = OauthClient::new(url, "i", "s").err();
            assert_eq!(found, Some(error), "{url}");
            assert!(!error.to_string().contains("s3cr3t"));
        }
        let one = OauthClient::new("https://a.example/t", "i", "s3cr3t").expect("a URL");
        assert!(!format!("{one:?}").contains("s3cr3t"));
        assert!(one.is_same_as(&one.clone()));
        assert!(!one.is_same_as(&one.clone().with(Some("a"), None)));
        assert!(!one.is_same_as(&one.clone().with(None, Some("a"))));
    }
}
