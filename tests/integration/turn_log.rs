//! What the log of a running server says: a line a turn, a line a request that is turned away, and
//! nothing of what people said.

use std::time::Instant;

use serde_json::{Value, json};

use crate::DEADLINE;
use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, completion, saying, says, stream_head, turn, turn_of, whole, with};

const KEY: (&str, &str) = ("authorization", "Bearer callers-key-0123456789");
const KEYS: &str = "keys = [\"callers-key-0123456789\"]\n";
const JSON: &str = "\n[log]\nformat = \"json\"\n";
const SAID: &str = "canary words of the caller";

/// The lines of the log with this message, as they are so far.
fn lines(aside: &Aside, message: &str) -> Vec<Value> {
    let printed = aside.printed();
    let lines = printed
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let fields = lines.map(|line: Value| {
        let mut fields = line["fields"].clone();
        fields["level"] = line["level"].clone();
        fields
    });
    fields
        .filter(|fields| fields["message"] == message)
        .collect()
}

/// The same, waited for until there are so many.
fn wait_for_lines(aside: &Aside, message: &str, count: usize) -> Vec<Value> {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let lines = lines(aside, message);
        if lines.len() >= count {
            return lines;
        }
        assert!(
            Instant::now() < deadline,
            "{count} of `{message}`: {}",
            aside.printed()
        );
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

fn serve(upstream: &Upstream, head: &str, route: &str) -> Aside {
    let config = format!("{head}{}{JSON}", config(upstream, route));
    let inject = "about = \"x\"\n[then.inject]\ntext = \"canary fact\"";
    let fails = "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name }}\"";
    let skipped = "about = \"x\"\nwhen = 'call.type == \"no\"'\n[then.inject]\ntext = \"a\"";
    let setup = Setup::with_config(&config);
    let setup = setup.rule("10-fact", inject).rule("20-name", fails);
    Aside::serve(&setup.rule("30-skipped", skipped))
}

#[test]
fn each_turn_is_one_line_that_says_what_came_of_it() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = serve(&upstream, KEYS, "");
    let answer = aside.client().post(CHAT, &[KEY], &turn_of("call-1", SAID));
    let id = answer.header("x-aside-turn").expect("an id").to_owned();
    let line = wait_for_lines(&aside, "turn", 1).remove(0);
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["turn"], id);
    assert_eq!(
        (&line["call"], &line["route"]),
        (&json!("call-1"), &json!("default"))
    );
    assert_eq!(
        (&line["changed"], &line["failed"]),
        (&json!("10-fact"), &json!("20-name"))
    );
    assert_eq!(
        (&line["upstream"], &line["outcome"]),
        (&json!("mock"), &json!("answered"))
    );
    let first = line["first_word_ms"].as_f64().expect("a time");
    let total = line["total_ms"].as_f64().expect("a time");
    assert!(0.0 < first && first <= total, "{line}");
    // What a turn is not a line of.
    for _ in 0..3 {
        aside.client().get("/v1/models", &[KEY]);
        aside.client().get("/healthz", &[]);
    }
    aside.client().post(CHAT, &[KEY], &turn("Hi."));
    assert_eq!(wait_for_lines(&aside, "turn", 2).len(), 2);
    let printed = aside.printed();
    for private in ["canary", &KEY.1[7..], "Hello."] {
        assert!(!printed.contains(private), "{printed}");
    }
}

#[test]
fn a_turn_has_its_line_however_it_ends() {
    let outcome = |upstream: &Upstream, head: &str, route: &str, body: &[u8]| {
        let aside = serve(upstream, head, route);
        aside.client().post(CHAT, &[], body);
        let lines = wait_for_lines(&aside, "turn", 1);
        assert_eq!(lines.len(), 1);
        assert!(lines[0]["total_ms"].is_number());
        lines[0]["outcome"].as_str().expect("an outcome").to_owned()
    };
    let stream = turn(SAID);
    let not_streamed = with(&stream, json!({ "stream": false }));
    let good = Upstream::playing(saying(&["Hello."]));
    let good_whole = Upstream::playing(completion("Hello."));
    let bad = Upstream::playing(whole("500 No", "", "canary"));
    let unusable = Upstream::playing(whole("200 OK", "content-type: application/json\r\n", "7"));
    let limited = "[limits]\ncall_tokens = 1\n";
    for (upstream, route, body, expected) in [
        (&good, "", &stream, "answered"),
        (&good_whole, "", &not_streamed, "answered"),
        (&bad, "", &stream, "apology"),
        (&bad, "on_error = \"status\"", &stream, "apology"),
        (&bad, "", &not_streamed, "apology"),
        (&unusable, "", &not_streamed, "apology"),
        (&good, limited, &turn_of("call-1", SAID), "shed"),
    ] {
        assert_eq!(outcome(upstream, "", route, body), expected, "{route}");
    }
    let refusing =
        "about = \"x\"\non_error = \"fail\"\n[then.inject]\ntext = \"{{ customer.name }}\"";
    let setup = Setup::with_config(&(config(&good, "") + JSON)).rule("10-refuses", refusing);
    let aside = Aside::serve(&setup);
    aside.client().post(CHAT, &[], &stream);
    let line = wait_for_lines(&aside, "turn", 1).remove(0);
    assert_eq!(
        (&line["outcome"], &line["failed"]),
        (&json!("refused"), &json!("10-refuses"))
    );
}

