//! `[record]`: whether turns are written to a file, and how much of them.
//!
//! The key is never shown. What callers say is written as it came only where it is encrypted.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Key;
use crate::files::{Problem, Source, duration};

/// `[record]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordConfig {
    /// The file, one turn a line.
    #[schemars(with = "PathBuf")]
    pub file: Spanned<PathBuf>,
    /// Its largest size; then it becomes `FILE.1`, in place of the one before. Default: 100 MiB.
    #[serde(default = "hundred_mib", deserialize_with = "duration::size")]
    #[schemars(with = "String")]
    pub most: usize,
    /// Whether turns are kept as they came, encrypted. Default: false, they are redacted.
    #[serde(default)]
    pub raw: bool,
    /// What they are encrypted with: 32 bytes as 64 hex digits or base64.
    #[schemars(with = "Option<Key>")]
    pub key: Option<Spanned<Key>>,
}

impl RecordConfig {
    /// Whether it says the same, wherever in the file.
    pub(super) fn is_same_as(&self, other: &RecordConfig) -> bool {
        let key = |record: &RecordConfig| {
            let key = record.key.as_ref();
            key.map(|key| key.get_ref().expose().to_owned())
        };
        self.file.get_ref() == other.file.get_ref()
            && (self.most, self.raw) == (other.most, other.raw)
            && key(self) == key(other)
    }

    /// What is wrong with it. `is_key`: whether a text is a key to encrypt with.
    pub fn check(&self, source: &Source, is_key: &dyn Fn(&str) -> bool) -> Option<Problem> {
        let help = "set `key = \"${ASIDE_RECORD_KEY}\"`; `openssl rand -hex 32` makes one";
        let problem = match &self.key {
            None if self.raw => {
                let message = "`raw = true` writes down what callers say, and there is no `key` to encrypt it";
                source.error(self.file.span(), message)
            }
            Some(key) if !self.raw => {
                let message = "there is a `key`, and without `raw = true` nothing is encrypted";
                let help = "write `raw = true` to keep turns as they came, or drop the `key`";
                return Some(source.error(key.span(), message).with_help(help));
            }
            Some(key) if !is_key(key.get_ref().expose()) => {
                let message = "the `key` must have 32 bytes, as 64 hex digits or base64";
                source.error(key.span(), message)
            }
            None | Some(_) => return None,
        };
        Some(problem.with_help(help))
    }
}

fn hundred_mib() -> usize {
    100 << 20
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Overrides};

    fn read(record: &str) -> (Option<RecordConfig>, String) {
        let text = format!("[upstream.a]\nurl = \"http://x\"\n[record]\n{record}\n");
        let source = crate::config::source("aside.toml", text);
        let (config, problems) = Config::read(&source, &Overrides::default(), &|_| None);
        let mut told: String = problems.iter().map(ToString::to_string).collect();
        let record = config.and_then(|config| config.record);
        let found = record
            .as_ref()
            .and_then(|it| it.check(&source, &|key| key.len() == 64));
        told.extend(found.map(|problem| problem.to_string()));
        (record, told)
    }

    #[test]
    fn a_recording_is_redacted_unless_it_is_encrypted() {
        let (record, told) = read("file = \"a/b.jsonl\"");
        let record = record.expect("a config");
        assert_eq!(
            (record.most, record.raw, told.as_str()),
            (100 << 20, false, "")
        );
        let key = "0f".repeat(32);
        let good = format!("file = \"a\"\nmost = \"1 MiB\"\nraw = true\nkey = \"{key}\"");
        let (record, told) = read(&good);
        assert_eq!(told, "");
        assert!(!format!("{record:?}").contains(&key));
        for (record, expected) in [
            ("", "3:1: `file` is missing"),
            (
                "file = \"a\"\nraw = true",
                "4:8: `raw = true` writes down what callers say",
            ),
            (
                "file = \"a\"\nraw = true\nkey = \"s3cr3t\"",
                "6:7: the `key` must have 32 bytes",
            ),
            ("file = \"a\"\nkey = \"s3cr3t\"", "5:7: there is a `key`"),
            ("file = \"a\"\nmost = \"3 cows\"", "`3 cows` is no size"),
            ("flie = \"a\"", "unknown field `flie`"),
        ] {
            let (_, told) = read(record);
            assert!(told.contains(expected), "{record}: {told}");
            assert!(!told.contains("s3cr3t"), "{told}");
        }
        assert!(
            read("file = \"a\"\nraw = true")
                .1
                .contains("help: set `key = ")
        );
    }
}
