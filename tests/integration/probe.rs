//! `aside probe`: what an upstream takes, in words and as config lines that make it work.

use serde_json::{Value, json};

use crate::aside::{Finished, Program, Setup};
use crate::upstream::{Request, ScriptStep, Upstream};
use crate::wire::{completion, frame, saying, stop, stream_head, streaming, whole};

pub(crate) const JSON: &str = "content-type: application/json\r\n";
/// How many turns a probe plays.
pub(crate) const TURNS: usize = 10;
const KEY: &str = "sk-open-sesame-4711";

/// What a server says to a body that it does not take; none: it takes it.
pub(crate) type Refuses = fn(&Value) -> Option<Vec<ScriptStep>>;

/// An upstream that refuses as it is told, and else answers as a good model does.
pub(crate) fn picky(refuses: Refuses) -> Upstream {
    Upstream::start(move |request, _| match request.body.is_empty() {
        true => whole(
            "200 OK",
            JSON,
            r#"{"data":[{"id":"some-embedder"},{"id":"some-model"}]}"#,
        ),
        false => refuses(&request.json()).unwrap_or_else(|| good(request)),
    })
}

/// What a good model answers.
fn good(request: &Request) -> Vec<ScriptStep> {
    let body = request.json();
    if body["stream"] == false {
        return completion("A lantern.");
    }
    if body.get("response_format").is_some() {
        return saying(&["{\"answer\"", ": 2}"]);
    }
    let last = body["messages"]
        .as_array()
        .and_then(|all| all.last().cloned());
    let asks = last.is_some_and(|last| {
        last["content"]
            .as_str()
            .unwrap_or_default()
            .contains("look it up")
    });
    if body.get("tools").is_some() && asks {
        let call = json!({ "tool_calls": [{ "index": 0, "id": "call_1", "type": "function",
            "function": { "name": "order_status", "arguments": "{}" } }] });
        return vec![
            stream_head(),
            ScriptStep::Chunk(frame(call)),
            stop(),
            ScriptStep::EndChunks,
        ];
    }
    if body.get("stream_options").is_some() {
        let usage = b"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";
        let said = frame(json!({ "content": "A lantern." }));
        return streaming([&said[..], &usage[..], b"data: [DONE]\n\n"]);
    }
    saying(&["A ", "lantern."])
}

pub(crate) fn refusal(status: &str, message: &str, param: &str) -> Vec<ScriptStep> {
    let error =
        json!({ "error": { "message": message, "type": "invalid_request_error", "param": param } });
    whole(status, JSON, &error.to_string())
}

pub(crate) fn setup(upstream: &Upstream, more: &str) -> Setup {
    let url = upstream.url();
    Setup::with_config(&format!("[upstream.own]\nurl = \"{url}\"\n{more}\n"))
}

pub(crate) fn check(finished: &Finished, code: i32, texts: &[&str]) {
    let (out, error) = (&finished.stdout, &finished.stderr);
    assert_eq!(finished.code, Some(code), "{out}{error}");
    for text in texts {
        assert!(
            out.contains(text) || error.contains(text),
            "`{text}` in {out}{error}"
        );
    }
}

#[test]
fn what_takes_all_needs_no_more_lines() {
    let upstream = picky(|_| None);
    let rule = "about = \"x\"\n[then.inject]\ntext = \"Private.\"\n";
    let setup = setup(&upstream, &format!("key = \"{KEY}\"")).rule("10-rule", rule);
    let finished = setup.run(&["probe"], "");
    check(
        &finished,
        0,
        &[
            "10 of 10 turns are taken; the config needs no more lines",
            "model: some-model (the first",
            "called `order_status`",
            "first word 0.",
        ],
    );
    assert!(!finished.stdout.contains("doubt"), "{}", finished.stdout);
    assert!(!finished.stdout.contains(KEY), "{}", finished.stdout);
    // The list of models was asked before.
    assert_eq!(upstream.count(), TURNS + 1);
    for turn in 1..=TURNS {
        let body = upstream.request(turn).json();
        let expected = (&json!(0.5), &json!(250), &json!("some-model"));
        assert_eq!(
            (&body["temperature"], &body["max_tokens"], &body["model"]),
            expected
        );
        assert!(!body.to_string().contains("Private"), "no rule runs");
    }
}

