//! What a request's fields must be for one model: renamed, left out, set where they are missing.
//!
//! Rows say it ([`FieldEdit`]), in a provider's profile, for a family of models, in the config, or
//! learned from a refusal; they are applied in that order, each to what the one before left. Messages
//! are the shape's matter, never touched here.

use std::borrow::Cow;

use super::toolbox;
use crate::chat::ChatRequest;
use crate::chat::json;

/// A text of a row that is built in, or of one that a file says.
pub type RowText = Cow<'static, str>;

/// One change of one request field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldEdit {
    /// The field.
    pub field: RowText,
    /// What is done with it.
    pub action: FieldAction,
    /// In which requests.
    pub when: EditWhen,
}

/// What is done with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldAction {
    /// It is left out.
    Drop,
    /// It is left out where it has this value (JSON).
    DropValue(RowText),
    /// It goes under this name, unless that is there already: then it is left out.
    Rename(RowText),
    /// It has this value (JSON) where the request has none.
    Default(RowText),
    /// It has this value (JSON), whatever the request says.
    Set(RowText),
    /// It has the second value (JSON) in place of the first.
    Replace(RowText, RowText),
    /// It is a number, and no larger than this.
    AtMost(u64),
    /// A key of its tools goes nowhere, wherever it stands in them.
    DropInTools(RowText),
}

/// In which requests a field is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditWhen {
    /// In all.
    Always,
    /// In those that declare tools.
    WithTools,
    /// In those that declare none.
    WithoutTools,
    /// In those in which the model reasons: the effort that they ask for, or the family's own, is
    /// not `none`.
    Reasoning,
}

impl FieldEdit {
    /// A field that is left out.
    pub const fn drop(field: &'static str) -> FieldEdit {
        FieldEdit::row(field, FieldAction::Drop)
    }

    /// A field that is left out where it has a value (JSON).
    pub const fn drop_value(field: &'static str, json: &'static str) -> FieldEdit {
        FieldEdit::row(field, FieldAction::DropValue(Cow::Borrowed(json)))
    }

    /// A field that goes under another name.
    pub const fn rename(field: &'static str, to: &'static str) -> FieldEdit {
        FieldEdit::row(field, FieldAction::Rename(Cow::Borrowed(to)))
    }

    /// A field with a value (JSON) where the request has none.
    pub const fn default(field: &'static str, json: &'static str) -> FieldEdit {
        FieldEdit::row(field, FieldAction::Default(Cow::Borrowed(json)))
    }

    /// A field with a value (JSON), whatever the request says.
    pub const fn set(field: &'static str, json: &'static str) -> FieldEdit {
        FieldEdit::row(field, FieldAction::Set(Cow::Borrowed(json)))
    }

    /// A field with one value (JSON) in place of another.
    pub const fn replace(field: &'static str, from: &'static str, to: &'static str) -> FieldEdit {
        let action = FieldAction::Replace(Cow::Borrowed(from), Cow::Borrowed(to));
        FieldEdit::row(field, action)
    }

    /// A number that is no larger than this.
    pub const fn at_most(field: &'static str, most: u64) -> FieldEdit {
        FieldEdit::row(field, FieldAction::AtMost(most))
    }

    /// A key of the tools that goes nowhere.
    pub const fn drop_in_tools(key: &'static str) -> FieldEdit {
        FieldEdit::row("tools", FieldAction::DropInTools(Cow::Borrowed(key)))
    }

    /// A field that is left out of some requests.
    pub const fn drop_when(field: &'static str, when: EditWhen) -> FieldEdit {
        FieldEdit {
            field: Cow::Borrowed(field),
            action: FieldAction::Drop,
            when,
        }
    }

    /// A field with a value (JSON) in some requests, whatever they say.
    pub const fn set_when(field: &'static str, json: &'static str, when: EditWhen) -> FieldEdit {
        FieldEdit {
            field: Cow::Borrowed(field),
            action: FieldAction::Set(Cow::Borrowed(json)),
            when,
        }
    }

    const fn row(field: &'static str, action: FieldAction) -> FieldEdit {
        FieldEdit {
            field: Cow::Borrowed(field),
            action,
            when: EditWhen::Always,
        }
    }

