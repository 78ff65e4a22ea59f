//! A history that no upstream takes as it is, mended: calls and results that lack each other or are
//! parted, a request without a caller, the functions of 2023.
//!
//! What is mended is where it was for good, so the bytes before it stay from turn to turn. Only
//! results that arrive after the caller spoke on move, to where every upstream asks for them.

mod functions;
mod rebuilt;
mod results;
mod steps;

use super::draft::ShapeDraft;
use super::form::MessageShape;
use super::mends::HistoryMends;
use crate::chat::Role;

pub(super) use functions::to_tools;
pub(super) use results::settle;

/// A request without any user message gets one, where the upstream answers callers alone.
pub(super) fn add_user(draft: &mut ShapeDraft<'_>, shape: &MessageShape, mends: &HistoryMends) {
    let mut messages = draft.messages().iter();
    if !shape.needs_user || !mends.user || messages.any(|message| message.role() == Role::User) {
        return;
    }
    draft.add_silent_user();
    draft.note("a user message of `…` was added at the end: there was none");
}
