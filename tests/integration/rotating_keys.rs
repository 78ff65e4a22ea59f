//! Keys that change while turns go on: files and programs, what goes wrong with them, and where a key
//! stands in a request.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::DEADLINE;
use crate::aside::{Aside, Setup};
use crate::metrics::wait_for;
use crate::upstream::Upstream;
use crate::wire::{APOLOGY, CHAT, Reply, saying, turn, whole};

const JSON: &str = "content-type: application/json\r\n";
const STALE: &str = r#"aside_upstream_key_stale{upstream="first"}"#;

/// A model that says with which header of this name it was asked, and refuses some keys.
pub(crate) fn telling(name: &'static str, refused: fn(&str) -> bool) -> Upstream {
    Upstream::start(move |request, _| {
        let key = request.header(name).join(" and ");
        match refused(&key) {
            true => whole("401 No", JSON, r#"{"error":{"code":"invalid_api_key"}}"#),
            false => saying(&[&format!("asked with <{key}>")]),
        }
    })
}

/// A config whose first upstream has these lines.
pub(crate) fn config(first: &Upstream, lines: &str) -> String {
    let url = first.url();
    format!("[upstream.first]\nurl = \"{url}\"\n{lines}\n")
}

/// The same with another upstream behind it.
pub(crate) fn with_second(first: &Upstream, lines: &str, second: &Upstream) -> String {
    let (config, url) = (config(first, lines), second.url());
    format!(
        "{config}[upstream.second]\nurl = \"{url}\"\n[route.default]\nupstreams = [\"first\", \"second\"]\n"
    )
}

/// The key with which the model of the next turn was asked.
pub(crate) fn key_of_turn(aside: &Aside) -> String {
    let heard = heard(aside);
    let key = heard
        .split_once('<')
        .map(|(_, rest)| rest.trim_end_matches('>'));
    key.unwrap_or_else(|| panic!("no key: {heard}")).to_owned()
}

pub(crate) fn heard(aside: &Aside) -> String {
    Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text()).heard()
}

