//! Addresses as people say them: numbers in parts, houses that have only a name, and what is read out.

use crate::detect::Detector::Address;
use crate::detect::testing::{check, check_one};

#[test]
fn the_parts_of_one_number_are_joined_by_what_says_so() {
    for (text, address) in [
        (
            "it's three stroke eighteen hawker street carlton",
            "three stroke eighteen hawker street carlton",
        ),
        (
            "send it to unit 3 stroke 45 anzac street kensington",
            "unit 3 stroke 45 anzac street kensington",
        ),
        (
            "we're at four fifty south three hundred east",
            "four fifty south three hundred east",
        ),
        (
            "i'm locked out at three five oh west end avenue, four b",
            "three five oh west end avenue, four b",
        ),
        (
            "i'm at 12903 state highway 46 west, boerne",
            "12903 state highway 46 west, boerne",
        ),
    ] {
        check_one(Address, text, address);
    }
    check("i had a stroke two years ago", &[]);
    check("it's a two stroke engine", &[]);
}

#[test]
fn a_house_may_only_have_a_name() {
    for (text, address) in [
        (
            "the house is called thistledown, back lane, hebden bridge there isn't a number",
            "thistledown, back lane, hebden bridge",
        ),
        (
            "we're at hillcrest, mill lane, bosham",
            "hillcrest, mill lane, bosham",
        ),
    ] {
        check_one(Address, text, address);
    }
    for text in [
        "the house is called off the market",
        "our place is called for repairs",
        "the house is too small",
        "we're at the airport",
    ] {
        check(text, &[]);
    }
}

#[test]
fn what_is_read_out_is_an_address() {
    for (said, address) in [
        ("Is it still 302 Maple Court?", "302 Maple Court"),
        ("I see 19 Heron Way on your account.", "19 Heron Way"),
    ] {
        check(
            &format!("agent: {said}\ncaller: yes"),
            &[(Address, address)],
        );
    }
    check("agent: I see 19 items in your basket.\ncaller: yes", &[]);
}
