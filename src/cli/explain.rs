//! `aside explain KIND`: a working rule of a kind.

use clap::Args;

use super::Outcome;
use crate::rule::KINDS;
use crate::text::problem::nearest;

/// Show a working rule of a kind: inject, redact, rewrite
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The kind
    kind: String,
}

impl Explain {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        if let Some(kind) = KINDS.iter().find(|kind| kind.name == self.kind) {
            print!("{}", kind.example);
            return Ok(Outcome::Good);
        }
        let names = KINDS.iter().map(|kind| kind.name);
        let help = match nearest(&self.kind, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the kinds are {}", names.collect::<Vec<_>>().join(", ")),
        };
        eprintln!("error: unknown kind `{}`\nhelp: {help}", self.kind);
        Ok(Outcome::Problems)
    }
}
