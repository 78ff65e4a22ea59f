//! Rules that panic, in a server of their own: only their turn is hit, and it is never silent.

use actix_web::rt::System;
use futures::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use std::sync::Arc;

use super::*;
use crate::chat::ChatRequest;
use crate::config::{Config, Overrides};
use crate::demo::faulty::{Faulty, ScriptStep};
use crate::files::Source;
use crate::net::http::{Addresses, BrokenOff, HttpClient, Reach};
use crate::net::tls;
use crate::rule::{Change, Lane, Rule, RuleError, TextFilter, Turn};
use crate::ruleset::Ruleset;
use crate::server;
use crate::server::state::limits::UsageLimits;
use crate::server::state::meters::RouteMeters;
use crate::server::state::rules::{CountedRuleset, Rulesets};
use crate::server::state::underway::TurnsUnderway;
use crate::server::turn::turn_line::TurnLine;
use crate::telemetry::metrics::{render, start_metrics};

const REACH: Reach = Reach {
    within: std::time::Duration::from_secs(20),
    addresses: Addresses::Any,
};

/// Panics where a text says so.
#[derive(Debug)]
struct Panics {
    in_request: bool,
    in_reply: bool,
}

/// Holds one piece back.
struct Holds(String);

impl Rule for Panics {
    fn on_request(&self, request: &mut ChatRequest, _: &mut Turn) -> Result<Change, RuleError> {
        let says = |text: &str| {
            let mut messages = request.messages().iter();
            messages.any(|message| message.text().contains(text))
        };
        assert!(!(self.in_request && says("break")), "it broke");
        Ok(Change::Unchanged)
    }

    fn on_reply(&self, _: &Turn, _: &Lane) -> Option<Box<dyn TextFilter>> {
        let filter = || Box::new(Holds(String::new())) as Box<dyn TextFilter>;
        self.in_reply.then(filter)
    }
}

impl TextFilter for Holds {
    fn push(&mut self, text: &str, out: &mut String) {
        if !text.is_empty() {
            out.push_str(&std::mem::replace(&mut self.0, text.to_owned()));
        }
        assert!(!text.contains("break in the middle"), "it broke");
    }

    fn finish(&mut self, out: &mut String) {
        assert!(!self.0.contains("break at the end"), "it broke");
        out.push_str(&self.0);
    }
}

/// A reply that repeats what the caller said, in pieces.
fn echo(request: &crate::demo::faulty::Request, _: usize) -> Vec<ScriptStep> {
    let body = request.json();
    let said = body["messages"][0]["content"].as_str().unwrap_or_default();
    let event = |delta: Value, finish: Value| {
        let chunk = json!({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]});
        ScriptStep::Chunk(format!("data: {chunk}\n\n").into_bytes())
    };
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    vec![
        ScriptStep::Send(head.into()),
        event(json!({ "content": "Well. " }), Value::Null),
        event(json!({ "content": "So. " }), Value::Null),
        event(json!({ "content": said }), Value::Null),
        event(json!({}), "stop".into()),
        ScriptStep::Chunk(b"data: [DONE]\n\n".to_vec()),
        ScriptStep::EndChunks,
    ]
}

/// What callers hear who say this one after the other, and how many requests went upstream.
fn heard(kind: &str, rule: Panics, said: &[&str]) -> (Vec<String>, usize) {
    let upstream = Faulty::start(echo).expect("a port is free");
    let config = format!(
        "workers = 1\n[upstream.mock]\nurl = \"http://{}/v1\"\n[route.default]\nupstreams = [\"mock\"]\napology = \"Sorry?\"\n",
        upstream.address()
    );
    let source = Source::new("aside.toml", config);
    let over = Overrides {
        listen: Some(([127, 0, 0, 1], 0).into()),
        ..Overrides::default()
    };
    let (config, problems) = Config::read(&source, &over, &|_| None);
    let config = config.unwrap_or_else(|| panic!("{problems:?}"));
    let text = format!("about = \"x\"\n[then.{kind}");
    let (ruleset, problems) = Ruleset::read(vec![Source::new("a.toml", text)], &|_| None);
    let ruleset = ruleset.unwrap_or_else(|| panic!("{problems:?}"));
    let ruleset = ruleset.with_first(Box::new(rule));
    let heard = System::new().block_on(async {
        let running = server::start(&config, &source, &Rulesets::same_for_all(&config, ruleset))
            .expect("it starts");
        let url = format!("http://{}/v1/chat/completions", running.address);
        let handle = running.handle();
        let serving = actix_web::rt::spawn(running.serve());
        let mut heard = Vec::new();
        for said in said {
            let body = json!({"stream": true, "messages": [{"role": "user", "content": said}]});
            let request = http::Request::post(&url)
                .header("content-type", "application/json")
                .body(Bytes::from(body.to_string()))
                .expect("a request");
            let client = HttpClient::new(tls::from_environment().expect("roots"));
            let answer = client.ask(request, REACH).await.expect("it answers");
            let body = answer.body.whole(1 << 20).await.expect("the body is whole");
            heard.push(read(&String::from_utf8_lossy(&body)));
        }
        handle.stop(true).await;
        serving.await.expect("it ends").expect("it ends well");
        heard
    });
    (heard, upstream.count())
}

