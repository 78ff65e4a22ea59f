//! A value that was found once, in other spellings behind that.

use super::*;

const ALL: &str = "find = [\"card\", \"cvv\", \"pin\", \"ssn\", \"phone\", \"email\", \"iban\", \"account\", \"birthdate\", \"zip\", \"id\", \"address\", \"name\"]";

/// What the last message became.
fn last(messages: &[(&str, &str)]) -> String {
    let messages: Vec<_> = messages
        .iter()
        .map(|(role, text)| serde_json::json!({"role": role, "content": text}))
        .collect();
    let body = serde_json::json!({ "messages": messages });
    let (sent, _) = sent(&rule(ALL), Facts::default(), body);
    let sent: serde_json::Value = serde_json::from_str(&sent).expect("JSON");
    let last = sent["messages"].as_array().and_then(|all| all.last());
    let text = last.and_then(|last| last["content"].as_str());
    text.unwrap_or_default().to_owned()
}

#[track_caller]
fn check(found: &str, role: &str, then: &str, expected: &str) {
    assert_eq!(
        last(&[("user", found), (role, then)]),
        expected,
        "{found} / {then}"
    );
}

#[test]
fn a_telephone_number_is_hidden_however_it_is_said_again() {
    let found = "my number is 415-555-0123";
    for (then, expected) in [
        ("So 4155550123?", "So [PHONE_1]?"),
        ("4, 1, 5, 5, 5, 5, 0, 1, 2, 3, right?", "[PHONE_1], right?"),
        (
            "So that's four one five, five five five, zero one two three.",
            "So that's [PHONE_1].",
        ),
        ("It is 415 555 oh one two", "It is [PHONE_1]"),
        (
            "4155550123, or 415 555 oh one two three?",
            "[PHONE_1], or [PHONE_1]?",
        ),
        ("The line ending in 0123?", "The line ending in [PHONE_2]?"),
    ] {
        check(found, "assistant", then, expected);
    }
    check(
        found,
        "tool",
        r#"{"a":14155550123,"4155550123":1,"b":"(415) 5550123"}"#,
        r#"{"a":"[PHONE_1]","[PHONE_1]":1,"b":"[PHONE_1]"}"#,
    );
}

#[test]
fn codes_and_mails_are_hidden_however_they_are_said_again() {
    check(
        "my national insurance number is AB 12 34 56 C",
        "assistant",
        "ab123456c, or a b one two three four five six c?",
        "[ID_1], or [ID_1]?",
    );
    check(
        "my plate is KX19 ZTE",
        "assistant",
        "k x one nine zulu tango echo, correct?",
        "[ID_1], correct?",
    );
    check(
        "my email is dana dot whitfield at example dot com",
        "tool",
        r#"{"to":"dana.whitfield@example.com"}"#,
        r#"{"to":"[EMAIL_1]"}"#,
    );
    check(
        "my iban is GB29 NWBK 6016 1331 9268 19",
        "assistant",
        "So gb29nwbk60161331926819?",
        "So [IBAN_1]?",
    );
}

#[test]
fn names_are_hidden_in_other_case_and_alone() {
    check(
        "my name is Dana Whitfield",
        "assistant",
        "DANA WHITFIELD, and Ms. Whitfield's order, W H I T F I E L D.",
        "[NAME_1], and Ms. [NAME_2]'s order, [NAME_2].",
    );
    check(
        "my name is Grace Hill",
        "assistant",
        "Thanks Grace Hill, up the hill with grace.",
        "Thanks [NAME_1], up the hill with grace.",
    );
}

#[test]
fn a_sentence_that_broke_off_in_a_value_is_hidden_from_there() {
    let card = "my card is 4111 1111 1111 1111";
    check(
        card,
        "assistant",
        "Charging 4111 1111 11",
        "Charging [CARD_1]",
    );
    check(
        card,
        "assistant",
        "Charging four one one one",
        "Charging [CARD_1]",
    );
}

#[test]
fn amounts_times_years_and_words_are_no_value_again() {
    let social = "my social is 523-45-1500";
    let zip = "my zip is 94110";
    for (found, then) in [
        (social, "That is $1500 for 1500 miles at 15:00, since 1500."),
        (zip, "That costs $94110, 94110 dollars or 94,110 points."),
        ("my pin is 4821", "4821 people were here."),
        ("i was born on march 9 1981", "In 1981, on a March day."),
        (
            "my name is Will Young",
            "We will see young people, will you?",
        ),
    ] {
        check(found, "assistant", then, then);
    }
}

#[test]
fn d15_what_a_longer_call_tells_changes_nothing_before_it() {
    let said = [
        ("user", "it is 4155550123 i think"),
        ("assistant", "Sorry, what is your phone number?"),
        ("user", "four one five five five five oh one two three"),
        ("assistant", "Thank you. 415-555-0123, and your name?"),
        ("user", "dana whitfield"),
        ("assistant", "Charging, Dana Whitf"),
        ("user", "yes"),
    ];
    let mut before = String::new();
    for count in 1..=said.len() {
        let messages: Vec<_> = said[..count]
            .iter()
            .map(|(role, text)| serde_json::json!({"role": role, "content": text}))
            .collect();
        let body = serde_json::json!({ "messages": messages });
        let (sent, _) = sent(&rule(ALL), Facts::default(), body);
        let prefix = sent.trim_end_matches(['}', ']']).to_owned();
        assert!(prefix.starts_with(&before), "{before}\n{prefix}");
        before = prefix;
    }
    assert!(
        !before.contains("Whitf") && !before.contains("0123"),
        "{before}"
    );
}
