//! The house rules that a compiler does not know: who imports whom, who does I/O, who prints.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

mod circles;
mod kinds;
mod names;
mod pure;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The longest file, in lines, tests included.
const LONGEST: usize = 400;

/// Whom each module may import. `cli` may import everything.
const IMPORTS: &[(&str, &[&str])] = &[
    ("files", &[]),
    ("net", &[]),
    ("stream", &["files"]),
    ("lang", &["files"]),
    ("chat", &["stream", "lang"]),
    ("detect", &["stream", "lang"]),
    ("names", &["detect"]),
    ("rule", &["chat", "stream", "lang", "detect", "files"]),
    ("fetch", &["chat", "lang", "files", "net"]),
    (
        "ruleset",
        &[
            "chat",
            "stream",
            "lang",
            "detect",
            "files",
            "rule",
            "fetch::section",
            "fetch::defined",
            "fetch::needed",
        ],
    ),
    ("context", &["chat", "lang", "files", "net"]),
    (
        "record",
        &[
            "chat", "detect", "files", "lang", "rule", "ruleset", "stream",
        ],
    ),
    (
        "inspect",
        &["chat", "detect", "lang", "rule", "ruleset", "record"],
    ),
    ("trace", &["net", "record", "ruleset"]),
    ("upstream", &["chat", "net"]),
    ("telemetry", &["files"]),
    (
        "config",
        &[
            "files",
            "net",
            "upstream::profiles",
            "chat::call_from",
            "chat::fields",
            "chat::request",
            "upstream::fields",
            "upstream::form",
            "upstream::shape",
            "upstream::Hedge",
            "upstream::KeyPlace",
        ],
    ),
    ("server", BELOW_SERVER),
    ("demo", BELOW_SERVER),
];

/// What the server is made of, and what starts one.
const BELOW_SERVER: &[&str] = &[
    "files",
    "net",
    "stream",
    "lang",
    "chat",
    "detect",
    "rule",
    "fetch",
    "ruleset",
    "context",
    "record",
    "inspect",
    "trace",
    "upstream",
    "telemetry",
    "config",
    "names",
    "server",
];

/// What only `cli` calls.
const PRINTS: &[&str] = &[
    "println!",
    "print!",
    "eprintln!",
    "eprint!",
    "dbg!",
    "io::stdout",
    "io::stderr",
];

/// A source file without its tests and comments.
struct Source {
    path: String,
    module: String,
    code: String,
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    let path = path.strip_prefix(ROOT).expect("it is within the package");
    path.to_string_lossy().into_owned()
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    for file in files("src", ".rs") {
        let path = relative(&file);
        if path.ends_with("/tests.rs") || path.contains("/tests/") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a file");
        let module = path["src/".len()..].split('/').next().unwrap_or_default();
        sources.push(Source {
            module: module.trim_end_matches(".rs").to_owned(),
            code: code_of(&text),
            path,
        });
    }
    assert!(sources.len() > 20, "the sources are found");
    sources
}

/// Without `#[cfg(test)] mod tests`, which stands last, and without lines that are comments.
fn code_of(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..end]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Every path after `crate::`, groups in braces written out.
fn imports(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let rest = &code[at + found.len()..];
        paths.extend(written_out("", rest));
    }
    paths
}

fn written_out(prefix: &str, rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else {
        let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
        let end = rest.find(|letter| !is_path(letter)).unwrap_or(rest.len());
        let path = format!("{prefix}{}", &rest[..end]);
        return match rest[end..].starts_with('{') {
            true => written_out(&path, &rest[end..]),
            false => vec![path],
        };
    };
    let mut paths = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                let item = group[start..at].trim();
                if !item.is_empty() {
                    paths.extend(written_out(prefix, item));
                }
                start = at + 1;
                if letter == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    paths
}

#[test]
fn groups_of_imports_are_written_out() {
    let code = "use crate::{chat::{Role, json::*}, text};\nlet x = crate::rule::Turn::new();";
    assert_eq!(
        imports(code),
        ["chat::Role", "chat::json::", "text", "rule::Turn::new"]
    );
}

