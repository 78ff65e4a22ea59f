use super::*;
use crate::detect::read::{TokenReader, cues, tokenize};

fn asked_after(said: &[&str]) -> Option<Topic> {
    let mut state = Cues::at_start("US");
    for text in said {
        let tokens = tokenize(text);
        let (reader, cues) = (TokenReader::new(text, &tokens), cues(&tokens));
        let mut passage = SpokenPassage::unasked(reader, 0..tokens.len(), &cues);
        passage.asked = state.asked;
        let told = ToldValues {
            given: &[],
            words: Wordings::default(),
        };
        state.hear_assistant(&passage, told);
    }
    state.asked
}

#[test]
fn the_last_question_counts() {
    assert_eq!(
        asked_after(&["Can I get the card number please?"]),
        Some(Topic::Card)
    );
    assert_eq!(
        asked_after(&["Thanks for calling. What's your zip code?"]),
        Some(Topic::Zip)
    );
    assert_eq!(
        asked_after(&["what's the phone number on the account"]),
        Some(Topic::Phone)
    );
    assert_eq!(
        asked_after(&["I need the card number, expiry date and the security code."]),
        Some(Topic::Card)
    );
    assert_eq!(asked_after(&["your card?", "got it"]), Some(Topic::Card));
    assert_eq!(
        asked_after(&[
            "your card?",
            "Thank you, your table is booked for tonight then."
        ]),
        None
    );
}

#[test]
fn a_dictation_ends_when_it_is_complete() {
    let mut state = Cues::at_start("US");
    state.asked = Some(Topic::Ssn);
    state.hear_caller(&[(Topic::Ssn, 5)], None, Wordings::default());
    assert_eq!((state.asked, state.so_far), (Some(Topic::Ssn), 5));
    state.hear_caller(&[(Topic::Ssn, 4)], None, Wordings::default());
    assert_eq!((state.asked, state.so_far), (None, 0));
}

#[test]
fn the_region_is_two_letters_or_the_us() {
    assert_eq!(Cues::at_start("gb").region(), "GB");
    assert_eq!(Cues::at_start("").region(), "US");
}
