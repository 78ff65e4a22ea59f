//! Streamed and whole answers, by what the body says; and no lag on the way.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{
    APOLOGY, CHAT, Reply, completion, frame, saying, says, stop, stream_head, turn, with,
};

fn like_openai() -> Upstream {
    Upstream::start(|request, _| {
        if request.json()["stream"] == true {
            saying(&["Hel", "lo."])
        } else {
            completion("Hello.")
        }
    })
}

#[test]
fn a_stream_is_keyed_on_the_body_and_never_on_accept() {
    let upstream = like_openai();
    let aside = Aside::before(&upstream);
    let mut client = aside.client();
    for accept in ["application/json", "text/event-stream", "*/*"] {
        let answer = client.post(CHAT, &[("accept", accept)], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "Hello.", "{accept}");
        for stream in [json!(false), Value::Null] {
            let body = with(&turn("Hi."), json!({ "stream": stream }));
            let answer = client.post(CHAT, &[("accept", accept)], &body);
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), Some("application/json"));
            let json = answer.json();
            assert_eq!(json["object"], "chat.completion");
            assert_eq!(json["choices"][0]["message"]["content"], "Hello.");
        }
    }
    let mut absent: Value = serde_json::from_slice(&turn("Hi.")).expect("a request");
    absent.as_object_mut().expect("fields").remove("stream");
    let answer = client.post(CHAT, &[], absent.to_string().as_bytes());
    assert_eq!(answer.json()["choices"][0]["message"]["content"], "Hello.");
}

#[test]
fn r42_pieces_pass_without_nagle_lag() {
    const PIECES: usize = 30;
    let mut steps = vec![stream_head()];
    for number in 0..PIECES {
        // Each piece is sent when the one before was read, so that none can hide in another.
        steps.extend([ScriptStep::Wait(number), says(&format!("piece {number}."))]);
    }
    steps.extend([stop(), ScriptStep::EndChunks]);
    for rule in [
        None,
        Some("about = \"x\"\n[then.redact]\nfind = [\"card\"]\n"),
    ] {
        let upstream = Upstream::playing(steps.clone());
        let mut setup = Setup::with_config(&config(&upstream, ""));
        if let Some(rule) = rule {
            setup = setup.rule("10-rule", rule);
        }
        let aside = Aside::serve(&setup);
        let mut client = aside.client();
        client.send("POST", CHAT, &[], &turn("Hi."));
        client.head();
        let mut body = client.read_until("piece 0.");
        let began = Instant::now();
        for number in 1..PIECES {
            upstream.open(number);
            body += &client.read_until(&format!("piece {number}."));
        }
        let took = began.elapsed();
        eprintln!("{PIECES} pieces took {took:?}");
        assert!(took < Duration::from_millis(900), "{took:?}");
        if !body.ends_with("data: [DONE]\n\n") {
            body += &client.rest();
        }
        Reply::read(&body);
    }
}

#[test]
fn the_body_closes_with_done_even_where_the_upstream_goes_on() {
    let upstream = Upstream::playing(vec![
        stream_head(),
        says("Hello."),
        stop(),
        ScriptStep::Hang,
    ]);
    let aside = Aside::with_route(&upstream, "stall = \"15s\"");
    let mut client = aside.client();
    let began = Instant::now();
    let answer = client.post(CHAT, &[], &turn("Hi."));
    assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
    assert!(began.elapsed() < Duration::from_secs(5));
    upstream.gone(0);
    // The connection to the client goes on, whatever became of that to the upstream.
    let answer = client.post(CHAT, &[], &turn("Hi again."));
    assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
}

#[test]
fn usage_without_choices_gets_an_empty_array() {
    for usage in [
        r#"{"id":"x","object":"chat.completion.chunk","usage":{"total_tokens":3}}"#,
        r#"{"id":"x","choices":null,"usage":{"total_tokens":3}}"#,
    ] {
        let frame = format!("data: {usage}\n\n").into_bytes();
        let upstream = Upstream::playing(vec![
            stream_head(),
            says("Hello."),
            ScriptStep::Chunk(frame),
            stop(),
            ScriptStep::EndChunks,
        ]);
        let aside = Aside::before(&upstream);
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        let reply = Reply::read(&answer.text());
        assert_eq!(reply.heard(), "Hello.");
        let usages = reply
            .frames
            .iter()
            .filter(|frame| frame["usage"].is_object());
        assert_eq!(usages.count(), 1);
    }
}

#[test]
fn frames_that_are_no_json_are_left_out() {
    for odd in [
        "data: {oops\n\n",
        "data: 7\n\n",
        "data: {}\n\n",
        "nonsense\n\n",
        "data:\n\n",
    ] {
        let upstream = Upstream::playing(vec![
            stream_head(),
            says("Hel"),
            ScriptStep::Chunk(odd.as_bytes().to_vec()),
            says("lo."),
            stop(),
            ScriptStep::EndChunks,
        ]);
        let aside = Aside::before(&upstream);
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "Hello.", "{odd}");
    }
}

#[test]
fn a_stream_without_a_finish_reason_gets_one() {
    let upstream = Upstream::playing(vec![
        stream_head(),
        says("Hello."),
        ScriptStep::Chunk(b"data: [DONE]\n\n".to_vec()),
        ScriptStep::EndChunks,
    ]);
    let aside = Aside::before(&upstream);
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    let reply = Reply::read(&answer.text());
    assert_eq!(
        (reply.heard().as_str(), reply.finishes(0)),
        ("Hello.", vec!["stop".to_owned()])
    );
}

#[test]
fn r13_a_line_without_end_and_a_flood_that_says_nothing_are_bounded() {
    let line = ScriptStep::Flood(vec![b'x'; 64 << 10], 800);
    let thought = frame(json!({ "reasoning": "thinking ".repeat(7000) }));
    for (name, flood) in [
        (
            "a line without end",
            vec![ScriptStep::Chunk(b"data: ".to_vec()), line],
        ),
        (
            "thoughts without end",
            vec![ScriptStep::Flood(thought, 800)],
        ),
    ] {
        let mut steps = vec![stream_head()];
        steps.extend(flood);
        steps.push(ScriptStep::Hang);
        let upstream = Upstream::playing(steps);
        let mut aside = Aside::with_route(&upstream, "first_token = \"15s\"");
        let before = aside.program().resident_bytes();
        let began = Instant::now();
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), APOLOGY, "{name}");
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "{name}: it was not the deadline"
        );
        upstream.gone(0);
        if let Some((before, after)) = before.zip(aside.program().resident_bytes()) {
            let growth = after.saturating_sub(before);
            assert!(growth < 32 << 20, "{name}: {growth} bytes of 50 MB");
        }
    }
}

#[test]
fn r13_an_event_of_a_megabyte_passes() {
    let text = "long words ".repeat(100_000);
    let upstream = Upstream::playing(saying(&[&text]));
    let aside = Aside::before(&upstream);
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    assert_eq!(Reply::read(&answer.text()).heard(), text);
}
