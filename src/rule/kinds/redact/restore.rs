//! Placeholders back into values, in what the caller hears and in tool arguments.
//!
//! One pass: a value that looks like a placeholder is not looked at again. Only labels of this
//! rule and values of this turn come back; what stands for nothing is spoken as `unknown`.

use std::borrow::Cow;
use std::sync::Arc;

use super::choice::RestoreChoice;
use crate::chat::json;
use crate::rule::{TextFilter, Turn, UnknownCount, Vault};
use crate::stream::json_text::{JsonPlace, written_at};
use crate::stream::placeholder::{
    Labels, Looking, Marks, PlaceholderMeaning, PlaceholderPart, Scan, WantedPlaceholders,
};

/// How one rule's placeholders are read.
#[derive(Debug)]
pub(super) struct Restore {
    labels: Labels,
    /// For each label whether its values come back.
    restored: Vec<bool>,
    unknown: Arc<str>,
}

/// `restore` names a label that the rule does not give out.
#[derive(Debug, thiserror::Error)]
#[error("`restore` names `{name}`, but this rule's labels are {labels}")]
pub(super) struct NoSuchLabel {
    name: String,
    labels: String,
}

impl Restore {
    pub(super) fn new(
        labels: &[String],
        choice: &RestoreChoice,
        unknown: String,
    ) -> Result<Restore, NoSuchLabel> {
        if let RestoreChoice::Only(names) = choice
            && let Some(name) = names
                .iter()
                .find(|name| !labels.iter().any(|label| label.eq_ignore_ascii_case(name)))
        {
            return Err(NoSuchLabel {
                name: name.clone(),
                labels: labels.join(", "),
            });
        }
        Ok(Restore {
            labels: Labels::new(labels),
            restored: labels.iter().map(|name| choice.has(name)).collect(),
            unknown: unknown.into(),
        })
    }

    /// Whether any value comes back in speech.
    pub(super) fn restores(&self) -> bool {
        self.restored.contains(&true)
    }

    pub(super) fn unknown(&self) -> &str {
        &self.unknown
    }

    /// The filter for what the caller hears, which may be JSON, or for what the model thinks. It
    /// counts what is spoken as `unknown`.
    pub(super) fn in_speech(
        self: &Arc<Self>,
        turn: &Turn,
        unknown: UnknownCount,
        is_json: bool,
    ) -> Box<dyn TextFilter> {
        let (scan, place) = match is_json {
            true => (Scan::json(), Some(JsonPlace::default())),
            false => (Scan::plain(), None),
        };
        Box::new(RestoreFilter {
            restore: self.clone(),
            vault: turn.vault.clone(),
            others: turn.labels.clone(),
            wanted: WantedPlaceholders::All,
            scan,
            sink: RestoreSink {
                unknown: Some(unknown),
                fields: None,
                all_labels: false,
                place,
            },
        })
    }

    /// The filter for a tool's arguments, where anything comes back there.
    pub(super) fn in_tool(
        self: &Arc<Self>,
        turn: &Turn,
        tool: &str,
        choice: Option<&RestoreChoice>,
    ) -> Option<Box<dyn TextFilter>> {
        // Tools have a choice of their own; without one the labels decide as in speech.
        let all_labels = choice.is_some();
        let fields = match choice.unwrap_or(&RestoreChoice::All) {
            RestoreChoice::All => None,
            RestoreChoice::Nothing => return None,
            RestoreChoice::Only(names) if names.iter().any(|name| name == tool) => None,
            RestoreChoice::Only(names) => {
                let fields: Vec<String> = names
                    .iter()
                    .filter_map(|name| name.strip_prefix(tool)?.strip_prefix('.'))
                    .map(str::to_owned)
                    .collect();
                if fields.is_empty() {
                    return None;
                }
                Some(fields)
            }
        };
        Some(Box::new(RestoreFilter {
            restore: self.clone(),
            vault: turn.vault.clone(),
            others: turn.labels.clone(),
            wanted: WantedPlaceholders::Values,
            scan: Scan::json(),
            sink: RestoreSink {
                unknown: None,
                fields,
                all_labels,
                place: Some(JsonPlace::default()),
            },
        }))
    }
}

