//! `redact`: hides private values from the model, and gives them back to the caller.
//!
//! What `find` (detectors), `patterns` (your own expressions) or `known` (values from the call's
//! context) finds is replaced in every role and in tool arguments by a placeholder such as
//! `[CARD_1]`. When the model speaks the placeholder, the caller hears the value. `restore` says
//! for which labels, `restore_tools` in which tools' arguments (`"tool"` or `"tool.field"`).
//! `style` is `placeholder`, `mask` or `remove`; only placeholders come back. `keep` lists values
//! that stay, `in` the roles in which to look, `reply = true` hides what the model itself says,
//! `unknown` is spoken for a placeholder that is not restored, `explain = true` tells the model
//! what placeholders are. A redact rule that fails ends the turn: nothing goes upstream.

mod fields;
mod hide;
mod known;
mod names;
mod repeated;
mod restore;
mod search;

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use serde::Deserialize;

use super::vault::Keep;
use super::{Change, Kind, Lane, LaneKind, Rule, RuleError, TextFilter, Turn, Vault};
use crate::chat::{ChatRequest, Field, Message, Role};
use crate::detect::{Cues, Speaker};
use fields::{Fields, Find, KnownPath, Label, StandIn, Style};
use known::Known;
use repeated::Repeated;
use restore::{Choice, Restore};
use search::{Given, Hit, Search};

/// The kind's entry in the list.
pub const KIND: Kind = Kind {
    name: "redact",
    read: super::read::<Redact>,
    example: EXAMPLE,
    fails_closed: true,
};

/// A rule file that shows the kind.
const EXAMPLE: &str = r#"about = "The model never sees a card number; the caller still hears it."

[then.redact]
find = ["card", "email"]
patterns = { ORDER = 'ORD-\d{8}' }
known = ["customer.name"]

[[test]]
name = "a card number is hidden and comes back"
caller = "Use 4111 1111 1111 1111, please."
model_gets = "Use [CARD_1], please."
model_says = "Charging [CARD_1] now."
caller_hears = "Charging 4111 1111 1111 1111 now."

[[test]]
name = "an order number and a known name"
given = { customer = { name = "Dana" } }
caller = "Dana here, about ORD-12345678."
model_gets = "[NAME_1] here, about [ORDER_1]."
model_says = "Hello [NAME_1], [ORDER_1] has shipped. Is [CARD_7] yours?"
caller_hears = "Hello Dana, ORD-12345678 has shipped. Is that yours?"
"#;

/// What the model is told where `explain = true`. It never changes, so the prefix stays cached.
const EXPLANATION: &str = "Words in square brackets such as [CARD_1] or [NAME_1] stand for private values that you \
cannot see. Treat each as the value itself: use it unchanged, brackets included, wherever the value belongs. \
Never guess, spell out or comment on what it stands for.";

/// The fields of `[then.redact]`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Redact {
    search: Search,
    known: Vec<KnownPath>,
    roles: Vec<Role>,
    stand_in: StandIn,
    restore: Arc<Restore>,
    /// None: as in speech.
    restore_tools: Option<Choice>,
    hides_reply: bool,
    explains: bool,
}

impl TryFrom<Fields> for Redact {
    type Error = String;

    fn try_from(fields: Fields) -> Result<Redact, String> {
        if fields.keep_last.is_some() && fields.style != Style::Mask {
            return Err(
                "`keep_last` says how much a mask leaves, and the style is no `mask`".into(),
            );
        }
        if fields.find.is_empty() && fields.patterns.is_empty() && fields.known.is_empty() {
            return Err(
                "a redact rule looks for nothing: give it `find`, `patterns` or `known`".into(),
            );
        }
        let mut search = Search::new(&fields.keep);
        for Find(detector) in &fields.find {
            search.add_detector(*detector);
        }
        for (Label(label), pattern) in &fields.patterns {
            search.add_pattern(label, pattern, fields.reply)?;
        }
        for path in &fields.known {
            search.label(path.label().as_str(), Keep::Value);
        }
        let restore = Restore::new(search.labels(), &fields.restore, fields.unknown)?;
        Ok(Redact {
            known: fields.known,
            roles: fields.roles.iter().map(|role| role.role()).collect(),
            stand_in: StandIn {
                style: fields.style,
                keep_last: fields.keep_last.unwrap_or(0),
            },
            restore_tools: fields.restore_tools,
            restore: Arc::new(restore),
            hides_reply: fields.reply,
            explains: fields.explain,
            search,
        })
    }
}

impl Rule for Redact {
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError> {
        let known = self.known(turn);
        let vault = Rc::make_mut(&mut turn.vault);
        let mut pass = Pass {
            rule: self,
            known: &known,
            vault,
            cues: Cues::at_start(known.region()),
            found: Repeated::default(),
        };
        request.keep_plain_messages_only();
        let mut is_changed = request.edit_fields(|name, json| pass.field(name, json));
        // What a rule placed at the tail moves from turn to turn, so it is numbered last.
        for at_tail in [false, true] {
            is_changed |= request.edit_messages(|_, message| {
                message.is_at_tail() == at_tail && pass.message(message)
            });
        }
        if self.explains && self.stand_in.style == Style::Placeholder {
            let instructions = request.leading_instructions();
            request
                .messages_mut()
                .insert(instructions, Message::new("system", EXPLANATION));
            is_changed = true;
        }
        Ok(is_changed.into())
    }

