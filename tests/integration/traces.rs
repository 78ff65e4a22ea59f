//! Traces of turns, as a collector gets them: their spans, whatever way a turn ends, and nothing of what
//! people said.

use std::time::Duration;

use serde_json::{Value, json};

use crate::aside::{Aside, Setup};
use crate::client::Client;
use crate::events::JSON;
use crate::otlp::{Sink, SunkSpan};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{APOLOGY, CHAT, Reply, saying, says, stop, stream_head, turn_of, whole};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";
const ASKED_BY: (&str, &str) = (
    "traceparent",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
);
/// What no trace may hold.
const PRIVATE: &[&str] = &["canary", "4111", "Zorbax", "gold", "s3cr3t", "Well"];

/// The config of a route with these upstreams, `one` and `two`.
fn config(upstreams: &[&Upstream], route: &str, more: &str) -> String {
    let names = &["one", "two"][..upstreams.len()];
    let each = names.iter().zip(upstreams);
    let tables: String = each
        .map(|(name, it)| format!("[upstream.{name}]\nurl = \"{}\"\n", it.url()))
        .collect();
    format!("{tables}[route.default]\nupstreams = {names:?}\n{route}\n{more}\n")
}

fn serve(upstreams: &[&Upstream], route: &str, more: &str) -> Aside {
    Aside::serve(&Setup::with_config(&config(upstreams, route, more)))
}

fn body() -> Vec<u8> {
    turn_of("call-1", "My canary card is 4111 1111 1111 1111.")
}

fn ask(aside: &Aside, headers: &[(&str, &str)]) -> String {
    Reply::read(&aside.client().post(CHAT, headers, &body()).text()).heard()
}

fn names(spans: &[SunkSpan]) -> Vec<&str> {
    spans.iter().map(|span| &*span.name).collect()
}

/// What came of each attempt.
fn attempts(spans: &[SunkSpan]) -> Vec<String> {
    let attempts = spans.iter().filter(|span| span.kind == 3);
    let told = |span: &SunkSpan| {
        let words = ["aside.upstream", "aside.attempt.outcome", "error.type"];
        let words = words.map(|name| span.told(name).as_str().unwrap_or_default());
        words.join(" ").trim_end().to_owned()
    };
    attempts.map(told).collect()
}

fn nothing_private(sink: &Sink) {
    let posted = String::from_utf8_lossy(&sink.bytes()).into_owned();
    for text in PRIVATE {
        assert!(!posted.contains(text), "{text}: {posted}");
    }
}

/// A reply that says its model, its usage and a finish reason.
fn told_reply() -> Vec<ScriptStep> {
    let chunk = |choices: Value, usage: Value| {
        let chunk = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "real-model-2", "choices": choices, "usage": usage});
        ScriptStep::Chunk(format!("data: {chunk}\n\n").into_bytes())
    };
    let usage = json!({"prompt_tokens": 120, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 100}});
    vec![
        stream_head(),
        chunk(
            json!([{"index": 0, "delta": {"role": "assistant", "content": "Well."}, "finish_reason": null}]),
            Value::Null,
        ),
        chunk(
            json!([{"index": 0, "delta": {}, "finish_reason": "stop"}]),
            Value::Null,
        ),
        chunk(json!([]), usage),
        ScriptStep::Chunk(b"data: [DONE]\n\n".to_vec()),
        ScriptStep::EndChunks,
    ]
}

