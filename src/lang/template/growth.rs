//! Whether values that a template makes may grow without end.
//!
//! The engine counts its steps and the text that it makes, but not how large a list is that holds
//! another twice, nor how deep; printing, comparing and adding such lists takes no steps, and a
//! text that is being rendered can't be interrupted. So each name that a template sets has a
//! weight, which is at most that of what it is made of, and a loop may not feed one to itself.
//! Numbers and texts weigh nothing: the engine counts those.

use std::collections::{BTreeMap, BTreeSet};

use super::TemplateError;
use super::depth::{statement, tags};
use super::names::TemplateNames;
use super::tags::{TagKind, TagToken};

/// The most that a name may weigh: so many times it may hold a value of the call.
const HEAVIEST: u64 = 4096;
/// What repeating a list makes of its weight.
const REPEATED: u64 = 1000;

/// Filters that make a number or a text of anything.
const TO_PLAIN: &[&str] = &[
    "abs",
    "bool",
    "capitalize",
    "count",
    "date",
    "escape",
    "float",
    "format",
    "indent",
    "int",
    "join",
    "length",
    "lower",
    "replace",
    "round",
    "spoken",
    "string",
    "title",
    "tojson",
    "trim",
    "truncate",
    "upper",
    "urlencode",
];

/// One thing that a template sets.
struct Assignment<'t, 's> {
    /// The name, or the root of a path such as `ns.total`.
    name: &'s str,
    /// The name, or the last key of the path.
    key: &'s str,
    to: AssignmentTarget,
    value: &'t [TagToken<'s>],
}

/// Where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AssignmentTarget {
    /// To a name, which a loop forgets.
    Name,
    /// Below a name, where it stays.
    Below {
        /// Whether it is done again and again.
        is_repeated: bool,
    },
    /// To a loop that calls itself.
    Call,
}

/// Refuses a template in which a value may grow without end.
pub(super) fn check(names: &TemplateNames<'_>) -> Result<(), TemplateError> {
    let tags: Vec<&[TagToken<'_>]> = tags(names.tokens()).collect();
    let sets = sets(&tags);
    let plain = plain(&sets);
    let mut weights: BTreeMap<&str, u64> = BTreeMap::new();
    for set in &sets {
        let used = used(set.value, &weights, &plain);
        let Some(first) = used.first().map(|at| &set.value[*at]) else {
            if !plain.contains(set.name) {
                weights.entry(set.name).or_insert(1);
            }
            continue;
        };
        let has = |text: &str| set.value.iter().any(|token| token.text == text);
        let is_itself = |at: usize| {
            let is_whole = set.value.get(at + 1).is_none_or(|next| next.text != ".");
            depends(set.value[at].text, set.name, &sets, &mut BTreeSet::new())
                && (is_whole || matches!(set.to, AssignmentTarget::Below { is_repeated: true }))
        };
        let grows = match set.to {
            AssignmentTarget::Name => false,
            AssignmentTarget::Below { .. } => {
                !plain.contains(set.key) && used.iter().any(|at| is_itself(*at))
            }
            AssignmentTarget::Call => {
                let gathers = ["[", "{", "+", "chain", "zip"].into_iter().any(has);
                has("*") || (used.len() > 1 && gathers)
            }
        };
        let mut weight = used.iter().fold(1_u64, |sum, at| {
            sum.saturating_add(weights[set.value[*at].text])
        });
        if has("*") {
            weight = weight.saturating_mul(REPEATED);
        }
        if grows || weight > HEAVIEST {
            let message = "a value may grow without end here: it is made of itself";
            let help = "begin a sum with a number and a text with `''`, and print lists instead of gathering them";
            return Err(names.error_at(first, message, help));
        }
        if set.to != AssignmentTarget::Call && !plain.contains(set.name) {
            let known = weights.entry(set.name).or_default();
            *known = weight.max(*known);
        }
    }
    Ok(())
}

/// Whether a name may hold what another does.
fn depends<'s>(
    name: &'s str,
    on: &str,
    sets: &[Assignment<'_, 's>],
    seen: &mut BTreeSet<&'s str>,
) -> bool {
    if name == on {
        return true;
    }
    if !seen.insert(name) {
        return false;
    }
    let own = sets
        .iter()
        .filter(|set| set.name == name && set.to != AssignmentTarget::Call);
    let words = own.flat_map(|set| set.value.iter().filter(|token| token.kind == TagKind::Word));
    let words: Vec<&'s str> = words.map(|token| token.text).collect();
    words.into_iter().any(|word| {
        let is_set = sets.iter().any(|set| set.name == word);
        is_set && depends(word, on, sets, seen)
    })
}

