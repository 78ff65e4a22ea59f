//! What a rule answers in the model's place.
//!
//! It holds values of the caller in clear, who is the only one to get it: it never goes upstream,
//! and nothing of it shows where it is printed for people.

use std::fmt;

/// What the caller gets of a rule: a text, a tool call, or the text and then the call.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnReply {
    /// What is said; none: nothing.
    pub text: Option<String>,
    /// The tool that is called; none: none is.
    pub call: Option<OwnCall>,
}

/// A call of a tool.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnCall {
    /// The tool's name, as the rule has it.
    pub tool: String,
    /// What it is called with, as JSON text.
    pub arguments: String,
}

impl fmt::Debug for OwnReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let says = self.text.is_some();
        f.debug_struct("OwnReply")
            .field("says", &says)
            .field("call", &self.call)
            .finish()
    }
}

impl fmt::Debug for OwnCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnCall").field(&self.tool).finish()
    }
}
