//! E-mail addresses as they are said: "john dot smith at g mail dot com", letter by letter, with
//! numbers, fillers and "j as in john".
//!
//! An address is read from its "at": the domain forwards, the mailbox backwards to the first
//! word that no mailbox has.

use std::ops::Range;

use crate::detect::english::{Class, Gap, NumberWord};
use crate::detect::read::{Lexicon, Token, TokenKind, TokenReader};

// Whose names alone are domains.
const PROVIDERS: [&str; 7] = [
    "gmail",
    "yahoo",
    "outlook",
    "hotmail",
    "icloud",
    "aol",
    "protonmail",
];

// Behind these a domain ends, even where they are spelled.
const ENDS: [&str; 4] = ["com", "org", "net", "edu"];

/// The address whose "at" is this token, and the one form of its spellings.
pub(super) fn around(reader: TokenReader, at: usize) -> Option<(Range<usize>, String)> {
    let mailbox = MailboxReader { reader };
    let (before, after) = mailbox.sign(at)?;
    let (end, domain) = mailbox.domain(after)?;
    let first = mailbox.mailbox(before)?;
    let value = format!("{}@{domain}", mailbox.spelled(first, before));
    Some((mailbox.corrected(first)..end, value))
}

/// The domain behind the "at" that is this token, without a mailbox, and the address's rest.
pub(super) fn domain_behind(reader: TokenReader, at: usize) -> Option<(usize, String)> {
    let mailbox = MailboxReader { reader };
    let (_, after) = mailbox.sign(at)?;
    let (end, domain) = mailbox.domain(after)?;
    Some((end, format!("@{domain}")))
}

/// Some tokens as the mailbox that they spell.
pub(super) fn spelled(reader: TokenReader, range: Range<usize>) -> String {
    let floor = range.start;
    let mailbox = MailboxReader {
        reader: TokenReader { floor, ..reader },
    };
    mailbox.spelled(range.start, range.end)
}

struct MailboxReader<'a> {
    reader: TokenReader<'a>,
}

