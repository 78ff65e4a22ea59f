//! An answer as it arrives.

use std::pin::Pin;
use std::rc::Weak;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};
use http::{Response, response};
use hyper::body::{Body, Incoming};

use super::connect::{HttpLine, ServerOrigin};
use super::idle::Idle;
use super::overheard::Ear;
use super::with_cause;

/// The head of an answer, and its body.
#[derive(Debug)]
pub struct HttpAnswer {
    /// Status and headers.
    pub head: response::Parts,
    /// What follows.
    pub body: AnswerBody,
}

/// The bytes of an answer. Its connection serves the next request once all were read; dropped
/// before, it is closed.
pub struct AnswerBody {
    incoming: Incoming,
    line: Option<HttpLine>,
    origin: Option<ServerOrigin>,
    home: Weak<Idle>,
    /// Who else hears it.
    ear: Option<Ear>,
}

/// A body that broke off.
#[derive(Debug, thiserror::Error)]
#[error("{}", with_cause(.0))]
pub struct BrokenOff(#[source] hyper::Error);

/// Why a body was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It has more bytes than are taken.
    #[error("it has more than {0} bytes")]
    TooLarge(usize),
    /// It broke off.
    #[error(transparent)]
    BrokenOff(#[from] BrokenOff),
}

impl HttpAnswer {
    pub(super) fn new(
        answer: Response<Incoming>,
        line: HttpLine,
        origin: ServerOrigin,
        home: Weak<Idle>,
    ) -> HttpAnswer {
        let (head, incoming) = answer.into_parts();
        let body = AnswerBody {
            incoming,
            line: Some(line),
            origin: Some(origin),
            home,
            ear: None,
        };
        HttpAnswer { head, body }
    }

    /// The same, with somebody else who hears it.
    pub(super) fn heard_by(mut self, ear: Ear) -> HttpAnswer {
        ear.borrow_mut().hear_head(&self.head);
        self.body.ear = Some(ear);
        self
    }
}

impl AnswerBody {
    /// The whole body, of which no more than `largest` bytes are taken.
    pub async fn whole(mut self, largest: usize) -> Result<Bytes, ReadError> {
        let mut whole = BytesMut::new();
        while let Some(piece) = self.next().await {
            let piece = piece?;
            if whole.len() + piece.len() > largest {
                return Err(ReadError::TooLarge(largest));
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }

    /// The connection is free again.
    fn give_back(&mut self, cx: &mut Context<'_>) {
        let (Some(mut line), Some(origin)) = (self.line.take(), self.origin.take()) else {
            return;
        };
        // One that has something left to do is looked at again before it is used.
        let is_over = matches!(line.poll_ready(cx), Poll::Ready(false));
        if let Some(home) = self.home.upgrade().filter(|_| !is_over) {
            home.keep(origin, line);
        }
    }
}

impl Stream for AnswerBody {
    type Item = Result<Bytes, BrokenOff>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let mut polled = Pin::new(&mut self.incoming).poll_frame(cx);
            if polled.is_pending() {
                if let Some(line) = &mut self.line {
                    line.drive(cx);
                }
                polled = Pin::new(&mut self.incoming).poll_frame(cx);
            }
            match polled {
                Poll::Pending => return Poll::Pending,
                // Trailers say nothing that counts here.
                Poll::Ready(Some(Ok(frame))) => {
                    if let Ok(bytes) = frame.into_data() {
                        if let Some(ear) = &self.ear {
                            ear.borrow_mut().hear(&bytes);
                        }
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    self.line = None;
                    return Poll::Ready(Some(Err(BrokenOff(error))));
                }
                Poll::Ready(None) => {
                    self.give_back(cx);
                    return Poll::Ready(None);
                }
            }
        }
    }
}

impl std::fmt::Debug for AnswerBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnswerBody")
            .field("is_over", &self.line.is_none())
            .finish_non_exhaustive()
    }
}
