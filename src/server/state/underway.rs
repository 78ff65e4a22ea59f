//! The turns that are under way, by call: a newer turn of a call ends the older one, and the end of
//! the server ends them all.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::sync::oneshot;

/// All turns under way.
#[derive(Debug, Default)]
pub(in crate::server) struct TurnsUnderway {
    turns: Mutex<TurnList>,
    streams: AtomicUsize,
}

/// Why a turn is to end early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) enum EarlyEnd {
    /// A newer turn of the call has begun.
    Replaced {
        /// Its id.
        by: String,
    },
    /// The server ends, and its time is over.
    Cut,
}

#[derive(Debug, Default)]
struct TurnList {
    /// The newest turn of each call.
    newest: HashMap<String, u64>,
    told: HashMap<u64, oneshot::Sender<EarlyEnd>>,
    serial: u64,
    is_cut: bool,
}

/// One turn under way; it ends when this is dropped.
#[derive(Debug)]
pub(in crate::server) struct TurnUnderway {
    calls: Arc<TurnsUnderway>,
    call: Option<String>,
    serial: Option<u64>,
    told: Option<oneshot::Receiver<EarlyEnd>>,
}

impl TurnsUnderway {
    /// Begins the turn of this id. `call` tells calls apart, also those of different callers; a turn without
    /// one stands alone. None: `most` turns are under way already, or all were cut.
    pub(in crate::server) fn begin(
        self: &Arc<Self>,
        turn: &str,
        call: Option<String>,
        most: usize,
    ) -> Option<TurnUnderway> {
        let before = self.streams.fetch_add(1, Ordering::AcqRel);
        let mut underway = TurnUnderway {
            calls: self.clone(),
            call: None,
            serial: None,
            told: None,
        };
        let mut turns = self.turns();
        if before >= most || turns.is_cut {
            return None;
        }
        turns.serial += 1;
        let serial = turns.serial;
        if let Some(call) = &call
            && let Some(older) = turns.newest.insert(call.clone(), serial)
            && let Some(older) = turns.told.remove(&older)
        {
            // An error only says that the older turn is over.
            let by = turn.to_owned();
            let _ = older.send(EarlyEnd::Replaced { by });
        }
        let (sender, receiver) = oneshot::channel();
        turns.told.insert(serial, sender);
        underway.call = call;
        underway.serial = Some(serial);
        underway.told = Some(receiver);
        Some(underway)
    }

    /// How many turns are under way.
    pub(in crate::server) fn count(&self) -> usize {
        self.streams.load(Ordering::Acquire)
    }

    /// Ends all turns that are under way; none begins any more.
    pub(in crate::server) fn cut(&self) {
        let mut turns = self.turns();
        turns.is_cut = true;
        for (_, turn) in turns.told.drain() {
            let _ = turn.send(EarlyEnd::Cut);
        }
    }

    fn turns(&self) -> MutexGuard<'_, TurnList> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TurnUnderway {
    /// Ready when the turn is to end early.
    pub(in crate::server) fn poll_early_end(&mut self, cx: &mut Context<'_>) -> Poll<EarlyEnd> {
        let Some(receiver) = &mut self.told else {
            return Poll::Pending;
        };
        let Poll::Ready(told) = Pin::new(receiver).poll(cx) else {
            return Poll::Pending;
        };
        self.told = None;
        told.map_or(Poll::Pending, Poll::Ready)
    }

    /// Waits until the turn is to end early.
    pub(in crate::server) async fn early_end(&mut self) -> EarlyEnd {
        std::future::poll_fn(|cx| self.poll_early_end(cx)).await
    }
}

impl Drop for TurnUnderway {
    fn drop(&mut self) {
        if let Some(serial) = self.serial {
            let mut turns = self.calls.turns();
            turns.told.remove(&serial);
            if let Some(call) = &self.call
                && turns.newest.get(call) == Some(&serial)
            {
                turns.newest.remove(call);
            }
        }
        self.calls.streams.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    fn told(turn: &mut TurnUnderway) -> Poll<EarlyEnd> {
        turn.poll_early_end(&mut Context::from_waker(Waker::noop()))
    }

    fn is_replaced(turn: &mut TurnUnderway) -> bool {
        matches!(told(turn), Poll::Ready(EarlyEnd::Replaced { by }) if by == "turn")
    }

    #[test]
    fn a_newer_turn_of_the_call_replaces_the_older() {
        let calls = Arc::new(TurnsUnderway::default());
        let begin = |call: Option<&str>| {
            calls
                .begin("turn", call.map(str::to_owned), 10)
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
        let calls = Arc::new(TurnsUnderway::default());
        let poisoning = calls.clone();
        let poisoned = std::thread::spawn(move || {
            let _newest = poisoning.turns.lock();
            panic!("it breaks while it holds the lock");
        });
        assert!(poisoned.join().is_err() && calls.turns.is_poisoned());
        let call = || {
            calls
                .begin("turn", Some("a".to_owned()), 10)
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
        let calls = Arc::new(TurnsUnderway::default());
        let one = calls.begin("turn", None, 1);
        assert!(one.is_some() && calls.begin("turn", None, 1).is_none());
        drop(one);
        assert!(calls.begin("turn", None, 1).is_some());
        assert_eq!(calls.count(), 0);
    }

    #[test]
    fn r26_the_end_of_the_server_ends_every_turn_and_none_begins() {
        let calls = Arc::new(TurnsUnderway::default());
        let begin = |call: Option<&str>| calls.begin("turn", call.map(str::to_owned), 10);
        let mut turns: Vec<TurnUnderway> = [Some("a"), None, Some("b")]
            .into_iter()
            .filter_map(begin)
            .collect();
        assert!(turns.iter_mut().all(|turn| told(turn).is_pending()));
        calls.cut();
        assert_eq!(turns.len(), 3);
        for turn in &mut turns {
            assert_eq!(told(turn), Poll::Ready(EarlyEnd::Cut));
        }
        assert!(begin(None).is_none() && begin(Some("a")).is_none());
        drop(turns);
        assert_eq!(calls.count(), 0);
    }
}
