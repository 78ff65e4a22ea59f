//! What is too much: of all callers, of one key, of one call, and of what rules inject.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::DEADLINE;
use crate::aside::{Aside, Setup, config};
use crate::client::{Answer, Client};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{
    APOLOGY, CHAT, Reply, completion, saying, says, stop, stream_head, turn, turn_of, with,
};

/// Far more than it takes to be turned away, and far less than an upstream holds a turn.
const AT_ONCE: Duration = Duration::from_secs(5);
const GREEDY: &str = "greedy-key-77aa";
const MODEST: &str = "modest-key-88bb";

/// Says "Hello.", and ends when the test opens the gate.
fn holding() -> Upstream {
    let held = vec![
        stream_head(),
        says("Hello."),
        ScriptStep::Wait(1),
        stop(),
        ScriptStep::EndChunks,
    ];
    Upstream::playing(held)
}

/// A server with two keys; errors are statuses.
fn serving(upstream: &Upstream, limits: &str) -> Aside {
    let keys = format!("keys = [\"{GREEDY}\", \"{MODEST}\"]\n");
    Aside::serve(&Setup::with_config(&(keys + &honest(upstream, limits))))
}

/// A server without keys.
fn open(upstream: &Upstream, limits: &str) -> Aside {
    Aside::serve(&Setup::with_config(&honest(upstream, limits)))
}

fn honest(upstream: &Upstream, limits: &str) -> String {
    let route = format!(
        "first_token = \"15s\"\nstall = \"15s\"\non_error = \"status\"\n[limits]\n{limits}\n"
    );
    config(upstream, &route)
}

/// Begins a turn that the upstream holds.
fn hold(aside: &Aside, headers: &[(&str, &str)]) -> (Client, String) {
    let mut client = aside.client();
    client.send("POST", CHAT, headers, &turn("Hi."));
    assert_eq!(client.head().status, 200);
    let so_far = client.read_until("Hello.");
    (client, so_far)
}

fn heard((mut client, so_far): (Client, String)) -> String {
    Reply::read(&(so_far + &client.rest())).heard()
}

fn ask(aside: &Aside, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    aside.client().post(CHAT, headers, body)
}

/// Checks that a turn was turned away with this; gives the seconds of `Retry-After`.
#[track_caller]
fn shed(answer: &Answer, status: u16, code: &str) -> Option<u64> {
    answer.error(status);
    assert_eq!(answer.json()["error"]["code"], code);
    let after = answer.header("retry-after");
    after.map(|seconds| seconds.parse().expect("whole seconds"))
}

#[test]
fn r32_beyond_all_places_turns_are_shed_at_once_and_none_waits() {
    let upstream = holding();
    let aside = open(&upstream, "streams = 3");
    let held: Vec<_> = (0..3).map(|_| hold(&aside, &[])).collect();
    let began = Instant::now();
    for _ in 0..12 {
        let answer = ask(&aside, &[], &turn("Hi."));
        assert_eq!(shed(&answer, 503, "overloaded"), Some(1));
    }
    assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
    upstream.open(1);
    for turn in held {
        assert_eq!(heard(turn), "Hello.");
    }
    assert_eq!(upstream.count(), 3, "no turn waited for a place");
    let deadline = Instant::now() + DEADLINE;
    while ask(&aside, &[], &turn("Hi.")).status != 200 {
        assert!(Instant::now() < deadline, "no place is free again");
    }
}

#[test]
fn r33_a_key_at_ten_times_its_share_leaves_the_others_theirs() {
    let upstream = holding();
    let aside = serving(&upstream, "streams = 5\nstreams_per_key = 2");
    let (greedy, modest) = ([("authorization", GREEDY)], [("authorization", MODEST)]);
    let mut held: Vec<_> = (0..2).map(|_| hold(&aside, &greedy)).collect();
    for _ in 0..20 {
        let answer = ask(&aside, &greedy, &turn("Hi."));
        assert_eq!(shed(&answer, 429, "rate_limit_exceeded"), Some(1));
    }
    // The key in the path counts as the same key.
    let path = format!("/{GREEDY}{CHAT}");
    let answer = aside.client().post(&path, &[], &turn("Hi."));
    shed(&answer, 429, "rate_limit_exceeded");
    held.extend((0..2).map(|_| hold(&aside, &modest)));
    shed(
        &ask(&aside, &modest, &turn("Hi.")),
        429,
        "rate_limit_exceeded",
    );
    upstream.open(1);
    for turn in held {
        assert_eq!(heard(turn), "Hello.");
    }
    assert_eq!(upstream.count(), 4, "no turn waited for a place");
    let told = aside.client().get("/metrics", &[]).text();
    let series = "aside_turns_shed_total{reason=\"streams_per_key\"} 22";
    assert!(told.contains(series), "{told}");
    for place in [told, aside.printed()] {
        assert!(
            !place.contains(GREEDY) && !place.contains(MODEST),
            "{place}"
        );
    }
}

#[test]
fn r33_a_key_that_asks_ten_times_too_often_leaves_the_others_their_rate() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = serving(&upstream, "turns_per_key = \"3/h\"");
    for key in [GREEDY, MODEST] {
        let key = [("authorization", key)];
        let status = || ask(&aside, &key, &turn("Hi.")).status;
        assert_eq!([status(), status(), status()], [200; 3]);
        for _ in 0..27 {
            let after = shed(&ask(&aside, &key, &turn("Hi.")), 429, "rate_limit_exceeded");
            let after = after.expect("when to come again");
            assert!((1100..=1200).contains(&after), "{after}");
        }
    }
    assert_eq!(upstream.count(), 6);
}

