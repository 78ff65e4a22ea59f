//! A dictated e-mail address in pieces: "it's john dot smith", and in the next message
//! "at gmail dot com". Only where an address was asked for.

use super::domain::domain_behind;
use super::mailbox;
use crate::detect::english::{Class, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Token, TokenKind, TokenReader};
use crate::detect::{Detector, Speaker};

/// Claims the piece that a caller gave, and the letters of one that the model says again.
pub(crate) fn claim(hearing: &mut Hearing) {
    let passage = &hearing.passage;
    let claims = &mut *hearing.claims;
    let is_asked = passage.asks(Topic::Email) && hearing.speaker != Speaker::Other;
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
    let Some(piece) = MailboxPiece::at(reader, first) else {
        return;
    };
    let is_mailbox = match hearing.speaker {
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
            if is_sign(token) {
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
        let is_name = token.is_word() && !token.has(Class::CLOSED);
        self.words += usize::from(is_name);
        is_name.then_some(at + 1)
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
