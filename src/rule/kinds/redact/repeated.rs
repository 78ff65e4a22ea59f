//! Values that were found in a request, to be hidden wherever they stand again behind that,
//! however they are written or said.
//!
//! A text costs one look-up a word, however many values there are. Nothing of a value is kept but
//! hashes and lengths. An amount, a time, a short number or a common word is no value again.

mod aliases;
mod places;

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::hit::{Hit, fold};
use super::labels::RuleLabels;
use crate::detect::SaidSigns;
use crate::rule::Identity;
use aliases::{Alias, AliasKind, aliases};

/// The fewest signs that are looked for.
const SHORTEST: usize = 3;

/// The values of one request so far. Nothing of a value is in it but hashes and lengths, so that
/// it may be remembered.
#[derive(Debug, Clone, Default)]
pub(super) struct RepeatedValues {
    /// What an earlier turn found.
    past: Option<Arc<RepeatedValues>>,
    /// Each by what tells its signs from others.
    values: HashMap<Identity, RepeatedValue, RandomState>,
    /// The lengths of the values that begin alike.
    lengths: HashMap<u64, LengthSet, RandomState>,
    /// The values of more than [`LengthSet::LONGEST`] bytes: their beginning and length.
    long: Vec<(u64, usize)>,
    id: Option<Identity>,
    /// The label of each value, in every spelling.
    identities: HashMap<Identity, usize, RandomState>,
}

/// A spelling of a value.
#[derive(Debug, Clone, Copy)]
struct RepeatedValue {
    label: usize,
    identity: Identity,
    kind: AliasKind,
}

/// A set of lengths; bit `n` stands for `n` bytes.
#[derive(Debug, Clone, Copy, Default)]
struct LengthSet(u128);

impl RepeatedValues {
    /// What an earlier turn found, to be added to.
    pub(super) fn after(past: Arc<RepeatedValues>) -> RepeatedValues {
        RepeatedValues {
            id: past.id,
            past: Some(past),
            ..RepeatedValues::default()
        }
    }

    /// All of it in one piece, to be remembered.
    pub(super) fn whole(&self) -> RepeatedValues {
        let Some(past) = &self.past else {
            return self.clone();
        };
        let mut whole = RepeatedValues::clone(past);
        whole.id = self.id;
        whole.identities.extend(&self.identities);
        whole.values.extend(&self.values);
        for (beginning, lengths) in &self.lengths {
            whole.lengths.entry(*beginning).or_default().0 |= lengths.0;
        }
        whole.long.extend(&self.long);
        whole
    }

    /// This and what an earlier turn found.
    fn layers(&self) -> impl Iterator<Item = &RepeatedValues> {
        [Some(self), self.past.as_deref()].into_iter().flatten()
    }

    /// Whether a value was found, in whatever spelling.
    pub(super) fn has(&self, hit: &Hit) -> bool {
        self.layers()
            .any(|layer| layer.identities.contains_key(&hit.identity))
    }

    /// The label under which a value was found first.
    pub(super) fn label(&self, identity: Identity) -> Option<usize> {
        self.layers()
            .find_map(|layer| layer.identities.get(&identity).copied())
    }

    /// The value that a text is a spelling of: its label, and which it is.
    pub(super) fn value(&self, labels: &RuleLabels, spelling: &str) -> Option<(usize, Identity)> {
        if self.is_empty() {
            return None;
        }
        let found = self.entry(labels.identity(SaidSigns::of(spelling).text()))?;
        let is_value = !matches!(found.kind, AliasKind::Beginning | AliasKind::Ending);
        is_value.then_some((found.label, found.identity))
    }

    fn entry(&self, id: Identity) -> Option<RepeatedValue> {
        self.layers()
            .find_map(|layer| layer.values.get(&id).copied())
    }

    /// Adds a value in the spelling in which it was found, and all that it is looked for by.
    pub(super) fn add(&mut self, labels: &RuleLabels, spelling: &str, hit: Hit) {
        if self.label(hit.identity).is_none() {
            self.identities.insert(hit.identity, hit.label);
            self.id = Some(labels.identity(&(self.id, hit.identity, hit.label)));
        }
        for alias in aliases(labels, spelling, hit.label) {
            self.add_alias(labels, &alias, hit);
        }
    }

    fn add_alias(&mut self, labels: &RuleLabels, alias: &Alias, hit: Hit) {
        let key = alias.kind.key(labels, &alias.signs);
        let Some(beginning) = beginning(labels, &alias.signs, 0) else {
            return;
        };
        if self.entry(key).is_some() {
            return;
        }
        // A part of a value is a value of its own: it comes back as the part that was said.
        let identity = match alias.kind {
            AliasKind::Part => labels.identity(&fold(&alias.part)),
            AliasKind::Ending => labels.identity(&alias.signs),
            AliasKind::Whole | AliasKind::Capital | AliasKind::Beginning => hit.identity,
        };
        self.identities.entry(identity).or_insert(hit.label);
        let value = RepeatedValue {
            label: hit.label,
            identity,
            kind: alias.kind,
        };
        self.values.insert(key, value);
        if alias.kind != AliasKind::Beginning && alias.kind != AliasKind::Ending {
            let length = alias.signs.len();
            if !self.lengths.entry(beginning).or_default().insert(length) {
                self.long.push((beginning, length));
            }
        }
        self.id = Some(labels.identity(&(self.id, key, hit.label)));
    }

    /// Whether nothing was found yet.
    pub(super) fn is_empty(&self) -> bool {
        self.layers().all(|layer| layer.identities.is_empty())
    }

    /// What tells these values from others, for the memo.
    pub(super) fn id(&self) -> Option<Identity> {
        self.id
    }

    /// The lengths of the values that begin so, the longest first.
    fn lengths_of(&self, beginning: u64) -> impl Iterator<Item = usize> + use<> {
        let mut short = LengthSet::default();
        let mut long = Vec::new();
        for layer in self.layers() {
            if let Some(lengths) = layer.lengths.get(&beginning) {
                short.0 |= lengths.0;
            }
            let alike = layer.long.iter().filter(|(start, _)| *start == beginning);
            long.extend(alike.map(|(_, length)| *length));
        }
        long.sort_unstable_by_key(|length| std::cmp::Reverse(*length));
        long.into_iter().chain(short.longest_first())
    }
}

impl LengthSet {
    /// The longest that the set can hold.
    const LONGEST: usize = 127;

    /// Adds a length; false: it is too long for the set.
    fn insert(&mut self, length: usize) -> bool {
        let fits = length <= LengthSet::LONGEST;
        if fits {
            self.0 |= 1 << length;
        }
        fits
    }

    fn longest_first(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let length = left.checked_ilog2()? as usize;
            left &= !(1 << length);
            Some(length)
        })
    }
}

/// What the first signs behind a place are, as a hash; none where there are too few.
fn beginning(labels: &RuleLabels, signs: &str, at: usize) -> Option<u64> {
    let bytes = signs.as_bytes().get(at..at + SHORTEST)?;
    let [first, second, third] = bytes.try_into().ok()?;
    Some(labels.short_hash(u32::from_ne_bytes([first, second, third, 0])))
}

#[cfg(test)]
mod tests;
