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
fn a_house_may_stand_before_its_number_or_its_town() {
    for (text, address) in [
        (
            "we're at the old dairy, 3 church lane, thirsk",
            "the old dairy, 3 church lane, thirsk",
        ),
        (
            "it's the gate lodge, ballinacurra, county cork there's no number",
            "the gate lodge, ballinacurra, county cork",
        ),
        (
            "it's going to cloonfad, ballyhaunis, f35 kw21",
            "cloonfad, ballyhaunis, f35 kw21",
        ),
        (
            "agent: where would you like that delivered?\ncaller: rosewood, chapel road",
            "rosewood, chapel road",
        ),
        (
            "agent: where's it going?\ncaller: fernlea, 4 mill lane, otley",
            "fernlea, 4 mill lane, otley",
        ),
        ("agent: what's the unit?\ncaller: unit four", "unit four"),
    ] {
        check_one(Address, text, address);
    }
    for text in [
        "we're at the mill, two of us",
        "we're in the lodge, near the lake, ireland",
        "the farm, the mill and the court, please",
        "agent: is it a house or a flat?\ncaller: a flat",
        "agent: any apartment number?\ncaller: no just the house",
        "agent: what's the unit price?\ncaller: four dollars",
        "agent: where should we send the truck?\ncaller: i'm on the m fifty between two and three",
    ] {
        check_no_address(text);
    }
}

#[test]
fn numbers_of_houses_are_said_in_many_ways() {
    for (text, address) in [
        (
            "i live at a hundred and nine denmark hill",
            "a hundred and nine denmark hill",
        ),
        (
            "bring it to the rear of one one two to one one four cowley road",
            "rear of one one two to one one four cowley road",
        ),
        (
            "lot four hundred and six, wattle flat road, sofala",
            "lot four hundred and six, wattle flat road, sofala",
        ),
        (
            "it's RD 2, 481 Tauwhare Road, Matangi 3284 now",
            "RD 2, 481 Tauwhare Road, Matangi 3284",
        ),
        ("P.M.B. 1234, Kaduna", "P.M.B. 1234, Kaduna"),
        (
            "SITE: Unit 3B Ashfield Ind Est, Naas",
            "Unit 3B Ashfield Ind Est, Naas",
        ),
        (
            "KM 14 Lekki-Epe Expressway, Lagos",
            "KM 14 Lekki-Epe Expressway, Lagos",
        ),
        ("Job @ 5 Bramley Ct 14:30", "5 Bramley Ct"),
        (
            "TC 9/1147, Sasthamangalam, Thiruvananthapuram 695010",
            "TC 9/1147, Sasthamangalam, Thiruvananthapuram 695010",
        ),
        (
            "i'm at 330 dundas st w, toronto on m5t 1g5",
            "330 dundas st w, toronto on m5t 1g5",
        ),
        (
            "deliver 8 Sycamore Rise, Cleckheaton",
            "8 Sycamore Rise, Cleckheaton",
        ),
        (
            "the rent book says 61c Green Lanes, N16",
            "61c Green Lanes, N16",
        ),
    ] {
        check_one(Address, text, address);
    }
    for text in [
        "a hundred and nine people came to the mill",
        "bring me 12 to 16 oak boards",
        "the rear of the car is dented",
        "i have RD 2 on my screen",
        "deliver 12 large pizzas by six",
        "oh righto well, that's fine",
    ] {
        check_no_address(text);
    }
}

#[test]
fn one_address_leads_to_another() {
    check(
        "i was at 12 oak road and the new one's the old forge, pensford",
        &[
            (Address, "12 oak road"),
            (Address, "the old forge, pensford"),
        ],
    );
    check("the new one's the old sort, sadly", &[]);
    check(
        "i'm moving from twelve ash grove to thirty four the limes",
        &[
            (Address, "twelve ash grove"),
            (Address, "thirty four the limes"),
        ],
    );
    check(
        "we deliver from 12 Oak Road to 3 friends",
        &[(Address, "12 Oak Road")],
    );
    check(
        "ship to: Anya Petrova, 9 Birch Way, Truro",
        &[
            (crate::detect::Detector::Name, "Anya Petrova"),
            (Address, "9 Birch Way, Truro"),
        ],
    );
}

#[test]
fn addresses_of_other_countries_go_to_their_end() {
    for address in [
        "Calle Mayor 14, 3º izq, 28013 Madrid",
        "Via Garibaldi 8, 20121 Milano",
        "4-2-8 Shibakoen, Minato-ku, Tokyo 105-0011",
        "Rua Augusta, 1508, ap 42, Consolação, São Paulo, 01304-001",
        "Av. Corrientes 1234, 5° B, Buenos Aires",
        "House 14, Road 7, Sector 3, Uttara, Dhaka 1230",
        "9 Mill Lane, Stratford-upon-Avon",
    ] {
        check_one(Address, address, address);
    }
    for text in [
        "go via Garibaldi 8 times",
        "the score was 4-2-8 in all",
        "it's 5° B side",
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
