//! `trim`: bounds the history of a long call.
//!
//! `messages` is the most messages of the history that go to the model, instructions not counted;
//! `tokens` the most tokens of all messages. Tokens are counted as OpenAI's models do; for others that
//! is an estimate, and the step says so. Instructions always stay, a tool call stays with its results or
//! goes with them, and the newest user message stays, with what stands behind it.
//!
//! What is cut begins at the oldest message and ends before a user message. The cut moves in steps of
//! half the bound, counted from where the call began: between two steps the messages that go
//! are the same from turn to turn, so that the provider's prompt cache keeps them. `summary` is a
//! template: a system message that stands for what was cut. It is put in where something was cut alone,
//! behind the instructions. What it prints is data, as in `inject`, and counts as there: one that is
//! longer than `limits.injected` leaves fails the rule, and nothing is cut.

mod tokens;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use crate::chat::pairs::{ToolPair, tool_pairs};
use crate::chat::{ChatRequest, Message, Role};
use crate::files::Faults;
use crate::lang::template::{Escaping, Template};
use crate::rule::{About, Change, EarlyText, Rule, RuleError, SpokenNames, Turn, WrittenText};
use tokens::TokenCounter;

/// The kind's entry in the list.
pub const KIND: Kind = Kind::new::<TrimFields, TrimRule>("trim", include_str!("trim.rs"), EXAMPLE);

/// The cut moves by this part of the bound.
const PART: usize = 2;

/// A rule file that shows the kind.
const EXAMPLE: &str = r#"about = "A call that goes on and on stays cheap and quick."

[then.trim]
messages = 4
summary = "The beginning of this call is left out."

[[test]]
name = "the oldest go, up to a user message"
messages = [
  { role = "system", content = "You help." },
  { role = "user", content = "One." },
  { role = "assistant", content = "Two." },
  { role = "user", content = "Three." },
  { role = "assistant", content = "Four." },
]
caller = "Five."
upstream_gets = { messages = [
  { role = "system", content = "You help." },
  { role = "system", content = "The beginning of this call is left out." },
  { role = "user", content = "Three." },
  { role = "assistant", content = "Four." },
  { role = "user", content = "Five." },
] }
"#;

/// The rule.
#[derive(Debug)]
pub struct TrimRule {
    messages: Option<usize>,
    tokens: Option<(usize, TokenCounter)>,
    summary: Option<Template>,
}

/// Bounds the history of a long call.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TrimFields {
    /// The most messages of the history, instructions not counted.
    messages: Option<u32>,
    /// The most tokens of all messages.
    tokens: Option<u32>,
    /// What stands for the messages that are gone; a Jinja template. Default: nothing.
    summary: Option<String>,
}

impl TryFrom<TrimFields> for TrimRule {
    type Error = Faults;

    fn try_from(fields: TrimFields) -> Result<TrimRule, Faults> {
        let mut faults = Faults::default();
        if fields.messages.is_none() && fields.tokens.is_none() {
            let message = "a trim rule bounds nothing: give it `messages` or `tokens`";
            faults.add(&["messages", "tokens"], message);
        }
        for (name, most) in [("messages", fields.messages), ("tokens", fields.tokens)] {
            if most == Some(0) {
                let message =
                    format!("`{name}` is 1 at least: the newest user message always goes");
                faults.add(&[name], message);
            }
        }
        let summary = fields.summary.and_then(|text| {
            if text.trim().is_empty() {
                faults.add(&["summary"], "`summary` is empty; leave it out");
                return None;
            }
            let parsed = Template::parse_for(Escaping::Prompt, &text);
            let fault = |error: crate::lang::template::TemplateError| {
                faults.add_within("summary", error.range, error.message, error.help);
            };
            parsed.map_err(fault).ok()
        });
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        match faults.is_empty() {
            true => Ok(TrimRule {
                messages: fields.messages.map(count),
                tokens: fields.tokens.map(|most| (count(most), TokenCounter::new())),
                summary,
            }),
            false => Err(faults),
        }
    }
}

