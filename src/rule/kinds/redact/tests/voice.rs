//! Redaction for the ear: targets D09 to D19 of the tests.

use super::*;

/// A rule that looks for everything.
fn everything() -> RedactRule {
    let names: Vec<&str> = Detector::ALL
        .iter()
        .map(|detector| detector.name())
        .collect();
    rule(&format!("find = {names:?}"))
}

#[test]
fn every_line_hides_what_its_section_says() {
    let rule = everything();
    let mut seen = std::collections::BTreeSet::new();
    let mut wrong = Vec::new();
    for (section, text) in crate::fixtures::sorted_lines() {
        let (got, turn) = said(&rule, &text);
        let found: Vec<_> = turn.vault.counts();
        let is_right = match section.as_str() {
            "none" => found.is_empty() && got == text,
            "several" => !found.is_empty(),
            one => got.contains(&format!("[{}_1]", one.to_uppercase())),
        };
        if !is_right {
            wrong.push(format!("{section}: {text}\n    {got}"));
        }
        seen.insert(section);
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    let names = Detector::ALL.iter().map(|detector| detector.name());
    let known = names.chain(["none", "several"]).map(str::to_owned);
    assert_eq!(seen, known.collect(), "each detector has lines");
}

#[test]
fn d09_what_was_hidden_comes_back_as_it_was() {
    let rule = everything();
    let (mut lines, mut restored) = (0, 0);
    for text in crate::fixtures::lines() {
        let (got, turn) = said(&rule, &text);
        let lane = Lane {
            choice: 0,
            kind: LaneKind::Content,
            is_json: false,
        };
        let mut filter = rule.on_reply(&turn, &lane).expect("it restores");
        let mut heard = String::new();
        filter.push(&got, &mut heard);
        filter.finish(&mut heard);
        lines += 1;
        restored += usize::from(heard == text);
        // Another spelling comes back as the first one, and what is never kept not at all.
        let hidden: u32 = turn.vault.counts().iter().map(|(_, count)| *count).sum();
        let placeholders = got
            .matches('[')
            .count()
            .saturating_sub(text.matches('[').count());
        let is_exact = hidden as usize == placeholders && !text.contains('[');
        let is_kept = !["CVV", "PIN", "SECRET"]
            .iter()
            .any(|label| got.contains(&format!("[{label}_")));
        assert!(
            heard == text || !is_exact || !is_kept,
            "{text}\n{got}\n{heard}"
        );
    }
    assert!(
        restored * 10 >= lines * 8,
        "{restored} of {lines} lines come back exactly"
    );
}

#[test]
fn d14_one_value_has_one_placeholder_in_every_spelling() {
    let rule = everything();
    for (one, other) in [
        (
            "my card is 4111 1111 1111 1111",
            "it's four one one one one one one one one one one one one one one one",
        ),
        (
            "my card is 4111111111111111",
            "the card number is 4111-1111-1111-1111",
        ),
        (
            "my social is 523-45-6789",
            "my social is five two three four five six seven eight nine",
        ),
        (
            "call me at 415-555-0134",
            "call me at four one five five five five oh one three four",
        ),
        (
            "my email is John.Smith@gmail.com",
            "it's john dot smith at gmail dot com",
        ),
    ] {
        let body = serde_json::json!({"messages": [
            {"role": "user", "content": one}, {"role": "assistant", "content": "Sorry, once more?"}, {"role": "user", "content": other},
        ]});
        let (sent, turn) = sent(&rule, Facts::default(), body);
        let counts = turn.vault.counts();
        assert!(
            counts.len() == 1 && counts[0].1 == 1,
            "{one} / {other}: {counts:?} {sent}"
        );
        assert_eq!(
            sent.matches(&format!("[{}_1]", counts[0].0)).count(),
            2,
            "{sent}"
        );
    }
}

#[test]
fn d16_a_number_dictated_over_several_turns_is_hidden_in_every_piece() {
    let rule = everything();
    let body = serde_json::json!({"messages": [
        {"role": "assistant", "content": "Can I have your card number please?"},
        {"role": "user", "content": "yes it's four one one one"},
        {"role": "assistant", "content": "go on"},
        {"role": "user", "content": "one one one one"},
        {"role": "assistant", "content": "okay"},
        {"role": "user", "content": "double one double one"},
        {"role": "assistant", "content": "mhm"},
        {"role": "user", "content": "one one one one"},
    ]});
    let (sent, _) = sent(&rule, Facts::default(), body);
    assert!(!sent.contains("one"), "{sent}");
}

#[test]
fn d17_once_hidden_stays_hidden_while_the_caller_goes_on() {
    let rule = everything();
    let text = "my card number is four one one one two two two two three three three three four four four four";
    let words: Vec<&str> = text.split(' ').collect();
    let mut was_hidden = false;
    for count in 5..=words.len() {
        let (got, _) = said(&rule, &words[..count].join(" "));
        let is_hidden = got.contains('[');
        assert!(is_hidden || !was_hidden, "{got}");
        was_hidden |= is_hidden;
        assert!(count < 8 || is_hidden, "{got}");
    }
}

#[test]
fn d18_a_known_number_is_hidden_when_it_is_spoken() {
    let rule = rule("known = [\"customer.number\"]");
    let body = serde_json::json!({"messages": [{"role": "user", "content":
        "I call from four one five five five five oh one two three, that is 415-555-0123."}]});
    let (sent, _) = sent(
        &rule,
        facts(serde_json::json!({"number": "+14155550123"})),
        body,
    );
    assert!(
        sent.contains("I call from [NUMBER_1], that is [NUMBER_1]."),
        "{sent}"
    );
}

#[test]
fn d19_what_comes_back_is_what_the_caller_said() {
    let rule = everything();
    let (_, turn) = said(&rule, "my zip is nine four one oh seven");
    assert_eq!(
        heard(&rule, &turn, &LaneKind::Content, "So [ZIP_1]?"),
        "So nine four one oh seven?"
    );
}

#[test]
fn s10_what_is_never_restored_is_in_no_vault() {
    let rule = everything();
    let (got, turn) = said(
        &rule,
        "the cvv is 123, my pin is 4321 and the key is sk-proj-abcdefghijklmnop1234567890",
    );
    for (label, value) in [("CVV", "123"), ("PIN", "4321"), ("SECRET", "sk-proj")] {
        assert!(
            got.contains(&format!("[{label}_1]")) && !got.contains(value),
            "{got}"
        );
        assert_eq!(turn.vault.value(label, 1), None);
    }
    assert_eq!(
        heard(&rule, &turn, &LaneKind::Content, "[CVV_1] [PIN_1]"),
        "that that"
    );
}

proptest::proptest! {
    #[test]
    fn d09_any_text_comes_back(words in proptest::collection::vec("(four|one|oh|double|4111|[0-9]{1,9}|a@b\\.co|at|dot|my card is|ssn|\\.|,|[a-z]{1,6}|\\[CARD_1\\])", 0..14)) {
        let rule = rule("find = [\"card\", \"email\", \"phone\", \"ssn\", \"account\"]");
        let text = words.join(" ");
        let (got, turn) = said(&rule, &text);
        let hidden = turn.vault.counts().iter().map(|(_, count)| *count as usize).sum::<usize>();
        let is_unique = hidden == got.matches('[').count().saturating_sub(text.matches('[').count());
        let back = heard(&rule, &turn, &LaneKind::Content, &got);
        if is_unique && !text.contains('[') {
            proptest::prop_assert_eq!(back, text);
        }
    }
}
