//! The body of a streamed answer: events of the upstream through the rules to the client.
//!
//! The body owns the upstream's response: dropping one drops the other. It never breaks off: what
//! goes wrong ends in the apology, and a panic anywhere does too.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use tracing::{error, warn};

use super::held::HeldForClient;
use super::repeated::ReplyCapture;
use super::witness::TurnWitness;
use crate::chat::reader::EventKind;
use crate::ruleset::{Ending, Reply};
use crate::server::state::limits::AdmittedTurn;
use crate::server::state::meters::TurnEnd;
use crate::server::state::underway::{EarlyEnd, TurnUnderway};
use crate::upstream::{Events, StateCapture, UpstreamError};

/// What waits together leaves in one write, up to about so many bytes.
const WRITE: usize = 16 << 10;

/// A streamed answer.
pub(super) struct StreamBody {
    /// The way back through the rules.
    pub(super) reply: Reply,
    /// What goes on for it; none: the answer is over.
    pub(super) live: Option<HeldForClient<OpenStream>>,
    /// What the caller hears where the answer breaks.
    pub(super) apology: String,
    /// The turn's id.
    pub(super) turn: String,
    /// How long the work on it took up to here.
    pub(super) took: Duration,
}

/// What goes on for an answer; dropping it ends that.
pub(super) struct OpenStream {
    /// What the upstream says.
    pub(super) events: Events,
    /// What it leaves for later turns; none: nothing that is wanted back.
    pub(super) capture: Option<StateCapture>,
    /// What it says, where it may be given again.
    pub(super) again: Option<ReplyCapture>,
    /// Who that is.
    pub(super) upstream: String,
    /// Who watches it. Before the place, so that whoever waits for the last turn finds it recorded.
    pub(super) witness: TurnWitness,
    /// The place that the turn takes.
    pub(super) underway: TurnUnderway,
    /// Its place among its key's turns, and what its call uses.
    pub(super) admitted: AdmittedTurn,
}

/// Why no more events are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StreamStop {
    Whole,
    Cut,
    /// Something of ours broke.
    Broken,
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
        let began = Instant::now();
        let this = &mut *self;
        let Some(held) = &this.live else {
            return Poll::Ready(None);
        };
        let mut out = Vec::new();
        let mut live = held.asked();
        let stop = match live.as_mut() {
            Some(live) => {
                let asked = (&*this.turn, began);
                let poll = || live.poll_stop(&mut this.reply, asked, cx, &mut out);
                let stop = unbroken(poll).unwrap_or_else(|| Poll::Ready(live.broke(&this.turn)));
                if this.reply.has_spoken() {
                    live.witness.spoke();
                }
                stop
            }
            // The client took nothing for so long that this was given up.
            None => Poll::Ready(StreamStop::Cut),
        };
        let Poll::Ready(stop) = stop else {
            this.took += began.elapsed();
            if out.is_empty() {
                return Poll::Pending;
            }
            held.gave();
            return Poll::Ready(Some(Ok(out.into())));
        };
        let ended = live.take();
        drop(live);
        this.live = None;
        let end = this.end(stop, &mut out);
        if let Some(mut live) = ended {
            let took = this.took + began.elapsed();
            live.witness.replied(took, this.reply.most_held());
            unbroken(|| live.close(stop, end, cx));
        }
        this.let_go();
        Poll::Ready(Some(Ok(out.into())))
    }
}

impl StreamBody {
    /// Writes the end of the reply; how the turn ends with it.
    fn end(&mut self, stop: StreamStop, out: &mut Vec<u8>) -> TurnEnd {
        let apology = Ending::Cut(&self.apology);
        let (ending, end) = match stop {
            StreamStop::Whole => (Ending::Whole, TurnEnd::Answered),
            StreamStop::Abandoned => (Ending::Abandoned, TurnEnd::Replaced),
            StreamStop::Broken => (apology, TurnEnd::Broken),
            StreamStop::Cut if self.reply.is_finished() => (apology, TurnEnd::Answered),
            StreamStop::Cut => (apology, TurnEnd::Apology),
        };
        let reply = &mut self.reply;
        if is_unbroken(reply, out, |reply, out| reply.end(ending, out)) {
            return end;
        }
        error!(turn = self.turn, "something broke in the end of a reply");
        // What the rules held back is lost, so the caller is not to take it for all.
        let again = match stop {
            StreamStop::Abandoned => ending,
            StreamStop::Whole | StreamStop::Cut | StreamStop::Broken => apology,
        };
        if !is_unbroken(reply, out, |reply, out| reply.end(again, out)) {
            Reply::untouched().end(apology, out);
        }
        TurnEnd::Broken
    }

