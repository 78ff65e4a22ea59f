//! How far a text is decided while it still grows.
//!
//! Where nothing speaks of a value, only words that may yet become a mailbox or a number are
//! open. Where something does, only words that no value has are walls: the closed class of the
//! language ("you", "with"), and the end of a sentence.

use super::english::{Class, NumberWord, Topic, begins_number};
use super::read::{Lexicon, Token, TokenKind, TokenReader, View, cues, phrase_words, tokenize};
use super::value::{address, name};
use super::{Detector, Detectors};

// What may lie between two digits of one dictated number, in tokens.
const LONGEST_GAP: usize = 9;
// How far behind its phrase a name or a code begins or goes on, in tokens.
const REACH: usize = 12;
// How many plain words a mailbox may have.
const BARE_WORDS: usize = 3;

/// The offset before which the text is decided: whatever follows, no value that is wanted can
/// begin before it and end behind it, and what is found before it stays as it is.
pub fn decided_until(text: &str, wanted: Detectors) -> usize {
    // A wall is near or there is none: only the end is read, whatever the length.
    const TAIL: usize = 240;
    let start = text.len().saturating_sub(TAIL);
    let start = (start..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let tail = text.get(start..).unwrap_or(text);
    let view = View::of(tail);
    let tokens = tokenize(view.text());
    let end = Ending {
        text: view.text(),
        tokens: &tokens,
        wanted,
    };
    let decided = end.decided(if start == 0 { 0 } else { LONGEST_GAP });
    if decided >= view.text().len() {
        return text.len();
    }
    start + view.source_range(decided..decided + 1).start
}

struct Ending<'a> {
    text: &'a str,
    tokens: &'a [Token],
    wanted: Detectors,
}

