//! A password that was asked for: "can i have rhubarb", "capital h, small j, four".
//!
//! A question is none.

use std::ops::Range;

use super::SpokenAnswer;
use crate::detect::english::{AskingRole, Class};
use crate::detect::read::{Token, TokenReader};

/// The words of a password in an answer. `start`: behind what one says before any answer.
pub(super) fn answer(reader: TokenReader, first: usize, start: usize) -> Option<Range<usize>> {
    let answer = SpokenAnswer { reader };
    if let Some(chosen) = behind_choice(reader, first) {
        let range = answer.sentence(chosen, 1)?;
        let tokens = reader.tokens.get(range.clone()).unwrap_or(&[]);
        let other = Class::CLOSED | Class::LEAD | Class::UNIT | Class::NO_ANSWER;
        let is_plain = tokens.len() <= CHOSEN && !tokens.iter().any(|token| token.has(other));
        return is_plain.then_some(range);
    }
    if let Some(range) = guessed(reader, first) {
        return Some(range);
    }
    let is_question = |at: usize| {
        let says = |at: usize, role| reader.token(at).is_some_and(|token| token.asks(role));
        says(at, AskingRole::VERB) && says(at + 1, AskingRole::THING | AskingRole::ME)
    };
    let asks = (first..start + 2).any(is_question);
    answer.secret(start).filter(|_| !asks)
}

// "Is it sunflower one nine", "could it be bluebell 7": a word or two and some digits.
fn guessed(reader: TokenReader, first: usize) -> Option<Range<usize>> {
    const MOST: usize = 2;
    let leads = |at: &usize| {
        let token = reader.token(*at);
        token.is_some_and(|token| !token.is_word() || token.has(Class::FILLER | Class::JOIN))
    };
    let at = first + (first..first + 4).take_while(leads).count();
    let is_verb = reader.says_any(at, &["is", "was", "could", "would", "might", "maybe"]);
    let is_it = reader.says(at + 1, "it") || reader.says(at + 1, "it's");
    if !(is_verb && is_it) {
        return None;
    }
    let start = at + 2 + usize::from(reader.says_any(at + 2, &["be", "is"]));
    let range = SpokenAnswer { reader }.sentence(start, 1)?;
    let tokens = reader.tokens.get(range.clone()).unwrap_or(&[]);
    let words = tokens
        .iter()
        .take_while(|token| token.is_word() && !token.says_digits());
    let words = words.count();
    let other = Class::CLOSED | Class::LEAD | Class::UNIT | Class::NO_ANSWER;
    let is_plain = !tokens.iter().take(words).any(|token| token.has(other));
    let rest = tokens.get(words..).unwrap_or(&[]);
    let is_told = !rest.is_empty() && rest.iter().all(Token::says_digits);
    ((1..=MOST).contains(&words) && is_plain && is_told).then_some(range)
}

/// No more tokens are chosen for a password.
const CHOSEN: usize = 3;

// Behind "can i have", "let's go with", "i'll use", "make it".
fn behind_choice(reader: TokenReader, first: usize) -> Option<usize> {
    const PHRASES: [&[&str]; 9] = [
        &["can", "i", "have"],
        &["could", "i", "have"],
        &["can", "we", "do"],
        &["let's", "go", "with"],
        &["i'll", "go", "with"],
        &["i'll", "use"],
        &["i'll", "have"],
        &["how", "about"],
        &["make", "it"],
    ];
    let begins = (first..first + 3).take_while(|at| {
        *at == first || reader.says_any(*at - 1, &["so", "um", "uh", "okay", "oh", "yeah"])
    });
    begins.into_iter().find_map(|at| {
        let phrase = PHRASES.iter().find(|phrase| {
            let mut words = phrase.iter().enumerate();
            words.all(|(step, word)| reader.says(at + step, word))
        });
        phrase.map(|phrase| at + phrase.len())
    })
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Secret;
    use crate::detect::testing::check;

    #[test]
    fn a_guess_is_an_answer() {
        for (answer, value) in [
            ("is it sunflower one nine", "sunflower one nine"),
            ("um could it be bluebell 77", "bluebell 77"),
        ] {
            let text = format!("agent: what's the password on the account?\ncaller: {answer}");
            check(&text, &[(Secret, value)]);
        }
        for answer in [
            "is it case sensitive",
            "is it the one from last year",
            "is it six letters",
            "could it be in the email from march two",
        ] {
            let text = format!("agent: what's the password on the account?\ncaller: {answer}");
            check(&text, &[]);
        }
    }

    #[test]
    fn a_password_is_chosen_or_spelled() {
        for (answer, value) in [
            ("can i have rhubarb", "rhubarb"),
            ("um let's go with purple tiger", "purple tiger"),
            (
                "capital h, small j, four, four, small w, nine",
                "capital h, small j, four, four, small w, nine",
            ),
        ] {
            let text = format!("agent: pick a password for the phone\ncaller: {answer}");
            check(&text, &[(Secret, value)]);
        }
        check(
            "agent: what's the password on the account?\ncaller: is it sunflower one nine",
            &[(Secret, "sunflower one nine")],
        );
        for answer in [
            "is it the one with two numbers",
            "is it case sensitive",
            "is it the same for both",
            "can i have a minute",
            "or is that daft",
            "is it the same one",
            "can i have that again",
        ] {
            let text = format!("agent: pick a password for the phone\ncaller: {answer}");
            check(&text, &[]);
        }
    }
}
