//! What the README shows of rules and configs works: each is checked, and its tests are run.
//!
//! `.ci/readme` runs the shell commands too, and needs more than a build.

use aside::rule::KINDS;
use serde_json::Value;

use crate::aside::Setup;

const README: &str = include_str!("../../README.md");
const SHIPPED: [(&str, &str); 3] = [
    (
        "10-caller-context",
        include_str!("../../rules/10-caller-context.toml"),
    ),
    (
        "20-private-data",
        include_str!("../../rules/20-private-data.toml"),
    ),
    (
        "30-spoken-style",
        include_str!("../../rules/30-spoken-style.toml"),
    ),
];

/// The blocks of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("\n```{language}\n");
    let blocks = README.split(&fence).skip(1);
    blocks
        .filter_map(|rest| rest.split("\n```").next())
        .collect()
}

/// The variables that a file reads, each with a value.
fn with_variables(mut setup: Setup, text: &str) -> Setup {
    for rest in text.split("${").skip(1) {
        let name = rest.split('}').next().expect("it is closed");
        let value = match name {
            "UPSTREAM_URL" => "http://127.0.0.1:9/v1".to_owned(),
            // As long as a key must be.
            name => format!("{name}-0123456789abcdef"),
        };
        setup = setup.env(name, &value);
    }
    setup
}

fn shipped() -> Setup {
    SHIPPED
        .iter()
        .fold(Setup::default(), |setup, (name, rule)| {
            setup.rule(name, rule)
        })
}

#[track_caller]
fn works(setup: &Setup, text: &str) {
    for command in ["check", "test"] {
        let finished = setup.run(&[command], "");
        let told = format!("{}{}", finished.stdout, finished.stderr);
        assert_eq!(finished.code, Some(0), "{text}\n{told}");
        assert!(!told.contains("warning: "), "{text}\n{told}");
    }
}

#[test]
fn every_rule_of_the_readme_works_beside_those_that_ship() {
    works(&shipped(), "the rules that ship");
    let mut rules = 0;
    for text in blocks("toml") {
        let Some(path) = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("# rules/"))
        else {
            continue;
        };
        rules += 1;
        let mut setup = with_variables(shipped(), text).file(&format!("rules/{path}"), text);
        if text.contains("[fetch.") {
            let hosts = "[upstream.own]\nurl = \"http://127.0.0.1:9/v1\"\n[fetch]\nhosts = [\"crm.example.com\"]\n";
            setup = setup.file("aside.toml", hosts);
        }
        if let Some(name) = path.strip_prefix("tests/") {
            let recording = blocks("json")
                .into_iter()
                .find(|json| json.contains("\"messages\": [{ \"role\": \"user\""));
            let recording = recording.expect("it is shown");
            setup = setup.file(
                &format!("rules/tests/{}", name.replace("toml", "json")),
                recording,
            );
        }
        works(&setup, text);
    }
    assert!(rules >= 3, "{rules}");
}

#[test]
fn every_config_of_the_readme_and_the_example_is_good() {
    let is_config = |text: &&str| !text.starts_with("# rules/") && !text.contains("[[test]]");
    let example = include_str!("../../aside.example.toml");
    let mut configs = 0;
    for text in blocks("toml")
        .into_iter()
        .filter(is_config)
        .chain([example])
    {
        configs += 1;
        let mut setup = with_variables(Setup::with_config(text), text);
        // Folders of rules that it names are there, with nothing to say against.
        let named = text.lines().filter(|line| line.starts_with("rules = "));
        for folder in named.flat_map(|line| line.split('"').skip(1).step_by(2)) {
            setup = setup.file(&format!("{folder}/.keep"), "");
        }
        works(&setup, text);
    }
    assert!(configs >= 4, "{configs}");
}

#[test]
fn the_readmes_table_has_every_kind_with_its_fields() {
    let table = README.split("\n## The kinds\n").nth(1).expect("a chapter");
    let rows = table.lines().skip_while(|line| !line.starts_with("|---"));
    let rows = rows.skip(1).take_while(|line| line.starts_with('|'));
    let rows: Vec<&str> = rows.collect();
    let shown: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.split('`').nth(1))
        .collect();
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(shown, kinds, "the rows are the list, in its order");
    let schema = Setup::default().run(&["schema", "rule"], "").stdout;
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    for (row, kind) in rows.iter().zip(kinds) {
        let fields = &schema["properties"]["then"]["properties"][kind]["properties"];
        for field in fields.as_object().expect("fields").keys() {
            assert!(row.contains(&format!("`{field}`")), "`{field}` of `{kind}`");
        }
    }
}
