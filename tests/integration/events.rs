//! Vapi's server messages: who may post them, and what they are answered.

use std::time::SystemTime;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::aside::{Aside, Setup, config};
use crate::client::Answer;
use crate::fixtures;
use crate::forward::user;
use crate::upstream::Upstream;
use crate::wire::{saying, whole};

/// The path.
pub(crate) const EVENTS: &str = "/vapi/events";
/// The header that opens it.
pub(crate) const SECRET: &[(&str, &str)] = &[("x-vapi-secret", "canary-event-secret-4d1e")];
/// The type of most answers.
pub(crate) const JSON: &str = "content-type: application/json\r\n";

/// A server that takes events; `vapi` has more lines of `[vapi]`.
pub(crate) fn serving(vapi: &str) -> Aside {
    Aside::serve(&setup(&format!("secret = \"${{SECRET}}\"\n{vapi}")))
}

fn setup(vapi: &str) -> Setup {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let config = format!("{}\n[vapi]\n{vapi}\n", config(&upstream, ""));
    Setup::with_config(&config).env("SECRET", SECRET[0].1)
}

/// An event of a call with more fields.
pub(crate) fn event(kind: &str, call: &str, more: Value) -> Vec<u8> {
    let mut message =
        json!({ "type": kind, "call": { "id": call }, "timestamp": 1_749_546_420_647_i64 });
    for (key, value) in more.as_object().expect("fields") {
        message[key] = value.clone();
    }
    json!({ "message": message }).to_string().into_bytes()
}

/// A status-update.
pub(crate) fn status(status: &str, call: &str) -> Vec<u8> {
    event("status-update", call, json!({ "status": status }))
}

/// Checks that an event was taken and needs no answer.
pub(crate) fn is_taken(answer: &Answer) {
    assert_eq!((answer.status, answer.text().as_str()), (200, "{}"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.header("x-aside-turn").is_some());
}

#[test]
fn an_event_of_every_type_is_taken_as_it_is() {
    let aside = serving("keep = [\"transcript\", \"tools\"]");
    let mut client = aside.client();
    for (_, body) in fixtures::events() {
        is_taken(&client.post(EVENTS, SECRET, &body));
        is_taken(&client.post("//vapi/events/", SECRET, &body));
    }
    for body in [
        event("tomorrows-event", "c", json!({ "status": 7 })),
        status("x y", "c\n"),
    ] {
        is_taken(&client.post(EVENTS, SECRET, &body));
    }
}

#[test]
fn s02_without_a_secret_in_the_config_there_is_no_such_path() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    for headers in [&[][..], SECRET] {
        let answer = aside
            .client()
            .post(EVENTS, headers, &status("ringing", "c"));
        answer.error(404);
    }
    aside.client().get(EVENTS, &[]).error(404);
}

#[test]
fn s02_only_who_knows_the_secret_may_post() {
    let aside = serving("");
    let body = status("in-progress", "c");
    is_taken(&aside.client().post(EVENTS, SECRET, &body));
    let bearer = format!("Bearer {}", SECRET[0].1);
    is_taken(
        &aside
            .client()
            .post(EVENTS, &[("authorization", &bearer)], &body),
    );
    for headers in [
        &[][..],
        &[("x-vapi-secret", "canary-event-secret-4d1")],
        &[("x-vapi-secret", "")],
        &[("authorization", "Bearer x")],
        &[("x-signature", SECRET[0].1)],
        &[SECRET[0], SECRET[0]],
    ] {
        aside.client().post(EVENTS, headers, &body).error(401);
        aside.client().post(EVENTS, headers, b"no JSON").error(401);
    }
    aside.client().get(EVENTS, SECRET).error(405);
}

#[test]
fn s25_what_is_no_event_is_refused_in_plain_words() {
    let aside = serving("");
    for body in [
        "",
        "[]",
        "{}",
        "{\"message\":{}}",
        "canary",
        "{\"message\":{\"type\":\"a\",\"type\":\"canary\"}}",
    ] {
        let answer = aside.client().post(EVENTS, SECRET, body.as_bytes());
        let message = answer.error(400);
        assert!(!message.contains("canary"), "{message}");
    }
    aside
        .client()
        .post(EVENTS, SECRET, b"{\"message\":{\"type\":\"\xff\"}}")
        .error(400);
    aside
        .client()
        .post(EVENTS, SECRET, "[".repeat(100_000).as_bytes())
        .error(400);
}

#[test]
fn s02_a_signature_holds_for_the_bytes_and_for_300_seconds() {
    let hmac = "hmac = { secret_key = \"${SECRET}\", signature_prefix = \"sha256=\" }";
    let aside = Aside::serve(&setup(hmac));
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.expect("a clock").as_secs();
    let body = status("in-progress", "c");
    let post = |signed: &[u8], time: u64, sent: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET[0].1.as_bytes()).expect("any key");
        mac.update(format!("{time}.").as_bytes());
        mac.update(signed);
        let signature: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let signature = format!("sha256={signature}");
        let time = time.to_string();
        let headers = [("x-signature", signature.as_str()), ("x-timestamp", &time)];
        aside.client().post(EVENTS, &headers, sent)
    };
    is_taken(&post(&body, now, &body));
    is_taken(&post(&body, now - 200, &body));
    assert!(
        post(&body, now - 400, &body)
            .error(401)
            .contains("300 seconds")
    );
    assert!(
        post(&body, now + 400, &body)
            .error(401)
            .contains("300 seconds")
    );
    let mut flipped = body.clone();
    flipped[20] ^= 1;
    post(&body, now, &flipped).error(401);
    let value: Value = serde_json::from_slice(&body).expect("JSON");
    let pretty = serde_json::to_vec_pretty(&value).expect("JSON");
    post(&body, now, &pretty).error(401);
    is_taken(&post(&pretty, now, &pretty));
    aside.client().post(EVENTS, SECRET, &body).error(401);
}

