use crate::detect::Detector;
use crate::detect::testing::{check, check_one};

use Detector::{Account, Card, Cvv, Id, Phone, Pin, Zip};

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

#[test]
fn a_long_number_of_goods_that_is_dictated_is_somebodys() {
    for (text, value) in [
        (
            "the meter number is nine oh four double two seven one three one",
            "nine oh four double two seven one three one",
        ),
        (
            "it's claim double one four dash nine oh three three the lamp came smashed",
            "double one four dash nine oh three three",
        ),
        (
            "agent: read the serial number off the back\ncaller: five oh double two nine oh seven one eight",
            "five oh double two nine oh seven one eight",
        ),
    ] {
        check_one(Detector::Id, text, value);
    }
    for text in [
        "it's order double one four dash nine oh three three the lamp came smashed",
        "the isbn is nine seven eight oh one four one oh three nine six one three",
        "the meter reading is oh four five two two",
    ] {
        check(text, &[]);
    }
}

#[test]
fn what_is_said_behind_a_number_names_it() {
    for (detector, text, value) in [
        (
            Detector::Id,
            "one eight three oh two double one seven five the member id on the front",
            "one eight three oh two double one seven five",
        ),
        (
            Detector::Account,
            "oh oh three one seven two nine four four checking not savings",
            "oh oh three one seven two nine four four",
        ),
        (
            Detector::Account,
            "we bank with nedbank it's one four double nine oh two seven six three one",
            "one four double nine oh two seven six three one",
        ),
        (
            Detector::Account,
            "account at absa four oh seven two double one nine oh six five",
            "four oh seven two double one nine oh six five",
        ),
        (
            Detector::Pin,
            "the gate code is four four hash one nine",
            "four four hash one nine",
        ),
        (
            Detector::Id,
            "agent: the tax number of the owner?\ncaller: tin two oh four seven one one nine nine oh",
            "two oh four seven one one nine nine oh",
        ),
        (
            Detector::Phone,
            "four one five five five five oh one two three account locked again",
            "four one five five five five oh one two three",
        ),
    ] {
        check_one(detector, text, value);
    }
}

#[test]
fn a_named_kind_outweighs_the_look_of_a_telephone_number() {
    for (detector, text, value) in [
        (
            Id,
            "my nhs number i've got it on the letter six eight seven, six eight oh, seven five two five",
            "six eight seven, six eight oh, seven five two five",
        ),
        (
            Account,
            "the electric account's eight five oh, double two seven one, four four six",
            "eight five oh, double two seven one, four four six",
        ),
        (
            Phone,
            "it's oh two one, four oh eight, double seven three",
            "oh two one, four oh eight, double seven three",
        ),
        (Card, "PAN 5281521258694615 declined", "5281521258694615"),
    ] {
        check_one(detector, text, value);
    }
}

#[test]
fn a_number_behind_another_subject_is_of_the_kind_that_it_fits() {
    check(
        "The security code? It's an Amex so it's on the front, 8046, and that's it",
        &[(Cvv, "8046")],
    );
    check(
        "zip is eight five oh two one no wait that's work, home is eight five two five four",
        &[
            (Zip, "eight five oh two one"),
            (Zip, "eight five two five four"),
        ],
    );
    check(
        "agent: And the expiry?\ncaller: Eleven, twenty-nine. Then it's 902",
        &[(Cvv, "902")],
    );
    check(
        "card: 4539-1488-0343-6467, 09/28, 441",
        &[(Card, "4539-1488-0343-6467"), (Cvv, "441")],
    );
    check("i forgot my pin and the card was charged 4500 then", &[]);
}

#[test]
fn a_label_or_a_phrase_behind_has_its_own_number() {
    check(
        "vin=1HGCM82633A004352; odo=188204; bay=4",
        &[(Id, "1HGCM82633A004352")],
    );
    check(
        "row 5361, DOB 17 Sep 2014",
        &[(Detector::Birthdate, "17 Sep 2014")],
    );
    check("they said ring one oh one or one one one", &[]);
}

#[test]
fn a_number_in_fours_that_is_called_a_number_is_a_telephones() {
    check(
        "My old number was 8123 4567, but I've changed to 9138 2204",
        &[(Phone, "8123 4567"), (Phone, "9138 2204")],
    );
    check("we had 8123 4567 of them", &[]);
    check("the numbers were 1200 1300 for lunch and dinner", &[]);
    check("the numbers are 0900 1700", &[]);
    check("the numbers I have are 2023 2024", &[]);
}

#[test]
fn what_is_keyed_in_ends_with_its_sign() {
    check_one(Pin, "change the door code from 1940# again", "1940#");
    check_one(Pin, "gate code is 2 2 7 star, mind the dog", "2 2 7 star");
}

#[test]
fn what_is_named_outweighs_the_count_of_digits() {
    for (text, detector, value) in [
        (
            "agent: may i have your tin?\ncaller: wait ha, two oh nine, double four one, eight seven three, triple zero",
            Detector::Id,
            "two oh nine, double four one, eight seven three, triple zero",
        ),
        (
            "and my social ends four oh oh six",
            Detector::Ssn,
            "four oh oh six",
        ),
        (
            "agent: is the number ending 612 still yours?\ncaller: yes",
            Detector::Phone,
            "612",
        ),
        (
            "my gym card says double oh four one nine seven two",
            Detector::Id,
            "double oh four one nine seven two",
        ),
        (
            "school id s one oh four four eight",
            Detector::Id,
            "s one oh four four eight",
        ),
        (
            "agent: and the otp you got just now\ncaller: three one seven seven two nine",
            Detector::Pin,
            "three one seven seven two nine",
        ),
        (
            "4096 is what came through on the text",
            Detector::Pin,
            "4096",
        ),
        (
            "agent: which booking reference?\ncaller: h nine two oh\nagent: okay, friday at 2:30\ncaller: and my number's changed, it's six oh four, five five five, oh one seven eight",
            Detector::Phone,
            "six oh four, five five five, oh one seven eight",
        ),
    ] {
        check(text, &[(detector, value)]);
    }
    for text in [
        "my bus ends at four forty",
        "the offer ends 20 2 2031",
        "my policy ends two thousand thirty one",
        "the room's changed, it's four one two now",
        "what came through the door was 12 boxes",
    ] {
        check(text, &[]);
    }
}

#[test]
fn a_pin_that_is_said_again_is_one() {
    check(
        "agent: choose a four digit pin\ncaller: eight eight one two\nagent: again to confirm\ncaller: eight eight one two",
        &[
            (Detector::Pin, "eight eight one two"),
            (Detector::Pin, "eight eight one two"),
        ],
    );
}
