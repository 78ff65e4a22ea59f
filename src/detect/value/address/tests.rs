use crate::detect::Detector::{self, Address};
use crate::detect::testing::{check, scanned};
use crate::detect::{Cues, Detectors, Speaker, decided_until, scan};

mod said;

fn check_address(text: &str, expected: &str) {
    check(text, &[(Address, expected)]);
}

// The address is what stands between brackets.
fn check_marked(marked: &str) {
    let text = marked.replace(['[', ']'], "");
    let address = marked.split(['[', ']']).nth(1).unwrap_or_default();
    check_address(&text, address);
}

#[test]
fn an_address_goes_from_its_unit_to_its_last_word() {
    for marked in [
        "I live at [flat two, ninety six harold road, leeds]",
        "[apartment 5c, 210 Kestrel Lane, Portland, OR 97205]",
        "[flat 302, sai residency, 4th cross, indiranagar, bangalore 560038]",
        "my house is in [sector 14, plot no 22, near metro pillar 42]",
        "[blk 123 ang mo kio avenue 3 #04-56 singapore 560123]",
        "[lot 4 block 7 sampaguita street] barangay san roque quezon city",
        "[c/o mary doyle, rose cottage, mill lane, ballina, county mayo]",
        "send the technician to [unit 7, level 2, 45 king street, parramatta nsw 2150]",
        "[apartment twelve at forty oak avenue]",
        "[house number 45, gandhi nagar, near sbi bank, jaipur]",
        "[shop 5, 220 oxford street, bondi junction]",
        "[erf 45, 12 protea street, randburg, gauteng 2194]",
        "[third floor, 88 wall street, new york, ny 10005]",
        "send it to [flat number 9 lotus residency 3rd cross jayanagar bengaluru 560011] please",
        "[block 310 clementi avenue 4 hash oh two dash nine one singapore 120310]",
        "it's now [flat five, eleven a, prince's drive, glasgow g forty one two a b]",
        "[box 12 site 9 rr 2 airdrie alberta t4b 2a3]",
        "my flat is [b wing six oh one palm heights andheri west mumbai]",
        "it's [lot 7 of 33 dunes road, port elizabeth]",
        "my son is at [Hall 2, Room 118, Birchfield Campus], call him first",
        "i stay in [room four one six orchid tower bangkok]",
        "[House No. 9-C, 2nd Cross, Malleswaram, Bengaluru 560003]",
        "[Stand 2207, Ext 4, Tembisa 1632]",
        "please note [C-404 Shanti Niwas, Powai, Mumbai 400076], gate two",
    ] {
        check_marked(marked);
    }
}

#[test]
fn a_box_stands_for_a_street() {
    for marked in [
        "my address is [p o box one nine four, bend oregon]",
        "my mailing address is [rural route 2 box 45, ames iowa]",
        "send it to [private bag 12, gaborone]",
        "[p.o. box 88, Nairobi]",
        "send it to [R.R. 7, Site 2, Comp 31, Salmon Arm, BC V1E 4N5]",
        "it went to [HC 12 Box 80, Terlingua, TX 79852] again",
        "my address is [PO Box 310, Station A, Fredericton NB E3B 4Y9]",
    ] {
        check_marked(marked);
    }
}

#[test]
fn a_house_may_have_a_name_or_no_number() {
    for marked in [
        "my address is [rose cottage, mill lane, ballina, county mayo]",
        "[calle mayor 12, madrid]",
        "it's [calle luna number four twelve]",
        "i'm at [quince cottage]",
        "the boiler is at [Taigh na Coille, Isle of Mull PA65 6AY].",
        "she is at [nine orange street gardens cape town]",
        "[Hauptstraße 12, 10115 Berlin]",
        "we're at [the corner of fifth street and main avenue]",
        "i live on [maple street]",
        "it's [willow cottage, barrack road, midleton, county cork]",
        "change my pickup to [the old mill, ford lane, BA5 2QR] pls",
    ] {
        check_marked(marked);
    }
}

