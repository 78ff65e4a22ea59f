//! One walk of a redact rule over a request: its fields, its history, and what rules placed there.

mod beside;

use std::ops::Range;
use std::sync::Arc;

use super::RedactRule;
use super::base64_text::{self, base64_texts};
use super::encoded::{EncodedText, is_json};
use super::fields::Style;
use super::history::{MessageChain, PastHistory};
use super::hit::{Hit, without_overlaps};
use super::known::KnownValues;
use super::memo::{SearchContext, message_key};
use super::repeated::RepeatedValues;
use crate::chat::{ChatRequest, Field, Message, Role};
use crate::detect::{Cues, Speaker};
use crate::rule::{Clock, Identity, ValuePlace, Vault, WithinMessage};
use crate::stream::placeholder;

/// One walk over a request.
pub(super) struct RedactPass<'t> {
    rule: &'t RedactRule,
    known: &'t KnownValues,
    vault: &'t mut Vault,
    clock: &'t Clock,
    cues: Cues,
    /// What was found so far, to be hidden in what follows.
    found: RepeatedValues,
    /// What tells all that was found so far from other finds.
    seen: Option<Identity>,
    /// What became of the history, where it will be remembered.
    log: Option<PastHistory>,
    /// Which text or mark of the message is under way.
    within: WithinMessage,
    /// Whether all that finds was asked of every text so far.
    is_whole: bool,
}

