mod growing;
mod injection;
mod odd_bodies;

use super::*;
use crate::files::Source;
use crate::rule::{Change, RuleError};
use crate::ruleset::arms::share;

fn ruleset_of(rules: &[&str]) -> Arc<Ruleset> {
    let sources = rules.iter().enumerate();
    let sources = sources.map(|(at, text)| Source::new(format!("{at}.toml"), *text));
    let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
    Arc::new(ruleset.unwrap_or_else(|| panic!("{problems:?}")))
}

fn request(text: &str) -> ChatRequest {
    let body = serde_json::json!({"messages": [{"role": "user", "content": text}]});
    ChatRequest::parse(body.to_string().into()).expect("a request")
}

/// Passes a turn; what came of it, and the texts of its messages.
fn passed(
    rules: &[&str],
    facts: Facts,
    call: Option<&str>,
) -> Result<(Vec<Step>, String), Refused> {
    let input = TurnInput {
        call: call.map(str::to_owned),
        ..TurnInput::new(request("I am Ann."), facts)
    };
    let passage = Passage::begin(&ruleset_of(rules), input).out(&mut || Duration::ZERO)?;
    let messages = passage.request.messages().iter();
    let texts: Vec<String> = messages
        .map(|message| message.text().into_owned())
        .collect();
    Ok((passage.steps, texts.join("|")))
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
    let (steps, texts) = passed(&rules, Facts::default(), None).expect("none fails closed");
    let outcomes: Vec<StepOutcome> = steps.iter().map(|step| step.outcome).collect();
    assert_eq!(
        outcomes,
        [
            StepOutcome::Skipped,
            StepOutcome::Skipped,
            StepOutcome::Failed,
            StepOutcome::Unchanged,
            StepOutcome::Changed
        ],
        "what is in the shadow is tried later"
    );
    assert_eq!(texts, "b|I am Ann.");
}

#[test]
fn a_rule_that_must_not_fail_ends_the_turn() {
    let rules =
        ["about = \"x\"\non_error = \"fail\"\n[then.inject]\ntext = \"{{ customer.name }}\""];
    assert!(passed(&rules, Facts::default(), None).is_err());
}

#[test]
fn redact_runs_when_its_condition_cannot_be_decided() {
    let rules = [
        "about = \"x\"\nwhen = 'customer.name + 1 == 2'\n[then.redact]\nknown = [\"customer.name\"]",
    ];
    let mut facts = Facts::default();
    facts.set("customer", serde_json::json!({"name": "Ann"}));
    let (_, texts) = passed(&rules, facts, None).expect("it works");
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
        let input = TurnInput::new(request("a"), Facts::default());
        let passed = Passage::begin(&Arc::new(ruleset), input).out(&mut || Duration::ZERO);
        assert_eq!(passed.is_err(), is_refused, "{rule}");
    }
}

#[test]
fn a_share_of_calls_is_sticky() {
    let rules = ["about = \"x\"\npercent = 30\n[then.inject]\ntext = \"a\""];
    let runs = |call: &str| {
        let (_, texts) = passed(&rules, Facts::default(), Some(call)).expect("it works");
        texts.starts_with("a|")
    };
    let calls: Vec<String> = (0..300).map(|n| format!("call-{n}")).collect();
    let hit = calls.iter().filter(|call| runs(call)).count();
    assert!((60..120).contains(&hit), "{hit} of 300");
    // Every replica of every release must say the same, so these numbers must never change.
    let shares = ["call-1", "call-2", "call-3"].map(|call| share(call, "10-a"));
    assert_eq!(shares, [20, 95, 44]);
    assert!(calls.iter().all(|call| runs(call) == runs(call)));
    let (_, texts) = passed(&rules, Facts::default(), None).expect("it works");
    assert_eq!(texts, "I am Ann.");
}
