use crate::files::Source;
use crate::ruleset::Ruleset;
use crate::ruleset::case_run::try_alone;

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
        ("name = \" \"\nmodel_says = \"a\"", "5: a test has a `name`"),
        (
            "name = \"t\"\ncaller_hears = \"a\"",
            "6: the test `t` says what the caller hears",
        ),
        (
            "name = \"t\"\ntool_gets = [{ name = \"a\" }]",
            "6: the test `t` says what a tool gets",
        ),
        (
            "name = \"t\"\nmodel_gets = \"a\"",
            "6: the test `t` says what the model gets",
        ),
        (
            "name = \"t\"\nmodel_gets = \"a\"\nmessages = [{ role = \"system\", content = \"a\" }]",
            "6: the test `t` says what the model gets",
        ),
        (
            "name = \"t\"\nmodel_says = \"a\"\nmessages = [3]",
            "7: the test `t` has `messages` that are none",
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
        (
            "name = \"t\"\nmodel_calls = [{ name = \"a\", arguments = 3 }]",
            "6: the arguments of a call are a table",
        ),
        (
            "name = \"t\"\nmodel_calls = [{ nam = \"a\" }]",
            "6: unknown field `nam`",
        ),
    ] {
        let found = refused(test);
        assert_eq!(found.len(), 1, "{test}: {found:?}");
        assert!(found[0].starts_with(told), "{test}: {found:?}");
    }
}

#[test]
fn what_is_given_is_checked() {
    for (given, told) in [
        ("now = \"yesterday\"", "`now` is a time, not `yesterday`"),
        (
            "now = \"2026-11-22T10:00:00\"",
            "`now` is a time, not `2026-11-22T10:00:00`",
        ),
        ("now = 12", "`now` is a time, not a number"),
        ("now = 2026-11-22", "`now` is a time, not `2026-11-22`"),
        (
            "call = \"webCall\"",
            "`call` is a table of what is known, not `webCall`",
        ),
        (
            "customer = [1]",
            "`customer` is a table of what is known, not a list",
        ),
        ("route = 3", "`route` is a text, not a number"),
        ("route = { a = 1 }", "`route` is a text, not a table"),
        (
            "context = { customer = \"gold\" }",
            "`context.customer` is a table, not a text",
        ),
        (
            "context = { custmer = {} }",
            "there is no `context.custmer`",
        ),
        (
            "turn = { number = \"2\" }",
            "`turn.number` is a whole number, not a text",
        ),
        ("turn = { numbr = 2 }", "there is no `turn.numbr`"),
        ("request = { modle = \"a\" }", "there is no `request.modle`"),
        (
            "fetch = { crn = {} }",
            "no rule has or speaks of `[fetch.crn]`",
        ),
        (
            "customer = { nmae = \"Ann\" }",
            "no rule looks at `customer.nmae`",
        ),
        (
            "call = { tpye = \"webCall\" }",
            "no rule looks at `call.tpye`",
        ),
        (
            "context = { call = { noet = \"a\" } }",
            "no rule looks at `context.call.noet`",
        ),
    ] {
        let text = format!(
            "about = \"x\"\nwhen = 'call.type != \"a\" && fetch.crm.plan != \"b\"'\n[then.inject]\ntext = \"{{{{ customer.name }}}} {{{{ context.call.note }}}}\"\n[[test]]\nname = \"t\"\ngiven = {{ {given} }}\nmodel_says = \"a\"\n"
        );
        let (_, problems) = try_alone(Source::new("a.toml", text), &|_| None, usize::MAX, None);
        let [problem] = problems.as_slice() else {
            panic!("{given}: {problems:?}");
        };
        assert_eq!((problem.line, &*problem.message), (7, told), "{given}");
        assert!(problem.help.is_some(), "{given}");
        assert!(problem.column > "given = { ".len(), "{given}: {problem}");
    }
    for given in [
        "now = \"2026-11-22T10:00:00+01:00\"",
        "now = 2026-11-22T10:00:00Z",
        "fetch = { crm = { plan = \"gold\" } }",
        "customer = { number = \"+1\", email = \"a\", names = 3, name = \"Ann\" }",
        "call = { id = \"a\", orgId = \"b\" }",
        "metadata = { line2 = \"a\" }",
        "turn = { number = 2 }, request = { model = \"a\" }, route = \"sales\"",
    ] {
        let text = format!(
            "about = \"x\"\nwhen = 'fetch.crm != 3 && metadata.line1 != 3'\n[then.inject]\ntext = \"{{{{ customer.name | default('a') }}}}\"\n[[test]]\nname = \"t\"\ngiven = {{ {given} }}\nmodel_says = \"a\"\n"
        );
        let (_, problems) = try_alone(Source::new("a.toml", text), &|_| None, usize::MAX, None);
        assert!(problems.is_empty(), "{given}: {problems:?}");
    }
}

#[test]
fn all_problems_of_the_tests_of_a_file_are_found_in_one_run() {
    let tests = "name = \"a\"\ncaller_hears = \"a\"\ntool_gets = []\ngiven = { now = 3, route = 4 }\nmodel_get = \"b\"\n[[test]]\nname = \"b\"\n[[test]]\ncaller = \"a\"\n[[test]]\nname = \"c\"\nrequest = \"a.json\"\nmodel_says = \"a\"\ngiven = { turn = { numbr = 3 } }\n";
    let found = refused(tests);
    let lines: Vec<&str> = found
        .iter()
        .filter_map(|it| it.split(": ").next())
        .collect();
    assert_eq!(
        lines,
        ["6", "7", "8", "8", "9", "10", "12", "16", "18"],
        "{found:#?}"
    );
}
