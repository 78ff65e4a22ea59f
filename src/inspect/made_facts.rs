//! What a line leaves out of what was known, made up so that each rule acts, or does not, as in the
//! turn: by what the rules' own conditions compare with.
//!
//! It tells nothing of the caller: that a rule acted stands in the turn, and the rest in the rule.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::chat::ChatRequest;
use crate::lang::condition::{Condition, Verdict};
use crate::lang::facts::Facts;
use crate::lang::sample::sample;
use crate::record::{LEFT_OUT, Line, RecordedStep, known_facts};
use crate::ruleset::{RuleFile, Ruleset, StepOutcome, is_undecided};

/// So many ways to fill what conditions ask for are tried, for all of them together.
const MOST_TRIES: usize = 3000;
/// So many values of one place.
const MOST_VALUES: usize = 24;
/// Stands where anything does.
pub(super) const ANYTHING: &str = "something";

/// What was known, with what is made up.
#[derive(Debug)]
pub(super) struct MadeFacts {
    /// By root.
    pub(super) facts: Map<String, Value>,
    /// Whether the condition of a rule can't be decided, as in the turn.
    pub(super) is_undecided: bool,
}

/// What the condition of a rule gave.
struct Wanted<'r> {
    when: &'r Condition,
    /// Whether the rule acted; none, where that could not be decided.
    holds: Option<bool>,
    /// Why not.
    why: Option<&'r str>,
}

/// A place at which something is left out: its root and the keys below it.
type Place = Vec<String>;

/// What is looked for.
struct FactSearch<'r> {
    ruleset: &'r Ruleset,
    request: &'r ChatRequest,
    wanted: Vec<Wanted<'r>>,
    places: Vec<Place>,
}

/// What was known in a turn, `known` being what is left of it. `request`: as it is in the test.
pub(super) fn made_facts(
    line: &Line,
    known: Map<String, Value>,
    ruleset: &Ruleset,
    request: &ChatRequest,
) -> MadeFacts {
    let mut facts = known;
    let mut search = FactSearch {
        ruleset,
        request,
        wanted: wanted(line, ruleset),
        places: Vec::new(),
    };
    search.look_for_places(&facts);
    for place in &search.places {
        if let Some(value) = at(&mut facts, place).filter(|value| !value.is_null()) {
            *value = anything(place);
        }
    }
    let mut tries_left = MOST_TRIES;
    for one in &search.wanted {
        if !search.is_met(one, &search.seen(&facts)) {
            facts = search.better(one, facts, &mut tries_left);
        }
    }
    let mut wanted = search.wanted.iter();
    let seen = search.seen(&facts);
    let is_undecided = wanted.any(|one| {
        let verdict = one.when.evaluate(&seen);
        matches!(verdict, Verdict::Undecided { .. })
    });
    MadeFacts {
        facts,
        is_undecided,
    }
}

impl FactSearch<'_> {
    /// Notes the places at which something is left out that a rule asks for.
    fn look_for_places(&mut self, facts: &Map<String, Value>) {
        for (root, value) in facts {
            look_for(value, &mut vec![root.clone()], &mut self.places);
        }
        let rules = self.ruleset.rules().iter();
        let printed: Vec<_> = rules.flat_map(RuleFile::paths).collect();
        let wanted = &self.wanted;
        self.places.retain(|place| {
            let mut paths = printed.iter();
            wanted.iter().any(|one| asks(one.when, place))
                || paths.any(|path| place.starts_with(path) || path.starts_with(place))
        });
    }

    /// What is known, as conditions see it.
    fn seen(&self, facts: &Map<String, Value>) -> Facts {
        known_facts(self.ruleset, facts, self.request)
    }

    /// Whether a condition gives what it gave. It lacks nothing that it had then.
    fn is_met(&self, one: &Wanted<'_>, facts: &Facts) -> bool {
        match one.when.evaluate(facts) {
            Verdict::Holds => one.holds == Some(true),
            Verdict::Fails { note: None } => one.holds == Some(false),
            Verdict::Fails { note } => one.holds == Some(false) && note.as_deref() == one.why,
            Verdict::Undecided { .. } => one.holds.is_none(),
        }
    }

    /// The facts with which this condition, and no fewer others than now, gives what it gave.
    fn better(
        &self,
        one: &Wanted<'_>,
        facts: Map<String, Value>,
        tries_left: &mut usize,
    ) -> Map<String, Value> {
        let met = |facts: &Facts| {
            let met = self.wanted.iter().filter(|one| self.is_met(one, facts));
            met.count()
        };
        let places = self.places.iter().filter(|place| asks(one.when, place));
        let places: Vec<&Place> = places.collect();
        let values = values(&self.wanted);
        let ways = values.len().saturating_pow(places.len() as u32);
        let mut best = (met(&self.seen(&facts)), facts);
        for way in 0..ways.min(*tries_left) {
            *tries_left -= 1;
            let mut tried = best.1.clone();
            let mut rest = way;
            for place in &places {
                let value = values.get(rest % values.len());
                rest /= values.len();
                if let (Some(found), Some(value)) = (at(&mut tried, place), value) {
                    found.clone_from(value);
                }
            }
            let seen = self.seen(&tried);
            if self.is_met(one, &seen) && met(&seen) > best.0 {
                best = (met(&seen), tried);
            }
            if best.0 == self.wanted.len() {
                break;
            }
        }
        best.1
    }
}

