//! What is a function of its input names no I/O, no clock and no runtime.

use super::{Source, names, sources};

/// What is a function of its input: folders, and files with what is below them.
const PURE: &[&str] = &[
    "chat",
    "stream",
    "lang",
    "detect",
    "rule",
    "fetch/section",
    "fetch/defined",
    "fetch/needed",
    "ruleset",
    "upstream/shape",
];

/// What pure modules never name.
const IMPURE: &[&str] = &[
    "actix",
    "tokio",
    "reqwest",
    "hyper",
    "Instant",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "metrics::",
    "metrics_exporter_prometheus",
    "ToSocketAddrs",
    "std::env",
    "std::thread",
    "std::process",
    "async fn",
    ".await",
];

#[test]
fn pure_modules_do_no_io_and_know_no_clock() {
    let mut wrong = Vec::new();
    let sources = sources();
    let is_within = |path: &str, pure: &str| {
        let rest = path
            .strip_prefix("src/")
            .and_then(|path| path.strip_prefix(pure));
        rest.is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
    };
    for pure in PURE {
        let mut paths = sources.iter().map(|source| &source.path);
        assert!(paths.any(|path| is_within(path, pure)), "{pure} is there");
    }
    let is_pure = |source: &&Source| PURE.iter().any(|pure| is_within(&source.path, pure));
    for source in sources.iter().filter(is_pure) {
        for name in IMPURE {
            for (at, line) in source.code.lines().enumerate() {
                if names(line, name) {
                    wrong.push(format!(
                        "{} (line of code {}): `{name}`: {}",
                        source.path,
                        at + 1,
                        line.trim()
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "pure modules that are not:\n{}",
        wrong.join("\n")
    );
}
