//! `GET /metrics` after turns of every kind: all that the README lists is there, with its type and its
//! meaning, and no label says what one call, one caller or an upstream said.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::aside::{Aside, Setup};
use crate::client::Client;
use crate::measured::said;
use crate::metrics::{samples, wait_for};
use crate::otlp::Sink;
use crate::upstream::{Request, ScriptStep, Upstream};
use crate::wire::{CHAT, choice_frame, saying, says, stream_head, turn_of, whole, with};

const JSON: &str = "content-type: application/json\r\n";
/// The labels that the README writes as `…`.
const SHARED: &str =
    "gen_ai_operation_name,gen_ai_provider_name,gen_ai_request_model,upstream,error_type";

/// An upstream that does what the caller says, and tells of itself what no label may have.
fn obeying(request: &Request) -> Vec<ScriptStep> {
    let text = request.text();
    let is_told = |word: &str| text.contains(word);
    if is_told("be busy") {
        let code = json!({ "error": { "code": "canary-code", "type": "canary-type" } });
        return whole("503 canary-status", JSON, &code.to_string());
    }
    if is_told("be silent") {
        return vec![ScriptStep::Hang];
    }
    if is_told("go on") {
        return vec![stream_head(), says("Well"), ScriptStep::Hang];
    }
    if is_told("be picky") && is_told("\"seed\"") {
        let error = json!({ "error": { "message": "Unknown parameter: 'seed'", "param": "seed" } });
        return whole("400 Bad Request", JSON, &error.to_string());
    }
    let usage = r#"{"choices":[],"model":"canary-model","service_tier":"canary-tier","usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}"#;
    let end = choice_frame(0, json!({}), json!("canary-reason"));
    let mut steps = vec![stream_head(), says("Charging "), says("[CARD_9].")];
    steps.push(ScriptStep::Chunk(end));
    let all = [usage, "[DONE]"];
    steps.extend(all.map(|data| ScriptStep::Chunk(format!("data: {data}\n\n").into_bytes())));
    steps.push(ScriptStep::EndChunks);
    steps
}

/// A server with all that is counted.
fn serve(first: &Upstream, second: &Upstream, source: &Upstream, sink: &Sink) -> Aside {
    let (one, two, crm) = (first.url(), second.url(), source.address());
    let config = format!(
        "[upstream.first]\npreset = \"openai\"\nurl = \"{one}\"\n\
         [upstream.second]\npreset = \"openai\"\nurl = \"{two}\"\nkey_file = \"key\"\n\
         [route.default]\nupstreams = [\"first\", \"second\"]\nhedge = \"1s\"\nfirst_token = \"15s\"\nstall = \"15s\"\n\
         [limits]\ncall_turns = 3\n[fetch]\nhosts = [\"{crm}\"]\nprivate = true\n{}",
        sink.config("")
    );
    let rule = |more: &str| format!("about = \"x\"\n{more}");
    let redact = "[then.redact]\nfind = [\"card\"]\n";
    let fetch = format!(
        "[then.inject]\ntext = \"{{{{ fetch.crm }}}}\"\n[fetch.crm]\nurl = \"http://{crm}/canary-path\"\nwithin = \"10s\"\n"
    );
    let clock = "[then.inject]\nplace = \"system-end\"\ntext = \"It is {{ now }}.\"\n";
    let trial = "shadow = true\n[then.rewrite]\nfind = 'Hi'\nreplace = \"Hello\"\n";
    let share = "percent = 50\n[then.inject]\ntext = \"Be kind.\"\n";
    Aside::serve(
        &Setup::with_config(&config)
            .file("key", "canary-key\n")
            .rule("10-clock", &rule(clock))
            .rule("20-redact", &rule(redact))
            .rule("30-crm", &rule(&fetch))
            .rule("40-trial", &rule(trial))
            .rule("50-share", &rule(share)),
    )
}

/// One of each kind of turn, of request and of reload.
fn provoke(aside: &mut Aside) {
    let ask = |aside: &Aside, body: &[u8]| aside.client().post(CHAT, &[], body).status;
    let own = |text: &str, more| with(&turn_of(&format!("canary-call-{text}"), text), more);
    for text in ["be busy", "be silent", "be picky"] {
        let more = json!({ "seed": 7, "model": format!("canary-model-{text}") });
        assert_eq!(ask(aside, &own(text, more)), 200, "{text}");
    }
    // The last one is beyond the limit, so the caller hears the apology.
    for texts in [
        &["Hi."][..],
        &["Hi.", "Hello.", "My card is 4539 5787 6362 1486."],
        &["Hi.", "Hello.", "Bye."],
        &["Hi.", "Hello.", "Well?"],
    ] {
        assert_eq!(ask(aside, &said("canary-call", "Be brief.", texts)), 200);
    }
    aside.client().post(CHAT, &[], b"canary").error(400);
    let speak = |text: &str| -> Client {
        let mut client = aside.client();
        client.send("POST", CHAT, &[], &turn_of("canary-last-call", text));
        client.head();
        client.read_until("Well");
        client
    };
    let older = speak("go on");
    let newer = speak("go on, and on");
    wait_for(aside, &[(&of_first("superseded"), 1.0)]);
    drop(newer);
    wait_for(aside, &[(&of_first("hang_ups"), 1.0)]);
    drop(older);
    let reveal = json!({ "name": "CARD_1", "key": "canary-reveal" }).to_string();
    let path = "/inspect/api/turns/canary-turn/reveal";
    aside.client().post(path, &[], reveal.as_bytes());
    fs::write(
        aside.path("rules/60-bad.toml"),
        "about = \"canary\"\n[then.injekt]\n",
    )
    .expect("a rule");
    wait_for(
        aside,
        &[
            ("aside_reload_rules_broken", 1.0),
            ("aside_reload_config_broken", 0.0),
        ],
    );
    fs::write(aside.path("aside.toml"), "canary = 1\n").expect("a config");
    aside.program().signal("HUP");
    wait_for(aside, &[("aside_reload_config_broken", 1.0)]);
}

