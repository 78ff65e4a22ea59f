//! `aside test` as people use it: a rule alone, all rules on recorded requests, and while they write.

use std::fs;

use crate::aside::{Finished, Program, Setup};

const STYLE: &str = r#"about = "x"
[then.rewrite]
find = '[*]{1,2}'
replace = ""
in = ["reply"]
"#;

const HIDE: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";

/// The rules, and files of `tests/`, in a folder of their own.
fn run(rules: &[(&str, &str)], tests: &[(&str, &str)]) -> Finished {
    let mut setup = Setup::default();
    for (name, rule) in rules {
        setup = setup.rule(name, rule);
    }
    for (name, text) in tests {
        setup = setup.file(&format!("rules/tests/{name}"), text);
    }
    setup.run(&["test"], "")
}

#[test]
fn a_failure_shows_both_texts_in_full_and_marks_what_differs() {
    let rule = format!(
        "{STYLE}\n[[test]]\nname = \"no stars\"\nmodel_says = \"It is **bold**.\"\ncaller_hears = \"It is bald.\"\n\n[[test]]\nname = \"the caller is heard\"\ncaller = \"Hi *there*.\"\nmodel_gets = \"Hi there.\"\n\n[[test]]\nname = \"fields\"\ncaller = \"Hi.\"\nupstream_gets = {{ model = \"a\" }}\n\n[[test]]\nname = \"good\"\nmodel_says = \"*a*\"\ncaller_hears = \"a\"\n"
    );
    let finished = run(&[("10-style", &rule)], &[]);
    assert_eq!(finished.code, Some(1), "{}", finished.stderr);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("failed_tests", finished.stdout);
    });
}

#[test]
fn all_rules_run_on_a_recorded_request() {
    let recorded = r#"{
        "model": "gpt-4o", "call": { "id": "c1", "type": "inboundPhoneCall" }, "customer": { "name": "Dana" },
        "messages": [{ "role": "user", "content": "My card is 4111 1111 1111 1111." }]
    }"#;
    let inject = "about = \"x\"\nwhen = 'call.type == \"inboundPhoneCall\"'\n[then.inject]\ntext = \"The caller is {{ customer.name }}, in {{ request.model }}.\"\n";
    let rules = [("10-who", inject), ("20-hide", HIDE), ("30-style", STYLE)];
    let tests = r#"
[[test]]
name = "the whole chain"
request = "calls/one.json"
model_gets = "My card is [CARD_1]."
model_says = "**[CARD_1]** it is."
caller_hears = "4111 1111 1111 1111 it is."
upstream_gets = { messages = [
  { role = "system", content = "The caller is Dana, in gpt-4o." },
  { role = "user", content = "My card is [CARD_1]." },
] }

[[test]]
name = "what is given wins, and the caller goes on"
request = "calls/one.json"
given = { customer = { name = "Ann" } }
caller = "And 5500 0000 0000 0004."
upstream_gets = { messages = [
  { role = "user", content = "My card is [CARD_1]." },
  { role = "system", content = "The caller is Ann, in gpt-4o." },
  { role = "user", content = "And [CARD_2]." },
] }

[[test]]
name = "without a recording"
caller = "Hi."
model_gets = "Hi."
"#;
    let files = [("booking.toml", tests), ("calls/one.json", recorded)];
    let finished = run(&rules, &files);
    assert_eq!(
        finished.code,
        Some(0),
        "{}{}",
        finished.stdout,
        finished.stderr
    );
    assert_eq!(
        finished.stdout,
        "pass tests/booking: the whole chain\npass tests/booking: what is given wins, and the caller goes on\npass tests/booking: without a recording\n3 passed, 0 failed\n"
    );
    // Without the rule that hides, the chain fails, and says so.
    let finished = run(&[rules[0], rules[2]], &files);
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stdout.ends_with("1 passed, 2 failed\n"),
        "{}",
        finished.stdout
    );
}

#[test]
fn tests_that_cannot_be_run_are_problems_with_a_place() {
    let tests = "[[test]]\nname = \"a\"\nrequest = \"none.json\"\nmodel_gets = \"a\"\n\n[[test]]\nname = \"b\"\nrequest = \"list.json\"\nmodel_gets = \"a\"\n\n[[test]]\nname = \"c\"\n";
    let files = [("a.toml", tests), ("list.json", "[]"), ("empty.toml", "")];
    let setup = files.iter().fold(
        Setup::default().rule("10-style", STYLE),
        |setup, (name, text)| setup.file(&format!("rules/tests/{name}"), text),
    );
    for command in ["test", "check"] {
        let finished = setup.run(&[command], "");
        assert_eq!(finished.code, Some(1), "{command}");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("bad_tests_{command}"), finished.stderr);
        });
    }
    let broken = run(
        &[("10-style", STYLE), ("20-broken", "about = 3\n")],
        &[("a.toml", "[[test]]\nname = \"a\"\nmodel_says = \"a\"\n")],
    );
    assert_eq!(broken.code, Some(1));
    assert!(
        broken.stdout.ends_with("0 passed, 0 failed\n"),
        "{}",
        broken.stdout
    );
    assert!(
        broken
            .stderr
            .contains("the tests of all rules were not run"),
        "{}",
        broken.stderr
    );
}

