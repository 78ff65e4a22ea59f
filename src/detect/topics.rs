//! What a passage speaks of, told by phrases, and which phrase governs a number.
//!
//! The head noun governs: in "the zip code for that card is" the zip code does.

use super::lexicon::Lexicon;
use super::tokens::{Kind, Token};
use super::words::{
    COPULA, CORRECTION, DETERMINER, FILLER, Number, POSSESSIVE, PREPOSITION, SEPARATOR, VAGUE,
};
use super::{
    account, birthdate, card, cvv, email, harmless, iban, id, phone, pin, secret, ssn, url, zip,
};

/// What a number, a code or an address that follows would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    /// A card's number.
    Card,
    /// A card's security code.
    Cvv,
    /// A PIN or one-time code.
    Pin,
    /// A social security number.
    Ssn,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// An IBAN.
    Iban,
    /// A bank account.
    Account,
    /// A web address.
    Url,
    /// A date of birth.
    Birth,
    /// A postal code.
    Zip,
    /// An official number.
    Id,
    /// A key or password.
    Secret,
    /// A card's expiry.
    Expiry,
    /// An order, a flight, a version: nothing private.
    Reference,
    /// The last digits of something named elsewhere.
    LastFour,
    /// A number, but nothing says of what.
    Number,
    /// Words that only look like numbers or like another topic.
    Nothing,
}

/// A phrase in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cue {
    /// Its first token.
    pub(super) first: usize,
    /// The token behind it.
    pub(super) end: usize,
    /// What it speaks of.
    pub(super) topic: Topic,
}

/// All phrases with their topics.
pub(super) fn phrases() -> impl Iterator<Item = (Topic, &'static str)> {
    [
        card::CUES,
        cvv::CUES,
        pin::CUES,
        ssn::CUES,
        phone::CUES,
        email::CUES,
        iban::CUES,
        account::CUES,
        url::CUES,
        birthdate::CUES,
        zip::CUES,
        id::CUES,
        secret::CUES,
        harmless::CUES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Finds the phrases among tokens.
pub(super) fn cues(tokens: &[Token]) -> Vec<Cue> {
    let lexicon = Lexicon::get();
    let mut cues: Vec<Cue> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].entry.id == 0 && tokens[at].kind != Kind::Digits {
            at += 1;
            continue;
        }
        match lexicon.topics.longest(words(tokens, at)) {
            // "Twenty four seven" with more numbers behind it is dictated.
            Some((last, Topic::Nothing))
                if says_number(tokens, last) && is_dictated(tokens, at, last + 1) =>
            {
                at += 1
            }
            // "The one time code".
            Some((last, Topic::Nothing))
                if says_number(tokens, last)
                    && lexicon
                        .topics
                        .longest(words(tokens, last))
                        .is_some_and(|(_, topic)| topic != Topic::Nothing) =>
            {
                at += 1
            }
            // "The shop's number" is one to call, "the shop number" a reference.
            Some((last, Topic::Reference))
                if last > at
                    && tokens[at].has(POSSESSIVE)
                    && lexicon.topics.longest(words(tokens, at).take(1)).is_none() =>
            {
                at += 1
            }
            // "Flight number is d l four four": letters of the code.
            Some((last, _)) if is_spelled(&tokens[at..=last]) && is_said_of(tokens, &cues, at) => {
                at = last + 1
            }
            // "S t a c y": letters in the middle of a word that is spelled.
            Some((last, _))
                if is_spelled(&tokens[at..=last])
                    && at
                        .checked_sub(1)
                        .is_some_and(|before| is_plain_letter(tokens, before)) =>
            {
                at += 1
            }
            // "call_8f21": the head of an identifier.
            Some((last, Topic::Phone)) if last == at && is_identifier(tokens, at) => at += 1,
            Some((last, topic)) => {
                cues.push(Cue {
                    first: at,
                    end: last + 1,
                    topic,
                });
                at = last + 1;
            }
            None => {
                if let Some(cue) = number_of_something(tokens, at) {
                    cues.push(cue);
                }
                at += 1;
            }
        }
    }
    cues
}

/// The words from a token on, as the tree of phrases reads them.
pub(super) fn words(tokens: &[Token], from: usize) -> impl Iterator<Item = (usize, u16)> + '_ {
    const STRANGE: u16 = u16::MAX;
    let number = Lexicon::get().number;
    tokens
        .iter()
        .enumerate()
        .skip(from)
        .map(move |(at, token)| {
            let glued = at > from && tokens[at - 1].end == token.start;
            let word = match token.kind {
                Kind::Word if token.entry.id != 0 => token.entry.id,
                Kind::Digits if token.entry.id != 0 => token.entry.id,
                Kind::Mark(b'.' | b'-' | b'_' | b'/' | b'\'') if glued => 0,
                // "Member #".
                Kind::Mark(b'#') if at > from => number,
                _ => STRANGE,
            };
            (at, word)
        })
}

