//! `--config`, `--rules` and their variables mean the same on every command.

use crate::aside::{Finished, Program, Setup};
use crate::wire::turn;

/// Rules that tell which folder was read: each fails its test, and says which it is.
fn rule(name: &str) -> String {
    format!(
        "about = \"x\"\n[then.inject]\ntext = \"These are the {name} rules.\"\n[[test]]\nname = \"of {name}\"\nmodel_says = \"a\"\ncaller_hears = \"b\"\n"
    )
}

fn setup() -> Setup {
    let config = |folder: &str| {
        format!("rules = \"{folder}\"\n[upstream.a]\nurl = \"http://127.0.0.1:9/v1\"\n")
    };
    let request = String::from_utf8(turn("Hi.")).expect("text");
    ["rules", "usual", "named", "flag", "variable"]
        .iter()
        .fold(Setup::default(), |setup, name| {
            setup.file(&format!("{name}/10-{name}.toml"), &rule(name))
        })
        .file("other.toml", &config("named"))
        .file("request.json", &request)
}

fn with_usual(setup: Setup) -> Setup {
    setup.file(
        "aside.toml",
        "rules = \"usual\"\n[upstream.a]\nurl = \"http://127.0.0.1:9/v1\"\n",
    )
}

/// Each command that reads rules, with what it prints of a folder.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["check"], "1 rule in FOLDER: no problems"),
    (&["test"], "FAIL 10-FOLDER: of FOLDER"),
    (&["explain", "request.json"], "These are the FOLDER rules."),
    (&["new", "inject", "more"], "wrote FOLDER/20-more.toml"),
];

#[track_caller]
fn reads(setup: &Setup, flags: &[&str], folder: &str) {
    for (command, shown) in COMMANDS {
        let Finished { stdout, stderr, .. } = setup.run(&[*command, flags].concat(), "");
        let shown = shown.replace("FOLDER", folder);
        assert!(
            stdout.contains(&shown),
            "{command:?} {flags:?}: `{shown}` in {stdout}{stderr}"
        );
    }
}

#[test]
fn every_command_reads_the_same_rules() {
    let bare = setup();
    let usual = with_usual(setup());
    let variable = usual.clone().env("ASIDE_RULES", "variable");
    reads(&bare, &[], "rules");
    reads(&usual, &[], "usual");
    reads(&usual, &["--config", "other.toml"], "named");
    reads(
        &usual.clone().env("ASIDE_CONFIG", "other.toml"),
        &[],
        "named",
    );
    reads(&variable, &[], "variable");
    reads(&variable, &["--config", "other.toml"], "variable");
    reads(&variable, &["--rules", "flag"], "flag");
    reads(
        &usual,
        &["--config", "other.toml", "--rules", "flag"],
        "flag",
    );
    for command in ["check", "test"] {
        let finished = variable.run(&[command, "flag"], "");
        let told = finished.stdout + &finished.stderr;
        assert!(told.contains("flag"), "{command}: {told}");
        let both = usual.run(&[command, "named", "--rules", "flag"], "");
        assert_eq!(both.code, Some(2), "{}", both.stderr);
        let nowhere = bare.run(&[command, "--config", "nowhere.toml"], "");
        assert_eq!(nowhere.code, Some(1));
        assert!(
            nowhere.stderr.contains("nowhere.toml:1:1: "),
            "{}",
            nowhere.stderr
        );
    }
}

#[test]
fn the_demo_plays_with_rules_that_are_named() {
    let bare = setup();
    let demo = ["demo", "--listen", "127.0.0.1:0"];
    let named = [&demo[..], &["--config", "other.toml"]].concat();
    let flag = [&demo[..], &["--rules", "flag"]].concat();
    let variable = bare.clone().env("ASIDE_RULES", "variable");
    for (setup, arguments, folder) in [
        (&bare, &named[..], "named"),
        (&variable, &demo[..], "variable"),
        (&variable, &flag[..], "flag"),
    ] {
        let demo = Program::start(arguments, setup);
        demo.wait_for(&format!("These are the {folder} rules."));
    }
    // Without a name it plays with the rules that ship, whatever stands in the folder.
    let demo = Program::start(&demo, &with_usual(setup()));
    demo.wait_for("[CARD_1]");
    let broken = bare.file("broken/10-a.toml", "about = 3\n");
    let finished = broken.run(
        &["demo", "--listen", "127.0.0.1:0", "--rules", "broken"],
        "",
    );
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stderr.contains("broken/10-a.toml:1:"),
        "{}",
        finished.stderr
    );
}

#[test]
fn check_without_a_config_tells_what_serve_would_refuse() {
    let fetch = "about = \"x\"\n[then.inject]\ntext = \"{{ fetch.crm }}\"\n[fetch.crm]\nurl = \"https://crm.example\"\nwithin = \"80ms\"\n";
    let setup = Setup::default().rule("10-crm", fetch);
    let served = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--upstream",
        "http://127.0.0.1:9/v1",
    ];
    for finished in [setup.run(&["check"], ""), setup.run(&served, "")] {
        assert_eq!(finished.code, Some(1), "{}", finished.stdout);
        let told = "10-crm.toml:5:7: the host `crm.example` may not be asked";
        assert!(finished.stderr.contains(told), "{}", finished.stderr);
    }
    let good = Setup::default().rule("10-a", &rule("good"));
    assert_eq!(good.run(&["check"], "").code, Some(0));
    for (name, value, told) in [
        ("ASIDE_LISTEN", "0.0.0.0:8080", "is open to others"),
        ("ASIDE_LISTEN", "somewhere", "`somewhere` is no address"),
        (
            "ASIDE_UPSTREAM",
            "ftp://example.com",
            "must begin with http://",
        ),
        (
            "ASIDE_RULES",
            "nowhere",
            "nowhere:1:1: the folder of rules can't be read",
        ),
    ] {
        let finished = good.clone().env(name, value).run(&["check"], "");
        assert_eq!(
            finished.code,
            Some(1),
            "{name}={value}: {}",
            finished.stdout
        );
        assert!(
            finished.stderr.contains(told),
            "{told}: {}",
            finished.stderr
        );
    }
}
