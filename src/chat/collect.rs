//! A reply that was streamed, as the whole completion that was asked for.
//!
//! It never takes a stream without an end for a whole one.

use serde_json::{Map, Value, json};

use super::calls::{CallLane, CallPiece, Calls};
use super::chunk::{Choice, Chunk, ChunkHead, TextField};
use super::json;
use super::reader::{Event, EventKind, EventReader};

/// What a stream comes to.
#[derive(Debug, PartialEq, Eq)]
pub enum Collected {
    /// A completion.
    Completion(String),
    /// An event, which says that the upstream failed.
    Failed(String),
    /// It has no end.
    Cut,
    /// It has more choices and tool calls than any answer.
    Overfull,
    /// It is no stream of a reply.
    Nothing,
}

/// Collects the events of a whole stream.
pub fn collected(stream: &str) -> Collected {
    let mut reader = EventReader::new();
    reader.push(stream.as_bytes());
    let mut whole = WholeReply::default();
    loop {
        let event = match reader.next_event() {
            Ok(Some(event)) => event,
            Ok(None) => match reader.last_event() {
                Some(event) => event,
                None => break,
            },
            Err(_) => return Collected::Nothing,
        };
        if event.is_error() {
            return Collected::Failed(event.data.to_string());
        }
        if event.kind == EventKind::Done {
            return whole.end(true);
        }
        whole.add(&event);
        if whole.is_overfull || event.is_overfull() {
            return Collected::Overfull;
        }
    }
    whole.end(false)
}

#[derive(Default)]
struct WholeReply {
    head: ChunkHead,
    choices: Vec<WholeChoice>,
    usage: Option<String>,
    is_overfull: bool,
}

#[derive(Default)]
struct WholeChoice {
    index: u64,
    texts: Vec<(TextField, String)>,
    calls: Calls,
    /// In the order in which they begin.
    called: Vec<WholeCall>,
    finish: Option<String>,
}

/// A tool call, and its arguments so far.
type WholeCall = (CallLane, String);

impl WholeReply {
    fn add(&mut self, event: &Event) {
        match &event.kind {
            EventKind::Text { choice, place } => {
                let text = json::decode(&event.data[place.clone()]).unwrap_or_default();
                self.choice(*choice).say(TextField::Content, &text);
            }
            EventKind::Chunk(chunk) => self.add_chunk(&event.data, chunk),
            EventKind::Done | EventKind::Malformed => {}
        }
    }

    fn add_chunk(&mut self, data: &bytestring::ByteString, chunk: &Chunk) {
        self.head.learn(data);
        if chunk.has_usage {
            self.usage = json::get(data, "usage").map(|usage| usage.to_string());
        }
        for piece in &chunk.choices {
            self.choice(piece.index).add(data, piece);
        }
    }

    fn choice(&mut self, index: u64) -> &mut WholeChoice {
        let known = self.choices.iter().position(|known| known.index == index);
        let at = known.unwrap_or_else(|| {
            self.is_overfull |= self.choices.len() >= super::chunk::MOST_PARTS;
            self.choices.push(WholeChoice {
                index,
                ..WholeChoice::default()
            });
            self.choices.len() - 1
        });
        &mut self.choices[at]
    }

    fn end(mut self, is_done: bool) -> Collected {
        if self.choices.is_empty() {
            return Collected::Nothing;
        }
        let is_over = |choice: &WholeChoice| is_done || choice.finish.is_some();
        // Half a call is none, whatever its upstream says of its end.
        let has_end = |choice: &WholeChoice| match choice.called.is_empty() {
            true => is_over(choice),
            false => choice.calls.are_whole(),
        };
        if !self.choices.iter().all(has_end) {
            return Collected::Cut;
        }
        self.choices.sort_by_key(|choice| choice.index);
        let choices = self.choices.iter();
        let choices: Vec<String> = choices.map(|choice| choice.written(&self.head)).collect();
        Collected::Completion(self.head.completion_of(&choices, self.usage.as_deref()))
    }
}

impl WholeChoice {
    fn say(&mut self, field: TextField, text: &str) {
        match self.texts.iter_mut().find(|(known, _)| *known == field) {
            Some((_, said)) => said.push_str(text),
            None => self.texts.push((field, text.to_owned())),
        }
    }

    fn add(&mut self, data: &str, piece: &Choice) {
        let text = |place: &Option<std::ops::Range<usize>>| {
            let literal = place.as_ref().map(|place| &data[place.clone()]);
            let text = literal.and_then(json::decode);
            text.unwrap_or_default().into_owned()
        };
        for (field, place) in &piece.texts {
            self.say(*field, &text(&Some(place.clone())));
        }
        for (at, call) in piece.calls.iter().enumerate() {
            let joined = CallPiece::with(data, piece, at, |it| self.calls.join(it));
            let arguments = text(&call.arguments);
            match self.called.get_mut(joined.lane.serial) {
                Some((_, known)) => known.push_str(&arguments),
                None => self.called.push((joined.lane, arguments)),
            }
        }
        if let Some(place) = &piece.finish {
            self.finish
                .get_or_insert_with(|| text(&Some(place.clone())));
        }
    }

