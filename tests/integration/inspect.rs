//! `/inspect` over sockets: who may look, what is shown and what never is, and that nobody who looks
//! on slows a turn.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::DEADLINE;
use crate::aside::{Aside, Setup, config};
use crate::client::{Answer, Client};
use crate::recording::{VALUES, private_turn, rules, upstream, without};
use crate::upstream::Upstream;
use crate::wire::{CHAT, completion, saying, turn, turn_of, whole, with};

pub(crate) const ADMIN: &str = "admin-key-0123456789abcdef";
const REVEAL: &str = "reveal-key-0123456789abcdef";
pub(crate) const FROM_ELSEWHERE: (&str, &str) = ("x-forwarded-for", "203.0.113.7");

/// A server with admin keys; `more`: lines of its config.
pub(crate) fn serve(upstream: &Upstream, more: &str) -> Aside {
    let config = config(upstream, "");
    let config = format!(
        "admin_keys = [\"{ADMIN}\"]\nkeys = [\"callers-key-0123456789\"]\n{config}\n{more}\n"
    );
    Aside::serve(&rules(Setup::with_config(&config), "rules", "nothing"))
}

pub(crate) fn get(aside: &Aside, path: &str) -> Answer {
    aside.client().get(path, &[])
}

/// JSON that is asked for until it is as it must be.
pub(crate) fn wait_for(aside: &Aside, path: &str, is_there: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let answer = get(aside, path);
        if answer.status == 200 {
            let body = answer.json();
            if is_there(&body) {
                return body;
            }
        }
        let came = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(began.elapsed() < DEADLINE, "{path}: {came}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Plays a turn; gives its id.
pub(crate) fn play(aside: &Aside, headers: &[(&str, &str)], body: &[u8]) -> String {
    let answer = aside.client().post(CHAT, headers, body);
    answer.header("x-aside-turn").expect("an id").to_owned()
}

/// The line of a turn, once it is there.
fn shown(aside: &Aside, turn: &str) -> Value {
    wait_for(aside, &format!("/inspect/api/turns/{turn}"), |_| true)
}

pub(crate) const CALLERS: (&str, &str) = ("authorization", "Bearer callers-key-0123456789");

#[test]
fn s21_a_turn_is_shown_with_placeholders_and_found_by_digits_that_nobody_sees() {
    let upstream = upstream();
    let aside = serve(&upstream, "");
    let turn = play(&aside, &[CALLERS], &private_turn("call-1"));
    play(&aside, &[CALLERS], &private_turn("call-2"));
    let shown = shown(&aside, &turn);
    let (head, line) = (&shown["turn"], &shown["line"]);
    assert_eq!(
        (&head["call"], &head["ended"]),
        (&json!("call-1"), &json!("answered"))
    );
    assert!(
        head["caller"]
            .as_str()
            .is_some_and(|said| said.contains("[CARD_1]")),
        "{head}"
    );
    assert_eq!(head["hidden"]["CARD"], json!(1));
    assert_eq!(line["raw"], json!(false));
    assert!(line["back"].is_array() && line["steps"].is_array());
    let screen = wait_for(&aside, "/inspect/api/screen", |screen| {
        screen["calls"][1].is_object()
    });
    for (search, found) in [
        ("", 2),
        ("call-1", 1),
        ("CALL-", 2),
        ("0187", 2),
        ("…87", 2),
        ("0188", 0),
        (&turn, 1),
    ] {
        let search: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let calls = get(&aside, &format!("/inspect/api/calls?search={search}")).json();
        assert_eq!(
            calls["calls"].as_array().map(Vec::len),
            Some(found),
            "{search}: {calls}"
        );
    }
    let call = get(&aside, "/inspect/api/calls/call-1").json();
    for json in [&shown, &screen, &call] {
        without(VALUES, &json.to_string());
    }
    let test = get(&aside, &format!("/inspect/api/turns/{turn}/test")).json();
    // What the condition of a rule asks for stands in the rule, and is no news of the caller.
    let values: Vec<&str> = VALUES
        .iter()
        .copied()
        .filter(|it| *it != "canary-plan")
        .collect();
    without(&values, &test.to_string());
    assert_eq!(get(&aside, "/inspect/api/turns/turn_none").status, 404);
}

#[test]
fn s21_a_value_is_shown_to_a_key_of_its_own_only_and_the_log_has_no_value() {
    let upstream = upstream();
    let aside = serve(
        &upstream,
        &format!("[inspect]\nreveal_keys = [\"{REVEAL}\"]"),
    );
    let turn = play(&aside, &[CALLERS], &private_turn("call-1"));
    let shown = shown(&aside, &turn);
    without(VALUES, &shown.to_string());
    let names = shown["turn"]["revealable"].as_array().expect("names");
    assert!(
        names.contains(&json!("CARD_1")) && !names.contains(&json!("CVV_1")),
        "{names:?}"
    );
    let reveal = |name: &str, key: &str| {
        let body = json!({ "name": name, "key": key }).to_string();
        let path = format!("/inspect/api/turns/{turn}/reveal");
        aside.client().post(&path, &[], body.as_bytes())
    };
    let value = reveal("CARD_1", REVEAL).json();
    assert_eq!(value["value"], json!("4539 5787 6362 1486"));
    for (name, key, status) in [
        ("CARD_1", ADMIN, 403),
        ("CARD_1", "", 403),
        // What must never come back is not kept.
        ("CVV_1", REVEAL, 404),
        ("CARD_2", REVEAL, 404),
        ("x\ny", "no-key", 403),
    ] {
        let answer = reveal(name, key);
        assert_eq!(answer.status, status, "{name} {key}");
        without(VALUES, &String::from_utf8_lossy(&answer.body));
    }
    // Another key may not look at all.
    let headers = [
        FROM_ELSEWHERE,
        ("authorization", &*format!("Bearer {REVEAL}")),
    ];
    assert_eq!(
        aside.client().get("/inspect/api/screen", &headers).status,
        401
    );
    let log = aside.wait_for("a hidden value was shown");
    assert!(log.contains(&turn) && log.contains("CARD_1"), "{log}");
    without(VALUES, &aside.printed());
    let metrics = String::from_utf8(get(&aside, "/metrics").body).expect("text");
    assert!(
        metrics.contains("aside_inspect_reveals_total{outcome=\"shown\"} 1"),
        "{metrics}"
    );
    assert!(
        metrics.contains("aside_inspect_reveals_total{outcome=\"refused\"} 3"),
        "{metrics}"
    );

    let aside = serve(&upstream, "");
    let turn = play(&aside, &[CALLERS], &private_turn("call-1"));
    let kept = self::shown(&aside, &turn);
    assert_eq!(kept["turn"]["revealable"], json!([]));
}

#[test]
fn every_turn_is_there_however_it_ends_and_says_what_to_do_where_nothing_is_shown() {
    let answers = |said: &Value| said.to_string().contains("close");
    let upstream = Upstream::start(move |request, _| match answers(&request.json()) {
        true => whole(
            "400 Bad Request",
            "",
            r#"{"error":{"message":"no","type":"invalid_request_error","code":"context_length_exceeded"}}"#,
        ),
        false => saying(&["Hello."]),
    });
    let setup = Setup::with_config(&config(&upstream, ""))
        .rule("10-answer", "about = \"x\"\nwhen = 'turn.user == \"hours\"'\n[then.answer]\nsay = \"Nine to five.\"\n")
        .rule("20-fail", "about = \"x\"\non_error = \"fail\"\nwhen = 'turn.user == \"fail\"'\n[then.inject]\ntext = \"{{ context.call.nothing }}\"\n");
    let aside = Aside::serve(&setup);
    for (said, ended, dark, answered_by) in [
        ("hello", "answered", Value::Null, Value::Null),
        ("hours", "answered", Value::Null, json!("10-answer")),
        ("fail", "refused", json!("refused"), Value::Null),
        ("close", "apology", Value::Null, Value::Null),
    ] {
        let turn = play(&aside, &[], &turn_of("call-1", said));
        let shown = shown(&aside, &turn);
        let head = &shown["turn"];
        let found = (&head["ended"], &head["dark"], &head["answered_by"]);
        assert_eq!(
            found,
            (&json!(ended), &dark, &answered_by),
            "{said}: {head}"
        );
        assert_eq!(shown["line"].is_null(), !dark.is_null(), "{said}");
        match said {
            "hours" => assert_eq!(head["heard"], json!("Nine to five.")),
            "fail" => assert_eq!(head["steps"][1]["outcome"], json!("failed"), "{head}"),
            "close" => assert_eq!(
                head["failures"][0]["code"],
                json!("context_length_exceeded"),
                "{head}"
            ),
            _ => {}
        }
    }
    let turns = get(&aside, "/inspect/api/calls/call-1").json();
    assert_eq!(turns["turns"].as_array().map(Vec::len), Some(4));
}

#[test]
fn what_is_kept_is_bounded_and_switched_off_says_so() {
    let upstream = Upstream::start(|_, _| completion("Hello."));
    let setup = |more: &str| Setup::with_config(&format!("{}\n{more}", config(&upstream, "")));
    let aside = Aside::serve(&setup("[inspect]\nturns = 3"));
    for number in 0..8 {
        let body = with(
            &turn_of(&format!("call-{number}"), "hi"),
            json!({ "stream": false }),
        );
        let turn = play(&aside, &[], &body);
        shown(&aside, &turn);
    }
    let screen = get(&aside, "/inspect/api/screen").json();
    let calls: Vec<_> = screen["calls"]
        .as_array()
        .expect("calls")
        .iter()
        .map(|call| call["call"].clone())
        .collect();
    assert_eq!(calls, ["call-7", "call-6", "call-5"]);
    assert_eq!(screen["state"]["kept"]["turns"], json!(3));

    let aside = Aside::serve(&setup("[inspect]\nenabled = false"));
    play(&aside, &[], &turn("hi"));
    assert_eq!(get(&aside, "/inspect").status, 200);
    let screen = get(&aside, "/inspect/api/screen").json();
    assert_eq!(screen["state"]["enabled"], json!(false));
    for path in ["/inspect/events", "/inspect/api/calls"] {
        let told = get(&aside, path).error(404);
        assert!(
            told.contains("switched off") && told.contains("enabled = true"),
            "{told}"
        );
    }
}

#[test]
fn a_turn_is_told_to_who_looks_on_as_it_comes_and_as_it_ends() {
    let upstream = upstream();
    let aside = serve(&upstream, "");
    let mut viewer = aside.client();
    viewer.send("GET", "/inspect/events", &[], b"");
    let head = viewer.head();
    assert_eq!(
        head.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
    viewer.read_until(": live");
    let turn = play(&aside, &[CALLERS], &private_turn("call-1"));
    let told = viewer.read_until("event: turn");
    assert!(
        told.contains("event: begun") && told.contains(&turn),
        "{told}"
    );
    without(VALUES, &told);
}

#[test]
fn s22_who_looks_on_and_reads_nothing_slows_no_turn() {
    let upstream = Upstream::start(|_, _| completion("Hello."));
    let aside = Aside::serve(&Setup::with_config(&config(&upstream, "")));
    let viewers: Vec<Client> = (0..50)
        .map(|_| {
            let mut viewer = Client::narrow(aside.address);
            viewer.send("GET", "/inspect/events", &[], b"");
            assert_eq!(viewer.head().status, 200);
            viewer
        })
        .collect();
    let mut client = aside.client();
    let long = "x".repeat(4000);
    for number in 0..400 {
        let body = with(
            &turn_of(&format!("call-{number}-{long}"), "hi"),
            json!({ "stream": false }),
        );
        let answer = client.post(CHAT, &[], &body);
        assert_eq!(answer.status, 200);
    }
    // Those who read nothing are still there, and hold no more than their share.
    let screen = get(&aside, "/inspect/api/screen").json();
    assert!(screen["state"]["kept"]["turns"].as_u64() > Some(0));
    drop(viewers);
}

#[test]
fn rules_that_are_broken_on_disk_are_told_with_line_and_caret() {
    let upstream = upstream();
    let aside = serve(&upstream, "");
    let rule = aside.path("rules/10-inject.toml");
    std::fs::write(rule, "about = \"x\"\n[then.inject]\ntxt = \"a\"\n").expect("a file");
    let screen = wait_for(&aside, "/inspect/api/screen", |screen| {
        screen["state"]["broken"][0].is_object()
    });
    let broken = &screen["state"]["broken"][0];
    assert_eq!(broken["line"], json!(3), "{broken}");
    let shown = broken["shown"].as_str().expect("text");
    assert!(
        shown.contains("10-inject.toml:3:1") && shown.contains("^^^"),
        "{shown}"
    );
}
