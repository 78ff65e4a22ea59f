//! What changed between two texts, word by word.
//!
//! Neither text is lost: `Same` and `Old` make the old one, `Same` and `New` the new one. Texts
//! that differ in too many words are each shown whole; nothing here takes long.

use std::hash::Hash;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// The most pairs of words that are compared. Beyond it both texts are shown whole.
const MOST_PAIRS: usize = 4 << 20;

/// A part of two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordPiece<'t> {
    /// In both.
    Same(&'t str),
    /// In the old one only.
    Old(&'t str),
    /// In the new one only.
    New(&'t str),
}

/// The words that two texts share and those that they do not, in order; of what was replaced the
/// old comes first. No piece is empty, and no two of a kind follow each other.
pub fn words<'t>(old: &'t str, new: &'t str) -> Vec<WordPiece<'t>> {
    let (old_words, new_words) = (split(old), split(new));
    let mut pieces = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let mut pairs = common(&old_words, &new_words).into_iter().peekable();
    while let Some((first_old, first_new)) = pairs.next() {
        let (mut last_old, mut last_new) = (first_old, first_new);
        while pairs.next_if_eq(&(last_old + 1, last_new + 1)).is_some() {
            (last_old, last_new) = (last_old + 1, last_new + 1);
        }
        let start = place(old, old_words[first_old]);
        let end = place(new, new_words[first_new]);
        let blanks = push_changed(&old[old_at..start], &new[new_at..end], &mut pieces);
        let start = start - blanks;
        old_at = place(old, old_words[last_old]) + old_words[last_old].len();
        new_at = place(new, new_words[last_new]) + new_words[last_new].len();
        pieces.push(WordPiece::Same(&old[start..old_at]));
    }
    let blanks = push_changed(&old[old_at..], &new[new_at..], &mut pieces);
    if blanks > 0 {
        pieces.push(WordPiece::Same(&old[old.len() - blanks..]));
    }
    pieces
}

/// The places of the longest sequence that two lists share; with too many pairs to compare, those
/// of their common beginning and end.
pub fn common<T: Hash + Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let from_end = old_rest.iter().rev().zip(new_rest.iter().rev());
    let end = from_end.take_while(|(a, b)| a == b).count();
    let old_middle = &old_rest[..old_rest.len() - end];
    let new_middle = &new_rest[..new_rest.len() - end];
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    if old_middle.len().saturating_mul(new_middle.len()) <= MOST_PAIRS {
        for op in capture_diff_slices(Algorithm::Lcs, old_middle, new_middle) {
            if let DiffOp::Equal {
                old_index,
                new_index,
                len,
            } = op
            {
                pairs.extend((0..len).map(|at| (start + old_index + at, start + new_index + at)));
            }
        }
    }
    pairs.extend((0..end).map(|at| (old.len() - end + at, new.len() - end + at)));
    pairs
}

/// Words, placeholders and single signs, each with the blanks that follow it.
fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '[' => placeholder(rest, ']'),
            '‹' => placeholder(rest, '›'),
            first if is_word(first) => rest.find(|letter| !is_word(letter)),
            _ => Some(first.len_utf8()),
        };
        let end = end.unwrap_or(rest.len());
        let blanks = rest[end..].len() - rest[end..].trim_start().len();
        let (word, tail) = rest.split_at(end + blanks);
        words.push(word);
        rest = tail;
    }
    words
}

/// Where the placeholder ends that may begin a text; else the end of the first sign.
fn placeholder(text: &str, close: char) -> Option<usize> {
    let first = text.chars().next()?.len_utf8();
    let is_inner = |letter: char| is_word(letter) || letter == '…';
    let end = text[first..].find(|letter| !is_inner(letter));
    let end = end.filter(|end| text[first + end..].starts_with(close));
    Some(end.map_or(first, |end| first + end + close.len_utf8()))
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Where a part of a text begins in it.
fn place(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

/// Adds what changed but for the blanks that both end in; gives how many bytes those have.
fn push_changed<'t>(old: &'t str, new: &'t str, pieces: &mut Vec<WordPiece<'t>>) -> usize {
    let ends = old.chars().rev().zip(new.chars().rev());
    let blanks = ends.take_while(|(one, other)| one == other && one.is_whitespace());
    let blanks = blanks.map(|(blank, _)| blank.len_utf8()).sum();
    let (old, new) = (&old[..old.len() - blanks], &new[..new.len() - blanks]);
    if !old.is_empty() {
        pieces.push(WordPiece::Old(old));
    }
    if !new.is_empty() {
        pieces.push(WordPiece::New(new));
    }
    blanks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let pieces = words(old, new);
        pieces
            .iter()
            .map(|piece| match piece {
                WordPiece::Same(text) => (*text).to_owned(),
                WordPiece::Old(text) => format!("<{text}>"),
                WordPiece::New(text) => format!("{{{text}}}"),
            })
            .collect()
    }

    #[test]
    fn what_was_replaced_stands_beside_what_replaces_it() {
        for (old, new, expected) in [
            (
                "Use 4111 1111, please.",
                "Use [CARD_1], please.",
                "Use <4111 1111>{[CARD_1]}, please.",
            ),
            ("a b c", "a b c", "a b c"),
            (
                "Dana here. ",
                "[NAME_1] there. ",
                "<Dana here>{[NAME_1] there}. ",
            ),
            ("Dana here", "Ann here", "<Dana>{Ann} here"),
            ("a b ", "a c ", "a <b>{c} "),
            (
                "It is [CARD_1], [x y].",
                "It is ‹CARD_1›, ‹…›, [",
                "It is <[CARD_1]>{‹CARD_1›}, {‹…›, }[<x y].>",
            ),
            ("", "new", "{new}"),
            ("old", "", "<old>"),
            ("", "", ""),
            ("It is **bold**.", "It is bold.", "It is <**>bold<**>."),
            ("Grüße, Ünal!", "Grüße, Ann!", "Grüße, <Ünal>{Ann}!"),
        ] {
            assert_eq!(shown(old, new), expected);
        }
    }

    #[test]
    fn giant_texts_are_shown_whole_but_for_what_they_begin_and_end_with() {
        let old = format!("same {}end", "old ".repeat(9000));
        let new = format!("same {}end", "new ".repeat(9000));
        let kinds: Vec<_> = words(&old, &new)
            .into_iter()
            .map(|piece| match piece {
                WordPiece::Same(text) => (0, text.len()),
                WordPiece::Old(text) => (1, text.len()),
                WordPiece::New(text) => (2, text.len()),
            })
            .collect();
        assert_eq!(kinds, [(0, 5), (1, 35_999), (2, 35_999), (0, 4)]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(old in "[ab .‹›\\[\\]\n\u{e9}]{0,30}", new in "[ab .‹›\\[\\]\n\u{e9}]{0,30}") {
            let (mut before, mut after) = (String::new(), String::new());
            for piece in words(&old, &new) {
                match piece {
                    WordPiece::Same(text) => {
                        before += text;
                        after += text;
                    }
                    WordPiece::Old(text) => before += text,
                    WordPiece::New(text) => after += text,
                }
            }
            proptest::prop_assert_eq!((before, after), (old, new));
        }
    }
}
