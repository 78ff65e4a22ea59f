use proptest::prelude::*;

use super::super::Redact;
use crate::chat::request::ChatRequest;
use crate::rule::{Lane, LaneKind, Rule, Turn};
use crate::text::facts::Facts;

fn rule(find: &str) -> Redact {
    toml::from_str(&format!(
        "find = [{find}]\nreply = true\nunknown = \"something\""
    ))
    .expect("a rule")
}

fn turn(rule: &Redact) -> Turn {
    let body = serde_json::json!({"messages": [{"role": "user", "content": "hello"}]});
    let mut request = ChatRequest::parse(body.to_string().into()).expect("a request");
    let mut turn = Turn::new(Facts::new());
    rule.on_request(&mut request, &mut turn).expect("it works");
    turn
}

fn heard<'p>(rule: &Redact, turn: &Turn, pieces: impl Iterator<Item = &'p str>) -> String {
    let lane = Lane {
        choice: 0,
        kind: LaneKind::Content,
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
        few in prop::bool::weighted(0.3),
    ) {
        let text: String = parts
            .iter()
            .map(|(part, blank)| format!("{}{}", PARTS[*part], if *blank { " " } else { "" }))
            .collect();
        let rule = rule(if few { "\"card\", \"phone\", \"zip\"" } else { EVERYTHING });
        let turn = turn(&rule);
        let whole = heard(&rule, &turn, std::iter::once(text.as_str()));
        let cut = pieces(&text, &cuts);
        let heard = heard(&rule, &turn, cut.iter().map(String::as_str));
        prop_assert_eq!(heard, whole, "{}", text);
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
    let rule: Redact =
        toml::from_str("patterns = { WORD = 'flush|time|spell' }\nreply = true\nunknown = \"it\"")
            .expect("a rule");
    let turn = turn(&rule);
    let text = "flush <flush /> time <break time=\"1s\"/> <spell>time</spell> 1 < 2 flush";
    let expected = "it <flush /> it <break time=\"1s\"/> <spell>it</spell> 1 < 2 it";
    assert_eq!(heard(&rule, &turn, std::iter::once(text)), expected);
    let letters = text.split_inclusive(|_: char| true);
    assert_eq!(heard(&rule, &turn, letters), expected);
}