/// Where the names in a value are that weigh something.
fn used(
    value: &[TagToken<'_>],
    weights: &BTreeMap<&str, u64>,
    plain: &BTreeSet<&str>,
) -> Vec<usize> {
    let is_used = |at: usize| {
        let before = at.checked_sub(1).map(|before| value[before].text);
        let is_name = value[at].kind == TagKind::Word && !matches!(before, Some("." | "|"));
        is_name && weights.contains_key(value[at].text) && !is_plain_path(value, at, plain)
    };
    (0..value.len()).filter(|at| is_used(*at)).collect()
}

/// Whether a path such as `ns.total` ends at a name of numbers and texts.
fn is_plain_path(value: &[TagToken<'_>], at: usize, plain: &BTreeSet<&str>) -> bool {
    let dot = value.get(at + 1).is_some_and(|token| token.text == ".");
    match value.get(at + 2) {
        Some(key) if dot => plain.contains(key.text),
        _ => plain.contains(value[at].text),
    }
}

/// What a template sets, in order: by `set`, `with` and `for`, in namespaces, and for loops that call
/// themselves.
fn sets<'t, 's>(tags: &[&'t [TagToken<'s>]]) -> Vec<Assignment<'t, 's>> {
    let mut sets = Vec::new();
    let mut repeats = 0_usize;
    for tag in tags {
        match statement(tag).map(|(first, rest)| (first.text, rest)) {
            Some(("for", rest)) => {
                repeats += 1;
                sets.extend(loop_targets(rest));
            }
            Some(("endfor", _)) => repeats = repeats.saturating_sub(1),
            Some((first @ ("set" | "with"), rest)) => {
                for at in 1..rest.len() {
                    sets.extend(assigned_at(first, rest, at, repeats > 0));
                }
            }
            _ => {}
        }
        // What a loop that calls itself gets may come back to it.
        if tag
            .windows(2)
            .any(|pair| pair[0].text == "loop" && pair[1].text == "(")
        {
            sets.push(Assignment {
                name: CALLS,
                key: CALLS,
                to: AssignmentTarget::Call,
                value: arguments(tag),
            });
        }
    }
    sets
}

/// What a `for` sets, behind its first word.
fn loop_targets<'t, 's>(rest: &'t [TagToken<'s>]) -> Vec<Assignment<'t, 's>> {
    let Some(at) = rest.iter().position(|token| token.text == "in") else {
        return Vec::new();
    };
    let targets = rest[..at]
        .iter()
        .filter(|token| token.kind == TagKind::Word);
    let assignments = targets.map(|target| Assignment {
        name: target.text,
        key: target.text,
        to: AssignmentTarget::Name,
        value: &rest[at + 1..],
    });
    assignments.collect()
}

