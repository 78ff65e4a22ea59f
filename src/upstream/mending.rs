//! What a refusal teaches: one change of the form of requests, and the line of the config that says
//! the same.

use super::fields::{FieldAction, FieldEdit};
use super::profiles::WantsBack;
use super::shape::ShapeChange;

/// One change of a request's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mending {
    /// Of a field, in every later request as well.
    Field(FieldEdit),
    /// Of a field, in this request only: what was refused depends on how long it is.
    Once(FieldEdit),
    /// Of the messages.
    Shape(ShapeChange),
    /// What it wants back of its own replies goes back to it.
    WantsBack(WantsBack),
    /// This field of messages goes nowhere.
    MessageField(String),
}

impl Mending {
    /// Whether it holds for later requests too.
    pub fn lasts(&self) -> bool {
        !matches!(self, Mending::Once(_))
    }

    /// What is mended, in one word for metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Mending::Field(_) => "field",
            Mending::Once(_) => "limit",
            Mending::Shape(_) => "shape",
            Mending::WantsBack(_) => "state",
            Mending::MessageField(_) => "message_field",
        }
    }

    /// The line of an upstream's table in the config that says the same, or two of them.
    pub fn config_line(&self) -> String {
        match self {
            Mending::Field(edit) | Mending::Once(edit) => line_of(edit),
            Mending::Shape(change) => shape_line(change).unwrap_or_else(|| "shape = {}".to_owned()),
            Mending::WantsBack(WantsBack::Signature) => "preset = \"gemini\"".to_owned(),
            Mending::WantsBack(_) => "preset = \"deepseek\"".to_owned(),
            Mending::MessageField(field) => format!("drop = [\"messages.{field}\"]"),
        }
    }
}

fn line_of(edit: &FieldEdit) -> String {
    let field = &edit.field;
    match &edit.action {
        FieldAction::Drop | FieldAction::DropValue(_) => format!("drop = [\"{field}\"]"),
        FieldAction::Rename(to) => format!("rename = {{ {field} = \"{to}\" }}"),
        FieldAction::Default(json) => format!("default = {{ {field} = {json} }}"),
        FieldAction::Set(json) | FieldAction::Replace(_, json) => instead(field, json),
        FieldAction::AtMost(most) => instead(field, &most.to_string()),
        FieldAction::DropInTools(key) => format!("drop = [\"tools.{key}\"]"),
    }
}

/// The line of a table of the config that says a shape; none: it has no words for it.
pub(super) fn shape_line(change: &ShapeChange) -> Option<String> {
    let parts = parts_of(change);
    (!parts.is_empty()).then(|| format!("shape = {{ {} }}", parts.join(", ")))
}

/// What came is left out, and this set: the config does the one before the other.
fn instead(field: &str, json: &str) -> String {
    format!("drop = [\"{field}\"]\ndefault = {{ {field} = {json} }}")
}

/// What a change of the shape says, as `shape` in the config has it.
fn parts_of(change: &ShapeChange) -> Vec<String> {
    fn word<T: std::fmt::Debug>(key: &str, value: Option<T>) -> Option<String> {
        Some(format!(
            "{key} = \"{}\"",
            format!("{:?}", value?).to_lowercase()
        ))
    }
    fn bool(key: &str, value: Option<bool>) -> Option<String> {
        Some(format!("{key} = {}", value?))
    }
    let parts = [
        word("system", change.system),
        bool("merge", change.merge),
        bool("alternate", change.alternate),
        word("developer", change.developer),
        word("tool_ids", change.tool_ids),
        word("calls", change.calls),
        word("beside_calls", change.beside_calls),
        word("before_calls", change.before_calls),
        word("undeclared", change.undeclared),
        word("parts", change.parts),
        word("empty", change.empty),
        bool("names", change.names),
        word("last", change.last),
        bool("user", change.needs_user),
    ];
    parts.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstream::shape::{
        BeforeCalls, CallsAtOnce, ContentParts, DeveloperRole, EmptyContent, LastMessage,
        SystemPlace, ToolIdForm, UndeclaredTools, WordsWithCalls,
    };

    #[test]
    fn what_a_refusal_taught_of_the_shape_can_be_written_into_the_config() {
        #[derive(serde::Deserialize)]
        struct Table {
            shape: ShapeChange,
        }
        let all = ShapeChange {
            system: Some(SystemPlace::User),
            merge: Some(true),
            alternate: Some(false),
            developer: Some(DeveloperRole::System),
            tool_ids: Some(ToolIdForm::Nine),
            calls: Some(CallsAtOnce::One),
            beside_calls: Some(WordsWithCalls::Apart),
            before_calls: Some(BeforeCalls::User),
            undeclared: Some(UndeclaredTools::Declare),
            parts: Some(ContentParts::Text),
            empty: Some(EmptyContent::Omit),
            names: Some(false),
            last: Some(LastMessage::User),
            needs_user: Some(true),
            functions: None,
        };
        let other = ShapeChange {
            system: Some(SystemPlace::None),
            tool_ids: Some(ToolIdForm::Short),
            ..ShapeChange::NONE
        };
        for change in [all, other, ShapeChange::NONE] {
            let line = Mending::Shape(change).config_line();
            let read: Table = toml::from_str(&line).expect(&line);
            assert_eq!(read.shape, change, "{line}");
        }
    }
}
