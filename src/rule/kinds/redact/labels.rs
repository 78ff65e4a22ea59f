//! The labels of one rule's placeholders, and what tells its values from each other.

use std::hash::Hash;

use crate::rule::{Identity, Retention, Seeds};

/// The labels of a rule. A place in the list stands for a label.
#[derive(Debug, Clone, Default)]
pub(super) struct RuleLabels {
    names: Vec<String>,
    retentions: Vec<Retention>,
    seeds: Seeds,
}

impl RuleLabels {
    /// The place of a label in the list, where it is put if it is new.
    pub(super) fn add(&mut self, label: &str, retention: Retention) -> usize {
        if let Some(at) = self.position(label) {
            return at;
        }
        self.names.push(label.to_owned());
        self.retentions.push(retention);
        self.names.len() - 1
    }

    /// All of them, in order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The label at a place, and whether its values are kept.
    pub(super) fn at(&self, at: usize) -> (&str, Retention) {
        (&self.names[at], self.retentions[at])
    }

    /// Whether values of the label at a place are kept.
    pub(super) fn retention(&self, at: usize) -> Option<Retention> {
        self.retentions.get(at).copied()
    }

    /// Where a label stands.
    pub(super) fn position(&self, label: &str) -> Option<usize> {
        self.names.iter().position(|known| known == label)
    }

    /// Which value something is.
    pub(super) fn identity<V: Hash + ?Sized>(&self, value: &V) -> Identity {
        self.seeds.identity(value)
    }

    /// A hash of four bytes, for those who compare them and must not keep them.
    pub(super) fn short_hash(&self, bytes: u32) -> u64 {
        self.seeds.short(bytes)
    }
}
