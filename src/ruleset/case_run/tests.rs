use super::cuts::ModelAnswer;
use super::*;
use crate::rule::{KINDS, Kind};
use crate::ruleset::case::{EXAMPLE, ToolCall, manual};

fn example(kind: &str) -> &'static str {
    Kind::named(kind).expect("it is a kind").example
}

#[test]
fn the_example_of_every_kind_works() {
    for kind in KINDS {
        let source = Source::new(format!("{}.toml", kind.name), kind.example);
        let (ruleset, problems) = Ruleset::read(vec![source], &|_| None);
        let ruleset = Arc::new(ruleset.unwrap_or_else(|| panic!("{}: {problems:?}", kind.name)));
        let hides = ruleset.rules().iter().any(|file| file.hides());
        assert_eq!(hides, kind.hides, "{}: `hides` and its labels", kind.name);
        for case in ruleset.rules().iter().flat_map(|file| &file.tests) {
            assert_eq!(
                case.run(&ruleset, usize::MAX).failures,
                [],
                "{}: {}",
                kind.name,
                case.name
            );
        }
    }
}

#[test]
fn a_rule_on_trial_is_tested_as_if_it_acted() {
    for trial in ["enabled = false", "shadow = true", "percent = 0"] {
        let text = format!("{trial}\n{}", example("redact"));
        let (tried, problems) = try_alone(Source::new("a.toml", text), &|_| None, usize::MAX, None);
        let tried = tried.unwrap_or_else(|| panic!("{problems:?}"));
        assert_eq!(tried.len(), 2);
        for test in tried {
            assert_eq!(test.failures, [], "{trial}: {}", test.name);
        }
    }
}

#[test]
fn a_test_can_fail() {
    let text = example("inject").replace("The caller is Dana", "The caller is Dan");
    let (ruleset, _) = Ruleset::read(vec![Source::new("a.toml", text)], &|_| None);
    let ruleset = Arc::new(ruleset.expect("it is a rule"));
    let failures: usize = ruleset.rules()[0]
        .tests
        .iter()
        .map(|case| case.run(&ruleset, usize::MAX).failures.len())
        .sum();
    assert_eq!(failures, 1);
}

fn tried(text: &str) -> Vec<Tried> {
    let (tried, problems) = try_alone(Source::new("10-a.toml", text), &|_| None, usize::MAX, None);
    tried.unwrap_or_else(|| panic!("{problems:?}"))
}

/// The failures of one test, as `field: what came`.
fn failures(test: &Tried) -> Vec<String> {
    let failures = test.failures.iter();
    failures
        .map(|it| format!("{}: {}", it.field, it.actual))
        .collect()
}

#[test]
fn a_test_whose_rule_failed_fails_unless_it_says_so() {
    let rule = "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name }}\"\n[[test]]\nname = \"t\"\ncaller = \"Hi.\"\nmodel_gets = \"Hi.\"\n";
    let told = failures(&tried(rule)[0]);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("rule 10-a: it failed: "), "{told:?}");
    assert!(told[0].contains("customer.name"), "{told:?}");
    assert_eq!(
        failures(&tried(&format!("{rule}fails = true\n"))[0]),
        [""; 0]
    );
    let works = rule.replace("{{ customer.name }}", "Be kind.") + "fails = true\n";
    assert_eq!(
        failures(&tried(&works)[0]),
        ["fails: 10-a changed the request"]
    );
    // Nothing goes upstream, so that what is expected there fails as well.
    let closed = format!("on_error = \"fail\"\n{rule}fails = true\n");
    assert_eq!(
        failures(&tried(&closed)[0]),
        ["model_gets: nothing goes upstream"]
    );
    let closed = closed.replace("model_gets = \"Hi.\"", "");
    assert_eq!(failures(&tried(&closed)[0]), [""; 0]);
}

#[test]
fn a_condition_that_cannot_be_decided_fails_its_test() {
    let rule = "about = \"x\"\nwhen = 'customer.age > 3'\n[then.inject]\ntext = \"a\"\n[[test]]\nname = \"t\"\ngiven = { customer = { age = \"3\" } }\ncaller = \"Hi.\"\nmodel_gets = \"Hi.\"\n";
    let told = failures(&tried(rule)[0]);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("its condition can't be decided: `>`"),
        "{told:?}"
    );
    assert_eq!(
        failures(&tried(&format!("{rule}fails = true\n"))[0]),
        [""; 0]
    );
}

const VIP: &str = "about = \"x\"\nwhen = 'customer.plan == \"gold\"'\n[then.rewrite]\nfind = 'x'\nreplace = \"y\"\nin = [\"reply\"]\n";
const FREE: &str = "[[test]]\nname = \"nothing is known\"\nmodel_says = \"x\"\n";
const GOLD: &str = "[[test]]\nname = \"gold\"\ngiven = { customer = { plan = \"gold\" } }\nmodel_says = \"x\"\ncaller_hears = \"y\"\n";

#[test]
fn a_rule_that_runs_in_none_of_its_tests_fails_those_that_forgot_what_it_asks_for() {
    let told = failures(&tried(&format!("{VIP}{FREE}"))[0]);
    assert_eq!(
        told,
        ["rule: it was skipped: `customer.plan` is absent, and the rule runs in none of its tests"]
    );
    // Beside one in which it runs, or where the condition is decided, nothing changes on purpose.
    let both = tried(&format!("{VIP}{FREE}{GOLD}"));
    assert!(both.iter().all(|test| test.failures.is_empty()), "{both:?}");
    assert_eq!(both[0].note.as_deref(), Some("`customer.plan` is absent"));
    assert_eq!(both[1].note, None);
    let silver = FREE.replace(
        "model",
        "given = { customer = { plan = \"silver\" } }\nmodel",
    );
    let silver = tried(&format!("{VIP}{silver}"));
    assert_eq!(failures(&silver[0]), [""; 0]);
    assert_eq!(
        silver[0].note.as_deref(),
        Some("its condition does not hold")
    );
}

