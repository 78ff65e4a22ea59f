//! Rules by route: each route has its own, with their tests, their version, their reload and what is
//! counted of them.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use crate::DEADLINE;
use crate::aside::{Aside, Setup};
use crate::metrics::scrape;
use crate::upstream::Upstream;
use crate::wire::{CHAT, saying, turn};

/// A rule that says which it is, and a test of it.
fn rule(name: &str) -> String {
    format!(
        "about = \"x\"\n[then.inject]\ntext = \"The {name} rule.\"\nplace = \"system-end\"\n\n\
         [[test]]\nname = \"{name} is said\"\ncaller = \"Hi.\"\nupstream_gets = {{ messages = [\n\
         {{ role = \"system\", content = \"The {name} rule.\" }}, {{ role = \"user\", content = \"Hi.\" }}] }}\n"
    )
}

/// A test of all rules of a folder, by what the model gets.
fn chain(said: &[&str]) -> String {
    let messages = said
        .iter()
        .map(|name| format!("{{ role = \"system\", content = \"The {name} rule.\" }}, "));
    format!(
        "[[test]]\nname = \"all of {}\"\ncaller = \"Hi.\"\nupstream_gets = {{ messages = [{}{{ role = \"user\", content = \"Hi.\" }}] }}\n",
        said.join(" and "),
        messages.collect::<String>()
    )
}

/// Three routes: one with the usual rules, one with more behind them, one with its own alone.
fn config(url: &str) -> String {
    format!(
        "[upstream.mock]\nurl = \"{url}\"\n\
         [route.default]\nupstreams = [\"mock\"]\n\
         [route.sales]\nupstreams = [\"mock\"]\nrules = [\"rules\", \"rules/sales\"]\n\
         [route.night]\nupstreams = [\"mock\"]\nrules = \"night\"\n"
    )
}

fn setup(url: &str) -> Setup {
    Setup::with_config(&config(url))
        .rule("20-usual", &rule("usual"))
        .file("rules/tests/all.toml", &chain(&["usual"]))
        .file("rules/sales/10-sales.toml", &rule("sales"))
        .file("rules/sales/tests/all.toml", &chain(&["usual", "sales"]))
        .file("night/10-night.toml", &rule("night"))
}

fn upstream() -> Upstream {
    Upstream::playing(saying(&["Ok."]))
}

/// The system messages that the model gets on a route, and the version of its rules.
fn ask(aside: &Aside, upstream: &Upstream, route: &str) -> (Vec<String>, String) {
    let answer = aside
        .client()
        .post(&format!("{route}{CHAT}"), &[], &turn("Hi."));
    assert_eq!(answer.status, 200);
    let version = answer
        .header("x-aside-rules")
        .expect("a version")
        .to_owned();
    answer.text();
    let request = upstream.request(upstream.count() - 1).json();
    let messages = request["messages"].as_array().expect("messages").clone();
    let said = messages.iter().filter(|it| it["role"] == "system");
    let said = said.map(|it| it["content"].as_str().expect("a text").to_owned());
    // The assistant's own prompt is not asked for.
    let said = said.filter(|said| said.starts_with("The "));
    (said.collect(), version)
}

#[test]
fn each_route_has_its_rules_in_the_order_of_its_folders() {
    let upstream = upstream();
    let aside = Aside::serve(&setup(&upstream.url()));
    let (usual, first) = ask(&aside, &upstream, "");
    let (sales, second) = ask(&aside, &upstream, "/sales");
    let (night, third) = ask(&aside, &upstream, "/night");
    assert_eq!(usual, ["The usual rule."]);
    assert_eq!(sales, ["The usual rule.", "The sales rule."]);
    assert_eq!(night, ["The night rule."]);
    assert!(first != second && second != third && first != third);
    for (folders, version) in [
        ("rules", &first),
        ("rules + rules/sales", &second),
        ("night", &third),
    ] {
        let line = aside.wait_for(&format!("the rules of {folders} "));
        assert!(line.contains(version.as_str()), "{line}");
    }
    let counted = scrape(&aside);
    for series in [
        r#"aside_rule_outcome_total{rule="20-usual",outcome="changed"}"#,
        r#"aside_rule_outcome_total{rule="20-usual",outcome="changed",folders="rules + rules/sales"}"#,
        r#"aside_rule_outcome_total{rule="10-night",outcome="changed",folders="night"}"#,
    ] {
        assert_eq!(counted.get(series), Some(&1.0), "{series}");
    }
}

#[test]
fn the_rules_of_one_route_change_without_those_of_others() {
    let upstream = upstream();
    let aside = Aside::serve(&setup(&upstream.url()));
    let (_, usual) = ask(&aside, &upstream, "");
    let (_, night) = ask(&aside, &upstream, "/night");
    let until = |route: &str, last: &str| {
        let began = Instant::now();
        loop {
            let (said, version) = ask(&aside, &upstream, route);
            if said.last().is_some_and(|said| said == last) {
                return version;
            }
            assert!(began.elapsed() < DEADLINE, "never `{last}`, but {said:?}");
            thread::sleep(Duration::from_millis(20));
        }
    };
    // Broken rules of one route keep nobody else's from changing.
    fs::write(aside.path("night/10-night.toml"), "about = ").expect("a file");
    aside.wait_for("kept the rules of night of version");
    fs::write(aside.path("rules/sales/10-sales.toml"), rule("newer")).expect("a file");
    fs::write(
        aside.path("rules/sales/tests/all.toml"),
        chain(&["usual", "newer"]),
    )
    .expect("a file");
    until("/sales", "The newer rule.");
    assert_eq!(ask(&aside, &upstream, "").1, usual);
    assert_eq!(ask(&aside, &upstream, "/night").1, night);
    assert_eq!(scrape(&aside)["aside_reload_rules_broken"], 1.0);
    fs::write(aside.path("night/10-night.toml"), rule("later")).expect("a file");
    assert_ne!(until("/night", "The later rule."), night);
    assert_eq!(scrape(&aside)["aside_reload_rules_broken"], 0.0);
}

