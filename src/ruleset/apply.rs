//! A request through all rules, in order.
//!
//! Pure and synchronous: the time of a step comes from a function that the caller hands in.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{RuleFile, Ruleset};
use crate::chat::ChatRequest;
use crate::rule::{Change, Note, RuleError, Turn};
use crate::text::condition::Verdict;

/// What one rule did in one turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The rule's name.
    pub rule: String,
    /// Its kind.
    pub kind: &'static str,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, where it was skipped or failed; else what people may want to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How long it took, in microseconds.
    pub micros: u64,
}

/// How the reason of a step begins whose rule has a condition that can't be decided.
const UNDECIDED: &str = "its condition can't be decided";

impl Step {
    /// Whether the rule's condition could not be decided.
    pub fn is_undecided(&self) -> bool {
        let why = self.why.as_deref();
        why.is_some_and(|why| why.starts_with(UNDECIDED))
    }
}

/// What came of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It did not run.
    Skipped,
    /// It ran and left the request as it was.
    Unchanged,
    /// It changed the request.
    Changed,
    /// It could not do its work.
    Failed,
}

/// Why a rule fails for which no time is left.
pub const TIME_IS_OVER: &str = "the time of the turn's rules (`limits.rule_time`) was over";

/// What the rules did.
#[derive(Debug, Default)]
pub struct Applied {
    /// One step a rule, in order.
    pub steps: Vec<Step>,
    /// The rules that ran and touch the reply as well, in order.
    pub active: Vec<usize>,
}

/// A rule failed that must not fail: nothing may go upstream.
#[derive(Debug, thiserror::Error)]
#[error("the rule `{rule}` failed: {why}")]
pub struct Refused {
    /// The rule's name.
    pub rule: String,
    /// Why it failed.
    pub why: String,
    /// What the rules did up to there.
    pub steps: Vec<Step>,
}

/// Runs the rules but those in the shadow. `call`: the call's id, for rules that act in a share of
/// calls. `elapsed` gives the time since any fixed moment.
pub fn apply(
    ruleset: &Ruleset,
    request: &mut ChatRequest,
    turn: &mut Turn,
    call: Option<&str>,
    elapsed: &mut dyn FnMut() -> Duration,
) -> Result<Applied, Refused> {
    escape(ruleset, request, turn);
    apply_escaped(ruleset, request, turn, call, elapsed)
}

/// Before the first rule: what only looks like a placeholder is escaped.
pub fn escape(ruleset: &Ruleset, request: &mut ChatRequest, turn: &mut Turn) {
    if let Some(escapes) = &ruleset.escapes {
        turn.has_escapes = escapes.escape(request);
    }
    turn.wants_json = request.wants_json();
}

/// Sees a request after the rule at a place.
pub(super) type Watch<'w> = dyn FnMut(usize, &ChatRequest, &Turn) + 'w;

/// As [`apply`], for a request that was escaped.
pub fn apply_escaped(
    ruleset: &Ruleset,
    request: &mut ChatRequest,
    turn: &mut Turn,
    call: Option<&str>,
    elapsed: &mut dyn FnMut() -> Duration,
) -> Result<Applied, Refused> {
    let runs = |at: usize| !ruleset.rules[at].is_shadow;
    let watch = &mut |_: usize, _: &ChatRequest, _: &Turn| {};
    apply_those(&runs, ruleset, request, turn, call, elapsed, watch)
}

/// Runs the rules at some places on a request that was escaped; the others are as if they were not
/// there.
pub(super) fn apply_those(
    runs: &dyn Fn(usize) -> bool,
    ruleset: &Ruleset,
    request: &mut ChatRequest,
    turn: &mut Turn,
    call: Option<&str>,
    elapsed: &mut dyn FnMut() -> Duration,
    watch: &mut Watch<'_>,
) -> Result<Applied, Refused> {
    let mut applied = Applied::default();
    let rules = ruleset.rules.iter().enumerate();
    for (at, file) in rules.filter(|(at, _)| runs(*at)) {
        let step = step(file, request, turn, call, elapsed);
        if matches!(step.outcome, Outcome::Changed | Outcome::Unchanged) {
            applied.active.push(at);
        }
        let has_failed = step.outcome == Outcome::Failed && file.fails_closed;
        let refusal = has_failed.then(|| step.why.clone().unwrap_or_default());
        applied.steps.push(step);
        watch(at, request, turn);
        if let Some(why) = refusal {
            return Err(Refused {
                rule: file.name.clone(),
                why,
                steps: applied.steps,
            });
        }
    }
    turn.wants_json = request.wants_json();
    Ok(applied)
}

