//! What shadow rules would have done, and that they do nothing.

use super::*;
use crate::chat::ChatRequest;
use crate::chat::reader::EventReader;
use crate::files::Source;
use crate::lang::facts::Facts;
use crate::rule::{Change, Rule, RuleError, Turn};
use serde_json::json;

const CARD: &str = "4111 1111 1111 1111";

fn ruleset(rules: &[&str]) -> Arc<Ruleset> {
    let sources = rules.iter().enumerate().map(|(at, text)| {
        let text = format!("about = \"x\"\n{text}");
        Source::new(format!("{at}.toml"), text)
    });
    let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
    Arc::new(ruleset.unwrap_or_else(|| panic!("{problems:?}")))
}

/// A turn in which the caller says a card number, and the model says this.
fn trial(says: &str) -> Trial {
    let said = format!("My card is {CARD}.");
    let body = json!({"messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": said},
    ]});
    let request = ChatRequest::parse(body.to_string().into()).expect("a request");
    let mut reader = EventReader::new();
    for piece in [says, ""] {
        let finish = if piece.is_empty() {
            json!("stop")
        } else {
            Value::Null
        };
        let chunk = json!({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": finish}]});
        reader.push(format!("data: {chunk}\n\n").as_bytes());
    }
    let events = std::iter::from_fn(|| reader.next_event().ok().flatten());
    Trial {
        input: TurnInput {
            most_injected: 1000,
            ..TurnInput::new(request, Facts::default())
        },
        said: Said::Events(events.collect()),
    }
}

/// The steps of the shadow rules, of which none may count in the turn.
fn steps(rules: &[&str], trial: &Trial) -> Vec<(StepOutcome, String)> {
    let ruleset = ruleset(rules);
    let acting: Vec<&str> = rules
        .iter()
        .copied()
        .filter(|text| !text.contains("shadow"))
        .collect();
    let pass = |rules: &Arc<Ruleset>| {
        let passage = Passage::begin(rules, trial.input.clone()).out(&mut || Duration::ZERO);
        let passage = passage.expect("it works");
        (
            passage.request.write(&Takes::default()),
            passage.steps.len(),
        )
    };
    assert_eq!(pass(&ruleset), pass(&self::ruleset(&acting)));
    let steps = try_shadows(&ruleset, trial, &Clock::default, &mut || Duration::ZERO);
    let told = format!("{steps:?}");
    assert!(!told.contains("4111"), "{told}");
    steps
        .into_iter()
        .map(|step| (step.outcome, step.why.unwrap_or_default()))
        .collect()
}

#[test]
fn a_shadow_rule_tells_what_it_would_have_done() {
    for (rule, outcome, why) in [
        (
            "[then.inject]\ntext = \"Hi.\"",
            StepOutcome::Changed,
            "it would add 1 message",
        ),
        (
            "[then.redact]\nfind = [\"card\"]",
            StepOutcome::Changed,
            "it would change 1 message",
        ),
        (
            "[then.rewrite]\nfind = 'Fine|brief'\nreplace = \"Good\"\nin = [\"reply\"]",
            StepOutcome::Changed,
            "it would change the reply",
        ),
        (
            "[then.rewrite]\nfind = 'Fine|brief'\nreplace = \"Good\"\nin = [\"system\", \"reply\"]",
            StepOutcome::Changed,
            "it would change 1 message, change the reply",
        ),
        (
            "[then.redact]\nfind = [\"email\"]",
            StepOutcome::Unchanged,
            "",
        ),
        (
            "[then.rewrite]\nfind = 'zzz'\nreplace = ''",
            StepOutcome::Unchanged,
            "",
        ),
    ] {
        let rule = format!("shadow = true\n{rule}");
        assert_eq!(
            steps(&[&rule], &trial("Fine.")),
            [(outcome, why.to_owned())],
            "{rule}"
        );
    }
}

#[test]
fn it_is_tried_at_its_place_among_those_that_act() {
    let inject = "[then.inject]\ntext = \"The card is 4111 1111 1111 1111.\"";
    let redact = "[then.redact]\nfind = [\"card\"]\nreply = true";
    let shadow = |rule: &str| format!("shadow = true\n{rule}");
    let twice = steps(&[inject, &shadow(redact)], &trial("Fine."));
    assert_eq!(
        twice,
        [(
            StepOutcome::Changed,
            "it would change 2 messages".to_owned()
        )]
    );
    // What it would add is hidden by the rule behind it.
    let said = format!("Your card is {CARD}.");
    let all = steps(&[&shadow(inject), redact, &shadow(inject)], &trial(&said));
    let added = (StepOutcome::Changed, "it would add 1 message".to_owned());
    assert_eq!(all, [added.clone(), added]);
}

#[test]
fn what_keeps_it_from_acting_keeps_it_from_being_tried() {
    for (rule, why) in [
        ("percent = 50", "no id"),
        ("when = 'customer.vip == true'", "absent"),
    ] {
        let rule = format!("shadow = true\n{rule}\n[then.inject]\ntext = \"Hi.\"");
        let steps = steps(&[&rule], &trial("Fine."));
        assert!(
            steps[0].0 == StepOutcome::Skipped && steps[0].1.contains(why),
            "{steps:?}"
        );
    }
    let off = "shadow = true\nenabled = false\n[then.inject]\ntext = \"Hi.\"";
    assert!(steps(&[off], &trial("Fine.")).is_empty());
}

#[derive(Debug)]
struct Panics;

impl Rule for Panics {
    fn on_request(&self, _: &mut ChatRequest, _: &mut Turn) -> Result<Change, RuleError> {
        panic!("it broke")
    }
}

#[test]
fn s16_a_shadow_rule_that_fails_or_panics_touches_nothing() {
    let fails = "shadow = true\non_error = \"fail\"\n[then.inject]\ntext = \"{{ customer.name }}\"";
    let found = steps(&[fails], &trial("Fine."));
    assert_eq!(
        found,
        [(
            StepOutcome::Failed,
            "with it the turn would fail".to_owned()
        )]
    );
    let rules = ["shadow = true\n[then.inject]\ntext = \"a\""];
    let mut broken = ruleset(&rules);
    Arc::get_mut(&mut broken).expect("nobody else has it").rules[0].rule = Box::new(Panics);
    let found = try_shadows(&broken, &trial("Fine."), &Clock::default, &mut || {
        Duration::ZERO
    });
    assert_eq!(found[0].outcome, StepOutcome::Failed);
}

#[test]
fn a_shadow_rule_needs_no_place_for_its_labels() {
    let mut trial = trial("Fine.");
    let body = json!({"messages": [{"role": "user", "content": "I say [CARD_1]."}]});
    trial.input.request = ChatRequest::parse(body.to_string().into()).expect("a request");
    steps(&["shadow = true\n[then.redact]\nfind = [\"card\"]"], &trial);
}

#[test]
fn shadow_rules_meet_the_limits_of_those_that_act() {
    let text = "shadow = true\n[then.inject]\ntext = \"0123456789\"\n";
    let ruleset = ruleset(&[text]);
    let mut no_time = || Duration::ZERO;
    for (most_injected, outcome) in [(10, StepOutcome::Changed), (9, StepOutcome::Failed)] {
        let mut trial = trial("Fine.");
        trial.input.most_injected = most_injected;
        let steps = try_shadows(&ruleset, &trial, &Clock::default, &mut no_time);
        assert_eq!(steps[0].outcome, outcome, "{steps:?}");
    }
    let over = || Clock::new(|| true);
    let steps = try_shadows(&ruleset, &trial("Fine."), &over, &mut no_time);
    assert_eq!(steps[0].outcome, StepOutcome::Failed);
    assert_eq!(steps[0].why.as_deref(), Some(crate::ruleset::TIME_IS_OVER));
}
