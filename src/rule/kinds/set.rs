//! `set`: sets parameters of the request, takes some out, and says which upstream is asked.
//!
//! A field of the rule is the parameter of that name, as OpenAI has it; what the request says of it is
//! replaced. `model` and the other texts are templates. `unset` names fields that go. `upstream` names an
//! upstream of the config, which is asked first, before those of the route; or a route, whose
//! upstreams are asked in place of them. Everything else (path, rules, apology, deadlines) stays that of
//! the turn's own route, but for the deadlines and upstreams of a route that is named.
//!
//! What a model does not take is the upstream's matter: its preset renames it or leaves it out.

mod parameter;

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Kind;
use crate::chat::{ChatRequest, json};
use crate::files::Faults;
use crate::files::problem::nearest;
use crate::lang::template::Template;
use crate::rule::{About, Change, Rule, RuleError, SpokenNames, Turn};
use parameter::{Parameters, SetValue, names};

/// The kind's entry in the list.
pub const KIND: Kind = Kind::new::<SetFields, SetRule>("set", include_str!("set.rs"), EXAMPLE);

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
    let (_, why) = all.find(|(known, _)| *known == name)?;
    Some((*why).to_owned())
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
    // Read to say where each is done; editors are not offered them.
    #[schemars(skip)]
    messages: Option<IgnoredAny>,
    #[schemars(skip)]
    tools: Option<IgnoredAny>,
    #[schemars(skip)]
    functions: Option<IgnoredAny>,
    #[schemars(skip)]
    stream: Option<IgnoredAny>,
    #[schemars(skip)]
    n: Option<IgnoredAny>,
    #[schemars(skip)]
    function_call: Option<IgnoredAny>,
}

impl TryFrom<SetFields> for SetRule {
    type Error = Faults;

    fn try_from(fields: SetFields) -> Result<SetRule, Faults> {
        let mut faults = Faults::default();
        let elsewhere = [
            ("messages", fields.messages),
            ("tools", fields.tools),
            ("functions", fields.functions),
            ("stream", fields.stream),
            ("n", fields.n),
            ("function_call", fields.function_call),
        ];
        for (name, _) in elsewhere.iter().filter(|(_, value)| value.is_some()) {
            faults.add_within(
                name,
                None,
                format!("`{name}` can't be set"),
                why_elsewhere(name),
            );
        }
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
    for name in unset {
        if let Some(why) = why_elsewhere(name) {
            let message = format!("`{name}` can't be taken out");
            faults.add_within("unset", None, message, Some(why));
        } else if values.iter().any(|(set, _)| set == name) {
            let message = format!("`{name}` is set and unset; keep one");
            faults.add(&["unset", name], message);
        } else if !names().any(|known| known == name)
            && let Some(near) = nearest(name, names())
        {
            let message = format!("`{name}` is no parameter");
            let help = format!("did you mean `{near}`?");
            faults.add_within("unset", None, message, Some(help));
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
        let sends = self.values.iter().filter_map(|(name, value)| match value {
            SetValue::Text(text) => Some((name.to_string(), text.clone())),
            SetValue::Json(_) => None,
        });
        let sends: Vec<(String, Template)> = sends.collect();
        About {
            names: SpokenNames::of_texts(sends.iter().map(|(_, text)| text)),
            sends,
            upstream: self.upstream.clone(),
            is_blind: true,
            ..About::default()
        }
    }
}

impl SetRule {
    fn sets(&self, name: &str) -> bool {
        self.values.iter().any(|(set, _)| *set == name)
    }
}

#[cfg(test)]
mod tests;
