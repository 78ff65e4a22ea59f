use super::*;
use crate::rule::KINDS;
use crate::text::Source;

#[test]
fn the_example_of_every_kind_works() {
    for kind in KINDS {
        let source = Source::new(format!("{}.toml", kind.name), kind.example);
        let (ruleset, problems) = Ruleset::read(vec![source], &|_| None);
        let ruleset = Arc::new(ruleset.unwrap_or_else(|| panic!("{}: {problems:?}", kind.name)));
        for case in ruleset.rules().iter().flat_map(|file| &file.tests) {
            assert_eq!(case.run(&ruleset), [], "{}: {}", kind.name, case.name);
        }
    }
}

#[test]
fn a_rule_on_trial_is_tested_as_if_it_acted() {
    for trial in ["enabled = false", "shadow = true", "percent = 0"] {
        let text = format!("{trial}\n{}", KINDS[1].example);
        let (tried, problems) = try_alone(Source::new("a.toml", text), &|_| None);
        let tried = tried.unwrap_or_else(|| panic!("{problems:?}"));
        assert_eq!(tried.len(), 2);
        for test in tried {
            assert_eq!(test.failures, [], "{trial}: {}", test.name);
        }
    }
}

#[test]
fn a_test_can_fail() {
    let text = KINDS[0]
        .example
        .replace("The caller is Dana", "The caller is Dan");
    let (ruleset, _) = Ruleset::read(vec![Source::new("a.toml", text)], &|_| None);
    let ruleset = Arc::new(ruleset.expect("it is a rule"));
    let failures: usize = ruleset.rules()[0]
        .tests
        .iter()
        .map(|case| case.run(&ruleset).len())
        .sum();
    assert_eq!(failures, 1);
}

fn refused(test: &str) -> Vec<String> {
    let text = format!("about = \"x\"\n[then.inject]\ntext = \"a\"\n[[test]]\n{test}");
    let (_, problems) = Ruleset::read(vec![Source::new("a.toml", text)], &|_| None);
    let told = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.line, problem.message));
    told.collect()
}

#[test]
fn a_test_that_could_not_fail_is_refused() {
    for (test, told) in [
        ("name = \"t\"", "4: the test `t` checks nothing"),
        (
            "name = \"t\"\ncaller = \"Hi.\"",
            "4: the test `t` checks nothing",
        ),
        ("name = \" \"\nmodel_says = \"a\"", "4: a test has a `name`"),
        (
            "name = \"t\"\ncaller_hears = \"a\"",
            "4: the test `t` says what the caller hears",
        ),
        (
            "name = \"t\"\nmodel_gets = \"a\"",
            "4: the test `t` says what the model gets",
        ),
        (
            "name = \"t\"\nmodel_gets = \"a\"\nmessages = [{ role = \"system\", content = \"a\" }]",
            "4: the test `t` says what the model gets",
        ),
        (
            "name = \"t\"\nmodel_says = \"a\"\nmessages = [3]",
            "4: the test `t` has `messages` that are none",
        ),
        (
            "name = \"t\"\nmodel_says = \"a\"\ngiven = { custmer = {} }",
            "7: unknown name `custmer`",
        ),
        (
            "name = \"t\"\nmodel_says = \"a\"\nrequest = \"a.json\"",
            "7: a recorded `request` is for",
        ),
        (
            "name = \"t\"\nmodel_say = \"a\"",
            "6: unknown field `model_say`",
        ),
    ] {
        let found = refused(test);
        assert_eq!(found.len(), 1, "{test}: {found:?}");
        assert!(found[0].starts_with(told), "{test}: {found:?}");
    }
}
