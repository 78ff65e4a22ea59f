//! The parameters of a request, as a rule sets them: their names and ranges are OpenAI's.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::{ELSEWHERE, SetFields, why_elsewhere};
use crate::chat::fields;
use crate::files::Faults;
use crate::lang::template::Template;

/// The most texts at which a model stops.
const MOST_STOPS: usize = 4;

/// What a parameter is set to.
#[derive(Debug)]
pub(super) enum SetValue {
    /// JSON, as it goes upstream.
    Json(String),
    /// A text.
    Text(Template),
}

/// The parameters that a rule sets, while they are read.
pub(super) struct Parameters<'f> {
    values: Vec<(Cow<'static, str>, SetValue)>,
    faults: &'f mut Faults,
}

/// The names of the parameters that may be set or unset.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let is_elsewhere = |name: &&str| ELSEWHERE.iter().any(|(known, _)| known == name);
    let all = fields::KNOWN.iter().map(|(name, _)| *name);
    all.filter(move |name| !is_elsewhere(name))
}

impl Parameters<'_> {
    /// What a rule sets, in the order in which its fields are listed.
    pub(super) fn of(fields: SetFields, faults: &mut Faults) -> Vec<(Cow<'static, str>, SetValue)> {
        let mut all = Parameters {
            values: Vec::new(),
            faults,
        };
        all.text("model", fields.model);
        all.number("temperature", fields.temperature, 0.0..=2.0);
        all.count("max_tokens", fields.max_tokens);
        all.count("max_completion_tokens", fields.max_completion_tokens);
        all.number("top_p", fields.top_p, 0.0..=1.0);
        all.stop(fields.stop);
        all.number("presence_penalty", fields.presence_penalty, -2.0..=2.0);
        all.number("frequency_penalty", fields.frequency_penalty, -2.0..=2.0);
        all.bias(fields.logit_bias);
        all.json("seed", fields.seed);
        all.json("parallel_tool_calls", fields.parallel_tool_calls);
        all.choice(fields.tool_choice);
        all.json("response_format", fields.response_format);
        all.text("reasoning_effort", fields.reasoning_effort);
        all.text("verbosity", fields.verbosity);
        all.text("service_tier", fields.service_tier);
        all.text("prompt_cache_key", fields.prompt_cache_key);
        all.text("user", fields.user);
        all.json("stream_options", fields.stream_options);
        all.json("logprobs", fields.logprobs);
        if fields.top_logprobs.is_some_and(|count| count > 20) {
            all.faults
                .add(&["top_logprobs"], "`top_logprobs` is 20 at most");
        }
        all.json("top_logprobs", fields.top_logprobs);
        all.json("modalities", fields.modalities);
        all.more(fields.more);
        all.values
    }

    fn json<T: serde::Serialize>(&mut self, name: &'static str, value: Option<T>) {
        if let Some(json) = value.and_then(|value| serde_json::to_string(&value).ok()) {
            self.values.push((name.into(), SetValue::Json(json)));
        }
    }

    fn text(&mut self, name: &'static str, text: Option<String>) {
        let Some(text) = text else { return };
        if text.trim().is_empty() {
            let message = format!("`{name}` is empty; leave it out, or name it in `unset`");
            return self.faults.add(&[name], message);
        }
        match Template::parse(&text) {
            Ok(text) => self.values.push((name.into(), SetValue::Text(text))),
            Err(error) => self
                .faults
                .add_within(name, error.range, error.message, error.help),
        }
    }

    fn number(&mut self, name: &'static str, value: Option<f64>, range: RangeInclusive<f64>) {
        let Some(value) = value else { return };
        if !range.contains(&value) {
            let message = format!("`{name}` is from {} to {}", range.start(), range.end());
            return self.faults.add(&[name], message);
        }
        self.json(name, Some(plain(value)));
    }

    fn count(&mut self, name: &'static str, value: Option<u32>) {
        if value == Some(0) {
            return self.faults.add(
                &[name],
                format!("`{name}` is 1 at least: with 0 nothing is said"),
            );
        }
        self.json(name, value);
    }

    fn stop(&mut self, stop: Option<Value>) {
        let is_text = |text: &Value| text.as_str().is_some_and(|text| !text.is_empty());
        let wrong = match &stop {
            None => return,
            Some(Value::Array(texts)) if (1..=MOST_STOPS).contains(&texts.len()) => {
                let wrong = texts.iter().position(|text| !is_text(text));
                wrong.map(|at| format!("stop.{at}"))
            }
            Some(text) => (!is_text(text)).then(|| "stop".to_owned()),
        };
        match wrong {
            None => self.json("stop", stop),
            Some(field) => self
                .faults
                .add(&[&field], "`stop` is a text, or a list of up to four"),
        }
    }

    fn bias(&mut self, bias: Option<Map<String, Value>>) {
        let Some(bias) = bias else { return };
        let is_bias = |value: &Value| {
            value
                .as_f64()
                .is_some_and(|bias| (-100.0..=100.0).contains(&bias))
        };
        if let Some((token, _)) = bias.iter().find(|(_, value)| !is_bias(value)) {
            let message = "a bias of `logit_bias` is a number from -100 to 100";
            let field = format!("logit_bias.{token}");
            return self.faults.add(&[&field], message);
        }
        self.json("logit_bias", Some(bias));
    }

    fn choice(&mut self, choice: Option<Value>) {
        let is_right = match &choice {
            None => return,
            Some(Value::String(word)) => ["auto", "none", "required"].contains(&word.as_str()),
            Some(choice) => choice.is_object(),
        };
        if !is_right {
            let message = "`tool_choice` is `\"auto\"`, `\"none\"`, `\"required\"`, or a table";
            let help = "of one tool: `{ type = \"function\", function = { name = \"book\" } }`";
            return self
                .faults
                .add_within("tool_choice", None, message, Some(help.to_owned()));
        }
        let of_function = choice
            .as_ref()
            .filter(|choice| choice["type"] == "function");
        if of_function.is_some_and(|choice| !choice["function"]["name"].is_string()) {
            return self
                .faults
                .add(&["tool_choice"], "`tool_choice` names no tool");
        }
        self.json("tool_choice", choice);
    }

    /// Fields that are none of OpenAI's.
    fn more(&mut self, more: Map<String, Value>) {
        for (name, value) in more {
            let help = if let Some(why) = why_elsewhere(&name) {
                Some(why)
            } else if fields::kind_of(&name).is_some() {
                Some("write it beside `more`".to_owned())
            } else {
                None
            };
            if help.is_some() {
                let message = format!("`{name}` is none of the other fields");
                self.faults
                    .add_within(&format!("more.{name}"), None, message, help);
                continue;
            }
            let json = SetValue::Json(value.to_string());
            self.values.push((name.into(), json));
        }
    }
}

/// A number without the `.0` of a whole one, which a few servers refuse.
fn plain(value: f64) -> Value {
    match value.fract() == 0.0 {
        // It is between -100 and 100.
        true => (value as i64).into(),
        false => value.into(),
    }
}
