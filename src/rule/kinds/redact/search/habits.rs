//! What the finders of a rule do whatever the turn: for the warnings of `aside check`.

use super::Search;
use crate::detect::Detector;
use crate::rule::Held;

/// Detectors of what may be long, and ends only at a blank.
const LONG: [Detector; 2] = [Detector::Email, Detector::Url];

impl Search {
    /// Whether it looks for values that no context names.
    pub(in crate::rule::kinds::redact) fn looks(&self) -> bool {
        !self.detectors.is_empty() || !self.patterns.is_empty()
    }

    /// The expressions of `patterns`, each with its field.
    pub(in crate::rule::kinds::redact) fn expressions(&self) -> Vec<(String, String)> {
        let own = self.patterns.iter();
        own.map(|own| (self.field(own.label), own.regex.as_str().to_owned()))
            .collect()
    }

    /// What may hold a reply back, where replies are searched.
    pub(in crate::rule::kinds::redact) fn holds(&self) -> Vec<(String, Held)> {
        let own = self.patterns.iter().filter_map(|own| {
            let longest = own.streamed.as_ref()?.longest();
            Some((self.field(own.label), Held::Bytes(longest)))
        });
        let is_long = LONG
            .iter()
            .any(|detector| self.detectors.contains(*detector));
        own.chain(is_long.then(|| ("find".to_owned(), Held::Word)))
            .collect()
    }

    fn field(&self, label: usize) -> String {
        format!("patterns.{}", self.labels[label])
    }
}
