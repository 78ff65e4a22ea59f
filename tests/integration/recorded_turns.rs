//! What is shown of a recorded turn: as it was, by `aside explain`, and what other rules would make of
//! it, by `aside replay`, which says what a redacted recording can't show.

use serde_json::{Value, json};

use crate::aside::{Finished, Setup};
use crate::recording::{KEY, RULES, Recorded, VALUES, rules, turns, without};

/// The setup with the rules, of which one is another.
fn with(name: &str, was: &str, is: &str) -> Setup {
    RULES.iter().fold(Setup::default(), |setup, (rule, text)| {
        let text = match *rule == name {
            true => text.replace(was, is),
            false => (*text).to_owned(),
        };
        setup.rule(rule, &text)
    })
}

fn lines(recorded: &Recorded) -> Vec<Value> {
    let text = recorded.text();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn explain(recorded: &Recorded, setup: &Setup, more: &[&str]) -> Finished {
    let path = recorded.path().display().to_string();
    setup.run(&[&["explain", &path], more].concat(), "")
}

#[test]
fn a_recorded_turn_is_explained_as_it_was() {
    for (more, setup) in [
        ("", Setup::default()),
        (
            "raw = true\nkey = \"${ASIDE_RECORD_KEY}\"",
            Setup::default().env("ASIDE_RECORD_KEY", KEY),
        ),
    ] {
        let recorded = Recorded::new(more);
        let turn = recorded.turn_ids()[turns().len() - 2].clone();
        // There are no rules here: nothing is run again.
        let finished = explain(&recorded, &setup, &["--turn", &turn]);
        assert_eq!((finished.code, &*finished.stderr), (Some(0), ""));
        for text in [
            &format!("Turn {turn} of call-3, "),
            "10-inject  inject   changed",
            "  + messages[1] (system)\n        {+The caller is [NAME_1] in Berlin.+}",
            "30-redact  redact   changed",
            "I am [-…-]{+[NAME_1]+}, not",
            "Hidden: CARD 1, CVV 1, EMAIL 1, NAME 1\n",
            "Stayed here: call, customer, credentials, metadata\n",
            "The upstream mock got:",
            "The model says (content):",
            "40-style   ",
            "The caller hears (content; ‹CARD_1› stands for the value):",
        ] {
            assert!(
                finished.stdout.contains(text),
                "`{text}`: {}",
                finished.stdout
            );
        }
        without(VALUES, &finished.stdout);
        let finished = explain(&recorded, &setup, &["--turn", &turn, "--json"]);
        without(VALUES, &finished.stdout);
        let shown: Value = serde_json::from_str(&finished.stdout).expect("JSON");
        assert_eq!(
            (&shown["turn"], &shown["call"], &shown["ended"]),
            (&json!(turn), &json!("call-3"), &json!("answered"))
        );
        let steps = shown["steps"].as_array().expect("steps");
        let outcomes: Vec<_> = steps
            .iter()
            .map(|step| (step["rule"].as_str(), step["outcome"].as_str()))
            .collect();
        assert_eq!(
            outcomes,
            [
                (Some("10-inject"), Some("changed")),
                (Some("20-gold"), Some("changed")),
                (Some("30-redact"), Some("changed")),
                (Some("40-style"), Some("changed")),
            ]
        );
        assert!(steps.iter().any(|step| step["micros"].as_u64() > Some(0)));
        assert_eq!(
            shown["labels"],
            json!({ "CARD": 1, "CVV": 1, "EMAIL": 1, "NAME": 1 })
        );
        assert!(shown["request"]["messages"].is_array(), "{shown}");
        assert!(shown["reply"]["heard"]["content"].is_string(), "{shown}");
    }
}

#[test]
fn a_turn_that_is_not_found_is_told_with_those_that_are_there() {
    let recorded = Recorded::new("");
    let turns = recorded.turn_ids();
    let newest = turns.last().expect("a turn").clone();
    let setup = Setup::default().rule("10-a", RULES[3].1);
    let finished = explain(&recorded, &setup, &["--turn", "turn_none"]);
    assert_eq!(finished.code, Some(1));
    let told = format!("there is no turn `turn_none` in it\nhelp: the newest are {newest}, ");
    assert!(finished.stderr.contains(&told), "{}", finished.stderr);
    let finished = explain(&recorded, &setup, &[]);
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stderr.contains("this is a recording") && finished.stderr.contains("--turn ID"),
        "{}",
        finished.stderr
    );
    let finished = explain(&recorded, &setup, &["--turn", &newest, "--given", "a.json"]);
    assert_eq!(finished.code, Some(2), "{}", finished.stderr);
    let sealed = Recorded::new("raw = true\nkey = \"${ASIDE_RECORD_KEY}\"");
    let finished = explain(&sealed, &setup, &["--turn", &newest]);
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stderr.contains("there is no key"),
        "{}",
        finished.stderr
    );
}

#[test]
fn a_recording_of_former_days_replays_and_says_that_it_has_no_steps() {
    let recorded = Recorded::new("");
    let old: Vec<String> = lines(&recorded)
        .into_iter()
        .map(|mut line| {
            let fields = line.as_object_mut().expect("an object");
            for name in ["steps", "not_taken", "hidden", "said", "back"] {
                assert!(fields.remove(name).is_some(), "{name}");
            }
            line.to_string() + "\n"
        })
        .collect();
    std::fs::write(recorded.path(), old.concat()).expect("written");
    let same = rules(Setup::default(), "rules", "nothing");
    let finished = recorded.replay(&same, &["--fail-on-change"]);
    assert_eq!(
        (finished.code, &*finished.stderr),
        (Some(0), ""),
        "{}",
        finished.stdout
    );
    let turn = recorded.turn_ids().pop().expect("a turn");
    let finished = explain(&recorded, &same, &["--turn", &turn]);
    assert!(
        finished.stderr.contains("without its steps"),
        "{}",
        finished.stderr
    );
    // Of whose rules nothing is known, so other ones may always hide otherwise.
    let other = with("30-redact", "\"cvv\", ", "");
    let finished = recorded.replay(&other, &[]);
    assert!(
        !finished.stdout.contains(" 0 change"),
        "{}",
        finished.stdout
    );
}

