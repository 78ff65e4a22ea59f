//! `GET /metrics`: each request to an upstream with its time and what ended it; who was left for another,
//! hung up or superseded.

use std::time::Duration;

use serde_json::json;

use crate::aside::{Aside, Setup, config};
use crate::metrics::{OPERATION, scrape, wait_for};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, completion, saying, says, stop, stream_head, turn, turn_of, whole, with};

const JSON: &str = "content-type: application/json\r\n";

/// How often a request to an upstream ended so; empty: with a whole answer.
fn ended(upstream: &str, model: &str, error: &str) -> String {
    let error = match error {
        "" => String::new(),
        error => format!(",error_type=\"{error}\""),
    };
    format!(
        "gen_ai_client_operation_duration_seconds_count{{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\",gen_ai_request_model=\"{model}\",upstream=\"{upstream}\"{error}}}"
    )
}

fn left(what: &str, upstream: &str) -> String {
    format!("aside_upstream_{what}_total{{upstream=\"{upstream}\"}}")
}

/// A series of the gaps between the pieces of streams.
fn gaps(part: &str) -> String {
    format!("gen_ai_client_operation_time_per_output_chunk_seconds_{part}{{{OPERATION}}}")
}

/// Two upstreams, of which the config names the first one's model and a pattern for the other's.
fn pair(first: &Upstream, second: &Upstream) -> Aside {
    let (one, two) = (first.url(), second.url());
    Aside::serve(&Setup::with_config(&format!(
        "[upstream.first]\npreset = \"openai\"\nurl = \"{one}\"\nkey = \"k\"\nmodel = \"gpt-4.1\"\n\
         [upstream.second]\npreset = \"openai\"\nurl = \"{two}\"\nkey = \"k\"\n\
         [[upstream.second.model]]\nmatch = \"gpt-4o*\"\ndrop = [\"seed\"]\n\
         [route.default]\nupstreams = [\"first\", \"second\"]\nhedge = \"1s\"\n"
    )))
}

#[test]
fn a_turn_that_goes_on_to_another_upstream_tells_of_both() {
    let first = Upstream::playing(whole("503 Busy", JSON, "{}"));
    let second = Upstream::playing(saying(&["Hello."]));
    let aside = pair(&first, &second);
    aside.client().post(CHAT, &[], &turn("Hi."));
    wait_for(
        &aside,
        &[
            (&ended("first", "gpt-4.1", "503"), 1.0),
            (&ended("second", "gpt-4o*", ""), 1.0),
            (&left("failovers", "first"), 1.0),
        ],
    );
}

#[test]
fn hang_ups_and_newer_turns_end_requests_and_are_told_apart() {
    let upstream = Upstream::playing(vec![stream_head(), says("Well"), ScriptStep::Hang]);
    let setup = Setup::with_config(&config(&upstream, "first_token = \"15s\"\nstall = \"15s\""));
    let aside = Aside::serve(&setup);
    let speak = |body: &[u8]| {
        let mut client = aside.client();
        client.send("POST", CHAT, &[], body);
        client.head();
        client.read_until("Well");
        client
    };
    let older = speak(&turn_of("call-1", "Hi."));
    let newer = speak(&turn_of("call-1", "Hi. There."));
    wait_for(
        &aside,
        &[
            (&left("superseded", "mock"), 1.0),
            (&ended("mock", "other", "superseded"), 1.0),
        ],
    );
    drop(newer);
    wait_for(
        &aside,
        &[
            (&left("hang_ups", "mock"), 1.0),
            (&ended("mock", "other", "hung_up"), 1.0),
        ],
    );
    drop(older);
}

#[test]
fn an_answer_that_breaks_off_has_its_reason() {
    let cut = vec![stream_head(), says("Well"), ScriptStep::EndChunks];
    let upstream = Upstream::playing(cut);
    let aside = Aside::before(&upstream);
    aside.client().post(CHAT, &[], &turn("Hi."));
    wait_for(&aside, &[(&ended("mock", "other", "cut"), 1.0)]);
}

#[test]
fn an_upstream_that_was_too_slow_and_a_form_that_was_refused_are_told() {
    let first = Upstream::playing(vec![ScriptStep::Hang]);
    let second = Upstream::start(|request, _| {
        match request.text().contains("\"presence_penalty\"") {
            true => {
                let error = json!({ "message": "Unknown parameter: 'presence_penalty'", "param": "presence_penalty" });
                whole(
                    "400 Bad Request",
                    JSON,
                    &json!({ "error": error }).to_string(),
                )
            }
            false => saying(&["Hello."]),
        }
    });
    let aside = pair(&first, &second);
    let body = with(&turn("Hi."), json!({ "presence_penalty": 0.5 }));
    aside.client().post(CHAT, &[], &body);
    wait_for(
        &aside,
        &[
            (&ended("first", "gpt-4.1", "hedged_away"), 1.0),
            (&ended("second", "gpt-4o*", "400"), 1.0),
            (&ended("second", "gpt-4o*", ""), 1.0),
            (&left("failovers", "first"), 0.0),
            (&left("superseded", "first"), 0.0),
        ],
    );
}

#[test]
fn gaps_in_a_stream_are_counted_from_its_first_word_on() {
    let upstream = Upstream::start(
        |request, _| match request.text().contains("\"stream\":true") {
            true => vec![
                stream_head(),
                says(""),
                says("One"),
                ScriptStep::Wait(1),
                says(" two"),
                ScriptStep::Chunk(b": still here\n\n".to_vec()),
                stop(),
                ScriptStep::EndChunks,
            ],
            false => completion("Whole."),
        },
    );
    let setup = Setup::with_config(&config(&upstream, "first_token = \"8s\"\nstall = \"15s\""));
    let aside = Aside::serve(&setup);
    let whole = with(&turn("Hi."), json!({ "stream": false }));
    assert_eq!(aside.client().post(CHAT, &[], &whole).status, 200);
    let found = wait_for(&aside, &[(&ended("mock", "other", ""), 1.0)]);
    assert!(!found.contains_key(&gaps("count")), "{found:#?}");
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &turn("Hi."));
    client.head();
    client.read_until("One");
    std::thread::sleep(Duration::from_millis(300));
    upstream.open(1);
    client.rest();
    wait_for(
        &aside,
        &[(&ended("mock", "other", ""), 2.0), (&gaps("count"), 2.0)],
    );
    let sum = scrape(&aside)[&gaps("sum")];
    assert!(sum >= 0.3, "{sum}");
}
