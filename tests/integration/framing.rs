//! Answers to what aside asks, in every way in which HTTP lets them begin and end (RFC 9112): from
//! upstreams, whole and in a stream, from the list of models, from sources of facts and from the
//! user's own server.

use serde_json::json;

use crate::aside::{Aside, Setup, config};
use crate::events::{EVENTS, JSON, SECRET, event};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, choice_frame, frame, turn, with};

/// A body in each framing; what it is called.
fn framed(kind: &str, body: &str) -> Vec<(&'static str, Vec<ScriptStep>)> {
    let head = |line: &str, more: &str| format!("{line} 200 OK\r\n{kind}{more}\r\n");
    let send = |text: String| ScriptStep::Send(text.into_bytes());
    let length = format!("content-length: {}\r\n", body.len());
    let middle = body.len() / 2;
    let (first, second) = body.split_at(middle);
    vec![
        (
            "ends by closing",
            vec![
                send(head("HTTP/1.1", "")),
                send(body.to_owned()),
                ScriptStep::Close,
            ],
        ),
        (
            "says that it will close, and closes",
            vec![
                send(head("HTTP/1.1", "connection: close\r\n")),
                send(body.to_owned()),
                ScriptStep::Close,
            ],
        ),
        (
            "HTTP/1.0 without a length",
            vec![
                send(head("HTTP/1.0", "")),
                send(body.to_owned()),
                ScriptStep::Close,
            ],
        ),
        (
            "HTTP/1.0 with a length",
            vec![
                send(head("HTTP/1.0", &length)),
                send(body.to_owned()),
                ScriptStep::Close,
            ],
        ),
        (
            "100 before it",
            vec![
                send("HTTP/1.1 100 Continue\r\n\r\n".to_owned()),
                send(head("HTTP/1.1", &length) + body),
            ],
        ),
        (
            "103 and 102 before it",
            vec![
                send(
                    "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
                        .to_owned(),
                ),
                send(head("HTTP/1.1", "") + body),
                ScriptStep::Close,
            ],
        ),
        (
            "chunks with extensions and trailers",
            vec![
                send(head("HTTP/1.1", "transfer-encoding: chunked\r\n")),
                send(format!("{:X};a=b;c=\"d\"\r\n{first}\r\n", first.len())),
                send(format!(
                    "00{:x} ; e\r\n{second}\r\n0;last\r\nx-sum: 1\r\n\r\n",
                    second.len()
                )),
            ],
        ),
        (
            "no reason phrase",
            vec![send(format!("HTTP/1.1 200\r\n{kind}{length}\r\n{body}"))],
        ),
    ]
}

fn stream() -> String {
    let hello = frame(json!({ "content": "Hello." }));
    let stop = choice_frame(0, json!({}), json!("stop"));
    let text = [hello, stop, b"data: [DONE]\n\n".to_vec()].concat();
    String::from_utf8(text).expect("text")
}

#[test]
fn a_stream_is_heard_however_its_answer_is_framed() {
    for (name, steps) in framed("content-type: text/event-stream\r\n", &stream()) {
        let upstream = Upstream::playing(steps);
        let aside = Aside::before(&upstream);
        for turns in 1..=3 {
            let answer = aside.client().post(CHAT, &[], &turn("Hi."));
            assert_eq!(Reply::read(&answer.text()).heard(), "Hello.", "{name}");
            assert_eq!(upstream.count(), turns, "{name}: each turn is asked once");
        }
    }
}

#[test]
fn a_whole_reply_is_read_however_its_answer_is_framed() {
    let completion = json!({"choices": [{"index": 0, "finish_reason": "stop",
        "message": {"role": "assistant", "content": "Hello."}}]});
    let asked = with(&turn("Hi."), json!({ "stream": false }));
    for (name, steps) in framed(JSON, &completion.to_string()) {
        let upstream = Upstream::playing(steps);
        let aside = Aside::before(&upstream);
        let answer = aside.client().post(CHAT, &[], &asked);
        let content = answer.json().pointer("/choices/0/message/content").cloned();
        assert_eq!(content, Some(json!("Hello.")), "{name}");
    }
}

#[test]
fn the_list_of_models_is_read_however_its_answer_is_framed() {
    for (name, steps) in framed(JSON, r#"{"data":[{"id":"m"}]}"#) {
        let upstream = Upstream::playing(steps);
        let aside = Aside::before(&upstream);
        let answer = aside.client().get("/v1/models", &[]);
        assert_eq!(answer.text(), r#"{"data":[{"id":"m"}]}"#, "{name}");
    }
}

#[test]
fn facts_are_read_however_their_answer_is_framed() {
    for (name, steps) in framed(JSON, r#"{"plan":"gold"}"#) {
        let model = Upstream::start(|request, _| match request.body.is_empty() {
            true => crate::wire::whole("200 OK", JSON, "{\"data\":[]}"),
            false => crate::wire::saying(&["Hello."]),
        });
        let source = Upstream::playing(steps);
        let address = source.address();
        let config = format!(
            "{}[fetch]\nhosts = [\"{address}\"]\nprivate = true\n",
            config(&model, "")
        );
        let rule = format!(
            "about = \"x\"\n[then.inject]\ntext = \"Plan {{{{ fetch.crm.plan }}}}.\"\n[fetch.crm]\nurl = \"http://{address}/\"\nwithin = \"5s\"\n"
        );
        let aside = Aside::serve(&Setup::with_config(&config).rule("10-plan", &rule));
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "Hello.", "{name}");
        let mut asked = (0..model.count()).map(|number| model.request(number).text());
        assert!(
            asked
                .next_back()
                .is_some_and(|text| text.contains("Plan gold.")),
            "{name}"
        );
    }
}

#[test]
fn a_users_server_is_heard_however_its_answer_is_framed() {
    for (name, steps) in framed(JSON, r#"{"results":[]}"#) {
        let (_server, forward) = crate::forward::user(steps);
        let aside = crate::events::serving(&forward);
        let answer = aside
            .client()
            .post(EVENTS, SECRET, &event("tool-calls", "c", json!({})));
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (200, r#"{"results":[]}"#),
            "{name}"
        );
    }
}

#[test]
fn an_error_is_told_however_its_answer_is_framed() {
    let error =
        r#"{"error":{"message":"no","code":"model_not_found","type":"invalid_request_error"}}"#;
    for (name, steps) in framed(JSON, error) {
        let refused = steps.into_iter().map(|step| match step {
            ScriptStep::Send(bytes) => {
                let text = String::from_utf8(bytes).expect("text");
                ScriptStep::Send(
                    text.replace("1.1 200", "1.1 404")
                        .replace("1.0 200", "1.0 404")
                        .into_bytes(),
                )
            }
            other => other,
        });
        let upstream = Upstream::playing(refused.collect());
        let aside = Aside::with_route(&upstream, "on_error = \"status\"");
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(answer.status, 404, "{name}");
        assert!(
            answer.text().contains("model_not_found"),
            "{name}: {}",
            answer.text()
        );
    }
}
