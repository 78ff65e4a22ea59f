//! Context in one file, which one process owns: it outlives the process, even one that is killed.
//!
//! A turn reads from memory; the disk is asked on a miss, on a thread of its own, so a disk that
//! hangs holds no worker up. What is acknowledged is on the disk. It is never encrypted here.

mod disk;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytestring::ByteString;
use futures::future::ready;
use moka::ops::compute::Op;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use tokio::sync::Semaphore;

use self::disk::{Disk, Row};
use self::writer::SwapWriter;
use super::store::{Life, ObjectKey, Pending, Store, StoreError};

/// How much of the file is kept in memory, in bytes.
const FRONT: u64 = 64 << 20;
/// What one object costs in memory beside its texts, in bytes.
const OVERHEAD: usize = 256;
/// So many threads at most wait for the disk. Who reads beyond them waits without one.
const READERS: usize = 8;

/// The store `file:PATH`.
#[derive(Debug)]
pub struct File {
    // The first field, so that the last write is done before the file closes.
    writer: SwapWriter,
    shelf: Arc<Shelf>,
    readers: Arc<Semaphore>,
}

/// The file, and what of it is in memory: also that there is nothing under a key.
#[derive(Debug)]
struct Shelf {
    front: Cache<ObjectKey, Option<Row>>,
    disk: Disk,
}

impl File {
    /// The store in a file, which is made where there is none.
    pub fn open(path: impl AsRef<Path>) -> Result<File, StoreError> {
        File::on(Disk::open(path.as_ref())?, FRONT)
    }

    fn on(disk: Disk, most_bytes: u64) -> Result<File, StoreError> {
        let weigh = |key: &ObjectKey, row: &Option<Row>| {
            let text = row.as_ref().map_or(0, |row| row.text.len());
            u32::try_from(key.id.len() + text + OVERHEAD).unwrap_or(u32::MAX)
        };
        let front = Cache::builder()
            .max_capacity(most_bytes)
            .weigher(weigh)
            .eviction_policy(EvictionPolicy::lru())
            .build();
        let shelf = Arc::new(Shelf { front, disk });
        Ok(File {
            writer: SwapWriter::start(shelf.clone())?,
            shelf,
            readers: Arc::new(Semaphore::new(READERS)),
        })
    }

    async fn read_disk(&self, keys: &[ObjectKey]) -> Result<Vec<Option<ByteString>>, StoreError> {
        let closed = |_| StoreError("the context store is closed".into());
        // One who gives up before there is a thread leaves nothing behind.
        let permit = self.readers.clone().acquire_owned().await;
        let permit = permit.map_err(|_| closed(()))?;
        let (shelf, keys) = (self.shelf.clone(), keys.to_vec());
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let now = now();
            keys.iter().map(|key| shelf.fetch(key, now)).collect()
        });
        work.await.map_err(|_| closed(()))?
    }
}

impl Shelf {
    /// What memory knows of a key; the outer none: it must be looked up.
    fn glance(&self, key: &ObjectKey, now: u64) -> Option<Option<ByteString>> {
        let row = self.front.get(key)?;
        Some(live(row, now))
    }

    /// Looks a key up on the disk and keeps in memory what is there.
    fn fetch(&self, key: &ObjectKey, now: u64) -> Result<Option<ByteString>, StoreError> {
        // A write of the same key waits for this to end, so what is old never covers what is new.
        let entry = self.front.entry(key.clone());
        let result = entry.and_try_compute_with(|there| {
            Ok(match there {
                Some(_) => Op::Nop,
                None => Op::Put(self.disk.read(key)?),
            })
        })?;
        let row = result.into_entry().and_then(|entry| entry.into_value());
        Ok(live(row, now))
    }

    /// Keeps in memory what now stands on the disk.
    fn put(&self, key: ObjectKey, row: Option<Row>) {
        let entry = self.front.entry(key);
        entry.and_compute_with(|_| Op::Put(row));
    }
}

impl Store for File {
    fn read<'s>(&'s self, keys: &'s [ObjectKey]) -> Pending<'s, Vec<Option<ByteString>>> {
        let now = now();
        let known = keys.iter().map(|key| self.shelf.glance(key, now));
        match known.collect() {
            Some(objects) => Box::pin(ready(Ok(objects))),
            None => Box::pin(self.read_disk(keys)),
        }
    }

    fn swap<'s>(
        &'s self,
        key: &'s ObjectKey,
        old: Option<ByteString>,
        new: Option<ByteString>,
        life: Life,
    ) -> Pending<'s, bool> {
        Box::pin(self.writer.swap(key.clone(), old, new, life))
    }

    fn last_known(&self, key: &ObjectKey) -> Option<ByteString> {
        self.shelf.glance(key, now()).flatten()
    }
}

/// The text of a row whose life is not over.
fn live(row: Option<Row>, now: u64) -> Option<ByteString> {
    row.filter(|row| row.ends > now).map(|row| row.text)
}

/// The time of the wall clock, in milliseconds: lives go on while no process runs.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

#[cfg(test)]
mod tests;
