//! What a passage speaks of, told by phrases, and which phrase governs a number.
//!
//! The head noun governs: in "the zip code for that card is" the zip code does.

use super::lexicon::Lexicon;
use super::token::{Token, TokenKind, phrase_words};
use crate::detect::english::{AskingRole, Class, Topic};

/// A phrase in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cue {
    /// Its first token.
    pub(crate) first: usize,
    /// The token behind it.
    pub(crate) end: usize,
    /// What it speaks of.
    pub(crate) topic: Topic,
}

/// Finds the phrases among tokens.
pub(crate) fn cues(tokens: &[Token]) -> Vec<Cue> {
    let topics = &Lexicon::get().topics;
    let mut cues: Vec<Cue> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_known = token.entry.id != 0 || token.kind == TokenKind::Digits;
        if !is_known {
            at += 1;
            continue;
        }
        let Some((last, topic)) = topics.longest(phrase_words(tokens, at)) else {
            let unnamed = sort_code(tokens, at).or_else(|| number_of_something(tokens, at));
            cues.extend(unnamed.or_else(|| ending(tokens, &cues, at)));
            at += 1;
            continue;
        };
        let cue = Cue {
            first: at,
            end: last + 1,
            topic,
        };
        // "Flight number is d l four four": letters of the code.
        if is_spelled(&tokens[at..=last]) && is_said_of(tokens, &cues, at) {
            at = cue.end;
        } else if is_other(tokens, &cue) {
            at += 1;
        } else {
            at = cue.end;
            cues.push(cue);
        }
    }
    cues
}

// Whether the words of a phrase are something else where they stand.
fn is_other(tokens: &[Token], cue: &Cue) -> bool {
    let topics = &Lexicon::get().topics;
    let (at, last) = (cue.first, cue.end - 1);
    let letter_before = at
        .checked_sub(1)
        .is_some_and(|before| is_plain_letter(tokens, before));
    match cue.topic {
        // "Wait, new one, nine eight": no digit.
        Topic::Nothing if is_pronoun(tokens, cue) => false,
        // "Twenty four seven" with more numbers behind it is dictated; "the one time code".
        Topic::Nothing if says_number(tokens, last) => {
            let other = topics.longest(phrase_words(tokens, last));
            is_dictated(tokens, at, cue.end)
                || other.is_some_and(|(_, topic)| topic != Topic::Nothing)
        }
        // "The shop's number" is one to call, "the shop number" a reference.
        Topic::Reference if last > at && tokens[at].has(Class::POSSESSIVE) => {
            topics.longest(phrase_words(tokens, at).take(1)).is_none()
        }
        // "Four four hash one nine".
        Topic::Reference if last == at && tokens[at].has(Class::SEPARATOR) => {
            is_dictated(tokens, at, cue.end)
        }
        // "call_8f21": the head of an identifier.
        Topic::Phone if last == at && is_identifier(tokens, at) => true,
        // "RX1 44": the letters of a code.
        _ if last == at && tokens[at].len() == 2 && touches_digits(tokens, at) => true,
        // "S t a c y": letters in the middle of a word that is spelled.
        _ => letter_before && is_spelled(&tokens[at..cue.end]),
    }
}

// "New one", where no digit stands before it.
fn is_pronoun(tokens: &[Token], cue: &Cue) -> bool {
    const LETTERS: usize = 3;
    let is_short = cue.end == cue.first + 2 && tokens[cue.end - 1].len() == LETTERS;
    let is_word = !tokens[cue.first].says_number() && tokens[cue.first].has(Class::VAGUE);
    let is_free = cue.first == 0 || !says_number(tokens, cue.first - 1);
    let behind = tokens.get(cue.end).is_none_or(|next| next.is_mark(b','));
    is_short && is_word && is_free && behind && says_number(tokens, cue.end - 1)
}

fn touches_digits(tokens: &[Token], at: usize) -> bool {
    const MOST: usize = 3;
    tokens.get(at + 1).is_some_and(|next| {
        next.kind == TokenKind::Digits && next.len() <= MOST && next.start == tokens[at].end
    })
}

// A letter that is no word.
fn is_plain_letter(tokens: &[Token], at: usize) -> bool {
    tokens[at].is_letter() && !tokens[at].has(Class::DETERMINER | Class::COPULA)
}

fn is_spelled(tokens: &[Token]) -> bool {
    tokens.iter().all(Token::is_letter)
}

