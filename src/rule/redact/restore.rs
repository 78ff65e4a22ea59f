//! Placeholders back into values, in what the caller hears and in tool arguments.
//!
//! One pass: a value that looks like a placeholder is not looked at again. Only labels of this
//! rule and values of this turn come back.

use std::borrow::Cow;
use std::sync::Arc;

use regex::Captures;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

use crate::chat::json;
use crate::rule::{TextFilter, Unknown, Vault};
use crate::text::placeholder;
use crate::text::stream::{Held, Segment, StreamPattern};

/// What comes back: everything, nothing, or what is named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Choice {
    #[default]
    All,
    Nothing,
    Only(Vec<String>),
}

/// How one rule's placeholders are read.
#[derive(Debug)]
pub(super) struct Restore {
    labels: Vec<Label>,
    pattern: Arc<StreamPattern>,
    unknown: Arc<str>,
}

#[derive(Debug, Clone)]
struct Label {
    name: String,
    is_restored: bool,
}

impl Restore {
    pub(super) fn new(
        labels: &[String],
        choice: &Choice,
        unknown: String,
    ) -> Result<Restore, String> {
        if let Choice::Only(names) = choice
            && let Some(name) = names
                .iter()
                .find(|name| !labels.iter().any(|label| label.eq_ignore_ascii_case(name)))
        {
            return Err(format!(
                "`restore` names `{name}`, but this rule's labels are {}",
                labels.join(", ")
            ));
        }
        let pattern = StreamPattern::new(&placeholder::pattern(labels, ""))
            .map_err(|error| error.to_string())?;
        let labels = labels.iter().map(|name| Label {
            name: name.clone(),
            is_restored: choice.has(name),
        });
        Ok(Restore {
            labels: labels.collect(),
            pattern: Arc::new(pattern),
            unknown: unknown.into(),
        })
    }

    pub(super) fn unknown(&self) -> &str {
        &self.unknown
    }

    /// The filter for what the caller hears. It counts what is spoken as `unknown`.
    pub(super) fn in_speech(
        self: &Arc<Self>,
        vault: &Arc<Vault>,
        unknown: Unknown,
    ) -> Box<dyn TextFilter> {
        Box::new(Filter {
            restore: self.clone(),
            vault: vault.clone(),
            held: Held::default(),
            sink: Sink::Speech { unknown },
        })
    }

    /// The filter for a tool's arguments, where anything comes back there.
    pub(super) fn in_tool(
        self: &Arc<Self>,
        vault: &Arc<Vault>,
        tool: &str,
        choice: Option<&Choice>,
    ) -> Option<Box<dyn TextFilter>> {
        // Tools have a choice of their own; without one the labels decide as in speech.
        let all_labels = choice.is_some();
        let fields = match choice.unwrap_or(&Choice::All) {
            Choice::All => None,
            Choice::Nothing => return None,
            Choice::Only(names) if names.iter().any(|name| name == tool) => None,
            Choice::Only(names) => {
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
        let sink = Sink::Arguments {
            fields,
            all_labels,
            place: JsonPlace::default(),
        };
        Some(Box::new(Filter {
            restore: self.clone(),
            vault: vault.clone(),
            held: Held::default(),
            sink,
        }))
    }

    /// The value behind a match, if it may come back.
    fn value<'v>(
        &self,
        vault: &'v Vault,
        found: &Captures<'_>,
        all_labels: bool,
    ) -> Option<Cow<'v, str>> {
        let (name, number) = placeholder::parts(found)?;
        let label = self
            .labels
            .iter()
            .find(|label| placeholder::is_same_label(&label.name, name))?;
        vault
            .value(&label.name, number)
            .filter(|_| all_labels || label.is_restored)
    }
}

struct Filter {
    restore: Arc<Restore>,
    vault: Arc<Vault>,
    held: Held,
    sink: Sink,
}

enum Sink {
    Speech {
        /// How many placeholders were not restored.
        unknown: Unknown,
    },
    Arguments {
        /// The top-level fields in which values come back; none: all.
        fields: Option<Vec<String>>,
        /// Whether labels come back here that do not in speech.
        all_labels: bool,
        place: JsonPlace,
    },
}

impl TextFilter for Filter {
    fn push(&mut self, piece: &str, out: &mut String) {
        let Filter {
            restore,
            vault,
            held,
            sink,
        } = self;
        restore.pattern.advance(held, piece, &mut |segment| {
            sink.write(restore, vault, segment, out)
        });
    }

    fn finish(&mut self, out: &mut String) {
        let Filter {
            restore,
            vault,
            held,
            sink,
        } = self;
        restore.pattern.finish(held, &mut |segment| {
            sink.write(restore, vault, segment, out)
        });
    }
}

