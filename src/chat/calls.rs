//! Which tool call a piece of a reply belongs to, however its upstream numbers them.
//!
//! A new id with a name, another name behind argument text, or more behind arguments that are whole
//! is a new call, whatever the index says. Some servers give each piece an id of its own: without a
//! name it is none of a new call while arguments are under way. Before argument text a piece of a
//! name is appended; a name repeated unchanged is nothing new. It never looks at an argument twice.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::chunk::Choice;
use super::json;

/// Arguments of more bytes are not looked at again.
const LONGEST: usize = 1 << 20;

/// The tool calls of one choice.
#[derive(Debug, Default)]
pub struct Calls {
    calls: Vec<Begun>,
    /// The newest call of each slot.
    slots: HashMap<Slot, usize>,
    ids: HashMap<String, usize>,
    /// The numbers that the client was given.
    numbers: HashSet<u64>,
    /// How many calls have no index.
    unnumbered: u64,
    /// The newest call of them.
    newest_unnumbered: Option<usize>,
}

/// One tool call of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CallLane {
    /// Which of the choice's calls it is, in the order in which they begin.
    pub serial: usize,
    /// How its upstream tells it from others.
    pub slot: Slot,
    /// The number by which the client tells it from the others: that of the upstream, where no other
    /// call of the choice has it.
    pub number: u64,
}

/// How an upstream tells one call from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// By a number.
    Index(u64),
    /// By nothing but its place.
    Place(u64),
    /// There is one: a `function_call`.
    Legacy,
}

#[derive(Debug)]
struct Begun {
    slot: Slot,
    id: Option<String>,
    tool: String,
    number: u64,
    /// As they came.
    arguments: String,
    brackets: Brackets,
    /// Whether another call of the choice has its id.
    is_id_taken: bool,
    /// Whether the client knows of it.
    has_left: bool,
    /// Arguments that came before the name.
    early: String,
}

/// How a piece goes to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PieceForm {
    /// As it came.
    AsIs,
    /// As it came: it says id and name of its call. More of the name may follow.
    Head,
    /// Without what it says of its call once more.
    Bare,
    /// With id and name of its call, and with the arguments that came before.
    Begins(String),
    /// Not yet: the name of its call is to come.
    Held,
}

/// How far a JSON text has come, as far as its brackets tell.
#[derive(Debug, Default)]
struct Brackets {
    open: usize,
    is_closed: bool,
    is_in_text: bool,
    is_escaped: bool,
}

/// What a piece says of its call.
pub struct CallPiece<'p> {
    /// The number that it gives.
    pub index: Option<u64>,
    /// Whether it is a `function_call`.
    pub is_legacy: bool,
    /// Where it stands among the pieces of its chunk; none: it is the only one.
    pub place: Option<u64>,
    /// Empty: it says none.
    pub id: &'p str,
    /// Empty: it says none.
    pub name: &'p str,
    /// The text of the arguments that it brings.
    pub arguments: &'p str,
}

/// The call of a piece.
pub struct Joined {
    /// It.
    pub lane: CallLane,
    /// The call that is over by that.
    pub ended: Option<CallLane>,
}

impl Calls {
    /// The call of the next piece, which begins with it if it is new.
    pub fn join(&mut self, piece: &CallPiece<'_>) -> Joined {
        let slot = piece.slot();
        let standing = match slot {
            // Without a number it goes on with the call before it.
            Slot::Place(_) if piece.place.is_none() => self.newest_unnumbered,
            slot => self.slots.get(&slot).copied(),
        };
        let own = self.known(piece, standing);
        let at = own.unwrap_or_else(|| self.begin(slot, piece.index));
        self.name_again(at, piece, standing.filter(|_| own.is_none()));
        let call = &mut self.calls[at];
        if call.id.is_none() && !piece.id.is_empty() {
            call.id = Some(piece.id.to_owned());
            call.is_id_taken = self.ids.insert(piece.id.to_owned(), at).is_some();
        }
        // A name may come late; once arguments are there, it comes in one piece.
        if (call.arguments.is_empty() || call.tool.is_empty()) && call.tool != piece.name {
            call.tool.push_str(piece.name);
        }
        call.brackets.push(piece.arguments);
        if call.arguments.len() < LONGEST {
            call.arguments.push_str(piece.arguments);
        }
        let is_alone = !matches!(slot, Slot::Place(_)) || piece.place.is_none();
        Joined {
            lane: self.lane(at),
            ended: standing
                .filter(|_| own.is_none() && is_alone)
                .map(|standing| self.lane(standing)),
        }
    }

