//! A script over a reply: each sentence by itself, as it streams by.
//!
//! What the script leaves in `text` is heard. A sentence over which it fails is heard as it came, and
//! the fault is noted.

use std::sync::Arc;

use rhai::{Dynamic, ImmutableString, Scope};

use super::compiled::ReadScript;
use super::sandbox::{MOST_OF_REPLY, MOST_OF_SENTENCE};
use super::sentences::{SentencePart, Sentences};
use super::values::ValueSize;
use crate::rule::{Clock, ReplyFaults, RuleError, TextFilter, Turn};

/// The script over one text of a reply.
pub(super) struct ScriptFilter {
    run: SentenceRun,
    sentences: Sentences,
}

struct SentenceRun {
    script: Arc<ReadScript>,
    /// The facts, and nothing else between two sentences.
    scope: Scope<'static>,
    facts: ValueSize,
    /// Whether the sentence before went, so that the blanks behind it go too.
    swallows: bool,
    faults: ReplyFaults,
    /// How many operations are left of those for all sentences.
    left: u64,
    /// Whether nothing is said from its first fault on, and whether that was.
    stops: bool,
    is_stopped: bool,
    /// Tells how long a sentence takes; the time of the turn's rules is that of its request.
    clock: Clock,
}

impl ScriptFilter {
    /// The text of a reply before its first letter.
    pub(super) fn new(script: &Arc<ReadScript>, turn: &Turn) -> ScriptFilter {
        let (scope, facts) = script.facts(&turn.facts);
        ScriptFilter {
            run: SentenceRun {
                script: script.clone(),
                scope,
                facts,
                swallows: false,
                faults: turn.faults.clone(),
                left: MOST_OF_REPLY,
                stops: false,
                is_stopped: false,
                clock: turn.clock.without_end(),
            },
            sentences: Sentences::default(),
        }
    }
}

impl TextFilter for ScriptFilter {
    fn push(&mut self, piece: &str, out: &mut String) {
        let run = &mut self.run;
        self.sentences.push(piece, &mut |part| run.part(part, out));
    }

    fn finish(&mut self, out: &mut String) {
        let run = &mut self.run;
        self.sentences.finish(&mut |part| run.part(part, out));
    }

    fn stop_at_faults(&mut self) {
        self.run.stops = true;
    }
}

impl SentenceRun {
    fn part(&mut self, part: SentencePart<'_>, out: &mut String) {
        if self.is_stopped {
            return;
        }
        match part {
            SentencePart::Blank(blank) => {
                if !self.swallows {
                    out.push(blank);
                }
            }
            SentencePart::Sentence(sentence) => match self.changed(sentence) {
                Ok(text) => {
                    self.swallows = text.is_empty();
                    out.push_str(&text);
                }
                Err(error) => {
                    self.faults.note(&error);
                    self.swallows = false;
                    match self.stops {
                        true => self.is_stopped = true,
                        false => out.push_str(sentence),
                    }
                }
            },
        }
    }

    /// What the script makes of a sentence.
    fn changed(&mut self, sentence: &str) -> Result<ImmutableString, RuleError> {
        if self.left == 0 {
            return Err(RuleError(format!(
                "the script took all of the {MOST_OF_REPLY} operations that it has for a reply"
            )));
        }
        let before = self.scope.len();
        self.scope
            .push_dynamic("text", Dynamic::from(ImmutableString::from(sentence)));
        let size = ValueSize {
            text: self.facts.text + sentence.len(),
            ..self.facts
        };
        let most = self.left.min(MOST_OF_SENTENCE);
        let (done, taken) = self.script.run(&mut self.scope, size, most, &self.clock);
        self.left = self.left.saturating_sub(taken);
        let left = self.scope.get("text").map(Dynamic::flatten_clone);
        self.scope.rewind(before);
        done?;
        let left = left.unwrap_or_default();
        let text = left.read_lock::<ImmutableString>();
        let text = text.ok_or_else(|| {
            RuleError("what the script leaves in `text` is no text; some functions change it in place and give nothing back, and `text = \"\"` says nothing".to_owned())
        })?;
        Ok(text.clone())
    }
}

#[cfg(test)]
mod tests;
