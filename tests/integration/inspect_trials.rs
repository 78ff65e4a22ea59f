//! What is tried from the inspector: a rule on turns that are kept, and a turn as a test. Nothing of
//! it is saved.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::client::Answer;
use crate::inspect::{get, play, wait_for};
use crate::recording::{VALUES, private_turn, rules, upstream, without};
use crate::upstream::Upstream;
use crate::wire::{saying, turn_of};

fn try_rule(aside: &Aside, rule: &str, text: &str, turn: &str) -> Answer {
    let body = json!({ "route": "default", "rule": rule, "text": text, "turn": turn });
    let body = body.to_string();
    aside
        .client()
        .post("/inspect/api/playground", &[], body.as_bytes())
}

/// A setup before an upstream with all the rules of recordings.
pub(crate) fn with_all_rules(upstream: &Upstream) -> Setup {
    rules(
        Setup::with_config(&config(upstream, "")),
        "rules",
        "nothing",
    )
}

/// A server with a call of three turns.
fn with_turns() -> (Aside, Upstream, Vec<String>) {
    let upstream = upstream();
    let aside = Aside::serve(&with_all_rules(&upstream));
    let turns: Vec<_> = (0..3)
        .map(|_| play(&aside, &[], &private_turn("call-1")))
        .collect();
    wait_for(&aside, "/inspect/api/calls/call-1", |call| {
        call["turns"][2].is_object()
    });
    (aside, upstream, turns)
}

#[test]
fn a_rule_is_tried_on_a_turn_and_on_those_that_are_kept_and_never_saved() {
    let (aside, upstream, turns) = with_turns();
    let asked = upstream.count();
    let text = "about = \"x\"\n[then.rewrite]\nfind = '\\*{1,3}'\nreplace = \"~\"\nin = [\"user\", \"reply\"]\n";
    let answer = try_rule(&aside, "40-style", text, &turns[0]).json();
    assert_eq!(answer["problems"], json!([]));
    let report = &answer["report"];
    assert_eq!((&report["tried"], &report["of"]), (&json!(3), &json!(3)));
    assert_eq!(report["changed"], json!(3), "{report}");
    assert_eq!(report["this"]["outcome"][0], json!("changed"));
    let upstream_gets = report["this"]["difference"]["upstream"].to_string();
    assert!(upstream_gets.contains('~'), "{upstream_gets}");
    without(VALUES, &answer.to_string());
    // The rule as it is changes nothing, and a new one may stand among the others.
    let files = get(&aside, "/inspect/api/rules/default").json();
    let own = files["files"]
        .as_array()
        .expect("files")
        .iter()
        .find(|file| file["rule"] == json!("40-style"));
    let own = own.expect("the rule")["text"].as_str().expect("text");
    let same = try_rule(&aside, "40-style", own, &turns[0]).json();
    assert_eq!(same["report"]["changed"], json!(0), "{same}");
    let new = "about = \"x\"\n[then.inject]\ntext = \"Speak slowly.\"\n";
    let new = try_rule(&aside, "50-new", new, &turns[1]).json();
    assert_eq!(new["report"]["changed"], json!(3), "{new}");
    assert!(
        new["report"]["this"]["difference"]["upstream"]
            .to_string()
            .contains("slowly")
    );
    // Nothing was saved, and nobody asked.
    let again = get(&aside, "/inspect/api/rules/default").json();
    assert_eq!(again, files);
    assert_eq!(upstream.count(), asked);
}

