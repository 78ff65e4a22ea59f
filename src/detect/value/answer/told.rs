//! A name or a house number that was told, and is said again: put right by a caller, "no, Brin, b r
//! i n", "sixteen, not sixty one", or read back by an assistant, "kaczmarek?".
//!
//! What was asked for anew, `answer.rs` claims; a word that nobody is called is never a name here.

use std::ops::Range;

use super::{SpokenAnswer, is_said, says_amount};
use crate::detect::english::{Class, NumberWord, Wording};
use crate::detect::hearing::{Hearing, asks_back_number};
use crate::detect::people::NameSense;
use crate::detect::read::Token;
use crate::detect::{Detector, Speaker};

/// Claims what was told before and is said again, or what stands in its place.
pub(crate) fn claim_told(hearing: &mut Hearing) {
    let is_asked = hearing.speaker == Speaker::Caller && hearing.words.contains(Wording::Name);
    let answer = SpokenAnswer {
        reader: hearing.passage.reader(),
    };
    let (first, end) = (hearing.passage.first, hearing.passage.end);
    let mut found: Vec<(Detector, Range<usize>)> = Vec::new();
    if is_asked {
        let letters = answer.letters_anywhere(first);
        found.extend(letters.into_iter().map(|range| (Detector::Name, range)));
        let alone = [answer.sole_names(first), answer.put_right(first)].concat();
        found.extend(alone.into_iter().map(|range| (Detector::Name, range)));
    } else if hearing.speaker == Speaker::Caller {
        let letters = answer.spelled_names(first);
        found.extend(letters.into_iter().map(|range| (Detector::Name, range)));
    }
    if hearing.told.contains(Wording::Name) {
        let names = answer.names_again(first, hearing.speaker);
        found.extend(names.into_iter().map(|range| (Detector::Name, range)));
    }
    // An assistant that says nothing but the number.
    let is_short =
        hearing.speaker == Speaker::Caller || end - first <= 6 || asks_back_number(answer.reader);
    if hearing.told.contains(Wording::Address) && is_short {
        let houses = answer.houses_again(first..end);
        found.extend(houses.into_iter().map(|range| (Detector::Address, range)));
    }
    for (detector, range) in found {
        // "And n h s number?"
        if hearing.claims.is_named(range.start) && hearing.speaker == Speaker::Assistant {
            continue;
        }
        if hearing.wanted.contains(detector) && !hearing.claims.is_any_taken(range.clone()) {
            let value = answer.value(range.clone());
            hearing.claims.claim(range, detector, value);
        }
    }
}

fn letters_of(tokens: &[Token]) -> usize {
    tokens.iter().filter(|token| token.is_letter()).count()
}

