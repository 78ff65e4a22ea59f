//! What an upstream asks of the form of messages: one value a question, and what a row or the
//! config says of some of them.
//!
//! It says what is to be; how a request gets there is the business of the files beside it.

use schemars::JsonSchema;
use serde::Deserialize;

/// Where system messages may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SystemPlace {
    /// Anywhere.
    Any,
    /// One at the beginning; the text of a later one joins a user message, in a marked block.
    First,
    /// One at the beginning; a later one becomes a user message of its own, marked.
    User,
    /// Nowhere: the text of each, the first as well, joins a user message or becomes one, marked.
    None,
}

/// What becomes of the role `developer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeveloperRole {
    /// It stays.
    Keep,
    /// It becomes `system`.
    System,
}

/// How the ids of tool calls must be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ToolIdForm {
    /// In any way.
    Any,
    /// As nine letters and digits. The reply has the ids that came.
    Nine,
    /// As at most forty letters, digits, `_` and `-`. The reply has the ids that came.
    Short,
}

/// How many tool calls a message of the assistant may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CallsAtOnce {
    /// As many as there are.
    Any,
    /// One: of a message with more become several, each followed by its result.
    One,
}

/// Where words stand that the assistant said beside its tool calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WordsWithCalls {
    /// In the message with the calls.
    Keep,
    /// In a message of the assistant before it.
    Apart,
}

/// What becomes of content that is empty, blank or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EmptyContent {
    /// It stays.
    Keep,
    /// It goes: the field beside tool calls, the message where it has nothing else. A caller's and
    /// a tool's messages stay, with a text.
    Omit,
    /// A text takes its place.
    Text,
}

/// Whose the last message must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LastMessage {
    /// Anybody's.
    Any,
    /// The caller's, or a tool's.
    User,
}

/// Who stands before a message of the assistant with tool calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BeforeCalls {
    /// Anybody, or nobody.
    Any,
    /// The caller, or a tool's result: words of the assistant before it join it, and where nobody is,
    /// a user message comes in between.
    User,
}

/// What becomes of content that is a list of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContentParts {
    /// It stays.
    Keep,
    /// A list of texts becomes one text. One with a picture or a sound stays.
    Text,
}

/// What becomes of tool calls in the history of a request that declares no tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UndeclaredTools {
    /// They stay, and nothing is declared.
    Keep,
    /// Their tools are declared, with words that they are not to be called any more.
    Declare,
}

/// What becomes of `functions` and `function_call`, the tools of 2023.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegacyFunctions {
    /// They stay.
    Keep,
    /// They become tools. The reply has a `function_call` again.
    Tools,
}

/// The form in which an upstream takes messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageShape {
    /// Where system messages may stand.
    pub system: SystemPlace,
    /// Whether neighbours of one role become one message.
    pub merge: bool,
    /// Whether user and assistant must take turns. It implies `merge`, and `system = "first"` where
    /// that is `"any"`.
    pub alternate: bool,
    /// What becomes of the role `developer`.
    pub developer: DeveloperRole,
    /// How the ids of tool calls must be written.
    pub tool_ids: ToolIdForm,
    /// How many tool calls a message may have.
    pub calls: CallsAtOnce,
    /// Where words stand that were said beside tool calls.
    pub beside_calls: WordsWithCalls,
    /// Who stands before tool calls.
    pub before_calls: BeforeCalls,
    /// What becomes of tool calls where no tools are declared.
    pub undeclared: UndeclaredTools,
    /// What becomes of content in parts.
    pub parts: ContentParts,
    /// What becomes of empty content.
    pub empty: EmptyContent,
    /// Whether the names of messages go.
    pub names: bool,
    /// Whose the last message must be.
    pub last: LastMessage,
    /// Whether there must be a user message.
    pub needs_user: bool,
    /// What becomes of the tools of 2023.
    pub functions: LegacyFunctions,
}

impl MessageShape {
    /// Of an upstream that takes whatever comes.
    pub const ANY: MessageShape = MessageShape {
        system: SystemPlace::Any,
        merge: false,
        alternate: false,
        developer: DeveloperRole::Keep,
        tool_ids: ToolIdForm::Any,
        calls: CallsAtOnce::Any,
        beside_calls: WordsWithCalls::Keep,
        before_calls: BeforeCalls::Any,
        undeclared: UndeclaredTools::Keep,
        parts: ContentParts::Keep,
        empty: EmptyContent::Keep,
        names: true,
        last: LastMessage::Any,
        needs_user: false,
        functions: LegacyFunctions::Keep,
    };

    /// Whether neighbours of one role become one message.
    pub(super) fn merges(&self) -> bool {
        self.merge || self.alternate
    }

    /// Whether instructions may come to stand in user messages.
    pub(super) fn has_marks(&self) -> bool {
        let takes_any = self.system == SystemPlace::Any && self.last == LastMessage::Any;
        self.merges() || !takes_any
    }

    /// Where system messages may stand: none between those that must take turns.
    pub(super) fn system_place(&self) -> SystemPlace {
        match self.system {
            SystemPlace::Any if self.alternate => SystemPlace::First,
            place => place,
        }
    }
}

impl Default for MessageShape {
    fn default() -> MessageShape {
        MessageShape::ANY
    }
}
