//! Which snapshot counts now, and how the rules on disk stand to it.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use super::snapshot::Shared;
use crate::files::Problem;

/// The snapshot that counts now.
#[derive(Debug)]
pub(in crate::server) struct Live {
    shared: ArcSwap<Shared>,
    on_disk: Mutex<OnDisk>,
}

/// How the rules on disk stand to those that are served.
#[derive(Debug, Clone, Default)]
pub(in crate::server) enum OnDisk {
    /// They are the same.
    #[default]
    Served,
    /// They are broken, so older ones are served.
    Broken(Vec<Problem>),
}

impl Live {
    /// Begins with this snapshot.
    pub(in crate::server) fn new(shared: Shared) -> Live {
        Live {
            shared: ArcSwap::from_pointee(shared),
            on_disk: Mutex::default(),
        }
    }

    /// The snapshot that counts now.
    pub(in crate::server) fn now(&self) -> Arc<Shared> {
        self.shared.load_full()
    }

    /// From now on another snapshot counts.
    pub(in crate::server) fn replace(&self, shared: Shared) {
        self.shared.store(Arc::new(shared));
    }

    /// How the rules on disk stand to those that are served.
    pub(in crate::server) fn on_disk(&self) -> OnDisk {
        let on_disk = self.on_disk.lock().unwrap_or_else(PoisonError::into_inner);
        on_disk.clone()
    }

    /// Notes how they stand.
    pub(in crate::server) fn note_on_disk(&self, on_disk: OnDisk) {
        *self.on_disk.lock().unwrap_or_else(PoisonError::into_inner) = on_disk;
    }
}

impl OnDisk {
    /// Whether they are broken.
    pub(in crate::server) fn is_broken(&self) -> bool {
        matches!(self, OnDisk::Broken(_))
    }

    /// What is wrong with them.
    pub(in crate::server) fn problems(&self) -> &[Problem] {
        match self {
            OnDisk::Served => &[],
            OnDisk::Broken(problems) => problems,
        }
    }
}
