//! What people read when a rule is not right: each mistake, as `aside check` shows it.
//!
//! A snapshot a mistake, in `snapshots`. `INSTA_UPDATE=always cargo test` writes them anew.

use aside::rule::KINDS;
use serde_json::Value;

use crate::aside::Setup;

/// A rule that works.
pub(crate) const INJECT: &str = "about = \"x\"\n\n[then.inject]\ntext = \"Be kind.\"\n";

/// Mistakes in one rule file.
const RULES: &[(&str, &str)] = &[
    ("empty_file", ""),
    ("no_then", "about = \"Nothing happens.\"\n"),
    ("no_about", "[then.inject]\ntext = \"Be kind.\"\n"),
    (
        "misspelt_field",
        "abuot = \"x\"\n[then.inject]\ntext = \"Be kind.\"\n",
    ),
    (
        "misspelt_kind",
        "about = \"x\"\n[then.injekt]\ntext = \"Be kind.\"\n",
    ),
    (
        "unlike_any_kind",
        "about = \"x\"\n[then.summarise]\ntext = \"Be kind.\"\n",
    ),
    (
        "two_kinds",
        "about = \"x\"\n[then.inject]\ntext = \"a\"\n[then.redact]\nfind = [\"card\"]\n",
    ),
    (
        "text_not_closed",
        "about = \"x\npercent = 300\n[then.inject]\ntext = \"Be kind.\"\n",
    ),
    (
        "value_missing",
        "about = \"x\"\nwhen =\n[then.inject]\ntext = \"Be kind.\"\nplace = \"tial\"\n",
    ),
    (
        "field_twice",
        "about = \"x\"\nabout = \"y\"\n[then.inject]\ntext = \"Be kind.\"\n",
    ),
    (
        "backslash_in_a_text",
        "about = \"x\"\n[then.rewrite]\nfind = \"\\d+\"\nreplace = \"\"\n",
    ),
    (
        "wrong_type",
        "about = 3\nenabled = \"no\"\n[then.inject]\ntext = \"Be kind.\"\n",
    ),
    (
        "percent_beyond_100",
        "about = \"x\"\npercent = 101\n[then.inject]\ntext = \"a\"\n",
    ),
    (
        "when_with_one_equals_sign",
        "about = \"x\"\nwhen = 'call.type = \"webCall\"'\n[then.inject]\ntext = \"a\"\n",
    ),
    (
        "when_with_and",
        "about = \"x\"\nwhen = 'turn.number > 1 and has(call.id)'\n[then.inject]\ntext = \"a\"\n",
    ),
    (
        "when_with_misspelt_root",
        "about = \"x\"\nwhen = 'has(custmer.name)'\n[then.inject]\ntext = \"a\"\n",
    ),
    (
        "when_with_misspelt_function",
        "about = \"x\"\nwhen = 'turn.user.startWith(\"a\")'\n[then.inject]\ntext = \"a\"\n",
    ),
    (
        "when_that_is_no_question",
        "about = \"x\"\nwhen = 'turn.number + 1'\n[then.inject]\ntext = \"a\"\n",
    ),
    (
        "template_with_misspelt_root",
        "about = \"x\"\n[then.inject]\ntext = \"The caller is {{ custmer.name }}.\"\n",
    ),
    (
        "template_with_misspelt_filter",
        "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name | uper }}\"\n",
    ),
    (
        "template_not_closed",
        "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name }\"\n",
    ),
    (
        "template_with_open_if",
        "about = \"x\"\n[then.inject]\ntext = \"{% if customer.name %}Hi\"\n",
    ),
    (
        "misspelt_place",
        "about = \"x\"\n[then.inject]\ntext = \"a\"\nplace = \"system-edn\"\n",
    ),
    (
        "misspelt_detectors",
        "about = \"x\"\n[then.redact]\nfind = [\"crad\", \"email\", \"telephone\"]\n",
    ),
    (
        "redact_looks_for_nothing",
        "about = \"x\"\n[then.redact]\nstyle = \"mask\"\n",
    ),
    (
        "label_in_small_letters",
        "about = \"x\"\n[then.redact]\npatterns = { order = 'ORD-\\d{8}' }\n",
    ),
    (
        "known_is_no_path",
        "about = \"x\"\n[then.redact]\nknown = [\"customer\", \"custom.name\"]\n",
    ),
    (
        "restore_of_another_label",
        "about = \"x\"\n[then.redact]\nfind = [\"card\"]\nrestore = [\"EMAIL\"]\n",
    ),
    (
        "expression_not_closed",
        "about = \"x\"\n[then.rewrite]\nfind = '(a'\nreplace = \"b\"\n",
    ),
    (
        "expression_without_longest_match",
        "about = \"x\"\n[then.rewrite]\nfind = 'a+'\nreplace = \"b\"\n",
    ),
    (
        "expression_of_nothing",
        "about = \"x\"\n[then.rewrite]\nfind = 'a*'\nreplace = \"b\"\nin = [\"user\"]\n",
    ),
    (
        "expression_too_large",
        "about = \"x\"\n[then.rewrite]\nfind = '\\w{900}'\nreplace = \"b\"\nin = [\"user\"]\n",
    ),
    (
        "group_that_is_none",
        "about = \"x\"\n[then.rewrite]\nfind = 'a'\nreplace = '$1'\n",
    ),
    (
        "fetch_of_no_rule",
        "about = \"x\"\nwhen = 'fetch.crm.plan == \"gold\"'\n[then.inject]\ntext = \"a\"\n",
    ),
    (
        "fetch_with_host_in_a_template",
        "about = \"x\"\n[then.inject]\ntext = \"{{ fetch.crm }}\"\n[fetch.crm]\nurl = \"https://{{ call.id }}.example/\"\nwithin = \"1 week\"\n",
    ),
    (
        "fetch_with_secret_that_is_not_set",
        "about = \"x\"\n[then.inject]\ntext = \"{{ fetch.crm }}\"\n[fetch.crm]\nurl = \"https://crm.example\"\nwithin = \"80ms\"\nheaders = { Authorization = \"Bearer ${NO_SUCH_KEY}\" }\n",
    ),
    (
        "test_given_what_is_not_known",
        "about = \"x\"\nwhen = 'call.type == \"webCall\"'\n[then.inject]\ntext = \"{{ fetch.crm.plan }}\"\n[[test]]\nname = \"t\"\ngiven = { now = \"noon\", call = { tpye = \"webCall\" }, fetch = { crn = {} }, turn = { numbr = 2 } }\nmodel_gets = \"a\"\n[[test]]\nname = \"u\"\ncaller_hears = \"a\"\ntool_gets = [{ name = \"book\" }]\n",
    ),
    (
        "quote_in_a_text",
        "about = \"x\"\n[then.inject]\ntext = \"Say \"hello\" to them.\"\n",
    ),
    (
        "key_under_the_wrong_table",
        "about = \"x\"\n[then.inject]\ntext = \"a\"\nwhen = 'has(call.id)'\n",
    ),
    (
        "list_that_is_a_text",
        "about = \"x\"\n[then.redact]\nfind = \"card\"\n",
    ),
    (
        "time_compared_with_text",
        "about = \"x\"\nwhen = 'now > \"2026-01-01T00:00:00Z\"'\n[then.inject]\ntext = \"a\"\n",
    ),
    (
        "misspelt_member",
        "about = \"x\"\nwhen = 'turn.numbr > 1'\n[then.inject]\ntext = \"\"\"\nAsked:\n{{ request.modle }}\n\"\"\"\n",
    ),
    (
        "unknown_zone",
        "about = \"x\"\nwhen = 'now.getHours(\"Europe/Berln\") > 8'\n[then.inject]\ntext = \"a\"\n",
    ),
    (
        "fetch_with_variable_without_braces",
        "about = \"x\"\n[then.inject]\ntext = \"{{ fetch.crm }}\"\n[fetch.crm]\nurl = \"https://crm.example\"\nwithin = \"80ms\"\nheaders = { Authorization = \"Bearer $CRM_KEY\" }\n",
    ),
    (
        "test_with_misspelt_field",
        "about = \"x\"\n[then.inject]\ntext = \"a\"\n[[test]]\nname = \"t\"\ncaler = \"Hi.\"\n",
    ),
];

