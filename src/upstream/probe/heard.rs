//! What an answer says, read to its end: words, calls of tools, and how it ends.

use serde_json::Value;

use super::super::error::UpstreamError;
use super::super::reading::UpstreamAnswer;
use super::super::shape::SystemPlace;
use super::turns::{ASKED_FOR, ProbeTurn, ProbeWish};
use crate::chat::reader::EventKind;

/// What was heard of one answer.
#[derive(Debug, Default)]
pub(super) struct ProbedAnswer {
    text: String,
    calls: Vec<String>,
    finish: Option<String>,
    has_usage: bool,
    is_streamed: bool,
    is_done: bool,
}

impl ProbedAnswer {
    /// Takes an answer to its end; an error where it breaks off.
    pub(super) async fn take(&mut self, answer: UpstreamAnswer) -> Result<(), UpstreamError> {
        match answer {
            UpstreamAnswer::Whole(text) => self.add_text(&text),
            UpstreamAnswer::Stream(mut events) => {
                self.is_streamed = true;
                while let Some(event) = events.next().await.transpose()? {
                    if event.kind == EventKind::Done {
                        self.is_done = true;
                        events.drain().await;
                        break;
                    }
                    self.add_text(&event.data);
                }
            }
        }
        Ok(())
    }

    fn add_text(&mut self, json: &str) {
        if let Ok(json) = serde_json::from_str::<Value>(json) {
            self.add(&json);
        }
    }

    fn add(&mut self, piece: &Value) {
        self.has_usage |= piece.get("usage").is_some_and(Value::is_object);
        let choices = piece.get("choices").and_then(Value::as_array);
        for choice in choices.into_iter().flatten() {
            if let Some(finish) = choice.get("finish_reason").and_then(Value::as_str) {
                self.finish = Some(finish.to_owned());
            }
            let delta = ["delta", "message"].iter().find_map(|key| choice.get(key));
            let Some(delta) = delta else { continue };
            match delta.get("content") {
                Some(Value::String(text)) => self.text.push_str(text),
                Some(Value::Array(parts)) => {
                    let texts = parts.iter().filter_map(|part| part.get("text")?.as_str());
                    self.text.extend(texts);
                }
                _ => {}
            }
            let calls = delta.get("tool_calls").and_then(Value::as_array);
            let names = calls
                .into_iter()
                .flatten()
                .map(|call| call.pointer("/function/name"));
            let names = names.chain([delta.pointer("/function_call/name")]);
            let names = names.flatten().filter_map(Value::as_str);
            self.calls
                .extend(names.filter(|name| !name.is_empty()).map(shown));
        }
    }

    /// What came, in a few words.
    pub(super) fn told(&self) -> String {
        let calls = self.calls.iter().map(|name| format!("called `{name}`"));
        let words = self.text.split_whitespace().count();
        let words = match words {
            0 => None,
            1 => Some("1 word".to_owned()),
            words => Some(format!("{words} words")),
        };
        words
            .into_iter()
            .chain(calls)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// What is not as the turn asked, though it was taken. `sent`: the fields that went; what was left
    /// out for this upstream it cannot have ignored. `system`: where system messages stand for it already.
    pub(super) fn doubts(
        &self,
        turn: &ProbeTurn,
        sent: &[String],
        system: SystemPlace,
    ) -> Vec<String> {
        let of_field = |field: &str, ignored: &str, left_out: &str| {
            told_of_field(sent, field, ignored, left_out)
        };
        let mut doubts = Vec::new();
        let mut doubt = |is_so: bool, text: &str| {
            if is_so {
                doubts.push(text.to_owned());
            }
        };
        let text = self.text.trim();
        let asked_for = || text.to_lowercase().contains(ASKED_FOR);
        match turn.wants {
            ProbeWish::Words | ProbeWish::Call if !self.calls.is_empty() => {}
            ProbeWish::Words => {}
            ProbeWish::TheWord => doubt(!asked_for(), late_message_undone(system)),
            ProbeWish::Call => doubt(
                true,
                &of_field(
                    "tools",
                    "it called no tool: the model, or its server's parser of tool calls, may know none",
                    "it could call no tool",
                ),
            ),
            ProbeWish::Json => doubt(
                serde_json::from_str::<Value>(text).is_err(),
                &of_field(
                    "response_format",
                    "its answer is no JSON: `response_format` was taken and not obeyed",
                    "its answer is no JSON",
                ),
            ),
            ProbeWish::Usage => {
                let none = "it gave no usage, so none is in the metrics";
                doubt(!self.has_usage, &of_field("stream_options", none, none));
            }
        }
        doubt(
            text.contains("<think>"),
            "it speaks its thoughts (`<think>`): a rule of the kind `speak` with `strip = [\"thinking\"]` \
             keeps them from the caller, and the server's own reasoning parser does it better",
        );
        doubt(
            self.is_streamed && self.finish.is_none() && !self.is_done && self.calls.is_empty(),
            "it ended with neither a finish reason nor `[DONE]`, as a stream does that broke: the caller \
             hears the apology behind it",
        );
        doubt(
            self.finish.as_deref() == Some("length"),
            "it used up its 250 tokens: what it says may end in mid-sentence",
        );
        doubts
    }
}

/// What is said where a late system message was not obeyed, by where it stood.
fn late_message_undone(system: SystemPlace) -> &'static str {
    match system {
        SystemPlace::Any => {
            "what a late system message asked for was not done: it may go unread where it stands; \
             try `shape = { system = \"first\" }` or `\"user\"`"
        }
        SystemPlace::First => {
            "what a late system message asked for was not done, though it stands in the user message \
             (`system = \"first\"`): try `shape = { system = \"user\" }`, or another model"
        }
        SystemPlace::User | SystemPlace::None => {
            "what a late system message asked for was not done, though it stands in a user message: \
             another model may obey it"
        }
    }
}

/// What is said of a field: that it was ignored, or that it was left out.
fn told_of_field(sent: &[String], field: &str, ignored: &str, left_out: &str) -> String {
    match sent.iter().any(|sent| sent == field) {
        true => ignored.to_owned(),
        false => format!("{left_out}: `{field}` was left out, for it is not taken here"),
    }
}

/// A name as it can be shown.
fn shown(name: &str) -> String {
    name.chars()
        .filter(|char| !char.is_control())
        .take(64)
        .collect()
}
