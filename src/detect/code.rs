//! Codes of letters and digits where one was spoken of: postal codes, official numbers, IBANs.

use std::ops::Range;

use super::Detector;
use super::atom;
use super::claims::Claims;
use super::govern::Passage;
use super::lexicon::Lexicon;
use super::resolve::Given;
use super::tokens::{Kind, Token};
use super::topics::{Topic, is_complement, words};
use super::words::{ALPHABET, CLOSED, COPULA, FILLER, Gap, LEAD, Number, SEPARATOR, TOWARDS};
use super::{id, zip};

/// Claims the codes of a passage.
pub(super) fn claim(passage: &Passage, claims: &mut Claims, given: &mut Given) {
    if let Some(topic) = passage.asked.filter(|topic| detector_of(*topic).is_some()) {
        let length = claim_from(passage, passage.first, topic, true, claims);
        given.extend(length.map(|length| (topic, length)));
    }
    for (at, cue) in passage.cues.iter().enumerate() {
        // What lies behind the next phrase belongs to that.
        let next = passage.cues[at + 1..]
            .iter()
            .take(4)
            .find(|next| !is_complement(passage.tokens, next))
            .map_or(passage.end, |next| next.first);
        if detector_of(cue.topic).is_some() && next > cue.end {
            let glued = |at: usize| {
                passage
                    .tokens
                    .get(at)
                    .zip(passage.tokens.get(at + 1))
                    .is_some_and(|(left, right)| left.end == right.start)
            };
            // "MRN-4579347" names itself.
            let names_itself = cue.topic == Topic::Id
                && cue.end == cue.first + 1
                && passage
                    .tokens
                    .get(cue.end)
                    .is_some_and(|mark| mark.is_mark(b'-'))
                && glued(cue.first)
                && glued(cue.end);
            let length = claim_from(
                passage,
                if names_itself { cue.first } else { cue.end },
                cue.topic,
                false,
                claims,
            );
            given.extend(length.map(|length| (cue.topic, length)));
        }
    }
}

/// The letters and digits that begin at a token, and the one form of their spellings.
pub(super) fn at(
    tokens: &[Token],
    start: usize,
    claims: &Claims,
) -> Option<(Range<usize>, String)> {
    let reader = Reader {
        text: claims.text,
        tokens,
        is_iban: true,
    };
    reader.code(start, claims)
}

fn detector_of(topic: Topic) -> Option<Detector> {
    match topic {
        Topic::Zip => Some(Detector::Zip),
        Topic::Id => Some(Detector::Id),
        Topic::Iban => Some(Detector::Iban),
        _ => None,
    }
}

// How many letters and digits were claimed.
fn claim_from(
    passage: &Passage,
    from: usize,
    topic: Topic,
    is_asked: bool,
    claims: &mut Claims,
) -> Option<usize> {
    let reader = Reader {
        text: claims.text,
        tokens: passage.tokens.get(..passage.end).unwrap_or(&[]),
        is_iban: topic == Topic::Iban,
    };
    let mut at = from;
    while at < from + 10 && at < passage.end {
        let token = passage.tokens[at];
        let index = passage.cues.partition_point(|cue| cue.first < at);
        if let Some(cue) = passage.cues.get(index).filter(|cue| cue.first == at)
            && at > from
            && is_complement(passage.tokens, cue)
        {
            at = cue.end;
            continue;
        }
        if claims.is_taken(at) || (at > from && claims.is_taken_or_named(at) && !token.is_letter())
        {
            return None;
        }
        if let Some((range, value)) = reader.code(at, claims)
            && let Some(detector) = accepted(topic, &value, is_asked, &reader.saying(&range))
        {
            let length = value.len();
            claims.claim(range, detector, value);
            return Some(length);
        }
        let silent = !token.is_word() && token.kind != Kind::Digits;
        let leads = token.has(COPULA | FILLER | LEAD | TOWARDS);
        if !(silent || leads) {
            return None;
        }
        at += 1;
    }
    None
}

/// How a code is said.
struct Saying {
    is_spoken: bool,
    is_spelled: bool,
}

fn accepted(topic: Topic, value: &str, is_asked: bool, saying: &Saying) -> Option<Detector> {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.len() - digits;
    let fits = match topic {
        // Digits alone are judged with all other numbers.
        Topic::Zip => letters > 0 && digits >= 2 && (5..=8).contains(&value.len()) && letters <= 5,
        Topic::Id => {
            digits >= 3 && id::fits(value.len())
                || (digits >= 2
                    && letters > 0
                    && (value.len() >= 6 || is_asked || saying.is_spoken))
                // "X y z", and the digits in the next breath.
                || (is_asked && saying.is_spelled && letters >= 3)
        }
        Topic::Iban => letters >= 2 && (value.len() >= 10 || (digits >= 2 && saying.is_spoken)),
        _ => false,
    };
    fits.then(|| detector_of(topic))
        .flatten()
        .filter(|_| topic != Topic::Zip || !zip::fits(digits) || letters > 0)
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    // Whether it begins with a country's two letters.
    is_iban: bool,
}