/// What the sign at `at` of a `set` or a `with` sets, if it is a `=` that sets anything.
fn assigned_at<'t, 's>(
    first: &str,
    rest: &'t [TagToken<'s>],
    at: usize,
    is_repeated: bool,
) -> Vec<Assignment<'t, 's>> {
    let is_set = rest[at].text == "="
        && rest[at].kind == TagKind::Sign
        && rest[at - 1].kind == TagKind::Word
        && rest.get(at + 1).is_none_or(|next| next.text != "=");
    if !is_set {
        return Vec::new();
    }
    // In `ns.total`, the root; an argument of `namespace(…)` is one below, too.
    let is_below = at > 1 && rest[at - 2].text == ".";
    let root = (0..at).rev().step_by(2).take_while(|from| {
        *from == at - 1 || rest.get(from + 1).is_some_and(|dot| dot.text == ".")
    });
    let root = root
        .last()
        .map_or(rest[at - 1].text, |from| rest[from].text);
    let is_argument = rest[..at].iter().any(|token| token.text == "namespace");
    let mut value = &rest[at + 1..];
    if first == "with" || is_argument {
        value = &value[..argument(value)];
    }
    let key = rest[at - 1].text;
    let to = match is_below {
        true => AssignmentTarget::Below { is_repeated },
        false => AssignmentTarget::Name,
    };
    let mut assigned = vec![Assignment {
        name: root,
        key,
        to,
        value,
    }];
    if is_below || is_argument {
        // For what is plain by its own name.
        assigned.push(Assignment {
            name: key,
            key,
            to: AssignmentTarget::Name,
            value,
        });
    }
    assigned
}

/// Stands for the items of a loop that calls itself.
const CALLS: &str = "(calls)";

/// The length of one argument.
fn argument(value: &[TagToken<'_>]) -> usize {
    let mut open = 0_usize;
    let ends = |token: &TagToken<'_>| {
        match token.text {
            "(" | "[" | "{" => open += 1,
            ")" | "]" | "}" if open == 0 => return true,
            ")" | "]" | "}" => open -= 1,
            "," if open == 0 && token.kind == TagKind::Sign => return true,
            _ => {}
        }
        false
    };
    value.iter().position(ends).unwrap_or(value.len())
}

/// What stands in the brackets of a tag's first call, and behind them.
fn arguments<'t, 's>(tag: &'t [TagToken<'s>]) -> &'t [TagToken<'s>] {
    let open = tag.iter().position(|token| token.text == "(");
    open.map_or(&[], |open| &tag[open + 1..])
}

/// The names that are numbers or texts, whatever they are set to.
fn plain<'s>(sets: &[Assignment<'_, 's>]) -> BTreeSet<&'s str> {
    let mut plain: BTreeSet<&str> = sets.iter().map(|set| set.name).collect();
    loop {
        let stays = |name: &&str| {
            let mut own = sets.iter().filter(|set| {
                set.name == *name && !matches!(set.to, AssignmentTarget::Below { .. })
            });
            own.all(|set| is_plain(set.value, &plain))
        };
        let left: BTreeSet<&str> = plain.iter().copied().filter(stays).collect();
        if left.len() == plain.len() {
            return left;
        }
        plain = left;
    }
}

/// Whether a value is certain to be a number or a text: one of them with anything added to it, or
/// what a filter makes one of.
fn is_plain(value: &[TagToken<'_>], plain: &BTreeSet<&str>) -> bool {
    let Some(first) = value.first() else {
        return false;
    };
    let is_sign = |sign: &str| {
        value
            .iter()
            .any(|token| token.kind == TagKind::Sign && token.text == sign)
    };
    let is_word = |word: &str| {
        value
            .iter()
            .any(|token| token.kind == TagKind::Word && token.text == word)
    };
    if ["[", "{", "*", ","].into_iter().any(is_sign) || ["if", "or", "and"].into_iter().any(is_word)
    {
        return false;
    }
    let filters: Vec<&str> = value
        .windows(2)
        .filter(|pair| pair[0].text == "|")
        .map(|pair| pair[1].text)
        .collect();
    if let Some(last) = filters.last() {
        // The filter binds most, so it may be of one side only.
        return !is_sign("+") && TO_PLAIN.contains(last);
    }
    match first.kind {
        TagKind::Text => true,
        TagKind::Word => {
            first.text.starts_with(|c: char| c.is_ascii_digit()) || is_plain_path(value, 0, plain)
        }
        TagKind::Sign => false,
    }
}

#[cfg(test)]
mod tests;
