//! The events of one answer as they arrive, with the deadline for silence between them.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use awc::ClientResponse;
use futures::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::error::UpstreamError;
use crate::chat::reader::{Event, EventKind, Parser, Reader};

/// How long the end of a connection's answer may take after the answer's own end.
const LONGEST_DRAIN: Duration = Duration::from_secs(1);

/// An answer under way. Dropping it closes the upstream's connection.
pub struct Events {
    response: ClientResponse,
    reader: Reader,
    ready: VecDeque<Event>,
    is_over: bool,
    stall: Option<Stall>,
}

struct Stall {
    limit: Duration,
    last: Instant,
    timer: Pin<Box<Sleep>>,
}

impl Events {
    pub(super) fn new(response: ClientResponse, parser: Parser) -> Events {
        Events {
            response,
            reader: Reader::new(parser),
            ready: VecDeque::new(),
            is_over: false,
            stall: None,
        }
    }

    /// From now on silence ends the answer after `limit`.
    pub(super) fn limit_silence(&mut self, limit: Duration) {
        let last = Instant::now();
        self.stall = Some(Stall {
            limit,
            last,
            timer: Box::pin(sleep_until(last + limit)),
        });
    }

    /// Puts events back that were looked at already.
    pub(super) fn put_back(&mut self, events: impl IntoIterator<Item = Event>) {
        for (at, event) in events.into_iter().enumerate() {
            self.ready.insert(at, event);
        }
    }

    /// The next event; none: the answer is over. An event that says the upstream failed is an
    /// error, and so is silence beyond the limit.
    pub fn poll_event(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Event, UpstreamError>>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Poll::Ready(Some(checked(event)));
            }
            if self.is_over {
                return Poll::Ready(None);
            }
            match Pin::new(&mut self.response).poll_next(cx) {
                Poll::Ready(Some(Ok(bytes))) => {
                    self.reader.push(&bytes);
                    loop {
                        match self.reader.next_event() {
                            Ok(Some(event)) => {
                                // Comments and empty pieces are silence to the caller.
                                if let Some(stall) = self.stall.as_mut().filter(|_| event.counts())
                                {
                                    stall.last = Instant::now();
                                }
                                self.ready.push_back(event);
                            }
                            Ok(None) => break,
                            Err(_) => {
                                self.is_over = true;
                                return Poll::Ready(Some(Err(UpstreamError::Unusable(
                                    "an event is too large",
                                ))));
                            }
                        }
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    self.is_over = true;
                    // What came whole before the cut is still said.
                    return Poll::Ready(Some(Err(UpstreamError::Broken(error.to_string()))));
                }
                Poll::Ready(None) => {
                    self.is_over = true;
                    self.ready.extend(self.reader.last_event());
                }
                Poll::Pending => return self.poll_stall(cx),
            }
        }
    }

    fn poll_stall(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event, UpstreamError>>> {
        let Some(stall) = &mut self.stall else {
            return Poll::Pending;
        };
        // The timer is moved only when it fires: an event costs no more than a look at the clock.
        while stall.timer.as_mut().poll(cx).is_ready() {
            let due = stall.last + stall.limit;
            if due <= Instant::now() {
                self.is_over = true;
                return Poll::Ready(Some(Err(UpstreamError::Stalled(stall.limit))));
            }
            stall.timer.as_mut().reset(due);
        }
        Poll::Pending
    }

    /// The answer is known to be over: reads what only ends it, so that the connection can be
    /// used again. Mostly it is there already.
    pub fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while !self.is_over {
            match Pin::new(&mut self.response).poll_next(cx) {
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
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}

fn checked(event: Event) -> Result<Event, UpstreamError> {
    match event.kind {
        EventKind::Chunk(ref chunk) if chunk.is_error => Err(UpstreamError::Error),
        _ => Ok(event),
    }
}
