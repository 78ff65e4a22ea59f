use crate::detect::Detector;
use crate::detect::testing::{check, check_one};

#[test]
fn accounts_are_found_beside_their_words() {
    for (text, value) in [
        (
            "my account number is nine zero six eight zero nine one five five",
            "nine zero six eight zero nine one five five",
        ),
        ("the routing number is 121042882", "121042882"),
        ("acct no. 15853236", "15853236"),
    ] {
        check_one(Detector::Account, text, value);
    }
}

#[test]
fn a_sort_code_in_groups_is_one_beside_its_account() {
    check(
        "sort 40-47-22 acc 71829304",
        &[
            (Detector::Account, "40-47-22"),
            (Detector::Account, "71829304"),
        ],
    );
    check_one(Detector::Account, "sort: 11-05-27", "11-05-27");
}

#[test]
fn how_a_number_was_told_says_nothing_of_its_kind() {
    let text = "ssn given over ph = 528-41-6309";
    check_one(Detector::Ssn, text, "528-41-6309");
    check_one(
        Detector::Phone,
        "order by phone 415-555-0132",
        "415-555-0132",
    );
}

#[test]
fn last_digits_are_no_house() {
    check_one(Detector::Ssn, "last 4 SSN 6309", "6309");
    check_one(Detector::Id, "IC 880614-14-5521", "880614-14-5521");
}

#[test]
fn other_numbers_than_accounts_stay() {
    for text in ["my account has 3 users", "an account manager for 12 months"] {
        check(text, &[]);
    }
}

#[test]
fn security_codes_are_found_beside_their_words() {
    for (text, value) in [
        ("the c v v is three zero eight", "three zero eight"),
        ("three digits on the back fifty five six", "fifty five six"),
        ("security code 243", "243"),
    ] {
        check_one(Detector::Cvv, text, value);
    }
}

#[test]
fn other_numbers_than_security_codes_stay() {
    check("the security code did not work 4 times", &[]);
}

#[test]
fn pins_are_found_beside_their_words() {
    for (text, value) in [
        ("my pin is five oh two seven", "five oh two seven"),
        ("the code you just texted me is 334796", "334796"),
        ("OTP: 482910", "482910"),
    ] {
        check_one(Detector::Pin, text, value);
    }
}

#[test]
fn other_numbers_than_pins_stay() {
    for text in [
        "your PIN must be 4 digits",
        "error code 4041",
        "I changed my pin in 2019",
    ] {
        check(text, &[]);
    }
}

#[test]
fn postal_codes_are_found_beside_their_words() {
    for (text, value) in [
        (
            "my zip code is thirty seven eight twenty two",
            "thirty seven eight twenty two",
        ),
        ("billing zip: NN3R 8ZE", "NN3R 8ZE"),
        ("the 60614 zip code", "60614"),
    ] {
        check_one(Detector::Zip, text, value);
    }
}

#[test]
fn other_numbers_than_postal_codes_stay() {
    check("zip files are 300 megabytes", &[]);
}

#[test]
fn official_numbers_are_found_beside_their_words() {
    for (text, value) in [
        ("Passport number ZL4977656", "ZL4977656"),
        ("Member ID: MRN-4579347", "MRN-4579347"),
        ("N912490542546 is my driver's license", "N912490542546"),
        (
            "my member id is w two four five seven eight eight one",
            "w two four five seven eight eight one",
        ),
    ] {
        check_one(Detector::Id, text, value);
    }
}

#[test]
fn other_numbers_than_official_numbers_stay() {
    check("my passport expires in 2027", &[]);
}

#[test]
fn numbers_that_are_nobodys_secret_stay() {
    for text in [
        "flight u a ninety three eight",
        "invoice number one zero zero four five two",
        "reservation number four four seven two nine nine one",
        "Order #114-4421906-8827345 was delivered",
        "1Z136AA9881305896 is my tracking number",
    ] {
        check(text, &[]);
    }
}
