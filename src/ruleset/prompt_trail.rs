//! What the rules made of a call's prompt, step by step, for whoever asks which of them changes what a
//! provider has in its cache.
//!
//! Messages are shared, never copied, and nothing looks into them here.

use bytestring::ByteString;

use crate::chat::{ChatRequest, Message, Role};

/// The prompt of a turn as it came, and behind each rule that changed it.
#[derive(Clone)]
pub struct PromptTrail {
    call: String,
    states: Vec<PromptState>,
}

/// A prompt behind a rule.
#[derive(Clone)]
pub struct PromptState {
    /// The rule, by its place; none: no rule yet.
    pub rule: Option<usize>,
    /// The model that is asked, as JSON.
    pub model: Option<ByteString>,
    /// The tools, as JSON.
    pub tools: Option<ByteString>,
    /// The messages.
    pub messages: Vec<Message>,
}

impl PromptTrail {
    /// One that begins; `call` tells calls apart, also those of different callers.
    pub fn of(call: String) -> PromptTrail {
        PromptTrail {
            call,
            states: Vec::new(),
        }
    }

    /// Whose it is.
    pub fn call(&self) -> &str {
        &self.call
    }

    /// The prompt as it came, and behind each rule that changed it, in order.
    pub fn states(&self) -> &[PromptState] {
        &self.states
    }

    /// Notes what a request is behind a rule; none: as it came.
    pub fn note(&mut self, rule: Option<usize>, request: &ChatRequest) {
        let field = |name: &str| request.field(name).cloned();
        self.states.push(PromptState {
            rule,
            model: field("model"),
            tools: field("tools"),
            messages: request.messages().to_vec(),
        });
    }
}

impl PromptState {
    /// How many messages the next turn of the call will have as well: those before the newest that the
    /// caller said, and before what a rule placed there for this turn alone.
    pub fn stable(&self) -> usize {
        let newest = |message: &Message| message.role() == Role::User;
        let newest = self.messages.iter().rposition(newest);
        let newest = newest.unwrap_or(self.messages.len());
        let tail = self.messages.iter().position(Message::is_at_tail);
        tail.map_or(newest, |tail| tail.min(newest))
    }
}

/// Says nothing of what was said.
impl std::fmt::Debug for PromptTrail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("PromptTrail")
            .field(&self.states.len())
            .finish()
    }
}
