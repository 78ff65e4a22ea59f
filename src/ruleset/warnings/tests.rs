use super::*;

/// The warnings of rules: `FILE:LINE:COLUMN MESSAGE`.
fn warnings(rules: &[(&str, &str)]) -> Vec<String> {
    let sources = rules
        .iter()
        .map(|(name, text)| Source::new(*name, format!("about = \"x\"\n{text}")));
    let (count, problems) = Ruleset::check(sources.collect(), &|_| None);
    assert_eq!(count, rules.len(), "{problems:?}");
    assert!(problems.iter().all(|problem| !problem.is_error()));
    assert!(problems.iter().all(|problem| problem.help.is_some()));
    problems
        .iter()
        .map(|p| format!("{}:{}:{} {}", p.file, p.line, p.column, p.message))
        .collect()
}

fn one(rule: &str) -> Vec<String> {
    warnings(&[("a", rule)])
}

fn inject(rest: &str) -> String {
    format!("[then.inject]\n{rest}")
}

#[track_caller]
fn check(found: &[String], expected: &[&str]) {
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "{expected} in {found}");
    }
}

#[test]
fn what_changes_each_turn_before_the_history_is_a_warning() {
    let early = |text: &str| one(&inject(&format!("text = '{text}'\nplace = \"system-end\"")));
    check(
        &early("{{ turn.user }}"),
        &["a:4:9 `turn.user` changes from turn to turn"],
    );
    check(&early("{{ now }}"), &["a:4:9 `now` changes"]);
    check(&early("{{ now | date(\"%H:%M\") }}"), &["`now` changes"]);
    check(&early("{{ now | date(\"%A, %-d %B\") }}"), &[]);
    check(&early("{{ call.id }}"), &[]);
    check(&one(&inject("text = '{{ turn.user }}'")), &[]);
    check(
        &one(&inject("text = '{{ turn.user }}'\nplace = \"end\"")),
        &[],
    );
    let when = "when = 'turn.number > 3'\n[then.inject]\ntext = \"a\"\nplace = \"system-replace\"";
    check(
        &one(when),
        &["a:5:9 the text stands before the history and comes and goes"],
    );
}

#[test]
fn a_fetch_that_is_soon_stale_changes_the_prefix() {
    let rule = |fresh: &str| {
        one(&format!(
            "[then.inject]\ntext = \"{{{{ fetch.crm.plan }}}}\"\nplace = \"system-end\"\n[fetch.crm]\nurl = \"https://a.example\"\nwithin = \"80ms\"\n{fresh}"
        ))
    };
    check(&rule(""), &["`fetch.crm.plan` changes"]);
    check(&rule("fresh = \"2h\""), &[]);
    check(&rule("at = \"call\""), &[]);
}

#[test]
fn a_rule_that_never_runs_is_a_warning() {
    let rule = |head: &str| one(&format!("{head}\n[then.inject]\ntext = \"a\""));
    check(&rule("percent = 0"), &["a:2:11 the rule runs in no call"]);
    check(
        &rule("when = 'call.type == \"a\" && call.type == \"b\"'"),
        &["a:2:29 the rule never runs"],
    );
    check(&rule("when = 'turn.number < 0'"), &["never runs"]);
    check(&rule("enabled = false"), &[]);
    check(&rule("percent = 1"), &[]);
    check(
        &one("[then.rewrite]\nfind = \"a\"\nreplace = \"b\"\nin = []"),
        &["a:5:6 the rule touches nothing"],
    );
    check(
        &one("[then.redact]\nfind = [\"card\"]\nin = []"),
        &["touches nothing"],
    );
}

#[test]
fn a_fetch_without_deadline_or_use_is_a_warning() {
    let rule = |text: &str, fetch: &str| {
        one(&format!(
            "[then.inject]\ntext = \"{text}\"\n[fetch.crm]\nurl = \"https://a.example\"\n{fetch}"
        ))
    };
    check(
        &rule("{{ fetch.crm }}", ""),
        &["a:4:8 the fetch `crm` has no deadline"],
    );
    check(
        &rule("x", "within = \"80ms\""),
        &["a:4:8 nothing speaks of `fetch.crm`"],
    );
    check(&rule("{{ fetch.crm }}", "within = \"80ms\""), &[]);
}

