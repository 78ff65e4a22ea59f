use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::chat::ChatRequest;
use crate::files::Source;
use crate::lang::facts::Facts;
use crate::ruleset::{Passage, Ruleset, TurnInput};
use crate::telemetry::metrics::start_metrics;

const TAIL: &str = "about = \"x\"\n[then.inject]\ntext = \"<n>{{ context.call.n }}</n>\"\n";
const EARLY: &str =
    "about = \"x\"\n[then.inject]\nplace = \"system-end\"\ntext = \"{{ context.call.n }}\"\n";
const TIDY: &str = "about = \"x\"\n[then.rewrite]\nin = [\"system\"]\nfind = 'It is \\d+'\nreplace = 'It is now'\n";
const TRIM: &str = "about = \"x\"\n[then.trim]\nmessages = 4\n";
const OTHER_MODEL: &str =
    "about = \"x\"\nwhen = 'context.call.n > 1'\n[then.set]\nmodel = \"small\"\n";

/// What is compared with what, by the same rules or others.
struct Call {
    prompts: LastPrompts,
    turns: usize,
}

impl Call {
    fn new() -> Call {
        start_metrics();
        Call {
            prompts: LastPrompts::new(PrefixMeters::default()),
            turns: 0,
        }
    }

    /// The call's next turn; how much of it is shared, and who broke it.
    fn turn(&mut self, rules: &[&str], request: &Value) -> Option<(f64, Option<String>)> {
        self.turns += 1;
        let named = rules.iter().enumerate();
        let sources = named.map(|(at, text)| Source::new(format!("{at}0-rule.toml"), *text));
        let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
        let ruleset = Arc::new(ruleset.unwrap_or_else(|| panic!("{problems:?}")));
        let mut facts = Facts::default();
        facts.set("context", json!({ "call": { "n": self.turns } }));
        let request = ChatRequest::parse(request.to_string().into()).expect("a request");
        let input = TurnInput {
            trail: Some(Arc::new(PromptTrail::of("call".to_owned()))),
            ..TurnInput::new(request, facts)
        };
        let passage = Passage::begin(&ruleset, input).out(&mut || Duration::ZERO);
        let share = PrefixShareSlot::default();
        self.prompts.compare(&SentPrompt {
            rules: Arc::new(CountedRuleset::new(ruleset, None)),
            trail: passage.expect("it passes").trail.expect("it is noted"),
            share: share.clone(),
        });
        let share = share.get()?;
        Some((share.ratio(), share.broken_by.clone()))
    }
}

/// A request of a call that has said so much.
fn said(system: &str, texts: &[&str]) -> Value {
    let mut messages = vec![json!({ "role": "system", "content": system })];
    for (at, text) in texts.iter().enumerate() {
        let role = ["user", "assistant"][at % 2];
        messages.push(json!({ "role": role, "content": text }));
    }
    json!({ "model": "big", "messages": messages })
}

const LONG: &str = "You answer the phone of a shop for bicycles, and are brief. You never promise a date. \
    You sell no cars. Where somebody is angry you stay calm, and offer that a colleague calls back.";

/// Plays two turns of a call: who broke the prompt of the second, and how much of it is shared.
fn second(rules: &[&str], first: &Value, second: &Value) -> (f64, Option<String>) {
    let mut call = Call::new();
    assert_eq!(call.turn(rules, first), None, "there is nothing before it");
    call.turn(rules, second).expect("there is one before it")
}

#[test]
fn a_call_that_goes_on_keeps_its_beginning() {
    for rules in [&[][..], &[TAIL], &[TAIL, TIDY, TAIL]] {
        let (shared, by) = second(
            rules,
            &said(LONG, &["Hi."]),
            &said(LONG, &["Hi.", "Hello!", "Are you open?"]),
        );
        assert_eq!(by, None, "{rules:?}");
        assert!(shared > 0.5 && shared < 1.0, "{rules:?}: {shared}");
    }
    let same = said(LONG, &["Hi."]);
    assert_eq!(second(&[], &same, &same), (1.0, None));
}

