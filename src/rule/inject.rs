//! `inject`: adds a message to what the model gets, or replaces the instructions.
//!
//! `text` is a template; what comes out empty adds nothing. `place` says where it goes; the
//! default, `tail`, stands just before the newest user message, so that everything before it
//! stays as it was and the provider's prompt cache keeps working.
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

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Change, Habits, Kind, Rule, RuleError, Turn, Writes};
use crate::chat::{ChatRequest, Message};
use crate::text::Faults;
use crate::text::template::{Escaping, Template};

/// The kind's entry in the list.
pub const KIND: Kind = Kind {
    name: "inject",
    source: include_str!("inject.rs"),
    read: super::read_by::<Fields, Inject>,
    example: EXAMPLE,
    starter: STARTER,
    schema: super::schema_of::<Fields>,
    fails_closed: false,
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
pub struct Inject {
    text: Template,
    role: InjectedRole,
    place: Place,
}

/// Adds a message to what the model gets, or replaces the instructions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Fields {
    /// What is said; a Jinja template. What comes out empty adds nothing.
    text: String,
    /// Who says it. Default: `system`.
    #[serde(default)]
    role: InjectedRole,
    /// Where it goes. Default: `tail`.
    #[serde(default)]
    place: Place,
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
enum Place {
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

impl TryFrom<Fields> for Inject {
    type Error = Faults;

    fn try_from(fields: Fields) -> Result<Inject, Faults> {
        let text = Template::parse_for(Escaping::Prompt, &fields.text).map_err(|error| {
            let mut faults = Faults::default();
            faults.add_within("text", error.range, error.message, error.help);
            faults
        })?;
        Ok(Inject {
            text,
            role: fields.role,
            place: fields.place,
        })
    }
}

impl Rule for Inject {
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
        let newest_user = request.newest_user();
        let instructions = request.leading_instructions();
        let messages = request.messages_mut();
        match self.place {
            Place::Tail => {
                let at = newest_user.unwrap_or(messages.len());
                messages.insert(at, message.placed_at_tail());
            }
            Place::End => messages.push(message.placed_at_tail()),
            Place::SystemEnd => messages.insert(instructions, message),
            Place::SystemStart => messages.insert(0, message),
            Place::SystemReplace => {
                messages.splice(..instructions, [message]);
            }
        }
        Ok(Change::Changed)
    }

    fn speaks_of(&self, root: &str) -> bool {
        self.text.references().contains(root)
    }

    fn fetches(&self) -> BTreeSet<String> {
        self.text.fetches()
    }

    fn habits(&self) -> Habits {
        let is_early = !matches!(self.place, Place::Tail | Place::End);
        Habits {
            writes: Some(Writes {
                text: self.text.clone(),
                early: is_early.then_some("place"),
            }),
            ..Habits::default()
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
mod tests {
    use super::*;
    use crate::text::facts::Facts;

    const HISTORY: &str = "system:a system:b assistant:c user:d assistant:e user:f tool:g";

    fn read(table: &str) -> Inject {
        let fields: Fields = toml::from_str(table).expect("its fields");
        Inject::try_from(fields).expect("a rule")
    }

    fn place(place: &str, history: &str) -> String {
        let rule = read(&format!("text = \"X\"\nplace = \"{place}\""));
        let messages: Vec<serde_json::Value> = history
            .split(' ')
            .filter_map(|message| message.split_once(':'))
            .map(|(role, content)| serde_json::json!({"role": role, "content": content}))
            .collect();
        let body = serde_json::json!({ "messages": messages }).to_string();
        let mut request = ChatRequest::parse(body.into()).expect("a request");
        rule.on_request(&mut request, &mut Turn::new(Facts::new()))
            .expect("it works");
        request
            .messages()
            .iter()
            .map(|message| message.text().into_owned())
            .collect()
    }

    #[test]
    fn each_place_is_where_it_says() {
        for (name, expected) in [
            ("tail", "abcdeXfg"),
            ("end", "abcdefgX"),
            ("system-start", "Xabcdefg"),
            ("system-end", "abXcdefg"),
            ("system-replace", "Xcdefg"),
        ] {
            assert_eq!(place(name, HISTORY), expected, "{name}");
        }
        assert_eq!(place("tail", "system:a assistant:b"), "abX");
        assert_eq!(place("system-replace", "user:a"), "Xa");
    }

    #[test]
    fn s26_so_many_bytes_are_injected_into_a_turn_and_no_more() {
        let rule = read("text = \"éX\"");
        let mut turn = Turn::new(Facts::new());
        turn.injected_left = Some(8);
        let mut inject = || {
            let mut request =
                ChatRequest::parse(r#"{"messages":[{"role":"user","content":"a"}]}"#.into())
                    .expect("a request");
            let change = rule.on_request(&mut request, &mut turn);
            (
                change.map_err(|error| error.to_string()),
                request.messages().len(),
            )
        };
        assert_eq!(inject(), (Ok(Change::Changed), 2));
        assert_eq!(inject(), (Ok(Change::Changed), 2));
        let (failed, messages) = inject();
        let why = failed.expect_err("three times three is nine");
        assert!(why.starts_with("its text has 3 bytes"), "{why}");
        assert!(why.ends_with("2 are left"), "{why}");
        assert_eq!(messages, 1);
    }

    #[test]
    fn what_renders_to_nothing_adds_nothing() {
        let rule = read("text = \"{% if customer.name %}x{% endif %}\"");
        let mut request =
            ChatRequest::parse(r#"{"messages":[{"role":"user","content":"a"}]}"#.into())
                .expect("a request");
        let change = rule
            .on_request(&mut request, &mut Turn::new(Facts::new()))
            .expect("it works");
        assert_eq!(change, Change::Unchanged);
    }
}
