use crate::detect::Detector::{self, Address, Name, Secret};
use crate::detect::testing::{check, check_one};

fn answers(question: &str, answer: &str, expected: &[(Detector, &str)]) {
    check(&format!("agent: {question}\ncaller: {answer}"), expected);
}

#[test]
fn a_name_that_was_asked_for_is_one_in_any_case() {
    for (question, answer, name) in [
        ("What is your name?", "dana whitfield", "dana whitfield"),
        (
            "May I have your full name?",
            "sure it's dana o'neil",
            "dana o'neil",
        ),
        ("who am i speaking with", "dana here", "dana"),
        (
            "What's the name on the card?",
            "jean luc petit",
            "jean luc petit",
        ),
        (
            "can you spell your last name",
            "w h i t f i e double l d",
            "w h i t f i e double l d",
        ),
        ("your last name?", "b as in boy o y d", "b as in boy o y d"),
        (
            "and your name is?",
            "um my name would be dana, with one n",
            "dana",
        ),
        (
            "and your last name",
            "taylor i know they're both back to front",
            "taylor",
        ),
        (
            "what's your little boy called",
            "jaxxon with two x's",
            "jaxxon",
        ),
    ] {
        answers(question, answer, &[(Name, name)]);
    }
}

#[test]
fn some_names_may_be_asked_for_at_once() {
    answers(
        "and the kids' names?",
        "river, sage and wren",
        &[(Name, "river"), (Name, "sage"), (Name, "wren")],
    );
    answers(
        "date of birth and mother's maiden name?",
        "fourth of may sixty two, and it's trescothick",
        &[
            (Detector::Birthdate, "fourth of may sixty two"),
            (Name, "trescothick"),
        ],
    );
    answers("your name?", "dana, table for two", &[(Name, "dana")]);
    // What was spelled in pieces is read back.
    check(
        "agent: spell your surname\ncaller: w o j\nagent: mhm\ncaller: c i k\nagent: Wojcik, got it",
        &[(Name, "w o j"), (Name, "c i k"), (Name, "Wojcik")],
    );
}

#[test]
fn the_name_of_a_thing_is_no_persons() {
    answers("what's the name of your bank?", "barclays", &[]);
    answers("what's the name of the product?", "galaxy plus", &[]);
    answers(
        "what's the name of the patient?",
        "ines marsh",
        &[(Name, "ines marsh")],
    );
}

#[test]
fn other_answers_to_that_question_stay() {
    for answer in [
        "mine",
        "will it take long",
        "i don't remember",
        "grand, thanks",
        "honestly, no idea",
        "no",
        "why do you need that",
        "billing question about my invoice",
        "i already told you",
        "representative",
        "what",
        "can you hear me",
        "one moment please",
    ] {
        answers("Can I get your name please?", answer, &[]);
    }
    answers("What's the name of the product?", "blue widget", &[]);
    answers("How can I help you?", "blue widget", &[]);
}

#[test]
fn a_name_is_asked_for_until_it_is_told() {
    check(
        "agent: your name?\ncaller: sorry what\nagent: your name please\ncaller: dana\nagent: how can I help\ncaller: pizza margherita",
        &[(Name, "dana")],
    );
    check(
        "agent: please spell your name\ncaller: d a n\nagent: go on\ncaller: n y",
        &[(Name, "d a n"), (Name, "n y")],
    );
}

#[test]
fn a_password_that_was_asked_for_is_the_whole_answer() {
    for answer in [
        "hunter two",
        "correct horse battery staple",
        "fluffy",
        "blue capital d at sign seven",
    ] {
        answers("What is your password?", answer, &[(Secret, answer)]);
    }
    for answer in ["i forgot it", "no", "the same as before", "can i reset it"] {
        answers("What is your password?", answer, &[]);
    }
}

#[test]
fn a_password_in_words_stands_behind_its_phrase() {
    check(
        "my password is hunter two and it fails",
        &[(Secret, "hunter two")],
    );
    check(
        "the password is correct horse battery staple.",
        &[(Secret, "correct horse battery staple")],
    );
    for text in [
        "my password is not working",
        "my password is expired",
        "my password is correct",
        "my password is ten characters long",
        "the password is wrong",
        "my password is case sensitive",
    ] {
        check(text, &[]);
    }
}

#[test]
fn an_address_that_was_asked_for_needs_no_street() {
    answers(
        "What's your address?",
        "forty two wisteria cleveland",
        &[(Address, "forty two wisteria cleveland")],
    );
    answers("What's your address?", "why do you ask", &[]);
    answers("What's your email address?", "blue sky please", &[]);
}

#[test]
fn names_that_are_words_too_are_names_where_one_was_asked_for() {
    for name in ["will", "Will Smith", "bill murray", "may rose"] {
        answers("What's your name?", name, &[(Name, name)]);
    }
    check("my name is will smith", &[(Name, "will smith")]);
    for answer in [
        "will you tell me why",
        "may i ask why",
        "yeah go ahead",
        "english please",
    ] {
        answers("What's your name?", answer, &[]);
    }
}

