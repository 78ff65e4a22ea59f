use std::collections::BTreeSet;

use super::super::foreign;
use super::*;

fn check<'t>(name: &str, said: impl Iterator<Item = &'t str>) {
    let mut seen = BTreeSet::new();
    for one in said {
        assert!(seen.insert(one.to_owned()), "{name} says `{one}` twice");
        let is_plain = one == one.trim() && one == one.to_lowercase() && !one.contains("  ");
        assert!(is_plain && !one.is_empty(), "{name} says `{one}` oddly");
    }
}

#[test]
fn no_phrase_means_two_things() {
    let topics = [PRIVATE, HARMLESS, foreign::PRIVATE];
    let topics = topics.into_iter().flat_map(phrases);
    check("a topic", topics.map(|(_, phrase)| phrase));
    check("a gap", phrases(GAPS).map(|(_, phrase)| phrase));
    check("a name", phrases(NAMED).map(|(_, phrase)| phrase));
    check(
        "a name before",
        phrases(NAMED_BEFORE).map(|(_, phrase)| phrase),
    );
    check("an address", phrases(AT_HOME).map(|(_, phrase)| phrase));
    check("a hint", phrases(HINTS).map(|(_, phrase)| phrase));
    check("a key", phrases(RECORD_KEYS).map(|(_, phrase)| phrase));
    check("a question", phrases(QUESTIONS).map(|(_, phrase)| phrase));
}

#[test]
fn no_word_stands_twice_in_a_class_or_says_two_numbers() {
    for (class, list) in CLASSES.iter().chain(APART).chain(PLACES).chain(CASES) {
        check(&format!("{class:?}"), list.split(' '));
    }
    let mut classes = Class::empty();
    for (class, _) in CLASSES.iter().chain(APART).chain(PLACES).chain(CASES) {
        assert!(!classes.intersects(*class), "{class:?} has two lists");
        classes |= *class;
    }
    for (asking, list) in ASKING {
        check(&format!("{asking:?}"), list.split(' '));
    }
    check("a number", words(NUMBERS).map(|(_, word)| word));
}
