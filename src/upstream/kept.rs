//! State that voice platforms drop between the steps of a call: what a model thought before it
//! called tools, and the signatures of those calls. Some upstreams refuse the next step without it.
//!
//! It is kept by call, and within one by the ids of the reply's tool calls, for as long as the call
//! speaks now and then; in memory only, within bounds. What is lost (a restart, another replica, a
//! call without an id) costs no turn: a stand-in goes in its place ([`give_back`]). Nothing of one
//! call is seen by another, nothing is logged, and who wants nothing back costs nothing.

mod capture;
mod give_back;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use crate::chat::ChatRequest;
use crate::chat::carried::CarriedState;
use crate::chat::pairs::{ToolPair, tool_pairs};
pub use capture::StateCapture;
pub(super) use give_back::{WantedBack, give_back};

/// The memory for all calls, in bytes.
const MOST_BYTES: u64 = 64 << 20;
/// So long may a call be silent.
const IDLE: Duration = Duration::from_secs(30 * 60);
/// Of one call no more replies are kept than these, nor bytes.
const MOST_REPLIES: usize = 256;
const MOST_OF_CALL: usize = 1 << 20;

/// What is kept of all calls under way.
pub struct KeptStates {
    calls: Cache<String, Arc<KeptReplies>>,
    /// Whether anything was ever kept: most servers ask nobody who wants something back.
    has_any: AtomicBool,
}

/// What is kept of one call: of its replies with tool calls, oldest first.
#[derive(Debug, Clone, Default)]
struct KeptReplies(Vec<KeptReply>);

/// One reply.
#[derive(Debug, Clone)]
struct KeptReply {
    /// How many messages its request had: it stands behind them in later ones.
    after: usize,
    /// The ids of its tool calls.
    ids: Vec<String>,
    /// Whether it came to its end.
    is_whole: bool,
    state: Arc<CarriedState>,
}

impl Default for KeptStates {
    fn default() -> KeptStates {
        let weigh = |call: &String, state: &Arc<KeptReplies>| {
            u32::try_from(call.len() + state.weight() + 256).unwrap_or(u32::MAX)
        };
        let calls = Cache::builder()
            .max_capacity(MOST_BYTES)
            .weigher(weigh)
            // A call that begins counts as much as those that were asked for often.
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(IDLE);
        KeptStates {
            calls: calls.build(),
            has_any: AtomicBool::new(false),
        }
    }
}

impl fmt::Debug for KeptStates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptStates")
            .field("calls", &self.calls.entry_count())
            .finish_non_exhaustive()
    }
}

impl KeptStates {
    /// Puts on the messages of a request, as it came, what is kept of the replies that they were.
    /// `call`: the call's id, and whose it is.
    pub fn carry_into(&self, call: &str, request: &mut ChatRequest) {
        if !self.has_any.load(Ordering::Relaxed) {
            return;
        }
        let Some(kept) = self.calls.get(call) else {
            return;
        };
        let found = kept.found_in(&tool_pairs(request.messages()));
        request.carry(found);
    }

    /// Keeps what a reply left. The same reply, known in part before, is replaced.
    fn keep(&self, call: &str, reply: KeptReply) {
        self.has_any.store(true, Ordering::Relaxed);
        let entry = self.calls.entry_by_ref(call);
        entry.and_upsert_with(|known| {
            let mut state = known.map_or_else(KeptReplies::default, |known| {
                KeptReplies::clone(known.value())
            });
            state.add(reply);
            Arc::new(state)
        });
    }
}

impl KeptReplies {
    fn add(&mut self, reply: KeptReply) {
        let is_same = |known: &KeptReply| known.after == reply.after;
        // One that a newer turn cut off may end behind that one's.
        let is_late = |known: &KeptReply| is_same(known) && known.is_whole && !reply.is_whole;
        if self.0.iter().any(is_late) {
            return;
        }
        self.0.retain(|known| !is_same(known));
        self.0.push(reply);
        // Half of it at once: what goes back changes with what is forgotten, and should seldom.
        if self.0.len() > MOST_REPLIES || self.weight() > MOST_OF_CALL {
            self.0.drain(..self.0.len() / 2);
        }
    }

    fn weight(&self) -> usize {
        let of_reply = |reply: &KeptReply| {
            let ids = reply.ids.iter().map(|id| id.len() + 24);
            ids.sum::<usize>() + reply.state.weight() + size_of::<KeptReply>()
        };
        self.0.iter().map(of_reply).sum()
    }

    /// Which messages of a history the replies are, by the ids of their tool calls. Some servers
    /// count their calls anew in each reply, so a reply is the first message behind its request that
    /// has one of its ids.
    fn found_in(&self, pairs: &[ToolPair]) -> HashMap<usize, Arc<CarriedState>> {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for pair in pairs {
            for id in pair.calls.iter().filter_map(|call| call.id.as_deref()) {
                places.entry(id).or_default().push(pair.asked);
            }
        }
        let place_of = |reply: &KeptReply, id: &String| {
            let places = places.get(id.as_str())?;
            let behind = places.iter().find(|place| **place >= reply.after);
            match (behind, places.as_slice()) {
                (Some(place), _) => Some(*place),
                // Who cuts the beginning of a history off moves what follows.
                (None, [only]) => Some(*only),
                (None, _) => None,
            }
        };
        let mut found = HashMap::new();
        for reply in &self.0 {
            let places = reply.ids.iter().filter_map(|id| place_of(reply, id));
            found.extend(places.map(|place| (place, reply.state.clone())));
        }
        found
    }
}

#[cfg(test)]
mod tests;
