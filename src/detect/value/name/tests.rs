use crate::detect::Detector::{Id, Name};
use crate::detect::testing::check;

// The names in a text, parted by bars.
fn names(text: &str, expected: &str) {
    let expected: Vec<_> = expected
        .split('|')
        .filter(|name| !name.is_empty())
        .map(|name| (Name, name))
        .collect();
    let _ = Id;
    check(text, &expected);
}

#[test]
fn names_stand_behind_their_phrases() {
    names(
        "my name is michele farley and my question is",
        "michele farley",
    );
    names("My name is Jeremy Kim.", "Jeremy Kim");
    names("This is Isa de Man calling", "Isa de Man");
    names("name: \"Chaaya Modi\"", "Chaaya Modi");
}

#[test]
fn other_words_are_no_names() {
    names("this is a test and it's fine", "");
    names("my name is on the list", "");
}
