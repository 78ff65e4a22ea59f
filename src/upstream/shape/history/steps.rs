//! The tool steps of a history: messages with calls, and where the results of each stand.
//!
//! A result belongs to the newest call of its id before it, for some servers count their ids anew in
//! each turn; one without an id to the first call that waits; one that came too early to the next
//! call of its id.

use std::collections::{HashMap, VecDeque};

use bytestring::ByteString;

use crate::chat::{Message, Role, json};

/// A message with tool calls.
#[derive(Debug)]
pub(super) struct ToolStep {
    /// Where it stands.
    pub(super) asked: usize,
    /// How many steps there are before it.
    pub(super) number: usize,
    /// Its calls, in order.
    pub(super) calls: Vec<StepCall>,
}

/// One call.
#[derive(Debug, Default)]
pub(super) struct StepCall {
    /// Its id; none where it has none, or one that a call of the same message has before it.
    pub(super) id: Option<ByteString>,
    /// Where its results stand, in order.
    pub(super) results: Vec<usize>,
}

/// All steps, and what belongs to none.
#[derive(Debug, Default)]
pub(super) struct ToolSteps {
    /// The steps, oldest first.
    pub(super) steps: Vec<ToolStep>,
    /// Results without a call.
    pub(super) orphans: Vec<usize>,
}

/// The calls of one id within a step that wait for a result, and the last that got one.
#[derive(Debug)]
struct WaitingCalls {
    step: usize,
    waiting: VecDeque<usize>,
    last: usize,
}

impl ToolSteps {
    /// Reads a history.
    pub(super) fn of(messages: &[Message]) -> ToolSteps {
        let mut found = ToolSteps::default();
        let mut newest: HashMap<ByteString, WaitingCalls> = HashMap::new();
        let mut early: Vec<(usize, ByteString)> = Vec::new();
        let mut nameless: Vec<(usize, Option<usize>)> = Vec::new();
        for (at, message) in messages.iter().enumerate() {
            match message.role() {
                Role::Assistant => found.take_step(at, message, &mut newest),
                Role::Tool => match text(message.field("tool_call_id")) {
                    None => nameless.push((at, found.steps.len().checked_sub(1))),
                    Some(id) => match newest.get_mut(&id) {
                        Some(calls) => found.answer(calls, at),
                        None => early.push((at, id)),
                    },
                },
                _ => {}
            }
        }
        for (at, id) in early {
            let waiting = newest
                .get_mut(&id)
                .filter(|calls| !calls.waiting.is_empty());
            match waiting {
                Some(calls) => found.answer(calls, at),
                None => found.orphans.push(at),
            }
        }
        found.take_nameless(nameless);
        found
    }

    fn take_step(
        &mut self,
        at: usize,
        message: &Message,
        newest: &mut HashMap<ByteString, WaitingCalls>,
    ) {
        let listed = message.field("tool_calls").map(json::items);
        let listed = listed.and_then(Result::ok).unwrap_or_default();
        if listed.is_empty() {
            return;
        }
        let step = self.steps.len();
        let mut calls = Vec::with_capacity(listed.len());
        for (place, call) in listed.iter().enumerate() {
            let id = text(json::get(call, "id").as_ref());
            let known = id.as_ref().and_then(|id| newest.get_mut(id));
            let is_repeated = match known.filter(|known| known.step == step) {
                Some(known) => {
                    known.waiting.push_back(place);
                    true
                }
                None => {
                    if let Some(id) = &id {
                        let waiting = WaitingCalls {
                            step,
                            waiting: VecDeque::from([place]),
                            last: place,
                        };
                        newest.insert(id.clone(), waiting);
                    }
                    false
                }
            };
            calls.push(StepCall {
                id: id.filter(|_| !is_repeated),
                results: Vec::new(),
            });
        }
        self.steps.push(ToolStep {
            asked: at,
            number: step,
            calls,
        });
    }

