use crate::detect::Detector::{self, Address};
use crate::detect::testing::check;
use crate::detect::{Cues, Detectors, Speaker, decided_until, scan};

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
