//! What the parts of a turn cost: reading the request, each kind of rule, the way back.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use aside::chat::ChatRequest;
use aside::chat::chunk::ChunkHead;
use aside::chat::reader::EventReader;
use aside::chat::request::Takes;
use aside::chat::vapi::VapiFields;
use aside::detect::{self, Cues, Detector, Detectors, Speaker};
use aside::files::Source;
use aside::lang::facts::Facts;
use aside::ruleset::{self, Ending, Passage, Ruleset, TurnInput};
use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

#[expect(dead_code, reason = "each who includes it plays a part of it")]
#[path = "../tests/fixtures/mod.rs"]
mod fixtures;

const INJECT: &str = "about = \"b\"\n[then.inject]\ntext = \"The caller is {{ customer.name }}.\"";
const REDACT: &str = "about = \"b\"\n[then.redact]\nfind = [\"card\", \"ssn\", \"phone\", \"email\", \"iban\", \"ip\"]\nknown = [\"customer.name\"]";
const REWRITE: &str = "about = \"b\"\n[then.rewrite]\nfind = '(?i)\\bacme\\b'\nreplace = \"ACME\"";

const ANSWER: &str = "about = \"b\"\nwhen = 'says(turn.user, [\"goodbye\", \"bye\"])'\n[then.answer]\nsay = [\"Bye, {{ customer.name }}!\", \"Goodbye!\"]\ncall = { name = \"endCall\", arguments = { reason = \"{{ turn.user }}\" } }";
const SPEAK: &str = "about = \"b\"\n[then.speak]\nnumbers = true\nreplace = { SQL = \"sequel\" }";

const SCRIPT: &str = "about = \"b\"\n[then.script]\nrequest = '''\nfor i in 0..messages.len() { if messages[i].role == \"tool\" { messages[i].content = messages[i].content.shortened(200); } }\nmessages.insert(-1, #{ role: \"system\", content: `The caller is ${customer.name}.` });'''\nreply = '''if text.says([\"as an AI\"]) { text = \"\"; }'''";
const SCRIPT_OF_FIELDS: &str =
    "about = \"b\"\n[then.script]\nrequest = 'if turn.number > 2 { request.temperature = 0.2; }'";

fn rules(texts: &[&str]) -> Arc<Ruleset> {
    let sources = texts
        .iter()
        .enumerate()
        .map(|(at, text)| Source::new(format!("{at}.toml"), *text));
    let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
    Arc::new(ruleset.unwrap_or_else(|| panic!("{problems:?}")))
}

fn pass(ruleset: &Arc<Ruleset>, request: ChatRequest, facts: Facts) -> Passage {
    let passage = Passage::begin(ruleset, TurnInput::new(request, facts));
    passage.out(&mut || Duration::ZERO).expect("the rules work")
}

fn facts(request: &ChatRequest) -> Facts {
    let vapi = VapiFields::of(request);
    let mut facts = Facts::default();
    if let Some(customer) = vapi.customer {
        facts.set_json("customer", customer);
    }
    facts.set("turn", ruleset::turn_facts(request));
    facts
}

fn request(c: &mut Criterion) {
    let body = Bytes::from(fixtures::long_body());
    let takes = Takes {
        all_fields: true,
        ..Takes::default()
    };
    c.bench_function("parse 48 KB", |b| {
        b.iter(|| ChatRequest::parse(black_box(body.clone())))
    });
    let parsed = ChatRequest::parse(body.clone()).expect("a request");
    c.bench_function("write 48 KB", |b| {
        b.iter(|| black_box(&parsed).write(&takes))
    });
    c.bench_function("facts", |b| b.iter(|| facts(black_box(&parsed))));
    for (name, texts) in [
        ("inject", &[INJECT][..]),
        ("redact", &[REDACT]),
        ("rewrite", &[REWRITE]),
        ("answer that does not act", &[ANSWER]),
        ("script over messages", &[SCRIPT]),
        ("script over fields", &[SCRIPT_OF_FIELDS]),
        ("all three", &[INJECT, REDACT, REWRITE]),
    ] {
        let ruleset = rules(texts);
        c.bench_function(&format!("{name} 48 KB, parse and write included"), |b| {
            b.iter(|| {
                let request = ChatRequest::parse(body.clone()).expect("a request");
                let facts = facts(&request);
                pass(&ruleset, request, facts).request.write(&takes)
            });
        });
    }
    c.bench_function("redact 48 KB for the first time", |b| {
        b.iter_batched(
            || {
                (
                    rules(&[REDACT]),
                    ChatRequest::parse(body.clone()).expect("a request"),
                )
            },
            |(ruleset, request)| pass(&ruleset, request, Facts::default()),
            BatchSize::LargeInput,
        );
    });
}