impl MailboxReader<'_> {
    // The tokens before and behind "at", "@", "[at]", "at sign".
    fn sign(&self, at: usize) -> Option<(usize, usize)> {
        let token = self.reader.token(at)?;
        let written = token.is_mark(b'@');
        if !written && !self.reader.says(at, "at") {
            return None;
        }
        if at > self.reader.floor
            && is_bracket(self.reader.token(at - 1))
            && is_bracket(self.reader.token(at + 1))
        {
            return Some((at - 1, at + 2));
        }
        if written {
            return Some((at, at + 1));
        }
        // As one says it in India: "at the rate".
        if self.reader.says(at + 1, "the") && self.reader.says(at + 2, "rate") {
            return Some((at, at + 3 + usize::from(self.reader.says(at + 3, "of"))));
        }
        let sign = self.reader.says(at + 1, "sign") || self.reader.says(at + 1, "symbol");
        let before = if at > self.reader.floor && self.reader.says(at - 1, "the") && sign {
            at - 1
        } else {
            at
        };
        Some((before, at + 1 + usize::from(sign)))
    }

    // A dot: the word, the mark, either in brackets. The token behind it.
    fn dot(&self, at: usize) -> Option<usize> {
        let token = self.reader.token(at)?;
        if token.has(Class::DOT) || token.is_mark(b'.') {
            return Some(at + 1);
        }
        let inner = self
            .reader
            .token(at + 1)
            .is_some_and(|inner| inner.has(Class::DOT) || inner.is_mark(b'.'));
        (is_bracket(Some(token)) && inner && is_bracket(self.reader.token(at + 2)))
            .then_some(at + 3)
    }

    // The domain that begins at a token: names with dots between them, the last a known one.
    fn domain(&self, from: usize) -> Option<(usize, String)> {
        let mut domain = String::new();
        let (mut accepted, mut provider) = (None, None);
        let mut at = from;
        loop {
            let (label, before) = (at, domain.len());
            let is_first = label == from;
            at = self.label(label, is_first, &mut domain);
            let Some(top) = domain.get(before..).filter(|top| !top.is_empty()) else {
                break;
            };
            if !is_first
                && Lexicon::get()
                    .entry(top)
                    .classes
                    .contains(Class::TOP_DOMAIN)
            {
                accepted = Some((at, domain.clone()));
            }
            // "Dana at gmail": everybody knows the rest.
            if is_first && PROVIDERS.contains(&domain.as_str()) {
                provider = Some((at, format!("{domain}.com")));
            }
            let Some(next) = self.dot(at) else { break };
            if accepted.is_some() && self.is_full_stop(at, next) {
                break;
            }
            domain.push('.');
            at = next;
        }
        accepted.or(provider)
    }

    // One name of a domain, put behind it: words, letters and digits up to the next dot. The
    // token behind.
    fn label(&self, from: usize, is_first: bool, domain: &mut String) -> usize {
        const WORDS: usize = 8;
        let before = domain.len();
        let mut at = from;
        while at < from + WORDS {
            let Some(token) = self.reader.token(at).filter(|_| self.dot(at).is_none()) else {
                break;
            };
            if let Some(end) = self.reader.number(at, domain) {
                at = end;
                continue;
            }
            let hyphen = token.has(Class::SEPARATOR) || token.is_mark(b'-');
            let is_top = !is_first && at == from;
            let belongs = token.is_letter() || is_top || (is_first && self.is_in_domain(at));
            match token.kind {
                _ if token.has(Class::FILLER) && (at > from || is_first) => {}
                _ if hyphen && at > from => domain.push('-'),
                TokenKind::Word if belongs => {
                    domain.push_str(&token.of(self.reader.text).to_lowercase());
                }
                _ => break,
            }
            at += 1;
            let is_known_top = is_top && token.has(Class::TOP_DOMAIN) && token.len() > 1;
            let name = domain.get(before..).unwrap_or("");
            if is_known_top || (!is_first && ENDS.contains(&name)) {
                break;
            }
        }
        at
    }

    // "… dot com. Thanks": a full stop before a blank ends the sentence.
    fn is_full_stop(&self, at: usize, next: usize) -> bool {
        let gap = self
            .reader
            .token(next)
            .zip(self.reader.token(at - 1))
            .is_some_and(|(next, last)| next.start > last.end + 1);
        gap && self.reader.is_mark(at, b'.')
    }

    // "My company dot com" is a domain, "the office" is none.
    fn is_in_domain(&self, at: usize) -> bool {
        let is_me = self.reader.says(at, "me") && self.dot(at + 1).is_some();
        self.reader
            .token(at)
            .is_some_and(|token| !token.has(Class::CLOSED) || token.has(Class::IN_BRAND) || is_me)
    }

    // The first token of the mailbox that ends before a token.
    fn mailbox(&self, before: usize) -> Option<usize> {
        const TOKENS: usize = 64;
        const BARE_WORDS: usize = 3;
        let lowest = self.reader.floor.max(before.saturating_sub(TOKENS));
        let (mut at, mut first) = (before, None);
        let (mut joined, mut bare) = (false, 0);
        while at > lowest {
            let back = at - 1;
            let token = &self.reader.tokens[back];
            if token.has(Class::FILLER) || (token.is_mark(b',') && first.is_some()) {
                at = back;
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
        first
    }

    // A dot, a dash and the like, said or written.
    fn is_sign(&self, at: usize) -> bool {
        let token = &self.reader.tokens[at];
        token.has(Class::SIGN) || is_written_sign(token)
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

    // "M c n, no sorry, m c a n at …": what was taken back is no less an address.
    fn corrected(&self, first: usize) -> usize {
        const WORDS: usize = 4;
        let phrase = (first.saturating_sub(WORDS).max(self.reader.floor)..first).find(|start| {
            let found = self.reader.gap(*start);
            found.is_some_and(|(last, gap)| last + 1 == first && gap >= Gap::Correction)
        });
        let before = phrase.and_then(|phrase| self.mailbox(phrase));
        let begins_alike = |start: &usize| {
            let letter = |at: usize| self.reader.tokens[at].of(self.reader.text).chars().next();
            letter(*start) == letter(first)
        };
        before.filter(begins_alike).unwrap_or(first)
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

    fn is_spelled(&self, at: usize, lowest: usize) -> bool {
        (at > lowest && self.reader.is_letter(at - 1)) || self.reader.is_letter(at + 1)
    }

    // The mailbox as it is written.
    fn spelled(&self, first: usize, end: usize) -> String {
        let mut spelled = String::new();
        let mut at = first;
        while at < end {
            let token = self.reader.tokens[at];
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

// What cautious people put round "at" and "dot".
fn is_bracket(token: Option<&Token>) -> bool {
    token.is_some_and(|token| {
        matches!(
            token.kind,
            TokenKind::Mark(b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'<' | b'>' | b'_')
        )
    })
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
