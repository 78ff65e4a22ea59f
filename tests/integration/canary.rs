//! Unique markers as every private value and secret: nothing that is printed, at any level, and
//! no error holds one.

use serde_json::json;

use crate::aside::{Aside, Setup};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, frame, saying, says, stop, stream_head, streaming, turn_of, whole, with};

const CALLERS_KEY: &str = "canary-caller-key-71c2";
const UPSTREAMS_KEY: &str = "canary-upstream-key-90fe";
const MARKERS: &[&str] = &[
    "4539 5787 6362 1486",
    "4539578763621486",
    "canary.mail@example.com",
    "Canaria Finchley",
    "Finchley",
    "canary-api-key-11d0",
    "canary-control-url-2b7e",
    "canary-server-secret-c3a9",
    "canary-url-secret-77aa",
    CALLERS_KEY,
    UPSTREAMS_KEY,
    "ORD-55512345",
    "canary said this",
    "canary upstream said this",
    "+12025550187",
    "202-555-0187",
    "canary-variable-5e5e",
    "canary-metadata-8d8d",
    "canary-header-1a1a",
];

fn rules(setup: Setup) -> Setup {
    setup
        .rule("10-inject", "about = \"x\"\n[then.inject]\ntext = \"Caller {{ customer.name }}, {{ customer.email }}, {{ variables.note }}\"\n")
        .rule("11-date", "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name | date('%Y', 'UTC') }}\"\n")
        .rule("12-int", "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name | int }} {{ customer.email + 3 }}\"\n")
        .rule("13-absent", "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name.nobody.knows }}\"\n")
        .rule("14-when", "about = \"x\"\nwhen = 'int(customer.name) > 3'\n[then.inject]\ntext = \"a\"\n")
        .rule("15-when", "about = \"x\"\nwhen = 'customer.email.matches(customer.name) || customer.name > 3'\n[then.inject]\ntext = \"a\"\n")
        .rule("16-when", "about = \"x\"\nwhen = 'timestamp(customer.name) < timestamp(now)'\n[then.inject]\ntext = \"a\"\n")
        .rule("20-redact", "about = \"x\"\n[then.redact]\nfind = [\"card\", \"email\", \"phone\"]\npatterns = { ORDER = 'ORD-\\d{8}' }\nknown = [\"customer.name\"]\n")
        .rule("30-rewrite", "about = \"x\"\n[then.rewrite]\nfind = '\\*{1,3}'\nreplace = \"\"\nin = [\"reply\"]\n")
}

fn private_turn(call: &str) -> Vec<u8> {
    let said = "canary said this: 4539 5787 6362 1486, canary.mail@example.com, 202-555-0187, ORD-55512345, Canaria Finchley";
    let customer = json!({ "name": "Canaria Finchley", "email": "canary.mail@example.com", "number": "+12025550187" });
    let more = json!({
        "customer": customer,
        "credentials": [{ "provider": "custom-llm", "apiKey": "canary-api-key-11d0" }],
        "metadata": { "note": "canary-metadata-8d8d" },
        "temperature": "canary-metadata-8d8d",
        "call": {
            "id": call,
            "customer": customer,
            "monitor": { "controlUrl": "https://example.invalid/canary-control-url-2b7e" },
            "server": { "secret": "canary-server-secret-c3a9" },
            "serverUrlSecret": "canary-url-secret-77aa",
            "assistantOverrides": { "variableValues": { "note": "canary-variable-5e5e" } },
        },
        "assistant": { "server": { "secret": "canary-server-secret-c3a9" } },
    });
    with(&turn_of(call, said), more)
}