#[test]
fn a_changed_find_is_never_no_change() {
    let recorded = Recorded::new("");
    let hidden = lines(&recorded)
        .iter()
        .filter(|line| line["steps"][2]["outcome"] == "changed")
        .count();
    assert!(hidden >= 5, "{hidden}");
    for (was, is) in [
        ("\"card\", ", ""),
        ("\"card\", ", "\"card\", \"phone\", "),
        (
            "find = [\"card\", \"cvv\", \"email\"]",
            "find = [\"account\"]",
        ),
        ("find = [\"card\", \"cvv\", \"email\"]", ""),
        (
            "explain = true",
            "explain = true\nkeep = [\"canary.mail@example.com\"]",
        ),
        ("explain = true", "explain = true\nstyle = \"mask\""),
        (
            "known = [\"customer.name\"]",
            "known = [\"customer.number\"]",
        ),
        (
            "about = \"x\"",
            "about = \"x\"\nwhen = 'call.type == \"inboundPhoneCall\"'",
        ),
        ("about = \"x\"", "about = \"x\"\nenabled = false"),
    ] {
        let finished = recorded.replay(&with("30-redact", was, is), &["--fail-on-change"]);
        assert_eq!(
            finished.code,
            Some(1),
            "{is}: {}{}",
            finished.stdout,
            finished.stderr
        );
        assert!(
            !finished.stdout.contains(" 0 change"),
            "{is}: {}",
            finished.stdout
        );
        let shows = "what the recording can't show:\n";
        let changes = "what goes upstream:";
        assert!(
            finished.stdout.contains(shows) || finished.stdout.contains(changes),
            "{is}: {}",
            finished.stdout
        );
        without(VALUES, &finished.stdout);
    }
    // What nobody hides any more would go upstream.
    let finished = recorded.replay(&with("30-redact", "\"card\", ", ""), &[]);
    assert!(finished.stdout.contains("‹CARD_1›"), "{}", finished.stdout);
    // What only comes back otherwise is known.
    let restored = with(
        "30-redact",
        "explain = true",
        "explain = true\nrestore = false",
    );
    let finished = recorded.replay(&restored, &[]);
    assert!(
        !finished.stdout.contains("can't show"),
        "{}",
        finished.stdout
    );
    assert!(
        !finished.stdout.contains(" 0 change"),
        "{}",
        finished.stdout
    );
    // And so is what is said to people.
    let about = recorded.replay(&with("30-redact", "about = \"x\"", "about = \"y\""), &[]);
    let last = format!("{} turns, 0 change\n", turns().len());
    assert!(about.stdout.ends_with(&last), "{}", about.stdout);
}

#[test]
fn what_depends_on_what_is_left_out_is_not_told() {
    let recorded = Recorded::new("");
    for (rule, was, is, told) in [
        (
            "20-gold",
            "canary-plan",
            "silver",
            "20-gold: it looks at `metadata.plan`, which the recording leaves out (5 turns)",
        ),
        (
            "20-gold",
            "metadata.plan == \"canary-plan\"",
            "turn.user.contains(\"4539\")",
            "20-gold: it decides by what was said, and the recording has placeholders",
        ),
        (
            "20-gold",
            "metadata.plan == \"canary-plan\"",
            "customer.name == \"Canaria Finchley\"",
            "20-gold: it decides by `customer.name`, of which the recording has a placeholder",
        ),
        (
            "20-gold",
            "[then.inject]\nplace = \"system-start\"\ntext = \"Be kind.\"",
            "[then.rewrite]\nfind = '4539'\nreplace = \"x\"\nin = [\"user\"]",
            "20-gold: it stands before `30-redact`",
        ),
        (
            "20-gold",
            "'metadata.plan == \"canary-plan\"'",
            "'context.call.note == \"a\"'",
            "20-gold: it looks at `context.call.note`, which the recording leaves out",
        ),
    ] {
        let finished = recorded.replay(&with(rule, was, is), &[]);
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        assert!(
            finished.stdout.contains(told),
            "`{told}`: {}",
            finished.stdout
        );
        assert!(
            !finished.stdout.contains(" 0 change"),
            "{}",
            finished.stdout
        );
        assert!(
            finished.stdout.contains(" can't be told\n"),
            "{}",
            finished.stdout
        );
    }
    let gone = rules(Setup::default(), "rules", "20-gold");
    let finished = recorded.replay(&gone, &["--json"]);
    let summary: Value = serde_json::from_str(&finished.stdout).expect("JSON");
    assert_eq!(
        (&summary["changed"], &summary["unknown"]),
        (&Value::Null, &json!(5))
    );
    assert_eq!(summary["not_shown"][0]["rule"], "20-gold");
    // Behind the rule that hides, other texts are what they would be.
    let style = recorded.replay(&with("40-style", "{1,3}", "{1,2}"), &[]);
    assert!(!style.stdout.contains("can't"), "{}", style.stdout);
}