#[test]
fn a_turn_is_a_tree_of_spans_with_the_names_of_the_conventions_and_none_of_its_words() {
    let (sink, upstream) = (Sink::start(), Upstream::playing(told_reply()));
    let source = Upstream::playing(whole("200 OK", JSON, "{\"plan\":\"gold\"}"));
    let more = format!(
        "{}[trace.headers]\nauthorization = \"Bearer ${{KEY}}\"\n[fetch]\nhosts = [\"{}\"]\nprivate = true\n",
        sink.config("service_name = \"voice\""),
        source.address()
    );
    let plan = format!(
        "about = \"x\"\n[then.inject]\ntext = \"{{{{ fetch.crm.plan }}}} {{{{ context.customer.plan | default('none') }}}}\"\n[fetch.crm]\nurl = \"http://{}/a\"\nwithin = \"5s\"\n",
        source.address()
    );
    let setup = Setup::with_config(&config(&[&upstream], "", &more));
    let setup = setup.env("KEY", "s3cr3t").rule("10-plan", &plan);
    let setup = setup.rule(
        "20-name",
        "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name }}\"",
    );
    let aside = Aside::serve(&setup.rule(
        "90-redact",
        "about = \"x\"\n[then.redact]\nfind = [\"card\"]",
    ));
    let headers = [
        ASKED_BY,
        ("tracestate", "vendor=1"),
        ("tracestate", "other=a:b"),
    ];
    assert_eq!(ask(&aside, &headers), "Well.");
    let spans = sink.turn();
    assert_eq!(
        names(&spans),
        [
            "turn default",
            "context",
            "fetch crm",
            "rule 10-plan",
            "rule 20-name",
            "rule 90-redact",
            "chat gpt-4o"
        ]
    );
    for span in &spans {
        assert_eq!(
            (&*span.trace, &*span.state),
            (TRACE, "vendor=1,other=a:b"),
            "{span:?}"
        );
        assert!(span.start <= span.end && span.flags & 1 == 1, "{span:?}");
        assert!(
            spans[0].start <= span.start && span.end <= spans[0].end,
            "{span:?}"
        );
        assert_eq!(span.service, "voice");
    }
    assert!(spans.windows(2).all(|pair| pair[0].start <= pair[1].start));
    let turn = &spans[0];
    assert_eq!((turn.kind, &*turn.parent, turn.status), (2, PARENT, 0));
    assert_eq!(turn.told("gen_ai.conversation.id"), "call-1");
    assert_eq!(turn.told("aside.outcome"), "answered");
    assert_eq!(turn.events, ["aside.first_word"]);
    assert_eq!(spans[2].told("aside.fetch.result"), "answered");
    let rules: Vec<_> = spans[3..6]
        .iter()
        .map(|span| (span.told("aside.rule.outcome").as_str(), span.status))
        .collect();
    assert_eq!(
        rules,
        [
            (Some("changed"), 0),
            (Some("failed"), 2),
            (Some("changed"), 0)
        ]
    );
    let chat = &spans[6];
    assert_eq!((chat.kind, chat.status), (3, 0));
    for (name, expected) in [
        ("gen_ai.operation.name", json!("chat")),
        ("gen_ai.provider.name", json!("custom")),
        ("gen_ai.request.model", json!("gpt-4o")),
        ("gen_ai.request.stream", json!(true)),
        ("gen_ai.response.model", json!("real-model-2")),
        ("gen_ai.response.finish_reasons", json!(["stop"])),
        ("gen_ai.usage.input_tokens", json!(120)),
        ("gen_ai.usage.output_tokens", json!(7)),
        ("gen_ai.usage.cache_read.input_tokens", json!(100)),
        ("gen_ai.conversation.id", json!("call-1")),
        ("server.address", json!("127.0.0.1")),
        ("error.type", Value::Null),
    ] {
        assert_eq!(*chat.told(name), expected, "{name}");
    }
    assert!(
        chat.told("gen_ai.response.time_to_first_chunk")
            .as_f64()
            .is_some_and(|it| it > 0.0)
    );
    let got = upstream.request(0);
    assert_eq!(
        got.header("traceparent"),
        [format!("00-{TRACE}-{}-01", chat.id)]
    );
    assert_eq!(got.header("tracestate"), ["vendor=1,other=a:b"]);
    let posted = sink.server().request(0);
    assert!(
        posted.head.starts_with("POST /v1/traces HTTP/1.1"),
        "{}",
        posted.head
    );
    assert_eq!(posted.header("content-type"), ["application/x-protobuf"]);
    assert_eq!(posted.header("authorization"), ["Bearer s3cr3t"]);
    nothing_private(&sink);
    assert!(!aside.printed().contains("s3cr3t"));
}

#[test]
fn a_span_lasts_until_the_last_byte_of_the_reply() {
    let sink = Sink::start();
    let upstream = Upstream::playing(vec![
        stream_head(),
        says("Well."),
        ScriptStep::Wait(1),
        stop(),
        ScriptStep::EndChunks,
    ]);
    let aside = serve(&[&upstream], "stall = \"30s\"", &sink.config(""));
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &body());
    client.head();
    client.read_until("Well.");
    let pause = Duration::from_millis(700);
    std::thread::sleep(pause);
    assert_eq!(sink.spans().len(), 0, "it goes on");
    upstream.open(1);
    client.rest();
    let spans = sink.turn();
    for at in [0, 1] {
        let lasted = Duration::from_nanos(spans[at].end - spans[at].start);
        assert!(lasted >= pause, "{}: {lasted:?}", spans[at].name);
    }
    let waited = spans[1]
        .told("gen_ai.response.time_to_first_chunk")
        .as_f64();
    assert!(
        waited.is_some_and(|it| it < pause.as_secs_f64()),
        "{waited:?}"
    );
    assert_eq!(&*spans[0].parent, "", "the trace begins here");
}