/// An upstream that plays another part in each turn.
fn moody() -> Upstream {
    let error = r#"{"error":{"message":"canary upstream said this 4539 5787 6362 1486"}}"#;
    let frame_error = format!("data: {error}\n\n");
    let parts: Vec<Vec<ScriptStep>> = vec![
        saying(&["canary upstream said this: [CA", "RD_1] **[NAME_1]** [EMAIL_1]"]),
        whole("500 Oops", "content-type: application/json\r\n", error),
        whole("429 Slow", "content-type: application/json\r\nretry-after: 3\r\n", error),
        whole("400 Bad", "content-type: application/json\r\n", error),
        whole("200 OK", "content-type: application/json\r\n", error),
        whole("200 OK", "content-type: text/html\r\n", "<p>canary upstream said this"),
        streaming([frame_error.as_bytes()]),
        streaming([&b"data: canary upstream said this\n\n"[..]]),
        vec![stream_head(), says("canary upstream said this"), ScriptStep::Close],
        vec![stream_head(), says("canary upstream said this [CARD_1]"), ScriptStep::Hang],
        vec![ScriptStep::Send(b"canary upstream said this\r\n\r\n".to_vec()), ScriptStep::Close],
        vec![ScriptStep::Send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\ncanary upstream said this\r\n".to_vec()), ScriptStep::Close],
        vec![stream_head(), ScriptStep::Chunk(frame(json!({ "tool_calls": [{ "index": 0, "function": { "name": "pay", "arguments": "[CARD_1]" } }] }))), stop(), ScriptStep::EndChunks],
        vec![ScriptStep::Reset],
    ];
    Upstream::start(move |_, number| parts[number % parts.len()].clone())
}

#[test]
fn s05_nothing_private_is_printed_at_any_level() {
    for (format, mode) in [("text", "speak"), ("json", "status")] {
        let upstream = moody();
        let url = upstream.url();
        let config = format!(
            "keys = [\"${{CALLERS_KEY}}\"]\n[log]\nformat = \"{format}\"\n[upstream.mock]\npreset = \"openai\"\nurl = \"{url}\"\nkey = \"${{UPSTREAMS_KEY}}\"\nheaders = {{ X-Secret = \"canary-header-1a1a\" }}\n[route.default]\nupstreams = [\"mock\"]\nfirst_token = \"300ms\"\nstall = \"300ms\"\nwhole = \"300ms\"\non_error = \"{mode}\"\n"
        );
        let setup = rules(Setup::with_config(&config))
            .env("CALLERS_KEY", CALLERS_KEY)
            .env("UPSTREAMS_KEY", UPSTREAMS_KEY)
            .env("ASIDE_LOG", "trace");
        let mut aside = Aside::serve(&setup);
        let errors = ask_in_every_way(&aside);
        let metrics = aside.client().get("/metrics", &[]).text();
        assert!(crate::metrics::samples(&metrics).len() > 50, "{metrics}");
        assert!(!metrics.contains("call-"), "a call's id: {metrics}");
        let inspected = inspected(&aside);
        let sent: Vec<String> = (0..upstream.count())
            .map(|number| upstream.request(number).text())
            .collect();
        aside.program().signal("TERM");
        aside.program().ended();
        let printed = aside.program().printed();
        assert!(printed.len() > 2000, "the log says something:\n{printed}");
        for marker in MARKERS {
            let lines: Vec<&str> = printed
                .lines()
                .filter(|line| line.contains(marker))
                .collect();
            assert!(
                lines.is_empty(),
                "`{marker}` is printed ({format}):\n{}",
                lines.join("\n")
            );
            assert!(!metrics.contains(marker), "`{marker}` is in the metrics");
            // What no rule hides went upstream, and is there to be looked at.
            let is_hidden = !["said this", "variable", "metadata"]
                .iter()
                .any(|part| marker.contains(part));
            assert!(
                !is_hidden || !inspected.contains(marker),
                "`{marker}` is in the inspector"
            );
            for error in &errors {
                assert!(
                    !error.contains(marker),
                    "`{marker}` is in an error: {error}"
                );
            }
        }
        for marker in &MARKERS[..3] {
            assert!(!sent.concat().contains(marker), "`{marker}` went upstream");
        }
    }
}

/// All that the inspector gives: each call, and each turn with its test.
fn inspected(aside: &Aside) -> String {
    let get = |path: &str| aside.client().get(path, &[]).text();
    // The thread that makes what is shown takes its time.
    let screen = crate::inspect::wait_for(aside, "/inspect/api/screen", |screen| {
        screen["calls"]
            .as_array()
            .is_some_and(|calls| !calls.is_empty())
    });
    let mut all = screen.to_string();
    let calls = screen["calls"].as_array().expect("calls");
    for call in calls {
        let name = call["call"].as_str().or(call["newest"].as_str());
        let turns = get(&format!("/inspect/api/calls/{}", name.expect("a name")));
        let read: serde_json::Value = serde_json::from_str(&turns).expect("JSON");
        all += &turns;
        for turn in read["turns"].as_array().into_iter().flatten() {
            let path = format!(
                "/inspect/api/turns/{}",
                turn["turn"].as_str().expect("an id")
            );
            all += &get(&path);
            all += &get(&format!("{path}/test"));
        }
    }
    all
}

/// Good and failing turns, and what is no turn at all; gives the bodies of the errors.
fn ask_in_every_way(aside: &Aside) -> Vec<String> {
    let bearer = format!("Bearer {CALLERS_KEY}");
    let right = [("authorization", bearer.as_str())];
    let path = format!("/{CALLERS_KEY}/v1/chat/completions");
    let mut errors = Vec::new();
    let mut ask = |path: &str, headers: &[(&str, &str)], body: &[u8]| {
        let answer = aside.client().post(path, headers, body);
        if answer.status != 200 {
            errors.push(format!("{:?} {}", answer.headers, answer.text()));
        }
    };
    for number in 0..15 {
        let body = private_turn(&format!("call-{number}"));
        ask(if number % 2 == 0 { CHAT } else { &path }, &right, &body);
        ask(CHAT, &right, &with(&body, json!({ "stream": false })));
    }
    let body = private_turn("call-bad");
    let text = String::from_utf8(body.clone()).expect("text");
    ask(CHAT, &right, &body[..body.len() - 3]);
    ask(
        CHAT,
        &right,
        text.replace("\"role\":\"user\"", "\"role\":7").as_bytes(),
    );
    ask(
        CHAT,
        &right,
        text.replace("\"model\"", "\"twice\":\"canary-metadata-8d8d\",\"twice\"")
            .as_bytes(),
    );
    ask(
        CHAT,
        &right,
        &with(&body, json!({ "model": ["canary-metadata-8d8d"] })),
    );
    ask(
        CHAT,
        &right,
        &with(&body, json!({ "messages": "canary said this" })),
    );
    ask(CHAT, &right, b"canary said this");
    ask(CHAT, &[("authorization", &format!("{bearer}x"))], &body);
    ask(CHAT, &[], &body);
    ask(&format!("/{CALLERS_KEY}-x/v1/chat/completions"), &[], &body);
    ask("/4539578763621486/chat/completions", &right, &body);
    ask(CHAT, &[right[0], right[0]], &body);
    ask(CHAT, &[right[0], ("content-encoding", "gzip")], &body);
    drop(aside.client().get("/v1/models", &right));
    // A caller who hangs up, and a newer turn of the call.
    let mut client = aside.client();
    client.send("POST", CHAT, &right, &private_turn("call-again"));
    let mut newer = aside.client();
    newer.send("POST", CHAT, &right, &private_turn("call-again"));
    newer.answer();
    drop(client);
    errors
}
