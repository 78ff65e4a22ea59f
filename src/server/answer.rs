//! The body of a streamed answer: events of the upstream through the rules to the client.
//!
//! The body owns the upstream's response: dropping one drops the other.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use tracing::{debug, warn};

use super::calls::{Told, Underway};
use super::limits::Admitted;
use super::meters::{self, TurnEnd, TurnMeter};
use super::shadow::Shadow;
use crate::chat::reader::EventKind;
use crate::ruleset::{Ending, Reply};
use crate::upstream::Events;

/// What waits together leaves in one write, up to about so many bytes.
const WRITE: usize = 16 << 10;

/// A streamed answer.
pub(super) struct StreamBody {
    /// The way back through the rules.
    pub(super) reply: Reply,
    /// What the upstream says; none: the answer is over.
    pub(super) events: Option<Events>,
    /// The place that the turn takes.
    pub(super) underway: Underway,
    /// Its place among its key's turns, and what its call uses.
    pub(super) admitted: Admitted,
    /// What is kept of it for rules in the shadow.
    pub(super) shadow: Option<Shadow>,
    /// What is counted of it.
    pub(super) meter: TurnMeter,
    /// Who answers.
    pub(super) upstream: String,
    /// What the caller hears where the answer breaks.
    pub(super) apology: String,
    /// The turn's id.
    pub(super) turn: String,
}

impl MessageBody for StreamBody {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        let this = &mut *self;
        let Some(events) = &mut this.events else {
            return Poll::Ready(None);
        };
        let mut out = Vec::new();
        let ending = loop {
            match events.poll_event(cx) {
                Poll::Ready(Some(Ok(event))) if event.kind == EventKind::Done => {
                    break Ending::Whole;
                }
                Poll::Ready(Some(Ok(event))) => {
                    this.admitted.hear(event.said());
                    this.reply.event(&event, &mut out);
                    if let Some(shadow) = &mut this.shadow {
                        shadow.event(event);
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    warn!(turn = %this.turn, %error, "the upstream failed to");
                    meters::upstream_failure(&this.upstream, error.reason());
                    break Ending::Cut(&this.apology);
                }
                // Without a finish reason nobody can tell an end from a cut.
                Poll::Ready(None) if this.reply.is_finished() => break Ending::Whole,
                Poll::Ready(None) => {
                    warn!(turn = %this.turn, "the upstream's answer has no end");
                    meters::upstream_failure(&this.upstream, "cut");
                    break Ending::Cut(&this.apology);
                }
                Poll::Pending => match this.underway.poll_told(cx) {
                    Poll::Ready(Told::Replaced) => {
                        debug!(turn = %this.turn, "a newer turn of the call replaced this one");
                        break Ending::Abandoned;
                    }
                    Poll::Ready(Told::Cut) => {
                        warn!(turn = %this.turn, "the server ends before this turn does");
                        break Ending::Cut(&this.apology);
                    }
                    Poll::Pending if out.is_empty() => return Poll::Pending,
                    Poll::Pending => return Poll::Ready(Some(Ok(out.into()))),
                },
            }
            if out.len() >= WRITE {
                return Poll::Ready(Some(Ok(out.into())));
            }
        };
        this.meter.end(match ending {
            Ending::Abandoned => TurnEnd::Replaced,
            Ending::Cut(_) if !this.reply.is_finished() => TurnEnd::Apology,
            Ending::Whole | Ending::Cut(_) => TurnEnd::Answered,
        });
        this.reply.end(ending, &mut out);
        let events = this.events.take();
        if let (Ending::Whole, Some(mut events)) = (ending, events)
            && events.poll_rest(cx).is_pending()
        {
            // The client must not wait for the end of the upstream's connection. Bounded by a
            // deadline of its own.
            actix_web::rt::spawn(events.drain());
        }
        Poll::Ready(Some(Ok(out.into())))
    }
}