impl SpokenAnswer<'_> {
    // The letters of a name, and the name with which one begins or puts another right.
    fn names_again(&self, first: usize, speaker: Speaker) -> Vec<Range<usize>> {
        const BEGINNING: usize = 6;
        let mut found = Vec::new();
        let end = self.reader.tokens.len();
        let mut at = first;
        while at < end {
            let letters = self.letters(at);
            if !letters.is_empty() {
                at = letters.end;
                found.push(letters);
                continue;
            }
            let is_open = at < first + BEGINNING && self.opens_name(first, at, speaker)
                || at > first && self.reader.says(at - 1, "not");
            let name = is_open.then(|| self.name_again(at)).flatten();
            at = name.as_ref().map_or(at + 1, |name| name.end);
            found.extend(name);
        }
        found
    }

    // "So maybe Oyelaran? O y e l …": letters, and the word before that they spell.
    fn letters_anywhere(&self, first: usize) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = first;
        while at < self.reader.tokens.len() {
            let letters = self.letters(at);
            at = letters.end.max(at + 1);
            if letters.is_empty() {
                continue;
            }
            let start = letters.start;
            let before = (first..start).rev().find(|at| {
                let token = self.reader.token(*at);
                token.is_some_and(is_said)
            });
            let initial = |at: usize| self.reader.word(at).get(..1).map(str::to_ascii_lowercase);
            let spells =
                |at: &usize| initial(*at) == initial(start) && !self.name_words(*at).is_empty();
            found.extend(before.filter(spells).map(|at| at..at + 1));
            let letters = self.with_family(letters);
            at = letters.end;
            found.push(letters);
        }
        found
    }

    // "P j tuohy": initials, and the name behind them.
    fn with_family(&self, letters: Range<usize>) -> Range<usize> {
        const MOST: usize = 4;
        let tokens = self.reader.tokens.get(letters.clone()).unwrap_or(&[]);
        let name = self.name_words(letters.end);
        let ends = self
            .reader
            .token(name.end)
            .is_none_or(|next| !is_said(next));
        let fits = letters_of(tokens) <= MOST && name.len() == 1 && ends;
        letters.start..if fits { name.end } else { letters.end }
    }

    // Letters that are a name together, whatever was asked: "no, s h a u n"; and the word before
    // them.
    fn spelled_names(&self, first: usize) -> Vec<Range<usize>> {
        let tokens = self.reader.tokens.get(first..).unwrap_or(&[]);
        let is_pair = |two: &[Token]| two.iter().all(Token::is_letter);
        if !tokens.windows(2).any(is_pair) {
            return Vec::new();
        }
        let mut found = self.letters_anywhere(first);
        found.retain(|range| {
            let words = self.reader.tokens.get(range.clone()).unwrap_or(&[]);
            let letters = words.iter().filter(|token| token.is_letter());
            let word: String = letters.map(|token| token.of(self.reader.text)).collect();
            let before = range.start.checked_sub(1);
            // "O apostrophe b r i e n" is one, and whole.
            let is_rest = |at: usize| self.reader.says_any(at, &["apostrophe", "hyphen", "dash"]);
            if before.is_some_and(is_rest) {
                return false;
            }
            // "Tomasz t o m a s z".
            let is_said = before.is_some_and(|at| self.reader.says(at, &word));
            let is_name = letters_of(words) > 3 && NameSense::of(&word).is_name();
            is_name || is_said || letters_of(words) > 3 && self.is_spelling(range.end)
        });
        let said: Vec<_> = found
            .iter()
            .filter_map(|letters| {
                let at = letters.start.checked_sub(1)?;
                let initial =
                    |at: usize| self.reader.word(at).get(..1).map(str::to_ascii_lowercase);
                if let Some(at) = self.sounded(first, letters.start) {
                    return Some(at..at + 1);
                }
                let spells = at >= first && initial(at) == initial(letters.start);
                (spells && !self.name_words(at).is_empty()).then(|| at..at + 1)
            })
            .collect();
        // "D a h l, dahl".
        let behind = |letters: &Range<usize>| {
            let at = letters.end + usize::from(self.reader.is_mark(letters.end, b','));
            let words = self.reader.tokens.get(letters.clone()).unwrap_or(&[]);
            let letters = words.iter().filter(|token| token.is_letter());
            let word: String = letters.map(|token| token.of(self.reader.text)).collect();
            self.reader.says(at, &word).then(|| at..at + 1)
        };
        let again: Vec<_> = found.iter().filter_map(behind).collect();
        found.extend(said);
        found.extend(again);
        found
    }

    // "Neev, it's spelled n i a m h": the word with which one begins, and how it is written.
    fn sounded(&self, first: usize, letters: usize) -> Option<usize> {
        const NEAR: usize = 6;
        let is_lead = |at: &usize| {
            let token = self.reader.token(*at);
            token.is_none_or(|token| !is_said(token) || token.has(Class::LEAD | Class::FILLER))
        };
        let at = (first..letters).find(|at| !is_lead(at))?;
        let spelled = ["spelled", "spelt", "spell", "written"];
        let mut between = at + 1..letters;
        let is_near = between.len() <= NEAR;
        let is_spelled = between.any(|at| self.reader.says_any(at, &spelled));
        (is_near && is_spelled && self.name_words(at).len() == 1).then_some(at)
    }

    // "…, that's how you spell it".
    fn is_spelling(&self, end: usize) -> bool {
        const NEAR: usize = 6;
        let is_how = |at: usize| self.reader.says(at, "how") && self.reader.says(at + 2, "spell");
        (end..end + NEAR).any(is_how)
    }

    // Three letters or more in a row, or two that are all there is.
    fn letters(&self, start: usize) -> Range<usize> {
        const FEWEST: usize = 3;
        // "With a c, c a t h …" begins behind its first letter.
        let is_hinted = start > 2
            && self.reader.says_any(start - 3, &["with", "without"])
            && self.reader.says_any(start - 2, &["a", "an"]);
        let is_inside = start > 0 && self.reader.is_letter(start - 1) && !is_hinted;
        // "With a k".
        let is_article = self.reader.says_any(start, &["a", "i"])
            && !self.reader.is_letter(start + 2)
            || start > 0 && self.reader.says_any(start - 1, &["with", "without"]);
        if is_inside || is_article || !self.reader.is_letter(start) && !self.doubles_letter(start) {
            return start..start;
        }
        let (mut at, mut end, mut count) = (start, start, 0);
        while at < self.reader.tokens.len() {
            if self.reader.is_letter(at) || self.doubles_letter(at) {
                count += 1;
                at = self.behind_letter(at);
                end = at;
            } else if end > start && self.joins(at) {
                at += 1;
            } else {
                break;
            }
        }
        let is_all = end - start == self.reader.tokens.len() - start;
        match count >= FEWEST || count == 2 && is_all {
            true => start..end.min(self.reader.tokens.len()),
            false => start..start,
        }
    }

    // Whether only "no, it's", "so that's", "right mr" was said before a place.
    fn opens_name(&self, first: usize, at: usize, speaker: Speaker) -> bool {
        const ALSO: [&str; 9] = [
            "did", "you", "say", "just", "said", "meant", "actually", "perfect", "lovely",
        ];
        let before = self.reader.tokens.get(first..at).unwrap_or(&[]);
        let leads = Class::LEAD | Class::COPULA | Class::FILLER | Class::TITLE | Class::JOIN;
        let is_lead = |(place, token): (usize, &Token)| {
            !is_said(token) || token.has(leads) || self.reader.says_any(first + place, &ALSO)
        };
        let corrects = || before.iter().any(is_said) || self.hints(at) || self.is_sole(first, at);
        before.iter().enumerate().all(is_lead) && (speaker == Speaker::Assistant || corrects())
    }

    // "Whitelock", said of a name that was misread: the one word of a turn, and no short one.
    fn is_sole(&self, first: usize, at: usize) -> bool {
        const SHORT: usize = 4;
        let rest = self.reader.tokens.get(first..).unwrap_or(&[]);
        let is_one = rest.iter().filter(|token| is_said(token)).count() == 1;
        let word = self.reader.word(at);
        // "Dan", but not "ja".
        let is_known = word.len() > SHORT / 2 && NameSense::of(word).is_given();
        is_one && (word.len() > SHORT || is_known)
    }

    // "Delauney with an e y".
    fn hints(&self, at: usize) -> bool {
        let behind = self.name_words(at).end;
        self.reader
            .says_any(behind, &["with", "without", "not", "spelled", "spelt"])
    }

    // Up to three words that somebody may be called, and behind them an end.
    fn name_again(&self, start: usize) -> Option<Range<usize>> {
        const BEHIND: [&str; 15] = [
            "with", "without", "not", "spelled", "spelt", "like", "then", "and", "as", "got",
            "actually", "though", "sorry", "please", "now",
        ];
        let words = self.name_words(start);
        let ends = self
            .reader
            .token(words.end)
            .is_none_or(|next| !is_said(next) || next.is_letter())
            || self.reader.says_any(words.end, &BEHIND);
        (!words.is_empty() && ends).then_some(words)
    }

    /// Up to three words at a place that somebody may be called.
    pub(super) fn name_words(&self, start: usize) -> Range<usize> {
        const MOST: usize = 3;
        let tokens = self.reader.tokens.get(start..).unwrap_or(&[]);
        let may_be = |token: &&Token| {
            let sense = NameSense::of(token.of(self.reader.text));
            let other = Class::CLOSED | Class::LEAD | Class::NO_NAME | Class::NO_ANSWER;
            let is_plain = token.entry.id == 0 && token.entry.number == NumberWord::None;
            token.is_word()
                && token.len() > 1
                && is_plain
                && !token.has(other | Class::NO_VALUE)
                && !sense.is_word_only()
        };
        start..start + tokens.iter().take(MOST).take_while(may_be).count()
    }

    // The numbers of a short correction: "sixteen, not sixty one".
    fn houses_again(&self, passage: Range<usize>) -> Vec<Range<usize>> {
        const WORDS: usize = 8;
        let tokens = self.reader.tokens.get(passage.clone()).unwrap_or(&[]);
        let is_counted = tokens.iter().any(|token| token.has(Class::UNIT));
        if is_counted || tokens.iter().filter(|token| is_said(token)).count() > WORDS {
            return Vec::new();
        }
        let mut found: Vec<Range<usize>> = Vec::new();
        for at in passage.filter(|at| self.reader.token(*at).is_some_and(says_amount)) {
            // "That one".
            let is_pronoun = self.reader.says(at, "one")
                && at > 0
                && self
                    .reader
                    .says_any(at - 1, &["that", "the", "this", "old", "new"]);
            if is_pronoun {
                continue;
            }
            match found.last_mut().filter(|last| last.end == at) {
                Some(last) => last.end = at + 1,
                None => found.push(at..at + 1),
            }
        }
        found
    }
}
