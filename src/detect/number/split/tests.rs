use super::*;
use crate::detect::testing::check;

use Detector::{Card, Cvv, Phone, Ssn, Zip};

#[test]
fn several_numbers_in_one_breath_are_told_apart() {
    check(
        "123-45-6789 536-22-8726 536 22 8726",
        &[
            (Ssn, "123-45-6789"),
            (Ssn, "536-22-8726"),
            (Ssn, "536 22 8726"),
        ],
    );
    check(
        "415-555-0132 415-555-0133",
        &[(Phone, "415-555-0132"), (Phone, "415-555-0133")],
    );
    check(
        "536-22-8726 (415) 555-0132",
        &[(Ssn, "536-22-8726"), (Phone, "(415) 555-0132")],
    );
    check(
        "four one five five five five oh one three two and four one five five five five oh one three three",
        &[
            (Phone, "four one five five five five oh one three two"),
            (Phone, "four one five five five five oh one three three"),
        ],
    );
    check(
        "my social is one two three four five six seven eight nine and 536-22-8726",
        &[
            (Ssn, "one two three four five six seven eight nine"),
            (Ssn, "536-22-8726"),
        ],
    );
}

#[test]
fn what_stands_behind_a_card_is_told_by_its_length() {
    check(
        "4111 1111 1111 1111, 09/28, 737, 94110",
        &[(Card, "4111 1111 1111 1111"), (Cvv, "737"), (Zip, "94110")],
    );
    check(
        "4111 1111 1111 1111 737 94110",
        &[(Card, "4111 1111 1111 1111"), (Cvv, "737"), (Zip, "94110")],
    );
    check(
        "four one one one one one one one one one one one one one one one seven three seven oh nine twenty eight nine four one one oh",
        &[
            (
                Card,
                "four one one one one one one one one one one one one one one one",
            ),
            (Cvv, "seven three seven"),
            (Zip, "nine four one one oh"),
        ],
    );
}

#[test]
fn d07_floods_of_numbers_stay_linear() {
    use crate::detect::{Cues, Detectors, Speaker, scan};
    let wanted: Detectors = Detector::ALL.iter().copied().collect();
    let began = std::time::Instant::now();
    for word in [
        "4 ",
        "4111 ",
        "nine dot ",
        "four one sorry no ",
        "john dot ",
        "my pin is 4 ",
    ] {
        let flood = word.repeat(100_000 / word.len());
        scan(&flood, Speaker::Caller, &Cues::at_start("US"), wanted);
    }
    // Where the cost grows with the square, this takes minutes.
    let took = began.elapsed();
    assert!(took < std::time::Duration::from_secs(60), "{took:?}");
}
