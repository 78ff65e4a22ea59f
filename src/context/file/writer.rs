//! The one thread that writes: what waits is written together, with one wait for the disk.
//!
//! It never answers before the disk has what it was given, and never keeps more waiting than a
//! bound: a disk that hangs makes writes fail, not memory fill.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytestring::ByteString;
use tokio::sync::oneshot;

use super::super::store::{Life, ObjectKey, StoreError};
use super::Shelf;
use super::disk::{MOST_AT_ONCE, Swap};

/// So many swaps at most wait.
const MOST_WAITING: usize = 1024;
/// So often are dead rows removed while nobody writes.
const SWEEP_EVERY: Duration = Duration::from_secs(5);
/// So long does the end of the store wait for the end of the thread.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The way to the thread; dropping it ends the thread.
#[derive(Debug)]
pub(super) struct SwapWriter {
    /// None: it ends.
    jobs: Option<SyncSender<SwapJob>>,
    /// Closes when the thread ended.
    ended: Mutex<Receiver<()>>,
}

#[derive(Debug)]
struct SwapJob {
    swap: Swap,
    answer: oneshot::Sender<Result<bool, StoreError>>,
}

impl SwapWriter {
    pub(super) fn start(shelf: Arc<Shelf>) -> Result<SwapWriter, StoreError> {
        let (jobs, waiting) = mpsc::sync_channel(MOST_WAITING);
        let (alive, ended) = mpsc::sync_channel(0);
        std::thread::Builder::new()
            .name("aside-file".into())
            .spawn(move || {
                let _alive: SyncSender<()> = alive;
                write_what_comes(shelf, &waiting);
            })
            .map_err(|error| StoreError(format!("failed to start a thread: {error}")))?;
        Ok(SwapWriter {
            jobs: Some(jobs),
            ended: Mutex::new(ended),
        })
    }

    pub(super) async fn swap(
        &self,
        key: ObjectKey,
        old: Option<ByteString>,
        new: Option<ByteString>,
        life: Life,
    ) -> Result<bool, StoreError> {
        let swap = Swap {
            key,
            old,
            new,
            life,
        };
        let (answer, answered) = oneshot::channel();
        let ended = || StoreError("the context file's writer has ended".into());
        let jobs = self.jobs.as_ref().ok_or_else(ended)?;
        jobs.try_send(SwapJob { swap, answer })
            .map_err(|error| match error {
                TrySendError::Full(_) => {
                    StoreError(format!("{MOST_WAITING} writes wait for the disk already"))
                }
                TrySendError::Disconnected(_) => ended(),
            })?;
        answered.await.map_err(|_| ended())?
    }
}

impl Drop for SwapWriter {
    fn drop(&mut self) {
        self.jobs = None;
        // What waits is still written; a disk that hangs does not hold up the end.
        let ended = self.ended.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = ended.recv_timeout(LAST_WORDS);
    }
}

fn write_what_comes(shelf: Arc<Shelf>, waiting: &Receiver<SwapJob>) {
    loop {
        let first = match waiting.recv_timeout(SWEEP_EVERY) {
            Ok(job) => Some(job),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let more = waiting.try_iter().take(MOST_AT_ONCE - 1);
        // Who no longer waits was told that it failed.
        let jobs = first
            .into_iter()
            .chain(more)
            .filter(|job| !job.answer.is_closed());
        let (swaps, answers): (Vec<_>, Vec<_>) = jobs.map(|job| (job.swap, job.answer)).unzip();
        match shelf.disk.write(&swaps, super::now()) {
            Ok(outcomes) => {
                let swaps = swaps.into_iter().zip(outcomes);
                for ((swap, outcome), answer) in swaps.zip(answers) {
                    shelf.put(swap.key, outcome.row);
                    let _ = answer.send(Ok(outcome.is_done));
                }
            }
            Err(error) => {
                for answer in answers {
                    let _ = answer.send(Err(error.clone()));
                }
            }
        }
    }
}
