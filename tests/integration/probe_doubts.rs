//! What `aside probe` doubts, though it was taken, and whether an upstream works.

use serde_json::{Value, json};

use crate::probe::{JSON, check, picky, refusal, setup};
use crate::upstream::Upstream;
use crate::wire::{completion, frame, saying, streaming, whole};

#[test]
fn a_model_that_does_not_as_it_is_asked_is_doubted() {
    let upstream = Upstream::start(|request, _| match request.body.is_empty() {
        true => whole("404 Not Found", JSON, "{}"),
        false if request.json()["stream"] == false => completion("Yes."),
        false => streaming([&frame(json!({ "content": "<think>Hm.</think> Yes." }))[..]]),
    });
    let finished = setup(&upstream, "model = \"m\"").run(&["probe"], "");
    check(
        &finished,
        0,
        &[
            "late system message",
            "it called no tool",
            "is no JSON",
            "no usage",
            "`<think>`",
            "nor `[DONE]`",
        ],
    );
}

#[test]
fn what_was_left_out_is_not_said_to_be_ignored() {
    let upstream = Upstream::start(|_, _| saying(&["A lantern."]));
    let own = "model = \"m\"\ndrop = [\"response_format\", \"tools\", \"tool_choice\", \"stream_options\"]";
    let finished = setup(&upstream, own).run(&["probe"], "");
    check(
        &finished,
        0,
        &[
            "its answer is no JSON: `response_format` was left out",
            "it could call no tool: `tools` was left out",
            "`stream_options` was left out",
        ],
    );
    assert!(
        !finished.stdout.contains("not obeyed"),
        "{}",
        finished.stdout
    );
    let finished = setup(&upstream, "model = \"m\"").run(&["probe"], "");
    check(
        &finished,
        0,
        &["was taken and not obeyed", "it called no tool"],
    );
}

#[test]
fn who_takes_no_turn_that_is_streamed_does_not_work() {
    let upstream = picky(|body| {
        let is_streamed = body["stream"] == true;
        is_streamed.then(|| refusal("403 Forbidden", "No streaming for this account.", ""))
    });
    let finished = setup(&upstream, "model = \"m\"").run(&["probe"], "");
    check(&finished, 1, &["NOT TAKEN"]);
    // What fails one of many turns is told alike, and one that is not streamed is not enough.
    let upstream = picky(|body| {
        let is_streamed = body["stream"] == true;
        is_streamed.then(|| refusal("500 Internal Server Error", "Streams are broken.", ""))
    });
    let finished = setup(&upstream, "model = \"m\"").run(&["probe"], "");
    check(
        &finished,
        1,
        &["1 of 10 turns are taken", "takes no turn that is streamed"],
    );
    let finished = setup(&upstream, "model = \"m\"").run(&["probe", "--json"], "");
    let all: Value = serde_json::from_str(&finished.stdout).expect("JSON");
    assert_eq!(all["upstreams"][0]["works"], false);
}

#[test]
fn a_path_that_takes_no_chat_is_told() {
    let upstream = Upstream::start(|_, _| whole("405 Method Not Allowed", JSON, "{}"));
    let finished = setup(&upstream, "model = \"m\"").run(&["probe"], "");
    check(
        &finished,
        1,
        &["takes no chat requests (POST)", "most end in `/v1`"],
    );
}