    /// How a piece goes to the client, which has joined its call; `is_last`: nothing follows it.
    pub fn form(&mut self, lane: CallLane, piece: &CallPiece<'_>, is_last: bool) -> PieceForm {
        let Some(call) = self.calls.get_mut(lane.serial) else {
            return PieceForm::AsIs;
        };
        let says_own = !piece.id.is_empty() || !piece.name.is_empty();
        match () {
            () if piece.is_legacy => return PieceForm::AsIs,
            () if call.has_left && says_own => return PieceForm::Bare,
            () if call.has_left => return PieceForm::AsIs,
            () => {}
        }
        let is_own_id = call.id.as_deref() == Some(piece.id) && !call.is_id_taken;
        let is_own_name = !call.tool.is_empty() && call.tool == piece.name;
        let has_arguments = !call.early.is_empty() || !piece.arguments.is_empty();
        let may_leave = match call.tool.is_empty() {
            true => is_last && has_arguments,
            false => is_last || has_arguments,
        };
        if call.early.is_empty() && is_own_id && is_own_name {
            call.has_left = true;
            return PieceForm::Head;
        }
        if may_leave {
            call.has_left = true;
            return PieceForm::Begins(std::mem::take(&mut call.early));
        }
        call.early.push_str(piece.arguments);
        PieceForm::Held
    }

    /// Those calls that the client does not know of yet, with their arguments; it does from then on.
    pub fn take_held(&mut self, is_asked: impl Fn(CallLane) -> bool) -> Vec<(CallLane, String)> {
        let is_held = |at: &usize| {
            let call = &self.calls[*at];
            is_asked(self.lane(*at))
                && !call.has_left
                && !call.is_nothing()
                && call.slot != Slot::Legacy
        };
        let held: Vec<usize> = (0..self.calls.len()).filter(is_held).collect();
        let take = |at: usize| {
            self.calls[at].has_left = true;
            (self.lane(at), std::mem::take(&mut self.calls[at].early))
        };
        held.into_iter().map(take).collect()
    }

    /// Each call of a whole completion stands by itself.
    pub fn alone(&mut self, piece: &CallPiece<'_>) -> CallLane {
        let at = self.begin(piece.slot(), piece.index);
        self.calls[at].tool.push_str(piece.name);
        self.lane(at)
    }

    /// The tool of a call, as far as its name is known.
    pub fn tool(&self, lane: CallLane) -> &str {
        self.calls
            .get(lane.serial)
            .map_or("", |call| call.tool.as_str())
    }

    /// The id of a call, as far as its upstream gave one.
    pub fn id(&self, lane: CallLane) -> Option<&str> {
        let call = self.calls.get(lane.serial)?;
        call.id.as_deref().filter(|_| !call.is_id_taken)
    }

    /// Whether there are calls, and each could be made: it has a name, and arguments that are whole
    /// or none.
    pub fn are_whole(&self) -> bool {
        let mut calls = self.said().peekable();
        calls.peek().is_some() && calls.all(Begun::is_whole)
    }

    /// Whether one of them could not be made.
    pub fn has_half(&self) -> bool {
        !self.said().all(Begun::is_whole)
    }

    /// Those of which more came than an id.
    fn said(&self) -> impl Iterator<Item = &Begun> {
        self.calls.iter().filter(|call| !call.is_nothing())
    }

    /// The calls without arguments, which have none from here on: an object without entries.
    pub fn fill_empty(&mut self) -> Vec<CallLane> {
        let is_empty = |call: &Begun| call.arguments.trim().is_empty() && !call.tool.is_empty();
        let empty = (0..self.calls.len()).filter(|at| is_empty(&self.calls[*at]));
        let empty: Vec<usize> = empty.collect();
        for at in &empty {
            self.calls[*at].arguments.push_str("{}");
        }
        empty.into_iter().map(|at| self.lane(at)).collect()
    }

