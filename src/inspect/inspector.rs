//! The thread that makes lines of the turns that are over, and the bounded way to it.
//!
//! It works at most a quarter of the time of one core, and behind everybody else: a turn under way
//! never waits for one that is over. What finds no room is left out, counted, and told as a gap.

use std::collections::BTreeMap;
use std::hash::RandomState;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::warn;

use super::ending::NumberEndings;
use super::feed::Feed;
use super::kept::KeptTurns;
use super::{BegunTurn, Dark, EndedTurn, FeedEvent, FeedViewer, KeptTurn, TurnHead};
use crate::chat::json;
use crate::record::Watched;

/// So many turns at most wait.
const MOST_WAITING: usize = 256;
/// So many bytes of them at most.
const MOST_BYTES: usize = 16 << 20;
/// So many times as long as it worked it rests.
const REST: u32 = 3;
/// And so long at most.
const LONGEST_REST: Duration = Duration::from_millis(250);
/// How far it stands behind threads that work for turns, in the system's measure.
const NICE: i32 = 10;

/// How many turns are kept.
#[derive(Debug, Clone, Copy)]
pub struct InspectOptions {
    /// So many at most.
    pub turns: usize,
    /// So many bytes of them at most.
    pub memory: usize,
}

/// The way to the thread, and to what it keeps. The thread ends when this is dropped.
#[derive(Debug)]
pub struct Inspector {
    queue: SyncSender<EndedTurn>,
    state: Arc<InspectorState>,
}

#[derive(Debug)]
struct InspectorState {
    kept: Mutex<KeptTurns>,
    feed: Feed,
    waiting_bytes: AtomicUsize,
    dropped: AtomicU64,
    options: InspectOptions,
    /// The key of the hashes of numbers.
    key: RandomState,
}

impl Inspector {
    /// Starts to keep turns.
    pub fn start(options: InspectOptions) -> std::io::Result<Inspector> {
        let (queue, jobs) = sync_channel(MOST_WAITING);
        let state = Arc::new(InspectorState {
            kept: Mutex::new(KeptTurns::new(options.turns, options.memory)),
            feed: Feed::new(),
            waiting_bytes: AtomicUsize::new(0),
            dropped: AtomicU64::new(0),
            options,
            key: RandomState::new(),
        });
        let shared = state.clone();
        let thread = std::thread::Builder::new().name("aside-inspect".into());
        thread.spawn(move || {
            #[cfg(target_os = "linux")]
            // Of this thread alone; where that is not allowed it works as others do.
            let _ = rustix::process::setpriority_process(None, NICE);
            shared.work(&jobs);
        })?;
        Ok(Inspector { queue, state })
    }

    /// Tells that a turn came, where anybody looks on.
    pub fn begun(&self, turn: impl FnOnce() -> BegunTurn) {
        if self.state.feed.is_watched() {
            self.state.feed.tell(FeedEvent::Begun(Arc::new(turn())));
        }
    }

    /// Takes a turn that is over, or leaves it out where too much waits.
    pub fn take(&self, turn: EndedTurn) {
        let (state, weight) = (&self.state, turn.weight());
        let before = state.waiting_bytes.fetch_add(weight, Ordering::AcqRel);
        let is_taken = before + weight <= MOST_BYTES
            && !matches!(
                self.queue.try_send(turn),
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_))
            );
        if !is_taken {
            state.waiting_bytes.fetch_sub(weight, Ordering::AcqRel);
            state.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many turns found no room.
    pub fn dropped(&self) -> u64 {
        self.state.dropped.load(Ordering::Relaxed)
    }

    /// How many turns are kept at most.
    pub fn options(&self) -> InspectOptions {
        self.state.options
    }

    /// How many turns are kept, and how many bytes they take.
    pub fn size(&self) -> (usize, usize) {
        self.state.lock().size()
    }

    /// The key of the hashes of numbers.
    pub(super) fn key(&self) -> &RandomState {
        &self.state.key
    }

    /// All that is kept, the newest first. They share their texts with what is kept.
    pub fn newest(&self) -> Vec<KeptTurn> {
        self.state.lock().newest().cloned().collect()
    }

    /// Looks on from now on; none: too many do.
    pub fn view(&self) -> Option<FeedViewer> {
        self.state.feed.view()
    }
}

