//! Folders whose rules are one ruleset together: those of a route, or of all routes that name none.
//!
//! It reads no folder.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::{Deserialize, de};

/// One folder of rules or several; the rules of the first run first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleFolders(Vec<PathBuf>);

impl RuleFolders {
    /// One folder alone.
    pub fn one(folder: impl Into<PathBuf>) -> RuleFolders {
        RuleFolders(vec![folder.into()])
    }

    /// The folders in order.
    pub fn all(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().map(PathBuf::as_path)
    }

    /// The folders up to each: the rules that the tests in that folder's `tests` run.
    pub fn up_to_each(&self) -> impl Iterator<Item = RuleFolders> {
        (1..=self.0.len()).map(|count| RuleFolders(self.0[..count].to_vec()))
    }

    /// Whether these are the first of them.
    pub(super) fn begins_with(&self, others: &RuleFolders) -> bool {
        self.0.starts_with(&others.0)
    }

    /// The last folder.
    pub fn last(&self) -> &Path {
        self.0.last().map_or(Path::new(""), PathBuf::as_path)
    }
}

impl fmt::Display for RuleFolders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, folder) in self.0.iter().enumerate() {
            let and = if at == 0 { "" } else { " + " };
            write!(f, "{and}{}", folder.display())?;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for RuleFolders {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RuleFolders, D::Error> {
        deserializer.deserialize_any(FoldersVisitor)
    }
}

struct FoldersVisitor;

impl<'de> Visitor<'de> for FoldersVisitor {
    type Value = RuleFolders;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a folder of rules, or a list of folders")
    }

    fn visit_str<E: Error>(self, folder: &str) -> Result<RuleFolders, E> {
        folders_of(vec![folder.to_owned()])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<RuleFolders, A::Error> {
        let mut folders = Vec::new();
        while let Some(folder) = list.next_element::<String>()? {
            folders.push(folder);
        }
        folders_of(folders)
    }
}

fn folders_of<E: de::Error>(folders: Vec<String>) -> Result<RuleFolders, E> {
    if folders.is_empty() {
        let message =
            "the list names no folder; name one, or leave it out for the config's `rules`";
        return Err(E::custom(message));
    }
    if folders.iter().any(|folder| folder.trim().is_empty()) {
        return Err(E::custom("a folder of rules has no name"));
    }
    let is_twice = |at: usize| folders[..at].contains(&folders[at]);
    match (0..folders.len()).find(|at| is_twice(*at)) {
        Some(at) => Err(E::custom(format!("`{}` is named twice", folders[at]))),
        None => Ok(RuleFolders(
            folders.into_iter().map(PathBuf::from).collect(),
        )),
    }
}

impl JsonSchema for RuleFolders {
    fn schema_name() -> Cow<'static, str> {
        "RuleFolders".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string" }, "minItems": 1 },
            ]
        })
    }
}
