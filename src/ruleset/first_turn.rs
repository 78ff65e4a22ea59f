//! The turn of a call in which the condition of a rule first held, as far as the history tells.
//!
//! Nothing is kept for it: each request brings the whole history, and tells of every request that came
//! before it, after what the caller said and after the results of tools. Of those, `turn` is as it was;
//! all else is as it is now, for nobody knows what it was. What held once holds in every longer
//! history, so what a rule does by it stays as it is from turn to turn.

use serde_json::{Value, json};

use super::RuleFile;
use super::facts::calls_tools;
use crate::chat::{Message, Role};
use crate::lang::condition::{Condition, Verdict};
use crate::lang::facts::Facts;
use crate::rule::{FirstTurn, Turn};

/// A request of the past: what its history told of its turn.
#[derive(Debug, Default)]
struct PastRequest<'m> {
    number: usize,
    user: Option<&'m Message>,
    assistant: Option<&'m Message>,
    steps: usize,
}

/// The turn in which the condition of a rule first held; else why there is none.
pub(super) fn first_turn(file: &RuleFile, turn: &Turn) -> Result<FirstTurn, Verdict> {
    let messages = turn.came.as_deref().unwrap_or_default();
    let users = messages.iter().filter(|it| it.role() == Role::User);
    let users = users.count();
    if users == 0 {
        let note = Some("nobody has spoken yet".to_owned());
        return Err(Verdict::Fails { note });
    }
    let by_turn = |when: &&Condition| when.references().contains("turn");
    let when = file.when.as_ref().filter(by_turn);
    if when.is_none()
        && let Some(steady) = &file.when
    {
        let verdict = steady.evaluate(&turn.facts);
        if verdict != Verdict::Holds {
            return Err(verdict);
        }
    }
    let spoken_of = |name: &str| {
        let own = when.iter().flat_map(|when| when.paths());
        let mut paths = own.chain(&file.does.names.paths);
        paths.any(|path| {
            let is_turn = path.first().is_some_and(|root| root == "turn");
            is_turn && path.get(1).is_none_or(|own| own == name)
        })
    };
    let wanted = [spoken_of("user"), spoken_of("assistant")];
    let mut facts = turn.facts.clone();
    let mut past = PastRequest::default();
    let mut request = 1;
    for (at, message) in messages.iter().enumerate() {
        let next = messages.get(at + 1);
        if !past.adds(message, next) || next.is_none() {
            continue;
        }
        facts.set("turn", past.told(wanted));
        if holds(when, &facts) {
            return Ok(FirstTurn {
                behind: users - past.number,
                request,
                facts,
            });
        }
        request += 1;
    }
    // The last is the request itself, of which more is known.
    match when.map_or(Verdict::Holds, |when| when.evaluate(&turn.facts)) {
        Verdict::Holds => Ok(FirstTurn {
            behind: 0,
            request,
            facts: turn.facts.clone(),
        }),
        Verdict::Fails { note: None } => Err(Verdict::Fails {
            note: Some("its condition held in no turn so far".to_owned()),
        }),
        other => Err(other),
    }
}

fn holds(when: Option<&Condition>, facts: &Facts) -> bool {
    when.is_none_or(|when| when.evaluate(facts) == Verdict::Holds)
}

impl<'m> PastRequest<'m> {
    /// Takes one more message of the history; says whether a request may have ended with it, once the
    /// caller has spoken.
    fn adds(&mut self, message: &'m Message, next: Option<&Message>) -> bool {
        let is_result = |message: &Message| matches!(message.role(), Role::Tool | Role::Function);
        match message.role() {
            Role::User => {
                self.number += 1;
                self.steps = 0;
                self.user = Some(message);
                true
            }
            Role::Assistant => {
                self.assistant = Some(message);
                self.steps += usize::from(calls_tools(message));
                false
            }
            _ => self.number > 0 && is_result(message) && !next.is_some_and(is_result),
        }
    }

    /// The root `turn` as it was, as far as it is spoken of. Whether the caller cut in is not told.
    fn told(&self, [user, assistant]: [bool; 2]) -> Value {
        let text = |message: Option<&Message>, is_wanted: bool| {
            let message = message.filter(|_| is_wanted);
            message.map(|message| message.text().into_owned())
        };
        json!({
            "number": self.number,
            "user": text(self.user, user),
            "assistant": text(self.assistant, assistant),
            "steps": self.steps,
        })
    }
}

#[cfg(test)]
mod tests;
