use super::*;
use crate::files::Source;
use crate::lang::facts::Facts;

fn apply_to(
    rules: &[&str],
    facts: Facts,
    call: Option<&str>,
) -> (Result<Applied, Refused>, String) {
    let sources = rules
        .iter()
        .enumerate()
        .map(|(at, text)| Source::new(format!("{at}.toml"), *text));
    let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
    let ruleset = ruleset.unwrap_or_else(|| panic!("{problems:?}"));
    let body = r#"{"messages":[{"role":"user","content":"I am Ann."}]}"#;
    let mut request = ChatRequest::parse(body.into()).expect("a request");
    let applied = apply(
        &ruleset,
        &mut request,
        &mut Turn::new(facts),
        call,
        &mut || Duration::ZERO,
    );
    let texts: Vec<String> = request
        .messages()
        .iter()
        .map(|message| message.text().into_owned())
        .collect();
    (applied, texts.join("|"))
}

#[test]
fn every_rule_says_what_it_did() {
    let rules = [
        "about = \"x\"\nenabled = false\n[then.inject]\ntext = \"a\"",
        "about = \"x\"\nwhen = 'customer.vip == true'\n[then.inject]\ntext = \"a\"",
        "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name }}\"",
        "about = \"x\"\n[then.rewrite]\nfind = 'zzz'\nreplace = ''",
        "about = \"x\"\nshadow = true\n[then.inject]\ntext = \"s\"",
        "about = \"x\"\n[then.inject]\ntext = \"b\"",
    ];
    let (applied, texts) = apply_to(&rules, Facts::new(), None);
    let outcomes: Vec<Outcome> = applied
        .expect("none fails closed")
        .steps
        .iter()
        .map(|step| step.outcome)
        .collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Skipped,
            Outcome::Skipped,
            Outcome::Failed,
            Outcome::Unchanged,
            Outcome::Changed
        ],
        "what is in the shadow is tried later"
    );
    assert_eq!(texts, "b|I am Ann.");
}

#[test]
fn a_rule_that_must_not_fail_ends_the_turn() {
    let rules =
        ["about = \"x\"\non_error = \"fail\"\n[then.inject]\ntext = \"{{ customer.name }}\""];
    assert!(apply_to(&rules, Facts::new(), None).0.is_err());
}

#[test]
fn redact_runs_when_its_condition_cannot_be_decided() {
    let rules = [
        "about = \"x\"\nwhen = 'customer.name + 1 == 2'\n[then.redact]\nknown = [\"customer.name\"]",
    ];
    let mut facts = Facts::new();
    facts.set("customer", serde_json::json!({"name": "Ann"}));
    let (applied, texts) = apply_to(&rules, facts, None);
    assert!(applied.is_ok());
    assert_eq!(texts, "I am [NAME_1].");
}

#[derive(Debug)]
struct Panics;

impl crate::rule::Rule for Panics {
    fn on_request(&self, _: &mut ChatRequest, _: &mut Turn) -> Result<Change, RuleError> {
        panic!("it broke")
    }
}

#[test]
fn s16_a_redact_rule_that_panics_ends_the_turn_and_another_does_not() {
    for (rule, is_refused) in [
        ("redact]\nfind = [\"card\"]", true),
        ("inject]\ntext = \"a\"", false),
    ] {
        let text = format!("about = \"x\"\n[then.{rule}");
        let (ruleset, problems) = Ruleset::read(vec![Source::new("a.toml", text)], &|_| None);
        let mut ruleset = ruleset.unwrap_or_else(|| panic!("{problems:?}"));
        ruleset.rules[0].rule = Box::new(Panics);
        let body = r#"{"messages":[{"role":"user","content":"a"}]}"#;
        let mut request = ChatRequest::parse(body.into()).expect("a request");
        let mut turn = Turn::new(Facts::new());
        let applied = apply(&ruleset, &mut request, &mut turn, None, &mut || {
            Duration::ZERO
        });
        assert_eq!(applied.is_err(), is_refused, "{rule}");
    }
}

#[test]
fn a_share_is_as_large_as_it_says_and_each_rule_has_its_own() {
    let calls: Vec<String> = (0..20_000).map(|n| format!("call-{n}")).collect();
    for percent in [0, 1, 10, 50, 99, 100] {
        let hits = calls.iter().filter(|call| share(call, "10-a") < percent);
        let hits = hits.count() as f64 / 200.0;
        assert!((hits - f64::from(percent)).abs() < 1.5, "{percent}: {hits}");
    }
    let both = |call: &&String| share(call, "10-a") < 50 && share(call, "20-b") < 50;
    let both = calls.iter().filter(both).count() as f64 / 200.0;
    assert!((both - 25.0).abs() < 1.5, "{both}");
}

#[test]
fn a_few_calls_with_ids_in_a_row_are_not_all_in_the_same_shares() {
    let ids: [&dyn Fn(usize) -> String; 4] = [
        &|n| format!("call-{n}"),
        &|n| format!("{n:04}"),
        &|n| format!("019ab3f0-7c4e-7d52-9a61-0d2e5f{n:06x}"),
        &|n| format!("{n:08x}-7c4e-4d52-9a61-0d2e5f1a2b3c"),
    ];
    let rules = [("10-a", "20-b"), ("rule-1", "rule-2"), ("a", "b")];
    for (id, (one, other)) in ids.iter().flat_map(|id| rules.map(|pair| (id, pair))) {
        let calls = (0..400).map(id).collect::<Vec<_>>();
        let same = |call: &&String| (share(call, one) < 50) == (share(call, other) < 50);
        let same = calls.iter().filter(same).count();
        // Half of them by chance; five standard deviations are 50.
        assert!((150..=250).contains(&same), "{one} {other}: {same} of 400");
    }
}

#[test]
fn a_share_of_calls_is_sticky() {
    let rules = ["about = \"x\"\npercent = 30\n[then.inject]\ntext = \"a\""];
    let runs = |call: &str| {
        apply_to(&rules, Facts::new(), Some(call))
            .1
            .starts_with("a|")
    };
    let calls: Vec<String> = (0..300).map(|n| format!("call-{n}")).collect();
    let hit = calls.iter().filter(|call| runs(call)).count();
    assert!((60..120).contains(&hit), "{hit} of 300");
    // Every replica of every release must say the same, so these numbers must never change.
    let shares = ["call-1", "call-2", "call-3"].map(|call| share(call, "10-a"));
    assert_eq!(shares, [20, 95, 44]);
    assert!(calls.iter().all(|call| runs(call) == runs(call)));
    assert_eq!(apply_to(&rules, Facts::new(), None).1, "I am Ann.");
}
