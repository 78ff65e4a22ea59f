use super::*;
use crate::detect::Detector;
use crate::rule::Retention;

fn found_as(detector: Detector, values: &[&str], text: &str) -> Vec<String> {
    let mut labels = RuleLabels::default();
    let retention = match detector.is_restored() {
        true => Retention::Value,
        false => Retention::Nothing,
    };
    let label = labels.add(detector.label(), retention);
    let mut repeated = RepeatedValues::default();
    for value in values {
        let hit = Hit {
            start: 0,
            end: 0,
            label,
            identity: labels.identity(value),
        };
        repeated.add(&labels, value, hit);
    }
    let broken = repeated.find_broken_off(&labels, text, &[]);
    let mut hits: Vec<Hit> = broken.into_iter().collect();
    hits.extend(repeated.find(&labels, text, &hits.clone()));
    let said = hits.iter().map(|hit| text[hit.start..hit.end].to_owned());
    said.collect()
}

fn found(values: &[&str], text: &str) -> Vec<String> {
    found_as(Detector::Id, values, text)
}

#[test]
fn a_value_is_found_again_as_a_whole() {
    assert_eq!(
        found(&["ab-12"], "ab-12 and xab-12, ab-12. ab-123 ok."),
        ["ab-12", "ab-12"]
    );
    assert_eq!(
        found(&["41117", "41117 2222"], "so 41117 2222 and 41117."),
        ["41117 2222", "41117"]
    );
    assert!(found(&["123"], "123").is_empty());
}

#[test]
fn many_values_cost_no_more_than_few() {
    let values: Vec<String> = (0..10_000).map(|n| format!("4111 {n:05}")).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let text = values.join(", ") + ".";
    assert_eq!(found(&values, &text).len(), 10_000);
}

#[test]
fn a_telephone_number_is_found_in_every_spelling() {
    for again in [
        "4155550123",
        "14155550123",
        "+1 (415) 555-0123",
        "4, 1, 5, 5, 5, 5, 0, 1, 2, 3",
        "four one five five five five oh one two three",
        "415 555 oh one two three",
        "four fifteen triple five zero one twenty three",
        "555 0123",
    ] {
        let text = format!("is it {again} still?");
        let got = found_as(Detector::Phone, &["415-555-0123"], &text);
        assert_eq!(got.len(), 1, "{text}: {got:?}");
        let rest = text.replace(&got[0], "");
        assert!(!rest.contains(|c: char| c.is_ascii_digit()), "{rest}");
    }
    assert_eq!(
        found_as(
            Detector::Phone,
            &["07700 900123"],
            "so +44 7700 900123 then?"
        )
        .len(),
        1
    );
}

#[test]
fn a_code_with_letters_is_found_however_it_is_spelled() {
    for again in [
        "ab123456c",
        "AB 12 34 56 C",
        "a b one two three four five six c",
        "alpha bravo one two three four five six charlie",
        "AB-123456-C",
    ] {
        let text = format!("you said {again} right?");
        assert_eq!(found(&["AB123456C"], &text).len(), 1, "{text}");
    }
}

#[test]
fn an_end_is_a_value_only_where_one_is_spoken_of() {
    let card = ["4111 1111 1111 1500"];
    let ends = |text: &str| found_as(Detector::Card, &card, text);
    assert_eq!(ends("the card ending in 1500?"), ["1500"]);
    assert_eq!(
        ends("it ends with one five zero zero."),
        ["one five zero zero"]
    );
    for text in ["that is $1500.", "1500 steps.", "at 1500 hours.", "1500."] {
        assert!(ends(text).is_empty(), "{text}");
    }
}

#[test]
fn amounts_and_parts_of_other_numbers_stay() {
    for text in [
        "it is $94110.",
        "94110 dollars.",
        "94,110 units and 94110.50 and 94110%.",
        "order 12-94110-7.",
        "94110 miles.",
    ] {
        assert!(
            found_as(Detector::Zip, &["94110"], text).is_empty(),
            "{text}"
        );
    }
    assert_eq!(
        found_as(Detector::Zip, &["94110"], "in 94110, yes.").len(),
        1
    );
}

#[test]
fn a_sentence_that_broke_off_in_a_value_ends_before_it() {
    let broken = |text: &str| found_as(Detector::Card, &["4111 1111 1111 1111"], text);
    assert_eq!(broken("Charging 4111 1111 11"), ["4111 1111 11"]);
    assert_eq!(
        broken("Charging four one one one one —"),
        ["four one one one one"]
    );
    assert_eq!(broken("Charging 4111"), ["4111"]);
    for text in ["Charging 411", "That is 4111.", "That costs $4111"] {
        assert!(broken(text).is_empty(), "{text}");
    }
    let mail = |text: &str| found_as(Detector::Email, &["dana.w@example.com"], text);
    assert_eq!(
        mail("I will write to dana dot w at exa"),
        ["dana dot w at exa"]
    );
}

#[test]
fn names_are_found_alone_but_not_where_they_are_words() {
    let names = |value: &str, text: &str| found_as(Detector::Name, &[value], text);
    assert_eq!(
        names("dana whitfield", "Dana's here, Mr WHITFIELD."),
        ["Dana", "WHITFIELD"]
    );
    assert_eq!(names("Kim Whitfield", "kim, Kim."), ["Kim"]);
    assert_eq!(
        names("will young", "Will Young will see young people."),
        ["Will Young"]
    );
    assert!(names("will", "I will.").is_empty());
    assert_eq!(
        names("dana whitfield", "Thank you, Dana Whitf"),
        ["Dana Whitf"]
    );
    assert!(names("Willa Martin", "Then I will").is_empty());
}

#[test]
fn the_street_of_an_address_is_found_alone() {
    let address = ["12 Main Street, Springfield, IL 62704"];
    assert_eq!(
        found_as(Detector::Address, &address, "So twelve main street, good."),
        ["twelve main street"]
    );
}

#[test]
fn what_many_texts_say_is_no_value_again() {
    assert!(found_as(Detector::Secret, &["card"], "your card please.").is_empty());
    assert!(found_as(Detector::Pin, &["1500"], "that is 1500 or $1500.").is_empty());
    assert_eq!(
        found_as(Detector::Pin, &["4821"], "so four eight two one.").len(),
        1
    );
    assert!(found_as(Detector::Birthdate, &["march 9"], "see you March 9.").is_empty());
}
