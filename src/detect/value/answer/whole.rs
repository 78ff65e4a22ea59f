//! The whole answer to a question for a postcode, an official number or a date of birth: what a
//! recogniser made of it may look like nothing of the kind, "oh l for", "quotes of June 1989".
//!
//! It leaves what is plainly said instead of an answer: "I don't have it", "why do you need that".

use std::ops::Range;

use super::is_said;
use crate::detect::english::{AskingRole, Class, NumberWord, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::number::NumberKind;
use crate::detect::people::NameSense;
use crate::detect::read::{Token, TokenKind, TokenReader};
use crate::detect::{Detector, Speaker};

/// What the answer to a question for a code or a date is taken for at first sight.
const SOFT: &[Detector] = &[
    Detector::Zip,
    Detector::Id,
    Detector::Birthdate,
    Detector::Account,
    Detector::Name,
    Detector::Pin,
    Detector::Ssn,
    Detector::Phone,
];

/// Claims the rest of an answer of which the other finders saw nothing, or only a part.
pub(crate) fn claim_whole(hearing: &mut Hearing) {
    let is_own = hearing.speaker == Speaker::Caller && !hearing.passage.puts_right;
    if !is_own || !hearing.words.is_empty() {
        return;
    }
    let mut asked = hearing.passage.asked_topics();
    let (Some(topic), None) = (asked.next(), asked.next()) else {
        return;
    };
    let answer = WholeAnswer { hearing, topic };
    let Some(range) = answer.range() else { return };
    let Some(kind) = NumberKind::of(topic) else {
        return;
    };
    let reader = hearing.passage.reader();
    let value = reader.joined(range.clone(), is_said);
    let said = range.clone();
    if hearing.claims.claim_over(range, kind.detector, value, SOFT) {
        hearing.given.retain(|(given, _)| *given == topic);
        if hearing.given.is_empty() {
            let parts = hearing.passage.tokens.get(said).unwrap_or(&[]);
            let parts = parts.iter().filter(|token| token.says_number()).count();
            // "March": the day and the year are to come.
            let is_part = topic == Topic::Birth && parts < 3;
            let digits = if is_part { kind.full - 2 } else { kind.full };
            hearing.given.push((topic, digits));
        }
        hearing.open = None;
    }
}

struct WholeAnswer<'w, 'h, 'a> {
    hearing: &'w Hearing<'h, 'a>,
    topic: Topic,
}

