//! A dictated e-mail address in pieces: "it's john dot smith", and in the next message
//! "at gmail dot com". Only where an address was asked for.

use super::domain::domain_behind;
use super::mailbox;
use crate::detect::english::{Class, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Token, TokenKind};
use crate::detect::{Detector, Speaker};

/// Claims the piece that a caller gave.
pub(crate) fn claim(hearing: &mut Hearing) {
    let passage = &hearing.passage;
    let claims = &mut *hearing.claims;
    let asked = passage.asks(Topic::Email) && hearing.speaker == Speaker::Caller;
    if !asked || claims.is_any_taken(passage.first..passage.end) {
        return;
    }
    let reader = passage.reader();
    let tokens = passage.tokens;
    let empty = |token: &Token| {
        !token.is_word() && token.kind != TokenKind::Digits || token.has(Class::FILLER)
    };
    let mut first = passage.first;
    while first < passage.end && (empty(&tokens[first]) || is_lead(&tokens[first])) {
        first += 1;
    }
    if let Some((end, value)) = domain_behind(reader, first) {
        claims.claim(first..end, Detector::Email, value);
        return;
    }
    let mut end = passage.end;
    while end > first && empty(&tokens[end - 1]) {
        end -= 1;
    }
    if is_mailbox(tokens.get(first..end).unwrap_or(&[])) {
        let value = mailbox::spelled(reader, first..end);
        claims.claim(first..end, Detector::Email, value);
    }
}

fn is_lead(token: &Token) -> bool {
    token.has(Class::LEAD | Class::COPULA) && !token.says_digits()
}

// Names, letters and digits, and something that an answer in words would not have.
fn is_mailbox(tokens: &[Token]) -> bool {
    const LONGEST: usize = 40;
    let part = |token: &Token| {
        token.says_digits()
            || token.has(Class::SIGN | Class::DOT | Class::FILLER)
            || (token.is_word() && (token.is_letter() || !token.has(Class::CLOSED)))
            || matches!(token.kind, TokenKind::Mark(b'.' | b'_' | b'-' | b'+'))
    };
    let count = |test: &dyn Fn(&Token) -> bool| tokens.iter().filter(|token| test(token)).count();
    let named = count(&|token| {
        token.is_word() && !token.says_digits() && !token.has(Class::SIGN | Class::DOT)
    });
    let joined = tokens
        .iter()
        .rev()
        .skip(1)
        .any(|token| token.has(Class::SIGN | Class::DOT) || token.is_mark(b'_'));
    // "Holly jean": words that are nothing else.
    let strange = tokens.len() <= 3 && tokens.iter().all(|token| token.entry.id == 0);
    let telling = strange
        || joined
        || tokens.last().is_some_and(Token::says_digits)
        || count(&|token| token.is_letter()) >= 3;
    (2..=LONGEST).contains(&tokens.len())
        && tokens.iter().all(part)
        && named > 0
        && telling
        && count(&|token| token.is_word() && !token.is_letter()) <= 10
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
    fn other_answers_stay() {
        for text in [
            "agent: what's your email address\ncaller: i have none",
            "agent: what's your email address\ncaller: sorry what",
            "agent: how can i help\ncaller: john dot smith",
            "agent: what's your email address\ncaller: same as last time",
        ] {
            check(text, &[]);
        }
    }
}
