use crate::detect::Detector;
use crate::detect::testing::check;

#[test]
fn only_who_asks_for_a_value_opens_a_slot() {
    for text in [
        "agent: thank you for calling the bakery how can i help you\ncaller: 12",
        "agent: when should we call you back?\ncaller: four thirty",
        "agent: how many cards do you have?\ncaller: three",
        "agent: your card is on its way, anything else?\ncaller: no that's 4 of us",
        "agent: we'll text your phone a link. How many nights?\ncaller: 3",
    ] {
        check(text, &[]);
    }
    for question in [
        "what number can i reach you on",
        "how can we reach you",
        "could i trouble you for a phone number",
        "your phone number, can i get that",
        "Thanks for that. And your mobile, including the area code?",
        "I'll need a callback number as it appears on your account.",
    ] {
        check(
            &format!("agent: {question}\ncaller: six oh two"),
            &[(Detector::Phone, "six oh two")],
        );
    }
}

#[test]
fn several_things_are_asked_for_at_once() {
    check(
        "agent: can you give me your date of birth and the zip code?\ncaller: may fourth eighty two and nine four one one oh",
        &[
            (Detector::Birthdate, "may fourth eighty two"),
            (Detector::Zip, "nine four one one oh"),
        ],
    );
    check(
        "agent: I need your name, your postcode and the last four of the card.\ncaller: Ina Lake.\nagent: Mhm.\ncaller: TR19 6AB.",
        &[(Detector::Name, "Ina Lake"), (Detector::Zip, "TR19 6AB")],
    );
}

#[test]
fn an_answer_is_put_right_in_a_later_turn() {
    check(
        "agent: What's your zip?\ncaller: 94107\nagent: Got it.\ncaller: no sorry, it's 94117",
        &[(Detector::Zip, "94107"), (Detector::Zip, "94117")],
    );
    check(
        "agent: What's your zip?\ncaller: 94107\nagent: Thanks. How many nights?\ncaller: sorry, two",
        &[(Detector::Zip, "94107")],
    );
}

#[test]
fn what_an_assistant_reads_back_is_put_right() {
    use Detector::{Address, Name, Phone};
    check(
        "agent: so Brendan Toal?\ncaller: no, Brandon, b r a n d o n",
        &[
            (Name, "Brendan Toal"),
            (Name, "Brandon"),
            (Name, "b r a n d o n"),
        ],
    );
    check(
        "agent: so that's 0161 496 0731\ncaller: oh seven one three at the end",
        &[(Phone, "0161 496 0731"), (Phone, "oh seven one three")],
    );
    check(
        "agent: and that's 61 Selby Grove?\ncaller: sixteen, not sixty one",
        &[
            (Address, "61 Selby Grove"),
            (Address, "sixteen"),
            (Address, "sixty one"),
        ],
    );
}

#[test]
fn what_only_sounds_like_a_correction_stays() {
    for answer in [
        "no, thirteen guests",
        "yes that one",
        "no that's perfect",
        "four of us",
    ] {
        let text = format!("agent: I have you at 61 Selby Grove\ncaller: {answer}");
        check(&text, &[(Detector::Address, "61 Selby Grove")]);
    }
}
