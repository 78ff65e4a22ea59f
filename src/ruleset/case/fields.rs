//! The fields of `[[test]]`, and what is wrong with them whatever the rules.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use toml::Spanned;

use super::given;
use super::plain::plain;
use super::tool_call::ToolCall;
use crate::chat::ChatRequest;
use crate::chat::request::RequestError;
use crate::files::Faults;
use crate::lang::facts::ROOTS;

/// One test, as it is written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::ruleset) struct CaseFields {
    /// What the test shows, in a sentence.
    pub(in crate::ruleset) name: String,
    /// Only in `tests/`: the file with a request as Vapi posted it, beside the test file.
    #[schemars(with = "Option<String>")]
    pub(in crate::ruleset) request: Option<Spanned<String>>,
    /// What is known: `call`, `customer`, `context`, `fetch`, `now` and the other names of conditions.
    #[serde(default, deserialize_with = "plain_given")]
    #[schemars(schema_with = "given")]
    pub(in crate::ruleset) given: BTreeMap<GivenRoot, Value>,
    /// The whole history, where more than one message matters.
    #[serde(default, deserialize_with = "plain")]
    pub(in crate::ruleset) messages: Option<Vec<Value>>,
    /// Fields of the request beside `messages`, as in `{ temperature = 0.5, tools = [] }`.
    #[serde(default, deserialize_with = "plain")]
    pub(in crate::ruleset) fields: Option<BTreeMap<String, Value>>,
    /// What the caller says; added to `messages` as the newest.
    pub(in crate::ruleset) caller: Option<String>,
    /// What the model gets of what the caller said.
    pub(in crate::ruleset) model_gets: Option<String>,
    /// Fields of the request as the rules left it, compared as JSON. A test has no upstream: which
    /// fields one takes `aside check` says, and `aside explain FILE --upstream NAME` shows.
    #[serde(default, deserialize_with = "plain")]
    pub(in crate::ruleset) upstream_gets: Option<BTreeMap<String, Value>>,
    /// The names of fields that the request lacks behind the rules.
    pub(in crate::ruleset) upstream_lacks: Option<Vec<String>>,
    /// The upstream that a rule says is asked, or the route whose upstreams are.
    pub(in crate::ruleset) upstream_asked: Option<String>,
    /// What the model answers: run whole, not streamed, cut in two at every place, letter by letter.
    pub(in crate::ruleset) model_says: Option<String>,
    /// Whether the model is asked: `false` where a rule answers in its place. Then `caller_hears` and
    /// `tool_gets` are what that rule answers. Default: the model is asked.
    pub(in crate::ruleset) model_asked: Option<bool>,
    /// What the caller hears. Default: what the model says.
    pub(in crate::ruleset) caller_hears: Option<String>,
    /// The tools that the model calls, in order: `{ name = "book", arguments = { card = "[CARD_1]" } }`;
    /// `arguments` is a table, or the text that the model writes. Cut as `model_says` is.
    pub(in crate::ruleset) model_calls: Option<Vec<ToolCall>>,
    /// The calls as they must arrive, compared as JSON. Default: what the model calls.
    pub(in crate::ruleset) tool_gets: Option<Vec<ToolCall>>,
    /// Whether a rule must fail, or have a condition that can't be decided. Default: false, and the
    /// test fails where that happens.
    #[serde(default)]
    pub(in crate::ruleset) fails: bool,
}

/// A name of conditions, by its place among them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(in crate::ruleset) struct GivenRoot(pub(in crate::ruleset) usize);

impl CaseFields {
    /// The request of the test; `recorded`: the one that `request` names.
    pub(in crate::ruleset) fn request(
        &self,
        recorded: Option<&Value>,
    ) -> Result<ChatRequest, RequestError> {
        let mut body = recorded.cloned().unwrap_or_else(|| json!({}));
        if let Some(messages) = &self.messages {
            body["messages"] = messages.clone().into();
        }
        for (name, value) in self.fields.iter().flatten() {
            body[name] = value.clone();
        }
        if body.get("messages").is_none() {
            body["messages"] = json!([]);
        }
        if let Some(messages) = body["messages"].as_array_mut() {
            let caller = self.caller.as_deref();
            let is_needed = messages.is_empty().then_some("");
            messages.extend(
                caller
                    .or(is_needed)
                    .map(|text| json!({"role": "user", "content": text})),
            );
        }
        ChatRequest::parse(body.to_string().into())
    }

