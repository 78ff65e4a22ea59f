//! Answers in words to a question for a name, an address or a password: nothing in "dana
//! whitfield" says what it is but the question before it.

use std::ops::Range;

use crate::detect::claims::Claims;
use crate::detect::english::{Class, NumberWord, Wording};
use crate::detect::hearing::Hearing;
use crate::detect::people::NameSense;
use crate::detect::read::{Token, TokenKind, TokenReader};
use crate::detect::{Detector, Speaker};

mod login;
mod others;
mod password;
mod person;
mod place;
mod secret;
mod told;
mod whole;

pub(crate) use password::password;
use place::INNER;
pub(crate) use told::claim_told;
pub(crate) use whole::claim_whole;

/// Claims the value that a caller answers in words, and keeps what is still asked for.
pub(crate) fn claim(hearing: &mut Hearing) {
    if hearing.speaker != Speaker::Caller {
        return;
    }
    login::claim_named(hearing);
    for asked in [
        Wording::Secret,
        Wording::Login,
        Wording::Name,
        Wording::Address,
        Wording::Place,
    ] {
        if hearing.words.contains(asked) && claim_answer(hearing, asked).is_none() {
            hearing.words.remove(asked);
        }
    }
}

fn claim_answer(hearing: &mut Hearing, asked: Wording) -> Option<Wording> {
    let passage = &hearing.passage;
    let answer = SpokenAnswer {
        reader: passage.reader(),
    };
    let start = answer.behind_leads(passage.first, asked);
    let (detector, range) = match asked {
        Wording::Name => {
            let name = answer.person(passage.first, start);
            (Detector::Name, name.map(|name| answer.with_given(name)))
        }
        Wording::Address => {
            let is_the = start > passage.first && answer.reader.says(start - 1, "the");
            let sentence = answer.sentence(start - usize::from(is_the), 1);
            (
                Detector::Address,
                sentence.filter(|range| answer.is_place(range.clone())),
            )
        }
        Wording::Place => {
            let is_going = hearing.themes.is_of_rides(passage.first);
            let place = answer.sought_place(passage.first, start);
            (Detector::Address, place.filter(|_| !is_going))
        }
        Wording::Secret => {
            let range = secret::answer(answer.reader, passage.first, start);
            (Detector::Secret, range)
        }
        Wording::Login => (Detector::Id, answer.login(start)),
        Wording::Other => return None,
    };
    let is_own = detector == Detector::Secret || hearing.wanted.contains(detector);
    let claims = &mut *hearing.claims;
    let free = range.filter(|range| {
        let value = answer.value(range.clone());
        let is_alone = !hearing.words.contains(Wording::Name);
        let kinds: &[Detector] = match detector {
            Detector::Name => NO_NAMES,
            // The finder of addresses may have seen a part of it.
            Detector::Address if answer.is_all_place(range.clone()) => match is_alone {
                true => &[Detector::Address, Detector::Name],
                false => &[Detector::Address],
            },
            _ => &[],
        };
        is_own && claims.claim_over(range.clone(), detector, value, kinds)
    });
    let Some(range) = free else {
        let is_over = claims.is_any_taken(passage.first..passage.end);
        // A town may follow the street.
        return (!is_over || asked == Wording::Address).then_some(asked);
    };
    if asked == Wording::Name {
        let others = answer.others(range.end);
        claim_names(hearing.claims, &answer, others);
    }
    let own = &passage.tokens[range];
    let letters = own.iter().filter(|token| token.is_letter()).count();
    let is_spelled = letters * 2 >= own.iter().filter(|token| is_said(token)).count();
    (is_spelled || asked == Wording::Address).then_some(asked)
}

// Claims the names that follow the one that was asked for.
fn claim_names(claims: &mut Claims, answer: &SpokenAnswer, names: Vec<Range<usize>>) {
    for name in names {
        if !claims.is_any_taken(name.clone()) {
            claims.claim(name.clone(), Detector::Name, answer.value(name));
        }
    }
}

/// What a name that is spelled is taken for at first sight.
const NO_NAMES: &[Detector] = &[
    Detector::Name,
    Detector::Id,
    Detector::Zip,
    Detector::Account,
];

// No hint of how something is spelled has more words before its last.
const HINT: usize = 4;

struct SpokenAnswer<'a> {
    reader: TokenReader<'a>,
}

