//! What is known of a call beside its requests: what the user's systems put, and what Vapi told.
//!
//! A turn reads it under a deadline and goes on without it; a write is acknowledged only when
//! every later turn sees it.

mod file;
pub mod manual;
mod memory;
mod object;
mod record;
mod redis;
mod store;
#[cfg(test)]
mod testing;
mod turn;
mod vapi;

use std::time::Duration;

use bytestring::ByteString;
use tokio::time::{Instant, sleep};

pub use self::redis::Redis;
pub use file::File;
pub use memory::Memory;
pub use object::{LARGEST, ObjectError, VAPI, check, etag, has_key, merge};
pub use record::GRACE;
pub use store::{Life, ObjectKey, Pending, Scope, Store, StoreError};
pub use turn::{EVERYBODY, Ids, Stored, is_id};
pub use vapi::{EventError, EventMeaning, Keeps, VapiEvent};

/// The longest that a turn waits for stored context.
pub const TURN_DEADLINE: Duration = Duration::from_millis(20);
/// The longest that a write, or a read outside a turn, waits for the store.
const WRITE_DEADLINE: Duration = Duration::from_secs(2);
/// So often is a write tried again at once where others write at the same time; then each try
/// waits a little longer, until the deadline.
const QUICK_TRIES: u32 = 4;
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// The context of all calls.
#[derive(Debug)]
pub struct Context {
    store: Box<dyn Store>,
    /// How long a call's objects stay where nobody says otherwise.
    ttl: Duration,
}

/// What a turn got of the store.
#[derive(Debug, Default)]
pub struct StoredReading {
    /// One for each key, in their order.
    pub objects: Vec<Option<ByteString>>,
    /// Why these may be old or missing; none: they are what the store holds.
    pub note: Option<String>,
}

/// Makes the new object of the old one; none: there is nothing, or shall be nothing.
pub type ObjectEdit<'e, E> =
    &'e mut dyn FnMut(Option<&ByteString>) -> Result<Option<ByteString>, E>;

/// Why a write was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError<E> {
    /// The change was refused.
    #[error("{0}")]
    Refused(E),
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl Context {
    /// Context in a store. A call's objects stay for two hours where nobody says otherwise.
    pub fn new(store: Box<dyn Store>) -> Context {
        let ttl = Duration::from_secs(2 * 3600);
        Context { store, ttl }
    }

    /// The same, but that a call's objects stay for `ttl`.
    pub fn with_ttl(self, ttl: Duration) -> Context {
        Context { ttl, ..self }
    }

    /// How long a call's objects stay where nobody says otherwise.
    pub fn ttl(&self) -> Duration {
        self.ttl
    }

    /// How long an object of this scope stays where nobody says otherwise.
    pub fn life(&self, scope: Scope) -> Life {
        match scope {
            Scope::Call | Scope::Vapi => Life::For(self.ttl),
            Scope::Customer | Scope::Assistant | Scope::Global => Life::Forever,
        }
    }

    /// The object under a key.
    pub async fn get(&self, key: &ObjectKey) -> Result<Option<ByteString>, StoreError> {
        let read = self.store.read(std::slice::from_ref(key));
        Ok(in_time(read).await?.pop().flatten())
    }

    /// The objects of several keys within a turn's deadline, else what was last known of them.
    pub async fn read_in_turn(&self, keys: &[ObjectKey]) -> StoredReading {
        let why = match tokio::time::timeout(TURN_DEADLINE, self.store.read(keys)).await {
            Ok(Ok(objects)) => {
                return StoredReading {
                    objects,
                    note: None,
                };
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("it did not answer within {} ms", TURN_DEADLINE.as_millis()),
        };
        let last_known = keys.iter().map(|key| self.store.last_known(key));
        StoredReading {
            objects: last_known.collect(),
            note: Some(format!(
                "the context store failed ({why}), so what was last known is used"
            )),
        }
    }

    /// Changes the object under a key and gives the new one. `change` may be called more than
    /// once, where others write at the same time.
    pub async fn update<E>(
        &self,
        key: &ObjectKey,
        life: Life,
        change: ObjectEdit<'_, E>,
    ) -> Result<Option<ByteString>, WriteError<E>> {
        let deadline = Instant::now() + WRITE_DEADLINE;
        let mut tries = 0;
        while Instant::now() < deadline {
            let old = self.get(key).await?;
            let new = change(old.as_ref()).map_err(WriteError::Refused)?;
            let life = match life {
                Life::AsBefore if old.is_none() => self.life(key.scope),
                life => life,
            };
            let swap = self.store.swap(key, old, new.clone(), life);
            if in_time(swap).await? {
                return Ok(new);
            }
            tries += 1;
            if tries > QUICK_TRIES {
                let pause = Duration::from_micros(100) * (tries - QUICK_TRIES).pow(2);
                sleep(pause.min(LONGEST_PAUSE)).await;
            }
        }
        Err(StoreError("too many write the same object at once; try again".into()).into())
    }

    /// How many objects were dropped since the store was full.
    pub fn dropped(&self) -> u64 {
        self.store.dropped()
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let slow = || {
        let seconds = WRITE_DEADLINE.as_secs();
        StoreError(format!(
            "the context store did not answer within {seconds} s"
        ))
    };
    tokio::time::timeout(WRITE_DEADLINE, work)
        .await
        .unwrap_or_else(|_| Err(slow()))
}
