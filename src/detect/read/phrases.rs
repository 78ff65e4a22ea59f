//! Phrases as a tree of word numbers, of which the longest that fits is taken.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// Phrases with their meanings.
pub(crate) struct PhraseTree<T> {
    // From a node by a word to the next node; the root is 0.
    steps: HashMap<(u32, u16), u32, FixedState>,
    ends: Vec<Option<T>>,
    // The node behind each word that begins a phrase; 0 behind the rest.
    first_words: Vec<u32>,
}

impl<T> Default for PhraseTree<T> {
    fn default() -> Self {
        Self {
            steps: HashMap::default(),
            ends: vec![None],
            first_words: Vec::new(),
        }
    }
}

impl<T: Copy> PhraseTree<T> {
    /// Adds a phrase.
    pub(super) fn add(&mut self, words: &[u16], meaning: T) {
        let Some(&first) = words.first() else { return };
        let mut node = 0;
        for &word in words {
            let fresh = self.ends.len() as u32;
            node = *self.steps.entry((node, word)).or_insert(fresh);
            if node == fresh {
                self.ends.push(None);
            }
        }
        let place = usize::from(first);
        if self.first_words.len() <= place {
            self.first_words.resize(place + 1, 0);
        }
        self.first_words[place] = self.steps.get(&(0, first)).copied().unwrap_or(0);
        self.ends[node as usize] = Some(meaning);
    }

    /// The longest phrase that the words begin with: how many tokens it takes, and its meaning.
    /// Each item is a token's place and word number; 0 is a mark that may stand inside a phrase.
    pub(crate) fn longest(
        &self,
        mut words: impl Iterator<Item = (usize, u16)>,
    ) -> Option<(usize, T)> {
        let (at, first) = words.next()?;
        let mut node = self.first_words.get(usize::from(first)).copied()?;
        if node == 0 {
            return None;
        }
        let mut longest = self.ends[node as usize].map(|meaning| (at, meaning));
        for (at, word) in words {
            if word == 0 {
                continue;
            }
            let Some(&next) = self.steps.get(&(node, word)) else {
                break;
            };
            node = next;
            if let Some(meaning) = self.ends[node as usize] {
                longest = Some((at, meaning));
            }
        }
        longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins() {
        let mut phrases = PhraseTree::default();
        phrases.add(&[1, 2], 'a');
        phrases.add(&[1, 2, 3], 'b');
        assert_eq!(
            phrases.longest([(0, 1), (1, 2), (2, 3)].into_iter()),
            Some((2, 'b'))
        );
        assert_eq!(
            phrases.longest([(0, 1), (1, 2), (2, 9)].into_iter()),
            Some((1, 'a'))
        );
        assert_eq!(phrases.longest([(0, 2)].into_iter()), None);
    }
}
