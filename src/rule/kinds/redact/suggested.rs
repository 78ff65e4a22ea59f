//! Names that a model finds in what is said, remembered by text: one pass a new message.
//!
//! Only what caller and assistant say is read. It is no part of what a rule must do in time: a text
//! for which there was none is read in a later turn, and until then the table of names has to do.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;

use super::labels::RuleLabels;
use super::memo::SearchContext;
use crate::detect::{SharedNameFinder, Speaker};
use crate::rule::Identity;

/// The memory in bytes.
const MOST_BYTES: u64 = 4 << 20;
/// What no turn asked for in so long is forgotten.
const IDLE: Duration = Duration::from_secs(15 * 60);
/// Nobody says so much at once: a longer text is left to the table.
const LONGEST: usize = 2 << 10;

type Words = Arc<[Range<usize>]>;

/// A model that finds names, and what it found.
#[derive(Debug, Clone)]
pub(super) struct SuggestedNames {
    finder: SharedNameFinder,
    found: Cache<Identity, Words>,
}

impl SuggestedNames {
    pub(super) fn new(finder: &SharedNameFinder) -> SuggestedNames {
        let weigh = |_: &Identity, words: &Words| {
            u32::try_from(128 + size_of_val(&**words)).unwrap_or(u32::MAX)
        };
        let found = Cache::builder()
            .max_capacity(MOST_BYTES)
            .weigher(weigh)
            .time_to_idle(IDLE)
            .build();
        SuggestedNames {
            finder: finder.clone(),
            found,
        }
    }

    /// The words of a text that may be names; none: there was no time to read it.
    pub(super) fn of(
        &self,
        labels: &RuleLabels,
        text: &str,
        context: SearchContext<'_>,
    ) -> Option<Words> {
        let is_said = context.speaker != Speaker::Other;
        if !is_said || text.len() > LONGEST || !text.contains(char::is_alphabetic) {
            return Some(Words::default());
        }
        let key = labels.identity(&("names", text));
        if let Some(known) = self.found.get(&key) {
            return Some(known);
        }
        let names = self.finder.names(text, &|| context.clock.is_half_over())?;
        let words = Words::from(names);
        self.found.insert(key, words.clone());
        Some(words)
    }
}
