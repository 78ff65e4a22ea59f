//! `inject`: adds a message to what the model gets, or replaces the instructions.
//!
//! `text` is a template; what comes out empty adds nothing. `text_file = "prompt.md"` has it in a
//! file of its own beside the rule, or in a folder below: 64 KiB at most, read again when it changes,
//! without its last line break. `place` says where it goes; the default, `tail`, stands just before
//! the newest user message, so that everything before it stays as it was and the provider's prompt
//! cache keeps working.
//!
//! `messages = [{ role = "user", text = "…" }, …]` puts in several, in their order. `examples = [{ user =
//! "…", assistant = "…" }, …]` shows the model how turns go: they stand before the first user message,
//! behind instructions and greeting, so that who speaks goes on alternating and the prompt cache keeps
//! them. Of a pair with an empty text nothing is put in.
//!
//! `max_chars` is the most characters of each text. A longer one ends behind the last line or sentence
//! that fits, if that leaves half of it, else behind the last word, with `…`; never within a placeholder,
//! a tag or a number, however it is grouped. The step says that it was cut.
//!
//! `every = 5` puts it in in the turns 5, 10, … alone, by `turn.number`. With `once = "call"` it stands
//! before the user message of the turn in which the condition first held (without one: of the first
//! turn), and stays there in every later turn. Nothing is kept for that: in each turn the condition is
//! asked of every request of the call that the history tells of, after what the caller said and after
//! the results of tools, with `turn` as it was there; and the text is rendered with that `turn`. Nobody
//! can know of earlier turns what `now`, `turn.interrupted`, the context and what is fetched were: they
//! are what they are now, so a condition on the context alone holds from the first turn on as soon as
//! it holds, once and for all it says. `aside check` warns of what changes. Before anybody spoke there
//! is no message; where `trim` cut its turn, it stands before the oldest user message that is left.
//!
//! What the template prints is data: it is never rendered again, and it can't pass for the
//! author's words, a role or another message. Of each printed value
//!
//! - only 4,000 characters stay, then `…`; of the whole text 64 KiB, and of all rules' texts of a
//!   turn what `limits.injected` allows, else the rule fails;
//! - a line break or a tab becomes a blank: to write lines, use `{% for %}` instead of `join`;
//! - control, bidi, zero-width and other invisible signs go, but for joiners within emoji and in
//!   scripts that need them;
//! - `<` becomes `&lt;`, but before a blank, a digit or `=`, so no tag opens: `</context>`,
//!   `<|im_start|>`, `<break>`;
//! - a token such as `[INST]` gets round brackets;
//! - more than two of `` ` ``, `"`, `#`, `=`, `-` or `~` in a row become two: no fence, no rule.
//!
//! Objects, lists and `tojson` are JSON in which every text is treated so. JSON above 16 KiB has
//! its texts cut shorter; where that is not enough, the rule fails. Set values apart by tags, as in
//! `<note>{{ context.call.note }}</note>`, or within a line: what begins a line of the template
//! with a value lets the value begin that line.
//!
//! A value that is itself the author's text, such as a prompt that is stored, is printed as it is
//! written where `trusted = ["context.assistant.prompt"]` names it: no cut, no flattening. What is
//! below the path is trusted with it; nothing beside it is. Trust nothing that a caller may say.

mod cut;
mod fields;
mod trusted_path;

use super::Kind;
use crate::chat::{ChatRequest, Message};
use crate::files::{Document, Problem};
use crate::lang::facts::Facts;
use crate::lang::template::Template;
use crate::rule::{
    About, Change, Doubted, EarlyText, Rule, RuleError, SpokenNames, Turn, WrittenText,
};
use fields::{InjectFields, InjectPlace, InjectedRole};

/// The kind's entry in the list.
pub const KIND: Kind = Kind {
    starter: STARTER,
    files: &["text_file"],
    ..Kind::read_with::<InjectFields>("inject", include_str!("inject.rs"), EXAMPLE, read)
};

/// A rule file that shows the kind.
const EXAMPLE: &str = r#"about = "The model knows who is calling."
when = 'has(customer.name)'

[then.inject]
text = "The caller is {{ customer.name }}."

[[test]]
name = "a known caller is introduced just before what is said"
given = { customer = { name = "Dana" } }
messages = [{ role = "system", content = "Be brief." }, { role = "user", content = "Hi." }]
upstream_gets = { messages = [
  { role = "system", content = "Be brief." },
  { role = "system", content = "The caller is Dana." },
  { role = "user", content = "Hi." },
] }

[[test]]
name = "nothing is said of a stranger"
messages = [{ role = "user", content = "Hi." }]
upstream_gets = { messages = [{ role = "user", content = "Hi." }] }
"#;

/// What `aside new` writes.
const STARTER: &str = r#"about = "The model knows what day it is."

[then.inject]
text = "Today is {{ now | date('%A, %-d %B %Y') }}."

[[test]]
name = "the day is told just before what is said"
given = { now = "2026-11-23T10:00:00Z" }
messages = [{ role = "user", content = "Hi." }]
upstream_gets = { messages = [
  { role = "system", content = "Today is Monday, 23 November 2026." },
  { role = "user", content = "Hi." },
] }
"#;