struct RestoreFilter {
    restore: Arc<Restore>,
    vault: Arc<Vault>,
    /// The labels of all rules of the turn.
    others: Arc<[String]>,
    wanted: WantedPlaceholders,
    scan: Scan,
    sink: RestoreSink,
}

/// What comes next of a text.
enum RestoreStep<'p> {
    Piece(&'p str),
    Pause,
    End,
}

/// What is written of each part.
struct RestoreSink {
    /// How many placeholders were spoken as `unknown`; none: they stay, as nobody hears them.
    unknown: Option<UnknownCount>,
    /// The top-level fields in which values come back; none: all.
    fields: Option<Vec<String>>,
    /// Whether labels come back here that do not in speech.
    all_labels: bool,
    /// Where the text stands, which is JSON; none: it is plain.
    place: Option<JsonPlace>,
}

impl RestoreFilter {
    fn scan(&mut self, step: RestoreStep<'_>, out: &mut String) {
        let RestoreFilter {
            restore,
            vault,
            others,
            wanted,
            scan,
            sink,
        } = self;
        let looking = Looking {
            wanted: *wanted,
            marks: Marks::None,
            others,
        };
        let mut emit = |part: PlaceholderPart<'_>| sink.write(restore, vault, part, out);
        match step {
            RestoreStep::Piece(piece) => scan.push(&restore.labels, looking, piece, &mut emit),
            RestoreStep::Pause => scan.pause(&restore.labels, looking, &mut emit),
            RestoreStep::End => scan.finish(&restore.labels, looking, &mut emit),
        }
    }
}

impl TextFilter for RestoreFilter {
    fn push(&mut self, piece: &str, out: &mut String) {
        self.scan(RestoreStep::Piece(piece), out);
    }

    fn finish(&mut self, out: &mut String) {
        self.scan(RestoreStep::End, out);
    }

    fn pause(&mut self, out: &mut String) {
        self.scan(RestoreStep::Pause, out);
    }

    fn held(&self) -> usize {
        self.scan.held()
    }
}

impl RestoreSink {
    fn write(
        &mut self,
        restore: &Restore,
        vault: &Vault,
        part: PlaceholderPart<'_>,
        out: &mut String,
    ) {
        let (source, meaning) = match part {
            PlaceholderPart::Text(source) => (source, None),
            PlaceholderPart::Placeholder {
                source, meaning, ..
            } => (
                source,
                Some(meaning).filter(|it| *it != PlaceholderMeaning::OfOthers),
            ),
        };
        match meaning.and_then(|meaning| self.stands_for(restore, vault, meaning)) {
            None => out.push_str(source),
            Some(text) => match &mut self.place {
                None => out.push_str(&text),
                // The model speaks, though it was asked for JSON.
                Some(place) if self.unknown.is_some() && place.is_outermost() => {
                    place.be_prose();
                    out.push_str(&text);
                }
                Some(place) => out.push_str(&written_at(place.level(), &text, json::encode)),
            },
        }
        if let Some(place) = &mut self.place {
            place.pass(source);
        }
    }

    /// What is written for a placeholder; none: it stays.
    fn stands_for<'v>(
        &self,
        restore: &'v Restore,
        vault: &'v Vault,
        meaning: PlaceholderMeaning,
    ) -> Option<Cow<'v, str>> {
        let is_open = match (&self.fields, &self.place) {
            (Some(fields), Some(place)) => fields.iter().any(|field| field == place.field()),
            _ => true,
        };
        let value = match meaning {
            PlaceholderMeaning::Value { label, number, .. } if is_open => {
                let is_restored = restore.restored.get(label).copied().unwrap_or(false);
                let value = vault.value(restore.labels.name(label), number);
                value.filter(|_| is_restored || self.all_labels)
            }
            _ => None,
        };
        let Some(unknown) = self.unknown.as_ref().filter(|_| value.is_none()) else {
            return value;
        };
        unknown.count();
        Some(Cow::Borrowed(&*restore.unknown))
    }
}