    /// Lets go of all that the answer held. Nothing that breaks in it is felt outside, where the
    /// last words may yet wait to be sent.
    fn let_go(&mut self) {
        unbroken(|| drop(self.live.take()));
        let reply = std::mem::replace(&mut self.reply, Reply::untouched());
        unbroken(|| drop(reply));
    }
}

impl Drop for StreamBody {
    fn drop(&mut self) {
        self.let_go();
    }
}

impl OpenStream {
    /// Notes how the turn ended, and lets go.
    fn close(mut self, stop: StreamStop, end: TurnEnd, cx: &mut Context<'_>) {
        self.witness.ended(end);
        if let (StreamStop::Whole, Some(again)) = (stop, self.again.take()) {
            again.keep();
        }
        if stop == StreamStop::Whole && self.events.poll_rest(cx).is_pending() {
            // The client must not wait for the end of the upstream's connection. Bounded by a
            // deadline of its own.
            actix_web::rt::spawn(self.events.drain());
        }
    }

    /// Something broke while the upstream's answer was read, or watched.
    fn broke(&mut self, turn: &str) -> StreamStop {
        error!(
            turn,
            "something broke behind a first word; the caller hears the apology"
        );
        self.witness.failed(&self.upstream, &UpstreamError::Panic);
        StreamStop::Broken
    }

    /// The answer is over, and was not at its end.
    fn cut(&mut self, turn: &str) -> StreamStop {
        warn!(turn, "the upstream's answer has no end");
        self.witness.misbehaved(&self.upstream, "cut");
        StreamStop::Cut
    }

    /// Takes events until no more are to be taken, of the turn of this id, from then on. Pending with
    /// something written: it goes out.
    fn poll_stop(
        &mut self,
        reply: &mut Reply,
        (turn, now): (&str, Instant),
        cx: &mut Context<'_>,
        out: &mut Vec<u8>,
    ) -> Poll<StreamStop> {
        while out.len() < WRITE {
            match self.events.poll_event(cx) {
                Poll::Ready(Some(Ok(event))) if event.kind == EventKind::Done => {
                    return Poll::Ready(match reply.is_cut_in_call() {
                        true => self.cut(turn),
                        false => StreamStop::Whole,
                    });
                }
                Poll::Ready(Some(Ok(event))) => {
                    self.admitted.hear(event.said());
                    if let Some(capture) = &mut self.capture {
                        capture.event(&event);
                    }
                    if let Some(again) = &mut self.again {
                        again.event(&event);
                    }
                    self.witness.heard(&event, now);
                    if !is_unbroken(reply, out, |reply, out| reply.event(&event, out)) {
                        error!(
                            turn,
                            "a rule broke on the way back; the caller hears the apology"
                        );
                        return Poll::Ready(StreamStop::Broken);
                    }
                    if reply.is_overfull() {
                        let error = UpstreamError::overfull();
                        self.witness.failed(&self.upstream, &error);
                        return Poll::Ready(StreamStop::Cut);
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    self.witness.failed(&self.upstream, &error);
                    return Poll::Ready(StreamStop::Cut);
                }
                // Without a finish reason nobody can tell the end of a text from a cut.
                Poll::Ready(None) if reply.is_finished() || reply.has_whole_calls() => {
                    return Poll::Ready(StreamStop::Whole);
                }
                Poll::Ready(None) => return Poll::Ready(self.cut(turn)),
                Poll::Pending => match self.underway.poll_early_end(cx) {
                    Poll::Ready(EarlyEnd::Replaced { by }) => {
                        self.witness.superseded_by(&by);
                        return Poll::Ready(StreamStop::Abandoned);
                    }
                    Poll::Ready(EarlyEnd::Cut) => {
                        warn!(turn, "the server ends before this turn does");
                        return Poll::Ready(StreamStop::Cut);
                    }
                    Poll::Pending => return Poll::Pending,
                },
            }
        }
        Poll::Pending
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
    let done = unbroken(|| step(reply, out)).is_some();
    if !done {
        out.truncate(before);
        unbroken(|| reply.drop_held());
    }
    done
}

/// Does something; none where it panics.
fn unbroken<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests;
