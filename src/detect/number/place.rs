//! Which phrase governs a number: the nearest head noun before it, the one behind it
//! ("… is my cell"), or the question that the assistant asked.

use super::kinds::NumberKind;
use crate::detect::english::{Class, Topic};
use crate::detect::read::{Cue, Lexicon, Passage, Run, Token, TokenKind, is_complement};

/// What a number's place asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumberPlace {
    /// The topic, if anything was said.
    pub(crate) topic: Option<Topic>,
    /// How firmly the number is tied to it.
    pub(crate) tie: Tie,
    /// Whether only the last digits are spoken of.
    pub(crate) is_ending: bool,
    /// The phrase, if one of this text governs.
    pub(crate) cue: Option<usize>,
}

/// How firmly a number is tied to its topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tie {
    /// The topic was spoken of before.
    Near,
    /// The number stands beside its name, or "is" stands between.
    Linked,
    /// The number is all that was answered.
    Answer,
}

impl NumberPlace {
    // A number, but of what?
    fn is_vague(&self) -> bool {
        matches!(self.topic, Some(Topic::Number | Topic::LastFour))
    }
}

impl Passage<'_> {
    /// What governs a number. `used` tells which phrases had theirs.
    pub(crate) fn place(&self, run: &Run, used: &[bool]) -> NumberPlace {
        let before = self.before(run, used);
        let named_behind = before.is_none_or(|place| place.tie == Tie::Near || place.is_vague());
        if named_behind && let Some(place) = self.behind(run) {
            let is_ending = before.is_some_and(|place| place.is_ending);
            return NumberPlace { is_ending, ..place };
        }
        if let Some(place) = before {
            return place;
        }
        let tie = if self.is_bare {
            Tie::Answer
        } else if self.is_linked(self.first, run.first, self.asked) || self.begins_with(run) {
            Tie::Linked
        } else {
            Tie::Near
        };
        NumberPlace {
            topic: self.asked,
            tie,
            is_ending: false,
            cue: None,
        }
    }

    // "Fine, five one two": an answer digit by digit needs no "is".
    fn begins_with(&self, run: &Run) -> bool {
        const FEW: usize = 5;
        let ends = self.tokens[run.end..self.end].len() <= 2
            && self.tokens[run.end..self.end]
                .iter()
                .all(|token| !token.is_word());
        let singles = run.groups.len() > 2 && run.groups.iter().all(|group| group.length <= 1);
        self.asked.is_some() && ends && singles && run.first - self.first <= FEW
    }

    fn before(&self, run: &Run, used: &[bool]) -> Option<NumberPlace> {
        let behind = self.cues.partition_point(|cue| cue.end <= run.first);
        let mut nearest: Option<NumberPlace> = None;
        let mut is_past_ending = false;
        for (at, cue) in self.cues.iter().enumerate().take(behind).rev().take(5) {
            if cue.topic == Topic::Nothing {
                continue;
            }
            if !self.is_within_reach(cue.end, run.first) {
                break;
            }
            if used.get(at).copied().unwrap_or(false) {
                return self.behind_used(at, run, nearest, is_past_ending);
            }
            let Some(place) = nearest else {
                let place = self.behind_phrase(at, run);
                nearest = Some(place);
                if self.stands(at, place, run) {
                    return nearest;
                }
                continue;
            };
            if self.is_ending_of_another(at, place) {
                is_past_ending = true;
                continue;
            }
            return Some(self.with_head(at, place));
        }
        nearest
    }

    // What a number behind the nearest phrase is.
    fn behind_phrase(&self, at: usize, run: &Run) -> NumberPlace {
        let cue = &self.cues[at];
        let is_linked = self.is_linked(cue.end, run.first, Some(cue.topic));
        NumberPlace {
            topic: Some(match (cue.topic, self.asked) {
                (Topic::Number | Topic::LastFour, Some(asked)) => asked,
                (topic, _) => topic,
            }),
            tie: if is_linked { Tie::Linked } else { Tie::Near },
            is_ending: cue.topic == Topic::LastFour,
            cue: Some(at),
        }
    }

    // Whether the nearest phrase says enough, so that none before it counts.
    fn stands(&self, at: usize, place: NumberPlace, run: &Run) -> bool {
        let cue = &self.cues[at];
        let adjacent = self.tokens[cue.end..run.first]
            .iter()
            .all(|token| !token.is_word() || token.has(Class::FILLER));
        !place.is_vague()
            && (adjacent || !is_complement(self.tokens, cue))
            && !self.is_ended_before(at)
    }

    // Behind a phrase that has had its number.
    fn behind_used(
        &self,
        at: usize,
        run: &Run,
        nearest: Option<NumberPlace>,
        is_past_ending: bool,
    ) -> Option<NumberPlace> {
        let cue = &self.cues[at];
        let topic = Some(cue.topic);
        match nearest {
            None if self.is_conjoined(cue, run) => Some(NumberPlace {
                topic,
                tie: Tie::Near,
                is_ending: false,
                cue: Some(at),
            }),
            // "My social starts with … and ends with …".
            Some(place) if place.topic == Some(Topic::LastFour) => Some(NumberPlace {
                topic,
                is_ending: true,
                ..place
            }),
            // "An account ending in 4471, the full number …" is of the account.
            Some(place) if is_past_ending => Some(NumberPlace {
                topic,
                tie: Tie::Near,
                ..place
            }),
            _ => nearest,
        }
    }

    // "Ending in 4471, the number …": the last digits were said already.
    fn is_ending_of_another(&self, at: usize, place: NumberPlace) -> bool {
        let cue = &self.cues[at];
        let later = place.cue.and_then(|later| self.cues.get(later));
        let says_digits = |later: &Cue| {
            self.tokens[cue.end..later.first]
                .iter()
                .any(Token::says_digits)
        };
        cue.topic == Topic::LastFour && place.is_vague() && later.is_some_and(says_digits)
    }

    // The noun before a vague one, or before a complement, is the head.
    fn with_head(&self, at: usize, place: NumberPlace) -> NumberPlace {
        const NEAR: usize = 8;
        let cue = &self.cues[at];
        let later = place.cue.and_then(|later| self.cues.get(later));
        let is_near = later.is_some_and(|later| cue.end + NEAR >= later.first);
        if cue.topic == Topic::LastFour && is_near {
            return NumberPlace {
                is_ending: true,
                ..place
            };
        }
        let is_end_of_reference =
            place.topic == Some(Topic::LastFour) && cue.topic == Topic::Reference && is_near;
        let says_nothing = cue.topic == Topic::Number
            || (place.is_vague() && cue.topic == Topic::Reference && !is_end_of_reference);
        if says_nothing || !(place.is_vague() || is_near) {
            return place;
        }
        NumberPlace {
            topic: Some(cue.topic),
            cue: Some(at),
            ..place
        }
    }

    // "The last four of my social": the phrase before belongs to this one.
    fn is_ended_before(&self, at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|before| self.cues.get(before))
            .is_some_and(|before| {
                before.topic == Topic::LastFour && before.end + 4 >= self.cues[at].first
            })
    }

    fn behind(&self, run: &Run) -> Option<NumberPlace> {
        const REACH: usize = 6;
        let mut tie = None;
        for at in run.end..self.end.min(run.end + REACH) {
            let token = self.tokens.get(at)?;
            let index = self.cues.partition_point(|cue| cue.first < at);
            // "The 60614 zip code", "319 on the back" and "07/04/76, my birthday" need no "is".
            let names = self.cues.get(index).filter(|cue| {
                let kind = NumberKind::of(cue.topic).filter(|kind| kind.is_short);
                let fits = kind.is_some_and(|kind| kind.is_whole(run.digits.len()));
                let beside = at == run.end && fits;
                cue.first == at && (tie.is_some() || beside || cue.topic == Topic::Birth)
            });
            if names.is_some() {
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
            if line {
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
                TokenKind::Mark(b',' | b'-' | b'(' | 0) => {}
                TokenKind::Mark(b'.') if tie.is_none() => {}
                _ => return None,
            }
        }
        None
    }

    // Between a phrase and its number lie few words and one full stop at most.
    fn is_within_reach(&self, from: usize, to: usize) -> bool {
        const WORDS: usize = 12;
        const TOKENS: usize = 48;
        if to - from > TOKENS {
            return false;
        }
        let (mut words, mut stops) = (0, 0);
        for (at, token) in self.tokens.iter().enumerate().take(to).skip(from) {
            let glued = self
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.start == token.end);
            match token.kind {
                TokenKind::Word if !token.has(Class::FILLER) => words += 1,
                TokenKind::Digits => words += 1,
                TokenKind::Mark(b'.' | b'?' | b'!' | b';') if !glued => stops += 1,
                TokenKind::Line => stops += 1,
                _ => {}
            }
            if words > WORDS || stops > 2 {
                return false;
            }
        }
        true
    }

    fn is_linked(&self, from: usize, to: usize, topic: Option<Topic>) -> bool {
        let towards = matches!(topic, Some(Topic::Phone | Topic::Email | Topic::Number));
        for token in self.tokens[from.min(to)..to].iter().rev() {
            let silent =
                !token.is_word() && token.kind != TokenKind::Digits || token.has(Class::FILLER);
            if token.has(Class::COPULA) || (towards && token.has(Class::TOWARDS)) {
                return true;
            }
            if !silent && !token.has(Class::LEAD) {
                return false;
            }
        }
        true
    }

    // "My accounts are … and …".
    fn is_conjoined(&self, cue: &Cue, run: &Run) -> bool {
        let between = &self.tokens[cue.end..run.first];
        let said = |token: &&Token| !token.says_number();
        let own: Vec<_> = between.iter().rev().take_while(said).collect();
        !own.is_empty()
            && own.iter().all(|token| {
                !token.is_word()
                    || token.has(
                        Class::FILLER
                            | Class::JOIN
                            | Class::DETERMINER
                            | Class::LOOSE
                            | Class::COPULA
                            | Class::IN_GAP
                            | Class::LEAD
                            | Class::VAGUE
                            | Class::TOWARDS,
                    )
            })
    }
}
