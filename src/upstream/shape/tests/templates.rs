//! What the templates and servers of providers refuse, played: each says what it refuses first, in
//! the provider's words.

use super::super::*;
use crate::chat::{Role, json};

type Taken = Result<(), String>;

fn refuse(words: &str) -> Taken {
    Err(words.to_owned())
}

/// The ids of a message's calls.
fn calls(message: &Message) -> Vec<String> {
    let listed = message.field("tool_calls").map(json::items);
    let listed = listed.and_then(Result::ok).unwrap_or_default();
    let id = |call| Some(json::decode(&json::get(call, "id")?)?.into_owned());
    listed
        .iter()
        .map(|call| id(call).unwrap_or_default())
        .collect()
}

fn answered(message: &Message) -> String {
    let id = message
        .field("tool_call_id")
        .and_then(|id| json::decode(id));
    id.unwrap_or_default().into_owned()
}

/// OpenAI's rule of tools, which all have.
pub(super) fn tools(messages: &[Message]) -> Taken {
    let mut open: Vec<String> = Vec::new();
    for message in messages {
        if message.role() == Role::Tool {
            let id = answered(message);
            match open.iter().position(|waiting| *waiting == id) {
                Some(at) => drop(open.remove(at)),
                None => {
                    return refuse(
                        "messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
                    );
                }
            }
            continue;
        }
        if !open.is_empty() {
            return refuse("must be followed by tool messages responding to each 'tool_call_id'");
        }
        open = calls(message);
        if message.field("tool_calls").is_some() && open.is_empty() {
            return refuse("[] is too short - 'messages.tool_calls'");
        }
        if open.iter().any(String::is_empty) {
            return refuse("Missing required parameter: 'messages.tool_calls.id'");
        }
    }
    match open.is_empty() {
        true => Ok(()),
        false => refuse("must be followed by tool messages responding to each 'tool_call_id'"),
    }
}

/// The template of Qwen 3.5.
pub(super) fn qwen(messages: &[Message]) -> Taken {
    let is_system = |message: &Message| message.role().is_instruction();
    match messages.iter().skip(1).any(is_system) {
        true => refuse("System message must be at the beginning."),
        false => Ok(()),
    }
}

/// The templates of Mistral.
pub(super) fn mistral(messages: &[Message]) -> Taken {
    qwen(messages)?;
    let skip = usize::from(
        messages
            .first()
            .is_some_and(|one| one.role().is_instruction()),
    );
    let spoken = messages[skip..]
        .iter()
        .filter(|message| match message.role() {
            Role::User => true,
            Role::Assistant => calls(message).is_empty(),
            _ => false,
        });
    for (at, message) in spoken.enumerate() {
        if (message.role() == Role::User) != (at % 2 == 0) {
            return refuse(
                "After the optional system message, conversation roles must alternate user/assistant/user/assistant/...",
            );
        }
    }
    if messages
        .get(skip)
        .is_some_and(|first| first.role() != Role::User)
    {
        return refuse("Expected the first message to be of the role user");
    }
    let is_parted = messages
        .windows(2)
        .any(|pair| pair[0].role() == Role::Tool && pair[1].role() == Role::User);
    match is_parted {
        true => refuse("Unexpected role 'user' after role 'tool'"),
        false => Ok(()),
    }
}

/// Mistral's server, of ids.
pub(super) fn nine(messages: &[Message]) -> Taken {
    for message in messages {
        let mut ids = calls(message);
        if message.role() == Role::Tool {
            ids.push(answered(message));
        }
        for id in ids {
            if id.len() != 9 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(format!(
                    "Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9."
                ));
            }
        }
    }
    Ok(())
}

/// OpenAI and Anthropic, of ids.
pub(super) fn short(messages: &[Message]) -> Taken {
    for message in messages {
        let mut ids = calls(message);
        if message.role() == Role::Tool {
            ids.push(answered(message));
        }
        for id in ids {
            if id.len() > 40 {
                return refuse("string too long. Expected a string with maximum length 40");
            }
            let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "_-".contains(sign);
            if id.is_empty() || !id.chars().all(is_sign) {
                return refuse("String should match pattern '^[a-zA-Z0-9_-]+$'");
            }
        }
    }
    Ok(())
}

