//! Values that were found in a request, to be hidden wherever they stand again behind that.
//!
//! A text costs one look-up a word, however many values there are.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::hit::{Hit, is_whole};
use super::labels::RuleLabels;
use super::numbers::each_number;
use crate::rule::{Identity, Retention};

/// A shorter value is hidden only where it was found.
const SHORTEST: usize = 4;

/// A number of fewer digits is hidden only in the spelling that was found.
const FEWEST_DIGITS: usize = 5;

/// The same for what is never kept, such as a PIN.
const FEWEST_OF_SECRETS: usize = 4;

/// The values of one request so far. Nothing of a value is in it but hashes and lengths, so that
/// it may be remembered.
#[derive(Debug, Clone, Default)]
pub(super) struct RepeatedValues {
    /// What an earlier turn found.
    past: Option<Arc<RepeatedValues>>,
    /// Each by what tells its spelling from others.
    values: HashMap<Identity, Hit, RandomState>,
    /// The lengths of the values that begin alike.
    lengths: HashMap<u64, LengthSet, RandomState>,
    /// The values of more than [`LengthSet::LONGEST`] bytes: their beginning and length.
    long: Vec<(u64, usize)>,
    id: Option<Identity>,
    /// The label of each value, in every spelling.
    identities: HashMap<Identity, usize, RandomState>,
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

    /// Adds the spelling of a value.
    pub(super) fn add(&mut self, labels: &RuleLabels, spelling: &str, hit: Hit) {
        if self.label(hit.identity).is_none() {
            self.identities.insert(hit.identity, hit.label);
        }
        let Some(beginning) = beginning(labels, spelling, 0) else {
            return;
        };
        let id = labels.identity(spelling);
        if self.layers().any(|layer| layer.values.contains_key(&id)) {
            return;
        }
        self.values.insert(id, hit);
        if !self
            .lengths
            .entry(beginning)
            .or_default()
            .insert(spelling.len())
        {
            self.long.push((beginning, spelling.len()));
        }
        self.id = Some(labels.identity(&(self.id, id, hit.label)));
    }

    /// Whether nothing was found yet.
    pub(super) fn is_empty(&self) -> bool {
        self.layers().all(|layer| layer.identities.is_empty())
    }

    /// What tells these values from others, for the memo.
    pub(super) fn id(&self) -> Option<Identity> {
        self.id
    }

    /// The places where a value stands again, beside `own` hits (in order).
    pub(super) fn find(&self, labels: &RuleLabels, text: &str, own: &[Hit]) -> Vec<Hit> {
        let (mut hits, mut again) = (Vec::new(), Vec::new());
        if self.layers().all(|layer| layer.values.is_empty()) {
            return hits;
        }
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(beginning) = beginning(labels, text, at) {
            let is_inside_word = at > 0
                && bytes[at - 1].is_ascii_alphanumeric()
                && bytes[at].is_ascii_alphanumeric();
            let hit = (!is_inside_word)
                .then(|| self.longest_at(labels, text, at, beginning, own))
                .flatten();
            at = hit.map_or(at + 1, |hit| hit.end);
            hits.extend(hit);
        }
        // A number that was spoken, or grouped in another way.
        each_number(text, FEWEST_OF_SECRETS, &mut |start, end, digits| {
            let identity = labels.identity(digits);
            let is_long = digits.len() >= FEWEST_DIGITS;
            let counts =
                |label: &usize| is_long || labels.retention(*label) == Some(Retention::Nothing);
            let is_free = |hit: &Hit| hit.end <= start || end <= hit.start;
            if let Some(label) = self.label(identity).filter(counts)
                && own.iter().chain(&hits).all(is_free)
            {
                again.push(Hit {
                    start,
                    end,
                    label,
                    identity,
                });
            }
        });
        hits.extend(again);
        hits
    }
}

impl RepeatedValues {
    /// The longest value that stands at a place, beside `own` hits.
    fn longest_at(
        &self,
        labels: &RuleLabels,
        text: &str,
        at: usize,
        beginning: u64,
        own: &[Hit],
    ) -> Option<Hit> {
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
        long.into_iter()
            .chain(short.longest_first())
            .find_map(|length| {
                let end = at + length;
                let id = labels.identity(text.get(at..end)?);
                let hit = self.layers().find_map(|layer| layer.values.get(&id))?;
                let next = own.partition_point(|own| own.end <= at);
                let is_free = own.get(next).is_none_or(|own| own.start >= end);
                (is_free && is_whole(text, at, end)).then_some(Hit {
                    start: at,
                    end,
                    ..*hit
                })
            })
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

/// What the first bytes behind a place are, as a hash; none where there are too few.
fn beginning(labels: &RuleLabels, text: &str, at: usize) -> Option<u64> {
    let bytes: [u8; SHORTEST] = text.as_bytes().get(at..at + SHORTEST)?.try_into().ok()?;
    Some(labels.short_hash(u32::from_ne_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(values: &[&str], text: &str) -> Vec<String> {
        let labels = RuleLabels::default();
        let mut repeated = RepeatedValues::default();
        for value in values {
            let identity = labels.identity(value);
            repeated.add(
                &labels,
                value,
                Hit {
                    start: 0,
                    end: 0,
                    label: 0,
                    identity,
                },
            );
        }
        repeated
            .find(&labels, text, &[])
            .iter()
            .map(|hit| text[hit.start..hit.end].to_owned())
            .collect()
    }

    #[test]
    fn a_value_is_found_again_as_a_whole() {
        assert_eq!(
            found(&["ab-12"], "ab-12 and xab-12, ab-12. ab-123"),
            ["ab-12", "ab-12"]
        );
        assert_eq!(
            found(&["4111", "4111 2222"], "so 4111 2222 and 4111"),
            ["4111 2222", "4111"]
        );
        assert_eq!(found(&["éa 1"], "é éa 1é éa 1"), ["éa 1"]);
        assert!(found(&["123"], "123").is_empty());
    }

    #[test]
    fn many_values_cost_no_more_than_few() {
        let values: Vec<String> = (0..10_000).map(|n| format!("4111 {n:05}")).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let text = values.join(", ");
        assert_eq!(found(&values, &text).len(), 10_000);
    }
}
