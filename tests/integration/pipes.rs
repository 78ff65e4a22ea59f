//! Commands whose output nobody reads any more, as behind `| head`: no panic, on either pipe.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::aside::{Setup, address_in, config};
use crate::client::Client;
use crate::upstream::Upstream;
use crate::wire::{CHAT, Reply, saying, turn};

const RULE: &str = "about = \"x\"\n[then.inject]\ntext = \"a\"\n";
const BROKEN: &str = "abuot = \"x\"\n";
const REQUEST: &str = r#"{"messages":[{"role":"user","content":"Hi."}]}"#;

fn setup() -> Setup {
    Setup::default()
        .rule("10-a", RULE)
        .file("broken/10-a.toml", BROKEN)
        .file("turn.json", REQUEST)
        .file("turns.jsonl", "{}\n")
}

#[test]
fn nobody_reads_what_a_command_prints_and_it_ends_as_it_would() {
    for (arguments, code) in [
        (&["--help"][..], 0),
        (&["serve", "--help"], 0),
        (&["--version"], 0),
        (&["nonsense"], 2),
        (&["check", "rules"], 0),
        (&["check", "broken"], 1),
        (&["check", "broken", "--json"], 1),
        (&["test", "rules"], 0),
        (&["test", "broken"], 1),
        (&["new", "inject", "x"], 0),
        (&["new", "nothing", "x"], 1),
        (&["explain", "inject"], 0),
        (&["explain", "turn.json"], 0),
        (&["explain", "turn.json", "--json"], 0),
        (&["explain", "nothing.json"], 1),
        (&["replay", "turns.jsonl", "--rules", "rules"], 1),
        (&["schema", "rule"], 0),
        (&["schema", "config"], 0),
        (&["redact"], 0),
        (&["redact", "--json"], 1),
    ] {
        let expected = setup().run(arguments, "My card is 4111 1111 1111 1111\n");
        assert_eq!(
            expected.code,
            Some(code),
            "{arguments:?}: {}",
            expected.stderr
        );
        for is_error in [false, true] {
            let finished =
                setup().run_unread(arguments, "My card is 4111 1111 1111 1111\n", is_error);
            let what = format!(
                "{arguments:?}, standard error {is_error}: {}",
                finished.stderr
            );
            assert_eq!(finished.code, Some(code), "{what}");
            assert!(!finished.stderr.contains("panic"), "{what}");
        }
    }
}

#[test]
fn redact_ends_in_the_middle_of_its_input_where_nobody_reads_on() {
    for json in [false, true] {
        let arguments: &[&str] = if json {
            &["redact", "--json"]
        } else {
            &["redact"]
        };
        let (folder, mut command) = setup().unstarted(arguments);
        let mut child = command.stdin(Stdio::piped()).spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let line: &[u8] = if json {
            b"{\"id\":1,\"text\":\"My card is 4111 1111 1111 1111\"}\n"
        } else {
            b"My card is 4111 1111 1111 1111\n"
        };
        let mut lines = line.repeat(1000);
        lines.truncate(lines.len() - 1);
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        stdin.write_all(&lines).expect("it reads");
        let mut first = String::new();
        out.read_line(&mut first).expect("it writes");
        assert!(first.contains("[CARD_1]"), "{first}");
        drop(out);
        // It ends by itself, and so refuses more.
        while stdin
            .write_all(b"\n")
            .and_then(|()| stdin.write_all(&lines))
            .is_ok()
        {}
        let output = child.wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), told.as_ref()), (Some(0), ""));
        drop(folder);
    }
}

#[test]
fn turns_are_served_where_nobody_reads_the_log_any_more() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let setup = Setup::with_config(&config(&upstream, "")).env("ASIDE_LOG", "debug");
    let (folder, mut command) = setup.unstarted(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.spawn().expect("it starts");
    let log = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut lines = log.lines().map_while(Result::ok);
    let line = lines
        .find(|line| line.contains("listening"))
        .expect("it listens");
    drop((lines, child.stdout.take()));
    for _ in 0..3 {
        let answer = Client::to(address_in(&line)).post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
        Client::to(address_in(&line))
            .post("/nothing", &[], b"{}")
            .error(404);
    }
    assert!(child.try_wait().expect("its state").is_none(), "it goes on");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    drop(folder);
}
