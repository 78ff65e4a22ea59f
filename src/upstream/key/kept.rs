//! The key of one upstream, shared by all workers: the one that counts now, and what is known of it.
//!
//! Reading it takes no lock. Nothing here gets a key, but for the first reading of a file.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use http::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;
use tokio::time::timeout;

use super::KeyPlace;
use super::error::KeyError;
use super::file::read_key;
use super::placed::PlacedKey;
use super::source::KeySource;

/// The key of one upstream, now and later.
pub struct KeptKey {
    source: KeySource,
    place: KeyPlace,
    current: ArcSwapOption<CurrentKey>,
    /// Whether it was tried to get the first one.
    is_tried: watch::Sender<bool>,
    /// Whether the last attempt to renew it failed.
    is_stale: AtomicBool,
    /// Tells who renews it of a key that the server refuses.
    tell: OnceLock<SyncSender<u64>>,
}

/// A key that counts now.
pub(in crate::upstream) struct CurrentKey {
    /// Tells it from those before and behind it; they count from 1.
    pub(in crate::upstream) generation: u64,
    /// As it stands in a request.
    pub(in crate::upstream) placed: PlacedKey,
    key: SecretString,
}

/// There is a source of keys, and none came of it yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::upstream) struct NoKeyYet;

impl KeptKey {
    /// A key from this source, which stands there in requests. A file is read; whoever must be asked
    /// is not asked yet.
    pub fn new(source: KeySource, place: KeyPlace) -> Result<KeptKey, KeyError> {
        let key = match &source {
            KeySource::Fixed(key) => Some(key.clone()),
            KeySource::File(path) => Some(read_key(path)?),
            KeySource::None | KeySource::Command(_) | KeySource::Oauth(_) => None,
        };
        let kept = KeptKey {
            is_tried: watch::Sender::new(!source.is_asked()),
            source,
            place,
            current: ArcSwapOption::empty(),
            is_stale: AtomicBool::new(false),
            tell: OnceLock::new(),
        };
        if let Some(key) = key {
            kept.set(key)?;
        }
        Ok(kept)
    }

    /// Whether it gets the same keys and puts them at the same place.
    pub fn is_of(&self, source: &KeySource, place: &KeyPlace) -> bool {
        self.source.is_same_as(source) && self.place == *place
    }

    /// Whether it can't be renewed now, for those who watch; none: it never changes.
    pub fn is_stale(&self) -> Option<bool> {
        let changes = !matches!(self.source, KeySource::None | KeySource::Fixed(_));
        changes.then(|| self.is_stale.load(Ordering::Relaxed))
    }

    /// Whether the first one is being got, and nobody knows yet whether it comes.
    pub fn is_awaited(&self) -> bool {
        !*self.is_tried.borrow()
    }

    /// Whether the config gives a key, also where none came yet, or these headers bear one.
    pub(in crate::upstream) fn is_given(&self, headers: &HeaderMap) -> bool {
        !matches!(self.source, KeySource::None) || self.place.is_filled(headers)
    }

    /// The key as the caller sent it, at its place; none: it can't stand there.
    pub(in crate::upstream) fn of_caller(&self, key: &str) -> Option<PlacedKey> {
        PlacedKey::new(&self.place, key)
    }

    /// The key that counts now; none: there is none, or none yet.
    pub(in crate::upstream) fn now(&self) -> Option<Arc<CurrentKey>> {
        self.current.load_full()
    }

    /// The key that counts now. While the first one is being got it is waited for, so long at most.
    pub(in crate::upstream) async fn ready(
        &self,
        within: Duration,
    ) -> Result<Option<Arc<CurrentKey>>, NoKeyYet> {
        if let Some(key) = self.now() {
            return Ok(Some(key));
        }
        if matches!(self.source, KeySource::None) {
            return Ok(None);
        }
        let mut is_tried = self.is_tried.subscribe();
        let _ = timeout(within, is_tried.wait_for(|is_tried| *is_tried)).await;
        self.now().map(Some).ok_or(NoKeyYet)
    }

    /// Which key counts now; 0: none yet.
    pub(in crate::upstream) fn generation(&self) -> u64 {
        let current = self.current.load();
        current.as_ref().map_or(0, |current| current.generation)
    }

    /// The server refused this key: another is asked for, soon and once.
    pub(in crate::upstream) fn refused(&self, generation: u64) {
        let tell = self.tell.get().filter(|_| self.source.is_asked());
        if let Some(tell) = tell.filter(|_| self.generation() == generation) {
            // Where it was told already, that is enough.
            let _ = tell.try_send(generation);
        }
    }

    pub(super) fn source(&self) -> &KeySource {
        &self.source
    }

    /// What tells of refused keys; none: somebody listens already.
    pub(super) fn listen(&self) -> Option<Receiver<u64>> {
        let (tell, told) = sync_channel(1);
        self.tell.set(tell).ok().map(|()| told)
    }

    /// The key itself.
    pub(in crate::upstream) fn text(&self) -> Option<SecretString> {
        self.now().map(|current| current.key.clone())
    }

    /// From now on this key counts; whether it is another one than before.
    pub(in crate::upstream) fn set(&self, key: SecretString) -> Result<bool, KeyError> {
        let before = self.current.load();
        let before = before.as_ref();
        if before.is_some_and(|before| before.key.expose_secret() == key.expose_secret()) {
            return Ok(false);
        }
        let placed = PlacedKey::new(&self.place, key.expose_secret());
        let generation = before.map_or(0, |before| before.generation) + 1;
        self.current.store(Some(Arc::new(CurrentKey {
            generation,
            placed: placed.ok_or(KeyError::Unplaceable)?,
            key,
        })));
        Ok(true)
    }

    /// Notes how an attempt to get it ended.
    pub(super) fn tried(&self, is_good: bool) {
        self.is_stale.store(!is_good, Ordering::Relaxed);
        self.is_tried.send_replace(true);
    }
}

impl Default for KeptKey {
    /// No key, for servers that need none.
    fn default() -> KeptKey {
        KeptKey {
            source: KeySource::None,
            place: KeyPlace::Bearer,
            current: ArcSwapOption::empty(),
            is_tried: watch::Sender::new(true),
            is_stale: AtomicBool::new(false),
            tell: OnceLock::new(),
        }
    }
}

impl fmt::Debug for KeptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptKey")
            .field("place", &self.place)
            .field("generation", &self.generation())
            .finish_non_exhaustive()
    }
}
