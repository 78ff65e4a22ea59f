use proptest::prelude::*;

use super::super::RedactRule;
use crate::chat::request::ChatRequest;
use crate::lang::facts::Facts;
use crate::rule::{Lane, LaneKind, Rule, Turn};

fn rule(find: &str) -> RedactRule {
    toml::from_str(&format!(
        "find = [{find}]\nreply = true\nunknown = \"something\""
    ))
    .expect("a rule")
}

fn turn(rule: &RedactRule) -> Turn {
    let body = serde_json::json!({"messages": [{"role": "user", "content": "hello"}]});
    let mut request = ChatRequest::parse(body.to_string().into()).expect("a request");
    let mut turn = Turn::new(Facts::default());
    rule.on_request(&mut request, &mut turn).expect("it works");
    turn
}

fn heard<'p>(rule: &RedactRule, turn: &Turn, pieces: impl Iterator<Item = &'p str>) -> String {
    heard_as(rule, turn, false, pieces)
}

fn heard_as<'p>(
    rule: &RedactRule,
    turn: &Turn,
    is_json: bool,
    pieces: impl Iterator<Item = &'p str>,
) -> String {
    let lane = Lane {
        choice: 0,
        kind: LaneKind::Content,
        is_json,
    };
    let mut filter = rule.on_reply(turn, &lane).expect("a filter");
    let mut out = String::new();
    pieces.for_each(|piece| filter.push(piece, &mut out));
    filter.finish(&mut out);
    out
}

const EVERYTHING: &str = r#""card", "cvv", "pin", "ssn", "phone", "email", "iban", "account", "ip", "url", "birthdate", "zip", "id", "address", "name", "secret""#;

const PARTS: &[&str] = &[
    "your card is",
    "4111 1111 1111 1111",
    "four one one one",
    "one one one one",
    "uh",
    "no wait",
    "and",
    ",",
    ".",
    "the",
    "of",
    "in",
    "at",
    "dot",
    "com",
    "slash",
    "my",
    "your zip",
    "60614",
    "is the zip code",
    "is my cell",
    "415-555-0132",
    "john smith",
    "ann@example.com",
    "gmail dot com",
    "w w w dot example dot com",
    "is",
    "the pin is",
    "for",
    "to",
    "garden party",
    "you",
    "with us",
    "your social security number is",
    "123-45-6789",
    "may",
    "first",
    "the third of april",
    "twenty oh six",
    "you were born on",
    "extension",
    "four five",
    "dollars",
    "table",
    "two",
    "people",
    "blue building",
    "account number",
    "order",
    "(415)",
    "+49 30 901820",
    "plus one",
    "?",
    "info",
    "on the back",
    "three one nine",
    "it's",
    "please",
    "is it",
    "orders",
    "live",
    "best",
    "hundred",
    "double",
    "203.0.113.9",
    "https://a.example.com/x",
    "four",
    "oh",
    "nine",
    "seven",
    "o'clock",
    "days",
    "expires",
    "last four",
    "４１１１",
    "é",
    "b.",
    "J.",
    "j a n",
    "Plan",
    "1x@y.com",
    "Bo.Doe@mail.com",
    " ",
    "'",
    "so",
];

fn pieces(text: &str, cuts: &[usize]) -> Vec<String> {
    let mut pieces = Vec::new();
    let (mut piece, mut left, mut cuts) = (String::new(), 0, cuts.iter().cycle());
    for letter in text.chars() {
        if left == 0 {
            pieces.push(std::mem::take(&mut piece));
            left = *cuts.next().unwrap_or(&1);
        }
        piece.push(letter);
        left -= 1;
    }
    pieces.push(piece);
    pieces
}

