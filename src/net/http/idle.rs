//! Connections that wait for their next request.
//!
//! A connection that its server has closed meanwhile is not used again: each is looked at before
//! it is given out.

use std::cell::RefCell;
use std::collections::HashMap;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::Instant;

use super::connect::{HttpLine, ServerOrigin};

/// How long an idle connection is kept: below the 60 s after which common servers close theirs.
const KEEP_IDLE: Duration = Duration::from_secs(55);
/// How long any connection is used, so that DNS changes are seen.
const KEEP_AT_MOST: Duration = Duration::from_secs(600);

/// The idle connections of one worker, those used last at the end.
#[derive(Default)]
pub(super) struct Idle(RefCell<HashMap<ServerOrigin, Vec<Waiting>>>);

struct Waiting {
    line: HttpLine,
    since: Instant,
}

impl Waiting {
    fn is_good(&self) -> bool {
        self.since.elapsed() < KEEP_IDLE && self.line.age() < KEEP_AT_MOST
    }
}

impl Idle {
    /// A connection to this server that is open still.
    pub(super) fn take(&self, origin: &ServerOrigin) -> Option<HttpLine> {
        let mut idle = self.0.borrow_mut();
        let waiting = idle.get_mut(origin)?;
        while let Some(mut last) = waiting.pop() {
            let mut cx = Context::from_waker(Waker::noop());
            let is_open = matches!(last.line.poll_ready(&mut cx), Poll::Ready(true));
            if is_open && last.is_good() {
                return Some(last.line);
            }
        }
        None
    }

    /// Keeps a connection, and closes those of all servers that have waited too long.
    pub(super) fn keep(&self, origin: ServerOrigin, line: HttpLine) {
        let mut idle = self.0.borrow_mut();
        idle.retain(|_, waiting| {
            waiting.retain(Waiting::is_good);
            !waiting.is_empty()
        });
        let since = Instant::now();
        let waiting = Waiting { line, since };
        if waiting.is_good() {
            idle.entry(origin).or_default().push(waiting);
        }
    }
}

impl std::fmt::Debug for Idle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count: usize = self.0.borrow().values().map(Vec::len).sum();
        f.debug_tuple("Idle").field(&count).finish()
    }
}
