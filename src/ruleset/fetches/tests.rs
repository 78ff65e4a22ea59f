use serde_json::{Value, json};

use super::*;
use crate::fetch::defined::not_listed;
use crate::lang::facts::FETCH;
use crate::net::host::Host;

const CRM: &str = "[fetch.crm]\nurl = \"https://crm.example.com/{{ customer.number }}\"\n";

fn rule(head: &str, text: &str, fetch: &str) -> String {
    format!("about = \"x\"\n{head}\n[then.inject]\ntext = \"{text}\"\n{fetch}")
}

fn read(rules: &[String]) -> (Option<Ruleset>, Vec<String>) {
    let name = |at: usize| format!("rules/{at}.toml");
    let sources = rules.iter().enumerate();
    let sources = sources.map(|(at, text)| Source::new(name(at), text));
    let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
    let told = |p: &Problem| {
        let help = p.help.clone().unwrap_or_default();
        format!("{}:{}:{} {} / {help}", p.file, p.line, p.column, p.message)
    };
    (ruleset, problems.iter().map(told).collect())
}

fn good(rules: &[String]) -> Ruleset {
    let (ruleset, problems) = read(rules);
    ruleset.unwrap_or_else(|| panic!("{problems:?}"))
}

#[test]
fn one_name_has_one_meaning() {
    let one = rule("", "{{ fetch.crm }}", CRM);
    let ruleset = good(&[one.clone(), one.clone()]);
    let [first, second] = [0, 1].map(|at| ruleset.rules()[at].fetches.defined[0].fetch.clone());
    assert!(Arc::ptr_eq(&first, &second));
    let other = one.replace("crm.example.com", "b.example");
    let (_, problems) = read(&[one, other]);
    assert_eq!(
        problems,
        [
            "rules/1.toml:5:8 `fetch.crm` of `1` is not the one of `0` / give it another name, or \
             write the same in both"
        ]
    );
}

#[test]
fn what_no_rule_fetches_is_a_problem_wherever_it_is_spoken_of() {
    let crm = rule("", "x", CRM);
    for (text, place) in [
        (rule("", "{{ fetch.cmr.tier }}", ""), "4:12"),
        (rule("", "{% if fetch['cmr'] %}x{% endif %}", ""), "3:7"),
        (rule("when = 'fetch.cmr.tier == 1'", "x", ""), "2:9"),
        (rule("when = 'has(fetch.cmr.tier)'", "x", ""), "2:13"),
        (
            "about = \"x\"\n[then.redact]\nknown = [\"fetch.cmr.name\"]\n".to_owned(),
            "3:11",
        ),
    ] {
        let (_, problems) = read(&[crm.clone(), text.clone()]);
        let expected =
            format!("rules/1.toml:{place} no rule has `[fetch.cmr]` / did you mean `fetch.crm`?");
        assert_eq!(problems, [expected], "{text}");
    }
    let elsewhere = rule("when = 'has(fetch.crm.tier)'", "{{ fetch.crm.tier }}", "");
    good(&[elsewhere, crm]);
}

#[test]
fn a_broken_fetch_is_told_with_its_place() {
    for (fetch, expected) in [
        ("[fetch.crm]\nurl = \"x\"", "6:7 a URL begins with"),
        (
            "[fetch.crm]\nurl = \"https://a.example/${K}\"",
            "6:26 the environment variable `K`",
        ),
        ("[fetch]\ncrm = 3", "6:1 `crm` must be a table"),
        (
            "[fetch.\"my crm\"]\nurl = \"https://a.example\"",
            "5:8 `my crm` can't be the name",
        ),
    ] {
        let (ruleset, problems) = read(&[rule("", "x", fetch)]);
        assert!(ruleset.is_none());
        assert!(problems[0].contains(expected), "{problems:?}");
    }
    let text = rule("", "${HOME} {% raw %}${X}{% endraw %}", "");
    assert!(read(&[text]).0.is_some(), "elsewhere it is text");
}

#[test]
fn s14_a_host_that_is_not_listed_is_a_problem_of_the_url() {
    let ruleset = good(&[rule("", "x", CRM)]);
    let host = |text: &str| Host::try_from(text.to_owned()).expect("a host");
    assert!(not_listed(ruleset.fetches(), &[host("crm.example.com")]).is_empty());
    for hosts in [
        vec![],
        vec![host("example.com")],
        vec![host("crm.example.com:8443")],
    ] {
        let problems = not_listed(ruleset.fetches(), &hosts);
        let text = problems[0].to_string();
        assert!(
            text.starts_with("error: rules/0.toml:6:7: the host `crm.example.com` may not"),
            "{text}"
        );
        assert!(
            text.contains("help: add \"crm.example.com\" to `hosts`"),
            "{text}"
        );
    }
}

