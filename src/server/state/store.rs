//! The store of context that a config names.

use crate::config::{Config, StoreConfig};
use crate::context::{Context, File, Memory, Redis, Store, StoreError};
use crate::files::{Problem, Source};
use crate::net::tls::pem_from_environment;

/// How much context is kept in memory, in bytes.
const CONTEXT: u64 = 256 << 20;

/// The context in the store that the config names.
pub(in crate::server) fn open_context(
    config: &Config,
    source: &Source,
) -> Result<Context, Box<Problem>> {
    let store = &config.context.store;
    let opened: Result<Box<dyn Store>, _> = match store.get_ref() {
        StoreConfig::Memory => Ok(Box::new(Memory::new(CONTEXT)) as Box<dyn Store>),
        StoreConfig::File(path) => File::open(path).map(|file| Box::new(file) as Box<dyn Store>),
        StoreConfig::Redis(url) => {
            let roots = pem_from_environment().map_err(|error| StoreError(error.to_string()));
            let redis = roots.and_then(|roots| Redis::connect_trusting(url.expose(), roots));
            redis.map(|redis| Box::new(redis) as Box<dyn Store>)
        }
    };
    let problem = |error: StoreError| source.error(store.span(), error.to_string());
    let opened = opened.map_err(|error| Box::new(problem(error)))?;
    Ok(Context::new(opened).with_ttl(config.context.ttl))
}

/// What is wrong with a config's store, as far as that shows without opening it: another aside may
/// have it open.
pub fn check_store(config: &Config, source: &Source) -> Option<Problem> {
    let store = &config.context.store;
    let StoreConfig::Redis(url) = store.get_ref() else {
        return None;
    };
    let error = Redis::check(url.expose()).err()?;
    Some(source.error(store.span(), error.to_string()))
}
