//! Upstreams that send what no model says: byte order marks, floods of tiny events, thousands of
//! choices and tool calls. What was said is heard, and memory and time stay small.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{
    APOLOGY, CHAT, Reply, choice_frame, frame, saying, says, stop, stream_head, streaming, turn,
    whole, with,
};

const RULE: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";
const SPOKEN: &str =
    "about = \"x\"\n[then.rewrite]\nfind = 'Hello'\nreplace = \"Hello\"\nin = [\"reply\"]\n";

/// Servers before this upstream: without rules, and with some that touch what is heard.
fn servers(upstream: &Upstream) -> [Aside; 2] {
    let setup = Setup::with_config(&config(upstream, ""));
    let ruled = setup
        .clone()
        .rule("10-card", RULE)
        .rule("20-spoken", SPOKEN);
    [setup, ruled].map(|setup| Aside::serve(&setup))
}

#[test]
fn r11_a_byte_order_mark_anywhere_between_the_words_is_not_heard_and_takes_no_word_away() {
    let plain = |text: &str| String::from_utf8(frame(json!({ "content": text }))).expect("UTF-8");
    let marked = |text: &str| format!("\u{feff}{}", plain(text));
    let end = String::from_utf8(choice_frame(0, json!({}), json!("stop"))).expect("UTF-8");
    let crlf = |text: &str| text.replace("\n\n", "\r\n\r\n");
    let inner = |text: &str| plain(text).replace("data: ", "data: \u{feff}");
    let streams = [
        plain("One ") + &marked("two ") + &marked("three.") + &end,
        marked("One ") + &marked("two ") + &marked("three.") + &format!("\u{feff}{end}"),
        crlf(&(plain("One ") + &marked("two ") + "\u{feff}: hi\n\n" + &marked("three.") + &end)),
        plain("One ") + "\u{feff}\n\n" + &inner("two ") + "\u{feff}" + &marked("three.") + &end,
    ];
    for stream in streams {
        let bytes = (stream.clone() + "data: [DONE]\n\n").into_bytes();
        let whole = streaming([&bytes[..]]);
        // Each byte of a mark in a piece of its own.
        let pieces = streaming(bytes.chunks(1));
        for steps in [whole, pieces] {
            let upstream = Upstream::playing(steps);
            for aside in servers(&upstream) {
                let answer = aside.client().post(CHAT, &[], &turn("Hi."));
                let heard = Reply::read(&answer.text()).heard();
                assert_eq!(heard, "One two three.", "{stream:?}");
                assert!(!aside.printed().contains("broke"), "{}", aside.printed());
            }
        }
    }
}

#[test]
fn r11_a_whole_answer_behind_a_byte_order_mark_is_heard() {
    let body = r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"Hello."}}]}"#;
    let upstream = Upstream::playing(whole("200 OK", "", &format!("\u{feff}{body}")));
    let asked = with(&turn("Hi."), json!({ "stream": false }));
    for aside in servers(&upstream) {
        let json = aside.client().post(CHAT, &[], &asked).json();
        assert_eq!(json["choices"][0]["message"]["content"], "Hello.");
    }
}

#[test]
fn r13_megabytes_of_tiny_events_before_the_first_word_are_given_up_in_little_memory() {
    for piece in ["data:a\n\n", "data: {}\n\n"] {
        let piece = piece.repeat((64 << 10) / piece.len()).into_bytes();
        let flood = vec![
            stream_head(),
            ScriptStep::Flood(piece, 1024),
            ScriptStep::Hang,
        ];
        let first = Upstream::playing(flood);
        let second = Upstream::playing(saying(&["Second here."]));
        let (one, two) = (first.url(), second.url());
        let config = format!(
            "workers = 1\n[upstream.one]\nurl = \"{one}\"\n[upstream.two]\nurl = \"{two}\"\n[route.default]\nupstreams = [\"one\", \"two\"]\nfirst_token = \"60s\"\n"
        );
        let mut aside = Aside::serve(&Setup::with_config(&config));
        let before = aside.program().resident_bytes();
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "Second here.");
        let after = aside.program().resident_bytes();
        if let (Some(before), Some(after)) = (before, after) {
            let grown = after.saturating_sub(before) >> 20;
            assert!(grown < 100, "{grown} MiB");
        }
    }
}

