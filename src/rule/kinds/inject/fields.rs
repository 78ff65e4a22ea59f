//! The fields of `[then.inject]`, and the rule that they make.
//!
//! What can't go together is told here, with its place; nothing is put into a request.

use schemars::JsonSchema;
use serde::Deserialize;

use super::trusted_path::TrustedPath;
use super::{InjectRule, InjectedText};
use crate::chat::history::HistoryPlace;
use crate::files::{Beside, Faults};
use crate::lang::template::{Escaping, Template};

/// Adds a message to what the model gets, or replaces the instructions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InjectFields {
    /// What is said; a Jinja template. What comes out empty adds nothing.
    text: Option<String>,
    /// Or the file with it, beside the rule.
    text_file: Option<String>,
    /// Or several messages, in their order.
    messages: Option<Vec<InjectedMessageFields>>,
    /// Or turns that show the model how it is done; they stand before the first user message.
    examples: Option<Vec<InjectedExampleFields>>,
    /// Paths of values that are printed as they are written, as in `context.assistant.prompt`. Default: none.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    trusted: Vec<TrustedPath>,
    /// Who says the text. Default: `system`.
    role: Option<InjectedRole>,
    /// Where it goes. Default: `tail`; of `examples`, `first-user`.
    place: Option<InjectPlace>,
    /// The most characters of each text; a longer one is cut. Default: as many as there are.
    max_chars: Option<u32>,
    /// It is said in each so-many-th turn alone: 5 is the turns 5, 10, 15, … Default: in all.
    every: Option<u32>,
    /// It is said once, in the turn in which the condition first holds, and stays there.
    once: Option<InjectOnce>,
}

/// One of several messages.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InjectedMessageFields {
    /// Who says it. Default: `system`.
    #[serde(default)]
    role: InjectedRole,
    /// What is said; a Jinja template.
    text: String,
}

