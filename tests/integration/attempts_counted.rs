//! `GET /metrics`: each request to an upstream with its time and what ended it; who was left for another,
//! hung up or superseded.

use crate::aside::{Aside, Setup, config};
use crate::metrics::wait_for;
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, saying, says, stream_head, turn, turn_of, whole};

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

/// Two upstreams, of which the config names the first one's model and a pattern for the other's.
fn pair(first: &Upstream, second: &Upstream) -> Aside {
    let (one, two) = (first.url(), second.url());
    Aside::serve(&Setup::with_config(&format!(
        "[upstream.first]\npreset = \"openai\"\nurl = \"{one}\"\nkey = \"k\"\nmodel = \"gpt-4.1\"\n\
         [upstream.second]\npreset = \"openai\"\nurl = \"{two}\"\nkey = \"k\"\n\
         [[upstream.second.model]]\nmatch = \"gpt-4o*\"\ndrop = [\"seed\"]\n\
         [route.default]\nupstreams = [\"first\", \"second\"]\n"
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
