//! `tools`: edits the list of tools that the model may call.
//!
//! `remove` takes tools out by their names, `only` leaves none but these; in both, `*` stands for any
//! letters: `crm_*`. `add` puts tools in, each with `name`, `description` and `parameters` (a JSON
//! Schema); one that is there already is replaced in its place. `describe` gives tools another
//! description, by name: a template, whose values are data as in `inject`, and count against
//! `limits.injected` as there. They are done in this order: `only`, `remove`, `add`, `describe`.
//!
//! A tool that the rule leaves alone goes as it came, byte by byte, and so do calls of earlier turns. A
//! list without tools goes, and with it what speaks of tools (`parallel_tool_calls`); `tool_choice`
//! goes where it names a tool that is gone, and the step says so. The client calls the tools: Vapi
//! calls none but those that its assistant has.

mod choice;
mod definition;
mod edited;

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::Kind;
use crate::chat::{ChatRequest, json};
use crate::files::Faults;
use crate::lang::template::{Escaping, Template};
use crate::rule::{
    About, Change, Doubted, EarlyText, Rule, RuleError, SpokenNames, Turn, WrittenText,
};
use choice::{drop_choice, listed, named_tools};
use definition::{AddedTool, AddedToolFields};
use edited::EditedLists;

/// The kind's entry in the list.
pub const KIND: Kind =
    Kind::new::<ToolsFields, ToolsRule>("tools", include_str!("tools.rs"), EXAMPLE);

/// A rule file that shows the kind.
const EXAMPLE: &str = r#"about = "Nobody is put through outside opening hours, whatever the assistant may do."
when = 'context.global.is_open == false'

[then.tools]
remove = ["transferCall"]
describe = { book_table = "Books a table. Say first that the kitchen is closed now." }

[[test]]
name = "at night nobody is put through"
given = { context = { global = { is_open = false } } }
fields = { tools = [
  { type = "function", function = { name = "transferCall", description = "Puts the caller through." } },
  { type = "function", function = { name = "book_table", description = "Books a table." } },
] }
caller = "Can I talk to somebody?"
upstream_gets = { tools = [
  { type = "function", function = { name = "book_table", description = "Books a table. Say first that the kitchen is closed now." } },
] }
"#;

/// The rule.
#[derive(Debug)]
pub struct ToolsRule {
    only: Option<Vec<ToolNames>>,
    remove: Vec<ToolNames>,
    add: Vec<AddedTool>,
    describe: Vec<(ToolNames, Template)>,
    edited: EditedLists,
}

/// Edits the list of tools that the model may call.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ToolsFields {
    /// The names of the only tools that stay; `*` stands for any letters.
    only: Option<Vec<String>>,
    /// The names of tools that go; `*` stands for any letters.
    #[serde(default)]
    remove: Vec<String>,
    /// Tools that are put in, each with `name`, `description` and `parameters`.
    #[serde(default)]
    add: Vec<AddedToolFields>,
    /// Other descriptions, by the name of the tool; Jinja templates.
    #[serde(default)]
    describe: BTreeMap<String, String>,
}

/// A name, or several with `*`.
#[derive(Debug)]
struct ToolNames(String);

/// What became of a list of tools.
#[derive(Debug)]
struct EditedList {
    json: String,
    /// The names of the tools in it.
    names: Vec<String>,
    /// How many bytes of descriptions were written into it.
    written: usize,
}

impl TryFrom<ToolsFields> for ToolsRule {
    type Error = Faults;