impl Ending<'_> {
    fn decided(&self, first: usize) -> usize {
        let spoken_of = self.spoken_of();
        let wall = (first..self.tokens.len())
            .rev()
            .find_map(|at| self.wall(at, &spoken_of).map(|end| (at + 1, end)));
        let (from, decided) = wall.unwrap_or((0, 0));
        let open = self.tokens.get(from..).unwrap_or(&[]);
        let is_path = (from..self.tokens.len()).any(|at| self.says(at, &["slash", "colon"]));
        let is_begun = self.is_secret_begun() || self.is_awaited() || is_path;
        if is_begun || open.iter().any(|token| self.is_trigger(token)) {
            return decided;
        }
        decided.max(self.plain())
    }

    fn wants(&self, detector: Detector) -> bool {
        self.wanted.contains(detector)
    }

    // Whether numbers are wanted and nothing else.
    fn wants_numbers_only(&self) -> bool {
        const NUMBERS: [Detector; 6] = [
            Detector::Card,
            Detector::Cvv,
            Detector::Pin,
            Detector::Ssn,
            Detector::Phone,
            Detector::Account,
        ];
        let mut others = Detector::ALL.iter().filter(|one| !NUMBERS.contains(one));
        !others.any(|other| self.wants(*other))
    }

    // What a value may begin or go on with, wherever it stands.
    fn is_trigger(&self, token: &Token) -> bool {
        let wants_names_only = Detector::ALL
            .iter()
            .all(|one| *one == Detector::Name || !self.wants(*one));
        let in_mailbox = token.is_mark(b'@')
            || (token.is_word() && token.len() == 2 && token.entry.id == Lexicon::get().at);
        match () {
            () if wants_names_only => false,
            () if self.wants_numbers_only() => {
                token.says_number() || token.has(Class::DOT | Class::SIGN)
            }
            () => token.says_number() || token.has(Class::DOT | Class::SIGN) || in_mailbox,
        }
    }

    fn wants_addresses(&self) -> bool {
        self.wants(Detector::Email) || self.wants(Detector::Url)
    }

    // The tokens that are part of a phrase which says what a number is.
    fn spoken_of(&self) -> Vec<bool> {
        let mut named = vec![false; self.tokens.len()];
        if self.tokens.iter().any(Token::says_number) {
            for cue in cues(self.tokens) {
                named[cue.first..cue.end].fill(true);
            }
        }
        named
    }

    // Where the text goes on behind a token that no value crosses.
    fn wall(&self, at: usize, spoken_of: &[bool]) -> Option<usize> {
        let token = self.tokens[at];
        let behind = self.text.get(token.end..)?;
        let blank = behind.chars().next().filter(|c| c.is_whitespace())?;
        let end = token.end + blank.len_utf8();
        let from = at.saturating_sub(LONGEST_GAP);
        let last_number = (from..at)
            .rev()
            .find(|before| self.tokens[*before].says_number());
        if matches!(token.kind, TokenKind::Mark(b'.' | b'!' | b'?')) {
            let plain = at.checked_sub(1).map(|before| self.tokens[before]);
            // One that stands alone is a dot of "gmail . com".
            let ends = plain.is_some_and(|word| {
                word.is_word()
                    && word.len() > 1
                    && !word.has(Class::DOT | Class::SIGN)
                    && word.end == token.start
            });
            return (ends && last_number.is_none()).then_some(end);
        }
        // "60614 is my zip code": what stands behind a number may say what it is.
        let is_governed = last_number.is_some_and(|number| {
            (number + 1..=at).all(|between| {
                let token = self.tokens[between];
                !token.is_word()
                    || spoken_of[between]
                    || token.has(
                        Class::COPULA
                            | Class::PREPOSITION
                            | Class::FILLER
                            | Class::DETERMINER
                            | Class::VAGUE
                            | Class::JOIN
                            | Class::SEPARATOR,
                    )
            })
        });
        let next = self.tokens.get(at + 1)?;
        let is_whole = next.end < self.text.len();
        let of_a_date = self.says(at, &["the", "of", "in"]);
        let in_address = token.has(Class::IN_DOMAIN) && !of_a_date;
        let behind_sign =
            (from..at).any(|before| self.says(before, &["at"]) || is_sign(&self.tokens[before]));
        let inside = token
            .has(Class::FILLER | Class::JOIN | Class::SEPARATOR | Class::SIGN | Class::DOT)
            || token.is_letter()
            || token.says_number()
            || is_governed
            || self.says(at, &["at"])
            || (of_a_date && (last_number.is_some() || !is_whole || next.says_number()))
            || (in_address && (behind_sign || !is_whole))
            || (last_number.is_some() && token.has(Class::IN_GAP))
            || self.is_misheard(at)
            || self.is_spelling(at)
            || self.is_in_mailbox(at)
            || (last_number.is_some() && self.is_in_place(at));
        // "Will dot smith", "info at": a word before a sign may be a mailbox.
        let grows = next.is_word() && !is_whole && may_become_sign(next.of(self.text));
        let signed = grows
            || next.has(Class::SIGN | Class::DOT | Class::FILLER)
            || self.says(at + 1, &["at"])
            || matches!(next.kind, TokenKind::Mark(_));
        // No number goes on across a word that nobody says in one, nor is it told by what follows.
        let is_foreign = token.is_word() && token.entry.id == 0 && self.wants_numbers_only();
        ((is_foreign || token.has(Class::CLOSED) && !signed) && !inside).then_some(end)
    }

    // "Three too oh": a digit that sounds like another word.
    fn is_misheard(&self, at: usize) -> bool {
        let after_digit = at
            .checked_sub(1)
            .is_some_and(|before| self.tokens[before].says_number());
        after_digit && matches!(self.tokens[at].entry.number, NumberWord::Doubtful(_))
    }

    // "R as in robert", "s for sugar": said of a letter of a mailbox.
    fn is_spelling(&self, at: usize) -> bool {
        let letter = |back: usize| {
            at.checked_sub(back)
                .is_some_and(|before| self.tokens[before].is_letter())
        };
        self.wants_addresses()
            && (self.says(at, &["as", "for", "like"]) && letter(1)
                || self.says(at, &["in"]) && letter(2) && self.says(at - 1, &["as"]))
    }

    // "At the rate of gmail", "dot co dot in", "m c n no sorry m c a n".
    fn is_in_mailbox(&self, at: usize) -> bool {
        const CORRECTION: usize = 4;
        let said_before = |words: &[&str]| at.checked_sub(1).is_some_and(|at| self.says(at, words));
        let rate = self.tokens.get(at + 1).is_some_and(|next| {
            let begun = next.of(self.text);
            "rate"
                .get(..begun.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(begun))
        });
        let corrected = (at.saturating_sub(CORRECTION)..at).any(|letter| {
            self.tokens[letter].is_letter()
                && (letter + 1..=at)
                    .all(|between| self.tokens[between].has(Class::IN_GAP | Class::FILLER))
        });
        self.wants_addresses()
            && (self.says(at, &["the"]) && said_before(&["at"]) && rate
                || self.says(at, &["of"]) && said_before(&["rate"])
                || self.says(at, &["in", "is", "it", "at", "be", "us", "me", "no"])
                    && said_before(&["dot"])
                || corrected)
    }

    // "New Paula", "HI 84389": with a capital it may be a part of an address.
    fn is_in_place(&self, at: usize) -> bool {
        let capital = self.tokens[at]
            .of(self.text)
            .starts_with(char::is_uppercase);
        capital && self.wants(Detector::Address)
    }

    // A private key has blanks and lines.
    fn is_secret_begun(&self) -> bool {
        self.wants(Detector::Secret)
            && memchr::memmem::find(self.text.as_bytes(), b"-----").is_some()
    }

    // Whether a phrase stands before the end behind which any words may be a value.
    fn is_awaited(&self) -> bool {
        let phrases = &Lexicon::get().topics;
        let first = self.tokens.len().saturating_sub(REACH);
        (first..self.tokens.len()).any(|at| {
            let words = || phrase_words(self.tokens, at);
            let awaited = match phrases.longest(words()) {
                Some((_, Topic::Zip)) => self.wants(Detector::Zip),
                Some((_, Topic::Id)) => self.wants(Detector::Id),
                Some((_, Topic::Iban)) => self.wants(Detector::Iban),
                Some((_, Topic::Secret)) => self.wants(Detector::Secret),
                _ => false,
            };
            awaited
                || (self.wants(Detector::Name)
                    && name::is_awaited(TokenReader::new(self.text, self.tokens), at))
        })
    }

    // Where the words begin that may yet be a mailbox, a host or a number.
    fn plain(&self) -> usize {
        let text = self.text;
        let under_way = text.len()
            - text
                .bytes()
                .rev()
                .take_while(|byte| !byte.is_ascii_whitespace())
                .count();
        let begun = text.get(under_way..).unwrap_or("");
        let mut decided = if self.may_begin(begun) {
            under_way
        } else {
            text.len()
        };
        let whole = self.tokens.partition_point(|token| token.end <= under_way);
        if let Some(last) = whole.checked_sub(1)
            && self.wants(Detector::Address)
            && self.is_street(last)
        {
            decided = decided.min(self.run_start(self.tokens[last].start));
        }
        if !self.wants_addresses() {
            return decided;
        }
        let mut bare = 0;
        for at in (0..whole).rev() {
            let token = self.tokens[at];
            let next = self.tokens.get(at + 1).filter(|_| at + 1 < whole);
            let ends = next.is_none() || next.is_some_and(is_sign);
            let sentence = matches!(
                token.kind,
                TokenKind::Mark(b'.' | b'!' | b'?' | b':' | b';')
            ) && next.is_none_or(|next| next.start > token.end);
            match token.kind {
                _ if sentence => break,
                TokenKind::Line if at + 1 < whole => break,
                TokenKind::Word if ends || token.is_letter() => {
                    bare += usize::from(!token.is_letter())
                }
                TokenKind::Word if token.has(Class::FILLER) => continue,
                // The letter before it goes on with the mailbox.
                TokenKind::Word if self.is_spelling(at) || self.is_in_mailbox(at) => continue,
                TokenKind::Word
                    if !token.has(Class::CLOSED | Class::COPULA | Class::LEAD)
                        && bare < BARE_WORDS =>
                {
                    bare += 1
                }
                TokenKind::Word | TokenKind::Digits => break,
                TokenKind::Mark(_) | TokenKind::Line => {}
            }
            decided = decided.min(token.start);
        }
        decided
    }

    // Whether what stands behind the last blank may be the beginning of a value.
    fn may_begin(&self, begun: &str) -> bool {
        let formed = [
            Detector::Email,
            Detector::Url,
            Detector::Secret,
            Detector::Iban,
            Detector::Address,
        ];
        let opens = |c: char| !(c.is_alphabetic() || ",.;:!?'\"".contains(c));
        !begun.is_empty()
            && (formed.iter().any(|detector| self.wants(*detector))
                || begun.contains(opens)
                || begins_number(begun))
    }

    fn is_street(&self, last: usize) -> bool {
        let word = if self.tokens[last].is_mark(b'.') {
            last.checked_sub(1)
        } else {
            Some(last)
        };
        word.is_some_and(|word| address::is_street(self.tokens[word].of(self.text)))
    }

    // Where what stands between two blanks begins.
    fn run_start(&self, within: usize) -> usize {
        let before = self.text.get(..within).unwrap_or("");
        before
            .rfind(|c: char| c.is_whitespace())
            .map_or(0, |blank| blank + 1)
    }

    fn says(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.is_word()
                && words
                    .iter()
                    .any(|word| token.of(self.text).eq_ignore_ascii_case(word))
        })
    }
}

fn is_sign(token: &Token) -> bool {
    token.has(Class::SIGN | Class::DOT)
        || matches!(
            token.kind,
            TokenKind::Mark(b'.' | b'-' | b'_' | b'+' | b'@' | b'[' | b'(' | b'{' | b'<')
        )
}

fn may_become_sign(begun: &str) -> bool {
    const SIGNS: [&str; 16] = [
        "dot",
        "period",
        "point",
        "underscore",
        "underline",
        "under",
        "score",
        "dash",
        "hyphen",
        "minus",
        "plus",
        "uh",
        "um",
        "er",
        "hmm",
        "at",
    ];
    SIGNS.iter().any(|sign| {
        sign.get(..begun.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(begun))
    })
}

#[cfg(test)]
mod tests;
