//! A rule of the kind `set` says who is asked: an upstream before those of the route, or another route's.

use crate::aside::{Aside, Setup};
use crate::upstream::Upstream;
use crate::wire::{CHAT, Reply, saying, turn, turn_of, whole, with};

const APOLOGY: &str = "Sorry, I did not get that. Could you say it again?";

/// Two upstreams of the default route, and a third that no route asks but `night`.
fn config(first: &Upstream, second: &Upstream, third: &str) -> String {
    format!(
        "[upstream.first]\nurl = \"{}\"\n[upstream.second]\nurl = \"{}\"\n[upstream.third]\nurl = \"{third}\"\nmodel = \"third-model\"\n\
         [route.default]\nupstreams = [\"first\", \"second\"]\n[route.night]\nupstreams = [\"third\", \"second\"]\n",
        first.url(),
        second.url()
    )
}

fn rule(upstream: &str) -> String {
    format!(
        "about = \"x\"\nwhen = 'turn.user.contains(\"night\")'\n[then.set]\nupstream = \"{upstream}\"\n\n\
         [[test]]\nname = \"it is asked\"\ncaller = \"At night.\"\nupstream_asked = \"{upstream}\"\n"
    )
}

fn heard(aside: &Aside, said: &str) -> String {
    let answer = aside.client().post(CHAT, &[], &turn(said));
    assert_eq!(answer.status, 200);
    Reply::read(&answer.text()).heard()
}

#[test]
fn an_upstream_or_a_route_that_a_rule_names_is_asked() {
    let (first, second, third) = (
        Upstream::playing(saying(&["I am the first."])),
        Upstream::playing(saying(&["I am the second."])),
        Upstream::playing(saying(&["I am the third."])),
    );
    for (upstream, expected) in [
        ("second", "I am the second."),
        ("third", "I am the third."),
        ("night", "I am the third."),
    ] {
        let setup = Setup::with_config(&config(&first, &second, &third.url()));
        let aside = Aside::serve(&setup.rule("10-night", &rule(upstream)));
        assert_eq!(heard(&aside, "By day."), "I am the first.");
        assert_eq!(heard(&aside, "At night."), expected);
        let line = aside.wait_for("changed=\"10-night\"");
        assert!(line.contains("route=\"default\""), "{line}");
    }
    let asked = third.request(0).json();
    assert_eq!(asked["model"], "third-model", "it is asked in its own form");
}

#[test]
fn where_it_fails_the_next_is_asked() {
    let (first, second) = (
        Upstream::playing(saying(&["I am the first."])),
        Upstream::playing(saying(&["I am the second."])),
    );
    let third = Upstream::playing(whole("500 Internal Server Error", "", "{}"));
    for (upstream, expected) in [("third", "I am the first."), ("night", "I am the second.")] {
        let setup = Setup::with_config(&config(&first, &second, &third.url()));
        let aside = Aside::serve(&setup.rule("10-night", &rule(upstream)));
        assert_eq!(heard(&aside, "At night."), expected);
    }
    let gone = config(&first, &second, &third.url()).replace("\"third\", \"second\"", "\"third\"");
    let aside = Aside::serve(&Setup::with_config(&gone).rule("10-night", &rule("night")));
    assert_eq!(heard(&aside, "At night."), APOLOGY);
}

#[test]
fn parameters_go_as_the_rule_says_and_the_upstream_takes() {
    let upstream = Upstream::playing(saying(&["Ok."]));
    let config = format!(
        "[upstream.mock]\npreset = \"openai\"\nurl = \"{}\"\n",
        upstream.url()
    );
    let set = "about = \"x\"\n[then.set]\nmodel = \"gpt-5-mini\"\ntemperature = 0.2\nmax_tokens = 80\nunset = [\"top_p\"]\n";
    let aside = Aside::serve(&Setup::with_config(&config).rule("10-set", set));
    let request = with(
        &turn_of("call-1", "Hi."),
        serde_json::json!({"model": "gpt-4o", "temperature": 1, "top_p": 0.5}),
    );
    assert_eq!(aside.client().post(CHAT, &[], &request).status, 200);
    let sent = upstream.request(0).json();
    assert_eq!(sent["model"], "gpt-5-mini");
    // What a model that reasons refuses is its preset's matter.
    assert_eq!(sent["max_completion_tokens"], 80);
    for gone in ["temperature", "max_tokens", "top_p"] {
        assert!(sent.get(gone).is_none(), "{gone}: {sent}");
    }
}

#[test]
fn a_field_of_the_upstreams_own_goes_where_the_config_names_it_and_is_told_elsewhere() {
    let rule = "about = \"x\"\n[then.set]\nmore = { top_k = 40 }\n";
    for (fields, goes) in [("", false), ("fields = [\"top_k\"]\n", true)] {
        let upstream = Upstream::playing(saying(&["Ok."]));
        let config = format!("[upstream.mock]\nurl = \"{}\"\n{fields}", upstream.url());
        let setup = Setup::with_config(&config).rule("10-set", rule);
        let done = setup.run(&["check"], "");
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        let told = "rules/10-set.toml:3:18: `top_k` goes nowhere";
        assert_eq!(done.stderr.contains(told), !goes, "{}", done.stderr);
        let turn = turn_of("call-1", "Hi.");
        let body = String::from_utf8(turn.clone()).expect("text");
        let shown = setup.run(&["explain", "-"], &body);
        let told = "`top_k`, which a rule set, stays here";
        assert_eq!(shown.stdout.contains(told), !goes, "{}", shown.stdout);
        let aside = Aside::serve(&setup);
        assert_eq!(aside.client().post(CHAT, &[], &turn).status, 200);
        let sent = upstream.request(0).json();
        assert_eq!(sent.get("top_k").is_some(), goes, "{sent}");
    }
}

#[test]
fn an_upstream_that_the_config_has_not_is_a_problem() {
    let config = "[upstream.first]\nurl = \"http://127.0.0.1:9/v1\"\n";
    let setup = Setup::with_config(config).rule("10-night", &rule("frist"));
    for command in [&["check"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let done = setup.run(command, "");
        assert_eq!(done.code, Some(1), "{}", done.stderr);
        for told in [
            "rules/10-night.toml:4:12: the config has no upstream and no route `frist`",
            "did you mean `first`?",
        ] {
            assert!(done.stderr.contains(told), "{told}\n{}", done.stderr);
        }
    }
}

#[test]
fn a_value_that_a_rule_brings_behind_one_that_hides_it_is_a_warning() {
    let hides = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\nknown = [\"customer.name\"]\n";
    for (rule, told) in [
        (
            "[then.set]\nuser = \"{{ customer.name }}\"",
            "`customer.name`",
        ),
        ("[then.set]\nuser = \"{{ turn.user }}\"", "`turn.user`"),
        (
            "[then.tools]\ndescribe = { book = \"For {{ customer.name }}.\" }",
            "`customer.name`",
        ),
    ] {
        let rule = format!("about = \"x\"\n{rule}\n");
        let told = format!("{told} reaches the model as it is");
        let behind = Setup::default()
            .rule("10-hide", hides)
            .rule("20-say", &rule);
        let done = behind.run(&["check"], "");
        assert!(done.stderr.contains(&told), "{told}: {}", done.stderr);
        let before = Setup::default()
            .rule("10-say", &rule)
            .rule("20-hide", hides);
        let done = before.run(&["check"], "");
        assert!(!done.stderr.contains(&told), "{told}: {}", done.stderr);
    }
}
