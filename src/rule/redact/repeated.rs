//! Values that were found in a request, to be hidden wherever they stand again behind that.
//!
//! A text costs one look-up a word, however many values there are.

use std::collections::{HashMap, HashSet};

use super::search::{Hit, Search, is_whole};
use crate::rule::Identity;

/// A shorter value is hidden only where it was found.
const SHORTEST: usize = 4;

/// The values of one request so far.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    values: HashMap<String, Hit>,
    /// The lengths of the values that begin with these bytes.
    lengths: HashMap<[u8; SHORTEST], Vec<usize>>,
    id: Option<Identity>,
    identities: HashSet<Identity>,
}

impl Repeated {
    /// Whether a value was found, in whatever spelling.
    pub(super) fn has(&self, hit: &Hit) -> bool {
        self.identities.contains(&hit.identity)
    }

    /// Adds the spelling of a value.
    pub(super) fn add(&mut self, search: &Search, spelling: &str, hit: Hit) {
        self.identities.insert(hit.identity);
        let Some(start) = beginning(spelling, 0) else {
            return;
        };
        if self.values.contains_key(spelling) {
            return;
        }
        let lengths = self.lengths.entry(start).or_default();
        if !lengths.contains(&spelling.len()) {
            lengths.push(spelling.len());
            lengths.sort_unstable_by(|one, other| other.cmp(one));
        }
        self.values.insert(spelling.to_owned(), hit);
        self.id = Some(search.identity(&(self.id, spelling, hit.label)));
    }

    /// Whether nothing was found yet.
    pub(super) fn is_empty(&self) -> bool {
        self.identities.is_empty()
    }

    /// What tells these values from others, for the memo.
    pub(super) fn id(&self) -> Option<Identity> {
        self.id
    }

    /// The places where a value stands again, beside `own` hits (in order).
    pub(super) fn find(&self, text: &str, own: &[Hit]) -> Vec<Hit> {
        let mut hits = Vec::new();
        if self.values.is_empty() {
            return hits;
        }
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(start) = beginning(text, at) {
            let is_inside_word = at > 0
                && bytes[at - 1].is_ascii_alphanumeric()
                && bytes[at].is_ascii_alphanumeric();
            let lengths = if is_inside_word {
                None
            } else {
                self.lengths.get(&start)
            };
            let hit = lengths.into_iter().flatten().find_map(|length| {
                let end = at + length;
                let hit = self.values.get(text.get(at..end)?)?;
                let next = own.partition_point(|own| own.end <= at);
                let is_free = own.get(next).is_none_or(|own| own.start >= end);
                (is_free && is_whole(text, at, end)).then_some(Hit {
                    start: at,
                    end,
                    ..*hit
                })
            });
            at = hit.map_or(at + 1, |hit| hit.end);
            hits.extend(hit);
        }
        hits
    }
}

fn beginning(text: &str, at: usize) -> Option<[u8; SHORTEST]> {
    text.as_bytes().get(at..at + SHORTEST)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(values: &[&str], text: &str) -> Vec<String> {
        let search = Search::new(&[]);
        let mut repeated = Repeated::default();
        for value in values {
            let identity = search.identity(value);
            repeated.add(
                &search,
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
            .find(text, &[])
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
