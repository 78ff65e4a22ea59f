//! What an assistant says on the way that asks for nothing new: a reason, and which of several is
//! meant.

use std::ops::Range;

use crate::detect::english::AskingRole;
use crate::detect::number::NumberKind;
use crate::detect::read::{Cue, SpokenPassage, Token, TokenReader, is_complement};

/// Whether some tokens begin with a reason, and ask for nothing: "just to verify you", but not "for
/// security your postcode please".
pub(super) fn explains(reader: TokenReader, tokens: Range<usize>) -> bool {
    const BEFORE: [&str; 9] = [
        "only", "just", "it's", "that's", "so", "oh", "mainly", "simply", "purely",
    ];
    let mut said = tokens
        .clone()
        .filter(|at| reader.token(*at).is_some_and(Token::is_word));
    let first = said.find(|at| !reader.says_any(*at, &BEFORE));
    let requests = || {
        tokens
            .clone()
            .any(|at| reader.says_any(at, &["your", "please", "the"]))
    };
    first.is_some_and(|at| {
        reader.says_any(at, &["to", "because", "cause", "cos"])
            || reader.says(at, "for") && !requests()
    })
}

/// Whether one of several is picked, or it is told where something stands: what it names then is
/// no new question.
pub(super) fn points(passage: &SpokenPassage) -> bool {
    let (reader, range) = (passage.reader(), passage.first..passage.end);
    let is_private = |cue: &&Cue| NumberKind::of(cue.topic).is_some();
    let mut named = passage.cues.iter().filter(is_private);
    picks_one(reader, range.clone())
        || tells_where(reader, range) && named.all(|cue| is_complement(passage.tokens, cue))
}

// "Top right of your card": where something stands.
fn tells_where(reader: TokenReader, range: Range<usize>) -> bool {
    const FIRST: [&str; 11] = [
        "top",
        "bottom",
        "under",
        "underneath",
        "beside",
        "near",
        "inside",
        "usually",
        "on",
        "at",
        "in",
    ];
    const NOUNS: [&str; 9] = [
        "of", "your", "the", "corner", "left", "right", "side", "page", "line",
    ];
    const BEFORE: [&str; 8] = ["it's", "it'll", "it", "is", "should", "be", "that's", "yes"];
    let is_word = |at: &usize| reader.token(*at).is_some_and(Token::is_word);
    let is_question = range.clone().any(|at| reader.is_mark(at, b'?'));
    let mut words = range.filter(is_word);
    let first = words.find(|at| !reader.says_any(*at, &BEFORE));
    let is_place = first.is_some_and(|at| reader.says_any(at, &FIRST));
    let asks = |at: usize| {
        let token = reader.token(at);
        let role = AskingRole::WHICH | AskingRole::HOW | AskingRole::SAY | AskingRole::NEED;
        token.is_some_and(|token| token.asks(role))
    };
    let rest: Vec<usize> = words.collect();
    is_place
        && !is_question
        && rest.iter().any(|at| reader.says_any(*at, &NOUNS))
        && !rest.iter().any(|at| asks(*at))
}

// "The phone banking one": which of several is meant.
fn picks_one(reader: TokenReader, range: Range<usize>) -> bool {
    const WORDS: usize = 6;
    let is_word = |at: &usize| reader.token(*at).is_some_and(Token::is_word);
    let words: Vec<usize> = range.filter(is_word).take(WORDS + 1).collect();
    let asks = |at: &usize| {
        let token = reader.token(*at);
        token.is_some_and(|token| token.asks(AskingRole::WHICH | AskingRole::HOW))
    };
    let is_one = words.last().is_some_and(|last| reader.says(*last, "one"));
    let begins = words.first().is_some_and(|first| {
        reader.says_any(
            *first,
            &["the", "that", "your", "our", "just", "no", "yes", "yeah"],
        )
    });
    is_one && begins && (2..=WORDS).contains(&words.len()) && !words.iter().any(asks)
}

/// Whether it is asked at a token where something is to be brought: "where are we delivering it".
pub(super) fn asks_where_to(reader: TokenReader, at: usize) -> bool {
    let sends = ["send", "deliver", "ship", "drop"];
    let is_sent = |next| sends.iter().any(|one| reader.word(next).starts_with(one));
    reader.says_any(at, &["where", "whereabouts"]) && (at + 2..at + 5).any(is_sent)
}

/// Whether a word only tells more of the number before it: "a number where we can text you".
pub(super) fn is_relative(reader: TokenReader, at: usize) -> bool {
    const NOUNS: [&str; 6] = ["number", "line", "phone", "mobile", "cell", "landline"];
    let before = at.checked_sub(1).filter(|before| *before >= reader.floor);
    reader.says_any(at, &["where", "which", "that"])
        && before.is_some_and(|before| reader.says_any(before, &NOUNS))
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::{Id, Phone, Pin, Zip};
    use crate::detect::testing::check;

    #[test]
    fn a_reason_ends_no_question() {
        check(
            "agent: Please what is your BVN?\ncaller: why do you need it\nagent: only to verify you, sir\ncaller: okay 2 2 1, 9 0 4, 5 5 7, 8 1",
            &[(Id, "2 2 1, 9 0 4, 5 5 7, 8 1")],
        );
        check(
            "agent: your phone number?\ncaller: what for\nagent: so that's for the driver to find you\ncaller: oh eight six",
            &[(Phone, "oh eight six")],
        );
    }

    #[test]
    fn where_a_number_stands_is_no_other_question() {
        use crate::detect::Detector::Account;
        check(
            "agent: can i have the sort code\ncaller: where would that be\nagent: top right of your card\ncaller: ah, nine oh, one three, five one",
            &[(Account, "nine oh, one three, five one")],
        );
    }

    #[test]
    fn a_number_where_somebody_is_reached_is_a_telephones() {
        check(
            "agent: and a number where we can text you?\ncaller: five one four, five five five, oh one six three\nagent: five one four, five five five, oh one six two?\ncaller: six three. oh one six three",
            &[
                (Phone, "five one four, five five five, oh one six three"),
                (Phone, "five one four, five five five, oh one six two"),
                (Phone, "six three. oh one six three"),
            ],
        );
    }

    #[test]
    fn a_question_behind_a_reason_is_asked() {
        for said in [
            "just to confirm, what's your postcode?",
            "so for security your postcode please",
            "on the account, your postcode please",
        ] {
            let text =
                format!("agent: your phone number?\ncaller: sure\nagent: {said}\ncaller: d04 x2y7");
            check(&text, &[(Zip, "d04 x2y7")]);
        }
    }

    #[test]
    fn which_one_is_meant_is_no_other_question() {
        check(
            "agent: your four digit pin please\ncaller: is it the one for the machine or the phone one\nagent: the phone banking one\ncaller: eight one double three then",
            &[(Pin, "eight one double three")],
        );
    }
}