/// A turn that never was.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InjectedExampleFields {
    /// What a caller says; a Jinja template.
    user: String,
    /// What the model is to say to that; a Jinja template.
    assistant: String,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum InjectOnce {
    /// Once in a call.
    Call,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum InjectedRole {
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
pub(super) enum InjectPlace {
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
    /// Just before the first user message, behind instructions and greeting.
    FirstUser,
}

/// A text as it is written, and whose it is.
struct InjectedField<'f> {
    role: InjectedRole,
    text: &'f str,
    field: String,
}

impl InjectRule {
    pub(super) fn new(fields: InjectFields, beside: &[Beside]) -> Result<InjectRule, Faults> {
        let mut faults = Faults::default();
        fields.judge(&mut faults);
        let trusted = fields.trusted.iter().map(|path| path.0.clone());
        let trusted: Vec<Vec<String>> = trusted.collect();
        let mut texts = Vec::new();
        for written in fields.written() {
            let parsed = Template::parse_trusting(Escaping::Prompt, written.text, trusted.clone());
            match parsed {
                Ok(text) => texts.push(InjectedText {
                    role: written.role,
                    text,
                    field: written.field,
                }),
                Err(error) => {
                    faults.add_within(&written.field, error.range, error.message, error.help);
                }
            }
        }
        if let Some(name) = &fields.text_file {
            let text = of_file(name, beside, &trusted, &mut faults);
            texts.extend(text.map(|text| InjectedText {
                role: fields.role.unwrap_or_default(),
                text,
                field: "text_file".to_owned(),
            }));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let default = match fields.examples {
            Some(_) => InjectPlace::FirstUser,
            None => InjectPlace::Tail,
        };
        Ok(InjectRule {
            texts,
            in_pairs: fields.examples.is_some(),
            place: fields.place.unwrap_or(default),
            placed_by: fields.place.map(|_| "place"),
            once: fields.once.is_some(),
            every: fields.every.map(u64::from),
            max_chars: fields
                .max_chars
                .map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
            trusted,
        })
    }
}

impl InjectFields {
    /// What does not go together.
    fn judge(&self, faults: &mut Faults) {
        let all = [
            ("text", self.text.is_some()),
            ("text_file", self.text_file.is_some()),
            ("messages", self.messages.is_some()),
            ("examples", self.examples.is_some()),
        ];
        let given: Vec<&str> = all.iter().filter(|it| it.1).map(|it| it.0).collect();
        match given.as_slice() {
            [] => {
                let message = "an inject rule says nothing: give it a `text`, a `text_file`, `messages` or `examples`";
                faults.add(&["text"], message);
            }
            [_] => {}
            [first, second, ..] => {
                let message = format!("the rule has a `{first}` and a `{second}`; keep one");
                faults.add(&[second, first], message);
            }
        }
        let is_empty = [
            ("messages", self.messages.as_ref().map(Vec::is_empty)),
            ("examples", self.examples.as_ref().map(Vec::is_empty)),
        ];
        for (name, _) in is_empty.iter().filter(|(_, it)| *it == Some(true)) {
            faults.add(
                &[name],
                format!("`{name}` is an empty list: give it one at least"),
            );
        }
        for written in self.written() {
            if written.field != "text" && written.text.trim().is_empty() {
                faults.add(&[&written.field], "the text is empty");
            }
        }
        if self.role.is_some() && (self.messages.is_some() || self.examples.is_some()) {
            let message = "`role` is who says `text`; each of `messages` has its own, and `examples` say who speaks";
            faults.add(&["role"], message);
        }
        for (name, number) in [("max_chars", self.max_chars), ("every", self.every)] {
            if number == Some(0) {
                faults.add(
                    &[name],
                    format!("`{name}` is 1 at least; leave it out for all"),
                );
            }
        }
        if self.once.is_some() && self.every.is_some() {
            let message = "`once` is said once, and `every` again and again; keep one";
            faults.add(&["every", "once"], message);
        }
        if self.once.is_some() && self.place.is_some() {
            let message = "`once` has its own place: before the user message of its turn";
            faults.add(&["place", "once"], message);
        }
    }

    /// The texts of the table, in order.
    fn written(&self) -> Vec<InjectedField<'_>> {
        let mut all = Vec::new();
        let mut add = |role, text, field| all.push(InjectedField { role, text, field });
        if let Some(text) = &self.text {
            add(self.role.unwrap_or_default(), text, "text".to_owned());
        }
        for (at, it) in self.messages.iter().flatten().enumerate() {
            add(it.role, &it.text, format!("messages.{at}.text"));
        }
        for (at, it) in self.examples.iter().flatten().enumerate() {
            let field = |name: &str| format!("examples.{at}.{name}");
            add(InjectedRole::User, &it.user, field("user"));
            add(InjectedRole::Assistant, &it.assistant, field("assistant"));
        }
        all
    }
}

/// The template in a file beside the rule.
fn of_file(
    name: &str,
    beside: &[Beside],
    trusted: &[Vec<String>],
    faults: &mut Faults,
) -> Option<Template> {
    let found = beside.iter().find(|file| file.name == name);
    if let Some(Beside { read: Ok(file), .. }) = found {
        let parsed = Template::parse_trusting(Escaping::Prompt, &file.text, trusted.to_vec());
        let parsed = parsed.map_err(|error| {
            faults.add_in(file, error.range, error.message, error.help);
        });
        return parsed.ok();
    }
    let why = match found.map(|file| &file.read) {
        Some(Err(why)) => format!("`{name}`: {why}"),
        _ => format!("`{name}` was not read"),
    };
    let help = "name a file in the folder of the rule, as in `text_file = \"prompt.md\"`";
    faults.add_within("text_file", None, why, Some(help.to_owned()));
    None
}

impl InjectPlace {
    pub(super) fn in_history(self) -> HistoryPlace {
        match self {
            InjectPlace::Tail => HistoryPlace::Tail,
            InjectPlace::SystemEnd => HistoryPlace::BehindInstructions,
            InjectPlace::SystemStart => HistoryPlace::Start,
            InjectPlace::SystemReplace => HistoryPlace::InsteadOfInstructions,
            InjectPlace::End => HistoryPlace::End,
            InjectPlace::FirstUser => HistoryPlace::FirstUser,
        }
    }

    /// Whether all that was said in earlier turns stands before it.
    pub(super) fn is_late(self) -> bool {
        matches!(self, InjectPlace::Tail | InjectPlace::End)
    }
}

impl InjectedRole {
    pub(super) fn name(self) -> &'static str {
        match self {
            InjectedRole::System => "system",
            InjectedRole::Developer => "developer",
            InjectedRole::User => "user",
            InjectedRole::Assistant => "assistant",
        }
    }
}
