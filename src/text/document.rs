//! A TOML file that people write, read into types with all its problems at once.
//!
//! serde stops at the first wrong value. Here that value is noted, taken out, and the file is
//! read again, so that one run shows every wrong value. It never guesses what was meant.
//! What is wrong only with several fields together is told at the first of them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer, Error};

use super::problem::{Problem, Source, nearest};

/// A parsed file, before it is read into types.
#[derive(Debug)]
pub struct Document<'s> {
    source: &'s Source,
    table: Spanned<DeTable<'s>>,
}

/// What is wrong with fields that can be read, but do not go together.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

#[derive(Debug)]
struct Fault {
    fields: Vec<String>,
    message: String,
}

impl<'s> Document<'s> {
    /// Parses the file; what is no TOML is reported with its places.
    pub fn parse(source: &'s Source) -> Result<Document<'s>, Vec<Problem>> {
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        if errors.is_empty() {
            return Ok(Document { source, table });
        }
        Err(errors
            .iter()
            .map(|error| problem_of(source, error))
            .collect())
    }

    /// The file that it is of.
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// The place of a top-level key, else the file's beginning.
    pub fn place(&self, key: &str) -> Range<usize> {
        place_in(self.table.get_ref(), key)
    }

    /// The place of a value, if it is there. The path is one of keys: `patterns.ORDER`.
    pub fn place_of(&self, path: &str) -> Option<Range<usize>> {
        value_at(self.table.get_ref(), path).map(Spanned::span)
    }

    /// The text of a top-level string and its place.
    pub fn string(&self, key: &str) -> Option<Spanned<String>> {
        let (_, value) = self.table.get_ref().get_key_value(key)?;
        let text = value.get_ref().as_str()?;
        Some(Spanned::new(value.span(), text.to_owned()))
    }

    /// Takes a top-level table out, to be read by somebody else.
    pub fn take_table(&mut self, key: &str) -> Option<Result<Document<'s>, Problem>> {
        let (name, value) = self.table.get_mut().remove_entry(key)?;
        let span = value.span();
        Some(match value.into_inner() {
            DeValue::Table(table) => Ok(Document {
                source: self.source,
                table: Spanned::new(span, table),
            }),
            other => Err(self.source.error(
                name.span(),
                format!("`{key}` must be a table, not {}", other.type_str()),
            )),
        })
    }

    /// The keys at the top with their places, in the file's order.
    pub fn keys(&self) -> Vec<(String, Range<usize>)> {
        let mut keys: Vec<_> = self
            .table
            .get_ref()
            .keys()
            .map(|key| (key.get_ref().to_string(), key.span()))
            .collect();
        keys.sort_by_key(|(_, span)| span.start);
        keys
    }

    /// Replaces every string of the file by what `expand` makes of it.
    pub fn expand_strings(
        &mut self,
        expand: &mut dyn FnMut(&str) -> Result<Option<String>, String>,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (_, value) in self.table.get_mut().iter_mut() {
            expand_value(value, self.source, expand, &mut problems);
        }
        problems
    }

    /// Reads the file into `T`. A value that can't be read is reported and left out, and the rest
    /// is read again. `None` comes with at least one problem.
    pub fn read<T: DeserializeOwned>(mut self) -> (Option<T>, Vec<Problem>) {
        let (value, problems, _) = self.read_what_can_be();
        (value.filter(|_| problems.is_empty()), problems)
    }

    /// Reads the file into fields, and makes `T` of them. A fault that may only follow from a
    /// value that can't be read is no second problem.
    pub fn read_by<F: DeserializeOwned, T: TryFrom<F, Error = Faults>>(
        mut self,
    ) -> (Option<T>, Vec<Problem>) {
        let whole = self.table.clone();
        let (fields, mut problems, unread) = self.read_what_can_be::<F>();
        let Faults(faults) = match fields.map(T::try_from).transpose() {
            Ok(made) => return (made.filter(|_| problems.is_empty()), problems),
            Err(faults) => faults,
        };
        for Fault { fields, message } in faults {
            let is_unread = |field: &String| {
                unread
                    .iter()
                    .any(|key| field.split('.').next() == Some(key))
            };
            let written = fields
                .iter()
                .find_map(|field| value_at(whole.get_ref(), field));
            let place = match written {
                Some(value) => value.span(),
                None if unread.is_empty() => whole.span(),
                None => continue,
            };
            if !fields.iter().any(is_unread) {
                problems.push(self.source.error(place, message));
            }
        }
        (None, problems)
    }

    /// What can't be read is reported and taken out; the keys at the top are told.
    fn read_what_can_be<T: DeserializeOwned>(&mut self) -> (Option<T>, Vec<Problem>, Vec<String>) {
        let mut problems = Vec::new();
        let mut unread = Vec::new();
        loop {
            let error = match T::deserialize(Deserializer::from(self.table.clone())) {
                Ok(value) => return (Some(value), problems, unread),
                Err(error) => error,
            };
            // A field that is missing since we took it out is no second problem.
            // Nor is what the whole lacks now.
            let is_of_whole = error.span().is_none_or(|span| span == self.table.span());
            let is_consequence = !problems.is_empty()
                && (is_of_whole || error.message().starts_with("missing field"));
            if !is_consequence {
                problems.push(self.problem(&error));
            }
            let span = error.span().unwrap_or_default();
            match remove_at(self.table.get_mut(), &span) {
                Some(key) => unread.push(key),
                None => return (None, problems, unread),
            }
        }
    }

