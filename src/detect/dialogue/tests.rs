use crate::detect::Detector;
use crate::detect::testing::{check, check_one};

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

#[test]
fn a_slot_lives_while_somebody_did_not_hear_or_helps() {
    use Detector::{Id, Pin};
    check(
        "agent: what's your patient number?\ncaller: four double one nine two six oh\nagent: sorry, you broke up\ncaller: four one one",
        &[
            (Id, "four double one nine two six oh"),
            (Id, "four one one"),
        ],
    );
    check(
        "agent: your member id?\ncaller: no idea where that is\nagent: it'll be near the top of the letter\ncaller: ah, w 4 1 9 2",
        &[(Id, "w 4 1 9 2")],
    );
    check(
        "agent: I've just sent you a passcode\ncaller: 8810\nagent: that one expired\ncaller: okay, 4471",
        &[(Pin, "8810"), (Pin, "4471")],
    );
}

#[test]
fn a_place_that_was_asked_for_is_a_number_with_a_name() {
    use Detector::Address;
    check(
        "agent: where's it going?\ncaller: 42 rowan",
        &[(Address, "42 rowan")],
    );
    for answer in [
        "by the window",
        "two rooms upstairs",
        "lisbon",
        "number 4 i think",
    ] {
        check(
            &format!("agent: where would you like it?\ncaller: {answer}"),
            &[],
        );
    }
}

#[test]
fn letters_and_hosts_are_heard_where_they_were_asked_for() {
    use Detector::{Email, Name, Url};
    check(
        "agent: what was the last name?\ncaller: I think my wife made it, so maybe Oyelaran? O-Y-E-L-A-R-A-N",
        &[(Name, "Oyelaran"), (Name, "O-Y-E-L-A-R-A-N")],
    );
    check(
        "agent: your website?\ncaller: quinnglass.ie",
        &[(Url, "quinnglass.ie")],
    );
    check(
        "agent: your email?\ncaller: orla dot quinn\nagent: at?\ncaller: pinegate.io",
        &[(Email, "orla dot quinn"), (Email, "pinegate.io")],
    );
}

#[test]
fn what_was_asked_for_with_another_is_answered_behind_it() {
    use Detector::Name;
    for (question, answer, name) in [
        (
            "how many nights and under what name?",
            "three, Papadakis",
            "Papadakis",
        ),
        ("what time and what name?", "seven thirty, okonjo", "okonjo"),
        (
            "and her surname?",
            "different from mine, Oyelade",
            "Oyelade",
        ),
        ("I'm Raj, by the way. And you?", "Will.", "Will"),
        (
            "is that short for something?",
            "Beatriks actually",
            "Beatriks",
        ),
        ("how do you say that?", "neeve", "neeve"),
        (
            "the name on it?",
            "business one, but i'm rahul mehta",
            "rahul mehta",
        ),
        ("first name?", "LINDQVIST/ARTO", "LINDQVIST/ARTO"),
        ("who's coming?", "she is my mother Anska", "Anska"),
    ] {
        let text = format!("agent: {question}\ncaller: {answer}");
        check(&text, &[(Name, name)]);
    }
    for (question, answer) in [
        ("how many nights and under what name?", "three, please"),
        ("what time and what name?", "seven, hang on"),
        ("I'm good, and you?", "good thanks"),
        ("how do you say that?", "thank you"),
    ] {
        check(&format!("agent: {question}\ncaller: {answer}"), &[]);
    }
}

#[test]
fn a_name_that_was_misread_is_put_right() {
    use Detector::Name;
    check(
        "agent: Is that Mr Whitlock?\ncaller: Whitelock",
        &[(Name, "Whitlock"), (Name, "Whitelock")],
    );
    check(
        "agent: sorry, was that Ben or Dan?\ncaller: dan",
        &[(Name, "Ben"), (Name, "dan")],
    );
    for nod in ["ja", "yup", "correct", "speaking"] {
        check(
            &format!("agent: Is that Mr Whitlock?\ncaller: {nod}"),
            &[(Name, "Whitlock")],
        );
    }
    check(
        "agent: Is that Mr Whitlock?\ncaller: gotcha",
        &[(Name, "Whitlock")],
    );
    check(
        "agent: how do you write that?\ncaller: neeve, it's spelled n i a m h",
        &[(Name, "neeve"), (Name, "n i a m h")],
    );
}

#[test]
fn the_rest_of_a_value_is_asked_for() {
    use Detector::{Birthdate, Cvv, Pin};
    check(
        "agent: what year were you born?\ncaller: nineteen eighty three\nagent: and the day and month?\ncaller: ninth of february",
        &[
            (Birthdate, "nineteen eighty three"),
            (Birthdate, "ninth of february"),
        ],
    );
    check(
        "agent: I've sent six digits to your phone, read them out.\ncaller: 40\nagent: yeah\ncaller: 83",
        &[(Pin, "40"), (Pin, "83")],
    );
    check(
        "agent: the code on the back?\ncaller: seven three one\nagent: It was declined.\ncaller: oh i read it wrong, one three seven",
        &[(Cvv, "seven three one"), (Cvv, "one three seven")],
    );
}

