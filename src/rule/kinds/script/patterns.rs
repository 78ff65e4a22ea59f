//! The regular expressions that stand in a script, compiled when it is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::Regex;

use crate::lang::pattern::{Pattern, PatternError};

/// The functions that take one, as their second argument.
pub(super) const WITH_PATTERN: &[&str] = &["matches", "replace_all", "find_all"];

/// The patterns of a script, by their texts.
#[derive(Debug, Clone, Default)]
pub(super) struct ScriptPatterns(Arc<BTreeMap<String, Regex>>);

impl ScriptPatterns {
    /// Compiles them.
    pub(super) fn read<'p>(
        sources: impl Iterator<Item = &'p str>,
    ) -> Result<ScriptPatterns, (String, PatternError)> {
        let mut all = BTreeMap::new();
        for source in sources {
            let pattern = Pattern::new(source).map_err(|error| (source.to_owned(), error))?;
            all.insert(source.to_owned(), pattern.regex().clone());
        }
        Ok(ScriptPatterns(Arc::new(all)))
    }

    /// The pattern of a text, if the script has it.
    pub(super) fn get(&self, source: &str) -> Option<&Regex> {
        self.0.get(source)
    }
}
