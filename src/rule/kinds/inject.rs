//! `inject`: adds a message to what the model gets, or replaces the instructions.
//!
//! `text` is a template; what comes out empty adds nothing. `text_file = "prompt.md"` has it in a
//! file of its own beside the rule, or in a folder below: 64 KiB at most, read again when it changes,
//! without its last line break. `place` says where it goes; the default, `tail`, stands just before
//! the newest user message, so that everything before it stays as it was and the provider's prompt
//! cache keeps working.
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

use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use crate::chat::history::HistoryPlace;
use crate::chat::{ChatRequest, Message};
use crate::files::{Beside, Document, Faults, Problem};
use crate::lang::facts::{ROOTS, missing};
use crate::lang::template::{Escaping, Template};
use crate::rule::{About, Change, EarlyText, Rule, RuleError, SpokenNames, Turn, WrittenText};

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
    text: Template,
    /// The field that holds the text.
    field: &'static str,
    trusted: Vec<Vec<String>>,
    role: InjectedRole,
    place: InjectPlace,
}

/// Adds a message to what the model gets, or replaces the instructions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InjectFields {
    /// What is said; a Jinja template. What comes out empty adds nothing.
    text: Option<String>,
    /// Or the file with it, beside the rule.
    text_file: Option<String>,
    /// Paths of values that are printed as they are written, as in `context.assistant.prompt`. Default: none.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    trusted: Vec<TrustedPath>,
    /// Who says it. Default: `system`.
    #[serde(default)]
    role: InjectedRole,
    /// Where it goes. Default: `tail`.
    #[serde(default)]
    place: InjectPlace,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum InjectedRole {
    #[default]
    /// Instructions.
    System,
    /// Instructions, as newer models name them.
    Developer,
    /// As if the caller said it.
    User,
    /// As if the model said it.
    Assistant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum InjectPlace {
    /// Just before the newest user message; at the end where there is none.
    #[default]
    Tail,
    /// Behind the instructions that the history begins with.
    SystemEnd,
    /// Before everything else.
    SystemStart,
    /// In the place of the instructions that the history begins with.
    SystemReplace,
    /// Behind the last message.
    End,
}

/// A path of keys to a value.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct TrustedPath(Vec<String>);

/// Why a path is none of a value that can be trusted.
#[derive(Debug, thiserror::Error)]
enum TrustedPathError {
    #[error(
        "`{path}` names no value: write a path such as `context.assistant.prompt`, that begins with one of {}",
        ROOTS.join(", ")
    )]
    Root { path: String },
    #[error("{message}: {help}")]
    Missing { message: String, help: String },
}

impl TryFrom<String> for TrustedPath {
    type Error = TrustedPathError;

    fn try_from(path: String) -> Result<TrustedPath, TrustedPathError> {
        let keys: Vec<String> = path.split('.').map(str::to_owned).collect();
        let is_known = keys
            .first()
            .is_some_and(|root| ROOTS.contains(&root.as_str()));
        if !is_known || keys.iter().any(String::is_empty) {
            return Err(TrustedPathError::Root { path });
        }
        match missing(&keys) {
            Some(missing) => Err(TrustedPathError::Missing {
                message: missing.message,
                help: missing.help,
            }),
            None => Ok(TrustedPath(keys)),
        }
    }
}

/// Reads the table; the file that it names was handed in beside the rule's.
fn read(document: Document<'_>) -> (Option<Box<dyn Rule>>, Vec<Problem>) {
    let beside = &document.source().beside;
    let (rule, problems) = document.read_with(|fields| InjectRule::new(fields, beside));
    (rule.map(|rule| Box::new(rule) as Box<dyn Rule>), problems)
}

impl InjectRule {
    fn new(fields: InjectFields, beside: &[Beside]) -> Result<InjectRule, Faults> {
        let mut faults = Faults::default();
        let trusted: Vec<Vec<String>> = fields.trusted.into_iter().map(|path| path.0).collect();
        let parse = |text: &str| Template::parse_trusting(Escaping::Prompt, text, trusted.clone());
        let text = match (&fields.text, &fields.text_file) {
            (Some(text), None) => parse(text).map_err(|error| {
                faults.add_within("text", error.range, error.message, error.help);
            }),
            (None, Some(name)) => match beside.iter().find(|file| file.name == *name) {
                Some(Beside { read: Ok(file), .. }) => parse(&file.text).map_err(|error| {
                    faults.add_in(file, error.range, error.message, error.help);
                }),
                found => {
                    let why = match found.map(|file| &file.read) {
                        Some(Err(why)) => format!("`{name}`: {why}"),
                        _ => format!("`{name}` was not read"),
                    };
                    let help =
                        "name a file in the folder of the rule, as in `text_file = \"prompt.md\"`";
                    faults.add_within("text_file", None, why, Some(help.to_owned()));
                    Err(())
                }
            },
            (Some(_), Some(_)) => {
                let message = "the rule has a `text` and a `text_file`; keep one";
                faults.add(&["text_file", "text"], message);
                Err(())
            }
            (None, None) => {
                let message = "an inject rule says nothing: give it a `text` or a `text_file`";
                faults.add(&["text", "text_file"], message);
                Err(())
            }
        };
        let text = text.map_err(|()| faults)?;
        Ok(InjectRule {
            text,
            field: if fields.text.is_some() {
                "text"
            } else {
                "text_file"
            },
            trusted,
            role: fields.role,
            place: fields.place,
        })
    }
}

impl Rule for InjectRule {
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError> {
        let text = self
            .text
            .render(&turn.facts)
            .map_err(|error| RuleError(error.to_string()))?;
        if text.trim().is_empty() {
            return Ok(Change::Unchanged);
        }
        if let Some(left) = &mut turn.injected_left {
            let length = text.len();
            *left = left
                .checked_sub(length)
                .ok_or_else(|| too_much(length, *left))?;
        }
        let message = Message::new(self.role.name(), &text);
        request.history().put(self.place.in_history(), message);
        Ok(Change::Changed)
    }

    fn about(&self) -> About {
        let is_early = !matches!(self.place, InjectPlace::Tail | InjectPlace::End);
        About {
            names: SpokenNames::of_text(&self.text),
            writes: vec![WrittenText {
                text: self.text.clone(),
                field: self.field.to_owned(),
                early: is_early.then(|| EarlyText::before_history("place")),
            }],
            trusts: self.trusted.clone(),
            is_blind: true,
            ..About::default()
        }
    }
}

impl InjectPlace {
    fn in_history(self) -> HistoryPlace {
        match self {
            InjectPlace::Tail => HistoryPlace::Tail,
            InjectPlace::SystemEnd => HistoryPlace::BehindInstructions,
            InjectPlace::SystemStart => HistoryPlace::Start,
            InjectPlace::SystemReplace => HistoryPlace::InsteadOfInstructions,
            InjectPlace::End => HistoryPlace::End,
        }
    }
}

impl InjectedRole {
    fn name(self) -> &'static str {
        match self {
            InjectedRole::System => "system",
            InjectedRole::Developer => "developer",
            InjectedRole::User => "user",
            InjectedRole::Assistant => "assistant",
        }
    }
}

fn too_much(length: usize, left: usize) -> RuleError {
    RuleError(format!(
        "its text has {length} bytes, and of what rules may inject into one turn (`limits.injected` of the config) \
         {left} are left"
    ))
}

#[cfg(test)]
mod tests;
