//! What was learned of an upstream as lines of the config: one table that says it all.
//!
//! Where the config's table has some of these fields already, theirs are in the lines as well, so that
//! a line takes the place of the one that is there. Values are never those of anybody's messages.

use serde_json::Value;

use super::fields::{FieldAction, FieldEdit};
use super::form::FormConfig;
use super::mending::{Mending, shape_line};
use super::shape::ShapeChange;

/// The lines that say what was learned of one model. `is_sent`: whether a request as it was taken had
/// a field. None: there is nothing to say.
pub fn config_lines(
    upstream: &str,
    model: &str,
    config: &FormConfig,
    learned: &[Mending],
    is_sent: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let lasting = || learned.iter().filter(|mending| mending.lasts());
    let upstream = toml_key(upstream);
    let preset = lasting().find_map(|mending| match mending {
        Mending::WantsBack(_) => Some(mending.config_line()),
        _ => None,
    });
    // A model that the config names has no row of its own beside.
    let is_named = config.takes.model.is_some();
    let mut table = match is_named {
        true => WrittenTable::of(config),
        false => WrittenTable::default(),
    };
    let before = table.lines();
    for mending in lasting() {
        match mending {
            Mending::Field(edit) | Mending::Once(edit) => table.add(edit, is_sent),
            Mending::Shape(change) => table.shape = change.and(table.shape),
            Mending::MessageField(field) => table.leave_out(format!("messages.{field}")),
            Mending::WantsBack(_) => {}
        }
    }
    let mut lines = table.lines();
    // What stands there already need not be written again.
    lines.retain(|line| !before.contains(line));
    if is_named {
        lines.splice(0..0, preset);
        return (!lines.is_empty())
            .then(|| format!("[upstream.{upstream}]\n{}\n", lines.join("\n")));
    }
    let mut parts = Vec::new();
    parts.extend(preset.map(|preset| format!("[upstream.{upstream}]\n{preset}\n")));
    if !lines.is_empty() {
        let (model, lines) = (quoted(model), lines.join("\n"));
        parts.push(format!(
            "[[upstream.{upstream}.model]]\nmatch = {model}\n{lines}\n"
        ));
    }
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// What a table of the config says of the form: applied in this order.
#[derive(Debug, Default)]
struct WrittenTable {
    drop: Vec<String>,
    rename: Vec<(String, String)>,
    default: Vec<(String, String)>,
    shape: ShapeChange,
}

impl WrittenTable {
    /// What an upstream's own table says.
    fn of(config: &FormConfig) -> WrittenTable {
        let mut table = WrittenTable {
            shape: config.shape,
            ..WrittenTable::default()
        };
        for edit in &config.edits {
            table.add(edit, &|_| true);
        }
        for field in &config.takes.without_message_fields {
            table.leave_out(format!("messages.{field}"));
        }
        table
    }

    /// Adds an edit behind what is there.
    fn add(&mut self, edit: &FieldEdit, is_sent: &dyn Fn(&str) -> bool) {
        let field = &*edit.field;
        match &edit.action {
            FieldAction::Drop | FieldAction::DropValue(_) => {
                self.undo(field);
                self.leave_out(field.to_owned());
            }
            FieldAction::DropInTools(key) => self.leave_out(format!("tools.{key}")),
            FieldAction::Rename(to) => self.add_rename(field, to),
            FieldAction::Default(json) => {
                if self.default.iter().all(|(known, _)| known != field) {
                    self.default.push((field.to_owned(), json.to_string()));
                }
            }
            FieldAction::Set(json) | FieldAction::Replace(_, json) => self.set(field, json),
            FieldAction::AtMost(most) if is_sent(field) => self.set(field, &most.to_string()),
            // What never went need not be bounded.
            FieldAction::AtMost(_) => {}
        }
    }

    fn add_rename(&mut self, field: &str, to: &str) {
        for (_, target) in &mut self.rename {
            if target == field {
                to.clone_into(target);
            }
        }
        for (name, _) in &mut self.default {
            if name == field {
                to.clone_into(name);
            }
        }
        self.rename.retain(|(from, _)| from != field);
        self.rename.push((field.to_owned(), to.to_owned()));
    }

    /// It has this value, whatever a request says: that one goes, and this comes.
    fn set(&mut self, field: &str, json: &str) {
        self.undo(field);
        self.leave_out(field.to_owned());
        self.default.push((field.to_owned(), json.to_owned()));
    }

    /// Nothing brings this field any more.
    fn undo(&mut self, field: &str) {
        self.default.retain(|(known, _)| known != field);
        let renamed: Vec<String> = self
            .rename
            .iter()
            .filter(|(_, to)| to == field)
            .map(|(from, _)| from.clone())
            .collect();
        self.rename.retain(|(_, to)| to != field);
        renamed.into_iter().for_each(|from| self.leave_out(from));
    }

    fn leave_out(&mut self, field: String) {
        if !self.drop.contains(&field) {
            self.drop.push(field);
        }
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.drop.is_empty() {
            let drop = self.drop.iter().map(|field| quoted(field));
            lines.push(format!("drop = [{}]", drop.collect::<Vec<_>>().join(", ")));
        }
        let mut inline = |name: &str, entries: Vec<String>| {
            if !entries.is_empty() {
                lines.push(format!("{name} = {{ {} }}", entries.join(", ")));
            }
        };
        let renamed = self.rename.iter();
        let renamed = renamed.map(|(from, to)| format!("{} = {}", toml_key(from), quoted(to)));
        inline("rename", renamed.collect());
        let set = self.default.iter().filter_map(|(field, json)| {
            let value = serde_json::from_str(json).ok()?;
            Some(format!("{} = {}", toml_key(field), written(&value)?))
        });
        inline("default", set.collect());
        lines.extend(shape_line(&self.shape));
        lines
    }
}

/// A key of TOML, in quotes where it needs them.
pub fn toml_key(name: &str) -> String {
    let is_bare = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '-';
    match !name.is_empty() && name.chars().all(is_bare) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// A text of TOML: what JSON escapes, TOML reads as well.
fn quoted(text: &str) -> String {
    let json = Value::from(text).to_string();
    json.replace('\u{7f}', "\\u007F")
}

/// A value of JSON as TOML has it; none: it has no such value.
fn written(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::String(text) => quoted(text),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(items) => {
            let items = items.iter().map(written).collect::<Option<Vec<_>>>()?;
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(name, value)| Some(format!("{} = {}", toml_key(name), written(value)?)));
            let entries = entries.collect::<Option<Vec<_>>>()?;
            match entries.is_empty() {
                true => "{}".to_owned(),
                false => format!("{{ {} }}", entries.join(", ")),
            }
        }
    })
}

#[cfg(test)]
mod tests;
