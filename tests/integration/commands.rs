//! The commands as people run them: what they print, and with which exit code they end.

use std::time::Instant;

use ::aside::rule::KINDS;
use serde_json::Value;

use crate::DEADLINE;
use crate::aside::{Program, Setup};
use crate::wire::APOLOGY;

const GOOD: &str = "about = \"x\"\n[then.inject]\ntext = \"Be kind.\"\n";

#[test]
fn check_ends_with_0_when_all_is_good_and_1_when_not() {
    let good = Setup::default().rule("10-good", GOOD);
    let finished = good.run(&["check"], "");
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_eq!(good.run(&["check", "rules"], "").code, Some(0));
    let broken = good.rule("20-broken", "about = 3\n");
    assert_eq!(broken.run(&["check"], "").code, Some(1));
    assert_eq!(broken.run(&["check", "rules"], "").code, Some(1));
    assert_eq!(broken.run(&["check", "nowhere"], "").code, Some(1));
}

#[test]
fn check_takes_the_shipped_rules() {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let finished = Setup::default().run(&["check", rules], "");
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let finished = Setup::default().run(&["test", rules], "");
    assert_eq!(finished.code, Some(0), "{}", finished.stdout);
    assert!(
        finished.stdout.ends_with(" passed, 0 failed\n"),
        "{}",
        finished.stdout
    );
}

#[test]
fn test_ends_with_1_and_a_diff_when_a_test_fails() {
    let test = "[[test]]\nname = \"wrong\"\ncaller = \"Hi.\"\nmodel_gets = \"Bye.\"\n";
    let setup = Setup::default().rule("10-rule", &format!("{GOOD}{test}"));
    let finished = setup.run(&["test"], "");
    assert_eq!(finished.code, Some(1));
    for text in ["wrong", "Hi.", "Bye.", "0 passed, 1 failed\n"] {
        assert!(
            finished.stdout.contains(text),
            "`{text}` in {}",
            finished.stdout
        );
    }
}

#[test]
fn redact_hides_line_by_line() {
    let input = "Card 4111 1111 1111 1111.\n\nMail dana@example.com\nnothing here";
    let finished = Setup::default().run(&["redact"], input);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_eq!(
        finished.stdout,
        "Card [CARD_1].\n\nMail [EMAIL_1]\nnothing here\n"
    );
}

#[test]
fn redact_json_counts_code_points_and_excludes_the_end() {
    let text = "\u{1f600} caf\u{e9} 4111 1111 1111 1111 \u{1f1e9}\u{1f1ea} dana@example.com!";
    let line = serde_json::json!({ "id": 7, "text": text }).to_string();
    let input = format!("{line}\n{}\n", line.replace("\"id\":7", "\"id\":\"b\""));
    let finished = Setup::default().run(&["redact", "--json"], &input);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let lines: Vec<Value> = finished
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!((&lines[0]["id"], &lines[1]["id"]), (&7.into(), &"b".into()));
    let points: Vec<char> = text.chars().collect();
    let spans = lines[0]["spans"].as_array().expect("spans");
    let found: Vec<(String, String)> = spans
        .iter()
        .map(|span| {
            let at = |key: &str| span[key].as_u64().expect("an offset") as usize;
            let value = points[at("start")..at("end")].iter().collect();
            (span["type"].as_str().expect("a type").to_owned(), value)
        })
        .collect();
    let expected = [
        ("CREDIT_CARD", "4111 1111 1111 1111"),
        ("EMAIL", "dana@example.com"),
    ];
    let expected: Vec<_> = expected
        .map(|(kind, value)| (kind.to_owned(), value.to_owned()))
        .into();
    assert_eq!(found, expected);
    assert_eq!(
        lines[0]["text"],
        "\u{1f600} caf\u{e9} [CARD_1] \u{1f1e9}\u{1f1ea} [EMAIL_1]!"
    );
}

#[test]
fn redact_json_tells_of_a_line_that_is_none_without_showing_it() {
    let input = "{\"id\":1,\"text\":\"ok\"}\n{\"id\":2,\"text\":\"4111 1111 1111 1111\"\n{\"id\":3,\"text\":\"ok\"}\n";
    let finished = Setup::default().run(&["redact", "--json"], input);
    assert_eq!(finished.code, Some(1));
    assert_eq!(finished.stdout.lines().count(), 2, "the others are done");
    assert!(finished.stderr.contains(":2:"), "{}", finished.stderr);
    assert!(!finished.stderr.contains("4111"), "{}", finished.stderr);
}

