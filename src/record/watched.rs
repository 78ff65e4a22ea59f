//! A turn as the server watched it, and the line that is made of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use bytestring::ByteString;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::play::{no_model, play};
use super::redacted::{Redacted, is_name, redact};
use super::{Again, Line, RecordedStep, Timeline, UpstreamFailure};
use crate::chat::ChatRequest;
use crate::chat::request::Takes;
use crate::chat::vapi::VapiFields;
use crate::lang::facts::{Facts, ROOTS};
use crate::ruleset::explain::{ChangePart, Explained, ShownChange, TurnToExplain};
use crate::ruleset::{Ending, Ruleset, Step, StepOutcome, Texts, TurnInput, facts_of_turn};

/// Of a text that a rule left as it was so many characters are kept at either end: with the count of
/// the others no more than people are shown.
const KEPT: usize = 55;

/// What the server hands over: nothing is copied or computed on the path of a turn. A clone shares
/// the texts.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The body as it came.
    pub body: Bytes,
    /// The rules that it passed.
    pub ruleset: Arc<Ruleset>,
    /// What they did.
    pub steps: Vec<Step>,
    /// When it came, as its rules saw it.
    pub at: String,
    /// Its id.
    pub turn: String,
    /// Its call's id.
    pub call: Option<String>,
    /// Its route.
    pub route: String,
    /// What was said of its call.
    pub vapi: VapiFields,
    /// What was stored.
    pub context: Option<ByteString>,
    /// What was fetched.
    pub fetch: Option<ByteString>,
    /// The most bytes that rules may inject.
    pub most_injected: usize,
    /// Who answered, or would have been asked first.
    pub upstream: String,
    /// What that takes.
    pub takes: Takes,
    /// What was changed in the request for who answered, in plain words.
    pub shaped: Vec<String>,
    /// The request as it went then.
    pub got: Option<Bytes>,
    /// The upstreams that failed.
    pub failures: Vec<UpstreamFailure>,
    /// The data of the events that came, or one completion.
    pub reply: Vec<ByteString>,
    /// How the turn ended.
    pub ended: &'static str,
    /// When what happened in it.
    pub timeline: Option<Timeline>,
}

impl Watched {
    /// About how many bytes it keeps waiting.
    pub fn weight(&self) -> usize {
        let texts = self.context.iter().chain(&self.fetch).chain(&self.reply);
        self.body.len() + texts.map(|text| text.len() + 32).sum::<usize>() + 1024
    }

    /// The line. None: the turn can't be run again, so that nobody knows what is private in it.
    pub(super) fn line(&self, is_raw: bool) -> Option<Line> {
        self.line_and_values(is_raw).map(|(line, _)| line)
    }

    /// A redacted line, and beside it the values that it hides and that may come back, by their
    /// placeholders' names. Where a rule answers in the model's place, nothing is `sent`: null.
    pub fn shown(&self) -> Option<(Line, BTreeMap<String, String>)> {
        self.line_and_values(false)
    }

    fn line_and_values(&self, is_raw: bool) -> Option<(Line, BTreeMap<String, String>)> {
        let request = ChatRequest::parse(self.body.clone()).ok()?;
        let facts = self.facts(&request);
        let known = self.known(&facts)?;
        let explained = self.explain(request, facts);
        let (_, vault) = explained.ends()?;
        let answer = explained.answer();
        let sent = match &answer {
            Some(_) => "null".to_owned(),
            None => String::from_utf8(explained.sent()?).ok()?,
        };
        // What a rule answered stands in the line as well, so what is in it need not be left out.
        let told = answer.and_then(|answer| serde_json::to_string(&answer.heard).ok());
        let kept = vault.kept_values();
        let (came, facts, values) = match is_raw {
            true => {
                let body = String::from_utf8(self.body.to_vec()).ok()?;
                (body, known, kept.clone())
            }
            false => {
                let (came, facts) =
                    self.redacted(&explained, known, told.as_deref().unwrap_or(&sent))?;
                (came, facts, BTreeMap::new())
            }
        };
        let chunk = |data: &ByteString| RawValue::from_string(data.to_string()).ok();
        let mut line = Line {
            at: self.at.clone(),
            turn: self.turn.clone(),
            call: self.call.clone(),
            route: self.route.clone(),
            rules: self.ruleset.version().to_owned(),
            upstream: self.upstream.clone(),
            ended: self.ended.to_owned(),
            arms: self.arms(),
            failures: self.failures.clone(),
            raw: is_raw,
            takes: self.takes.clone(),
            most_injected: self.most_injected,
            facts,
            escapes: explained.has_escapes(),
            labels: vault.kept().into_iter().collect(),
            values,
            came: RawValue::from_string(came).ok()?,
            sent: RawValue::from_string(sent).ok()?,
            again: Again::Same,
            reply: self.reply.iter().filter_map(chunk).collect(),
            heard: Texts::new(),
            steps: self.steps_of(&explained),
            shaped: self.shaped.clone(),
            got: self.got(),
            not_taken: not_taken(&explained),
            hidden: vault.counts().into_iter().collect(),
            said: Texts::new(),
            back: Vec::new(),
            held_back: None,
            timeline: self.timeline.clone(),
        };
        self.note_way_back(&mut line, &explained)?;
        Some((line, kept))
    }

