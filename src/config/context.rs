//! `[context]`: where context is kept, and for how long.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use toml::Spanned;

use crate::files::duration;

/// `[context]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContextConfig {
    /// Where it is kept. Default: memory.
    #[schemars(with = "String")]
    pub store: Spanned<StoreConfig>,
    /// How long a call's context stays. Default: 2h.
    #[serde(deserialize_with = "duration::duration")]
    #[schemars(with = "String")]
    pub ttl: Duration,
}

/// An engine that keeps context.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "String")]
pub enum StoreConfig {
    /// This process.
    #[default]
    Memory,
    /// A file of this machine.
    File(PathBuf),
    /// A Redis or Valkey server, or a cluster of them.
    Redis(StoreUrl),
}

/// The URL of a store, which may hold a password.
#[derive(Debug, Clone)]
pub struct StoreUrl(SecretString);

impl StoreUrl {
    /// The URL itself.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A text is no store. What it says may hold a password, so it is not shown.
#[derive(Debug, thiserror::Error)]
pub enum StoreConfigError {
    /// A file without a name.
    #[error("`file:` names no file: write \"file:aside.redb\"")]
    NoFile,
    /// Another kind, or none.
    #[error(
        "this is no store: write \"memory\", \"file:PATH\" or a URL that begins with redis://, rediss://, redis+cluster:// or rediss+cluster://"
    )]
    Unknown,
}

impl TryFrom<String> for StoreConfig {
    type Error = StoreConfigError;

    fn try_from(text: String) -> Result<StoreConfig, StoreConfigError> {
        const REDIS: [&str; 4] = [
            "redis://",
            "rediss://",
            "redis+cluster://",
            "rediss+cluster://",
        ];
        match text.strip_prefix("file:") {
            Some("") => Err(StoreConfigError::NoFile),
            Some(path) => Ok(StoreConfig::File(path.into())),
            None if text == "memory" => Ok(StoreConfig::Memory),
            None if REDIS.iter().any(|scheme| text.starts_with(scheme)) => {
                Ok(StoreConfig::Redis(StoreUrl(text.into())))
            }
            None => Err(StoreConfigError::Unknown),
        }
    }
}

impl Default for ContextConfig {
    fn default() -> ContextConfig {
        ContextConfig {
            store: Spanned::new(0..0, StoreConfig::default()),
            ttl: Duration::from_secs(2 * 3600),
        }
    }
}
