//! What is wrong with rules, config and arguments is told before anything listens.

use crate::aside::{Aside, Finished, Program, Setup};

const UPSTREAM: &str = "[upstream.mock]\nurl = \"http://127.0.0.1:9/v1\"\n";
const GOOD: &str = "about = \"x\"\n[then.inject]\ntext = \"Be kind.\"\n";

fn serve(setup: &Setup, more: &[&str]) -> Finished {
    let arguments = ["serve", "--listen", "127.0.0.1:0"];
    setup.run(&[&arguments, more].concat(), "")
}

#[test]
fn every_problem_of_every_rule_file_is_told_in_one_run() {
    let setup = Setup::with_config(UPSTREAM)
        .rule(
            "10-pattern",
            "about = \"x\"\n\n[then.rewrite]\nfind = '\\b(?:\\d[ -]?{15}\\d\\b'\nreplace = \"\"\n",
        )
        .rule(
            "20-field",
            "abuot = \"x\"\n[then.inject]\ntext = \"{{ customer.name \"\n",
        )
        .rule("30-good", GOOD)
        .rule(
            "40-two",
            "about = \"x\"\n[then.inject]\ntext = \"a\"\n[then.redact]\nfind = [\"card\"]\n",
        )
        .rule(
            "50-detector",
            "about = \"x\"\n[then.redact]\nfind = [\"crad\"]\n",
        )
        .rule("60-syntax", "about = \"x\n");
    for finished in [serve(&setup, &[]), setup.run(&["check"], "")] {
        let told = finished.stderr;
        assert_eq!(finished.code, Some(1), "{told}");
        for place in [
            "error: rules/10-pattern.toml:4:",
            "error: rules/20-field.toml:1:1: ",
            "error: rules/20-field.toml:3:",
            "error: rules/40-two.toml:4:",
            "error: rules/50-detector.toml:3:",
            "error: rules/60-syntax.toml:1:",
        ] {
            assert!(told.contains(place), "`{place}` is missing in:\n{told}");
        }
        assert!(!told.contains("30-good"), "{told}");
        assert!(told.contains("exactly one"), "{told}");
        assert!(told.contains("did you mean `card`?"), "{told}");
        assert!(told.contains("did you mean `about`?"), "{told}");
        let shown = "  |\n3 | find = [\"crad\"]\n  |         ^";
        assert!(told.contains(shown), "{told}");
        let errors = told.matches("error: ").count();
        let carets = told
            .lines()
            .filter(|line| line.trim_end().ends_with('^'))
            .count();
        assert_eq!(errors, carets, "each problem has its caret:\n{told}");
        assert!(!told.contains("listening"), "{told}");
    }
}

#[test]
fn an_unset_variable_is_named_with_its_line() {
    let config = "keys = [\"${ASIDE_TEST_UNSET_A}\"]\n[upstream.mock]\nurl = \"http://127.0.0.1:9/v1\"\nkey = \"${ASIDE_TEST_UNSET_B}\"\n";
    let setup = Setup::with_config(config).rule("10-good", GOOD);
    for finished in [serve(&setup, &[]), setup.run(&["check"], "")] {
        let told = finished.stderr;
        assert_eq!(finished.code, Some(1), "{told}");
        assert!(told.contains("error: aside.toml:1:9: "), "{told}");
        assert!(told.contains("`ASIDE_TEST_UNSET_A`"), "{told}");
        assert!(told.contains("error: aside.toml:4:7: "), "{told}");
        assert!(told.contains("`ASIDE_TEST_UNSET_B`"), "{told}");
    }
}

#[test]
fn problems_of_config_and_rules_are_told_together() {
    let setup =
        Setup::with_config("listne = \"127.0.0.1:0\"\n[upstream.mock]\nurl = \"ftp://x\"\n").rule(
            "10-detector",
            "about = \"x\"\n[then.redact]\nfind = [\"crad\"]\n",
        );
    let finished = setup.run(&["check"], "");
    assert_eq!(finished.code, Some(1));
    let told = finished.stderr;
    assert!(told.contains("error: aside.toml:1:1: "), "{told}");
    assert!(told.contains("error: rules/10-detector.toml:3:"), "{told}");
}

#[test]
fn a_url_that_is_none_is_a_problem_of_the_config() {
    let mut unseen = Vec::new();
    for url in ["ftp://x", "not a url", "/v1", "http://"] {
        let config = format!("[upstream.mock]\nurl = \"{url}\"\n");
        let setup = Setup::with_config(&config);
        for (command, finished) in [
            ("serve", serve(&setup, &[])),
            ("check", setup.run(&["check"], "")),
        ] {
            if finished.code != Some(1) || !finished.stderr.contains("error: aside.toml:") {
                unseen.push(format!("{command}: {url}"));
            }
        }
    }
    assert!(unseen.is_empty(), "not seen: {unseen:?}");
}

#[test]
fn beyond_loopback_needs_keys_or_open() {
    let setup = Setup::with_config(UPSTREAM);
    let finished = setup.run(&["serve", "--listen", "0.0.0.0:0"], "");
    assert_eq!(finished.code, Some(1));
    assert!(finished.stderr.contains("`keys`"), "{}", finished.stderr);
    assert!(
        finished.stderr.contains("open = true"),
        "{}",
        finished.stderr
    );
    assert!(!finished.stderr.contains("listening"));
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let setup = Setup::default();
    for arguments in [
        &["serve", "--nonsense"][..],
        &["serve", "--listen", "nowhere"],
        &["nonsense"],
        &["check", "--json5"],
        &[],
    ] {
        let finished = setup.run(arguments, "");
        assert_eq!(finished.code, Some(2), "{arguments:?}: {}", finished.stderr);
        assert!(!finished.stderr.is_empty());
    }
    for arguments in [&["--help"][..], &["--version"], &["serve", "--help"]] {
        assert_eq!(setup.run(arguments, "").code, Some(0), "{arguments:?}");
    }
}

