//! E-mail addresses as they are said: "john dot smith at g mail dot com", letter by letter, with
//! numbers, fillers and "j as in john".
//!
//! An address is read from its "at": the domain forwards, the mailbox backwards to the first
//! word that no mailbox has.

use std::ops::Range;

use super::atom;
use super::govern::Passage;
use super::lexicon::Lexicon;
use super::tokens::{Kind, Token};
use super::topics;
use super::words::{
    ALPHABET, CLOSED, COPULA, DOT, FILLER, Gap, LEAD, Number, SEPARATOR, SIGN, TOP_DOMAIN,
};

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

/// The address whose "at" is this token, and the one form of its spellings.
pub(super) fn around(
    text: &str,
    passage: &Passage,
    at: usize,
    floor: usize,
) -> Option<(Range<usize>, String)> {
    let reader = Reader {
        text,
        tokens: passage.tokens.get(..passage.end)?,
        floor,
    };
    let (before, after) = reader.sign(at)?;
    let (end, domain) = reader.domain(after)?;
    let first = reader.mailbox(before)?;
    let value = format!("{}@{domain}", reader.spelled(first, before));
    Some((reader.corrected(first)..end, value))
}

/// The domain behind the "at" that is this token, without a mailbox, and the address's rest.
pub(super) fn domain_behind(text: &str, passage: &Passage, at: usize) -> Option<(usize, String)> {
    let reader = Reader {
        text,
        tokens: passage.tokens.get(..passage.end)?,
        floor: passage.first,
    };
    let (_, after) = reader.sign(at)?;
    let (end, domain) = reader.domain(after)?;
    Some((end, format!("@{domain}")))
}

/// Some tokens as the mailbox that they spell.
pub(super) fn spelled(text: &str, tokens: &[Token], range: Range<usize>) -> String {
    let reader = Reader {
        text,
        tokens,
        floor: range.start,
    };
    reader.spelled(range.start, range.end)
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    floor: usize,
}