/// The rule.
#[derive(Debug)]
pub struct InjectRule {
    texts: Vec<InjectedText>,
    /// Whether two texts each are one example.
    in_pairs: bool,
    place: InjectPlace,
    /// The field that says so; none: nobody did.
    placed_by: Option<&'static str>,
    once: bool,
    every: Option<u64>,
    max_chars: Option<usize>,
    trusted: Vec<Vec<String>>,
}

/// One message that is put in.
#[derive(Debug)]
struct InjectedText {
    role: InjectedRole,
    text: Template,
    /// The field that holds it.
    field: String,
}

/// Reads the table; the file that it names was handed in beside the rule's.
fn read(document: Document<'_>) -> (Option<Box<dyn Rule>>, Vec<Problem>) {
    let beside = &document.source().beside;
    let (rule, problems) = document.read_with(|fields| InjectRule::new(fields, beside));
    (rule.map(|rule| Box::new(rule) as Box<dyn Rule>), problems)
}

impl Rule for InjectRule {
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError> {
        if let Some(every) = self.every.filter(|every| !is_due(*every, &turn.facts)) {
            turn.remark = Some(format!("it comes every {every} turns, and not in this one"));
            return Ok(Change::Unchanged);
        }
        let first = turn.first.as_ref().filter(|_| self.once);
        let (behind, since) = first.map_or((usize::MAX, 1), |it| (it.behind, it.request));
        let mut cuts = Vec::new();
        let facts = first.map_or(&turn.facts, |first| &first.facts);
        let messages = self.messages(facts, &mut cuts)?;
        if messages.is_empty() {
            return Ok(Change::Unchanged);
        }
        let length = messages.iter().map(|(length, _)| length).sum();
        let left = turn.left_behind(length)?;
        let messages = messages.into_iter().map(|(_, message)| message).collect();
        let mut history = request.history();
        let is_put = match self.once {
            true => history.put_before_user(behind, since, messages),
            false => history.put_all(self.place.in_history(), messages),
        };
        if !is_put {
            turn.remark = Some("nobody has spoken yet".to_owned());
            return Ok(Change::Unchanged);
        }
        turn.injected_left = left;
        if !cuts.is_empty() {
            turn.remark = Some(cuts.join("; "));
        }
        Ok(Change::Changed)
    }

    fn about(&self) -> About {
        let early = match self.once {
            true => Some(EarlyText {
                field: "once".to_owned(),
                does: "what was said is said anew each time",
                help: "print what stays as it is during a call, or leave `once` out",
                is_of_its_turn: true,
            }),
            false if self.place.is_late() => None,
            false => Some(match self.placed_by {
                Some(field) => EarlyText::before_history(field),
                None => EarlyText {
                    help: "print what stays as it is during a call, and give it no condition on `turn`",
                    ..EarlyText::before_history("examples")
                },
            }),
        };
        let written = self.texts.iter().map(|it| WrittenText {
            text: it.text.clone(),
            field: it.field.clone(),
            early: early.clone(),
        });
        About {
            names: SpokenNames::of_texts(self.texts.iter().map(|it| &it.text)),
            writes: written.collect(),
            trusts: self.trusted.clone(),
            is_blind: !self.once,
            looks_back: self.once,
            doubts: self.doubts(),
            ..About::default()
        }
    }
}

impl InjectRule {
    /// The messages of a turn, each with the length of its text; what was cut of them is told.
    fn messages(
        &self,
        facts: &Facts,
        cuts: &mut Vec<String>,
    ) -> Result<Vec<(usize, Message)>, RuleError> {
        let mut messages = Vec::with_capacity(self.texts.len());
        for together in self.texts.chunks(if self.in_pairs { 2 } else { 1 }) {
            let texts = together.iter().map(|it| it.text.render(facts));
            let texts: Vec<String> = texts
                .collect::<Result<_, _>>()
                .map_err(|error| RuleError(error.to_string()))?;
            if texts.iter().any(|text| text.trim().is_empty()) {
                continue;
            }
            for (it, text) in together.iter().zip(texts) {
                let most = self.max_chars.unwrap_or(usize::MAX);
                let text = match cut::cut(&text, most) {
                    None => text,
                    Some(cut) => {
                        let (long, short) = (text.chars().count(), cut.chars().count());
                        cuts.push(format!(
                            "`{}` was cut from {long} to {short} characters (`max_chars`)",
                            it.field
                        ));
                        cut
                    }
                };
                messages.push((text.len(), Message::new(it.role.name(), &text)));
            }
        }
        Ok(messages)
    }

    fn doubts(&self) -> Vec<Doubted> {
        let mut doubts = Vec::new();
        if self.every == Some(1) {
            let message = "`every = 1` is each turn, as without it".to_owned();
            doubts.push(Doubted::new("every", message, "leave it out"));
        } else if self.every.is_some() && !self.place.is_late() {
            let message = "the text stands before the history and comes and goes: the provider's prompt cache is \
                           lost each time";
            let help = "put it just before the newest user message, as `place = \"tail\"` does";
            doubts.push(Doubted::new("every", message.to_owned(), help));
        }
        doubts
    }
}

/// Whether it is the turn of what comes every so many turns.
fn is_due(every: u64, facts: &Facts) -> bool {
    let turn = facts.root("turn").and_then(|turn| turn.get("number"));
    let number = turn.and_then(serde_json::Value::as_u64).unwrap_or_default();
    number > 0 && number.is_multiple_of(every)
}

#[cfg(test)]
mod tests;