proptest! {
    #[test]
    fn how_a_reply_is_cut_never_changes_what_is_hidden_in_it(
        parts in prop::collection::vec((0..PARTS.len(), prop::bool::weighted(0.9)), 1..14),
        cuts in prop::collection::vec(1..12usize, 1..6),
        which in 0..8usize,
    ) {
        let text: String = parts
            .iter()
            .map(|(part, blank)| format!("{}{}", PARTS[*part], if *blank { " " } else { "" }))
            .collect();
        let few = [
            "\"card\", \"phone\", \"zip\"",
            "\"card\", \"cvv\", \"pin\", \"ssn\", \"phone\", \"account\"",
            "\"name\"",
            "\"email\"",
            "\"email\", \"card\"",
            "\"email\", \"url\"",
        ];
        let rule = rule(few.get(which).copied().unwrap_or(EVERYTHING));
        let turn = turn(&rule);
        let whole = heard(&rule, &turn, std::iter::once(text.as_str()));
        let cut = pieces(&text, &cuts);
        let heard = heard(&rule, &turn, cut.iter().map(String::as_str));
        prop_assert_eq!(heard, whole, "{}", text);
        let json = serde_json::json!({"a": text, "n": 4111111111111111_u64, "b": [text, "\n\"é"]});
        let json = json.to_string();
        let whole = heard_as(&rule, &turn, true, std::iter::once(json.as_str()));
        prop_assert!(serde_json::from_str::<serde_json::Value>(&whole).is_ok(), "{}", whole);
        let cut = pieces(&json, &cuts);
        let heard = heard_as(&rule, &turn, true, cut.iter().map(String::as_str));
        prop_assert_eq!(heard, whole, "{}", json);
    }
}

/// The most bytes that are held at a time while a text comes letter by letter, and where.
fn most_held(rule: &RedactRule, turn: &Turn, text: &str) -> (usize, String) {
    let lane = Lane {
        choice: 0,
        kind: LaneKind::Content,
        is_json: false,
    };
    let mut filter = rule.on_reply(turn, &lane).expect("a filter");
    let (mut out, mut most) = (String::new(), (0, String::new()));
    for (at, letter) in text.char_indices() {
        filter.push(letter.encode_utf8(&mut [0; 4]), &mut out);
        let came = at + letter.len_utf8();
        let held = came.saturating_sub(out.len());
        if held > most.0 {
            most = (held, text[came - held..came].to_owned());
        }
    }
    most
}

const HOURS: &str = "We are open Monday 9 to 5, Tuesday 9 to 5, Wednesday 10 to 6, Thursday nine to five and Friday 8 to 4. Call 911 or take bus 42 at 7:30.";

#[test]
fn a_rule_holds_only_what_it_can_match_itself() {
    let facts = |customer: serde_json::Value| {
        let mut facts = Facts::default();
        facts.set("customer", customer);
        facts
    };
    let customer = || serde_json::json!({"name": "Dana Whitfield", "number": "+14155550123"});
    for (toml, most) in [
        ("find = [\"name\"]", 20),
        ("find = [\"card\", \"phone\"]", 45),
        ("patterns = { CODE = 'Q-\\d{5}' }", 7),
        ("patterns = { ORDER = '\\d{7}' }", 7),
        ("known = [\"customer.name\"]", 15),
        ("known = [\"customer.number\"]", 24),
        ("known = [\"customer.name\", \"customer.number\"]", 24),
    ] {
        let rule: RedactRule = toml::from_str(&format!("{toml}\nreply = true")).expect("a rule");
        let mut turn = turn(&rule);
        turn.facts = facts(customer());
        let (held, text) = most_held(&rule, &turn, HOURS);
        assert!(held <= most, "{toml} holds {held}: {text}");
        let whole = heard(&rule, &turn, std::iter::once(HOURS));
        assert_eq!(whole, HOURS, "{toml}");
    }
}

