//! What is said behind a number: "… is my cell", "the 60614 zip code".

use super::super::kinds::{NumberKind, is_whole};
use super::{NumberPlace, Tie};
use crate::detect::english::{Class, Topic};
use crate::detect::read::{Lexicon, Run, SpokenPassage, Token, TokenKind};

impl SpokenPassage<'_> {
    // "…, number 5361, DOB 17 Sep 2014": behind a pause a phrase is of the number behind it.
    fn has_own_number(&self, index: usize, at: usize) -> bool {
        const SILENT: usize = 2;
        let pauses =
            at > 0 && (self.tokens[at - 1].is_mark(b',') || self.tokens[at - 1].is_mark(b'.'));
        let end = self.cues[index].end;
        let is_silent = |token: &&Token| token.is_mark(b':') || token.has(Class::COPULA);
        let behind = self.tokens.get(end..self.end).unwrap_or(&[]);
        let silent = behind.iter().take(SILENT).take_while(is_silent).count();
        pauses && behind.get(silent).is_some_and(Token::says_number)
    }

    /// What the phrase behind a number makes of it, if it is of the number.
    pub(super) fn behind(&self, run: &Run) -> Option<NumberPlace> {
        const REACH: usize = 6;
        let mut tie = None;
        for at in run.end..self.end.min(run.end + REACH) {
            let token = self.tokens.get(at)?;
            let index = self.cues.partition_point(|cue| cue.first < at);
            // "The 60614 zip code", "319 on the back" and "07/04/76, my birthday" need no "is".
            let names = self.cues.get(index).filter(|cue| {
                let kind = NumberKind::of(cue.topic);
                let whole = kind.filter(|kind| kind.is_whole(run.digits.len()));
                let beside = whole.is_some_and(|kind| kind.is_short) && at == run.end;
                let said = || whole.is_some() && run.is_spoken() && self.is_said_of_it(index);
                let is_tied = tie.is_some() || beside || cue.topic == Topic::Birth;
                cue.first == at && (is_tied || said())
            });
            if names.is_some() {
                if self.has_own_number(index, at) {
                    return None;
                }
                let topic = self.cues[index].topic;
                let concrete = !matches!(
                    topic,
                    Topic::Nothing | Topic::Number | Topic::LastFour | Topic::Expiry
                );
                return concrete.then_some(NumberPlace {
                    topic: Some(topic),
                    tie: tie.unwrap_or(Tie::Linked),
                    is_ending: false,
                    cue: Some(index),
                });
            }
            let line = token.has(Class::LINE) && token.is_word();
            if line || tie == Some(Tie::Linked) && self.is_land(at, run) {
                return Some(NumberPlace {
                    topic: Some(Topic::Phone),
                    tie: Tie::Linked,
                    is_ending: false,
                    cue: None,
                });
            }
            // "… is my card" says what it is, "4500 on my card" need not.
            match token.kind {
                // "… and my birthday is …": of the next number.
                TokenKind::Word if token.entry.id == Lexicon::get().and => return None,
                TokenKind::Word if token.has(Class::COPULA) => tie = Some(Tie::Linked),
                TokenKind::Word if token.has(Class::PREPOSITION) && tie.is_none() => {
                    tie = Some(Tie::Near)
                }
                TokenKind::Word if token.has(Class::FILLER | Class::DETERMINER | Class::VAGUE) => {}
                // "… is your Google verification code".
                TokenKind::Word
                    if tie == Some(Tie::Linked)
                        && token.is_capital(self.text)
                        && self.cues.get(index).is_some_and(|cue| cue.first == at + 1) => {}
                TokenKind::Mark(b',' | b'-' | b'(' | 0) => {}
                TokenKind::Mark(b'.') if tie.is_none() => {}
                _ => return None,
            }
        }
        None
    }

    // "Eight one two three four five six seven, that's singapore": where a telephone is.
    fn is_land(&self, at: usize, run: &Run) -> bool {
        let is_place = self.tokens[at].has(Class::PLACE) && self.tokens[at].len() > 3;
        let next = self.tokens.get(at + 1).filter(|_| at + 1 < self.end);
        let is_over =
            || next.is_none_or(|next| !next.is_word() || next.has(Class::CLOSED | Class::JOIN));
        is_place && is_whole(Topic::Phone, run.digits.len()) && is_over()
    }

    // "… seven five the member id on the front", "… four four checking", but not "… my account is
    // …", and not "… account locked".
    fn is_said_of_it(&self, index: usize) -> bool {
        const NEAR: usize = 10;
        let Some(cue) = self.cues.get(index) else {
            return false;
        };
        let next = self.cues.get(index + 1).map_or(self.end, |next| next.first);
        let rest = self.tokens.get(cue.end..next.min(cue.end + NEAR));
        let rest = rest.unwrap_or(&[]);
        let around = Class::FILLER | Class::PREPOSITION | Class::JOIN;
        let ends = rest.first().is_none_or(|token| {
            let word = token.of(self.text);
            let is_other = ["please", "not", "if", "that"].contains(&word);
            !token.is_word() || token.has(around) || is_other
        });
        ends && cue.topic != Topic::Zip && !rest.iter().any(Token::says_digits)
    }
}
