//! The messages of a request, to be put in and taken out.
//!
//! What belongs together (tool calls and their results) is neither parted nor left behind in half,
//! and a message that nobody touches keeps its bytes.

use super::message::{Message, PutBy, Role};
use super::pairs::{ToolPair, tool_pairs};
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
    /// Just before the first user message that the client sent; nowhere where there is none.
    FirstUser,
}

impl ChatRequest {
    /// Its messages, to edit which of them there are.
    pub fn history(&mut self) -> History<'_> {
        History(self)
    }
}

impl History<'_> {
    /// Puts a message in; says whether it has a place.
    pub fn put(&mut self, place: HistoryPlace, message: Message) -> bool {
        self.put_all(place, vec![message])
    }

    /// Puts messages in, in their order; says whether they have a place.
    pub fn put_all(&mut self, place: HistoryPlace, mut messages: Vec<Message>) -> bool {
        let instructions = self.0.leading_instructions();
        let end = self.0.messages().len();
        if matches!(place, HistoryPlace::Tail | HistoryPlace::End) {
            messages = messages.into_iter().map(Message::placed_at_tail).collect();
        }
        let at = match place {
            HistoryPlace::Tail => self.0.newest_user().unwrap_or(end),
            HistoryPlace::End => end,
            HistoryPlace::Start => 0,
            HistoryPlace::BehindInstructions => instructions,
            HistoryPlace::InsteadOfInstructions => {
                self.0.messages_mut().splice(..instructions, messages);
                return true;
            }
            HistoryPlace::FirstUser => return self.put_before_user(usize::MAX, 0, messages),
        };
        self.insert_all(at, messages);
        true
    }

    /// Puts messages before a user message of the client's, behind which there are so many others; where
    /// that is gone, before the oldest one. Says whether there is one. `since`: in which request of the
    /// call they came; what came later stands behind them, so that they keep their place.
    pub fn put_before_user(&mut self, behind: usize, since: u32, new: Vec<Message>) -> bool {
        let messages = self.0.messages();
        let is_clients =
            |message: &Message| message.role() == Role::User && message.put_by() == PutBy::Client;
        let users = messages.iter().enumerate();
        let users = users.filter(|(_, message)| is_clients(message));
        let users: Vec<usize> = users.map(|(at, _)| at).collect();
        let newest = users.len().saturating_sub(1);
        let Some(user) = users.get(newest.saturating_sub(behind)) else {
            return false;
        };
        let before = messages[..*user].iter().rev();
        let newer = before.take_while(|message| message.is_newer_than(since));
        let at = user - newer.count();
        let new = new.into_iter().map(|message| message.there_since(since));
        self.insert_all(at, new.collect());
        true
    }

    /// Puts a message before the one at a place. Before results of tools it goes before their call:
    /// nothing may stand between the two.
    pub fn insert(&mut self, at: usize, message: Message) {
        self.insert_all(at, vec![message]);
    }

    fn insert_all(&mut self, at: usize, new: Vec<Message>) {
        let messages = self.0.messages();
        let at = at.min(messages.len());
        let is_result = |message: &Message| matches!(message.role(), Role::Tool | Role::Function);
        let asked = messages
            .get(at)
            .filter(|next| is_result(next))
            .and_then(|_| {
                let pairs = tool_pairs(messages);
                let is_parted =
                    |pair: &&ToolPair| pair.asked < at && pair.results().any(|result| result == at);
                let parted = pairs.iter().find(is_parted);
                parted.map(|pair| pair.asked)
            });
        let at = asked.unwrap_or(at);
        self.0.messages_mut().splice(at..at, new);
    }

    /// Takes out the messages at these places, each with all that belongs to it; gives how many that
    /// were.
    pub fn remove(&mut self, is_gone: impl Fn(usize) -> bool) -> usize {
        let messages = self.0.messages();
        let mut gone: Vec<bool> = (0..messages.len()).map(is_gone).collect();
        let is_any_gone = |pair: &ToolPair, gone: &[bool]| {
            let mut all = std::iter::once(pair.asked).chain(pair.results());
            all.any(|at| gone[at])
        };
        for pair in tool_pairs(messages) {
            if is_any_gone(&pair, &gone) {
                gone[pair.asked] = true;
                pair.results().for_each(|at| gone[at] = true);
            }
        }
        self.remove_alone(|at| gone[at])
    }

    /// Takes out the messages at these places and no others; gives how many that were. Who calls it
    /// knows that they part no tool call from its results.
    pub fn remove_alone(&mut self, is_gone: impl Fn(usize) -> bool) -> usize {
        let before = self.0.messages().len();
        let gone = (0..before).filter(|at| is_gone(*at)).count();
        if gone > 0 {
            let mut places = 0..before;
            let stays = |_: &Message| places.next().is_none_or(|at| !is_gone(at));
            self.0.messages_mut().retain(stays);
        }
        gone
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