#[test]
fn behind_a_told_reference_only_that_is_nobodys() {
    for text in [
        "agent: That's booking 0417 for you.\ncaller: zero four one seven",
        "agent: Your order number is 55671120.\ncaller: so 5567 1120",
        "agent: Your case number is KP44719.\ncaller: k p four four seven one nine okay",
        "agent: Can you give me the reference, it has eight digits?\ncaller: 5567 1120",
    ] {
        check(text, &[]);
    }
    for (detector, text, value) in [
        (
            Detector::Phone,
            "agent: Your order number is 5567.\ncaller: thanks. 415 555 0132",
            "415 555 0132",
        ),
        (
            Detector::Ssn,
            "agent: That's reference 9973.\ncaller: okay\nagent: Right.\ncaller: 219-09-9999",
            "219-09-9999",
        ),
        (
            Detector::Phone,
            "agent: Your booking is 55671120.\ncaller: so 5567 1120, and 312 555 0188",
            "312 555 0188",
        ),
    ] {
        check_one(detector, text, value);
    }
}

#[test]
fn what_was_announced_is_waited_for_however_it_is_asked_for() {
    for said in [
        "I've sent six digits to your phone. Read them out when they land.",
        "I've sent a code. Read it to me.",
        "We've texted a passcode. Can you read them out?",
    ] {
        let text = format!("agent: {said}\ncaller: four oh");
        check_one(Detector::Pin, &text, "four oh");
    }
    for said in [
        "which number can I call you on when it's ready?",
        "which number will the driver ring at the gate?",
    ] {
        let text = format!("agent: {said}\ncaller: oh eight seven");
        check_one(Detector::Phone, &text, "oh eight seven");
    }
}

#[test]
fn digits_that_are_asked_for_by_their_count_are_a_code() {
    for said in [
        "read out the six digits when you're ready",
        "can you give me those 6 digits",
    ] {
        let text = format!("agent: {said}\ncaller: four one nine then two two oh");
        check_one(Detector::Pin, &text, "four one nine then two two oh");
    }
    check("agent: how many digits does it show\ncaller: six", &[]);
}

#[test]
fn a_password_or_username_is_asked_for_when_it_was_spoken_of() {
    for (detector, said, value) in [
        (
            Detector::Secret,
            "what password did you agree with us\ncaller: bluebottle",
            "bluebottle",
        ),
        (
            Detector::Secret,
            "do you have a telephone password\ncaller: i do\nagent: go on then\ncaller: marmalade",
            "marmalade",
        ),
        (
            Detector::Secret,
            "what's the wifi password\ncaller: correct horse battery",
            "correct horse battery",
        ),
        (
            Detector::Id,
            "how many letters in your username\ncaller: seven\nagent: what is it\ncaller: gpatel9",
            "gpatel9",
        ),
        (
            Detector::Id,
            "and your user name?\ncaller: it's j marsh seventy seven",
            "j marsh seventy seven",
        ),
    ] {
        check_one(detector, &format!("agent: {said}"), value);
    }
    for said in [
        "have you changed your password\ncaller: twice",
        "do you know your username\ncaller: not really",
        "what happens when you enter your username\ncaller: it freezes",
        "please type the password again\ncaller: done",
        "tell me the code word\ncaller: hang on",
        "which password isn't working\ncaller: the email one",
        "what's the matter with your login\ncaller: it loops",
        "is there a problem\ncaller: yes\nagent: what is it\ncaller: the boiler leaks",
    ] {
        check(&format!("agent: {said}"), &[]);
    }
}

#[test]
fn who_asks_where_to_find_it_still_owes_it() {
    check_one(
        Detector::Id,
        "agent: what's your member id\ncaller: where's that\nagent: back of the card, bottom left\n\
         caller: eight eight one oh two seven four",
        "eight eight one oh two seven four",
    );
    check_one(
        Detector::Phone,
        "agent: what number are you ringing from\ncaller: it's withheld\nagent: then one we can \
         call back\ncaller: two one two five five five no that's the fax",
        "two one two five five five",
    );
}

#[test]
fn what_a_number_is_on_is_not_asked_for() {
    check(
        "agent: what's the zip on your billing address?\ncaller: 11215\nagent: That's not \
         matching.\ncaller: Try the old one, 07030.",
        &[(Detector::Zip, "11215"), (Detector::Zip, "07030")],
    );
}

#[test]
fn a_piece_is_put_right_by_what_it_is_not() {
    check(
        "agent: so that's 415 555 0132?\ncaller: no it's oh one four two not oh one three two",
        &[
            (Detector::Phone, "415 555 0132"),
            (Detector::Phone, "oh one four two"),
            (Detector::Phone, "oh one three two"),
        ],
    );
}
