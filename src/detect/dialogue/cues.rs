//! What a text leaves behind for the next one: what was asked for, and how much of it was said.

use super::question::{self, asked_for, is_nod, is_retry};
use crate::detect::english::{Class, NumberWord, Topic, Wording};
use crate::detect::number::NumberKind;
use crate::detect::read::{Cue, GivenDigits, Lexicon, SpokenPassage, Token};

/// What stands before a text, as far as it matters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cues {
    region: [u8; 2],
    asked: Option<Topic>,
    // Asked for in the same breath, to be answered after it.
    then: Option<Topic>,
    // Digits of the answer so far.
    so_far: u8,
    // Digits of the last piece of it, which may be asked for again.
    piece: u8,
    // What was asked for that is answered in words.
    wording: Option<Wording>,
    // What was fully answered last, as long as it may be asked for again.
    last: Option<Topic>,
}

impl Cues {
    /// What stands before the first text of a call. The region is the ISO 3166 alpha-2 code of
    /// the caller's number; phone numbers without a country code are read as of there.
    pub fn at_start(region: &str) -> Self {
        let mut letters = region.bytes().map(|letter| letter.to_ascii_uppercase());
        let region = match (letters.next(), letters.next(), letters.next()) {
            (Some(first), Some(second), None) => [first, second],
            _ => *b"US",
        };
        Self {
            region,
            asked: None,
            then: None,
            so_far: 0,
            piece: 0,
            wording: None,
            last: None,
        }
    }

    /// The caller's region.
    pub(crate) fn region(&self) -> &str {
        std::str::from_utf8(&self.region).unwrap_or("US")
    }

    /// What was asked for and not yet fully answered.
    pub(crate) fn asked(&self) -> Option<Topic> {
        self.asked
    }

    /// What was asked for that is answered in words.
    pub(crate) fn wording(&self) -> Option<Wording> {
        self.wording
    }

    /// Whether an answer has begun.
    pub(crate) fn is_under_way(&self) -> bool {
        self.so_far > 0
    }

    /// Takes in what the assistant said.
    pub(crate) fn hear_assistant(&mut self, passage: &SpokenPassage) {
        let heard = HeardQuestion::of(passage);
        self.hear_wording(&heard);
        if heard.cues.is_empty() {
            self.hear_no_topic(&heard);
            return;
        }
        if heard.cues.iter().all(|cue| self.is_part(passage, cue)) {
            return;
        }
        if !heard.asks {
            self.forget();
            return;
        }
        let (first, second) = asked_for(passage.tokens, &heard.cues);
        if first != self.asked {
            self.so_far = 0;
        }
        (self.asked, self.then) = (first, second);
    }

    // What is answered in words.
    fn hear_wording(&mut self, heard: &HeardQuestion) {
        let goes_on = heard.words <= 3 || heard.has(Class::GO_ON | Class::RETRY);
        self.wording = match heard.wording {
            Some(wording) => heard.asks.then_some(wording),
            None => self.wording.filter(|_| heard.cues.is_empty() && goes_on),
        };
    }

    // Nothing is named: whoever asks goes on, asks again, or speaks of something else.
    fn hear_no_topic(&mut self, heard: &HeardQuestion) {
        let is_vague = heard.asks_number && heard.asks && !heard.has(Class::RETRY);
        // "And what's the number?": of what, its pieces must tell.
        if is_vague && self.asked.is_none() {
            (self.asked, self.then, self.so_far) = (Some(Topic::Number), None, 0);
            return;
        }
        let wants_more = heard.words <= 6 || heard.has(Class::GO_ON);
        let retries = (0..heard.tokens.len()).any(|at| is_retry(heard.tokens, at));
        // Whoever only nods waits for more of the same.
        if self.asked.is_none() && (retries || is_nod(heard.tokens)) {
            self.asked = self.last;
        } else if retries {
            self.so_far = self.so_far.saturating_sub(std::mem::take(&mut self.piece));
        } else if !wants_more {
            self.forget();
        }
    }

    /// Takes in what the caller said: the digits given, by topic, and a topic that was named
    /// without its number.
    pub(crate) fn hear_caller(
        &mut self,
        given: &[GivenDigits],
        open: Option<Topic>,
        wording: Option<Wording>,
    ) {
        self.wording = wording;
        for &(topic, digits) in given {
            let kind = NumberKind::dictated(topic);
            if self.asked != Some(topic) {
                if digits >= kind.full || digits >= kind.in_parts {
                    self.last = Some(topic);
                    continue;
                }
                (self.asked, self.so_far) = (Some(topic), 0);
            }
            let so_far = usize::from(self.so_far) + digits;
            if so_far >= kind.full {
                self.last = Some(topic);
                (self.asked, self.so_far) = (self.then.take(), 0);
            } else {
                (self.so_far, self.piece) = (so_far as u8, digits as u8);
            }
        }
        if let Some(topic) = open.filter(|topic| self.asked != Some(*topic)) {
            (self.asked, self.then, self.so_far) = (Some(topic), None, 0);
        }
    }

