//! No folder has a circle inside: its children, each with all that is below it, import each other
//! in one direction.
//!
//! A folder's own file (`mod.rs`, or `x.rs` beside `x/`) and its children are no circle. What a
//! file re-exports counts for where it comes from.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, sources};

/// A module: what its `use` lines bring in, by the name that it has there, and every path in it.
#[derive(Default)]
struct Module {
    brings: BTreeMap<String, Vec<String>>,
    paths: Vec<Vec<String>>,
}

type Modules = BTreeMap<Vec<String>, Module>;

fn parts(path: &str) -> Vec<String> {
    path.split("::")
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `server/turn/mod.rs` is `server::turn`.
fn place_of(source: &Source) -> Vec<String> {
    let path = source.path.trim_start_matches("src/");
    let mut place: Vec<String> = path
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    if place.last().is_some_and(|last| last == "mod") {
        place.pop();
    }
    place
}

fn read(code: &str) -> Module {
    let mut module = Module::default();
    let mut rest = String::new();
    let mut lines = code.lines().peekable();
    let mut is_test = false;
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        let is_use = |before: &str| before.is_empty() || before.starts_with("pub");
        let Some((_, begun)) = trimmed
            .split_once("use ")
            .filter(|(before, _)| is_use(before))
        else {
            is_test = trimmed == "#[cfg(test)]";
            rest.push_str(line);
            rest.push('\n');
            continue;
        };
        let mut statement = begun.to_owned();
        while !statement.contains(';') {
            match lines.next() {
                Some(line) => {
                    statement.push(' ');
                    statement.push_str(line.trim());
                }
                None => break,
            }
        }
        if !std::mem::take(&mut is_test) {
            bring(&mut module, statement.trim_end_matches(';'));
        }
    }
    module.paths.extend(inline_paths(&rest));
    module
}

/// Notes what one `use` brings in.
fn bring(module: &mut Module, statement: &str) {
    // `as` would end a path; what is renamed keeps both names.
    let statement = statement.replace(" as ", "=");
    for path in expand(&statement) {
        let (path, name) = match path.split_once('=') {
            Some((path, name)) => (parts(path), name.to_owned()),
            None => {
                let mut path = parts(&path);
                if path.last().is_some_and(|last| last == "self") {
                    path.pop();
                }
                let name = path.last().cloned().unwrap_or_default();
                (path, name)
            }
        };
        module.paths.push(path.clone());
        module.brings.insert(name, path);
    }
}

/// The paths of a `use`, its groups written out.
fn expand(statement: &str) -> Vec<String> {
    let Some((before, group)) = statement.split_once('{') else {
        return vec![statement.trim().to_owned()];
    };
    let mut paths = Vec::new();
    let (mut depth, mut start) = (0, 0);
    let group = group.trim_end();
    let group = group.strip_suffix('}').unwrap_or(group);
    for (at, letter) in group.char_indices().chain([(group.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let item = group[start..at].trim();
                start = (at + 1).min(group.len());
                if !item.is_empty() {
                    let inner = expand(item);
                    paths.extend(inner.iter().map(|path| format!("{}{path}", before.trim())));
                }
            }
            _ => {}
        }
    }
    paths
}

/// Every path with `::` in code that is no `use`.
fn inline_paths(code: &str) -> Vec<Vec<String>> {
    let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    code.split(|letter| !is_path(letter))
        .filter(|word| word.contains("::") && !word.starts_with(':'))
        .map(parts)
        .collect()
}