    /// Changes a request where that is to be done; a note in plain words where it did.
    fn apply(&self, request: &mut Cow<'_, ChatRequest>, reasons: bool) -> Option<String> {
        if !self.when.holds(request, reasons) {
            return None;
        }
        let field = &*self.field;
        let value = request.field(field).cloned();
        let Some(value) = value else {
            return match &self.action {
                FieldAction::Default(json) | FieldAction::Set(json) => {
                    request.to_mut().set_field(field, json);
                    Some(format!("`{field}` is {json}"))
                }
                _ => None,
            };
        };
        match &self.action {
            FieldAction::DropValue(json) if value.trim() != &**json => None,
            FieldAction::Drop | FieldAction::DropValue(_) => {
                request.to_mut().remove_field(field);
                Some(format!("`{field}` was left out"))
            }
            FieldAction::Rename(to) if request.field(to).is_some() => {
                request.to_mut().remove_field(field);
                Some(format!("`{field}` was left out beside `{to}`"))
            }
            FieldAction::Rename(to) => {
                request.to_mut().rename_field(field, to);
                Some(format!("`{field}` went as `{to}`"))
            }
            FieldAction::Default(json) if json::is_null(&value) => {
                request.to_mut().set_field(field, json);
                Some(format!("`{field}` is {json}"))
            }
            FieldAction::Default(_) => None,
            FieldAction::Set(json) | FieldAction::Replace(_, json)
                if self.replaces(&value) && value.trim() != &**json =>
            {
                request.to_mut().set_field(field, json);
                Some(format!("`{field}` is {json} in place of what came"))
            }
            FieldAction::Set(_) | FieldAction::Replace(..) => None,
            FieldAction::AtMost(most) => {
                let is_more = value
                    .parse::<f64>()
                    .is_ok_and(|number| number > *most as f64);
                is_more.then(|| {
                    request.to_mut().set_field(field, &most.to_string());
                    format!("`{field}` is {most}, the most that is taken")
                })
            }
            FieldAction::DropInTools(key) => {
                let new = toolbox::without_key(&value, key)?;
                request.to_mut().set_field(field, &new);
                Some(format!("`{key}` was left out of the tools"))
            }
        }
    }

    /// Whether what came is what this row takes the place of.
    fn replaces(&self, value: &str) -> bool {
        match &self.action {
            FieldAction::Replace(from, _) => value.trim() == &**from,
            _ => true,
        }
    }
}

impl EditWhen {
    fn holds(self, request: &ChatRequest, reasons: bool) -> bool {
        match self {
            EditWhen::Always => true,
            EditWhen::WithTools => has_tools(request),
            EditWhen::WithoutTools => !has_tools(request),
            EditWhen::Reasoning if is_told_not_to_think(request) => false,
            EditWhen::Reasoning => match request.field("reasoning_effort") {
                Some(effort) if !json::is_null(effort) => effort.trim() != "\"none\"",
                _ => reasons,
            },
        }
    }
}

/// Whether the request says `"thinking": {"type": "disabled"}`, as DeepSeek has it.
fn is_told_not_to_think(request: &ChatRequest) -> bool {
    let thinking = request.field("thinking").map(json::entries);
    let Some(Ok(entries)) = thinking else {
        return false;
    };
    let mut kinds = entries.iter().filter(|(key, _)| key == "type");
    kinds.any(|(_, kind)| kind.trim() == "\"disabled\"")
}

/// Whether the request declares tools, by either name.
fn has_tools(request: &ChatRequest) -> bool {
    let declares = |name: &str| {
        let list = request.field(name);
        list.is_some_and(|list| {
            !json::is_null(list) && json::items(list).is_ok_and(|it| !it.is_empty())
        })
    };
    declares("tools") || declares("functions")
}

/// The field that speaks of a stream, and is refused (by OpenAI, DeepSeek) where none is asked for.
const OF_STREAMS: &str = "stream_options";

/// A request with its fields as these rows have them, borrowed where they change nothing. `reasons`:
/// whether the model reasons where nobody says. Each change is noted.
pub fn edited<'r>(
    request: Cow<'r, ChatRequest>,
    edits: &[FieldEdit],
    reasons: bool,
    notes: &mut Vec<String>,
) -> Cow<'r, ChatRequest> {
    let mut request = request;
    let is_whole = !request.wants_stream();
    if is_whole && request.field(OF_STREAMS).is_some() {
        request.to_mut().remove_field(OF_STREAMS);
        notes.push(format!(
            "`{OF_STREAMS}` was left out, since the answer is not streamed"
        ));
    }
    for edit in edits {
        if !(is_whole && edit.field == OF_STREAMS) {
            notes.extend(edit.apply(&mut request, reasons));
        }
    }
    request
}

/// Of several defaults of one field the last counts, since it is of the most special row: it takes
/// the place of those before it.
pub(super) fn keep_last_defaults(edits: &mut [FieldEdit]) {
    for at in 0..edits.len() {
        let (before, behind) = edits.split_at_mut(at + 1);
        let Some(FieldEdit {
            field,
            action: FieldAction::Default(json),
            when: EditWhen::Always,
        }) = before.last_mut()
        else {
            continue;
        };
        let last = behind.iter().rev().find_map(|edit| match &edit.action {
            FieldAction::Default(json) if edit.field == *field => Some(json),
            _ => None,
        });
        if let Some(last) = last {
            json.clone_from(last);
        }
    }
}

#[cfg(test)]
mod tests;
