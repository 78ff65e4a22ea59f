//! The fields of `[then.redact]`, checked as they are read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::choice::RestoreChoice;
use crate::chat::Role;
use crate::detect::Detector;
use crate::lang::facts;
use crate::lang::pattern::Pattern;

/// Hides private values from the model, and gives them back to the caller.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RedactFields {
    /// The detectors of private values.
    #[serde(default)]
    pub(super) find: Vec<DetectorName>,
    /// Your own regular expressions, each with the label of its placeholders, as in `{ ORDER = 'ORD-\d{8}' }`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(super) patterns: BTreeMap<PatternLabel, Pattern>,
    /// Paths of values to hide wherever they occur, as in `customer.name`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) known: Vec<KnownPath>,
    /// Whether values come back in what the caller hears. Default: true.
    #[serde(default)]
    pub(super) restore: RestoreChoice,
    /// Whether values come back in tool arguments. Default: as `restore`.
    pub(super) restore_tools: Option<RestoreChoice>,
    /// What stands for a value. Default: `placeholder`.
    #[serde(default)]
    pub(super) style: Style,
    /// With `mask`: how many of the last letters and digits stay. Default: 0.
    pub(super) keep_last: Option<usize>,
    /// Values that are not hidden.
    #[serde(default)]
    pub(super) keep: Vec<String>,
    /// The roles in which to look. Default: all.
    #[serde(rename = "in")]
    pub(super) roles: Option<Vec<Role>>,
    /// Whether what the model itself says is hidden. Default: false.
    #[serde(default)]
    pub(super) reply: bool,
    /// What is spoken for a placeholder that is not restored. Default: `that`.
    #[serde(default = "that")]
    pub(super) unknown: String,
    /// Whether the model is told what placeholders are. Default: false.
    #[serde(default)]
    pub(super) explain: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Style {
    /// `[CARD_1]`.
    #[default]
    Placeholder,
    /// An asterisk for each letter and digit.
    Mask,
    /// Nothing.
    Remove,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct DetectorName(pub(super) Detector);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct PatternLabel(pub(super) String);

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct KnownPath(pub(super) String);

/// What stands for a value that has no placeholder.
#[derive(Debug, Clone, Copy)]
pub(super) struct StandIn {
    pub(super) style: Style,
    /// How many of the last letters and digits a mask leaves.
    pub(super) keep_last: usize,
}

impl StandIn {
    pub(super) fn of(self, spelling: &str) -> String {
        if self.style != Style::Mask {
            return String::new();
        }
        let signs = spelling.chars().filter(|c| c.is_alphanumeric()).count();
        // A short value would stand there whole.
        let kept = if signs > 2 * self.keep_last {
            self.keep_last
        } else {
            0
        };
        let mut hidden = signs - kept;
        let mask = |c: char| match c.is_alphanumeric() && hidden > 0 {
            true => {
                hidden -= 1;
                '*'
            }
            false => c,
        };
        spelling.chars().map(mask).collect()
    }
}

impl KnownPath {
    /// The keys of the path.
    pub(super) fn keys(&self) -> Vec<String> {
        self.0.split('.').map(str::to_owned).collect()
    }

    /// The name of the fetch that it is a part of.
    pub(super) fn fetch(&self) -> Option<String> {
        let mut keys = self.0.split('.');
        keys.next().filter(|root| *root == facts::FETCH)?;
        keys.next().map(str::to_owned)
    }

    /// The last key of the path, in capitals.
    pub(super) fn label(&self) -> String {
        let last = self.0.rsplit('.').next().unwrap_or_default();
        last.chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_uppercase()
                } else {
                    '_'
                }
            })
            .collect()
    }
}

/// Why a path is none of a known value.
#[derive(Debug, thiserror::Error)]
pub(super) enum KnownPathError {
    #[error("`{path}` names no known value: paths begin with one of {}", facts::ROOTS.join(", "))]
    Root { path: String },
    #[error("`{path}` names no single value; write a path such as `customer.name`")]
    NotSingle { path: String },
    #[error("{message}: {help}")]
    Missing { message: String, help: String },
}

impl TryFrom<String> for KnownPath {
    type Error = KnownPathError;

    fn try_from(path: String) -> Result<KnownPath, KnownPathError> {
        let root = path.split('.').next().unwrap_or_default();
        if !facts::ROOTS.contains(&root) {
            return Err(KnownPathError::Root { path });
        }
        if path.split('.').any(str::is_empty) || !path.contains('.') {
            return Err(KnownPathError::NotSingle { path });
        }
        let path = KnownPath(path);
        match facts::missing(&path.keys()) {
            Some(missing) => Err(KnownPathError::Missing {
                message: missing.message,
                help: missing.help,
            }),
            None => Ok(path),
        }
    }
}

/// A text is no label.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no label: use capitals and `_`, ending in a letter, as in `ORDER`")]
pub(super) struct NoLabel(String);

impl TryFrom<String> for PatternLabel {
    type Error = NoLabel;

    fn try_from(label: String) -> Result<PatternLabel, NoLabel> {
        let is_good = label.starts_with(|c: char| c.is_ascii_uppercase())
            && label
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            && !label.ends_with(|c: char| c.is_ascii_digit() || c == '_');
        match is_good {
            true => Ok(PatternLabel(label)),
            false => Err(NoLabel(label)),
        }
    }
}

impl<'de> Deserialize<'de> for DetectorName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<DetectorName, D::Error> {
        let name = String::deserialize(deserializer)?;
        Detector::from_name(&name).map(DetectorName).ok_or_else(|| {
            let known: Vec<String> = Detector::ALL
                .iter()
                .map(|known| format!("`{}`", known.name()))
                .collect();
            serde::de::Error::custom(format!(
                "unknown detector `{name}`, expected one of {}",
                known.join(", ")
            ))
        })
    }
}

impl JsonSchema for DetectorName {
    fn schema_name() -> Cow<'static, str> {
        "Detector".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = Detector::ALL.iter().map(|known| known.name()).collect();
        json_schema!({ "type": "string", "enum": names })
    }
}

fn that() -> String {
    "that".to_owned()
}