#[test]
fn a_turn_has_its_line_also_when_the_client_hangs_up_or_a_newer_turn_comes() {
    let talking = || Upstream::playing(vec![stream_head(), says("Hel"), ScriptStep::Hang]);
    let upstream = talking();
    let aside = serve(&upstream, "", "first_token = \"60s\"\nstall = \"60s\"");
    let begin = || {
        let mut client = aside.client();
        client.send("POST", CHAT, &[], &turn_of("call-1", SAID));
        client.head();
        client.read_until("Hel");
        client
    };
    let mut older = begin();
    let newer = begin();
    older.rest();
    assert_eq!(wait_for_lines(&aside, "turn", 1)[0]["outcome"], "replaced");
    drop(newer);
    let lines = wait_for_lines(&aside, "turn", 2);
    assert_eq!(lines[1]["outcome"], "hung_up");
    assert!(lines[1]["first_word_ms"].is_number(), "{}", lines[1]);
    // Before the first word, too.
    let silent = Upstream::playing(vec![ScriptStep::Hang]);
    let aside = serve(&silent, "", "first_token = \"60s\"");
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &turn(SAID));
    silent.request(0);
    drop(client);
    let line = wait_for_lines(&aside, "turn", 1).remove(0);
    assert_eq!(
        (&line["outcome"], &line["first_word_ms"]),
        (&json!("hung_up"), &Value::Null)
    );
}

#[test]
fn each_request_that_is_turned_away_is_one_line_with_its_status_and_reason() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = serve(&upstream, KEYS, "");
    let secret = "canary-key-that-is-wrong";
    let bearer = format!("Bearer {secret}");
    let in_the_path = format!("/{secret}/v1/chat/completions");
    let wrong = [("authorization", bearer.as_str())];
    aside.client().post(CHAT, &wrong, &turn(SAID)).error(401);
    aside
        .client()
        .post(&in_the_path, &[], &turn(SAID))
        .error(401);
    aside
        .client()
        .post("/v1/embeddings", &[KEY], &turn(SAID))
        .error(404);
    aside.client().post(CHAT, &[KEY], b"canary").error(400);
    let lines = wait_for_lines(&aside, "request refused", 4);
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line["status"].as_u64(), line["reason"].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(401), Some("invalid_api_key")),
            (Some(401), Some("invalid_api_key")),
            (Some(404), Some("not_found")),
            (Some(400), Some("invalid_request")),
        ]
    );
    assert!(
        lines
            .iter()
            .all(|line| line["request"].is_string() && line["level"] == "INFO")
    );
    let printed = aside.printed();
    assert!(!printed.contains("canary"), "{printed}");
    assert_eq!(self::lines(&aside, "turn").len(), 0);
}

#[test]
fn an_unknown_log_level_is_named_by_every_command() {
    let setup = Setup::default().env("ASIDE_LOG", "verbose");
    for arguments in [
        &["serve", "--upstream", "http://127.0.0.1:9/v1"][..],
        &["demo"],
        &["check"],
        &["test"],
        &["new", "inject", "x"],
        &["explain", "inject"],
        &["replay", "a.jsonl", "--rules", "rules"],
        &["redact"],
        &["schema", "rule"],
    ] {
        let finished = setup.run(arguments, "");
        assert_eq!(finished.code, Some(2), "{arguments:?}");
        let told = &finished.stderr;
        assert!(
            told.starts_with("error: ASIDE_LOG: `verbose` is no log level"),
            "{told}"
        );
    }
    let empty = Setup::default().env("ASIDE_LOG", "");
    assert_eq!(empty.run(&["check"], "").code, Some(0));
}

