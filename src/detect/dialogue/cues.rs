//! What a text leaves behind for the next one: what was asked for, and how much of it was said.

mod asked;
mod parts;

pub(crate) use parts::AskedSlot;

use super::heard::HeardTurn;
use super::question::{asks_back, is_nod};
use crate::detect::english::{Class, Topic, Wording, Wordings};
use crate::detect::hearing::{OwnName, asks_back_number};
use crate::detect::number::NumberKind;
use crate::detect::read::{Cue, GivenDigits, SaidDigits, SpokenPassage, Token, runs};
use crate::detect::themes::Themes;

/// How many numbers may be asked for at once behind the first.
const ALSO: usize = 2;

/// What stands before a text, as far as it matters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cues {
    region: [u8; 2],
    asked: Option<Topic>,
    // Asked for with it, to be answered after it.
    also: [Option<Topic>; ALSO],
    // Whether a card's expiry was asked for among other things.
    is_expiry_asked: bool,
    // The reference that was told, where it is what is waited for.
    reference: Option<SaidDigits>,
    // Digits of the answer so far.
    so_far: u8,
    // Digits of the last piece of it, which may be asked for again.
    piece: u8,
    // What was asked for that is answered in words.
    words: Wordings,
    // What was fully answered last, as long as it may be asked for again or put right.
    last: Option<Topic>,
    last_words: Wordings,
    // Whether a time or a count was asked for, and nothing else.
    asks_time: bool,
    // Whether the talk has turned to something else since.
    is_past: bool,
    // What was spoken of that is answered in words, and not asked for yet: "do you have a password?"
    mentioned: Wordings,
    // Whether the caller asked something instead of answering: "where do I find that?"
    asks_back: bool,
    // Whether the assistant told it, and asked for nothing else: it may only be put right.
    is_told: bool,
    // Whether the caller spoke of an order or the like last.
    is_of_reference: bool,
    // What the talk is of.
    themes: Themes,
    // What the assistant is called.
    own_name: OwnName,
}

