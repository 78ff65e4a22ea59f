//! Names and sizes: a type's name says what it is without its folder, tests are where one looks for
//! them, and files and functions stay readable.

use std::collections::BTreeMap;
use std::fs;

use super::{code_of, files, relative, sources};

/// The median length of a file, in lines, tests included.
const MEDIAN: usize = 170;
/// The longest function, in lines.
const LONGEST_FUNCTION: usize = 60;
/// Functions that are longer still, each of one idea; none may be added, and none may grow beyond 90.
const STILL: &[&str] = &["src/server/turn/chat.rs: take_turn"];
/// The names that types may share.
const SHARED: &[&str] = &["Error"];

/// The name after `struct`, `enum` or `trait`, within functions too, or `type` where it is none that a
/// trait asks for.
fn type_named_in(line: &str) -> Option<&str> {
    let is_outermost = !line.starts_with(' ');
    let line = without_visibility(line.trim_start());
    let (word, rest) = line.split_once(' ')?;
    let is_type = ["struct", "enum", "trait"].contains(&word) || (word == "type" && is_outermost);
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|name| is_type && !name.is_empty())
}

/// A line without `pub` or `pub(…)` before it.
fn without_visibility(line: &str) -> &str {
    let Some(rest) = line.strip_prefix("pub") else {
        return line;
    };
    let rest = match rest.strip_prefix('(') {
        Some(inner) => inner.split_once(')').map_or("", |(_, rest)| rest),
        None => rest,
    };
    rest.trim_start()
}

#[test]
fn no_type_name_stands_for_two_things() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources() {
        for name in source.code.lines().filter_map(type_named_in) {
            if !SHARED.contains(&name) {
                let found = places.entry(name.to_owned()).or_default();
                found.push(source.path.clone());
            }
        }
    }
    places.retain(|_, places| places.len() > 1);
    assert!(places.is_empty(), "{places:#?}");
}

#[test]
fn tests_are_named_tests() {
    let mut wrong = Vec::new();
    for file in files("src", ".rs") {
        let path = relative(&file);
        let text = fs::read_to_string(&file).expect("a file");
        let mut lines = text.lines().map(str::trim);
        while lines.find(|line| *line == "#[cfg(test)]").is_some() {
            // Other attributes may stand between.
            let item = lines
                .find(|line| !line.starts_with("#["))
                .unwrap_or_default();
            let name = without_visibility(item).strip_prefix("mod ");
            let name = name.map(|rest| rest.trim_end_matches([';', '{', ' ']));
            if name.is_some_and(|name| !["tests", "testing", "fixtures"].contains(&name)) {
                wrong.push(format!("{path}: `{item}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short_in_the_median() {
    let lengths = files("src", ".rs").into_iter();
    let lengths = lengths.map(|file| fs::read_to_string(file).expect("a file").lines().count());
    let mut lengths: Vec<usize> = lengths.collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= MEDIAN, "the median file has {median} lines");
}

/// The functions of a file with the line in which each begins, and how many it has.
fn functions(code: &str) -> Vec<(usize, usize, String)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let mut words = without_visibility(trimmed).split(' ');
        let first = words.find(|word| !["async", "const"].contains(word));
        let is_function = first == Some("fn");
        if !is_function || line.ends_with(';') || line.ends_with('}') {
            continue;
        }
        let end = format!("{}}}", &line[..line.len() - trimmed.len()]);
        let length = lines[at..].iter().position(|line| *line == end);
        if let Some(length) = length {
            found.push((at + 1, length + 1, trimmed.to_owned()));
        }
    }
    found
}

#[test]
fn functions_are_short() {
    let mut long = Vec::new();
    for file in files("src", ".rs") {
        let path = relative(&file);
        let is_test =
            path.ends_with("tests.rs") || path.contains("/tests/") || path.ends_with("testing.rs");
        let text = fs::read_to_string(&file).expect("a file");
        let code = code_of(&text);
        let found = functions(&code).into_iter().filter(|(_, length, head)| {
            let name = head.split("fn ").nth(1).unwrap_or_default();
            let name = name.split(['(', '<']).next().unwrap_or_default();
            let is_known = STILL.contains(&&*format!("{path}: {name}")) && *length <= 90;
            *length > LONGEST_FUNCTION && !is_test && !is_known
        });
        long.extend(found.map(|(_, length, name)| format!("{path}: {length} lines: {name}")));
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn what_is_counted_is_found() {
    let code = "pub(in crate::a) struct One<T> {\n}\n    enum Two {\ntype Three = u8;\n    type Item = u8;\npub trait Four: Five {\nlet x = 1;\nfn f() {\n    g();\n}\n    pub(super) async fn h(\n        a: u8,\n    ) -> u8 {\n        a\n    }\n";
    let names: Vec<_> = code.lines().filter_map(type_named_in).collect();
    assert_eq!(names, ["One", "Two", "Three", "Four"]);
    let lengths: Vec<_> = functions(code)
        .into_iter()
        .map(|(at, length, _)| (at, length))
        .collect();
    assert_eq!(lengths, [(8, 3), (11, 5)]);
}
