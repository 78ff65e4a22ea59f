use super::*;

fn rule(toml: &str) -> SpeakRule {
    let fields: SpeakFields = toml::from_str(toml).expect("a table");
    SpeakRule::try_from(fields).expect("a rule")
}

fn heard_in(rule: &SpeakRule, pieces: &[&str]) -> String {
    let mut filter = rule.filter().expect("it touches replies");
    let mut out = String::new();
    for piece in pieces {
        filter.push(piece, &mut out);
    }
    filter.finish(&mut out);
    out
}

/// What is heard of a text, at every cut in two and letter by letter.
#[track_caller]
fn heard(rule: &SpeakRule, text: &str) -> String {
    let whole = heard_in(rule, &[text]);
    for cut in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
        let halves = heard_in(rule, &[&text[..cut], &text[cut..]]);
        assert_eq!(halves, whole, "{text:?} cut at {cut}");
    }
    let letters: Vec<String> = text.chars().map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    assert_eq!(heard_in(rule, &letters), whole, "{text:?} letter by letter");
    whole
}

#[track_caller]
fn check(toml: &str, cases: &[(&str, &str)]) {
    let rule = rule(toml);
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (heard(&rule, text), text, expected))
        .filter(|(heard, _, expected)| heard != *expected)
        .map(|(heard, text, expected)| format!("{text:?}\n   is {heard:?}\n not {expected:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

mod marks;
mod numbers;
mod strip;
mod unheard;
