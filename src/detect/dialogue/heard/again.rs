//! Whoever asks for a part of a number, or for all of it once more, and names nothing else: "the
//! last three again?", "and the part before?", "what comes after the double seven?".

use super::HeardTurn;
use crate::detect::english::{AskingRole, Class, NumberWord};
use crate::detect::read::{Run, SpokenPassage, Token, runs};

/// What a part of a number is called.
const PARTS: [&str; 20] = [
    "part",
    "parts",
    "bit",
    "half",
    "end",
    "beginning",
    "start",
    "middle",
    "digit",
    "digits",
    "numbers",
    "group",
    "rest",
    "remainder",
    "before",
    "after",
    "comes",
    "came",
    "follows",
    "bits",
];

/// What one counts the parts of a number with: "the last three".
const PLACES: [&str; 4] = ["last", "first", "next", "final"];

/// What else one says then.
const AROUND: [&str; 34] = [
    "once", "more", "time", "cut", "out", "back", "over", "didn't", "just", "only", "few",
    "couple", "come", "goes", "dropped", "lost", "up", "line", "number", "catch", "get", "got",
    "hear", "heard", "me", "second", "missed", "went", "behind", "again", "quite", "bad", "what",
    "that",
];

/// Whether an assistant that knows of no number says one and asks for a part of it: "I got 4539 1102
/// 77, what comes after the double seven?".
pub(in super::super) fn says_part(passage: &SpokenPassage) -> bool {
    const FEWEST: usize = 3;
    let reader = passage.reader();
    let own = || passage.first..passage.end;
    let is_part = own().any(|at| reader.says_any(at, &PARTS) || reader.says_any(at, &PLACES));
    let is_long = |run: &Run| run.digits.len() >= FEWEST;
    let asks = |at: usize| {
        let role = AskingRole::WHICH | AskingRole::SAY;
        let token = reader.token(at);
        reader.is_mark(at, b'?') || token.is_some_and(|token| token.asks(role))
    };
    is_part
        && own().any(asks)
        && runs(reader, passage.first, &|_| false).iter().any(is_long)
        && HeardTurn::of(passage).asks_for_part(passage)
}

impl HeardTurn<'_> {
    /// Whether it asks for a part of a number, and of what must be known before.
    pub(in super::super) fn asks_for_part(&self, passage: &SpokenPassage) -> bool {
        const MOST: usize = 24;
        let own = passage.first..passage.end;
        let reader = passage.reader();
        // "The last three", but not "the last one".
        let is_count = |at: usize| {
            let token = reader.token(at);
            token.is_some_and(|token| {
                let number = token.entry.number;
                (matches!(number, NumberWord::Unit(2..=9)) || token.says_digits())
                    && !reader.says(at, "one")
            })
        };
        let names_part = |at: usize| {
            reader.says_any(at, &PARTS) || reader.says_any(at, &PLACES) && is_count(at + 1)
        };
        let is_again = || {
            self.asks_number
                && own
                    .clone()
                    .any(|at| reader.says_any(at, &["again", "repeat"]))
        };
        self.asks
            && own.len() <= MOST
            && !self.says(AskingRole::HOW | AskingRole::WHEN)
            && (own.clone().any(names_part) || is_again())
            && own.clone().all(|at| self.is_of_asking(passage, at))
    }

    fn is_of_asking(&self, passage: &SpokenPassage, at: usize) -> bool {
        let (reader, token) = (passage.reader(), &passage.tokens[at]);
        let around =
            Class::FILLER | Class::LEAD | Class::COPULA | Class::RETRY | Class::PREPOSITION;
        let is_plain = |token: &Token| {
            token.has(around | Class::DETERMINER | Class::JOIN) || !token.entry.asking.is_empty()
        };
        !token.is_word()
            || is_plain(token)
            || token.says_number()
            || reader.says_any(at, &PARTS)
            || reader.says_any(at, &PLACES)
            || reader.says_any(at, &AROUND)
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::{Card, Phone};
    use crate::detect::testing::check;

    #[test]
    fn a_part_that_is_asked_for_again_is_of_a_number() {
        for text in [
            "agent: sorry, that cut out, the last three again?",
            "agent: and the middle bit once more?",
            "agent: what came after the four four?",
            "agent: and the part before that?",
            "agent: can you repeat the first half",
        ] {
            check(
                &format!("{text}\ncaller: six oh one"),
                &[(Phone, "six oh one")],
            );
        }
    }

    #[test]
    fn a_part_is_of_what_was_told_last() {
        let card =
            "four five three nine one four eight eight oh three four three six four six seven";
        check(
            &format!(
                "agent: your card number?\ncaller: {card}\nagent: the last four again?\ncaller: six four six seven"
            ),
            &[(Card, card), (Card, "six four six seven")],
        );
    }

    #[test]
    fn what_is_read_back_with_such_a_question_is_of_it() {
        check(
            "agent: I got 4539 1102 77, what comes after the double seven?\ncaller: six eight, four one oh three",
            &[
                (Card, "4539 1102 77"),
                (Card, "six eight, four one oh three"),
            ],
        );
    }

    #[test]
    fn a_part_of_something_else_stays() {
        for text in [
            "agent: the last three nights again?\ncaller: six oh one",
            "agent: which bus comes after that?\ncaller: six oh one",
            "agent: what's the rest of the order\ncaller: two six oh",
            "caller: my order number is four four one\nagent: sorry, the last part again?\ncaller: four four one",
            "agent: what time was that again?\ncaller: seven forty five",
            "agent: it came out in 2014",
            "agent: how many came after that?\ncaller: one two three or four",
        ] {
            check(text, &[]);
        }
    }
}
