//! What a row does to a request, in words for tables.
//!
//! It never says what a row does not do: what is not said goes as it came.

use crate::upstream::fields::{EditWhen, FieldAction, FieldEdit};
use crate::upstream::shape::{
    BeforeCalls, CallsAtOnce, ContentParts, DeveloperRole, EmptyContent, LastMessage,
    LegacyFunctions, ShapeChange, SystemPlace, ToolIdForm, UndeclaredTools, WordsWithCalls,
};

/// What becomes of fields. Neighbours that are left out at the same time are told as one.
pub(super) fn fields_in_words(edits: &[FieldEdit]) -> String {
    let is_alike = |one: &FieldEdit, next: &FieldEdit| {
        one.action == FieldAction::Drop && next.action == FieldAction::Drop && one.when == next.when
    };
    let told = edits.chunk_by(is_alike).map(|alike| {
        let fields: Vec<_> = alike
            .iter()
            .map(|edit| format!("`{}`", edit.field))
            .collect();
        let when = alike.first().map_or("", |edit| when_in_words(edit.when));
        let action = alike.first().map(|edit| &edit.action);
        format!("{}{when}", action_in_words(action, &fields.join(", ")))
    });
    told.collect::<Vec<_>>().join("; ")
}

fn action_in_words(action: Option<&FieldAction>, field: &str) -> String {
    match action {
        None | Some(FieldAction::Drop) => format!("no {field}"),
        Some(FieldAction::DropValue(json)) => format!("no {field} of `{json}`"),
        Some(FieldAction::Rename(to)) => format!("{field} as `{to}`"),
        Some(FieldAction::Default(json)) => format!("{field} is `{json}` where it is missing"),
        Some(FieldAction::Set(json)) => format!("{field} is `{json}`"),
        Some(FieldAction::Replace(from, to)) => format!("{field} `{to}` for `{from}`"),
        Some(FieldAction::AtMost(most)) => format!("{field} at most {most}"),
        Some(FieldAction::DropInTools(key)) => format!("no `{key}` in {field}"),
    }
}

fn when_in_words(when: EditWhen) -> &'static str {
    match when {
        EditWhen::Always => "",
        EditWhen::WithTools => " beside tools",
        EditWhen::WithoutTools => " without tools",
        EditWhen::Reasoning => " while it reasons",
    }
}

/// What becomes of messages.
pub(super) fn shape_in_words(shape: ShapeChange) -> String {
    let system = shape.system.map(|place| match place {
        SystemPlace::Any => "system messages stay where they are",
        SystemPlace::First => "late system messages join",
        SystemPlace::User => "late system messages become the user's",
        SystemPlace::None => "all system messages become the user's",
    });
    let turns = match (shape.alternate, shape.merge) {
        (Some(true), _) => Some("user and assistant take turns"),
        (_, Some(true)) => Some("neighbours of one role are one"),
        _ => None,
    };
    let others = parts_in_words(shape);
    let others = others
        .into_iter()
        .filter_map(|(is_so, words)| is_so.then_some(words));
    let all = system.into_iter().chain(turns).chain(others);
    all.collect::<Vec<_>>().join("; ")
}

/// The parts of a shape that stand for themselves, and whether they are so.
fn parts_in_words(shape: ShapeChange) -> [(bool, &'static str); 14] {
    let developer = shape.developer == Some(DeveloperRole::System);
    [
        (developer, "`developer` is `system`"),
        (
            shape.tool_ids == Some(ToolIdForm::Nine),
            "ids of tool calls have nine characters",
        ),
        (
            shape.tool_ids == Some(ToolIdForm::Short),
            "ids of tool calls have forty characters at most",
        ),
        (
            shape.calls == Some(CallsAtOnce::One),
            "each message has one tool call",
        ),
        (
            shape.beside_calls == Some(WordsWithCalls::Apart),
            "words beside tool calls are a message of their own",
        ),
        (
            shape.before_calls == Some(BeforeCalls::User),
            "tool calls stand behind the user or a result",
        ),
        (
            shape.undeclared == Some(UndeclaredTools::Declare),
            "tools of old calls are declared",
        ),
        (
            shape.parts == Some(ContentParts::Text),
            "text parts are one text",
        ),
        (
            shape.empty == Some(EmptyContent::Omit),
            "empty content goes",
        ),
        (
            shape.empty == Some(EmptyContent::Text),
            "empty content has a text",
        ),
        (shape.names == Some(false), "no names"),
        (
            shape.last == Some(LastMessage::User),
            "the last is the user's or a tool's",
        ),
        (shape.needs_user == Some(true), "there is one of the user"),
        (
            shape.functions == Some(LegacyFunctions::Tools),
            "`functions` go as `tools`",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_at_the_same_time_is_told_as_one() {
        let edits = [
            FieldEdit::drop("a"),
            FieldEdit::drop("b"),
            FieldEdit::drop_when("c", EditWhen::Reasoning),
            FieldEdit::rename("d", "e"),
            FieldEdit::drop_value("f", "[]"),
            FieldEdit::drop_value("g", "[]"),
            FieldEdit::replace("h", "1", "2"),
            FieldEdit::set_when("i", "3", EditWhen::WithTools),
        ];
        assert_eq!(
            fields_in_words(&edits),
            "no `a`, `b`; no `c` while it reasons; `d` as `e`; no `f` of `[]`; no `g` of `[]`; \
             `h` `2` for `1`; `i` is `3` beside tools"
        );
        assert_eq!(fields_in_words(&[]), "");
    }

    #[test]
    fn each_part_of_a_shape_is_told() {
        let shape = ShapeChange {
            system: Some(SystemPlace::First),
            merge: Some(true),
            alternate: Some(true),
            tool_ids: Some(ToolIdForm::Nine),
            ..ShapeChange::NONE
        };
        assert_eq!(
            shape_in_words(shape),
            "late system messages join; user and assistant take turns; ids of tool calls have nine \
             characters"
        );
        assert_eq!(shape_in_words(ShapeChange::NONE), "");
    }
}
