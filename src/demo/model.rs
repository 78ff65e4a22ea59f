//! The built-in model: an OpenAI-compatible server that answers from the words it gets.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures::StreamExt;
use regex::Regex;
use serde_json::{Value, json};

/// How long the model takes for a word.
const PER_WORD: Duration = Duration::from_millis(12);

/// A model that listens.
pub struct Model {
    /// Where.
    pub address: SocketAddr,
    /// What it saw last.
    pub seen: Seen,
    server: Server,
}

/// What the model got and said in the newest turn.
#[derive(Debug, Clone, Default)]
pub struct Seen(Arc<Mutex<(String, String)>>);

enum Say {
    Text(String),
    Tool { name: String, arguments: String },
}

impl Model {
    /// Starts the model.
    pub fn start(address: SocketAddr) -> std::io::Result<Model> {
        let seen = Seen::default();
        let data = Data::new(seen.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .app_data(web::PayloadConfig::new(64 << 20))
                .default_service(web::to(answer))
        })
        .workers(1)
        .tcp_nodelay(true)
        .h1_allow_half_closed(false)
        .disable_signals()
        .shutdown_timeout(1)
        .bind(address)?;
        let address = server.addrs().first().copied().unwrap_or(address);
        Ok(Model {
            address,
            seen,
            server: server.run(),
        })
    }

    /// A handle to end it.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until the handle ends it.
    pub async fn serve(self) -> std::io::Result<()> {
        self.server.await
    }
}

impl Seen {
    /// What the model got in the newest turn, and what it said.
    pub fn newest(&self) -> (String, String) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn note(&self, got: String, said: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (got, said);
    }
}

async fn answer(request: HttpRequest, body: Bytes, seen: Data<Seen>) -> HttpResponse {
    // As aside itself, for `aside health`.
    match request.path() {
        "/healthz" => return HttpResponse::Ok().body("ok\n"),
        "/readyz" => return HttpResponse::Ok().body("ready\n"),
        _ => {}
    }
    if request.path().ends_with("/models") {
        return HttpResponse::Ok().json(json!({"object": "list", "data": [{"id": "demo", "object": "model", "owned_by": "aside"}]}));
    }
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return HttpResponse::BadRequest().json(
            json!({"error": {"message": "the body is no JSON", "type": "invalid_request_error"}}),
        );
    };
    let say = reply_to(&body);
    seen.note(
        got(&body),
        match &say {
            Say::Text(text) => text.clone(),
            Say::Tool { name, arguments } => format!("{name}({arguments})"),
        },
    );
    if body["stream"] != true {
        return HttpResponse::Ok().json(completion(say));
    }
    let stream = futures::stream::iter(frames(say)).then(|frame| async move {
        tokio::time::sleep(PER_WORD).await;
        Ok::<_, std::convert::Infallible>(Bytes::from(frame))
    });
    HttpResponse::Ok()
        .insert_header(("content-type", "text/event-stream"))
        .streaming(stream)
}

/// A whole answer.
fn completion(say: Say) -> Value {
    let message = match say {
        Say::Text(text) => json!({"role": "assistant", "content": text}),
        Say::Tool { name, arguments } => {
            json!({"role": "assistant", "content": null, "tool_calls": [
            {"id": "call_demo", "type": "function", "function": {"name": name, "arguments": arguments}}]})
        }
    };
    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
    json!({"id": "chatcmpl-demo", "object": "chat.completion", "created": 0, "model": "demo", "choices": [choice]})
}

/// The frames of an answer that is streamed, a word or less in each.
fn frames(say: Say) -> Vec<String> {
    let head = json!({"id": "chatcmpl-demo", "object": "chat.completion.chunk", "created": 0, "model": "demo"});
    let frame = |delta: Value, finish: Option<&str>| {
        let mut chunk = head.clone();
        chunk["choices"] = json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
        format!("data: {chunk}\n\n")
    };
    let mut frames = vec![frame(json!({"role": "assistant", "content": ""}), None)];
    match say {
        Say::Text(text) => {
            frames.extend(
                pieces(&text)
                    .into_iter()
                    .map(|piece| frame(json!({"content": piece}), None)),
            );
            frames.push(frame(json!({}), Some("stop")));
        }
        Say::Tool { name, arguments } => {
            let call =
                |function: Value| json!({"tool_calls": [{"index": 0, "function": function}]});
            frames.push(frame(json!({"tool_calls": [{"index": 0, "id": "call_demo", "type": "function", "function": {"name": name, "arguments": ""}}]}), None));
            frames.extend(
                pieces(&arguments)
                    .into_iter()
                    .map(|piece| frame(call(json!({"arguments": piece})), None)),
            );
            frames.push(frame(json!({}), Some("tool_calls")));
        }
    }
    frames.push("data: [DONE]\n\n".to_owned());
    frames
}

/// Pieces as a model streams them: words, and placeholders cut in two.
fn pieces(text: &str) -> Vec<String> {
    let cut = |word: &str| match word.find('_') {
        Some(at) => vec![word[..at].to_owned(), word[at..].to_owned()],
        None => vec![word.to_owned()],
    };
    text.split_inclusive(' ').flat_map(cut).collect()
}

/// The newest of what the model got: what the caller said, and what was told beside it.
fn got(body: &Value) -> String {
    let messages = body["messages"].as_array().cloned().unwrap_or_default();
    let texts = messages.iter().rev().take(2).map(|message| {
        let role = message["role"].as_str().unwrap_or_default();
        let text = message["content"].as_str().unwrap_or_default();
        if role == "user" {
            text.to_owned()
        } else {
            format!("({role}) {text}")
        }
    });
    let mut texts: Vec<String> = texts.collect();
    texts.reverse();
    texts.retain(|text| !text.starts_with("(assistant)"));
    texts.join("\n")
}

fn reply_to(body: &Value) -> Say {
    let messages = body["messages"].as_array().cloned().unwrap_or_default();
    let newest = |role: &str| {
        let found = messages
            .iter()
            .rev()
            .find(|message| message["role"] == role);
        found
            .and_then(|message| message["content"].as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let user = newest("user");
    let placeholders = find(r"\[[A-Z_]+_\d+\]", &user);
    let tool = body["tools"].pointer("/0/function");
    if let (Some(tool), Some(value)) = (tool, placeholders.first())
        && messages
            .last()
            .is_some_and(|message| message["role"] == "user")
    {
        let properties = tool
            .pointer("/parameters/properties")
            .and_then(Value::as_object);
        let field = properties
            .and_then(|fields| fields.keys().next().cloned())
            .unwrap_or_else(|| "value".into());
        let name = tool["name"].as_str().unwrap_or("tool").to_owned();
        return Say::Tool {
            name,
            arguments: json!({ field: value }).to_string(),
        };
    }
    if messages
        .last()
        .is_some_and(|message| message["role"] == "tool")
    {
        return Say::Text("Done. Is there **anything else**?".into());
    }
    if !placeholders.is_empty() {
        return Say::Text(format!(
            "Thank you, I have noted {}.",
            placeholders.join(" and ")
        ));
    }
    match find(r"the caller is ([^,.]+)", &newest("system"))
        .first()
        .and_then(|text| text.strip_prefix("the caller is "))
    {
        Some(name) => Say::Text(format!("Hello {name}, how can I help you?")),
        None => Say::Text(format!("You said: {user}")),
    }
}

fn find(pattern: &str, text: &str) -> Vec<String> {
    let Ok(regex) = Regex::new(pattern) else {
        return Vec::new();
    };
    regex
        .find_iter(text)
        .map(|found| found.as_str().to_owned())
        .collect()
}
