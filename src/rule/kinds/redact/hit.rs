//! A private value in a text: where it stands, and which value it is.

use super::labels::RuleLabels;
use crate::rule::Identity;

/// A private value in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// Bytes of the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Which label of the rule.
    pub(super) label: usize,
    /// Which value it is, in every spelling.
    pub(super) identity: Identity,
}

/// Joins hits that overlap: nothing that any finder found stays readable. The longest gives the
/// label; of equally long ones the first finder's.
pub(super) fn without_overlaps(labels: &RuleLabels, text: &str, mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| hit.start);
    let mut out: Vec<Hit> = Vec::with_capacity(hits.len());
    let mut longest = 0;
    for hit in hits {
        let length = hit.end - hit.start;
        match out.last_mut() {
            Some(last) if hit.start < last.end => {
                let end = last.end.max(hit.end);
                if length > longest {
                    longest = length;
                    last.label = hit.label;
                    last.identity = hit.identity;
                }
                last.end = end;
                if last.end - last.start > longest {
                    last.identity = labels.identity(&fold(&text[last.start..last.end]));
                }
            }
            _ => {
                longest = length;
                out.push(hit);
            }
        }
    }
    out
}

/// Whether a match is no part of a longer word or number.
pub(super) fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let joins = |one: Option<char>, other: Option<char>| {
        one.is_some_and(char::is_alphanumeric) && other.is_some_and(char::is_alphanumeric)
    };
    let (Some(before), Some(inside), Some(after)) =
        (text.get(..start), text.get(start..end), text.get(end..))
    else {
        return false;
    };
    !joins(before.chars().next_back(), inside.chars().next())
        && !joins(inside.chars().next_back(), after.chars().next())
}

/// Letters in lower case, blanks as one.
pub(super) fn fold(text: &str) -> String {
    text.split_whitespace()
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_hits_hide_all_that_any_of_them_hides() {
        let labels = RuleLabels::default();
        let hit = |start, end, label| Hit {
            start,
            end,
            label,
            identity: labels.identity(&label),
        };
        let joined = without_overlaps(
            &labels,
            "0123456789",
            vec![hit(4, 9, 1), hit(0, 2, 0), hit(3, 5, 2), hit(3, 5, 3)],
        );
        assert_eq!(joined.len(), 2);
        assert_eq!((joined[1].start, joined[1].end, joined[1].label), (3, 9, 1));
        let same = without_overlaps(&labels, "0123456789", vec![hit(1, 3, 5), hit(1, 3, 6)]);
        assert_eq!((same.len(), same[0].label), (1, 5));
    }
}
