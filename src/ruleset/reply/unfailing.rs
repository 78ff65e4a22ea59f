//! Rules that must not fail on the way back: where one does, the reply ends.

use std::panic::resume_unwind;

use crate::rule::{ReplyFaults, TextFilter};

/// A filter of a rule with `on_error = "fail"`. What came before its fault is said, as it would be
/// had the text come in smaller pieces; then it breaks, and what breaks a reply ends it: nothing of
/// it that is held is said.
pub(super) struct UnfailingFilter {
    filter: Box<dyn TextFilter>,
    faults: ReplyFaults,
    is_broken: bool,
}

impl UnfailingFilter {
    pub(super) fn new(mut filter: Box<dyn TextFilter>, faults: &ReplyFaults) -> UnfailingFilter {
        filter.stop_at_faults();
        UnfailingFilter {
            filter,
            faults: faults.clone(),
            is_broken: false,
        }
    }

    /// Does something of the text, unless it failed before.
    fn must(&mut self, work: impl FnOnce(&mut dyn TextFilter)) {
        if self.is_broken {
            // Unlike a panic it says nothing: the fault is told with the turn.
            resume_unwind(Box::new("a rule failed that must not"));
        }
        let before = self.faults.count();
        work(&mut *self.filter);
        self.is_broken = self.faults.count() != before;
    }
}

impl TextFilter for UnfailingFilter {
    fn push(&mut self, piece: &str, out: &mut String) {
        let before = out.len();
        self.must(|filter| filter.push(piece, out));
        if self.is_broken && out.len() == before {
            // Nothing waits to be said.
            self.must(|_| {});
        }
    }

    fn finish(&mut self, out: &mut String) {
        self.must(|filter| filter.finish(out));
        if self.is_broken {
            self.must(|_| {});
        }
    }

    fn hides(&self) -> bool {
        self.filter.hides()
    }

    fn held(&self) -> usize {
        self.filter.held()
    }
}
