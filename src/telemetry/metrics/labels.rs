//! Labels: what they may be, and how many.
//!
//! Names come from the config and from rule files, and both are read again while the server runs: what
//! a process has counted once stays. So each label has a most of values, and what comes behind it is
//! `other`. A value that was counted before always finds its own series.

use std::collections::{HashMap, HashSet};
use std::sync::{OnceLock, PoisonError, RwLock};

use metrics::Label;

/// What stands for all values that have no name of their own.
pub const OTHER: &str = "other";

/// So many values may a label have.
const MOST_VALUES: usize = 500;

/// The values that each label has had.
type SeenValues = HashMap<&'static str, HashSet<String>>;

// Of the whole process, as the recorder is.
static SEEN: OnceLock<RwLock<SeenValues>> = OnceLock::new();

/// Labels as they are counted.
pub(super) fn owned(labels: &[(&'static str, &str)]) -> Vec<Label> {
    let bounded = |(name, value): &(&'static str, &str)| {
        let value = if is_counted(SEEN.get_or_init(RwLock::default), name, value) {
            *value
        } else {
            OTHER
        };
        Label::new(*name, value.to_owned())
    };
    labels.iter().map(bounded).collect()
}

/// Whether a value has a series of its own: it has one, or there is room for it.
fn is_counted(seen: &RwLock<SeenValues>, name: &'static str, value: &str) -> bool {
    {
        let seen = seen.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(values) = seen.get(name)
            && (values.contains(value) || values.len() >= MOST_VALUES)
        {
            return values.contains(value);
        }
    }
    let mut seen = seen.write().unwrap_or_else(PoisonError::into_inner);
    let values = seen.entry(name).or_default();
    let has_room = values.len() < MOST_VALUES;
    if has_room {
        values.insert(value.to_owned());
    }
    has_room || values.contains(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_has_a_most_of_values_and_each_keeps_its_own() {
        let seen = RwLock::default();
        let names: Vec<String> = (0..2 * MOST_VALUES)
            .map(|at| format!("rule-{at}"))
            .collect();
        for _ in 0..2 {
            let counted = names.iter().filter(|name| is_counted(&seen, "rule", name));
            assert_eq!(counted.count(), MOST_VALUES);
        }
        assert!(is_counted(&seen, "rule", "rule-0"));
        assert!(!is_counted(&seen, "rule", "rule-500"));
        assert!(
            is_counted(&seen, "route", "rule-500"),
            "each has its own room"
        );
    }
}
