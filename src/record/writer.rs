//! The one thread that writes a recording, and the bounded way to it.
//!
//! It never makes a turn wait, and never writes where a link leads. What does not fit into the queue, onto the disk or into a line is
//! dropped and counted; after a full disk it goes on by itself.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
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
    queue: SyncSender<LineJob>,
    state: Arc<WriterState>,
}

/// What the thread is asked to do.
enum LineJob {
    Write(Box<Watched>),
    /// Open the file again.
    Reopen,
}

#[derive(Debug, Default)]
struct WriterState {
    dropped: AtomicU64,
    waiting: AtomicUsize,
    waiting_bytes: AtomicUsize,
}

struct LineWriter {
    options: Options,
    /// None: it could not be opened, or written to.
    open: Option<File>,
    is_failing: bool,
}

impl Recorder {
    /// Starts to record. A file that can't be written to is an error.
    pub fn start(options: Options) -> io::Result<Recorder> {
        let (queue, turns) = sync_channel(MOST_WAITING);
        let open = Some(open(&options.file)?.0);
        let writer = LineWriter {
            options,
            open,
            is_failing: false,
        };
        let state = Arc::new(WriterState::default());
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
                self.queue.try_send(LineJob::Write(Box::new(turn))),
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_))
            );
        if !is_taken {
            state.done(weight);
            state.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Opens the file again, as after it was moved away. Where so much waits that this finds no
    /// room, the next line does.
    pub fn reopen(&self) {
        let _ = self.queue.try_send(LineJob::Reopen);
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

impl WriterState {
    fn done(&self, weight: usize) {
        self.waiting_bytes.fetch_sub(weight, Ordering::AcqRel);
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

impl LineWriter {
    fn write_what_comes(mut self, jobs: &Receiver<LineJob>, state: &WriterState) {
        for job in jobs {
            let LineJob::Write(turn) = job else {
                let opened = self.reopened();
                self.note(opened);
                continue;
            };
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
        let appended = self.append(line.as_bytes());
        self.note(appended)
    }

    /// Whether it went well; tells once where that changes, not for each turn.
    fn note(&mut self, result: io::Result<()>) -> bool {
        let was_failing = std::mem::replace(&mut self.is_failing, result.is_err());
        match &result {
            Ok(()) if was_failing => info!("turns are recorded again"),
            Err(error) if !was_failing => {
                warn!(%error, "turns can't be recorded; they are dropped and counted until they can");
            }
            _ => {}
        }
        result.is_ok()
    }

    fn reopened(&mut self) -> io::Result<()> {
        // What cannot be opened now is tried again with the next line.
        self.open = None;
        self.open = Some(open(&self.options.file)?.0);
        Ok(())
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
            Some(file) if is_at(&file, path) => {
                let size = file.metadata()?.len();
                (file, size)
            }
            // It was moved away or deleted, or is a link by now.
            _ => open(path)?,
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
        self.open = Some(file);
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
        // A link that somebody else put there must not choose what is written to.
        .custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC)
        .open(path)
        .map_err(|error| match error.raw_os_error() {
            Some(libc::ELOOP) => io::Error::new(error.kind(), "it is a symbolic link"),
            _ => error,
        })?;
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

/// Whether a file is the one at a path.
fn is_at(file: &File, path: &Path) -> bool {
    let here = file.metadata();
    let there = fs::symlink_metadata(path);
    let same = |one: &fs::Metadata, other: &fs::Metadata| {
        (one.dev(), one.ino()) == (other.dev(), other.ino())
    };
    matches!((here, there), (Ok(here), Ok(there)) if same(&here, &there))
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
