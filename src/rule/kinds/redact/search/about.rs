//! What the finders of a rule do whatever the turn: for the warnings of `aside check`.

use super::Search;
use crate::detect::Detector;
use crate::rule::{HeldFor, MissedValue};

/// Detectors of what may be long, and ends only at a blank.
const LONG: [Detector; 2] = [Detector::Email, Detector::Url];

/// Detectors of which one finds what the other does not, though it sounds alike.
const ALIKE: [(Detector, Detector, &str); 2] = [
    (
        Detector::Cvv,
        Detector::Pin,
        "a short code of which nothing says that it is a card's is taken for a PIN",
    ),
    (
        Detector::Pin,
        Detector::Cvv,
        "the code on a card is said in the same way as a PIN",
    ),
];

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
    pub(in crate::rule::kinds::redact) fn holds(&self) -> Vec<(String, HeldFor)> {
        let own = self.patterns.iter().filter_map(|own| {
            let longest = own.streamed.as_ref()?.longest();
            Some((self.field(own.label), HeldFor::Bytes(longest)))
        });
        let long = HeldFor::Open {
            message: "with `reply = true` the caller waits until what may be a mail or web address is over",
            help: "look for `email` and `url` in a rule without `reply`, if the model never says one by itself",
        };
        let is_long = LONG
            .iter()
            .any(|detector| self.detectors.contains(*detector));
        own.chain(is_long.then(|| ("find".to_owned(), long)))
            .collect()
    }

    /// What stays though it sounds like what is looked for.
    pub(in crate::rule::kinds::redact) fn misses(&self) -> Vec<MissedValue> {
        let found = ALIKE
            .iter()
            .filter(|(one, _, _)| self.detectors.contains(*one));
        let missed = found.map(|(one, other, why)| {
            let (one, other_name) = (one.name(), other.name());
            MissedValue {
                label: other.label().to_owned(),
                field: "find",
                text: one.to_owned(),
                message: format!("`{one}` without `{other_name}`: {why}, and stays"),
                help: format!("add \"{other_name}\" to `find`"),
            }
        });
        missed.collect()
    }

    fn field(&self, label: usize) -> String {
        format!("patterns.{}", self.labels.at(label).0)
    }
}