impl Reader<'_> {
    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    fn says(&self, at: usize, word: &str) -> bool {
        self.token(at)
            .is_some_and(|token| token.is_word() && token.of(self.text).eq_ignore_ascii_case(word))
    }

    // The tokens before and behind "at", "@", "[at]", "at sign".
    fn sign(&self, at: usize) -> Option<(usize, usize)> {
        let token = self.token(at)?;
        let written = token.is_mark(b'@');
        if !written && !self.says(at, "at") {
            return None;
        }
        if at > self.floor && is_bracket(self.token(at - 1)) && is_bracket(self.token(at + 1)) {
            return Some((at - 1, at + 2));
        }
        if written {
            return Some((at, at + 1));
        }
        // As one says it in India: "at the rate".
        if self.says(at + 1, "the") && self.says(at + 2, "rate") {
            return Some((at, at + 3 + usize::from(self.says(at + 3, "of"))));
        }
        let sign = self.says(at + 1, "sign") || self.says(at + 1, "symbol");
        let before = if at > self.floor && self.says(at - 1, "the") && sign {
            at - 1
        } else {
            at
        };
        Some((before, at + 1 + usize::from(sign)))
    }

    // A dot: the word, the mark, either in brackets. The token behind it.
    fn dot(&self, at: usize) -> Option<usize> {
        let token = self.token(at)?;
        if token.has(DOT) || token.is_mark(b'.') {
            return Some(at + 1);
        }
        let inner = self
            .token(at + 1)
            .is_some_and(|inner| inner.has(DOT) || inner.is_mark(b'.'));
        (is_bracket(Some(token)) && inner && is_bracket(self.token(at + 2))).then_some(at + 3)
    }

    fn domain(&self, from: usize) -> Option<(usize, String)> {
        const WORDS: usize = 8;
        let mut domain = String::new();
        let (mut accepted, mut provider) = (None, None);
        let mut at = from;
        loop {
            let label = at;
            let before = domain.len();
            while at < label + WORDS {
                let Some(token) = self.token(at) else { break };
                if self.dot(at).is_some() {
                    break;
                }
                if let Some(end) = atom::read(self.text, self.tokens, at, &mut domain) {
                    at = end;
                    continue;
                }
                let hyphen = token.has(SEPARATOR) || token.is_mark(b'-');
                let in_brand = label == from && self.is_in_domain(at);
                let is_top = label != from && at == label;
                match token.kind {
                    _ if token.has(FILLER) && at > label => {}
                    _ if token.has(FILLER) && label == from => {}
                    _ if hyphen && at > label => domain.push('-'),
                    Kind::Word if token.is_letter() || in_brand || is_top => {
                        domain.push_str(&token.of(self.text).to_lowercase());
                    }
                    _ => break,
                }
                at += 1;
                if is_top && token.has(TOP_DOMAIN) && token.len() > 1 {
                    break;
                }
                if label != from
                    && domain
                        .get(before..)
                        .is_some_and(|top| matches!(top, "com" | "org" | "net" | "edu"))
                {
                    break;
                }
            }
            if domain.len() == before {
                break;
            }
            let top = domain.get(before..).unwrap_or("");
            if label != from && Lexicon::get().entry(top).flags & TOP_DOMAIN != 0 {
                accepted = Some((at, domain.clone()));
            }
            // "Dana at gmail": everybody knows the rest.
            if label == from && PROVIDERS.contains(&domain.as_str()) {
                provider = Some((at, format!("{domain}.com")));
            }
            let Some(next) = self.dot(at) else { break };
            // "… dot com. Thanks": a full stop before a blank ends the sentence.
            let gap = self
                .token(next)
                .zip(self.token(at - 1))
                .is_some_and(|(next, last)| next.start > last.end + 1);
            if accepted.is_some() && self.token(at).is_some_and(|dot| dot.is_mark(b'.')) && gap {
                break;
            }
            domain.push('.');
            at = next;
        }
        accepted.or(provider)
    }

    fn is_in_domain(&self, at: usize) -> bool {
        // "My company dot com" is a domain, "the office" is none.
        const WORDS: [&str; 9] = [
            "my", "mail", "live", "work", "best", "buy", "info", "online", "message",
        ];
        let named = WORDS.iter().any(|word| self.says(at, word))
            || (self.says(at, "me") && self.dot(at + 1).is_some());
        self.token(at)
            .is_some_and(|token| !token.has(CLOSED) || named)
    }

    // The first token of the mailbox that ends before a token.
    fn mailbox(&self, before: usize) -> Option<usize> {
        const TOKENS: usize = 64;
        const BARE_WORDS: usize = 3;
        let lowest = self.floor.max(before.saturating_sub(TOKENS));
        let (mut at, mut first) = (before, None);
        let (mut joined, mut bare) = (false, 0);
        while at > lowest {
            let back = at - 1;
            let token = self.tokens[back];
            if token.has(FILLER) || (token.is_mark(b',') && first.is_some()) {
                at = back;
                continue;
            }
            if let Some(start) = self.alphabet_word(back, lowest) {
                (at, first, joined) = (start, Some(start), false);
                continue;
            }
            let sign = (token.has(SIGN) && !self.says(back, "score"))
                || matches!(token.kind, Kind::Mark(b'.' | b'-' | b'_' | b'+'));
            if (sign || self.says(back, "score"))
                && (first.is_some() || before > back + 1)
                && back > lowest
            {
                // "Under score" is one sign of two words; a full stop that ends a sentence is none.
                let sentence = token.is_mark(b'.')
                    && self
                        .tokens
                        .get(at)
                        .is_some_and(|next| next.start > token.end)
                    && self.tokens[back - 1].end == token.start;
                if sentence {
                    break;
                }
                let two = self.says(back, "score") && self.says(back - 1, "under");
                (at, joined) = (if two { back - 1 } else { back }, true);
                continue;
            }
            let number = token.kind == Kind::Digits
                || !matches!(
                    token.entry.number,
                    Number::None | Number::Doubtful(_) | Number::Month(_) | Number::Ordinal(_)
                );
            let letter = token.is_letter()
                && (joined
                    || !matches!(token.of(self.text), "a" | "A" | "i" | "I")
                    || self.is_spelled(back, lowest));
            let word =
                token.is_word() && !token.has(CLOSED | COPULA) && (!token.has(LEAD) || number);
            // "Plus work at": what a sign joins to the left is part of it.
            let sign_before = |sign: &Token| {
                sign.has(SIGN)
                    || (matches!(sign.kind, Kind::Mark(b'.' | b'-' | b'_' | b'+'))
                        && sign.end == token.start)
            };
            let tail = back > lowest && token.is_word() && sign_before(&self.tokens[back - 1]);
            // Mailboxes of an office: "info at …".
            let office = at == before
                && [
                    "info", "hello", "help", "order", "orders", "account", "accounts", "invoice",
                    "message",
                ]
                .iter()
                .any(|name| self.says(back, name));
            let accepted =
                joined || tail || office || number || letter || (word && bare < BARE_WORDS);
            if !token.is_word() && token.kind != Kind::Digits || !accepted {
                break;
            }
            if word && !number && !letter && !joined {
                bare += 1;
            }
            (at, first, joined) = (back, Some(back), false);
        }
        first
    }

    // "M c n, no sorry, m c a n at …": what was taken back is no less an address.
    fn corrected(&self, first: usize) -> usize {
        const WORDS: usize = 4;
        let gaps = &Lexicon::get().gaps;
        let phrase = (first.saturating_sub(WORDS).max(self.floor)..first).find(|start| {
            let found = gaps.longest(topics::words(self.tokens, *start));
            found.is_some_and(|(last, gap)| last + 1 == first && gap >= Gap::Correction)
        });
        let before = phrase.and_then(|phrase| self.mailbox(phrase));
        let begins_alike = |start: &usize| {
            let letter = |at: usize| self.tokens[at].of(self.text).chars().next();
            letter(*start) == letter(first)
        };
        before.filter(begins_alike).unwrap_or(first)
    }

    // "J as in john": the letter's token.
    fn alphabet_word(&self, at: usize, lowest: usize) -> Option<usize> {
        if at >= lowest + 2
            && (self.says(at - 1, "for") || self.says(at - 1, "like"))
            && self.tokens[at - 2].is_letter()
            && self.spells(at - 2, at)
        {
            return Some(at - 2);
        }
        let start = at.checked_sub(3)?;
        let as_in = self.says(at - 1, "in") && self.says(at - 2, "as");
        (start >= lowest && as_in && self.tokens[start].is_letter() && self.tokens[at].is_word())
            .then_some(start)
    }

    // Whether a word begins with a letter: "s for sugar".
    fn spells(&self, letter: usize, word: usize) -> bool {
        let (letter, word) = (
            self.tokens[letter].of(self.text),
            self.tokens[word].of(self.text),
        );
        word.len() > 1
            && word
                .get(..letter.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(letter))
    }

    fn is_spelled(&self, at: usize, lowest: usize) -> bool {
        let letter = |at: usize| self.token(at).is_some_and(Token::is_letter);
        (at > lowest && letter(at - 1)) || letter(at + 1)
    }

    // The mailbox as it is written.
    fn spelled(&self, first: usize, end: usize) -> String {
        let mut spelled = String::new();
        let mut at = first;
        while at < end {
            let token = self.tokens[at];
            if let Some(next) = atom::read(self.text, self.tokens, at, &mut spelled) {
                at = next;
                continue;
            }
            if token.is_letter() && self.says(at + 1, "as") && self.says(at + 2, "in") {
                // "J as in john" repeats a letter of the name before it, or spells one.
                let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
                let told = spelled.is_empty() || before.is_none_or(|word| word.len() <= 1);
                if told {
                    spelled.push_str(&token.of(self.text).to_lowercase());
                }
                at += 4;
                continue;
            }
            let for_word = self.says(at + 1, "for") || self.says(at + 1, "like");
            if token.is_letter() && for_word && at + 2 < end && self.spells(at, at + 2) {
                spelled.push_str(&token.of(self.text).to_lowercase());
                at += 3;
                continue;
            }
            let word = token.of(self.text).to_lowercase();
            match word.as_str() {
                _ if token.has(FILLER) => {}
                "dot" | "period" | "point" => spelled.push('.'),
                "underscore" | "underline" | "score" => spelled.push('_'),
                "under" if self.says(at + 1, "score") => {}
                "dash" | "hyphen" | "minus" => spelled.push('-'),
                "plus" => spelled.push('+'),
                "," => {}
                _ if token.has(ALPHABET) && self.is_spelled(at, first) => {
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
            Kind::Mark(b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'<' | b'>' | b'_')
        )
    })
}

#[cfg(test)]
mod tests;
