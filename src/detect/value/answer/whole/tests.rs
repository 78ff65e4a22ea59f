use crate::detect::Detector::{self, Birthdate, Id, Zip};
use crate::detect::testing::check;

fn answers(question: &str, answer: &str, expected: &[(Detector, &str)]) {
    check(&format!("agent: {question}\ncaller: {answer}"), expected);
}

#[test]
fn a_misheard_code_is_hidden_whole() {
    for (answer, value) in [
        ("and I want 6 q t", "I want 6 q t"),
        ("em for 7 page r d", "em for 7 page r d"),
        ("cheddar", "cheddar"),
        ("yes it's b 9 wife k", "b 9 wife k"),
        ("94107 thanks so much", "94107"),
    ] {
        answers("What's your postcode?", answer, &[(Zip, value)]);
    }
    answers(
        "And the member id?",
        "morgan two two six",
        &[(Id, "morgan two two six")],
    );
}

#[test]
fn a_misheard_date_of_birth_is_hidden_whole() {
    for (answer, value) in [
        ("boats of May 1971", "boats of May 1971"),
        ("the 4th of the 10th 1962", "the 4th of the 10th 1962"),
        ("halloween", "halloween"),
    ] {
        answers(
            "Could you repeat your date of birth, day, month and year?",
            answer,
            &[(Birthdate, value)],
        );
    }
}

#[test]
fn what_is_said_instead_of_an_answer_stays() {
    for answer in [
        "I don't have it on me",
        "why would you need that",
        "bye",
        "hang on let me find my letter",
        "can i talk to somebody",
        "one second",
        "no idea mate",
        "is that the billing one",
        "two minutes please",
    ] {
        answers("What's your zip code?", answer, &[]);
        answers("Your date of birth please?", answer, &[]);
    }
    for answer in ["is it the long one or the short one", "the new one"] {
        answers("What's your member number?", answer, &[]);
    }
}
