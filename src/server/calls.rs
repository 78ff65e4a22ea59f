//! The turns that are under way, by call: a newer turn of a call ends the older one.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::sync::oneshot;

/// All turns under way.
#[derive(Debug, Default)]
pub(super) struct Calls {
    newest: Mutex<HashMap<String, (u64, oneshot::Sender<()>)>>,
    serial: AtomicU64,
    streams: AtomicUsize,
}

/// One turn under way; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Underway {
    calls: Arc<Calls>,
    call: Option<(String, u64)>,
    replaced: Option<oneshot::Receiver<()>>,
}

impl Calls {
    /// Begins a turn. `call` tells calls apart, also those of different callers; a turn without
    /// one stands alone. None: `most` turns are under way already.
    pub(super) fn begin(self: &Arc<Self>, call: Option<String>, most: usize) -> Option<Underway> {
        let before = self.streams.fetch_add(1, Ordering::AcqRel);
        let mut underway = Underway {
            calls: self.clone(),
            call: None,
            replaced: None,
        };
        if before >= most {
            return None;
        }
        if let Some(call) = call {
            let serial = self.serial.fetch_add(1, Ordering::Relaxed);
            let (sender, receiver) = oneshot::channel();
            let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, older)) = newest.insert(call.clone(), (serial, sender)) {
                // An error only says that the older turn is over.
                let _ = older.send(());
            }
            underway.call = Some((call, serial));
            underway.replaced = Some(receiver);
        }
        Some(underway)
    }

    /// How many turns are under way.
    pub(super) fn count(&self) -> usize {
        self.streams.load(Ordering::Acquire)
    }
}

impl Underway {
    /// Ready when a newer turn of the call has begun.
    pub(super) fn poll_replaced(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(receiver) = &mut self.replaced else {
            return Poll::Pending;
        };
        match Pin::new(receiver).poll(cx) {
            Poll::Ready(Ok(())) => {
                self.replaced = None;
                Poll::Ready(())
            }
            Poll::Ready(Err(_)) => {
                self.replaced = None;
                Poll::Pending
            }
            Poll::Pending => Poll::Pending,
        }
    }

    /// Waits for a newer turn of the call.
    pub(super) async fn replaced(&mut self) {
        std::future::poll_fn(|cx| self.poll_replaced(cx)).await;
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.calls.streams.fetch_sub(1, Ordering::AcqRel);
        if let Some((call, serial)) = self.call.take() {
            let mut newest = self
                .calls
                .newest
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if newest.get(&call).is_some_and(|(known, _)| *known == serial) {
                newest.remove(&call);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    fn is_replaced(turn: &mut Underway) -> bool {
        turn.poll_replaced(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    }

    #[test]
    fn a_newer_turn_of_the_call_replaces_the_older() {
        let calls = Arc::new(Calls::default());
        let begin = |call: Option<&str>| {
            calls
                .begin(call.map(str::to_owned), 10)
                .expect("there is room")
        };
        let (mut a1, mut b1, mut none) = (begin(Some("a")), begin(Some("b")), begin(None));
        let mut a2 = begin(Some("a"));
        let mut other = begin(None);
        assert!(is_replaced(&mut a1));
        for turn in [&mut b1, &mut none, &mut a2, &mut other] {
            assert!(!is_replaced(turn));
        }
        drop(a1);
        let _a3 = begin(Some("a"));
        assert!(
            is_replaced(&mut a2),
            "the end of the oldest forgets nothing"
        );
        assert_eq!(calls.count(), 5);
    }

    #[test]
    fn r34_a_poisoned_lock_stops_nobody() {
        let calls = Arc::new(Calls::default());
        let poisoning = calls.clone();
        let poisoned = std::thread::spawn(move || {
            let _newest = poisoning.newest.lock();
            panic!("it breaks while it holds the lock");
        });
        assert!(poisoned.join().is_err() && calls.newest.is_poisoned());
        let call = || {
            calls
                .begin(Some("a".to_owned()), 10)
                .expect("there is room")
        };
        let mut older = call();
        let newer = call();
        assert!(is_replaced(&mut older));
        drop((older, newer));
        assert_eq!(calls.count(), 0);
    }

    #[test]
    fn there_is_a_most_of_turns_and_their_ends_make_room() {
        let calls = Arc::new(Calls::default());
        let one = calls.begin(None, 1);
        assert!(one.is_some() && calls.begin(None, 1).is_none());
        drop(one);
        assert!(calls.begin(None, 1).is_some());
        assert_eq!(calls.count(), 0);
    }
}