impl<'t> RedactPass<'t> {
    pub(super) fn new(
        rule: &'t RedactRule,
        known: &'t KnownValues,
        vault: &'t mut Vault,
        clock: &'t Clock,
    ) -> RedactPass<'t> {
        vault.begin();
        RedactPass {
            rule,
            known,
            vault,
            clock,
            cues: Cues::at_start(known.region()),
            found: RepeatedValues::default(),
            seen: None,
            log: None,
            within: WithinMessage::Text(0),
            is_whole: true,
        }
    }

    /// Hides what is private in a request; says whether there was anything.
    pub(super) fn request(&mut self, request: &mut ChatRequest) -> bool {
        let mut is_changed = self.fields(request);
        is_changed |= self.history(request);
        // What a rule placed at the tail moves from turn to turn, so it is numbered last.
        is_changed |=
            request.edit_messages(|_, message| message.is_at_tail() && self.message(message));
        is_changed |= self.fields_again(request);
        is_changed | self.carried(request)
    }

    /// What models thought in earlier replies. It is there in one turn and may be gone in the next,
    /// so it is numbered behind everything else, and no memory holds it.
    fn carried(&mut self, request: &mut ChatRequest) -> bool {
        self.log = None;
        let roles = self.rule.roles.as_ref();
        let looks = roles.is_none_or(|roles| roles.contains(&Role::Assistant));
        request.edit_carried(|text| self.text(text, None, looks))
    }

    /// The stable messages; what is remembered of them is not searched again.
    fn history(&mut self, request: &mut ChatRequest) -> bool {
        let labels = self.rule.search.labels();
        let histories = &self.rule.histories;
        let start = labels.identity(&(self.known.id(), self.known.region(), self.seen));
        let chain = MessageChain::of(request, start, labels);
        let past = histories.longest(&chain);
        let known = past.as_ref().map_or(0, |past| past.length);
        let worth = histories.worth(&chain, known);
        if let Some(past) = &past {
            self.resume(past);
        }
        if worth.is_some() {
            self.log = Some(past.as_deref().cloned().unwrap_or_default());
        }
        let mut remembered = past.iter().flat_map(|past| &past.changed).peekable();
        let mut at = 0;
        let is_changed = request.edit_messages(|_, message| {
            if message.is_at_tail() {
                return false;
            }
            let here = at;
            at += 1;
            if worth == Some(here) {
                self.remember(&chain, here);
            }
            if here >= known {
                let is_changed = self.message(message);
                if let Some(log) = self.log.as_mut().filter(|_| is_changed) {
                    log.changed.push((here, message.clone().without_carried()));
                }
                return is_changed;
            }
            match remembered.next_if(|(place, _)| *place == here) {
                Some((_, new)) => {
                    let new = new.clone().in_place_of(message);
                    let original = std::mem::replace(message, new);
                    self.vault.keep_original(original);
                    true
                }
                None => false,
            }
        });
        if worth == Some(at) {
            self.remember(&chain, at);
        }
        is_changed
    }

    /// Goes on where an earlier turn stood.
    fn resume(&mut self, past: &PastHistory) {
        self.vault.resume(past.values.clone());
        self.found = RepeatedValues::after(past.found.clone());
        if let Some(cues) = &past.cues {
            self.cues.clone_from(cues);
        }
    }

    fn remember(&mut self, chain: &MessageChain, length: usize) {
        // Nothing is known of what there was no time to read.
        if !self.is_whole || self.clock.is_over() {
            return;
        }
        if let Some(mut log) = self.log.take() {
            log.length = length;
            log.found = Arc::new(self.found.whole());
            log.cues = Some(self.cues.clone());
            self.rule.histories.remember(chain, log);
        }
    }

    fn message(&mut self, message: &mut Message) -> bool {
        if self.clock.is_over() {
            return false;
        }
        let role = message.role();
        let roles = self.rule.roles.as_ref();
        let looks = roles.is_none_or(|roles| roles.contains(&role));
        let speaker = match role {
            Role::User => Speaker::Caller,
            Role::Assistant => Speaker::Assistant,
            _ => Speaker::Other,
        };
        // A message in which nothing was found is not even opened when it comes again.
        let search = &self.rule.search;
        let source = message.source().filter(|_| looks);
        let context = self.context(speaker, &self.cues);
        let key = source.map(|source| message_key(search.labels(), source, context));
        if let Some(after) = key.and_then(|key| search.memo().after_clean(key)) {
            self.cues = after;
            return false;
        }
        let mut at = 0;
        let mut is_changed = message.edit_texts(&mut |field, key, text| {
            self.within = WithinMessage::Text(at);
            at += 1;
            let is_said = field == Field::Content && matches!(key, None | Some("text"));
            self.text(text, if is_said { Some(speaker) } else { None }, looks)
        });
        at = 0;
        is_changed |= message.edit_marks(&mut |mark| {
            self.within = WithinMessage::Mark(at);
            at += 1;
            self.mark(mark, looks)
        });
        if let Some(key) = key.filter(|_| !is_changed && self.is_whole && !self.clock.is_over()) {
            let memo = self.rule.search.memo();
            memo.remember_clean_message(key, self.cues.clone());
        }
        is_changed
    }

    fn context<'g>(&'g self, speaker: Speaker, before: &'g Cues) -> SearchContext<'g> {
        SearchContext {
            speaker,
            before,
            known: self.known,
            repeated: &self.found,
            clock: self.clock,
        }
    }

    /// Replaces what is private in one text. `speaker`: who says it in the conversation; none for
    /// names, arguments and the like.
    fn text(&mut self, text: &str, speaker: Option<Speaker>, looks: bool) -> Option<String> {
        if self.clock.is_over() {
            return None;
        }
        let is_hidden = self.base64(text, looks);
        let text = is_hidden.as_deref().unwrap_or(text);
        let hidden = self.plain_text(text, speaker, looks);
        hidden.or(is_hidden)
    }

    /// The texts in base64 within a text.
    fn base64(&mut self, text: &str, looks: bool) -> Option<String> {
        let (mut out, mut copied) = (String::new(), 0);
        for inner in base64_texts(text) {
            let Some(new) = self.text(&inner.said, None, looks) else {
                continue;
            };
            // What stands in base64 is at no place of the text.
            self.log = None;
            out.push_str(&text[copied..inner.place.start]);
            out.push_str(&base64_text::encode(&new));
            copied = inner.place.end;
        }
        out.push_str(&text[copied..]);
        (copied > 0).then_some(out)
    }

    /// A text as it is written, or JSON.
    fn plain_text(&mut self, text: &str, speaker: Option<Speaker>, looks: bool) -> Option<String> {
        let encoded = EncodedText::of(text);
        let plain = encoded.as_ref().map_or(text, EncodedText::plain);
        let hits = self.hits(plain, speaker, looks);
        if hits.is_empty() {
            return None;
        }
        let is_json_text = encoded.as_ref().is_some_and(EncodedText::is_json);
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for hit in hits {
            let spelling = &plain[hit.start..hit.end];
            let own = match &encoded {
                Some(encoded) => encoded.source(text, &(hit.start..hit.end)),
                None => hit.start..hit.end,
            };
            if own.start < copied {
                continue;
            }
            out.push_str(&text[copied..own.start]);
            copied = own.end;
            if encoded.is_some() && text[own.clone()].contains('%') {
                // Signs of a URL are no spelling that comes back.
                self.log = None;
            }
            let stand_in = self.stand_in(&hit, spelling, own.clone(), is_json_text);
            match &encoded {
                Some(encoded) => encoded.write(own.start, &stand_in, &mut out),
                None => out.push_str(&stand_in),
            }
            let rule = self.rule;
            self.found.add(rule.search.labels(), spelling, hit);
        }
        out.push_str(&text[copied..]);
        if !is_json_text || is_json(&out) {
            return Some(out);
        }
        // A value that reaches from one string into another: each string by itself, then. Their
        // places are no places of the text, so this history is not remembered.
        self.log = None;
        crate::chat::json::edit_leaves(text, &mut |leaf| self.text(leaf.text, None, looks))
    }

    /// What is private in one text, as it is read.
    fn hits(&mut self, text: &str, speaker: Option<Speaker>, looks: bool) -> Vec<Hit> {
        let rule = self.rule;
        if looks {
            let start = Cues::at_start(self.known.region());
            let before = if speaker.is_some() {
                &self.cues
            } else {
                &start
            };
            let found = rule.search.find(
                text,
                self.context(speaker.unwrap_or(Speaker::Other), before),
            );
            self.is_whole &= found.is_whole;
            if speaker.is_some() {
                self.cues.clone_from(&found.after);
            }
            return found.hits.clone();
        }
        // Where it is not looked, known values are hidden all the same, and what was found
        // elsewhere, in any spelling.
        let mut hits = self.known.find(text);
        if !self.found.is_empty() {
            let context = self.context(speaker.unwrap_or(Speaker::Other), &self.cues);
            let found = rule.search.find(text, context);
            hits.extend(found.hits.iter().filter(|hit| self.found.has(hit)));
        }
        without_overlaps(rule.search.labels(), text, hits)
    }

    /// What stands for a value. `range`: its place in the text that came, which may be JSON.
    fn stand_in(
        &mut self,
        hit: &Hit,
        spelling: &str,
        range: Range<usize>,
        is_json: bool,
    ) -> String {
        let labels = self.rule.search.labels();
        self.seen = Some(labels.identity(&(self.seen, hit.label, hit.identity)));
        if self.rule.stand_in.style != Style::Placeholder {
            return self.rule.stand_in.of(spelling);
        }
        let (label, retention) = labels.at(hit.label);
        let (number, is_new) = self.vault.number(label, hit.identity, spelling, retention);
        if let Some(log) = self.log.as_mut().filter(|_| is_new) {
            let place = ValuePlace {
                message: log.changed.len(),
                within: self.within,
                range,
                is_json,
            };
            let values = Arc::make_mut(&mut log.values);
            values.add_at(label, number, hit.identity, place, retention);
        }
        placeholder::written(label, number)
    }
}
