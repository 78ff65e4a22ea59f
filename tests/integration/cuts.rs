//! Streams that are cut at any byte, end too early or go on in silence: what came whole is heard,
//! never half an event, and the end is always a proper one.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{
    APOLOGY, CHAT, Reply, choice_frame, frame, saying, stream_head, streaming, turn, whole,
};
use crate::{figure, is_full, spread, times};

/// Touches every reply, so that each event is parsed.
const RULE: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";
/// The contract says 100 ms; shared machines get more.
const SOON: Duration = Duration::from_secs(2);

fn serving(upstream: &Upstream, rule: Option<&str>, route: &str) -> Aside {
    let setup = Setup::with_config(&config(upstream, route));
    Aside::serve(&match rule {
        Some(rule) => setup.rule("10-rule", rule),
        None => setup,
    })
}

#[test]
fn r07_a_stream_that_is_cut_at_any_byte_keeps_its_whole_events() {
    let texts = ["One, ", "two, ", "three."];
    let mut stream: Vec<u8> = texts
        .iter()
        .flat_map(|text| frame(json!({ "content": text })))
        .collect();
    stream.extend(choice_frame(0, json!({}), json!("stop")));
    stream.extend(b"data: [DONE]\n\n");
    let stride = if is_full() { 1 } else { 13 };
    let cuts: Vec<usize> = (0..stream.len()).step_by(stride).collect();
    let mut ends = Vec::new();
    for last in [ScriptStep::Close, ScriptStep::Reset, ScriptStep::EndChunks] {
        for rule in [None, Some(RULE)] {
            let (bytes, places, end) = (stream.clone(), cuts.clone(), last.clone());
            let upstream = Upstream::start(move |_, number| {
                let mut steps = vec![stream_head()];
                if places[number] > 0 {
                    steps.push(ScriptStep::Chunk(bytes[..places[number]].to_vec()));
                }
                steps.extend([ScriptStep::Wait(number + 1), end.clone()]);
                steps
            });
            let aside = serving(&upstream, rule, "first_token = \"15s\"");
            for (number, cut) in cuts.iter().enumerate() {
                let came = String::from_utf8_lossy(&stream[..*cut]).into_owned();
                let whole_events = came.matches("\n\n").count();
                let mut client = aside.client();
                client.send("POST", CHAT, &[], &turn("Hi."));
                upstream.request(number);
                let mut body = String::new();
                if whole_events > 0 {
                    // What was sent must have been read before a reset, which would overtake it.
                    client.head();
                    body = client.read_until(texts[whole_events.min(3) - 1]);
                }
                let began = Instant::now();
                upstream.open(number + 1);
                if whole_events > 0 {
                    if !body.ends_with("data: [DONE]\n\n") {
                        body += &client.rest();
                    }
                } else {
                    body = client.answer().text();
                }
                ends.push(began.elapsed());
                let what = format!("{last:?} at {cut}, {rule:?}");
                let heard = Reply::read(&body).heard();
                let said = texts[..whole_events.min(3)].concat();
                // An event that lacks only its blank line may be taken or left.
                let more = texts[..(whole_events + 1).min(3)].concat();
                let (text, is_cut) = match heard.strip_suffix(APOLOGY) {
                    Some(text) => (text.strip_suffix(' ').unwrap_or(text), true),
                    None => (heard.as_str(), false),
                };
                let takes_more = came.ends_with('}') || came.ends_with("}\n");
                assert!(
                    text == said || (takes_more && text == more),
                    "{what}: {heard}"
                );
                match whole_events {
                    0..3 => assert!(is_cut, "{what}: {heard}"),
                    3 => assert!(is_cut || takes_more, "{what}: {heard}"),
                    _ => assert!(!is_cut, "{what}: {heard}"),
                }
            }
        }
    }
    let slowest = *ends.iter().max().expect("cuts");
    figure("R07", "from the cut to the proper end", &spread(ends));
    assert!(slowest < SOON, "{slowest:?}");
}