#[test]
fn each_request_to_an_upstream_is_a_span_that_says_what_came_of_it() {
    let refuses = Upstream::playing(whole(
        "429 Too Many Requests",
        JSON,
        r#"{"error":{"code":"rate_limit_exceeded","message":"canary"}}"#,
    ));
    let slow = Upstream::playing(vec![stream_head(), ScriptStep::Hang]);
    let breaks = Upstream::playing(vec![stream_head(), says("Well"), ScriptStep::Reset]);
    let picky = Upstream::start(|request, _| match request.json().get("temperature") {
        Some(_) => whole(
            "400 Bad Request",
            JSON,
            r#"{"error":{"message":"Unsupported parameter: 'temperature' is not supported with this model.","code":"unsupported_parameter","param":"temperature"}}"#,
        ),
        None => saying(&["Well."]),
    });
    for (name, first, route, expected) in [
        (
            "failover",
            &refuses,
            "",
            &["one failed 429", "two answered"][..],
        ),
        (
            "hedge",
            &slow,
            "hedge = \"100ms\"\nfirst_token = \"30s\"",
            &["one hedged_away", "two answered"],
        ),
        ("mended", &picky, "", &["one mended 400", "one answered"]),
        ("broken off", &breaks, "", &["one failed reset"]),
    ] {
        let (sink, second) = (Sink::start(), Upstream::playing(saying(&["Well."])));
        let aside = serve(&[first, &second], route, &sink.config(""));
        assert!(!ask(&aside, &[]).is_empty(), "{name}");
        let spans = sink.turn();
        assert_eq!(attempts(&spans), expected, "{name}");
        let clients: Vec<_> = spans.iter().filter(|span| span.kind == 3).collect();
        // Each was told of its own span.
        let told = |upstream: &Upstream| -> Vec<String> {
            let asked = (0..upstream.count()).map(|it| upstream.request(it));
            asked
                .flat_map(|it| {
                    it.header("traceparent")
                        .join(" ")
                        .split('-')
                        .nth(2)
                        .map(str::to_owned)
                })
                .collect()
        };
        let mut ids = told(first);
        ids.extend(told(&second));
        assert_eq!(
            ids,
            clients
                .iter()
                .map(|span| span.id.clone())
                .collect::<Vec<_>>(),
            "{name}"
        );
        let is_error = clients[0].status == 2;
        assert_eq!(is_error, name != "hedge", "{name}");
        let outcome = if name == "broken off" {
            "apology"
        } else {
            "answered"
        };
        assert_eq!(spans[0].told("aside.outcome"), outcome, "{name}");
        nothing_private(&sink);
    }
}

#[test]
fn turns_that_are_hung_up_or_replaced_are_traced_to_where_they_came() {
    let sink = Sink::start();
    let upstream = Upstream::start(|_, number| match number {
        0 => vec![ScriptStep::Hang],
        1 => vec![stream_head(), says("Well"), ScriptStep::Hang],
        _ => saying(&["Well."]),
    });
    let aside = serve(
        &[&upstream],
        "first_token = \"30s\"\nstall = \"30s\"",
        &sink.config(""),
    );
    let send = |number: usize, text: &str| -> Client {
        let mut client = aside.client();
        client.send("POST", CHAT, &[], &turn_of("call-1", text));
        upstream.request(number);
        client
    };
    drop(send(0, "Hi."));
    let first = sink.turn();
    assert_eq!(
        (first[0].told("aside.outcome"), first[0].status),
        (&json!("hung_up"), 0)
    );
    assert_eq!(attempts(&first), ["one hung_up"]);
    let mut older = send(1, "Hi. So.");
    older.head();
    older.read_until("Well");
    let newer = aside
        .client()
        .post(CHAT, &[], &turn_of("call-1", "Hi. So. Well."));
    let turns = sink.turns(3);
    let replaced = turns
        .iter()
        .find(|turn| turn[0].told("aside.outcome") == "replaced")
        .expect("it is traced");
    assert_eq!(
        replaced[0].told("aside.superseded_by").as_str(),
        newer.header("x-aside-turn")
    );
    assert_eq!(attempts(replaced), ["one hung_up"]);
    let traces: std::collections::BTreeSet<_> = turns.iter().map(|turn| &turn[0].trace).collect();
    assert_eq!(traces.len(), 3);
}

#[test]
fn a_turn_that_a_rule_refuses_is_an_error_and_asks_nobody() {
    let (sink, upstream) = (Sink::start(), Upstream::playing(saying(&["Well."])));
    let more = format!("[limits]\nrule_time = \"1ms\"\n{}", sink.config(""));
    let setup = Setup::with_config(&config(&[&upstream], "", &more));
    let aside = Aside::serve(&setup.rule(
        "10-redact",
        "about = \"x\"\n[then.redact]\nfind = [\"card\", \"name\"]",
    ));
    let cards: String = (0..4000)
        .map(|n| format!("canary 4111 1111 {n:04} {n:04} "))
        .collect();
    let answer = aside.client().post(CHAT, &[], &turn_of("call-1", &cards));
    assert_eq!(Reply::read(&answer.text()).heard(), APOLOGY);
    let spans = sink.turn();
    let turn = &spans[0];
    assert_eq!(
        (
            turn.told("aside.outcome"),
            turn.told("error.type"),
            turn.status
        ),
        (&json!("refused"), &json!("refused"), 2)
    );
    assert_eq!((attempts(&spans).len(), upstream.count()), (0, 0));
    nothing_private(&sink);
}
