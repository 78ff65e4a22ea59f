//! A TOML file that people write, read into types with all its problems at once.
//!
//! serde stops at the first wrong value. Here that value is noted, taken out, and the file is
//! read again, so that one run shows every wrong value. It never guesses what was meant.
//! What is wrong only with several fields together is told at the first of them.

mod faults;
mod misplaced;
mod parser;
mod plain;
mod quotes;
mod tree;

use std::borrow::Cow;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer, Error};

use super::problem::{Problem, Source};
use super::variable::ExpandError;
pub use faults::Faults;
pub use misplaced::say_where_fields_belong;
use parser::{syntax_problem, value_problem};
pub use tree::ShowText;
use tree::{list_at, nearest_at, place_in, remove_at, value_at};

/// A parsed file, before it is read into types.
#[derive(Debug)]
pub struct Document<'s> {
    source: &'s Source,
    table: Spanned<DeTable<'s>>,
    /// Whether nothing of the file is missing.
    is_whole: bool,
}

impl<'s> Document<'s> {
    /// Parses the file, or says where it is no TOML.
    pub fn parse(source: &'s Source) -> Result<Document<'s>, Vec<Problem>> {
        match Document::parse_what_can_be(source) {
            (document, None) => Ok(document),
            (_, Some(problem)) => Err(vec![problem]),
        }
    }

    /// Parses what is TOML, and gives the first place that is none. What is missing in the document
    /// then is no problem of its own.
    pub fn parse_what_can_be(source: &'s Source) -> (Document<'s>, Option<Problem>) {
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        let problem = errors.first().map(|error| syntax_problem(source, error));
        let is_whole = problem.is_none();
        let document = Document {
            source,
            table,
            is_whole,
        };
        (document, problem)
    }

    /// Whether all of the file could be parsed.
    pub fn is_whole(&self) -> bool {
        self.is_whole
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

    /// The place of a field in each table below a top-level one, with that table's name.
    pub fn places_in(&self, tables: &str, field: &str) -> Vec<(String, Range<usize>)> {
        let tables = self.table.get_ref().get(tables);
        let tables = tables.and_then(|tables| tables.get_ref().as_table());
        let places = tables.into_iter().flatten().filter_map(|(name, table)| {
            let value = table.get_ref().as_table()?.get(field)?;
            Some((name.get_ref().to_string(), value.span()))
        });
        places.collect()
    }

    /// The texts of a list at a path of keys, each with its place.
    pub fn texts_of(&self, path: &str) -> Vec<(String, Range<usize>)> {
        let list =
            value_at(self.table.get_ref(), path).and_then(|value| value.get_ref().as_array());
        let items = list.into_iter().flat_map(|items| items.iter());
        let texts =
            items.filter_map(|item| Some((item.get_ref().as_str()?.to_owned(), item.span())));
        texts.collect()
    }

    /// Shows each text of the file, with the names of the fields to it and its place.
    pub fn each_text(&self, show: &mut ShowText<'_>) {
        tree::each_text(self.table.get_ref(), &mut Vec::new(), show);
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
                is_whole: self.is_whole,
            }),
            other => Err(self.source.error(
                name.span(),
                format!("`{key}` must be a table, not {}", plain::kind(&other)),
            )),
        })
    }

    /// Takes a top-level list of tables out, each to be read by somebody else. What is no table is a
    /// problem.
    pub fn take_tables(&mut self, key: &str) -> (Vec<Document<'s>>, Vec<Problem>) {
        let Some((name, value)) = self.table.get_mut().remove_entry(key) else {
            return (Vec::new(), Vec::new());
        };
        let wrong = |place, type_name: &str| {
            let message = format!("`{key}` must be a list of tables, not {type_name}");
            let problem = self.source.error(place, message);
            problem.with_help(format!("write `[[{key}]]` over the fields of each"))
        };
        let DeValue::Array(items) = value.into_inner() else {
            return (Vec::new(), vec![wrong(name.span(), "one value")]);
        };
        let (mut tables, mut problems) = (Vec::new(), Vec::new());
        for item in items {
            let span = item.span();
            match item.into_inner() {
                DeValue::Table(table) => tables.push(Document {
                    source: self.source,
                    table: Spanned::new(span, table),
                    is_whole: self.is_whole,
                }),
                other => problems.push(wrong(span, &plain::kind(&other))),
            }
        }
        (tables, problems)
    }

    /// The keys in and below a table, as paths with the places of their last parts.
    pub fn places_below(&self, path: &str) -> Vec<(String, Range<usize>)> {
        let mut places = Vec::new();
        let below = value_at(self.table.get_ref(), path);
        if let Some(table) = below.and_then(|value| value.get_ref().as_table()) {
            tree::list_keys(table, path, &mut places);
        }
        places
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
        expand: &mut dyn FnMut(&str) -> Result<Option<String>, ExpandError>,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (_, value) in self.table.get_mut().iter_mut() {
            expand_value(value, self.source, expand, &mut problems);
        }
        problems
    }

    /// Reads the file into `T`. A value that can't be read is reported and left out, and the rest
    /// is read again. `None` comes with at least one problem.
    pub fn read<T: DeserializeOwned>(self) -> (Option<T>, Vec<Problem>) {
        let (value, problems) = self.read_in_part();
        (value.filter(|_| problems.is_empty()), problems)
    }

    /// As [`Document::read`]; what could be read is there beside the problems.
    pub fn read_in_part<T: DeserializeOwned>(mut self) -> (Option<T>, Vec<Problem>) {
        let (value, problems, _) = self.read_what_can_be();
        (value, problems)
    }

    /// Reads the file into fields, and makes `T` of them. A fault that may only follow from a
    /// value that can't be read is no second problem.
    pub fn read_by<F: DeserializeOwned, T: TryFrom<F, Error = Faults>>(
        self,
    ) -> (Option<T>, Vec<Problem>) {
        self.read_with(T::try_from)
    }

    /// As [`Document::read_by`], by a function.
    pub fn read_with<F: DeserializeOwned, T>(
        mut self,
        make: impl FnOnce(F) -> Result<T, Faults>,
    ) -> (Option<T>, Vec<Problem>) {
        let whole = self.table.clone();
        let (fields, mut problems, unread) = self.read_what_can_be::<F>();
        match fields.map(make).transpose() {
            Ok(made) => (made.filter(|_| problems.is_empty()), problems),
            Err(faults) => {
                problems.extend(self.told(faults, &whole, &unread));
                (None, problems)
            }
        }
    }

    /// As [`Document::read_by`] for fields that are judged as they are; what could be read is there
    /// beside the problems.
    pub fn read_judged<F: DeserializeOwned>(
        mut self,
        judge: &dyn Fn(&F) -> Faults,
    ) -> (Option<F>, Vec<Problem>) {
        let whole = self.table.clone();
        let (fields, mut problems, unread) = self.read_what_can_be::<F>();
        let faults = fields.as_ref().map(judge).unwrap_or_default();
        problems.extend(self.told(faults, &whole, &unread));
        (fields, problems)
    }

    /// Faults at their places, but for those that may only follow from what can't be read.
    fn told(
        &self,
        faults: Faults,
        whole: &Spanned<DeTable<'_>>,
        unread: &[String],
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for fault in faults.0 {
            if let Some(file) = &fault.file {
                let problem = file.error(fault.part.unwrap_or_default(), fault.message);
                problems.push(problem.with_help_if(fault.help));
                continue;
            }
            let fields = &fault.fields;
            let is_unread = |field: &String| {
                unread
                    .iter()
                    .any(|key| field.split('.').next() == Some(key))
            };
            let mut all = fields.iter();
            let written = all.find_map(|field| nearest_at(whole.get_ref(), field));
            let place = match written {
                Some(value) => self.place_within(value, fault.part),
                None if unread.is_empty() && self.is_whole => whole.span(),
                None => continue,
            };
            if !fields.iter().any(is_unread) {
                let problem = self.source.error(place, fault.message);
                problems.push(problem.with_help_if(fault.help));
            }
        }
        problems
    }

    /// What can't be read is reported and taken out; the keys at the top are told.
    fn read_what_can_be<T: DeserializeOwned>(&mut self) -> (Option<T>, Vec<Problem>, Vec<String>) {
        let mut problems = Vec::new();
        let mut unread = Vec::new();
        let mut holders = Vec::new();
        loop {
            let error = match T::deserialize(Deserializer::from(self.table.clone())) {
                Ok(value) => return (Some(value), problems, unread),
                Err(error) => error,
            };
            // A field that is missing since we took it out is no second problem.
            // Nor is what the whole lacks now.
            let span = self.item_of::<T>(&error).or(error.span());
            let is_of_whole = span
                .as_ref()
                .is_none_or(|span| *span == self.table.span() || holders.contains(span));
            let is_consequence = (!self.is_whole || !problems.is_empty())
                && (is_of_whole || error.message().starts_with("missing field"));
            if !is_consequence {
                let table = self.table.get_ref();
                problems.push(value_problem(self.source, table, &error, span.clone()));
            }
            let span = span.unwrap_or_default();
            match remove_at(self.table.get_mut(), &span, &mut holders) {
                Some(key) => unread.push(key),
                None => return (None, problems, unread),
            }
        }
    }

    /// The item for which a list can't be read: serde points at the list alone.
    fn item_of<T: DeserializeOwned>(&self, error: &Error) -> Option<Range<usize>> {
        let span = error.span()?;
        let mut table = self.table.clone();
        let items = list_at(table.get_mut(), &span)?.clone();
        // Where no list is wanted at all, none of its items is to blame.
        *list_at(table.get_mut(), &span)? = DeArray::default();
        let none = T::deserialize(Deserializer::from(table.clone()));
        if none.is_err_and(|none| none.message() == error.message()) {
            return None;
        }
        let is_wrong = |item: &&Spanned<DeValue<'s>>| {
            if let Some(list) = list_at(table.get_mut(), &span) {
                *list = std::iter::once((*item).clone()).collect();
            }
            let alone = T::deserialize(Deserializer::from(table.clone()));
            alone.is_err_and(|alone| alone.message() == error.message())
        };
        items.iter().find(is_wrong).map(Spanned::span)
    }

    fn place_within(
        &self,
        value: &Spanned<DeValue<'_>>,
        part: Option<Range<usize>>,
    ) -> Range<usize> {
        let Some(text) = value.get_ref().as_str() else {
            return value.span();
        };
        let text = Spanned::new(value.span(), text.to_owned());
        self.source.place_in(&text, part)
    }
}

/// Takes out what only follows from the line at which a file is no TOML any more.
pub fn without_echoes(problems: &mut Vec<Problem>, broken: usize) {
    let mut is_told = false;
    problems.retain(|problem| problem.line != broken || !std::mem::replace(&mut is_told, true));
}

fn expand_value(
    value: &mut Spanned<DeValue<'_>>,
    source: &Source,
    expand: &mut dyn FnMut(&str) -> Result<Option<String>, ExpandError>,
    problems: &mut Vec<Problem>,
) {
    let span = value.span();
    match value.get_mut() {
        DeValue::String(text) => match expand(text) {
            Ok(None) => {}
            Ok(Some(new)) => *text = Cow::Owned(new),
            Err(error) => {
                let problem = source.error(span, error.to_string());
                problems.push(problem.with_help_if(error.help()));
            }
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

#[cfg(test)]
mod tests;
