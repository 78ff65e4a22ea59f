//! `answer`: answers in the model's place. No model is asked, and the rules behind it do not run.
//!
//! `say` is what the caller hears, a template. Of a list one text is said, by the turn, and never
//! the one that was said last. `call` is the tool that is called: `{ name = "endCall" }`, with
//! `arguments` where it takes any, in which every text is a template too. With both, the text comes
//! first. A tool that the request does not declare is called all the same, and the step says so. Where
//! what is said comes out empty and no tool is called, the model is asked as ever; and so it is where
//! the result of the tool comes back in the same turn, which would else be called without end.
//!
//! Both get the values of the caller as they are, not placeholders: they go to the caller and
//! to the client's tools, and nowhere else. Nothing goes upstream, so nothing that a rule behind this
//! one would have hidden can. What is said passes the replies of the rules before it, but for those
//! that hide: it has no placeholders, and is never taken for what a model said.
//!
//! `repeat = "10m"` is for a caller who says the same again, or a client that asks twice: for so long
//! the model's reply is given again to the same request of the same call, byte by byte as it would go
//! upstream, but for `stream`. The rules behind it run. Only a reply that came whole, and is text
//! alone, is kept: in memory, on this replica, with its placeholders, which are restored anew each
//! time. Without a call's id nothing is kept. A rule that writes the time makes each request another.

mod called_tool;
mod say;

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use crate::chat::ChatRequest;
use crate::files::{Faults, OneOrMore, duration};
use crate::lang::template::Template;
use crate::rule::{About, Change, OwnReply, Rule, RuleError, SpokenNames, Turn};
use called_tool::{CalledTool, CalledToolFields, declares, was_called};
use say::{chosen, templates};

/// The kind's entry in the list.
pub const KIND: Kind =
    Kind::new::<AnswerFields, AnswerRule>("answer", include_str!("answer.rs"), EXAMPLE);

/// A rule file that shows the kind.
const EXAMPLE: &str = r#"about = "Who says goodbye hears it back, and the call ends: no model is asked."
when = 'turn.user.matches(r"(?i)\b(good)?bye\b")'

[then.answer]
say = "Goodbye{% if customer.name %}, {{ customer.name }}{% endif %}!"
call = { name = "endCall", arguments = { reason = "{{ turn.user }}" } }

[[test]]
name = "goodbye ends the call"
given = { customer = { name = "Dana" } }
caller = "Okay, goodbye then."
model_asked = false
caller_hears = "Goodbye, Dana!"
tool_gets = [{ name = "endCall", arguments = { reason = "Okay, goodbye then." } }]

[[test]]
name = "anything else is the model's"
caller = "When do you open?"
model_gets = "When do you open?"
"#;

/// The longest time for which a reply is kept.
const LONGEST_REPEAT: Duration = Duration::from_secs(24 * 3600);

/// The rule.
#[derive(Debug)]
pub enum AnswerRule {
    /// It answers itself.
    Own {
        /// What is said, of which one is chosen; none: nothing is said.
        texts: Vec<Template>,
        /// The tool that is called.
        call: Option<CalledTool>,
    },
    /// The model's reply is given again for so long.
    Repeat(Duration),
}

/// Answers in the model's place.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnswerFields {
    /// What the caller hears; a Jinja template, or several of which one is said.
    say: Option<OneOrMore>,
    /// The tool that is called, as in `{ name = "endCall", arguments = { reason = "{{ turn.user }}" } }`.
    call: Option<CalledToolFields>,
    /// For how long the model's reply is given again to the same request of a call, as in `"10m"`.
    #[serde(default, deserialize_with = "duration::optional_duration")]
    #[schemars(with = "Option<String>")]
    repeat: Option<Duration>,
}

impl TryFrom<AnswerFields> for AnswerRule {
    type Error = Faults;

    fn try_from(fields: AnswerFields) -> Result<AnswerRule, Faults> {
        let mut faults = Faults::default();
        if let Some(time) = fields.repeat {
            if fields.say.is_some() || fields.call.is_some() {
                let message = "`repeat` gives the model's reply again, so there is nothing to `say` or to `call`";
                faults.add(&["repeat"], message);
            }
            if time.is_zero() || time > LONGEST_REPEAT {
                let message = "a reply is kept for more than nothing and for a day at most";
                let help = "write a time such as \"10m\"";
                faults.add_within("repeat", None, message, Some(help.to_owned()));
            }
            return match faults.is_empty() {
                true => Ok(AnswerRule::Repeat(time)),
                false => Err(faults),
            };
        }
        if fields.say.is_none() && fields.call.is_none() {
            let message = "an answer rule answers nothing: give it something to `say`, a tool to `call`, or `repeat`";
            faults.add(&["say", "call", "repeat"], message);
        }
        let has_call = fields.call.is_some();
        let texts = fields.say.map(|say| templates(&say, &mut faults));
        let call = fields.call.and_then(|call| call.read(&mut faults));
        match faults.is_empty() {
            true if has_call == call.is_some() => Ok(AnswerRule::Own {
                texts: texts.unwrap_or_default(),
                call,
            }),
            _ => Err(faults),
        }
    }
}

impl Rule for AnswerRule {
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError> {
        let (texts, call) = match self {
            AnswerRule::Own { texts, call } => (texts, call),
            AnswerRule::Repeat(time) => {
                if turn.repeat.is_none() {
                    turn.repeat = Some(*time);
                }
                return Ok(Change::Unchanged);
            }
        };
        if let Some(call) = call
            && was_called(request, call.name())
        {
            let tool = call.name();
            let remark = format!("`{tool}` was called in this turn already, so the model is asked");
            turn.remark = Some(remark);
            return Ok(Change::Unchanged);
        }
        let failed = |error: &dyn std::error::Error| RuleError(error.to_string());
        let text = chosen(texts, request, &turn.facts).map_err(|error| failed(&error))?;
        let call = call.as_ref().map(|call| call.fill(&turn.facts));
        let call = call.transpose().map_err(|error| failed(&error))?;
        if text.is_none() && call.is_none() {
            turn.remark = Some("what it says came out empty, so the model is asked".to_owned());
            return Ok(Change::Unchanged);
        }
        if let Some(call) = &call
            && !declares(request, &call.tool)
        {
            let tool = &call.tool;
            turn.remark = Some(format!(
                "the request does not declare the tool `{tool}`, which is called all the same"
            ));
        }
        turn.answer = Some(OwnReply { text, call });
        Ok(Change::Answered)
    }

    fn about(&self) -> About {
        let AnswerRule::Own { texts, call } = self else {
            return About {
                repeats: Some("repeat"),
                is_blind: true,
                ..About::default()
            };
        };
        let arguments = call.iter().flat_map(CalledTool::templates);
        About {
            names: SpokenNames::of_texts(texts.iter().chain(arguments)),
            is_blind: true,
            answers: Some(if texts.is_empty() { "call" } else { "say" }),
            ..About::default()
        }
    }
}

#[cfg(test)]
mod tests;
