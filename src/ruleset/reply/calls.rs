//! Which tool call a piece of a reply belongs to, however its upstream numbers them.
//!
//! A new id, or a name behind argument text, is a new call, whatever the index says. Before argument
//! text a piece of a name is appended; a name repeated unchanged is nothing new.

use std::collections::{HashMap, HashSet};

use crate::chat::json;

/// Arguments of more bytes are not looked at again.
const LONGEST: usize = 1 << 20;

/// The tool calls of one choice.
#[derive(Debug, Default)]
pub(super) struct Calls {
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
pub(super) struct CallLane {
    /// Which of the choice's calls it is, in the order in which they begin.
    pub(super) serial: usize,
    pub(super) slot: Slot,
    /// The number by which the client tells it from the others: that of the upstream, where no other
    /// call of the choice has it.
    pub(super) number: u64,
}

/// How an upstream tells one call from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Slot {
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
}

/// What a piece says of its call.
pub(super) struct CallPiece<'p> {
    pub(super) index: Option<u64>,
    pub(super) is_legacy: bool,
    /// Where it stands among the pieces of its chunk; none: it is the only one.
    pub(super) place: Option<u64>,
    /// Empty: it says none.
    pub(super) id: &'p str,
    /// Empty: it says none.
    pub(super) name: &'p str,
    pub(super) arguments: &'p str,
}

/// The call of a piece.
pub(super) struct Joined {
    pub(super) lane: CallLane,
    /// The call that is over by that.
    pub(super) ended: Option<CallLane>,
}

impl Calls {
    /// The call of the next piece, which begins with it if it is new.
    pub(super) fn join(&mut self, piece: &CallPiece<'_>) -> Joined {
        let slot = piece.slot();
        let standing = match slot {
            // Without a number it goes on with the call before it.
            Slot::Place(_) if piece.place.is_none() => self.newest_unnumbered,
            slot => self.slots.get(&slot).copied(),
        };
        let own = self.known(piece, standing);
        let at = own.unwrap_or_else(|| self.begin(slot, piece.index));
        let call = &mut self.calls[at];
        if call.id.is_none() && !piece.id.is_empty() {
            call.id = Some(piece.id.to_owned());
            self.ids.insert(piece.id.to_owned(), at);
        }
        if call.arguments.is_empty() && call.tool != piece.name {
            call.tool.push_str(piece.name);
        }
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

    /// Each call of a whole completion stands by itself.
    pub(super) fn alone(&mut self, piece: &CallPiece<'_>) -> CallLane {
        let at = self.begin(piece.slot(), piece.index);
        self.calls[at].tool.push_str(piece.name);
        self.lane(at)
    }

    /// The tool of a call, as far as its name is known.
    pub(super) fn tool(&self, lane: CallLane) -> &str {
        self.calls
            .get(lane.serial)
            .map_or("", |call| call.tool.as_str())
    }

    /// Whether there are calls, and each could be made: it has a name, and arguments that are whole
    /// or none.
    pub(super) fn are_whole(&self) -> bool {
        let is_whole = |call: &Begun| {
            let arguments = call.arguments.trim();
            let is_json = || arguments.len() < LONGEST && json::validate(arguments).is_ok();
            !call.tool.is_empty() && (arguments.is_empty() || is_json())
        };
        !self.calls.is_empty() && self.calls.iter().all(is_whole)
    }

    /// The call of a piece; none: it is a new one. `standing`: the call that its number speaks of.
    fn known(&self, piece: &CallPiece<'_>, standing: Option<usize>) -> Option<usize> {
        let by_id = self.ids.get(piece.id).copied();
        let Some(at) = standing else {
            return by_id.filter(|_| piece.index.is_none());
        };
        let call = &self.calls[at];
        if !piece.id.is_empty() && call.id.as_deref() != Some(piece.id) {
            // An id that comes late is that of the call that has none.
            let is_late = call.id.is_none()
                && call.arguments.is_empty()
                && (piece.name.is_empty() || call.tool.is_empty() || call.tool == piece.name);
            return by_id.or(is_late.then_some(at));
        }
        let is_renamed =
            !piece.name.is_empty() && !call.arguments.is_empty() && call.tool != piece.name;
        (!is_renamed).then_some(at)
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

impl CallPiece<'_> {
    fn slot(&self) -> Slot {
        match (self.is_legacy, self.index) {
            (true, _) => Slot::Legacy,
            (false, Some(index)) => Slot::Index(index),
            (false, None) => Slot::Place(self.place.unwrap_or(0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Index (-1: none), id, name and arguments of each piece, and what the calls are then.
    fn check(pieces: &[(i64, &str, &str, &str)], expected: &[&str]) {
        let mut calls = Calls::default();
        let mut texts: Vec<String> = Vec::new();
        for (index, id, name, arguments) in pieces {
            let joined = calls.join(&CallPiece {
                index: u64::try_from(*index).ok(),
                is_legacy: false,
                place: None,
                id,
                name,
                arguments,
            });
            let at = joined.lane.serial;
            texts.resize(texts.len().max(at + 1), String::new());
            texts[at].push_str(arguments);
        }
        let told: Vec<String> = texts
            .iter()
            .zip(&calls.calls)
            .map(|(text, call)| format!("{} {text}", call.tool))
            .collect();
        assert_eq!(told, expected, "{pieces:?}");
    }

    #[test]
    fn a_new_id_or_name_begins_a_new_call() {
        for index in [-1, 0] {
            check(
                &[
                    (index, "a", "look_up", ""),
                    (index, "", "", "{1"),
                    (index, "", "", "}"),
                    (index, "b", "pay", "{2}"),
                ],
                &["look_up {1}", "pay {2}"],
            );
            check(
                &[(index, "", "look_up", "{1}"), (index, "", "pay", "{2}")],
                &["look_up {1}", "pay {2}"],
            );
            check(
                &[(index, "a", "pay", "{1}"), (index, "b", "", "{2}")],
                &["pay {1}", " {2}"],
            );
        }
        check(
            &[
                (0, "a", "x", "1"),
                (1, "b", "y", "2"),
                (0, "", "", "1"),
                (1, "b", "", "2"),
            ],
            &["x 11", "y 22"],
        );
    }

    #[test]
    fn names_come_in_pieces_late_and_again() {
        check(
            &[(0, "a", "look", ""), (0, "", "_up", ""), (0, "", "", "{}")],
            &["look_up {}"],
        );
        check(
            &[(0, "a", "", ""), (0, "", "", ""), (0, "", "pay", "{}")],
            &["pay {}"],
        );
        check(
            &[
                (0, "a", "pay", "{"),
                (0, "a", "pay", "}"),
                (0, "", "pay", ""),
            ],
            &["pay {}"],
        );
        check(&[(-1, "", "pay", ""), (-1, "a", "", "{}")], &["pay {}"]);
    }

    #[test]
    fn a_known_id_leads_back_to_its_call() {
        check(
            &[(0, "a", "x", "1"), (0, "b", "y", "2"), (0, "a", "", "1")],
            &["x 11", "y 2"],
        );
    }

    #[test]
    fn pieces_of_one_chunk_without_numbers_go_on_by_their_places() {
        let mut calls = Calls::default();
        let mut join = |place: u64, name: &str| {
            let joined = calls.join(&CallPiece {
                index: None,
                is_legacy: false,
                place: Some(place),
                id: "",
                name,
                arguments: "{}",
            });
            (joined.lane.serial, joined.ended.is_some())
        };
        assert_eq!(
            [join(0, "x"), join(1, "y"), join(0, ""), join(1, "")],
            [(0, false), (1, false), (0, false), (1, false)]
        );
    }
}
