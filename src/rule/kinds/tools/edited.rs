//! The lists of tools that a rule has edited, kept for the next turn.
//!
//! An assistant sends the same tools each turn, so all but the first turn find theirs here. What is
//! kept is found by all that the edit was made of, and is the same as the edit made anew.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::quality::RandomState;
use moka::sync::Cache;

use super::{EditedList, ToolNames};

/// The lists of so many assistants are kept.
const MOST: u64 = 64;
/// Longer lists are edited anew each turn, in bytes.
const LONGEST: usize = 128 << 10;

/// The lists that one rule has edited.
#[derive(Debug)]
pub(super) struct EditedLists {
    lists: Cache<u64, Arc<KeptList>>,
    keys: RandomState,
}

/// A list of tools, and what a rule made of it.
#[derive(Debug)]
struct KeptList {
    field: &'static str,
    list: Option<String>,
    descriptions: Vec<String>,
    edited: Option<Arc<EditedList>>,
}

impl Default for EditedLists {
    fn default() -> EditedLists {
        EditedLists {
            lists: Cache::new(MOST),
            keys: RandomState::default(),
        }
    }
}

impl EditedLists {
    /// What an edit makes of a field's list: as it is kept, or made now. None: it stays as it is.
    pub(super) fn of(
        &self,
        field: &'static str,
        list: Option<&str>,
        described: &[(&ToolNames, String)],
        edit: impl FnOnce() -> Option<EditedList>,
    ) -> Option<Arc<EditedList>> {
        let descriptions = || described.iter().map(|(_, text)| text);
        let said = descriptions().map(String::len).sum::<usize>();
        if list.map_or(0, str::len) + said > LONGEST {
            return edit().map(Arc::new);
        }
        let written = descriptions().collect::<Vec<_>>();
        let key = self.keys.hash_one((field, list, written));
        let is_it = |kept: &Arc<KeptList>| {
            kept.field == field
                && kept.list.as_deref() == list
                && kept.descriptions.iter().eq(descriptions())
        };
        if let Some(kept) = self.lists.get(&key).filter(is_it) {
            return kept.edited.clone();
        }
        let edited = edit().map(Arc::new);
        let kept = KeptList {
            field,
            list: list.map(str::to_owned),
            descriptions: descriptions().cloned().collect(),
            edited: edited.clone(),
        };
        self.lists.insert(key, Arc::new(kept));
        edited
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(json: &str) -> Option<EditedList> {
        Some(EditedList {
            json: json.to_owned(),
            names: Vec::new(),
            written: 0,
        })
    }

    fn json(list: Option<Arc<EditedList>>) -> Option<String> {
        list.map(|list| list.json.clone())
    }

    #[test]
    fn a_list_is_edited_once_and_another_anew() {
        let lists = EditedLists::default();
        let names = ToolNames("a*".to_owned());
        let made = |field, list, text: &str, new: &'static str| {
            let described = [(&names, text.to_owned())];
            json(lists.of(field, Some(list), &described, || edited(new)))
        };
        assert_eq!(made("tools", "[1]", "b", "first").as_deref(), Some("first"));
        assert_eq!(made("tools", "[1]", "b", "other").as_deref(), Some("first"));
        for (field, list, text) in [
            ("tools", "[1]", "c"),
            ("tools", "[2]", "b"),
            ("functions", "[1]", "b"),
        ] {
            let anew = made(field, list, text, "anew");
            assert_eq!(anew.as_deref(), Some("anew"), "{field} {list} {text}");
        }
    }

    #[test]
    fn that_a_list_stays_is_kept_too_and_a_huge_one_is_not() {
        let lists = EditedLists::default();
        assert!(lists.of("tools", Some("[]"), &[], || None).is_none());
        assert!(lists.of("tools", Some("[]"), &[], || edited("x")).is_none());
        let huge = "x".repeat(LONGEST + 1);
        for new in ["one", "two"] {
            let made = lists.of("tools", Some(&huge), &[], || edited(new));
            assert_eq!(json(made).as_deref(), Some(new));
        }
    }
}