#[test]
fn r37_duplicates_late_events_and_long_transcripts_are_taken() {
    let aside = serving("keep = [\"transcript\", \"tools\"]");
    let mut client = aside.client();
    let report = event(
        "end-of-call-report",
        "c",
        json!({ "endedReason": "customer-ended-call" }),
    );
    for body in [
        &status("in-progress", "c"),
        &report,
        &report,
        &status("ringing", "c"),
    ] {
        is_taken(&client.post(EVENTS, SECRET, body));
    }
    let said =
        json!({ "role": "user", "message": "word ".repeat(20_000), "time": 1_749_546_420_647_i64 });
    let messages: Vec<Value> = std::iter::repeat_n(said, 54).collect();
    let long = event(
        "conversation-update",
        "long",
        json!({ "messages": messages }),
    );
    assert!(long.len() > 5 << 20);
    is_taken(&client.post(EVENTS, SECRET, &long));
    let more = vec![b' '; 9 << 20];
    aside.client().post(EVENTS, SECRET, &more).error(413);
}

#[test]
fn r37_ten_thousand_events_are_taken_in_bounded_memory() {
    let mut aside = serving("keep = [\"transcript\"]");
    let mut client = aside.client();
    for number in 0..10_000 {
        let call = format!("call-{}", number / 2);
        let more = json!({ "role": "user", "transcriptType": "final", "transcript": "a word ".repeat(6000) });
        let body = match number % 2 {
            0 => status("in-progress", &call),
            _ => event("transcript", &call, more),
        };
        let answer = client.post(EVENTS, SECRET, &body);
        assert_eq!(answer.status, 200, "{number}: {}", answer.text());
    }
    // 5,000 calls said 42 kB each, 210 MB together, of which 2 kB each are kept.
    if let Some(bytes) = aside.program().resident_bytes() {
        assert!(bytes < 150 << 20, "{bytes} bytes are held");
    }
}

#[test]
fn s24_nothing_private_of_an_event_is_printed() {
    let markers = [
        "canary-server-secret",
        "canary-control-url",
        "canary-api-key",
        "canary said this",
        "canary-result",
        "canary-type",
        "canary-hook",
        SECRET[0].1,
    ];
    for format in ["text", "json"] {
        let (server, forward) = user(whole("500 canary-hook", JSON, "canary-hook"));
        let forward = forward.replace("hook", "canary-hook");
        let vapi = format!(
            "secret = \"${{SECRET}}\"\n{forward}\nkeep = [\"transcript\", \"tools\"]\n[log]\nformat = \"{format}\""
        );
        let mut aside = Aside::serve(&setup(&vapi).env("ASIDE_LOG", "trace"));
        let private = json!({
            "status": "canary said this", "endedReason": "canary said this",
            "transcript": "canary said this", "transcriptType": "final", "role": "user",
            "messages": [{ "role": "user", "message": "canary said this" }, { "role": "tool_call_result", "name": "a", "result": "canary-result" }],
            "assistant": { "server": { "url": "u", "secret": "canary-server-secret" }, "credentials": [{ "apiKey": "canary-api-key" }] },
            "toolWithToolCallList": [{ "server": { "secret": "canary-server-secret" } }],
            "monitor": { "controlUrl": "https://example.invalid/canary-control-url" },
        });
        let kinds = [
            "status-update",
            "transcript",
            "end-of-call-report",
            "tool-calls",
            "canary-type\n\u{1b}[31m canary-type",
        ];
        for kind in kinds {
            let body = event(kind, "call-1", private.clone());
            drop(aside.client().post(EVENTS, SECRET, &body));
            drop(aside.client().post(EVENTS, &[], &body));
            drop(aside.client().post(EVENTS, SECRET, &body[1..]));
        }
        drop(server);
        drop(
            aside
                .client()
                .post(EVENTS, SECRET, &event("tool-calls", "call-1", private)),
        );
        aside.program().signal("TERM");
        aside.program().ended();
        let printed = aside.program().printed();
        assert!(
            printed.contains("an event came") && printed.contains("vapi.forward"),
            "{printed}"
        );
        for marker in markers {
            let lines: Vec<&str> = printed
                .lines()
                .filter(|line| line.contains(marker))
                .collect();
            assert!(
                lines.is_empty(),
                "`{marker}` is printed ({format}):\n{}",
                lines.join("\n")
            );
        }
    }
}

#[test]
fn a_route_can_not_stand_in_the_way() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let config = config(&upstream, "[route.vapi]\nupstreams = [\"mock\"]\n");
    let finished = Setup::with_config(&config).run(&["check"], "");
    assert_eq!(finished.code, Some(1));
    let told = finished.stdout + &finished.stderr;
    assert!(
        told.contains("`vapi` can't be the name of a route"),
        "{told}"
    );
}
