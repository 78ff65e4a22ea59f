//! `set`: sets parameters of the request, takes some out, and says which upstream is asked.
//!
//! A field of the rule is the parameter of that name, as OpenAI has it; what the request says of it is
//! replaced. `model` and the other texts are templates. `unset` names fields that go. `upstream` names an
//! upstream of the config, which is asked first, before those of the route; or a route, whose
//! upstreams are asked in place of them. Everything else (path, rules, apology, deadlines) stays that of
//! the turn's own route, but for the deadlines and upstreams of a route that is named.
//!
//! What a model does not take is the upstream's matter: its preset renames it or leaves it out. A field
//! that is none of OpenAI's stands in `more`, as in `more = { top_k = 40 }`, and goes to the upstreams
//! alone whose `fields` name it. What a rule sets and an upstream does not get is told in the turn's
//! steps, and by `aside check` where no upstream of the config gets it. A `[[test]]` has no upstream: its
//! `upstream_gets` is what the rules left.

mod parameter;

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use crate::chat::{ChatRequest, fields, json};
use crate::files::problem::nearest;
use crate::files::{Document, Faults, Problem};
use crate::rule::{
    About, Change, Doubted, EarlyText, RequestField, Rule, RuleError, SpokenNames, Turn,
    WrittenText,
};
use parameter::{Parameters, SetValue, names};

/// The kind's entry in the list.
pub const KIND: Kind = Kind::read_with::<SetFields>("set", include_str!("set.rs"), EXAMPLE, read);

/// A rule file that shows the kind.
const EXAMPLE: &str = r#"about = "Callers from Germany get the model that speaks German best, and short answers."
when = 'customer.number.startsWith("+49")'

[then.set]
model = "gpt-4.1"
temperature = 0.3
max_tokens = 120
unset = ["top_p"]

[[test]]
name = "a German number gets the other model"
given = { customer = { number = "+4930901820" } }
fields = { model = "gpt-4o-mini", temperature = 0.7, top_p = 0.9 }
caller = "Guten Tag."
upstream_gets = { model = "gpt-4.1", temperature = 0.3, max_tokens = 120 }
upstream_lacks = ["top_p"]

[[test]]
name = "others keep what the assistant says"
given = { customer = { number = "+14155550123" } }
fields = { model = "gpt-4o-mini" }
caller = "Hello."
upstream_gets = { model = "gpt-4o-mini" }
"#;

/// What is done by another kind, or is none of a rule's business.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "messages",
        "messages are edited by `inject`, `rewrite` and `trim`",
    ),
    ("tools", "tools are edited by a rule of the kind `tools`"),
    (
        "functions",
        "tools are edited by a rule of the kind `tools`",
    ),
    (
        "stream",
        "the client says whether it wants a stream, and gets what it wants",
    ),
    ("model", "every request names a model; `model` sets another"),
    ("n", "a caller hears one answer"),
    (
        "function_call",
        "`tool_choice` says it, and goes under the older name where that is known",
    ),
];

/// Why a field is none of a rule's to set.
fn why_elsewhere(name: &str) -> Option<String> {
    let mut all = ELSEWHERE.iter();
    let why = all.find(|(known, _)| *known == name).map(|(_, why)| *why);
    let of_vapi = fields::VAPI.contains(&name);
    let why = why.or(of_vapi.then_some("that is Vapi's own, and never goes upstream"));
    why.map(str::to_owned)
}

/// Fields of some servers whose names are near to those of OpenAI's, and mean something else.
const OF_OTHERS: &[&str] = &["min_tokens", "top_a", "top_k"];

/// Reads the table. What can't be set is told as such, and not among what is known here.
fn read(document: Document<'_>) -> (Option<Box<dyn Rule>>, Vec<Problem>) {
    let (rule, mut problems) = document.read_by::<SetFields, SetRule>();
    for problem in &mut problems {
        let unknown = problem.message.strip_prefix("unknown field `");
        let Some(name) = unknown.and_then(|rest| rest.strip_suffix('`')) else {
            continue;
        };
        let help = problem.help.as_deref().unwrap_or_default();
        if let Some(why) = why_elsewhere(name) {
            problem.message = format!("`{name}` can't be set");
            problem.help = Some(why);
        } else if help.starts_with("known here") {
            let more = format!("for upstreams that take another: `more = {{ {name} = … }}`");
            problem.help = Some(format!("{help}; {more}"));
        }
    }
    (rule.map(|rule| Box::new(rule) as Box<dyn Rule>), problems)
}

