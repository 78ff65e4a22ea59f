//! What an assistant said, as far as it asks for something or goes on with it.
//!
//! It keeps nothing: what becomes of the slots, `cues.rs` says.

use std::ops::Range;

use super::question::{
    asked_for, asks_called, asks_for_it, is_call, is_retry, is_yours, word_questions,
};
use super::remark::{explains, is_relative, points};
use super::request::{AskingPart, AskingWay, asking_parts};
use crate::detect::english::{AskingRole, Class, NumberWord, Topic, Wording, Wordings};
use crate::detect::people::NameSense;
use crate::detect::read::{Cue, SpokenPassage, Token, TokenReader};

mod again;
mod announced;
mod mentioned;

pub(super) use again::says_part;

/// What an assistant said.
pub(super) struct HeardTurn<'a> {
    /// Its tokens.
    pub(super) tokens: &'a [Token],
    /// The words that are no digits: those are read back, and no words of a new question.
    pub(super) words: usize,
    /// The phrases that name something, but none of a question that is answered in words: "the
    /// name on the card" asks for no card.
    pub(super) named: Vec<&'a Cue>,
    /// The topics of the numbers that it asks for, in order.
    pub(super) topics: Vec<Topic>,
    /// What it asks for that is answered in words.
    pub(super) wordings: Wordings,
    /// Whether it asks for a number, and not of what.
    pub(super) asks_number: bool,
    /// Whether it asks for a card's expiry, be it with other things.
    pub(super) asks_expiry: bool,
    /// Whether it asks for anything at all, be it a time or whether one may help.
    pub(super) asks: bool,
    /// Whether it asks for a time or a count, and for nothing else.
    pub(super) asks_time: bool,
    /// Whether it only says why, where or which one.
    pub(super) is_remark: bool,
}

impl<'a> HeardTurn<'a> {
    /// Reads a passage of the assistant.
    pub(super) fn of(passage: &SpokenPassage<'a>) -> Self {
        let reader = passage.reader();
        let range = passage.first..passage.end;
        let tokens = &passage.tokens[range.clone()];
        // Letters and digits are read back, and no words of a new question.
        let is_read_back =
            |token: &Token| token.is_letter() || token.entry.number != NumberWord::None;
        let is_word = |token: &&Token| token.is_word() && !is_read_back(token);
        let parts = asking_parts(reader, range.clone());
        let questions = word_questions(passage.tokens, range.clone());
        let in_question = |cue: &Cue| {
            let mut own = questions
                .iter()
                .filter(|(wording, _)| *wording != Wording::Other);
            own.any(|(_, own)| own.contains(&cue.first))
        };
        let is_named =
            |cue: &&Cue| !matches!(cue.topic, Topic::Nothing | Topic::Number) && !in_question(cue);
        let has = |way: AskingWay| parts.iter().any(|part| part.way == way);
        let mut heard = Self {
            tokens,
            words: tokens.iter().filter(is_word).count(),
            named: passage.cues.iter().filter(is_named).collect(),
            topics: Vec::new(),
            wordings: Wordings::default(),
            asks_number: false,
            asks_expiry: false,
            asks: parts.iter().any(|part| part.way != AskingWay::Before),
            asks_time: has(AskingWay::Time) && !has(AskingWay::Value),
            is_remark: points(passage),
        };
        for (at, part) in parts.iter().enumerate() {
            let next = parts.get(at + 1);
            heard.hear_numbers(reader, passage.cues, part, next);
            heard.hear_words(reader, &questions, part, next);
        }
        if heard.asks_secret(passage, &parts) {
            heard.wordings.insert(Wording::Secret);
        }
        if heard.returns_question(reader, &range) {
            heard.wordings.insert(Wording::Name);
        }
        let is_silent = heard.topics.is_empty() && heard.wordings.is_empty();
        heard.is_remark |= is_silent && explains(reader, range.clone());
        // "… to your phone, read them out" asks for no phone's number.
        let is_free = heard.topics.iter().all(|topic| *topic == Topic::Phone);
        let is_free = is_free && heard.wordings.is_empty();
        let waits = !heard.asks || is_free && asks_for_it(reader, &parts);
        let is_sent = || {
            heard.sends_digits(reader, &range)
                || heard.asks_digits(reader, &parts)
                || heard.asks_shown(reader, &parts)
        };
        if is_free && is_sent() || waits && heard.announces_code(passage) {
            heard.topics = vec![Topic::Pin];
        }
        heard
    }

