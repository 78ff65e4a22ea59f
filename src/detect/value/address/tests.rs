use crate::detect::Detector::Address;
use crate::detect::testing::check;

fn check_address(text: &str, expected: &str) {
    check(text, &[(Address, expected)]);
}

#[test]
fn streets_are_told_by_their_last_word() {
    check_address(
        "it is 12 Main Street, Springfield, IL 62704, ok",
        "12 Main Street, Springfield, IL 62704",
    );
    check_address(
        "forty two oak avenue apartment five is mine",
        "forty two oak avenue apartment five",
    );
}

#[test]
fn behind_a_lead_any_name_is_a_street() {
    check_address("I live at 563 Courtney Landing.", "563 Courtney Landing");
    check("seven large pizzas", &[]);
}
