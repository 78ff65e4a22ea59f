//! What a rule does whatever the turn, as far as its table tells: for `aside check`, for what a turn
//! must know before its rules run, and for recordings.
//!
//! It judges nothing. Fields are named as in the rule's table, `patterns.ORDER` within it.

use std::collections::BTreeSet;

use crate::lang::template::Template;

/// What a rule does in every turn. The default does nothing that anybody need know of.
#[derive(Debug, Default)]
pub struct About {
    /// The names of facts that it speaks of.
    pub names: SpokenNames,
    /// The labels of the placeholders that it gives out.
    pub labels: Vec<String>,
    /// The texts that it writes into the request.
    pub writes: Vec<WrittenText>,
    /// The texts that it puts into other fields of the request.
    pub sends: Vec<WrittenText>,
    /// The paths of values that it may bring into the request in another way, each with its field.
    pub carries: Vec<(String, Vec<String>)>,
    /// What else it changes of what later turns send as well.
    pub reshapes: Option<EarlyText>,
    /// The fields of the request that it sets or takes out.
    pub fields: Vec<RequestField>,
    /// The paths of values that it prints as they are written.
    pub trusts: Vec<Vec<String>>,
    /// What it hides.
    pub hides: Option<HiddenValues>,
    /// What it lets through though somebody may think that it is hidden.
    pub misses: Vec<MissedValue>,
    /// The regular expressions of its table, each with its field.
    pub patterns: Vec<(String, String)>,
    /// What may hold a reply back, each with its field.
    pub holds: Vec<(String, HeldFor)>,
    /// The field for which it touches nothing at all.
    pub idle: Option<&'static str>,
    /// The upstream or route of the config that it names.
    pub upstream: Option<String>,
    /// What else is doubtful in it.
    pub doubts: Vec<Doubted>,
    /// Whether it does the same whatever the texts of the request say.
    pub is_blind: bool,
    /// The field for which no model is asked and no rule behind it runs.
    pub answers: Option<&'static str>,
    /// The field for which the model's reply to the same request is given again.
    pub repeats: Option<&'static str>,
    /// Whether it acts in the turn in which its condition first held, and in every later one.
    pub looks_back: bool,
    /// How it shapes what is said.
    pub speech: Option<Speech>,
}

/// Something in a rule's table that can't be meant.
#[derive(Debug, Clone)]
pub struct Doubted {
    /// The field.
    pub field: String,
    /// What is to be said of it.
    pub message: String,
    /// What to write.
    pub help: &'static str,
}

impl Doubted {
    /// A doubt about a field.
    pub fn new(field: &str, message: String, help: &'static str) -> Doubted {
        Doubted {
            field: field.to_owned(),
            message,
            help,
        }
    }
}

/// How a rule shapes what is said, beside what it does to the text.
#[derive(Debug, Clone, Default)]
pub struct Speech {
    /// Whether nothing is said behind a tool call.
    pub ends_at_calls: bool,
    /// What is said where nothing is left of a reply.
    pub empty: String,
    /// The field for which it says values in other words.
    pub says: Option<&'static str>,
}

/// The names of facts of which a rule speaks.
#[derive(Debug, Default)]
pub struct SpokenNames {
    /// The roots.
    pub roots: BTreeSet<String>,
    /// The names of the fetches.
    pub fetches: BTreeSet<String>,
    /// The paths of what it looks at.
    pub paths: Vec<Vec<String>>,
    /// Those on whose values it depends what is done, not only what is printed.
    pub deciding: Vec<Vec<String>>,
}

/// A text that a rule writes.
#[derive(Debug)]
pub struct WrittenText {
    /// The text.
    pub text: Template,
    /// The field that holds it.
    pub field: String,
    /// How it changes what was said in earlier turns; none: it stands behind all that.
    pub early: Option<EarlyText>,
}

/// A field of the request that a rule sets or takes out.
#[derive(Debug, Clone)]
pub struct RequestField {
    /// Its name in the request.
    pub name: String,
    /// The field of the rule that says so.
    pub field: String,
}

/// A text, or something else, in the part of a request that later turns have as well.
#[derive(Debug, Clone)]
pub struct EarlyText {
    /// The field that puts it there.
    pub field: String,
    /// What it does there, as in `the text stands before the history`.
    pub does: &'static str,
    /// What to write where it should not.
    pub help: &'static str,
    /// Whether `turn` in it, and in its condition, is that of the turn in which it stands.
    pub is_of_its_turn: bool,
}

impl EarlyText {
    /// A text that a field puts before the history.
    pub fn before_history(field: &str) -> EarlyText {
        EarlyText {
            field: field.to_owned(),
            does: "the text stands before the history",
            help: "leave it out: the text then stands just before the newest user message",
            is_of_its_turn: false,
        }
    }
}

/// What a rule hides.
#[derive(Debug, Default)]
pub struct HiddenValues {
    /// The paths of the values that are hidden wherever they stand.
    pub known: Vec<Vec<String>>,
    /// Whether it looks for private values by how they look.
    pub by_looks: bool,
    /// Whether any of them comes back in what the caller hears.
    pub come_back: bool,
}

/// Values that stay, unless some rule gives out their label.
#[derive(Debug)]
pub struct MissedValue {
    /// The label.
    pub label: String,
    /// The field that makes people think so, and the text in it.
    pub field: &'static str,
    /// The text.
    pub text: String,
    /// What is to be said of it.
    pub message: String,
    /// What to write.
    pub help: String,
}

/// How long a reply may be held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldFor {
    /// A match may have so many bytes.
    Bytes(usize),
    /// Until something is over, however long it is.
    Open {
        /// What is to be said of it.
        message: &'static str,
        /// What to write.
        help: &'static str,
    },
}

impl SpokenNames {
    /// Those of several texts.
    pub fn of_texts<'t>(texts: impl IntoIterator<Item = &'t Template>) -> SpokenNames {
        let mut all = SpokenNames::default();
        for names in texts.into_iter().map(SpokenNames::of_text) {
            all.roots.extend(names.roots);
            all.fetches.extend(names.fetches);
            all.paths.extend(names.paths);
            all.deciding.extend(names.deciding);
        }
        all
    }

    /// Those of a text. What is done depends on a value only where the text has statements.
    pub fn of_text(text: &Template) -> SpokenNames {
        let paths: Vec<Vec<String>> = text.paths().to_vec();
        let deciding = match text.source().contains("{%") {
            true => paths.clone(),
            false => Vec::new(),
        };
        SpokenNames {
            roots: text.references().clone(),
            fetches: text.fetches(),
            paths,
            deciding,
        }
    }
}
