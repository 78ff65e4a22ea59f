//! What is measured of turns beside their outcome: what aside adds, what rules hold back, and how much
//! of a prompt a provider's cache can use.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::metrics::{scrape, wait_for};
use crate::upstream::Upstream;
use crate::wire::{CHAT, saying, turn, with};

const REDACT: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";
const COMPARED: &str = "aside_prefix_shared_ratio_count";
const LONG: &str = "You answer the phone of a shop for bicycles, and are brief. You never promise a date. \
    You sell no cars. Where somebody is angry you stay calm, and offer that a colleague calls back.";

/// The body of a turn of a call that has said so much.
pub(crate) fn said(call: &str, system: &str, texts: &[&str]) -> Vec<u8> {
    let mut messages = vec![json!({ "role": "system", "content": system })];
    let roles = ["user", "assistant"].iter().cycle();
    let said = texts.iter().zip(roles);
    messages.extend(said.map(|(text, role)| json!({ "role": role, "content": text })));
    let fields = json!({ "messages": messages, "call": { "id": call } });
    with(&turn(""), fields)
}

fn broken_by(rule: &str) -> String {
    format!("aside_prefix_breaks_total{{rule=\"{rule}\"}}")
}

#[test]
fn what_rules_hold_back_and_what_aside_adds_are_measured() {
    let upstream = Upstream::playing(saying(&["Charging [CA", "RD_1", "], and more."]));
    let setup = Setup::with_config(&config(&upstream, "")).rule("20-redact", REDACT);
    let aside = Aside::serve(&setup);
    let answer = aside
        .client()
        .post(CHAT, &[], &turn("It is 4539 5787 6362 1486."));
    assert!(answer.text().contains("1486"), "{}", answer.text());
    let phase = |phase: &str| format!("aside_overhead_seconds_count{{phase=\"{phase}\"}}");
    let found = wait_for(
        &aside,
        &[
            ("aside_holdback_chars_count", 1.0),
            ("aside_holdback_chars_sum", 7.0),
            (&phase("request"), 1.0),
            (&phase("gather"), 1.0),
            (&phase("rules"), 1.0),
            (&phase("reply"), 1.0),
        ],
    );
    let took = |phase: &str| found[&format!("aside_overhead_seconds_sum{{phase=\"{phase}\"}}")];
    assert!(
        took("gather") + took("rules") <= took("request"),
        "{found:#?}"
    );
    assert!(took("reply") > 0.0);
}

#[test]
fn a_reply_that_nothing_holds_back_counts_as_such() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    aside.client().post(CHAT, &[], &turn("Hi."));
    wait_for(
        &aside,
        &[
            ("aside_holdback_chars_count", 1.0),
            ("aside_holdback_chars_sum", 0.0),
            (COMPARED, 0.0),
        ],
    );
}

#[test]
fn a_call_whose_prompt_begins_anew_is_told_with_the_rule_that_did_it() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let clock =
        "about = \"x\"\n[then.inject]\nplace = \"system-end\"\ntext = \"It is {{ now }}.\"\n";
    let late = "about = \"x\"\n[then.inject]\ntext = \"It is {{ now }}.\"\n";
    let (first, next) = (&["Hi."][..], &["Hi.", "Hello.", "Bye."][..]);
    for (rule, text, breaks) in [("10-clock", clock, 1.0), ("10-late", late, 0.0)] {
        let setup = Setup::with_config(&config(&upstream, "")).rule(rule, text);
        let aside = Aside::serve(&setup);
        let ask = |body: &[u8]| assert_eq!(aside.client().post(CHAT, &[], body).status, 200);
        ask(&said("one", LONG, first));
        ask(&said("two", LONG, first));
        wait_for(&aside, &[(COMPARED, 0.0), (&broken_by(rule), 0.0)]);
        ask(&said("one", LONG, next));
        let found = wait_for(&aside, &[(COMPARED, 1.0), (&broken_by(rule), breaks)]);
        let shared = found["aside_prefix_shared_ratio_sum"];
        assert!(shared > 0.2 && shared < 1.0, "{rule}: {shared}");
        ask(&said("two", "Be brief.", next));
        wait_for(&aside, &[(COMPARED, 2.0), (&broken_by("(client)"), 1.0)]);
    }
}

#[test]
fn turns_without_a_call_are_compared_with_nothing() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let body = with(&turn(""), json!({ "call": Value::Null }));
    for _ in 0..2 {
        aside.client().post(CHAT, &[], &body);
    }
    aside.wait_for("outcome=\"answered\"");
    assert!(
        !scrape(&aside)
            .keys()
            .any(|name| name.starts_with(COMPARED) && scrape(&aside)[name] > 0.0)
    );
}