/// The module that a path, written in `place`, leads to.
fn resolve(
    modules: &Modules,
    place: &[String],
    path: &[String],
    depth: usize,
) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    let mut at = place.to_vec();
    let absolute: Vec<String> = match first.as_str() {
        "crate" => rest.to_vec(),
        "self" => [at.as_slice(), rest].concat(),
        "super" => {
            let climbs = path.iter().take_while(|part| *part == "super").count();
            at.truncate(at.len().saturating_sub(climbs));
            [at.as_slice(), &path[climbs..]].concat()
        }
        _ => {
            at.push(first.clone());
            if modules.contains_key(&at) {
                [at.as_slice(), rest].concat()
            } else {
                let brought = modules.get(place)?.brings.get(first)?;
                if depth == 0 || brought.first() == Some(first) {
                    return None;
                }
                return resolve(
                    modules,
                    place,
                    &[brought.as_slice(), rest].concat(),
                    depth - 1,
                );
            }
        }
    };
    let known = (1..=absolute.len())
        .rev()
        .find(|length| modules.contains_key(&absolute[..*length]))?;
    let (module, rest) = absolute.split_at(known);
    let from_elsewhere = rest
        .first()
        .and_then(|name| modules.get(module)?.brings.get(name))
        .filter(|_| depth > 0)
        .and_then(|brought| {
            let path = [brought.as_slice(), &rest[1..]].concat();
            resolve(modules, module, &path, depth - 1)
        });
    Some(from_elsewhere.unwrap_or_else(|| module.to_vec()))
}

/// Which children of `folder` import which, with an example of each.
fn arrows(modules: &Modules, folder: &[String]) -> BTreeMap<String, BTreeMap<String, String>> {
    let child = |module: &[String]| {
        let is_below = module.len() > folder.len() && module.starts_with(folder);
        is_below.then(|| module[folder.len()].clone())
    };
    let mut arrows: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (place, module) in modules {
        let Some(from) = child(place) else { continue };
        for path in &module.paths {
            let Some(to) = resolve(modules, place, path, 6).and_then(|found| child(&found)) else {
                continue;
            };
            if to != from {
                let example = format!("{} names {}", place.join("::"), path.join("::"));
                arrows.entry(from.clone()).or_default().insert(to, example);
            }
        }
    }
    arrows
}

/// A way from a child back to itself.
fn circle(arrows: &BTreeMap<String, BTreeMap<String, String>>) -> Option<Vec<String>> {
    for start in arrows.keys() {
        let mut ways = vec![vec![start]];
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop() {
            let last = way[way.len() - 1];
            for (to, _) in arrows.get(last).into_iter().flatten() {
                if to == start {
                    let say = |pair: &[&String]| arrows[pair[0]][pair[1]].clone();
                    let closed = [way.as_slice(), &[start]].concat();
                    return Some(closed.windows(2).map(say).collect());
                }
                if seen.insert(to) {
                    ways.push([way.as_slice(), &[to]].concat());
                }
            }
        }
    }
    None
}

fn modules() -> Modules {
    let modules: Modules = sources()
        .iter()
        .filter(|source| !matches!(source.path.as_str(), "src/lib.rs" | "src/main.rs"))
        .filter(|source| !source.path.ends_with("/testing.rs"))
        .map(|source| (place_of(source), read(&source.code)))
        .collect();
    modules
}

#[test]
fn no_folder_has_a_circle_inside() {
    let modules = modules();
    let mut folders: BTreeSet<Vec<String>> = BTreeSet::from([Vec::new()]);
    for place in modules.keys() {
        folders.extend((1..place.len()).map(|length| place[..length].to_vec()));
    }
    let mut wrong = Vec::new();
    for folder in folders {
        let name = folder.join("::");
        if let Some(way) = circle(&arrows(&modules, &folder)) {
            wrong.push(format!("`{name}` goes round:\n  {}", way.join("\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_circle_is_found_through_what_is_re_exported() {
    let code = [
        ("a", "mod b;\nmod c;\npub use c::{Thing as Other, More};"),
        ("a::b", "use super::Other;\nfn f() { Other::new(); }"),
        ("a::c", "pub(super) fn g() { super::b::f(); }"),
        ("a::d", "use crate::a::{self, b::{f, More}};"),
    ];
    let modules: Modules = code
        .iter()
        .map(|(place, code)| (parts(place), read(code)))
        .collect();
    let found = circle(&arrows(&modules, &parts("a"))).expect("b and c are a circle");
    assert_eq!(found, ["a::b names Other::new", "a::c names super::b::f"]);
    let without: Modules = modules
        .into_iter()
        .filter(|(place, _)| place.last().is_some_and(|last| last != "b"))
        .collect();
    assert_eq!(circle(&arrows(&without, &parts("a"))), None);
}
