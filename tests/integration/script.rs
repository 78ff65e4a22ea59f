//! Scripts over real sockets: what goes upstream, what is heard, and what becomes of one that fails.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, completion, saying, says, stop, stream_head, turn, with};

const REQUEST: &str = "about = \"x\"\n[then.script]\nrequest = '''\nmessages.insert(-1, #{ role: \"system\", content: `Route ${route}, turn ${turn.number}.` });\nrequest.temperature = 0.2;\n'''\n";
const REPLY: &str = "about = \"x\"\n[then.script]\nreply = '''\nif text.says([\"as an AI\"]) { text = \"\"; }\ntext.replace(\"Acme\", \"ACME\");\n'''\n";
const REDACT: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";
const CARD: &str = "My card is 4111 1111 1111 1111.";

fn behind(rules: &[(&str, &str)], upstream: &Upstream) -> Aside {
    Aside::serve(&setup(rules, upstream))
}

fn setup(rules: &[(&str, &str)], upstream: &Upstream) -> Setup {
    let setup = Setup::with_config(&config(upstream, ""));
    let add = |setup: Setup, (name, rule): &(&str, &str)| setup.rule(name, rule);
    rules.iter().fold(setup, add)
}

/// The request that an upstream got last.
fn last(upstream: &Upstream) -> Value {
    upstream.request(upstream.count() - 1).json()
}

/// Its messages.
fn got(upstream: &Upstream) -> Value {
    last(upstream)["messages"].clone()
}

#[test]
fn what_a_script_leaves_goes_upstream() {
    let upstream = Upstream::start(|_, _| saying(&["Yes."]));
    let aside = behind(&[("10-s", REQUEST)], &upstream);
    aside.client().post(CHAT, &[], &turn("Hi."));
    let request = last(&upstream);
    assert_eq!(request["temperature"], 0.2);
    let messages = got(&upstream);
    let messages = messages.as_array().expect("messages");
    assert_eq!(messages[messages.len() - 1]["content"], "Hi.");
    let told = messages[messages.len() - 2]["content"].as_str();
    assert!(
        told.is_some_and(|told| told.ends_with("turn 1.")),
        "{told:?}"
    );
}

#[test]
fn a_reply_passes_the_script_alike_however_it_comes() {
    const WRITTEN: &str =
        "As an AI, I have no eyes. Acme opens at 9.30 <break time=\"1. s\"/> today! Bye, from Acme";
    const HEARD: &str = "ACME opens at 9.30 <break time=\"1. s\"/> today! Bye, from ACME";
    for size in [1, 2, 3, 7, 20, 1000] {
        let letters: Vec<char> = WRITTEN.chars().collect();
        let pieces: Vec<String> = letters
            .chunks(size)
            .map(|piece| piece.iter().collect())
            .collect();
        let upstream = Upstream::start(move |request, _| match request.json()["stream"] == true {
            true => saying(&pieces.iter().map(String::as_str).collect::<Vec<&str>>()),
            false => completion(WRITTEN),
        });
        let aside = behind(&[("10-s", REPLY)], &upstream);
        let mut client = aside.client();
        let answer = client.post(CHAT, &[], &turn("Hi."));
        assert_eq!(
            Reply::read(&answer.text()).heard(),
            HEARD,
            "in pieces of {size}"
        );
        let whole = client.post(CHAT, &[], &with(&turn("Hi."), json!({"stream": false})));
        assert_eq!(whole.json()["choices"][0]["message"]["content"], HEARD);
    }
}

#[test]
fn a_sentence_is_heard_before_the_reply_is_over() {
    let steps = vec![
        stream_head(),
        says("Acme is open. What"),
        ScriptStep::Wait(1),
        says(" else?"),
        stop(),
        ScriptStep::EndChunks,
    ];
    let upstream = Upstream::playing(steps);
    let aside = behind(&[("10-s", REPLY)], &upstream);
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &turn("Hi."));
    client.head();
    let first = client.read_until("ACME is open.");
    assert!(!first.contains("What"), "{first}");
    upstream.open(1);
    assert!(client.rest().contains("What else?"));
}