/// The values in what an assistant said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ToldValues<'t> {
    /// Numbers, codes and dates, by topic.
    pub(crate) given: &'t [GivenDigits],
    /// What is told in words.
    pub(crate) words: Wordings,
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
            also: [None; ALSO],
            is_expiry_asked: false,
            reference: None,
            so_far: 0,
            piece: 0,
            words: Wordings::default(),
            last: None,
            last_words: Wordings::default(),
            asks_time: false,
            is_past: false,
            mentioned: Wordings::default(),
            asks_back: false,
            is_told: false,
            is_of_reference: false,
            themes: Themes::default(),
            own_name: OwnName::default(),
        }
    }

    /// What the assistant is called.
    pub(crate) fn own_name(&self) -> OwnName {
        self.own_name
    }

    /// Takes in what the assistant says that it is called.
    pub(crate) fn set_own_name(&mut self, name: OwnName) {
        self.own_name = name;
    }

    /// What the talk is of.
    pub(crate) fn themes(&self) -> Themes {
        self.themes
    }

    /// Takes in what a passage speaks of.
    pub(crate) fn hear_themes(&mut self, passage: &[Token]) {
        self.themes = self.themes.with(passage);
    }

    /// The caller's region.
    pub(crate) fn region(&self) -> &str {
        std::str::from_utf8(&self.region).unwrap_or("US")
    }

    /// What was asked for that is answered in words.
    pub(crate) fn words(&self) -> Wordings {
        self.words
    }

    fn is_under_way(&self) -> bool {
        self.so_far > 0
    }

    /// Takes in what the assistant said.
    pub(crate) fn hear_assistant(&mut self, passage: &SpokenPassage, told: ToldValues) {
        let waits = self.asked == Some(Topic::Reference);
        self.hear_request(passage);
        // "Your reference is c r seven seven …": a long one is somebody's own, and may be put right.
        let is_own = told
            .given
            .last()
            .is_some_and(|(topic, _)| *topic == Topic::Id);
        if is_own && !waits && self.asked == Some(Topic::Reference) {
            self.asked = None;
        }
        self.reference = match self.asked {
            Some(Topic::Reference) => longest_number(passage).or(self.reference),
            _ => None,
        };
        self.is_told = self.asked.is_none() && self.words.is_empty();
        self.is_told &= self.hear_told_values(told);
        // "I got 4539 1102 77, what comes next?": of what, its beginning told.
        if let (Some(Topic::Number), Some(&(topic, _))) = (self.asked, told.given.last()) {
            self.asked = Some(topic);
        }
    }

    /// Takes in whether a caller who gives nothing asks something himself.
    pub(crate) fn hear_question(&mut self, passage: &SpokenPassage, given: &[GivenDigits]) {
        self.asks_back = given.is_empty() && asks_back(passage.reader());
        let is_named = |cue: &&Cue| !matches!(cue.topic, Topic::Nothing | Topic::Number);
        if let Some(cue) = passage.cues.iter().rev().find(is_named) {
            self.is_of_reference = cue.topic == Topic::Reference;
        }
    }

    fn hear_request(&mut self, passage: &SpokenPassage) {
        let heard = HeardTurn::of(passage);
        let mentioned = std::mem::replace(&mut self.mentioned, heard.mentions(passage));
        let asks_back = std::mem::take(&mut self.asks_back);
        // "And what is it?", "go on then".
        if !mentioned.is_empty() && heard.asks_for_that(passage) {
            self.words = mentioned;
            (self.asked, self.also, self.so_far) = (None, [None; ALSO], 0);
            return;
        }
        // Where it is to be found.
        if asks_back && self.asked.is_some() && heard.only_tells(passage) {
            return;
        }
        if self.hear_part_asked(passage, &heard) {
            return;
        }
        self.asks_time = heard.asks_time;
        self.is_expiry_asked = heard.asks_expiry;
        if self.asked.is_some() && heard.is_remark {
            return;
        }
        // "Did you say number 20?"
        let is_back = self.words.contains(Wording::Address) && heard.wordings.is_empty();
        if is_back && asks_back_number(passage.reader()) {
            return;
        }
        if heard.topics.is_empty() && heard.wordings.is_empty() {
            self.hear_nothing_asked(passage, &heard);
            return;
        }
        let open = self.asked.or(self.last.filter(|_| !self.is_past));
        let is_part = |cue: &&Cue| open.is_some_and(|open| self.is_part(passage, cue, open));
        let is_named = !heard.topics.is_empty() && !heard.named.is_empty();
        let is_more = is_named && heard.named.iter().all(is_part);
        self.words = heard.wordings;
        if is_more {
            self.asked = open;
            return;
        }
        let mut topics = heard.topics.iter().copied();
        let first = topics.next();
        if first != self.asked {
            self.so_far = 0;
        }
        (self.asked, self.reference) = (first, None);
        self.also = [topics.next(), topics.next()];
    }

    // Nothing is asked for: whoever speaks goes on, asks again, or speaks of something else.
    fn hear_nothing_asked(&mut self, passage: &SpokenPassage, heard: &HeardTurn) {
        const FEW: usize = 3;
        // "And what's the number?": of what, its pieces must tell.
        let is_again = heard.has(Class::RETRY) && self.last.is_some();
        let is_vague = heard.asks_number && !is_again;
        // "Number?" behind a street is that of the house.
        let said = heard.tokens.iter().filter(|token| token.is_word()).count();
        if is_vague && said <= FEW && self.words.contains(Wording::Address) {
            return;
        }
        if is_vague && self.asked.is_none() {
            self.words = Wordings::default();
            (self.asked, self.also, self.so_far) = (Some(Topic::Number), [None; ALSO], 0);
            return;
        }
        if !heard.named.is_empty() {
            self.hear_named(passage, heard);
            return;
        }
        // "Can you spell that?"
        let spells = heard.spells(passage.text);
        if self.asks_words_again(passage, heard) {
            self.words = self.last_words;
        }
        if spells && heard.has(Class::THING) && self.words.is_empty() {
            return;
        }
        if spells && self.asked.is_none() && self.words.is_empty() && self.last.is_none() {
            self.words.insert(Wording::Name);
        }
        // Whoever only nods waits for more of the same.
        let revives = self.asked.is_none() && !self.is_past;
        let wants_more = || heard.retries() || is_nod(heard.tokens) || heard.denies(passage.text);
        let is_rest = || self.last == Some(Topic::Birth) && heard.asks_for_date(passage.text);
        if revives && (wants_more() || is_rest()) {
            self.asked = self.last;
        } else if heard.retries() {
            self.so_far = self.so_far.saturating_sub(std::mem::take(&mut self.piece));
        } else if !heard.goes_on() && !spells {
            self.forget();
        }
    }

    // Something is named and not asked for.
    fn hear_named(&mut self, passage: &SpokenPassage, heard: &HeardTurn) {
        // "Then one we can call back".
        let is_telephone = |cue: &&Cue| cue.topic == Topic::Phone;
        if self.asked == Some(Topic::Number) && heard.named.iter().all(is_telephone) {
            self.asked = Some(Topic::Phone);
        }
        let open = self.asked.or(self.last.filter(|_| !self.is_past));
        let is_own = |cue: &&Cue| {
            open.is_some_and(|open| is_alike(open, cue.topic) || self.is_part(passage, cue, open))
        };
        match heard.named.iter().all(is_own) {
            true if heard.retries() => self.asked = open,
            true if self.asked.is_some() => {}
            _ => self.forget(),
        }
        let is_reference = |cue: &&Cue| cue.topic == Topic::Reference;
        if self.asked.is_none() && heard.named.iter().all(is_reference) && heard.tells() {
            // "That's reference 9973": who says it again tells nothing.
            self.asked = Some(Topic::Reference);
        }
        self.hear_told(heard);
    }

    // "So 555 0148, Brin?": what was told may be put right. Says whether anything was.
    fn hear_told_values(&mut self, told: ToldValues) -> bool {
        let topic = told.given.last().map(|(topic, _)| *topic);
        if topic.is_none() && told.words.is_empty() {
            return false;
        }
        if topic.is_some() {
            self.last = topic;
        }
        if !told.words.is_empty() {
            self.last_words = told.words;
        }
        self.is_past = false;
        true
    }

    // "We have your birth date as …": what was told may be put right.
    fn hear_told(&mut self, heard: &HeardTurn) {
        let topic = heard.named.first().map(|cue| cue.topic);
        let told = topic.filter(|topic| heard.tells() && NumberKind::of(*topic).is_some());
        if let Some(topic) = told.filter(|_| self.asked.is_none()) {
            (self.last, self.is_past) = (Some(topic), false);
        }
    }

    /// Takes in what the caller said: the digits given, by topic, a topic that was named without
    /// its number, and what is still asked for in words.
    pub(crate) fn hear_caller(
        &mut self,
        given: &[GivenDigits],
        open: Option<Topic>,
        words: Wordings,
    ) {
        let answered = self.words.without(words);
        if !answered.is_empty() {
            (self.last_words, self.is_past) = (answered, false);
        }
        self.words = words;
        for &(topic, digits) in given {
            let kind = NumberKind::dictated(topic);
            if self.asked != Some(topic) {
                // What is no number is told in parts until something else is asked for.
                let is_number = NumberKind::of(topic).is_some();
                if is_number && (digits >= kind.full || digits >= kind.in_parts) {
                    self.fill(topic);
                    continue;
                }
                (self.asked, self.so_far) = (Some(topic), 0);
            }
            let so_far = usize::from(self.so_far) + digits;
            if so_far >= kind.full {
                self.fill(topic);
            } else {
                (self.so_far, self.piece) = (so_far as u8, digits as u8);
            }
        }
        if let Some(topic) = open.filter(|topic| self.asked != Some(*topic)) {
            (self.asked, self.also, self.so_far) = (Some(topic), [None; ALSO], 0);
        }
    }

    // A number is told: the next that was asked for is waited for.
    fn fill(&mut self, topic: Topic) {
        (self.last, self.is_past) = (Some(topic), false);
        let [second, third] = self.also;
        // "A number where we can text you" is answered by whatever number.
        if self.asked == Some(topic) || self.asked == Some(Topic::Number) {
            (self.asked, self.also, self.so_far) = (second, [third, None], 0);
        } else if second == Some(topic) {
            self.also = [third, None];
        } else if third == Some(topic) {
            self.also = [second, None];
        }
    }

    // The talk is of something else. What was told last may still be put right in the next turn.
    fn forget(&mut self) {
        (self.asked, self.also, self.so_far) = (None, [None; ALSO], 0);
        self.words = Wordings::default();
        if self.is_past {
            (self.last, self.last_words) = (None, Wordings::default());
        }
        self.is_past = true;
    }

    // "The last four", "the other half", "and the year": a part of what is being answered.
    fn is_part(&self, passage: &SpokenPassage, cue: &Cue, open: Topic) -> bool {
        let word = passage.tokens[cue.first];
        match cue.topic {
            Topic::LastFour => self.is_under_way() && open != Topic::Card,
            Topic::Reference if word.has(Class::UNIT) => open == Topic::Birth,
            Topic::Reference => self.is_under_way() && word.has(Class::GO_ON),
            _ => false,
        }
    }
}

// The one that may be a reference's: "it has 8 digits" tells none.
fn longest_number(passage: &SpokenPassage) -> Option<SaidDigits> {
    const FEWEST: usize = 3;
    let numbers = runs(passage.reader(), passage.first, &|_| false);
    let digits = numbers.iter().map(|run| &run.digits);
    let longest = digits.max_by_key(|digits| digits.len());
    let told = longest.filter(|digits| digits.len() >= FEWEST);
    told.map(|digits| SaidDigits::of(digits))
}

// The number on a key tag is that of the plate.
fn is_alike(open: Topic, named: Topic) -> bool {
    let is_code = |topic| matches!(topic, Topic::Id | Topic::Code);
    // "That code has expired, try the new one".
    let expires = |topic| matches!(topic, Topic::Pin | Topic::Card | Topic::Cvv);
    open == named
        || is_code(open) && is_code(named)
        || expires(open) && matches!(named, Topic::Expiry | Topic::Pin)
}

#[cfg(test)]
mod tests;
