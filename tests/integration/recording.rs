//! `[record]` and `aside replay`: turns over sockets, written down, and run through other rules.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::aside::{Aside, Finished, Setup, config};
use crate::fixtures;
use crate::upstream::Upstream;
use crate::wire::{CHAT, completion, saying, turn_of, with};

pub(crate) const KEY: &str = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";

/// What the turns pass.
pub(crate) const RULES: &[(&str, &str)] = &[
    (
        "10-inject",
        "about = \"x\"\n[then.inject]\ntext = \"The caller is {{ customer.name | default('nobody') }} in {{ metadata.city | default('no city') }}.\"\n",
    ),
    (
        "20-gold",
        "about = \"x\"\nwhen = 'metadata.plan == \"canary-plan\"'\n[then.inject]\nplace = \"system-start\"\ntext = \"Be kind.\"\n",
    ),
    (
        "30-redact",
        "about = \"x\"\n[then.redact]\nfind = [\"card\", \"cvv\", \"email\"]\nknown = [\"customer.name\"]\nexplain = true\n",
    ),
    (
        "40-style",
        "about = \"x\"\n[then.rewrite]\nfind = '\\*{1,3}'\nreplace = \"\"\nin = [\"user\", \"reply\"]\n",
    ),
];

/// What nobody may find in a redacted recording, or in what a replay prints.
pub(crate) const VALUES: &[&str] = &[
    "4539 5787",
    "62 1486",
    "canary.mail",
    "Canaria",
    "Finchley",
    "is 737",
    "canary-plan",
    "canary-note",
    "+12025550187",
    "canary-api-key",
    "canary-secret",
];

/// A setup with the rules but one, in this folder.
pub(crate) fn rules(mut setup: Setup, folder: &str, skip: &str) -> Setup {
    for (name, text) in RULES.iter().filter(|(name, _)| !name.contains(skip)) {
        setup = setup.file(&format!("{folder}/{name}.toml"), text);
    }
    setup
}

/// A turn with all kinds of private values, and what looks like a placeholder.
pub(crate) fn private_turn(call: &str) -> Vec<u8> {
    let said = "I am Canaria Finchley, not [NAME_7]. My **card** is 4539 5787 6362 1486, the CVV is 737, mail canary.mail@example.com";
    let more = json!({
        "customer": { "name": "Canaria Finchley", "number": "+12025550187" },
        "credentials": [{ "provider": "custom-llm", "apiKey": "canary-api-key" }],
        "metadata": { "plan": "canary-plan", "city": "Berlin", "note": "canary-note", "+12025550187": 1 },
        "call": { "id": call, "type": "webCall", "monitor": { "controlUrl": "canary-secret" } },
    });
    with(&turn_of(call, said), more)
}

/// An upstream that speaks in placeholders.
pub(crate) fn upstream() -> Upstream {
    Upstream::start(
        |request, number| match request.json()["stream"] == json!(true) {
            true if number % 2 == 0 => {
                saying(&["**Thanks**, [NA", "ME_1], for [CARD_1] and [CVV_1]."])
            }
            true => saying(&["Hello, [NAME_7]."]),
            false => completion("Hello, **[NAME_1]**."),
        },
    )
}

/// The turns that are recorded.
pub(crate) fn turns() -> Vec<Vec<u8>> {
    let mut turns: Vec<_> = fixtures::bodies()
        .into_iter()
        .map(|(_, body)| body)
        .collect();
    turns.extend((0..4).map(|number| private_turn(&format!("call-{number}"))));
    turns.push(with(&private_turn("call-4"), json!({ "stream": false })));
    turns
}

pub(crate) struct Recorded {
    folder: TempDir,
    /// What the upstream got.
    got: Vec<Value>,
    /// The ids of the turns, as their answers say.
    turns: Vec<String>,
}