#[test]
fn s26_without_keys_all_callers_have_one_share() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = open(&upstream, "turns_per_key = \"2/h\"");
    let ask_as = |key| ask(&aside, &[("authorization", key)], &turn("Hi."));
    assert_eq!(ask_as("Bearer one").status, 200);
    assert_eq!(ask_as("Bearer two").status, 200);
    shed(&ask_as("Bearer three"), 429, "rate_limit_exceeded");
}

#[test]
fn s26_where_failures_are_spoken_the_caller_hears_the_apology() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let limits = "[limits]\nturns_per_key = \"3/h\"\ncall_turns = 2\n";
    let aside = Aside::with_route(&upstream, limits);
    let say = |call| Reply::read(&ask(&aside, &[], &turn_of(call, "Hi.")).text()).heard();
    assert_eq!([say("a"), say("a"), say("b")], ["Hello."; 3]);
    assert_eq!(say("b"), APOLOGY, "the rate of the key");
    let aside = Aside::with_route(&upstream, "[limits]\ncall_turns = 2\n");
    let say = |call| Reply::read(&ask(&aside, &[], &turn_of(call, "Hi.")).text()).heard();
    assert_eq!([say("a"), say("a"), say("b")], ["Hello."; 3]);
    assert_eq!(say("a"), APOLOGY, "the turns of the call");
}

#[test]
fn s26_a_body_has_so_many_bytes_and_not_one_more() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let body = turn("Hi.");
    for (bytes, status) in [(body.len(), 200), (body.len() - 1, 413)] {
        let aside = open(&upstream, &format!("body = \"{bytes} B\""));
        assert_eq!(ask(&aside, &[], &body).status, status, "{bytes}");
    }
    assert_eq!(upstream.count(), 1);
}

#[test]
fn s26_a_call_has_so_many_turns_and_not_one_more() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = serving(&upstream, "call_turns = 3");
    let ask_of = |key, call| ask(&aside, &[("authorization", key)], &turn_of(call, "Hi."));
    for _ in 0..3 {
        assert_eq!(ask_of(GREEDY, "call-1").status, 200);
    }
    let after = shed(&ask_of(GREEDY, "call-1"), 429, "call_turns_exceeded");
    assert_eq!(after, None, "no time makes it better");
    assert_eq!(ask_of(GREEDY, "call-2").status, 200);
    assert_eq!(ask_of(MODEST, "call-1").status, 200, "another's call");
    let named = [("authorization", GREEDY), ("x-call-id", "call-1")];
    shed(
        &ask(&aside, &named, &turn("Hi.")),
        429,
        "call_turns_exceeded",
    );
    for _ in 0..5 {
        let alone = [("authorization", GREEDY)];
        assert_eq!(ask(&aside, &alone, &turn("Hi.")).status, 200);
    }
    assert_eq!(upstream.count(), 10);
}

#[test]
fn s26_a_call_has_so_many_tokens_and_not_one_more() {
    let answers = || {
        Upstream::start(|request, _| match request.json()["stream"] == true {
            true => saying(&["Hel", "lo."]),
            false => completion("Hello."),
        })
    };
    for is_streamed in [true, false] {
        let body = with(&turn_of("call-1", "Hi."), json!({ "stream": is_streamed }));
        let upstream = answers();
        assert_eq!(ask(&Aside::before(&upstream), &[], &body).status, 200);
        let sent = upstream.request(0).body.len();
        // Two requests and the reply between them, at four bytes a token.
        let enough = (2 * sent + "Hello.".len()).div_ceil(4);
        for (tokens, status) in [(enough, 200), (enough - 1, 429)] {
            let upstream = answers();
            let aside = open(&upstream, &format!("call_tokens = {tokens}"));
            assert_eq!(ask(&aside, &[], &body).status, 200);
            let second = ask(&aside, &[], &body);
            assert_eq!(second.status, status, "{tokens}: {}", second.text());
            let third = ask(&aside, &[], &body);
            assert_eq!(shed(&third, 429, "call_tokens_exceeded"), None);
            let asked = if status == 200 { 2 } else { 1 };
            assert_eq!(upstream.count(), asked);
        }
    }
}

#[test]
fn s26_rules_inject_so_many_bytes_into_a_turn_and_not_one_more() {
    let rule =
        |more: &str| format!("about = \"x\"\n{more}\n[then.inject]\ntext = \"0123456789\"\n");
    for (bytes, on_error, status, injected) in [
        (20, "fail", 200, 2),
        (19, "fail", 500, 0),
        (19, "skip", 200, 1),
    ] {
        let upstream = Upstream::playing(saying(&["Hello."]));
        let limits = format!("injected = \"{bytes} B\"");
        let setup = Setup::with_config(&honest(&upstream, &limits))
            .rule("10-shadow", &rule("shadow = true"))
            .rule("20-first", &rule(""))
            .rule("30-second", &rule(&format!("on_error = \"{on_error}\"")));
        let aside = Aside::serve(&setup);
        // Each turn has all of it.
        for number in 0..2 {
            let answer = ask(&aside, &[], &turn("Hi."));
            assert_eq!(answer.status, status, "{bytes} {on_error}");
            if status == 200 {
                let sent = upstream.request(number).text();
                assert_eq!(sent.matches("0123456789").count(), injected, "{sent}");
            }
        }
        if bytes == 19 {
            let line = aside.wait_for("its text has 10 bytes");
            assert!(
                line.contains("30-second") && line.contains("9 are left"),
                "{line}"
            );
            assert!(line.contains("limits.injected"), "{line}");
        }
        assert_eq!(upstream.count(), if status == 200 { 2 } else { 0 });
    }
}
