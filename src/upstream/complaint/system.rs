//! Complaints about system messages and developers: where they may stand, and whether they may at all.

use super::refused::FORM_REFUSED;
use super::words::RefusalWords;
use crate::upstream::shape::{DeveloperRole, ShapeChange, SystemPlace};

/// Where system messages may stand, and as whom developers may speak.
pub(super) fn of_system(said: &RefusalWords) -> Vec<ShapeChange> {
    let mut changes = Vec::new();
    if said.has(&["developer"]) && said.has(FORM_REFUSED) {
        changes.push(ShapeChange {
            developer: Some(DeveloperRole::System),
            ..ShapeChange::NONE
        });
    }
    let place = |place| ShapeChange {
        system: Some(place),
        ..ShapeChange::NONE
    };
    if said.has(&["only user and assistant roles", "roles are supported"]) {
        changes.push(place(SystemPlace::First));
        changes.push(place(SystemPlace::None));
    }
    if lists_roles_without_system(said) {
        changes.push(place(SystemPlace::First));
        changes.push(place(SystemPlace::None));
    }
    if !said.has(&["system"]) {
        return changes;
    }
    let has_place = [
        "beginning",
        "at the start",
        "be first",
        "first message",
        "be the first",
        "must be at index 0",
        "after role",
        "position 0",
        "only one system",
        "multiple system",
        "single system",
        "start of the conversation",
        "precede",
        "come before",
        "leading",
    ];
    if said.has(&has_place) {
        changes.push(place(SystemPlace::First));
    }
    if is_role_refused(said) {
        changes.push(place(SystemPlace::First));
        changes.push(place(SystemPlace::None));
    }
    changes
}

/// Whether the roles that are taken are listed, and `system` is none of them: `Role must be in [user,
/// assistant]`.
fn lists_roles_without_system(said: &RefusalWords) -> bool {
    const BEFORE: [&str; 7] = [
        "must be",
        "should be",
        "expected",
        "supported roles",
        "allowed roles",
        "valid roles",
        "supports only",
    ];
    // Of these, the place of a message is meant.
    const OF_ORDER: [&str; 6] = ["alternat", "first", "last", "after", "before", "follow"];
    let lines = said.lower.split('\n');
    let mut lines = lines.filter(|line| !OF_ORDER.iter().any(|word| line.contains(word)));
    lines.any(|line| {
        let listed = BEFORE.iter().find_map(|words| line.split_once(words));
        listed.is_some_and(|(before, list)| {
            let is_of_roles = before.contains("role") || list.contains("role");
            let list = list.split('.').next().unwrap_or_default();
            // What came may be named beside those that are taken.
            let list = list.split("got ").next().unwrap_or_default();
            let has_both = list.contains("user") && list.contains("assistant");
            is_of_roles && has_both && !list.contains("system")
        })
    })
}

/// Whether the role itself is refused.
fn is_role_refused(said: &RefusalWords) -> bool {
    let is_of_role = [
        "system role",
        "role 'system'",
        "role \"system\"",
        "role `system`",
        "role: system",
        "system message",
        "'system' with this model",
        "role system",
        "system instruction",
        "system prompt",
        "role' does not support 'system'",
        "got system",
        "got 'system'",
    ];
    said.has(&is_of_role) && said.has(FORM_REFUSED)
}
