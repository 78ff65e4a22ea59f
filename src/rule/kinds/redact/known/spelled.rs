//! Letters that somebody spells: "w h i t f i e l d", "W-H-I-T".

use std::ops::Range;

/// A shorter word is spelled by chance.
const SHORTEST: usize = 3;

/// Letters that stand one by one.
#[derive(Debug, Default)]
pub(super) struct Spelled {
    /// The word that they make, in small letters.
    word: String,
    /// Where each of the word's bytes stands.
    places: Vec<Range<usize>>,
}

impl Spelled {
    /// Where a word is spelled among the letters.
    pub(super) fn find(&self, word: &str) -> Option<Range<usize>> {
        let at = self.word.find(word)?;
        let (first, last) = (self.places.get(at)?, self.places.get(at + word.len() - 1)?);
        Some(first.start..last.end)
    }
}

/// Every run of single letters with blanks or one mark between them.
pub(super) fn runs(text: &str) -> Vec<Spelled> {
    let (mut found, mut run) = (Vec::new(), Spelled::default());
    let mut letters = text.char_indices().peekable();
    let (mut is_inside, mut gap) = (false, 0);
    while let Some((at, letter)) = letters.next() {
        let is_next_inside = letters
            .peek()
            .is_some_and(|(_, next)| next.is_alphanumeric() || *next == '\'');
        if letter.is_alphabetic() && !is_inside && !is_next_inside {
            let place = at..at + letter.len_utf8();
            run.word.extend(letter.to_lowercase());
            run.places.resize(run.word.len(), place);
            gap = 0;
        } else if letter.is_alphanumeric() || gap == 2 || !" -.,".contains(letter) {
            if !run.word.is_empty() {
                found.push(std::mem::take(&mut run));
            }
            gap = 0;
        } else {
            gap += 1;
        }
        is_inside = letter.is_alphanumeric();
    }
    found.push(run);
    found.retain(|run| run.word.chars().count() >= SHORTEST);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spelled_word_is_found_among_its_letters() {
        let text = "so W-H-I-T ok, d a n a. i am x, a b";
        let found = |word: &str| {
            let runs = runs(text);
            let place = runs.iter().find_map(|run| run.find(word));
            place.map(|place| &text[place])
        };
        assert_eq!(found("whit"), Some("W-H-I-T"));
        assert_eq!(found("dana"), Some("d a n a"));
        assert_eq!(found("am"), None);
        assert_eq!(found("so"), None);
    }
}