#[test]
fn the_web_servers_own_lines_are_shown_from_debug_on() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    for (level, is_shown) in [("info", false), ("debug", true)] {
        let setup = Setup::with_config(&config(&upstream, "")).env("ASIDE_LOG", level);
        let aside = Aside::serve(&setup);
        let mut client = aside.client();
        client.write(b"no request at all\r\n\r\n");
        client.ends();
        aside.client().post(CHAT, &[], &turn("Hi."));
        aside.wait_for("answered");
        let printed = aside.printed();
        let is_there = printed.contains("starting service") || printed.contains("stream error");
        assert_eq!(is_there, is_shown, "{level}: {printed}");
    }
}

#[test]
fn a_condition_that_cannot_be_decided_warns_once_a_version() {
    const TOLD: &str = "the condition of the rule can't be decided; this is said once";
    let upstream = Upstream::playing(saying(&["Hello."]));
    let rule = |text: &str| {
        format!("about = \"x\"\nwhen = 'customer.name + 1 == 2'\n[then.inject]\ntext = \"{text}\"")
    };
    let shadow = rule("b").replace("when", "shadow = true\nwhen");
    let setup = Setup::with_config(&(config(&upstream, "") + JSON));
    let aside = Aside::serve(&setup.rule("10-a", &rule("a")).rule("20-b", &shadow));
    let body = with(&turn(SAID), json!({ "customer": { "name": "canary" } }));
    let ask = |times: usize| {
        for _ in 0..times {
            let answer = aside.client().post(CHAT, &[], &body);
            assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
        }
    };
    ask(4);
    let mut rules: Vec<_> = wait_for_lines(&aside, TOLD, 2)
        .iter()
        .map(|line| (line["rule"].clone(), line["level"].clone()))
        .collect();
    rules.sort_by_key(|(rule, _)| rule.to_string());
    assert_eq!(
        rules,
        [
            (json!("10-a"), json!("WARN")),
            (json!("20-b"), json!("WARN"))
        ]
    );
    std::fs::write(aside.path("rules/10-a.toml"), rule("c")).expect("a file");
    aside.wait_for("loaded 2 rules");
    ask(2);
    wait_for_lines(&aside, TOLD, 4);
    ask(2);
    wait_for_lines(&aside, "turn", 8);
    let told = lines(&aside, TOLD);
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(!aside.printed().contains("canary"));
}

#[test]
fn the_arm_of_a_share_is_in_the_line_the_recording_and_a_metric() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let rule =
        |percent: u8| format!("about = \"x\"\npercent = {percent}\n[then.inject]\ntext = \"a\"");
    let config = format!(
        "{}[record]\nfile = \"turns.jsonl\"\n{JSON}",
        config(&upstream, "")
    );
    let setup = Setup::with_config(&config);
    let setup = setup.rule("10-all", &rule(100)).rule("20-none", &rule(0));
    let setup = setup.rule("30-always", "about = \"x\"\n[then.inject]\ntext = \"a\"");
    let aside = Aside::serve(&setup);
    aside.client().post(CHAT, &[], &turn_of("call-1", "Hi."));
    aside.client().post(CHAT, &[], &turn("Hi."));
    let lines = wait_for_lines(&aside, "turn", 2);
    assert_eq!(lines[0]["arms"], "10-all=in,20-none=out");
    assert_eq!(
        lines[1]["arms"], "10-all=out,20-none=out",
        "it is of no call"
    );
    let metrics = aside.client().get("/metrics", &[]).text();
    for series in [
        "aside_rule_arms_total{rule=\"10-all\",arm=\"in\"} 1\n",
        "aside_rule_arms_total{rule=\"10-all\",arm=\"out\"} 1\n",
        "aside_rule_arms_total{rule=\"20-none\",arm=\"out\"} 2\n",
    ] {
        assert!(metrics.contains(series), "{metrics}");
    }
    let deadline = Instant::now() + DEADLINE;
    let recorded = loop {
        let text = std::fs::read_to_string(aside.path("turns.jsonl")).unwrap_or_default();
        if text.matches('\n').count() == 2 {
            break text;
        }
        assert!(
            Instant::now() < deadline,
            "waited too long for the recording"
        );
        std::thread::sleep(std::time::Duration::from_millis(10));
    };
    let first: Value =
        serde_json::from_str(recorded.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["arms"], json!({ "10-all": "in", "20-none": "out" }));
}
