//! Marks: keys, types, ids and names of tools, which an upstream should find as they are.
//!
//! Only what can be nothing else is private there: a random id is never taken for a number.

/// What has fewer digits, no sign of an e-mail and one word is a mark and nothing else.
const FEWEST_DIGITS: usize = 7;

/// Whether there may be anything private in a mark, or whether what was found there is.
pub(super) fn is_telling(mark: &str) -> bool {
    let digits = mark.bytes().filter(u8::is_ascii_digit).count();
    digits >= FEWEST_DIGITS || mark.contains('@') || is_several_words(mark)
}

// "Dana Whitfield", "dana_whitfield".
fn is_several_words(mark: &str) -> bool {
    mark.trim_matches(|c: char| !c.is_alphanumeric())
        .contains([' ', '_', '-', '.'])
}

/// What stands for a value in the name of a tool, which has no brackets.
pub(super) fn as_mark(text: &str) -> String {
    text.replace(['[', ']'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_tells_nothing() {
        for mark in ["type", "lookup2", "_", "a1b2c3"] {
            assert!(!is_telling(mark), "{mark}");
        }
        for mark in [
            "4155550123",
            "a@example.com",
            "dana_whitfield",
            "Dana Whitfield",
        ] {
            assert!(is_telling(mark), "{mark}");
        }
    }
}
