//! Codes of a few digits that an assistant sent, or speaks of as digits only.

use std::ops::Range;

use super::super::request::{AskingPart, AskingWay};
use super::HeardTurn;
use crate::detect::english::{AskingRole, NumberWord, Topic};
use crate::detect::read::{Cue, SpokenPassage, TokenKind, TokenReader};

impl HeardTurn<'_> {
    // "I've sent six digits to your phone. Read them out".
    pub(super) fn sends_digits(&self, reader: TokenReader, range: &Range<usize>) -> bool {
        const NEAR: usize = 6;
        let sends = [
            "sent", "send", "sending", "texted", "emailed", "get", "receive",
        ];
        let is_sent =
            |at: usize| (at..at + NEAR).any(|at| reader.says_any(at, &["digits", "digit"]));
        let is_to = || {
            let to = [
                "phone", "mobile", "text", "sms", "email", "whatsapp", "number",
            ];
            range.clone().any(|at| reader.says_any(at, &to))
        };
        let mut words = range.clone();
        words.any(|at| reader.says_any(at, &sends) && is_sent(at)) && is_to()
    }

    // "Read me the six digits".
    pub(super) fn asks_digits(&self, reader: TokenReader, parts: &[AskingPart]) -> bool {
        let is_count = |at: usize| {
            let token = reader.token(at);
            token.is_some_and(|token| match token.kind {
                TokenKind::Digits => matches!(token.of(reader.text), "4" | "5" | "6" | "7" | "8"),
                _ => matches!(token.entry.number, NumberWord::Unit(4..=8)),
            })
        };
        let says = |at: usize| {
            let token = reader.token(at);
            token.is_some_and(|token| token.asks(AskingRole::SAY))
        };
        let is_one = |part: &AskingPart| {
            let mut own = part.tokens.clone();
            let digits = own.find(|at| is_count(*at) && reader.says(at + 1, "digits"));
            part.way == AskingWay::Value
                && digits.is_some_and(|at| (part.tokens.start..at).any(says))
        };
        self.named.is_empty() && parts.iter().any(is_one)
    }

    // "What does the text say", "what's on the authenticator".
    pub(super) fn asks_shown(&self, reader: TokenReader, parts: &[AskingPart]) -> bool {
        const DEVICES: [&str; 5] = ["text", "sms", "message", "authenticator", "dongle"];
        const SHOWN: [&str; 9] = [
            "say",
            "says",
            "see",
            "show",
            "shows",
            "showing",
            "on",
            "display",
            "displayed",
        ];
        let is_one = |part: &AskingPart| {
            let mut own = part.tokens.clone();
            let asks = reader
                .token(own.start)
                .is_some_and(|token| token.asks(AskingRole::WHICH));
            let device = own.clone().any(|at| reader.says_any(at, &DEVICES));
            part.way == AskingWay::Value
                && asks
                && device
                && own.any(|at| reader.says_any(at, &SHOWN))
        };
        let is_of_it = |cue: &&Cue| cue.topic == Topic::Phone;
        self.named.iter().all(is_of_it) && parts.iter().any(is_one)
    }

    // "I've sent you a code": whoever says so waits for it.
    pub(super) fn announces_code(&self, passage: &SpokenPassage) -> bool {
        const SENT: [&str; 12] = [
            "sent",
            "send",
            "sending",
            "texted",
            "emailed",
            "inbox",
            "arrived",
            "appear",
            "screen",
            "generated",
            "come",
            "see",
        ];
        let is_code = self.named.iter().any(|cue| cue.topic == Topic::Pin);
        let reader = passage.reader();
        is_code && (passage.first..passage.end).any(|at| reader.says_any(at, &SENT))
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Pin;
    use crate::detect::testing::check;

    #[test]
    fn what_a_message_says_is_a_code() {
        for question in [
            "what did the text say?",
            "and what's the authenticator showing?",
        ] {
            let text = format!("agent: {question}\ncaller: eight eight two one oh four");
            check(&text, &[(Pin, "eight eight two one oh four")]);
        }
        check(
            "agent: what did the text say?\ncaller: it says my parcel comes at four",
            &[],
        );
    }
}
