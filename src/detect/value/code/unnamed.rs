//! A code of letters and digits that is only called a number: "the number is 5310-0087-XQ".
//!
//! Where an order or its like was spoken of, it is that one's.

use super::read;
use crate::detect::Detector;
use crate::detect::english::{Class, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Cue, TokenKind};

/// Claims the code that a phrase without a name ties to it.
pub(super) fn claim(hearing: &mut Hearing, cue: &Cue) {
    const SILENT: usize = 3;
    const FEWEST_DIGITS: usize = 4;
    const FEWEST: usize = 7;
    let passage = &hearing.passage;
    let is_reference = |cue: &Cue| matches!(cue.topic, Topic::Reference | Topic::Expiry);
    let is_other = passage.asks(Topic::Reference) || passage.cues.iter().any(is_reference);
    let reader = passage.reader();
    let is_silent = |at: &usize| {
        let token = reader.token(*at);
        token.is_some_and(|token| {
            token.has(Class::COPULA | Class::FILLER)
                || matches!(token.kind, TokenKind::Mark(b':' | b','))
        })
    };
    let at = cue.end + (cue.end..cue.end + SILENT).take_while(is_silent).count();
    let is_tied = at > cue.end && !is_other && at < passage.end;
    let Some(code) = is_tied.then(|| read(hearing, Topic::Id, at)).flatten() else {
        return;
    };
    let digits = code.value.bytes().filter(u8::is_ascii_digit).count();
    let is_code =
        !is_on_network(&code.value) && digits >= FEWEST_DIGITS && digits < code.value.len();
    if is_code && code.value.len() >= FEWEST {
        hearing.given.push((Topic::Id, code.value.len()));
        hearing.claims.claim(code.range, Detector::Id, code.value);
    }
}

/// "Zero eight zero three, four one two, … m t n": a telephone's number, and whose network it is in.
pub(super) fn is_on_network(value: &str) -> bool {
    const FEWEST_DIGITS: usize = 10;
    const MOST_LETTERS: usize = 3;
    let letters = value.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let digits = value.len() - letters.len();
    let is_name = letters.bytes().all(|byte| byte.is_ascii_alphabetic());
    digits >= FEWEST_DIGITS && (2..=MOST_LETTERS).contains(&letters.len()) && is_name
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::{Id, Phone};
    use crate::detect::testing::{check, check_one};

    #[test]
    fn the_network_behind_a_telephones_number_makes_no_code_of_it() {
        for text in [
            "my number is zero eight zero three four one two double seven five one m t n line",
            "my number is zero eight zero three four one two double seven five one m t n",
        ] {
            let value = "zero eight zero three four one two double seven five one";
            check_one(Phone, text, value);
        }
    }

    #[test]
    fn a_code_that_is_called_a_number_is_one() {
        check_one(Id, "Number is 5310-0087-XQ", "5310-0087-XQ");
        check_one(
            Id,
            "my number is q r four four one nine two",
            "q r four four one nine two",
        );
        for text in [
            "agent: your order number?\ncaller: the number is 5310-0087-XQ",
            "the flight's number is B A four four one nine two",
            "my number is in the file, give me two a minute",
        ] {
            check(text, &[]);
        }
    }
}