    fn problem(&self, error: &Error) -> Problem {
        problem_of(self.source, error)
    }
}

impl Faults {
    /// Adds one. The fields are paths of keys; where it is shown is the first that is written.
    pub fn add(&mut self, fields: &[&str], message: impl Into<String>) {
        self.0.push(Fault {
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            message: message.into(),
        });
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages: Vec<&str> = self.0.iter().map(|fault| &*fault.message).collect();
        f.write_str(&messages.join("; "))
    }
}

fn value_at<'t, 'i>(table: &'t DeTable<'i>, path: &str) -> Option<&'t Spanned<DeValue<'i>>> {
    match path.split_once('.') {
        None => table.get(path),
        Some((first, rest)) => value_at(table.get(first)?.get_ref().as_table()?, rest),
    }
}

fn place_in(table: &DeTable<'_>, key: &str) -> Range<usize> {
    table
        .keys()
        .find(|name| name.get_ref() == key)
        .map_or(0..0, Spanned::span)
}

fn problem_of(source: &Source, error: &Error) -> Problem {
    let span = error.span().unwrap_or_default();
    let message = error.message();
    let Some((fault, expected)) = message.split_once(", expected ") else {
        return source.error(span, message);
    };
    if !fault.starts_with("unknown ") {
        return source.error(span, message);
    }
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let word = fault.split('`').nth(1).unwrap_or_default();
    let help = match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there is none to choose here".to_owned(),
        None => format!("known here: {}", known.join(", ")),
    };
    source.error(span, fault).with_help(help)
}

fn expand_value(
    value: &mut Spanned<DeValue<'_>>,
    source: &Source,
    expand: &mut dyn FnMut(&str) -> Result<Option<String>, String>,
    problems: &mut Vec<Problem>,
) {
    let span = value.span();
    match value.get_mut() {
        DeValue::String(text) => match expand(text) {
            Ok(None) => {}
            Ok(Some(new)) => *text = Cow::Owned(new),
            Err(message) => problems.push(source.error(span, message)),
        },
        DeValue::Array(items) => {
            for item in items.iter_mut() {
                expand_value(item, source, expand, problems);
            }
        }
        DeValue::Table(table) => {
            for (_, item) in table.iter_mut() {
                expand_value(item, source, expand, problems);
            }
        }
        _ => {}
    }
}

/// Takes the value (or the key) at `span` out of the tree; gives the key of the table in or below
/// which it was.
fn remove_at(table: &mut DeTable<'_>, span: &Range<usize>) -> Option<String> {
    let hit = table.iter().find(|(key, value)| {
        key.span() == *span
            || value.span() == *span
            || is_leaf_around(value.get_ref(), &value.span(), span)
    });
    if let Some(key) = hit.map(|(key, _)| key.get_ref().to_string()) {
        table.remove(key.as_str());
        return Some(key);
    }
    let mut below = table.iter_mut();
    below.find_map(|(key, value)| {
        remove_below(value.get_mut(), span).then(|| key.get_ref().to_string())
    })
}

fn remove_below(value: &mut DeValue<'_>, span: &Range<usize>) -> bool {
    match value {
        DeValue::Table(table) => remove_at(table, span).is_some(),
        DeValue::Array(items) => {
            let hit = items.iter().position(|item| {
                item.span() == *span || is_leaf_around(item.get_ref(), &item.span(), span)
            });
            if let Some(at) = hit {
                *items = items
                    .iter()
                    .enumerate()
                    .filter(|(place, _)| *place != at)
                    .map(|(_, item)| item.clone())
                    .collect();
                return true;
            }
            items
                .iter_mut()
                .any(|item| remove_below(item.get_mut(), span))
        }
        _ => false,
    }
}

fn is_leaf_around(value: &DeValue<'_>, place: &Range<usize>, span: &Range<usize>) -> bool {
    let is_leaf = !matches!(value, DeValue::Table(_) | DeValue::Array(_));
    is_leaf && place.start <= span.start && span.end <= place.end && span.start < span.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Sample {
        name: String,
        size: Option<u8>,
        part: Option<Part>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Part {
        on: bool,
        list: Option<Vec<u8>>,
    }

    fn problems(text: &str) -> Vec<String> {
        let source = Source::new("f", text);
        let problems = match Document::parse(&source) {
            Ok(document) => document.read::<Sample>().1,
            Err(problems) => problems,
        };
        problems
            .iter()
            .map(|p| format!("{}:{} {}", p.line, p.column, p.message))
            .collect()
    }

    #[test]
    fn every_wrong_value_is_reported_in_one_run() {
        let found = problems("name = 3\nsize = 300\nsise = 1\n[part]\non = 1\nlist = [1, 999]\n");
        let lines: Vec<&str> = found
            .iter()
            .filter_map(|text| text.split(':').next())
            .collect();
        assert_eq!(lines.len(), 5, "{found:?}");
        for line in ["1", "2", "3", "5", "6"] {
            assert!(lines.contains(&line), "{line} in {found:?}");
        }
    }

    #[test]
    fn a_missing_field_is_reported_once() {
        assert_eq!(problems("size = 3\n").len(), 1);
    }

    #[test]
    fn what_is_no_toml_is_reported_with_its_line() {
        let found = problems("name = \"a\"\nsize = \n");
        assert!(found.iter().all(|text| text.starts_with("2:")), "{found:?}");
    }
}