/// Whether a condition speaks of what stands at a place.
fn asks(when: &Condition, place: &Place) -> bool {
    let root = place.first();
    let is_named = |key: &String| when.source().contains(&**key);
    root.is_some_and(|root| when.references().contains(root)) && place.iter().skip(1).any(is_named)
}

/// What the conditions of rules gave in the turn, as far as the turn tells.
fn wanted<'r>(line: &'r Line, ruleset: &'r Ruleset) -> Vec<Wanted<'r>> {
    let mut all = Vec::new();
    // Of the rules behind one that answers nothing is told.
    let has_run = |step: &RecordedStep| step.outcome != StepOutcome::Skipped;
    let told = match line.is_answered() {
        true => line.steps.iter().rposition(has_run).map_or(0, |at| at + 1),
        false => line.steps.len(),
    };
    for step in line.steps.iter().take(told) {
        let mut rules = ruleset.rules().iter();
        let rule = rules.find(|rule| rule.name == step.rule);
        let is_out = line.arms.get(&step.rule).is_some_and(|arm| arm == "out");
        let when = rule.filter(|rule| rule.is_enabled && !is_out);
        if let Some(when) = when.and_then(|rule| rule.when.as_ref()) {
            let holds = match step.outcome {
                StepOutcome::Skipped => (!is_undecided(step.why.as_deref())).then_some(false),
                _ => Some(true),
            };
            all.push(Wanted {
                when,
                holds,
                why: step.why.as_deref(),
            });
        }
    }
    all
}

/// The places below a value at which something is left out: a text, or, as null, a number.
fn look_for(value: &Value, place: &mut Place, found: &mut Vec<Place>) {
    let is_left_out = value == LEFT_OUT || (value.is_null() && place.len() > 1);
    match value {
        _ if is_left_out => found.push(place.clone()),
        Value::Object(entries) => {
            for (key, value) in entries {
                place.push(key.clone());
                look_for(value, place, found);
                place.pop();
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                place.push(at.to_string());
                look_for(value, place, found);
                place.pop();
            }
        }
        _ => {}
    }
}

/// What stands at a place.
fn at<'f>(facts: &'f mut Map<String, Value>, place: &Place) -> Option<&'f mut Value> {
    let (root, keys) = place.split_first()?;
    keys.iter()
        .try_fold(facts.get_mut(root)?, |found, key| match found {
            Value::Object(entries) => entries.get_mut(key),
            Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
            _ => None,
        })
}

/// What stands at a place of which no condition says more.
fn anything(place: &Place) -> Value {
    let key = place
        .last()
        .map(|key| key.to_lowercase())
        .unwrap_or_default();
    let of_key = [
        ("number", "+14155552671"),
        ("phone", "+14155552671"),
        ("mail", "ann@example.com"),
        ("name", "Ann Miller"),
    ];
    let found = of_key.iter().find(|(part, _)| key.contains(part));
    found.map_or(ANYTHING, |(_, value)| value).into()
}

/// What conditions compare with, and what is beside that; null: nothing.
fn values(wanted: &[Wanted<'_>]) -> Vec<Value> {
    let mut texts = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for one in wanted {
        let source = one.when.source();
        texts.extend(quoted(source));
        texts.extend(one.when.patterns().filter_map(|pattern| sample(pattern, 1)));
        let digits = source.split(|sign: char| !sign.is_ascii_digit());
        for number in digits.filter_map(|digits| digits.parse::<i32>().ok()) {
            numbers.extend([
                i64::from(number),
                i64::from(number) + 1,
                i64::from(number) - 1,
            ]);
        }
    }
    let texts = texts.into_iter().map(Value::from);
    let numbers = numbers.into_iter().map(Value::from);
    let numbers: Vec<_> = numbers.take(MOST_VALUES / 2).collect();
    let mut all: Vec<_> = texts.take(MOST_VALUES / 2).chain(numbers).collect();
    all.extend([ANYTHING.into(), Value::Null]);
    all
}

/// The texts that stand between quotes.
fn quoted(source: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut signs = source.chars();
    while let Some(quote) = signs.by_ref().find(|sign| "\"'".contains(*sign)) {
        let mut text = String::new();
        while let Some(sign) = signs.next() {
            match sign {
                '\\' => text.extend(signs.next()),
                sign if sign == quote => break,
                sign => text.push(sign),
            }
        }
        texts.push(text);
    }
    texts
}