#[test]
fn a_turn_that_nothing_mends_is_told_and_the_others_go_on() {
    let upstream = picky(|body| {
        body.get("tools")?;
        Some(refusal(
            "400 Bad Request",
            "This server has no tool parser.\u{1b}[31m",
            "",
        ))
    });
    let finished = setup(&upstream, "").run(&["probe"], "");
    check(
        &finished,
        0,
        &[
            "7 of 10 turns are taken",
            "NOT TAKEN",
            "it says: This server has no tool parser.",
            "as the one before",
        ],
    );
    assert!(!finished.stdout.contains('\u{1b}'), "{}", finished.stdout);
}

#[test]
fn what_fails_all_turns_is_asked_once_and_told() {
    let page = "content-type: text/html\r\n";
    let no_model = json!({ "error": { "message": "The model `sone-model` does not exist.", "code": "model_not_found" } });
    let echo = format!("Incorrect API key provided: {KEY}. See our page.");
    let (no_model, echo) = (
        no_model.to_string(),
        json!({ "error": { "message": echo } }).to_string(),
    );
    for (steps, texts) in [
        (
            vec![ScriptStep::Hang],
            &["failed to say anything within 500ms", "--within"][..],
        ),
        (
            whole("401 Unauthorized", JSON, &echo),
            &[
                "401",
                "it says: Incorrect API key provided: …",
                "help: the key is not good here",
            ],
        ),
        (
            whole("404 Not Found", JSON, &no_model),
            &["404", "does not exist", "the nearest: `some-model`"],
        ),
        (
            whole("429 Too Many Requests", JSON, "{}"),
            &["429", "quota"],
        ),
        (
            whole(
                "302 Found",
                "location: https://llm.example/v1?key=x\r\n",
                "",
            ),
            &["302", "https://llm.example/v1:"],
        ),
        (
            whole("404 Not Found", page, "<title>Gone</title>"),
            &["404", "a page titled \"Gone\""],
        ),
    ] {
        let is_of_model = texts.contains(&"does not exist");
        let upstream = Upstream::start(move |request, _| match request.body.is_empty() {
            true if is_of_model => whole("200 OK", JSON, r#"{"data":[{"id":"some-model"}]}"#),
            true => whole("404 Not Found", JSON, "{}"),
            false => steps.clone(),
        });
        let setup = setup(
            &upstream,
            &format!("model = \"sone-model\"\nkey = \"{KEY}\""),
        );
        let finished = setup.run(&["probe", "--within", "500ms"], "");
        check(&finished, 1, texts);
        check(&finished, 1, &["0 of 10 turns are taken", "not asked"]);
        assert!(
            !finished.stdout.contains(KEY) && !finished.stderr.contains(KEY),
            "{}",
            finished.stdout
        );
        let asked = (0..upstream.count()).filter(|at| !upstream.request(*at).body.is_empty());
        assert_eq!(asked.count(), 1, "{}", finished.stdout);
    }
}

#[test]
fn a_server_that_is_not_there_or_is_none_is_told() {
    let gone = Upstream::playing(vec![]);
    let url = gone.url();
    drop(gone);
    let finished = Setup::default().run(&["probe", "--upstream", &url, "--model", "m"], "");
    check(
        &finished,
        1,
        &["failed to connect", "the right host and port", "not asked"],
    );
    let page = Upstream::playing(whole(
        "200 OK",
        "content-type: text/html\r\n",
        "<title>Sign in</title>",
    ));
    let finished = Setup::default().run(&["probe", &page.url(), "--model", "m"], "");
    check(
        &finished,
        1,
        &[
            "a page titled \"Sign in\"",
            "`url` must be the base of the API",
            "0 of 10",
        ],
    );
    let upstream =
        Upstream::start(
            |request, _| match request.head.starts_with("GET /v1/models ") {
                true => whole("200 OK", JSON, r#"{"data":[{"id":"m"}]}"#),
                false => whole("404 Not Found", JSON, r#"{"detail":"Not Found"}"#),
            },
        );
    let base = upstream.url().replace("/v1", "");
    let finished = Setup::default().run(&["probe", &base, "--model", "m"], "");
    check(
        &finished,
        1,
        &[&format!("it is at {}: set `url`", upstream.url())],
    );
}

#[test]
fn a_probe_is_json_for_machines() {
    let upstream = picky(crate::probe_lines::FIELDS);
    let finished = setup(&upstream, "").run(&["probe", "--json"], "");
    check(&finished, 0, &[]);
    let all: Value = serde_json::from_str(&finished.stdout).expect("JSON");
    let one = &all["upstreams"][0];
    assert_eq!(
        (&one["name"], &one["works"], &one["taken"]),
        (&json!("own"), &json!(true), &json!(TURNS))
    );
    let turn = &one["turns"][0];
    assert_eq!(
        (&turn["turn"], &turn["outcome"]),
        (&json!("plain"), &json!("mended"))
    );
    assert_eq!(turn["refusals"][0]["status"], 400);
    assert!(
        turn["first_word_ms"].is_u64() && turn["whole_ms"].is_u64(),
        "{turn}"
    );
    assert!(
        one["config"]
            .as_str()
            .is_some_and(|lines| lines.contains("rename")),
        "{one}"
    );
}

#[test]
fn an_upstream_is_named_or_all_are_asked() {
    let (first, second) = (picky(|_| None), picky(|_| None));
    let config = format!(
        "[upstream.first]\nurl = \"{}\"\nmodel = \"m\"\n[upstream.second]\nurl = \"{}\"\nkey = \"${{NOBODY_SET_THIS}}\"\n\
         [route.default]\nupstreams = [\"first\", \"second\"]\n",
        first.url(),
        second.url()
    );
    let setup = Setup::with_config(&config);
    // What another one lacks does not matter.
    check(&setup.run(&["probe", "first"], ""), 0, &["first: http://"]);
    assert_eq!((first.count(), second.count()), (TURNS, 0));
    for arguments in [&["probe"][..], &["probe", "second"]] {
        let finished = setup.run(arguments, "");
        check(&finished, 1, &["`NOBODY_SET_THIS` is not set"]);
    }
    let setup = setup.env("NOBODY_SET_THIS", KEY);
    check(
        &setup.run(&["probe"], ""),
        0,
        &["first: http://", "second: http://"],
    );
    assert_eq!(first.count(), 2 * TURNS);
    let sent = second.request(1);
    assert_eq!(sent.header("authorization"), [format!("Bearer {KEY}")]);
    for (arguments, text) in [
        (&["probe", "frist"][..], "did you mean `first`?"),
        (&["probe", "zebra"], "there are: first, second"),
        (&["probe", "--within", "soon"], "is no duration"),
        (&["probe", "--within", "0s"], "no turn is over at once"),
    ] {
        check(&setup.run(arguments, ""), 2, &[text]);
    }
    let finished = Setup::default().run(&["probe"], "");
    check(&finished, 1, &["there is no upstream to ask"]);
}

#[test]
fn an_upstream_that_hands_keys_on_is_asked_with_the_one_that_is_given() {
    let upstream = Upstream::start(
        |request, _| match request.header("authorization").is_empty() {
            true => whole("401 Unauthorized", JSON, "{}"),
            false => good(request),
        },
    );
    let setup = setup(&upstream, "forward = true\nmodel = \"m\"");
    check(
        &setup.run(&["probe"], ""),
        1,
        &["give one with `--upstream-key`", "0 of 10"],
    );
    let finished = setup.run(&["probe", "own", "--upstream-key", KEY], "");
    check(&finished, 0, &["10 of 10 turns are taken"]);
    assert_eq!(
        upstream.request(1).header("authorization"),
        [format!("Bearer {KEY}")]
    );
}

#[test]
fn a_probe_that_is_interrupted_ends_at_once() {
    let upstream = Upstream::playing(vec![ScriptStep::Hang]);
    let mut probe = Program::start(&["probe", "--model", "m"], &setup(&upstream, ""));
    upstream.request(0);
    // Not INT, which a shell has its programs in the background ignore.
    probe.signal("TERM");
    assert!(!probe.ended().success());
    upstream.gone(0);
}

#[test]
fn where_no_model_is_named_why_the_server_gives_none_is_told() {
    let refuses =
        Upstream::start(|_, _| whole("401 Unauthorized", JSON, r#"{"error":{"message":"no"}}"#));
    // Nobody listens there: the port was given back.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = gone.local_addr().expect("an address").port();
    drop(gone);
    let dead = format!("[upstream.dead]\nurl = \"http://127.0.0.1:{port}/v1\"");
    let dead = format!("{dead}\n[route.default]\nupstreams = [\"own\", \"dead\"]");
    let finished = setup(&refuses, &dead).run(&["probe", "--json"], "");
    let texts = [
        "failed to ask the upstream `own` for its models",
        "failed to ask the upstream `dead` for its models",
        "401",
    ];
    check(&finished, 1, &texts);
    let told: Value = serde_json::from_str(&finished.stdout).expect("JSON");
    let all = told["upstreams"].as_array().expect("a list");
    assert_eq!(all.len(), 2, "{told}");
    assert!(all.iter().all(|one| one["works"] == false), "{told}");
    assert!(all.iter().all(|one| one["error"].is_string()), "{told}");
}