#[test]
fn a_rule_that_is_wrong_is_told_with_its_place_and_one_that_takes_long_ends() {
    let (aside, _upstream, turns) = with_turns();
    let wrong = try_rule(
        &aside,
        "40-style",
        "about = \"x\"\n[then.rewrite]\nfind = '('\nreplace = \"\"\n",
        &turns[0],
    )
    .json();
    assert_eq!(wrong["report"], Value::Null);
    assert_eq!(wrong["problems"][0]["line"], json!(3));
    assert!(
        wrong["problems"][0]["shown"]
            .as_str()
            .is_some_and(|shown| shown.contains("^")),
        "{wrong}"
    );
    for (text, status) in [
        (&*"x".repeat(200 << 10), 413),
        (
            "about = \"x\"\n[then.inject]\ntext = \"{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}\"\n",
            200,
        ),
    ] {
        assert_eq!(try_rule(&aside, "60-long", text, &turns[0]).status, status);
    }
    let body = json!({ "route": "none", "rule": "a", "text": "", "turn": null }).to_string();
    aside
        .client()
        .post("/inspect/api/playground", &[], body.as_bytes())
        .error(404);
    for body in ["{}", "[1]", "{\"route\":1}"] {
        aside
            .client()
            .post("/inspect/api/playground", &[], body.as_bytes())
            .error(400);
    }
    assert_eq!(get(&aside, "/inspect/api/playground").status, 405);
}

#[test]
fn a_turn_becomes_a_test_that_passes() {
    let upstream =
        Upstream::start(|_, _| saying(&["Charging [CARD_1] for [EMAIL_1] ", "now, **Ann**."]));
    let setup = rules(Setup::with_config(&config(&upstream, "")), "rules", "gold");
    let aside = Aside::serve(&setup);
    let said = "Use 5425 2334 3010 9903 and kit@mail.example.com \"please\".\nThanks";
    let turn = play(&aside, &[], &turn_of("call-1", said));
    wait_for(&aside, &format!("/inspect/api/turns/{turn}"), |_| true);
    let test = get(&aside, &format!("/inspect/api/turns/{turn}/test")).json();
    let text = test["text"].as_str().expect("text");
    assert!(
        text.starts_with("[[test]]\n") && text.contains("[CARD_1]"),
        "{text}"
    );
    without(&["5425", "kit@mail"], text);
    assert_eq!(test["ran"]["passes"], json!(true), "{test:#}");
    // And it is a file that aside takes.
    let with_test = setup.file("rules/tests/turn.toml", text);
    let ran = with_test.run(&["test"], "");
    assert_eq!(ran.code, Some(0), "{} {}", ran.stdout, ran.stderr);
}

#[test]
fn what_rules_hold_back_is_told_as_the_metric_has_it_also_where_they_change_its_length() {
    for (rule, pieces) in [
        (
            "[then.redact]\nfind = [\"card\"]\n",
            &["Charging [CA", "RD_1", "], and more."][..],
        ),
        (
            "[then.rewrite]\nfind = 'A\\.I\\.D\\.E'\nreplace = \"\"\nin = [\"reply\"]\n",
            &["So A.", "I.D", ".E it is, A.I", "."],
        ),
        (
            "[then.rewrite]\nfind = 'abc'\nreplace = \"a much longer text\"\nin = [\"reply\"]\n",
            &["ab", "c", "ab"],
        ),
        (
            "[then.speak]\nnumbers = true\n",
            &["**That is 1", "2", "5 dollars** at 5:", "30 ", "pm."],
        ),
    ] {
        let reply = saying(pieces);
        let upstream = Upstream::start(move |_, _| reply.clone());
        let setup = Setup::with_config(&config(&upstream, ""));
        let rule = format!("about = \"x\"\n{rule}");
        let aside = Aside::serve(&setup.rule("20-own", &rule));
        let turn = play(&aside, &[], &turn_of("c", "It is 4539 5787 6362 1486."));
        let shown = wait_for(&aside, &format!("/inspect/api/turns/{turn}"), |_| true);
        let held = shown["line"]["held_back"].as_f64().expect("it is told");
        let counted = [
            ("aside_holdback_chars_count", 1.0),
            ("aside_holdback_chars_sum", held),
        ];
        crate::metrics::wait_for(&aside, &counted);
        assert!(held > 0.0, "{rule}");
    }
}
