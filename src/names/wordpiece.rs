//! A text cut into the pieces that a BERT model reads (WordPiece, without case and accents), each
//! with its place in the text.
//!
//! It knows a vocabulary and nothing of what the pieces mean.

use std::collections::HashMap;
use std::ops::Range;

use icu_normalizer::DecomposingNormalizerBorrowed;

/// A word longer than this is read as unknown.
const LONGEST_WORD: usize = 100;
/// What a piece is written with that goes on with a word.
const GOES_ON: &str = "##";

/// A vocabulary.
#[derive(Debug)]
pub(super) struct Vocabulary {
    ids: HashMap<String, u32>,
    unknown: u32,
    /// Stands before each text.
    pub(super) begin: u32,
    /// Stands behind each text.
    pub(super) end: u32,
}

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) id: u32,
    /// Its bytes.
    pub(super) place: Range<usize>,
    /// Whether a word begins with it.
    pub(super) is_first: bool,
}

/// A letter as the model reads it, and the bytes of the one in the text.
type PlainLetter = (char, Range<usize>);

impl Vocabulary {
    /// Reads a vocabulary, one piece a line; else which piece it lacks.
    pub(super) fn of(text: &str) -> Result<Vocabulary, &'static str> {
        let ids: HashMap<String, u32> = (0..)
            .zip(text.lines())
            .map(|(id, piece)| (piece.trim_end().to_owned(), id))
            .collect();
        let id = |piece: &'static str| ids.get(piece).copied().ok_or(piece);
        let (unknown, begin, end) = (id("[UNK]")?, id("[CLS]")?, id("[SEP]")?);
        Ok(Vocabulary {
            ids,
            unknown,
            begin,
            end,
        })
    }

    /// How many pieces it has.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The pieces of a text.
    pub(super) fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut word: Vec<PlainLetter> = Vec::new();
        for (at, letter) in text.char_indices() {
            let place = at..at + letter.len_utf8();
            if letter.is_whitespace() {
                self.cut(&mut word, &mut pieces);
            } else if is_word_itself(letter) {
                self.cut(&mut word, &mut pieces);
                word.push((letter, place));
                self.cut(&mut word, &mut pieces);
            } else if !letter.is_control() && letter != '\u{FFFD}' {
                let plain = plain(letter).map(|plain| (plain, place.clone()));
                word.extend(plain);
            }
        }
        self.cut(&mut word, &mut pieces);
        pieces
    }

    /// Cuts a word into the longest pieces that are known, from its beginning on.
    fn cut(&self, word: &mut Vec<PlainLetter>, pieces: &mut Vec<Piece>) {
        let whole = pieces.len();
        let mut start = 0;
        while start < word.len() {
            let Some((end, id)) = self.longest(word, start) else {
                pieces.truncate(whole);
                pieces.push(piece(self.unknown, word, true));
                break;
            };
            pieces.push(piece(id, &word[start..end], start == 0));
            start = end;
        }
        word.clear();
    }

    fn longest(&self, word: &[PlainLetter], start: usize) -> Option<(usize, u32)> {
        if word.len() > LONGEST_WORD {
            return None;
        }
        let mut written = String::from(if start == 0 { "" } else { GOES_ON });
        written.extend(word[start..].iter().map(|(letter, _)| letter));
        for end in (start + 1..=word.len()).rev() {
            if let Some(id) = self.ids.get(&written) {
                return Some((end, *id));
            }
            written.pop();
        }
        None
    }
}

fn piece(id: u32, letters: &[PlainLetter], is_first: bool) -> Piece {
    let start = letters.first().map_or(0, |(_, place)| place.start);
    let end = letters.last().map_or(0, |(_, place)| place.end);
    Piece {
        id,
        place: start..end,
        is_first,
    }
}

/// A letter in small, without its accents.
fn plain(letter: char) -> impl Iterator<Item = char> {
    let normalizer = const { DecomposingNormalizerBorrowed::new_nfd() };
    normalizer
        .normalize_iter(letter.to_lowercase())
        .filter(|letter| !is_accent(*letter))
}

fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{FE20}'..='\u{FE2F}')
}

/// Whether a letter is a word by itself: marks, and those of Chinese and Japanese.
fn is_word_itself(letter: char) -> bool {
    letter.is_ascii_punctuation()
        || matches!(letter, '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}')
        || matches!(letter, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{FF01}'..='\u{FF0F}')
        || matches!(letter, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\njose\n##fin\n##a\n'\ns\nmet\n.\n";

    fn read(text: &str) -> Vec<(u32, &str)> {
        let words = Vocabulary::of(WORDS).expect("a vocabulary");
        let pieces = words.pieces(text);
        pieces
            .into_iter()
            .map(|piece| (piece.id, &text[piece.place]))
            .collect()
    }

    #[test]
    fn words_are_cut_into_the_longest_pieces_with_their_places() {
        assert_eq!(
            read(" Josefina's met."),
            [
                (4, "Jose"),
                (5, "fin"),
                (6, "a"),
                (7, "'"),
                (8, "s"),
                (9, "met"),
                (10, ".")
            ]
        );
    }

    #[test]
    fn accents_and_case_make_no_difference() {
        for text in ["JOSÉ", "josé", "jose\u{301}"] {
            assert_eq!(read(text)[0].0, 4, "{text}");
        }
        assert_eq!(read("José met"), [(4, "José"), (9, "met")]);
    }

    #[test]
    fn what_has_no_pieces_is_one_that_is_unknown() {
        let long = "met".repeat(50);
        assert_eq!(
            read(&format!("josex {long} met")),
            [(1, "josex"), (1, &*long), (9, "met")]
        );
    }

    #[test]
    fn a_vocabulary_without_its_marks_is_none() {
        assert_eq!(Vocabulary::of("a\nb\n").err(), Some("[UNK]"));
    }
}