    // "I'm Raj, by the way. And you?"
    fn returns_question(&self, reader: TokenReader, range: &Range<usize>) -> bool {
        let is_word = |at: &usize| reader.token(*at).is_some_and(Token::is_word);
        let mut last = range.clone().rev().filter(is_word);
        let is_you = last.next().is_some_and(|at| {
            let you = ["you", "yourself", "yours"];
            reader.says_any(at, &you) && at > range.start && reader.says(at - 1, "and")
        });
        let is_own = |at: usize| {
            let token = reader.token(at + 1);
            let is_name = |token: &Token| {
                let sense = NameSense::of(token.of(reader.text));
                sense.is_clear() || sense.is_name() && token.is_capital(reader.text)
            };
            reader.says_any(at, &["i'm", "am", "name's", "is"]) && token.is_some_and(is_name)
        };
        is_you && range.clone().any(is_own)
    }

    /// Whether one of its words is in one of some classes.
    pub(super) fn has(&self, classes: Class) -> bool {
        self.tokens.iter().any(|token| token.has(classes))
    }

    /// Whether one of its words does one of these where somebody asks.
    pub(super) fn says(&self, asking: AskingRole) -> bool {
        self.tokens.iter().any(|token| token.asks(asking))
    }

    /// Whether it says digits.
    pub(super) fn tells(&self) -> bool {
        self.tokens.iter().any(Token::says_digits)
    }

    /// Whether it did not get what was said.
    pub(super) fn retries(&self) -> bool {
        (0..self.tokens.len()).any(|at| is_retry(self.tokens, at))
    }

    /// Whether it speaks of what was asked for before, and asks for nothing new.
    pub(super) fn goes_on(&self) -> bool {
        const FEW: usize = 3;
        const SOME: usize = 10;
        let is_short = self.words <= if self.asks { FEW } else { SOME };
        is_short || self.has(Class::GO_ON) || self.asks && self.says(AskingRole::SAME)
    }

    /// Whether it asks for a part of a date: "and the day and month?".
    pub(super) fn asks_for_date(&self, text: &str) -> bool {
        const PARTS: [&str; 3] = ["day", "month", "year"];
        const AROUND: [&str; 14] = [
            "and", "or", "the", "of", "what", "what's", "which", "is", "was", "that", "then", "in",
            "exact", "please",
        ];
        let says = |token: &Token, words: &[&str]| {
            let word = token.of(text);
            words.iter().any(|one| word.eq_ignore_ascii_case(one))
        };
        let mut words = self.tokens.iter().filter(|token| token.is_word());
        let is_part = words.clone().any(|token| says(token, &PARTS));
        self.asks && is_part && words.all(|token| says(token, &PARTS) || says(token, &AROUND))
    }

    /// Whether it asks how something is spelled, or for the rest of a name.
    pub(super) fn spells(&self, text: &str) -> bool {
        const FEW: usize = 4;
        const WORDS: [&str; 4] = ["spell", "spelled", "spelling", "spelt"];
        const PARTS: [&str; 7] = [
            "first", "second", "last", "middle", "legally", "initial", "full",
        ];
        let says = |words: &[&str]| {
            let is_said = |token: &Token| {
                let word = token.of(text);
                words.iter().any(|one| word.eq_ignore_ascii_case(one))
            };
            self.tokens.iter().any(is_said)
        };
        // "Is that with a W?"
        let hints = || {
            let mut near = self.tokens.windows(3);
            near.any(|near| {
                let is_with = ["with", "without"]
                    .iter()
                    .any(|word| near[0].of(text).eq_ignore_ascii_case(word));
                is_with && near[2].is_letter()
            })
        };
        says(&WORDS) || self.words <= FEW && says(&PARTS) || self.words <= FEW + 2 && hints()
    }

