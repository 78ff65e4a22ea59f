//! Which snapshot counts now, and how the rules on disk stand to it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;

use super::snapshot::Snapshot;
use crate::config::RuleFolders;
use crate::files::Problem;

/// The snapshot that counts now.
#[derive(Debug)]
pub(in crate::server) struct LiveSnapshot {
    snapshot: ArcSwap<Snapshot>,
    broken: Mutex<BrokenOnDisk>,
}

/// What is wrong with rules on disk, by their folders, so that older ones are served.
#[derive(Debug, Clone, Default)]
pub(in crate::server) struct BrokenOnDisk(BTreeMap<RuleFolders, Vec<Problem>>);

impl LiveSnapshot {
    /// Begins with this snapshot.
    pub(in crate::server) fn new(snapshot: Snapshot) -> LiveSnapshot {
        LiveSnapshot {
            snapshot: ArcSwap::from_pointee(snapshot),
            broken: Mutex::default(),
        }
    }

    /// The snapshot that counts now.
    pub(in crate::server) fn now(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// From now on another snapshot counts.
    pub(in crate::server) fn replace(&self, snapshot: Snapshot) {
        self.snapshot.store(Arc::new(snapshot));
    }

    /// What is wrong with rules on disk.
    pub(in crate::server) fn broken(&self) -> BrokenOnDisk {
        self.lock().clone()
    }

    /// Notes what is wrong with the rules of some folders; nothing: they are served as they are.
    pub(in crate::server) fn note_broken(&self, folders: &RuleFolders, problems: Vec<Problem>) {
        let mut broken = self.lock();
        match problems.is_empty() {
            true => broken.0.remove(folders),
            false => broken.0.insert(folders.clone(), problems),
        };
    }

    /// Forgets what is wrong with rules that are not named any more.
    pub(in crate::server) fn keep_broken_of(&self, is_named: impl Fn(&RuleFolders) -> bool) {
        self.lock().0.retain(|folders, _| is_named(folders));
    }

    fn lock(&self) -> MutexGuard<'_, BrokenOnDisk> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BrokenOnDisk {
    /// Whether any are broken.
    pub(in crate::server) fn is_any(&self) -> bool {
        !self.0.is_empty()
    }

    /// All that is wrong.
    pub(in crate::server) fn problems(&self) -> Vec<Problem> {
        self.0.values().flatten().cloned().collect()
    }
}
