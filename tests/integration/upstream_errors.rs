//! Why an upstream refused: what the client, the log and the recording tell of it, and whom it hits.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{APOLOGY, CHAT, Reply, saying, says, stream_head, streaming, turn, whole, with};

const JSON: &str = "content-type: application/json\r\n";
const LONG: &str = r#"{"error":{"message":"inner words","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#;
const MODEL: &str = r#"{"error":{"message":"inner words","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#;
const PARAM: &str = r#"{"error":{"message":"inner words","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}"#;
const WORDS: &str = r#"{"error":{"message":"inner words","type":"inner words","param":"inner[0]words","code":"inner words"}}"#;

fn setup(upstream: &Upstream, more: &str) -> Setup {
    let url = upstream.url();
    Setup::with_config(&format!(
        "[upstream.main]\nurl = \"{url}\"\nkey = \"sk-1\"\n[record]\nfile = \"turns.jsonl\"\n[route.default]\nupstreams = [\"main\"]\n{more}\n"
    ))
}

/// The only line that is recorded, once the program has ended.
fn recorded(mut aside: Aside) -> Value {
    aside.program().signal("TERM");
    aside.program().ended();
    let text = std::fs::read_to_string(aside.path("turns.jsonl")).expect("a recording");
    assert!(!text.contains("inner"), "{text}");
    serde_json::from_str(text.trim_end()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn r14_an_upstreams_own_status_code_type_and_param_reach_the_client() {
    for (status, body, code, param) in [
        (
            "400 Bad",
            LONG,
            "context_length_exceeded",
            json!("messages"),
        ),
        ("404 None", MODEL, "model_not_found", Value::Null),
        ("401 No", MODEL, "model_not_found", Value::Null),
        ("403 No", MODEL, "model_not_found", Value::Null),
        (
            "422 Bad",
            PARAM,
            "unsupported_parameter",
            json!("max_tokens"),
        ),
        ("400 Bad", WORDS, "upstream_refused", Value::Null),
        (
            "503 Busy",
            "<p>inner words",
            "upstream_refused",
            Value::Null,
        ),
    ] {
        let upstream = Upstream::playing(whole(status, JSON, body));
        let aside = Aside::serve(&setup(&upstream, "on_error = \"status\""));
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        answer.error(status[..3].parse().expect("a status"));
        let error = &answer.json()["error"];
        assert_eq!((&error["code"], &error["param"]), (&json!(code), &param));
        let kind = if code == "upstream_refused" {
            "server_error"
        } else {
            "invalid_request_error"
        };
        assert_eq!(error["type"], kind);
        assert!(!answer.text().contains("inner"), "{}", answer.text());
        let list = aside.client().get("/v1/models", &[]);
        assert_eq!(list.json()["error"]["code"], code);
    }
}

#[test]
fn r14_the_log_and_the_recording_say_why_also_where_the_caller_hears_the_apology() {
    for (status, body, why) in [
        ("400 Bad", LONG, "context_length_exceeded"),
        ("404 None", MODEL, "model_not_found"),
        ("400 Bad", PARAM, "unsupported_parameter"),
    ] {
        let upstream = Upstream::playing(whole(status, JSON, body));
        let aside = Aside::serve(&setup(&upstream, ""));
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), APOLOGY);
        let line = aside.wait_for(why);
        assert!(
            line.contains("invalid_request_error") && line.contains("main"),
            "{line}"
        );
        assert!(!aside.printed().contains("inner"));
        let failures = &recorded(aside)["failures"];
        assert_eq!(failures[0]["code"], why);
        let (upstream, reason) = (&failures[0]["upstream"], &failures[0]["reason"]);
        assert_eq!((upstream, reason), (&json!("main"), &json!("status")));
        assert_eq!(
            failures[0]["status"],
            status[..3].parse::<u16>().expect("a status")
        );
        assert_eq!(failures[0]["type"], "invalid_request_error");
    }
}

#[test]
fn r14_an_error_in_the_middle_of_a_stream_says_why_too() {
    let error = format!("data: {LONG}\n\n");
    let late = vec![
        stream_head(),
        says("Well."),
        ScriptStep::Chunk(error.clone().into()),
        ScriptStep::Hang,
    ];
    for steps in [late, streaming([error.as_bytes()])] {
        let upstream = Upstream::playing(steps);
        let aside = Aside::serve(&setup(&upstream, ""));
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert!(Reply::read(&answer.text()).heard().ends_with(APOLOGY));
        aside.wait_for("context_length_exceeded");
        let failures = &recorded(aside)["failures"];
        let (reason, code) = (&failures[0]["reason"], &failures[0]["code"]);
        assert_eq!(
            (reason, code),
            (&json!("error"), &json!("context_length_exceeded"))
        );
    }
}

