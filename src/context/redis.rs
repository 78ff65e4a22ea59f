//! Context in Redis or Valkey, for several replicas of aside: one server, or a cluster.
//!
//! The store has a thread and a runtime of its own. Connections belong to it, so no worker that
//! is busy or ends disturbs the others' answers, and a process has one connection to lose and to
//! make again, not one a worker. A question lives there too: an answer that comes too late for
//! its turn is still what was last known for the next. No turn ever waits for a connection to be
//! made beyond its own deadline.
//!
//! It never logs or shows the URL, which has a password. What is acknowledged is as safe as the
//! server keeps it: one that fails over may lose the last moments, as Redis documents.

mod address;
mod failure;
mod keeper;
mod link;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytestring::ByteString;
use futures::future::try_join_all;
use moka::sync::Cache;
use redis::{RedisError, Script};

use self::address::Address;
use self::keeper::Keeper;
use self::link::Link;
use super::store::{Life, ObjectKey, Pending, Store, StoreError};

/// How much of what was last seen is kept, in bytes.
const COPY: u64 = 64 << 20;
/// How long it is kept after it was last seen. It may outlive what it is a copy of, for the
/// server alone knows how long that lives.
const COPY_LIVES: Duration = Duration::from_secs(3600);
/// What one object costs in the copy beside its texts, in bytes.
const OVERHEAD: usize = 256;

/// Compares and replaces. An empty text stands for nothing: no JSON text is empty.
const SWAP: &str = r"
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1])
else redis.call('SET', KEYS[1], ARGV[2], unpack(ARGV, 3)) end
return 1";

/// The store `redis://…`.
pub struct Redis {
    keeper: Keeper,
    shared: Arc<RedisShared>,
}

struct RedisShared {
    address: Arc<Address>,
    swap: Script,
    copy: Cache<ObjectKey, ByteString>,
}

impl Redis {
    /// Whether a URL can be right; nobody is asked.
    pub fn check(url: &str) -> Result<(), StoreError> {
        Address::parse(url).map(drop)
    }

    /// The store on a server, `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, with TLS
    /// `rediss://…`; or in a cluster, `redis+cluster://[USER:PASSWORD@]HOST:PORT,HOST:PORT…`,
    /// with TLS `rediss+cluster://…`, where one node leads to all. The server need not be there
    /// yet; a URL that can never be right is an error.
    pub fn connect(url: &str) -> Result<Redis, StoreError> {
        Redis::connect_trusting(url, None)
    }

    /// As [`Redis::connect`], where a server with TLS must be vouched for by one of these roots, in
    /// PEM; none: those that are built in.
    pub fn connect_trusting(url: &str, roots: Option<Vec<u8>>) -> Result<Redis, StoreError> {
        let mut address = Address::parse(url)?;
        address.roots = roots;
        let address = Arc::new(address);
        let weigh = |key: &ObjectKey, text: &ByteString| {
            u32::try_from(key.id.len() + text.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        let copy = Cache::builder()
            .max_capacity(COPY)
            .weigher(weigh)
            .time_to_live(COPY_LIVES)
            .build();
        Ok(Redis {
            keeper: Keeper::start(address.clone())?,
            shared: Arc::new(RedisShared {
                address,
                swap: Script::new(SWAP),
                copy,
            }),
        })
    }
}

impl RedisShared {
    fn remember(&self, key: &ObjectKey, text: Option<&ByteString>) {
        match text {
            Some(text) => self.copy.insert(key.clone(), text.clone()),
            None => self.copy.invalidate(key),
        }
    }

    fn failed(&self, error: &RedisError) -> StoreError {
        failure::describe(&self.address, error)
    }
}

impl Store for Redis {
    fn read<'s>(&'s self, keys: &'s [ObjectKey]) -> Pending<'s, Vec<Option<ByteString>>> {
        let (mut place, shared, keys) = (self.keeper.place(), self.shared.clone(), keys.to_vec());
        self.keeper.run(async move {
            let link = place.link().await?;
            let result = match get(&link, &keys).await {
                // Nobody may have noticed yet that the connection ended.
                Err(error) if error.is_connection_dropped() => {
                    get(&place.next_link().await?, &keys).await
                }
                result => result,
            };
            let objects = result.map_err(|error| shared.failed(&error))?;
            for (key, object) in keys.iter().zip(&objects) {
                shared.remember(key, object.as_ref());
            }
            Ok(objects)
        })
    }

    fn swap<'s>(
        &'s self,
        key: &'s ObjectKey,
        old: Option<ByteString>,
        new: Option<ByteString>,
        life: Life,
    ) -> Pending<'s, bool> {
        let (mut place, shared, key) = (self.keeper.place(), self.shared.clone(), key.clone());
        self.keeper.run(async move {
            let mut link = place.link().await?;
            let mut call = shared.swap.key(name(&key));
            call.arg(old.as_deref().unwrap_or_default());
            call.arg(new.as_deref().unwrap_or_default());
            match life {
                Life::AsBefore => call.arg("KEEPTTL"),
                Life::Forever => &mut call,
                Life::For(time) => call.arg("PX").arg(time.as_millis().max(1).to_string()),
            };
            // Not tried again: it may have been done.
            let result = call.invoke_async::<bool>(&mut link).await;
            let is_done = result.map_err(|error| {
                if error.is_connection_dropped() {
                    place.doubt();
                }
                shared.failed(&error)
            })?;
            if is_done {
                shared.remember(&key, new.as_ref());
            }
            Ok(is_done)
        })
    }

    fn last_known(&self, key: &ObjectKey) -> Option<ByteString> {
        self.shared.copy.get(key)
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = &self.shared.address;
        f.debug_struct("Redis").field("address", address).finish()
    }
}

/// Asks for all keys at once, each alone: they may be on several nodes, and a value of a wrong
/// type is an error, which `MGET` would hide.
async fn get(link: &Link, keys: &[ObjectKey]) -> Result<Vec<Option<ByteString>>, RedisError> {
    let texts = keys.iter().map(|key| {
        let mut link = link.clone();
        async move {
            let mut get = redis::cmd("GET");
            get.arg(name(key));
            let text: Option<String> = get.query_async(&mut link).await?;
            Ok(text.map(ByteString::from))
        }
    });
    try_join_all(texts).await
}

/// A key as the server has it. In a cluster the part in braces says which node has it.
fn name(key: &ObjectKey) -> String {
    format!("aside:{{{key}}}")
}

#[cfg(test)]
mod tests;
