//! What each word of a passage is worth as a part of a name, and how far a name goes.
//!
//! It knows no phrases: where a name may stand, `frame.rs` and `lone.rs` say.

use std::cell::Cell;
use std::ops::Range;

use super::grade::{NameGrade, grade};
use crate::detect::english::Class;
use crate::detect::foreign::{NAME_HEADS, PARTICLES};
use crate::detect::people::NameSense;
use crate::detect::read::{Token, TokenKind, TokenReader};

/// Reads names among the tokens of a passage.
pub(super) struct NameReader<'a> {
    /// The tokens.
    pub(super) reader: TokenReader<'a>,
    first: usize,
    words: Vec<NameWord>,
    // Whether capitals tell something: there are small words and others.
    is_cased: bool,
}

// What a word is worth, and how many tokens the name that starts with it has, once somebody asked.
struct NameWord {
    grade: NameGrade,
    sense: NameSense,
    length: Cell<Option<u32>>,
}

impl<'a> NameReader<'a> {
    /// Looks at the words from a token on.
    pub(super) fn new(reader: TokenReader<'a>, first: usize) -> Self {
        let tokens = reader.tokens.get(first..).unwrap_or(&[]);
        let is_small =
            |token: &&Token| token.is_word() && token.len() > 1 && !token.is_capital(reader.text);
        let is_cased = tokens.iter().any(|token| is_small(&token));
        let word = |token| {
            let (grade, sense) = grade(token, reader.text, is_cased);
            let length = Cell::new(None);
            NameWord {
                grade,
                sense,
                length,
            }
        };
        Self {
            reader,
            first,
            words: tokens.iter().map(word).collect(),
            is_cased,
        }
    }

    /// What the word at a place is worth.
    pub(super) fn grade(&self, at: usize) -> NameGrade {
        self.word(at).map_or(NameGrade::Never, |word| word.grade)
    }

    /// What the table says of the word at a place.
    pub(super) fn sense(&self, at: usize) -> NameSense {
        self.word(at)
            .map_or(NameSense::default(), |word| word.sense)
    }

    fn word(&self, at: usize) -> Option<&NameWord> {
        at.checked_sub(self.first).and_then(|at| self.words.get(at))
    }

    /// Whether a token may be read.
    pub(super) fn has(&self, at: usize) -> bool {
        at >= self.first && at < self.reader.tokens.len()
    }

