//! Codes of letters and digits as they are written and said: "ZL4977656", "s g eight seven",
//! "v as in victor one five nine".
//!
//! What a code is of, its finder says.

use std::ops::Range;

use super::letter::SpelledLetter;
use super::reader::TokenReader;
use super::token::{Token, TokenKind};
use crate::detect::english::{AskingRole, Class, Gap, NumberWord};

/// A code and how it is said.
pub(crate) struct SpokenCode {
    /// Its tokens.
    pub(crate) range: Range<usize>,
    /// Its letters and digits, in capitals.
    pub(crate) value: String,
    /// Whether no digit is written.
    pub(crate) is_spoken: bool,
    /// Whether it is spelled letters only.
    pub(crate) is_spelled: bool,
}

/// Reads codes.
pub(crate) struct CodeReader<'a> {
    /// Where they stand.
    pub(crate) reader: TokenReader<'a>,
    /// Whether a code begins with a country's two letters.
    pub(crate) is_iban: bool,
    /// Which tokens are of another value.
    pub(crate) taken: &'a dyn Fn(usize) -> bool,
    /// Which tokens are part of a phrase: only their single letters may be a code's.
    pub(crate) named: &'a dyn Fn(usize) -> bool,
}

impl CodeReader<'_> {
    /// The code that starts at a token: letters and digits, and between them what one says there.
    pub(crate) fn code(&self, start: usize) -> Option<SpokenCode> {
        const LONGEST: usize = 40;
        let tokens = self.reader.tokens;
        let mut value = String::new();
        let (mut at, mut end) = (start, start);
        let mut is_spelled = true;
        while value.len() < LONGEST && at < tokens.len() && !(self.taken)(at) {
            // "Lower case t"; "E8 3DL": letters that touch digits are none of a phrase.
            let is_apart = || {
                !self.reader.is_letter(at)
                    && !self.touches_digits(at)
                    && !self.reader.says_any(at, &["upper", "lower"])
            };
            if at > start && (self.named)(at) && is_apart() {
                break;
            }
            if let Some(next) = self.part(at, at == start, &mut value) {
                is_spelled &= self.reader.spelled(at).is_some();
                (at, end) = (next, next);
                continue;
            }
            match self.behind_gap(at).filter(|_| at > start) {
                Some(next) => {
                    if self.begins_anew(at, &value) {
                        value.clear();
                    }
                    at = next;
                }
                None => break,
            }
        }
        let own = tokens.get(start..end).unwrap_or(&[]);
        (end > start).then(|| SpokenCode {
            range: start..end,
            is_spoken: own.iter().all(|token| token.kind != TokenKind::Digits),
            is_spelled,
            value,
        })
    }

    // "E H six, no, E H eight": what is said behind a correction, where it begins alike.
    fn begins_anew(&self, at: usize, value: &str) -> bool {
        self.behind_correction(at).is_some_and(|first| {
            let mut next = String::new();
            self.part(first, false, &mut next);
            !next.is_empty() && next.chars().next() == value.chars().next()
        })
    }

    // The token behind "no", with its commas.
    fn behind_correction(&self, at: usize) -> Option<usize> {
        let past_comma = |at: usize| at + usize::from(self.reader.is_mark(at, b','));
        let gap = self.reader.gap(past_comma(at));
        let (last, _) = gap.filter(|(_, gap)| *gap >= Gap::Again)?;
        Some(past_comma(last + 1))
    }

    // Past what may stand between two parts: a sound, "dash", a mark that touches both, a
    // correction; and past a comma, a full stop or "and" where nothing but more of it follows.
    fn behind_gap(&self, at: usize) -> Option<usize> {
        if self.reader.is_mark(at, b',')
            && let Some(first) = self.behind_correction(at)
        {
            return self.is_part(first).then_some(first);
        }
        // "Eleven, no, eleven twelve".
        if let Some((last, gap)) = self.reader.gap(at) {
            let is_more = if gap >= Gap::Again {
                self.part(last + 1, false, &mut String::new()).is_some()
            } else {
                self.goes_on(last + 1)
            };
            return is_more.then_some(last + 1);
        }
        let token = self.reader.token(at)?;
        let is_inner = token.has(Class::FILLER | Class::SEPARATOR)
            || matches!(token.kind, TokenKind::Mark(b'-' | b'/' | b'.'))
                && self.reader.touches_next(at)
            || token.is_mark(b'+')
            || token.is_mark(b',') && at > 0 && self.reader.is_letter(at - 1);
        let is_outer = matches!(
            token.kind,
            TokenKind::Mark(b',' | b'.' | b';' | b'-') | TokenKind::Line
        ) || token.has(Class::JOIN);
        (is_inner || is_outer && self.goes_on(at + 1)).then_some(at + 1)
    }

    // Whether more of a code follows, and behind that nothing that makes a sentence of it: "AB12,
    // two adults" does not go on.
    fn goes_on(&self, from: usize) -> bool {
        const GAP: usize = 3;
        let mut at = from;
        let is_silent = |at: usize| {
            let token = self.reader.token(at);
            token.is_some_and(|token| {
                token.has(Class::FILLER | Class::SEPARATOR | Class::JOIN)
                    || token.is_mark(b',')
                    || token.is_mark(b'-')
            })
        };
        while at < from + GAP && is_silent(at) && !self.is_part(at) {
            at += 1;
        }
        if (self.taken)(at) || (self.named)(at) && !self.reader.is_letter(at) {
            return false;
        }
        let Some(end) = self.part(at, false, &mut String::new()) else {
            return false;
        };
        self.reader.token(end).is_none_or(|behind| {
            !behind.is_word()
                || self.is_part(end)
                || behind.has(Class::FILLER | Class::SEPARATOR | Class::JOIN | Class::LEAD)
        })
    }

    fn is_part(&self, at: usize) -> bool {
        self.part(at, false, &mut String::new()).is_some()
    }

    fn part(&self, at: usize, is_first: bool, value: &mut String) -> Option<usize> {
        if let Some(next) = self.reader.number(at, value) {
            return Some(next);
        }
        if let NumberWord::Doubtful(digit) = self.reader.number_word(at)
            && !is_first
            && self.is_between_parts(at)
        {
            value.push(char::from(b'0' + digit % 10));
            return Some(at + 1);
        }
        let token = self.reader.token(at).filter(|token| token.is_word())?;
        if let Some(letter) = self.sounded(at, is_first) {
            value.push(letter);
            return Some(at + 1);
        }
        if let Some(spelled) = self.reader.spelled(at) {
            let is_explained = spelled.end > at + 1;
            // "I" and "a" are letters only among others.
            let is_word_like = matches!(self.reader.word(at), "a" | "i" | "I" | "A");
            if is_word_like && !is_explained && !self.is_among_others(at, is_first) {
                return None;
            }
            value.extend(std::iter::repeat_n(spelled.letter, spelled.times));
            return Some(self.behind_word(spelled));
        }
        // "KX19 rzy", but not "00441 grp".
        let is_tail = self.is_tail(at) && value.bytes().any(|byte| byte.is_ascii_alphabetic());
        (self.is_block(at, is_first) || is_tail).then(|| {
            value.push_str(&token.of(self.reader.text).to_ascii_uppercase());
            at + 1
        })
    }

    // "Dee oh four, ex two why seven": a letter as it sounds, among other parts.
    fn sounded(&self, at: usize, is_first: bool) -> Option<char> {
        const LONGEST: usize = 3;
        let word = self.reader.word(at);
        if !(2..=LONGEST).contains(&word.len()) {
            return None;
        }
        let is_said = |sound: &&(&str, char)| word.eq_ignore_ascii_case(sound.0);
        let (sound, letter) = SOUNDS.iter().find(is_said)?;
        let is_beside = if is_first {
            !COMMON_SOUNDS.contains(sound) && self.reader.says_digits(at + 1)
        } else {
            self.is_between_parts(at)
        };
        is_beside.then_some(*letter)
    }

    // "L S 6 to 1 F P": a digit that sounds like another word.
    fn is_between_parts(&self, at: usize) -> bool {
        let is_code =
            |token: &Token| token.is_letter() || token.says_digits() || token.has(Class::ALPHABET);
        self.before(at).is_some_and(is_code) && self.reader.token(at + 1).is_some_and(is_code)
    }

    // "B boy": in a code a word right behind a letter with which it begins only explains it.
    fn behind_word(&self, spelled: SpelledLetter) -> usize {
        let explains = self.reader.token(spelled.end).is_some_and(|word| {
            word.is_word()
                && word.len() > 2
                && word.entry.id == 0
                && !self.is_block(spelled.end, false)
                && word
                    .of(self.reader.text)
                    .starts_with(|first: char| first.eq_ignore_ascii_case(&spelled.letter))
        });
        spelled.end + usize::from(explains)
    }

    fn is_among_others(&self, at: usize, is_first: bool) -> bool {
        let is_code = |token: &Token| {
            token.is_letter() || token.kind == TokenKind::Digits || token.says_digits()
        };
        let comma = usize::from(self.reader.is_mark(at + 1, b','));
        let next = self.reader.token(at + 1 + comma);
        let is_comma = at > 0 && self.reader.is_mark(at - 1, b',');
        let before = at.checked_sub(usize::from(is_comma));
        let ends = !is_first
            && before.and_then(|at| self.before(at)).is_some_and(is_code)
            && (self.reader.word(at) == "A"
                || next.is_none_or(|next| !next.is_word())
                // No article stands before "and".
                || self.reader.says(at, "a") && self.reader.says_any(at + 1, &BEHIND_LETTER));
        // "… two six i, do i press hash": whoever asks says "do" first.
        let asks = |at: usize, role: AskingRole| {
            let token = self.reader.token(at);
            token.is_some_and(|token| token.asks(role))
        };
        let is_before_question = !is_first
            && self.before(at).is_some_and(is_code)
            && asks(at + 1, AskingRole::VERB)
            && asks(at + 2, AskingRole::ME);
        ends || is_before_question || self.is_glued(at, is_first) || next.is_some_and(is_code)
    }

    fn before(&self, at: usize) -> Option<&Token> {
        at.checked_sub(1).and_then(|at| self.reader.token(at))
    }

    // Whether digits or a hyphen touch it.
    fn is_glued(&self, at: usize, is_first: bool) -> bool {
        let joins = |token: &Token| token.kind == TokenKind::Digits || token.is_mark(b'-');
        let behind = self.reader.touches_next(at) && self.reader.token(at + 1).is_some_and(joins);
        let before =
            !is_first && self.before(at).is_some_and(joins) && self.reader.touches_next(at - 1);
        behind || before
    }

    fn touches_digits(&self, at: usize) -> bool {
        let is_digits = |before: &Token| before.kind == TokenKind::Digits;
        self.before(at).is_some_and(is_digits) && self.reader.touches_next(at - 1)
    }

    // Several letters in one: capitals before digits, "nl" of an IBAN, short words that touch.
    fn is_block(&self, at: usize, is_first: bool) -> bool {
        let token = self.reader.tokens[at];
        let next = self.reader.token(at + 1);
        let is_glued = self.is_glued(at, is_first);
        let word = self.reader.word(at).as_bytes();
        // "GOME900101HDFRNS09": whatever touches digits on both sides.
        let is_between = !is_first
            && self.reader.touches_next(at)
            && next.is_some_and(|next| next.kind == TokenKind::Digits)
            && self.reader.touches_next(at - 1)
            && self
                .before(at)
                .is_some_and(|before| before.kind == TokenKind::Digits);
        let is_capitals = word.iter().all(u8::is_ascii_uppercase) && word.len() <= 5;
        let before_digits = next.is_some_and(|next| {
            next.kind == TokenKind::Digits
                || next.is_mark(b'-')
                || next.is_mark(b'/') && self.reader.touches_next(at)
                || is_first && next.is_mark(b',') && self.reader.says_digits(at + 2)
        });
        let is_country = self.is_iban
            && is_first
            && word.len() == 2
            && self.reader.number_word(at + 1).says_digits()
            && !token.has(Class::COPULA);
        let is_short = word.len() <= 3 && is_unknown(&token);
        is_between && word.len() <= 8
            || is_capitals && (before_digits || is_glued || !is_first)
            || word.len() <= 4 && is_glued && !token.has(Class::CLOSED)
            || is_short && before_digits
            || is_country
    }

    // The last letters of a plate, behind its digits.
    fn is_tail(&self, at: usize) -> bool {
        let token = self.reader.tokens[at];
        let next = self.reader.token(at + 1);
        token.len() <= 3
            && is_unknown(&token)
            && self.before(at).is_some_and(Token::says_digits)
            && next.is_none_or(|next| !next.is_word())
    }
}

