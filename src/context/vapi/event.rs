//! One server message of Vapi's, read: which call it speaks of, and what it tells.
//!
//! Only what is named here is taken, cut to a bound; credentials, secrets and control URLs that
//! Vapi echoes are never looked at. A field of a wrong type is as good as none.

use bytestring::ByteString;
use jiff::Timestamp;

use super::{CallState, ENDED, ToolResult, Utterance};
use crate::chat::json::{self, Entry, OpenError};

/// The longest id of a call, in bytes.
const LONGEST_ID: usize = 200;
/// The longest name of a tool, in bytes; those of OpenAI have 64.
const LONGEST_NAME: usize = 100;
/// The longest word of Vapi's own, such as a status or a reason, in bytes.
const LONGEST_WORD: usize = 120;
/// So much of what was said is kept, in bytes.
const LONGEST_SAID: usize = 2000;
/// So much of a tool's answer is kept, in bytes.
const LONGEST_RESULT: usize = 1000;
/// Times in milliseconds since 1970 that can be meant: from 2001 to 2286.
const TIMES: std::ops::Range<i64> = 1_000_000_000_000..10_000_000_000_000;

/// What is kept of events beside the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keeps {
    /// What was said last.
    pub transcript: bool,
    /// What the tools answered last.
    pub tools: bool,
}

/// One event.
#[derive(Debug, Clone)]
pub struct VapiEvent {
    kind: String,
    call: Option<String>,
    pub(super) news: CallState,
}

/// Why a body is no event. Never quotes a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// It is no JSON.
    #[error("the body is no JSON: {0}")]
    Syntax(String),
    /// It nests too deep.
    #[error("the body nests deeper than {} levels", json::DEEPEST)]
    TooDeep,
    /// There is no message in it.
    #[error(
        "the body is none of Vapi's server messages: they are `{{\"message\":{{\"type\":…}}}}`"
    )]
    NoMessage,
}

/// The fields of one object.
struct EventFields(Vec<Entry>);

impl VapiEvent {
    /// Reads one.
    pub fn read(body: &ByteString, keeps: Keeps) -> Result<VapiEvent, EventError> {
        if json::is_too_deep(body.as_bytes()) {
            return Err(EventError::TooDeep);
        }
        json::validate(body).map_err(|error| EventError::Syntax(error.to_string()))?;
        let envelope = EventFields::of(body)?;
        let message = envelope.get("message").ok_or(EventError::NoMessage)?;
        let message = EventFields::of(message)?;
        let kind = message.text("type").ok_or(EventError::NoMessage)?;
        let call = message.object("call");
        let id = |name: &str| call.as_ref()?.text(name);
        Ok(VapiEvent {
            call: id("id")
                .or_else(|| id("callId"))
                .and_then(|id| call_id(&id)),
            news: news(&kind, &message, keeps),
            kind: word(kind.to_string()).unwrap_or_default(),
        })
    }

    /// The id of its call; none: it names no call, or by an id that can't be one.
    pub fn call(&self) -> Option<&str> {
        self.call.as_deref()
    }

    /// Takes the call's id from elsewhere, where the event names no call itself.
    pub fn or_of_call(mut self, id: Option<&str>) -> VapiEvent {
        self.call = self.call.or_else(|| call_id(id?));
        self
    }

    /// Its type, for logs; empty where that is none of Vapi's words.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Whether Vapi acts on what it is answered.
    pub fn wants_answer(&self) -> bool {
        self.kind.ends_with("request") || matches!(&*self.kind, "tool-calls" | "function-call")
    }
}

impl EventFields {
    fn of(json: &ByteString) -> Result<EventFields, EventError> {
        match json::entries(json) {
            Ok(entries) => Ok(EventFields(entries)),
            Err(OpenError::Twice(_)) => {
                let why = "a key stands twice in one object".to_owned();
                Err(EventError::Syntax(why))
            }
            Err(OpenError::Syntax(_)) => Err(EventError::NoMessage),
        }
    }