#[test]
fn tests_of_all_rules_run_those_up_to_their_folder() {
    let setup = setup("http://127.0.0.1:9/v1");
    let done = setup.run(&["test"], "");
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
    assert!(
        done.stdout.contains("5 passed, 0 failed"),
        "{}",
        done.stdout
    );
    let done = setup.run(&["check"], "");
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
    let told = "4 rules in night, rules, rules + rules/sales: no problems, 0 warnings";
    assert!(done.stdout.contains(told), "{}", done.stdout);
    let failing = setup
        .clone()
        .file("night/tests/all.toml", &chain(&["usual"]));
    let done = failing.run(&["test"], "");
    assert_eq!(done.code, Some(1));
    assert!(
        done.stdout.contains("FAIL night/tests/all: all of usual"),
        "{}",
        done.stdout
    );
    let done = failing.run(&["serve", "--listen", "127.0.0.1:0"], "");
    assert_eq!(done.code, Some(1), "what fails its tests is not served");
}

#[test]
fn what_is_wrong_with_the_rules_of_any_route_is_told() {
    let url = "http://127.0.0.1:9/v1";
    for (setup, told) in [
        (
            setup(url).file("rules/sales/30-bad.toml", "about = \"x\"\n[then.injekt]\n"),
            "error: rules/sales/30-bad.toml:2:",
        ),
        (
            setup(url).file("rules/sales/20-usual.toml", &rule("twin")),
            "`20-usual` is the name of rules/20-usual.toml too",
        ),
        (
            Setup::with_config(&config(url).replace("\"night\"", "\"nowhere\""))
                .rule("20-usual", &rule("usual"))
                .file("rules/sales/10-sales.toml", &rule("sales")),
            "error: nowhere:1:1: the folder of rules can't be read: it does not exist",
        ),
        (
            Setup::with_config(&config(url).replace("rules = \"night\"", "rules = []")),
            "the list names no folder",
        ),
        (
            Setup::with_config(&config(url).replace("rules = \"night\"", "rules = [\"a\", \"a\"]")),
            "`a` is named twice",
        ),
        (
            Setup::with_config(&config(url).replace("rules = \"night\"", "rules = 3")),
            "a text, or a list of texts",
        ),
    ] {
        for command in [&["check"][..], &["serve", "--listen", "127.0.0.1:0"]] {
            let done = setup.run(command, "");
            assert_eq!(done.code, Some(1), "{command:?}: {}", done.stderr);
            assert!(
                done.stderr.contains(told),
                "{command:?}: {told}\n{}",
                done.stderr
            );
            assert_eq!(done.stderr.matches(told).count(), 1, "{}", done.stderr);
        }
    }
}

#[test]
fn a_flag_stands_for_the_usual_folder_alone() {
    let request = String::from_utf8(turn("Hi.")).expect("text");
    let setup = setup("http://127.0.0.1:9/v1")
        .file("other/10-other.toml", &rule("other"))
        .file("request.json", &request);
    for (arguments, said, not_said) in [
        (&[][..], "The usual rule.", "The sales rule."),
        (
            &["--route", "sales"][..],
            "The sales rule.",
            "The night rule.",
        ),
        (
            &["--route", "night"][..],
            "The night rule.",
            "The usual rule.",
        ),
        (
            &["--rules", "other"][..],
            "The other rule.",
            "The usual rule.",
        ),
        (
            &["--rules", "other", "--route", "night"][..],
            "The night rule.",
            "The other rule.",
        ),
    ] {
        let done = setup.run(&[&["explain", "request.json"], arguments].concat(), "");
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        assert!(done.stdout.contains(said), "{arguments:?}: {}", done.stdout);
        assert!(
            !done.stdout.contains(not_said),
            "{arguments:?}: {}",
            done.stdout
        );
    }
    let done = setup.run(&["explain", "request.json", "--route", "sale"], "");
    assert_eq!(done.code, Some(1));
    assert!(
        done.stderr.contains("did you mean `sales`?"),
        "{}",
        done.stderr
    );
}

#[test]
fn a_recorded_request_is_read_as_its_route_says() {
    let of_livekit = r#"{"messages":[{"role":"user","content":"Hi."}],"room":{"id":"r-1"}}"#;
    let shows =
        "about = \"x\"\n[then.inject]\ntext = \"Call {{ call.id }}.\"\nplace = \"system-end\"\n";
    let config = "[upstream.mock]\nurl = \"http://127.0.0.1:9/v1\"\n[route.default]\nupstreams = [\"mock\"]\nfrom = { call_id = \"/room/id\" }\n";
    let test = "[[test]]\nname = \"the room is the call\"\nrequest = \"livekit.json\"\n\
                upstream_gets = { messages = [{ role = \"system\", content = \"Call r-1.\" }, { role = \"user\", content = \"Hi.\" }] }\n";
    let setup = Setup::with_config(config)
        .rule("10-shows", shows)
        .file("rules/tests/livekit.json", of_livekit)
        .file("rules/tests/all.toml", test);
    let done = setup.run(&["test"], "");
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
    let upstream = upstream();
    let served = Setup::with_config(&config.replace("http://127.0.0.1:9/v1", &upstream.url()))
        .rule("10-shows", shows)
        .file("rules/tests/livekit.json", of_livekit)
        .file("rules/tests/all.toml", test);
    let aside = Aside::serve(&served);
    let answer = aside.client().post(CHAT, &[], of_livekit.as_bytes());
    assert_eq!(answer.status, 200);
}