    /// Whether it only did not hear: "sorry?", "come again".
    pub(super) fn is_puzzled(&self, text: &str) -> bool {
        const WORDS: [&str; 8] = [
            "sorry", "pardon", "what", "huh", "come", "again", "excuse", "eh",
        ];
        const FEW: usize = 3;
        let said = || self.tokens.iter().filter(|token| token.is_word());
        let is_one = |token: &Token| {
            let word = token.of(text);
            WORDS.iter().any(|one| word.eq_ignore_ascii_case(one))
                || word.eq_ignore_ascii_case("me")
        };
        (1..=FEW).contains(&said().count()) && said().all(is_one)
    }

    /// Whether it is short and says that what was told is not it: "that didn't work".
    pub(super) fn denies(&self, text: &str) -> bool {
        const WORDS: [&str; 9] = [
            "not", "no", "nope", "didn't", "doesn't", "isn't", "wasn't", "won't", "try",
        ];
        const FEW: usize = 5;
        let is_one = |token: &Token| {
            let word = token.of(text);
            WORDS.iter().any(|one| word.eq_ignore_ascii_case(one))
        };
        let asks = AskingRole::WHICH | AskingRole::HOW | AskingRole::WHEN;
        !self.says(asks) && self.words <= FEW && self.tokens.iter().any(is_one)
    }

    /// Whether it only says what may be a name: "Zenep?".
    pub(super) fn reads_name(&self, text: &str) -> bool {
        const FEW: usize = 3;
        let may_be = |token: &Token| {
            let sense = NameSense::of(token.of(text));
            token.is_letter() || token.entry.id == 0 && !sense.is_word_only()
        };
        let mut words = self.tokens.iter().filter(|token| token.is_word());
        (1..=FEW).contains(&self.words) && words.all(may_be)
    }

    fn hear_numbers(
        &mut self,
        reader: TokenReader,
        cues: &[Cue],
        part: &AskingPart,
        next: Option<&AskingPart>,
    ) {
        let own = cues.iter().filter(|cue| part.tokens.contains(&cue.first));
        let begins = reader.token(part.tokens.start);
        let is_way = begins.is_some_and(|token| token.asks(AskingRole::WHICH | AskingRole::HOW));
        let reaches = |cue: &Cue| is_way && (cue.first..cue.end).any(|at| is_reaching(reader, at));
        let named: Vec<&Cue> = self
            .named
            .iter()
            .copied()
            .filter(|cue| part.tokens.contains(&cue.first))
            .filter(|cue| !is_call(reader, cue) || reaches(cue))
            .collect();
        let mut topics = asked_for(reader.tokens, &named);
        // "Which number will he ring at the gate?"
        let is_reference = |topic: &Topic| *topic == Topic::Reference;
        if topics.iter().all(is_reference)
            && own.clone().any(|cue| reaches_somebody(reader, cue, part))
        {
            topics = vec![Topic::Phone];
        }
        match part.way {
            AskingWay::Value => {
                self.asks_expiry |= named.iter().any(|cue| cue.topic == Topic::Expiry);
                self.asks_number |= own.clone().any(|cue| cue.topic == Topic::Number);
            }
            // "When were you born", "what year is your birthday".
            AskingWay::Time => topics.retain(|topic| *topic == Topic::Birth),
            AskingWay::Nothing => topics.clear(),
            AskingWay::Before => {
                let is_said_later = next.is_some_and(|next| {
                    next.way != AskingWay::Value
                        || self
                            .named
                            .iter()
                            .any(|cue| next.tokens.contains(&cue.first))
                });
                let is_yours = named.iter().any(|cue| is_yours(reader, cue.first));
                if is_said_later || !is_yours {
                    topics.clear();
                }
            }
        }
        for topic in topics {
            if !self.topics.contains(&topic) {
                self.topics.push(topic);
            }
        }
    }

