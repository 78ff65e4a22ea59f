//! A history with its tool steps in order, made anew message by message.
//!
//! It counts what it mends, and leaves what is switched off as it came.

use std::collections::HashSet;

use bytestring::ByteString;

use super::steps::{StepCall, ToolStep, ToolSteps};
use crate::chat::{Message, Role, json};
use crate::upstream::shape::content::{UTTERANCES, joined};
use crate::upstream::shape::draft::{counted, has};
use crate::upstream::shape::mends::HistoryMends;

/// The result of a call that has none.
const NO_RESULT: &str = "The tool gave no result.";

/// What was mended, counted.
#[derive(Debug, Default)]
struct Mended {
    added: usize,
    joined: usize,
    moved: usize,
    gone: usize,
    named: usize,
    adopted: usize,
    emptied: usize,
}

/// The messages in order, and what was mended, in plain words.
pub(super) fn rebuilt(messages: &[Message], mends: &HistoryMends) -> (Vec<Message>, Vec<String>) {
    let found = ToolSteps::of(messages);
    let mut rebuilt = Rebuilt {
        messages,
        mends: *mends,
        orphans: found.orphans.into_iter().collect(),
        placed: HashSet::new(),
        out: Vec::with_capacity(messages.len()),
        mended: Mended::default(),
    };
    rebuilt.run(&found.steps);
    (rebuilt.out, rebuilt.mended.notes())
}

/// A history on its way.
struct Rebuilt<'m> {
    messages: &'m [Message],
    mends: HistoryMends,
    orphans: HashSet<usize>,
    /// Results that were placed already.
    placed: HashSet<usize>,
    out: Vec<Message>,
    mended: Mended,
}

impl Rebuilt<'_> {
    fn run(&mut self, steps: &[ToolStep]) {
        // What came before its call is placed behind it.
        if self.mends.order {
            let results = steps.iter().flat_map(|step| {
                let early = step.results().into_iter();
                early.filter(|result| *result < step.asked)
            });
            self.placed.extend(results);
        }
        let mut steps = steps.iter().peekable();
        let messages = self.messages;
        for (at, message) in messages.iter().enumerate() {
            if let Some(step) = steps.next_if(|step| step.asked == at) {
                self.place_step(step, message);
            } else if self.placed.contains(&at) {
                continue;
            } else if self.orphans.contains(&at) && self.mends.tool_calls {
                self.mended.gone += 1;
            } else if self.mends.tool_calls && has_no_calls(message) {
                self.mended.emptied += 1;
                let says = ["content", "refusal", "function_call"];
                let bare = message.clone().without_field("tool_calls");
                let speaks = says.iter().any(|field| has(message, field));
                self.out.extend(Some(bare).filter(|_| speaks));
            } else {
                self.out.push(message.clone());
            }
        }
    }

    /// Places a message with calls, and its results behind it.
    fn place_step(&mut self, step: &ToolStep, message: &Message) {
        let ids = self.ids_of(step);
        let named = self.with_ids(step, message, &ids);
        self.out.push(named);
        let results = self.results_to_place(step);
        let mut of_calls: Vec<Vec<usize>> = vec![Vec::new(); step.calls.len()];
        for (result, call) in &results {
            of_calls[*call].push(*result);
        }
        for (result, call) in results {
            let (Some(message), Some(id)) = (self.messages.get(result), ids.get(call)) else {
                continue;
            };
            let all = &of_calls[call];
            let message = match self.mends.tool_results {
                true if all.first() != Some(&result) => {
                    self.mended.joined += 1;
                    continue;
                }
                true if all.len() > 1 => self.all_in_one(message, all),
                _ => message.clone(),
            };
            let message = self.answering(message, id);
            self.out.push(message);
        }
        let calls = step.calls.iter().zip(&ids);
        let missing = calls.filter(|(call, _)| {
            // A result of a call that stays without an id would have none either.
            let is_known = call.id.is_some() || self.mends.tool_calls;
            call.results.is_empty() && is_known && self.mends.tool_results
        });
        for (_, id) in missing {
            self.mended.added += 1;
            let id = json::encode(id);
            let result = Message::new("tool", NO_RESULT).with_field("tool_call_id", id);
            self.out.push(result);
        }
    }

    /// The results that are placed behind their call, each with the place of its call: all of them,
    /// or those that follow it already.
    fn results_to_place(&mut self, step: &ToolStep) -> Vec<(usize, usize)> {
        let calls = step.calls.iter().enumerate();
        let of_call = |(place, call): (usize, &StepCall)| {
            let results = call.results.iter();
            results.map(|result| (*result, place)).collect::<Vec<_>>()
        };
        let mut owners: Vec<(usize, usize)> = calls.flat_map(of_call).collect();
        owners.sort_unstable();
        let mut next = step.asked + 1;
        owners.retain(|(result, _)| {
            let is_next = *result == next;
            next += usize::from(is_next);
            let is_placed = is_next || self.mends.order;
            if is_placed {
                self.placed.insert(*result);
                self.mended.moved += usize::from(!is_next);
            }
            is_placed
        });
        owners
    }

    /// The first result of a call with what the others say beside it.
    fn all_in_one(&self, first: &Message, results: &[usize]) -> Message {
        let messages = results
            .iter()
            .filter_map(|result| self.messages.get(*result));
        let contents = messages.filter_map(|message| message.field("content"));
        let mut seen = HashSet::new();
        let contents: Vec<ByteString> = contents
            .filter(|content| seen.insert(&***content))
            .cloned()
            .collect();
        match contents.len() {
            0 | 1 => first.clone(),
            _ => {
                let all = joined(&contents, UTTERANCES);
                first.clone().with_field("content", all.to_string())
            }
        }
    }

    /// The ids of the calls of a step; a call without one has one by its place.
    fn ids_of(&self, step: &ToolStep) -> Vec<ByteString> {
        let calls = step.calls.iter().enumerate();
        // By the count of steps, not of messages: what stands at the tail moves.
        let made = |place: usize| format!("call_{}_{place}", step.number).into();
        calls
            .map(|(place, call)| call.id.clone().unwrap_or_else(|| made(place)))
            .collect()
    }

    /// The message with the ids of its calls.
    fn with_ids(&mut self, step: &ToolStep, message: &Message, ids: &[ByteString]) -> Message {
        let nameless = step.calls.iter().filter(|call| call.id.is_none()).count();
        if nameless == 0 || !self.mends.tool_calls {
            return message.clone();
        }
        self.mended.named += nameless;
        let listed = message.field("tool_calls").map(json::items);
        let listed = listed.and_then(Result::ok).unwrap_or_default();
        let calls = listed.iter().zip(&step.calls).zip(ids);
        let calls: Vec<String> = calls
            .map(|((json, call), id)| match call.id {
                Some(_) => json.to_string(),
                None => with_id(json, id),
            })
            .collect();
        message
            .clone()
            .with_field("tool_calls", format!("[{}]", calls.join(",")))
    }

    /// A result with the id of its call.
    fn answering(&mut self, result: Message, id: &str) -> Message {
        if answers(&result, id) || !self.mends.tool_calls {
            return result;
        }
        self.mended.adopted += 1;
        result.with_field("tool_call_id", json::encode(id))
    }
}

