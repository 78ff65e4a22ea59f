//! What a text leaves behind for the next one: what was asked for, and how much of it was said.

use std::ops::Range;

use super::answer::{self, Wording};
use super::lexicon::Lexicon;
use super::tokens::{Kind, Token};
use super::topics::{Cue, Topic, is_complement};
use super::words::{DETERMINER, FILLER, GO_ON, JOIN, LEAD, LOOSE, Number, REQUEST, RETRY, UNIT};

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
    pub(super) fn region(&self) -> &str {
        std::str::from_utf8(&self.region).unwrap_or("US")
    }

    /// What was asked for and not yet fully answered.
    pub(super) fn asked(&self) -> Option<Topic> {
        self.asked
    }

    /// What was asked for that is answered in words.
    pub(super) fn wording(&self) -> Option<Wording> {
        self.wording
    }

    /// Whether an answer has begun.
    pub(super) fn is_under_way(&self) -> bool {
        self.so_far > 0
    }

    /// Takes in what the assistant said.
    pub(super) fn hear_assistant(&mut self, all: &[Token], range: Range<usize>, cues: &[Cue]) {
        let tokens = &all[range.clone()];
        let question = answer::question(tokens)
            .map(|(wording, own)| (wording, range.start + own.start..range.start + own.end));
        // The digits that are read back are no words of a new question.
        let words = tokens
            .iter()
            .filter(|token| token.is_word() && token.entry.number == Number::None)
            .count();
        let asks_number = cues.iter().any(|cue| cue.topic == Topic::Number);
        let cues: Vec<_> = cues
            .iter()
            .filter(|cue| cue.topic != Topic::Nothing && cue.topic != Topic::Number)
            // "The name on the card" asks for no card.
            .filter(|cue| {
                !question
                    .as_ref()
                    .is_some_and(|(_, own)| own.contains(&cue.first))
            })
            .collect();
        let asks = words <= 6
            || tokens
                .iter()
                .any(|token| token.has(REQUEST) || token.is_mark(b'?'))
            // "And the code on the back": the verb was in the question before.
            || tokens
                .iter()
                .take(2)
                .any(|first| first.entry.id == Lexicon::get().and);
        let goes_on = words <= 3 || tokens.iter().any(|token| token.has(GO_ON | RETRY));
        self.wording = match question {
            Some((wording, _)) => asks.then_some(wording),
            None => self.wording.filter(|_| cues.is_empty() && goes_on),
        };
        // "And what's the number?": of what, its pieces must tell.
        if cues.is_empty()
            && asks_number
            && asks
            && self.asked.is_none()
            && !tokens.iter().any(|token| token.has(RETRY))
        {
            (self.asked, self.then, self.so_far) = (Some(Topic::Number), None, 0);
            return;
        }
        if cues.is_empty() {
            let wants_more = words <= 6 || tokens.iter().any(|token| token.has(GO_ON));
            let retries = (0..tokens.len()).any(|at| is_retry(tokens, at));
            if retries && self.asked.is_none() {
                self.asked = self.last;
            } else if self.asked.is_none() && is_nod(tokens) {
                // Whoever only nods waits for more of the same.
                self.asked = self.last;
            } else if retries {
                self.so_far = self.so_far.saturating_sub(std::mem::take(&mut self.piece));
            } else if !wants_more {
                self.forget();
            }
            return;
        }
        if cues.iter().all(|cue| self.is_part(all, cue)) {
            return;
        }
        if !asks {
            self.forget();
            return;
        }
        let (first, second) = asked_for(all, &cues);
        if first != self.asked {
            self.so_far = 0;
        }
        (self.asked, self.then) = (first, second);
    }

    /// Takes in what the caller said: the digits given, by topic, and a topic that was named
    /// without its number.
    pub(super) fn hear_caller(
        &mut self,
        given: &[(Topic, usize)],
        open: Option<Topic>,
        wording: Option<Wording>,
    ) {
        self.wording = wording;
        for &(topic, digits) in given {
            if self.asked != Some(topic) {
                if digits >= full_length(topic) || !is_dictated_in_parts(topic, digits) {
                    self.last = Some(topic);
                    continue;
                }
                (self.asked, self.so_far) = (Some(topic), 0);
            }
            let so_far = usize::from(self.so_far) + digits;
            if so_far >= full_length(topic) {
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
    fn is_part(&self, all: &[Token], cue: &Cue) -> bool {
        let Some(asked) = self.asked else {
            return false;
        };
        let word = all[cue.first];
        match cue.topic {
            Topic::LastFour => self.is_under_way() && asked != Topic::Card,
            Topic::Reference if word.has(UNIT) => asked == Topic::Birth,
            Topic::Reference => self.is_under_way() && word.has(GO_ON),
            _ => false,
        }
    }
}

// The last noun of the last sentence that has one, or the first of those that "and" joins to it.
fn asked_for(tokens: &[Token], cues: &[&Cue]) -> (Option<Topic>, Option<Topic>) {
    // "The last four of your social" asks for the social.
    let ends_behind = |at: usize| at > 0 && cues[at - 1].topic == Topic::LastFour;
    let heads: Vec<_> = cues
        .iter()
        .enumerate()
        .filter(|(at, cue)| !is_complement(tokens, cue) || ends_behind(*at))
        .filter(|(at, cue)| *at == 0 || is_vague(cues[at - 1]) || !is_verb(tokens, cue))
        .filter(|(at, cue)| cue.topic != Topic::LastFour || at + 1 == cues.len())
        .map(|(_, cue)| cue)
        .collect();
    let heads = if heads.is_empty() {
        cues.iter().collect()
    } else {
        heads
    };
    let Some(mut at) = heads.len().checked_sub(1) else {
        return (None, None);
    };
    let is_joined = |left: &Cue, right: &Cue| {
        let between = tokens.get(left.end..right.first).unwrap_or(&[]);
        between.len() <= 5
            && between
                .iter()
                .any(|token| token.has(LOOSE) || token.is_mark(b','))
            && between
                .iter()
                .all(|token| token.has(LOOSE | DETERMINER) || token.is_mark(b','))
    };
    while at > 0 && is_joined(heads[at - 1], heads[at]) {
        at -= 1;
    }
    // A card's expiry is nothing to wait for.
    let mut asked = heads[at..]
        .iter()
        .map(|cue| cue.topic)
        .filter(|topic| *topic != Topic::Expiry);
    match asked.next() {
        Some(Topic::LastFour) => (Some(Topic::Card), asked.next()),
        Some(topic) => (Some(topic), asked.next()),
        None => (Some(Topic::Expiry), None),
    }
}

// "Okay", "mhm", "got it".
fn is_nod(tokens: &[Token]) -> bool {
    let mut words = tokens.iter().filter(|token| token.is_word());
    words.clone().count() <= 3 && words.all(|token| token.has(FILLER | JOIN | LEAD | GO_ON))
}

// "Say that again", but not "come again tomorrow".
fn is_retry(tokens: &[Token], at: usize) -> bool {
    let ends = tokens
        .get(at + 1)
        .is_none_or(|next| !next.is_word() || next.has(LEAD));
    tokens[at].has(RETRY) && (ends || !tokens[at].has(JOIN))
}

fn is_vague(cue: &Cue) -> bool {
    matches!(cue.topic, Topic::Reference | Topic::Number)
}

// "The code we texted you": a verb behind its subject asks for nothing.
fn is_verb(tokens: &[Token], cue: &Cue) -> bool {
    let pronouns = Lexicon::get().pronouns;
    cue.topic == Topic::Phone
        && cue
            .first
            .checked_sub(1)
            .is_some_and(|before| pronouns.contains(&tokens[before].entry.id))
}

/// How many digits end a dictation.
fn full_length(topic: Topic) -> usize {
    match topic {
        Topic::Card => 15,
        Topic::Ssn => 9,
        Topic::Phone => 10,
        Topic::Cvv => 3,
        Topic::Pin => 4,
        Topic::Zip => 5,
        Topic::Birth => 6,
        Topic::Reference => 40,
        Topic::Iban => 22,
        _ => 17,
    }
}

/// Whether so many letters and digits are only the first part of a number. No account and no
/// official number has fewer than six, no IBAN fewer than fifteen.
fn is_dictated_in_parts(topic: Topic, digits: usize) -> bool {
    match topic {
        Topic::Card | Topic::Ssn | Topic::Phone => true,
        Topic::Account | Topic::Id => digits < 6,
        Topic::Iban => digits < 15,
        Topic::Pin => digits < 4,
        Topic::Zip => digits < 5,
        _ => false,
    }
}

/// Where a transcript inside a text changes speakers: the line's first token and the one behind
/// its colon.
pub(super) fn is_speaker_mark(text: &str, tokens: &[Token], at: usize) -> Option<super::Speaker> {
    let starts = at == 0 || tokens[at - 1].kind == Kind::Line;
    if !starts || !tokens.get(at + 1)?.is_mark(b':') {
        return None;
    }
    match tokens[at].of(text).to_ascii_lowercase().as_str() {
        "agent" | "assistant" | "ai" | "bot" | "model" | "operator" | "representative" | "rep" => {
            Some(super::Speaker::Assistant)
        }
        "caller" | "user" | "customer" | "client" | "human" | "guest" => {
            Some(super::Speaker::Caller)
        }
        "system" | "tool" | "developer" => Some(super::Speaker::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::super::topics::cues;
    use super::*;

    fn asked_after(said: &[&str]) -> Option<Topic> {
        let mut state = Cues::at_start("US");
        for text in said {
            let tokens = tokenize(text);
            state.hear_assistant(&tokens, 0..tokens.len(), &cues(&tokens));
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