#[test]
fn what_is_hidden_before_it_comes_is_a_warning() {
    let text = |path: &str| inject(&format!("text = \"{{{{ {path} }}}}\""));
    let known = ("20-hide", "[then.redact]\nknown = [\"customer.name\"]");
    let looks = ("20-hide", "[then.redact]\nfind = [\"name\"]");
    let after = |hides, path: &str| warnings(&[hides, ("30-say", &text(path))]);
    check(
        &after(known, "customer.name"),
        &["30-say:3:8 `customer.name` reaches the model as it is: `20-hide`"],
    );
    check(&after(known, "customer"), &["`customer` reaches"]);
    check(&after(known, "customer.number"), &[]);
    check(
        &after(looks, "context.call.note"),
        &["`context.call.note` reaches"],
    );
    check(&after(looks, "context.global.hours"), &[]);
    check(&after(looks, "call.type"), &[]);
    check(&warnings(&[("10-say", &text("customer.name")), known]), &[]);
    let again = ("40-again", "[then.redact]\nknown = [\"customer.name\"]");
    let again = [
        ("20-hide", "[then.redact]\nfind = [\"card\"]"),
        ("30-say", &text("customer.name")),
        again,
    ];
    check(&warnings(&again), &[]);
    let off = (
        "20-hide",
        "enabled = false\n[then.redact]\nknown = [\"customer.name\"]",
    );
    check(&after(off, "customer.name"), &[]);
}

#[test]
fn a_reply_that_is_held_long_is_a_warning() {
    let rewrite = |find: &str| one(&format!("[then.rewrite]\nfind = '{find}'\nreplace = \"b\""));
    check(&rewrite("a.{0,90}b"), &["a:3:8 a match may have 362 bytes"]);
    check(&rewrite("a.{0,9}b"), &[]);
    let redact = |rest: &str| one(&format!("[then.redact]\n{rest}"));
    check(
        &redact("reply = true\nfind = [\"email\"]"),
        &["a:4:8 with `reply = true` the caller waits"],
    );
    check(&redact("find = [\"email\"]"), &[]);
    check(&redact("reply = true\nfind = [\"card\"]"), &[]);
    check(
        &redact("reply = true\n[then.redact.patterns]\nA = 'x[a-z]{300}'"),
        &["a:5:5 a match may have 301 bytes"],
    );
}

#[test]
fn a_doubtful_expression_is_a_warning() {
    let rewrite = |find: &str| {
        one(&format!(
            "[then.rewrite]\nfind = '{find}'\nreplace = \"b\"\nin = [\"user\"]"
        ))
    };
    check(
        &rewrite(".*card"),
        &["a:3:8 a match takes all that stands before it"],
    );
    check(&rewrite("card.+"), &["a match takes all that follows"]);
    check(
        &rewrite("(a+ )+b"),
        &["a repeat without end is within another"],
    );
    check(&rewrite("card"), &[]);
    check(
        &one("when = 'turn.user.matches(\".*help\")'\n[then.inject]\ntext = \"a\""),
        &["a:2:8 a match takes all that stands before it"],
    );
    check(
        &one("[then.redact]\n[then.redact.patterns]\nA = '(x+)+'"),
        &["a:4:5 a repeat without end"],
    );
}

#[test]
fn a_redact_rule_that_lets_private_values_through_is_a_warning() {
    let redact = |head: &str| one(&format!("{head}\n[then.redact]\nfind = [\"card\"]"));
    check(
        &redact("when = 'call.type == \"inboundPhoneCall\"'"),
        &["a:2:8 where `call.type` is not known, nothing is hidden"],
    );
    check(&redact("when = 'has(call.type)'"), &["nothing is hidden"]);
    check(
        &redact(
            "when = 'fetch.crm.private'\n[fetch.crm]\nurl = \"https://a.example\"\nwithin = \"80ms\"",
        ),
        &["where `fetch.crm.private` is not known"],
    );
    check(
        &redact("when = 'turn.number > 1'"),
        &["a:2:8 the whole history goes upstream in each turn"],
    );
    check(
        &redact("percent = 10"),
        &["a:2:11 in the other calls nothing is hidden"],
    );
    check(
        &redact("on_error = \"skip\""),
        &["a:2:12 where the rule fails nothing is hidden"],
    );
    for good in [
        "",
        "when = '!has(call.type) || call.type == \"inboundPhoneCall\"'",
        "when = 'call.type != \"webCall\" || !has(call.type)'",
        "when = 'route == \"sales\"'",
        "on_error = \"fail\"",
        "percent = 100",
        "enabled = false\nwhen = 'call.type == \"a\"'",
    ] {
        check(&redact(good), &[]);
    }
    let inject = "when = 'call.type == \"a\"'\npercent = 10\n[then.inject]\ntext = \"a\"";
    check(&one(inject), &[]);
}

