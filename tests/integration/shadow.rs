//! Rules in the shadow: they are tried, and nobody waits for them or hears of them.

use std::time::{Duration, Instant};

use crate::aside::{Aside, Setup, config};
use crate::metrics::wait_for;
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, completion, saying, turn, turn_of, with};

const REDACT: &str = "about = \"x\"\nshadow = true\n[then.redact]\nfind = [\"card\"]\n";

fn steps(rule: &str, outcome: &str) -> String {
    format!("aside_shadow_outcome_total{{rule=\"{rule}\",outcome=\"{outcome}\"}}")
}

#[test]
fn a_shadow_rule_is_counted_and_changes_nothing() {
    let upstream = Upstream::start(
        |request, _| match request.text().contains("\"stream\":true") {
            true => saying(&["Fi", "ne [CARD_1]."]),
            false => completion("Fine."),
        },
    );
    let setup = Setup::with_config(&config(&upstream, ""))
        .rule("10-card", REDACT)
        .rule(
            "20-reply",
            "about = \"x\"\nshadow = true\n[then.rewrite]\nfind = 'Fine'\nreplace = \"Good\"\nin = [\"reply\"]\n",
        )
        .rule(
            "30-fails",
            "about = \"x\"\nshadow = true\non_error = \"fail\"\n[then.inject]\ntext = \"{{ customer.name }}\"\n",
        )
        .env("ASIDE_LOG", "debug");
    let aside = Aside::serve(&setup);
    let said = "My card is 4539 5787 6362 1486, not [CARD_1].";
    let answer = aside.client().post(CHAT, &[], &turn(said));
    assert_eq!(Reply::read(&answer.text()).heard(), "Fine [CARD_1].");
    let sent = upstream.request(0).json();
    assert_eq!(sent["messages"][1]["content"], said);
    let whole = with(&turn("Hi."), serde_json::json!({ "stream": false }));
    let answer = aside.client().post(CHAT, &[], &whole).json();
    assert_eq!(answer["choices"][0]["message"]["content"], "Fine.");
    wait_for(
        &aside,
        &[
            (&steps("10-card", "changed"), 1.0),
            (&steps("10-card", "unchanged"), 1.0),
            (&steps("20-reply", "changed"), 2.0),
            (&steps("30-fails", "failed"), 2.0),
        ],
    );
    let line = aside.wait_for("it would change 1 message");
    assert!(line.contains("10-card"), "{line}");
    let printed = aside.printed();
    assert!(
        !printed.contains("4539") && !printed.contains("Good"),
        "{printed}"
    );
}

#[test]
fn what_only_a_shadow_rule_fetches_holds_no_turn() {
    let upstream = Upstream::playing(saying(&["Fine."]));
    let crm = Upstream::playing(vec![ScriptStep::Hang]);
    let fetch = format!(
        "about = \"x\"\nshadow = true\n[fetch.crm]\nurl = \"{}/a\"\nwithin = \"10s\"\n[then.inject]\ntext = \"{{{{ fetch.crm.name }}}}\"\n",
        crm.url()
    );
    let hosts = format!("[fetch]\nhosts = [\"{}\"]\nprivate = true\n", crm.address());
    let setup = Setup::with_config(&format!("{hosts}{}", config(&upstream, "")));
    let aside = Aside::serve(&setup.rule("10-crm", &fetch));
    let began = Instant::now();
    let answer = aside.client().post(CHAT, &[], &turn_of("call-1", "Hi."));
    let took = began.elapsed();
    assert_eq!(Reply::read(&answer.text()).heard(), "Fine.");
    assert!(took < Duration::from_secs(8), "{took:?}");
    crm.request(0);
    wait_for(&aside, &[(&steps("10-crm", "failed"), 1.0)]);
    let line = aside.wait_for("the shadow rule failed");
    assert!(line.contains("was not known in time"), "{line}");
}

#[test]
fn a_shadow_rule_sees_what_was_fetched_for_it() {
    let upstream = Upstream::start(|_, _| {
        let mut steps = vec![ScriptStep::Pause(Duration::from_millis(500))];
        steps.extend(saying(&["Fine."]));
        steps
    });
    let crm = Upstream::playing(crate::wire::whole("200 OK", "", "{\"name\":\"Ann\"}"));
    let fetch = format!(
        "about = \"x\"\nshadow = true\n[fetch.crm]\nurl = \"{}/a\"\n[then.inject]\ntext = \"{{{{ fetch.crm.name }}}}\"\n",
        crm.url()
    );
    let hosts = format!("[fetch]\nhosts = [\"{}\"]\nprivate = true\n", crm.address());
    let setup = Setup::with_config(&format!("{hosts}{}", config(&upstream, "")));
    let aside = Aside::serve(&setup.rule("10-crm", &fetch));
    aside.client().post(CHAT, &[], &turn_of("call-1", "Hi."));
    wait_for(&aside, &[(&steps("10-crm", "changed"), 1.0)]);
    assert!(!upstream.request(0).text().contains("Ann"));
}