#[test]
fn a_number_and_a_street_are_one() {
    for marked in [
        "ship it to [thirty one twelve west elm avenue, tacoma washington nine eight four oh two]",
        "can you send someone to [9 birchwood close]",
        "It's [48 Maple Street. Springfield, Illinois. 62704].",
        "it's [twelve oh four cedar hill drive apartment three b]",
        "the address is [221b baker street london]",
        "i'm at [one hundred and five willow lane, cork]",
        "[14-16 high street, galway, ireland]",
        "it's [5/27 jacaranda avenue, marrickville new south wales 2204]",
        "[12 rue de la paix, 75002 Paris]",
        "I live at [4512 county road 12]",
        "deliver to [1200 highway 9 north]",
        "it's [48, no sorry, 84 maple street, that's in springfield, zip is six two seven oh four]",
        "MY ADDRESS IS [77 NORTH MAIN STREET APARTMENT 4 DAYTON OHIO 45402]",
        "yeah so we live at [twenty two acacia gardens manchester m one four b t]",
        "[23 Riverside Crescent, Leeds, LS1 4AB]",
        "The address is [100 King St W, Toronto, ON M5H 1A1]",
        "it's [number 17 church road]",
        "could you collect it from [fourteen elm grove] please",
        "[five eight one nine west forty second street, new york]",
        "my place is [1600 pennsylvania avenue northwest, washington d c]",
        "[9 birchwood close], it's just off the main road",
        "it is [3, Privet Drive, Little Whinging, Surrey]",
        "[45 mg road opposite the temple, pune 411001]",
        "i'm staying at [12 the paddocks, bath]",
        "my billing address is [700 east broadway unit 12 denver colorado eight oh two oh nine]",
        "send a plumber to [6 hawthorn close] as soon as you can",
        "ship it to my sister at [31 Quince Court, Reno NV 89501] please",
        "it's [1 2 3 main street]",
        "[12 Avenue Road, Toronto]",
        "I'm on [15 rose and crown lane]",
        "delivery for [8 station road, bray, co wicklow]",
        "[24 Jalan Ampang, Kuala Lumpur]",
        "we're moving to [9 Via Roma, Milan]",
        "[101 A Street]",
        "[4390 Telegraph avenue D]",
        "[68 Coombs Street # A-1]",
        "[261 North 2nd Street]",
        "[605 Post Street] and the rating is 4",
        "i want to report someone at [number 11 fuller's row], for the noise",
        "[22 Aloe Road, Claremont, Cape Town, 7708].",
        "[900 rue sherbrooke ouest appartement 3 montréal québec h3a 1b4]",
        "AND I LIVE AT [9 ELM CRES BRAMPTON ON L6P 3X2]",
        "I have [18 Merrion Park, Dublin 4], is that still right?",
        "mail still comes to [2210 south alameda number 6]",
        "it was [1 o 4 albert park road]",
        "they live at [41 Linden Road, Bedford MK40 2DD]",
        "my address changed it's [62 hawthorn street preston pr1 4qd] now",
        "we are at [19 Gallows Hill, Kilkenny, R95 X2Y3]",
        "I'm out at [1120 farm road 2243 leander texas]",
    ] {
        check_marked(marked);
    }
}