fn reply(c: &mut Criterion) {
    let words = [
        " the",
        " appointment",
        " is",
        " on",
        " Tuesday",
        " at",
        " three",
        " thirty",
        ",",
        " you",
        "?",
    ];
    let chunk = |word: &str| {
        format!(
            "data: {{\"id\":\"chatcmpl-B0000000000000000000000000001\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"gpt\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_06737a9306\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{word}\"}},\"logprobs\":null,\"finish_reason\":null}}]}}\n\n"
        )
    };
    let stream: Vec<String> = (0..50).map(|at| chunk(words[at % words.len()])).collect();
    for (name, texts) in [
        ("no rules", &[][..]),
        ("rewrite", &[REWRITE]),
        ("redact", &[REDACT]),
        ("speak", &[SPEAK]),
        ("script", &[SCRIPT]),
        ("all three", &[INJECT, REDACT, REWRITE]),
    ] {
        let ruleset = rules(texts);
        c.bench_function(&format!("reply of 50 chunks, {name}"), |b| {
            b.iter_batched(
                || {
                    let request = ChatRequest::parse(Bytes::from_static(
                        br#"{"messages":[{"role":"user","content":"Hi"}]}"#,
                    ))
                    .expect("a request");
                    pass(&ruleset, request, Facts::default()).back().1
                },
                |mut reply| {
                    let mut reader = EventReader::new();
                    let mut out = Vec::new();
                    for chunk in &stream {
                        reader.push(chunk.as_bytes());
                        while let Ok(Some(event)) = reader.next_event() {
                            reply.event(&event, &mut out);
                        }
                    }
                    reply.end(Ending::Whole, &mut out);
                    out
                },
                BatchSize::SmallInput,
            );
        });
    }
}

/// A turn that a rule answers: its way out, and its reply as a stream.
fn answer(c: &mut Criterion) {
    let ruleset = rules(&[ANSWER]);
    let body = Bytes::from_static(
        br#"{"customer":{"name":"Dana"},"messages":[{"role":"user","content":"Okay, bye!"}]}"#,
    );
    let head = ChunkHead::made("chatcmpl-1", 1, None);
    c.bench_function("answer, from the request to the stream", |b| {
        b.iter(|| {
            let request = ChatRequest::parse(body.clone()).expect("a request");
            let facts = facts(&request);
            let own = pass(&ruleset, request, facts).own_reply();
            own.expect("an answer").stream(&head, false)
        });
    });
}

/// The lines of the redaction tests, one by one, and histories of 100 KB.
fn detect(c: &mut Criterion) {
    let wanted: Detectors = Detector::ALL.iter().copied().collect();
    let scan = |text: &str| detect::scan(text, Speaker::Caller, &Cues::at_start("US"), wanted);
    let texts = fixtures::lines();
    let mut at = 0;
    c.bench_function("detect, a line (mean)", |b| {
        b.iter(|| {
            at = (at + 1) % texts.len();
            scan(&texts[at])
        });
    });
    let history: String = texts
        .iter()
        .cycle()
        .flat_map(|text| text.chars().chain(['\n']))
        .take(100_000)
        .collect();
    c.bench_function("detect, 100 KB of lines", |b| b.iter(|| scan(&history)));
    let ones = "one ".repeat(100_000);
    c.bench_function("detect, `one` 100,000 times", |b| b.iter(|| scan(&ones)));

    let names: Vec<&str> = Detector::ALL
        .iter()
        .map(|detector| detector.name())
        .collect();
    let ruleset = rules(&[&format!("about = \"b\"\n[then.redact]\nfind = {names:?}")]);
    let messages: Vec<_> = texts
        .iter()
        .cycle()
        .scan(0, |size, text| {
            *size += text.len();
            (*size < 100_000).then(|| serde_json::json!({"role": "user", "content": text}))
        })
        .collect();
    let body = Bytes::from(serde_json::json!({ "messages": messages }).to_string());
    let parsed = ChatRequest::parse(body).expect("a request");
    let turn = |request: ChatRequest| pass(&ruleset, request, Facts::default());
    drop(turn(parsed.clone()));
    c.bench_function("redact 100 KB of history from the memo", |b| {
        b.iter_batched(|| parsed.clone(), turn, BatchSize::LargeInput);
    });
}

criterion_group!(benches, request, reply, answer, detect);
criterion_main!(benches);