impl Mended {
    /// What was done, in plain words.
    fn notes(&self) -> Vec<String> {
        let all = [
            (self.added, "call", "had no result and got one that says so"),
            (
                self.joined,
                "repeated result",
                "joined the first of the same call",
            ),
            (self.moved, "tool result", "moved to the call"),
            (self.gone, "tool result", "without a call did not go"),
            (self.named, "tool call", "got an id"),
            (self.adopted, "tool result", "got the id of the call"),
            (
                self.emptied,
                "assistant message",
                "lost its empty list of calls",
            ),
        ];
        let done = all.into_iter().filter(|(count, ..)| *count > 0);
        done.map(|(count, what, done)| format!("{} {done}", counted(count, what)))
            .collect()
    }
}

/// Whether a result has this id.
pub(super) fn answers(result: &Message, id: &str) -> bool {
    let own = result
        .field("tool_call_id")
        .and_then(|own| json::decode(own));
    own.is_some_and(|own| own == id)
}

/// Whether it has a list of calls, and none in it.
fn has_no_calls(message: &Message) -> bool {
    let calls = message
        .field("tool_calls")
        .filter(|_| message.role() == Role::Assistant);
    calls.is_some_and(|calls| json::items(calls).is_ok_and(|calls| calls.is_empty()))
}

/// A call with this id.
fn with_id(call: &ByteString, id: &str) -> String {
    let entries = json::entries(call).unwrap_or_default();
    let others = entries.iter().filter(|(key, _)| key != "id");
    let mut all = vec![format!("\"id\":{}", json::encode(id))];
    all.extend(others.map(|(key, value)| format!("{}:{value}", json::encode(key))));
    format!("{{{}}}", all.join(","))
}
