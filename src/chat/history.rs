//! The messages of a request, to be put in and taken out.
//!
//! What belongs together (tool calls and their results) is neither parted nor left behind in half,
//! and a message that nobody touches keeps its bytes.

use std::collections::BTreeSet;

use super::message::{Message, Role};
use super::pairs::{groups, tool_pairs};
use super::request::ChatRequest;

/// The messages of a request, to edit which of them there are.
#[derive(Debug)]
pub struct History<'r>(&'r mut ChatRequest);

/// Where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryPlace {
    /// Just before the newest user message, at the end where there is none. It moves from turn to
    /// turn, and leaves all before it as it was.
    Tail,
    /// Behind the last message. It moves as well.
    End,
    /// Before everything else.
    Start,
    /// Behind the instructions that the history begins with.
    BehindInstructions,
    /// In their place.
    InsteadOfInstructions,
}

impl ChatRequest {
    /// Its messages, to edit which of them there are.
    pub fn history(&mut self) -> History<'_> {
        History(self)
    }
}

impl History<'_> {
    /// Puts a message in.
    pub fn put(&mut self, place: HistoryPlace, message: Message) {
        let instructions = self.0.leading_instructions();
        let end = self.0.messages().len();
        match place {
            HistoryPlace::Tail => {
                let at = self.0.newest_user().unwrap_or(end);
                self.insert(at, message.placed_at_tail());
            }
            HistoryPlace::End => self.insert(end, message.placed_at_tail()),
            HistoryPlace::Start => self.insert(0, message),
            HistoryPlace::BehindInstructions => self.insert(instructions, message),
            HistoryPlace::InsteadOfInstructions => {
                self.0.messages_mut().splice(..instructions, [message]);
            }
        }
    }

    /// Puts a message before the one at a place. Before results of tools it goes before their call:
    /// nothing may stand between the two.
    pub fn insert(&mut self, at: usize, message: Message) {
        let messages = self.0.messages();
        let at = at.min(messages.len());
        let is_result = |message: &Message| matches!(message.role(), Role::Tool | Role::Function);
        let asked = messages
            .get(at)
            .filter(|next| is_result(next))
            .and_then(|_| {
                let pairs = tool_pairs(messages);
                let parted = pairs
                    .iter()
                    .find(|pair| pair.asked < at && pair.results().any(|result| result == at));
                parted.map(|pair| pair.asked)
            });
        self.0.messages_mut().insert(asked.unwrap_or(at), message);
    }

    /// Takes out the messages at these places, each with all that belongs to it; gives how many that
    /// were.
    pub fn remove(&mut self, is_gone: impl Fn(usize) -> bool) -> usize {
        let groups = groups(self.0.messages()).into_iter();
        let gone = groups.filter(|group| group.iter().any(|at| is_gone(*at)));
        let gone: BTreeSet<usize> = gone.flatten().collect();
        if !gone.is_empty() {
            let mut places = 0..;
            let stays = |_: &Message| places.next().is_none_or(|at| !gone.contains(&at));
            self.0.messages_mut().retain(stays);
        }
        gone.len()
    }

    /// Makes other messages of them; the flags of each are its own.
    pub fn rewrite(&mut self, edit: impl FnOnce(Vec<Message>) -> Vec<Message>) {
        let messages = self.0.messages_mut();
        *messages = edit(std::mem::take(messages));
    }

    /// Takes out what a watcher put in, with what the rules made of it.
    pub fn take_watched(&mut self) -> Option<Message> {
        let mut messages = self.0.messages().iter();
        let at = messages.position(Message::is_watched)?;
        Some(self.0.messages_mut().remove(at))
    }
}

#[cfg(test)]
mod tests;
