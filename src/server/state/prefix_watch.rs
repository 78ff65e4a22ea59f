//! How much of a call's request stands at the beginning of its last one too, which is what a provider's
//! prompt cache can use; and which rule changed that beginning, where one did.
//!
//! A thread of its own does it beside the turn, and keeps what it needs of each call: hashes and
//! lengths, never a text. A turn hands over what it shares anyway and waits for nothing; where too many
//! wait, it is not looked at.

mod marks;

use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use metrics::{Counter, Histogram};
use moka::sync::Cache;
use tracing::warn;

use super::rules::CountedRuleset;
use crate::ruleset::PromptTrail;
use crate::telemetry::metrics::{PREFIX_BREAKS, PREFIX_SHARED, counter, histogram};
use marks::{PrefixBreak, PromptHasher, PromptMarks};

/// So many turns may wait to be looked at.
const MOST_WAITING: usize = 256;
/// What is kept of all calls takes so many bytes.
const MOST_BYTES: u64 = 16 << 20;
/// So long may a call be silent.
const IDLE: Duration = Duration::from_secs(3600);

/// Who changed the beginning of a request, where no rule did.
const BY_CLIENT: &str = "(client)";
/// The same where other rules are served since.
const BY_RELOAD: &str = "(reload)";

/// The thread, which starts with the first turn of a call that has an id, and what is counted of it.
#[derive(Debug, Default)]
pub(in crate::server) struct PrefixWatch {
    thread: OnceLock<Option<SyncSender<SentPrompt>>>,
    meters: PrefixMeters,
}

#[derive(Debug, Clone)]
struct PrefixMeters {
    shared: Histogram,
    by_client: Counter,
    by_reload: Counter,
}

/// How much of a request the call's last one began with as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) struct PrefixShare {
    /// So many bytes of the prompt.
    pub(in crate::server) shared: usize,
    /// So many has it.
    pub(in crate::server) all: usize,
    /// The rule that changed what should have stayed, or who else did; none: it stayed.
    pub(in crate::server) broken_by: Option<String>,
}

impl PrefixShare {
    /// The part of it that is shared, with two decimals.
    pub(in crate::server) fn ratio(&self) -> f64 {
        (self.shared as f64 / self.all as f64 * 100.0).round() / 100.0
    }
}

/// Where the share of a turn is found once it is known; a call's first turn has none.
pub(in crate::server) type PrefixShareSlot = Arc<OnceLock<PrefixShare>>;

/// A prompt that goes upstream.
struct SentPrompt {
    rules: Arc<CountedRuleset>,
    trail: Arc<PromptTrail>,
    share: PrefixShareSlot,
}

impl PrefixWatch {
    /// Has a turn's prompt compared with that of the call's last turn, if there is room.
    pub(in crate::server) fn compare(
        &self,
        rules: &Arc<CountedRuleset>,
        trail: &Arc<PromptTrail>,
    ) -> PrefixShareSlot {
        let share = PrefixShareSlot::default();
        let start = || start(self.meters.clone());
        if let Some(thread) = self.thread.get_or_init(start) {
            // Whoever finds no room goes on without.
            let _ = thread.try_send(SentPrompt {
                rules: rules.clone(),
                trail: trail.clone(),
                share: share.clone(),
            });
        }
        share
    }
}

impl Default for PrefixMeters {
    fn default() -> PrefixMeters {
        let broken_by = |who| counter(&PREFIX_BREAKS, &[("rule", who)]);
        PrefixMeters {
            shared: histogram(&PREFIX_SHARED, &[]),
            by_client: broken_by(BY_CLIENT),
            by_reload: broken_by(BY_RELOAD),
        }
    }
}

fn start(meters: PrefixMeters) -> Option<SyncSender<SentPrompt>> {
    let (sender, all_sent) = sync_channel::<SentPrompt>(MOST_WAITING);
    let work = move || {
        let mut calls = LastPrompts::new(meters);
        for sent in all_sent {
            calls.compare(&sent);
        }
    };
    let thread = std::thread::Builder::new().name("prefix".to_owned());
    let started = thread.spawn(work);
    started
        .map_err(|error| warn!(%error, "no thread to compare prompts; `aside_prefix_*` stay empty"))
        .ok()
        .map(|_| sender)
}

/// What is kept of the last prompt of each call.
struct LastPrompts {
    meters: PrefixMeters,
    hasher: PromptHasher,
    calls: Cache<String, Arc<PromptMarks>>,
}

impl LastPrompts {
    fn new(meters: PrefixMeters) -> LastPrompts {
        let weigh = |call: &String, marks: &Arc<PromptMarks>| {
            u32::try_from(call.len() + marks.weight()).unwrap_or(u32::MAX)
        };
        LastPrompts {
            meters,
            hasher: PromptHasher::default(),
            calls: Cache::builder()
                .max_capacity(MOST_BYTES)
                .weigher(weigh)
                .time_to_idle(IDLE)
                .build(),
        }
    }

    fn compare(&mut self, sent: &SentPrompt) {
        let SentPrompt {
            rules,
            trail,
            share,
        } = sent;
        let prompt = self.hasher.hashed(trail.states());
        let version = rules.ruleset.version();
        let before = self.calls.get(trail.call());
        let marks = PromptMarks::of(&prompt, version);
        let all = marks.bytes();
        if let Some(before) = before.filter(|_| all > 0) {
            let shared = before.shared_with(&marks);
            let broken_by = before.broken_by(&prompt, version);
            // Both fit into 52 bits.
            self.meters.shared.record(shared as f64 / all as f64);
            let broken_by = broken_by.map(|who| self.meters.count_break(rules, who));
            let _ = share.set(PrefixShare {
                shared,
                all,
                broken_by,
            });
        }
        self.calls.insert(trail.call().to_owned(), Arc::new(marks));
    }
}

impl PrefixMeters {
    /// Counts a beginning that did not stay; who changed it.
    fn count_break(&self, rules: &CountedRuleset, who: PrefixBreak) -> String {
        let rule = match who {
            PrefixBreak::Rule(place) => rules.ruleset.rules().get(place),
            PrefixBreak::Client => {
                self.by_client.increment(1);
                return BY_CLIENT.to_owned();
            }
            PrefixBreak::OtherRules => None,
        };
        let Some(rule) = rule else {
            self.by_reload.increment(1);
            return BY_RELOAD.to_owned();
        };
        rules.meters.count_break(&rule.name);
        rule.name.clone()
    }
}

#[cfg(test)]
mod tests;