// A letter that is no word.
fn is_plain_letter(tokens: &[Token], at: usize) -> bool {
    tokens[at].is_letter() && !tokens[at].has(DETERMINER | COPULA)
}

fn is_spelled(tokens: &[Token]) -> bool {
    tokens.iter().all(Token::is_letter)
}

// Whether a reference was named just before: "the flight is …".
fn is_said_of(tokens: &[Token], cues: &[Cue], at: usize) -> bool {
    cues.last().is_some_and(|cue| {
        let between = tokens.get(cue.end..at).unwrap_or(&[]);
        cue.topic == Topic::Reference
            && between.len() <= 2
            && between.iter().all(|token| token.has(COPULA))
    })
}

fn is_identifier(tokens: &[Token], at: usize) -> bool {
    let Some((mark, next)) = tokens.get(at + 1).zip(tokens.get(at + 2)) else {
        return false;
    };
    let glued = tokens[at].end == mark.start && mark.end == next.start;
    let mixed = tokens
        .get(at + 3)
        .is_some_and(|more| more.is_word() && next.end == more.start);
    let strange = match next.kind {
        Kind::Digits => mixed,
        _ => next.is_word() && next.entry.id == 0,
    };
    glued && mark.is_mark(b'_') && strange
}

fn says_number(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| {
        token.kind == Kind::Digits
            || !matches!(token.entry.number, Number::None | Number::Doubtful(_))
    })
}

// Whether a number goes on before or behind some tokens: "seven two no one", "scratch that one".
fn is_dictated(tokens: &[Token], first: usize, end: usize) -> bool {
    let before = first.checked_sub(1);
    let corrected = before.is_some_and(|at| tokens[at].has(CORRECTION));
    let separated = tokens
        .get(end)
        .is_some_and(|token| token.has(SEPARATOR | FILLER) || token.is_mark(b','));
    corrected
        || before.is_some_and(|at| says_number(tokens, at))
        || says_number(tokens, end)
        || (separated && says_number(tokens, end + 1))
}

// "Batch number", "dress code": whatever it is, it has a name, and it is none of ours. A code
// without a name is a secret one.
fn number_of_something(tokens: &[Token], at: usize) -> Option<Cue> {
    let lexicon = Lexicon::get();
    let word = tokens[at].entry.id;
    let is_code = word == lexicon.code;
    if !is_code && word != lexicon.number && word != lexicon.numbers {
        return None;
    }
    // "Seven six number five": a pause.
    if at > 0 && says_number(tokens, at - 1) {
        return None;
    }
    let before = at.checked_sub(1).map(|before| tokens[before]);
    // "The plumber's number" is one to call.
    let named = before
        .is_some_and(|word| word.is_word() && !word.has(VAGUE | POSSESSIVE) && word.len() > 1);
    // "It's a London number": of what kind, not of what.
    let kind = at
        .checked_sub(2)
        .map(|article| tokens[article])
        .is_some_and(|article| article.has(DETERMINER) && article.is_letter());
    let topic = match (named && (is_code || !kind), is_code) {
        (true, _) => Topic::Reference,
        (false, true) => Topic::Pin,
        (false, false) => Topic::Number,
    };
    Some(Cue {
        first: at,
        end: at + 1,
        topic,
    })
}

/// Whether a phrase only says more about the noun before it ("… for that card").
pub(super) fn is_complement(tokens: &[Token], cue: &Cue) -> bool {
    let mut at = cue.first;
    for _ in 0..3 {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        if tokens[before].has(PREPOSITION) {
            return true;
        }
        if !tokens[before].has(DETERMINER) && !tokens[before].has(VAGUE) {
            return false;
        }
        at = before;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    fn check(text: &str, expected: &[Topic]) {
        let found: Vec<_> = cues(&tokenize(text)).iter().map(|cue| cue.topic).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn phrases_are_found_in_every_spelling() {
        check("my Card-Number", &[Topic::Card]);
        check("S.S.N. or s s n", &[Topic::Ssn, Topic::Ssn]);
        check("{\"card_number\":", &[Topic::Card]);
        check("the last 4 of", &[Topic::LastFour]);
    }

    #[test]
    fn a_number_with_an_unknown_name_is_a_reference() {
        check("the locker number", &[Topic::Reference]);
        check("my number", &[Topic::Number]);
    }

    #[test]
    fn a_noun_behind_a_preposition_is_a_complement() {
        let tokens = tokenize("the zip code for that card is");
        let cues = cues(&tokens);
        assert!(!is_complement(&tokens, &cues[0]));
        assert!(is_complement(&tokens, &cues[1]));
    }
}
