//! A history that no upstream takes as it is, mended: calls and results that lack each other or are
//! parted, calls whose arguments are no object, a request without a caller, the functions of 2023.
//!
//! What is mended is where it was for good, so the bytes before it stay from turn to turn. Only
//! results that arrive after the caller spoke on move, to where every upstream asks for them.

mod arguments;
mod functions;
mod rebuilt;
mod results;
mod steps;

use super::calls::has_calls;
use super::draft::{ShapeDraft, is_result, silent};
use super::form::{BeforeCalls, MessageShape, SystemPlace};
use super::mends::HistoryMends;
use crate::chat::{Message, Role};

pub(super) use arguments::complete_calls;
pub(super) use functions::to_tools;
pub(super) use results::settle;

/// A request without any user message gets one, where the upstream answers callers alone: in front
/// where turns must be taken and somebody else begins, for there it stays; behind a tool's result
/// nobody speaks then, for the result is what waits for an answer.
pub(super) fn add_user(draft: &mut ShapeDraft<'_>, shape: &MessageShape, mends: &HistoryMends) {
    let messages = draft.messages();
    let is_user = |message: &Message| message.role() == Role::User;
    if !(shape.needs_user || shape.alternate) || !mends.user || messages.iter().any(is_user) {
        return;
    }
    let is_speaker = |message: &Message| !message.role().is_instruction();
    let first = messages.iter().position(is_speaker);
    let ends_with_result = messages.iter().rfind(|one| is_speaker(one)).map(is_result);
    let calls_begin = shape.before_calls == BeforeCalls::User && messages.iter().any(has_calls);
    let begins = first.filter(|at| {
        let first = messages.get(*at);
        (shape.alternate || calls_begin)
            && first.is_some_and(|one| one.role() == Role::Assistant || is_result(one))
    });
    // An instruction that becomes the caller's is a beginning as well.
    let has_begin = shape.system == SystemPlace::None
        && messages
            .iter()
            .take_while(|one| !is_speaker(one) && !one.is_at_tail())
            .any(|one| !one.text().trim().is_empty());
    let in_front = begins.filter(|_| !has_begin);
    let is_answered = match ends_with_result {
        None => has_begin,
        Some(is_result) => is_result && (has_begin || in_front.is_some()),
    };
    if let Some(at) = in_front {
        draft.rewrite(|mut messages| {
            messages.insert(at, silent("user"));
            messages
        });
        draft.note("a user message of `…` was added in front: there was none");
    }
    if shape.needs_user && !is_answered {
        draft.add_silent_user();
        draft.note("a user message of `…` was added at the end: there was none");
    }
}
