//! How far a text is decided while it still grows.

/// Words that can be part of a value when it is spoken.
const SPOKEN: &[&str] = &[
    "zero",
    "oh",
    "o",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
    "and",
    "double",
    "triple",
    "at",
    "dot",
    "point",
    "dash",
    "hyphen",
    "minus",
    "underscore",
    "slash",
    "plus",
    "space",
];

/// The offset before which the text is decided: no value can begin before it and end behind it,
/// whatever follows. It stands behind the last whole word that belongs to no value.
pub fn decided_until(text: &str) -> usize {
    let mut decided = 0;
    let mut at = 0;
    for token in text.split_inclusive(char::is_whitespace) {
        at += token.len();
        if token.ends_with(char::is_whitespace) && is_plain(token.trim()) {
            decided = at;
        }
    }
    decided
}

fn is_plain(word: &str) -> bool {
    let bare = word.trim_end_matches(['.', ',', ';', ':', '!', '?', '"', '\'', ')']);
    bare.chars().count() > 1
        && bare
            .chars()
            .all(|c| c.is_alphabetic() || c == '\'' || c == '’')
        && !SPOKEN.contains(&bare.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_decided_behind_its_last_plain_word() {
        for (text, decided) in [
            ("hello wor", "hello "),
            ("hello world. ", "hello world. "),
            ("call 415-555 01", "call "),
            ("write to ann@ex", "write to "),
            ("it is four one one ", "it is "),
            ("4111 1111", ""),
        ] {
            assert_eq!(&text[..decided_until(text)], decided, "{text}");
        }
    }
}
