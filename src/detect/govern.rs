//! Which phrase governs a number: the nearest head noun before it, the one behind it
//! ("… is my cell"), or the question that the assistant asked.

use super::lexicon::Lexicon;
use super::spoken::Run;
use super::tokens::{Kind, Token};
use super::topics::{Cue, Topic, is_complement};
use super::words::{
    COPULA, DETERMINER, FILLER, IN_GAP, JOIN, LEAD, LINE, LOOSE, Number, PREPOSITION, TOWARDS,
    VAGUE,
};
use super::{atom, cvv, pin, zip};

/// What a number's place asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The topic, if anything was said.
    pub(super) topic: Option<Topic>,
    /// How firmly the number is tied to it.
    pub(super) tie: Tie,
    /// Whether only the last digits are spoken of.
    pub(super) is_ending: bool,
    /// The phrase, if one of this text governs.
    pub(super) cue: Option<usize>,
}

/// How firmly a number is tied to its topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    /// The topic was spoken of before.
    Near,
    /// The number stands beside its name, or "is" stands between.
    Linked,
    /// The number is all that was answered.
    Answer,
}

/// A passage of one speaker.
pub(super) struct Passage<'a> {
    /// All tokens of the text.
    pub(super) tokens: &'a [Token],
    /// Its first token.
    pub(super) first: usize,
    /// The token behind it.
    pub(super) end: usize,
    /// The phrases in it.
    pub(super) cues: &'a [Cue],
    /// What was asked for before it.
    pub(super) asked: Option<Topic>,
    /// Whether all of it is numbers and what one says around them.
    pub(super) is_bare: bool,
}