impl Recorded {
    /// Plays the turns before a server that records them, and ends it.
    pub(crate) fn new(more: &str) -> Recorded {
        let folder = tempfile::tempdir().expect("a folder");
        let upstream = upstream();
        let path = folder.path().join("recordings/turns.jsonl");
        let record = format!("[record]\nfile = \"{}\"\n{more}\n", path.display());
        let setup = Setup::with_config(&config(&upstream, &record)).env("ASIDE_RECORD_KEY", KEY);
        let mut aside = Aside::serve(&rules(setup, "rules", "nothing"));
        let turns = turns().into_iter().map(|body| {
            let answer = aside.client().post(CHAT, &[], &body);
            assert_eq!(answer.status, 200);
            answer.header("x-aside-turn").expect("an id").to_owned()
        });
        let turns: Vec<String> = turns.collect();
        // A slow machine may need longer for them than aside waits at its end.
        let lines = || std::fs::read_to_string(&path).map_or(0, |text| text.lines().count());
        let began = std::time::Instant::now();
        while lines() < turns.len() && began.elapsed() < crate::DEADLINE {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        aside.program().signal("TERM");
        assert!(aside.program().ended().success());
        let got = (0..upstream.count()).map(|number| upstream.request(number).json());
        Recorded {
            got: got.collect(),
            turns,
            folder,
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("recordings/turns.jsonl")
    }

    /// The ids of the turns.
    pub(crate) fn turn_ids(&self) -> Vec<String> {
        self.turns.clone()
    }

    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(self.path()).expect("a recording")
    }

    pub(crate) fn replay(&self, setup: &Setup, more: &[&str]) -> Finished {
        let path = self.path().display().to_string();
        setup.run(&[&["replay", &path, "--rules", "rules"], more].concat(), "")
    }
}

/// None of the values stands in the text.
pub(crate) fn without(values: &[&str], text: &str) {
    for value in values {
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(value)).collect();
        assert!(lines.is_empty(), "`{value}`: {}", lines.join("\n"));
    }
}

#[test]
fn a_redacted_recording_holds_no_value_and_replays_without_a_change() {
    let recorded = Recorded::new("");
    let text = recorded.text();
    assert_eq!(text.lines().count(), turns().len());
    without(VALUES, &text);
    let mode = std::fs::metadata(recorded.path())
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    for (line, got) in text.lines().zip(&recorded.got) {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let sent = line.get("got").unwrap_or(&line["sent"]);
        assert_eq!(sent, got);
        // What depends on a plan that the upstream did not get is another request in a replay.
        let is_private = line["facts"]["metadata"]["plan"] == "[…]";
        assert_eq!(line["again"] == "same", !is_private, "{line}");
    }
    let line: Value = serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
    assert_eq!(line["facts"]["customer"]["name"], "[NAME_1]");
    assert_eq!(
        line["facts"]["metadata"],
        json!({ "plan": "[…]", "city": "Berlin", "note": "[…]" })
    );
    assert_eq!(
        (&line["call"], &line["ended"], &line["raw"]),
        (&json!("call-4"), &json!("answered"), &json!(false))
    );
    assert_eq!(line["heard"][0], json!(["content", "Hello, ‹NAME_1›."]));
    let same = rules(Setup::default(), "rules", "nothing");
    let finished = recorded.replay(&same, &["--fail-on-change"]);
    let last = format!("{} turns, 0 change\n", turns().len());
    assert_eq!(
        (finished.code, finished.stderr.as_str()),
        (Some(0), ""),
        "{}",
        finished.stdout
    );
    assert!(finished.stdout.ends_with(&last), "{}", finished.stdout);
    assert!(
        finished.stdout.contains("own rules make of the recording"),
        "{}",
        finished.stdout
    );
}

