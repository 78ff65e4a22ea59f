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

mod base64_text;
mod choice;
mod encoded;
mod fields;
mod hide;
mod history;
mod hit;
mod known;
mod labels;
mod marks;
mod memo;
mod names;
mod numbers;
mod one_text;
mod pass;
mod repeated;
mod request_fields;
mod restore;
mod search;
mod suggested;

use std::sync::Arc;

use serde::Deserialize;

use super::Kind;
use crate::chat::history::HistoryPlace;
use crate::chat::{ChatRequest, Message, Role};
use crate::detect::SharedNameFinder;
use crate::files::Faults;
use crate::rule::{
    About, Change, HiddenValues, Lane, LaneKind, Retention, Rule, RuleError, SpokenNames,
    TextFilter, Turn, UnknownCount,
};
use choice::RestoreChoice;
use fields::{DetectorName, KnownPath, PatternLabel, RedactFields, StandIn, Style};
use history::Histories;
use known::KnownValues;
use labels::RuleLabels;
pub use one_text::{OneTextSearch, OneTextValue};
use pass::RedactPass;
use restore::Restore;
use search::Search;

/// The kind's entry in the list.
pub const KIND: Kind = Kind {
    starter: STARTER,
    fails_closed: true,
    hides: true,
    of_replies: &["restore", "restore_tools", "unknown"],
    own_dollars: &["patterns"],
    ..Kind::new::<RedactFields, RedactRule>("redact", include_str!("redact.rs"), EXAMPLE)
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

/// What `aside new` writes. `LABEL` is the rule's name.
const STARTER: &str = r#"about = "The model never sees a reference; the caller still hears it."

[then.redact]
patterns = { LABEL = '\bREF-\d{6}\b' }

[[test]]
name = "a reference is hidden and comes back"
caller = "It is about REF-123456."
model_gets = "It is about [LABEL_1]."
model_says = "[LABEL_1] is on its way."
caller_hears = "REF-123456 is on its way."
"#;

/// What the model is told where `explain = true`. It never changes, so the prefix stays cached.
const EXPLANATION: &str = "Words in square brackets such as [CARD_1] or [NAME_1] stand for private values that you \
cannot see. Treat each as the value itself: use it unchanged, brackets included, wherever the value belongs. \
Never guess, spell out or comment on what it stands for.";

/// The fields of `[then.redact]`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "RedactFields")]
pub struct RedactRule {
    search: Search,
    histories: Histories,
    known: Vec<KnownPath>,
    /// None: all, also those that nobody knows.
    roles: Option<Vec<Role>>,
    stand_in: StandIn,
    restore: Arc<Restore>,
    /// None: as in speech.
    restore_tools: Option<RestoreChoice>,
    hides_reply: bool,
    explains: bool,
}

impl TryFrom<RedactFields> for RedactRule {
    type Error = Faults;

    fn try_from(fields: RedactFields) -> Result<RedactRule, Faults> {
        let mut faults = Faults::default();
        if fields.keep_last.is_some() && fields.style != Style::Mask {
            let message = "`keep_last` says how much a mask leaves, and the style is no `mask`";
            faults.add(&["keep_last", "style"], message);
        }
        if fields.find.is_empty() && fields.patterns.is_empty() && fields.known.is_empty() {
            let message = "a redact rule looks for nothing: give it `find`, `patterns` or `known`";
            faults.add(&["find", "patterns", "known"], message);
            return Err(faults);
        }
        let search = search_of(&fields, &mut faults);
        check_restored(&fields, search.labels(), &mut faults);
        let restore = Restore::new(search.labels().names(), &fields.restore, fields.unknown);
        let restore = restore.map_err(|error| {
            faults.add(&["restore", "find", "patterns", "known"], error.to_string());
        });
        let (Ok(restore), true) = (restore, faults.is_empty()) else {
            return Err(faults);
        };
        Ok(RedactRule {
            known: fields.known,
            roles: fields.roles,
            stand_in: StandIn {
                style: fields.style,
                keep_last: fields.keep_last.unwrap_or(0),
            },
            restore_tools: fields.restore_tools,
            restore: Arc::new(restore),
            hides_reply: fields.reply,
            explains: fields.explain,
            search,
            histories: Histories::new(),
        })
    }
}

/// The finders of what the fields look for.
fn search_of(fields: &RedactFields, faults: &mut Faults) -> Search {
    let mut search = Search::new(&fields.keep);
    for DetectorName(detector) in &fields.find {
        search.add_detector(*detector);
    }
    for (PatternLabel(label), pattern) in &fields.patterns {
        if let Err(error) = search.add_pattern(label, pattern, fields.reply) {
            let message =
                format!("the pattern `{label}` can't be used with `reply = true`: {error}");
            faults.add(&[&format!("patterns.{label}"), "reply"], message);
            search.add_known(label);
        }
    }
    for path in &fields.known {
        search.add_known(&path.label());
    }
    search
}

/// What can't come back though the fields name it.
fn check_restored(fields: &RedactFields, labels: &RuleLabels, faults: &mut Faults) {
    let tools = fields.restore_tools.iter().flat_map(RestoreChoice::names);
    for name in tools.filter(|name| name.matches('.').count() > 1) {
        let message = format!(
            "`{name}` names a field within a field; name the tool, or `tool.field` for one field of its arguments"
        );
        faults.add(&["restore_tools"], message);
    }
    for name in fields.restore.names() {
        let never = |label: usize| labels.at(label).1 == Retention::Nothing;
        if labels.position(&name.to_uppercase()).is_some_and(never) {
            let message = format!("`{name}` is never restored, and nothing of it is kept");
            faults.add(&["restore"], message);
        }
    }
}

impl Rule for RedactRule {
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError> {
        let change = self.hide(request, turn)?;
        if !self.explains || self.stand_in.style != Style::Placeholder {
            return Ok(change);
        }
        let explanation = Message::new("system", EXPLANATION);
        request
            .history()
            .put(HistoryPlace::BehindInstructions, explanation);
        Ok(Change::Changed)
    }

    fn hide(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError> {
        let known = self.known(turn);
        let vault = Arc::make_mut(&mut turn.vault);
        request.keep_plain_messages_only();
        let is_changed = RedactPass::new(self, &known, vault, &turn.clock).request(request);
        if turn.clock.is_over() {
            return Err(RuleError(
                "its time was over before it had read all".to_owned(),
            ));
        }
        Ok(is_changed.into())
    }

    fn on_reply(&self, turn: &Turn, lane: &Lane) -> Option<Box<dyn TextFilter>> {
        let restores = self.stand_in.style == Style::Placeholder;
        let restore = match &lane.kind {
            LaneKind::Arguments { tool } => restores
                .then(|| {
                    self.restore
                        .in_tool(turn, tool, self.restore_tools.as_ref())
                })
                .flatten(),
            // A placeholder that nobody gave is none that anybody should hear.
            kind => Some({
                // What the model thinks aloud nobody hears.
                let unknown = match kind.is_heard() {
                    true => turn.unknown.clone(),
                    false => UnknownCount::default(),
                };
                self.restore.in_speech(turn, unknown, lane.is_json)
            }),
        };
        if !self.hides_reply || !lane.kind.is_heard() {
            return restore;
        }
        let unknown = if restores { self.restore.unknown() } else { "" };
        let known = self.known(turn);
        let hidden = hide::HiddenReply {
            search: self.search.clone(),
            known,
            stand_in: self.stand_in,
            unknown: unknown.to_owned(),
            is_json: lane.is_json,
        };
        Some(hidden.filter(restore))
    }

    fn use_names(&mut self, finder: &SharedNameFinder) -> bool {
        self.search.use_names(finder)
    }

    fn about(&self) -> About {
        let paths = self.known.iter().map(KnownPath::keys);
        let paths: Vec<Vec<String>> = paths.collect();
        let roots = paths.iter().filter_map(|path| path.first().cloned());
        let touches_nothing = self.roles.as_ref().is_some_and(Vec::is_empty) && !self.hides_reply;
        About {
            names: SpokenNames {
                roots: roots.collect(),
                fetches: self.known.iter().filter_map(KnownPath::fetch).collect(),
                paths: paths.clone(),
                deciding: Vec::new(),
            },
            labels: self.search.labels().names().to_vec(),
            hides: Some(HiddenValues {
                known: paths,
                by_looks: self.search.looks(),
                come_back: self.stand_in.style == Style::Placeholder && self.restore.restores(),
            }),
            misses: self.search.misses(),
            patterns: self.search.expressions(),
            holds: match self.hides_reply {
                true => self.search.holds(),
                false => Vec::new(),
            },
            idle: touches_nothing.then_some("in"),
            ..About::default()
        }
    }
}

impl RedactRule {
    fn known(&self, turn: &Turn) -> Arc<KnownValues> {
        let paths = self
            .known
            .iter()
            .map(|path| (path.0.as_str(), path.label()));
        self.search.known(&turn.facts, paths)
    }
}

#[cfg(test)]
mod tests;
