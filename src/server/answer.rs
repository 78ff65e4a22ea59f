//! The body of a streamed answer: events of the upstream through the rules to the client.
//!
//! The body owns the upstream's response: dropping one drops the other. It never breaks off: what
//! goes wrong ends in the apology.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use tracing::{debug, warn};

use super::calls::{Told, Underway};
use super::held::Held;
use super::limits::Admitted;
use super::meters::{self, TurnEnd, TurnMeter};
use super::recording::Recording;
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
    /// What goes on for it; none: the answer is over.
    pub(super) live: Option<Held<Live>>,
    /// What the caller hears where the answer breaks.
    pub(super) apology: String,
    /// The turn's id.
    pub(super) turn: String,
}

/// What goes on for an answer; dropping it ends that.
pub(super) struct Live {
    /// What the upstream says.
    pub(super) events: Events,
    /// Who that is.
    pub(super) upstream: String,
    /// The place that the turn takes.
    pub(super) underway: Underway,
    /// Its place among its key's turns, and what its call uses.
    pub(super) admitted: Admitted,
    /// What is kept of it for rules in the shadow.
    pub(super) shadow: Option<Shadow>,
    /// What is counted of it.
    pub(super) meter: TurnMeter,
    /// What is recorded of it; none: nothing.
    pub(super) recording: Option<Recording>,
}

/// Why no more events are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Whole,
    Cut,
    Abandoned,
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
        let Some(held) = &this.live else {
            return Poll::Ready(None);
        };
        let mut out = Vec::new();
        let mut live = held.asked();
        let stop = match live.as_mut() {
            Some(live) => {
                let stop = live.poll_stop(&mut this.reply, &this.turn, cx, &mut out);
                if this.reply.has_spoken() {
                    live.meter.line.heard();
                }
                stop
            }
            // The client took nothing for so long that this was given up.
            None => Poll::Ready(Stop::Cut),
        };
        let Poll::Ready(stop) = stop else {
            if out.is_empty() {
                return Poll::Pending;
            }
            held.gave();
            return Poll::Ready(Some(Ok(out.into())));
        };
        let ended = live.take();
        drop(live);
        this.live = None;
        let ending = match stop {
            Stop::Whole => Ending::Whole,
            Stop::Cut => Ending::Cut(&this.apology),
            Stop::Abandoned => Ending::Abandoned,
        };
        if let Some(mut live) = ended {
            let end = match stop {
                Stop::Abandoned => TurnEnd::Replaced,
                Stop::Cut if !this.reply.is_finished() => TurnEnd::Apology,
                Stop::Whole | Stop::Cut => TurnEnd::Answered,
            };
            live.meter.end(end);
            live.recording.iter_mut().for_each(|it| it.end(end));
            if stop == Stop::Whole && live.events.poll_rest(cx).is_pending() {
                // The client must not wait for the end of the upstream's connection. Bounded by a
                // deadline of its own.
                actix_web::rt::spawn(live.events.drain());
            }
        }
        end(&mut this.reply, ending, &mut out);
        Poll::Ready(Some(Ok(out.into())))
    }
}

impl Live {
    /// Takes events until no more are to be taken. Pending with something written: it goes out.
    fn poll_stop(
        &mut self,
        reply: &mut Reply,
        turn: &str,
        cx: &mut Context<'_>,
        out: &mut Vec<u8>,
    ) -> Poll<Stop> {
        while out.len() < WRITE {
            match self.events.poll_event(cx) {
                Poll::Ready(Some(Ok(event))) if event.kind == EventKind::Done => {
                    return Poll::Ready(Stop::Whole);
                }
                Poll::Ready(Some(Ok(event))) => {
                    self.admitted.hear(event.said());
                    if let Some(recording) = &mut self.recording {
                        recording.hear(&event.data);
                    }
                    if !is_unbroken(reply, out, |reply, out| reply.event(&event, out)) {
                        return Poll::Ready(Stop::Cut);
                    }
                    if let Some(shadow) = &mut self.shadow {
                        shadow.event(event);
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    warn!(turn, %error, "the upstream failed to");
                    meters::upstream_failure(&self.upstream, error.reason());
                    return Poll::Ready(Stop::Cut);
                }
                // Without a finish reason nobody can tell an end from a cut.
                Poll::Ready(None) if reply.is_finished() => return Poll::Ready(Stop::Whole),
                Poll::Ready(None) => {
                    warn!(turn, "the upstream's answer has no end");
                    meters::upstream_failure(&self.upstream, "cut");
                    return Poll::Ready(Stop::Cut);
                }
                Poll::Pending => match self.underway.poll_told(cx) {
                    Poll::Ready(Told::Replaced) => {
                        debug!(turn, "a newer turn of the call replaced this one");
                        return Poll::Ready(Stop::Abandoned);
                    }
                    Poll::Ready(Told::Cut) => {
                        warn!(turn, "the server ends before this turn does");
                        return Poll::Ready(Stop::Cut);
                    }
                    Poll::Pending => return Poll::Pending,
                },
            }
        }
        Poll::Pending
    }
}

fn end(reply: &mut Reply, ending: Ending<'_>, out: &mut Vec<u8>) {
    if !is_unbroken(reply, out, |reply, out| reply.end(ending, out)) {
        reply.end(ending, out);
    }
}

/// Does a step of the way back. Where a rule panics in it, nothing of the step goes out, nor what
/// any rule holds back; and this turn only is hit.
fn is_unbroken(
    reply: &mut Reply,
    out: &mut Vec<u8>,
    step: impl FnOnce(&mut Reply, &mut Vec<u8>),
) -> bool {
    let before = out.len();
    let done = catch_unwind(AssertUnwindSafe(|| step(reply, out))).is_ok();
    if !done {
        out.truncate(before);
        reply.drop_held();
    }
    done
}

#[cfg(test)]
mod tests;