    /// What is wrong with them together, each at the field that says it.
    pub(in crate::ruleset) fn judge(&self) -> Faults {
        let mut faults = Faults::default();
        let name = &self.name;
        if name.trim().is_empty() {
            faults.add(&["name"], "a test has a `name` that says what it shows");
        }
        let mut told = |fields: &[&str], what: &str| {
            faults.add(fields, format!("the test `{name}` {what}"));
        };
        let says = self.model_says.is_some() || self.model_calls.is_some();
        self.judge_reply(says, &mut told);
        self.judge_request_fields(&mut told);
        let checks = says
            || self.fails
            || self.model_gets.is_some()
            || self.upstream_gets.is_some()
            || self.upstream_lacks.is_some()
            || self.upstream_asked.is_some()
            || self.model_asked.is_some()
            || self.caller_hears.is_some()
            || self.tool_gets.is_some();
        if !checks {
            told(
                &[],
                "checks nothing: add `model_gets`, `model_says` with `caller_hears`, `model_calls` with `tool_gets`, `upstream_gets`, or `model_asked`",
            );
        }
        if self.request.is_some() && self.messages.is_some() {
            let what = "has a recorded `request` and `messages` of its own; keep one";
            told(&["messages", "request"], what);
        }
        if self.request.is_none() {
            match self.request(None) {
                Err(error) => {
                    let what = format!("has `messages` that are none: {error}");
                    told(&["messages"], &what);
                }
                Ok(request) => {
                    let says_something = self.caller.is_some() || self.messages.is_some();
                    let is_answered = request.newest_user().is_some() && says_something;
                    if self.model_gets.is_some() && !is_answered {
                        let what =
                            "says what the model gets, and not what the caller says: add `caller`";
                        told(&["model_gets", "caller", "messages"], what);
                    }
                }
            }
        }
        for (GivenRoot(at), value) in &self.given {
            given::judge(ROOTS[*at], value, &mut faults);
        }
        faults
    }
}

impl CaseFields {
    /// What of the request's fields is none.
    fn judge_request_fields(&self, told: &mut dyn FnMut(&[&str], &str)) {
        let mut names = self.fields.iter().flatten();
        if names.any(|(name, _)| name == "messages") {
            let what = "has `messages` among its `fields`; give them beside";
            told(&["fields"], what);
        }
    }

    /// What of the reply does not go together; `says`: the test has what the model answers.
    fn judge_reply(&self, says: bool, told: &mut dyn FnMut(&[&str], &str)) {
        let is_answered = self.model_asked == Some(false);
        if self.caller_hears.is_some() && !says && !is_answered {
            let what = "says what the caller hears, and not what the model says: add `model_says`, or \
                        `model_asked = false` where a rule answers";
            told(&["caller_hears", "model_says"], what);
        }
        if self.tool_gets.is_some() && self.model_calls.is_none() && !is_answered {
            let what = "says what a tool gets, and not what the model calls: add `model_calls`, or \
                        `model_asked = false` where a rule answers";
            told(&["tool_gets", "model_calls"], what);
        }
        let of_model = [
            ("model_gets", self.model_gets.is_some()),
            ("upstream_gets", self.upstream_gets.is_some()),
            ("upstream_lacks", self.upstream_lacks.is_some()),
            ("upstream_asked", self.upstream_asked.is_some()),
            ("model_says", self.model_says.is_some()),
            ("model_calls", self.model_calls.is_some()),
        ];
        let given = of_model.iter().find(|(_, is_given)| *is_given);
        if let (true, Some((field, _))) = (is_answered, given) {
            let what = format!("has `{field}`, and says that no model is asked; keep one");
            told(&[field, "model_asked"], &what);
        }
    }
}

/// Each name of conditions, with whatever value.
fn given(_: &mut SchemaGenerator) -> Schema {
    let names = ROOTS
        .iter()
        .map(|root| ((*root).to_owned(), Value::Bool(true)));
    let names: serde_json::Map<String, Value> = names.collect();
    json_schema!({ "type": "object", "properties": names, "additionalProperties": false })
}

/// A name is none of those of conditions.
#[derive(Debug, thiserror::Error)]
#[error("unknown name `{0}`, expected one of `{names}`", names = ROOTS.join("`, `"))]
pub(in crate::ruleset) struct UnknownRoot(String);

impl TryFrom<String> for GivenRoot {
    type Error = UnknownRoot;
    fn try_from(name: String) -> Result<GivenRoot, UnknownRoot> {
        let found = ROOTS.iter().position(|root| *root == name);
        found.map(GivenRoot).ok_or(UnknownRoot(name))
    }
}

fn plain_given<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<GivenRoot, Value>, D::Error> {
    let given = plain(deserializer)?;
    Ok(given.unwrap_or_default())
}
