//! One recorded turn, rule by rule: what each changed, on the way out and on the way back.
//!
//! It shows labels and counts, never a value that a rule of the turn hides: what is shown of a step
//! went through the redact rules that follow it, what a redact rule replaced is left out, and what
//! comes back to the caller is `‹CARD_1›`. It asks nobody.

mod answer;
mod changes;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

use super::{
    Ending, Passage, RuleFile, Ruleset, Step, Texts, TurnInput, hear, held_back, hide, said,
};
use crate::chat::fields;
use crate::chat::request::Takes;
use crate::chat::{ChatRequest, Message, Role};
use crate::lang::facts::Facts;
use crate::rule::{Turn, Vault};
use crate::ruleset::diff::{WordPiece, words};
pub use answer::ShownAnswer;
pub use changes::{ChangePart, ShownChange, Side, between, of_texts};

/// A turn to explain.
pub struct TurnToExplain<'t> {
    /// The rules.
    pub ruleset: &'t Arc<Ruleset>,
    /// What it brought.
    pub input: TurnInput,
    /// What the upstream takes.
    pub takes: &'t Takes,
}

/// What the rules did with it.
pub struct Explained<'t> {
    /// What the upstream takes.
    takes: &'t Takes,
    /// The request as it came.
    came: ChatRequest,
    /// One step a rule, in order, also of those that are only tried.
    pub steps: Vec<Step>,
    /// Why nothing goes upstream.
    pub refused: Option<String>,
    /// The turn behind its last rule; where one refused it, there.
    passage: Passage,
    /// The request before the first rule and after each.
    states: Vec<TurnState>,
    /// What the rules that are only tried would make of it, by their places.
    tried: BTreeMap<usize, TurnState>,
}

/// A request, with the vault of that moment.
type TurnState = (ChatRequest, Arc<Vault>);

/// What one rule did with a reply.
#[derive(Debug, Serialize, Deserialize)]
pub struct Heard {
    /// The rule; none: what undoes the escapes of what only looks like a placeholder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Whether it is only tried: then the changes are what the caller would hear with it.
    pub shadow: bool,
    /// What it changed.
    pub changes: Vec<ShownChange>,
}

/// The way back of a turn.
#[derive(Debug, Serialize)]
pub struct WayBack {
    /// What the model said.
    #[serde(serialize_with = "as_map")]
    pub said: Texts,
    /// What each rule made of it, in the order in which the reply passes them; then what those that
    /// are only tried would make of what is heard.
    pub steps: Vec<Heard>,
    /// What the caller hears.
    #[serde(serialize_with = "as_map")]
    pub heard: Texts,
}

/// What the provider's prompt cache can use of the turn before.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Prefix {
    /// So many messages from the start are the same.
    pub messages: usize,
    /// Of so many.
    pub of_messages: usize,
    /// So many bytes from the start are the same.
    pub bytes: usize,
    /// Of so many.
    pub of_bytes: usize,
}

impl<'t> TurnToExplain<'t> {
    /// Runs the rules, and beside each that is only tried what it would do where it stands. `elapsed`
    /// gives the time since any fixed moment.
    pub fn explain(self, elapsed: &mut dyn FnMut() -> Duration) -> Explained<'t> {
        let came = self.input.request.clone();
        let mut passage = Passage::begin(self.ruleset, self.input);
        let state = |passage: &Passage| (passage.request.clone(), passage.turn.vault.clone());
        let mut states = vec![state(&passage)];
        let (mut steps, mut tried, mut refused) = (Vec::new(), BTreeMap::new(), None);
        for (at, file) in self.ruleset.rules().iter().enumerate() {
            let mut tries = file.is_shadow.then(|| passage.clone());
            let run = match &mut tries {
                Some(tries) => tries.run(at, elapsed),
                None => passage.run(at, elapsed),
            };
            let known = match (&run, &tries) {
                (Err(refused), _) => &refused.steps,
                (Ok(()), Some(tries)) => &tries.steps,
                (Ok(()), None) => &passage.steps,
            };
            steps.extend(known.last().cloned());
            match (run, tries) {
                (_, Some(tries)) => drop(tried.insert(at, state(&tries))),
                (Ok(()), None) => {}
                (Err(why), None) => refused = Some(why.to_string()),
            }
            states.push(state(&passage));
            if refused.is_some() {
                break;
            }
        }
        if refused.is_some() {
            passage.active.clear();
        }
        Explained {
            takes: self.takes,
            came,
            steps,
            refused,
            passage,
            states,
            tried,
        }
    }

    /// The same call one user turn earlier: the history up to the reply before the newest user
    /// message. `facts`: what was known then. None: it is the call's first turn.
    pub fn before(&self, facts: impl FnOnce(&ChatRequest) -> Facts) -> Option<TurnToExplain<'t>> {
        let mut request = self.input.request.clone();
        let newest = request.newest_user()?;
        let earlier = request.messages().get(..newest)?;
        let replies = earlier.iter().rev();
        let replies = replies.take_while(|message| message.role() == Role::Assistant);
        let end = newest - replies.count();
        request.history().remove(|at| at >= end);
        request.newest_user()?;
        let facts = facts(&request);
        let input = TurnInput {
            request,
            facts,
            ..self.input.clone()
        };
        Some(TurnToExplain {
            ruleset: self.ruleset,
            input,
            takes: self.takes,
        })
    }
}

