//! `rewrite`: replaces text by regular expressions, in chosen roles and in the reply.
//!
//! `find` is a regular expression, `replace` what stands there instead: `$1` or `${name}` is a group,
//! `$$` a dollar. `pairs = [{ find = …, replace = … }, …]` has several, which are done in order: each
//! finds what those before it left or wrote.
//!
//! `replace` is a template, rendered once a turn: `{{ context.customer.name }}`. One that prints an
//! absent value fails the rule, whatever is said. What it prints is data: no `$` in it names a group,
//! and to a model it is written as `inject` writes it, in one line and unable to pass for an author's
//! words. What the rules of a turn add to its request is bounded by `limits.injected`; a rule that
//! would add more fails and changes nothing.
//!
//! `in` names roles, or `reply` for what the model says; tool calls stay as they are. In a reply the
//! expressions need a longest match, so that no more text is held back than a match needs. However a
//! reply is cut into pieces, the caller hears what the pairs make of the whole.

mod filter;
mod replacement;

use std::borrow::Cow;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use crate::chat::{ChatRequest, Field, Message, Role};
use crate::files::Faults;
use crate::lang::pattern::{Pattern, endless_part};
use crate::rule::strings::Strings;
use crate::rule::{
    About, Change, EarlyText, HeldFor, Lane, Rule, RuleError, SpokenNames, TextFilter, Turn,
    WrittenText,
};
use crate::stream::StreamPattern;
use filter::RewriteFilter;
use replacement::{Replacement, TooMuchAdded};

/// The kind's entry in the list.
pub const KIND: Kind = Kind {
    own_dollars: &["find", "replace", "pairs"],
    ..Kind::new::<RewriteFields, RewriteRule>("rewrite", include_str!("rewrite.rs"), EXAMPLE)
};

/// A rule file that shows the kind.
const EXAMPLE: &str = r#"about = "A brand name is written as it should be, and said as it sounds."

[then.rewrite]
find = '(?i)\bacme (\w{1,20})'
replace = "ACME $1"
in = ["user", "reply"]

[[test]]
name = "both ways"
caller = "Is acme gold open?"
model_gets = "Is ACME gold open?"
model_says = "Yes, Acme gold is."
caller_hears = "Yes, ACME gold is."
"#;

/// The fields of `[then.rewrite]`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "RewriteFields")]
pub struct RewriteRule {
    pairs: Vec<RewritePair>,
    roles: Vec<Role>,
    has_reply: bool,
}

/// What is found, and what stands there instead.
#[derive(Debug)]
struct RewritePair {
    find: Pattern,
    replace: Replacement,
    /// The pattern for replies; none where replies stay as they are.
    reply: Option<Arc<StreamPattern>>,
    /// What its fields begin with: nothing, or `pairs.0.`.
    path: String,
}

