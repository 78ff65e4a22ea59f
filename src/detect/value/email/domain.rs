//! The "at" of an e-mail address and the domain behind it, as they are said: "at g mail dot com",
//! "at the rate of proton dot me".
//!
//! What stands before the "at" is read in `mailbox.rs`.

use crate::detect::english::{Class, Gap};
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

// Small words within a name, here and in languages that have such names.
const JOINTS: [&str; 16] = [
    "and", "the", "of", "for", "do", "da", "de", "du", "di", "la", "le", "el", "del", "van", "von",
    "den",
];

// Words that say little, with which names of firms begin: "old mill dot com".
const OPENINGS: [&str; 13] = [
    "old", "new", "big", "best", "first", "one", "all", "good", "great", "next", "last", "just",
    "only",
];

// Ends of domains that more sentences begin with.
const WORDS: [&str; 9] = ["be", "me", "it", "us", "in", "is", "no", "so", "am"];

/// The domain behind the "at" that is this token, without a mailbox, and the address's rest.
pub(super) fn domain_behind(reader: TokenReader, at: usize) -> Option<(usize, String)> {
    let domain = DomainReader { reader };
    let (_, after) = domain.sign(at)?;
    let found = domain.domain(after)?;
    Some((found.end, format!("@{}", found.name)))
}

/// The domain with a known end that is said at a token: the token behind it, and its spelling.
pub(super) fn known_domain(reader: TokenReader, at: usize) -> Option<(usize, String)> {
    let found = DomainReader { reader }.domain(at)?;
    found.is_known.then_some((found.end, found.name))
}

/// The end of a domain behind the dot that is this token: "dot co dot uk".
pub(super) fn top_behind(reader: TokenReader, dot: usize) -> Option<(usize, String)> {
    DomainReader { reader }.top(dot + 1)
}

/// A domain that was said.
pub(super) struct SaidDomain {
    /// The token behind it.
    pub(super) end: usize,
    /// As it is written.
    pub(super) name: String,
    /// Whether everybody knows that domains end so.
    pub(super) is_known: bool,
}

impl SaidDomain {
    /// Whether its end is one of a site.
    pub(super) fn ends_in_site(&self) -> bool {
        let top = self.name.rsplit('.').next().unwrap_or("");
        Lexicon::get().entry(top).classes.contains(Class::TOP_SITE)
    }
}

/// Reads domains.
pub(super) struct DomainReader<'a> {
    /// Where they stand.
    pub(super) reader: TokenReader<'a>,
}

