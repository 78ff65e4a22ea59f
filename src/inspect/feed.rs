//! What viewers are told as it happens: to all at once, and to each as fast as it takes it.
//!
//! Nobody waits for a viewer. One that falls behind is told how much it missed.

use std::sync::Arc;

use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::broadcast::{Receiver, Sender, channel};

use super::{BegunTurn, TurnHead};

/// So many events wait for the slowest viewer; then it misses the oldest.
const MOST_WAITING: usize = 256;
/// So many look on at once.
const MOST_VIEWERS: usize = 64;

/// What happened.
#[derive(Debug, Clone)]
pub enum FeedEvent {
    /// A turn came.
    Begun(Arc<BegunTurn>),
    /// A turn is over.
    Ended(Arc<TurnHead>),
    /// So many turns, or events of them, are not shown.
    Gap {
        /// How many.
        missed: u64,
    },
}

/// Who tells.
#[derive(Debug)]
pub(super) struct Feed(Sender<FeedEvent>);

/// One who looks on.
#[derive(Debug)]
pub struct FeedViewer(Receiver<FeedEvent>);

impl Feed {
    pub(super) fn new() -> Feed {
        Feed(channel(MOST_WAITING).0)
    }

    /// Tells all who look on, if anybody does.
    pub(super) fn tell(&self, event: FeedEvent) {
        // An error only says that nobody looks on.
        let _ = self.0.send(event);
    }

    /// Whether anybody looks on.
    pub(super) fn is_watched(&self) -> bool {
        self.0.receiver_count() > 0
    }

    /// One more who looks on; none: there are too many.
    pub(super) fn view(&self) -> Option<FeedViewer> {
        (self.0.receiver_count() < MOST_VIEWERS).then(|| FeedViewer(self.0.subscribe()))
    }
}

impl FeedViewer {
    /// What happened next; none: nothing will any more.
    pub async fn next(&mut self) -> Option<FeedEvent> {
        match self.0.recv().await {
            Ok(event) => Some(event),
            Err(RecvError::Lagged(missed)) => Some(FeedEvent::Gap { missed }),
            Err(RecvError::Closed) => None,
        }
    }

    /// What happened and was not told yet, if anything.
    pub fn try_next(&mut self) -> Option<FeedEvent> {
        match self.0.try_recv() {
            Ok(event) => Some(event),
            Err(TryRecvError::Lagged(missed)) => Some(FeedEvent::Gap { missed }),
            Err(TryRecvError::Empty | TryRecvError::Closed) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_that_falls_behind_is_told_how_much_it_missed() {
        let feed = Feed::new();
        let (mut slow, mut quick) = (feed.view().expect("a place"), feed.view().expect("a place"));
        for place in 0..MOST_WAITING as u64 + 40 {
            let head = TurnHead {
                place,
                ..TurnHead::default()
            };
            feed.tell(FeedEvent::Ended(Arc::new(head)));
            assert!(
                matches!(quick.try_next(), Some(FeedEvent::Ended(head)) if head.place == place)
            );
        }
        assert!(matches!(
            slow.try_next(),
            Some(FeedEvent::Gap { missed: 40 })
        ));
        assert!(matches!(slow.try_next(), Some(FeedEvent::Ended(head)) if head.place == 40));
    }

    #[test]
    fn there_are_only_so_many_places_and_they_are_free_again() {
        let feed = Feed::new();
        let mut viewers: Vec<_> = (0..MOST_VIEWERS).filter_map(|_| feed.view()).collect();
        assert_eq!(viewers.len(), MOST_VIEWERS);
        assert!(feed.view().is_none());
        viewers.pop();
        assert!(feed.view().is_some());
        viewers.clear();
        assert!(!feed.is_watched());
    }
}
