//! A dictated e-mail address in pieces: "it's john dot smith", and in the next message
//! "at gmail dot com". Only where an address was asked for.

use std::ops::Range;

use super::domain::{domain_behind, known_domain, top_behind};
use super::mailbox;
use crate::detect::claims::Claims;
use crate::detect::english::{Class, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::read::{SpokenPassage, Token, TokenKind, TokenReader};
use crate::detect::{Detector, Speaker};

/// Claims the piece that a caller gave, and the letters of one that the model says again.
pub(crate) fn claim(hearing: &mut Hearing) {
    let passage = &hearing.passage;
    let claims = &mut *hearing.claims;
    let is_asked = passage.asks(Topic::Email) && hearing.speaker != Speaker::Other;
    if hearing.speaker == Speaker::Assistant && is_written_in(passage, claims) {
        hearing.given.push((Topic::Email, 1));
    }
    if !is_asked || claims.is_any_taken(passage.first..passage.end) {
        return;
    }
    let reader = passage.reader();
    let said = (passage.first..passage.end).find_map(|at| mailbox::around(reader, at, true));
    if let Some((range, value)) = said {
        claims.claim(range, Detector::Email, value);
        return;
    }
    let first = behind_leads(reader, passage.first);
    if let Some((end, value)) = domain_behind(reader, first) {
        claims.claim(first..end, Detector::Email, value);
        return;
    }
    if let Some(end) = reader
        .written_host(first)
        .filter(|_| hearing.speaker == Speaker::Caller)
    {
        let value = reader.joined(first..end, |_| true).replace(' ', "");
        claims.claim(first..end, Detector::Email, value);
        return;
    }
    let host = (hearing.speaker == Speaker::Caller)
        .then(|| said_host(reader, passage.first))
        .flatten();
    if let Some((range, value)) = &host {
        claims.claim(range.clone(), Detector::Email, value.clone());
    }
    let Some(mut piece) = MailboxPiece::at(reader, first) else {
        return;
    };
    if let Some((range, _)) = host {
        if piece.end > range.start || piece.letters == 0 && !piece.is_joined {
            return;
        }
        piece.is_whole = true;
    }
    // "Jo at fern dot org is what I have. — Smashing."
    let is_told = passage.puts_right && piece.letters < 2 && !piece.is_joined;
    let is_mailbox = match hearing.speaker {
        Speaker::Caller if is_told => false,
        Speaker::Caller => piece.is_mailbox(reader),
        // "M b e k i?"
        _ => piece.is_whole && piece.letters >= 2,
    };
    if is_mailbox {
        let value = mailbox::spelled(reader, first..piece.end);
        claims.claim(first..piece.end, Detector::Email, value);
        hearing.given.push((Topic::Email, 1));
    }
}

// "I have jo@fern.org", which may be put right.
fn is_written_in(passage: &SpokenPassage, claims: &Claims) -> bool {
    let own = passage.tokens.get(passage.first..passage.end);
    let mut tokens = (passage.first..).zip(own.unwrap_or(&[]));
    tokens.any(|(at, token)| token.is_mark(b'@') && claims.is_taken(at))
}

// "Yes but it's fastmail dot f m": the domain that a caller says of an address, be it in a sentence.
fn said_host(reader: TokenReader, first: usize) -> Option<(Range<usize>, String)> {
    const BEFORE: [&str; 12] = [
        "but", "at", "is", "it's", "its", "that's", "with", "to", "not", "use", "now", "was",
    ];
    const WORDS: usize = 2;
    let dot = (first..reader.tokens.len()).find(|at| reader.says(*at, "dot"))?;
    let past_silent = |at: usize| {
        let own = reader.tokens.get(first..at).unwrap_or(&[]);
        at - own
            .iter()
            .rev()
            .take_while(|token| is_silent(token))
            .count()
    };
    let is_own = |at: usize| {
        let before = past_silent(at);
        before == first
            || reader.says_any(before - 1, &BEFORE)
            || reader.tokens[before - 1].has(Class::LEAD)
    };
    // "No, dot co dot uk".
    if is_own(dot)
        && let Some((end, value)) = top_behind(reader, dot)
    {
        return Some((dot..end, format!("@.{value}")));
    }
    let is_letter = |at: &usize| reader.is_letter(*at);
    let letters = (first..dot).rev().take_while(is_letter).count();
    let mut start = dot
        .checked_sub(letters.max(1))
        .filter(|start| *start >= first)?;
    // "Virgin media dot com".
    let is_plain = |at: usize| {
        let token = &reader.tokens[at];
        token.is_word() && !token.has(Class::CLOSED | Class::LEAD | Class::COPULA)
    };
    for _ in 0..WORDS {
        start -= usize::from(start > first && !is_own(start) && is_plain(start - 1));
    }
    let (end, value) = known_domain(reader, start).filter(|_| is_own(start))?;
    Some((start..end, format!("@{value}")))
}

fn behind_leads(reader: TokenReader, from: usize) -> usize {
    let is_lead = |token: &Token| token.has(Class::LEAD | Class::COPULA) && !token.says_digits();
    let mut first = from;
    while let Some(token) = reader.token(first) {
        if let Some(behind) = reader.spelling_hint(first) {
            first = behind;
        } else if is_silent(token) || is_lead(token) {
            first += 1;
        } else {
            break;
        }
    }
    first
}

fn is_silent(token: &Token) -> bool {
    !token.is_word() && token.kind != TokenKind::Digits || token.has(Class::FILLER)
}

/// Names, letters, digits and signs that may be a mailbox.
struct MailboxPiece {
    first: usize,
    // Behind its last part.
    end: usize,
    words: usize,
    letters: usize,
    // Whether a sign stands between two parts or at the end.
    is_joined: bool,
    // Whether a word spells a letter: "d for delta".
    is_spelled: bool,
    // Whether nothing else is said.
    is_whole: bool,
}

impl MailboxPiece {
    fn at(reader: TokenReader, first: usize) -> Option<Self> {
        let mut piece = Self {
            first,
            end: first,
            words: 0,
            letters: 0,
            is_joined: false,
            is_spelled: false,
            is_whole: true,
        };
        let (mut at, mut is_behind_sign) = (first, false);
        while let Some(token) = reader.token(at) {
            if let Some(behind) = reader.spelling_hint(at) {
                at = behind;
                continue;
            }
            // "The blue polka dot dress".
            if is_sign(token) && !(at > first && reader.says(at - 1, "polka")) {
                is_behind_sign = true;
                // "Dana underscore" goes on in the next message.
                if token.is_word() {
                    piece.end = at + 1;
                }
                at += 1;
                continue;
            }
            if is_silent(token) {
                let ends = reader.ends_sentence(at) && piece.end > first;
                if ends && !reader.is_letter(at - 1) {
                    break;
                }
                at += 1;
                continue;
            }
            let Some(end) = piece.take(reader, at) else {
                break;
            };
            piece.is_joined |= is_behind_sign;
            is_behind_sign = false;
            (at, piece.end) = (end, end);
        }
        piece.is_joined |= is_behind_sign && piece.words + piece.letters > 0;
        if piece.end > first && piece.is_broken_off(reader, at) {
            (piece.is_joined, piece.end) = (true, at + 1);
            at += 1;
        }
        let rest = reader.tokens.get(at..).unwrap_or(&[]);
        piece.is_whole = rest.iter().all(is_silent);
        (piece.end > first).then_some(piece)
    }

    // One part, if it is any: a letter and what spells it, digits, a name.
    fn take(&mut self, reader: TokenReader, at: usize) -> Option<usize> {
        let token = reader.token(at)?;
        if token.is_letter() {
            self.letters += 1;
            let alike = |word: &str| {
                let letter = reader.word(at);
                let head = word.get(..letter.len());
                head.is_some_and(|head| head.eq_ignore_ascii_case(letter))
            };
            let is_as_in = reader.says(at + 1, "as") && reader.says(at + 2, "in");
            if is_as_in && reader.token(at + 3).is_some_and(Token::is_word) {
                self.is_spelled = true;
                return Some(at + 4);
            }
            let is_for = reader.says_any(at + 1, &["for", "like"]) && alike(reader.word(at + 2));
            self.is_spelled |= is_for;
            return Some(if is_for { at + 3 } else { at + 1 });
        }
        if token.says_digits() {
            return Some(at + 1);
        }
        let is_yes = reader.says_any(
            at,
            &["yes", "yeah", "yep", "no", "nope", "correct", "right"],
        );
        let is_name = token.is_word() && !token.has(Class::CLOSED) && !is_yes;
        self.words += usize::from(is_name);
        is_name.then_some(at + 1)
    }

    // "Nana dot peg at, oh what's it called".
    fn is_broken_off(&self, reader: TokenReader, at: usize) -> bool {
        let ends = reader.token(at + 1).is_none_or(is_silent);
        reader.says(at, "at") && (ends || reader.says_any(at + 1, &["oh", "what's", "whatever"]))
    }

    // Something that an answer in words would not have.
    fn is_mailbox(&self, reader: TokenReader) -> bool {
        const WORDS: usize = 10;
        const LONGEST: usize = 40;
        let tokens = reader.tokens.get(self.first..self.end).unwrap_or(&[]);
        let other = Class::NO_ANSWER | Class::NO_VALUE | Class::NO_NAME;
        // "Holly jean": words that are nothing else.
        let strange = tokens.len() <= 3
            && tokens
                .iter()
                .all(|token| token.entry.id == 0 && !token.has(other) && token.is_word());
        let ends_in_digits = tokens.last().is_some_and(Token::says_digits);
        let is_short = self.letters > 0 && self.words > 0 && tokens.len() <= 4;
        let is_lone = self.letters == 1 && tokens.len() == 1;
        let is_told = self.is_joined || self.is_spelled || self.letters >= 3;
        let has_name = self.words + self.letters > 0;
        has_name
            && self.words <= WORDS
            && tokens.len() <= LONGEST
            && (is_told || self.is_whole && (strange || ends_in_digits || is_short || is_lone))
    }
}

fn is_sign(token: &Token) -> bool {
    token.has(Class::SIGN | Class::DOT) || matches!(token.kind, TokenKind::Mark(b'_' | b'-' | b'+'))
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Email;
    use crate::detect::testing::check;

    #[test]
    fn an_address_in_pieces_is_hidden_in_every_piece() {
        check(
            "agent: what's your email address\ncaller: it's john dot smith\nagent: okay\ncaller: at gmail dot com",
            &[(Email, "john dot smith"), (Email, "at gmail dot com")],
        );
        check(
            "agent: can i get an email for the receipt\ncaller: sure maria garcia seventy seven",
            &[(Email, "maria garcia seventy seven")],
        );
    }

    #[test]
    fn an_unfinished_address_is_one_where_it_was_asked_for() {
        for (answer, value) in [
            ("t harding", "t harding"),
            ("it's jane dot doe, all lowercase", "jane dot doe"),
            ("p, a, u, l, a", "p, a, u, l, a"),
            ("r as in romeo o s s", "r as in romeo o s s"),
            ("dana underscore", "dana underscore"),
            ("that's d for delta", "d for delta"),
            ("kowalczyk", "kowalczyk"),
            ("all one word mary jane thirty two", "mary jane thirty two"),
            ("jane dot doe and my phone is broken", "jane dot doe"),
        ] {
            let text = format!("agent: what's your email?\ncaller: {answer}");
            check(&text, &[(Email, value)]);
        }
    }

    #[test]
    fn a_host_is_one_where_an_address_is_put_right() {
        check(
            "agent: Your email is tomh@fastmail.com, right?\ncaller: tom h yes but it's fastmail dot f m",
            &[
                (Email, "tomh@fastmail.com"),
                (Email, "tom h"),
                (Email, "fastmail dot f m"),
            ],
        );
        check(
            "agent: what's your email?\ncaller: nana dot peg at oh i forget\nagent: gmail?\ncaller: gmail dot com yes",
            &[(Email, "nana dot peg at"), (Email, "gmail dot com")],
        );
        check(
            "agent: the part before the at sign?\ncaller: w y n e t t e\nagent: mhm\ncaller: outlook dot i e",
            &[(Email, "w y n e t t e"), (Email, "outlook dot i e")],
        );
        for (answer, value) in [
            ("no, dot co dot uk", "dot co dot uk"),
            ("no it's virgin media dot com", "virgin media dot com"),
        ] {
            let text = format!("agent: is it still j.d@sky.com?\ncaller: {answer}");
            check(&text, &[(Email, "j.d@sky.com"), (Email, value)]);
        }
        check(
            "agent: what's your email?\ncaller: i ordered it on amazon dot com",
            &[],
        );
        check(
            "agent: I have jo@fern.org\ncaller: sorry, the blue polka dot dress",
            &[(Email, "jo@fern.org")],
        );
        check(
            "agent: I have jo@fern.org\ncaller: smashing",
            &[(Email, "jo@fern.org")],
        );
        check(
            "agent: what's your email?\ncaller: let me look at the bottom",
            &[],
        );
    }

    #[test]
    fn letters_that_are_said_again_are_a_piece() {
        check(
            "agent: your email?\ncaller: r as in romeo o s s\nagent: r o s s d?\ncaller: at mail dot org",
            &[
                (Email, "r as in romeo o s s"),
                (Email, "r o s s d"),
                (Email, "at mail dot org"),
            ],
        );
    }

    #[test]
    fn other_answers_stay() {
        for text in [
            "agent: what's your email address\ncaller: i have none",
            "agent: what's your email address\ncaller: sorry what",
            "agent: how can i help\ncaller: window dot seat",
            "agent: what's your email address\ncaller: same as last time",
            "agent: what's your email address\ncaller: anything wrong",
            "agent: what's your email address\ncaller: hold on a moment",
            "agent: what's your email address\ncaller: no dots no capitals",
            "agent: what's your email address\ncaller: nothing",
        ] {
            check(text, &[]);
        }
    }
}