#[test]
fn explain_shows_a_working_rule_of_each_kind() {
    let help = Setup::default().run(&["explain", "--help"], "").stdout;
    for kind in KINDS.iter().map(|kind| kind.name) {
        assert!(help.contains(&format!(" {kind},")), "{help}");
        let finished = Setup::default().run(&["explain", kind], "");
        assert_eq!(finished.code, Some(0), "{kind}");
        assert!(
            finished.stdout.contains(&format!("[then.{kind}]"))
                && finished.stdout.starts_with(&format!("`{kind}`: ")),
            "{}",
            finished.stdout
        );
    }
    let finished = Setup::default().run(&["explain", "redcat"], "");
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stderr.contains("did you mean `redact`?"),
        "{}",
        finished.stderr
    );
}

#[test]
fn the_demo_shows_four_lines_a_turn_and_ends_on_sigterm() {
    const LINES: [&str; 4] = ["caller said", "model got", "model said", "caller hears"];
    let began = Instant::now();
    let mut demo = Program::start(&["demo", "--listen", "127.0.0.1:0"], &Setup::default());
    demo.wait_for("caller hears");
    eprintln!("the first turn was shown after {:?}", began.elapsed());
    assert!(began.elapsed() < DEADLINE / 2);
    demo.wait_for("curl");
    let printed = demo.printed();
    let lines: Vec<&str> = printed.lines().map(str::trim_start).collect();
    let shown: Vec<&str> = lines
        .iter()
        .filter_map(|line| LINES.into_iter().find(|who| line.starts_with(who)))
        .collect();
    assert!(shown.len() >= 12, "{printed}");
    for four in shown.chunks(4) {
        assert_eq!(four, LINES, "{printed}");
    }
    for line in lines.iter().filter(|line| line.starts_with("model ")) {
        assert!(
            !line.contains("4111") && !line.contains("dana.whitfield@"),
            "{line}"
        );
    }
    let hears: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("caller hears"))
        .collect();
    assert!(
        hears
            .iter()
            .any(|line| line.contains("4111 1111 1111 1111")),
        "{printed}"
    );
    assert!(!printed.contains('\u{1b}'), "no colours in a pipe");
    assert!(printed.contains("http://127.0.0.1:"), "{printed}");
    demo.signal("TERM");
    assert_eq!(demo.ended().code(), Some(0));
}

/// What `aside demo --fault NAME` shows of each turn, by its line's beginning.
fn shown_of_fault(name: &str, turns: usize) -> Vec<(String, String)> {
    let arguments = ["demo", "--listen", "127.0.0.1:0", "--fault", name];
    let demo = Program::start(&arguments, &Setup::default());
    demo.wait_for("curl");
    let printed = demo.printed();
    let of = |who: &str| -> Vec<String> {
        let lines = printed
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix(who));
        lines
            .map(|rest| rest.trim_start_matches([' ', '│']).to_owned())
            .collect()
    };
    let (hears, timing) = (of("caller hears"), of("timing"));
    assert_eq!(
        (hears.len(), timing.len()),
        (turns, turns),
        "{name}: {printed}"
    );
    hears.into_iter().zip(timing).collect()
}

#[test]
fn the_demo_shows_what_a_caller_hears_of_each_fault() {
    use ::aside::demo::FAULTS;
    let played = FAULTS.iter().map(|fault| {
        std::thread::spawn(move || {
            (
                fault,
                shown_of_fault(fault.name, 1 + usize::from(fault.is_early)),
            )
        })
    });
    let played: Vec<_> = played.collect();
    for played in played {
        let (fault, turns) = played.join().expect("each fault is shown");
        let expected = match fault.name {
            "slow" => vec!["I am slow, but I do get there.".to_owned()],
            "cut" | "stall" => vec![format!("Let me look {APOLOGY}")],
            _ => vec![
                APOLOGY.to_owned(),
                "Hello Dana Whitfield, how can I help you?".to_owned(),
            ],
        };
        for ((heard, timing), expected) in turns.iter().zip(expected) {
            assert_eq!(*heard, expected, "{}", fault.name);
            assert!(timing.contains("one finish reason and [DONE]"), "{timing}");
        }
    }
}

#[test]
fn the_demo_lists_its_faults() {
    let help = Setup::default().run(&["demo", "--help"], "");
    let wrong = Setup::default().run(&["demo", "--fault", "stal"], "");
    assert_eq!((help.code, wrong.code), (Some(0), Some(2)));
    for fault in ::aside::demo::FAULTS {
        assert!(help.stdout.contains(fault.about), "{}", help.stdout);
        assert!(wrong.stderr.contains(fault.name), "{}", wrong.stderr);
    }
}
