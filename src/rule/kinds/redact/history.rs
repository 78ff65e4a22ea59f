//! What a rule made of a call's history, remembered for the call's next turn.
//!
//! The whole history comes each turn, and nearly all of it was seen in the turn before. Each
//! message is hashed together with all before it; where such a hash is known, everything up to
//! there is taken as it was left, and only what follows is searched. What is remembered holds no
//! private value: the messages as they went upstream, and where in the messages that came the
//! values stand.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;

use super::labels::RuleLabels;
use super::repeated::RepeatedValues;
use crate::chat::{ChatRequest, Message, Role};
use crate::detect::Cues;
use crate::rule::{Identity, NumberedValues};

/// The memory for histories of one rule, in bytes.
const MOST_BYTES: u64 = 32 << 20;
/// What one value takes in the tables of a history, in bytes, about.
const VALUE: usize = 2400;
/// What no turn asked for in so long is forgotten.
const IDLE: Duration = Duration::from_secs(15 * 60);
/// A history is remembered anew when so many messages came to it.
const STRIDE: usize = 8;
/// So many messages back from the newest a remembered history is looked for.
const REACH: usize = 64;

/// The histories that one rule remembers.
#[derive(Debug, Clone)]
pub(super) struct Histories(Cache<Identity, Arc<PastHistory>>);

/// What became of the first messages of a history.
#[derive(Debug, Clone, Default)]
pub(super) struct PastHistory {
    /// How many messages.
    pub(super) length: usize,
    /// Those that were changed: which, and what they became.
    pub(super) changed: Vec<(usize, Message)>,
    /// The values, each at its place in one of `changed`.
    pub(super) values: Arc<NumberedValues>,
    /// What was found, to be hidden in what follows.
    pub(super) found: Arc<RepeatedValues>,
    /// The cues for what follows; none before the first message.
    pub(super) cues: Option<Cues>,
}

/// The stable messages of a request, and what each tells of all up to it.
#[derive(Debug)]
pub(super) struct MessageChain {
    /// One before the first message, and one behind each.
    links: Vec<Identity>,
    /// How many messages stand before the newest user message.
    stable: usize,
}

impl MessageChain {
    /// `start`: all that decides what is found, beside the messages.
    pub(super) fn of(request: &ChatRequest, start: Identity, labels: &RuleLabels) -> MessageChain {
        let messages = || {
            request
                .messages()
                .iter()
                .filter(|message| !message.is_at_tail())
        };
        let mut links = Vec::with_capacity(request.messages().len() + 1);
        links.push(start);
        let mut link = start;
        links.extend(messages().map(|message| {
            link = labels.identity(&(link, message));
            link
        }));
        let stable = messages().collect::<Vec<_>>();
        let newest = stable
            .iter()
            .rposition(|message| message.role() == Role::User);
        MessageChain {
            stable: newest.unwrap_or(stable.len()),
            links,
        }
    }
}

impl Histories {
    pub(super) fn new() -> Histories {
        let weigh = |_: &Identity, past: &Arc<PastHistory>| {
            let texts: usize = past
                .changed
                .iter()
                .map(|(_, message)| message.weight())
                .sum();
            let values = past.values.len() * VALUE;
            u32::try_from(512 + texts + values).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder()
            .max_capacity(MOST_BYTES)
            .weigher(weigh)
            .time_to_idle(IDLE)
            .build();
        Histories(cache)
    }

    /// The longest beginning of this history that is remembered.
    pub(super) fn longest(&self, chain: &MessageChain) -> Option<Arc<PastHistory>> {
        let links = chain.links[1..].iter().rev().take(REACH);
        links.into_iter().find_map(|link| self.0.get(link))
    }

    /// Where a history should be remembered that was known up to `known` messages: before its
    /// newest user message, which is often sent again in other words.
    pub(super) fn worth(&self, chain: &MessageChain, known: usize) -> Option<usize> {
        (chain.stable >= known + STRIDE).then_some(chain.stable)
    }

    pub(super) fn remember(&self, chain: &MessageChain, past: PastHistory) {
        if let Some(link) = chain.links.get(past.length) {
            self.0.insert(*link, Arc::new(past));
        }
    }

    /// How many histories are remembered.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.all().len()
    }

    /// All that is remembered.
    #[cfg(test)]
    pub(super) fn all(&self) -> Vec<Arc<PastHistory>> {
        self.0.iter().map(|(_, past)| past).collect()
    }
}
