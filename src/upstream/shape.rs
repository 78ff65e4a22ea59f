//! The form in which an upstream takes a request, and the way back of its reply.
//!
//! Pure: a function of the request, of what the upstream asks, and of nothing else. A request that
//! has the form already is not copied, and a message that has it keeps its bytes.
//!
//! The order of the steps: functions become tools first, for what mends tool calls knows no others;
//! then the history is whole. A `developer` is a system message before those find their places, and
//! what is empty is gone or filled before neighbours are looked at. Then it is known whether a caller
//! is missing. System texts become parts of user messages before those are merged, and what is merged
//! ends with whom it must. Then it is known who stands before calls. These are parted when none can be merged again; ids come last, when every
//! call that goes is there.
//!
//! What a message becomes depends on what stands before it and on what stays behind it as the call
//! goes on: requests of a call share their bytes up to the newest user message, as they came.

mod back;
mod before_calls;
mod calls;
mod change;
mod content;
mod declared;
mod draft;
mod empty;
mod form;
mod history;
mod last;
mod mark;
mod mends;
mod merge;
mod neighbours;
mod parts;
mod roles;
mod system;
mod tool_ids;

use std::borrow::Cow;

use crate::chat::{ChatRequest, Message};

pub use back::ShapeBack;
pub use change::ShapeChange;
use draft::ShapeDraft;
pub use form::{
    BeforeCalls, CallsAtOnce, ContentParts, DeveloperRole, EmptyContent, LastMessage,
    LegacyFunctions, MessageShape, SystemPlace, ToolIdForm, UndeclaredTools, WordsWithCalls,
};
pub use mends::{HistoryMends, Mend};

/// A request as one upstream takes it.
#[derive(Debug, Clone)]
pub struct Shaped<'r> {
    /// The request; the one that came where nothing was to be changed.
    pub request: Cow<'r, ChatRequest>,
    /// Each change, in plain words.
    pub notes: Vec<String>,
    /// Undoes in the reply what was changed.
    pub back: ShapeBack,
}

/// The request in the form that an upstream takes.
pub fn shaped<'r>(
    request: &'r ChatRequest,
    shape: &MessageShape,
    mends: &HistoryMends,
) -> Shaped<'r> {
    let mut draft = ShapeDraft {
        request: Cow::Borrowed(request),
        notes: Vec::new(),
    };
    // What is only looked at never goes upstream, and is part of nothing that does.
    if draft.messages().iter().any(Message::is_watched) {
        draft.rewrite(|mut messages| {
            messages.retain(|message| !message.is_watched());
            messages
        });
    }
    let is_legacy = history::to_tools(&mut draft, shape, mends);
    history::settle(&mut draft, mends);
    history::complete_calls(&mut draft, mends);
    roles::rename_developers(&mut draft, shape);
    roles::leave_out_names(&mut draft, shape);
    parts::join_texts(&mut draft, shape);
    empty::fill_or_omit(&mut draft, shape, mends);
    history::add_user(&mut draft, shape, mends);
    system::gather(&mut draft, shape);
    calls::part_words(&mut draft, shape);
    neighbours::settle(&mut draft, shape);
    before_calls::settle(&mut draft, shape);
    calls::part_calls(&mut draft, shape);
    last::end_with_user(&mut draft, shape);
    declared::declare(&mut draft, shape);
    let ids = tool_ids::shorten(&mut draft, shape);
    Shaped {
        request: draft.request,
        notes: draft.notes,
        back: ShapeBack::new(ids, is_legacy),
    }
}

#[cfg(test)]
mod tests;