impl Rule for TrimRule {
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError> {
        let Some(cut) = self.cut(request, turn) else {
            return Ok(Change::Unchanged);
        };
        let is_gone: Vec<bool> = request
            .messages()
            .iter()
            .enumerate()
            .map(|(at, message)| at < cut && !message.role().is_instruction())
            .collect();
        if !is_gone.contains(&true) {
            return Ok(Change::Unchanged);
        }
        let summary = self.summary.as_ref().map(|text| text.render(&turn.facts));
        let summary = summary.transpose();
        let summary = summary.map_err(|error| RuleError(error.to_string()))?;
        let summary = summary.filter(|text| !text.trim().is_empty());
        // What it may not write it does not cut for.
        turn.injected_left = turn.left_behind(summary.as_ref().map_or(0, String::len))?;
        let is_leading =
            |message: &&Message| message.role().is_instruction() && !message.is_at_tail();
        let leading = request.messages().iter().take_while(is_leading).count();
        let mut history = request.history();
        // The cut parts no tool call from its results.
        history.remove_alone(|at| is_gone.get(at).copied().unwrap_or(false));
        if let Some(summary) = summary {
            history.insert(leading, Message::new("system", &summary));
        }
        Ok(Change::Changed)
    }

    fn about(&self) -> About {
        let written = self.summary.as_ref().map(|text| WrittenText {
            text: text.clone(),
            field: "summary".to_owned(),
            early: Some(EarlyText {
                help: "print what stays as it is during a call",
                ..EarlyText::before_history("summary")
            }),
        });
        About {
            names: SpokenNames::of_texts(self.summary.iter()),
            writes: Vec::from_iter(written),
            reshapes: Some(EarlyText {
                field: match self.messages {
                    Some(_) => "messages".to_owned(),
                    None => "tokens".to_owned(),
                },
                does: "the rule removes messages of the history,",
                help: "leave `turn` out of the condition: what is gone in one turn is gone in all that follow",
                is_of_its_turn: false,
            }),
            is_blind: false,
            ..About::default()
        }
    }
}

impl TrimRule {
    /// The first message that stays, instructions apart; none: all do.
    fn cut(&self, request: &ChatRequest, turn: &mut Turn) -> Option<usize> {
        let messages = request.messages();
        let newest = request.newest_user()?;
        let mut least = 0;
        if let Some(most) = self.messages {
            let counted = messages
                .iter()
                .map(|message| usize::from(!message.role().is_instruction()));
            least = least.max(first_within(&counted.collect::<Vec<_>>(), most));
        }
        if let Some((most, counter)) = &self.tokens {
            // No token is shorter than a byte, so that short histories need no count.
            let bytes: usize = messages.iter().map(|message| message.weight()).sum();
            if bytes > *most {
                let counted = counter.count(request);
                if let (Some(told), true) = (counted.estimated, turn.remark.is_none()) {
                    turn.remark = Some(told);
                }
                // Instructions stay whatever they take; the rest has what they leave.
                let is_kept = |at: &usize| messages[*at].role().is_instruction();
                let kept = (0..messages.len()).filter(is_kept);
                let kept: usize = kept.map(|at| counted.of_messages[at]).sum();
                let mut of_history = counted.of_messages;
                for (at, count) in of_history.iter_mut().enumerate() {
                    if is_kept(&at) {
                        *count = 0;
                    }
                }
                least = least.max(first_within(&of_history, most.saturating_sub(kept)));
            }
        }
        if least == 0 {
            return None;
        }
        // A cut is where a turn of the caller's begins, at the newest one at the latest.
        let is_start = |at: &usize| messages.get(*at).is_some_and(|it| it.role() == Role::User);
        let cut = (least..newest).find(is_start).unwrap_or(newest);
        let cut = before_what_it_parts(&tool_pairs(messages), cut);
        (cut > 0).then_some(cut)
    }
}

/// A cut that parts no tool call from its results: at it, or before.
fn before_what_it_parts(pairs: &[ToolPair], cut: usize) -> usize {
    // The newest first: a cut that moves back may part older ones.
    let newest = pairs.iter().rev();
    newest.fold(cut, |cut, pair| match pair.is_parted_at(cut) {
        true => pair.asked,
        false => cut,
    })
}

/// The first message that stays where no more than `most` may: what is before it is a whole number of
/// steps, so that it stays where it is for many turns.
fn first_within(counted: &[usize], most: usize) -> usize {
    let all: usize = counted.iter().sum();
    let Some(over) = all.checked_sub(most).filter(|over| *over > 0) else {
        return 0;
    };
    let step = (most / PART).max(1);
    let gone = over.div_ceil(step) * step;
    let mut before = 0;
    for (at, count) in counted.iter().enumerate() {
        if before >= gone {
            return at;
        }
        before += count;
    }
    counted.len()
}

#[cfg(test)]
mod tests;