    /// The call of a piece; none: it is a new one. `standing`: the call that its number speaks of.
    fn known(&self, piece: &CallPiece<'_>, standing: Option<usize>) -> Option<usize> {
        let by_id = self.ids.get(piece.id).copied();
        let Some(at) = standing else {
            return by_id.filter(|_| piece.index.is_none());
        };
        let call = &self.calls[at];
        let is_own_id = !piece.id.is_empty() && call.id.as_deref() == Some(piece.id);
        let is_new_id = !piece.id.is_empty() && !is_own_id;
        if is_new_id && by_id.is_some() {
            return by_id;
        }
        let (has_name, is_open) = (!piece.name.is_empty(), !call.brackets.is_closed);
        let is_renamed = has_name && !call.tool.is_empty() && call.tool != piece.name;
        let is_same = match (is_new_id, call.id.is_some()) {
            // Its arguments are whole, or it says whose it is.
            (true, true) => is_open && !has_name,
            // An id that comes late is that of the call that has none.
            (true, false) => !is_renamed && (is_open || piece.is_without_arguments()),
            (false, _) if is_renamed => call.arguments.is_empty(),
            // Behind arguments that are whole others are another call's.
            (false, _) => is_open || is_own_id || !piece.begins_arguments(),
        };
        is_same.then_some(at)
    }

    /// A call that says nothing of itself is one more of the tool whose call stood there.
    fn name_again(&mut self, at: usize, piece: &CallPiece<'_>, before: Option<usize>) {
        let is_unnamed = piece.name.is_empty() && piece.id.is_empty();
        if let Some(before) = before.filter(|_| is_unnamed) {
            self.calls[at].tool = self.calls[before].tool.clone();
        }
    }

    fn begin(&mut self, slot: Slot, index: Option<u64>) -> usize {
        let at = self.calls.len();
        let own = index.filter(|index| !self.numbers.contains(index));
        let mut free = (at as u64)..;
        let number = own.or_else(|| free.find(|number| !self.numbers.contains(number)));
        let number = number.unwrap_or_default();
        self.numbers.insert(number);
        let slot = match slot {
            Slot::Place(_) => {
                self.unnumbered += 1;
                self.newest_unnumbered = Some(at);
                Slot::Place(self.unnumbered - 1)
            }
            slot => slot,
        };
        self.slots.insert(slot, at);
        self.calls.push(Begun {
            slot,
            id: None,
            tool: String::new(),
            number,
            arguments: String::new(),
            brackets: Brackets::default(),
            is_id_taken: false,
            has_left: false,
            early: String::new(),
        });
        at
    }

    fn lane(&self, at: usize) -> CallLane {
        CallLane {
            serial: at,
            slot: self.calls[at].slot,
            number: self.calls[at].number,
        }
    }
}

impl Begun {
    fn is_whole(&self) -> bool {
        let arguments = self.arguments.trim();
        let is_json = || arguments.len() < LONGEST && json::validate(arguments).is_ok();
        !self.tool.is_empty() && (arguments.is_empty() || is_json())
    }

    /// Whether nothing was said of it but an id.
    fn is_nothing(&self) -> bool {
        self.tool.is_empty() && self.arguments.trim().is_empty()
    }
}

impl Brackets {
    fn push(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' if self.is_in_text => self.is_escaped = true,
                b'"' => self.is_in_text = !self.is_in_text,
                _ if self.is_in_text => {}
                b'{' | b'[' => {
                    self.open += 1;
                    self.is_closed = false;
                }
                b'}' | b']' => {
                    self.open = self.open.saturating_sub(1);
                    self.is_closed = self.open == 0;
                }
                _ => {}
            }
        }
    }
}

impl CallPiece<'_> {
    /// Takes what a piece of a choice says of its call.
    pub fn with<T>(
        data: &str,
        choice: &Choice,
        at: usize,
        take: impl FnOnce(&CallPiece<'_>) -> T,
    ) -> T {
        let call = &choice.calls[at];
        let text = |place: &Option<Range<usize>>| {
            let literal = place.as_ref().and_then(|place| data.get(place.clone()));
            literal.and_then(json::decode).unwrap_or_default()
        };
        let arguments = text(&call.arguments);
        take(&CallPiece {
            index: call.index,
            is_legacy: call.is_legacy,
            place: (choice.calls.len() > 1).then_some(at as u64),
            id: &text(&call.id),
            name: &text(&call.name),
            arguments: &arguments,
        })
    }

    fn is_without_arguments(&self) -> bool {
        self.arguments.trim().is_empty()
    }

    fn begins_arguments(&self) -> bool {
        self.arguments.trim_start().starts_with(['{', '['])
    }

    fn slot(&self) -> Slot {
        match (self.is_legacy, self.index) {
            (true, _) => Slot::Legacy,
            (false, Some(index)) => Slot::Index(index),
            (false, None) => Slot::Place(self.place.unwrap_or(0)),
        }
    }
}

#[cfg(test)]
mod tests;
