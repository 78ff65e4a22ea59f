use super::*;
use crate::rule::Retention;

fn find(customer: Value, text: &str) -> Vec<String> {
    let mut labels = RuleLabels::default();
    labels.add("NAME", Retention::Value);
    labels.add("NUMBER", Retention::Value);
    let mut facts = Facts::default();
    facts.set("customer", customer);
    let paths = [
        ("customer.name", "NAME".to_owned()),
        ("customer.number", "NUMBER".to_owned()),
    ];
    let known = KnownOfCalls::new().gather(&facts, paths.into_iter(), &labels);
    let mut hits = known.find(text);
    hits.sort_by_key(|hit| hit.start);
    // What stands within another hit is joined with it later.
    let all = hits.clone();
    let is_within = |hit: &Hit, other: &Hit| {
        other.start <= hit.start
            && hit.end <= other.end
            && hit.end - hit.start < other.end - other.start
    };
    hits.retain(|hit| !all.iter().any(|other| is_within(hit, other)));
    hits.dedup();
    hits.iter()
        .map(|hit| format!("{}:{}", hit.label, &text[hit.start..hit.end]))
        .collect()
}

#[test]
fn d18_parts_of_a_name_count_and_common_words_need_a_capital() {
    let named = |name: &str| serde_json::json!({ "name": name });
    for (name, text, expected) in [
        (
            "Dana Whitfield",
            "dana here, Mrs Whitfield",
            &["0:dana", "0:Whitfield"][..],
        ),
        ("Will Stone", "I will ask Will, not a stone", &["0:Will"]),
        (
            "José Ñandú",
            "JOSÉ ÑANDÚ or josé",
            &["0:JOSÉ ÑANDÚ", "0:josé"],
        ),
        ("Ludwig van Dam", "the van of Ludwig", &["0:Ludwig"]),
        ("12 Main Street", "the main street", &[]),
        (
            "Dana Ñáñez",
            "Ｄａｎａ, Da\u{200b}na, N\u{303}a\u{301}n\u{303}ez\u{301}!",
            &[
                "0:Ｄａｎａ",
                "0:Da\u{200b}na",
                "0:N\u{303}a\u{301}n\u{303}ez\u{301}",
            ],
        ),
        (
            "Dana Whitfield",
            "so W H I T F I E L D ok, D-a-n-a",
            &["0:W H I T F I E L D", "0:D-a-n-a"],
        ),
        ("José García", "jose garcia", &["0:jose garcia"]),
        (
            "Pat O'Brien",
            "O’Brien or obrien",
            &["0:O’Brien", "0:obrien"],
        ),
        (
            "Jean-Claude Picard",
            "jean claude picard",
            &["0:jean claude picard"],
        ),
        ("Ann Smith", "mrs. smith", &["0:smith"]),
        (
            "12 Main Street",
            "at 12  main\n street",
            &["0:12  main\n street"],
        ),
    ] {
        assert_eq!(find(named(name), text), expected, "{name}: {text}");
    }
}

#[test]
fn known_values_are_found_in_any_case_and_spelling() {
    let customer = serde_json::json!({"name": "Ann Lee", "number": "+14155550123"});
    assert_eq!(
        find(
            customer.clone(),
            "ANN LEE called from (415) 555-0123, Joann Lee did not."
        ),
        ["0:ANN LEE", "1:(415) 555-0123", "0:Lee"]
    );
    assert_eq!(find(customer, "+14155550123")[0], "1:+14155550123");
    let spoken = serde_json::json!({"name": "x", "number": "+14155550123"});
    assert_eq!(
        find(
            spoken,
            "my order number is four one five five five five oh one two three"
        ),
        ["1:four one five five five five oh one two three"]
    );
    assert!(find(Value::Null, "Ann Lee").is_empty());
}
