//! The ids in test names, against the page that explains them: docs/test-ids.md.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The id that a test's name begins with, as the page writes it.
fn id_of(name: &str) -> Option<String> {
    let (id, _) = name.split_once('_')?;
    let is_id = id.len() == 3
        && id.starts_with(|letter: char| letter.is_ascii_lowercase())
        && id[1..].bytes().all(|digit| digit.is_ascii_digit());
    is_id.then(|| id.to_uppercase())
}

fn collect(folder: &Path, ids: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, ids);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a file");
            let names = text.lines().filter_map(|line| {
                let line = line.trim_start();
                line.strip_prefix("async fn ")
                    .or_else(|| line.strip_prefix("fn "))
            });
            ids.extend(names.filter_map(id_of));
        }
    }
}

#[test]
fn every_id_in_a_test_name_is_explained_and_every_explained_one_is_used() {
    let mut used = BTreeSet::new();
    for folder in ["src", "tests"] {
        collect(&Path::new(ROOT).join(folder), &mut used);
    }
    assert!(used.len() > 50, "{} ids", used.len());
    let page = fs::read_to_string(Path::new(ROOT).join("docs/test-ids.md")).expect("the page");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = rows.filter_map(|row| row.split_once(" | "));
    let mut explained = BTreeSet::new();
    for (id, promise) in cells.filter(|cell| cell.0 != "id") {
        assert!(promise.len() > 30, "{id} is not explained");
        assert!(explained.insert(id.to_owned()), "{id} stands twice");
    }
    let missing: Vec<_> = used.difference(&explained).collect();
    assert!(missing.is_empty(), "docs/test-ids.md lacks {missing:?}");
    let unused: Vec<_> = explained.difference(&used).collect();
    assert!(unused.is_empty(), "no test bears {unused:?}");
}

#[test]
fn an_id_is_a_letter_and_two_digits() {
    assert_eq!(id_of("r05_a_name()").as_deref(), Some("R05"));
    for name in ["r5_a", "round_a", "r055_a", "r05", "é05_a"] {
        assert_eq!(id_of(name), None, "{name}");
    }
}
