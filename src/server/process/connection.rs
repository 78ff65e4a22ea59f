//! A client's connection, and how long it may stay without a whole request.
//!
//! The web server bounds the first head of a connection and nothing that comes later. Here every
//! byte that comes while no request is answered begins a time in which one must be whole; where
//! half of the room is taken, newcomers get less of it. It never ends a connection whose request is
//! being answered, nor one that only waits for the next.

use std::cell::Cell;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How long a client may take for a request's head (TESTS.md R24).
pub(super) const HEAD: Duration = Duration::from_secs(10);
/// How long it may where many are here.
const HURRIED: Duration = Duration::from_secs(2);

/// How many connections a worker has, and how many it may have.
#[derive(Debug)]
pub(super) struct ConnectionCrowd {
    open: Cell<usize>,
    most: usize,
}

/// A client's connection.
pub(super) struct ClientConnection<S> {
    stream: S,
    work: ConnectionWork,
    /// When what came so far must have become a request, and how many requests had come before.
    overdue: Option<(Pin<Box<Sleep>>, u64)>,
}

/// What is being answered on one connection.
#[derive(Debug, Clone)]
pub(super) struct ConnectionWork(Rc<ConnectionCounts>);

#[derive(Debug)]
struct ConnectionCounts {
    crowd: Rc<ConnectionCrowd>,
    begun: Cell<u64>,
    under_way: Cell<u64>,
}

/// One request that is being answered, until this is dropped.
#[derive(Debug)]
pub(super) struct Answering(ConnectionWork);

impl ConnectionCrowd {
    /// Nobody yet, of so many at most.
    pub(super) fn new(most: usize) -> Rc<ConnectionCrowd> {
        let open = Cell::new(0);
        Rc::new(ConnectionCrowd { open, most })
    }

    fn is_large(&self) -> bool {
        self.open.get() > self.most / 2
    }
}

impl ConnectionWork {
    /// Whether so many are connected that nobody should stay without need.
    pub(super) fn is_crowded(&self) -> bool {
        self.0.crowd.is_large()
    }

    /// A request came whole, but for its body.
    pub(super) fn begin(&self) -> Answering {
        self.0.begun.set(self.0.begun.get() + 1);
        self.0.under_way.set(self.0.under_way.get() + 1);
        Answering(self.clone())
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let counts = &self.0.0;
        counts
            .under_way
            .set(counts.under_way.get().saturating_sub(1));
    }
}

impl<S> Drop for ClientConnection<S> {
    fn drop(&mut self) {
        let crowd = &self.work.0.crowd;
        crowd.open.set(crowd.open.get().saturating_sub(1));
    }
}

impl<S> ClientConnection<S> {
    /// A connection over this stream, one more of this crowd.
    pub(super) fn new(stream: S, crowd: Rc<ConnectionCrowd>) -> ClientConnection<S> {
        crowd.open.set(crowd.open.get() + 1);
        let counts = ConnectionCounts {
            crowd,
            begun: Cell::new(0),
            under_way: Cell::new(0),
        };
        let mut connection = ClientConnection {
            stream,
            work: ConnectionWork(Rc::new(counts)),
            overdue: None,
        };
        connection.expect(0);
        connection
    }

    /// From now on a request is awaited, after so many.
    fn expect(&mut self, begun: u64) {
        let time = match self.work.is_crowded() {
            true => HURRIED,
            false => HEAD,
        };
        self.overdue = Some((Box::pin(sleep(time)), begun));
    }

    /// What is being answered on it.
    pub(super) fn work(&self) -> &ConnectionWork {
        &self.work
    }

    /// Whether what came has not become a request in time.
    fn is_overdue(&mut self, has_come: bool, cx: &mut Context<'_>) -> bool {
        let counts = &self.work.0;
        let begun = counts.begun.get();
        let is_answering = counts.under_way.get() > 0;
        if is_answering || self.overdue.as_ref().is_some_and(|(_, at)| *at != begun) {
            self.overdue = None;
        }
        if has_come && !is_answering && self.overdue.is_none() {
            self.expect(begun);
        }
        let overdue = self.overdue.as_mut();
        overdue.is_some_and(|(timer, _)| timer.as_mut().poll(cx).is_ready())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ClientConnection<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let has_come = buffer.filled().len() > before;
        if self.is_overdue(has_come, cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ClientConnection<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::testing::paused;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    const SECOND: Duration = Duration::from_secs(1);

    fn pair() -> (DuplexStream, ClientConnection<DuplexStream>) {
        let (client, server) = duplex(64);
        (
            client,
            ClientConnection::new(server, ConnectionCrowd::new(100)),
        )
    }

    /// Reads what a client sends, a byte a second, for so many seconds.
    async fn dribbles(
        client: &mut DuplexStream,
        server: &mut ClientConnection<DuplexStream>,
        seconds: u64,
    ) -> io::Result<()> {
        for _ in 0..seconds {
            client.write_all(b"x").await?;
            server.read_u8().await?;
            tokio::time::sleep(SECOND).await;
        }
        Ok(())
    }

    #[test]
    fn r24_a_later_request_whose_head_dribbles_ends_the_connection() {
        paused(async {
            let (mut client, mut server) = pair();
            drop(server.work().begin());
            let read = dribbles(&mut client, &mut server, 60).await;
            let error = read.expect_err("it is not read for ever");
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            // One byte and then nothing is as bad.
            let (mut client, mut server) = pair();
            client.write_all(b"x").await.expect("a pipe");
            server.read_u8().await.expect("a byte");
            assert!(server.read_u8().await.is_err());
        });
    }

    #[test]
    fn where_many_are_here_newcomers_have_less_time() {
        paused(async {
            let crowd = ConnectionCrowd::new(4);
            let mut all = Vec::new();
            for (number, expected) in [HEAD, HEAD, HURRIED, HURRIED].into_iter().enumerate() {
                let (client, server) = duplex(64);
                let mut server = ClientConnection::new(server, crowd.clone());
                assert_eq!(server.work().is_crowded(), number >= 2);
                let began = tokio::time::Instant::now();
                assert!(server.read_u8().await.is_err(), "it says nothing");
                assert_eq!(began.elapsed().as_secs(), expected.as_secs());
                all.push((client, server));
            }
            all.truncate(2);
            assert!(!all[0].1.work().is_crowded());
        });
    }

    #[test]
    fn who_waits_or_is_answered_keeps_the_connection() {
        paused(async {
            let (mut client, mut server) = pair();
            let answering = server.work().begin();
            let read = dribbles(&mut client, &mut server, 60).await;
            assert!(read.is_ok(), "a body may come while it is answered");
            drop(answering);
            for _ in 0..5 {
                tokio::time::sleep(6 * HEAD).await;
                client.write_all(b"x").await.expect("a pipe");
                server.read_u8().await.expect("a whole request");
                drop(server.work().begin());
            }
        });
    }
}
