//! The one thread that writes a recording, and the bounded way to it.
//!
//! It never makes a turn wait. What does not fit into the queue, onto the disk or into a line is
//! dropped and counted; after a full disk it goes on by itself.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use tracing::{info, warn};

use super::{Seal, Watched};

/// So many turns at most wait.
const MOST_WAITING: usize = 1024;
/// So many bytes at most wait.
const MOST_BYTES: usize = 64 << 20;
/// Only its owner reads and writes a recording.
const MODE: u32 = 0o600;

/// Where and how turns are recorded.
#[derive(Debug)]
pub struct Options {
    /// The file.
    pub file: PathBuf,
    /// Its largest size, in bytes. Then it becomes `FILE.1`, in place of the one before.
    pub most: usize,
    /// The seal of lines that have everything as it came; none: lines are redacted.
    pub seal: Option<Seal>,
}

/// The way to the thread. The thread ends when it is dropped, with what waited.
#[derive(Debug)]
pub struct Recorder {
    queue: SyncSender<Watched>,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    dropped: AtomicU64,
    waiting: AtomicUsize,
    waiting_bytes: AtomicUsize,
}

struct Writer {
    options: Options,
    /// None: it could not be opened, or written to.
    open: Option<(File, u64)>,
    is_failing: bool,
}

impl Recorder {
    /// Starts to record. A file that can't be written to is an error.
    pub fn start(options: Options) -> io::Result<Recorder> {
        let (queue, turns) = sync_channel(MOST_WAITING);
        let open = Some(open(&options.file)?);
        let writer = Writer {
            options,
            open,
            is_failing: false,
        };
        let state = Arc::new(State::default());
        let shared = state.clone();
        std::thread::Builder::new()
            .name("aside-record".into())
            .spawn(move || writer.write_what_comes(&turns, &shared))?;
        Ok(Recorder { queue, state })
    }

    /// Takes a turn, or drops it where too much waits.
    pub fn take(&self, turn: Watched) {
        let state = &self.state;
        let weight = turn.weight();
        let before = state.waiting_bytes.fetch_add(weight, Ordering::AcqRel);
        state.waiting.fetch_add(1, Ordering::AcqRel);
        let is_taken = before + weight <= MOST_BYTES
            && !matches!(
                self.queue.try_send(turn),
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_))
            );
        if !is_taken {
            state.done(weight);
            state.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a turn that is too large to be kept.
    pub fn leave_out(&self) {
        self.state.dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// How many turns were dropped.
    pub fn dropped(&self) -> u64 {
        self.state.dropped.load(Ordering::Relaxed)
    }

    /// How many turns wait to be written.
    pub fn waiting(&self) -> usize {
        self.state.waiting.load(Ordering::Acquire)
    }
}

impl State {
    fn done(&self, weight: usize) {
        self.waiting_bytes.fetch_sub(weight, Ordering::AcqRel);
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Writer {
    fn write_what_comes(mut self, turns: &Receiver<Watched>, state: &State) {
        for turn in turns {
            let weight = turn.weight();
            if !self.record(&turn) {
                state.dropped.fetch_add(1, Ordering::Relaxed);
            }
            state.done(weight);
        }
    }

    /// Whether the turn is in the file.
    fn record(&mut self, turn: &Watched) -> bool {
        // A line that can't be made is one turn's trouble.
        let made = catch_unwind(AssertUnwindSafe(|| self.line(turn)));
        let Ok(Some(line)) = made else {
            warn!(turn = turn.turn, "the turn can't be recorded");
            return false;
        };
        match self.append(line.as_bytes()) {
            Ok(()) => {
                if self.is_failing {
                    info!("turns are recorded again");
                }
                self.is_failing = false;
                true
            }
            Err(error) => {
                // Once, not for each turn.
                if !self.is_failing {
                    warn!(%error, "turns can't be recorded; they are dropped and counted until they can");
                }
                self.is_failing = true;
                false
            }
        }
    }

    fn line(&self, turn: &Watched) -> Option<String> {
        let line = turn.line(self.options.seal.is_some())?;
        let text = serde_json::to_string(&line).ok()?;
        let text = match &self.options.seal {
            Some(seal) => seal.close(text)?,
            // A line break within JSON stands between tokens.
            None => text.replace(['\n', '\r'], " "),
        };
        Some(text + "\n")
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let path = &self.options.file;
        let (file, size) = match self.open.take() {
            Some(open) => open,
            None => open(path)?,
        };
        let length = line.len() as u64;
        let (mut file, size) = match size > 0 && size + length > self.options.most as u64 {
            true => {
                drop(file);
                fs::rename(path, older(path))?;
                open(path)?
            }
            false => (file, size),
        };
        if let Err(error) = file.write_all(line) {
            // No half of a line stays, also where the disk is full.
            let _ = file.set_len(size);
            return Err(error);
        }
        self.open = Some((file, size + length));
        Ok(())
    }
}

/// Opens a recording to append to it; gives its size. It ends with a whole line.
fn open(path: &Path) -> io::Result<(File, u64)> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    let mut file = options
        .create(true)
        .append(true)
        .read(true)
        .mode(MODE)
        .open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() {
        file.set_permissions(Permissions::from_mode(MODE))?;
    }
    let size = metadata.len();
    if size > 0 && !ends_with_a_line(&file, size)? {
        file.write_all(b"\n")?;
        return Ok((file, size + 1));
    }
    Ok((file, size))
}

fn ends_with_a_line(file: &File, size: u64) -> io::Result<bool> {
    use std::os::unix::fs::FileExt;
    let mut last = [0];
    file.read_exact_at(&mut last, size - 1)?;
    Ok(last == *b"\n")
}

/// Where the older part of a recording is.
fn older(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".1");
    name.into()
}

#[cfg(test)]
mod tests;