#[test]
fn without_an_upstream_it_says_what_to_add() {
    let finished = serve(&Setup::default(), &[]);
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stderr.contains("--upstream"),
        "{}",
        finished.stderr
    );
}

#[test]
fn a_config_that_is_named_must_be_there() {
    let finished = serve(&Setup::default(), &["--config", "nowhere.toml"]);
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stderr.contains("nowhere.toml"),
        "{}",
        finished.stderr
    );
}

#[test]
fn flags_override_the_environment_which_overrides_the_file() {
    let config = format!("listen = \"127.0.0.2:1\"\nrules = \"nowhere\"\n{UPSTREAM}");
    let setup = Setup::with_config(&config)
        .env("ASIDE_LISTEN", "127.0.0.3:1")
        .env("ASIDE_RULES", "rules");
    let aside = Aside::serve(&setup);
    assert_eq!(aside.address.ip().to_string(), "127.0.0.1");
}

#[test]
fn a_second_server_on_the_same_address_says_so() {
    let setup = Setup::with_config(UPSTREAM);
    let aside = Aside::serve(&setup);
    let address = aside.address.to_string();
    let finished = setup.run(&["serve", "--listen", &address], "");
    assert_eq!(finished.code, Some(1));
    assert!(finished.stderr.contains(&address), "{}", finished.stderr);
}

#[test]
fn a_key_on_a_broken_line_is_never_shown() {
    let mut shown = Vec::new();
    for line in [
        "kee = \"sk-live-0123456789\"",
        "kee = \"live/0123456789+abc=\"",
        "kee = \"live 0123456789 abc\"",
        "kee = \"live-0123\"",
        "kee = \"${live-0123456789\"",
        "key = sk-live-0123456789",
        "key = \"sk-live-0123456789",
        "key = \"sk-live-0123456789\" oops",
        "key = [\"sk-live-0123456789\"]",
        "key = \"\"\"sk-live-0123456789\"\"",
        "keys = [\"sk-live-0123456789\"]",
        "key = \"sk-live-0123456789\\n\"",
        "key = \"sk-\\live-0123456789\"",
        "headers = { X-Key = \"live-0123456789\", X-Key = 3 }",
        "headers = { \"X Key\" = \"live-0123456789\" }",
    ] {
        let setup = Setup::with_config(&format!("{UPSTREAM}{line}\n"));
        let told = serve(&setup, &[]).stderr;
        assert!(told.contains("error: aside.toml:"), "{line}: {told}");
        let told = told + &setup.run(&["check"], "").stderr;
        if ["live-0123", "live/0123", "live 0123"]
            .iter()
            .any(|part| told.contains(part))
        {
            shown.push(format!("{line}\n{told}"));
        }
    }
    assert!(shown.is_empty(), "keys are shown:\n{}", shown.join("\n"));
}

#[test]
fn keys_from_flags_and_environment_are_not_in_the_help() {
    let setup = Setup::default().env("ASIDE_UPSTREAM_KEY", "sk-live-0123456789");
    let help = setup.run(&["serve", "--help"], "");
    assert!(!(help.stdout + &help.stderr).contains("sk-live"));
}

#[test]
fn a_broken_condition_is_told_beside_a_misspelt_field() {
    let rule = "abuot = \"x\"\nwhen = 'call.type =='\n[then.inject]\ntext = \"Hi.\"\n";
    let setup = Setup::with_config(UPSTREAM).rule("10-two", rule);
    let told = setup.run(&["check"], "").stderr;
    for place in ["10-two.toml:1:1: ", "10-two.toml:2:"] {
        assert!(told.contains(place), "`{place}` is missing in:\n{told}");
    }
}

#[test]
fn one_mistake_is_one_problem() {
    let rule = "about = \"x\"\n[then.redact]\nfind = [\"crad\"]\n";
    let setup = Setup::with_config(UPSTREAM).rule("10-detector", rule);
    let told = setup.run(&["check"], "").stderr;
    assert_eq!(told.matches("error: ").count(), 1, "{told}");
}

#[test]
fn rules_that_fail_their_tests_are_not_served() {
    let wrong = format!(
        "{GOOD}\n[[test]]\nname = \"it is loud\"\ncaller = \"Hi.\"\nmodel_gets = \"HI.\"\n"
    );
    let chain = "[[test]]\nname = \"all are loud\"\ncaller = \"Hi.\"\nmodel_gets = \"HI.\"\n";
    for (name, setup) in [
        (
            "it is loud",
            Setup::with_config(UPSTREAM).rule("10-kind", &wrong),
        ),
        (
            "all are loud",
            Setup::with_config(UPSTREAM)
                .rule("10-kind", GOOD)
                .file("rules/tests/all.toml", chain),
        ),
    ] {
        let finished = serve(&setup, &[]);
        assert_eq!(finished.code, Some(1), "{finished:?}");
        let (shown, told) = (&finished.stdout, &finished.stderr);
        assert!(shown.contains("FAIL") && shown.contains(name), "{shown}");
        assert!(
            shown.contains("expected") && shown.contains("HI."),
            "{shown}"
        );
        assert!(told.contains("`--untested`"), "{told}");
        assert!(!told.contains("listening"), "{told}");
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--untested"];
        let aside = Program::start(&arguments, &setup);
        aside.wait_for("the tests of the rules were not run");
    }
}
