//! The role `developer`, where an upstream knows `system` alone; and the names of messages, where it
//! knows none.

use super::draft::{ShapeDraft, counted};
use super::form::{DeveloperRole, MessageShape};
use crate::chat::Role;

pub(super) fn rename_developers(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    if shape.developer == DeveloperRole::Keep {
        return;
    }
    let count = draft.change_each(|message| {
        let is_developer = message.role() == Role::Developer;
        is_developer.then(|| message.clone().with_role("system"))
    });
    if count > 0 {
        let what = counted(count, "message");
        draft.note(format!("{what} of the role `developer` went as `system`"));
    }
}

/// The name of a `function` message says whose result it is, and stays.
pub(super) fn leave_out_names(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    if shape.names {
        return;
    }
    let count = draft.change_each(|message| {
        let goes = message.role() != Role::Function && message.field("name").is_some();
        goes.then(|| message.clone().without_field("name"))
    });
    if count > 0 {
        let what = counted(count, "message");
        draft.note(format!("the `name` of {what} was left out"));
    }
}