impl DomainReader<'_> {
    /// The tokens before and behind "at", "@", "[at]", "at sign".
    pub(super) fn sign(&self, at: usize) -> Option<(usize, usize)> {
        let token = self.reader.token(at)?;
        let written = token.is_mark(b'@');
        // "901820at five" is no address.
        let is_digits = |at: usize| {
            let token = self.reader.token(at);
            token.is_some_and(|token| token.kind == TokenKind::Digits)
        };
        let is_glued = at > 0 && self.reader.touches_next(at - 1) && is_digits(at - 1)
            || self.reader.touches_next(at) && is_digits(at + 1);
        if !written && (is_glued || !self.reader.says(at, "at")) {
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
        let sign = self.reader.says_any(at + 1, &["sign", "symbol"]);
        let before = if at > self.reader.floor && self.reader.says(at - 1, "the") && sign {
            at - 1
        } else {
            at
        };
        let behind = at + 1 + usize::from(sign);
        // "F t o p, at, gmail dot com".
        let pauses = at > self.reader.floor
            && self.reader.is_mark(at - 1, b',')
            && self.reader.is_mark(behind, b',');
        Some((before, behind + usize::from(pauses)))
    }

    // A dot: the word, the mark, either in brackets. The token behind it.
    fn dot(&self, at: usize) -> Option<usize> {
        let token = self.reader.token(at)?;
        // A pattern of cloth.
        if at > 0 && self.reader.says(at - 1, "polka") {
            return None;
        }
        if token.has(Class::DOT) || token.is_mark(b'.') && !self.begins_sentence(at + 1) {
            return Some(at + 1);
        }
        let inner = self
            .reader
            .token(at + 1)
            .is_some_and(|inner| inner.has(Class::DOT) || inner.is_mark(b'.'));
        (is_bracket(Some(token)) && inner && is_bracket(self.reader.token(at + 2)))
            .then_some(at + 3)
    }

    // "We met at the bank. Me too": a word that is said without any domain, with a capital and apart.
    fn begins_sentence(&self, at: usize) -> bool {
        let is_said = |token: &Token| {
            token.is_capital(self.reader.text)
                && (token.has(Class::CLOSED | Class::FILLER) || self.reader.says_any(at, &WORDS))
        };
        !self.reader.touches_next(at - 1) && self.reader.token(at).is_some_and(is_said)
    }

    /// The domain that begins at a token: names with dots between them, the last a known one, or
    /// a word behind a dot that is said.
    pub(super) fn domain(&self, from: usize) -> Option<SaidDomain> {
        let mut domain = String::new();
        let (mut accepted, mut provider, mut unknown) = (None, None, None);
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
            if !is_first && self.may_be_top(label) {
                unknown = Some((at, domain.clone()));
            }
            // "Dana at gmail": everybody knows the rest.
            if is_first && PROVIDERS.contains(&domain.as_str()) {
                provider = Some((at, format!("{domain}.com")));
            }
            if is_first && accepted.is_none() && self.is_bare_end(at, provider.is_some()) {
                domain.push('.');
                domain.push_str(&self.reader.word(at).to_lowercase());
                accepted = Some((at + 1, domain.clone()));
                break;
            }
            let Some(next) = self.dot(at) else { break };
            if accepted.is_some() && self.is_full_stop(at, next) {
                break;
            }
            domain.push('.');
            at = next;
        }
        let is_known = accepted.is_some() || provider.is_some();
        let (end, name) = accepted.or(provider).or(unknown)?;
        Some(SaidDomain {
            end,
            name,
            is_known,
        })
    }

    /// Behind a domain what is said instead of it, or of its end: "no sorry, hotmail dot co dot uk",
    /// "sorry, dot org".
    pub(super) fn corrected(&self, said: &SaidDomain) -> Option<SaidDomain> {
        const MARKS: usize = 2;
        let is_silent = |at: &usize| {
            let token = self.reader.token(*at);
            token.is_some_and(|token| token.has(Class::FILLER) || token.is_mark(b','))
        };
        let skip = |at: usize| at + (at..at + MARKS).take_while(is_silent).count();
        let from = skip(said.end);
        let from = from + usize::from(self.reader.says(from, "oh"));
        let (last, _) = (self.reader.gap(from)).filter(|(_, gap)| *gap >= Gap::Correction)?;
        let mut at = skip(last + 1);
        while self
            .reader
            .says_any(at, &["it's", "that's", "it", "is", "at"])
        {
            at += 1;
        }
        if let Some(next) = self.dot(at).filter(|_| self.reader.says(at, "dot")) {
            let (end, top) = self.top(next)?;
            let head = said.name.split('.').next().unwrap_or("");
            let name = format!("{head}.{top}");
            return Some(SaidDomain {
                end,
                name,
                is_known: true,
            });
        }
        let anew = self.domain(at)?;
        let is_said = (at..anew.end).any(|at| self.dot(at).is_some());
        (anew.is_known && is_said).then_some(anew)
    }

    // The ends of a domain from a token on: "co dot uk".
    fn top(&self, from: usize) -> Option<(usize, String)> {
        let mut top = String::new();
        let mut accepted = None;
        let mut at = from;
        loop {
            let before = top.len();
            at = self.label(at, false, &mut top);
            let own = top.get(before..).filter(|own| !own.is_empty())?;
            if !Lexicon::get()
                .entry(own)
                .classes
                .contains(Class::TOP_DOMAIN)
            {
                return accepted;
            }
            accepted = Some((at, top.clone()));
            let Some(next) = self.dot(at).filter(|_| self.reader.says(at, "dot")) else {
                return accepted;
            };
            top.push('.');
            at = next;
        }
    }

    // "Dot" and a word: there are more ends of domains than anybody knows.
    fn may_be_top(&self, at: usize) -> bool {
        const SHORTEST: usize = 3;
        let is_word = |token: &Token| {
            token.is_word() && token.len() >= SHORTEST && !token.has(Class::CLOSED | Class::FILLER)
        };
        self.reader.token(at).is_some_and(is_word)
            && at > 0
            && self.reader.says(at - 1, "dot")
            && self.dot(at + 1).is_none()
    }

    // "Jane at hotmail com": the dot was not heard.
    fn is_bare_end(&self, at: usize, is_provider: bool) -> bool {
        let is_end = ENDS.iter().any(|end| self.reader.says(at, end));
        let ends = |at: usize| self.reader.token(at).is_none_or(|next| !next.is_word());
        is_end && self.dot(at + 1).is_none() && (is_provider || ends(at + 1))
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
            let is_provider = domain
                .get(before..)
                .is_some_and(|name| PROVIDERS.contains(&name));
            if is_first && at > from && self.is_bare_end(at, is_provider) {
                break;
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
        let is_plain = |at: usize| {
            let token = self.reader.token(at);
            token.is_some_and(|token| token.is_word() && !token.has(Class::CLOSED))
        };
        let has_dot = (at + 2..at + 4).any(|dot| self.dot(dot).is_some());
        // "Bell and daughters", "quinta do vale".
        let is_joint = self.reader.says_any(at, &JOINTS)
            && (at.checked_sub(1).is_some_and(is_plain) || self.reader.says(at, "the"))
            && is_plain(at + 1)
            && has_dot;
        self.reader
            .token(at)
            .is_some_and(|token| !token.has(Class::CLOSED) || token.has(Class::IN_BRAND))
            || is_me
            || is_joint
            || self.reader.says_any(at, &OPENINGS) && is_plain(at + 1) && has_dot
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
