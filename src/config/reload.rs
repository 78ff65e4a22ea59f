//! `reload`: when a call goes on with new rules. And what of the config needs a restart.
//!
//! It says the names of fields, and none of their values.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Config, RecordConfig, StoreConfig, TraceConfig};

/// When a call goes on with new rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reload {
    /// With its next turn.
    #[default]
    Turn,
    /// Never: it keeps the rules with which it began.
    Call,
}

impl Config {
    /// The fields in which `new` says what can't change while a server runs.
    pub fn needing_restart(&self, new: &Config) -> Vec<&'static str> {
        let address = |config: &Config| config.admin.listen.as_ref().map(|it| *it.get_ref());
        let is_other = [
            ("listen", self.listen != new.listen),
            ("workers", self.workers != new.workers),
            ("admin.listen", address(self) != address(new)),
            ("log.format", self.log.format != new.log.format),
            ("context.ttl", self.context.ttl != new.context.ttl),
            (
                "record",
                !is_same_record(self.record.as_ref(), new.record.as_ref()),
            ),
            ("inspect", !self.inspect.keeps_as(&new.inspect)),
            (
                "trace",
                !is_same_trace(self.trace.as_ref(), new.trace.as_ref()),
            ),
            (
                "context.store",
                !is_same_store(self.context.store.get_ref(), new.context.store.get_ref()),
            ),
        ];
        let others = is_other.into_iter().filter(|(_, is_other)| *is_other);
        others.map(|(name, _)| name).collect()
    }
}

fn is_same_record(one: Option<&RecordConfig>, other: Option<&RecordConfig>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.is_same_as(other),
        _ => one.is_none() && other.is_none(),
    }
}

fn is_same_trace(one: Option<&TraceConfig>, other: Option<&TraceConfig>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.is_same_as(other),
        _ => one.is_none() && other.is_none(),
    }
}

fn is_same_store(one: &StoreConfig, other: &StoreConfig) -> bool {
    match (one, other) {
        (StoreConfig::Memory, StoreConfig::Memory) => true,
        (StoreConfig::File(one), StoreConfig::File(other)) => one == other,
        (StoreConfig::Redis(one), StoreConfig::Redis(other)) => one.expose() == other.expose(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Overrides;
    use super::*;

    fn read(text: &str) -> Config {
        let text = format!("{text}\n[upstream.a]\npreset = \"openai\"\nkey = \"k\"");
        let (config, problems) = Config::read(
            &crate::config::source("aside.toml", text),
            &Overrides::default(),
            &|_| None,
        );
        config.unwrap_or_else(|| panic!("{problems:?}"))
    }

    #[test]
    fn what_needs_a_restart_is_named_and_nothing_else() {
        for (changed, expected) in [
            ("listen = \"127.0.0.1:1\"", &["listen"][..]),
            ("workers = 3", &["workers"]),
            ("admin = { listen = \"127.0.0.1:2\" }", &["admin.listen"]),
            ("log = { format = \"json\" }", &["log.format"]),
            ("context = { ttl = \"1h\" }", &["context.ttl"]),
            ("context = { store = \"file:a.redb\" }", &["context.store"]),
            ("context = { store = \"redis://a\" }", &["context.store"]),
            ("record = { file = \"a.jsonl\" }", &["record"]),
            ("inspect = { turns = 3 }", &["inspect"]),
            ("inspect = { reveal_keys = [\"a\"] }", &[]),
            ("trace = { otlp = \"http://h\" }", &["trace"]),
            (
                "rules = \"b\"\nreload = \"call\"\ndrain = \"1s\"\nkeys = [\"a\"]\nlimits = { body = \"1 MiB\" }",
                &[],
            ),
        ] {
            assert_eq!(
                read("").needing_restart(&read(changed)),
                expected,
                "{changed}"
            );
            assert!(read(changed).needing_restart(&read(changed)).is_empty());
        }
    }
}
