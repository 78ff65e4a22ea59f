//! The recorder of a running server: what is in the file whatever happens, and what never waits.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::DEADLINE;
use crate::aside::{Aside, Setup, config};
use crate::recording::{RULES, VALUES, private_turn, rules, upstream, without};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, says, stream_head, whole};

fn lines_of(path: &Path) -> usize {
    std::fs::read_to_string(path).map_or(0, |text| text.matches('\n').count())
}

fn wait_for(what: &str, mut is_done: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_done() {
        assert!(Instant::now() < deadline, "waited too long for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_was_written_survives_a_kill_and_turns_that_hang_up_are_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("turns.jsonl");
    let upstream = Upstream::playing(vec![stream_head(), says("Hel"), ScriptStep::Hang]);
    let record = format!("[record]\nfile = \"{}\"\n", path.display());
    let mut aside = Aside::serve(&rules(
        Setup::with_config(&config(&upstream, &record)),
        "rules",
        "nothing",
    ));
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &private_turn("call-1"));
    client.head();
    client.read_until("Hel");
    drop(client);
    wait_for("the line", || lines_of(&path) == 1);
    aside.program().signal("KILL");
    aside.program().ended();
    let line: Value =
        serde_json::from_str(&std::fs::read_to_string(&path).expect("a recording")).expect("JSON");
    assert_eq!(line["ended"], "hung_up");
    assert_eq!(line["reply"][0]["choices"][0]["delta"]["content"], "Hel");
}

#[test]
fn r28_a_full_disk_drops_lines_counts_them_and_recovers_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("turns.jsonl");
    let upstream = upstream();
    let record = format!("[record]\nfile = \"{}\"\n", path.display());
    let aside = Aside::serve(&rules(
        Setup::with_config(&config(&upstream, &record)),
        "rules",
        "nothing",
    ));
    // A link is not followed, so this is as good as a disk that takes nothing.
    std::fs::remove_file(&path).expect("a file");
    std::os::unix::fs::symlink("/dev/full", &path).expect("a link");
    let ask = |call: &str| {
        let answer = aside.client().post(CHAT, &[], &private_turn(call));
        assert_eq!(answer.status, 200);
        Reply::read(&answer.text());
    };
    let dropped = || {
        let metrics = aside.client().get("/metrics", &[]).text();
        metrics.contains("aside_record_dropped_total 3\n")
    };
    ["call-1", "call-2", "call-3"]
        .iter()
        .for_each(|call| ask(call));
    wait_for("the counter", dropped);
    aside.wait_for("turns can't be recorded");
    std::fs::remove_file(&path).expect("it is a link");
    ask("call-4");
    wait_for("the line", || lines_of(&path) == 1);
    aside.wait_for("turns are recorded again");
    without(VALUES, &aside.printed());
    assert!(dropped(), "none was dropped since");
}

#[test]
fn a_bad_record_is_a_problem_with_its_place() {
    let upstream = "[upstream.a]\nurl = \"http://127.0.0.1:9/v1\"\n[record]\nfile = \"turns.jsonl\"\nraw = true\n";
    let setup = Setup::default().rule("10-a", RULES[3].1);
    for (record, told) in [
        (
            "",
            "aside.toml:4:8: `raw = true` writes down what callers say",
        ),
        (
            "key = \"${SHORT}\"\n",
            "aside.toml:6:7: the `key` must have 32 bytes",
        ),
    ] {
        let setup = setup
            .clone()
            .file("aside.toml", &format!("{upstream}{record}"))
            .env("SHORT", "canary-secret");
        for command in [&["check"][..], &["serve", "--listen", "127.0.0.1:0"]] {
            let finished = setup.run(command, "");
            assert_eq!(finished.code, Some(1), "{command:?}");
            assert!(finished.stderr.contains(told), "{}", finished.stderr);
            assert!(
                finished.stderr.contains("help: set `key"),
                "{}",
                finished.stderr
            );
            assert!(!finished.stderr.contains("canary"), "{}", finished.stderr);
        }
    }
}

#[test]
fn a_line_has_the_request_as_it_went_to_the_upstream_that_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("turns.jsonl");
    let (bad, good) = (Upstream::playing(whole("500 Oops", "", "{}")), upstream());
    let config = format!(
        "[upstream.bad]\nurl = \"{}\"\n[upstream.good]\nurl = \"{}\"\nmodel = \"mine\"\n[route.default]\nupstreams = [\"bad\", \"good\"]\n[record]\nfile = \"{}\"\n",
        bad.url(),
        good.url(),
        path.display()
    );
    let aside = Aside::serve(&rules(Setup::with_config(&config), "rules", "nothing"));
    aside.client().post(CHAT, &[], &private_turn("call-1"));
    wait_for("the line", || lines_of(&path) == 1);
    let text = std::fs::read_to_string(&path).expect("a recording");
    let line: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (line["upstream"].as_str(), line["sent"]["model"].as_str()),
        (Some("good"), Some("mine"))
    );
    assert_eq!(line["sent"], good.request(0).json());
    assert_eq!(
        line["heard"][0][1],
        "Thanks, ‹NAME_1›, for ‹CARD_1› and that."
    );
}

#[test]
fn the_recorder_goes_on_through_reloads_and_a_line_names_the_rules_of_its_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, other) = (folder.path().join("a.jsonl"), folder.path().join("b.jsonl"));
    let upstream = upstream();
    let record = |path: &Path| format!("[record]\nfile = \"{}\"\n", path.display());
    let text = config(&upstream, &record(&path));
    let setup = rules(Setup::with_config(&text), "rules", "inject");
    let tried = "about = \"x\"\nshadow = true\n[then.inject]\ntext = \"tried\"\n";
    let mut aside = Aside::serve(&setup.rule("05-tried", tried));
    let ask = |aside: &Aside| {
        let answer = aside.client().post(CHAT, &[], &private_turn("call-1"));
        answer
            .header("x-aside-rules")
            .expect("a version")
            .to_owned()
    };
    let first = ask(&aside);
    wait_for("the line", || lines_of(&path) == 1);
    let new = text.replace(&record(&path), &record(&other));
    std::fs::write(aside.path("aside.toml"), new).expect("a file");
    let inject = RULES[0];
    let file = aside.path("rules").join(format!("{}.toml", inject.0));
    std::fs::write(file, inject.1).expect("a file");
    aside.program().signal("HUP");
    let line = aside.wait_for("needs a restart");
    assert!(line.contains("record"), "{line}");
    let second = ask(&aside);
    assert_ne!(first, second);
    wait_for("the line", || lines_of(&path) == 2);
    assert!(!other.exists());
    let lines = std::fs::read_to_string(&path).expect("a recording");
    for (line, (version, injects)) in lines.lines().zip([(first, false), (second, true)]) {
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(line["rules"], version);
        let sent = line["sent"].to_string();
        assert_eq!(sent.contains("The caller is"), injects, "{sent}");
        assert!(!sent.contains("tried"), "{sent}");
    }
}
