//! Addresses as people say them: numbers in parts, houses that have only a name, and what is read out.

use crate::detect::Detector::Address;
use crate::detect::testing::{check, check_one, scanned};

fn check_no_address(text: &str) {
    let found = scanned(text).findings;
    let is_address = found.iter().any(|found| found.detector == Address);
    assert!(!is_address, "{text}: {found:?}");
}

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

#[test]
fn a_house_is_told_by_its_town_and_county() {
    for (text, address) in [
        (
            "send it to Ivy Farm, Long Crendon, Buckinghamshire",
            "Ivy Farm, Long Crendon, Buckinghamshire",
        ),
        (
            "post it to the Lock-Keeper's Cottage, Canal Side, Wharfley NN12 7SB",
            "the Lock-Keeper's Cottage, Canal Side, Wharfley NN12 7SB",
        ),
        (
            "It's Bothy at Corran Farm, by Glenlarig, IV22 2EF",
            "Bothy at Corran Farm, by Glenlarig, IV22 2EF",
        ),
        (
            "agent: Where do the flowers go?\ncaller: Ard House, Ballyroe, County Wicklow",
            "Ard House, Ballyroe, County Wicklow",
        ),
        (
            "agent: Where do we drop it?\ncaller: Flat 2, the Old Chapel, Mill Road",
            "Flat 2, the Old Chapel, Mill Road",
        ),
    ] {
        check_one(Address, text, address);
    }
    for text in [
        "the wedding is at Ivy House, London",
        "agent: where would you like to sit?\ncaller: by the window, Anna's table",
        "agent: which house?\ncaller: the big one",
        "collect it from the depot, Leeds",
    ] {
        check_no_address(text);
    }
}

#[test]
fn streets_and_numbers_are_written_as_each_country_has_them() {
    for (text, address) in [
        ("send it to 55 E 1200 N, Provo UT", "55 E 1200 N, Provo UT"),
        (
            "bill Keizersgracht 1102-III, 1017 JL Amsterdam",
            "Keizersgracht 1102-III, 1017 JL Amsterdam",
        ),
        (
            "deliver to No. 8-3-228/1/A, Rahmat Nagar, Hyderabad 500045",
            "No. 8-3-228/1/A, Rahmat Nagar, Hyderabad 500045",
        ),
        (
            "agent: and that's in lekki?\ncaller: yes 15 admiralty way",
            "15 admiralty way",
        ),
        (
            "send them to plot 7 off adeola odeku street",
            "plot 7 off adeola odeku street",
        ),
        (
            "P.O. Box 9, Tarrabool SA 5723.",
            "P.O. Box 9, Tarrabool SA 5723",
        ),
        (
            "it's block 331 Sungei Rawa Avenue 1",
            "block 331 Sungei Rawa Avenue 1",
        ),
        (
            "106, apartment 9, Rue Saint-Ambroise Est, Laval",
            "106, apartment 9, Rue Saint-Ambroise Est, Laval",
        ),
        (
            "agent: street?\ncaller: Long Street, Cape Town",
            "Long Street, Cape Town",
        ),
    ] {
        check_one(Address, text, address);
    }
    for text in [
        "It's 5 E 3 N on the map",
        "run the 100 W 200 N program",
        "number 3-4-5 is the combination",
        "agent: how many chairs?\ncaller: yes 4 garden chairs",
        "unit 4 in the retail park",
        "flight QF 1200 to Perth WA 2100 hours",
        "the market is on Church Street 3 days a week",
    ] {
        check_no_address(text);
    }
}

#[test]
fn a_town_is_said_behind_its_street_and_talk_goes_on() {
    for (text, address) in [
        (
            "i live at forty two kestrel rise basingstoke you've got me at the old place",
            "forty two kestrel rise basingstoke",
        ),
        (
            "send it to eight quarry lane kilkeel please",
            "eight quarry lane kilkeel",
        ),
        (
            "we moved out of seven the shambles last week",
            "seven the shambles",
        ),
    ] {
        check_one(Address, text, address);
    }
    check_one(
        Address,
        "it's twelve elm street can you ring first",
        "twelve elm street",
    );
    for text in ["we moved out of two minds", "we're at two the same day"] {
        check(text, &[]);
    }
}

#[test]
fn streets_of_other_countries_have_their_words_and_codes() {
    for address in [
        "Laugavegur 58, 101 Reykjavík",
        "Vestergade 5, 1456 København",
        "ul. Marszałkowska 10, 00-590 Warszawa",
        "No. 14, Jalan Melati 3/2, Taman Seri Indah, 43000 Kajang, Selangor",
        "Bryn Awel, Ffordd y Môr, Tywyn",
        "Rynek Główny 12, 31-042 Kraków",
        "Þingholtsstræti 8, 101 Reykjavík",
    ] {
        check_one(Address, &format!("He lived at {address}."), address);
    }
    for text in ["Room 58, 101 guests", "Brigade 5 was called"] {
        check(text, &[]);
    }
}