#[test]
fn behind_redact_a_script_sees_placeholders_and_before_it_values() {
    const LOOKS: &str = "about = \"x\"\n[then.script]\nrequest = '''\nlet last = messages[-1].content;\nrequest.user = if last.contains(\"4111\") { \"value\" } else if last.contains(\"[CARD_1]\") { \"placeholder\" } else { last };\n'''\nreply = '''\ntext += if text.contains(\"4111\") { \" (value)\" } else { \" (placeholder)\" };\n'''\n";
    let upstream = Upstream::start(|_, _| saying(&["It is [CA", "RD_1]. Ok"]));
    let run = |rules: &[(&str, &str)]| {
        let aside = behind(rules, &upstream);
        let answer = aside.client().post(CHAT, &[], &turn(CARD));
        let user = last(&upstream)["user"].clone();
        (user, Reply::read(&answer.text()).heard())
    };
    let (user, heard) = run(&[("10-redact", REDACT), ("20-s", LOOKS)]);
    assert_eq!(user, "placeholder");
    assert_eq!(
        heard,
        "It is 4111 1111 1111 1111. (placeholder) Ok (placeholder)"
    );
    // What a script puts into a field is hidden by the rules behind it.
    let (user, heard) = run(&[("10-s", LOOKS), ("20-redact", REDACT)]);
    assert_eq!(user, "value");
    assert_eq!(heard, "It is 4111 1111 1111 1111. (value) Ok (placeholder)");
}

#[test]
fn behind_redact_a_script_is_told_what_was_said_in_placeholders() {
    let upstream = Upstream::start(|_, _| saying(&["Ok"]));
    let script = "about = \"x\"\n[then.script]\nrequest = 'messages.insert(-1, #{ role: \"system\", content: `${turn.user}|${turn.user.digits()}` }); request.user = turn.user;'\n";
    let aside = behind(&[("10-redact", REDACT), ("20-s", script)], &upstream);
    aside.client().post(CHAT, &[], &turn(CARD));
    let request = last(&upstream);
    assert!(!request.to_string().contains("4111"), "{request}");
    assert_eq!(request["user"], "My card is [CARD_1].");
}

#[test]
fn what_came_before_the_fault_of_a_script_is_heard_however_it_comes() {
    let rule = "about = \"x\"\non_error = \"fail\"\n[then.script]\nreply = 'if text.contains(\"bad\") { throw \"no\"; }'\n";
    const CUTS: [&[&str]; 4] = [
        &["First is good. Second is bad. Third."],
        &["First is good. ", "Second is bad. Third."],
        &["First is good. Second is b", "ad. Third."],
        &["First is good. Second is bad", ". ", "Third."],
    ];
    for pieces in CUTS {
        let upstream = Upstream::start(move |_, _| saying(pieces));
        let aside = behind(&[("10-s", rule)], &upstream);
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        let heard = Reply::read(&answer.text()).heard();
        assert!(
            heard.starts_with("First is good.  Sorry"),
            "{pieces:?}: {heard}"
        );
        assert!(
            !heard.contains("bad") && !heard.contains("Third"),
            "{heard}"
        );
    }
}

#[test]
fn a_script_that_never_ends_holds_a_turn_for_no_time() {
    let upstream = Upstream::start(|_, _| saying(&["One. ", "Two."]));
    let rule = |script: &str| format!("about = \"x\"\n[then.script]\n{script}\n");
    let request =
        rule("request = 'loop { messages[0].content += \"x\"; messages[0].content = \"\"; }'");
    let reply = rule("reply = 'loop { }'");
    let aside = behind(&[("10-s", &request), ("20-s", &reply)], &upstream);
    let began = Instant::now();
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    assert_eq!(Reply::read(&answer.text()).heard(), "One. Two.");
    // `limits.rule_time` is a second; a build without optimisation takes its time.
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(got(&upstream)[1]["content"], "Hi.");
    let told = aside.wait_for("a rule failed over the reply");
    assert!(
        told.contains("20-s.toml:3:15: it did not end within "),
        "{told}"
    );
}