#[test]
fn a_known_value_is_hidden_in_a_reply_however_it_is_cut() {
    let rule: RedactRule = toml::from_str(
        "known = [\"customer.name\", \"customer.number\"]\nreply = true\nunknown = \"it\"",
    )
    .expect("a rule");
    let mut turn = turn(&rule);
    turn.facts.set(
        "customer",
        serde_json::json!({"name": "José Whitfield", "number": "+14155550123"}),
    );
    for (text, expected) in [
        (
            "Hello Jose, is (415) 555-0123 yours?",
            "Hello it, is it yours?",
        ),
        (
            "It is four one five, five five five, oh one two three.",
            "It is it.",
        ),
        (
            "At 9, call +1 415 555 0123 or 911.",
            "At 9, call it or 911.",
        ),
        (
            "So four one six no five five five five oh one two three?",
            "So it?",
        ),
        (
            "Dear JOSE\u{301}  WHITFIELD, josephine",
            "Dear it, josephine",
        ),
        (
            "That is w h i t f i e l d, W-H-I-T, right?",
            "That is it, W-H-I-T, right?",
        ),
        ("12345 4155550123 is my cell", "12345 it is my cell"),
    ] {
        let whole = heard(&rule, &turn, std::iter::once(text));
        assert_eq!(whole, expected, "{text}");
        let letters = text.split_inclusive(|_: char| true);
        assert_eq!(heard(&rule, &turn, letters), expected, "{text}");
        for cut in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let pieces = [&text[..cut], &text[cut..]];
            assert_eq!(
                heard(&rule, &turn, pieces.into_iter()),
                expected,
                "{text} at {cut}"
            );
        }
    }
}

#[test]
fn an_address_is_hidden_with_its_initial_however_it_is_cut() {
    let rule = rule("\"email\"");
    let turn = turn(&rule);
    for (text, expected) in [
        ("Write to b. anna@y.com today.", "Write to something today."),
        ("So b.  anna@y.com is it.", "So something is it."),
        ("b. 1111x@y.com is it", "something is it"),
        ("b.  1111x@y.com  '", "something  '"),
        ("Plan b.  1x@y.com", "Plan something"),
        ("It's J. R. doe@mail.com, ok?", "It's J. R. something, ok?"),
        ("Thanks. bob@x.com it is", "Thanks. something it is"),
    ] {
        let whole = heard(&rule, &turn, std::iter::once(text));
        assert_eq!(whole, expected, "{text}");
        let letters = text.split_inclusive(|_: char| true);
        assert_eq!(heard(&rule, &turn, letters), expected, "{text}");
        for cut in 1..text.len() {
            let pieces = [&text[..cut], &text[cut..]];
            assert_eq!(
                heard(&rule, &turn, pieces.into_iter()),
                expected,
                "{text} at {cut}"
            );
        }
    }
}

#[test]
fn a_dot_that_stands_alone_ends_no_sentence() {
    let rule = rule(EVERYTHING);
    let turn = turn(&rule);
    let text = "write to samanthabennett @ gmail . com now";
    let letters = text.split_inclusive(|_: char| true);
    assert_eq!(heard(&rule, &turn, letters), "write to something now");
}

#[test]
fn lines_sound_the_same_letter_by_letter() {
    let rule = rule(EVERYTHING);
    let turn = turn(&rule);
    let mut different = Vec::new();
    for text in crate::fixtures::lines() {
        let whole = heard(&rule, &turn, std::iter::once(text.as_str()));
        let letters = heard(&rule, &turn, text.split_inclusive(|_: char| true));
        if letters != whole {
            different.push(format!("{text}\n   {whole}\n   {letters}"));
        }
    }
    assert!(
        different.is_empty(),
        "{}\n{}",
        different.len(),
        different.join("\n")
    );
}

#[test]
fn an_own_pattern_never_breaks_a_voice_tag() {
    let rule: RedactRule =
        toml::from_str("patterns = { WORD = 'flush|time|spell' }\nreply = true\nunknown = \"it\"")
            .expect("a rule");
    let turn = turn(&rule);
    let text = "flush <flush /> time <break time=\"1s\"/> <spell>time</spell> 1 < 2 flush";
    let expected = "it <flush /> it <break time=\"1s\"/> <spell>it</spell> 1 < 2 it";
    assert_eq!(heard(&rule, &turn, std::iter::once(text)), expected);
    let letters = text.split_inclusive(|_: char| true);
    assert_eq!(heard(&rule, &turn, letters), expected);
}
