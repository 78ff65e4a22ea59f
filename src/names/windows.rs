//! A text longer than a model takes, in windows that overlap: each piece is judged where it has
//! most around it.

use std::ops::Range;

use super::wordpiece::Piece;

/// A window: what is read, and which of it is judged there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TextWindow {
    pub(super) read: Range<usize>,
    pub(super) judged: Range<usize>,
}

/// The windows of a text's pieces, none longer than `longest`, each with `overlap` pieces of the one before.
/// No window but the first begins within a word, unless the word is as long as the overlap.
pub(super) fn windows(pieces: &[Piece], longest: usize, overlap: usize) -> Vec<TextWindow> {
    let mut windows: Vec<TextWindow> = Vec::new();
    let mut start = 0;
    loop {
        let end = pieces.len().min(start + longest);
        let judged = windows.last().map_or(0, |last| last.judged.end);
        let is_last = end == pieces.len();
        let until = if is_last { end } else { end - overlap / 2 };
        let until = word_start(pieces, until, judged + 1);
        windows.push(TextWindow {
            read: start..end,
            judged: judged..until,
        });
        if is_last {
            return windows;
        }
        start = word_start(pieces, end - overlap, start + 1);
    }
}

/// Where the word begins that has the piece at a place, or at least `lowest`.
fn word_start(pieces: &[Piece], at: usize, lowest: usize) -> usize {
    let first = (lowest..=at).rev();
    let begins = |at: &usize| pieces.get(*at).is_none_or(|piece| piece.is_first);
    first.into_iter().find(begins).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(words: &[usize]) -> Vec<Piece> {
        let word = |length: &usize| (0..*length).map(|at| at == 0);
        let firsts = words.iter().flat_map(word);
        firsts
            .map(|is_first| Piece {
                id: 0,
                place: 0..0,
                is_first,
            })
            .collect()
    }

    #[test]
    fn each_piece_is_judged_once_and_words_stay_whole() {
        for words in [
            vec![],
            vec![1; 9],
            vec![1; 100],
            vec![3; 41],
            vec![50; 3],
            vec![1, 7, 2, 30, 1, 1, 4],
        ] {
            let pieces = pieces(&words);
            let windows = windows(&pieces, 10, 4);
            let mut next = 0;
            for window in &windows {
                assert!(window.read.len() <= 10, "{window:?}");
                assert_eq!(window.judged.start, next);
                assert!(window.read.start <= window.judged.start, "{window:?}");
                assert!(window.judged.end <= window.read.end, "{window:?}");
                next = window.judged.end;
            }
            assert_eq!(next, pieces.len());
        }
    }

    #[test]
    fn a_short_text_is_one_window() {
        let all = TextWindow {
            read: 0..10,
            judged: 0..10,
        };
        assert_eq!(windows(&pieces(&[1; 10]), 10, 4), [all]);
    }
}
