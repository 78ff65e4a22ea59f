//! When what happened in a turn, as its recorded line tells: whatever way the turn ends.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::DEADLINE;
use crate::aside::{Aside, Setup};
use crate::events::JSON;
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, saying, says, stop, stream_head, turn_of, whole};

/// A server that records, and where.
struct Timed {
    aside: Aside,
    path: PathBuf,
}

impl Timed {
    /// Before these upstreams, in order: `one`, `two`; `route` has more lines of `[route.default]`.
    fn before(upstreams: &[&Upstream], route: &str) -> Timed {
        Timed::serve(upstreams, route, Setup::default())
    }

    fn serve(upstreams: &[&Upstream], route: &str, setup: Setup) -> Timed {
        let names = &["one", "two"][..upstreams.len()];
        let each = names.iter().zip(upstreams);
        let tables: String = each
            .map(|(name, it)| format!("[upstream.{name}]\nurl = \"{}\"\n", it.url()))
            .collect();
        let config = format!(
            "{tables}[route.default]\nupstreams = {names:?}\n{route}\n[record]\nfile = \"turns.jsonl\"\n"
        );
        let setup = setup.file("aside.toml", &config);
        let redact = "about = \"x\"\n[then.redact]\nfind = [\"card\"]";
        let aside = Aside::serve(&setup.rule("90-redact", redact));
        let path = aside.path("turns.jsonl");
        Timed { aside, path }
    }

    fn ask(&self) -> String {
        let answer = self
            .aside
            .client()
            .post(CHAT, &[], &turn_of("call-1", "Hi."));
        Reply::read(&answer.text()).heard()
    }

