//! Gives up what is held for a client that takes nothing any more.
//!
//! A body is not asked for more while its socket is full, so it can't notice that itself. It says
//! when it is asked and when it gives; a timer of its own does the rest, and ends with it.

use std::cell::{Cell, RefCell, RefMut};
use std::rc::Rc;
use std::time::Duration;

use actix_web::rt;
use tokio::time::{Instant, sleep_until};

/// How long a client may take nothing (TESTS.md R05).
const LONGEST: Duration = Duration::from_secs(30);

/// What is held for a client.
pub(super) struct HeldForClient<T> {
    shared: Rc<HeldState<T>>,
    timer: rt::task::JoinHandle<()>,
}

struct HeldState<T> {
    value: RefCell<Option<T>>,
    /// Since when a piece waits to be taken; none: the client waits for us.
    given: Cell<Option<Instant>>,
}

impl<T: 'static> HeldForClient<T> {
    /// Holds it from now on, for this turn.
    pub(super) fn new(value: T, turn: &str) -> HeldForClient<T> {
        let shared = Rc::new(HeldState {
            value: RefCell::new(Some(value)),
            given: Cell::new(None),
        });
        let timer = rt::spawn(give_up(shared.clone(), turn.to_owned()));
        HeldForClient { shared, timer }
    }

    /// The client asks for more; none: what was held is given up.
    pub(super) fn asked(&self) -> RefMut<'_, Option<T>> {
        self.shared.given.set(None);
        self.shared.value.borrow_mut()
    }

    /// The client was given a piece.
    pub(super) fn gave(&self) {
        self.shared.given.set(Some(Instant::now()));
    }
}

impl<T> Drop for HeldForClient<T> {
    fn drop(&mut self) {
        self.timer.abort();
    }
}

async fn give_up<T>(shared: Rc<HeldState<T>>, turn: String) {
    loop {
        let since = shared.given.get();
        sleep_until(since.unwrap_or_else(Instant::now) + LONGEST).await;
        // The same piece still waits.
        if since.is_some() && since == shared.given.get() {
            shared.value.take();
            tracing::warn!(turn, waited = ?LONGEST, "the client took nothing, so the turn was ended");
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::testing::paused;

    const SECOND: Duration = Duration::from_secs(1);

    fn is_held(held: &HeldForClient<u8>) -> bool {
        held.shared.value.borrow().is_some()
    }

    #[test]
    fn r05_what_nobody_takes_is_given_up_after_30_seconds() {
        paused(async {
            let held = HeldForClient::new(7, "turn");
            tokio::time::sleep(17 * SECOND).await;
            held.gave();
            tokio::time::sleep(LONGEST - SECOND).await;
            assert!(is_held(&held));
            tokio::time::sleep(2 * SECOND).await;
            assert!(!is_held(&held) && held.asked().is_none());
        });
    }

    #[test]
    fn r05_who_takes_slowly_or_waits_for_us_keeps_it() {
        paused(async {
            let held = HeldForClient::new(7, "turn");
            for _ in 0..5 {
                held.gave();
                tokio::time::sleep(LONGEST - SECOND).await;
                assert!(held.asked().is_some());
                tokio::time::sleep(3 * LONGEST).await;
            }
            assert!(is_held(&held));
        });
    }
}
