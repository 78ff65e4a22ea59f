//! Events that go on to the user's own server, and its answers that come back.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::events::{EVENTS, JSON, SECRET, event, is_taken, serving, status};
use crate::fixtures;
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::whole;

/// A user's server that plays these steps, and the line of the config that names it.
pub(crate) fn user(steps: Vec<ScriptStep>) -> (Upstream, String) {
    let server = Upstream::playing(steps);
    let forward = format!("forward = \"http://{}/hook?a=b\"", server.address());
    (server, forward)
}

#[test]
fn an_event_goes_on_and_the_answer_comes_back_byte_by_byte() {
    let results = r#"{ "results":[ {"toolCallId":"call_1","result":"é"} ] }"#;
    let (server, forward) = user(whole(
        "201 Made",
        "content-type: application/json; charset=utf-8\r\nset-cookie: a=b\r\nx-own: 1\r\n",
        results,
    ));
    let aside = serving(&forward);
    for (name, body) in fixtures::events() {
        let number = server.count();
        let headers = [
            SECRET[0],
            ("x-tenant", "acme"),
            ("x-forwarded-for", "10.0.0.1"),
            ("cookie", "a=b"),
            ("x-call-id", "of-header"),
        ];
        let answer = aside.client().post(EVENTS, &headers, &body);
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (201, results),
            "{name}"
        );
        assert_eq!(
            answer.header("content-type"),
            Some("application/json; charset=utf-8")
        );
        assert!(answer.header("set-cookie").is_none() && answer.header("x-own").is_none());
        let request = server.request(number);
        assert!(
            request.head.starts_with("POST /hook?a=b HTTP/1.1\r\n"),
            "{}",
            request.head
        );
        assert_eq!(request.body, body, "{name}");
        assert_eq!(request.header("content-type"), ["application/json"]);
        assert_eq!(request.header("x-vapi-secret"), [SECRET[0].1]);
        assert_eq!(request.header("x-tenant"), ["acme"]);
        assert_eq!(request.header("host"), [server.address().to_string()]);
        assert!(
            request.header("x-forwarded-for").is_empty() && request.header("cookie").is_empty()
        );
        let id =
            serde_json::from_slice::<Value>(&body).expect("JSON")["message"]["call"]["id"].clone();
        // s07: the body's own id counts; the header's only where there is none.
        assert_eq!(
            request.header("x-call-id"),
            [id.as_str().unwrap_or("of-header")]
        );
    }
    let before = server.count();
    aside
        .client()
        .post(EVENTS, &[], &status("ringing", "c"))
        .error(401);
    aside.client().post(EVENTS, SECRET, b"{}").error(400);
    assert_eq!(server.count(), before, "what is refused goes nowhere");
}

#[test]
fn a_server_that_fails_breaks_nothing_but_what_needs_its_answer() {
    let large = "x".repeat((1 << 20) + 1);
    let (reset, resets) = user(vec![ScriptStep::Reset]);
    let (_large, too_large) = user(whole("200 OK", JSON, &large));
    let (_half, half) = user(vec![
        ScriptStep::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}".to_vec()),
        ScriptStep::Close,
    ]);
    let down = {
        let gone = Upstream::playing(vec![]);
        format!("forward = \"http://{}/\"", gone.address())
    };
    for forward in [down, resets, too_large, half] {
        let aside = serving(&forward);
        is_taken(
            &aside
                .client()
                .post(EVENTS, SECRET, &status("in-progress", "c")),
        );
        for kind in [
            "assistant-request",
            "tool-calls",
            "function-call",
            "transfer-destination-request",
            "handoff-destination-request",
            "knowledge-base-request",
        ] {
            let answer = aside
                .client()
                .post(EVENTS, SECRET, &event(kind, "c", json!({})));
            let message = answer.error(502);
            assert!(!message.contains("127.0.0.1"), "{message}");
        }
    }
    assert_eq!(reset.count(), 7, "nothing is asked twice");
    let (_refuses, refuses) = user(whole("500 Oops", JSON, "{\"why\":1}"));
    let answer =
        serving(&refuses)
            .client()
            .post(EVENTS, SECRET, &event("tool-calls", "c", json!({})));
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (500, "{\"why\":1}")
    );
}

#[test]
fn a_server_that_hangs_is_waited_for_within_vapis_limit() {
    let (_server, forward) = user(vec![ScriptStep::Hang]);
    let aside = serving(&forward);
    let began = Instant::now();
    let [mut update, mut request] = [aside.client(), aside.client()];
    update.send("POST", EVENTS, SECRET, &status("in-progress", "c"));
    request.send(
        "POST",
        EVENTS,
        SECRET,
        &event("assistant-request", "c", json!({})),
    );
    is_taken(&update.answer());
    request.answer().error(504);
    let took = began.elapsed();
    assert!(took > Duration::from_secs(6), "{took:?} is no patience");
    assert!(
        took < Duration::from_secs(15),
        "{took:?} is too long for Vapi"
    );
}
