//! What the phrases before a number make of it: the nearest, unless one before that is the head.

use super::super::edges::Edges;
use super::super::kinds::{NumberKind, is_whole};
use super::{NumberPlace, Tie};
use crate::detect::english::{Class, Topic};
use crate::detect::read::{Cue, Run, SpokenPassage, Token, TokenKind, is_complement};

impl SpokenPassage<'_> {
    /// What the phrases before a number make of it. `used` tells which had theirs.
    pub(super) fn before(&self, run: &Run, used: &[bool]) -> Option<NumberPlace> {
        let behind = self.cues.partition_point(|cue| cue.end <= run.first);
        if self.has_own_label(behind, run.first) {
            return None;
        }
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
                    return self.fitting_before(at, run, used).or(nearest);
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
        let is_linked = self.is_linked(cue.end, run.first, Some(cue.topic)) || self.is_at(cue, run);
        NumberPlace {
            topic: Some(match (cue.topic, self.asked) {
                (Topic::Number, Some(Topic::Reference)) if self.has_changed(cue) => Topic::Phone,
                (Topic::Number | Topic::LastFour, Some(asked)) => asked,
                (Topic::Number | Topic::Reference, None) if self.is_of_land(cue, run) => {
                    Topic::Phone
                }
                // "Tin", where the number of another country was asked for.
                (Topic::Ssn, Some(Topic::Id)) if self.is_of_taxes(cue) => Topic::Id,
                (topic, _) => topic,
            }),
            tie: if is_linked { Tie::Linked } else { Tie::Near },
            is_ending: cue.topic == Topic::LastFour,
            cue: Some(at),
        }
    }

    // "My number's changed, it's …": not that of the booking.
    fn has_changed(&self, cue: &Cue) -> bool {
        const NEAR: usize = 3;
        let reader = self.reader();
        let mut near = cue.end..cue.end + NEAR;
        near.any(|at| reader.says_any(at, &["changed", "different"]))
    }

    // "It's an indian number nine eight …": of a country a telephone is.
    fn is_of_land(&self, cue: &Cue, run: &Run) -> bool {
        const LANDS: [&str; 22] = [
            "indian",
            "kenyan",
            "nigerian",
            "irish",
            "british",
            "uk",
            "us",
            "american",
            "canadian",
            "australian",
            "german",
            "french",
            "spanish",
            "italian",
            "polish",
            "dutch",
            "chinese",
            "ghanaian",
            "foreign",
            "overseas",
            "international",
            "pakistani",
        ];
        let before = cue.first.checked_sub(1).filter(|at| *at >= self.first);
        let is_number = cue.end == cue.first + 1 && self.reader().says(cue.first, "number");
        let is_land = |at: usize| {
            self.reader().says_any(at, &LANDS)
                || self.tokens[at].has(Class::PLACE) && self.tokens[at].len() > 3
        };
        is_number && is_whole(Topic::Phone, run.digits.len()) && before.is_some_and(is_land)
    }

    // "Account at absa four oh seven …".
    fn is_at(&self, cue: &Cue, run: &Run) -> bool {
        const FEW: usize = 5;
        const MANY: usize = 7;
        let between = self.tokens.get(cue.end..run.first).unwrap_or(&[]);
        let is_bank = |token: &Token| token.is_word() && !token.says_digits();
        let at = ["at", "with"];
        cue.topic == Topic::Account
            && run.is_spoken()
            && run.digits.len() >= MANY
            && (2..=FEW).contains(&between.len())
            && self.reader().says_any(cue.end, &at)
            && between.iter().all(is_bank)
    }

    fn is_of_taxes(&self, cue: &Cue) -> bool {
        let reader = self.reader();
        let taxes = ["tin", "tax", "taxpayer", "t"];
        reader.says_any(cue.first, &taxes)
    }

    // Whether the nearest phrase says enough, so that none before it counts.
    fn stands(&self, at: usize, place: NumberPlace, run: &Run) -> bool {
        let cue = &self.cues[at];
        let adjacent = self.tokens[cue.end..run.first]
            .iter()
            .all(|token| !token.is_word() || token.has(Class::FILLER));
        let is_far = || !adjacent && is_complement(self.tokens, cue);
        !(place.is_vague() || self.is_way(at) || is_far() || self.is_ended_before(at))
    }

    // "vin=…; odo=188204": a label of its own, which is no phrase, stands right before a number.
    fn has_own_label(&self, behind: usize, first: usize) -> bool {
        let token = |back: usize| first.checked_sub(back).map(|at| self.tokens[at]);
        let (Some(mark), Some(label)) = (token(1), token(2)) else {
            return false;
        };
        let opens = token(3).is_none_or(|before| {
            matches!(
                before.kind,
                TokenKind::Line | TokenKind::Mark(b',' | b';' | b'|' | b'&' | b'{' | b'(')
            )
        });
        let is_phrase = behind > 0 && self.cues[behind - 1].end + 1 >= first;
        let is_label = label.is_word() && !label.has(Class::COPULA | Class::FILLER | Class::LEAD);
        (mark.is_mark(b'=') || mark.is_mark(b':'))
            && label.end == mark.start
            && is_label
            && opens
            && !is_phrase
    }

    // "The security code? It's an Amex so it's on the front, 8046": too short for the nearest, and
    // as long as the one before that is.
    fn fitting_before(&self, at: usize, run: &Run, used: &[bool]) -> Option<NumberPlace> {
        const FEW: usize = 3;
        let length = run.digits.len();
        let is_clause = Edges::of(self).is_clause(run);
        let kind = NumberKind::of(self.cues[at].topic).filter(|_| is_clause)?;
        let fits = |cue: &Cue| {
            let kind = NumberKind::of(cue.topic);
            kind.is_some_and(|kind| kind.is_exact && kind.is_whole(length))
        };
        let mut before = (at.saturating_sub(FEW)..at).rev();
        let cue = before.find(|before| {
            let cue = &self.cues[*before];
            let is_free = !used.get(*before).copied().unwrap_or(false);
            is_free && fits(cue) && self.is_within_reach(cue.end, run.first)
        });
        cue.filter(|_| length < kind.fewest || !kind.is_whole(length))
            .map(|cue| NumberPlace {
                topic: Some(self.cues[cue].topic),
                tie: Tie::Near,
                is_ending: false,
                cue: Some(cue),
            })
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
            // "Expiry oh nine twenty eight and the three are …".
            None if cue.topic == Topic::Expiry => None,
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
        // "Is the number ending 612 yours?": one to call.
        let is_telephone = place.topic == Some(Topic::LastFour)
            && cue.topic == Topic::Number
            && later.is_some_and(|later| later.first == cue.end)
            && !self.names_other(at);
        if is_telephone {
            return NumberPlace {
                topic: Some(Topic::Phone),
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

    // Whether a card or an account is named as well.
    fn names_other(&self, at: usize) -> bool {
        let is_other = |cue: &Cue| matches!(cue.topic, Topic::Card | Topic::Account | Topic::Ssn);
        let mut near = self.cues.iter().skip(at.saturating_sub(2)).take(5);
        near.any(is_other)
    }

    // "The last four of my social": the phrase before belongs to this one.
    fn is_ended_before(&self, at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|before| self.cues.get(before))
            .is_some_and(|before| {
                before.topic == Topic::LastFour && before.end + 4 >= self.cues[at].first
            })
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

    // "SSN given over ph = …": how it was told, where something else was told before.
    fn is_way(&self, at: usize) -> bool {
        let cue = &self.cues[at];
        let is_told =
            |before: &Cue| matches!(before.topic, Topic::Ssn | Topic::Id | Topic::Account);
        let head = at.checked_sub(1).and_then(|before| self.cues.get(before));
        let reader = self.reader();
        cue.topic == Topic::Phone
            && cue.first > self.first
            && reader.says_any(cue.first - 1, &["over", "by", "via"])
            && head.is_some_and(is_told)
    }
}