impl Explained<'_> {
    /// The rules that ran and touch the reply as well, by their places.
    pub fn active(&self) -> &[usize] {
        &self.passage.active
    }

    /// Whether something that looks like a placeholder was escaped.
    pub fn has_escapes(&self) -> bool {
        self.passage.turn.has_escapes
    }

    /// The request before the first rule, with its escapes, and the vault behind the last.
    pub fn ends(&self) -> Option<(&ChatRequest, &Arc<Vault>)> {
        let ((request, _), (_, vault)) = (self.states.first()?, self.states.last()?);
        Some((request, vault))
    }

    /// The request before the rule at a place.
    fn state(&self, at: usize) -> Option<&TurnState> {
        self.states.get(at).or(self.states.last())
    }

    /// The request behind the last rule; none where a rule refused it, or answers.
    pub fn sent_request(&self) -> Option<&ChatRequest> {
        let goes = self.refused.is_none() && self.passage.answered_by().is_none();
        let (request, _) = self.states.last().filter(|_| goes)?;
        Some(request)
    }

    /// The same with the fields that go upstream.
    pub fn sent(&self) -> Option<Vec<u8>> {
        Some(self.sent_request()?.write(self.takes))
    }

    /// The request fields that stay here.
    pub fn not_taken(&self) -> Vec<&str> {
        let request = &self.came;
        let names = request.fields().iter().map(|(name, _)| &**name);
        let names = names.filter(|name| !self.takes.field(name));
        names
            .chain(request.left_out().iter().map(|(name, _)| &**name))
            .collect()
    }

    /// The labels of what was hidden, and how many values each has.
    pub fn labels(&self) -> Vec<(String, u32)> {
        let vault = self.states.last().map(|(_, vault)| vault.counts());
        vault.unwrap_or_default()
    }

    /// What a step changed. Nothing is shown where the turn was refused: what should be hidden may
    /// not be.
    pub fn changes(&self, step: usize) -> Vec<ShownChange> {
        let new = self.tried.get(&step).or(self.state(step + 1));
        let (Some(old), Some(new), None) = (self.state(step), new, &self.refused) else {
            return Vec::new();
        };
        let rule = self.passage.ruleset().rules().get(step);
        let hides = rule.is_some_and(RuleFile::hides);
        let shown = |state: &(ChatRequest, Arc<Vault>)| self.hidden_after(step, state);
        let (Some(old_shown), Some(new_shown)) = (shown(old), shown(new)) else {
            return Vec::new();
        };
        let old = Side {
            request: &old.0,
            shown: &old_shown,
        };
        let new = Side {
            request: &new.0,
            shown: &new_shown,
        };
        between(&old, &new, hides, &|name| self.takes.field(name))
    }

    /// What the request has in common with the one of the turn before.
    pub fn prefix(&self, before: &Explained<'_>) -> Option<Prefix> {
        let (new, old) = (self.sent()?, before.sent()?);
        let bytes = new.iter().zip(&old).take_while(|(one, other)| one == other);
        let messages = |explained: &Explained<'_>| {
            let (request, _) = explained.states.last()?;
            let written = request.messages().iter().map(|message| {
                let mut out = String::new();
                message.write(&|key| fields::MESSAGE.contains(&key), &mut out);
                out
            });
            Some(written.collect::<Vec<_>>())
        };
        let (new_messages, old_messages) = (messages(self)?, messages(before)?);
        let same = new_messages.iter().zip(&old_messages);
        Some(Prefix {
            messages: same.take_while(|(one, other)| one == other).count(),
            of_messages: old_messages.len(),
            bytes: bytes.count(),
            of_bytes: old.len(),
        })
    }

    /// The way back of a recorded reply. `cut`: how one ends that has no end.
    pub fn way_back(&self, reply: &str, cut: Ending<'_>) -> WayBack {
        let vault = Arc::new(self.passage.turn.vault.veiled());
        // Most rules leave a text as it is, and to hide what is in it takes the whole history.
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        let mut hidden = |texts: Texts| self.hidden_texts(texts, &mut known);
        let said = hidden(said(reply));
        let mut heard = |active: &[usize]| {
            let way_back = self.passage.back_for_people(active, vault.clone());
            hidden(hear(way_back, reply, cut))
        };
        let mut before = said.clone();
        let mut steps = Vec::new();
        for from in (0..=self.active().len()).rev() {
            let after = heard(&self.active()[from..]);
            let changes = of_texts(&before, &after);
            before = after;
            let rule = self.active()[from..].first().map(|_| self.active()[from]);
            if rule.is_none() && changes.is_empty() {
                continue;
            }
            steps.push(self.heard(rule, changes));
        }
        for at in self.tried.keys().rev() {
            let mut with = self.active().to_vec();
            with.insert(with.partition_point(|other| other < at), *at);
            if !self.steps.get(*at).is_some_and(Step::has_run) {
                continue;
            }
            let changes = of_texts(&before, &heard(&with));
            if !changes.is_empty() {
                steps.push(self.heard(Some(*at), changes));
            }
        }
        WayBack {
            said,
            steps,
            heard: before,
        }
    }

    /// The most characters of a recorded stream that the rules held back at once; none: it was no stream.
    pub fn held_back(&self, reply: &str) -> Option<usize> {
        let vault = Arc::new(self.passage.turn.vault.veiled());
        held_back(self.passage.back_for_people(self.active(), vault), reply)
    }

    fn heard(&self, rule: Option<usize>, changes: Vec<ShownChange>) -> Heard {
        let rules = self.passage.ruleset().rules();
        Heard {
            rule: rule.and_then(|at| Some(rules.get(at)?.name.clone())),
            shadow: rule.is_some_and(|at| self.is_shadow(at)),
            changes,
        }
    }

    /// Whether the rule of a step is only tried.
    pub fn is_shadow(&self, at: usize) -> bool {
        self.tried.contains_key(&at)
    }

    /// A state as the redact rules after a step leave it; none where one fails.
    fn hidden_after(&self, step: usize, state: &(ChatRequest, Arc<Vault>)) -> Option<ChatRequest> {
        let later = self.hiding().into_iter().filter(|at| *at > step);
        self.hidden(later, &state.0, &state.1)
    }

    fn hidden(
        &self,
        rules: impl Iterator<Item = usize>,
        request: &ChatRequest,
        vault: &Arc<Vault>,
    ) -> Option<ChatRequest> {
        let mut request = request.clone();
        let mut turn = Turn {
            vault: vault.clone(),
            ..self.passage.turn.clone()
        };
        hide(self.passage.ruleset(), rules, &mut request, &mut turn)?;
        Some(request)
    }

    /// Texts of a reply without what the redact rules would hide in the next turn's history.
    /// `known`: what came of texts before.
    fn hidden_texts(&self, texts: Texts, known: &mut BTreeMap<String, String>) -> Texts {
        let hide = |text: &str| {
            let (request, vault) = self.states.last()?;
            let mut request = request.clone();
            let said = Message::new("assistant", text);
            request.history().insert(usize::MAX, said.watched());
            let mut hidden = self.hidden(self.hiding().into_iter(), &request, vault)?;
            let hidden = hidden.history().take_watched()?.text().into_owned();
            let part = |piece: &WordPiece<'_>| match piece {
                WordPiece::Same(text) => (*text).to_owned(),
                WordPiece::Old(_) => "‹…›".to_owned(),
                WordPiece::New(_) => String::new(),
            };
            Some(words(text, &hidden).iter().map(part).collect())
        };
        let hide = |(name, text): (String, String)| {
            let hidden = match known.get(&text) {
                Some(hidden) => hidden.clone(),
                None => {
                    let hidden: String = hide(&text).unwrap_or_default();
                    known.insert(text, hidden.clone());
                    hidden
                }
            };
            (name, hidden)
        };
        texts.into_iter().map(hide).collect()
    }
}

fn as_map<S: Serializer>(texts: &Texts, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(texts.iter().map(|(name, text)| (name, text)))
}

#[cfg(test)]
mod tests;