/// What is heard of a stream, which must be well formed.
fn read(stream: &str) -> String {
    let events = stream
        .strip_suffix("data: [DONE]\n\n")
        .unwrap_or_else(|| panic!("`[DONE]` is not last: {stream}"));
    let chunks = events.split_terminator("\n\n").map(|event| {
        let data = event.strip_prefix("data: ").expect("an event");
        serde_json::from_str::<Value>(data).expect("JSON")
    });
    let chunks: Vec<Value> = chunks.collect();
    let field = |pointer: &str| -> Vec<String> {
        let found = chunks
            .iter()
            .filter_map(|chunk| chunk.pointer(pointer)?.as_str());
        found.map(str::to_owned).collect()
    };
    assert_eq!(field("/choices/0/finish_reason").len(), 1, "{stream}");
    field("/choices/0/delta/content").concat()
}

const BREAKS: &[&str] = &["Hi.", "break", "Hi again."];

#[test]
fn r34_a_redact_rule_that_panics_sends_nothing_upstream() {
    let rule = Panics {
        in_request: true,
        in_reply: false,
    };
    let (heard, asked) = heard("redact]\nfind = [\"card\"]", rule, BREAKS);
    assert_eq!(heard, ["Well. So. Hi.", "Sorry?", "Well. So. Hi again."]);
    assert_eq!(asked, 2);
}

#[test]
fn r34_an_inject_rule_that_panics_is_skipped() {
    let rule = Panics {
        in_request: true,
        in_reply: false,
    };
    let (heard, asked) = heard("inject]\ntext = \"a\"", rule, BREAKS);
    assert_eq!(heard[1], "Well. So. break");
    assert_eq!((heard.len(), asked), (3, 3));
}

#[test]
fn r34_a_rule_that_panics_on_the_way_back_ends_in_the_apology_and_shows_nothing_held_back() {
    let rule = Panics {
        in_request: false,
        in_reply: true,
    };
    let said = [
        "Hi.",
        "break in the middle",
        "break at the end",
        "Hi again.",
    ];
    let (heard, _) = heard("redact]\nfind = [\"card\"]", rule, &said);
    assert_eq!(
        heard,
        [
            "Well. So. Hi.",
            "Well.  Sorry?",
            "Well. So.  Sorry?",
            "Well. So. Hi again."
        ]
    );
}

/// Panics when it is dropped, unless something panics already.
struct BreaksWhenDropped;

impl Drop for BreaksWhenDropped {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "it broke");
    }
}

/// The body of a turn of this route whose upstream sends these bytes.
fn body(route: &str, bytes: impl Stream<Item = Result<Bytes, BrokenOff>> + 'static) -> StreamBody {
    start_metrics();
    let limits = UsageLimits::new(&toml::from_str("").expect("limits"), &[]);
    let live = OpenStream {
        capture: None,
        again: None,
        events: Events::new(bytes, usize::MAX),
        upstream: route.to_owned(),
        underway: Arc::new(TurnsUnderway::default())
            .begin("turn", None, 1)
            .expect("room"),
        admitted: limits.admit(0, None).expect("room"),
        witness: TurnWitness::begin(
            &Arc::new(CountedRuleset::new(Ruleset::default(), None)),
            &Arc::new(RouteMeters::new(route)),
            TurnLine::new(std::time::Instant::now(), "turn", None, route),
        ),
    };
    StreamBody {
        reply: Reply::untouched(),
        live: Some(HeldForClient::new(live, "turn")),
        apology: "Sorry?".to_owned(),
        turn: "turn".to_owned(),
    }
}

/// What a caller hears of such a body.
fn heard_of(route: &str, bytes: impl Stream<Item = Result<Bytes, BrokenOff>> + 'static) -> String {
    let stream = System::new().block_on(async {
        let bytes = actix_web::body::to_bytes(body(route, bytes)).await;
        bytes.expect("it never fails")
    });
    read(&String::from_utf8_lossy(&stream))
}

fn is_counted(route: &str, outcome: &str) {
    let series = format!("aside_turns_total{{route=\"{route}\",outcome=\"{outcome}\"}} 1");
    assert!(render().contains(&series), "{}", render());
}

fn chunk(delta: &Value, finish: &Value) -> Result<Bytes, BrokenOff> {
    let chunk = json!({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]});
    Ok(format!("data: {chunk}\n\n").into())
}

#[test]
fn r34_a_panic_while_an_answer_is_read_ends_in_the_apology_and_is_counted_as_what_it_is() {
    let said = stream::iter([chunk(&json!({ "content": "Well." }), &Value::Null)]);
    let breaks = stream::poll_fn(|_| panic!("it broke"));
    assert_eq!(heard_of("r34-reading", said.chain(breaks)), "Well. Sorry?");
    is_counted("r34-reading", "broken");
    let failed = "aside_upstream_failures_total{upstream=\"r34-reading\",reason=\"panic\"} 1";
    assert!(render().contains(failed), "{}", render());
}

#[test]
fn r34_a_panic_when_all_is_over_takes_no_word_away() {
    let said = [
        chunk(&json!({ "content": "Well." }), &Value::Null),
        chunk(&json!({}), &"stop".into()),
        Ok("data: [DONE]\n\n".into()),
    ];
    let guard = BreaksWhenDropped;
    let said = stream::iter(said).map(move |bytes| {
        let _kept = &guard;
        bytes
    });
    assert_eq!(heard_of("r34-dropping", said), "Well.");
    is_counted("r34-dropping", "answered");
}

#[test]
fn r34_a_panic_when_a_caller_hangs_up_is_felt_by_nobody() {
    let guard = BreaksWhenDropped;
    let silence = stream::poll_fn(move |_| {
        let _kept = &guard;
        std::task::Poll::Pending
    });
    System::new().block_on(async { drop(body("r34-hanging-up", silence)) });
    is_counted("r34-hanging-up", "broken");
}
