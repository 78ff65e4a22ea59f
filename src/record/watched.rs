//! A turn as the server watched it, and the line that is made of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use bytestring::ByteString;
use serde_json::value::RawValue;

use super::play::play;
use super::redacted::{Redacted, redact};
use super::{Again, Failure, Line};
use crate::chat::ChatRequest;
use crate::chat::request::Takes;
use crate::chat::vapi::VapiFields;
use crate::rule::Turn;
use crate::ruleset::{Ruleset, Texts, apply_escaped, escape, facts_of_turn};
use crate::text::facts::{Facts, ROOTS};

/// What the server hands over: nothing is copied or computed on the path of a turn.
#[derive(Debug)]
pub struct Watched {
    /// The body as it came.
    pub body: Bytes,
    /// The rules that it passed.
    pub ruleset: Arc<Ruleset>,
    /// When it came, as its rules saw it.
    pub at: String,
    /// Its id.
    pub turn: String,
    /// Its call's id.
    pub call: Option<String>,
    /// Its route.
    pub route: String,
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
    /// The upstreams that failed.
    pub failures: Vec<Failure>,
    /// The data of the events that came, or one completion.
    pub reply: Vec<ByteString>,
    /// How the turn ended.
    pub ended: &'static str,
}

impl Watched {
    /// About how many bytes it keeps waiting.
    pub(super) fn weight(&self) -> usize {
        let texts = self.context.iter().chain(&self.fetch).chain(&self.reply);
        self.body.len() + texts.map(|text| text.len() + 32).sum::<usize>() + 1024
    }

    /// The line. None: the turn can't be run again, so that nobody knows what is private in it.
    pub(super) fn line(&self, is_raw: bool) -> Option<Line> {
        let mut request = ChatRequest::parse(self.body.clone()).ok()?;
        let facts = self.facts(&request);
        let mut values = serde_json::Map::new();
        for root in ROOTS.iter().filter(|root| **root != "turn") {
            values.insert((*root).to_owned(), facts.root(root)?.clone());
        }
        let mut turn = Turn::new(facts);
        turn.injected_left = Some(self.most_injected);
        escape(&self.ruleset, &mut request, &mut turn);
        let escaped = request.clone();
        let applied = apply_escaped(
            &self.ruleset,
            &mut request,
            &mut turn,
            self.call.as_deref(),
            &mut || Duration::ZERO,
        );
        let active = applied.ok()?.active;
        let sent = String::from_utf8(request.write(&self.takes)).ok()?;
        let (came, facts, hidden) = if is_raw {
            let body = String::from_utf8(self.body.to_vec()).ok()?;
            (body, values, turn.vault.kept_values())
        } else {
            let redacted = redact(Redacted {
                ruleset: &self.ruleset,
                active: &active,
                facts: self.facts(&escaped),
                request: escaped,
                values,
                sent: &sent,
            })?;
            let came = String::from_utf8(redacted.0.write(&self.takes)).ok()?;
            (came, redacted.1, BTreeMap::new())
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
            failures: self.failures.clone(),
            raw: is_raw,
            takes: self.takes.clone(),
            most_injected: self.most_injected,
            facts,
            escapes: turn.has_escapes,
            labels: turn.vault.kept().into_iter().collect(),
            values: hidden,
            came: RawValue::from_string(came).ok()?,
            sent: RawValue::from_string(sent).ok()?,
            again: Again::Same,
            reply: self.reply.iter().filter_map(chunk).collect(),
            heard: Texts::new(),
        };
        let played = play(&self.ruleset, &line);
        line.heard = played.heard;
        line.again = match played.sent {
            Ok(sent) if sent == line.sent.get().as_bytes() => Again::Same,
            Ok(sent) => Again::Other(RawValue::from_string(String::from_utf8(sent).ok()?).ok()?),
            Err(why) => Again::Refused(why),
        };
        Some(line)
    }

    fn facts(&self, request: &ChatRequest) -> Facts {
        let vapi = VapiFields::of(request);
        let mut facts = facts_of_turn(request, vapi, &self.route, self.at.clone());
        for (root, json) in [("context", &self.context), ("fetch", &self.fetch)] {
            if let Some(json) = json {
                facts.set_json(root, json.clone());
            }
        }
        facts
    }
}
