//! Context in the memory of this process: for one server, and gone with it.
//!
//! It is bounded by weight. Where it is full, what nobody read or wrote for longest is dropped,
//! and counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytestring::ByteString;
use futures::future::ready;
use moka::Expiry;
use moka::notification::RemovalCause;
use moka::ops::compute::{CompResult, Op};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::store::{Life, ObjectKey, Pending, Store};

/// What one object costs beside its texts, in bytes, by measurement of the cache's own entries.
const OVERHEAD: usize = 256;

/// The store `memory`.
#[derive(Debug)]
pub struct Memory {
    objects: Cache<ObjectKey, Object>,
    dropped: Arc<AtomicU64>,
}

#[derive(Debug, Clone)]
struct Object {
    text: ByteString,
    life: Life,
}

struct ObjectExpiry;

impl Memory {
    /// A store of at most so many bytes.
    pub fn new(most_bytes: u64) -> Memory {
        let dropped = Arc::new(AtomicU64::new(0));
        let count = dropped.clone();
        let weigh = |key: &ObjectKey, object: &Object| {
            u32::try_from(key.id.len() + object.text.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        let objects = Cache::builder()
            .max_capacity(most_bytes)
            .weigher(weigh)
            .expire_after(ObjectExpiry)
            // Other policies may refuse what is new, and a write must be seen.
            .eviction_policy(EvictionPolicy::lru())
            .eviction_listener(move |_, _, cause| {
                if cause == RemovalCause::Size {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            })
            .build();
        Memory { objects, dropped }
    }
}

impl Store for Memory {
    fn read<'s>(&'s self, keys: &'s [ObjectKey]) -> Pending<'s, Vec<Option<ByteString>>> {
        let objects = keys
            .iter()
            .map(|key| self.objects.get(key).map(|object| object.text));
        Box::pin(ready(Ok(objects.collect())))
    }

    fn swap<'s>(
        &'s self,
        key: &'s ObjectKey,
        old: Option<ByteString>,
        new: Option<ByteString>,
        life: Life,
    ) -> Pending<'s, bool> {
        let result = self.objects.entry(key.clone()).and_compute_with(|there| {
            if there.map(|entry| entry.into_value().text) != old {
                return Op::Nop;
            }
            match new {
                Some(text) => Op::Put(Object { text, life }),
                None => Op::Remove,
            }
        });
        let is_done = match result {
            CompResult::Inserted(_) | CompResult::ReplacedWith(_) | CompResult::Removed(_) => true,
            CompResult::Unchanged(_) => false,
            // Nothing stood there: right only for those who wanted to remove nothing.
            CompResult::StillNone(_) => old.is_none(),
        };
        Box::pin(ready(Ok(is_done)))
    }

    fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

impl Expiry<ObjectKey, Object> for ObjectExpiry {
    fn expire_after_create(&self, _: &ObjectKey, object: &Object, _: Instant) -> Option<Duration> {
        match object.life {
            Life::For(time) => Some(time),
            Life::AsBefore | Life::Forever => None,
        }
    }

    fn expire_after_update(
        &self,
        _: &ObjectKey,
        object: &Object,
        _: Instant,
        left: Option<Duration>,
    ) -> Option<Duration> {
        match object.life {
            Life::For(time) => Some(time),
            Life::Forever => None,
            Life::AsBefore => left,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn it_keeps_what_a_store_promises() {
        testing::keeps_its_promises(&Memory::new(1 << 20));
    }

    #[test]
    fn r37_a_full_store_drops_the_oldest_and_counts() {
        let memory = Memory::new(64 << 10);
        let text = ByteString::from(format!("{{\"a\":\"{}\"}}", "x".repeat(1000)));
        let key = |n: u32| ObjectKey::new(super::super::Scope::Call, n.to_string());
        for n in 0..200 {
            let key = key(n);
            let written = memory.swap(&key, None, Some(text.clone()), Life::Forever);
            assert_eq!(testing::now(written), Ok(true));
            let seen = testing::now(memory.read(std::slice::from_ref(&key)));
            assert_eq!(seen, Ok(vec![Some(text.clone())]), "{n} was just written");
        }
        memory.objects.run_pending_tasks();
        assert!(memory.objects.weighted_size() <= 64 << 10);
        assert!(memory.dropped() > 100, "{}", memory.dropped());
        assert_eq!(testing::now(memory.read(&[key(0)])), Ok(vec![None]));
    }
}
