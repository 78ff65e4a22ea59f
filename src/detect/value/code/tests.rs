use crate::detect::Detector::{Account, Id, Pin, Zip};
use crate::detect::testing::{check, check_one};

#[test]
fn a_code_is_found_however_it_is_dictated() {
    for (text, value) in [
        (
            "member id is q r t, five five one, nine oh two",
            "q r t, five five one, nine oh two",
        ),
        ("Member ID: Q R T. 5 5 1. 9 0 2.", "Q R T. 5 5 1. 9 0 2"),
        ("my reg is l d five six, t k r", "l d five six, t k r"),
        ("PPS number is 1234567 T A", "1234567 T A"),
        ("NRIC S1234567D", "S1234567D"),
        ("the policy number starts with x j", "x j"),
        ("K X nineteen R Z Y is my plate", "K X nineteen R Z Y"),
        (
            "his union number is b t, four four one",
            "b t, four four one",
        ),
        (
            "it's j for juliet, g for golf, ten, thirty seven, fifty nine, alpha",
            "j for juliet, g for golf, ten, thirty seven, fifty nine, alpha",
        ),
    ] {
        check_one(Id, text, value);
    }
}

#[test]
fn pins_accounts_and_postal_codes_have_letters_too() {
    check_one(
        Pin,
        "the door code for the courier is c nineteen seventy four",
        "c nineteen seventy four",
    );
    check_one(
        Account,
        "my account number is A B 4 4 1 0 2 2",
        "A B 4 4 1 0 2 2",
    );
    check_one(
        Zip,
        "my eircode is a six five, f four e two",
        "a six five, f four e two",
    );
}

#[test]
fn a_code_goes_on_in_the_next_breath() {
    check(
        "agent: And the postcode?\ncaller: c f\ncaller: ten three n q",
        &[(Zip, "c f"), (Zip, "ten three n q")],
    );
    check(
        "agent: Your licence number?\ncaller: w as in whiskey\nagent: Okay.\ncaller: two two oh",
        &[(Id, "w as in whiskey"), (Id, "two two oh")],
    );
}

#[test]
fn codes_of_things_stay() {
    for text in [
        "my locker number is B 4 4 1 2",
        "error code zero x eight zero zero seven oh oh five keeps coming up",
        "my booking reference is K four four nine two one",
        "seat 14 C and gate B 22",
        "the plate costs 1500",
    ] {
        check(text, &[]);
    }
}

#[test]
fn a_code_and_what_puts_it_right_are_one() {
    for (text, value) in [
        (
            "my member number's g h nine oh one two, sorry g h nine one oh two",
            "g h nine oh one two, sorry g h nine one oh two",
        ),
        (
            "W, D, 4, 4, 1, 7, 7, 0 is what's stamped on it",
            "W, D, 4, 4, 1, 7, 7, 0",
        ),
    ] {
        check_one(Id, text, value);
    }
}