#[test]
fn what_only_sounds_alike_stays() {
    for text in [
        "How about other hotels? I need one room in a 4 star place.",
        "Ok, I've found an event on March 9th at 6 pm taking place on Pier 17.",
        "What about this 1 start place called Bahia Resort Hotel?",
        "They have a 3 bed room 2 bath place",
        "The Best Western is a 2 star place.",
        "the meeting is at 10:00 PM EST",
        "10 am st patricks day",
        "it's a 5 star hotel",
        "about a 20 minute drive",
        "it's a 2 way street",
        "there is 1 court",
        "we finished in 4th place",
        "I have 3 drives in the server",
        "i am 100 percent sure",
        "a 24 hour drive through",
        "first avenue to try is the reset button",
        "turn left at the store on main street",
        "there are 3 street lights out",
        "we took two road trips this year",
        "one way street",
        "a 4 lane highway",
        "it's about 2 blocks down the road",
        "table for 4 at 7 pm please",
        "we have 2 parking places",
        "the score was 3 to 2 at the park",
        "can I get 2 large pizzas to go",
        "i'd like 12 roses and 3 lilies",
        "I need 3 copies of the form",
        "we need 2 rooms for 3 nights",
        "the 5 pm run is full",
        "take highway 9 for 3 miles",
        "get 50 percent off on 2 items",
        "it takes 5 to 7 business days",
        "call me back at 4 or at 5",
        "my flight is at 6 on gate 12",
        "room 305 please",
        "i'm in room 12 at the hotel",
        "we are 8 people",
        "the package weighs 5 pounds",
        "i walked 10 miles on the trail",
        "order 66 is late",
        "two point five percent rate",
        "it's on the third floor",
        "we have 15 acres of land",
        "it was 30 degrees in the park",
        "chapter 12 section 4",
        "one last place to check",
        "i've got 2 cars parked on the street",
        "my 3 kids go to park school",
        "there's a fair at 5 on the square",
        "i paid 40 dollars in cash",
        "the 7 eleven on the corner",
        "2 dr appointments this week",
        "i have two court dates",
        "3 point turn drive test",
        "the 3 main courses are steak, fish and pasta",
        "20 people in line",
        "see you at 8 by the bridge",
        "my address is wrong",
        "the address is on the form",
        "send it to 3 different people",
        "i moved to a new place",
        "i live in lakewood",
        "the 2 main streets are closed",
        "add 2 green salads and 1 garden salad",
        "bill to 5 customers",
        "nine one one what is your emergency",
        "one second please",
        "we sell 12 inch subs",
        "it's been 3 long weeks",
        "give me 2 minutes",
        "I'll take the 18 piece bucket meal",
        "how long is the drive from 5 points to the park",
        "do you have 4 door trucks",
        "he plays for the 49ers at levi's",
        "apartment 3 bedroom with 2 bath",
        "channel 5 news at 6",
        "my policy number ends in 44 and my plan is park plus",
        "the last 4 are 1234 place the order",
        "press 2 to place an order",
        "ok 2 close the account",
        "i want 2 pass the time",
        "there are 20 hill climbs",
        "it rained 5 days in spring",
        "i'm on hold for 20 minutes",
        "the bus stops at 9 and 10",
        "can you check flat 3 rate plans",
        "number 7 is my favourite",
        "we're at number 3 in the queue",
        "there are 12 floor tiles missing",
        "unit 5 of the course covers drive shafts",
        "level 2 support said no",
        "I'm in seat 14 block c",
        "door 3 is the loading dock",
        "our team has 12 members in building 4",
        "phase two of the project is closed",
        "I got 4 points on the drive theory test",
        "you can park 2 cars in the drive",
        "the rent is 1200 a month near the park",
        "i ordered 2 main courses and 3 sides",
        "my street has 12 houses",
        "five star service",
        "they closed 2 lanes on the highway",
        "i was driving on highway 9 near the exit",
        "my wife is 5 foot 4",
        "he ran 26 miles in the park run",
        "the 12 days of christmas",
        "i want the 7 seater with drive assist",
        "version 2 drive update",
        "add 1 garden salad and 2 spring rolls",
        "room 4 floor 2 of the hotel please",
        "the show is at 8 on broadway",
        "book 2 seats in row 5 hall b",
        "we had 30 people at our place",
        "it's 2 for 1 at the plaza",
        "the bill was 35 dollars at the grove",
        "they have 10 branches and 2 main offices",
        "4 wheel drive please",
        "a 10 percent drive in sales",
        "my son is 12 and goes to hill school",
        "the hall 4 doors down",
        "we play house 3 times a week",
        "Level 2, Room 5, Monday 0900",
        "the meeting is at Level 2, Room 5, Physics",
        "i'm at the bakery",
        "i'm in the house 2 days a week",
        "meet me at Kings Cross, London at 5",
        "part B-702 of the manual, see page 4",
        "I bank at Nordbank, BSB 044-210",
    ] {
        let found = scanned(text).findings;
        assert!(
            found.iter().all(|one| one.detector != Address),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn a_text_of_many_addresses_takes_no_time() {
    for part in [
        "12 oak court ",
        "flat 3 12 Oak, no sorry, ",
        "rose cottage, 5 the mill, ",
    ] {
        let text = part.repeat(4000);
        assert!(scanned(&text).findings.len() < 20_000, "{part}");
    }
}

#[test]
fn where_the_speaker_has_a_business_is_no_secret() {
    for (text, count) in [
        (
            "Our clinic is at 200 Harbor Boulevard, right next to the library.",
            0,
        ),
        ("You can write to us at 1 Market Square.", 0),
        ("I have your address as 12 Oak Street.", 1),
        ("We are delivering it to 12 Oak Street.", 1),
        ("They are located at 8339 Church Street.", 1),
    ] {
        let wanted = [Address].into_iter().collect();
        let found = scan(text, Speaker::Assistant, &Cues::at_start("US"), wanted).findings;
        assert_eq!(found.len(), count, "{text}");
    }
}

#[test]
fn no_address_crosses_the_boundary_while_a_text_grows() {
    let wanted = [
        Detector::ALL.iter().copied().collect(),
        [Address].into_iter().collect::<Detectors>(),
    ];
    for text in [
        "so I have flat two, ninety six harrow road, in leeds, and the postcode is l s one four a b, is that right?",
        "It's 48 Maple Street. Springfield, Illinois. 62704. Is that still good for you?",
        "that would be unit 7, level 2, at 45 king street, that's in parramatta new south wales 2150, correct?",
        "we have rose cottage, mill lane, ballina, county mayo for the delivery and the driver is on his way",
        "it goes to p o box one nine four, bend oregon, and it is the last of them",
        "it is 12 of the old grove, no sorry, it is 14 the old grove in bath",
        "I see 45 hill road opposite the temple near the park, pune 411001 here",
        "blk 123 ang mo kio avenue 3 #04-56 singapore 560123 is what you told us",
        "you live at the corner of mill road and fifth avenue, is that so?",
        "we will send it to Berliner Str. 5, 10115 Berlin and to calle mayor 12, madrid tomorrow",
        "it goes to R.R. 3, Site 5, Comp 12, Vernon, BC V1T 6L6 and that is it",
        "he is at Hall 4, Room 219, Elmfield Campus. Is that right?",
        "your address is House No. 12-B, 3rd Cross, Malleswaram, Bengaluru 560003 here",
        "you live at calle luna number four twelve, is that right?",
        "mail goes to PO Box 310, Station A, Fredericton NB E3B 4Y9 for now",
        "that is HC 12 Box 80, Terlingua, TX 79852 again",
        "you said nine orange street gardens cape town",
        "that is Stand 2207, Ext 4, Tembisa 1632 and C-404 Shanti Niwas, Powai, Mumbai 400076 too",
        "that is care of mary doyle, at 12 the old mill road in cork, ireland, thank you",
        "your address is rose cottage, mill lane. Ballina. County Mayo. Anything else?",
        "the third floor, 88 wall street, new york, ny 10005 please",
        "twelve oh four, uh, cedar hill drive, um, apartment three b, that's springfield, zip code is six two seven oh four now",
    ] {
        for wanted in wanted {
            let found = scan(text, Speaker::Assistant, &Cues::at_start("US"), wanted).findings;
            for (cut, _) in text.char_indices() {
                let decided = decided_until(&text[..cut], wanted);
                let crossed = found
                    .iter()
                    .find(|one| one.start < decided && decided < one.end);
                assert!(crossed.is_none(), "{}", &text[..decided]);
                let so_far = &text[..decided];
                let before = scan(
                    &text[..cut],
                    Speaker::Assistant,
                    &Cues::at_start("US"),
                    wanted,
                );
                let early = before.findings.iter().find(|one| {
                    one.end <= decided
                        && !found
                            .iter()
                            .any(|later| later.start <= one.start && one.end <= later.end)
                });
                assert!(early.is_none(), "{so_far} | {early:?}");
            }
        }
    }
}