/// Takes turns, none of which fails, until one bears another key.
#[track_caller]
pub(crate) fn wait_for_key(aside: &Aside, expected: &str) -> Duration {
    let began = Instant::now();
    loop {
        let key = key_of_turn(aside);
        if key == expected {
            return began.elapsed();
        }
        assert!(
            began.elapsed() < DEADLINE,
            "never `{expected}`, but `{key}`"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

/// Waits for something that comes by itself.
#[track_caller]
pub(crate) fn wait_until(what: &str, is_there: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_there() {
        assert!(began.elapsed() < DEADLINE, "never: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Puts another folder behind `..data`, as Kubernetes does with a secret.
fn swap_data(folder: &Path, number: usize, key: &str) {
    let name = format!("..v{number}");
    fs::create_dir(folder.join(&name)).expect("a folder");
    fs::write(folder.join(&name).join("key"), key).expect("a file");
    let beside = folder.join("..data_tmp");
    symlink(&name, &beside).expect("a link");
    fs::rename(&beside, folder.join("..data")).expect("it is renamed");
    let _ = fs::remove_file(folder.join("key"));
    symlink("..data/key", folder.join("key")).expect("a link");
}

#[test]
fn a_key_file_that_changes_counts_soon_and_one_that_vanishes_changes_nothing() {
    let model = telling("authorization", |_| false);
    let setup = Setup::with_config(&config(&model, "key_file = \"secret/key\""));
    let aside = Aside::serve(&setup.file("secret/key", "\u{FEFF} canary-key-0\r\n\n"));
    let path = aside.path("secret/key");
    assert_eq!(key_of_turn(&aside), "Bearer canary-key-0");
    let mut slowest = Duration::ZERO;
    fs::write(&path, "canary-key-1\n").expect("a file");
    slowest = slowest.max(wait_for_key(&aside, "Bearer canary-key-1"));
    fs::write(path.with_extension("new"), "canary-key-2").expect("a file");
    fs::rename(path.with_extension("new"), &path).expect("it is renamed");
    slowest = slowest.max(wait_for_key(&aside, "Bearer canary-key-2"));
    for number in 3..5 {
        let key = format!("canary-key-{number}");
        swap_data(&aside.path("secret"), number, &key);
        slowest = slowest.max(wait_for_key(&aside, &format!("Bearer {key}")));
    }
    crate::figure(
        "13",
        "a key file changes: the slowest to count",
        &format!("{slowest:?}"),
    );

    fs::remove_file(&path).expect("it is there");
    let line = aside.wait_for("last good key");
    assert!(
        line.contains("upstream=\"first\"") && line.contains("there is none"),
        "{line}"
    );
    wait_for(&aside, &[(STALE, 1.0)]);
    for bad in ["", " \n", "canary-key-5\ncanary-key-6\n", "canary\0key"] {
        fs::write(&path, bad).expect("a file");
        assert_eq!(key_of_turn(&aside), "Bearer canary-key-4");
    }
    fs::remove_file(&path).expect("it is there");
    fs::create_dir(&path).expect("a folder");
    // Four looks later nothing more is told.
    aside.wait_for("it is no file");
    thread::sleep(Duration::from_secs(2));
    assert_eq!(aside.printed().matches("it is no file").count(), 1);
    assert_eq!(aside.printed().matches("there is none").count(), 1);
    assert_eq!(key_of_turn(&aside), "Bearer canary-key-4");
    fs::remove_dir(&path).expect("it is there");
    fs::write(&path, "canary-key-7").expect("a file");
    wait_for_key(&aside, "Bearer canary-key-7");
    wait_for(&aside, &[(STALE, 0.0)]);
    aside.wait_for("renewed again");
    assert!(!aside.printed().contains("canary"), "{}", aside.printed());
}

#[test]
fn a_key_file_that_holds_no_key_at_the_start_is_told_at_its_place() {
    let model = telling("authorization", |_| false);
    for (lines, told) in [
        (
            "key_file = \"/nowhere/key\"",
            "put the key alone into /nowhere/key",
        ),
        ("key_file = \"canary-key\"", "there is none of this name"),
        ("key_file = \"rules\"", "it is no file"),
        ("key_file = \"empty\"", "it is empty"),
        ("key_file = \"two\"", "it has several lines"),
        (
            "key_file = \"good\"\nkey = \"canary-key\"",
            "`key_file` and `key`; keep one",
        ),
        (
            "key_command = [\"touch\", \"mark\"]\nkey_file = \"good\"",
            "keep one",
        ),
    ] {
        let setup = Setup::with_config(&config(&model, lines))
            .file("empty", "\n")
            .file("two", "canary\ncanary")
            .file("good", "canary");
        for command in [&["check"][..], &["serve", "--listen", "127.0.0.1:0"]] {
            let finished = setup.run(command, "");
            assert_eq!(finished.code, Some(1), "{lines}: {}", finished.stderr);
            let line = if lines.contains('\n') { 4 } else { 3 };
            let place = format!("error: aside.toml:{line}:");
            assert!(finished.stderr.contains(&place), "{}", finished.stderr);
            assert!(finished.stderr.contains(told), "{}", finished.stderr);
            assert!(!finished.stderr.contains("canary"), "{}", finished.stderr);
        }
    }
}

#[test]
fn a_program_prints_the_key_and_is_run_again_before_that_ends() {
    let model = telling("authorization", |_| false);
    let script =
        "echo x >> runs; echo canary-noise >&2; echo \" canary-key-$(wc -l < runs) \" | tr -s ' '";
    let lines =
        format!("key_command = [\"/bin/sh\", \"-c\", '''{script}''']\nkey_lifetime = \"1s\"");
    let setup = Setup::with_config(&config(&model, &lines)).env("ASIDE_LOG", "trace");
    assert_eq!(setup.run(&["check"], "").code, Some(0));
    let aside = Aside::serve(&setup);
    for number in 1..4 {
        wait_for_key(&aside, &format!("Bearer canary-key-{number}"));
    }
    assert!(!aside.printed().contains("canary"), "{}", aside.printed());
    let checked = setup.run(&["check"], "");
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    assert!(!checked.stderr.contains("warning"), "{}", checked.stderr);
}

#[test]
fn a_program_that_gives_no_key_leaves_the_turns_to_the_next_upstream() {
    let (first, second) = (
        telling("authorization", |_| false),
        Upstream::playing(saying(&["Second here."])),
    );
    for (command, told) in [
        (
            "[\"/bin/sh\", \"-c\", \"echo canary; exit 7\"]",
            "it ended with exit status: 7",
        ),
        ("[\"/bin/true\"]", "what it printed is empty"),
        (
            "[\"/bin/sh\", \"-c\", \"echo canary; echo canary\"]",
            "has several lines",
        ),
        ("[\"/nowhere/canary\"]", "there is none of this name"),
    ] {
        let lines = format!("key_command = {command}");
        let setup = Setup::with_config(&with_second(&first, &lines, &second));
        let aside = Aside::serve(&setup);
        let line = aside.wait_for("there is no key to ask the upstream with");
        assert!(
            line.contains(told) && line.contains("upstream=\"first\""),
            "{line}"
        );
        for _ in 0..8 {
            assert_eq!(heard(&aside), "Second here.");
        }
        let checked = setup.run(&["check"], "");
        assert_eq!(checked.code, Some(0), "{}", checked.stderr);
        let is_missing = checked
            .stderr
            .contains("begins with a program that is not there");
        assert_eq!(
            is_missing,
            command.contains("nowhere"),
            "{}",
            checked.stderr
        );
        let metrics = crate::metrics::scrape(&aside);
        assert_eq!(
            metrics[r#"aside_upstream_failures_total{upstream="first",reason="no_key"}"#],
            8.0
        );
        // What is no fault of the server does not open its breaker.
        assert_eq!(metrics[r#"aside_upstream_open{upstream="first"}"#], 0.0);
        assert!(!aside.printed().contains("canary"), "{}", aside.printed());
    }
    assert_eq!(first.count(), 0);
}

#[test]
fn a_turn_waits_for_the_first_key_no_longer_than_for_a_connection() {
    let model = telling("authorization", |_| false);
    let lines = "key_command = [\"/bin/sh\", \"-c\", \"sleep 60; echo canary\"]\n[route.default]\nupstreams = [\"first\"]\nconnect = \"300ms\"\nfirst_token = \"15s\"\n";
    let aside = Aside::serve(&Setup::with_config(&config(&model, lines)));
    assert_eq!(aside.client().get("/readyz", &[]).status, 503);
    let began = Instant::now();
    assert_eq!(heard(&aside), APOLOGY);
    let waited = began.elapsed();
    assert!(
        waited >= Duration::from_millis(300) && waited < Duration::from_secs(9),
        "{waited:?}"
    );
    // One that comes meanwhile is used.
    let lines = lines
        .replace("sleep 60", "sleep 0.5")
        .replace("300ms", "15s");
    let aside = Aside::serve(&Setup::with_config(&config(&model, &lines)));
    assert_eq!(key_of_turn(&aside), "Bearer canary");
    wait_until("ready", || aside.client().get("/readyz", &[]).status == 200);
}

#[test]
fn a_key_goes_into_the_header_that_its_server_reads() {
    for (line, name, expected) in [
        ("key_header = \"api-key\"", "api-key", "canary"),
        (
            "key_header = \"X-Goog-Api-Key\"",
            "x-goog-api-key",
            "canary",
        ),
        (
            "key_header = \"Authorization: Api-Key\"",
            "authorization",
            "Api-Key canary",
        ),
        ("key_header = \"Authorization\"", "authorization", "canary"),
        (
            "key_header = \"Authorization: Bearer\"",
            "authorization",
            "Bearer canary",
        ),
        (
            "headers = { Authorization = \"Basic gate\" }\nkey_header = \"api-key\"",
            "api-key",
            "canary",
        ),
    ] {
        let model = telling(name, |_| false);
        for source in ["key = \"canary\"", "key_file = \"key\"", "forward = true"] {
            let lines = format!("{source}\n{line}");
            let setup = Setup::with_config(&config(&model, &lines)).file("key", "canary");
            let aside = Aside::serve(&setup);
            let callers = [("authorization", "Bearer canary")];
            let answer = aside.client().post(CHAT, &callers, &turn("Hi."));
            let heard = Reply::read(&answer.text()).heard();
            assert_eq!(heard, format!("asked with <{expected}>"), "{lines}");
            let asked = model.request(model.count() - 1);
            let bearers = asked.header("authorization").len() + asked.header("api-key").len();
            let most = 1 + usize::from(line.contains("Basic"));
            assert!(bearers <= most, "{}", asked.head);
        }
    }
}
