//! What is the same in all snapshots, from the start of the process to its end.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::prefix_watch::PrefixWatch;
use super::replies::RepeatableReplies;
use super::rule_time::OffWorker;
use super::rules::CallRulesets;
use super::trials::ShadowThread;
use crate::inspect::Inspector;
use crate::record::Recorder;
use crate::trace::Tracer;
use crate::upstream::KeptStates;

/// What is the same from the start of the process to its end.
#[derive(Debug)]
pub(in crate::server) struct ProcessState {
    /// Set while the server ends.
    pub(in crate::server) is_draining: AtomicBool,
    /// How many workers there are.
    pub(in crate::server) workers: AtomicUsize,
    /// How many of them have passed a turn that warms them.
    pub(in crate::server) warmed: AtomicUsize,
    /// Set once all was ready for the first turn.
    pub(in crate::server) was_ready: AtomicBool,
    /// Where metrics and health are served, if not beside everything else.
    pub(in crate::server) admin_address: OnceLock<SocketAddr>,
    /// Large requests whose rules run off their worker now.
    pub(in crate::server) off_worker: OffWorker,
    /// Where shadow rules are tried.
    pub(in crate::server) shadows: Arc<ShadowThread>,
    /// Where a call's prompts are compared.
    pub(in crate::server) prefixes: PrefixWatch,
    /// Where turns are recorded; none: nowhere.
    pub(in crate::server) recorder: Option<Arc<Recorder>>,
    /// Where the last turns are kept for people who look on; none: it is switched off.
    pub(in crate::server) inspector: Option<Arc<Inspector>>,
    /// Where turns are traced; none: nowhere.
    pub(in crate::server) tracer: Option<Arc<Tracer>>,
    /// The rules with which calls began.
    pub(in crate::server) begun: CallRulesets,
    /// What upstreams want back of their replies.
    pub(in crate::server) kept: Arc<KeptStates>,
    /// Replies of models that may be given again.
    pub(in crate::server) replies: Arc<RepeatableReplies>,
}

impl ProcessState {
    /// A process that starts: where its turns are recorded, where the last ones are kept, and where
    /// they are traced.
    pub(in crate::server) fn new(
        recorder: Option<Arc<Recorder>>,
        inspector: Option<Arc<Inspector>>,
        tracer: Option<Arc<Tracer>>,
    ) -> ProcessState {
        ProcessState {
            is_draining: AtomicBool::new(false),
            workers: AtomicUsize::new(0),
            warmed: AtomicUsize::new(0),
            was_ready: AtomicBool::new(false),
            admin_address: OnceLock::new(),
            off_worker: OffWorker::default(),
            shadows: Arc::default(),
            prefixes: PrefixWatch::default(),
            recorder,
            inspector,
            tracer,
            begun: CallRulesets::default(),
            kept: Arc::default(),
            replies: Arc::default(),
        }
    }

    /// Whether anybody looks at when what happens in turns.
    pub(in crate::server) fn watches_turns(&self) -> bool {
        self.recorder.is_some() || self.inspector.is_some() || self.tracer.is_some()
    }

    /// Whether a worker is not ready for its first turn yet.
    pub(in crate::server) fn is_warming(&self) -> bool {
        self.warmed.load(Ordering::Acquire) < self.workers.load(Ordering::Acquire)
    }
}
