//! What the server hands over of a turn: that it came, and what is known of it when it is over.

use serde::Serialize;

use super::head::StepGlance;
use super::{Dark, TurnHead};
use crate::record::{Timeline, Watched};
use crate::ruleset::Step;

/// A turn that came.
#[derive(Debug, Clone, Serialize)]
pub struct BegunTurn {
    /// Its id.
    pub turn: String,
    /// Its call's id.
    pub call: Option<String>,
    /// Its route.
    pub route: String,
}

/// A turn that is over.
#[derive(Debug)]
pub enum EndedTurn {
    /// One of which a line can be made.
    Watched {
        /// What was seen of it.
        watched: Box<Watched>,
        /// Whether its values are kept beside its line, so that they can be revealed.
        keeps_values: bool,
    },
    /// One that did not get so far.
    Glimpsed(Box<GlimpsedTurn>),
}

/// What is known of a turn of which no line can be made.
#[derive(Debug)]
pub struct GlimpsedTurn {
    /// When it came.
    pub at: String,
    /// What else was known when it came.
    pub begun: BegunTurn,
    /// The version of its rules.
    pub rules: String,
    /// How it ended.
    pub ended: &'static str,
    /// What its rules did.
    pub steps: Vec<Step>,
    /// Why there is no more.
    pub dark: Dark,
    /// When what happened in it.
    pub timeline: Option<Timeline>,
}

impl EndedTurn {
    /// About how many bytes it keeps waiting.
    pub(super) fn weight(&self) -> usize {
        match self {
            EndedTurn::Watched { watched, .. } => watched.weight(),
            EndedTurn::Glimpsed(_) => 1024,
        }
    }
}

impl GlimpsedTurn {
    pub(super) fn head(self) -> TurnHead {
        let steps = self.steps.into_iter().map(|step| StepGlance {
            rule: step.rule,
            kind: step.kind.to_owned(),
            outcome: step.outcome,
            why: step.why,
            micros: step.micros,
        });
        TurnHead {
            turn: self.begun.turn,
            call: self.begun.call,
            at: self.at,
            route: self.begun.route,
            rules: self.rules,
            ended: self.ended.to_owned(),
            steps: steps.collect(),
            dark: Some(self.dark),
            timeline: self.timeline,
            ..TurnHead::default()
        }
    }
}
