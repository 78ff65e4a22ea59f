//! How far a text is decided while it still grows.
//!
//! Only words that no value has are walls: the closed class of the language ("the", "with"), and
//! the end of a sentence. A name or a mailbox may begin with any other word.

use super::tokens::{Kind, Token, tokenize};
use super::words::{CLOSED, DOT, FILLER, IN_DOMAIN, IN_GAP, JOIN, Number, SEPARATOR, SIGN};

// What may lie between two digits of one dictated number, in tokens.
const LONGEST_GAP: usize = 9;

/// The offset before which the text is decided: no value can begin before it and end behind it,
/// whatever follows.
pub fn decided_until(text: &str) -> usize {
    // A wall is near or there is none: only the end is read, whatever the length.
    const TAIL: usize = 240;
    let start = text.len().saturating_sub(TAIL);
    let start = (start..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let tail = text.get(start..).unwrap_or(text);
    let tokens = tokenize(tail);
    let first = if start == 0 { 0 } else { LONGEST_GAP };
    let wall = (first..tokens.len())
        .rev()
        .find_map(|at| wall_end(tail, &tokens, at));
    wall.map_or(0, |end| start + end)
}

// Where the text goes on behind a token that no value crosses.
fn wall_end(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let token = tokens[at];
    let behind = text.get(token.end..)?;
    let blank = behind.chars().next().filter(|c| c.is_whitespace())?;
    let end = token.end + blank.len_utf8();
    let from = at.saturating_sub(LONGEST_GAP);
    let in_number = tokens[from..at].iter().any(says_number);
    let sentence = matches!(token.kind, Kind::Mark(b'.' | b'!' | b'?'));
    if sentence {
        let plain = at.checked_sub(1).map(|before| tokens[before]);
        let ends =
            plain.is_some_and(|word| word.is_word() && word.len() > 1 && !word.has(DOT | SIGN));
        return (ends && !in_number).then_some(end);
    }
    let inside = token.has(FILLER | JOIN | SEPARATOR | SIGN | DOT | IN_DOMAIN)
        || token.is_letter()
        || says_number(&token)
        || token.of(text).eq_ignore_ascii_case("at")
        || (in_number && token.has(IN_GAP));
    // "Will dot smith": any word before a sign may be a mailbox.
    let next = tokens.get(at + 1)?;
    let grows = next.is_word() && next.end == text.len() && may_become_sign(next.of(text));
    let signed = grows || next.has(SIGN | DOT | FILLER) || matches!(next.kind, Kind::Mark(_));
    (token.has(CLOSED) && !inside && !signed).then_some(end)
}

fn may_become_sign(begun: &str) -> bool {
    const SIGNS: [&str; 14] = [
        "dot",
        "period",
        "point",
        "underscore",
        "underline",
        "under",
        "dash",
        "hyphen",
        "minus",
        "plus",
        "uh",
        "um",
        "er",
        "hmm",
    ];
    SIGNS.iter().any(|sign| {
        sign.get(..begun.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(begun))
    })
}

fn says_number(token: &Token) -> bool {
    token.kind == Kind::Digits || token.entry.number != Number::None
}

#[cfg(test)]
mod tests {
    use super::super::testing::scanned;
    use super::*;

    #[test]
    fn a_text_is_decided_behind_its_last_closed_word() {
        for (text, decided) in [
            ("hello wor", "hello "),
            ("hello world. ", "hello world. "),
            ("call 415-555 01", "call "),
            ("i can write about ann@ex", "i can write about "),
            ("it is four one one ", "it is "),
            ("it is four one sorry i mean the ", "it is "),
            ("4111 1111", ""),
            ("you can ask john smith at my company dot ", "you can "),
            ("is it will dot ", "is it "),
        ] {
            assert_eq!(&text[..decided_until(text)], decided, "{text}");
        }
    }

    #[test]
    fn no_value_crosses_the_boundary_while_a_text_grows() {
        for text in [
            "sure, your card is four one one one uh one one one one no wait two one one one one one one one, right?",
            "i will write to will dot smith at my company dot com and call you on six oh two five five five oh one nine eight",
            "you were born on the third of april twenty oh six, and your email is ann lee at gmail dot com. is that so?",
        ] {
            let found = scanned(text).findings;
            for (cut, _) in text.char_indices() {
                let decided = decided_until(&text[..cut]);
                assert!(
                    !found
                        .iter()
                        .any(|one| one.start < decided && decided < one.end),
                    "{}",
                    &text[..decided]
                );
            }
        }
    }
}