    /// A result of one of these calls.
    fn answer(&mut self, calls: &mut WaitingCalls, at: usize) {
        calls.last = calls.waiting.pop_front().unwrap_or(calls.last);
        let step = self.steps.get_mut(calls.step);
        if let Some(call) = step.and_then(|step| step.calls.get_mut(calls.last)) {
            call.results.push(at);
        }
    }

    /// Results that do not say whose they are, each with the newest step before it: they belong to its
    /// calls that have none yet, in order.
    fn take_nameless(&mut self, nameless: Vec<(usize, Option<usize>)>) {
        // Where the calls of a step were looked at up to.
        let (mut of, mut from) = (None, 0);
        for (at, step) in nameless {
            if of != step {
                (of, from) = (step, 0);
            }
            let calls = step.and_then(|step| self.steps.get_mut(step));
            let calls = calls
                .map(|step| step.calls.as_mut_slice())
                .unwrap_or_default();
            while calls.get(from).is_some_and(|call| !call.results.is_empty()) {
                from += 1;
            }
            match calls.get_mut(from) {
                Some(call) => call.results.push(at),
                None => self.orphans.push(at),
            }
        }
    }
}

impl ToolStep {
    /// Where all of its results stand, as they came.
    pub(super) fn results(&self) -> Vec<usize> {
        let results = self.calls.iter().flat_map(|call| &call.results);
        let mut results: Vec<usize> = results.copied().collect();
        results.sort_unstable();
        results
    }
}

/// A string that is not empty.
fn text(literal: Option<&ByteString>) -> Option<ByteString> {
    json::decode_shared(literal?).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(messages: &[&str], steps: &[&[&[usize]]], orphans: &[usize]) {
        let messages: Vec<Message> = messages
            .iter()
            .map(|message| match message.split_once(' ') {
                Some(("call", ids)) => {
                    let calls: Vec<String> = ids
                        .split(' ')
                        .map(|id| format!(r#"{{"id":"{}"}}"#, id.trim_matches('-')))
                        .collect();
                    let calls = calls.join(",");
                    format!(r#"{{"role":"assistant","tool_calls":[{calls}]}}"#)
                }
                Some(("result", id)) => {
                    let id = id.trim_matches('-');
                    format!(r#"{{"role":"tool","tool_call_id":"{id}","content":"x"}}"#)
                }
                _ => r#"{"role":"user","content":"x"}"#.to_owned(),
            })
            .map(|source| Message::parse(source.into()).expect("a message"))
            .collect();
        let found = ToolSteps::of(&messages);
        let results: Vec<Vec<Vec<usize>>> = found
            .steps
            .iter()
            .map(|step| step.calls.iter().map(|call| call.results.clone()).collect())
            .collect();
        assert_eq!(results, steps, "{messages:?}");
        assert_eq!(found.orphans, orphans, "{messages:?}");
    }

    #[test]
    fn results_are_found_by_the_newest_call_of_their_id() {
        check(&["call a b", "result b", "result a"], &[&[&[2], &[1]]], &[]);
        check(
            &["call a", "result a", "user", "call a", "user", "result a"],
            &[&[&[1]], &[&[5]]],
            &[],
        );
        check(&["call a", "result a", "result a"], &[&[&[1, 2]]], &[]);
        check(&["result a", "user", "call b"], &[&[&[]]], &[0]);
    }

    #[test]
    fn ids_that_are_missing_repeated_or_early_find_their_call() {
        check(&["call - -", "result -", "result -"], &[&[&[1], &[2]]], &[]);
        check(&["call a a", "result a", "result a"], &[&[&[1], &[2]]], &[]);
        check(&["call a b", "result b", "result -"], &[&[&[2], &[1]]], &[]);
        check(&["call a b", "result -", "result a"], &[&[&[2], &[1]]], &[]);
        check(&["result a", "call a"], &[&[&[0]]], &[]);
        check(&["call a", "result a", "result -"], &[&[&[1]]], &[2]);
    }
}
