//! A recorded turn through rules: what would go upstream, and what the caller would hear.
//!
//! The recorder runs each line once itself, with the rules that made it, so that a comparison is
//! between two runs of the same kind.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::Line;
use crate::chat::ChatRequest;
use crate::chat::vapi::secrets;
use crate::lang::facts::{FETCH, Facts, ROOTS};
use crate::rule::{Clock, Vault};
use crate::ruleset::{
    Ending, INTERRUPTED, Literals, Passage, Ruleset, Step, Texts, TurnInput, hear, turn_facts,
};
use crate::stream::placeholder::{for_people, written};

/// What came of it.
#[derive(Debug)]
pub struct Played {
    /// The request that goes upstream, or why none does.
    pub sent: Result<Vec<u8>, String>,
    /// What the caller hears of the recorded reply, values as `‹CARD_1›`.
    pub heard: Texts,
    /// What the rules did.
    pub steps: Vec<Step>,
}

/// Runs a line through rules.
pub fn play(ruleset: &Arc<Ruleset>, line: &Line) -> Played {
    play_within(ruleset, line, &Clock::default())
}

/// Why nothing goes upstream where this rule answers.
pub(super) fn no_model(rule: &str) -> String {
    format!("no model is asked: `{rule}` answers")
}

/// The same for rules that nobody knows yet: those that still work when the clock is over are told
/// to end.
pub fn play_within(ruleset: &Arc<Ruleset>, line: &Line, clock: &Clock) -> Played {
    let refused = |why: String| Played {
        sent: Err(why),
        heard: Texts::new(),
        steps: Vec::new(),
    };
    let body = line.came.get().to_owned();
    let request = match ChatRequest::parse(body.into()) {
        Ok(request) => request,
        Err(error) => return refused(error.to_string()),
    };
    let mut input = input(ruleset, line, request);
    input.clock = clock.clone();
    let passage = match Passage::begin(ruleset, input).out(&mut || Duration::ZERO) {
        Ok(passage) => passage,
        Err(error) => {
            let why = error.to_string();
            return Played {
                steps: error.steps,
                ..refused(why)
            };
        }
    };
    if let Some(rule) = passage.answered_by() {
        // What it says may have values in clear.
        let why = no_model(rule);
        return Played {
            steps: passage.steps.clone(),
            ..refused(why)
        };
    }
    let mut labels = line.labels.clone();
    for (label, count) in passage.turn.vault.kept() {
        let known = labels.entry(label).or_default();
        *known = count.max(*known);
    }
    let labels = labels.iter().map(|(label, count)| (label.as_str(), *count));
    let vault = Arc::new(Vault::standing(labels));
    let way_back = passage.back_for_people(&passage.active, vault);
    let heard = hear(way_back, &line.reply(), Ending::Whole);
    let mut sent = passage.request.write(&line.takes);
    if !line.raw {
        let hides = |label: &str| {
            let mut active = passage.active.iter();
            active.any(|at| {
                let rule = ruleset.rules().get(*at);
                rule.is_some_and(|rule| rule.does.labels.iter().any(|own| own == label))
            })
        };
        sent = with_placeholders(sent, line, &hides);
    }
    Played {
        sent: Ok(sent),
        heard,
        steps: passage.steps,
    }
}

/// What the turn of a line brings.
fn input(ruleset: &Ruleset, line: &Line, request: ChatRequest) -> TurnInput {
    let facts = known_facts(ruleset, &line.facts, &request);
    TurnInput {
        call: line.call.clone(),
        most_injected: line.most_injected,
        literals: match line.raw {
            true => Literals::AsTheyCame,
            false => Literals::Escaped { any: line.escapes },
        },
        ..TurnInput::new(request, facts)
    }
}

/// What a template prints can't pass for a placeholder, so `[NAME_1]` of the facts became
/// `(NAME_1)`. In the call it was a value, which a rule then hid. Where none of the rules that run
/// hides such values, it would go upstream: `‹NAME_1›` stands for it.
fn with_placeholders(sent: Vec<u8>, line: &Line, hides: &dyn Fn(&str) -> bool) -> Vec<u8> {
    let Ok(mut sent) = String::from_utf8(sent) else {
        return Vec::new();
    };
    let mut all = line.labels.clone();
    for (label, count) in &line.hidden {
        let known = all.entry(label.clone()).or_default();
        *known = (*count).max(*known);
    }
    for (label, count) in all {
        let is_hidden = hides(&label);
        for at in 1..=count {
            let (printed, hidden) = (format!("({label}_{at})"), written(&label, at));
            if is_hidden {
                sent = sent.replace(&printed, &hidden);
            } else {
                let value = for_people(&label, at);
                sent = sent.replace(&printed, &value).replace(&hidden, &value);
            }
        }
    }
    sent.into_bytes()
}

/// The facts of a turn of which this was known, by root.
pub fn known_facts(ruleset: &Ruleset, known: &Map<String, Value>, request: &ChatRequest) -> Facts {
    let mut facts = Facts::new(secrets::take_out);
    facts.set_json(FETCH, ruleset.fetch_facts([]).into());
    for root in ROOTS {
        let Some(value) = known.get(*root) else {
            continue;
        };
        let mut value = value.clone();
        if let (&FETCH, Some(fetched)) = (root, value.as_object_mut()) {
            for name in ruleset.fetch_names() {
                fetched.entry(name).or_insert_with(Default::default);
            }
        }
        facts.set(root, value);
    }
    let mut turn = turn_facts(request);
    let told = ["metadata", "call"].into_iter();
    let mut told = told.filter_map(|root| known.get(root)?.get(INTERRUPTED)?.as_bool());
    turn["interrupted"] = told.next().into();
    facts.set("turn", turn);
    facts
}
