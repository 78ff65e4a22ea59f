//! What rules cost a turn: each kind alone, by the example of its manual, and ten of mixed kinds over
//! a long call's body of 48 KB.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use aside::chat::ChatRequest;
use aside::chat::request::Takes;
use aside::chat::vapi::VapiFields;
use aside::files::Source;
use aside::rule::KINDS;
use aside::ruleset::{self, Passage, Ruleset, TurnInput};
use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

#[expect(dead_code, reason = "each who includes it plays a part of it")]
#[path = "../tests/fixtures/mod.rs"]
mod fixtures;

/// Ten rules as a user has them; none answers, so that all run.
const TEN: [&str; 10] = [
    "when = 'has(customer.name)'\n[then.inject]\ntext = \"The caller is {{ customer.name }}.\"",
    "when = 'turn.number > 2'\n[then.inject]\ntext = \"It is {{ now | date('%A', 'UTC') }}.\"",
    "[then.redact]\nfind = [\"card\", \"cvv\", \"pin\", \"ssn\", \"phone\", \"email\", \"iban\", \
     \"account\", \"ip\", \"birthdate\", \"zip\", \"id\", \"address\", \"name\", \"secret\"]\n\
     known = [\"customer.name\", \"customer.number\"]",
    "[then.rewrite]\nfind = '(?i)\\bacme\\b'\nreplace = \"ACME\"",
    "[then.rewrite]\nfind = '\\bkettle\\b'\nreplace = \"electric kettle\"\nin = [\"user\"]",
    "[then.trim]\nmessages = 40",
    "[then.tools]\nremove = [\"send_text\"]\ndescribe = { hang_up = \"Ends the call.\" }",
    "[then.set]\ntemperature = 0.2\nmax_tokens = 200",
    "when = 'says(turn.user, [\"goodbye\", \"bye\"])'\n[then.answer]\nsay = [\"Bye!\", \"Goodbye!\"]",
    "[then.speak]\nnumbers = true\nreplace = { SQL = \"sequel\" }",
];

fn read(texts: &[String]) -> Arc<Ruleset> {
    let named = texts.iter().enumerate();
    let sources = named.map(|(at, text)| Source::new(format!("{at:02}.toml"), text.as_str()));
    let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
    Arc::new(ruleset.unwrap_or_else(|| panic!("{problems:?}")))
}

/// From the bytes of a request to those that go upstream.
fn whole(ruleset: &Arc<Ruleset>, body: Bytes, takes: &Takes) -> Vec<u8> {
    let request = ChatRequest::parse(body).expect("a request");
    pass(ruleset, request).request.write(takes)
}

fn pass(ruleset: &Arc<Ruleset>, request: ChatRequest) -> Passage {
    let vapi = VapiFields::of(&request);
    let now = "2026-11-28T10:00:00Z".to_owned();
    let facts = ruleset::facts_of_turn(&request, vapi, "", now);
    let passage = Passage::begin(ruleset, TurnInput::new(request, facts));
    passage.out(&mut || Duration::ZERO).expect("the rules work")
}

fn takes() -> Takes {
    Takes {
        all_fields: true,
        ..Takes::default()
    }
}

/// Each kind's example: over the long body, with all that is remembered of it.
fn kinds(c: &mut Criterion) {
    let body = Bytes::from(fixtures::long_body());
    for kind in KINDS {
        let ruleset = read(&[kind.example.to_owned()]);
        let request = ChatRequest::parse(body.clone()).expect("a request");
        c.bench_function(&format!("the example of {}", kind.name), |b| {
            b.iter_batched(
                || request.clone(),
                |request| pass(&ruleset, request),
                BatchSize::LargeInput,
            );
        });
    }
}

/// Ten rules, from the bytes that came to those that go: where all was met before, and where the
/// newest message is new. Beside it no rule at all, for the part that is not of rules.
fn ten(c: &mut Criterion) {
    let (body, takes) = (fixtures::long_body(), takes());
    let ruleset = read(&TEN.map(|rule| format!("about = \"b\"\n{rule}")));
    let none = read(&[]);
    let same = Bytes::from(body.clone());
    drop(whole(&ruleset, same.clone(), &takes));
    c.bench_function("no rule, parse and write", |b| {
        b.iter(|| whole(&none, black_box(same.clone()), &takes));
    });
    c.bench_function("ten rules, all of it met before", |b| {
        b.iter(|| whole(&ruleset, black_box(same.clone()), &takes));
    });
    let mut count = 0_u64;
    c.bench_function(
        "ten rules, a new message behind a history met before",
        |b| {
            b.iter_batched(
                || {
                    count += 1;
                    said_last(&body, count)
                },
                |body| whole(&ruleset, body, &takes),
                BatchSize::LargeInput,
            );
        },
    );
}

/// The body with other last words of the caller.
fn said_last(body: &[u8], count: u64) -> Bytes {
    let mut json: serde_json::Value = serde_json::from_slice(body).expect("JSON");
    let messages = json["messages"].as_array_mut().expect("messages");
    let newest = messages
        .iter_mut()
        .rev()
        .find(|message| message["role"] == "user");
    newest.expect("a user message")["content"] =
        format!("so could you move the plumber to tuesday at {count} please").into();
    Bytes::from(json.to_string())
}

criterion_group!(benches, kinds, ten);
criterion_main!(benches);