#[test]
fn whoever_changes_the_beginning_is_named() {
    let (first, next) = (
        said("It is 9.", &["Hi."]),
        said("It is 10.", &["Hi.", "Hello!", "Bye."]),
    );
    let (shared, by) = second(&[TAIL], &first, &next);
    assert_eq!((shared, by.as_deref()), (0.0, Some("(client)")));
    // What a rule puts right was never broken.
    assert_eq!(second(&[TIDY, TAIL], &first, &next).1, None);
    let long = |texts: &[&str]| said(LONG, texts);
    let (first, next) = (long(&["Hi."]), long(&["Hi.", "Hello!", "Bye."]));
    for (rules, broken_by) in [
        (&[TAIL, EARLY][..], "10-rule"),
        (&[EARLY, TAIL], "00-rule"),
        (&[TIDY, OTHER_MODEL, EARLY], "10-rule"),
    ] {
        let (_, by) = second(rules, &first, &next);
        assert_eq!(by.as_deref(), Some(broken_by), "{rules:?}");
    }
    // The cache is one model's.
    assert_eq!(second(&[OTHER_MODEL], &first, &next).0, 0.0);
}

#[test]
fn a_rule_that_takes_the_oldest_out_broke_it() {
    let texts = [
        "Hi.", "Hello!", "One?", "Yes.", "Two?", "Yes.", "Three?", "No.", "Four?",
    ];
    let mut call = Call::new();
    let mut by = Vec::new();
    for until in [1, 3, 5, 7, 9] {
        by.extend(call.turn(&[TAIL, TRIM], &said(LONG, &texts[..until])));
    }
    let named: Vec<&str> = by.iter().filter_map(|(_, by)| by.as_deref()).collect();
    assert!(
        !named.is_empty() && named.iter().all(|by| *by == "10-rule"),
        "{by:?}"
    );
}

#[test]
fn other_rules_and_other_tools_are_told_apart() {
    let (first, next) = (
        said(LONG, &["Hi.", "Hello!", "One?"]),
        said(LONG, &["Hi.", "Hello!", "One?", "Yes.", "Bye."]),
    );
    let mut call = Call::new();
    call.turn(&[TAIL], &first);
    let (_, by) = call.turn(&[EARLY], &next).expect("one before it");
    assert_eq!(by.as_deref(), Some("(reload)"));
    // Rules that leave the beginning as it was break nothing.
    let mut call = Call::new();
    call.turn(&[TAIL], &first);
    assert_eq!(
        call.turn(&[TAIL, TAIL], &next).expect("one before it").1,
        None
    );
    let mut tools = next.clone();
    tools["tools"] = json!([{ "type": "function", "function": { "name": "end_call" } }]);
    let (shared, by) = second(&[], &first, &tools);
    assert_eq!((shared, by.as_deref()), (0.0, Some("(client)")));
}

#[test]
fn the_memory_of_all_calls_is_bounded() {
    let mut prompts = LastPrompts::new(PrefixMeters::default());
    let text = "a".repeat(200 << 10);
    let request = said(&text, &["Hi."]);
    let request = ChatRequest::parse(request.to_string().into()).expect("a request");
    let rules = Arc::new(CountedRuleset::new(Ruleset::default(), None));
    for call in 0..3000 {
        let mut trail = PromptTrail::of(format!("call-{call}"));
        trail.note(None, &request);
        prompts.compare(&SentPrompt {
            rules: rules.clone(),
            trail: Arc::new(trail),
            share: PrefixShareSlot::default(),
        });
    }
    prompts.calls.run_pending_tasks();
    assert!(prompts.calls.weighted_size() <= MOST_BYTES);
    assert!(prompts.calls.entry_count() > 100, "those that fit are kept");
}

#[test]
fn nobody_waits_for_a_thread_that_has_too_much_to_do() {
    let (sender, waiting) = sync_channel(2);
    let watch = PrefixWatch {
        thread: OnceLock::from(Some(sender)),
        meters: PrefixMeters::default(),
    };
    let rules = Arc::new(CountedRuleset::new(Ruleset::default(), None));
    let trail = Arc::new(PromptTrail::of("call".to_owned()));
    for _ in 0..5 {
        assert_eq!(watch.compare(&rules, &trail).get(), None);
    }
    assert_eq!(waiting.try_iter().count(), 2);
}
