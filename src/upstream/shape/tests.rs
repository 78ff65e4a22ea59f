//! Whole requests in the shapes of upstreams.
//!
//! Messages are written in lines, as `user: hi`; `call a b`, `result a: x` and `note: x` (a system
//! message at the tail) are short for what they say, and what begins with `{` is the JSON itself.

mod called;
mod callers;
mod examples;
mod histories;
mod late;
mod parted;
mod parts;
mod properties;
mod replies;
mod templates;

use super::*;

/// The request of messages in lines, and of more fields.
pub(super) fn request(lines: &[&str], fields: &str) -> ChatRequest {
    let messages: Vec<String> = lines.iter().map(|line| json_of(line)).collect();
    let body = format!(
        r#"{{"model":"m","messages":[{}]{fields}}}"#,
        messages.join(",")
    );
    let mut request = ChatRequest::parse(body.into()).expect("a request");
    let is_note = |line: &&str| line.starts_with("note: ");
    if lines.iter().any(is_note) {
        request.history().rewrite(|messages| {
            let all = messages.into_iter().zip(lines);
            let all = all.map(|(message, line)| match is_note(line) {
                true => message.placed_at_tail(),
                false => message,
            });
            all.collect()
        });
    }
    request
}

/// The JSON of a message in a line.
pub(super) fn json_of(line: &str) -> String {
    let quoted = |text: &str| crate::chat::json::encode(text);
    if line.starts_with('{') {
        return line.to_owned();
    }
    if let Some(ids) = line.strip_prefix("call ") {
        let (ids, said) = ids.split_once(": ").unwrap_or((ids, ""));
        let calls: Vec<String> = ids
            .split(' ')
            .map(|id| {
                format!(
                    r#"{{"id":{},"type":"function","function":{{"name":"f","arguments":"{{}}"}}}}"#,
                    quoted(id)
                )
            })
            .collect();
        return format!(
            r#"{{"role":"assistant","content":{},"tool_calls":[{}]}}"#,
            quoted(said),
            calls.join(",")
        );
    }
    let (head, text) = line.split_once(": ").expect("a line");
    match head.strip_prefix("result ") {
        Some(id) => format!(
            r#"{{"role":"tool","tool_call_id":{},"content":{}}}"#,
            quoted(id),
            quoted(text)
        ),
        None => {
            let role = head.replace("note", "system");
            format!(r#"{{"role":{},"content":{}}}"#, quoted(&role), quoted(text))
        }
    }
}

/// A message as a line: `/` is a line's end, `¶` a paragraph's, `[[…]]` the mark.
pub(super) fn line_of(message: &Message) -> String {
    let value: serde_json::Value = {
        let mut out = String::new();
        message.write(&|_| true, &mut out);
        serde_json::from_str(&out).expect("JSON")
    };
    let content = match &value["content"] {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        parts => parts.to_string(),
    };
    let text = content
        .replace("<instructions>\n", "[[")
        .replace("\n</instructions>", "]]")
        .replace("\n\n", " ¶ ")
        .replace('\n', " / ");
    let role = value["role"].as_str().expect("a role");
    if let Some(calls) = value["tool_calls"].as_array() {
        let ids = calls.iter().map(|call| call["id"].as_str().unwrap_or("?"));
        let ids: Vec<&str> = ids.collect();
        let said = if text.is_empty() {
            text
        } else {
            format!(": {text}")
        };
        return format!("call {}{said}", ids.join(" "));
    }
    match value["tool_call_id"].as_str() {
        Some(id) => format!("result {id}: {text}"),
        None => format!("{role}: {text}"),
    }
}

/// A shape as the config says it.
pub(super) fn shape(text: &str) -> MessageShape {
    let change: ShapeChange = toml::from_str(&text.replace("; ", "\n")).expect("a shape");
    change.over(MessageShape::ANY)
}

/// Checks what becomes of messages; gives the notes.
pub(super) fn check_with(
    shape: &MessageShape,
    mends: &HistoryMends,
    lines: &[&str],
    expected: &[&str],
) -> Vec<String> {
    let request = request(lines, "");
    let shaped = shaped(&request, shape, mends);
    let got: Vec<String> = shaped.request.messages().iter().map(line_of).collect();
    assert_eq!(got, expected, "{lines:#?}");
    let is_same = matches!(shaped.request, Cow::Borrowed(_));
    assert_eq!(is_same, shaped.notes.is_empty(), "{:?}", shaped.notes);
    shaped.notes
}

/// Checks what becomes of messages in a shape of the config.
pub(super) fn check(text: &str, lines: &[&str], expected: &[&str]) {
    check_with(&shape(text), &HistoryMends::ALL, lines, expected);
}
