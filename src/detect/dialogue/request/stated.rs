//! Statements that ask: "a street name will do", "I didn't catch your name", "your number is on the
//! card".

use super::SentenceReader;
use crate::detect::english::{AskingRole, Class};

impl SentenceReader<'_> {
    // "Just your first name is fine", "a street name will do", "the address when you're ready", "I
    // didn't catch your name".
    pub(super) fn is_stated(&self) -> bool {
        const DO: [&str; 8] = [
            "do", "fine", "great", "enough", "plenty", "good", "help", "helpful",
        ];
        let reader = &self.reader;
        let is_empty = |at: &usize| {
            let token = &reader.tokens[*at];
            !token.is_word()
                || token.has(Class::FILLER)
                || reader.says_any(*at, &["okay", "and", "or", "so"])
        };
        let Some(first) = self.tokens.clone().find(|at| !is_empty(at)) else {
            return false;
        };
        let few = reader.says_any(first, &["just", "only", "even", "either", "any", "a", "an"]);
        let is_other = reader.says_any(first, &["that", "this", "it", "that'll", "it'll"])
            || self.asks(first, AskingRole::ME | AskingRole::YOU);
        let ends = |at: usize| {
            let is_done = |at: usize| reader.says_any(at, &DO);
            let behind = at + 1 + usize::from(reader.says(at + 1, "be"));
            let is_would = reader.says_any(at, &["will", "would", "should"]) && is_done(behind);
            let is_fine = few && reader.says_any(at, &["is", "are"]) && is_done(at + 1);
            is_would && !is_other || is_fine
        };
        let misses = |at: usize| {
            reader.says_any(at, &["didn't", "couldn't"])
                && (at + 1..at + 4).any(|at| reader.says_any(at, &["catch", "get", "hear"]))
                && (at + 2..at + 6).any(|at| reader.says(at, "your"))
        };
        self.tells_where(first)
            || self
                .tokens
                .clone()
                .any(|at| ends(at) || misses(at) || self.is_ready(at) && !is_other)
    }

    // "Your membership number is on the key fob": who says where it stands waits for it.
    fn tells_where(&self, first: usize) -> bool {
        const FAR: usize = 5;
        const NOUNS: [&str; 5] = ["number", "code", "id", "pin", "digits"];
        const PLACES: [&str; 6] = ["on", "at", "under", "underneath", "printed", "written"];
        const END: [&str; 4] = ["is", "are", "be", "it's"];
        let reader = &self.reader;
        let mut near = first + 1..first + FAR;
        let noun = near.find(|at| {
            let is_head = reader.says_any(*at + 1, &["is", "are", "should", "will"]);
            reader.says_any(*at, &NOUNS) && is_head
        });
        let is_place = |noun: usize| {
            let behind = noun + 2 + usize::from(reader.says_any(noun + 2, &END));
            reader.says_any(behind, &PLACES) && reader.says_any(behind + 1, &["the", "your", "on"])
        };
        reader.says(first, "your") && noun.is_some_and(is_place)
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Id;
    use crate::detect::testing::check;

    #[test]
    fn where_a_number_stands_is_told_to_ask_for_it() {
        for (said, answer, value) in [
            (
                "your membership number is on the key fob",
                "it's worn off, something like two two seven zero",
                "two two seven zero",
            ),
            (
                "your policy number should be on the letter",
                "two two seven zero four",
                "two two seven zero four",
            ),
        ] {
            let text = format!("agent: {said}\ncaller: {answer}");
            check(&text, &[(Id, value)]);
        }
        for text in [
            "agent: your room number is on the key card\ncaller: two two seven",
            "agent: your card is on its way\ncaller: in two or three days",
            "agent: your order number is on the receipt\ncaller: two two seven zero",
        ] {
            check(text, &[]);
        }
    }
}
