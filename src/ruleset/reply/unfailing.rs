//! Rules that must not fail on the way back: where one does, the reply ends.

use std::panic::resume_unwind;

use crate::rule::{ReplyFaults, TextFilter};

/// A filter of a rule with `on_error = "fail"`. Where it notes a fault it breaks, and what breaks a
/// reply ends it: nothing of it that is held is said.
pub(super) struct UnfailingFilter {
    filter: Box<dyn TextFilter>,
    faults: ReplyFaults,
}

impl UnfailingFilter {
    pub(super) fn new(filter: Box<dyn TextFilter>, faults: &ReplyFaults) -> UnfailingFilter {
        UnfailingFilter {
            filter,
            faults: faults.clone(),
        }
    }

    fn must(&mut self, work: impl FnOnce(&mut dyn TextFilter)) {
        let before = self.faults.count();
        work(&mut *self.filter);
        if self.faults.count() != before {
            // Unlike a panic it says nothing: the fault is told with the turn.
            resume_unwind(Box::new("a rule failed that must not"));
        }
    }
}

impl TextFilter for UnfailingFilter {
    fn push(&mut self, piece: &str, out: &mut String) {
        self.must(|filter| filter.push(piece, out));
    }

    fn finish(&mut self, out: &mut String) {
        self.must(|filter| filter.finish(out));
    }

    fn pause(&mut self, out: &mut String) {
        self.must(|filter| filter.pause(out));
    }

    fn hides(&self) -> bool {
        self.filter.hides()
    }

    fn held(&self) -> usize {
        self.filter.held()
    }
}
