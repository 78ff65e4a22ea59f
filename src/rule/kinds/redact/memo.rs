//! What was found in a text, remembered: the history comes again each turn, and costs nothing then.
//!
//! With and without it the result is the same, so everything that decides a result is in its key.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;

use super::hit::Hit;
use super::known::KnownValues;
use super::labels::RuleLabels;
use super::repeated::RepeatedValues;
use super::request_fields::Searched;
use crate::detect::{Cues, Speaker};
use crate::rule::{Clock, Identity};

/// Texts below this many bytes are searched faster than they are looked up.
const SHORTEST_REMEMBERED: usize = 6;
/// The memo's size in bytes.
const MEMO_BYTES: u64 = 8 << 20;
/// What no turn asked for in so long is forgotten.
const MEMO_IDLE: Duration = Duration::from_secs(15 * 60);

/// What was found in one text, and the cues for the next.
#[derive(Debug)]
pub(super) struct TextFinds {
    pub(super) hits: Vec<Hit>,
    pub(super) after: Cues,
    /// Whether all that finds was asked; what is not whole is not remembered.
    pub(super) is_whole: bool,
}

/// All that decides what is found in a text, beside the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct SearchContext<'g> {
    pub(super) speaker: Speaker,
    /// What stands before the text.
    pub(super) before: &'g Cues,
    pub(super) known: &'g KnownValues,
    /// What was found before.
    pub(super) repeated: &'g RepeatedValues,
    /// Decides only whether there is time for all.
    pub(super) clock: &'g Clock,
}

impl<'g> SearchContext<'g> {
    fn key(self) -> (Speaker, &'g Cues, Option<Identity>, Option<Identity>) {
        (
            self.speaker,
            self.before,
            self.known.id(),
            self.repeated.id(),
        )
    }
}

/// What one rule found in texts of any turn.
#[derive(Debug, Clone)]
pub(super) struct SearchMemo(Cache<Identity, Arc<TextFinds>>);

impl SearchMemo {
    pub(super) fn new() -> SearchMemo {
        let weigh = |_: &Identity, found: &Arc<TextFinds>| {
            u32::try_from(192 + found.hits.len() * size_of::<Hit>()).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder()
            .max_capacity(MEMO_BYTES)
            .weigher(weigh)
            .time_to_idle(MEMO_IDLE)
            .build();
        SearchMemo(cache)
    }

    /// What is found in a text, found now where it is not remembered.
    pub(super) fn found(
        &self,
        labels: &RuleLabels,
        text: &str,
        context: SearchContext<'_>,
        find: impl FnOnce() -> TextFinds,
    ) -> Arc<TextFinds> {
        if text.len() < SHORTEST_REMEMBERED {
            return Arc::new(find());
        }
        let key = labels.identity(&(text, context.key()));
        if let Some(found) = self.0.get(&key) {
            return found;
        }
        let found = Arc::new(find());
        if found.is_whole {
            self.0.insert(key, found.clone());
        }
        found
    }

    /// What stands after a whole message in which nothing was found before, if it is remembered.
    pub(super) fn after_clean(&self, message: Identity) -> Option<Cues> {
        self.0.get(&message).map(|found| found.after.clone())
    }

    /// Remembers that nothing was found in a whole message.
    pub(super) fn remember_clean_message(&self, key: Identity, after: Cues) {
        let found = TextFinds {
            hits: Vec::new(),
            after,
            is_whole: true,
        };
        self.0.insert(key, Arc::new(found));
    }

    /// Whether nothing was found before in this JSON text, where it was searched in the same way.
    pub(super) fn is_clean(&self, key: Identity) -> bool {
        self.0.contains_key(&key)
    }

    pub(super) fn remember_clean(&self, key: Identity, known: &KnownValues) {
        self.remember_clean_message(key, Cues::at_start(known.region()));
    }
}

/// The memo's key for a whole message.
pub(super) fn message_key(
    labels: &RuleLabels,
    source: &str,
    context: SearchContext<'_>,
) -> Identity {
    labels.identity(&("message", source, context.key()))
}

/// The memo's key for a JSON text that is no message.
pub(super) fn json_key(
    labels: &RuleLabels,
    how: Searched,
    json: &str,
    known: &KnownValues,
) -> Identity {
    labels.identity(&("clean", how, json, known.id()))
}