    fn on_reply(&self, turn: &Turn, lane: &Lane) -> Option<Box<dyn TextFilter>> {
        let restores = self.stand_in.style == Style::Placeholder;
        let restore = match &lane.kind {
            LaneKind::Arguments { tool } => restores
                .then(|| {
                    self.restore
                        .in_tool(&turn.vault, tool, self.restore_tools.as_ref())
                })
                .flatten(),
            _ => restores.then(|| self.restore.in_speech(&turn.vault)),
        };
        if !self.hides_reply || !lane.kind.is_heard() {
            return restore;
        }
        let unknown = if restores { self.restore.unknown() } else { "" };
        let known = self.known(turn);
        Some(hide::filter(
            self.search.clone(),
            known,
            self.stand_in,
            unknown,
            restore,
        ))
    }

    fn fetches(&self) -> BTreeSet<String> {
        self.known.iter().filter_map(KnownPath::fetch).collect()
    }

    fn labels(&self) -> &[String] {
        self.search.labels()
    }
}

impl Redact {
    fn known(&self, turn: &Turn) -> Known {
        let paths = self
            .known
            .iter()
            .map(|path| (path.0.as_str(), path.label()));
        Known::gather(&turn.facts, paths, &self.search)
    }
}

/// One walk over a request.
struct Pass<'t> {
    rule: &'t Redact,
    known: &'t Known,
    vault: &'t mut Vault,
    cues: Cues,
    /// What was found so far, to be hidden in what follows.
    found: Repeated,
}

impl Pass<'_> {
    fn message(&mut self, message: &mut Message) -> bool {
        let role = message.role();
        let looks = self.rule.roles.contains(&role);
        let speaker = match role {
            Role::User => Speaker::Caller,
            Role::Assistant => Speaker::Assistant,
            _ => Speaker::Other,
        };
        // A message in which nothing was found is not even opened when it comes again.
        let search = &self.rule.search;
        let source = message.source().filter(|_| looks);
        let key = source.map(|source| search.message_key(source, self.given(speaker, &self.cues)));
        if let Some(after) = key.and_then(|key| search.after_clean(key)) {
            self.cues = after;
            return false;
        }
        let is_changed = message.edit_texts(&mut |field, key, text| {
            let is_said = field == Field::Content && matches!(key, None | Some("text"));
            self.text(text, if is_said { Some(speaker) } else { None }, looks)
        });
        if let Some(key) = key.filter(|_| !is_changed) {
            self.rule
                .search
                .remember_clean_message(key, self.cues.clone());
        }
        is_changed
    }

    fn given<'g>(&'g self, speaker: Speaker, before: &'g Cues) -> Given<'g> {
        Given {
            speaker,
            before,
            known: self.known,
            repeated: &self.found,
        }
    }

    /// Replaces what is private in one text. `speaker`: who says it in the conversation; none for
    /// names, arguments and the like.
    fn text(&mut self, text: &str, speaker: Option<Speaker>, looks: bool) -> Option<String> {
        let rule = self.rule;
        let hits = if looks {
            let start = Cues::at_start(self.known.region());
            let before = if speaker.is_some() {
                &self.cues
            } else {
                &start
            };
            let found = rule
                .search
                .find(text, self.given(speaker.unwrap_or(Speaker::Other), before));
            if speaker.is_some() {
                self.cues.clone_from(&found.after);
            }
            found.hits.clone()
        } else {
            // Where it is not looked, known values are hidden all the same, and what was found
            // elsewhere, in any spelling.
            let mut hits = self.known.find(text);
            if !self.found.is_empty() {
                let given = self.given(speaker.unwrap_or(Speaker::Other), &self.cues);
                let found = rule.search.find(text, given);
                hits.extend(found.hits.iter().filter(|hit| self.found.has(hit)));
            }
            rule.search.without_overlaps(text, hits)
        };
        if hits.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for hit in hits {
            out.push_str(&text[copied..hit.start]);
            copied = hit.end;
            let spelling = &text[hit.start..hit.end];
            self.write(&hit, spelling, &mut out);
            self.found.add(&rule.search, spelling, hit);
        }
        out.push_str(&text[copied..]);
        Some(out)
    }

    fn write(&mut self, hit: &Hit, spelling: &str, out: &mut String) {
        match self.rule.stand_in.style {
            Style::Placeholder => {
                let (label, keep) = self.rule.search.label_at(hit.label);
                let number = self.vault.number(label, hit.identity, spelling, keep);
                out.push_str(&format!("[{label}_{number}]"));
            }
            Style::Mask | Style::Remove => out.push_str(&self.rule.stand_in.of(spelling)),
        }
    }

    /// A request field other than `messages`: descriptions and the like are searched; what the
    /// upstream must find unchanged (names, types, choices of a schema) is not.
    fn field(&mut self, name: &str, json: &str) -> Option<String> {
        let is_searched = match name {
            "tools" | "functions" | "response_format" | "user" | "stop" | "prompt_cache_key" => {
                true
            }
            _ => {
                crate::chat::fields::kind_of(name).is_none()
                    && !crate::chat::fields::VAPI.contains(&name)
            }
        };
        if !is_searched || self.rule.search.is_clean(json, self.known) {
            return None;
        }
        let edited = crate::chat::json::edit_leaves(json, &mut |leaf| {
            let is_fixed = matches!(
                leaf.key,
                Some(
                    "name"
                        | "type"
                        | "enum"
                        | "const"
                        | "required"
                        | "pattern"
                        | "format"
                        | "$ref"
                        | "strict"
                )
            );
            if is_fixed {
                None
            } else {
                self.text(leaf.text, None, true)
            }
        });
        if edited.is_none() {
            self.rule.search.remember_clean(json, self.known);
        }
        edited
    }
}

#[cfg(test)]
mod tests;
