//! `GET /metrics`: what is counted of turns, in the text that Prometheus reads.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::json;

use crate::DEADLINE;
use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, completion, saying, says, stream_head, turn, turn_of, whole, with};

const REDACT: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";
const JSON: &str = "content-type: application/json\r\n";

/// The samples of a text that keeps Prometheus' rules, by name and labels.
pub(crate) fn samples(text: &str) -> BTreeMap<String, f64> {
    let is_name = |name: &str| {
        let is_letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
        name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit())
    };
    let mut types: BTreeMap<&str, &str> = BTreeMap::new();
    let mut samples = BTreeMap::new();
    assert!(text.ends_with('\n'), "the last line ends");
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a name and a type");
            assert!(is_name(name), "{line}");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(
                types.insert(name, kind).is_none(),
                "one type a name: {line}"
            );
            continue;
        }
        if line.starts_with('#') {
            let is_known = ["# HELP aside_", "# HELP gen_ai_"];
            assert!(
                is_known.iter().any(|begin| line.starts_with(begin)),
                "{line}"
            );
            continue;
        }
        let (series, value) = line.rsplit_once(' ').expect("a value");
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let base = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|end| {
                name.strip_suffix(end)
                    .filter(|base| types.contains_key(base))
            })
            .unwrap_or(name);
        let is_histogram = types.get(base) == Some(&"histogram");
        assert_eq!(
            is_histogram,
            base != name,
            "a histogram has buckets: {line}"
        );
        assert!(types.contains_key(base), "no type before `{line}`");
        assert!(is_name(name), "{line}");
        let labels = labels.strip_suffix('}').expect("labels end");
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let (label, value) = label.split_once('=').expect("a label has a value");
            let is_quoted = value.len() > 1 && value.starts_with('"') && value.ends_with('"');
            assert!(is_name(label) && is_quoted, "{line}");
        }
        let value = value
            .parse()
            .unwrap_or_else(|_| panic!("no number: {line}"));
        assert!(
            samples.insert(series.to_owned(), value).is_none(),
            "twice: {line}"
        );
    }
    assert!(!samples.is_empty());
    samples
}

pub(crate) fn scrape(aside: &Aside) -> BTreeMap<String, f64> {
    let answer = aside.client().get("/metrics", &[]);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let kind = answer.header("content-type");
    assert_eq!(kind, Some("text/plain; version=0.0.4; charset=utf-8"));
    samples(&answer.text())
}

/// Waits until the series have these values: a turn is counted when its last byte has left.
#[track_caller]
pub(crate) fn wait_for(aside: &Aside, expected: &[(&str, f64)]) -> BTreeMap<String, f64> {
    let began = Instant::now();
    loop {
        let found = scrape(aside);
        let wrong = expected
            .iter()
            .find(|(series, value)| found.get(*series) != Some(value));
        let Some((series, value)) = wrong else {
            return found;
        };
        assert!(
            began.elapsed() < DEADLINE,
            "`{series}` never was {value}: {found:#?}"
        );
    }
}

const ANSWERED: &str = r#"aside_turns_total{route="default",outcome="answered"}"#;
const APOLOGY: &str = r#"aside_turns_total{route="default",outcome="apology"}"#;
const HUNG_UP: &str = r#"aside_turns_total{route="default",outcome="hung_up"}"#;
const REPLACED: &str = r#"aside_turns_total{route="default",outcome="replaced"}"#;
const REFUSED: &str = r#"aside_turns_total{route="default",outcome="refused"}"#;
const SHED: &str = r#"aside_turns_total{route="default",outcome="shed"}"#;
/// What all series of the conventions bear, of the upstream of these tests.
pub(crate) const OPERATION: &str = r#"gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="other",upstream="mock""#;
const UNKNOWN: &str = "aside_placeholders_unknown_total";
const UNDERWAY: &str = "aside_streams";

/// A series of how long the upstream thought.
fn first_chunk(part: &str, more: &str) -> String {
    let name = "gen_ai_client_operation_time_to_first_chunk_seconds";
    format!("{name}_{part}{{{OPERATION}{more}}}")
}