    fn try_from(fields: ToolsFields) -> Result<ToolsRule, Faults> {
        let mut faults = Faults::default();
        let does_nothing = fields.only.is_none()
            && fields.remove.is_empty()
            && fields.add.is_empty()
            && fields.describe.is_empty();
        if does_nothing {
            let message =
                "a tools rule edits nothing: give it `remove`, `only`, `add` or `describe`";
            faults.add(&["remove", "only", "add", "describe"], message);
        }
        let mut names = |field: &'static str, names: Vec<String>| -> Vec<ToolNames> {
            let wrong = names.iter().enumerate();
            for (at, name) in wrong.filter(|(_, name)| !is_pattern(name)) {
                let message = format!("`{name}` is no name of a tool");
                let field = format!("{field}.{at}");
                let help = Some(definition::NAME_HELP.to_owned());
                faults.add_within(&field, None, message, help);
            }
            names.into_iter().map(ToolNames).collect()
        };
        let only = fields.only.map(|only| names("only", only));
        let remove = names("remove", fields.remove);
        let mut describe = Vec::new();
        for (name, text) in fields.describe {
            let field = format!("describe.{name}");
            if !is_pattern(&name) {
                let help = Some(definition::NAME_HELP.to_owned());
                faults.add_within(&field, None, format!("`{name}` is no name of a tool"), help);
            }
            match Template::parse_for(Escaping::Prompt, &text) {
                Ok(text) => describe.push((ToolNames(name), text)),
                Err(error) => faults.add_within(&field, error.range, error.message, error.help),
            }
        }
        let mut add: Vec<AddedTool> = Vec::new();
        for (at, tool) in fields.add.into_iter().enumerate() {
            let Some(tool) = tool.read(at, &mut faults) else {
                continue;
            };
            if add.iter().any(|other| other.name == tool.name) {
                let message = format!("the tool `{}` is added twice", tool.name);
                faults.add(&[&format!("add.{at}.name")], message);
            }
            add.push(tool);
        }
        match faults.is_empty() {
            true => Ok(ToolsRule {
                only,
                remove,
                add,
                describe,
                edited: EditedLists::default(),
            }),
            false => Err(faults),
        }
    }
}

impl Rule for ToolsRule {
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError> {
        let described = self.describe.iter().map(|(names, text)| {
            let text = text.render(&turn.facts);
            Ok((names, text.map_err(|error| RuleError(error.to_string()))?))
        });
        let described: Vec<(&ToolNames, String)> = described.collect::<Result<_, RuleError>>()?;
        let mut edits = Vec::new();
        for (field, choice) in [("tools", "tool_choice"), ("functions", "function_call")] {
            let list = request.field(field).filter(|list| !json::is_null(list));
            let added = if field == "tools" { &*self.add } else { &[] };
            if list.is_none() && added.is_empty() {
                continue;
            }
            let list = list.map(|list| &**list);
            let edited = self.edited.of(field, list, &described, || {
                self.edit(list, added, &described)
            });
            edits.extend(edited.map(|edited| (field, choice, edited)));
        }
        let written = edits.iter().map(|(.., edited)| edited.written).sum();
        turn.injected_left = turn.left_behind(written)?;
        let is_changed = !edits.is_empty();
        let mut remarks = Vec::new();
        for (field, choice, edited) in edits {
            match edited.names.is_empty() {
                true => {
                    request.remove_field(field);
                    if field == "tools" {
                        request.remove_field("parallel_tool_calls");
                    }
                }
                false => request.set_field(field, &edited.json),
            }
            remarks.extend(drop_choice(request, choice, &edited.names));
        }
        if !remarks.is_empty() {
            turn.remark = Some(remarks.join("; "));
        }
        Ok(is_changed.into())
    }

    fn about(&self) -> About {
        let doubt = || {
            let message = "Vapi calls none but the tools that its assistant has: of one that is added here it \
                           tells the model nothing back";
            let help = "give the tool to the assistant at Vapi, or call it behind your own client";
            Doubted::new("add", message.to_owned(), help)
        };
        let early = |field: String, does| EarlyText {
            field,
            does,
            help: "leave `turn` out of it: the provider's cache begins with the tools",
            is_of_its_turn: false,
        };
        let written = self.describe.iter().map(|(ToolNames(name), text)| {
            let field = format!("describe.{name}");
            let does = "the tools stand before all that is said";
            WrittenText {
                text: text.clone(),
                field: field.clone(),
                early: Some(early(field, does)),
            }
        });
        let edits = [
            ("only", self.only.is_some()),
            ("remove", !self.remove.is_empty()),
            ("add", !self.add.is_empty()),
            ("describe", !self.describe.is_empty()),
        ];
        let edited = edits.iter().find(|(_, is_said)| *is_said);
        let does = "the list of tools stands before all that is said";
        About {
            names: SpokenNames::of_texts(self.describe.iter().map(|(_, text)| text)),
            writes: written.collect(),
            reshapes: edited.map(|(field, _)| early((*field).to_owned(), does)),
            doubts: (!self.add.is_empty()).then(doubt).into_iter().collect(),
            is_blind: true,
            ..About::default()
        }
    }
}