#[test]
fn r10_streams_that_end_oddly_are_never_silent_and_lose_no_text() {
    let hello = frame(json!({ "content": "Hello." }));
    let hello = String::from_utf8(hello).expect("text");
    let stop = String::from_utf8(choice_frame(0, json!({}), json!("stop"))).expect("text");
    let placeholder = String::from_utf8(frame(json!({ "content": "It is [CARD" }))).expect("text");
    let cut = format!("Hello. {APOLOGY}");
    let held = format!("It is [CARD {APOLOGY}");
    for (name, stream, heard) in [
        ("nothing", String::new(), APOLOGY),
        ("blank lines", "\n\n\n".to_owned(), APOLOGY),
        ("comments", ": a\n\n: b\n\n".to_owned(), APOLOGY),
        ("only [DONE]", "data: [DONE]\n\n".to_owned(), APOLOGY),
        (
            "only [DONE], no blank line",
            "data: [DONE]".to_owned(),
            APOLOGY,
        ),
        ("only a finish", format!("{stop}data: [DONE]\n\n"), APOLOGY),
        ("no end at all", hello.clone(), &cut),
        ("half an event", format!("{hello}{}", &stop[..40]), &cut),
        ("no [DONE]", format!("{hello}{stop}"), "Hello."),
        (
            "no blank line",
            format!("{hello}{}", stop.trim_end()),
            "Hello.",
        ),
        ("no finish", format!("{hello}data: [DONE]\n\n"), "Hello."),
        (
            "half an event after the finish",
            format!("{hello}{stop}data: {{\"cho"),
            "Hello.",
        ),
        ("half a placeholder", placeholder, &held),
    ] {
        for rule in [None, Some(RULE)] {
            let mut steps = streaming([stream.as_bytes()]);
            let chunked = Upstream::playing(steps.clone());
            steps.pop();
            steps.push(ScriptStep::Close);
            let closed = Upstream::playing(steps);
            let sized = Upstream::playing(whole(
                "200 OK",
                "content-type: text/event-stream\r\n",
                &stream,
            ));
            for (upstream, end) in [
                (chunked, "a last chunk"),
                (closed, "a close"),
                (sized, "a length"),
            ] {
                let aside = serving(&upstream, rule, "");
                let answer = aside.client().post(CHAT, &[], &turn("Hi."));
                let reply = Reply::read(&answer.text());
                assert_eq!(reply.heard(), heard, "{name}, {end}, {rule:?}");
            }
        }
    }
}

#[test]
fn r08_deadlines_are_kept() {
    const DEADLINE: Duration = Duration::from_millis(400);
    let route = "first_token = \"400ms\"\nstall = \"400ms\"";
    let hello = ScriptStep::Chunk(frame(json!({ "content": "Hello." })));
    for (name, steps) in [
        ("no head", vec![ScriptStep::Hang]),
        (
            "a head, then nothing",
            vec![stream_head(), ScriptStep::Hang],
        ),
        (
            "a word, then nothing",
            vec![stream_head(), hello, ScriptStep::Hang],
        ),
    ] {
        let upstream = Upstream::playing(steps);
        let aside = serving(&upstream, None, route);
        let mut over = Vec::new();
        for _ in 0..times(3, 50) {
            let began = Instant::now();
            let answer = aside.client().post(CHAT, &[], &turn("Hi."));
            let took = began.elapsed();
            assert!(
                Reply::read(&answer.text()).heard().ends_with(APOLOGY),
                "{name}"
            );
            assert!(took >= DEADLINE, "{name}: {took:?}");
            assert!(took < DEADLINE + SOON, "{name}: {took:?}");
            over.push(took - DEADLINE);
        }
        figure(
            "R08",
            &format!("{name}: beyond the deadline"),
            &spread(over),
        );
    }
}

#[test]
fn r09_a_connection_that_went_dead_is_not_used_again() {
    // The first request is answered, and its connection kept. Then the line is dead: no FIN, no
    // reset, and nothing ever comes on it.
    let upstream = Upstream::start(|request, _| match request.place {
        0 => saying(&["Hello."]),
        _ => vec![ScriptStep::Hang],
    });
    let setup = Setup::with_config(&config(&upstream, "first_token = \"400ms\""));
    let aside = Aside::serve(&setup.env("ASIDE_WORKERS", "1"));
    let heard = || {
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        // The connection is kept once the end of the answer was read.
        std::thread::sleep(Duration::from_millis(50));
        Reply::read(&answer.text()).heard()
    };
    for number in 0..times(3, 20) {
        let connections = upstream.connections();
        assert_eq!(heard(), "Hello.", "round {number}");
        assert_eq!(upstream.connections(), connections + 1, "round {number}");
        assert_eq!(heard(), APOLOGY, "round {number}");
        assert_eq!(upstream.connections(), connections + 1, "round {number}");
    }
}
