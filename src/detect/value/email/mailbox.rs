//! E-mail addresses as they are said: "john dot smith at g mail dot com", letter by letter, with
//! numbers, fillers and "j as in john".
//!
//! An address is read from its "at": the domain forwards, by `domain.rs`, the mailbox backwards to
//! the first word that no mailbox has.

mod anew;

use std::ops::Range;

use super::domain::DomainReader;
use crate::detect::english::{Class, NumberWord};
use crate::detect::read::{Token, TokenKind, TokenReader};

/// How many plain words a mailbox may have.
pub(super) const BARE_WORDS: usize = 3;

/// The address whose "at" is this token, and the one form of its spellings. `is_asked`: somebody
/// asked for one, so that a domain may end in any word.
pub(super) fn around(
    reader: TokenReader,
    at: usize,
    is_asked: bool,
) -> Option<(Range<usize>, String)> {
    let domain = DomainReader { reader };
    let (before, after) = domain.sign(at)?;
    let found = domain.domain(after)?;
    let found = domain.corrected(&found).unwrap_or(found);
    let (end, domain) = (found.end, &found.name);
    // "My listing at www.example.com/flats" is where something is to be found.
    let is_site = domain.starts_with("www.") || reader.is_mark(end, b'/');
    if is_site && !reader.is_mark(at, b'@') {
        return None;
    }
    let mailbox = MailboxReader { reader };
    let first = mailbox.mailbox(before)?;
    let spelled = mailbox.spelled(first, before);
    // "Nine at polka dot lane" is none.
    let is_told = spelled.contains(|sign: char| !sign.is_alphanumeric());
    // "Sid forty two at hollow dot garden".
    let ends_in_digits = spelled.starts_with(char::is_alphabetic)
        && spelled.ends_with(|sign: char| sign.is_ascii_digit())
        && found.ends_in_site();
    if !(found.is_known || is_asked || is_told || ends_in_digits || mailbox.is_spoken_of(first)) {
        return None;
    }
    // "+49 30 901820 at …" is called.
    let is_number = spelled.contains('+') && !spelled.contains(|sign: char| sign.is_alphabetic());
    // "At 123-45-6789" is no domain.
    let is_digit = |sign: &u8| sign.is_ascii_digit() || *sign == b'-';
    if is_number || domain.bytes().take_while(is_digit).count() >= LONGEST_DIGITS {
        return None;
    }
    let value = format!("{spelled}@{domain}");
    Some((mailbox.corrected(first)..end, value))
}

/// Some tokens as the mailbox that they spell.
pub(super) fn spelled(reader: TokenReader, range: Range<usize>) -> String {
    let floor = range.start;
    let mailbox = MailboxReader {
        reader: TokenReader { floor, ..reader },
    };
    mailbox.spelled(range.start, range.end)
}

/// The first token of what was said or spelled of a mailbox before its written rest.
pub(super) fn joined_before(reader: TokenReader, first: usize) -> Option<usize> {
    let mailbox = MailboxReader { reader };
    let mut at = first;
    while let Some(before) = mailbox
        .sign_before(at)
        .or_else(|| mailbox.letter_before(at))
    {
        at = before;
    }
    (at < first).then_some(at)
}

/// So many digits in front are no domain's.
const LONGEST_DIGITS: usize = 9;

struct MailboxReader<'a> {
    reader: TokenReader<'a>,
}