fn of_first(what: &str) -> String {
    format!("aside_upstream_{what}_total{{upstream=\"first\"}}")
}

/// The metrics of the README's table: the labels and the type of each name.
fn listed() -> BTreeMap<&'static str, (Vec<&'static str>, &'static str)> {
    let lines = include_str!("../../README.md").lines();
    let rows = lines.filter_map(|line| {
        let (metric, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
        let (kind, _) = rest.split_once(" | ")?;
        let (name, labels) = metric.split_once('{').unwrap_or((metric, ""));
        let is_one = name.starts_with("aside_") || name.starts_with("gen_ai_");
        let labels = labels.trim_end_matches('}').split(',');
        let labels = labels.flat_map(|label| match label {
            "…" => SHARED.split(','),
            label => label.split(','),
        });
        is_one.then(|| (name, (labels.collect(), kind)))
    });
    rows.collect()
}

/// The text, once the last turns are counted.
fn counted(aside: &Aside) -> String {
    let failovers = of_first("failovers");
    let hedged = "aside_upstream_hedges_total{upstream=\"second\",outcome=\"taken\"}";
    let mended = "aside_upstream_mended_total{upstream=\"first\",kind=\"field\"}";
    let rules = "aside_reload_total{what=\"rules\",outcome=\"kept\"}";
    let config = "aside_reload_total{what=\"config\",outcome=\"kept\"}";
    let fetched = "aside_fetch_seconds_count{source=\"crm\",result=\"answered\"}";
    let expected = [
        (&*failovers, 1.0),
        (hedged, 1.0),
        (mended, 1.0),
        // Two turns of the one call, and one of the other.
        ("aside_prefix_breaks_total{rule=\"10-clock\"}", 3.0),
        ("aside_turns_shed_total{reason=\"call_turns\"}", 1.0),
        (fetched, 1.0),
        // Once as it was found, and once at the signal.
        (rules, 2.0),
        (config, 1.0),
    ];
    wait_for(aside, &expected);
    aside.client().get("/metrics", &[]).text()
}

#[test]
fn all_that_is_listed_is_there_with_its_type_and_labels_that_are_known_before() {
    let first = Upstream::start(|request, _| obeying(request));
    let second = Upstream::playing(saying(&["Second."]));
    let source = Upstream::playing(whole("200 OK", JSON, "{\"plan\":\"canary-plan\"}"));
    let sink = Sink::start();
    let mut aside = serve(&first, &second, &source, &sink);
    provoke(&mut aside);
    let text = counted(&aside);
    for secret in ["canary", "4539", "be busy", "injekt"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let mut labels: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for series in samples(&text).keys() {
        let (name, own) = series.split_once('{').unwrap_or((series, ""));
        let own = own.trim_end_matches('}').split(',');
        let own = own.filter_map(|label| Some(label.split_once('=')?.0.to_owned()));
        labels.entry(name.to_owned()).or_default().extend(own);
    }
    let listed = listed();
    for (name, (known, kind)) in &listed {
        assert!(
            text.contains(&format!("# TYPE {name} {kind}\n")),
            "{name}: {text}"
        );
        assert!(text.contains(&format!("# HELP {name} ")), "{name}");
        let sample = match *kind {
            "histogram" => format!("{name}_count"),
            _ => (*name).to_owned(),
        };
        let own = labels
            .get(&sample)
            .unwrap_or_else(|| panic!("no sample of {name}"));
        let unknown = own.iter().find(|label| !known.contains(&label.as_str()));
        assert_eq!(unknown, None, "{name}");
    }
    let types = text.lines().filter(|line| line.starts_with("# TYPE "));
    assert_eq!(types.count(), listed.len());
    promtool_takes(&text);
}

/// Prometheus' own check, where it is installed.
fn promtool_takes(text: &str) {
    let mut command = Command::new("promtool");
    command.args(["check", "metrics"]);
    let piped = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let Ok(mut promtool) = piped.spawn() else {
        return;
    };
    let mut stdin = promtool.stdin.take().expect("it is piped");
    stdin.write_all(text.as_bytes()).expect("it reads");
    drop(stdin);
    let found = promtool.wait_with_output().expect("it ends");
    let said = [found.stdout, found.stderr].concat();
    assert!(
        found.status.success() && said.is_empty(),
        "{}",
        String::from_utf8_lossy(&said)
    );
}
