//! Names that tests give and at which no rule looks.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;

use super::Ruleset;
use super::case::Case;
use super::looked::Looked;
use crate::files::problem::nearest;
use crate::files::{Problem, Source};
use crate::lang::facts::{FETCH, Facts, ROOTS};

/// A name of fewer letters is near to many others.
const SHORTEST: usize = 4;

/// What the tests of a file give under names at which none of the rules looks.
pub fn misspelt_in(source: &Source, cases: &[Case], ruleset: &Ruleset) -> Vec<Problem> {
    let looked = Looked::of_all(ruleset);
    let cases = cases.iter();
    cases
        .flat_map(|case| misspelt(case, &looked, source))
        .collect()
}

/// Names under which no rule looks, as far as that is a mistake: members of what has a fixed set,
/// fetches that there are none of, and what is nearly the name that a rule looks for in vain.
pub(super) fn misspelt(case: &Case, looked: &Looked, source: &Source) -> Vec<Problem> {
    let mut problems = Vec::new();
    let given: BTreeSet<&str> = case.places.iter().map(|(path, _)| &**path).collect();
    let fixed = Facts::default();
    for (path, place) in &case.places {
        let Some((parent, name)) = path.trim_start_matches("given.").rsplit_once('.') else {
            continue;
        };
        let members = ["context", "turn", "request"].contains(&parent);
        let members = fixed.root(parent).filter(|_| members);
        let mut told = |message: String, near: Option<&str>, else_help: String| {
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => else_help,
            };
            problems.push(at(source, place, message).with_help(help));
        };
        if let Some(members) = members.and_then(Value::as_object) {
            if !members.contains_key(name) {
                let names = members.keys().map(String::as_str);
                let known: Vec<String> = names.clone().map(|name| format!("`{name}`")).collect();
                let message = format!("there is no `{parent}.{name}`");
                let help = format!("`{parent}` has {}", known.join(", "));
                let near = nearest(name, names).map(|near| format!("{parent}.{near}"));
                told(message, near.as_deref(), help);
            }
        } else if parent == FETCH {
            if !looked.fetches.contains(name) {
                let near = nearest(name, looked.fetches.iter().map(String::as_str));
                let near = near.map(|near| format!("fetch.{near}"));
                let message = format!("no rule has or speaks of `[fetch.{name}]`");
                let help = "drop it, or add the fetch to a rule".to_owned();
                told(message, near.as_deref(), help);
            }
        } else if let Some(meant) = meant(parent, name, &given, looked) {
            let message = format!("no rule looks at `{parent}.{name}`");
            told(message, Some(&format!("{parent}.{meant}")), String::new());
        }
    }
    problems
}

/// The name that a rule looks for below `parent`, that is not given, and to which `name` is near.
fn meant<'l>(
    parent: &str,
    name: &str,
    given: &BTreeSet<&str>,
    looked: &'l Looked,
) -> Option<&'l str> {
    let parents: Vec<&str> = parent.split('.').collect();
    let below = looked.paths.iter().filter_map(|path| {
        let is_below = path.len() > parents.len() && path.iter().zip(&parents).all(|(a, b)| a == b);
        is_below.then(|| path[parents.len()].as_str())
    });
    let below: BTreeSet<&str> = below.collect();
    if below.contains(name) || !ROOTS.contains(&parents[0]) {
        return None;
    }
    // `line1` and `line2` are two things, not one misspelt.
    let bare = |name: &str| {
        name.to_lowercase()
            .replace(|c: char| c.is_ascii_digit(), "")
    };
    let is_near = |wanted: &&str| {
        let letters = wanted.chars().count();
        let differs_by_number = *wanted != name && bare(wanted) == bare(name);
        letters >= SHORTEST
            && (!differs_by_number || wanted.eq_ignore_ascii_case(name))
            && !given.contains(&*format!("given.{parent}.{wanted}"))
            && strsim::osa_distance(&wanted.to_lowercase(), &name.to_lowercase()) <= 1 + letters / 8
    };
    below.into_iter().find(is_near)
}

fn at(source: &Source, place: &Range<usize>, message: String) -> Problem {
    source.error(place.clone(), message)
}