impl WholeAnswer<'_, '_, '_> {
    // The tokens of the answer, where not all that tells it is claimed as what was asked for.
    fn range(&self) -> Option<Range<usize>> {
        if !matches!(
            self.topic,
            Topic::Zip | Topic::PinCode | Topic::Birth | Topic::Id
        ) {
            return None;
        }
        let end = self.end();
        let start = self.behind_leads(end);
        let range = self.trimmed(start..end)?;
        let is_open = self.tokens(range.clone()).any(|(at, token)| {
            is_said(token) && !self.hearing.claims.is_taken(at) && !self.is_empty_word(at)
        });
        (is_open && self.is_answer(range.clone())).then_some(range)
    }

    fn reader(&self) -> TokenReader<'_> {
        self.hearing.passage.reader()
    }

    fn tokens(&self, range: Range<usize>) -> impl Iterator<Item = (usize, &Token)> {
        let first = range.start;
        let tokens = self.hearing.passage.tokens.get(range).unwrap_or(&[]);
        tokens
            .iter()
            .enumerate()
            .map(move |(at, token)| (first + at, token))
    }

    // An answer is one sentence; what follows a pause and speaks of something else is none of it.
    fn end(&self) -> usize {
        let passage = &self.hearing.passage;
        let reader = self.reader();
        let parts = |at: usize| {
            let pauses = reader.is_mark(at, b',') || reader.says_any(at, &["and", "but", "so"]);
            let turns = AskingRole::ME | AskingRole::YOU | AskingRole::STATES | AskingRole::VERB;
            let next = passage.tokens.get(at + 1);
            let speaks = next.is_some_and(|next| next.asks(turns) && !self.tells(at + 1));
            let is_behind = at > passage.first && self.tells(at - 1);
            let thanks = is_behind && reader.says_any(at, &THANKS);
            // "… one two nine it's on the back".
            let is_told = || (passage.first..at).filter(|at| self.tells(*at)).count() > FEW;
            let says_where = is_behind && self.is_copula(at) && !self.tells(at + 1) && is_told();
            // "… two eight at the end".
            let says_where = says_where
                || is_behind && reader.says_any(at, &["at", "on"]) && reader.says(at + 1, "the");
            let turns_away = at > passage.first && pauses && speaks;
            reader.ends_sentence(at) && !self.tells(at + 1) || turns_away || thanks || says_where
        };
        (passage.first..passage.end)
            .find(|at| parts(*at))
            .unwrap_or(passage.end)
    }

    // Behind "yes it's", "my postcode is", "marlene foster,".
    fn behind_leads(&self, end: usize) -> usize {
        let passage = &self.hearing.passage;
        let named = passage.cues.iter().rev().find(|cue| {
            cue.topic == self.topic && cue.end < end && cue.first < passage.first + FEW
        });
        let mut start = named.map_or(passage.first, |cue| cue.end);
        while start < end && self.is_lead(start) {
            start += 1;
        }
        // "We moved, it's …".
        let is_copula = |at: &usize| self.is_copula(*at) && self.tells(at + 1);
        let start = (start..end.min(start + FEW))
            .find(is_copula)
            .map_or(start, |at| at + 1);
        let is_name = |at: &usize| {
            let word = passage.tokens[*at].of(passage.text);
            !self.tells(*at) && NameSense::of(word).is_name()
        };
        let start = self.behind_comma(start, end).unwrap_or(start);
        let names = (start..end).take_while(is_name).count();
        let start = start + if names > 1 { names } else { 0 };
        // "The twelfth".
        let is_the = self.topic == Topic::Birth
            && start > passage.first
            && self.reader().says(start - 1, "the");
        start - usize::from(is_the)
    }

    // "Try the old one, 07030": what tells nothing before a pause.
    fn behind_comma(&self, start: usize, end: usize) -> Option<usize> {
        let reader = self.reader();
        // "Worn off, something like 2270".
        let is_guess = |at: usize| reader.says_any(at, &["something", "like"]);
        let behind = |at: usize| at + 1 + (at + 1..at + 3).take_while(|at| is_guess(*at)).count();
        let is_pause = |at: &usize| reader.is_mark(*at, b',') && self.tells(behind(*at));
        let comma = (start..end.min(start + 2 * FEW)).find(is_pause)?;
        let is_pronoun = |at: usize| at + 1 == comma && reader.says(at, "one");
        let is_other = (start..comma).all(|at| !self.tells(at) || is_pronoun(at));
        (is_other && comma > start).then(|| behind(comma))
    }

    // "I am" is no beginning of a code, but the letter.
    fn is_copula(&self, at: usize) -> bool {
        const LETTERS: [&str; 3] = ["am", "are", "i'm"];
        let token = &self.hearing.passage.tokens[at];
        let is_misheard = self.topic != Topic::Birth && self.reader().says_any(at, &LETTERS);
        let is_meant = self.reader().says_any(at, &["meant", "mean"]);
        is_meant || token.has(Class::COPULA) && !token.is_letter() && !is_misheard
    }

    fn is_lead(&self, at: usize) -> bool {
        let passage = &self.hearing.passage;
        let token = passage.tokens[at];
        let next = passage.tokens.get(at + 1);
        // "One moment", "oh, it's".
        let is_count = next.is_some_and(|next| next.has(Class::UNIT | Class::NO_ANSWER));
        let is_cry = self.reader().says_any(at, &["oh", "o"])
            && next.is_some_and(|next| !is_said(next) || !self.tells(at + 1));
        let is_sigh = self.reader().says_any(at, &SIGHS) || self.reader().says(at, "try");
        let leads = Class::LEAD | Class::FILLER | Class::JOIN;
        let is_part = token.is_letter() && (self.tells(at + 1) || self.topic != Topic::Birth);
        let is_empty = (token.has(leads) || self.is_copula(at)) && !token.says_digits();
        let is_pause = is_count && token.says_digits() && !self.tells(at + 1) || is_cry || is_sigh;
        let is_unit =
            at > passage.first && token.has(Class::UNIT) && passage.tokens[at - 1].says_digits();
        !is_said(&token) || is_empty && !is_part || is_pause || is_unit
    }

    fn trimmed(&self, range: Range<usize>) -> Option<Range<usize>> {
        let is_kept = |at: &usize| {
            // "R eh" is the letter.
            let is_letter =
                self.topic != Topic::Birth && self.reader().says_any(*at, &["eh", "ah"]);
            let is_said = is_said(&self.hearing.passage.tokens[*at]);
            is_letter && self.tells(at.saturating_sub(1))
                || is_said && (self.hearing.claims.is_taken(*at) || !self.is_empty_word(*at))
        };
        let last = range.clone().rev().find(is_kept)?;
        Some(range.start..last + 1)
    }

    // What one says around an answer.
    fn is_empty_word(&self, at: usize) -> bool {
        let token = &self.hearing.passage.tokens[at];
        let around = Class::LEAD | Class::FILLER | Class::JOIN;
        token.has(around) && !token.is_letter() && !token.says_digits()
    }

    // Whether a token says a part of a code or a date.
    fn tells(&self, at: usize) -> bool {
        let Some(token) = self.hearing.passage.tokens.get(at) else {
            return false;
        };
        let is_of_date = matches!(
            token.entry.number,
            NumberWord::Month(_) | NumberWord::Ordinal(_)
        );
        let is_letter = token.has(Class::ALPHABET) || token.is_letter() && self.is_spelled(at);
        match self.topic {
            Topic::Birth => token.says_digits() || is_of_date || self.is_ordinal(at),
            _ => token.says_digits() || is_letter,
        }
    }

    // "A" and "I" are letters of a code only beside another part of it.
    fn is_spelled(&self, at: usize) -> bool {
        let passage = &self.hearing.passage;
        let is_beside = |at: usize| {
            passage.tokens.get(at).is_some_and(|token| {
                token.is_letter() || token.says_digits() || token.has(Class::ALPHABET)
            })
        };
        !self.reader().says_any(at, &["a", "i"])
            || is_beside(at + 1)
            || at > passage.first && is_beside(at - 1)
    }

    // The "th" of "7th".
    fn is_ordinal(&self, at: usize) -> bool {
        let is_digits = |before: usize| self.reader().touches_next(before) && self.tells(before);
        self.reader().says_any(at, &["st", "nd", "rd", "th"])
            && at.checked_sub(1).is_some_and(is_digits)
    }

    // Whether what was said is an answer and not something said instead.
    fn is_answer(&self, range: Range<usize>) -> bool {
        const SOME: usize = 14;
        let said = || {
            self.tokens(range.clone())
                .filter(|(_, token)| is_said(token))
        };
        let words = said().count();
        let telling = said().filter(|(at, _)| self.tells(*at)).count();
        let other = Class::NO_ANSWER | Class::NO_VALUE;
        let is_other = || {
            said().any(|(_, token)| token.has(other) && !token.is_letter() && !token.says_digits())
        };
        let is_sure = telling >= 3 && telling * 2 >= words;
        // "One second" is no second of the month.
        let is_pause = words == 2 && self.reader().says(range.end - 1, "second");
        let refuses = is_pause || !is_sure && self.is_refusal(range.start);
        if words > SOME || refuses || self.names_another(range.clone()) {
            return false;
        }
        let is_count = || said().any(|(at, token)| token.has(Class::UNIT) && !self.tells(at));
        // "May", "the fourth", "1971", but not "the billing one".
        let is_date = || {
            let mut numbers = said().map(|(_, token)| token.entry.number);
            let is_part = |number| matches!(number, NumberWord::Month(_) | NumberWord::Ordinal(_));
            let is_written = said().any(|(_, token)| token.kind == TokenKind::Digits);
            self.topic == Topic::Birth && (is_written || numbers.any(is_part))
        };
        // "2 of us", "may I ask".
        let speaks_of_people = || {
            said()
                .any(|(at, token)| token.asks(AskingRole::ME | AskingRole::YOU) && !self.tells(at))
        };
        match telling {
            0 => words <= FEW && !is_other() && !self.denies(range.start) && self.is_odd(range),
            _ if self.are_pronouns(range.clone()) => false,
            1 => words <= FEW && !speaks_of_people() && (is_date() || !is_other()) && !is_count(),
            _ => telling * 3 >= words,
        }
    }

    // "Which one", "the long one or the short one".
    fn are_pronouns(&self, range: Range<usize>) -> bool {
        let first = self.hearing.passage.first;
        let mut telling = range.filter(|at| self.tells(*at));
        telling.all(|at| at > first && self.reader().says(at, "one") && !self.tells(at - 1))
    }

    // "No idea".
    fn denies(&self, start: usize) -> bool {
        let first = self.hearing.passage.first;
        (first..start).any(|at| self.reader().says_any(at, &["no", "nope", "not", "never"]))
    }

    // Words that are nothing that one says on a phone: what a recogniser made of something else.
    fn is_odd(&self, range: Range<usize>) -> bool {
        let common = Class::CLOSED | Class::LEAD | Class::FILLER | Class::JOIN | Class::UNIT;
        // "I was born in Durban".
        let is_where = range.start > self.hearing.passage.first
            && self.reader().says_any(range.start - 1, &["in", "at"]);
        let is_wanted = matches!(self.topic, Topic::Zip | Topic::Birth) && !is_where;
        let is_odd = |token: &Token| {
            token.entry.id == 0 && !token.has(common) && token.entry.asking == AskingRole::empty()
        };
        is_wanted
            && self
                .tokens(range)
                .all(|(_, token)| !is_said(token) || is_odd(token))
    }

    // "Order number …", "…, my card is …"; "n 3 page 5 q d" says letters.
    fn names_another(&self, range: Range<usize>) -> bool {
        let passage = &self.hearing.passage;
        let first = range
            .clone()
            .find(|at| self.tells(*at))
            .unwrap_or(range.end);
        passage.cues.iter().any(|cue| {
            let is_vague = matches!(cue.topic, Topic::Nothing | Topic::Number);
            let is_of_code = passage.tokens[cue.first].is_letter() || self.tells(cue.first);
            let before = cue.first.saturating_sub(1).max(range.start);
            let is_apart = cue.first < first
                || !is_said(&passage.tokens[before])
                || passage.tokens[before].has(Class::JOIN | Class::DETERMINER);
            cue.topic != self.topic && !is_vague && !is_of_code && is_apart
        })
    }

    // "I don't …", "can you …", "why do you …", "hold on", "let me …".
    fn is_refusal(&self, start: usize) -> bool {
        const WORDS: [&str; 20] = [
            "don't", "dont", "do", "can't", "cannot", "haven't", "am", "can", "could", "would",
            "why", "hold", "hang", "let", "didn't", "couldn't", "won't", "forgot", "need", "not",
        ];
        let reader = self.reader();
        let first = self.hearing.passage.first.max(start.saturating_sub(2));
        let is_said_at = |at: usize| reader.says_any(at, &WORDS) && !self.tells(at + 1);
        let mut words = (first..start + 2).filter(|at| reader.says_any(*at, &WORDS));
        words.any(is_said_at)
    }
}

/// What one says behind an answer.
const THANKS: [&str; 7] = ["thanks", "thank", "please", "if", "because", "but", "which"];

/// What one says while one thinks.
const SIGHS: [&str; 5] = ["gosh", "god", "goodness", "dear", "ooh"];

/// So many words before or without anything that tells an answer.
const FEW: usize = 4;

#[cfg(test)]
mod tests;