    fn get(&self, name: &str) -> Option<&ByteString> {
        let mut entries = self.0.iter();
        entries.find(|(key, _)| key == name).map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> Option<ByteString> {
        json::decode_shared(self.get(name)?)
    }

    fn object(&self, name: &str) -> Option<EventFields> {
        EventFields::of(self.get(name)?).ok()
    }

    /// A time as Vapi writes it: milliseconds since 1970, or RFC 3339.
    fn time(&self, name: &str) -> Option<i64> {
        let value = self.get(name)?;
        let time = match json::decode(value) {
            Some(text) => text.parse::<Timestamp>().ok()?.as_millisecond(),
            // Some of them have a fraction.
            None => value.parse::<f64>().ok()? as i64,
        };
        TIMES.contains(&time).then_some(time)
    }
}

fn news(kind: &str, message: &EventFields, keeps: Keeps) -> CallState {
    let time = message.time("timestamp");
    let mut news = CallState::default();
    match kind {
        "status-update" => {
            news.status = message.text("status").and_then(|it| word(it.to_string()));
            news.status_time = time.filter(|_| news.status.is_some());
            match news.status.as_deref() {
                Some("in-progress") => news.started_at = time.and_then(written),
                Some(ENDED) => news.ended_at = time.and_then(written),
                _ => {}
            }
        }
        "end-of-call-report" => {
            news.status = Some(ENDED.to_owned());
            news.status_time = time;
            news.started_at = message.time("startedAt").and_then(written);
            news.ended_at = message.time("endedAt").or(time).and_then(written);
        }
        _ => {}
    }
    if news.is_ended() {
        let reason = message.text("endedReason");
        news.ended_reason = reason.and_then(|it| word(it.to_string()));
        return news;
    }
    let is_final = || message.text("transcriptType").as_deref() == Some("final");
    // Vapi's name of the event may hold the filter that it was asked for with.
    let is_transcript = kind.starts_with("transcript[") || (kind == "transcript" && is_final());
    if keeps.transcript && is_transcript {
        let said = utterance(message, "transcript", time);
        news = news.join(CallState::saying(said));
    }
    if keeps == Keeps::default() {
        return news;
    }
    for entry in history(message) {
        news = news.join(told_by(&entry, keeps));
    }
    news
}

/// The messages of the call so far, which many events bear.
fn history(message: &EventFields) -> Vec<EventFields> {
    let artifact = || message.object("artifact")?.get("messages").cloned();
    let messages = message.get("messages").cloned().or_else(artifact);
    let items = messages.and_then(|messages| json::items(&messages).ok());
    let items = items.unwrap_or_default();
    items
        .iter()
        .filter_map(|it| EventFields::of(it).ok())
        .collect()
}

fn told_by(entry: &EventFields, keeps: Keeps) -> CallState {
    let role = entry.text("role").unwrap_or_default();
    let time = entry.time("endTime").or_else(|| entry.time("time"));
    match &*role {
        "user" | "bot" | "assistant" if keeps.transcript => {
            CallState::saying(utterance(entry, "message", time))
        }
        "tool_call_result" if keeps.tools => {
            let mut news = CallState::default();
            news.tools.extend(tool_result(entry, time));
            news
        }
        _ => CallState::default(),
    }
}

impl CallState {
    fn saying(transcript: Option<Utterance>) -> CallState {
        CallState {
            transcript,
            ..CallState::default()
        }
    }
}

fn utterance(fields: &EventFields, text: &str, time: Option<i64>) -> Option<Utterance> {
    let role = match &*fields.text("role")? {
        "user" => "user",
        "assistant" | "bot" => "assistant",
        _ => return None,
    };
    let text = cut(&fields.text(text)?, LONGEST_SAID);
    (!text.trim().is_empty()).then(|| Utterance {
        time,
        role: role.to_owned(),
        text,
    })
}

fn tool_result(entry: &EventFields, time: Option<i64>) -> Option<(String, ToolResult)> {
    let name = entry.text("name")?;
    let is_name = !name.is_empty() && name.len() <= LONGEST_NAME;
    if !is_name || name.chars().any(char::is_control) {
        return None;
    }
    let result = entry.get("result")?;
    let text = json::decode(result).unwrap_or_else(|| (&**result).into());
    let result = cut(&text, LONGEST_RESULT);
    Some((name.to_string(), ToolResult { time, result }))
}

/// The beginning of a text, without control characters: escaped as JSON it is at most twice as
/// long.
fn cut(text: &str, most: usize) -> String {
    let text = &text[..text.floor_char_boundary(most)];
    let is_plain = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
    text.chars().filter(is_plain).collect()
}

/// A word of Vapi's own vocabulary.
fn word(text: String) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_word = !text.is_empty() && text.len() <= LONGEST_WORD && text.bytes().all(is_plain);
    is_word.then_some(text)
}

fn call_id(text: &str) -> Option<String> {
    let is_id = !text.is_empty() && text.len() <= LONGEST_ID;
    // An unrendered template is the same for all calls.
    let is_plain = !text.chars().any(char::is_control) && !text.contains("{{");
    (is_id && is_plain).then(|| text.to_owned())
}

/// As RFC 3339 has it, with milliseconds, so that texts compare as the times do.
fn written(time: i64) -> Option<String> {
    let time = Timestamp::from_millisecond(time).ok()?;
    Some(format!("{time:.3}"))
}
