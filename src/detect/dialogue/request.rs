//! Where in what an assistant says something is asked for: the rest of it only tells.
//!
//! It does not look at what is asked for, but at how: "can I get …", "what's …", "I'll need …",
//! "please spell …", a bare "date of birth?". "How can I help you", "how many …" and "when should
//! we …" ask for no value, and a plain statement asks for nothing.

use std::ops::Range;

mod stated;

use super::remark::{asks_where_to, explains, is_relative};
use crate::detect::english::{AskingRole, Class, NumberWord};
use crate::detect::read::{Token, TokenKind, TokenReader};

/// A part of a sentence that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AskingPart {
    /// Its tokens.
    pub(super) tokens: Range<usize>,
    /// How it asks.
    pub(super) way: AskingWay,
}

/// How a part of a sentence asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskingWay {
    /// For what is named in it.
    Value,
    /// For a time, a kind or a count.
    Time,
    /// For nothing: an offer, a greeting.
    Nothing,
    /// What stands before a part that asks, and may be what that is about.
    Before,
}

/// The parts of some tokens that ask, in order.
pub(super) fn asking_parts(reader: TokenReader, tokens: Range<usize>) -> Vec<AskingPart> {
    let mut parts = Vec::new();
    let mut first = tokens.start;
    for at in tokens.clone() {
        if reader.ends_sentence(at) {
            SentenceReader {
                reader,
                tokens: first..at,
                is_question: reader.is_mark(at, b'?'),
            }
            .parts(&mut parts);
            first = at + 1;
        }
    }
    SentenceReader {
        reader,
        tokens: first..tokens.end,
        is_question: false,
    }
    .parts(&mut parts);
    parts
}

struct SentenceReader<'a> {
    reader: TokenReader<'a>,
    tokens: Range<usize>,
    is_question: bool,
}