/// The templates of Llama 3.1 to 3.3.
pub(super) fn single_calls(messages: &[Message]) -> Taken {
    match messages.iter().any(|message| calls(message).len() > 1) {
        true => refuse("This model only supports single tool-calls at once!"),
        false => Ok(()),
    }
}

/// Gemini, of calls in the history.
pub(super) fn behind_callers(messages: &[Message]) -> Taken {
    let speak = messages.iter().filter(|one| !one.role().is_instruction());
    let mut before = None;
    for message in speak {
        let is_asked = matches!(before, Some(Role::User | Role::Tool | Role::Function));
        if !calls(message).is_empty() && !is_asked {
            return refuse(
                "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
            );
        }
        before = Some(message.role());
    }
    Ok(())
}

/// DeepSeek's reader of requests.
pub(super) fn texts_alone(messages: &[Message]) -> Taken {
    let is_list = |content: &bytestring::ByteString| content.starts_with('[');
    match messages
        .iter()
        .any(|one| one.field("content").is_some_and(is_list))
    {
        true => refuse("invalid type: sequence, expected a string"),
        false => Ok(()),
    }
}

/// The template of Gemma 2.
pub(super) fn no_system(messages: &[Message]) -> Taken {
    let is_system = |message: &Message| message.role().is_instruction();
    match messages.iter().any(is_system) {
        true => refuse("System role not supported"),
        false => Ok(()),
    }
}

/// Older servers of Mistral's models.
pub(super) fn either_words_or_calls(messages: &[Message]) -> Taken {
    let says = |message: &Message| {
        let content = message.field("content");
        content.is_some_and(|content| !matches!(&**content, "null" | "\"\""))
    };
    let has_both = |message: &Message| says(message) && !calls(message).is_empty();
    match messages.iter().any(has_both) {
        true => refuse("Assistant message must have either content or tool_calls, but not both."),
        false => Ok(()),
    }
}

/// OpenAI, of an assistant's message.
pub(super) fn content_or_calls(messages: &[Message]) -> Taken {
    let does = ["content", "tool_calls", "function_call", "refusal"];
    let is_nothing = |message: &Message| {
        let has = |field: &&str| message.field(field).is_some_and(|json| &**json != "null");
        message.role() == Role::Assistant && !does.iter().any(has)
    };
    match messages.iter().any(is_nothing) {
        true => refuse("Invalid value for 'content': expected a string, got null."),
        false => Ok(()),
    }
}

/// The template of Gemma 3, and Perplexity's server, which know no tools.
pub(super) fn gemma(messages: &[Message]) -> Taken {
    qwen(messages)?;
    let skip = usize::from(
        messages
            .first()
            .is_some_and(|one| one.role().is_instruction()),
    );
    for (at, message) in messages[skip..].iter().enumerate() {
        if (message.role() == Role::User) != (at % 2 == 0) {
            return refuse("Conversation roles must alternate user/assistant/user/assistant/...");
        }
    }
    Ok(())
}

/// Perplexity's server, of the end.
pub(super) fn last_is_user(messages: &[Message]) -> Taken {
    let last = messages.last().map(Message::role);
    match last {
        Some(Role::User | Role::Tool | Role::Function) => Ok(()),
        _ => refuse("Last message must have role `user` or `tool`"),
    }
}

/// Servers that know fewer roles and fields.
pub(super) fn plain(messages: &[Message], shape: &MessageShape) -> Taken {
    for message in messages {
        if message.role() == Role::Developer && shape.developer == DeveloperRole::System {
            return refuse("role developer is unsupported");
        }
        if !shape.names && message.role() != Role::Function && message.field("name").is_some() {
            return refuse("property 'messages.name' is unsupported");
        }
        if shape.functions == LegacyFunctions::Tools
            && (message.role() == Role::Function || message.field("function_call").is_some())
        {
            return refuse("role function is unsupported");
        }
        let is_silent = message.field("content").is_some() && message.text().trim().is_empty();
        if is_silent && shape.empty != EmptyContent::Keep {
            return refuse("text content blocks must be non-empty");
        }
    }
    let has_user = messages.iter().any(|message| message.role() == Role::User);
    if shape.needs_user && !has_user {
        return refuse("contents is not specified");
    }
    let is_merged = |pair: &[Message]| {
        let merges = [Role::System, Role::Developer, Role::User, Role::Assistant];
        pair[0].role() == pair[1].role() && merges.contains(&pair[0].role())
    };
    match (shape.merge || shape.alternate) && messages.windows(2).any(is_merged) {
        true => refuse("two messages of one role"),
        false => Ok(()),
    }
}

