//! `GET /metrics`: what is counted of upstreams and of fetches.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::DEADLINE;
use crate::aside::{Aside, Setup, config};
use crate::metrics::{OPERATION, scrape, wait_for};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, choice_frame, saying, says, stream_head, turn, whole, with};

const FIRST_OPEN: &str = r#"aside_upstream_open{upstream="first"}"#;
const SECOND_OPEN: &str = r#"aside_upstream_open{upstream="second"}"#;
const FIRST_TURNS: &str = r#"aside_upstream_turns_total{upstream="first"}"#;
const SECOND_TURNS: &str = r#"aside_upstream_turns_total{upstream="second"}"#;
const FIRST_FAILURES: &str = r#"aside_upstream_failures_total{upstream="first",reason="status"}"#;

fn extras(upstream: &str, kind: &str, outcome: &str) -> String {
    format!("aside_upstream_{kind}_total{{upstream=\"{upstream}\",outcome=\"{outcome}\"}}")
}

fn pair(first: &Upstream, second: &Upstream, more: &str) -> Aside {
    let (one, two) = (first.url(), second.url());
    Aside::serve(&Setup::with_config(&format!(
        "workers = 1\n[upstream.first]\nurl = \"{one}\"\n[upstream.second]\nurl = \"{two}\"\n[route.default]\nupstreams = [\"first\", \"second\"]\n{more}\n"
    )))
}

fn ask(aside: &Aside) {
    assert_eq!(aside.client().post(CHAT, &[], &turn("Hi.")).status, 200);
}

#[test]
fn r18_an_open_breaker_shows_and_an_error_rate_can_be_told() {
    let first = Upstream::start(|_, number| match number {
        0 => saying(&["First."]),
        _ => whole("500 Oops", "", ""),
    });
    let second = Upstream::playing(saying(&["Second."]));
    let aside = pair(&first, &second, "");
    ask(&aside);
    wait_for(
        &aside,
        &[
            (FIRST_OPEN, 0.0),
            (SECOND_OPEN, 0.0),
            (FIRST_TURNS, 1.0),
            (SECOND_TURNS, 0.0),
        ],
    );
    for _ in 0..5 {
        ask(&aside);
    }
    wait_for(
        &aside,
        &[
            (FIRST_OPEN, 1.0),
            (SECOND_OPEN, 0.0),
            (FIRST_TURNS, 6.0),
            (FIRST_FAILURES, 5.0),
            (SECOND_TURNS, 5.0),
        ],
    );
}

#[test]
fn an_upstream_that_the_config_has_no_longer_is_not_open() {
    let first = Upstream::playing(whole("500 Oops", "", ""));
    let second = Upstream::playing(saying(&["Second."]));
    let mut aside = pair(&first, &second, "");
    for _ in 0..5 {
        ask(&aside);
    }
    wait_for(&aside, &[(FIRST_OPEN, 1.0), (SECOND_OPEN, 0.0)]);
    let config = format!(
        "workers = 1\n[upstream.second]\nurl = \"{}\"\n",
        second.url()
    );
    std::fs::write(aside.path("aside.toml"), config).expect("a config");
    aside.program().signal("HUP");
    wait_for(&aside, &[(FIRST_OPEN, 0.0), (SECOND_OPEN, 0.0)]);
}

#[test]
fn hedges_are_counted_and_so_are_those_that_are_too_many() {
    let mut late = saying(&["First here."]);
    late.insert(0, ScriptStep::Pause(Duration::from_millis(400)));
    let first = Upstream::playing(late);
    let second = Upstream::playing(vec![stream_head(), ScriptStep::Hang]);
    let aside = pair(&first, &second, "hedge = \"50ms\"");
    for _ in 0..3 {
        ask(&aside);
    }
    wait_for(
        &aside,
        &[
            (&extras("second", "hedges", "taken"), 3.0),
            (&extras("second", "hedges", "refused"), 0.0),
            (&extras("first", "hedges", "taken"), 0.0),
            (&extras("first", "repeats", "taken"), 0.0),
            (FIRST_TURNS, 3.0),
            (SECOND_TURNS, 3.0),
        ],
    );
    // At most ten within ten seconds; all at once, so that they are.
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| ask(&aside));
        }
    });
    let found = wait_for(&aside, &[(FIRST_TURNS, 15.0)]);
    let taken = found[&extras("second", "hedges", "taken")];
    let refused = found[&extras("second", "hedges", "refused")];
    assert!(taken <= 10.0, "{taken}");
    assert!(
        refused >= 1.0 && taken + refused <= 15.0,
        "{taken} {refused}"
    );
    assert_eq!(found[SECOND_TURNS], taken);
}

#[test]
fn r19_repeats_are_counted() {
    // Each connection is closed when its second request comes.
    let first = Upstream::start(|request, _| match request.place {
        0 => saying(&["Here."]),
        _ => vec![ScriptStep::Close],
    });
    let second = Upstream::playing(saying(&["Second."]));
    let aside = pair(&first, &second, "");
    let deadline = Instant::now() + DEADLINE;
    // A connection is kept once the end of the answer was read, so not every turn meets one.
    while first.count() < 5 {
        ask(&aside);
        assert!(Instant::now() < deadline);
    }
    let found = wait_for(&aside, &[(SECOND_TURNS, 0.0)]);
    let repeats = found[&extras("first", "repeats", "taken")];
    assert!(repeats >= 1.0, "{repeats}");
    assert_eq!(found[FIRST_TURNS] + repeats, first.count() as f64);
}

