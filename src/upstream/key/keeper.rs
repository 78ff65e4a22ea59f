//! Renews a key in the background, before the one that counts ends, and when its server refuses it.
//!
//! Each key that changes has a thread, which ends with it: a program that hangs or a file on a disk
//! that does not answer delays no other key, and no turn. While no new key comes the last good one
//! stays, and that is told once, not at every attempt.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use secrecy::SecretString;
use tracing::{debug, error, info, warn};

use super::error::KeyError;
use super::file;
use super::getter::KeyGetter;
use super::kept::KeptKey;
use super::source::KeySource;

/// The pause after a first failure, and the longest: each failure doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A key is renewed when a fifth of its time is left, and so long before its end at most.
const MARGIN_PART: u32 = 5;
const LONGEST_MARGIN: Duration = Duration::from_secs(300);
/// However short it is good, it is not renewed more often.
const SHORTEST: Duration = Duration::from_millis(500);
/// The shortest and the longest time between two renewals since the server refuses the key.
const FIRST_PATIENCE: Duration = Duration::from_secs(2);
const LONGEST_PATIENCE: Duration = Duration::from_secs(60);

/// Has a key renewed from now on, for as long as it is used. `upstream`: whose it is, for the log.
/// A second call changes nothing, nor does one for a key that never changes.
pub fn keep_renewed(key: &Arc<KeptKey>, upstream: &str, tls: &Arc<ClientConfig>) {
    let source = key.source().clone();
    if matches!(source, KeySource::None | KeySource::Fixed(_)) {
        return;
    }
    let Some(told) = key.listen() else { return };
    let mut keeper = KeyKeeper::new(Arc::downgrade(key), upstream.to_owned());
    let tls = tls.clone();
    let thread = std::thread::Builder::new().name("key".to_owned());
    // What asks a server belongs to the thread that makes it.
    let started = thread.spawn(move || match KeyGetter::new(source, &tls) {
        Ok(mut getter) => keeper.keep(&mut getter, &told),
        Err(error) => keeper.gives_up(&error),
    });
    if let Err(error) = started {
        error!(upstream, %error, "no thread to renew the key of the upstream; it stays as it is");
        key.tried(false);
    }
}

struct KeyKeeper {
    key: Weak<KeptKey>,
    upstream: String,
    failures: u32,
    /// What was told since it last worked.
    told_of: Vec<String>,
    patience: Patience,
}

impl KeyKeeper {
    fn new(key: Weak<KeptKey>, upstream: String) -> KeyKeeper {
        KeyKeeper {
            key,
            upstream,
            failures: 0,
            told_of: Vec::new(),
            patience: Patience::new(Instant::now()),
        }
    }

    /// Goes on until the key is used no more.
    fn keep(&mut self, getter: &mut KeyGetter, told: &Receiver<u64>) {
        loop {
            let Some(known) = self.key.upgrade().map(|key| key.text()) else {
                return;
            };
            let got = catch_unwind(AssertUnwindSafe(|| getter.get(known.as_ref())));
            drop(known);
            let broken = || KeyError::System("something broke inside aside".to_owned());
            let got = got.unwrap_or_else(|_| Err(broken()));
            let Some(key) = self.key.upgrade() else {
                return;
            };
            let pause = match got {
                Ok((text, good_for)) => self.renewed(&key, text, good_for, getter.is_file()),
                Err(error) => self.failed(&key, &error, getter.is_file()),
            };
            drop(key);
            if self.wait(told, pause).is_none() {
                return;
            }
        }
    }

    /// Nobody will get a key.
    fn gives_up(&mut self, error: &KeyError) {
        if let Some(key) = self.key.upgrade() {
            self.failed(&key, error, false);
        }
    }

    /// Puts a key in the place of the one before; says when to get the next.
    fn renewed(
        &mut self,
        key: &KeptKey,
        text: SecretString,
        good_for: Option<Duration>,
        is_file: bool,
    ) -> Duration {
        let is_first = key.generation() == 0;
        let is_other = match key.set(text) {
            Ok(is_other) => is_other,
            Err(error) => return self.failed(key, &error, is_file),
        };
        key.tried(true);
        let upstream = &self.upstream;
        if !self.told_of.is_empty() {
            info!(upstream, "the key of the upstream is renewed again");
        } else if is_other && is_file {
            info!(
                upstream,
                "the upstream is asked with the new key of its `key_file`"
            );
        } else if is_other || !is_file {
            debug!(
                upstream,
                is_first, is_other, "renewed the key of the upstream"
            );
        }
        self.told_of.clear();
        self.failures = 0;
        good_for.map_or(file::PAUSE, renewal_after)
    }

    /// Tells of a failure, once; says when to try again.
    fn failed(&mut self, key: &KeptKey, error: &KeyError, is_file: bool) -> Duration {
        let (upstream, text) = (&self.upstream, error.to_string());
        if !self.told_of.contains(&text) {
            match key.generation() {
                0 => {
                    error!(upstream, %error, "there is no key to ask the upstream with: aside failed to")
                }
                _ => {
                    warn!(upstream, %error, "the upstream is asked with its last good key: aside failed to")
                }
            }
            self.told_of.push(text);
        }
        key.tried(false);
        self.failures += 1;
        let doubled = FIRST_PAUSE.saturating_mul(1 << (self.failures - 1).min(8));
        match is_file {
            true => file::PAUSE,
            false => doubled.min(LONGEST_PAUSE),
        }
    }

    /// Waits until the next key is due, or its server refuses the one that counts; none: it is used
    /// no more.
    fn wait(&mut self, told: &Receiver<u64>, pause: Duration) -> Option<()> {
        let mut due = Instant::now() + pause;
        loop {
            let left = due.saturating_duration_since(Instant::now());
            match told.recv_timeout(left) {
                Err(RecvTimeoutError::Timeout) => return Some(()),
                Err(RecvTimeoutError::Disconnected) => return None,
                Ok(refused) => {
                    // An older one may be refused for a while after it was renewed.
                    let counts = self.key.upgrade()?.generation() == refused;
                    let now = Instant::now();
                    if counts && due > self.patience.next(now) {
                        due = self.patience.take(now);
                    }
                }
            }
        }
    }
}

/// How long after it was got a key is renewed.
fn renewal_after(good_for: Duration) -> Duration {
    let margin = (good_for / MARGIN_PART).min(LONGEST_MARGIN);
    good_for.saturating_sub(margin).max(SHORTEST)
}

/// When a key that its server refuses may be renewed: at once, then ever more seldom for as long as
/// the new ones are refused as well.
struct Patience {
    next: Instant,
    pause: Duration,
}

impl Patience {
    fn new(now: Instant) -> Patience {
        Patience {
            next: now,
            pause: FIRST_PATIENCE,
        }
    }

    /// When the next renewal may be.
    fn next(&self, now: Instant) -> Instant {
        self.next.max(now)
    }

    /// The same, which it then is.
    fn take(&mut self, now: Instant) -> Instant {
        if now.saturating_duration_since(self.next) > LONGEST_PATIENCE {
            self.pause = FIRST_PATIENCE;
        }
        let at = self.next(now);
        self.next = at + self.pause;
        self.pause = (self.pause * 2).min(LONGEST_PATIENCE);
        at
    }
}

#[cfg(test)]
mod tests;