#[test]
fn tests_are_run_again_when_a_file_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let rule = folder.path().join("10-style.toml");
    let test = |hears: &str| {
        format!("{STYLE}[[test]]\nname = \"t\"\nmodel_says = \"*a*\"\ncaller_hears = \"{hears}\"\n")
    };
    fs::write(&rule, test("a")).expect("it is written");
    let name = folder.path().to_str().expect("UTF-8");
    let watching = Program::start(&["test", "--watch", name], &Setup::default());
    watching.wait_for("1 passed, 0 failed");
    watching.wait_for("Ctrl-C ends");
    fs::write(&rule, test("b")).expect("it is written");
    watching.wait_for("0 passed, 1 failed");
    fs::write(&rule, "about = 3").expect("it is written");
    watching.wait_for("0 passed, 0 failed");
    let tests = folder.path().join("tests");
    fs::write(&rule, STYLE).expect("it is written");
    fs::create_dir(&tests).expect("it is made");
    let chain = "[[test]]\nname = \"t\"\nmodel_says = \"*a*\"\ncaller_hears = \"a\"\n";
    fs::write(tests.join("a.toml"), chain).expect("it is written");
    watching.wait_for("pass tests/a: t");
}

#[test]
fn tools_get_what_they_must_with_all_rules() {
    let hide = format!("{HIDE}restore_tools = [\"book.card\"]\n");
    let tests = r#"
[[test]]
name = "the booking gets the card"
caller = "Use 4111 1111 1111 1111."
model_says = "*One* moment."
caller_hears = "One moment."
model_calls = [
  { name = "book", arguments = { card = "[CARD_1]" } },
  { name = "note", arguments = '{ "text": "*[CARD_1]*" }' },
]
tool_gets = [
  { name = "book", arguments = { card = "4111 1111 1111 1111" } },
  { name = "note", arguments = { text = "*[CARD_1]*" } },
]
"#;
    let rules = [("20-hide", &*hide), ("30-style", STYLE)];
    let finished = run(&rules, &[("book.toml", tests)]);
    assert_eq!(finished.code, Some(0), "{}", finished.stdout);
    let wrong = tests.replace(
        "4111 1111 1111 1111\" } },\n  { name = \"note\"",
        "4111\" } },\n  { name = \"note\"",
    );
    let finished = run(&rules, &[("book.toml", &wrong)]);
    assert_eq!(finished.code, Some(1));
    assert!(
        finished
            .stdout
            .contains("tool_gets[0]\n    expected: book {\"card\":\"4111\"}"),
        "{}",
        finished.stdout
    );
}

#[test]
fn a_rule_that_fails_among_all_rules_fails_the_test() {
    let fails = "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name }}\"\n";
    let test = "[[test]]\nname = \"t\"\ncaller = \"Hi.\"\nmodel_gets = \"Hi.\"\n";
    let rules = [("10-who", fails), ("20-hide", HIDE)];
    let finished = run(&rules, &[("a.toml", test)]);
    assert_eq!(finished.code, Some(1), "{}", finished.stdout);
    for text in [
        "rule 10-who\n    expected: it works",
        "came:     it failed: ",
        "0 passed, 1 failed\n",
    ] {
        assert!(
            finished.stdout.contains(text),
            "{text}: {}",
            finished.stdout
        );
    }
    let meant = format!("{test}fails = true\n");
    assert_eq!(run(&rules, &[("a.toml", &meant)]).code, Some(0));
}

#[test]
fn what_the_tests_of_all_rules_give_is_checked_against_all_rules() {
    let who = "about = \"x\"\n[then.inject]\ntext = \"{{ fetch.crm.plan | default('none') }}\"\n[fetch.crm]\nurl = \"https://crm.example\"\nwithin = \"80ms\"\n";
    let test = "[[test]]\nname = \"t\"\ngiven = { fetch = { crn = {} }, now = \"noon\" }\ncaller = \"Hi.\"\nmodel_gets = \"Hi.\"\n";
    let config =
        "[upstream.a]\nurl = \"http://127.0.0.1:9/v1\"\n[fetch]\nhosts = [\"crm.example\"]\n";
    let setup = Setup::with_config(config).rule("10-who", who);
    for (test, told) in [
        (test, "rules/tests/a.toml:3:39: `now` is a time, not `noon`"),
        (
            &test.replace(", now = \"noon\"", ""),
            "rules/tests/a.toml:3:21: no rule has or speaks of `[fetch.crn]`\n  |\n3 | given = { fetch = { crn = {} } }\n  |                     ^^^\nhelp: did you mean `fetch.crm`?",
        ),
    ] {
        let setup = setup.clone().file("rules/tests/a.toml", test);
        for command in ["check", "test"] {
            let finished = setup.run(&[command], "");
            assert_eq!(finished.code, Some(1), "{command}");
            assert!(
                finished.stderr.contains(told),
                "{command}: {}",
                finished.stderr
            );
        }
    }
}

#[test]
fn a_test_passes_with_a_word_of_why_its_rule_did_nothing() {
    let rule = "about = \"x\"\nwhen = 'customer.plan == \"gold\"'\n[then.inject]\ntext = \"Be kind.\"\n[[test]]\nname = \"a stranger\"\ncaller = \"Hi.\"\nmodel_gets = \"Hi.\"\n";
    let finished = run(&[("10-gold", rule)], &[]);
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stdout.contains("came:     it was skipped: `customer.plan` is absent, and the rule runs in none of its tests"),
        "{}",
        finished.stdout
    );
    let runs = "[[test]]\nname = \"gold\"\ngiven = { customer = { plan = \"gold\" } }\ncaller = \"Hi.\"\nmodel_gets = \"Hi.\"\n";
    let finished = run(&[("10-gold", &format!("{rule}{runs}"))], &[]);
    assert_eq!(
        finished.stdout,
        "pass 10-gold: a stranger (the rule was skipped: `customer.plan` is absent)\npass 10-gold: gold\n2 passed, 0 failed\n"
    );
}