    fn written(&self, head: &ChunkHead) -> String {
        let mut message = Map::new();
        message.insert("role".to_owned(), json!("assistant"));
        message.insert("content".to_owned(), Value::Null);
        for (field, text) in self.texts.iter().filter(|(_, text)| !text.is_empty()) {
            message.insert(field.name().to_owned(), json!(text));
        }
        let is_said = |(lane, arguments): &&WholeCall| {
            !self.calls.tool(*lane).is_empty() || !arguments.trim().is_empty()
        };
        let said = |arguments: &String| match arguments.trim().is_empty() {
            true => "{}".to_owned(),
            false => arguments.clone(),
        };
        let call = |(lane, arguments): &WholeCall| {
            let id = self.calls.id(*lane).map(str::to_owned);
            json!({"id": id.unwrap_or_else(|| head.call_id(self.index, lane.serial)), "type": "function",
                "function": {"name": self.calls.tool(*lane), "arguments": said(arguments)}})
        };
        let called = self.called.iter().filter(is_said);
        let calls: Vec<Value> = called.map(call).collect();
        let mut finish = "stop";
        if !calls.is_empty() {
            finish = "tool_calls";
            message.insert("tool_calls".to_owned(), calls.into());
        }
        let finish = self.finish.as_deref().unwrap_or(finish);
        json!({"index": self.index, "message": message, "finish_reason": finish}).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(choices: &[&str], end: &str) -> String {
        let event = |choice: &&str| {
            format!(
                "data: {{\"id\":\"a\",\"created\":7,\"model\":\"m\",\"choices\":[{choice}]}}\n\n"
            )
        };
        choices.iter().map(event).collect::<String>() + end
    }

    #[test]
    fn texts_tools_and_usage_of_a_stream_are_one_completion() {
        let choices = [
            r#"{"index":0,"delta":{"role":"assistant","content":""}}"#,
            r#"{"index":0,"delta":{"content":"Hel"}}"#,
            r#"{"index":0,"delta":{"content":"lo\n"}}"#,
            r#"{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\""}}]}}"#,
            r#"{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}"#,
            r#"{"index":0,"delta":{"tool_calls":[{"index":0,"id":"d","type":"function","function":{"name":"g","arguments":{}}}]}}"#,
        ];
        let usage = "data: {\"choices\":[],\"usage\":{\"total_tokens\":3}}\n\n";
        for end in ["data: [DONE]\n\n", ""] {
            let Collected::Completion(whole) =
                collected(&stream(&choices, &format!("{usage}{end}")))
            else {
                panic!("it has an end");
            };
            let whole: Value = serde_json::from_str(&whole).expect("JSON");
            assert_eq!(whole["object"], "chat.completion");
            assert_eq!((&whole["id"], &whole["created"]), (&json!("a"), &json!(7)));
            assert_eq!(whole["usage"]["total_tokens"], 3);
            let choice = &whole["choices"][0];
            assert_eq!(choice["finish_reason"], "tool_calls");
            assert_eq!(choice["message"]["content"], "Hello\n");
            let calls = choice["message"]["tool_calls"].as_array().expect("calls");
            let told = calls.iter().map(|call| {
                let function = &call["function"];
                format!(
                    "{} {} {}",
                    call["id"], function["name"], function["arguments"]
                )
            });
            let expected = [r#""c" "f" "{\"a\":1}""#, r#""d" "g" "{}""#];
            assert_eq!(told.collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn what_is_told_again_at_the_end_is_told_once() {
        let choices = [
            r#"{"index":0,"delta":{"content":"Hello "}}"#,
            r#"{"index":0,"delta":{"content":"you."}}"#,
            r#"{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}}"#,
            r#"{"index":0,"message":{"content":"Hello you.","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}"#,
        ];
        let Collected::Completion(whole) = collected(&stream(&choices, "")) else {
            panic!("it has an end");
        };
        let whole: Value = serde_json::from_str(&whole).expect("JSON");
        let message = &whole["choices"][0]["message"];
        assert_eq!(message["content"], "Hello you.");
        let calls = message["tool_calls"].as_array().expect("calls");
        assert_eq!(calls.len(), 1, "{whole}");
        assert_eq!(calls[0]["function"]["arguments"], "{\"a\":1}");
    }

    #[test]
    fn what_has_no_end_or_is_an_error_is_no_completion() {
        let hello = [r#"{"index":0,"delta":{"content":"Hello"}}"#];
        let half = [
            r#"{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{"}}]}}"#,
        ];
        assert_eq!(collected(&stream(&hello, "")), Collected::Cut);
        assert_eq!(
            collected(&stream(&half, "data: [DONE]\n\n")),
            Collected::Cut
        );
        assert_eq!(collected("nothing"), Collected::Nothing);
        let error = "event: error\ndata: {\"code\":\"x_y\"}\n\n";
        let failed = Collected::Failed("{\"code\":\"x_y\"}".to_owned());
        assert_eq!(collected(&stream(&hello, error)), failed);
    }
}