    fn forget(&mut self) {
        (self.asked, self.then, self.so_far) = (None, None, 0);
        self.last = None;
    }

    // "The last four", "the other half", "and the year": a part of what is being answered.
    fn is_part(&self, passage: &SpokenPassage, cue: &Cue) -> bool {
        let Some(asked) = self.asked else {
            return false;
        };
        let word = passage.tokens[cue.first];
        match cue.topic {
            Topic::LastFour => self.is_under_way() && asked != Topic::Card,
            Topic::Reference if word.has(Class::UNIT) => asked == Topic::Birth,
            Topic::Reference => self.is_under_way() && word.has(Class::GO_ON),
            _ => false,
        }
    }
}

/// What an assistant said, as far as it may be a question.
struct HeardQuestion<'a> {
    tokens: &'a [Token],
    // The words that are no digits: those are read back, and no words of a new question.
    words: usize,
    // The phrases that name something, but none of a question that is answered in words: "the
    // name on the card" asks for no card.
    cues: Vec<&'a Cue>,
    asks: bool,
    asks_number: bool,
    wording: Option<Wording>,
}

impl<'a> HeardQuestion<'a> {
    fn of(passage: &SpokenPassage<'a>) -> Self {
        const FEW: usize = 6;
        let tokens = &passage.tokens[passage.first..passage.end];
        let question = question::question(tokens);
        let own = question.as_ref().map_or(0..0, |(_, own)| {
            passage.first + own.start..passage.first + own.end
        });
        let is_word = |token: &&Token| token.is_word() && token.entry.number == NumberWord::None;
        let words = tokens.iter().filter(is_word).count();
        let is_request = |token: &Token| token.has(Class::REQUEST) || token.is_mark(b'?');
        // "And the code on the back": the verb was in the question before.
        let and = Lexicon::get().and;
        let goes_on = tokens.iter().take(2).any(|first| first.entry.id == and);
        let is_named = |cue: &&Cue| {
            !matches!(cue.topic, Topic::Nothing | Topic::Number) && !own.contains(&cue.first)
        };
        Self {
            tokens,
            words,
            cues: passage.cues.iter().filter(is_named).collect(),
            asks: words <= FEW || tokens.iter().any(is_request) || goes_on,
            asks_number: passage.cues.iter().any(|cue| cue.topic == Topic::Number),
            wording: question.map(|(wording, _)| wording),
        }
    }

    fn has(&self, classes: Class) -> bool {
        self.tokens.iter().any(|token| token.has(classes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::read::{cues, tokenize};

    fn asked_after(said: &[&str]) -> Option<Topic> {
        let mut state = Cues::at_start("US");
        for text in said {
            let tokens = tokenize(text);
            state.hear_assistant(&SpokenPassage {
                text,
                tokens: &tokens,
                first: 0,
                end: tokens.len(),
                cues: &cues(&tokens),
                asked: state.asked(),
                is_bare: false,
            });
        }
        state.asked
    }

    #[test]
    fn the_last_question_counts() {
        assert_eq!(
            asked_after(&["Can I get the card number please?"]),
            Some(Topic::Card)
        );
        assert_eq!(
            asked_after(&["Thanks for calling. What's your zip code?"]),
            Some(Topic::Zip)
        );
        assert_eq!(
            asked_after(&["what's the phone number on the account"]),
            Some(Topic::Phone)
        );
        assert_eq!(
            asked_after(&["I need the card number, expiry date and the security code."]),
            Some(Topic::Card)
        );
        assert_eq!(asked_after(&["your card?", "got it"]), Some(Topic::Card));
        assert_eq!(
            asked_after(&[
                "your card?",
                "Thank you, your table is booked for tonight then."
            ]),
            None
        );
    }

    #[test]
    fn a_dictation_ends_when_it_is_complete() {
        let mut state = Cues::at_start("US");
        state.asked = Some(Topic::Ssn);
        state.hear_caller(&[(Topic::Ssn, 5)], None, None);
        assert_eq!((state.asked, state.so_far), (Some(Topic::Ssn), 5));
        state.hear_caller(&[(Topic::Ssn, 4)], None, None);
        assert_eq!((state.asked, state.so_far), (None, 0));
    }

    #[test]
    fn the_region_is_two_letters_or_the_us() {
        assert_eq!(Cues::at_start("gb").region(), "GB");
        assert_eq!(Cues::at_start("").region(), "US");
    }
}