/// Letters as a recogniser writes how they sound.
const SOUNDS: [(&str, char); 20] = [
    ("bee", 'B'),
    ("see", 'C'),
    ("dee", 'D'),
    ("eff", 'F'),
    ("gee", 'G'),
    ("jay", 'J'),
    ("kay", 'K'),
    ("el", 'L'),
    ("ell", 'L'),
    ("em", 'M'),
    ("en", 'N'),
    ("pee", 'P'),
    ("cue", 'Q'),
    ("are", 'R'),
    ("ess", 'S'),
    ("tee", 'T'),
    ("you", 'U'),
    ("vee", 'V'),
    ("ex", 'X'),
    ("why", 'Y'),
];

/// Those that are words as often, and begin no code.
const COMMON_SOUNDS: [&str; 6] = ["see", "are", "you", "why", "jay", "kay"];

/// What stands behind the letter "a", and never behind the article.
const BEHIND_LETTER: [&str; 9] = [
    "and", "that's", "thats", "i", "i've", "is", "but", "it's", "thanks",
];

fn is_unknown(token: &Token) -> bool {
    token.entry.id == 0 && token.entry.classes.is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::token::tokenize;
    use super::*;

    fn check(text: &str, value: &str) {
        let tokens = tokenize(text);
        let reader = CodeReader {
            reader: TokenReader::new(text, &tokens),
            is_iban: false,
            taken: &|_| false,
            named: &|_| false,
        };
        let found = reader.code(0).map(|code| code.value);
        assert_eq!(found.unwrap_or_default(), value, "{text}");
    }

    #[test]
    fn letters_and_digits_make_a_code() {
        check("ZL4977656, thanks", "ZL4977656");
        check("SY 08 88 25 C please", "SY088825C");
        check("MRN-4579347", "MRN4579347");
        check("s g eight seven e r", "SG87ER");
        check("v as in victor one five nine", "V159");
        check("a b bravo double two", "AB22");
        check("K L M. 4 4 0. 9 1 2.", "KLM440912");
        check("h g, twelve, thirty four, and then c", "HG1234C");
        check("c like charlie, eight, m, two", "C8M2");
        check("b boy d david 4 4", "BD44");
        check("kx19 rzy", "KX19RZY");
        check("AB12, two adults", "AB12");
        check("l s 6 to 1 f p", "LS621FP");
        check("s eight five one i do i press hash", "S851I");
        check("s eight five one i do that", "S851");
        check("w l two six oh four a and i", "WL2604A");
        check("dee oh four ex two why seven", "D04X2Y7");
        check("e h six, no, e h eight, nine y l", "EH89YL");
    }

    #[test]
    fn words_make_none() {
        check("i think so", "");
        check("on file", "");
    }
}