/// Two names of one limit.
const LIMITS: &[(&str, &str)] = &[
    ("max_tokens", "max_completion_tokens"),
    ("max_completion_tokens", "max_tokens"),
];

/// The rule.
#[derive(Debug)]
pub struct SetRule {
    values: Vec<(Cow<'static, str>, SetValue)>,
    unset: Vec<String>,
    upstream: Option<String>,
}

/// Sets parameters of the request, takes some out, and says which upstream is asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SetFields {
    /// The model; a Jinja template.
    model: Option<String>,
    /// How freely the model chooses its words, from 0 to 2.
    temperature: Option<f64>,
    /// The most tokens of the reply.
    max_tokens: Option<u32>,
    /// The same, as newer models name it.
    max_completion_tokens: Option<u32>,
    /// How much of the likeliest words is chosen from, from 0 to 1.
    top_p: Option<f64>,
    /// Texts at which the model stops: one, or up to four.
    stop: Option<serde_json::Value>,
    /// From -2 to 2.
    presence_penalty: Option<f64>,
    /// From -2 to 2.
    frequency_penalty: Option<f64>,
    /// How likely tokens are, by their ids, from -100 to 100.
    logit_bias: Option<serde_json::Map<String, serde_json::Value>>,
    /// The same seed gives much the same answers.
    seed: Option<i64>,
    /// Whether the model may call several tools at once.
    parallel_tool_calls: Option<bool>,
    /// `"auto"`, `"none"`, `"required"`, or a tool, as OpenAI has it.
    tool_choice: Option<serde_json::Value>,
    /// The form of the answer, as OpenAI has it.
    response_format: Option<serde_json::Map<String, serde_json::Value>>,
    /// How long the model thinks: `"none"`, `"low"`, `"medium"`, `"high"`, or what else it knows.
    reasoning_effort: Option<String>,
    /// How much the model says: `"low"`, `"medium"` or `"high"`.
    verbosity: Option<String>,
    /// The provider's class of service.
    service_tier: Option<String>,
    /// What requests share that are alike, for the provider's prompt cache; a Jinja template.
    prompt_cache_key: Option<String>,
    /// Who calls, for the provider; a Jinja template.
    user: Option<String>,
    /// What is told in the stream beside the reply, as `{ include_usage = true }`.
    stream_options: Option<serde_json::Map<String, serde_json::Value>>,
    /// Whether the likelihood of each token is told.
    logprobs: Option<bool>,
    /// Of how many others it is told, up to 20.
    top_logprobs: Option<u32>,
    /// What the model answers in, as `["text"]`.
    modalities: Option<Vec<String>>,
    /// Other fields, for upstreams whose `fields` let them through.
    #[serde(default)]
    more: serde_json::Map<String, serde_json::Value>,
    /// The names of fields that go.
    #[serde(default)]
    unset: Vec<String>,
    /// The upstream that is asked first, or the route whose upstreams are asked.
    upstream: Option<String>,
}

impl TryFrom<SetFields> for SetRule {
    type Error = Faults;

    fn try_from(fields: SetFields) -> Result<SetRule, Faults> {
        let mut faults = Faults::default();
        let (unset, upstream) = (fields.unset.clone(), fields.upstream.clone());
        let values = Parameters::of(fields, &mut faults);
        if faults.is_empty() && values.is_empty() && unset.is_empty() && upstream.is_none() {
            let message = "a set rule sets nothing: give it a parameter, `unset` or `upstream`";
            faults.add(&[], message);
        }
        unset_faults(&unset, &values, &mut faults);
        if upstream
            .as_deref()
            .is_some_and(|name| name.trim().is_empty())
        {
            faults.add(
                &["upstream"],
                "`upstream` is empty: name an upstream or a route of the config",
            );
        }
        match faults.is_empty() {
            true => Ok(SetRule {
                values,
                unset,
                upstream,
            }),
            false => Err(faults),
        }
    }
}