/// Warnings of one rule file.
const WARNINGS: &[(&str, &str)] = &[
    (
        "prefix_that_changes",
        "about = \"x\"\n[then.inject]\ntext = \"They said: {{ turn.user }}\"\nplace = \"system-end\"\n",
    ),
    (
        "never_runs",
        "about = \"x\"\nwhen = 'call.type == \"webCall\" && call.type == \"inboundPhoneCall\"'\n[then.inject]\ntext = \"a\"\n",
    ),
    (
        "no_share_of_calls",
        "about = \"x\"\npercent = 0\n[then.inject]\ntext = \"a\"\n",
    ),
    (
        "fetch_without_deadline",
        "about = \"x\"\n[then.inject]\ntext = \"{{ fetch.crm }}\"\n[fetch.crm]\nurl = \"https://crm.example\"\n",
    ),
    (
        "fetch_without_use",
        "about = \"x\"\n[then.inject]\ntext = \"a\"\n[fetch.crm]\nurl = \"https://crm.example\"\nwithin = \"80ms\"\n",
    ),
    (
        "reply_held_long",
        "about = \"x\"\n[then.rewrite]\nfind = '<.{0,200}>'\nreplace = \"\"\n",
    ),
    (
        "reply_held_for_addresses",
        "about = \"x\"\n[then.redact]\nfind = [\"email\"]\nreply = true\n",
    ),
    (
        "expression_that_takes_all",
        "about = \"x\"\n[then.rewrite]\nfind = '.*card'\nreplace = \"\"\nin = [\"user\"]\n",
    ),
    (
        "expression_in_expression",
        "about = \"x\"\n[then.redact]\npatterns = { ID = '(?:[a-z]+ ?)+!' }\n",
    ),
    (
        "redact_with_condition",
        "about = \"x\"\nwhen = 'call.type == \"webCall\"'\n[then.redact]\nfind = [\"card\"]\n",
    ),
    (
        "cvv_without_pin",
        "about = \"x\"\n[then.redact]\nfind = [\"card\", \"cvv\"]\n",
    ),
    (
        "trusts_a_caller",
        "about = \"x\"\n[then.inject]\ntext = \"{{ variables.note }}\"\ntrusted = [\"variables.note\"]\n",
    ),
    (
        "variable_in_a_text",
        "about = \"x\"\n[then.inject]\ntext = \"We are ${COMPANY}.\"\n",
    ),
    (
        "touches_nothing",
        "about = \"x\"\n[then.rewrite]\nfind = 'a'\nreplace = \"\"\nin = []\n",
    ),
];

