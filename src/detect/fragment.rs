//! A dictated e-mail address in pieces: "it's john dot smith", and in the next message
//! "at gmail dot com". Only where an address was asked for.

use super::claims::Claims;
use super::govern::Passage;
use super::mailbox;
use super::tokens::{Kind, Token};
use super::topics::Topic;
use super::words::{CLOSED, COPULA, DOT, FILLER, LEAD, Number, SIGN};
use super::{Detector, Speaker};

/// Claims the piece that a caller gave.
pub(super) fn claim(passage: &Passage, speaker: Speaker, claims: &mut Claims) {
    let asked = passage.asked == Some(Topic::Email) && speaker == Speaker::Caller;
    if !asked || claims.is_any_taken(passage.first..passage.end) {
        return;
    }
    let tokens = passage.tokens;
    let empty = |token: &Token| !token.is_word() && token.kind != Kind::Digits || token.has(FILLER);
    let mut first = passage.first;
    while first < passage.end && (empty(&tokens[first]) || is_lead(&tokens[first])) {
        first += 1;
    }
    if let Some((end, value)) = mailbox::domain_behind(claims.text, passage, first) {
        claims.claim(first..end, Detector::Email, value);
        return;
    }
    let mut end = passage.end;
    while end > first && empty(&tokens[end - 1]) {
        end -= 1;
    }
    if is_mailbox(tokens.get(first..end).unwrap_or(&[])) {
        let value = mailbox::spelled(claims.text, tokens, first..end);
        claims.claim(first..end, Detector::Email, value);
    }
}

fn is_lead(token: &Token) -> bool {
    token.has(LEAD | COPULA) && !says_number(token)
}

fn says_number(token: &Token) -> bool {
    token.kind == Kind::Digits
        || matches!(
            token.entry.number,
            Number::Unit(_) | Number::Teen(_) | Number::Ten(_) | Number::Times(_)
        )
}

// Names, letters and digits, and something that an answer in words would not have.
fn is_mailbox(tokens: &[Token]) -> bool {
    const LONGEST: usize = 40;
    let part = |token: &Token| {
        says_number(token)
            || token.has(SIGN | DOT | FILLER)
            || (token.is_word() && (token.is_letter() || !token.has(CLOSED)))
            || matches!(token.kind, Kind::Mark(b'.' | b'_' | b'-' | b'+'))
    };
    let count = |test: &dyn Fn(&Token) -> bool| tokens.iter().filter(|token| test(token)).count();
    let named = count(&|token| token.is_word() && !says_number(token) && !token.has(SIGN | DOT));
    let joined = tokens
        .iter()
        .rev()
        .skip(1)
        .any(|token| token.has(SIGN | DOT) || token.is_mark(b'_'));
    // "Holly jean": words that are nothing else.
    let strange = tokens.len() <= 3 && tokens.iter().all(|token| token.entry.id == 0);
    let telling = strange
        || joined
        || tokens.last().is_some_and(says_number)
        || count(&|token| token.is_letter()) >= 3;
    (2..=LONGEST).contains(&tokens.len())
        && tokens.iter().all(part)
        && named > 0
        && telling
        && count(&|token| token.is_word() && !token.is_letter()) <= 10
}

#[cfg(test)]
mod tests {
    use super::super::Detector::Email;
    use super::super::testing::check;

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
