//! What a rule answers in the model's place, as people see it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Explained, Texts, as_map};
use crate::chat::chunk::ChunkHead;
use crate::ruleset::said;

/// What a rule answers.
#[derive(Debug, Serialize)]
pub struct ShownAnswer {
    /// The rule.
    pub rule: String,
    /// What the caller hears and which tool is called, without what the redact rules hide.
    #[serde(serialize_with = "as_map")]
    pub heard: Texts,
}

impl Explained<'_> {
    /// What a rule answers in the model's place; none: the model is asked.
    pub fn answer(&self) -> Option<ShownAnswer> {
        let own = self.passage.own_reply()?;
        let completion = own.completion(&ChunkHead::default());
        Some(ShownAnswer {
            rule: self.passage.answered_by()?.to_owned(),
            heard: self.hidden_texts(
                said(&String::from_utf8_lossy(&completion)),
                &mut BTreeMap::new(),
            ),
        })
    }

    /// The rules whose work is not to show: those that ran, and of those behind a rule that answers
    /// all that would have hidden something.
    pub fn hiding(&self) -> Vec<usize> {
        let mut hiding = self.active().to_vec();
        if self.passage.answered_by().is_some() {
            let rules = self.passage.ruleset().rules().iter().enumerate();
            let behind = rules.filter(|(_, file)| file.acts() && file.kind.hides);
            hiding.extend(behind.map(|(at, _)| at));
            hiding.sort_unstable();
            hiding.dedup();
        }
        hiding
    }
}
