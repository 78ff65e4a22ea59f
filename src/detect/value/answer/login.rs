//! A username: one that was asked for, and one that a caller names.

use std::ops::Range;

use super::SpokenAnswer;
use crate::detect::Detector;
use crate::detect::english::{Class, Wording};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Lexicon, Token, phrase_words};

/// The most words and signs of one.
const MOST: usize = 8;

/// Claims what stands behind "my username is".
pub(super) fn claim_named(hearing: &mut Hearing) {
    let reader = hearing.passage.reader();
    let questions = &Lexicon::get().questions;
    let answer = SpokenAnswer { reader };
    let own = reader.tokens.get(hearing.passage.first..).unwrap_or(&[]);
    for (at, token) in (hearing.passage.first..).zip(own) {
        // "User", "login", "online", "username", "username's".
        if !matches!(token.len(), 4..=6 | 8 | 10) || token.entry.id == 0 {
            continue;
        }
        if !b"uUlLoO".contains(reader.text.as_bytes().get(token.start).unwrap_or(&0)) {
            continue;
        }
        let phrase = questions.longest(phrase_words(reader.tokens, at));
        let Some((last, _)) = phrase.filter(|(_, wording)| *wording == Wording::Login) else {
            continue;
        };
        let is_tie = |at: &usize| {
            let token = reader.token(*at);
            token.is_some_and(|token| {
                token.has(Class::COPULA | Class::FILLER) || token.is_mark(b':')
            })
        };
        let start = last + 1 + (last + 1..last + 4).take_while(is_tie).count();
        let is_tied =
            start > last + 1 || reader.tokens[last].has(Class::COPULA | Class::POSSESSIVE);
        let is_end = |at: &usize| {
            reader.ends_sentence(*at) || reader.is_mark(*at, b',') || reader.says(*at, "and")
        };
        let longest = reader.tokens.len().min(start + MOST + 1);
        let end = (start..longest).find(|at| is_end(at) || reader.spelling_hint(*at).is_some());
        let range = start..end.unwrap_or(longest);
        let fits = is_tied
            && !range.is_empty()
            && answer.is_value(range.clone())
            && answer.is_login(range.clone());
        if fits && !hearing.claims.is_any_taken(range.clone()) {
            let value = answer.value(range.clone());
            hearing.claims.claim(range, Detector::Id, value);
            return;
        }
    }
}

impl SpokenAnswer<'_> {
    /// The username that is all that is answered.
    pub(super) fn login(&self, start: usize) -> Option<Range<usize>> {
        let sentence = self.sentence(start, 1);
        sentence.filter(|range| self.is_login(range.clone()))
    }

    // A few words that are no sentence: "j marsh seventy seven".
    fn is_login(&self, range: Range<usize>) -> bool {
        let said = self.reader.tokens.get(range.clone()).unwrap_or(&[]).iter();
        let is_sentence = |token: &Token| {
            token.has(Class::CLOSED | Class::LEAD | Class::NO_ANSWER)
                && !token.has(Class::SIGN | Class::DOT)
                && !token.is_letter()
                && !token.says_digits()
        };
        range.len() <= MOST && !said.clone().any(is_sentence)
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Id;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn a_username_is_named_by_whose_it_is() {
        check_one(Id, "my username is redkite forty two", "redkite forty two");
        check_one(
            Id,
            "my user name is daisy chain forty two all lower case",
            "daisy chain forty two",
        );
        check(
            "my login is s dot okoro and my order is late",
            &[(Id, "s dot okoro")],
        );
        check_one(
            Id,
            "user name's kay dash dunne ninety",
            "kay dash dunne ninety",
        );
        check_one(Id, "username's j dot marsh, thanks", "j dot marsh");
        for text in [
            "my username is not working",
            "my login is on the old account",
            "the username is my email",
        ] {
            check(text, &[]);
        }
    }
}