/// Tells what can't be taken out, or need not.
fn unset_faults(unset: &[String], values: &[(Cow<'static, str>, SetValue)], faults: &mut Faults) {
    for (at, name) in unset.iter().enumerate() {
        let field = format!("unset.{at}");
        if let Some(why) = why_elsewhere(name) {
            let message = format!("`{name}` can't be taken out");
            faults.add_within(&field, None, message, Some(why));
        } else if values.iter().any(|(set, _)| set == name) {
            let message = format!("`{name}` is set and unset; keep one");
            faults.add(&[&field], message);
        }
    }
}

impl Rule for SetRule {
    fn on_request(&self, request: &mut ChatRequest, turn: &mut Turn) -> Result<Change, RuleError> {
        let mut new = Vec::with_capacity(self.values.len());
        for (name, value) in &self.values {
            let json = match value {
                SetValue::Json(json) => json.clone(),
                SetValue::Text(text) => {
                    let text = text.render(&turn.facts);
                    let text = text.map_err(|error| RuleError(error.to_string()))?;
                    // An empty model is refused by everybody.
                    if text.trim().is_empty() {
                        continue;
                    }
                    json::encode(&text)
                }
            };
            new.push((&**name, json));
        }
        let mut is_changed = false;
        for (name, json) in new {
            if request.field(name).is_none_or(|old| **old != *json) {
                request.set_field(name, &json);
                is_changed = true;
            }
            // Both at once are refused; what the rule says counts.
            let mut limits = LIMITS.iter();
            let other = limits.find(|(one, _)| *one == name);
            if let Some((_, other)) = other.filter(|(_, other)| !self.sets(other))
                && request.field(other).is_some()
            {
                request.remove_field(other);
                is_changed = true;
            }
        }
        for name in &self.unset {
            if request.field(name).is_some() {
                request.remove_field(name);
                is_changed = true;
            }
        }
        if let Some(upstream) = &self.upstream {
            is_changed |= turn.upstream.as_ref() != Some(upstream);
            turn.upstream = Some(upstream.clone());
            turn.remark = Some(format!("`{upstream}` is asked"));
        }
        Ok(is_changed.into())
    }

    fn about(&self) -> About {
        let early = |name: &str, does| EarlyText {
            field: name.to_owned(),
            does,
            help: "let it be the same in all turns of a call",
            is_of_its_turn: false,
        };
        let sends = self.values.iter().filter_map(|(name, value)| match value {
            SetValue::Text(text) => Some(WrittenText {
                text: text.clone(),
                field: name.to_string(),
                early: CACHED_BY
                    .contains(&&**name)
                    .then(|| early(name, "the provider finds the prompt by that")),
            }),
            SetValue::Json(_) => None,
        });
        let sends: Vec<WrittenText> = sends.collect();
        let mut leading = LEADING.iter().filter(|(name, _)| self.sets(name));
        About {
            names: SpokenNames::of_texts(sends.iter().map(|it| &it.text)),
            sends,
            reshapes: leading.next().map(|(name, does)| early(name, does)),
            fields: self
                .values
                .iter()
                .map(|(name, _)| set_field(name))
                .collect(),
            upstream: self.upstream.clone(),
            doubts: self.doubts(),
            is_blind: true,
            ..About::default()
        }
    }
}

/// The texts by which a provider finds a prompt that it keeps.
const CACHED_BY: &[&str] = &["model", "prompt_cache_key"];
/// What makes another prompt where it is set in some turns alone, and what is said of it. Another
/// model has a cache of its own, and is meant.
const LEADING: &[(&str, &str)] = &[
    (
        "prompt_cache_key",
        "the key by which the provider finds the prompt is set,",
    ),
    (
        "response_format",
        "the form of the answer stands before all that is said,",
    ),
];

/// Where a rule says what a field of the request is.
fn set_field(name: &str) -> RequestField {
    RequestField {
        name: name.to_owned(),
        field: match fields::kind_of(name) {
            Some(_) => name.to_owned(),
            None => format!("more.{name}"),
        },
    }
}

impl SetRule {
    /// Names that are nearly those of parameters, and may be meant for them.
    fn doubts(&self) -> Vec<Doubted> {
        let more = self.values.iter().map(|(name, _)| set_field(name));
        let unset = self
            .unset
            .iter()
            .enumerate()
            .map(|(at, name)| RequestField {
                name: name.clone(),
                field: format!("unset.{at}"),
            });
        let unknown = more.chain(unset).filter(|it| {
            fields::kind_of(&it.name).is_none() && !OF_OTHERS.contains(&it.name.as_str())
        });
        let doubt = |RequestField { name, field }: RequestField| {
            let near = nearest(&name, names())?;
            let message = format!("`{name}` is no parameter of OpenAI's; did you mean `{near}`?");
            let help =
                "write it so, or leave it as it is where the upstream has a field of this name";
            Some(Doubted::new(&field, message, help))
        };
        unknown.filter_map(doubt).collect()
    }

    fn sets(&self, name: &str) -> bool {
        self.values.iter().any(|(set, _)| *set == name)
    }
}

#[cfg(test)]
mod tests;