impl MailboxReader<'_> {
    // The first token of the mailbox that ends before a token.
    fn mailbox(&self, before: usize) -> Option<usize> {
        const TOKENS: usize = 64;
        let lowest = self.reader.floor.max(before.saturating_sub(TOKENS));
        let (mut at, mut first) = (before, None);
        let (mut joined, mut bare) = (false, 0);
        while at > lowest {
            let back = at - 1;
            let token = &self.reader.tokens[back];
            if token.has(Class::FILLER) || self.is_pause(back, first, lowest) {
                at = back;
                continue;
            }
            if let Some(start) = self.reader.hint_before(at) {
                at = start;
                continue;
            }
            if let Some(start) = self.alphabet_word(back, lowest) {
                (at, first, joined) = (start, Some(start), false);
                continue;
            }
            let may_join = (first.is_some() || before > back + 1) && back > lowest;
            if self.is_sign(back) && may_join {
                if self.is_sentence_end(back) {
                    break;
                }
                // "Under score" is one sign of two words.
                let two = self.reader.says(back, "score") && self.reader.says(back - 1, "under");
                (at, joined) = (if two { back - 1 } else { back }, true);
                continue;
            }
            // "Kowalik, no wait, kowalik dot two".
            if first.is_some() && !joined && self.is_correction(back, lowest) {
                break;
            }
            if self.is_pronoun(back, lowest) {
                break;
            }
            let is_plain = self.is_plain_word(token);
            let told =
                joined || self.is_told(back, lowest) || (at == before && token.has(Class::OFFICE));
            if !(told || (is_plain && bare < BARE_WORDS))
                || !(token.is_word() || token.kind == TokenKind::Digits)
            {
                break;
            }
            let is_part = is_number(token) || self.is_own_letter(back, joined, lowest);
            bare += usize::from(is_plain && !is_part && !joined);
            (at, first, joined) = (back, Some(back), false);
        }
        first.map(|first| self.behind_pause(first))
    }

    // "It's old salt at …": behind "is" and a comma a word that is seldom of a name is one.
    fn behind_pause(&self, first: usize) -> usize {
        const WORDS: [&str; 14] = [
            "old", "new", "best", "other", "same", "up", "down", "back", "out", "live", "work",
            "buy", "first", "only",
        ];
        let word = first.checked_sub(1).filter(|at| *at > self.reader.floor);
        let opens = |at: usize| {
            let before = self.reader.token(at - 1);
            before.is_some_and(|before| before.is_mark(b',') || before.has(Class::COPULA))
        };
        let own = word.filter(|at| self.reader.says_any(*at, &WORDS) && opens(*at));
        own.unwrap_or(first)
    }

    // "My email's …", and few words between.
    fn is_spoken_of(&self, first: usize) -> bool {
        const NEAR: usize = 6;
        const WORDS: [&str; 7] = [
            "email", "mail", "e-mail", "emails", "email's", "mailbox", "write",
        ];
        let lowest = first.saturating_sub(NEAR).max(self.reader.floor);
        (lowest..first).any(|at| self.reader.says_any(at, &WORDS))
    }

    // A comma between two parts, or behind one that can only be a mailbox's: "underscore, forty, at".
    fn is_pause(&self, at: usize, first: Option<usize>, lowest: usize) -> bool {
        let is_told = at.checked_sub(1).is_some_and(|before| {
            self.is_told(before, lowest) || self.alphabet_word(before, lowest).is_some()
        });
        self.reader.is_mark(at, b',')
            && !self.ends_code(at)
            && (first.is_some() || is_told || self.is_beside_hint(at))
    }

    // "That's an old one, m diaz at …".
    fn is_pronoun(&self, at: usize, lowest: usize) -> bool {
        let is_one = self.reader.says(at, "one") && self.reader.is_mark(at + 1, b',');
        let before = at.checked_sub(1).filter(|before| *before >= lowest);
        let is_thing = |at: usize| {
            let words = [
                "old", "new", "other", "same", "right", "wrong", "that", "this", "my", "the",
            ];
            self.reader.says_any(at, &words)
        };
        is_one && before.is_some_and(is_thing)
    }

    // "Y c twenty one w f u, mo at …": what ends before a comma and a word is another value.
    fn ends_code(&self, comma: usize) -> bool {
        const FEWEST: usize = 4;
        let next = self.reader.token(comma + 1);
        let is_name = next.is_some_and(|next| {
            let is_other =
                next.says_number() || next.has(Class::SIGN) || self.reader.says(comma + 1, "at");
            next.is_word() && next.len() > 1 && !is_other
        });
        let is_part =
            |at: &usize| self.reader.is_letter(*at) || is_number(&self.reader.tokens[*at]);
        let own = (self.reader.floor..comma).rev().take_while(is_part);
        let (letters, all) = own.fold((0, 0), |(letters, all), at| {
            (letters + usize::from(self.reader.is_letter(at)), all + 1)
        });
        is_name && all >= FEWEST && (1..all).contains(&letters)
    }

    // "Ellen kirk, one word, at gmail dot com".
    fn is_beside_hint(&self, comma: usize) -> bool {
        self.reader.hint_before(comma).is_some() || self.reader.spelling_hint(comma + 1).is_some()
    }

    // A dot, a dash and the like, said or written.
    fn is_sign(&self, at: usize) -> bool {
        let token = &self.reader.tokens[at];
        token.has(Class::SIGN) || is_written_sign(token)
    }

    // "Jane dot" before a written rest: the token of "jane".
    fn sign_before(&self, at: usize) -> Option<usize> {
        let sign = at.checked_sub(1).filter(|sign| *sign > self.reader.floor)?;
        let token = self.reader.token(sign)?;
        let is_sign = token.is_word() && token.has(Class::SIGN);
        let part = self.reader.token(sign - 1)?;
        let is_part = part.is_word() && !part.has(Class::CLOSED) || is_number(part);
        (is_sign && is_part).then_some(sign - 1)
    }

    // "J a n" before "e", "j." before "Doe".
    fn letter_before(&self, at: usize) -> Option<usize> {
        let last = at
            .checked_sub(1)
            .filter(|last| *last >= self.reader.floor)?;
        let is_own = |letter: usize| self.is_own_letter(letter, false, self.reader.floor);
        if self.reader.is_letter(at) && is_own(last) && !self.reader.touches_next(last) {
            return Some(last);
        }
        let letter = last
            .checked_sub(1)
            .filter(|letter| *letter >= self.reader.floor)?;
        let is_capital = |at: usize| {
            let token = self.reader.token(at);
            token.is_some_and(|token| token.is_capital(self.reader.text))
        };
        let is_initial = self.reader.is_mark(last, b'.')
            && self.reader.touches_next(letter)
            && !self.reader.touches_next(last)
            && (is_capital(at) || !is_capital(letter));
        (is_initial && is_own(letter)).then_some(letter)
    }

    // A full stop that ends a sentence is no sign.
    fn is_sentence_end(&self, at: usize) -> bool {
        self.reader.is_mark(at, b'.')
            && self.reader.token(at + 1).is_some()
            && !self.reader.touches_next(at)
            && self.reader.touches_next(at - 1)
    }

    // A word that may be a name: none of the closed class.
    fn is_plain_word(&self, token: &Token) -> bool {
        token.is_word()
            && !token.has(Class::CLOSED | Class::COPULA)
            && (!token.has(Class::LEAD) || is_number(token))
    }

    // A number, a letter that is no word, or what a sign joins to the left: "plus work at".
    fn is_told(&self, at: usize, lowest: usize) -> bool {
        let token = &self.reader.tokens[at];
        let before = (at > lowest).then(|| &self.reader.tokens[at - 1]);
        let is_joined = before.is_some_and(|sign| {
            sign.has(Class::SIGN) || (is_written_sign(sign) && sign.end == token.start)
        });
        (token.is_word() && is_joined) || is_number(token) || self.is_own_letter(at, false, lowest)
    }

    // "A" and "i" are words, unless they are spelled.
    fn is_own_letter(&self, at: usize, joined: bool, lowest: usize) -> bool {
        self.reader.is_letter(at)
            && (joined
                || !matches!(self.reader.word(at), "a" | "A" | "i" | "I")
                || self.is_spelled(at, lowest))
    }

    // "J as in john": the letter's token.
    fn alphabet_word(&self, at: usize, lowest: usize) -> Option<usize> {
        if at >= lowest + 2
            && (self.reader.says(at - 1, "for") || self.reader.says(at - 1, "like"))
            && self.reader.tokens[at - 2].is_letter()
            && self.spells(at - 2, at)
        {
            return Some(at - 2);
        }
        let start = at.checked_sub(3)?;
        let as_in = self.reader.says(at - 1, "in") && self.reader.says(at - 2, "as");
        (start >= lowest
            && as_in
            && self.reader.tokens[start].is_letter()
            && self.reader.tokens[at].is_word())
        .then_some(start)
    }

    // Whether a word begins with a letter: "s for sugar".
    fn spells(&self, letter: usize, word: usize) -> bool {
        let (letter, word) = (
            self.reader.tokens[letter].of(self.reader.text),
            self.reader.tokens[word].of(self.reader.text),
        );
        word.len() > 1
            && word
                .get(..letter.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(letter))
    }

    // A letter beside another, also with a comma between: "K, a, r, …".
    fn is_spelled(&self, at: usize, lowest: usize) -> bool {
        let comma = |at: usize| usize::from(self.reader.is_mark(at, b','));
        let before = at
            .checked_sub(1)
            .map(|before| before.checked_sub(comma(before)));
        let before = before.flatten().filter(|before| *before >= lowest);
        before.is_some_and(|before| self.reader.is_letter(before))
            || self.reader.is_letter(at + 1 + comma(at + 1))
    }

    // The mailbox as it is written.
    fn spelled(&self, first: usize, end: usize) -> String {
        let mut spelled = String::new();
        let mut at = first;
        while at < end {
            let token = self.reader.tokens[at];
            if let Some(behind) = self
                .reader
                .spelling_hint(at)
                .filter(|behind| *behind <= end)
            {
                at = behind;
                continue;
            }
            if let Some(next) = self.reader.number(at, &mut spelled) {
                at = next;
                continue;
            }
            if token.is_letter() && self.reader.says(at + 1, "as") && self.reader.says(at + 2, "in")
            {
                // "J as in john" repeats a letter of the name before it, or spells one.
                let before = at
                    .checked_sub(1)
                    .and_then(|before| self.reader.tokens.get(before));
                let told = spelled.is_empty() || before.is_none_or(|word| word.len() <= 1);
                if told {
                    spelled.push_str(&token.of(self.reader.text).to_lowercase());
                }
                at += 4;
                continue;
            }
            let for_word = self.reader.says(at + 1, "for") || self.reader.says(at + 1, "like");
            if token.is_letter() && for_word && at + 2 < end && self.spells(at, at + 2) {
                spelled.push_str(&token.of(self.reader.text).to_lowercase());
                at += 3;
                continue;
            }
            let word = token.of(self.reader.text).to_lowercase();
            match word.as_str() {
                _ if token.has(Class::FILLER) => {}
                "dot" | "period" | "point" => spelled.push('.'),
                "underscore" | "underline" | "score" => spelled.push('_'),
                "under" if self.reader.says(at + 1, "score") => {}
                "dash" | "hyphen" | "minus" => spelled.push('-'),
                "plus" => spelled.push('+'),
                "," => {}
                _ if token.has(Class::ALPHABET) && self.is_spelled(at, first) => {
                    spelled.extend(word.chars().next())
                }
                _ => spelled.push_str(&word),
            }
            at += 1;
        }
        spelled
    }
}

fn is_written_sign(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Mark(b'.' | b'-' | b'_' | b'+'))
}

// A number, but no day and no month.
fn is_number(token: &Token) -> bool {
    let is_date = matches!(
        token.entry.number,
        NumberWord::Month(_) | NumberWord::Ordinal(_)
    );
    token.says_number() && !is_date
}

#[cfg(test)]
mod tests;