#[track_caller]
pub(crate) fn snapshot(name: &str, setup: &Setup, code: i32) {
    let finished = setup.run(&["check"], "");
    assert_eq!(finished.code, Some(code), "{name}: {}", finished.stderr);
    let shown = format!("{}{}", finished.stderr, finished.stdout);
    // A new kind changes no snapshot.
    let kinds = KINDS.iter().map(|kind| format!("`[then.{}]`", kind.name));
    let shown = shown.replace(&kinds.collect::<Vec<_>>().join(", "), "LIST OF KINDS");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, shown);
    });
}

#[test]
fn each_mistake_in_a_rule_is_shown_with_its_place() {
    for (name, rule) in RULES {
        snapshot(name, &Setup::default().rule("10-rule", rule), 1);
    }
}

#[test]
fn each_doubt_about_a_rule_is_a_warning() {
    let config =
        "[upstream.a]\nurl = \"http://127.0.0.1:9/v1\"\n[fetch]\nhosts = [\"crm.example\"]\n";
    for (name, rule) in WARNINGS {
        let setup = match rule.contains("[fetch.") {
            true => Setup::with_config(config),
            false => Setup::default(),
        };
        snapshot(name, &setup.rule("10-rule", rule), 0);
    }
}

#[test]
fn mistakes_of_several_files_are_shown_in_one_run() {
    let redact = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\nknown = [\"customer.name\"]\n";
    let name = "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name }}\"\n";
    let setup = Setup::default().rule("10-hide", redact);
    snapshot(
        "private_after_redact",
        &setup.clone().rule("20-say", name),
        0,
    );
    snapshot("label_taken_twice", &setup.rule("20-again", redact), 1);

    let fetch = |url: &str| {
        format!(
            "about = \"x\"\n[then.inject]\ntext = \"{{{{ fetch.crm }}}}\"\n[fetch.crm]\nurl = \"{url}\"\nwithin = \"80ms\"\n"
        )
    };
    let setup = Setup::with_config("[upstream.a]\nprest = \"openai\"\n")
        .rule(
            "10-broken",
            "about = \"x\"\n[then.inject]\ntext = 3\n[then\n",
        )
        .rule("20-crm", &fetch("https://crm.example/a"))
        .rule("30-crm", &fetch("https://crm.example/b"));
    snapshot("several_files", &setup, 1);
    let setup = Setup::with_config("[upstream.a]\npreset = \"openai\"\nkey = \"k\"\n");
    snapshot(
        "host_not_listed",
        &setup.rule("20-crm", &fetch("https://crm.example/a")),
        1,
    );
}

#[test]
fn files_that_nobody_reads_are_told() {
    let setup = Setup::default()
        .rule("10-rule", INJECT)
        .rule(
            "20-text",
            "about = \"x\"\n[then.inject]\ntext_file = \"texts/a.md\"\n",
        )
        .file("rules/texts/a.md", "a")
        .file("rules/README.md", "a")
        .file("rules/rule.schema.json", "{}")
        .file("rules/.hidden", "a")
        .file("rules/tests/calls/a.json", "{}");
    let good = setup.run(&["check"], "");
    assert_eq!(
        (good.code, good.stderr.as_str()),
        (Some(0), ""),
        "{}",
        good.stdout
    );
    let setup = setup
        .file("rules/30-rule.toml.off", INJECT)
        .file("rules/40-rule.yaml", "a: b")
        .file("rules/prompt.md", "a")
        .file("rules/sales/10-rule.toml", INJECT)
        .file("rules/tests/more/a.toml", "[[test]]\n");
    snapshot("files_that_nobody_reads", &setup, 0);
}

#[test]
fn editors_get_one_json_array() {
    let setup = Setup::default()
        .rule("10-rule", "abuot = \"x\"\n[then.inject]\ntext = \"a\"\n")
        .rule(
            "20-rule",
            "about = \"x\"\npercent = 0\n[then.inject]\ntext = \"a\"\n",
        );
    let finished = setup.run(&["check", "--json"], "");
    assert_eq!((finished.code, finished.stderr.as_str()), (Some(1), ""));
    let problems: Value = serde_json::from_str(&finished.stdout).expect("JSON");
    let problems = problems.as_array().expect("an array");
    let expected = [
        serde_json::json!({
            "severity": "error", "file": "rules/10-rule.toml", "line": 1, "column": 1, "end_line": 1, "end_column": 6,
            "message": "unknown field `abuot`", "help": "did you mean `about`?",
        }),
        serde_json::json!({
            "severity": "warning", "file": "rules/20-rule.toml", "line": 2, "column": 11, "end_line": 2, "end_column": 12,
            "message": "the rule runs in no call", "help": "write `enabled = false` to switch it off, or a share from 1 to 100",
        }),
    ];
    assert_eq!(*problems, expected);
    let good = Setup::default()
        .rule("10-rule", INJECT)
        .run(&["check", "--json"], "");
    assert_eq!((good.code, good.stdout.as_str()), (Some(0), "[]\n"));
}