impl SentenceReader<'_> {
    fn parts(&self, parts: &mut Vec<AskingPart>) {
        if self.tokens.is_empty() {
            return;
        }
        let known = parts.len();
        for at in self.tokens.clone() {
            if let Some(way) = self.way(at) {
                self.begin(at, way, known, parts);
            }
        }
        let asks = || self.is_question || self.is_bare() || self.is_stated();
        if parts.len() == known && asks() {
            self.begin(self.tokens.start, AskingWay::Value, known, parts);
        }
        let Some(first) = parts.get(known).map(|part| part.tokens.start) else {
            return;
        };
        if first > self.tokens.start {
            let before = AskingPart {
                tokens: self.tokens.start..first,
                way: AskingWay::Before,
            };
            parts.insert(known, before);
        }
    }

    // A part begins where the one before ends; "what … do you …" is one part.
    fn begin(&self, at: usize, way: AskingWay, known: usize, parts: &mut Vec<AskingPart>) {
        const NEAR: usize = 4;
        let own = parts.get_mut(known..).unwrap_or(&mut []);
        if let Some(last) = own.last_mut() {
            let is_same = last.way == way || at < last.tokens.start + NEAR;
            let is_question_word =
                self.asks(at, AskingRole::WHICH | AskingRole::HOW | AskingRole::WHEN);
            if is_same && !is_question_word {
                return;
            }
            last.tokens.end = at;
        }
        parts.push(AskingPart {
            tokens: at..self.tokens.end,
            way,
        });
    }

    // How a part asks that begins at a token.
    fn way(&self, at: usize) -> Option<AskingWay> {
        let token = self.reader.token(at).filter(|token| token.is_word())?;
        // "D'you have your number handy".
        if self.reader.says_any(at, &["d'you", "d'ya", "d'ye"]) && self.is_open(at) {
            return Some(AskingWay::Value);
        }
        // "I'll just take your name".
        let takes = |next: usize| self.reader.says_any(next, &["get", "take", "grab"]);
        if self.reader.says_any(at, &["i'll", "we'll"]) && (at + 1..at + 3).any(takes) {
            return self.is_open(at).then_some(AskingWay::Value);
        }
        if token.asks(AskingRole::WHEN) && !self.is_ready(at) {
            return (self.is_open(at) || self.asks(at + 1, AskingRole::VERB))
                .then_some(AskingWay::Time);
        }
        if token.asks(AskingRole::HOW) {
            return Some(self.way_of_how(at));
        }
        if token.asks(AskingRole::WHICH) && !is_relative(self.reader, at) {
            return Some(self.way_of_which(at));
        }
        if token.asks(AskingRole::VERB)
            && self.asks(at + 1, AskingRole::ME | AskingRole::YOU | AskingRole::THING)
        {
            return self.way_of_verb(at);
        }
        if token.asks(AskingRole::LET) {
            let takes = (at + 1..at + 4).any(|next| self.asks(next, AskingRole::TAKE));
            let invites = self.reader.says(at, "ahead");
            return (takes || invites).then_some(AskingWay::Value);
        }
        if token.asks(AskingRole::NEED) {
            return self.way_of_need(at);
        }
        let commands = token.asks(AskingRole::SAY) && self.is_open(at);
        commands.then_some(AskingWay::Value)
    }

    // "How do you spell …", "how can we reach you"; "how many", "how can I help you".
    fn way_of_how(&self, at: usize) -> AskingWay {
        const NEAR: usize = 5;
        // "How about your postcode".
        if self.reader.says(at + 1, "about") {
            return AskingWay::Value;
        }
        let is_reached = |next: usize| {
            self.reader
                .says_any(next, &["reach", "contact", "hold", "ring", "get", "call"])
        };
        let is_said = |next: usize| self.asks(next, AskingRole::SAY) || is_reached(next);
        match () {
            () if self.asks(at + 1, AskingRole::KIND) => AskingWay::Time,
            () if (at + 1..at + NEAR).any(is_said) => AskingWay::Value,
            () => AskingWay::Nothing,
        }
    }

    // "What's the …"; "what time", "what kind of", "what can I do for you".
    fn way_of_which(&self, at: usize) -> AskingWay {
        let is_verb = self.asks(at + 1, AskingRole::VERB) && self.asks(at + 2, AskingRole::ME);
        let takes = AskingRole::TAKE | AskingRole::SAY | AskingRole::REACH;
        let is_person = self
            .reader
            .word(at)
            .as_bytes()
            .get(2)
            .is_some_and(|letter| {
                // "Who am I speaking with".
                letter.eq_ignore_ascii_case(&b'o')
            });
        let is_place = asks_where_to(self.reader, at);
        match () {
            () if is_place => AskingWay::Value,
            () if self.asks(at + 1, AskingRole::KIND) => AskingWay::Time,
            () if is_verb && !is_person && !(at + 3..at + 5).any(|next| self.asks(next, takes)) => {
                AskingWay::Nothing
            }
            () => AskingWay::Value,
        }
    }

    // "Can I get …", "could you …", "is your …"; "can I help", "would you like".
    fn way_of_verb(&self, at: usize) -> Option<AskingWay> {
        if self.asks(at + 1, AskingRole::ME) {
            let takes =
                (at + 2..at + 4).any(|next| self.asks(next, AskingRole::TAKE | AskingRole::SAY));
            return Some(if takes {
                AskingWay::Value
            } else {
                AskingWay::Nothing
            });
        }
        if self.asks(at + 1, AskingRole::YOU) {
            let offers = self.asks(at + 2, AskingRole::OFFER);
            return Some(if offers {
                AskingWay::Nothing
            } else {
                AskingWay::Value
            });
        }
        self.is_open(at).then_some(AskingWay::Value)
    }

    // "I'll need your …"; "you need to …", "we need to send you …".
    fn way_of_need(&self, at: usize) -> Option<AskingWay> {
        const BEFORE: usize = 3;
        let before = at.saturating_sub(BEFORE).max(self.tokens.start)..at;
        let is_mine = before.clone().any(|at| self.asks(at, AskingRole::ME));
        let is_yours = before.clone().any(|at| self.asks(at, AskingRole::YOU));
        let acts = self.reader.says(at + 1, "to")
            && !self.asks(at + 2, AskingRole::TAKE | AskingRole::SAY);
        let is_mine = is_mine || self.is_open(at);
        (is_mine && !is_yours && !acts).then_some(AskingWay::Value)
    }

    // Nothing but what is named: "the last four of your social", "and the postcode".
    fn is_bare(&self) -> bool {
        const MOST: usize = 12;
        const FEW: usize = 4;
        // "The NHS number if you have it".
        let is_tail = |at: &usize| self.reader.says_any(*at, &["if", "so", "because", "when"]);
        let end = self.tokens.clone().skip(1).find(is_tail);
        let own = self.tokens.start..end.unwrap_or(self.tokens.end);
        let tokens = self.reader.tokens.get(own).unwrap_or(&[]);
        let is_said = |token: &&Token| token.is_word() && token.entry.number == NumberWord::None;
        let words = tokens.iter().filter(is_said).count();
        let last = tokens.iter().rposition(|token| token.is_word());
        // "And your name is?", but not "that expired".
        let is_end = |at: usize, token: &Token| Some(at) == last && token.has(Class::COPULA);
        // "The code you got".
        let is_yours = |at: usize| at > 1 && tokens[at - 1].asks(AskingRole::YOU);
        let states = |(at, token): (usize, &Token)| {
            token.asks(AskingRole::STATES) && !is_end(at, token) && !is_yours(at)
        };
        let mut named = tokens
            .iter()
            .filter(|token| token.is_word() && !token.asks(AskingRole::FIRST));
        let begins = named.next().is_some_and(|token| {
            token.entry.id != 0 || token.has(Class::DETERMINER | Class::VAGUE | Class::POSSESSIVE)
        });
        // "3rd and 5th digit of your pin".
        let is_ordinal = |at: usize| {
            let token = self.reader.token(at);
            token.is_some_and(|token| token.kind == TokenKind::Digits)
                && self.reader.says_any(at + 1, &["st", "nd", "rd", "th"])
        };
        let begins = begins || is_ordinal(self.tokens.start);
        (1..=MOST).contains(&words)
            && !explains(self.reader, self.tokens.clone())
            && (begins || words <= FEW)
            && !tokens.iter().enumerate().any(states)
    }

    // "When you're ready".
    fn is_ready(&self, at: usize) -> bool {
        let reader = &self.reader;
        let is_you = reader.says(at + 1, "you're") && reader.says(at + 2, "ready")
            || reader.says(at + 1, "you") && reader.says(at + 3, "ready");
        reader.says_any(at, &["when", "whenever"]) && is_you
    }

    // Whether nothing was said before in the sentence, or in its part.
    fn is_open(&self, at: usize) -> bool {
        let before = at.checked_sub(1).filter(|at| *at >= self.tokens.start);
        before
            .and_then(|at| self.reader.token(at))
            .is_none_or(|token| {
                !token.is_word() || token.asks(AskingRole::FIRST) || token.has(Class::FILLER)
            })
    }

    fn asks(&self, at: usize, asking: AskingRole) -> bool {
        self.tokens.contains(&at)
            && self
                .reader
                .token(at)
                .is_some_and(|token| token.asks(asking))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::read::tokenize;

    fn check(text: &str, expected: &[(AskingWay, &str)]) {
        let tokens = tokenize(text);
        let reader = TokenReader::new(text, &tokens);
        let parts = asking_parts(reader, 0..tokens.len());
        let found: Vec<_> = parts
            .iter()
            .map(|part| {
                (
                    part.way,
                    &text[tokens[part.tokens.start].start..tokens[part.tokens.end - 1].end],
                )
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_request_begins_where_somebody_asks() {
        check(
            "thanks for calling may i have your zip",
            &[
                (AskingWay::Before, "thanks for calling"),
                (AskingWay::Value, "may i have your zip"),
            ],
        );
        check("Date of birth?", &[(AskingWay::Value, "Date of birth")]);
        check(
            "and the postcode",
            &[(AskingWay::Value, "and the postcode")],
        );
    }

    #[test]
    fn a_count_and_a_time_are_parts_of_their_own() {
        check(
            "what's your name and how many cards do you have",
            &[
                (AskingWay::Value, "what's your name and"),
                (AskingWay::Time, "how many cards do you have"),
            ],
        );
        check(
            "when should we call you back",
            &[(AskingWay::Time, "when should we call you back")],
        );
    }

    #[test]
    fn greetings_and_statements_ask_for_nothing() {
        check(
            "thank you for calling how can i help you",
            &[
                (AskingWay::Before, "thank you for calling"),
                (AskingWay::Nothing, "how can i help you"),
            ],
        );
        for text in [
            "your card is on its way",
            "You will need your card.",
            "we have your birth date as this",
        ] {
            check(text, &[]);
        }
    }
}
