//! What a rule can do: the trait, and [`kinds`], one file a kind.
//!
//! A rule is a function of the request and what is known of the turn. It does no I/O, keeps no
//! state of a call and knows no clock.

mod about;
pub mod kinds;
mod own_reply;
mod strings;
mod turn;
mod vault;

use std::fmt;

use crate::chat::ChatRequest;
use crate::detect::SharedNameFinder;
pub use crate::stream::TextFilter;
pub use about::{
    About, Doubted, EarlyText, HeldFor, HiddenValues, MissedValue, RequestField, Speech,
    SpokenNames, WrittenText,
};
pub use kinds::{KINDS, Kind, files_named};
pub use own_reply::{OwnCall, OwnReply};
pub use turn::{Clock, FirstTurn, Note, ReplyFaults, Turn, UnknownCount};
pub use vault::{Identity, NumberedValues, Retention, Seeds, ValuePlace, Vault, WithinMessage};

/// One rule, read from its file; shared by all calls, keeps no state.
pub trait Rule: fmt::Debug + Send + Sync {
    /// Rewrites a request on its way to the model.
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError>;

    /// Starts the filter for one lane of the reply, if this rule touches replies.
    fn on_reply(&self, _turn: &Turn, _lane: &Lane) -> Option<Box<dyn TextFilter>> {
        None
    }

    /// Hides in a request what it hides, and does nothing else: for what is shown to people or
    /// written down. Rules that hide nothing leave it as it is.
    fn hide(&self, _request: &mut ChatRequest, _turn: &mut Turn) -> Result<Change, RuleError> {
        Ok(Change::Unchanged)
    }

    /// Takes what finds names beside the table, when the rule is read; says whether it has use for it.
    fn use_names(&mut self, _finder: &SharedNameFinder) -> bool {
        false
    }

    /// What it does whatever the turn. Asked once, when the rule is read.
    fn about(&self) -> About {
        About::default()
    }
}

/// Whether a rule changed the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The request is as it was.
    Unchanged,
    /// Something in it is new.
    Changed,
    /// No model is asked: what the caller gets stands in [`Turn::answer`].
    Answered,
}

impl From<bool> for Change {
    fn from(is_changed: bool) -> Change {
        if is_changed {
            Change::Changed
        } else {
            Change::Unchanged
        }
    }
}

/// Why a rule could not do its work in this turn. Never holds what people said.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RuleError(pub String);

/// One text of a reply that streams by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The choice it belongs to.
    pub choice: u64,
    /// What it is.
    pub kind: LaneKind,
    /// Whether it is JSON: what a rule puts there is written as JSON.
    pub is_json: bool,
}

/// What a lane carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaneKind {
    /// What the caller hears.
    Content,
    /// A refusal, which the caller hears as well.
    Refusal,
    /// What the model thinks aloud; the caller does not hear it.
    Reasoning,
    /// The arguments of one tool call, as JSON text.
    Arguments {
        /// The tool's name.
        tool: String,
    },
}

impl LaneKind {
    /// Whether the caller hears this lane.
    pub fn is_heard(&self) -> bool {
        matches!(self, LaneKind::Content | LaneKind::Refusal)
    }
}
