//! The events of one answer as they arrive, with the deadline for silence between them.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::error::UpstreamError;
use super::refusal::{AskedWith, Refusal};
use super::shape::ShapeBack;
use crate::chat::chunk::FailureVerdict;
use crate::chat::reader::{Event, EventKind, EventReader};
use crate::net::http::BrokenOff;

/// How long the end of a connection's answer may take after the answer's own end.
const LONGEST_DRAIN: Duration = Duration::from_secs(1);

/// Why a stream is given up.
pub(super) const NOTHING_COUNTS: &str = "nothing of its megabytes counts";
/// So many bytes are read before others on the same worker get their turn.
const MOST_AT_ONCE: usize = 64 << 10;

/// An answer under way. Dropping it closes the upstream's connection.
pub struct Events {
    bytes: Pin<Box<dyn Stream<Item = Result<Bytes, BrokenOff>>>>,
    reader: EventReader,
    /// Events that were looked at already.
    early: VecDeque<Event>,
    is_over: bool,
    /// Why it broke off, to be said behind what came whole.
    broken: Option<UpstreamError>,
    /// How many more bytes may come before anything that counts; none: it has come.
    allowance: Option<usize>,
    /// How many bytes were read since others had their turn.
    at_once: usize,
    stall: Option<Stall>,
    /// Undoes what was changed in the request.
    back: ShapeBack,
    keys: AskedWith,
    doubt: EndDoubt,
}

/// Whether what came last may be an error, of which the end decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EndDoubt {
    None,
    Some,
    /// The reply has finished: what follows is nothing to it.
    Settled,
}

struct Stall {
    limit: Duration,
    last: Instant,
    timer: Pin<Box<Sleep>>,
}

impl Events {
    /// The events in these bytes, of which no more than `allowance` may come before
    /// [`Events::begin`].
    pub(crate) fn new(
        bytes: impl Stream<Item = Result<Bytes, BrokenOff>> + 'static,
        allowance: usize,
    ) -> Events {
        Events {
            bytes: Box::pin(bytes),
            reader: EventReader::new(),
            early: VecDeque::new(),
            is_over: false,
            broken: None,
            allowance: Some(allowance),
            at_once: 0,
            stall: None,
            back: ShapeBack::default(),
            keys: AskedWith::default(),
            doubt: EndDoubt::None,
        }
    }

    /// From here on what was changed in the request is undone in what comes, and errors do not tell
    /// the keys that it bore.
    pub(super) fn is_of_asking(&mut self, back: ShapeBack, keys: AskedWith) {
        (self.back, self.keys) = (back, keys);
    }

    /// What counts has come: the events before it, and it, come again. From now on silence ends
    /// the answer after `limit`.
    pub(super) fn begin(&mut self, early: Vec<Event>, limit: Duration) {
        self.early = early.into();
        self.allowance = None;
        let last = Instant::now();
        self.stall = Some(Stall {
            limit,
            last,
            timer: Box::pin(sleep_until(last + limit)),
        });
    }