#[test]
fn modules_import_only_those_below_them() {
    let allowed: BTreeMap<_, _> = IMPORTS.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        if matches!(source.module.as_str(), "cli" | "lib" | "main") {
            continue;
        }
        let Some(allowed) = allowed.get(source.module.as_str()) else {
            wrong.push(format!(
                "{}: nobody said whom `{}` may import",
                source.path, source.module
            ));
            continue;
        };
        for path in imports(&source.code) {
            let module = path.split("::").next().unwrap_or_default();
            let is_good = module == source.module
                || allowed.iter().any(|name| {
                    *name == module || path == *name || path.starts_with(&format!("{name}::"))
                });
            if !is_good {
                wrong.push(format!("{}: `crate::{path}`", source.path));
            }
        }
        // From the root of a module `super` is the crate, and hides whom it imports.
        let depth =
            source.path.matches('/').count() - usize::from(source.path.ends_with("/mod.rs"));
        let climb = "super::".repeat(depth);
        if source.code.contains(&climb) {
            wrong.push(format!("{}: `{climb}` leaves the module", source.path));
        }
    }
    assert!(
        wrong.is_empty(),
        "imports against the layers:\n{}",
        wrong.join("\n")
    );
}

/// Whether a line has the name, not as the end of a longer one.
fn names(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

#[test]
fn only_cli_prints() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.module != "cli") {
        // The log has a writer.
        let is_log = source.module == "telemetry";
        for name in PRINTS.iter().filter(|name| !is_log || name.ends_with('!')) {
            if source.code.lines().any(|line| names(line, name)) {
                wrong.push(format!("{}: `{name}`", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let mut long = Vec::new();
    for file in files("src", ".rs").into_iter().chain(files("tests", ".rs")) {
        let lines = fs::read_to_string(&file).expect("a file").lines().count();
        if lines > LONGEST {
            long.push(format!("{}: {lines} lines", relative(&file)));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in files("src", ".rs").into_iter().chain(files("tests", ".rs")) {
        let path = relative(&file);
        let text = fs::read_to_string(&file).expect("a file");
        let is_test = path.ends_with("/tests.rs");
        assert!(
            text.starts_with("//! ") || is_test,
            "{path} has no module comment"
        );
    }
}

#[test]
fn no_module_is_named_after_nothing() {
    for file in files("src", ".rs") {
        let path = relative(&file);
        for name in [
            "utils", "util", "helpers", "common", "types", "manager", "misc",
        ] {
            assert!(!path.split(['/', '.']).any(|part| part == name), "{path}");
        }
    }
}

#[test]
fn every_path_in_the_architecture_exists() {
    let text = fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md"))
        .expect("ARCHITECTURE.md is there");
    let lines = text.lines().count();
    assert!(lines <= 120, "ARCHITECTURE.md has {lines} lines");
    let sources = files("src", ".rs");
    // A name alone means a file in whatever folder the sentence speaks of.
    let exists = |path: &str| {
        Path::new(ROOT).join(path).exists()
            || Path::new(ROOT).join("src").join(path).exists()
            || sources.iter().any(|source| source.ends_with(path))
    };
    let mut paths = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|path| is_path(path));
    let missing: Vec<_> = paths.clone().filter(|path| !exists(path)).collect();
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md names what is not there: {missing:?}"
    );
    assert!(paths.nth(5).is_some(), "ARCHITECTURE.md names the places");
}

/// A folder or file of this package, by its looks; `NAME` stands for any, and `aside.toml` is the
/// user's.
fn is_path(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-".contains(letter);
    let is_known = [".rs", ".md", ".toml", ".yml", ".svg"]
        .iter()
        .any(|end| text.ends_with(end));
    text.chars().all(plain)
        && (is_known || text.contains('/'))
        && !text.starts_with('/')
        && !text.contains("NAME")
        && text != "aside.toml"
        && !text.contains("/v1")
        && !text.contains("chat/completions")
}
