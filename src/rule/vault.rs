//! The private values of one turn, and the placeholders that stand for them upstream.
//!
//! The vault is made anew for each turn and dies with it. Since the whole history comes each
//! time, the same values get the same numbers. Values that are never restored are not kept.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, Hash};

use foldhash::quality::RandomState;

/// Values and placeholders of one turn.
#[derive(Clone, Default)]
pub struct Vault {
    entries: Vec<Entry>,
    numbers: HashMap<Identity, Vec<usize>>,
    counts: HashMap<String, u32>,
}

#[derive(Clone)]
struct Entry {
    label: String,
    number: u32,
    /// The first spelling; none for kinds that are never kept.
    spelling: Option<String>,
}

/// What is the same for all spellings of one value, and tells nothing of it: 128 bits of hash
/// under random seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity(u64, u64);

/// The seeds of identities. Only identities of the same seeds can be compared.
#[derive(Debug, Clone, Default)]
pub struct Seeds(RandomState, RandomState);

impl Seeds {
    /// The identity of a value.
    pub fn identity<V: Hash + ?Sized>(&self, value: &V) -> Identity {
        Identity(self.0.hash_one(value), self.1.hash_one(value))
    }
}

/// Whether a value may come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// The value is kept until the turn ends.
    Value,
    /// Only its placeholder is known.
    Nothing,
}

impl Vault {
    /// The number of a value: the same for every spelling of the same value.
    pub fn number(&mut self, label: &str, identity: Identity, spelling: &str, keep: Keep) -> u32 {
        let known = self.numbers.entry(identity).or_default();
        // One value may be hidden under two labels.
        if let Some(at) = known.iter().find(|at| self.entries[**at].label == label) {
            return self.entries[*at].number;
        }
        known.push(self.entries.len());
        let count = self.counts.entry(label.to_owned()).or_default();
        *count += 1;
        let number = *count;
        let spelling = (keep == Keep::Value).then(|| spelling.to_owned());
        self.entries.push(Entry {
            label: label.to_owned(),
            number,
            spelling,
        });
        number
    }

    /// The value behind a placeholder, in its first spelling.
    pub fn value(&self, label: &str, number: u32) -> Option<&str> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.number == number && entry.label == label)?;
        entry.spelling.as_deref()
    }

    /// Whether nothing was hidden.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The labels with how many values each has, for people.
    pub fn counts(&self) -> Vec<(String, u32)> {
        let mut counts: Vec<_> = self
            .counts
            .iter()
            .map(|(label, count)| (label.clone(), *count))
            .collect();
        counts.sort();
        counts
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Vault").field(&self.counts()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_has_one_number_in_every_spelling() {
        let (mut vault, seeds) = (Vault::default(), Seeds::default());
        assert_eq!(
            vault.number("CARD", seeds.identity("4111"), "41 11", Keep::Value),
            1
        );
        assert_eq!(
            vault.number("CARD", seeds.identity("4112"), "4112", Keep::Value),
            2
        );
        assert_eq!(
            vault.number("PHONE", seeds.identity("4111"), "4111", Keep::Value),
            1
        );
        assert_eq!(
            vault.number("CARD", seeds.identity("4111"), "4-1-1-1", Keep::Value),
            1
        );
        assert_eq!(vault.value("CARD", 1), Some("41 11"));
        assert_eq!(vault.value("CARD", 3), None);
    }

    #[test]
    fn what_is_never_restored_is_not_kept() {
        let (mut vault, seeds) = (Vault::default(), Seeds::default());
        assert_eq!(
            vault.number("CVV", seeds.identity("123"), "123", Keep::Nothing),
            1
        );
        assert_eq!(vault.value("CVV", 1), None);
        assert!(!format!("{vault:?}").contains("123"));
    }
}
