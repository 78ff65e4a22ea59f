//! How a placeholder looks: `[CARD_1]`, and what models make of it.
//!
//! Taken for one: `[LABEL_n]` in any case, with blanks, `-` or a lost underscore inside the
//! brackets, and bare `LABEL_n` in capitals with its underscore, also `_LABEL_n_` as markdown has
//! it. Never plain words ("card 1").
//! A bracket may be a JSON escape (`\u005b`), also one within JSON that is a string of JSON.

use regex::Captures;

/// The pattern of the placeholders of some labels. `mark` is a pattern of what may stand before
/// the number, as the escaped form has it; it has a longest match and no groups.
pub fn pattern<L: AsRef<str>>(labels: &[L], mark: &str) -> String {
    let strict: Vec<&str> = labels.iter().map(AsRef::as_ref).collect();
    let loose: Vec<String> = strict
        .iter()
        .map(|label| label.replace('_', "[ _-]"))
        .collect();
    let (strict, loose) = (strict.join("|"), loose.join("|"));
    // A blank, also one that breaks no line.
    let blank = r"(?:[ \t-]|(?u:\x{a0}))";
    format!(
        r"(?-u)(?:\[|\\{{1,2}}u005[bB]){blank}{{0,3}}(?P<a>(?i:{loose}))(?:\\?_|{blank}){{0,3}}{mark}(?P<n>[0-9]{{1,6}}){blank}{{0,3}}(?:\]|\\{{1,2}}u005[dD])|\b_?(?P<b>{strict})\\?_{mark}(?P<m>[0-9]{{1,6}})(?:\b|_\b)"
    )
}

/// The label as the model wrote it, and the number.
pub fn parts<'t>(found: &Captures<'t>) -> Option<(&'t str, u32)> {
    let name = found.name("a").or_else(|| found.name("b"))?.as_str();
    let number = found.name("n").or_else(|| found.name("m"))?.as_str();
    Some((name, number.parse().ok()?))
}

/// Where the number begins, in bytes of the match.
pub fn number_at(found: &Captures<'_>) -> usize {
    let number = found.name("n").or_else(|| found.name("m"));
    number.map_or(0, |number| number.start() - found.get_match().start())
}

/// Whether a label as the model wrote it is this one.
pub fn is_same_label(label: &str, written: &str) -> bool {
    let is_same = |(one, other): (char, char)| {
        one.eq_ignore_ascii_case(&other) || (one == '_' && " -".contains(other))
    };
    label.len() == written.len() && label.chars().zip(written.chars()).all(is_same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    #[test]
    fn d13_what_models_make_of_a_placeholder_is_read() {
        let regex = Regex::new(&pattern(&["CARD", "ORDER_ID"], "")).expect("it is one");
        for text in [
            "[CARD_1]",
            "[card_1]",
            "[Card 1]",
            "[CARD-1]",
            "[ CARD_1 ]",
            "[CARD1]",
            "[CARD _ 1]",
            "**[CARD_1]**",
            "[CARD_1]'s",
            "CARD_1",
            "CARD_1's",
            "(CARD_1)",
            r"[CARD\_1]",
            "[order id 1]",
            "[ORDER-ID-1]",
            "ORDER_ID_1",
            "\"[CARD_1]\"",
            "[CARD_1].",
            "`CARD_1`",
            "[card_1 ]",
            "[-CARD_1-]",
            "[CARD\u{a0}1]",
            "_CARD_1_",
            "_[CARD_1]_",
            r"\u005bCARD_1\u005d",
            r"\u005Bcard 1 \u005D",
            r"\\u005bCARD_1\\u005d",
        ] {
            let found = regex.captures(text).unwrap_or_else(|| panic!("{text}"));
            let (name, number) = parts(&found).expect("both are there");
            assert!(
                is_same_label("CARD", name) || is_same_label("ORDER_ID", name),
                "{text}"
            );
            assert_eq!(number, 1, "{text}");
        }
        for text in [
            "card 1",
            "Card_1",
            "CARD 1",
            "[CARD]",
            "DISCARD_1",
            "CARD_1x",
            "MY_CARD_1",
            "CARD_1_x",
            "[card_1",
            "[CARD_~1]",
            "[CARDS_1]",
            r"\u005cCARD_1\u005d",
        ] {
            assert!(!regex.is_match(text), "{text}");
        }
    }
}
