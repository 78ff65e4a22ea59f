//! What is looked up of the turns that are kept: calls, the turns of one, and one turn.
//!
//! A caller's number is compared, and never given.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::ending::looked_for;
use super::{Inspector, KeptTurn, TurnHead};

/// A call at a glance; turns without a call's id are one each.
#[derive(Debug, Clone, Serialize)]
pub struct CallHead {
    /// Its id.
    pub call: Option<String>,
    /// How many of its turns are kept.
    pub turns: usize,
    /// When the oldest of those came.
    pub began: String,
    /// When the newest came.
    pub last: String,
    /// The newest turn's id.
    pub newest: String,
    /// How that ended.
    pub ended: String,
    /// What the caller said last.
    pub caller: Option<String>,
    /// The place of the newest turn.
    pub place: u64,
}

impl Inspector {
    /// The calls, the one of the newest turn first. `search`: a part of a call's or a turn's id, or
    /// the last digits of the caller's number; empty finds all.
    pub fn calls(&self, search: &str) -> Vec<CallHead> {
        let search = search.trim().to_lowercase();
        let digits = looked_for(&search);
        let is_found = |turn: &KeptTurn| {
            let has = |text: &str| text.to_lowercase().contains(&search);
            let by_number = digits.as_ref();
            let by_number = by_number.is_some_and(|it| turn.number.end_with(it, self.key()));
            by_number || has(&turn.head.turn) || turn.head.call.as_deref().is_some_and(has)
        };
        let turns = self.newest();
        let found = turns.iter().filter(|turn| is_found(turn));
        let found: Vec<&str> = found.map(|turn| call_or_turn(&turn.head)).collect();
        let mut calls: Vec<CallHead> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for turn in &turns {
            let name = call_or_turn(&turn.head);
            let known = places.get(name).and_then(|at| calls.get_mut(*at));
            match known {
                Some(call) => call.add(&turn.head),
                None => {
                    places.insert(name, calls.len());
                    calls.push(CallHead::of(&turn.head));
                }
            }
        }
        let of_found = |call: &CallHead| {
            let name = call.call.as_deref().unwrap_or(&call.newest);
            search.is_empty() || found.contains(&name)
        };
        calls.retain(of_found);
        calls
    }

    /// The turns of a call, the oldest first. A turn without a call's id is found by its own.
    pub fn turns_of(&self, call: &str) -> Vec<Arc<TurnHead>> {
        let turns = self.newest().into_iter().rev();
        let of_call = turns.filter(|turn| call_or_turn(&turn.head) == call);
        of_call.map(|turn| turn.head).collect()
    }

    /// The newest turn of a call.
    pub fn newest_of(&self, call: &str) -> Option<KeptTurn> {
        let mut turns = self.newest().into_iter();
        turns.find(|turn| call_or_turn(&turn.head) == call)
    }

    /// A turn.
    pub fn turn(&self, id: &str) -> Option<KeptTurn> {
        let mut turns = self.newest().into_iter();
        turns.find(|turn| turn.head.turn == id)
    }
}

impl KeptTurn {
    /// A value that its placeholder stands for, as in `CARD_1`; none: it is not kept.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }
}

impl TurnHead {
    /// The name under which the turns of its call are found.
    pub fn call_or_turn(&self) -> &str {
        call_or_turn(self)
    }
}

fn call_or_turn(head: &TurnHead) -> &str {
    head.call.as_deref().unwrap_or(&head.turn)
}

impl CallHead {
    fn of(head: &TurnHead) -> CallHead {
        CallHead {
            call: head.call.clone(),
            turns: 1,
            began: head.at.clone(),
            last: head.at.clone(),
            newest: head.turn.clone(),
            ended: head.ended.clone(),
            caller: head.caller.clone(),
            place: head.place,
        }
    }

    /// Adds a turn that ended before those that are known.
    fn add(&mut self, head: &TurnHead) {
        self.turns += 1;
        self.began.clone_from(&head.at);
        if self.caller.is_none() {
            self.caller.clone_from(&head.caller);
        }
    }
}