#[test]
fn on_error_says_what_becomes_of_a_turn_whose_script_fails() {
    for (field, script) in [
        ("request", "messages[9].content = \"x\";"),
        ("reply", "if text == \"Two.\" { throw text; }"),
    ] {
        for (on_error, expected) in [("", "One. Two. Three."), ("on_error = \"fail\"\n", "sorry")] {
            let rule =
                format!("about = \"x\"\n{on_error}[then.script]\n{field} = '''\n{script}'''\n");
            let upstream = Upstream::start(|_, _| saying(&["One. ", "Two. Thr", "ee."]));
            let aside = behind(&[("10-s", &rule)], &upstream);
            let answer = aside.client().post(CHAT, &[], &turn("Hi."));
            let heard = Reply::read(&answer.text()).heard();
            assert!(
                heard.to_lowercase().contains(&expected.to_lowercase()),
                "{field} {on_error}: {heard}"
            );
            assert!(
                on_error.is_empty() || !heard.contains("Three"),
                "{field}: {heard}"
            );
            assert!(
                answer.text().ends_with("data: [DONE]\n\n"),
                "{}",
                answer.text()
            );
        }
    }
}

#[test]
fn a_rule_in_the_shadow_does_not_act() {
    let upstream = Upstream::start(|_, _| saying(&["As an AI, no. ", "Acme."]));
    for head in [
        "shadow = true\n",
        "enabled = false\n",
        "percent = 0\n",
        "when = 'route == \"none\"'\n",
    ] {
        for rule in [REQUEST, REPLY] {
            let rule = rule.replacen("[then", &format!("{head}[then"), 1);
            let aside = behind(&[("10-s", &rule)], &upstream);
            let answer = aside.client().post(CHAT, &[], &turn("Hi."));
            assert_eq!(
                Reply::read(&answer.text()).heard(),
                "As an AI, no. Acme.",
                "{head}"
            );
            assert_eq!(got(&upstream).as_array().map(Vec::len), Some(2), "{head}");
        }
    }
}

#[test]
fn a_script_in_a_file_is_read_anew_when_it_changes_and_told_at_its_place() {
    const RULE: &str = "about = \"x\"\n[then.script]\nfile = \"parts/tidy.rhai\"\n";
    let upstream = Upstream::start(|_, _| saying(&["Yes."]));
    let with_file =
        |text: &str| setup(&[("10-s", RULE)], &upstream).file("rules/parts/tidy.rhai", text);
    for (text, place) in [
        (
            "messages.pop();\nlet x = ;\n",
            "rules/parts/tidy.rhai:2:9: ",
        ),
        (
            "// ok\ntext = foo;\n",
            "rules/parts/tidy.rhai:2:8: there is no variable `foo` here",
        ),
        ("text = messages;", "rules/parts/tidy.rhai:1:"),
    ] {
        let finished = with_file(text).run(&["check"], "");
        assert_eq!(finished.code, Some(1), "{text}");
        assert!(
            finished.stderr.contains(place),
            "{text}\n{}",
            finished.stderr
        );
        assert!(finished.stderr.contains('^'), "{}", finished.stderr);
    }
    let aside = Aside::serve(&with_file("text = text.to_upper();"));
    let heard = || {
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        Reply::read(&answer.text()).heard()
    };
    assert_eq!(heard(), "YES.");
    let file = aside.path("rules/parts/tidy.rhai");
    fs::write(file, "text = text.to_lower();").expect("it can be written");
    let began = Instant::now();
    while heard() != "yes." {
        assert!(began.elapsed() < Duration::from_secs(20), "it is read anew");
        thread::sleep(Duration::from_millis(20));
    }
    let missing = setup(&[("10-s", RULE)], &upstream).run(&["check"], "");
    assert!(
        missing
            .stderr
            .contains("10-s.toml:3:8: `parts/tidy.rhai`: "),
        "{}",
        missing.stderr
    );
}