#[test]
fn good_turns_are_counted_with_what_their_rules_did() {
    let upstream = Upstream::start(
        |request, _| match request.text().contains("\"stream\":true") {
            true => saying(&["Charging [CA", "RD_1], and [CARD_7] or [CARD_8]."]),
            false => completion("Is it [CARD_9]?"),
        },
    );
    let setup = Setup::with_config(&config(&upstream, ""))
        .rule(
            "10-never",
            "about = \"x\"\nwhen = 'customer.vip == true'\n[then.inject]\ntext = \"a\"\n",
        )
        .rule("20-redact", REDACT)
        .rule(
            "30-fails",
            "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name }}\"\n",
        );
    let aside = Aside::serve(&setup);
    let private = turn("My card is 4539 5787 6362 1486.");
    assert_eq!(aside.client().post(CHAT, &[], &private).status, 200);
    let whole = with(&turn("Hi."), json!({ "stream": false }));
    assert_eq!(aside.client().post(CHAT, &[], &whole).status, 200);
    wait_for(
        &aside,
        &[
            (ANSWERED, 2.0),
            (APOLOGY, 0.0),
            (HUNG_UP, 0.0),
            (UNDERWAY, 0.0),
            (UNKNOWN, 3.0),
            (r#"aside_redactions_total{label="CARD"}"#, 1.0),
            (r#"aside_overhead_seconds_count{phase="request"}"#, 2.0),
            (&first_chunk("count", ""), 1.0),
            (&first_chunk("bucket", ",le=\"+Inf\""), 1.0),
            (
                r#"aside_rule_duration_seconds_count{rule="20-redact"}"#,
                2.0,
            ),
            (r#"aside_rule_duration_seconds_count{rule="10-never"}"#, 0.0),
            (
                r#"aside_rule_outcome_total{rule="10-never",outcome="skipped"}"#,
                2.0,
            ),
            (
                r#"aside_rule_outcome_total{rule="20-redact",outcome="changed"}"#,
                1.0,
            ),
            (
                r#"aside_rule_outcome_total{rule="20-redact",outcome="unchanged"}"#,
                1.0,
            ),
            (
                r#"aside_rule_outcome_total{rule="30-fails",outcome="failed"}"#,
                2.0,
            ),
        ],
    );
}

#[test]
fn what_a_rule_itself_hides_in_a_reply_is_not_unknown() {
    let upstream = Upstream::playing(saying(&["It is 4539 5787 6362 1486, not [CARD_4]."]));
    let setup = Setup::with_config(&config(&upstream, ""))
        .rule("10-redact", &format!("{REDACT}reply = true\n"));
    let aside = Aside::serve(&setup);
    aside.client().post(CHAT, &[], &turn("Hi."));
    wait_for(&aside, &[(ANSWERED, 1.0), (UNKNOWN, 1.0)]);
}

#[test]
fn every_failure_of_an_upstream_has_its_reason() {
    let cut = vec![stream_head(), says("Well"), ScriptStep::EndChunks];
    for (reason, steps) in [
        ("status", whole("500 Oops", JSON, "{}")),
        ("empty", saying(&["", " "])),
        (
            "unusable",
            whole("200 OK", "content-type: text/html\r\n", "<p>"),
        ),
        ("reset", vec![ScriptStep::Reset]),
        ("timeout", vec![ScriptStep::Hang]),
        ("stall", vec![stream_head(), says("Well"), ScriptStep::Hang]),
        ("cut", cut),
    ] {
        let upstream = Upstream::playing(steps);
        let aside = Aside::with_route(&upstream, "first_token = \"300ms\"\nstall = \"300ms\"");
        aside.client().post(CHAT, &[], &turn("Hi."));
        let series =
            format!("aside_upstream_failures_total{{upstream=\"mock\",reason=\"{reason}\"}}");
        wait_for(&aside, &[(APOLOGY, 1.0), (ANSWERED, 0.0), (&series, 1.0)]);
    }
}

#[test]
fn hang_ups_and_replaced_turns_are_told_apart() {
    let upstream = Upstream::playing(vec![stream_head(), says("[CARD_3] is"), ScriptStep::Hang]);
    let setup = Setup::with_config(&config(&upstream, "first_token = \"15s\"\nstall = \"15s\""))
        .rule("10-redact", REDACT);
    let aside = Aside::serve(&setup);
    let speak = |body: &[u8]| {
        let mut client = aside.client();
        client.send("POST", CHAT, &[], body);
        client.head();
        client.read_until("is");
        client
    };
    let older = speak(&turn_of("call-1", "Hi."));
    let newer = speak(&turn_of("call-1", "Hi. There."));
    wait_for(&aside, &[(REPLACED, 1.0), (HUNG_UP, 0.0), (UNDERWAY, 1.0)]);
    drop(newer);
    let expected = [(HUNG_UP, 1.0), (UNKNOWN, 2.0), (UNDERWAY, 0.0)];
    wait_for(&aside, &expected);
    drop(older);
}

#[test]
fn turns_that_reach_no_upstream_are_told_apart() {
    let upstream = Upstream::playing(vec![stream_head(), says("One."), ScriptStep::Hang]);
    let setup = Setup::with_config(&config(&upstream, "stall = \"15s\"\n[limits]\nstreams = 1"))
        .rule(
            "10-closed",
            "about = \"x\"\nwhen = 'turn.user == \"fail\"'\non_error = \"fail\"\n[then.inject]\ntext = \"{{ customer.name }}\"\n",
        );
    let aside = Aside::serve(&setup);
    aside.client().post(CHAT, &[], &turn("fail"));
    wait_for(&aside, &[(REFUSED, 1.0), (UNDERWAY, 0.0)]);
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &turn("Hi."));
    client.head();
    client.read_until("One.");
    aside.client().post(CHAT, &[], &turn("Hi."));
    aside.client().post(CHAT, &[], b"no JSON").error(400);
    let closed = r#"aside_rule_outcome_total{rule="10-closed",outcome="failed"}"#;
    let errors = r#"aside_client_errors_total{status="400"}"#;
    let dropped = "aside_context_dropped_total";
    let expected = [
        (SHED, 1.0),
        (r#"aside_turns_shed_total{reason="streams"}"#, 1.0),
        (UNDERWAY, 1.0),
        (closed, 1.0),
        (errors, 1.0),
        (dropped, 0.0),
    ];
    wait_for(&aside, &expected);
}
