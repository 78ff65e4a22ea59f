use super::*;
use crate::detect::read::{bytes_of, tokenize};

fn check(text: &str, expected: &str, value: &str) {
    let tokens = tokenize(text);
    let reader = TokenReader::new(text, &tokens);
    let found = (0..tokens.len()).find_map(|at| around(reader, at, false));
    let found = found.map(|(range, value)| (text[bytes_of(&tokens, range)].to_owned(), value));
    let expected = (!expected.is_empty()).then(|| (expected.to_owned(), value.to_owned()));
    assert_eq!(found, expected, "{text}");
}

#[test]
fn dictated_addresses_are_read() {
    check(
        "my email is john dot smith at gmail dot com thanks",
        "john dot smith at gmail dot com",
        "john.smith@gmail.com",
    );
    check(
        "it's m i c h a e l dot r at sign g mail dot co dot uk",
        "m i c h a e l dot r at sign g mail dot co dot uk",
        "michael.r@gmail.co.uk",
    );
    check(
        "send it to amy under score jones forty two at my company dot io",
        "amy under score jones forty two at my company dot io",
        "amy_jones42@mycompany.io",
    );
    check(
        "mark hyphen williams uh at proton dot me",
        "mark hyphen williams uh at proton dot me",
        "mark-williams@proton.me",
    );
}

#[test]
fn letters_with_commas_and_domains_of_several_words_are_read() {
    for (text, value) in [
        ("K, A, R, I, M, dot, Z, at fern dot net", "karim.z@fern.net"),
        ("M, A, R, at fern dot org", "mar@fern.org"),
        ("rui at casa do norte dot pt", "rui@casadonorte.pt"),
        ("bob at old mill dot co dot uk", "bob@oldmill.co.uk"),
    ] {
        check(text, text, value);
    }
    check("i bought it at their shop dot com", "", "");
    check("look at that old website dot com", "", "");
}

#[test]
fn addresses_written_apart_are_read() {
    check(
        "mail me: ann [at] gmail(dot)com",
        "ann [at] gmail(dot)com",
        "ann@gmail.com",
    );
    check(
        "write to ann @ gmail . com please",
        "ann @ gmail . com",
        "ann@gmail.com",
    );
}

#[test]
fn a_place_or_a_shop_is_no_address() {
    check("meet me at the office and look at dot com", "", "");
    check("i bought it at amazon dot com", "", "");
    for sentences in [
        "You are a helper at Acme. Be brief.",
        "We met at the bank. Me too.",
        "a workshop at a clinic for bicycles. In short, come",
    ] {
        check(sentences, "", "");
    }
    check(
        "it's dana at Gmail. Com",
        "dana at Gmail. Com",
        "dana@gmail.com",
    );
}

#[test]
fn what_other_englishes_say_is_read() {
    check(
        "email is t t ramsey at the rate gmail dot com",
        "t t ramsey at the rate gmail dot com",
        "ttramsey@gmail.com",
    );
    check(
        "it's s for sugar a for apple m for mother at live dot com",
        "s for sugar a for apple m for mother at live dot com",
        "sam@live.com",
    );
    check(
        "zed zero e at fastmail dot f m",
        "zed zero e at fastmail dot f m",
        "zed0e@fastmail.fm",
    );
}

#[test]
fn what_was_taken_back_is_hidden_too() {
    let text = "m c n u l t y no sorry m c a n u l t y at sky dot com";
    check(text, text, "mcanulty@sky.com");
}

#[test]
fn a_provider_needs_no_dot_com() {
    check("dana at gmail", "dana at gmail", "dana@gmail.com");
    check(
        "it's dana w at yahoo please",
        "dana w at yahoo",
        "danaw@yahoo.com",
    );
    check(
        "dana at gmail dot com",
        "dana at gmail dot com",
        "dana@gmail.com",
    );
    check("i work at yahoo", "", "");
}

#[test]
fn a_sign_may_stand_between_pauses() {
    use crate::detect::testing::check_one;
    let value = "f t o p u t, at, b t internet dot com";
    let text = format!("my email is {value}");
    check_one(crate::detect::Detector::Email, &text, value);
}

#[test]
fn another_domain_is_said_instead() {
    for (text, value) in [
        (
            "sunil at hotmail dot com no sorry hotmail dot co dot uk",
            "sunil@hotmail.co.uk",
        ),
        (
            "jane at acme dot com, sorry, dot co dot uk",
            "jane@acme.co.uk",
        ),
        (
            "lee at fern dot org no wait it's fern dot com",
            "lee@fern.com",
        ),
    ] {
        check(text, text, value);
    }
    check(
        "lee at fern dot org no dogs please",
        "lee at fern dot org",
        "lee@fern.org",
    );
    check(
        "lee at fern dot org, sorry, what was that",
        "lee at fern dot org",
        "lee@fern.org",
    );
}

#[test]
fn a_mailbox_that_was_broken_off_is_hidden_too() {
    let text = "accounts at no sorry admin at brightside dental dot com dot au";
    check(text, text, "admin@brightsidedental.com.au");
    let text = "hana at sorry, h dot sato at docomo dot n e dot j p";
    check(text, text, "h.sato@docomo.ne.jp");
    check(
        "jane at the gym, sorry, sue at fern dot org",
        "sue at fern dot org",
        "sue@fern.org",
    );
}

#[test]
fn a_name_and_its_letters_are_one_mailbox() {
    let text = "r fitzgibbon that's f i t z g i b b o n at icloud dot com";
    check(text, text, "fitzgibbon@icloud.com");
    let text = "ellen kirk, one word, at gmail dot com";
    check(text, text, "ellenkirk@gmail.com");
    check(
        "my name's ann, that's f i n at fern dot org",
        "f i n at fern dot org",
        "fin@fern.org",
    );
}

#[test]
fn a_code_before_a_comma_is_no_part_of_a_mailbox() {
    check(
        "y c twenty one w f u, mo at silverline couriers dot co dot uk",
        "mo at silverline couriers dot co dot uk",
        "mo@silverlinecouriers.co.uk",
    );
    check(
        "that's an old one, m diaz eighty at gmail dot com",
        "m diaz eighty at gmail dot com",
        "mdiaz80@gmail.com",
    );
    let text = "k, a, r, l, four, two, at gmail dot com";
    check(text, text, "karl42@gmail.com");
}