    /// The lines, waited for.
    fn lines(&self, count: usize) -> Vec<Value> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let text = std::fs::read_to_string(&self.path).unwrap_or_default();
            if text.matches('\n').count() >= count {
                let lines = text.lines();
                return lines
                    .map(|line| serde_json::from_str(line).expect("JSON"))
                    .collect();
            }
            assert!(Instant::now() < deadline, "{count} lines: {text}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The timeline of its only turn.
    fn timeline(&self) -> Value {
        self.lines(1)[0]["timeline"].clone()
    }
}

/// A time of a timeline, which must be there.
fn at(timeline: &Value, pointer: &str) -> u64 {
    let time = timeline.pointer(pointer).and_then(Value::as_u64);
    time.unwrap_or_else(|| panic!("{pointer}: {timeline:#}"))
}

/// Checks that these times are there, and in this order.
fn in_order(timeline: &Value, pointers: &[&str]) {
    let times: Vec<u64> = pointers.iter().map(|it| at(timeline, it)).collect();
    assert!(times.is_sorted(), "{pointers:?}: {timeline:#}");
}

/// What came of each attempt: upstream, outcome and reason.
fn attempts(timeline: &Value) -> Vec<String> {
    let attempts = timeline["attempts"].as_array().expect("attempts").iter();
    let told = |attempt: &Value| {
        let words = ["upstream", "outcome", "reason"].map(|field| attempt[field].as_str());
        let words: Vec<&str> = words.into_iter().flatten().collect();
        words.join(" ")
    };
    attempts.map(told).collect()
}

#[test]
fn a_turn_tells_when_it_came_was_gathered_for_passed_its_rules_and_was_answered() {
    let pieces = vec![
        stream_head(),
        says("Hello."),
        ScriptStep::Wait(1),
        says("You."),
        stop(),
        ScriptStep::EndChunks,
    ];
    let upstream = Upstream::playing(pieces);
    let source = Upstream::playing(whole("200 OK", JSON, "{\"plan\":\"gold\"}"));
    let rule = format!(
        "about = \"x\"\n[then.inject]\ntext = \"{{{{ fetch.crm.plan }}}} {{{{ context.customer.plan | default('none') }}}}\"\n[fetch.crm]\nurl = \"http://{}/a\"\nwithin = \"5s\"\n",
        source.address()
    );
    let fetch = format!(
        "[fetch]\nhosts = [\"{}\"]\nprivate = true\n",
        source.address()
    );
    let setup = Setup::default().rule("10-plan", &rule);
    let timed = Timed::serve(&[&upstream], &format!("\n{fetch}"), setup);
    let mut client = timed.aside.client();
    client.send("POST", CHAT, &[], &turn_of("call-1", "Hi."));
    client.head();
    client.read_until("Hello.");
    upstream.open(1);
    client.rest();
    let timeline = timed.timeline();
    in_order(
        &timeline,
        &[
            "/body",
            "/context/from",
            "/context/to",
            "/fetches/0/from",
            "/fetches/0/to",
            "/rules/from",
            "/rules/to",
            "/attempts/0/from",
            "/attempts/0/first",
            "/first_word",
            "/last_event",
            "/attempts/0/to",
            "/end",
        ],
    );
    let fetch = &timeline["fetches"][0];
    assert_eq!(
        (&fetch["name"], &fetch["result"]),
        (&json!("crm"), &json!("answered"))
    );
    assert_eq!(attempts(&timeline), ["one answered"]);
    assert_eq!(timeline["ended"], "answered");
    assert_eq!(timeline.get("superseded_by"), None);
}

#[test]
fn each_attempt_tells_what_came_of_it() {
    let refuses = Upstream::playing(whole(
        "429 Too Many Requests",
        JSON,
        r#"{"error":{"code":"rate_limit_exceeded"}}"#,
    ));
    let slow = Upstream::playing(vec![stream_head(), ScriptStep::Hang]);
    let breaks = Upstream::playing(vec![stream_head(), says("Hel"), ScriptStep::Reset]);
    let picky = Upstream::start(|request, _| match request.json().get("max_tokens") {
        Some(_) => whole(
            "400 Bad Request",
            JSON,
            r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","code":"unsupported_parameter","param":"max_tokens"}}"#,
        ),
        None => saying(&["Well."]),
    });
    let good = || Upstream::playing(saying(&["Well."]));
    let limit = "about = \"x\"\n[then.set]\nmax_tokens = 9";
    for (name, first, route, expected) in [
        (
            "failover",
            &refuses,
            "",
            &["one failed status", "two answered"][..],
        ),
        (
            "hedge",
            &slow,
            "hedge = \"100ms\"\nfirst_token = \"30s\"",
            &["one hedged_away", "two answered"],
        ),
        ("mended", &picky, "", &["one mended status", "one answered"]),
        ("broken off", &breaks, "", &["one failed reset"]),
    ] {
        let second = good();
        let setup = Setup::default().rule("10-limit", limit);
        let timed = Timed::serve(&[first, &second], route, setup);
        assert!(!timed.ask().is_empty(), "{name}");
        let timeline = timed.timeline();
        assert_eq!(attempts(&timeline), expected, "{name}: {timeline:#}");
        in_order(
            &timeline,
            &["/rules/to", "/attempts/0/from", "/attempts/0/to", "/end"],
        );
        let first = &timeline["attempts"][0];
        let told = match name {
            "failover" => (json!(429), json!("rate_limit_exceeded")),
            "mended" => (json!(400), json!("unsupported_parameter")),
            _ => (Value::Null, Value::Null),
        };
        assert_eq!(
            (&first["status"], &first["code"]),
            (&told.0, &told.1),
            "{name}"
        );
        assert_eq!(first["model"], "gpt-4o", "{name}");
    }
}

#[test]
fn a_turn_that_is_hung_up_tells_whom_it_was_asking() {
    let silent = Upstream::playing(vec![ScriptStep::Hang]);
    let talks = Upstream::playing(vec![stream_head(), says("Hel"), ScriptStep::Hang]);
    for (name, upstream, hears) in [
        ("before a word", &silent, false),
        ("behind it", &talks, true),
    ] {
        let timed = Timed::before(&[upstream], "first_token = \"30s\"\nstall = \"30s\"");
        let mut client = timed.aside.client();
        client.send("POST", CHAT, &[], &turn_of("call-1", "Hi."));
        if hears {
            client.head();
            client.read_until("Hel");
        } else {
            upstream.request(0);
        }
        drop(client);
        let timeline = timed.timeline();
        assert_eq!(timeline["ended"], "hung_up", "{name}");
        assert_eq!(attempts(&timeline), ["one hung_up"], "{name}");
        assert_eq!(
            at(&timeline, "/attempts/0/to"),
            at(&timeline, "/end"),
            "{name}"
        );
        for time in ["first_word", "last_event"] {
            assert_eq!(timeline.get(time).is_some(), hears, "{name}: {time}");
        }
        assert_eq!(
            timeline.pointer("/attempts/0/first").is_some(),
            hears,
            "{name}"
        );
    }
}

#[test]
fn a_turn_that_was_replaced_names_the_newer_one() {
    for starts in [
        vec![ScriptStep::Hang],
        vec![stream_head(), says("Hel"), ScriptStep::Hang],
    ] {
        let upstream = Upstream::start(move |_, number| match number {
            0 => starts.clone(),
            _ => saying(&["Hello."]),
        });
        let timed = Timed::before(&[&upstream], "first_token = \"30s\"\nstall = \"30s\"");
        let mut older = timed.aside.client();
        older.send("POST", CHAT, &[], &turn_of("call-1", "Hi."));
        upstream.request(0);
        let mut client = timed.aside.client();
        let newer = client.post(CHAT, &[], &turn_of("call-1", "Hi. So."));
        let id = newer.header("x-aside-turn").expect("an id");
        let lines = timed.lines(2);
        let replaced = lines.iter().find(|line| line["ended"] == "replaced");
        let timeline = &replaced.expect("the older turn")["timeline"];
        assert_eq!(timeline["superseded_by"], id);
        assert_eq!(
            (attempts(timeline), &timeline["ended"]),
            (vec!["one hung_up".to_owned()], &json!("replaced"))
        );
    }
}

#[test]
fn a_recording_without_timelines_is_still_read() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let timed = Timed::before(&[&upstream], "");
    timed.ask();
    let mut line = timed.lines(1).remove(0);
    assert!(
        line.as_object_mut()
            .expect("a line")
            .remove("timeline")
            .is_some()
    );
    let turn = line["turn"].as_str().expect("an id");
    let older = Setup::default().file("older.jsonl", &format!("{line}\n"));
    let explained = older.run(&["explain", "older.jsonl", "--turn", turn], "");
    assert_eq!(
        (explained.code, &*explained.stderr),
        (Some(0), ""),
        "{}",
        explained.stdout
    );
}
