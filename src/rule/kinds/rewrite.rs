//! `rewrite`: replaces text by a regular expression, in chosen roles and in the reply.
//!
//! `find` is a regular expression, `replace` what stands there instead (`$1` or `${name}` for a
//! group, `$$` for a dollar). `in` names roles, or `reply` for what the model says; in a reply
//! the expression needs a longest match, so that no more text is held back than a match needs.

use std::sync::Arc;

use regex::Captures;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use crate::chat::{ChatRequest, Field, Role};
use crate::files::Faults;
use crate::lang::pattern::Pattern;
use crate::rule::strings::Strings;
use crate::rule::{About, Change, HeldFor, Lane, Rule, RuleError, TextFilter, Turn};
use crate::stream::{Segment, StreamPattern, Undecided};

/// The kind's entry in the list.
pub const KIND: Kind = Kind {
    own_dollars: &["find", "replace"],
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
    find: Pattern,
    replace: Arc<str>,
    roles: Vec<Role>,
    /// The pattern for replies; none where replies stay as they are.
    reply: Option<Arc<StreamPattern>>,
}

/// Replaces text by a regular expression, in chosen roles and in the reply.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RewriteFields {
    /// A regular expression. For replies it needs a longest match: `{0,40}` instead of `*`.
    find: Pattern,
    /// What stands in its place; `$1` or `${name}` is a group, `$$` a dollar sign.
    replace: String,
    /// Where. Default: `["user", "reply"]`.
    #[serde(default = "user_and_reply", rename = "in")]
    places: Vec<RewrittenPart>,
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
        let regex = fields.find.regex();
        if let Some(group) = unknown_group(&fields.replace, regex) {
            let message = format!(
                "`replace` speaks of the group `{group}`, which `find` has not; write `$$` for a dollar sign"
            );
            faults.add(&["replace", "find"], message);
        }
        let has_reply = fields.places.contains(&RewrittenPart::Reply);
        let reply = has_reply.then(|| StreamPattern::new(regex));
        if let Some(Err(error)) = &reply {
            let message = format!("`find` can't be used on replies: {error}");
            faults.add(&["find", "in"], message);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(RewriteRule {
            reply: reply.and_then(Result::ok).map(Arc::new),
            roles: fields
                .places
                .iter()
                .filter_map(|place| place.role())
                .collect(),
            replace: fields.replace.into(),
            find: fields.find,
        })
    }
}

impl Rule for RewriteRule {
    fn on_request(&self, request: &mut ChatRequest, _turn: &mut Turn) -> Result<Change, RuleError> {
        let regex = self.find.regex();
        let is_changed = request.edit_messages(|_, message| {
            self.roles.contains(&message.role())
                && message.edit_texts(&mut |field, key, text| {
                    let is_said = field == Field::Content && matches!(key, None | Some("text"));
                    if !is_said || !regex.is_match(text) {
                        return None;
                    }
                    let new = regex.replace_all(text, &*self.replace);
                    (new != text).then(|| new.into_owned())
                })
        });
        Ok(is_changed.into())
    }

    fn on_reply(&self, _turn: &Turn, lane: &Lane) -> Option<Box<dyn TextFilter>> {
        let pattern = self.reply.clone().filter(|_| lane.kind.is_heard())?;
        let replace = self.replace.clone();
        let make = move || -> Box<dyn TextFilter> {
            Box::new(RewriteFilter {
                pattern: pattern.clone(),
                replace: replace.clone(),
                held: Undecided::default(),
            })
        };
        Some(match lane.is_json {
            true => Box::new(Strings::new(make)),
            false => make(),
        })
    }

    fn about(&self) -> About {
        let find = || "find".to_owned();
        let reply = self.reply.iter();
        About {
            patterns: vec![(find(), self.find.regex().as_str().to_owned())],
            holds: reply
                .map(|pattern| (find(), HeldFor::Bytes(pattern.longest())))
                .collect(),
            idle: (self.roles.is_empty() && self.reply.is_none()).then_some("in"),
            ..About::default()
        }
    }
}

#[derive(Debug)]
struct RewriteFilter {
    pattern: Arc<StreamPattern>,
    replace: Arc<str>,
    held: Undecided,
}

impl TextFilter for RewriteFilter {
    fn push(&mut self, piece: &str, out: &mut String) {
        let replace = &self.replace;
        self.pattern.advance(&mut self.held, piece, &mut |segment| {
            write(segment, replace, out)
        });
    }

    fn finish(&mut self, out: &mut String) {
        let replace = &self.replace;
        self.pattern
            .finish(&mut self.held, &mut |segment| write(segment, replace, out));
    }

    fn held(&self) -> usize {
        self.held.held()
    }
}

fn write(segment: Segment<'_>, replace: &str, out: &mut String) {
    match segment {
        Segment::Text(text) => out.push_str(text),
        Segment::Match(found) => Captures::expand(&found, replace, out),
    }
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

/// The first group that `replace` names and the expression has not.
fn unknown_group(replace: &str, regex: &regex::Regex) -> Option<String> {
    let mut rest = replace;
    while let Some(at) = rest.find('$') {
        rest = &rest[at + 1..];
        if let Some(escaped) = rest.strip_prefix('$') {
            rest = escaped;
            continue;
        }
        let name = match rest.strip_prefix('{') {
            Some(braced) => braced.split('}').next().unwrap_or_default(),
            None => {
                &rest[..rest
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(rest.len())]
            }
        };
        let is_known = match name.parse::<usize>() {
            Ok(number) => number < regex.captures_len(),
            Err(_) => name.is_empty() || regex.capture_names().flatten().any(|known| known == name),
        };
        if !is_known {
            return Some(name.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<RewriteRule, String> {
        toml::from_str(toml).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn only_the_chosen_roles_are_rewritten() {
        let rule = read("find = 'a'\nreplace = 'b'\nin = ['user']").expect("a rule");
        let body = r#"{"messages":[{"role":"system","content":"a"},{"role":"user","content":[{"type":"text","text":"aa"}],"name":"a"}]}"#;
        let mut request = ChatRequest::parse(body.into()).expect("a request");
        rule.on_request(&mut request, &mut Turn::default())
            .expect("it works");
        let texts: Vec<String> = request
            .messages()
            .iter()
            .map(|message| message.text().into_owned())
            .collect();
        assert_eq!(texts, ["a", "bb"]);
        assert_eq!(
            request.messages()[1].field("name").map(|name| &**name),
            Some(r#""a""#)
        );
        assert!(rule.reply.is_none());
    }

    #[test]
    fn what_cannot_work_is_refused_with_a_reason() {
        for (toml, reason) in [
            ("find = 'a+'\nreplace = ''", "no longest match"),
            (
                "find = 'a*'\nreplace = ''\nin = ['user']",
                "matches empty text",
            ),
            ("find = 'a'\nreplace = '$1'", "the group `1`"),
            ("find = 'a'\nreplace = '${x}'", "the group `x`"),
        ] {
            let error = read(toml).expect_err(toml);
            assert!(error.contains(reason), "{toml}: {error}");
        }
        assert!(read("find = '(a)'\nreplace = '$1 costs $$5'").is_ok());
    }
}
