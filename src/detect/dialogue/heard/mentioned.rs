//! What is spoken of and not asked for: a password somebody may have, a name on what is asked for.

use std::ops::Range;

use super::super::request::{AskingPart, AskingWay};
use super::HeardTurn;
use crate::detect::english::{AskingRole, Class, Topic, Wording, Wordings};
use crate::detect::read::{Cue, Lexicon, SpokenPassage, TokenReader, phrase_words};

/// Whether a part asks whether there is a password, or what was done with it, and not for it: "have
/// you changed your password", "do you have a username", "what happens with your username".
pub(super) fn only_mentions(
    reader: TokenReader,
    part: &AskingPart,
    wording: Wording,
    question: &Range<usize>,
    named: &[&Cue],
) -> bool {
    const NAMES: [&str; 6] = [
        "password",
        "passphrase",
        "login",
        "username",
        "username's",
        "name",
    ];
    if !matches!(wording, Wording::Secret | Wording::Login) {
        return false;
    }
    const FAR: usize = 24;
    if question.start > part.tokens.start + FAR {
        return true;
    }
    // Other words than those of one who asks for it.
    let asking = Class::COPULA | Class::DETERMINER | Class::FILLER | Class::JOIN | Class::LEAD;
    let roles = AskingRole::WHICH
        | AskingRole::VERB
        | AskingRole::ME
        | AskingRole::YOU
        | AskingRole::TAKE
        | AskingRole::SAY
        | AskingRole::NEED
        | AskingRole::FIRST;
    let is_of_asking = |at: usize| {
        let token = reader.token(at);
        token.is_some_and(|token| !token.is_word() || token.has(asking) || token.asks(roles))
    };
    let is_named = reader.says_any(question.end - 1, &NAMES);
    // "Three things: your date of birth and the password": what is asked for with it.
    let also = named.iter().map(|cue| cue.end).filter(|end| {
        let is_before = *end <= question.start;
        is_before && *end > part.tokens.start
    });
    let from = also.max().unwrap_or(part.tokens.start);
    if is_named && !(from..question.start).all(is_of_asking) {
        return true;
    }
    let asks = |at: usize, role: AskingRole| {
        let token = reader.token(at);
        token.is_some_and(|token| token.asks(role))
    };
    let first = part.tokens.start;
    let is_verb = asks(first, AskingRole::VERB) && !asks(first, AskingRole::WHICH);
    let mine = asks(first + 1, AskingRole::ME);
    let says = part
        .tokens
        .clone()
        .take(FAR)
        .any(|at| asks(at, AskingRole::SAY));
    is_verb && !mine && !says
}

impl HeardTurn<'_> {
    /// The passwords and usernames that it speaks of without asking for one.
    pub(crate) fn mentions(&self, passage: &SpokenPassage) -> Wordings {
        let mut found = Wordings::default();
        if passage.cues.iter().any(|cue| cue.topic == Topic::Secret) {
            found.insert(Wording::Secret);
        }
        let questions = &Lexicon::get().questions;
        let own = passage.tokens.get(..passage.end).unwrap_or(&[]);
        for at in (passage.first..passage.end).filter(|at| own[*at].entry.id != 0) {
            let phrase = questions.longest(phrase_words(own, at));
            if let Some((_, wording @ (Wording::Login | Wording::Secret))) = phrase {
                found.insert(wording);
            }
        }
        found.without(self.wordings)
    }

    /// Whether it asks for a password of something: "what's the wifi password".
    pub(super) fn asks_secret(&self, passage: &SpokenPassage, parts: &[AskingPart]) -> bool {
        const WORDS: [&str; 4] = ["password", "passphrase", "word", "phrase"];
        let reader = passage.reader();
        let mut cues = passage
            .cues
            .iter()
            .filter(|cue| cue.topic == Topic::Secret && reader.says_any(cue.end - 1, &WORDS));
        // "Is there a new password?" asks for none.
        let is_other = |at: usize| reader.says_any(at, &["new", "reset", "change", "forgot"]);
        cues.any(|cue| {
            let part = parts.partition_point(|part| part.tokens.end <= cue.first);
            let part = parts
                .get(part)
                .filter(|part| part.tokens.contains(&cue.first));
            part.is_some_and(|part| {
                let own = cue.first..cue.end;
                part.way == AskingWay::Value
                    && part.tokens.len() > own.len()
                    && !only_mentions(reader, part, Wording::Secret, &own, &self.named)
                    && !(part.tokens.start..cue.first).any(is_other)
            })
        })
    }

    /// Whether it asks for what was spoken of before and says no more: "and what is it?", "go on
    /// then", "can I have it please".
    pub(crate) fn asks_for_that(&self, passage: &SpokenPassage) -> bool {
        const AROUND: [&str; 24] = [
            "what", "what's", "is", "it", "that", "and", "then", "so", "please", "go", "on",
            "ahead", "for", "me", "can", "could", "may", "i", "you", "have", "tell", "give", "say",
            "great",
        ];
        const IT: [&str; 4] = ["it", "that", "on", "ahead"];
        const MOST: usize = 8;
        let reader = passage.reader();
        let mut words = (passage.first..passage.end)
            .filter(|at| reader.token(*at).is_some_and(|token| token.is_word()));
        let is_short = (2..=MOST).contains(&words.clone().count());
        let is_one = words.clone().any(|at| reader.says_any(at, &IT));
        let is_plain = |at: usize| {
            let token = reader.token(at);
            reader.says_any(at, &AROUND) || token.is_some_and(|token| token.has(Class::FILLER))
        };
        is_short && is_one && words.all(is_plain)
    }

    /// Whether it asks for nothing in so many words: "back of the card, bottom left".
    pub(crate) fn only_tells(&self, passage: &SpokenPassage) -> bool {
        let reader = passage.reader();
        let asks = |at: usize, role: AskingRole| {
            let token = reader.token(at);
            token.is_some_and(|token| token.asks(role))
        };
        let is_asking = |at: usize| {
            let question = AskingRole::WHICH | AskingRole::HOW | AskingRole::WHEN;
            let is_command = asks(at, AskingRole::SAY) && asks(at + 1, AskingRole::ME);
            reader.is_mark(at, b'?') || asks(at, question) || is_command
        };
        !(passage.first..passage.end).any(is_asking)
    }

    // "The zip on your billing address", "the reference next to your name": what it is on is known.
    pub(super) fn is_of_number(&self, reader: TokenReader, question: usize) -> bool {
        const NEAR: usize = 4;
        let is_between = |at: usize| {
            let token = reader.token(at);
            let ties = Class::PREPOSITION | Class::DETERMINER | Class::VAGUE;
            token.is_some_and(|token| token.is_word() && token.has(ties))
                || reader.says_any(at, &["next", "beside", "at"])
        };
        let is_preposition = |at: usize| {
            let token = reader.token(at);
            token.is_some_and(|token| token.has(Class::PREPOSITION)) || reader.says(at, "next")
        };
        let before = self.named.partition_point(|cue| cue.end <= question);
        let nearest = before.checked_sub(1).and_then(|at| self.named.get(at));
        nearest.is_some_and(|cue| {
            let between = cue.end..question;
            let is_head = !matches!(cue.topic, Topic::Secret | Topic::Email | Topic::Url);
            is_head
                && (1..=NEAR).contains(&between.len())
                && is_preposition(between.start)
                && between.into_iter().all(is_between)
        })
    }
}