impl InspectorState {
    fn lock(&self) -> MutexGuard<'_, KeptTurns> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, jobs: &Receiver<EndedTurn>) {
        let mut told = 0;
        for turn in jobs {
            let began = Instant::now();
            let weight = turn.weight();
            let dropped = self.dropped.load(Ordering::Relaxed);
            if dropped > told {
                let missed = dropped - told;
                self.feed.tell(FeedEvent::Gap { missed });
                told = dropped;
            }
            let kept = self.kept_of(turn);
            self.waiting_bytes.fetch_sub(weight, Ordering::AcqRel);
            let head = kept.head.clone();
            self.lock().keep(kept);
            self.feed.tell(FeedEvent::Ended(head));
            std::thread::sleep((began.elapsed() * REST).min(LONGEST_REST));
        }
    }

    fn kept_of(&self, turn: EndedTurn) -> KeptTurn {
        let place = self.lock().next_place();
        let dark = |mut head: TurnHead| {
            head.place = place;
            KeptTurn {
                head: Arc::new(head),
                line: None,
                number: NumberEndings::default(),
                values: Arc::default(),
            }
        };
        match turn {
            EndedTurn::Glimpsed(turn) => dark(turn.head()),
            EndedTurn::Watched {
                watched,
                keeps_values,
            } => {
                // A line that can't be made is one turn's trouble.
                let work = || self.shown(&watched, place, keeps_values);
                let made = catch_unwind(AssertUnwindSafe(work));
                made.unwrap_or_default().unwrap_or_else(|| {
                    warn!(turn = watched.turn, "the turn can't be shown");
                    dark(unreadable(&watched))
                })
            }
        }
    }

    fn shown(&self, watched: &Watched, place: u64, keeps_values: bool) -> Option<KeptTurn> {
        let (line, values) = watched.shown()?;
        let text: Arc<str> = serde_json::to_string(&line).ok()?.into();
        let before = self.before(line.call.as_deref());
        let values = match keeps_values {
            true => values,
            false => BTreeMap::new(),
        };
        let head = TurnHead {
            place,
            revealable: values.keys().cloned().collect(),
            ..TurnHead::of(&line, before.as_deref())
        };
        let customer = watched.vapi.customer.as_ref();
        let number = customer.and_then(|customer| json::get(customer, "number"));
        let number = number.and_then(|number| json::decode_shared(&number));
        let number = number.map(|number| NumberEndings::of(&number, &self.key));
        Some(KeptTurn {
            head: Arc::new(head),
            line: Some(text),
            number: number.unwrap_or_default(),
            values: Arc::new(values),
        })
    }

    /// The line of the newest turn of a call.
    fn before(&self, call: Option<&str>) -> Option<Arc<str>> {
        let call = call?;
        let kept = self.lock();
        let mut turns = kept.newest();
        turns.find_map(|turn| {
            let is_of_call = turn.head.call.as_deref() == Some(call);
            turn.line.clone().filter(|_| is_of_call)
        })
    }
}

fn unreadable(watched: &Watched) -> TurnHead {
    TurnHead {
        turn: watched.turn.clone(),
        call: watched.call.clone(),
        at: watched.at.clone(),
        route: watched.route.clone(),
        rules: watched.ruleset.version().to_owned(),
        upstream: Some(watched.upstream.clone()),
        ended: watched.ended.to_owned(),
        failures: watched.failures.clone(),
        timeline: watched.timeline.clone(),
        dark: Some(Dark::Unreadable),
        ..TurnHead::default()
    }
}
