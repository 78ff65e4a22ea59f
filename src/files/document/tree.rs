//! Values within a parsed file, found and taken out by their places.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The value at a path of keys; the items of a list are numbered from 0.
pub(super) fn value_at<'t, 'i>(
    table: &'t DeTable<'i>,
    path: &str,
) -> Option<&'t Spanned<DeValue<'i>>> {
    match path.split_once('.') {
        None => table.get(path),
        Some((first, rest)) => value_below(table.get(first)?, rest),
    }
}

/// The value at a path of keys, else the nearest one around it that is written.
pub(super) fn nearest_at<'t, 'i>(
    table: &'t DeTable<'i>,
    path: &str,
) -> Option<&'t Spanned<DeValue<'i>>> {
    let mut path = path;
    loop {
        if let Some(value) = value_at(table, path) {
            return Some(value);
        }
        path = path.rsplit_once('.')?.0;
    }
}

fn value_below<'t, 'i>(
    value: &'t Spanned<DeValue<'i>>,
    path: &str,
) -> Option<&'t Spanned<DeValue<'i>>> {
    let items = match value.get_ref() {
        DeValue::Table(table) => return value_at(table, path),
        DeValue::Array(items) => items,
        _ => return None,
    };
    let (first, rest) = match path.split_once('.') {
        None => (path, None),
        Some((first, rest)) => (first, Some(rest)),
    };
    let item = items.get(first.parse::<usize>().ok()?)?;
    match rest {
        None => Some(item),
        Some(rest) => value_below(item, rest),
    }
}

/// Where a key stands, else the beginning.
pub(super) fn place_in(table: &DeTable<'_>, key: &str) -> Range<usize> {
    table
        .keys()
        .find(|name| name.get_ref() == key)
        .map_or(0..0, Spanned::span)
}

/// Adds the keys of a table and of those within it, each with the path to it before.
pub(super) fn list_keys(table: &DeTable<'_>, path: &str, places: &mut Vec<(String, Range<usize>)>) {
    for (key, value) in table {
        let path = format!("{path}.{}", key.get_ref());
        places.push((path.clone(), key.span()));
        if let Some(table) = value.get_ref().as_table() {
            list_keys(table, &path, places);
        }
    }
}

/// The list at a place, as a value of the table or of one within it.
pub(super) fn list_at<'t, 'i>(
    table: &'t mut DeTable<'i>,
    span: &Range<usize>,
) -> Option<&'t mut DeArray<'i>> {
    table.iter_mut().find_map(|(_, value)| {
        let is_it = value.span() == *span;
        match value.get_mut() {
            DeValue::Array(items) if is_it => Some(items),
            DeValue::Table(table) => list_at(table, span),
            _ => None,
        }
    })
}

/// The value at a place, and the name of its field.
pub(super) fn found_at<'t, 'i>(
    table: &'t DeTable<'i>,
    span: &Range<usize>,
) -> Option<(&'t str, &'t DeValue<'i>)> {
    table.iter().find_map(|(key, value)| {
        let is_it = value.span() == *span
            || key.span() == *span
            || is_leaf_around(value.get_ref(), &value.span(), span);
        match is_it {
            true => Some((&**key.get_ref(), value.get_ref())),
            false => found_below(key.get_ref(), value.get_ref(), span),
        }
    })
}

fn found_below<'t, 'i>(
    name: &'t str,
    value: &'t DeValue<'i>,
    span: &Range<usize>,
) -> Option<(&'t str, &'t DeValue<'i>)> {
    match value {
        DeValue::Table(table) => found_at(table, span),
        DeValue::Array(items) => items.iter().find_map(|item| match item.span() == *span {
            true => Some((name, item.get_ref())),
            false => found_below(name, item.get_ref(), span),
        }),
        _ => None,
    }
}

/// Sees a text, with the names of the fields to it and its place.
pub type ShowText<'s> = dyn FnMut(&[&str], &str, Range<usize>) + 's;

/// Shows each text of a table, with the names of the fields to it.
pub(super) fn each_text<'t>(
    table: &'t DeTable<'_>,
    path: &mut Vec<&'t str>,
    show: &mut ShowText<'_>,
) {
    for (key, value) in table.iter() {
        path.push(key.get_ref());
        each_text_below(value, path, show);
        path.pop();
    }
}

fn each_text_below<'t>(
    value: &'t Spanned<DeValue<'_>>,
    path: &mut Vec<&'t str>,
    show: &mut ShowText<'_>,
) {
    match value.get_ref() {
        DeValue::String(text) => show(path, text, value.span()),
        DeValue::Array(items) => {
            for item in items.iter() {
                each_text_below(item, path, show);
            }
        }
        DeValue::Table(table) => each_text(table, path, show),
        _ => {}
    }
}

/// Takes the value (or the key) at `span` out of the tree; gives the key of the table in or below
/// which it was. The places of all that it was within are added to `holders`.
pub(super) fn remove_at(
    table: &mut DeTable<'_>,
    span: &Range<usize>,
    holders: &mut Vec<Range<usize>>,
) -> Option<String> {
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
        remove_below(value, span, holders).then(|| key.get_ref().to_string())
    })
}

fn remove_below(
    value: &mut Spanned<DeValue<'_>>,
    span: &Range<usize>,
    holders: &mut Vec<Range<usize>>,
) -> bool {
    let place = value.span();
    let is_removed = match value.get_mut() {
        DeValue::Table(table) => remove_at(table, span, holders).is_some(),
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
            }
            hit.is_some()
                || items
                    .iter_mut()
                    .any(|item| remove_below(item, span, holders))
        }
        _ => false,
    };
    if is_removed {
        holders.push(place);
    }
    is_removed
}

fn is_leaf_around(value: &DeValue<'_>, place: &Range<usize>, span: &Range<usize>) -> bool {
    let is_leaf = !matches!(value, DeValue::Table(_) | DeValue::Array(_));
    is_leaf && place.start <= span.start && span.end <= place.end && span.start < span.end
}