#[test]
fn a_refusal_that_never_ends_delays_nobody() {
    let head = format!("HTTP/1.1 400 Bad\r\ncontent-length: 999\r\n{JSON}\r\n{{\"error\"");
    let first = Upstream::playing(vec![ScriptStep::Send(head.into_bytes()), ScriptStep::Hang]);
    let second = Upstream::playing(saying(&["Second."]));
    let aside = Aside::serve(&pair(
        &first,
        &second,
        "key = \"sk-1\"",
        "first_token = \"1h\"",
    ));
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    assert_eq!(Reply::read(&answer.text()).heard(), "Second.");
}

fn pair(first: &Upstream, second: &Upstream, key: &str, route: &str) -> Setup {
    let (one, two) = (first.url(), second.url());
    Setup::with_config(&format!(
        "workers = 1\n[upstream.first]\nurl = \"{one}\"\n{key}\n[upstream.second]\nurl = \"{two}\"\nkey = \"sk-2\"\nmodel = \"other\"\n[route.default]\nupstreams = [\"first\", \"second\"]\n{route}\n"
    ))
}

#[test]
fn r18_a_callers_own_bad_key_opens_no_breaker_and_moves_nobody_to_another_provider() {
    for status in ["401 No", "403 No", "402 Pay"] {
        let first = Upstream::start(move |request, _| {
            match request.header("authorization") == ["Bearer good-key"] {
                true => saying(&["First."]),
                false => whole(status, JSON, MODEL),
            }
        });
        let second = Upstream::playing(saying(&["Second."]));
        let route = "on_error = \"status\"";
        let aside = Aside::serve(&pair(&first, &second, "forward = true", route));
        for _ in 0..30 {
            let bad = [("authorization", "Bearer bad-key")];
            let answer = aside.client().post(CHAT, &bad, &turn("Hi."));
            answer.error(status[..3].parse().expect("a status"));
        }
        // Who sends none at all is refused for that, too.
        aside
            .client()
            .post(CHAT, &[], &turn("Hi."))
            .error(status[..3].parse().expect("one"));
        let good = [("authorization", "Bearer good-key")];
        let answer = aside.client().post(CHAT, &good, &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "First.");
        assert_eq!((first.count(), second.count()), (32, 0));
    }
}

#[test]
fn r18_a_model_that_is_not_there_or_not_for_us_opens_no_breaker_for_others() {
    for status in ["403 No", "404 None"] {
        let first = Upstream::start(move |request, _| match request.json()["model"] == "gone" {
            true => whole(status, JSON, MODEL),
            false => saying(&["First."]),
        });
        let second = Upstream::playing(saying(&["Second."]));
        let aside = Aside::serve(&pair(&first, &second, "key = \"sk-1\"", ""));
        let gone = with(&turn("Hi."), json!({ "model": "gone" }));
        for _ in 0..30 {
            let answer = aside.client().post(CHAT, &[], &gone);
            assert_eq!(Reply::read(&answer.text()).heard(), "Second.", "{status}");
        }
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "First.", "{status}");
    }
}

#[test]
fn r18_our_own_bad_key_opens_the_breaker() {
    let first = Upstream::playing(whole("401 No", JSON, MODEL));
    let second = Upstream::playing(saying(&["Second."]));
    let aside = Aside::serve(&pair(&first, &second, "key = \"sk-1\"", ""));
    for _ in 0..7 {
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "Second.");
    }
    assert!(first.count() < 7, "{}", first.count());
}

#[test]
fn the_log_says_where_an_upstream_was_asked_in_vain_and_what_to_do() {
    for (status, is_of_path, help) in [
        ("401 No", false, "see its `key`"),
        ("403 No", false, "see its rights"),
        ("404 None", true, "`url` or `model` may be wrong"),
        ("429 Slow", false, "the account's limits"),
    ] {
        let upstream = Upstream::playing(whole(status, JSON, MODEL));
        let aside = Aside::serve(&setup(&upstream, ""));
        aside.client().post(CHAT, &[], &turn("Hi."));
        let line = aside.wait_for("failed to");
        assert!(line.contains(help), "{line}");
        assert_eq!(line.contains(&upstream.url()), is_of_path, "{line}");
        assert!(!line.contains("sk-1"), "{line}");
    }
}

#[test]
fn the_log_says_where_nobody_took_the_connection() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = nobody.local_addr().expect("an address");
    drop(nobody);
    let aside = Aside::serve(&Setup::with_config(&format!(
        "[upstream.main]\nurl = \"http://{at}/v1?code=secret\"\nkey = \"sk-1\"\n[route.default]\nupstreams = [\"main\"]\n"
    )));
    aside.client().post(CHAT, &[], &turn("Hi."));
    let line = aside.wait_for("failed to");
    let url = format!("http://{at}/v1/chat/completions");
    assert!(
        line.contains(&url) && line.contains("whether the server runs"),
        "{line}"
    );
    assert!(!line.contains("secret"), "{line}");
}
