//! `aside new`: what it writes works, alone and beside the rules that ship, for every kind.

use std::fs;
use std::path::Path;

use aside::rule::KINDS;
use tempfile::TempDir;

use crate::aside::{Finished, Setup};

fn run(arguments: &[&str], folder: &Path) -> Finished {
    let folder = folder.to_str().expect("UTF-8");
    let arguments: Vec<&str> = arguments
        .iter()
        .map(|argument| if *argument == "DIR" { folder } else { argument })
        .collect();
    Setup::default().run(&arguments, "")
}

/// A copy of the rules that ship.
fn shipped() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for entry in fs::read_dir(rules).expect("they are there") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name");
        if path.is_dir() {
            continue;
        }
        fs::copy(&path, folder.path().join(name)).expect("it is copied");
    }
    folder
}

fn works(folder: &Path, kind: &str) {
    let checked = run(&["check", "DIR"], folder);
    assert_eq!(checked.code, Some(0), "{kind}: {}", checked.stderr);
    assert_eq!(checked.stderr, "", "{kind}: no warnings");
    let tested = run(&["test", "DIR"], folder);
    assert_eq!(tested.code, Some(0), "{kind}: {}", tested.stdout);
    assert!(!tested.stdout.starts_with("0 passed"), "{kind}");
}

#[test]
fn a_new_rule_of_every_kind_works_alone_and_beside_others() {
    for kind in KINDS {
        let empty = tempfile::tempdir().expect("a folder");
        let new = run(
            &["new", kind.name, "my-rule", "--rules", "DIR"],
            empty.path(),
        );
        assert_eq!(new.code, Some(0), "{}: {}", kind.name, new.stderr);
        assert!(
            empty.path().join("10-my-rule.toml").exists(),
            "{}",
            new.stdout
        );
        works(empty.path(), kind.name);

        let shipped = shipped();
        // Its name is a label that another rule has, too.
        for (name, file) in [
            ("my-rule", "40-my-rule.toml"),
            ("card", "50-card.toml"),
            ("a-2", "60-a-2.toml"),
        ] {
            let new = run(&["new", kind.name, name, "--rules", "DIR"], shipped.path());
            assert_eq!(new.code, Some(0), "{}: {}", kind.name, new.stderr);
            assert!(new.stdout.contains(file), "{}", new.stdout);
        }
        works(shipped.path(), kind.name);
    }
}

#[test]
fn a_new_rule_never_overwrites_and_is_made_where_the_rules_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = folder.path().join("deep/rules");
    let new = |kind: &str, name: &str| run(&["new", kind, name, "--rules", "DIR"], &rules);
    assert_eq!(new("rewrite", "style").code, Some(0));
    let path = rules.join("10-style.toml");
    fs::write(&path, "about = \"mine\"\n[then.inject]\ntext = \"a\"\n").expect("it is written");
    let again = new("rewrite", "style");
    assert_eq!(again.code, Some(1));
    assert!(
        again.stderr.contains("there is a rule `10-style` already"),
        "{}",
        again.stderr
    );
    assert!(
        fs::read_to_string(&path)
            .expect("it is there")
            .contains("mine")
    );
    assert_eq!(fs::read_dir(&rules).expect("the folder").count(), 1);
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let kinds = format!("the kinds are {}", kinds.join(", "));
    for (kind, name, told) in [
        ("rewite", "a", "did you mean `rewrite`?"),
        ("quodlibet", "a", &*kinds),
        ("rewrite", "../a", "can't be the name of a rule"),
        ("rewrite", "A", "can't be the name of a rule"),
    ] {
        let refused = new(kind, name);
        assert_eq!(refused.code, Some(1), "{kind} {name}");
        assert!(refused.stderr.contains(told), "{}", refused.stderr);
    }
    let here = Setup::default().run(&["new", "inject", "day"], "");
    assert_eq!(
        here.stdout,
        "wrote rules/10-day.toml\nnext: make it say what you need, then run `aside check` and `aside test`\n"
    );
    assert_eq!(Setup::default().run(&["new", "inject"], "").code, Some(2));
}
