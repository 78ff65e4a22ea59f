//! What a rule can do: one file a kind.
//!
//! A rule is a function of the request and what is known of the turn. It does no I/O, keeps no
//! state of a call and knows no clock.
//!
//! To add a kind, write its file (manual, `EXAMPLE`, config struct, `impl Rule`) and add its line
//! to [`KINDS`]. Everything else derives from that list.

pub mod fetch;
mod habits;
pub mod inject;
pub mod redact;
pub mod rewrite;
mod strings;
mod turn;
mod vault;

use std::collections::BTreeSet;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::chat::ChatRequest;
use crate::files::{Document, Faults, Problem, Source};
pub use crate::stream::TextFilter;
pub use habits::{Habits, Held, Hides, Writes};
pub use turn::{Clock, Note, Turn, Unknown};
pub use vault::{Identity, Keep, Place, Seeds, Values, Vault};

/// The kinds of rules, in the order in which they are listed to people.
pub static KINDS: &[Kind] = &[inject::KIND, redact::KIND, rewrite::KIND];

/// One rule, read from its file; shared by all calls, keeps no state.
pub trait Rule: fmt::Debug + Send + Sync {
    /// Rewrites a request on its way to the model.
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError>;

    /// Starts the filter for one lane of the reply, if this rule touches replies.
    fn on_reply(&self, _turn: &Turn, _lane: &Lane) -> Option<Box<dyn TextFilter>> {
        None
    }

    /// Whether it speaks of a root of the facts.
    fn speaks_of(&self, _root: &str) -> bool {
        false
    }

    /// The names of the fetches that this rule speaks of.
    fn fetches(&self) -> BTreeSet<String> {
        BTreeSet::new()
    }

    /// The labels of the placeholders that this rule gives out.
    fn labels(&self) -> &[String] {
        &[]
    }

    /// What it does whatever the turn, for the warnings of `aside check`.
    fn habits(&self) -> Habits {
        Habits::default()
    }
}

/// A kind of rule: how it is read, and its manual.
#[derive(Debug)]
pub struct Kind {
    /// The name in `[then.NAME]`.
    pub name: &'static str,
    /// The file of the kind; its first comment is the manual.
    pub source: &'static str,
    /// Reads the table `[then.NAME]`.
    pub read: ReadRule,
    /// A whole rule file that shows the kind, with its tests.
    pub example: &'static str,
    /// The rule file, with its test, that `aside new` begins with. It works beside any other rules:
    /// `LABEL` in it becomes a label that no other rule has.
    pub starter: &'static str,
    /// The JSON Schema of the table `[then.NAME]`.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    /// Whether the turn ends when such a rule fails, where the rule does not say.
    pub fails_closed: bool,
    /// The fields of its table that name files in the folder of the rule.
    pub files: &'static [&'static str],
}

/// The files that a rule file names, each once. What can't be read names none.
pub fn files_named(source: &Source) -> Vec<String> {
    let fields = || KINDS.iter().flat_map(|kind| kind.files);
    // Most rules name none, and need not be parsed for that.
    if !fields().any(|field| source.text.contains(field)) {
        return Vec::new();
    }
    let (document, _) = Document::parse_what_can_be(source);
    let mut names = Vec::new();
    document.each_text(&mut |path, text, _| {
        let is_file = |kind: &Kind| {
            path.get(1) == Some(&kind.name)
                && path.get(2).is_some_and(|field| kind.files.contains(field))
        };
        let is_named =
            path.len() == 3 && path.first() == Some(&"then") && KINDS.iter().any(is_file);
        if is_named && !names.iter().any(|name| name == text) {
            names.push(text.to_owned());
        }
    });
    names
}

impl Kind {
    /// The manual: what such a rule does, and its fields.
    pub fn manual(&self) -> String {
        let lines = self.source.lines();
        let comment = lines.map_while(|line| line.strip_prefix("//!"));
        let lines: Vec<&str> = comment
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        lines.join("\n")
    }
}

/// Reads a rule's table; no rule comes with at least one problem.
pub type ReadRule = fn(Document<'_>) -> (Option<Box<dyn Rule>>, Vec<Problem>);

/// Whether a rule changed the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The request is as it was.
    Unchanged,
    /// Something in it is new.
    Changed,
}

impl From<bool> for Change {
    fn from(is_changed: bool) -> Change {
        if is_changed {
            Change::Changed
        } else {
            Change::Unchanged
        }
    }
}

/// Why a rule could not do its work in this turn. Never holds what people said.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RuleError(pub String);

/// One text of a reply that streams by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The choice it belongs to.
    pub choice: u64,
    /// What it is.
    pub kind: LaneKind,
    /// Whether it is JSON: what a rule puts there is written as JSON.
    pub is_json: bool,
}

/// What a lane carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaneKind {
    /// What the caller hears.
    Content,
    /// A refusal, which the caller hears as well.
    Refusal,
    /// What the model thinks aloud; the caller does not hear it.
    Reasoning,
    /// The arguments of one tool call, as JSON text.
    Arguments {
        /// The tool's name.
        tool: String,
    },
}

impl LaneKind {
    /// Whether the caller hears this lane.
    pub fn is_heard(&self) -> bool {
        matches!(self, LaneKind::Content | LaneKind::Refusal)
    }
}

/// The JSON Schema of a kind's fields.
fn schema_of<F: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    F::json_schema(generator)
}

/// Reads the table of a kind that is made of its fields.
fn read_by<F: serde::de::DeserializeOwned, R: Rule + TryFrom<F, Error = Faults> + 'static>(
    document: Document<'_>,
) -> (Option<Box<dyn Rule>>, Vec<Problem>) {
    let (rule, problems) = document.read_by::<F, R>();
    (rule.map(|rule| Box::new(rule) as Box<dyn Rule>), problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_name_and_an_example_of_itself() {
        for (at, kind) in KINDS.iter().enumerate() {
            assert!(KINDS[..at].iter().all(|other| other.name != kind.name));
            assert!(
                kind.example.contains(&format!("[then.{}]", kind.name)),
                "{}",
                kind.name
            );
            for text in [kind.example, kind.starter] {
                assert!(text.contains("[[test]]"), "{}", kind.name);
            }
            let manual = kind.manual();
            assert!(
                manual.starts_with(&format!("`{}`: ", kind.name)),
                "{manual}"
            );
        }
    }
}
