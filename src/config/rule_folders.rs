//! Folders whose rules are one ruleset together: those of a route, or of all routes that name none.
//!
//! It reads no folder.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::files::OneOrMore;

/// One folder of rules or several; the rules of the first run first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "OneOrMore")]
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

/// Why a route's `rules` name no folders.
#[derive(Debug, thiserror::Error)]
pub enum RuleFoldersError {
    /// A list of nothing.
    #[error("the list names no folder; name one, or leave it out for the config's `rules`")]
    Empty,
    /// A name of nothing.
    #[error("a folder of rules has no name")]
    Unnamed,
    /// A name that is in the list already.
    #[error("`{0}` is named twice")]
    Twice(String),
}

impl TryFrom<OneOrMore> for RuleFolders {
    type Error = RuleFoldersError;

    fn try_from(named: OneOrMore) -> Result<RuleFolders, RuleFoldersError> {
        let folders = named.texts;
        if folders.is_empty() {
            return Err(RuleFoldersError::Empty);
        }
        if folders.iter().any(|folder| folder.trim().is_empty()) {
            return Err(RuleFoldersError::Unnamed);
        }
        let is_twice = |at: &usize| folders[..*at].contains(&folders[*at]);
        if let Some(at) = (0..folders.len()).find(is_twice) {
            return Err(RuleFoldersError::Twice(folders[at].clone()));
        }
        let folders = folders.into_iter().map(PathBuf::from);
        Ok(RuleFolders(folders.collect()))
    }
}