#[test]
fn other_rules_show_what_would_change() {
    let recorded = Recorded::new("");
    let count = turns().len();
    // Our own five turns, and every second body: those are answered with thanks.
    let changed = 5 + (count - 5).div_ceil(2);
    let setup = rules(Setup::default(), "rules", "40-style");
    let finished = recorded.replay(&setup, &[]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(
        finished
            .stdout
            .ends_with(&format!("{count} turns, {changed} change\n")),
        "{}",
        finished.stdout
    );
    for text in [
        "what goes upstream:",
        "{+**card**+}",
        "what the caller hears:",
        "‹NAME_1›",
        "call-3",
    ] {
        assert!(
            finished.stdout.contains(text),
            "`{text}`: {}",
            finished.stdout
        );
    }
    assert_eq!(recorded.replay(&setup, &["--fail-on-change"]).code, Some(1));
    let finished = recorded.replay(&setup, &["--json"]);
    let summary: Value = serde_json::from_str(&finished.stdout).expect("JSON");
    assert_eq!(
        (&summary["turns"], &summary["changed"]),
        (&json!(count), &json!(changed))
    );
    assert_eq!(summary["changes"].as_array().map(Vec::len), Some(changed));
    let broken = setup.rule(
        "99-refuse",
        "about = \"x\"\non_error = \"fail\"\n[then.inject]\ntext = \"{{ customer.absent }}\"\n",
    );
    let finished = recorded.replay(&broken, &[]);
    assert!(
        finished
            .stdout
            .contains("nothing goes upstream: the rule `99-refuse` failed"),
        "{}",
        finished.stdout
    );
}

#[test]
fn a_raw_recording_is_encrypted_exact_and_shown_without_values() {
    let recorded = Recorded::new("raw = true\nkey = \"${ASIDE_RECORD_KEY}\"");
    let text = recorded.text();
    assert_eq!(text.lines().count(), turns().len());
    without(VALUES, &text);
    assert!(
        !text.contains('{') && !text.contains("messages"),
        "it is encrypted"
    );
    let same = rules(Setup::default(), "rules", "nothing").env("ASIDE_RECORD_KEY", KEY);
    let finished = recorded.replay(&same, &["--fail-on-change"]);
    assert_eq!(
        (finished.code, finished.stderr.as_str()),
        (Some(0), ""),
        "{}",
        finished.stdout
    );
    assert_eq!(
        finished.stdout,
        format!("{} turns, 0 change\n", turns().len())
    );
    // Rules that hide nothing: what would go upstream is a value, and is not shown.
    let open = rules(Setup::default(), "rules", "30-redact").env("ASIDE_RECORD_KEY", KEY);
    for more in [&[][..], &["--json"]] {
        let finished = recorded.replay(&open, more);
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        without(VALUES, &finished.stdout);
        for text in ["‹CARD_1›", "‹NAME_1›"] {
            assert!(
                finished.stdout.contains(text),
                "{text}: {}",
                finished.stdout
            );
        }
    }
    for (key, told) in [
        (None, "there is no key"),
        (Some("0e".repeat(32)), "does not open with this key"),
        (Some("0e".to_owned()), "must have 32 bytes"),
    ] {
        let setup = rules(Setup::default(), "rules", "nothing");
        let setup = key.map_or(setup.clone(), |key| setup.env("ASIDE_RECORD_KEY", &key));
        let finished = recorded.replay(&setup, &[]);
        assert_eq!(finished.code, Some(1));
        assert!(finished.stderr.contains(told), "{}", finished.stderr);
    }
}

#[test]
fn lines_that_are_broken_are_told_by_their_number_and_left_out() {
    let recorded = Recorded::new("");
    let mut text = recorded.text();
    text = format!("{{\"at\": \"canary-note\"}}\nno line\n\n{text}{{\"half\": ");
    std::fs::write(recorded.path(), text).expect("written");
    let same = rules(Setup::default(), "rules", "nothing");
    let finished = recorded.replay(&same, &["--fail-on-change"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(
        finished
            .stdout
            .ends_with(&format!("{} turns, 0 change\n", turns().len()))
    );
    let last = turns().len() + 4;
    for place in [
        "turns.jsonl:1: the line is no",
        "turns.jsonl:2: ",
        &format!("turns.jsonl:{last}: "),
    ] {
        assert!(
            finished.stderr.contains(place),
            "`{place}`: {}",
            finished.stderr
        );
    }
    without(VALUES, &finished.stderr);
    std::fs::write(recorded.path(), "nothing\n").expect("written");
    assert_eq!(recorded.replay(&same, &[]).code, Some(1));
    std::fs::remove_file(recorded.path()).expect("it is there");
    let finished = recorded.replay(&same, &[]);
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stderr.contains("the recording can't be read"),
        "{}",
        finished.stderr
    );
    assert_eq!(same.run(&["replay"], "").code, Some(2));
}