impl Reader<'_> {
    // The code that starts at a token: letters and digits with nothing else between them.
    fn code(&self, start: usize, claims: &Claims) -> Option<(Range<usize>, String)> {
        const LONGEST: usize = 40;
        let mut value = String::new();
        let (mut at, mut end) = (start, start);
        while value.len() < LONGEST && at < self.tokens.len() && !claims.is_taken(at) {
            if at > start && claims.is_taken_or_named(at) && !self.tokens[at].is_letter() {
                break;
            }
            if let Some(next) = self.part(at, at == start, &mut value) {
                (at, end) = (next, next);
                continue;
            }
            let token = self.tokens[at];
            // "Eleven, no, eleven twelve".
            let gap = Lexicon::get().gaps.longest(words(self.tokens, at));
            if let Some((last, gap)) = gap.filter(|_| at > start)
                && gap >= Gap::Again
                && self.part(last + 1, false, &mut String::new()).is_some()
            {
                at = last + 1;
                continue;
            }
            let inside = token.has(FILLER | SEPARATOR)
                || matches!(token.kind, Kind::Mark(b'-' | b'/' | b'.')) && self.touches(at)
                || token.is_mark(b',') && self.token_is_letter(at - usize::from(at > 0));
            if at == start || !inside {
                break;
            }
            at += 1;
        }
        (end > start).then_some((start..end, value))
    }

    fn saying(&self, range: &Range<usize>) -> Saying {
        let tokens = self.tokens.get(range.clone()).unwrap_or(&[]);
        Saying {
            is_spoken: tokens.iter().all(|token| token.kind != Kind::Digits),
            is_spelled: tokens.iter().all(Token::is_letter),
        }
    }

    fn touches(&self, at: usize) -> bool {
        let token = self.tokens[at];
        self.tokens
            .get(at + 1)
            .is_some_and(|next| next.start == token.end)
    }

    fn token_is_letter(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(Token::is_letter)
    }

    fn part(&self, at: usize, is_first: bool, value: &mut String) -> Option<usize> {
        let token = self.tokens.get(at)?;
        if let Some(next) = atom::read(self.text, self.tokens, at, value) {
            return Some(next);
        }
        if !token.is_word() {
            return None;
        }
        let word = token.of(self.text);
        let next = self.tokens.get(at + 1);
        let before = at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let glued = next.is_some_and(|next| {
            next.start == token.end && (next.kind == Kind::Digits || next.is_mark(b'-'))
        }) || (!is_first
            && before.is_some_and(|before| {
                before.end == token.start && (before.kind == Kind::Digits || before.is_mark(b'-'))
            }));
        if token.is_letter() {
            let as_in = next
                .is_some_and(|next| ["as", "for", "like"].contains(&next.of(self.text)))
                && self.tokens.get(at + 2).is_some_and(|second| {
                    second.of(self.text) == "in"
                        || second
                            .of(self.text)
                            .to_ascii_uppercase()
                            .starts_with(&word.to_ascii_uppercase())
                });
            // "I" and "a" are letters only among others.
            let word_like = matches!(word, "a" | "i" | "I" | "A");
            let ends = !is_first
                && before.is_some_and(|before| {
                    before.is_letter() || is_digit_word(before) || before.kind == Kind::Digits
                })
                && (word == "A" || next.is_none_or(|next| !next.is_word()));
            let among = glued
                || ends
                || as_in
                || next.is_some_and(|next| {
                    next.is_letter() || next.kind == Kind::Digits || is_digit_word(next)
                });
            if word_like && !among {
                return None;
            }
            value.push_str(&word.to_ascii_uppercase());
            if as_in {
                let in_word = usize::from(
                    self.tokens
                        .get(at + 2)
                        .is_some_and(|second| second.of(self.text) == "in"),
                );
                return Some((at + 3 + in_word).min(self.tokens.len()));
            }
            return Some(at + 1);
        }
        if token.has(ALPHABET) {
            value.extend(word.chars().next().map(|first| first.to_ascii_uppercase()));
            return Some(at + 1);
        }
        let capitals = word.bytes().all(|byte| byte.is_ascii_uppercase()) && word.len() <= 5;
        let before_digits =
            next.is_some_and(|next| next.kind == Kind::Digits || next.is_mark(b'-'));
        let short = word.len() <= 4 && glued;
        let country = self.is_iban
            && is_first
            && word.len() == 2
            && next.is_some_and(is_digit_word)
            && !token.has(COPULA);
        if (capitals && (before_digits || glued || !is_first))
            || (short && !token.has(CLOSED))
            || country
        {
            value.push_str(&word.to_ascii_uppercase());
            return Some(at + 1);
        }
        None
    }
}

fn is_digit_word(token: &Token) -> bool {
    matches!(
        token.entry.number,
        Number::Unit(_) | Number::Teen(_) | Number::Ten(_) | Number::Times(_)
    )
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    fn check(text: &str, value: &str) {
        let tokens = tokenize(text);
        let claims = Claims::new(text, &tokens);
        let found = Reader {
            text,
            tokens: &tokens,
            is_iban: false,
        }
        .code(0, &claims);
        assert_eq!(
            found.map(|(_, value)| value).unwrap_or_default(),
            value,
            "{text}"
        );
    }

    #[test]
    fn letters_and_digits_make_a_code() {
        check("ZL4977656, thanks", "ZL4977656");
        check("SY 08 88 25 C please", "SY088825C");
        check("MRN-4579347", "MRN4579347");
        check("s g eight seven e r", "SG87ER");
        check("v as in victor one five nine", "V159");
        check("a b bravo double two", "ABB22");
    }

    #[test]
    fn words_make_none() {
        check("i think so", "");
        check("on file", "");
    }
}