/// All that an upstream of a shape asks.
pub(super) fn all(messages: &[Message], shape: &MessageShape) -> Taken {
    tools(messages)?;
    content_or_calls(messages)?;
    plain(messages, shape)?;
    if shape.system != SystemPlace::Any {
        qwen(messages)?;
    }
    // Who wants turns to be taken knows no functions of 2023.
    let is_legacy = |message: &Message| {
        message.role() == Role::Function || message.field("function_call").is_some()
    };
    if shape.alternate && !messages.iter().any(is_legacy) {
        mistral(messages)?;
        if !messages.iter().any(|message| message.role() == Role::Tool) {
            gemma(messages)?;
        }
    }
    match shape.tool_ids {
        ToolIdForm::Any => {}
        ToolIdForm::Nine => nine(messages)?,
        ToolIdForm::Short => short(messages)?,
    }
    if shape.system == SystemPlace::None {
        no_system(messages)?;
    }
    if shape.calls == CallsAtOnce::One {
        single_calls(messages)?;
    }
    if shape.beside_calls == WordsWithCalls::Apart {
        either_words_or_calls(messages)?;
    }
    if shape.last == LastMessage::User {
        last_is_user(messages)?;
    }
    if shape.before_calls == BeforeCalls::User {
        behind_callers(messages)?;
    }
    if shape.parts == ContentParts::Text {
        texts_alone(messages)?;
    }
    Ok(())
}

#[test]
fn templates_refuse_what_they_should() {
    let refused = |lines: &[&str], shape: &str| {
        let request = super::request(lines, "");
        all(request.messages(), &super::shape(shape)).is_err()
    };
    for (lines, shape) in [
        (&["user: a", "call x"][..], ""),
        (&["result x: 1", "user: a"], ""),
        (&["call x", "user: a", "result x: 1"], ""),
        (&["user: a", "system: b"], "system = \"first\""),
        (&["assistant: a"], "alternate = true"),
        (&["user: a", "user: b"], "alternate = true"),
        (&["user: a", "user: b"], "merge = true"),
        (
            &["user: a", "call x", "result x: 1", "user: b"],
            "alternate = true",
        ),
        (&["user: a", "call x", "result x: 1"], "tool_ids = \"nine\""),
        (&["assistant: a"], "last = \"user\""),
        (&["developer: a"], "developer = \"system\""),
        (&["user: "], "empty = \"text\""),
        (
            &["user: a", "call x y", "result x: 1", "result y: 2"],
            "calls = \"one\"",
        ),
        (
            &["user: a", "call x: wait", "result x: 1"],
            "beside_calls = \"apart\"",
        ),
        (
            &["user: a", "call f.x:0", "result f.x:0: 1"],
            "tool_ids = \"short\"",
        ),
        (&["user: a", r#"{"role":"assistant","content":null}"#], ""),
        (
            &["system: a", "call x", "result x: 1"],
            "before_calls = \"user\"",
        ),
        (
            &[r#"{"role":"user","content":[{"type":"text","text":"a"}]}"#],
            "parts = \"text\"",
        ),
    ] {
        assert!(refused(lines, shape), "{lines:?} in {shape}");
        assert!(
            !refused(&["system: s", "user: a", "assistant: b", "user: c"], shape),
            "{shape}"
        );
    }
    assert!(refused(&["system: s", "user: a"], "system = \"none\""));
    assert!(!refused(&["user: a"], "system = \"none\""));
}