// Whether a reference or another code was named just before: "the flight is …".
fn is_said_of(tokens: &[Token], cues: &[Cue], at: usize) -> bool {
    cues.last().is_some_and(|cue| {
        let between = tokens.get(cue.end..at).unwrap_or(&[]);
        let is_code = matches!(
            cue.topic,
            Topic::Reference | Topic::Id | Topic::Code | Topic::Zip
        );
        is_code && between.len() <= 2 && between.iter().all(|token| token.has(Class::COPULA))
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
        TokenKind::Digits => mixed,
        _ => next.is_word() && next.entry.id == 0,
    };
    glued && mark.is_mark(b'_') && strange
}

fn says_number(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(Token::says_number)
}

// Whether a number goes on before or behind some tokens: "seven two no one", "scratch that one".
fn is_dictated(tokens: &[Token], first: usize, end: usize) -> bool {
    let before = first.checked_sub(1);
    let corrected = before.is_some_and(|at| tokens[at].has(Class::CORRECTION));
    let separated = tokens
        .get(end)
        .is_some_and(|token| token.has(Class::SEPARATOR | Class::FILLER) || token.is_mark(b','));
    corrected
        || before.is_some_and(|at| says_number(tokens, at))
        || says_number(tokens, end)
        || (separated && says_number(tokens, end + 1))
}

// "Batch number", "dress code": whatever it is, it has a name, and it is none of ours, unless a
// person has it: "my union number". A code without a name is a secret one.
fn number_of_something(tokens: &[Token], at: usize) -> Option<Cue> {
    let lexicon = Lexicon::get();
    let word = tokens[at].entry.id;
    let is_code = word == lexicon.code;
    let is_id = word == lexicon.id;
    let is_number = word == lexicon.number || word == lexicon.numbers;
    if !is_code && !is_id && !is_number {
        return None;
    }
    // "Seven six number five": a pause.
    if at > 0 && says_number(tokens, at - 1) {
        return None;
    }
    let before = at.checked_sub(1).map(|before| tokens[before]);
    // "The plumber's number" is one to call.
    let named = before.is_some_and(|word| {
        let is_vague = word.has(Class::VAGUE | Class::POSSESSIVE) || word.asks(AskingRole::WHICH);
        word.is_word() && !is_vague && word.len() > 1
    });
    // "It's a London number": of what kind, not of what.
    let kind = at
        .checked_sub(2)
        .map(|article| tokens[article])
        .is_some_and(|article| article.has(Class::DETERMINER) && article.is_letter());
    // "Use code …".
    let is_verb = before.is_some_and(|word| {
        word.asks(AskingRole::SAY) || word.has(Class::IN_DOMAIN | Class::FILLER)
    });
    let named = named && !(is_code && is_verb);
    let is_own = named && !is_code && is_of_a_person(tokens, at - 1);
    let is_lettered = is_number && is_lettered(tokens, at);
    let topic = match (named && (is_code || !kind), is_code) {
        _ if is_own || is_lettered => Topic::Id,
        _ if is_id => return None,
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

// "Your A-number", "my b number": named by the letter with which it begins.
fn is_lettered(tokens: &[Token], at: usize) -> bool {
    let token = |back: usize| at.checked_sub(back).map(|place| tokens[place]);
    let is_glued = token(1).zip(token(2)).is_some_and(|(mark, letter)| {
        mark.is_mark(b'-') && letter.is_letter() && letter.end == mark.start
    });
    let is_owned = token(1).zip(token(2)).is_some_and(|(letter, owner)| {
        letter.is_letter() && Lexicon::get().owners.contains(&owner.entry.id)
    });
    is_glued || is_owned
}

// "My union number", "her senior citizen id", "your gym number", but "my locker number".
fn is_of_a_person(tokens: &[Token], last: usize) -> bool {
    const WORDS: usize = 3;
    let words = tokens[..=last].iter().rev();
    let mut names = words.clone().take_while(|word| {
        word.is_word() && !word.has(Class::DETERMINER | Class::COPULA | Class::POSSESSIVE)
    });
    let count = names.clone().take(WORDS + 1).count();
    let owner = words.clone().nth(count);
    let has_owner = owner.is_some_and(|owner| {
        owner.has(Class::POSSESSIVE) || Lexicon::get().owners.contains(&owner.entry.id)
    });
    has_owner && (1..=WORDS).contains(&count) && !names.any(|word| word.has(Class::NUMBERED))
}

// "My social ends four oh oh six".
fn ending(tokens: &[Token], cues: &[Cue], at: usize) -> Option<Cue> {
    let has_end = |topic| {
        matches!(
            topic,
            Topic::Ssn | Topic::Card | Topic::Phone | Topic::Account
        )
    };
    let before = cues.last().filter(|cue| cue.end == at)?;
    let is_told = tokens.get(at + 1).is_some_and(Token::says_digits);
    let ends =
        is_told && has_end(before.topic) && Lexicon::get().ends.contains(&tokens[at].entry.id);
    ends.then_some(Cue {
        first: at,
        end: at + 1,
        topic: Topic::LastFour,
    })
}

// "Sort 40-47-22 acc 71829304": with its groups, and tied to them or beside an account.
fn sort_code(tokens: &[Token], at: usize) -> Option<Cue> {
    const NEAR: usize = 12;
    let lexicon = Lexicon::get();
    if tokens[at].entry.id != lexicon.sort {
        return None;
    }
    let behind = tokens.get(at + 1)?;
    let is_tied = behind.is_mark(b':') || behind.is_mark(b'=');
    let from = at + 1 + usize::from(is_tied);
    let is_pair = |token: &Token| token.kind == TokenKind::Digits && token.len() == 2;
    let groups = [from, from + 2, from + 4].map(|at| tokens.get(at));
    let is_written = groups.iter().all(|group| group.is_some_and(is_pair));
    let is_account = |at: usize| {
        let phrase = lexicon.topics.longest(phrase_words(tokens, at));
        phrase.is_some_and(|(_, topic)| topic == Topic::Account)
    };
    let mut near = from..tokens.len().min(from + NEAR);
    (is_written && (is_tied || near.any(is_account))).then_some(Cue {
        first: at,
        end: at + 1,
        topic: Topic::Account,
    })
}

/// Whether a phrase only says more about the noun before it ("… for that card").
pub(crate) fn is_complement(tokens: &[Token], cue: &Cue) -> bool {
    let mut at = cue.first;
    for _ in 0..3 {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        if tokens[before].has(Class::PREPOSITION) {
            return true;
        }
        if !tokens[before].has(Class::DETERMINER) && !tokens[before].has(Class::VAGUE) {
            return false;
        }
        at = before;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::token::tokenize;
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
        check("a number", &[Topic::Number]);
        check("your A-number", &[Topic::Id]);
        check("my a number", &[Topic::Id]);
    }

    #[test]
    fn a_noun_behind_a_preposition_is_a_complement() {
        let tokens = tokenize("the zip code for that card is");
        let cues = cues(&tokens);
        assert!(!is_complement(&tokens, &cues[0]));
        assert!(is_complement(&tokens, &cues[1]));
    }
}
