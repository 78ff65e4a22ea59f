//! Files in a folder of rules that nobody reads, though somebody may think so.

use std::path::{Path, PathBuf};

use super::is_hidden;
use crate::files::{Problem, Source};

/// The deepest folder that is looked at.
const DEEPEST: usize = 8;
/// The most that is told of one folder of rules.
const MOST: usize = 50;
/// What lies beside rules in good faith.
const HARMLESS: &[&str] = &[
    "readme",
    "license",
    "changelog",
    "makefile",
    "justfile",
    "dockerfile",
];

/// A warning for each file that is no rule, no test and named by no rule. `sources`: the rules;
/// `others`: folders whose rules are read as well, and may lie within this one.
pub fn stray_files(folder: &Path, sources: &[Source], others: &[&Path]) -> Vec<Problem> {
    let mut named: Vec<PathBuf> = Vec::new();
    let others = others.iter().filter(|other| **other != folder);
    named.extend(others.filter_map(|other| other.canonicalize().ok()));
    for source in sources {
        let beside = Path::new(&source.name).parent().unwrap_or(folder);
        let files = source.beside.iter();
        named.extend(files.filter_map(|file| beside.join(&file.name).canonicalize().ok()));
    }
    let mut warnings = Vec::new();
    look(FolderKind::Rules, folder, 0, &named, &mut warnings);
    let tests = folder.join("tests");
    if tests.is_dir() {
        look(FolderKind::Tests, &tests, 0, &named, &mut warnings);
    }
    warnings
}

/// What a folder holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FolderKind {
    Rules,
    Tests,
}

fn look(
    of: FolderKind,
    folder: &Path,
    depth: usize,
    named: &[PathBuf],
    warnings: &mut Vec<Problem>,
) {
    let Ok(listing) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = listing
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    let is_tests = of == FolderKind::Tests;
    for path in paths.into_iter().filter(|path| !is_hidden(path)) {
        if warnings.len() == MOST {
            return;
        }
        if path.is_dir() {
            let is_own =
                !is_tests && depth == 0 && path.file_name().is_some_and(|name| name == "tests");
            let is_read = path.canonicalize().is_ok_and(|path| named.contains(&path));
            if depth < DEEPEST && !is_own && !is_read {
                look(of, &path, depth + 1, named, warnings);
            }
            continue;
        }
        let is_toml = path.extension().is_some_and(|ending| ending == "toml");
        let is_read = is_toml && depth == 0;
        let is_named = path.canonicalize().is_ok_and(|path| named.contains(&path));
        if is_read || is_named || is_harmless(&path) || (is_tests && !is_toml) {
            continue;
        }
        let (message, help) = match (is_toml, is_tests) {
            (true, true) => (
                "these tests are not run: they lie in a folder within `tests`",
                "move the file up into `tests`",
            ),
            (true, false) => (
                "this is no rule: it lies in a folder within that of the rules",
                "move the file up; the order of the rules is that of their file names",
            ),
            (false, _) if is_nearly_toml(&path) => (
                "this is no rule: only files that end in `.toml` are",
                "rename it, or move it elsewhere if it is switched off: `enabled = false` does that too",
            ),
            (false, _) => (
                "nothing reads this file: no rule names it",
                "name it in a rule, as in `text_file = \"prompt.md\"`, or move it elsewhere",
            ),
        };
        let problem = Problem::of_file(path.display().to_string(), message).with_help(help);
        warnings.push(problem.as_warning());
    }
}

fn is_harmless(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    name.ends_with(".schema.json") || HARMLESS.contains(&stem)
}

/// Whether it looks like a rule: `a.TOML`, `a.tml`, `a.toml.bak`, `a.yaml`, `a`.
fn is_nearly_toml(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let is_other = [
        "tml", "tom", "yaml", "yml", "json", "ini", "conf", "cfg", "",
    ]
    .contains(&&*ending);
    name.contains(".toml") || is_other
}