#[test]
fn what_fails_for_want_of_the_rule_says_why_it_was_skipped() {
    let forgot = GOLD.replace("given = { customer = { plan = \"gold\" } }\n", "");
    let told = failures(&tried(&format!("{VIP}{forgot}"))[0]);
    assert_eq!(told[0], "rule: it was skipped: `customer.plan` is absent");
    assert_eq!(told[1], "caller_hears: x");
}

const CARDS: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\nrestore_tools = [\"book.card\"]\n[[test]]\nname = \"t\"\ncaller = \"It is 4111 1111 1111 1111.\"\n";

#[test]
fn what_the_model_calls_must_arrive_at_every_cut() {
    let good = "model_says = \"[CARD_1]\"\ncaller_hears = \"4111 1111 1111 1111\"\nmodel_calls = [{ name = \"book\", arguments = { card = \"[CARD_1]\", n = 2 } }, { name = \"tell\", arguments = '{ \"a\": \"[CARD_1]\" }' }, { name = \"end\" }]\n";
    let gets = "tool_gets = [{ name = \"book\", arguments = { n = 2.0, card = \"4111 1111 1111 1111\" } }, { name = \"tell\", arguments = { a = \"[CARD_1]\" } }, { name = \"end\" }]\n";
    assert_eq!(
        failures(&tried(&format!("{CARDS}{good}{gets}"))[0]),
        [""; 0]
    );
    for (was, is, told) in [
        (
            "n = 2.0",
            "n = 3",
            "tool_gets[0]: book {\"card\":\"4111 1111 1111 1111\",\"n\":2}",
        ),
        ("{ name = \"end\" }", "", "tool_gets[2]: end {}"),
        (
            "\"end\" }",
            "\"end\" }, { name = \"more\" }",
            "tool_gets[3]: no call",
        ),
        (
            "\"tell\"",
            "\"told\"",
            "tool_gets[1]: tell {\"a\":\"[CARD_1]\"}",
        ),
    ] {
        let gets = gets.replace(was, is);
        assert_eq!(
            failures(&tried(&format!("{CARDS}{good}{gets}"))[0]),
            [told],
            "{is}"
        );
    }
    // What is not said to be otherwise arrives as the model calls it.
    let told = failures(&tried(&format!("{CARDS}{good}"))[0]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("tool_gets[0]: book "), "{told:?}");
}

#[test]
fn a_reply_that_sounds_otherwise_in_one_way_only_says_in_which() {
    let said = ModelAnswer::of(Some("ab"), None).expect("it says something");
    let ways: Vec<_> = said.ways().into_iter().map(|way| said.told(way)).collect();
    assert_eq!(ways.len(), 4);
    assert_eq!(ways[0], None);
    assert_eq!(
        ways[2].as_deref(),
        Some("the reply comes in two pieces, the first is `a`")
    );
    let calls = [ToolCallOf("book", "{\"a\":1}").call()];
    let said = ModelAnswer::of(None, Some(&calls)).expect("it calls something");
    assert_eq!(said.ways().len(), 2 + 6 + 1);
    let told = said.told(said.ways()[2]);
    assert_eq!(
        told.as_deref(),
        Some("the arguments come in two pieces, the first is `{`")
    );
}

struct ToolCallOf<'t>(&'t str, &'t str);

impl ToolCallOf<'_> {
    fn call(&self) -> ToolCall {
        let json = serde_json::json!({ "name": self.0, "arguments": self.1 });
        serde_json::from_value(json).expect("a call")
    }
}

#[test]
fn dates_of_toml_are_texts_and_what_a_request_tells_stands_beside_what_is_given() {
    let rule = "about = \"x\"\n[then.inject]\ntext = \"{{ context.customer.due }} {{ now }} {{ turn.number }} {{ turn.user }}\"\n[[test]]\nname = \"t\"\ngiven = { now = 2026-11-22T10:00:00+01:00, turn = { number = 7 }, context = { customer = { due = 2026-12-24 } } }\nmessages = [{ role = \"user\", content = \"Hi.\" }]\nupstream_gets = { messages = [\n{ role = \"system\", content = \"2026-12-24 2026-11-22T09:00:00Z 7 Hi.\" },\n{ content = \"Hi.\", role = \"user\" },\n] }\n";
    assert_eq!(failures(&tried(rule)[0]), [""; 0]);
}

#[test]
fn the_manual_names_every_field_and_its_example_works() {
    for test in tried(EXAMPLE) {
        assert_eq!(failures(&test), [""; 0], "{}", test.name);
    }
    let manual = manual();
    for field in [
        "name",
        "given",
        "model_calls",
        "tool_gets",
        "fails",
        "upstream_gets",
    ] {
        assert!(
            manual.contains(&format!("- `{field}`: ")),
            "{field}: {manual}"
        );
    }
}

#[test]
fn a_test_meets_the_limit_that_turns_meet() {
    let text = "about = \"x\"\n[then.inject]\ntext = \"0123456789\"\n[[test]]\nname = \"a\"\ncaller = \"Hi.\"\nmodel_gets = \"Hi.\"\n";
    for (most_injected, failed) in [(10, 0), (9, 1)] {
        let (tried, _) = try_alone(Source::new("a.toml", text), &|_| None, most_injected, None);
        let tried = tried.expect("a rule");
        assert_eq!(tried[0].failures.len(), failed, "{:?}", tried[0].failures);
    }
}
