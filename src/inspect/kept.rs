//! The turns that are kept: so many at most, and so many bytes; the oldest go first.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::TurnHead;
use super::ending::NumberEndings;

/// What a turn takes beside its texts, in bytes; about.
const ROOM: usize = 2048;

/// A turn that is kept.
#[derive(Debug, Clone)]
pub struct KeptTurn {
    /// It at a glance.
    pub head: Arc<TurnHead>,
    /// Its line, as JSON; none: `head.dark` says why.
    pub line: Option<Arc<str>>,
    /// The endings of the caller's number.
    pub(super) number: NumberEndings,
    /// The values that may be revealed, by their placeholders' names.
    pub(super) values: Arc<BTreeMap<String, String>>,
}

/// The turns that are kept, the oldest first.
#[derive(Debug)]
pub(super) struct KeptTurns {
    turns: VecDeque<KeptTurn>,
    bytes: usize,
    most: usize,
    most_bytes: usize,
    /// How many there were.
    came: u64,
}

impl KeptTurn {
    /// About how many bytes it takes.
    fn weight(&self) -> usize {
        let values = self.values.iter();
        let values: usize = values.map(|(name, value)| name.len() + value.len()).sum();
        self.line.as_ref().map_or(0, |line| line.len()) + values + ROOM
    }
}

impl KeptTurns {
    /// None yet; so many at most, and so many bytes.
    pub(super) fn new(most: usize, most_bytes: usize) -> KeptTurns {
        KeptTurns {
            turns: VecDeque::new(),
            bytes: 0,
            most,
            most_bytes,
            came: 0,
        }
    }

    /// The place of the next turn.
    pub(super) fn next_place(&mut self) -> u64 {
        self.came += 1;
        self.came
    }

    /// Keeps a turn, in place of the oldest where there is no room.
    pub(super) fn keep(&mut self, turn: KeptTurn) {
        self.bytes += turn.weight();
        self.turns.push_back(turn);
        while self.turns.len() > self.most || self.bytes > self.most_bytes {
            let Some(oldest) = self.turns.pop_front() else {
                return;
            };
            self.bytes -= oldest.weight();
        }
    }

    /// All of them, the newest first.
    pub(super) fn newest(&self) -> impl Iterator<Item = &KeptTurn> {
        self.turns.iter().rev()
    }

    /// How many, and how many bytes.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.turns.len(), self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(name: &str, bytes: usize) -> KeptTurn {
        KeptTurn {
            head: Arc::new(TurnHead {
                turn: name.to_owned(),
                ..TurnHead::default()
            }),
            line: Some("x".repeat(bytes).into()),
            number: NumberEndings::default(),
            values: Arc::default(),
        }
    }

    #[test]
    fn the_oldest_go_where_there_is_no_room_by_count_or_by_bytes() {
        let names = |kept: &KeptTurns| -> Vec<String> {
            kept.newest().map(|turn| turn.head.turn.clone()).collect()
        };
        let mut kept = KeptTurns::new(2, 1 << 20);
        for name in ["a", "b", "c"] {
            kept.keep(turn(name, 10));
        }
        assert_eq!(names(&kept), ["c", "b"]);
        let mut kept = KeptTurns::new(100, 3 * (ROOM + 1000));
        for name in ["a", "b", "c", "d"] {
            kept.keep(turn(name, 1000));
        }
        assert_eq!(names(&kept), ["d", "c", "b"]);
        assert_eq!(kept.size(), (3, 3 * (ROOM + 1000)));
        // One that is larger than all is not kept either.
        kept.keep(turn("e", 1 << 20));
        assert_eq!((names(&kept).len(), kept.size()), (0, (0, 0)));
    }
}
