//! What of an upstream's form can't be meant, each at its place.
//!
//! A body that goes upstream has each key once, its messages stay messages, and Vapi's own fields
//! never go. Nothing is asked of anybody.

use std::ops::Range;

use toml::Spanned;

use super::{FieldRows, FieldValue, FormTable, ModelRow, OF_MESSAGES, OF_TOOLS};
use crate::chat::fields;
use crate::files::{Problem, Source};
use crate::upstream::form::RequestForm;
use crate::upstream::shape::ShapeChange;

/// Fields that aside writes by itself.
const WRITTEN: &[&str] = &["messages", "model", "stream"];
/// What no message can do without.
const OF_EACH_MESSAGE: &[&str] = &[
    "role",
    "content",
    "tool_calls",
    "tool_call_id",
    "function_call",
];
/// What no tool can do without.
const OF_EACH_TOOL: &[&str] = &["type", "function", "name"];

/// `place`: of the upstream's table.
pub(in crate::config) fn check(
    name: &str,
    upstream: &FormTable<'_>,
    place: &Range<usize>,
    source: &Source,
) -> Vec<Problem> {
    let tables = upstream.model.rows().iter().map(ModelRow::rows);
    let wrong = tables.chain([upstream.rows]);
    let wrong = wrong.flat_map(|rows| wrong_in(name, rows));
    let mut problems: Vec<Problem> = wrong.map(|row| row.at(source)).collect();
    for row in upstream.model.rows() {
        if row.matches.get_ref().trim().is_empty() {
            let message = format!("a row of models of the upstream `{name}` matches none");
            let help = "write `match = \"gpt-5*\"`; `*` stands for any characters";
            let problem = source.error(row.matches.span(), message);
            problems.push(problem.with_help(help));
        }
    }
    problems.extend(contradiction(name, upstream, place, source));
    problems
}

/// One field that can't be meant so.
struct WrongRow {
    place: Range<usize>,
    message: String,
    help: &'static str,
    is_doubt: bool,
}

impl WrongRow {
    fn new<T>(at: &Spanned<T>, message: String, help: &'static str) -> WrongRow {
        WrongRow {
            place: at.span(),
            message,
            help,
            is_doubt: false,
        }
    }

    fn at(self, source: &Source) -> Problem {
        let problem = match self.is_doubt {
            true => source.warning(self.place, self.message),
            false => source.error(self.place, self.message),
        };
        problem.with_help(self.help)
    }
}

fn wrong_in(name: &str, rows: FieldRows<'_>) -> Vec<WrongRow> {
    let dropped = rows.drop.iter().filter_map(|field| drop(name, field));
    let renamed = rows.rename.iter();
    let renamed = renamed.filter_map(|(field, to)| rename(name, rows, field, to));
    let set = rows.default.iter();
    let set = set.filter_map(|(field, value)| default(name, field, value));
    dropped.chain(renamed).chain(set).collect()
}

fn drop(name: &str, at: &Spanned<String>) -> Option<WrongRow> {
    let field = at.get_ref().as_str();
    let of_messages = field.strip_prefix(OF_MESSAGES);
    let of_tools = field.strip_prefix(OF_TOOLS);
    let key = of_messages.or(of_tools).unwrap_or(field);
    if key.trim().is_empty() {
        let message = format!("a field that the upstream `{name}` leaves out has no name");
        let help = "write the field as requests have it";
        return Some(WrongRow::new(at, message, help));
    }
    let of_shape = "take it out of `drop`; how messages must be says `shape`";
    let (whose, needed, help) = if of_messages.is_some() {
        ("messages of ", OF_EACH_MESSAGE, of_shape)
    } else if of_tools.is_some() {
        let help = "take it out of `drop`; `drop = [\"tools\"]` leaves all tools out";
        ("tools of ", OF_EACH_TOOL, help)
    } else {
        ("", WRITTEN, of_shape)
    };
    if needed.contains(&key) {
        let message = format!("{whose}the upstream `{name}` can't do without `{key}`");
        return Some(WrongRow::new(at, message, help));
    }
    // A field may have a dot in its name, though none is known.
    key.contains('.').then(|| WrongRow {
        is_doubt: true,
        ..WrongRow::new(
            at,
            format!("`{field}` is the name of no field, so nothing is left out"),
            "write a field of requests, or `tools.KEY` or `messages.KEY`, where KEY has no dot",
        )
    })
}

fn rename(name: &str, rows: FieldRows<'_>, field: &str, at: &Spanned<String>) -> Option<WrongRow> {
    let to = at.get_ref().as_str();
    let is_own = |field: &str| WRITTEN.contains(&field) || fields::VAPI.contains(&field);
    let help = if to.trim().is_empty() || is_own(to) {
        "name the field as the server's own reference has it"
    } else if field == "model" {
        "take it out of `rename`; which model is asked says `model`"
    } else if is_own(field) {
        "take it out of `rename`; the field is aside's or Vapi's own"
    } else if field == to {
        "take it out of `rename`: that is its name already"
    } else if rows.rename.contains_key(to) {
        "a name that a field gets can't be renamed beside it, since one of both would be lost"
    } else {
        return None;
    };
    let message = format!("the upstream `{name}` can't have `{field}` renamed to `{to}`");
    Some(WrongRow::new(at, message, help))
}

fn default(name: &str, field: &str, at: &Spanned<FieldValue>) -> Option<WrongRow> {
    let is_own = WRITTEN.contains(&field) || fields::VAPI.contains(&field);
    let (message, help) = if is_own || field.trim().is_empty() {
        let help = match field {
            "model" => "write `model = \"NAME\"`, which replaces the request's",
            _ => "take it out of `default`; the field is aside's or Vapi's own",
        };
        let message = format!("the upstream `{name}` can't have a default of `{field}`");
        (message, help)
    } else {
        let what = not_json(at.get_ref())?;
        let help = "JSON has none: write a text, a number, true or false, a list or a table";
        (format!("the default of `{field}` has {what}"), help)
    };
    Some(WrongRow::new(at, message, help))
}

/// What of a value JSON has no form for.
fn not_json(value: &FieldValue) -> Option<&'static str> {
    match value {
        FieldValue::Datetime(_) => Some("a date or a time"),
        FieldValue::Float(number) if !number.is_finite() => Some("`inf` or `nan`"),
        FieldValue::Array(items) => items.iter().find_map(not_json),
        FieldValue::Table(entries) => entries.values().find_map(not_json),
        _ => None,
    }
}

/// A shape that asks for two things at once, as the table says it or as a row does.
fn contradiction(
    name: &str,
    upstream: &FormTable<'_>,
    place: &Range<usize>,
    source: &Source,
) -> Option<Problem> {
    let form = upstream.form();
    let of_row = |row: &ModelRow| {
        let place = row.shape.as_ref().map(Spanned::span);
        (row.matches.get_ref().clone(), place)
    };
    let rows = upstream.model.rows().iter().map(of_row);
    let named = upstream.model.name().unwrap_or_default();
    let all = [(named.to_owned(), None), (String::new(), None)];
    all.into_iter().chain(rows).find_map(|(model, own)| {
        let shape = RequestForm::of(upstream.preset.0, &form, &model).shape;
        let why = ShapeChange::contradiction(&shape)?;
        let of_table = upstream.shape.map(Spanned::span);
        let place = own.or(of_table).unwrap_or_else(|| place.clone());
        let message = format!("the upstream `{name}`: the shape contradicts itself");
        Some(source.error(place, message).with_help(why))
    })
}

#[cfg(test)]
mod tests;