    /// Notes in a line what came back, and what comes of it when it is run again.
    fn note_way_back(&self, line: &mut Line, explained: &Explained<'_>) -> Option<()> {
        let reply = line.reply();
        let back = explained.way_back(&reply, Ending::Whole);
        line.held_back = explained.held_back(&reply);
        (line.said, line.back) = (back.said, back.steps);
        line.back.retain(|step| !step.shadow);
        let Some(answer) = explained.answer() else {
            return self.run_again(line);
        };
        line.again = Again::Refused(no_model(&answer.rule));
        line.heard = answer.heard;
        Some(())
    }

    /// The request in the form that its upstream took. Its rules left it so that it may go there, so
    /// it may stand in a file.
    fn got(&self) -> Option<Box<RawValue>> {
        let got = String::from_utf8(self.got.as_ref()?.to_vec()).ok()?;
        RawValue::from_string(got).ok()
    }

    /// What the rules made of the turn, step by step.
    fn explain(&self, request: ChatRequest, facts: Facts) -> Explained<'_> {
        let input = TurnInput {
            call: self.call.clone(),
            most_injected: self.most_injected,
            ..TurnInput::new(request, facts)
        };
        let turn = TurnToExplain {
            ruleset: &self.ruleset,
            input,
            takes: &self.takes,
        };
        turn.explain(&mut || Duration::ZERO)
    }

    /// What the rules knew, by root.
    fn known(&self, facts: &Facts) -> Option<Map<String, Value>> {
        // What no rule spoke of was not read: that is not the same as empty.
        let was_read = |root: &str| root != "context" || self.context.is_some();
        let roots = ROOTS.iter().filter(|root| **root != "turn");
        let roots = roots.filter(|root| was_read(root));
        roots
            .map(|root| Some(((*root).to_owned(), facts.root(root)?.clone())))
            .collect()
    }

    /// The request and what was known, without what the redact rules hide.
    fn redacted(
        &self,
        explained: &Explained<'_>,
        known: Map<String, Value>,
        sent: &str,
    ) -> Option<(String, Map<String, Value>)> {
        let (escaped, _) = explained.ends()?;
        let (request, facts) = redact(Redacted {
            ruleset: &self.ruleset,
            active: &explained.hiding(),
            facts: self.facts(escaped),
            request: escaped.clone(),
            values: known,
            sent,
        })?;
        let came = String::from_utf8(request.write(&self.takes)).ok()?;
        Some((came, facts))
    }

    /// Notes in a line what the same rules make of it.
    fn run_again(&self, line: &mut Line) -> Option<()> {
        let played = play(&self.ruleset, line);
        line.heard = played.heard;
        for step in &mut line.steps {
            let mut played = played.steps.iter();
            let again = played.find(|again| again.rule == step.rule);
            step.again = again.map(|again| again.outcome);
            step.again = step.again.filter(|again| *again != step.outcome);
        }
        line.again = match played.sent {
            Ok(sent) if sent == line.sent.get().as_bytes() => Again::Same,
            Ok(sent) => Again::Other(RawValue::from_string(String::from_utf8(sent).ok()?).ok()?),
            Err(why) => Again::Refused(why),
        };
        Some(())
    }

    /// What each rule did in the turn, with what it changed.
    fn steps_of(&self, explained: &Explained<'_>) -> Vec<RecordedStep> {
        let steps = explained.steps.iter().enumerate();
        let steps = steps.filter(|(at, _)| !explained.is_shadow(*at));
        let recorded = steps.map(|(at, again)| {
            let mut own = self.steps.iter();
            let step = own.find(|own| own.rule == again.rule).unwrap_or(again);
            let rule = self.ruleset.rules().get(at);
            let digest = rule.map(|rule| rule.digest.clone());
            let (digest, fetches) = digest
                .map(|digest| (digest.rule, digest.fetches))
                .unwrap_or_default();
            let changes = match again.outcome {
                StepOutcome::Changed => explained.changes(at),
                _ => Vec::new(),
            };
            RecordedStep {
                rule: step.rule.clone(),
                kind: step.kind.to_owned(),
                digest,
                fetches,
                outcome: step.outcome,
                again: None,
                why: step.why.clone(),
                micros: step.micros,
                changes: changes.into_iter().map(shortened).collect(),
            }
        });
        recorded.collect()
    }

    fn arms(&self) -> BTreeMap<String, String> {
        let arms = self.ruleset.arms(self.call.as_deref()).into_iter();
        arms.map(|(rule, arm)| (rule.to_owned(), arm.to_owned()))
            .collect()
    }

    fn facts(&self, request: &ChatRequest) -> Facts {
        let vapi = self.vapi.clone();
        let mut facts = facts_of_turn(request, vapi, &self.route, self.at.clone());
        for (root, json) in [("context", &self.context), ("fetch", &self.fetch)] {
            if let Some(json) = json {
                facts.set_json(root, json.clone());
            }
        }
        facts
    }
}

/// The fields that stayed here; what may be a value is no name.
fn not_taken(explained: &Explained<'_>) -> Vec<String> {
    let names = explained.not_taken().into_iter();
    names
        .filter(|name| is_name(name))
        .map(str::to_owned)
        .collect()
}

/// A change without the middle of what it left as it was: that stands in the request.
fn shortened(mut change: ShownChange) -> ShownChange {
    for part in &mut change.parts {
        if let ChangePart::Same(text) = part {
            let count = text.chars().count();
            if count > 2 * KEPT + 20 {
                let start: String = text.chars().take(KEPT).collect();
                let end: String = text.chars().skip(count - KEPT).collect();
                *text = format!("{start} […{} characters…] {end}", count - 2 * KEPT);
            }
        }
    }
    change
}