#[test]
fn r13_a_flood_behind_the_first_word_is_kept_by_nobody() {
    let piece = "data:a\n\n".repeat(8 << 10).into_bytes();
    let steps = vec![
        stream_head(),
        says("Well."),
        ScriptStep::Flood(piece, 64),
        stop(),
        ScriptStep::EndChunks,
    ];
    let upstream = Upstream::playing(steps);
    let tried = format!("shadow = true\n{SPOKEN}");
    let config = format!(
        "{}[record]\nfile = \"turns.jsonl\"\n",
        config(&upstream, "stall = \"60s\"")
    );
    let mut aside = Aside::serve(&Setup::with_config(&config).rule("10-tried", &tried));
    let before = aside.program().resident_bytes();
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    assert_eq!(Reply::read(&answer.text()).heard(), "Well.");
    if let (Some(before), Some(after)) = (before, aside.program().resident_bytes()) {
        let grown = after.saturating_sub(before) >> 20;
        assert!(grown < 100, "{grown} MiB");
    }
}

/// Many choices, and many tool calls of one, in one piece.
fn crowds() -> [Value; 2] {
    let choices = (0..90_000).map(|index| json!({ "index": index, "delta": { "content": "a" } }));
    let call = |index| json!({ "index": index, "function": { "name": "f", "arguments": "{}" } });
    let calls: Vec<Value> = (0..60_000).map(call).collect();
    [
        json!({ "choices": choices.collect::<Vec<_>>() }),
        json!({ "choices": [{ "index": 0, "delta": { "tool_calls": calls } }] }),
    ]
}

#[test]
fn r13_thousands_of_choices_or_tool_calls_in_one_event_are_given_up_at_once() {
    for crowd in crowds() {
        let event = ScriptStep::Chunk(format!("data: {crowd}\n\n").into_bytes());
        for first in [None, Some(says("Well."))] {
            let steps = [stream_head()].into_iter().chain(first.clone());
            let steps = steps.chain([event.clone(), ScriptStep::Hang]).collect();
            let upstream = Upstream::playing(steps);
            for aside in servers(&upstream) {
                let answer = aside.client().post(CHAT, &[], &turn("Hi."));
                let heard = Reply::read(&answer.text()).heard();
                assert!(heard.ends_with(APOLOGY), "{heard}");
                aside.wait_for("more choices and tool calls than any answer");
            }
        }
        let upstream = Upstream::playing(whole("200 OK", "", &crowd.to_string()));
        let asked = with(&turn("Hi."), json!({ "stream": false }));
        for aside in servers(&upstream) {
            let json = aside.client().post(CHAT, &[], &asked).json();
            assert_eq!(json["choices"][0]["message"]["content"], APOLOGY);
        }
    }
}

#[test]
fn r13_choices_and_tool_calls_without_end_over_many_events_are_given_up() {
    let choice = |index| choice_frame(index, json!({ "content": "a" }), Value::Null);
    let call = |index: usize| {
        let call = json!({ "index": index, "function": { "name": "f", "arguments": "{" } });
        frame(json!({ "tool_calls": [call] }))
    };
    let choices: Vec<u8> = (0..9000).flat_map(choice).collect();
    let calls: Vec<u8> = (0..9000).flat_map(call).collect();
    for crowd in [choices, calls] {
        let upstream = Upstream::playing(vec![
            stream_head(),
            ScriptStep::Chunk(crowd),
            ScriptStep::Hang,
        ]);
        for aside in servers(&upstream) {
            let answer = aside.client().post(CHAT, &[], &turn("Hi."));
            let heard = Reply::read(&answer.text()).heard();
            assert!(heard.ends_with(APOLOGY), "{heard}");
            aside.wait_for("more choices and tool calls than any answer");
        }
    }
}
