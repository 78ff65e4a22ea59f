use super::super::Detector;
use super::super::testing::scanned;
use super::*;

fn all() -> Detectors {
    Detector::ALL.iter().copied().collect()
}

// What an agent says on an ordinary call.
const PLAIN: &[&str] = &[
    "Thank you for calling Harbor Dental, how can I help you today?",
    "Of course, let me check the calendar for you.",
    "I see that your order is still being prepared in the kitchen.",
    "Would you like a large pepperoni pizza with extra cheese?",
    "I'm sorry to hear that, let me look into it right away.",
    "Our office is closed on public holidays.",
    "Your package should arrive before the weekend.",
    "Could you tell me a little more about the problem?",
    "Sure, I can move your appointment to next week.",
    "The driver left the parcel behind the garden shed.",
    "That flight leaves from the international terminal.",
    "Unfortunately the hotel is fully booked during the festival.",
    "Your claim has been approved and the payment is on its way.",
    "Please hold while I transfer you to our billing department.",
    "We offer gluten free crust, vegan cheese, and fresh basil.",
    "The technician will restart the meter and test the connection.",
    "Most customers prefer the standard delivery option.",
    "You can cancel without any fee until Friday evening.",
    "I have updated your preferences, is there anything else?",
    "Parking is free behind the blue building across the street.",
    "The premium plan covers dental, vision, and prescription glasses.",
    "I understand, outages like this are really frustrating.",
    "Our nurse will call you back before lunch.",
    "The refund usually shows up within several business days.",
    "Let me read the details back to you.",
    "Great choice, the chef recommends the grilled salmon.",
    "Your policy renews automatically every summer.",
    "The doctor is running a bit late this morning.",
    "We do not have that color in stock anymore.",
    "Your reservation includes breakfast and airport transfer.",
    "I will send a confirmation shortly.",
    "Windows and doors must stay closed during the inspection.",
    "Do you have any allergies that we should know about?",
    "It looks like the courier tried to deliver yesterday.",
    "Absolutely, our team is happy to help.",
    "Service was restored in your neighborhood overnight.",
    "Bring comfortable shoes and some warm clothes.",
    "Thanks for your patience, have a wonderful day!",
    "The insurance adjuster will visit the property soon.",
    "Good news, your prescription is ready for pickup.",
];

// How many bytes are held after each piece: all of them, and the most.
fn held(
    pieces: impl Iterator<Item = usize>,
    text: &str,
    wanted: Detectors,
) -> (usize, usize, usize) {
    let (mut sum, mut count, mut most, mut said) = (0, 0, 0, 0);
    for end in pieces {
        said = decided_until(&text[..end], wanted).max(said);
        let held = end - said;
        (sum, count, most) = (sum + held, count + 1, most.max(held));
    }
    (sum, count, most)
}

fn mean_and_most(wanted: Detectors, size: usize) -> (usize, usize) {
    let (mut sum, mut count, mut most) = (0, 0, 0);
    for text in PLAIN {
        let ends: Vec<usize> = match size {
            0 => text.match_indices(' ').map(|(at, _)| at + 1).collect(),
            _ => (0..=text.len()).step_by(size).skip(1).collect(),
        };
        let one = held(ends.into_iter(), text, wanted);
        (sum, count, most) = (sum + one.0, count + one.1, most.max(one.2));
    }
    (10 * sum / count, most)
}

#[test]
fn plain_words_are_held_only_while_they_may_become_a_value() {
    let numbers = [
        Detector::Card,
        Detector::Cvv,
        Detector::Pin,
        Detector::Ssn,
        Detector::Phone,
    ];
    let numbers: Detectors = numbers.into_iter().collect();
    for size in 0..=8 {
        // Tenths of bytes.
        let (mean, most) = mean_and_most(numbers, size);
        let (all_mean, all_most) = mean_and_most(all(), size);
        assert!(mean <= 15 && most <= 16, "pieces of {size}: {mean} {most}");
        assert!(
            all_mean <= 130 && all_most <= 48,
            "pieces of {size}: {all_mean} {all_most}"
        );
    }
}

#[test]
fn a_text_is_decided_behind_its_last_closed_word() {
    for (text, decided) in [
        ("hello wor", "hello "),
        ("hello world. ", "hello world. "),
        ("call 415-555 01", "call "),
        ("i can write about ann@ex", "i can write about "),
        ("it is four one one ", "it is "),
        ("it is four one sorry i mean the ", "it is "),
        ("4111 1111", ""),
        ("you can ask john smith at my company dot ", "you can ask "),
        ("is it will dot ", "is it "),
        ("so 60614 is my zip ", "so "),
    ] {
        let decided_at = decided_until(text, all());
        assert!(
            decided_at <= decided.len(),
            "{text}: {}",
            &text[..decided_at]
        );
    }
    let cards = [Detector::Card].into_iter().collect();
    for (text, decided) in [
        ("a wonderful gard", "a wonderful gard"),
        ("a wonderful si", "a wonderful "),
        ("a wonderful (", "a wonderful "),
    ] {
        assert_eq!(&text[..decided_until(text, cards)], decided, "{text}");
    }
}

#[test]
fn no_value_crosses_the_boundary_while_a_text_grows() {
    for text in [
        "sure, your card is four one one one uh one one one one no wait two one one one one one one one, right?",
        "i will write to will dot smith at my company dot com and call you on six oh two five five five oh one nine eight",
        "you were born on the third of april twenty oh six, and your email is ann lee at gmail dot com. is that so?",
        "you were born on the fourth of the ninth of the year two thousand and one, is it? or in march eighty one?",
        "her birthday is the twelfth, no sorry, the thirteenth of let me see june too actually, nineteen ninety, yes?",
        "your card is 5318. 0074. 2291. 6650. and the plate is k x nineteen, r z y. thank you",
        "the parcel goes to s w one v three a b today, and 415 and 263 and 0199 is who we call",
        "on file we have\n1) 4539\n2) 1488\n3) 0343\n4) 6467\nis that right?",
        "i have four five three nine, hang on, one four eight eight, let me see, oh three four three, where was i, six four six seven",
        "d for delta, four four one, two k x is your policy number and november four one juliet bravo your postcode",
        "so that is karl with a k, all one word, dot smith all lower case at blue dot com, or j a n e no dots at mail dot com?",
        "i have jane doe@mail.com, contact at bell and daughters dot org, and paul at bluefenn dotcom. is that it?",
        "your new reference is c r seven seven two one four, and the parcel is p n r l z four w m t two nine oh",
        "it's one eight three oh two double one seven five, the member id on the blue card, born 1/17/63",
        "i wrote to lee at fern dot org, sorry, dot com, and accounts at no wait admin at old fern dot org. is that it?",
        "please go to w w w dot blue river dot com slash login or to example dot com slash pay",
    ] {
        let found = scanned(text).findings;
        for (cut, _) in text.char_indices() {
            let decided = decided_until(&text[..cut], all());
            assert!(
                !found
                    .iter()
                    .any(|one| one.start < decided && decided < one.end),
                "{}",
                &text[..decided]
            );
        }
    }
}