impl SpokenAnswer<'_> {
    // "Sure, it's …", "my last name is …".
    fn behind_leads(&self, from: usize, asked: Wording) -> usize {
        let is_lead = |token: &Token| {
            let word = token.of(self.reader.text);
            let label = ["name", "names", "name's", "password", "address", "full"];
            let leads = token.has(Class::FILLER | Class::LEAD | Class::COPULA | Class::TITLE)
                && token.entry.number == NumberWord::None
                && (asked != Wording::Secret || !["correct", "right", "fine"].contains(&word));
            // "Oh sorry, it's …".
            let is_cry = asked == Wording::Name && ["oh", "Oh"].contains(&word);
            !is_said(token)
                || leads
                || is_cry
                || label.iter().any(|label| word.eq_ignore_ascii_case(label))
        };
        // "A n s k a".
        let is_spelled = |at: usize| self.reader.is_letter(at) && self.reader.is_letter(at + 1);
        let rest = self.reader.tokens.get(from..).unwrap_or(&[]);
        let leads = rest.iter().enumerate();
        from + leads
            .take_while(|(at, token)| is_lead(token) && !is_spelled(from + at))
            .count()
    }

    // Up to four words or any number of letters, with nothing else in the sentence.
    fn name(&self, start: usize) -> Option<Range<usize>> {
        const WORDS: usize = 4;
        const LETTERS: usize = 40;
        let (mut words, mut letters, mut at, mut end) = (0, 0, start, start);
        while let Some(token) = self.reader.tokens.get(at) {
            if words > 0 && letters == 0 && self.is_speaker(at) {
                break;
            } else if token.is_letter() || self.doubles_letter(at) {
                letters += 1;
                at = self.behind_letter(at);
                end = at;
            } else if self.is_name(token) {
                words += 1;
                at += 1;
                end = at;
            } else if end > start && self.joins(at) {
                at += 1;
            } else {
                break;
            }
        }
        let fits = words <= WORDS && letters <= LETTERS && words + letters > 0;
        (fits && (letters != 1 || words > 0) && self.ends_name(end)).then_some(start..end)
    }

    // "Taylor, i know …", but not "alex i".
    fn is_speaker(&self, at: usize) -> bool {
        let next = self.reader.token(at + 1);
        self.reader.says(at, "i")
            && next.is_some_and(|next| next.len() > 2 && next.has(Class::CLOSED))
    }

    fn is_name(&self, token: &Token) -> bool {
        let word = token.of(self.reader.text);
        let is_number = !matches!(token.entry.number, NumberWord::None | NumberWord::Month(_));
        let is_common = token.has(
            Class::CLOSED
                | Class::LEAD
                | Class::COPULA
                | Class::FILLER
                | Class::JOIN
                | Class::UNIT
                | Class::SIGN,
        );
        token.is_word()
            && !is_number
            && (!is_common || token.has(Class::NAME_TOO))
            && !token.has(Class::NO_NAME | Class::NO_ANSWER)
            && word.chars().all(|c| c.is_alphabetic() || "'’".contains(c))
    }

    fn doubles_letter(&self, at: usize) -> bool {
        let next = self.reader.tokens.get(at + 1);
        matches!(self.reader.tokens[at].entry.number, NumberWord::Times(_))
            && next.is_some_and(Token::is_letter)
    }

    // "D as in dog".
    fn behind_letter(&self, at: usize) -> usize {
        match (self.reader.word(at + 1), self.reader.word(at + 2)) {
            ("as", "in") => (at + 4).min(self.reader.tokens.len()),
            ("for" | "like" | "as", next) if !next.is_empty() => at + 3,
            _ => at + 1,
        }
    }

    fn joins(&self, at: usize) -> bool {
        let token = self.reader.tokens[at];
        let is_glued = self.reader.tokens[at - 1].end == token.start;
        let between_letters = self.reader.tokens[at - 1].is_letter()
            && self.reader.tokens.get(at + 1).is_some_and(Token::is_letter);
        token.has(Class::FILLER)
            || (is_glued && matches!(token.kind, TokenKind::Mark(b'-' | b'.' | b'/' | b'<')))
            || (between_letters && (token.is_mark(b',') || token.has(Class::SEPARATOR)))
    }

    fn ends_name(&self, at: usize) -> bool {
        const BEHIND: [&str; 21] = [
            "as", "like", "from", "in", "is", "who", "she's", "he's", "she", "he", "my", "the",
            "that's", "or", "actually", "but", "if", "i", "it's", "we", "they",
        ];
        let is_name = || {
            let last = at.checked_sub(1).and_then(|last| self.reader.token(last));
            last.is_some_and(|last| !NameSense::of(last.of(self.reader.text)).is_word_only())
        };
        self.reader.token(at).is_none_or(|token| {
            !is_said(token)
                || (says_amount(token) || token.says_number()) && is_name()
                || token.has(Class::BEHIND_NAME | Class::TITLE)
        }) || (self.reader.says_any(at, &BEHIND) || self.is_party(at)) && is_name()
    }

    // "Okonkwo for four at eight".
    fn is_party(&self, at: usize) -> bool {
        let is_number = |token: &Token| token.says_number();
        self.reader.says(at, "for") && self.reader.token(at + 1).is_some_and(is_number)
    }

    // A sentence that is nothing but a value of some words.
    fn sentence(&self, start: usize, fewest: usize) -> Option<Range<usize>> {
        const WORDS: usize = 16;
        let end = (start..self.reader.tokens.len())
            .find(|at| self.reader.ends_sentence(*at))
            .unwrap_or(self.reader.tokens.len());
        let range = self.trimmed(start..end)?;
        let words = self.reader.tokens[range.clone()]
            .iter()
            .filter(|token| is_said(token));
        let numbers = words.clone().filter(|token| says_amount(token)).count();
        let count = words.count();
        let fits = (count >= fewest || numbers > 0) && count <= WORDS;
        (fits && self.is_value(range.clone())).then_some(range)
    }

    fn is_value(&self, range: Range<usize>) -> bool {
        let tokens = self.reader.tokens.get(range.clone()).unwrap_or(&[]);
        let is_street = tokens.last().is_some_and(|last| last.has(Class::STREET));
        // "Old Mill Lane", "door no 12".
        let is_of_place = |at: usize| {
            is_street && self.reader.says_any(at, &["old", "new"])
                || self.reader.says(at, "no") && self.reader.says_digits(at + 1)
        };
        // "B lower case".
        let is_of_hint = |at: usize| {
            let mut near = at.saturating_sub(HINT)..=at;
            near.any(|start| self.reader.spelling_hint(start).is_some_and(|end| end > at))
        };
        !range.zip(tokens).any(|(at, token)| {
            token.has(Class::NO_VALUE) && !says_amount(token) && !is_of_place(at) && !is_of_hint(at)
        })
    }

    // Whether an answer may be where somebody lives: with a number or a word of addresses, or some
    // words that are no common ones.
    fn is_place(&self, range: Range<usize>) -> bool {
        const FEW: usize = 5;
        let tells = Class::STREET
            | Class::STREET_TOO
            | Class::HOUSE
            | Class::FLAT
            | Class::PLACE
            | Class::LANDMARK;
        let other = Class::NO_ANSWER | Class::NO_NAME | Class::NO_TOWN | Class::JOIN | Class::LEAD;
        let (first, tokens_end) = (range.start, range.end);
        let words = self.reader.tokens[range.clone()]
            .iter()
            .filter(|token| is_said(token));
        let is_state = |token: &Token| token.has(Class::STATE) && token.len() > 2;
        let is_told = words
            .clone()
            .any(|token| says_amount(token) || token.has(tells) || is_state(token));
        let is_common = |token: &&Token| {
            let word = token.of(self.reader.text);
            token.has(Class::CLOSED) && !INNER.iter().any(|inner| word.eq_ignore_ascii_case(inner))
        };
        let common = words.clone().filter(is_common).count();
        let count = words.clone().count();
        let is_rare = count > 1 || words.clone().all(|token| token.entry.id == 0);
        // "The laurels".
        let is_the = self.reader.says(first, "the");
        let mut names = words.clone().skip(usize::from(is_the));
        let mut is_plain = || count <= FEW && is_rare && !names.any(|token| token.has(other));
        // "A flat", "just the house": no which.
        let is_kind = |token: &Token| {
            let is_small = token.has(Class::CLOSED | Class::LEAD);
            token.has(Class::FLAT | Class::HOUSE) || is_small && !says_amount(token)
        };
        let is_elsewhere = self.is_on_road(range.clone())
            || self.is_sum(range.clone())
            || self.is_anywhere(range.clone());
        if words.clone().all(is_kind) || is_elsewhere {
            return false;
        }
        // "The big one".
        let last = tokens_end.saturating_sub(1);
        let is_pronoun = count > 1
            && self.reader.says(last, "one")
            && !self.reader.says_digits(last - 1)
            && !self.reader.says_any(last - 1, &["number", "no"]);
        if is_pronoun {
            return false;
        }
        // "No problem".
        let is_denied = first > 0 && self.reader.says_any(first - 1, &["no", "not"]);
        if is_told {
            common <= 1
        } else {
            common == 0 && !is_denied && is_plain()
        }
    }

    fn trimmed(&self, range: Range<usize>) -> Option<Range<usize>> {
        let tokens = self.reader.tokens.get(range.clone())?;
        let last = tokens.iter().rposition(is_said)?;
        Some(range.start..range.start + last + 1)
    }

    fn value(&self, range: Range<usize>) -> String {
        self.reader.joined(range, is_said)
    }
}

fn is_said(token: &Token) -> bool {
    (token.is_word() || token.kind == TokenKind::Digits) && !token.has(Class::FILLER)
}

fn says_amount(token: &Token) -> bool {
    token.says_digits() || token.entry.number == NumberWord::Hundred
}

#[cfg(test)]
mod tests;