    /// Whether a word has a capital where one is chosen, not at the start of a sentence.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.begins_large(at) && !self.starts_sentence(at)
    }

    /// Whether a word begins with a capital in a text that has small words too.
    pub(super) fn begins_large(&self, at: usize) -> bool {
        let token = self.reader.token(at);
        self.is_cased && token.is_some_and(|token| token.is_capital(self.reader.text))
    }

    /// Whether a sentence or the passage starts at a place.
    pub(super) fn starts_sentence(&self, at: usize) -> bool {
        at <= self.first || self.reader.ends_sentence(at - 1) || self.reader.is_mark(at - 1, b'"')
    }

    /// Whether what a speaker says ends at a place.
    pub(super) fn ends(&self, at: usize) -> bool {
        self.reader
            .token(at)
            .is_none_or(|token| !token.is_word() && token.kind != TokenKind::Digits)
    }

    /// Whether a number stands at a place.
    pub(super) fn says_number(&self, at: usize) -> bool {
        self.reader.token(at).is_some_and(Token::says_number)
    }

    /// The words of a name.
    pub(super) fn words(&self, name: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        name.filter(|at| self.reader.token(*at).is_some_and(Token::is_word))
    }

    /// Those that are no initials.
    pub(super) fn full_words(&self, name: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        self.words(name)
            .filter(|at| self.grade(*at) != NameGrade::Letter && !self.is_particle(*at))
    }

    /// The token behind the name that starts at a place, if it starts with a word of one.
    pub(super) fn end(&self, start: usize) -> usize {
        let Some(word) = self.word(start) else {
            return start;
        };
        if let Some(length) = word.length.get() {
            return start + length as usize;
        }
        let end = self.read_end(start);
        word.length.set(u32::try_from(end - start).ok());
        end
    }

    fn read_end(&self, start: usize) -> usize {
        const WORDS: usize = 6;
        let (mut at, mut end, mut words) = (start, start, 0);
        while words < WORDS && self.has(at) {
            if at > start && self.joins(at) {
                at += 1;
            } else if self.is_part(start, at) {
                at += 1;
                end = at;
                words += 1;
                // "Dave's missus".
                if self
                    .reader
                    .token(at - 1)
                    .is_some_and(|token| token.has(Class::POSSESSIVE))
                {
                    break;
                }
            } else if words > 0 && self.is_begun_anew(at) {
                at += 1;
            } else if words > 0 && self.is_nickname(at) {
                at += 3;
            } else {
                break;
            }
        }
        end
    }

    /// The first token of the name that ends before a place.
    pub(super) fn start(&self, end: usize) -> usize {
        const TOKENS: usize = 6;
        let mut start = end;
        while start > self.first && end - start < TOKENS {
            let at = start - 1;
            let is_part = self.grade(at) > NameGrade::Letter
                || (self.grade(at) == NameGrade::Common && self.is_capital(at))
                || (start < end && (self.is_initial(at) || self.is_hyphen(at) || self.is_head(at)));
            if !is_part || self.is_auxiliary(at) && start == end {
                break;
            }
            start = at;
        }
        while start < end
            && self
                .reader
                .token(start)
                .is_some_and(|token| !token.is_word())
        {
            start += 1;
        }
        start
    }

    fn is_part(&self, start: usize, at: usize) -> bool {
        let is_first = at == start;
        // Where capitals are used, they tell where the name ends.
        let is_over = !is_first
            && self.begins_large(start)
            && !self.begins_large(at)
            && !self.is_hyphen(at - 1)
            && !self.is_particle(at);
        if is_over {
            return false;
        }
        match self.grade(at) {
            NameGrade::Never | NameGrade::Common if self.is_particle(at) => {
                (!is_first || self.is_head(at)) && self.leads_to_name(at)
            }
            NameGrade::Never => false,
            NameGrade::Common => self.is_capital(at),
            NameGrade::Letter => {
                self.leads_to_name(at) || (!is_first && self.is_capital(at) && self.ends(at + 1))
            }
            NameGrade::Either => {
                // "My wife mei hua will pick it up".
                let is_clear = || self.grade(at + 1) == NameGrade::Clear;
                is_first || self.is_capital(at) || !self.is_auxiliary(at) || is_clear()
            }
            NameGrade::Unknown | NameGrade::Clear => true,
        }
    }

    /// Whether "will" is a verb at a place: where a name neither goes on nor ends.
    pub(super) fn is_auxiliary(&self, at: usize) -> bool {
        // "My son Will has …".
        const FINITE: [&str; 12] = [
            "has", "is", "was", "had", "said", "says", "wants", "needs", "can", "can't", "could",
            "would",
        ];
        let token = self.reader.token(at);
        if !token.is_some_and(|token| token.has(Class::NAME_TOO)) {
            return false;
        }
        let is_calling = |token: &Token| token.is_letter() || token.has(Class::CALLING);
        let next = at + 1;
        if self.reader.token(next).is_some_and(is_calling) || self.reader.says_any(next, &FINITE) {
            return false;
        }
        let is_verb = self.reader.says_any(at, &["will", "may", "mark"]);
        is_verb && !self.begins_large(at) && !self.ends(at + 1) && !self.is_before_family(at)
    }

    // "That's will akhtar".
    fn is_before_family(&self, at: usize) -> bool {
        let family = self.sense(at + 1);
        let is_all = || self.starts_sentence(at) && self.ends(at + 2);
        family.is_clear() && family.is_family() && (self.is_behind_naming(at) || is_all())
    }

    fn is_behind_naming(&self, at: usize) -> bool {
        const NAMES: [&str; 11] = [
            "that's", "it's", "is", "name's", "for", "with", "by", "from", "i'm", "mr", "this",
        ];
        at > 0 && self.has(at - 1) && self.reader.says_any(at - 1, &NAMES)
    }

    /// Whether a family name that may still come makes a name of "will" at a place.
    pub(super) fn awaits_family(&self, at: usize) -> bool {
        let is_last = at + 2 >= self.reader.tokens.len();
        let is_verb = self.reader.says_any(at, &["will", "may", "mark"]);
        is_last && is_verb && self.is_behind_naming(at)
    }

    // Whether a word of a name follows a letter or a particle, perhaps behind another.
    fn leads_to_name(&self, at: usize) -> bool {
        let mut next = at + 1;
        for _ in 0..5 {
            let is_between = self.reader.is_mark(next, b'.')
                || self.is_particle(next)
                || self.is_initial(next) && self.grade(at) == NameGrade::Letter
                || self.pairs_initials(next);
            if !is_between {
                break;
            }
            next += 1;
        }
        let grade = self.grade(next);
        grade == NameGrade::Clear || grade == NameGrade::Unknown || grade == NameGrade::Either
    }

    /// Whether a small word inside names stands at a place, but not the "ten" of "ten people".
    pub(super) fn is_particle(&self, at: usize) -> bool {
        let counts = || {
            let next = self.reader.token(at + 1);
            self.reader.says(at, "ten") && next.is_some_and(|next| next.has(Class::UNIT))
        };
        self.reader.says_any(at, &PARTICLES) && !counts()
    }

    /// Whether a name may begin with the small word at a place: "de la Rosa".
    pub(super) fn is_head(&self, at: usize) -> bool {
        self.reader.says_any(at, &NAME_HEADS) && self.leads_to_name(at)
    }

    /// Whether a name begins with small words that nothing else has: "van Houten", "de la Rosa".
    pub(super) fn is_headed(&self, name: Range<usize>) -> bool {
        const SURE: [&str; 5] = ["van", "von", "mac", "mc", "dela"];
        let last = name.end.saturating_sub(1);
        let is_two = self.is_particle(name.start + 1) && name.len() > 2;
        let is_sure = self.reader.says_any(name.start, &SURE) || is_two;
        self.is_head(name.start)
            && is_sure
            && name.len() > 1
            && self.grade(last) >= NameGrade::Unknown
    }

    fn is_initial(&self, at: usize) -> bool {
        self.grade(at) == NameGrade::Letter
    }

    fn is_hyphen(&self, at: usize) -> bool {
        self.reader.is_mark(at, b'-')
            && self.reader.touches_next(at)
            && at > 0
            && self.reader.touches_next(at - 1)
    }

    // The hyphen of "Jean-Luc", the full stop behind an initial or "St".
    fn joins(&self, at: usize) -> bool {
        let is_saint = || self.reader.word(at - 1) == "St" && self.begins_large(at + 1);
        let is_short = || self.is_initial(at - 1) || is_saint();
        self.is_hyphen(at)
            || (self.reader.is_mark(at, b'.') && is_short())
            || self.pairs_initials(at)
    }

    // "Harold \"Hal\" Jimenez", "Margaret (Peggy) Ashworth".
    fn is_nickname(&self, at: usize) -> bool {
        let close = match self.reader.token(at).map(|token| token.kind) {
            Some(TokenKind::Mark(mark @ (b'"' | b'\''))) => mark,
            Some(TokenKind::Mark(b'(')) => b')',
            _ => return false,
        };
        let is_marked = self.reader.is_mark(at + 2, close) && self.reader.touches_next(at);
        is_marked && self.grade(at + 1) >= NameGrade::Either
    }

    // The sign of "B & T Fitzgibbon".
    fn pairs_initials(&self, at: usize) -> bool {
        let dot = |at: usize| usize::from(self.reader.is_mark(at, b'.'));
        let is_and = self.reader.is_mark(at, b'&') || self.reader.says(at, "and");
        let name = at + 2 + dot(at + 2);
        let is_behind = |last: usize| self.is_initial(last.saturating_sub(dot(last)));
        is_and
            && at > self.first
            && is_behind(at - 1)
            && self.is_initial(at + 1)
            && self.grade(name) >= NameGrade::Either
    }

    // "Juan um Juan Carlos".
    fn is_begun_anew(&self, at: usize) -> bool {
        let is_sound = |at| {
            self.reader
                .token(at)
                .is_some_and(|one: &Token| one.has(Class::FILLER))
        };
        is_sound(at) && self.grade(at + 1) == NameGrade::Clear
    }
}