/// Runs one rule.
pub(super) fn step(
    file: &RuleFile,
    request: &mut ChatRequest,
    turn: &mut Turn,
    call: Option<&str>,
    elapsed: &mut dyn FnMut() -> Duration,
) -> Step {
    let before = elapsed();
    let (outcome, why) = run(file, request, turn, call);
    let why = with_notes(why, file, &turn.notes);
    let took = elapsed().saturating_sub(before);
    Step {
        rule: file.name.clone(),
        kind: file.kind.name,
        outcome,
        why,
        micros: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
    }
}

fn run(
    file: &RuleFile,
    request: &mut ChatRequest,
    turn: &mut Turn,
    call: Option<&str>,
) -> (Outcome, Option<String>) {
    if let Some(why) = not_in_share(file, call) {
        return (Outcome::Skipped, Some(why.to_owned()));
    }
    if turn.clock.is_over() {
        return (Outcome::Failed, Some(TIME_IS_OVER.to_owned()));
    }
    let mut why = None;
    match file.when.as_ref().map(|when| when.evaluate(&turn.facts)) {
        None | Some(Verdict::Holds) => {}
        Some(Verdict::Fails { note }) => {
            return (
                Outcome::Skipped,
                Some(note.unwrap_or_else(|| "its condition does not hold".to_owned())),
            );
        }
        Some(Verdict::Undecided { why: reason }) if file.kind.fails_closed => {
            why = Some(format!("{UNDECIDED} ({reason}), so it runs"));
        }
        Some(Verdict::Undecided { why }) => {
            return (Outcome::Skipped, Some(format!("{UNDECIDED}: {why}")));
        }
    }
    match changed(file, request, turn) {
        Ok(Change::Changed) => (Outcome::Changed, why),
        Ok(Change::Unchanged) => (Outcome::Unchanged, why),
        Err(error) => (Outcome::Failed, Some(error.to_string())),
    }
}

/// What is to be said of a step, with what its rule did without.
fn with_notes(why: Option<String>, file: &RuleFile, notes: &[Note]) -> Option<String> {
    let about = notes.iter().filter(|note| file.speaks_of(&note.about));
    let all: Vec<String> = why
        .into_iter()
        .chain(about.map(|note| note.text.clone()))
        .collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Why a rule does not act in this call, whatever its condition says.
pub(super) fn not_in_share(file: &RuleFile, call: Option<&str>) -> Option<&'static str> {
    if !file.is_enabled {
        return Some("it is not enabled");
    }
    match (file.percent, call) {
        (None, _) => None,
        (Some(_), None) => Some("the call has no id, so it is in no share of calls"),
        (Some(percent), Some(call)) if share(call, &file.name) >= percent => {
            Some("the call is not in its share")
        }
        (Some(_), Some(_)) => None,
    }
}

/// Runs the rule. A panic hits this turn only.
fn changed(
    file: &RuleFile,
    request: &mut ChatRequest,
    turn: &mut Turn,
) -> Result<Change, RuleError> {
    catch_unwind(AssertUnwindSafe(|| file.rule.on_request(request, turn)))
        .unwrap_or_else(|_| Err(RuleError("the rule panicked".to_owned())))
}

/// Where a call stands among a hundred: the same on every machine and in every release. FNV-1a
/// reads the bytes; the finaliser of MurmurHash3 mixes them, since FNV alone leaves ids that differ
/// in their last signs at the same distance from each other, whatever the rule.
fn share(call: &str, rule: &str) -> u8 {
    let bytes = rule.bytes().chain([0]).chain(call.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    // The remainder is below 100.
    ((hash ^ (hash >> 33)) % 100) as u8
}

#[cfg(test)]
mod injection;
#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;
    use crate::text::facts::Facts;

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
}