#[test]
fn days_and_what_people_are_like_are_no_names() {
    for text in [
        "it's Monday",
        "this is Tuesday",
        "call me tomorrow at 10",
        "I'm Italian",
        "it's Visa",
        "it's Chicago",
        "call me Friday",
    ] {
        check(text, &[]);
    }
    check("this is Dana calling", &[(Name, "Dana")]);
    check("it's Dana from accounting", &[(Name, "Dana")]);
    check("Hi, I'm Dana.", &[(Name, "Dana")]);
}

#[test]
fn a_password_of_one_word_or_of_digits_is_one() {
    check("my password is swordfish", &[(Secret, "swordfish")]);
    check("my password is 12345678", &[(Secret, "12345678")]);
    check("my password is 4155550123.", &[(Secret, "4155550123")]);
    check("my password is fine", &[]);
}

#[test]
fn a_name_is_hidden_however_it_is_spelled_or_common() {
    for (answer, name) in [
        ("golf romeo echo tango alpha", "golf romeo echo tango alpha"),
        ("p e t r e wa t s o n", "p e t r e wa t s o n"),
        ("Sheryl Day", "Sheryl Day"),
        ("my brother Peter Lake", "Peter Lake"),
        ("mine, Peter Lake", "Peter Lake"),
    ] {
        answers("Please spell your full name.", answer, &[(Name, name)]);
    }
    answers("What's your name?", "that's my business", &[]);
    answers("What's your name?", "my husband", &[]);
}

#[test]
fn more_of_a_name_may_be_asked_for() {
    check(
        "agent: your last name?\ncaller: bresnik\nagent: can you spell that\ncaller: b r e s\nagent: mhm\ncaller: n i k",
        &[(Name, "bresnik"), (Name, "b r e s"), (Name, "n i k")],
    );
}

#[test]
fn a_statement_may_ask_for_a_name_or_an_address() {
    for question in [
        "Just your first name is fine.",
        "I'll just take your name.",
        "I didn't catch your name.",
        "And you'd be?",
    ] {
        answers(question, "lenka", &[(Name, "lenka")]);
    }
    for question in [
        "Just the street and city will do.",
        "A street name would be fine.",
        "The address, when you're ready.",
    ] {
        answers(
            question,
            "bramble lane, otley",
            &[(Address, "bramble lane, otley")],
        );
    }
    answers("Just the size and colour will do.", "medium, green", &[]);
    answers("I didn't catch that.", "large fries", &[]);
}

#[test]
fn an_asked_address_is_whole_where_a_part_of_it_is_none_elsewhere() {
    for address in [
        "B-204, Sector 21, Noida",
        "door no 12-3-45, brodipet 4th line",
        "survey number 22, whitefield main road",
        "r r two, elora ontario",
    ] {
        answers("Your address please?", address, &[(Address, address)]);
    }
    check(
        "agent: What number is the house?\ncaller: forty one\nagent: Forty one?\ncaller: harrow lane",
        &[
            (Address, "forty one"),
            (Address, "Forty one"),
            (Address, "harrow lane"),
        ],
    );
}

#[test]
fn letters_that_are_a_name_are_one_without_a_question() {
    check(
        "agent: So that's Katherine with a K?\ncaller: no with a c c a t h e r i n e",
        &[(Name, "Katherine"), (Name, "a c c a t h e r i n e")],
    );
    check("no, s h a u n", &[(Name, "s h a u n")]);
    check("the answer is n o", &[]);
}

#[test]
fn a_name_is_answered_in_two_parts_or_behind_what_is_said_of_it() {
    for (text, name) in [
        (
            "agent: last name first please\ncaller: macisaac, angus, and there's nine of us",
            "macisaac, angus",
        ),
        (
            "agent: is there a middle name?\ncaller: there is and i hate it, marmaduke",
            "marmaduke",
        ),
        (
            "agent: what name's on the bell?\ncaller: it says hoxha but we moved",
            "hoxha",
        ),
    ] {
        check_one(Name, text, name);
    }
    for text in [
        "agent: whose name is it in?\ncaller: my late husband's",
        "agent: is there a middle name?\ncaller: no i don't have one, sorry",
        "agent: name please?\ncaller: i'd rather not say it, honestly",
    ] {
        check(text, &[]);
    }
}

#[test]
fn another_name_may_stand_behind_one_and_a_party_too() {
    check(
        "agent: your dog's name and your surname?\ncaller: biscuit and it's whitcombe",
        &[(Name, "biscuit"), (Name, "whitcombe")],
    );
    check(
        "agent: what name's on the bell?\ncaller: it says hoxha but we're berisha, they moved",
        &[(Name, "hoxha"), (Name, "berisha")],
    );
    check_one(
        Name,
        "agent: name for the booking?\ncaller: yeah okonkwo for four at eight",
        "okonkwo",
    );
    for answer in [
        "just a table for four at eight",
        "yeah dinner for four",
        "for four at eight",
    ] {
        answers("name for the booking?", answer, &[]);
    }
}