impl Sink {
    fn write(&mut self, restore: &Restore, vault: &Vault, segment: Segment<'_>, out: &mut String) {
        match (self, segment) {
            (Sink::Speech { .. }, Segment::Text(text)) => out.push_str(text),
            (Sink::Speech { unknown }, Segment::Match(found)) => {
                let value = restore.value(vault, &found, false);
                if value.is_none() {
                    unknown.count();
                }
                out.push_str(value.as_deref().unwrap_or(&restore.unknown));
            }
            (Sink::Arguments { place, .. }, Segment::Text(text)) => {
                place.pass(text);
                out.push_str(text);
            }
            (
                Sink::Arguments {
                    fields,
                    all_labels,
                    place,
                },
                Segment::Match(found),
            ) => {
                let source = found.get_match().as_str();
                // A backslash that an earlier one escapes is text, no part of a bracket.
                let skipped = usize::from(place.is_escaped && source.starts_with('\\'));
                let (before, bracketed) = source.split_at(skipped);
                let is_open = fields
                    .as_ref()
                    .is_none_or(|fields| fields.contains(&place.field));
                match restore
                    .value(vault, &found, *all_labels)
                    .filter(|_| is_open && place.reads_brackets(bracketed))
                {
                    Some(value) if place.is_in_string => {
                        out.push_str(before);
                        let mut literal = json::encode(&value);
                        if place.is_in_inner_string {
                            // An argument that is JSON text itself: its strings are escaped twice.
                            literal = json::encode(&literal[1..literal.len() - 1]);
                        }
                        out.push_str(&literal[1..literal.len() - 1]);
                    }
                    Some(value) => json::encode_into(&value, out),
                    None => out.push_str(source),
                }
                place.pass(source);
            }
        }
    }
}

/// Where in a JSON object a stream of its text stands.
#[derive(Debug, Default)]
struct JsonPlace {
    depth: usize,
    is_in_string: bool,
    is_escaped: bool,
    /// The string under way begins as JSON does, and an inner string of it is open.
    is_nested: bool,
    is_in_inner_string: bool,
    length: usize,
    string: String,
    /// The top-level key whose value is under way.
    field: String,
}

impl JsonPlace {
    /// Whether the brackets of a placeholder are brackets here, also where they are escaped.
    fn reads_brackets(&self, placeholder: &str) -> bool {
        let deepest = usize::from(self.is_in_string) + usize::from(self.is_in_inner_string);
        let name = placeholder.trim_start_matches('\\');
        let opening = placeholder.len() - name.len();
        let is_bare_escape = opening == 0 && name.starts_with('u');
        let closing = match name.strip_suffix("u005d").or(name.strip_suffix("u005D")) {
            Some(rest) => rest.len() - rest.trim_end_matches('\\').len(),
            None => 0,
        };
        !is_bare_escape && opening.max(closing) <= deepest
    }

    fn pass(&mut self, text: &str) {
        for c in text.chars() {
            if self.is_in_string {
                if self.length == 0 {
                    self.is_nested = matches!(c, '{' | '[');
                }
                self.length += 1;
                match c {
                    _ if self.is_escaped => {
                        self.is_escaped = false;
                        self.is_in_inner_string ^= self.is_nested && c == '"';
                    }
                    '\\' => self.is_escaped = true,
                    '"' => {
                        self.is_in_string = false;
                        continue;
                    }
                    _ => {}
                }
                if self.depth == 1 {
                    self.string.push(c);
                }
                continue;
            }
            match c {
                '"' => {
                    self.is_in_string = true;
                    (self.length, self.is_nested, self.is_in_inner_string) = (0, false, false);
                    self.string.clear();
                }
                ':' if self.depth == 1 => self.field.clone_from(&self.string),
                '{' | '[' => self.depth += 1,
                '}' | ']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}

impl Choice {
    /// What is named one by one.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        match self {
            Choice::Only(names) => names.iter(),
            _ => [].iter(),
        }
    }

    fn has(&self, name: &str) -> bool {
        match self {
            Choice::All => true,
            Choice::Nothing => false,
            Choice::Only(names) => names.iter().any(|known| known.eq_ignore_ascii_case(name)),
        }
    }
}

impl JsonSchema for Choice {
    fn schema_name() -> Cow<'static, str> {
        "Choice".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "boolean" },
            { "type": "array", "items": { "type": "string" } },
        ] })
    }
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Choice, D::Error> {
        struct BoolOrList;
        impl<'de> Visitor<'de> for BoolOrList {
            type Value = Choice;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("true, false or a list of names")
            }
            fn visit_bool<E: de::Error>(self, is_all: bool) -> Result<Choice, E> {
                Ok(if is_all { Choice::All } else { Choice::Nothing })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Choice, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = access.next_element()? {
                    names.push(name);
                }
                Ok(Choice::Only(names))
            }
        }
        deserializer.deserialize_any(BoolOrList)
    }
}
