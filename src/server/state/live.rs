//! Which snapshot counts now, and how the rules on disk stand to it.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use super::snapshot::Snapshot;
use crate::files::Problem;

/// The snapshot that counts now.
#[derive(Debug)]
pub(in crate::server) struct LiveSnapshot {
    snapshot: ArcSwap<Snapshot>,
    on_disk: Mutex<RulesOnDisk>,
}

/// How the rules on disk stand to those that are served.
#[derive(Debug, Clone, Default)]
pub(in crate::server) enum RulesOnDisk {
    /// They are the same.
    #[default]
    Served,
    /// They are broken, so older ones are served.
    Broken(Vec<Problem>),
}

impl LiveSnapshot {
    /// Begins with this snapshot.
    pub(in crate::server) fn new(snapshot: Snapshot) -> LiveSnapshot {
        LiveSnapshot {
            snapshot: ArcSwap::from_pointee(snapshot),
            on_disk: Mutex::default(),
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

    /// How the rules on disk stand to those that are served.
    pub(in crate::server) fn on_disk(&self) -> RulesOnDisk {
        let on_disk = self.on_disk.lock().unwrap_or_else(PoisonError::into_inner);
        on_disk.clone()
    }

    /// Notes how they stand.
    pub(in crate::server) fn note_on_disk(&self, on_disk: RulesOnDisk) {
        *self.on_disk.lock().unwrap_or_else(PoisonError::into_inner) = on_disk;
    }
}

impl RulesOnDisk {
    /// Whether they are broken.
    pub(in crate::server) fn is_broken(&self) -> bool {
        matches!(self, RulesOnDisk::Broken(_))
    }

    /// What is wrong with them.
    pub(in crate::server) fn problems(&self) -> &[Problem] {
        match self {
            RulesOnDisk::Served => &[],
            RulesOnDisk::Broken(problems) => problems,
        }
    }
}
