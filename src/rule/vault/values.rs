//! Private values in the order of their numbers, each under its label.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use super::identity::Identity;

/// NumberedValues in the order of their numbers.
#[derive(Clone, Default)]
pub struct NumberedValues {
    entries: Vec<NumberedValue>,
    /// The numbers of values, each under one label of the list.
    numbers: HashMap<(Identity, usize), u32, foldhash::fast::RandomState>,
    /// The labels, with how many values each has up to here.
    labels: Vec<(String, u32)>,
}

#[derive(Clone)]
pub(super) struct NumberedValue {
    label: usize,
    number: u32,
    /// The first spelling; none for kinds that are never kept.
    pub(super) spelling: Option<KeptSpelling>,
}

#[derive(Clone)]
pub(super) enum KeptSpelling {
    Text(String),
    At(ValuePlace),
}

/// Where a value stands: nothing of it is kept but the message that came with this turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValuePlace {
    /// Which of the messages in which an earlier turn found something.
    pub message: usize,
    /// Where in the message.
    pub within: WithinMessage,
    /// Bytes of that text or mark.
    pub range: Range<usize>,
    /// Whether they are JSON, as the text is.
    pub is_json: bool,
}

/// A text or a mark of a message, by its place among those that the message shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithinMessage {
    /// One of its texts.
    Text(usize),
    /// One of its marks: a key, an id, a type or the name of a tool.
    Mark(usize),
}

/// Whether a value may come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// The value is kept until the turn ends.
    Value,
    /// Only its placeholder is known.
    Nothing,
}

impl NumberedValues {
    /// Adds a value where it stands.
    pub fn add_at(
        &mut self,
        label: &str,
        number: u32,
        identity: Identity,
        place: ValuePlace,
        retention: Retention,
    ) {
        let spelling = (retention == Retention::Value).then_some(KeptSpelling::At(place));
        self.add(label, number, identity, spelling);
    }

    pub(super) fn add(
        &mut self,
        label: &str,
        number: u32,
        identity: Identity,
        spelling: Option<KeptSpelling>,
    ) {
        let label = self.label(label).unwrap_or_else(|| {
            self.labels.push((label.to_owned(), 0));
            self.labels.len() - 1
        });
        self.labels[label].1 = number;
        self.numbers.insert((identity, label), number);
        self.entries.push(NumberedValue {
            label,
            number,
            spelling,
        });
    }

    fn label(&self, label: &str) -> Option<usize> {
        self.labels.iter().position(|(known, _)| known == label)
    }

    pub(super) fn number(&self, label: &str, identity: Identity) -> Option<u32> {
        self.numbers.get(&(identity, self.label(label)?)).copied()
    }

    pub(super) fn entry(&self, label: &str, number: u32) -> Option<&NumberedValue> {
        let label = self.label(label)?;
        let is_it = |entry: &&NumberedValue| entry.number == number && entry.label == label;
        self.entries.iter().find(is_it)
    }

    /// The labels, each with how many values it has.
    pub(super) fn counts(&self) -> &[(String, u32)] {
        &self.labels
    }

    /// How many values a label has; none: it is not known here.
    pub(super) fn count(&self, label: &str) -> Option<u32> {
        Some(self.labels.get(self.label(label)?)?.1)
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Says how many values are kept as text, never one of them.
impl fmt::Debug for NumberedValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_text =
            |entry: &&NumberedValue| matches!(entry.spelling, Some(KeptSpelling::Text(_)));
        f.debug_struct("NumberedValues")
            .field("labels", &self.labels)
            .field("as_text", &self.entries.iter().filter(is_text).count())
            .finish()
    }
}