impl Passage<'_> {
    /// What governs a number. `used` tells which phrases had theirs.
    pub(super) fn place(&self, run: &Run, used: &[bool]) -> Place {
        let before = self.before(run, used);
        let named_behind = before.is_none_or(|place| {
            place.tie == Tie::Near || matches!(place.topic, Some(Topic::Number | Topic::LastFour))
        });
        if named_behind && let Some(place) = self.behind(run) {
            let is_ending = before.is_some_and(|place| place.is_ending);
            return Place { is_ending, ..place };
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
        Place {
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
        let singles = run.pieces.len() > 2 && run.pieces.iter().all(|piece| piece.length <= 1);
        self.asked.is_some() && ends && singles && run.first - self.first <= FEW
    }

    fn before(&self, run: &Run, used: &[bool]) -> Option<Place> {
        let behind = self.cues.partition_point(|cue| cue.end <= run.first);
        let mut nearest: Option<Place> = None;
        let (mut is_ending, mut ended) = (false, false);
        for (at, cue) in self.cues.iter().enumerate().take(behind).rev().take(5) {
            if cue.topic == Topic::Nothing {
                continue;
            }
            if !self.is_within_reach(cue.end, run.first) {
                break;
            }
            if used.get(at).copied().unwrap_or(false) {
                return match nearest {
                    None if self.is_conjoined(cue, run) => Some(Place {
                        topic: Some(cue.topic),
                        tie: Tie::Near,
                        is_ending,
                        cue: Some(at),
                    }),
                    // "My social starts with … and ends with …".
                    Some(place) if place.topic == Some(Topic::LastFour) => Some(Place {
                        topic: Some(cue.topic),
                        is_ending: true,
                        ..place
                    }),
                    // "An account ending in 4471, the full number …" is of the account.
                    Some(place) if ended => Some(Place {
                        topic: Some(cue.topic),
                        tie: Tie::Near,
                        ..place
                    }),
                    _ => nearest,
                };
            }
            let tie = if self.is_linked(cue.end, run.first, Some(cue.topic)) {
                Tie::Linked
            } else {
                Tie::Near
            };
            let Some(place) = nearest else {
                is_ending = cue.topic == Topic::LastFour;
                let topic = match (cue.topic, self.asked) {
                    (Topic::Number | Topic::LastFour, Some(asked)) => asked,
                    (topic, _) => topic,
                };
                let place = Place {
                    topic: Some(topic),
                    tie,
                    is_ending,
                    cue: Some(at),
                };
                let adjacent = self.tokens[cue.end..run.first]
                    .iter()
                    .all(|token| !token.is_word() || token.has(FILLER));
                let stands = !matches!(topic, Topic::Number | Topic::LastFour)
                    && (adjacent || !is_complement(self.tokens, cue));
                nearest = Some(place);
                if stands && !self.is_ended_before(at) {
                    return nearest;
                }
                continue;
            };
            // The noun before a vague one, or before a complement, is the head.
            let vague = matches!(place.topic, Some(Topic::Number | Topic::LastFour));
            let ending = cue.topic == Topic::LastFour;
            let near = place
                .cue
                .and_then(|at| self.cues.get(at))
                .is_some_and(|later| cue.end + 8 >= later.first);
            let had_its_own = ending
                && place
                    .cue
                    .and_then(|later| self.cues.get(later))
                    .is_some_and(|later| {
                        (cue.end..later.first).any(|at| atom::says_digits(self.tokens, at))
                    });
            if had_its_own && vague {
                ended = true;
                continue;
            }
            if ending && near {
                return Some(Place {
                    is_ending: true,
                    ..place
                });
            }
            let ends =
                place.topic == Some(Topic::LastFour) && cue.topic == Topic::Reference && near;
            if vague && matches!(cue.topic, Topic::Reference | Topic::Number) && !ends {
                return nearest;
            }
            if (vague || near) && !matches!(cue.topic, Topic::Number) {
                return Some(Place {
                    topic: Some(cue.topic),
                    cue: Some(at),
                    ..place
                });
            }
            return nearest;
        }
        nearest
    }

    // "The last four of my social": the phrase before belongs to this one.
    fn is_ended_before(&self, at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|before| self.cues.get(before))
            .is_some_and(|before| {
                before.topic == Topic::LastFour && before.end + 4 >= self.cues[at].first
            })
    }

    fn behind(&self, run: &Run) -> Option<Place> {
        const REACH: usize = 6;
        let mut tie = None;
        for at in run.end..self.end.min(run.end + REACH) {
            let token = self.tokens.get(at)?;
            let index = self.cues.partition_point(|cue| cue.first < at);
            // "The 60614 zip code", "319 on the back" and "07/04/76, my birthday" need no "is".
            let names = self.cues.get(index).filter(|cue| {
                let fits = match cue.topic {
                    Topic::Zip => zip::fits(run.digits.len()),
                    Topic::Cvv => cvv::fits(run.digits.len()),
                    Topic::Pin => pin::fits(run.digits.len()),
                    _ => false,
                };
                let beside = at == run.end && fits;
                cue.first == at && (tie.is_some() || beside || cue.topic == Topic::Birth)
            });
            if names.is_some() {
                let topic = self.cues[index].topic;
                let concrete = !matches!(
                    topic,
                    Topic::Nothing | Topic::Number | Topic::LastFour | Topic::Expiry
                );
                return concrete.then_some(Place {
                    topic: Some(topic),
                    tie: tie.unwrap_or(Tie::Linked),
                    is_ending: false,
                    cue: Some(index),
                });
            }
            let line = token.has(LINE) && token.is_word();
            if line {
                return Some(Place {
                    topic: Some(Topic::Phone),
                    tie: Tie::Linked,
                    is_ending: false,
                    cue: None,
                });
            }
            // "… is my card" says what it is, "4500 on my card" need not.
            match token.kind {
                // "… and my birthday is …": of the next number.
                Kind::Word if token.entry.id == Lexicon::get().and => return None,
                Kind::Word if token.has(COPULA) => tie = Some(Tie::Linked),
                Kind::Word if token.has(PREPOSITION) && tie.is_none() => tie = Some(Tie::Near),
                Kind::Word if token.has(FILLER | DETERMINER | VAGUE) => {}
                Kind::Mark(b',' | b'-' | b'(' | 0) => {}
                Kind::Mark(b'.') if tie.is_none() => {}
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
                Kind::Word if !token.has(FILLER) => words += 1,
                Kind::Digits => words += 1,
                Kind::Mark(b'.' | b'?' | b'!' | b';') if !glued => stops += 1,
                Kind::Line => stops += 1,
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
            let silent = !token.is_word() && token.kind != Kind::Digits || token.has(FILLER);
            if token.has(COPULA) || (towards && token.has(TOWARDS)) {
                return true;
            }
            if !silent && !token.has(LEAD) {
                return false;
            }
        }
        true
    }

    // "My accounts are … and …".
    fn is_conjoined(&self, cue: &Cue, run: &Run) -> bool {
        let between = &self.tokens[cue.end..run.first];
        let said = |token: &&Token| {
            token.kind != Kind::Digits
                && matches!(token.entry.number, Number::None | Number::Doubtful(_))
        };
        let own: Vec<_> = between.iter().rev().take_while(said).collect();
        !own.is_empty()
            && own.iter().all(|token| {
                !token.is_word()
                    || token.has(
                        FILLER
                            | JOIN
                            | DETERMINER
                            | LOOSE
                            | COPULA
                            | IN_GAP
                            | LEAD
                            | VAGUE
                            | TOWARDS,
                    )
            })
    }
}