    fn hear_words(
        &mut self,
        reader: TokenReader,
        questions: &[(Wording, Range<usize>)],
        part: &AskingPart,
        next: Option<&AskingPart>,
    ) {
        const SHORT: usize = 6;
        const FEW: usize = 3;
        const ALONE: [&str; 11] = [
            "unit",
            "apartment",
            "apt",
            "flat",
            "suite",
            "street",
            "town",
            "suburb",
            "estate",
            "village",
            "townland",
        ];
        let own = |part: &AskingPart, range: &Range<usize>| part.tokens.contains(&(range.end - 1));
        let is_asked = match part.way {
            AskingWay::Value => true,
            AskingWay::Before => next.is_some_and(|next| {
                next.way == AskingWay::Value && !questions.iter().any(|(_, range)| own(next, range))
            }),
            AskingWay::Time | AskingWay::Nothing => false,
        };
        if is_asked && asks_called(reader, part) {
            self.wordings.insert(Wording::Name);
        }
        if is_asked && asks_where(reader, part) {
            self.wordings.insert(Wording::Place);
        }
        for (wording, range) in questions {
            // "And you are?", but not "and you are looking for …".
            let ends = range.end < part.tokens.end
                && reader.says_any(range.end - 1, &["are", "you're", "be"]);
            // "Address?", but not "which address did the mail come from?".
            let is_long = range.len() == 1
                && (part.tokens.len() > SHORT && reader.says(range.start, "address")
                    || part.tokens.len() > FEW && reader.says_any(range.start, &ALONE));
            let is_other = ends || is_long || *wording == Wording::Other;
            let is_only_near = || {
                self.is_of_number(reader, range.start)
                    || mentioned::only_mentions(reader, part, *wording, range, &self.named)
            };
            if is_asked && own(part, range) && !is_other && !is_only_near() {
                self.wordings.insert(*wording);
            }
        }
    }
}

// "What number can we get you on", "a number in case we're cut off", "a number for you".
fn reaches_somebody(reader: TokenReader, cue: &Cue, part: &AskingPart) -> bool {
    const NEAR: usize = 8;
    const ALSO: [&str; 8] = [
        "use",
        "dial",
        "cut",
        "disconnected",
        "driver",
        "courier",
        "on",
        "you",
    ];
    const ELSE: [&str; 6] = ["send", "sent", "see", "have", "choose", "want"];
    let behind = || cue.end..part.tokens.end.min(cue.end + NEAR);
    let reaches = |at: usize| {
        let token = reader.token(at);
        token.is_some_and(|token| token.asks(AskingRole::REACH)) || reader.says_any(at, &ALSO)
    };
    cue.topic == Topic::Number
        && behind().any(reaches)
        && !behind().any(|at| reader.says_any(at, &ELSE))
}

fn is_reaching(reader: TokenReader, at: usize) -> bool {
    reader.says_any(at, &["reach", "reached", "contact", "hold"])
}

// "Where's it going?", "and whereabouts are you?", "pickup from where?", "shipping to?".
fn asks_where(reader: TokenReader, part: &AskingPart) -> bool {
    const WHERE: [&str; 4] = ["where", "where's", "wheres", "whereabouts"];
    const TO: [&str; 3] = ["to", "from", "place"];
    let last = part.tokens.end.saturating_sub(1);
    let is_short = part.tokens.len() <= 3;
    let is_where = |at: usize| reader.says_any(at, &WHERE) && !is_relative(reader, at);
    part.tokens.clone().any(is_where) || is_short && reader.says_any(last, &TO)
}
