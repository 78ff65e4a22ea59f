//! A connection to a server: found by DNS, reached, and vouched for.
//!
//! The addresses of a name are asked one after the other, the next as soon as the one before has
//! failed or is slow (RFC 8305), so that one that is dead costs little.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use http::uri::Scheme;
use http::{Request, Response, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use crate::net::address::is_public;
use crate::net::port::is_wrong_port;

/// How long an address has before the next one is tried too (RFC 8305 section 5).
const NEXT_ADDRESS: Duration = Duration::from_millis(250);
/// The longest head of an answer, in bytes, and with it what is read at once.
const LARGEST_BUFFER: usize = 64 << 10;
/// The most header lines that an answer may have.
const MOST_HEADERS: usize = 256;

/// Which addresses may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Addresses {
    /// All.
    Any,
    /// Those of the public internet. An address is looked at after DNS, and the one that was looked
    /// at is the one that is used: a name that leads elsewhere a moment later leads nowhere.
    Public,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// What should be asked is no URL of `http` or `https`.
    #[error("the URL names no server")]
    NoUrl,
    /// DNS knows no such host.
    #[error("find the host: {0}")]
    Unknown(#[source] io::Error),
    /// It has addresses, but none that may be asked.
    #[error("the host has no public address")]
    NotPublic,
    /// Nobody took the connection.
    #[error("{0}")]
    Refused(#[source] io::Error),
    /// The server could not prove who it is, or speaks no TLS that is good enough.
    #[error("{0}")]
    Tls(#[source] io::Error),
    /// It took too long.
    #[error("connect in time")]
    TooSlow,
}

/// A server, as connections are kept for it: one that was reached at any address serves nobody who
/// may ask public ones only.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ServerOrigin {
    which: Addresses,
    is_tls: bool,
    host: String,
    port: u16,
}

impl ServerOrigin {
    /// The server that a URL names; none: it names none that can be asked.
    pub(super) fn of(url: &Uri, which: Addresses) -> Option<ServerOrigin> {
        let is_tls = match url.scheme()? {
            scheme if *scheme == Scheme::HTTPS => true,
            scheme if *scheme == Scheme::HTTP => false,
            _ => return None,
        };
        // The usual port is that of another server than the one that was meant.
        if is_wrong_port(url.authority()?.as_str()) {
            return None;
        }
        let host = url.host().filter(|host| !host.is_empty())?;
        Some(ServerOrigin {
            which,
            is_tls,
            host: host.to_ascii_lowercase(),
            port: url.port_u16().unwrap_or(if is_tls { 443 } else { 80 }),
        })
    }

    /// What the header `Host` says.
    pub(super) fn host_header(&self) -> String {
        match (self.is_tls, self.port) {
            (true, 443) | (false, 80) => self.host.clone(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }

    /// The host without the brackets that a URL puts round an address of IPv6.
    fn name(&self) -> &str {
        self.host.trim_matches(['[', ']'])
    }

    async fn addresses(&self) -> Result<Vec<SocketAddr>, ConnectError> {
        match self.name().parse::<IpAddr>() {
            Ok(address) => self.which.of(vec![(address, self.port).into()]),
            Err(_) => {
                let found = tokio::net::lookup_host((self.name(), self.port)).await;
                self.which
                    .of(found.map_err(ConnectError::Unknown)?.collect())
            }
        }
    }
}

impl Addresses {
    /// Those of a host's addresses that may be asked.
    pub(super) fn of(self, mut found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, ConnectError> {
        if found.is_empty() {
            let none = io::Error::new(io::ErrorKind::NotFound, "it has no address");
            return Err(ConnectError::Unknown(none));
        }
        found.retain(|address| self == Addresses::Any || is_public(address.ip()));
        match found.is_empty() {
            true => Err(ConnectError::NotPublic),
            false => Ok(found),
        }
    }
}

type Io = TokioIo<Either<TcpStream, Box<TlsStream<TcpStream>>>>;
type Sender = http1::SendRequest<Full<Bytes>>;
type Connection = http1::Connection<Io, Full<Bytes>>;

/// A connection, and what makes it go on.
pub(super) struct HttpLine {
    sender: Sender,
    connection: Box<Connection>,
    is_over: bool,
    opened: Instant,
}

impl HttpLine {
    /// Connects; `within` bounds reaching the server, and the handshake, each.
    pub(super) async fn open(
        origin: &ServerOrigin,
        tls: &Arc<ClientConfig>,
        within: Duration,
    ) -> Result<HttpLine, ConnectError> {
        let reach = async {
            let addresses = origin.addresses().await?;
            first_of(addresses).await.map_err(ConnectError::Refused)
        };
        let slow = |_| ConnectError::TooSlow;
        let stream = timeout(within, reach).await.map_err(slow)??;
        // A request goes out at once, however small it is.
        stream.set_nodelay(true).map_err(ConnectError::Refused)?;
        let stream = match origin.is_tls {
            false => Either::Left(stream),
            true => {
                let name = ServerName::try_from(origin.name().to_owned())
                    .map_err(|_| ConnectError::NoUrl)?;
                let handshake = TlsConnector::from(tls.clone()).connect(name, stream);
                let agreed = timeout(within, handshake).await.map_err(slow)?;
                Either::Right(Box::new(agreed.map_err(ConnectError::Tls)?))
            }
        };
        let handshake = http1::Builder::new()
            .max_buf_size(LARGEST_BUFFER)
            .max_headers(MOST_HEADERS)
            .allow_obsolete_multiline_headers_in_responses(true)
            .allow_spaces_after_header_name_in_responses(true)
            .ignore_invalid_headers_in_responses(true)
            .handshake(TokioIo::new(stream))
            .await;
        let broken = |error: hyper::Error| ConnectError::Refused(io::Error::other(error));
        let (sender, connection) = handshake.map_err(broken)?;
        Ok(HttpLine {
            sender,
            connection: Box::new(connection),
            is_over: false,
            opened: Instant::now(),
        })
    }

    /// Hands a request over; [`HttpLine::drive`] sends it.
    pub(super) fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> impl Future<Output = hyper::Result<Response<Incoming>>> + Unpin + use<> {
        Box::pin(self.sender.send_request(request))
    }

    /// Sends and receives what there is to. Why a connection ends is told by the answer.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) {
        if !self.is_over && Pin::new(&mut *self.connection).poll(cx).is_ready() {
            self.is_over = true;
        }
    }

    /// Whether another request can be sent.
    pub(super) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        self.drive(cx);
        match self.is_over || self.sender.is_closed() {
            true => Poll::Ready(false),
            false => self.sender.poll_ready(cx).map(|ready| ready.is_ok()),
        }
    }

    /// How old it is.
    pub(super) fn age(&self) -> Duration {
        self.opened.elapsed()
    }
}

/// A connection to the address that takes it first.
async fn first_of(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut rest = addresses.into_iter();
    let mut tried = FuturesUnordered::new();
    let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
    loop {
        let next = rest.next();
        let is_last = next.is_none();
        tried.extend(next.map(TcpStream::connect));
        let mut pause = std::pin::pin!(sleep(NEXT_ADDRESS));
        loop {
            tokio::select! {
                connected = tried.next() => match connected {
                    Some(Ok(stream)) => return Ok(stream),
                    Some(Err(error)) => {
                        failed = error;
                        if !is_last { break }
                    }
                    None if is_last => return Err(failed),
                    None => break,
                },
                () = &mut pause, if !is_last => break,
            }
        }
    }
}