#[test]
fn a_code_that_is_found_in_one_form_only_is_a_warning() {
    let redact = |find: &str| one(&format!("[then.redact]\nfind = [{find}]"));
    check(
        &redact("\"card\", \"cvv\""),
        &["a:3:17 `cvv` without `pin`"],
    );
    check(&redact("\"pin\""), &["a:3:9 `pin` without `cvv`"]);
    check(&redact("\"cvv\", \"pin\""), &[]);
    check(&redact("\"card\""), &[]);
    check(
        &warnings(&[
            ("a", "[then.redact]\nfind = [\"cvv\"]"),
            ("b", "[then.redact]\nfind = [\"pin\"]"),
        ]),
        &[],
    );
}

#[test]
fn what_is_trusted_though_a_caller_may_say_it_is_a_warning() {
    let trusting = |path: &str| {
        one(&inject(&format!(
            "text = \"{{{{ {path} }}}}\"\ntrusted = [\"{path}\"]"
        )))
    };
    for path in [
        "call.summary",
        "customer.name",
        "variables.note",
        "metadata.note",
        "turn.user",
        "turn.assistant",
        "assistant.name",
        "request.model",
        "context.call.vapi.transcript.text",
        "context.call",
        "context",
    ] {
        check(
            &trusting(path),
            &[&format!("a:4:12 `{path}` may be what a caller says")],
        );
    }
    for path in [
        "context.assistant.prompt",
        "context.global.prompt",
        "context.customer.prompt",
        "context.call.prompt",
        "route",
    ] {
        check(&trusting(path), &[]);
    }
    check(
        &one(&inject(
            "text = \"{{ context.assistant.name }}\"\ntrusted = [\"context.assistant.prompt\"]",
        )),
        &["a:4:12 `context.assistant.prompt` is trusted, and the text does not speak of it"],
    );
    check(
        &one(&inject(
            "text = \"{% set a = context.assistant %}{{ a.prompt }}\"\ntrusted = [\"context.assistant.prompt\"]",
        )),
        &[],
    );
}

#[test]
fn a_variable_where_nothing_reads_it_is_a_warning() {
    check(
        &one(&inject("text = \"We are ${COMPANY}.\"")),
        &["a:3:16 `${COMPANY}` is text here"],
    );
    check(
        &one(&inject("text = \"\"\"\nWe are\n${COMPANY}.\"\"\"")),
        &["a:5:1 `${COMPANY}` is text here"],
    );
    check(
        &one("[then.redact]\nfind = [\"card\"]\nunknown = \"${WORD}\""),
        &["a:4:12 `${WORD}` is text here"],
    );
    check(
        &one("when = 'turn.user == \"${WORD}\"'\n[then.inject]\ntext = \"a\""),
        &["a:2:23 `${WORD}` is text here"],
    );
    check(
        &one(&inject(
            "text = \"{{ fetch.crm }}\"\n[fetch.crm]\nurl = \"https://a.example\"\nwithin = \"80ms\"\nmethod = \"POST\"\nbody = '{\"key\": \"$CRM_KEY\"}'",
        )),
        &["a:8:18 `$CRM_KEY` stays as it is"],
    );
    for good in [
        inject("text = \"It costs $5, or ${price} $FIVE.\""),
        "[then.rewrite]\nfind = '(?P<WORD>a)'\nreplace = '${WORD}'\nin = [\"user\"]".to_owned(),
        "[then.redact]\npatterns = { SHELL = '\\$\\{HOME\\}' }".to_owned(),
        inject(
            "text = \"a\"\n[[test]]\nname = \"${NAME}\"\ncaller = \"${NAME}\"\nmodel_gets = \"${NAME}\"",
        ),
    ] {
        check(&one(&good), &[]);
    }
}

#[test]
fn a_route_that_the_config_has_not_is_a_warning() {
    let source = |when: &str| {
        Source::new(
            "a",
            format!("about = \"x\"\nwhen = '{when}'\n[then.inject]\ntext = \"a\""),
        )
    };
    let found = |when: &str| {
        let routes = ["default".to_owned(), "sales".to_owned()];
        let (_, problems) =
            Ruleset::check_for(vec![source(when)], &|_| None, Some(&routes), &|_| {
                Vec::new()
            });
        let told = problems
            .iter()
            .map(|it| format!("{} {}", it.message, it.help.as_deref().unwrap_or_default()));
        told.collect::<Vec<_>>()
    };
    check(
        &found("route == \"salse\""),
        &["there is no route `salse` in the config did you mean `sales`?"],
    );
    check(
        &found("\"support\" != route && has(call.id)"),
        &["there is no route `support` in the config the routes are default, sales"],
    );
    check(&found("route == \"sales\" || call.id == \"salse\""), &[]);
}