#[test]
fn fetches_under_way_show() {
    let model = Upstream::playing(saying(&["Hello."]));
    let source = Upstream::playing(vec![ScriptStep::Wait(1), ScriptStep::Close]);
    let text = format!(
        "{}[fetch]\nhosts = [\"{}\"]\nprivate = true\n",
        config(&model, ""),
        source.address()
    );
    let rule = format!(
        "about = \"x\"\n[then.inject]\ntext = \"{{{{ fetch.crm }}}}\"\n[fetch.crm]\nurl = \"http://{}/crm\"\nwithin = \"50ms\"\n",
        source.address()
    );
    let aside = Aside::serve(&Setup::with_config(&text).rule("10-crm", &rule));
    wait_for(&aside, &[("aside_fetches_underway", 0.0)]);
    ask(&aside);
    wait_for(&aside, &[("aside_fetches_underway", 1.0)]);
    source.open(1);
    wait_for(&aside, &[("aside_fetches_underway", 0.0)]);
}

/// A series of what replies took.
fn tokens(part: &str, kind: &str) -> String {
    format!("gen_ai_client_token_usage_{part}{{{OPERATION},gen_ai_token_type=\"{kind}\"}}")
}

/// The end of a stream that says what it took, in these words.
fn ending(frames: &[&str]) -> Vec<ScriptStep> {
    let end = choice_frame(0, json!({}), json!("stop"));
    let mut steps = vec![stream_head(), says("Hello."), ScriptStep::Chunk(end)];
    let all = frames.iter().chain(&["[DONE]"]);
    steps.extend(all.map(|data| ScriptStep::Chunk(format!("data: {data}\n\n").into_bytes())));
    steps.push(ScriptStep::EndChunks);
    steps
}

#[test]
fn tokens_are_counted_once_however_often_and_wherever_an_upstream_tells_them() {
    let usage = |prompt: u32, completion: u32, cached: u32| {
        format!(
            r#"{{"prompt_tokens":{prompt},"completion_tokens":{completion},"total_tokens":99,"prompt_tokens_details":{{"cached_tokens":{cached}}}}}"#
        )
    };
    let (early, last) = (usage(1000, 1, 0), usage(1000, 20, 768));
    let empty = format!(r#"{{"choices":[],"usage":{last}}}"#);
    let null = format!(r#"{{"choices":null,"usage":{last}}}"#);
    let piece = format!(
        r#"{{"choices":[{{"index":0,"delta":{{}},"finish_reason":null}}],"usage":{early}}}"#
    );
    let late = format!(
        r#"{{"choices":[{{"index":0,"delta":{{"content":""}},"finish_reason":"stop"}}],"usage":{last}}}"#
    );
    let groq = format!(r#"{{"choices":[],"x_groq":{{"usage":{last}}}}}"#);
    let none = r#"{"choices":[],"usage":null}"#;
    let whole_answer = format!(
        r#"{{"choices":[{{"index":0,"message":{{"role":"assistant","content":"Hello."}},"finish_reason":"stop"}}],"usage":{last}}}"#
    );
    for (what, steps, stream) in [
        ("once", ending(&[&empty]), true),
        ("without choices", ending(&[&null]), true),
        ("more than once", ending(&[&piece, &piece, &empty]), true),
        ("twice the same", ending(&[&late, &late]), true),
        ("beside", ending(&[&groq]), true),
        ("before none", ending(&[&empty, none]), true),
        (
            "whole",
            whole(
                "200 OK",
                "content-type: application/json\r\n",
                &whole_answer,
            ),
            false,
        ),
    ] {
        let upstream = Upstream::playing(steps);
        let aside = Aside::before(&upstream);
        for turns in 1..=2 {
            let body = with(&turn("Hi."), json!({ "stream": stream }));
            let answer = aside.client().post(CHAT, &[], &body).text();
            // What was told of it still is.
            assert!(answer.contains("768"), "{what}: {answer}");
            let turns = f64::from(turns);
            let cached = format!("gen_ai_usage_cache_read_input_tokens_total{{{OPERATION}}}");
            wait_for(
                &aside,
                &[
                    (&tokens("count", "input"), turns),
                    (&tokens("sum", "input"), 1000.0 * turns),
                    (&tokens("count", "output"), turns),
                    (&tokens("sum", "output"), 20.0 * turns),
                    (&cached, 768.0 * turns),
                ],
            );
        }
        let line = aside.wait_for("outcome=\"answered\"");
        for field in [
            "prompt_tokens=1000",
            "completion_tokens=20",
            "cached_tokens=768",
        ] {
            assert!(line.contains(field), "{what}: {line}");
        }
    }
}

#[test]
fn nothing_is_counted_of_tokens_that_nobody_told() {
    for (what, steps) in [
        ("a stream without usage", saying(&["Hello."])),
        (
            "what is none",
            ending(&[
                r#"{"choices":[],"usage":"many"}"#,
                r#"{"choices":[],"usage":{"prompt_tokens":-3,"completion_tokens":"x"}}"#,
            ]),
        ),
        ("a refusal", whole("500 Oops", "", "{}")),
    ] {
        let upstream = Upstream::playing(steps);
        let aside = Aside::before(&upstream);
        aside.client().post(CHAT, &[], &turn("Hi."));
        let line = aside.wait_for("outcome=");
        assert!(!line.contains("tokens="), "{what}: {line}");
        let counted = scrape(&aside);
        assert!(
            !counted.keys().any(|name| name.contains("_token")),
            "{what}: {counted:#?}"
        );
    }
}