    /// The next event; none: the answer is over. An event that says the upstream failed is an
    /// error, and so is silence beyond the limit.
    pub fn poll_event(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Event, UpstreamError>>> {
        loop {
            if let Some(event) = self.early.pop_front() {
                return Poll::Ready(Some(self.taken(event)));
            }
            if self.is_over {
                let broken = self.broken.take().or_else(|| self.end_error());
                return Poll::Ready(broken.map(Err));
            }
            // One at a time: a piece of the stream may hold thousands, which would take far more
            // memory than their bytes.
            match self.reader.next_event() {
                Ok(Some(event)) => {
                    return Poll::Ready(Some(self.noted(event)));
                }
                Ok(None) => {}
                Err(_) => return self.fail(UpstreamError::Unusable("an event is too large")),
            }
            if self.at_once >= MOST_AT_ONCE {
                self.at_once = 0;
                cx.waker().wake_by_ref();
                return self.poll_stall(cx);
            }
            match self.bytes.as_mut().poll_next(cx) {
                Poll::Ready(Some(Ok(bytes))) => {
                    self.at_once += bytes.len();
                    if let Some(left) = &mut self.allowance {
                        let Some(rest) = left.checked_sub(bytes.len()) else {
                            return self.fail(UpstreamError::Unusable(NOTHING_COUNTS));
                        };
                        *left = rest;
                    }
                    self.reader.push(&bytes);
                }
                // What came whole before the cut is said, and may be all that was to come.
                Poll::Ready(Some(Err(error))) => {
                    self.end();
                    self.broken = Some(UpstreamError::Broken(error.to_string()));
                }
                Poll::Ready(None) => {
                    self.end();
                }
                Poll::Pending => {
                    self.at_once = 0;
                    return self.poll_stall(cx);
                }
            }
        }
    }

    fn taken(&mut self, event: Event) -> Result<Event, UpstreamError> {
        let event = checked(event).map_err(|error| error.concealed(&self.keys))?;
        Ok(match self.back.is_empty() {
            true => event,
            false => self.back.event(event),
        })
    }

    /// Nothing more comes: what came without its blank line is said.
    fn end(&mut self) {
        self.is_over = true;
        while let Some(event) = self.reader.last_event() {
            self.note(&event);
            self.early.push_back(event);
        }
    }

    fn note(&mut self, event: &Event) {
        let is_alive = event.is_alive();
        // Comments and empty pieces are silence to the caller.
        if let Some(stall) = self.stall.as_mut().filter(|_| is_alive) {
            stall.last = Instant::now();
        }
        self.doubt = match self.doubt {
            EndDoubt::Settled => EndDoubt::Settled,
            _ if event.finishes() => EndDoubt::Settled,
            _ if is_alive => EndDoubt::None,
            _ if event.verdict == FailureVerdict::Doubt => EndDoubt::Some,
            doubt => doubt,
        };
    }

    fn noted(&mut self, event: Event) -> Result<Event, UpstreamError> {
        self.note(&event);
        match event.kind {
            EventKind::Done => self.end_error().map_or(Ok(event), Err),
            _ => self.taken(event),
        }
    }

    /// The error with which the answer ends: words that may be one, and nothing behind them.
    fn end_error(&mut self) -> Option<UpstreamError> {
        let is_error = self.doubt == EndDoubt::Some;
        self.doubt = EndDoubt::Settled;
        is_error.then(|| UpstreamError::Error(Refusal::default()))
    }

    fn fail<T>(&mut self, error: UpstreamError) -> Poll<Option<Result<T, UpstreamError>>> {
        self.is_over = true;
        self.doubt = EndDoubt::Settled;
        Poll::Ready(Some(Err(error)))
    }

    fn poll_stall(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event, UpstreamError>>> {
        let Some(stall) = &mut self.stall else {
            return Poll::Pending;
        };
        // The timer is moved only when it fires: an event costs no more than a look at the clock.
        while stall.timer.as_mut().poll(cx).is_ready() {
            let due = stall.last + stall.limit;
            if due <= Instant::now() {
                let stalled = UpstreamError::Stalled(stall.limit);
                return self.fail(stalled);
            }
            stall.timer.as_mut().reset(due);
        }
        Poll::Pending
    }

    /// The answer is known to be over: reads what only ends it, so that the connection can be
    /// used again. Mostly it is there already.
    pub fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while !self.is_over {
            match self.bytes.as_mut().poll_next(cx) {
                Poll::Ready(Some(Ok(_))) => {}
                Poll::Ready(Some(Err(_)) | None) => self.is_over = true,
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(())
    }

    /// As [`Events::poll_rest`], within a deadline; then the connection closes.
    pub async fn drain(mut self) {
        let drain = std::future::poll_fn(|cx| self.poll_rest(cx));
        // An error here, as a deadline, only says that the connection is closed.
        let _ = tokio::time::timeout(LONGEST_DRAIN, drain).await;
    }

    /// Waits for the next event.
    pub async fn next(&mut self) -> Option<Result<Event, UpstreamError>> {
        std::future::poll_fn(|cx| self.poll_event(cx)).await
    }
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events")
            .field("early", &self.early.len())
            .finish_non_exhaustive()
    }
}

fn checked(event: Event) -> Result<Event, UpstreamError> {
    if event.is_error() {
        // Of what is behind a login, or a proxy without its server.
        if event.data.starts_with('<') {
            return Err(UpstreamError::Unusable("it sent a page"));
        }
        return Err(UpstreamError::Error(Refusal::of(&event.data)));
    }
    if event.is_overfull() {
        return Err(UpstreamError::overfull());
    }
    Ok(event)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Wake, Waker};

    use futures::StreamExt;
    use futures::stream;

    use super::*;

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn r13_an_upstream_that_never_pauses_leaves_others_their_turn() {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let mut cx = Context::from_waker(&waker);
        for piece in ["data:a\n\n", ":\n\n", "\n"] {
            let piece = Bytes::from(piece.repeat(1000));
            let endless = stream::repeat(piece).map(Ok);
            let mut events = Events::new(endless, usize::MAX);
            for round in 1..=3 {
                let before = woken.0.load(Ordering::Relaxed);
                let taken = (0..).find(|_| events.poll_event(&mut cx).is_pending());
                assert!(taken.is_some_and(|taken| taken <= MOST_AT_ONCE / 8 + 1000));
                assert_eq!(woken.0.load(Ordering::Relaxed), before + 1, "round {round}");
            }
        }
    }

    #[test]
    fn r13_what_never_counts_is_given_up_however_small_its_pieces_are() {
        let mut cx = Context::from_waker(Waker::noop());
        for piece in [
            "data:a\n\n",
            ":\n\n",
            "\n",
            "data: {\"choices\":[]}\n\n",
            "data: x",
        ] {
            let piece = Bytes::from(piece.repeat(10_000));
            let endless = stream::repeat(piece).map(Ok);
            let mut events = Events::new(endless, 1 << 20);
            let error = loop {
                match events.poll_event(&mut cx) {
                    Poll::Ready(Some(Err(error))) => break error,
                    Poll::Ready(None) => panic!("it ended"),
                    Poll::Ready(Some(Ok(_))) | Poll::Pending => {}
                }
            };
            assert_eq!(error.reason(), "unusable");
            assert!(matches!(events.poll_event(&mut cx), Poll::Ready(None)));
        }
    }
}
