//! What came of one turn of a probe.

use std::time::Duration;

use super::super::mending::Mending;
use super::super::refusal::Refusal;
use super::turns::ProbeTurn;

/// What came of one turn.
#[derive(Debug)]
pub struct ProbedTurn {
    /// The turn.
    pub turn: &'static ProbeTurn,
    /// Whether it was taken.
    pub outcome: ProbeOutcome,
    /// How long until its first word, from the asking that was answered.
    pub first_word: Option<Duration>,
    /// How long until its end.
    pub whole: Option<Duration>,
    /// What its answer had, in a few words.
    pub said: String,
    /// What was changed in it, in plain words.
    pub notes: Vec<String>,
    /// What was refused before it was taken: status and the server's words.
    pub refusals: Vec<(Option<u16>, String)>,
    /// What its refusals taught.
    pub learned: Vec<Mending>,
    /// What is not as it should be, though it was taken.
    pub doubts: Vec<String>,
    /// Why it was not taken.
    pub failure: Option<ProbeFailure>,
}

/// Whether a turn was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeOutcome {
    /// As it came.
    Taken,
    /// Changed as the preset and the config say.
    Changed,
    /// Mended, once it was refused.
    Mended,
    /// Not at all.
    Failed,
    /// It was not asked, since one before failed for what would fail all.
    NotAsked,
}

/// Why a turn was not taken.
#[derive(Debug)]
pub struct ProbeFailure {
    /// What failed: completes "failed to …".
    pub error: String,
    /// The status of the answer, where there was one.
    pub status: Option<u16>,
    /// What the server said in words for machines.
    pub refusal: Refusal,
    /// Its own words, in one line; empty: none.
    pub words: String,
    /// What to do; empty: the error says all.
    pub help: String,
}

impl ProbedTurn {
    pub(super) fn of(turn: &'static ProbeTurn, outcome: ProbeOutcome) -> ProbedTurn {
        ProbedTurn {
            turn,
            outcome,
            first_word: None,
            whole: None,
            said: String::new(),
            notes: Vec::new(),
            refusals: Vec::new(),
            learned: Vec::new(),
            doubts: Vec::new(),
            failure: None,
        }
    }

    /// Whether it was taken, as it came or not.
    pub fn is_taken(&self) -> bool {
        use ProbeOutcome::{Changed, Mended, Taken};
        matches!(self.outcome, Taken | Changed | Mended)
    }
}