impl ToolsRule {
    /// A list of tools after this rule; none: it is as it was.
    fn edit(
        &self,
        list: Option<&str>,
        added: &[AddedTool],
        described: &[(&ToolNames, String)],
    ) -> Option<EditedList> {
        let tools = list.map(named_tools).unwrap_or_default();
        let (mut is_changed, mut written) = (false, 0);
        let mut new: Vec<(Cow<'_, str>, Cow<'_, str>)> =
            Vec::with_capacity(tools.len() + added.len());
        for (name, tool) in tools {
            let name = name.unwrap_or_default();
            if self.stays(&name) {
                new.push((name, Cow::Borrowed(tool)));
            } else {
                is_changed = true;
            }
        }
        for tool in added {
            match new.iter_mut().find(|(name, _)| *name == tool.name) {
                Some((_, old)) if is_same_json(old, &tool.json) => continue,
                Some((_, old)) => *old = Cow::Borrowed(&tool.json),
                None => new.push((Cow::Borrowed(&tool.name), Cow::Borrowed(&tool.json))),
            }
            is_changed = true;
        }
        for (name, tool) in &mut new {
            let Some((_, text)) = described.iter().find(|(names, _)| names.has(name)) else {
                continue;
            };
            if let Some(edited) = with_description(tool, text) {
                written += text.len();
                *tool = Cow::Owned(edited);
                is_changed = true;
            }
        }
        // A list that came empty is refused as well, but that is the upstream's matter.
        is_changed.then(|| EditedList {
            json: listed(new.iter().map(|(_, tool)| &**tool)),
            names: new.into_iter().map(|(name, _)| name.into_owned()).collect(),
            written,
        })
    }

    fn stays(&self, name: &str) -> bool {
        let is_named = |all: &[ToolNames]| all.iter().any(|names| names.has(name));
        self.only.as_deref().is_none_or(is_named) && !is_named(&self.remove)
    }
}

impl ToolNames {
    /// Whether a tool is named.
    fn has(&self, name: &str) -> bool {
        let mut parts = self.0.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = name.strip_prefix(first) else {
            return false;
        };
        let mut parts = parts.peekable();
        if parts.peek().is_none() {
            return rest.is_empty();
        }
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return rest.ends_with(part);
            }
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        true
    }
}

fn is_pattern(name: &str) -> bool {
    !name.is_empty()
        && name
            .split('*')
            .all(|part| part.is_empty() || definition::is_name(part))
}

/// Whether two texts say the same, whatever the order of keys.
fn is_same_json(one: &str, other: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    one == other || read(one) == read(other)
}

/// A tool with another description; none: it has that one, or is nothing that could have one.
fn with_description(tool: &str, text: &str) -> Option<String> {
    let function = json::value_of(tool, "function").unwrap_or(tool);
    let text = json::encode(text);
    let (place, new) = match json::value_of(function, "description") {
        Some(old) if *old == *text => return None,
        Some(old) => (json::place_in(tool, old), text),
        None => {
            // Behind the name, where OpenAI has it.
            let end = json::place_in(tool, json::value_of(function, "name")?).end;
            (end..end, format!(",\"description\":{text}"))
        }
    };
    Some([&tool[..place.start], &new, &tool[place.end..]].concat())
}

#[cfg(test)]
mod tests;