#[test]
fn a_turn_needs_the_fetches_of_the_rules_that_may_run() {
    let fetch = |name: &str| format!("[fetch.{name}]\nurl = \"https://a.example/\"");
    let rules = [
        rule("", "x", &fetch("always")),
        rule("enabled = false", "x", &fetch("disabled")),
        rule("percent = 0", "x", &fetch("nobody")),
        rule("percent = 100", "x", &fetch("everybody")),
        rule("shadow = true", "x", &fetch("shadow")),
        rule("when = 'call.type == \"web\"'", "x", &fetch("other")),
        rule(
            "when = 'call.type == \"in\" && fetch.crm.vip == true'",
            "x",
            &fetch("crm"),
        ),
        rule(
            "when = 'call.type == \"web\" && fetch.web.vip == true'",
            "x",
            &fetch("web"),
        ),
        rule("when = 'call.nothing == 1'", "x", &fetch("absent")),
        rule("", "x", &fetch("always")),
    ];
    let ruleset = good(&rules);
    let mut facts = Facts::default();
    facts.set("call", json!({"type": "in"}));
    let wanted = |call| {
        let wanted = ruleset.wanted_fetches(&facts, call);
        wanted
            .iter()
            .map(|fetch| fetch.name().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(wanted(Some("c1")), ["always", "everybody", "crm"]);
    assert_eq!(wanted(None), ["always", "crm"]);
    let tried = ruleset.wanted_by_shadows(&facts, None);
    assert_eq!(tried.len(), 1);
    assert_eq!(tried[0].name(), "shadow");
}

#[test]
fn what_a_shadow_rule_fetches_for_one_that_acts_is_needed_by_the_turn() {
    let fetch = "[fetch.crm]\nurl = \"https://a.example/\"";
    let ruleset = good(&[
        rule("shadow = true", "x", fetch),
        rule("", "{{ fetch.crm.name }}", ""),
    ]);
    let facts = Facts::default();
    assert_eq!(ruleset.wanted_fetches(&facts, None).len(), 1);
    assert!(ruleset.wanted_by_shadows(&facts, None).is_empty());
}

#[test]
fn every_name_is_there_and_null_where_nothing_was_fetched() {
    let two = "[fetch.crm]\nurl = \"https://a.example/\"\n[fetch.b]\nurl = \"https://a.example/\"";
    let ruleset = good(&[rule("", "[{{ fetch.crm }}]", two)]);
    let text = ruleset.fetch_facts([("crm", "{\"n\":1.50}"), ("else", "3")]);
    assert_eq!(text, "{\"b\":null,\"crm\":{\"n\":1.50}}");
    let mut facts = Facts::default();
    facts.set_json(FETCH, ruleset.fetch_facts([]).into());
    assert_eq!(
        facts.root(FETCH).and_then(|root| root.get("crm")),
        Some(&Value::Null)
    );
}

#[test]
fn a_test_gives_facts_and_what_it_does_not_give_is_null() {
    let rule = r#"
about = "The model knows the plan."
when = 'fetch.crm.plan != "none"'
[then.inject]
text = "Plan: {{ fetch.crm.plan }}.{{ fetch.other }}"
[fetch.crm]
url = "https://crm.example.com/{{ customer.number }}"
[[test]]
name = "a plan"
given = { fetch = { crm = { plan = "gold" } } }
messages = [{ role = "user", content = "Hi." }]
upstream_gets = { messages = [{ role = "system", content = "Plan: gold." }, { role = "user", content = "Hi." }] }
[[test]]
name = "no answer"
messages = [{ role = "user", content = "Hi." }]
upstream_gets = { messages = [{ role = "user", content = "Hi." }] }
"#;
    let source = || Source::new("a.toml", rule);
    let (whole, problems) = Ruleset::read(vec![source()], &|_| None);
    assert!(
        whole.is_none() && problems.len() == 1,
        "`other` is nobody's: {problems:?}"
    );
    let (alone, problems) = Ruleset::read_alone(source(), &|_| None);
    let alone = Arc::new(alone.unwrap_or_else(|| panic!("{problems:?}")));
    for case in &alone.rules()[0].tests {
        assert_eq!(case.run(&alone, usize::MAX).failures, [], "{}", case.name);
    }
}