/// Replaces text by regular expressions, in chosen roles and in the reply.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RewriteFields {
    /// A regular expression. For replies it needs a longest match: `{0,40}` instead of `*`.
    find: Option<Pattern>,
    /// What stands in its place: a Jinja template; `$1` or `${name}` is a group, `$$` a dollar sign.
    replace: Option<String>,
    /// Or several, done in order.
    pairs: Option<Vec<RewritePairFields>>,
    /// Where. Default: `["user", "reply"]`.
    #[serde(default = "user_and_reply", rename = "in")]
    places: Vec<RewrittenPart>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RewritePairFields {
    /// A regular expression.
    find: Pattern,
    /// What stands in its place.
    replace: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum RewrittenPart {
    /// Instructions.
    System,
    /// Instructions, as newer models name them.
    Developer,
    /// What the caller says.
    User,
    /// What the model said in earlier turns.
    Assistant,
    /// What tools answered.
    Tool,
    /// What functions answered, as older models name tools.
    Function,
    /// What the model says now.
    Reply,
}

impl TryFrom<RewriteFields> for RewriteRule {
    type Error = Faults;

    fn try_from(fields: RewriteFields) -> Result<RewriteRule, Faults> {
        let mut faults = Faults::default();
        let has_reply = fields.places.contains(&RewrittenPart::Reply);
        let roles: Vec<Role> = fields.places.iter().filter_map(|it| it.role()).collect();
        let mut pairs = Vec::new();
        for (path, find, replace) in written_pairs(fields, &mut faults) {
            pairs.extend(RewritePair::new(
                path,
                find,
                &replace,
                has_reply,
                &mut faults,
            ));
        }
        match faults.is_empty() {
            true => Ok(RewriteRule {
                pairs,
                roles,
                has_reply,
            }),
            false => Err(faults),
        }
    }
}

/// What is to be found and what replaces it, with what the names of their fields begin with.
fn written_pairs(fields: RewriteFields, faults: &mut Faults) -> Vec<(String, Pattern, String)> {
    match (fields.find, fields.replace, fields.pairs) {
        (Some(find), Some(replace), None) => vec![(String::new(), find, replace)],
        (None, None, Some(pairs)) if !pairs.is_empty() => {
            let numbered = pairs.into_iter().enumerate();
            numbered
                .map(|(at, pair)| (format!("pairs.{at}."), pair.find, pair.replace))
                .collect()
        }
        (find, replace, pairs) => {
            let message = match (find.is_some() || replace.is_some(), pairs.is_some()) {
                (true, true) => "the rule has `pairs` beside `find` and `replace`; keep one form",
                (false, true) => {
                    "`pairs` is empty: name at least one, as `{ find = 'a', replace = \"b\" }`"
                }
                (true, false) if find.is_some() => {
                    "`find` has no `replace`; `replace = \"\"` takes what is found out"
                }
                (true, false) => "`replace` has no `find`",
                (false, false) => {
                    "a rewrite rule finds nothing: give it `find` and `replace`, or `pairs`"
                }
            };
            faults.add(&["pairs", "find", "replace"], message);
            Vec::new()
        }
    }
}

impl RewritePair {
    fn new(
        path: String,
        find: Pattern,
        replace: &str,
        has_reply: bool,
        faults: &mut Faults,
    ) -> Option<RewritePair> {
        let regex = find.regex();
        let field = format!("{path}replace");
        let replace = match Replacement::parse(replace, regex) {
            Ok(replace) => Some(replace),
            Err(error) => {
                faults.add_within(&field, error.range, error.message, error.help);
                None
            }
        };
        let reply = has_reply.then(|| StreamPattern::new(regex)).transpose();
        let reply = reply.map_err(|error| {
            let message = format!("`find` can't be used on replies: {error}");
            let help =
                "bound what repeats, as in `{0,40}`, or leave replies out, as in `in = [\"user\"]`";
            let part = endless_part(regex.as_str());
            faults.add_within(&format!("{path}find"), part, message, Some(help.to_owned()));
        });
        Some(RewritePair {
            replace: replace?,
            reply: reply.ok()?.map(Arc::new),
            find,
            path,
        })
    }

    fn field(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }
}

impl Rule for RewriteRule {
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError> {
        // A text for replies that can't be made is told here, where there is a step to say so.
        let is_heard = |pair: &RewritePair| self.has_reply && !pair.replace.is_constant();
        for pair in self.pairs.iter().filter(|pair| is_heard(pair)) {
            pair.replace.heard(&turn.facts)?;
        }
        if self.roles.is_empty() {
            return Ok(Change::Unchanged);
        }
        let mut pairs = Vec::with_capacity(self.pairs.len());
        for pair in &self.pairs {
            pairs.push((pair.find.regex(), pair.replace.to_model(&turn.facts)?));
        }
        let most = turn.injected_left.unwrap_or(usize::MAX);
        let mut left = most;
        let mut changed = Vec::new();
        for (at, message) in request.messages().iter().enumerate() {
            if !self.roles.contains(&message.role()) {
                continue;
            }
            let new = rewritten_message(&pairs, message, &mut left).map_err(|TooMuchAdded| {
                RuleError(format!(
                    "what it writes adds more than {most} bytes, which is what is left of what rules may add to \
                     one turn (`limits.injected` of the config)"
                ))
            })?;
            changed.extend(new.map(|new| (at, new)));
        }
        turn.injected_left = turn.injected_left.map(|_| left);
        let mut changed = changed.into_iter().peekable();
        let is_changed = request.edit_messages(|at, message| {
            let new = changed.next_if(|(place, _)| *place == at);
            new.map(|(_, new)| *message = new).is_some()
        });
        Ok(is_changed.into())
    }

    fn on_reply(&self, turn: &Turn, lane: &Lane) -> Option<Box<dyn TextFilter>> {
        if !self.has_reply || !lane.kind.is_heard() {
            return None;
        }
        let pairs = self.pairs.iter().map(|pair| {
            let replace = pair.replace.heard(&turn.facts).ok()?;
            Some((pair.reply.clone()?, replace))
        });
        let pairs: Vec<_> = pairs.collect::<Option<_>>()?;
        let make = move || -> Box<dyn TextFilter> { Box::new(RewriteFilter::new(&pairs)) };
        Some(match lane.is_json {
            true => Box::new(Strings::new(make)),
            false => make(),
        })
    }

    fn about(&self) -> About {
        let patterns = self.pairs.iter().map(|pair| {
            let pattern = pair.find.regex().as_str().to_owned();
            (pair.field("find"), pattern)
        });
        let held = self.pairs.iter().filter_map(|pair| {
            let longest = pair.reply.as_ref()?.longest();
            Some((pair.field("find"), HeldFor::Bytes(longest)))
        });
        let mut holds: Vec<_> = held.collect();
        // One pair waits for what the one before it holds back.
        if holds.len() > 1 {
            let longest = self.pairs.iter().filter_map(|pair| pair.reply.as_ref());
            let all = longest.map(|pattern| pattern.longest()).sum();
            holds.push(("pairs".to_owned(), HeldFor::Bytes(all)));
        }
        let writes = self.pairs.iter().map(|pair| WrittenText {
            text: pair.replace.template().clone(),
            field: pair.field("replace"),
            early: Some(EarlyText {
                field: pair.field("replace"),
                does: "it is written into what was said in earlier turns",
                help: "print what stays as it is during a call, or rewrite replies alone: `in = [\"reply\"]`",
                is_of_its_turn: false,
            }),
        });
        About {
            names: SpokenNames::of_texts(self.pairs.iter().map(|pair| pair.replace.template())),
            patterns: patterns.collect(),
            holds,
            writes: match self.roles.is_empty() {
                true => Vec::new(),
                false => writes.collect(),
            },
            idle: (self.roles.is_empty() && !self.has_reply).then_some("in"),
            ..About::default()
        }
    }
}

/// A message with what is said in it rewritten; none where it stays as it is.
fn rewritten_message(
    pairs: &[(&regex::Regex, Cow<'_, str>)],
    message: &Message,
    left: &mut usize,
) -> Result<Option<Message>, TooMuchAdded> {
    // Most are one text, and need not be opened for that.
    if let Some(text) = message.plain_text() {
        return Ok(match rewritten(pairs, &text, left)? {
            Cow::Owned(new) if new != *text => Some(message.clone().with_text(&new)),
            _ => None,
        });
    }
    let mut too_much = None;
    let mut message = message.clone();
    let is_changed = message.edit_texts(&mut |field, key, text| {
        let is_said = field == Field::Content && matches!(key, None | Some("text"));
        if !is_said || too_much.is_some() {
            return None;
        }
        match rewritten(pairs, text, left) {
            Ok(Cow::Owned(new)) => (new != text).then_some(new),
            Ok(Cow::Borrowed(_)) => None,
            Err(error) => {
                too_much = Some(error);
                None
            }
        }
    });
    match too_much {
        Some(error) => Err(error),
        None => Ok(is_changed.then_some(message)),
    }
}

/// What the pairs make of a text. `left` is how many bytes they may add.
fn rewritten<'t>(
    pairs: &[(&regex::Regex, Cow<'_, str>)],
    text: &'t str,
    left: &mut usize,
) -> Result<Cow<'t, str>, TooMuchAdded> {
    let mut new = Cow::Borrowed(text);
    for (regex, replace) in pairs {
        if let Some(made) = replacement::replaced(regex, &new, replace, left)? {
            new = Cow::Owned(made);
        }
    }
    Ok(new)
}

impl RewrittenPart {
    fn role(self) -> Option<Role> {
        Some(match self {
            RewrittenPart::System => Role::System,
            RewrittenPart::Developer => Role::Developer,
            RewrittenPart::User => Role::User,
            RewrittenPart::Assistant => Role::Assistant,
            RewrittenPart::Tool => Role::Tool,
            RewrittenPart::Function => Role::Function,
            RewrittenPart::Reply => return None,
        })
    }
}

fn user_and_reply() -> Vec<RewrittenPart> {
    vec![RewrittenPart::User, RewrittenPart::Reply]
}

#[cfg(test)]
mod tests;
