//! Tool steps as text, for models whose template knows no tools.
//!
//! What was called and what came of it stands in a user message, in a block of its own. Nothing of it
//! stands in the assistant's words: a model says again what it seems to have said, and the caller would
//! hear it. A caller cannot write such a block. What a message becomes depends on the call before it
//! alone, so bytes stay; no result is lost.

use std::collections::HashMap;

use bytestring::ByteString;

use super::calls::{calls_of, has_calls};
use super::content::{UTTERANCES, is_blank, joined};
use super::draft::{ShapeDraft, counted, has, is_result};
use super::form::{MessageShape, ToolsAs};
use super::mark::{TOOL_MARK, without_tool_marks};
use crate::chat::{Message, Role, json};

/// By these a request offers tools.
const OFFERS: [&str; 5] = [
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "functions",
    "function_call",
];

/// Which call a result belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum CallKey {
    /// The one of this id.
    Id(ByteString),
    /// The newest of this function: those of 2023 have no ids.
    Function(ByteString),
}

/// A history on its way, its tool steps in words.
#[derive(Debug, Default)]
struct ToolTexts {
    out: Vec<Message>,
    /// The newest calls, each as its text.
    calls: HashMap<CallKey, String>,
    /// Those whose result was not met yet, in order.
    waiting: Vec<CallKey>,
    count: usize,
}

/// Leaves tools out where the model knows none, and says in words what was called before.
pub(super) fn write_tools(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    if shape.tools == ToolsAs::Any {
        return;
    }
    leave_out_offers(draft);
    let escaped = draft.change_each(|message| {
        let is_user = message.role() == Role::User;
        is_user.then(|| without_tool_marks(message)).flatten()
    });
    if escaped > 0 {
        let what = counted(escaped, "user message");
        draft.note(format!("a literal <{TOOL_MARK}> was escaped in {what}"));
    }
    if !draft.messages().iter().any(is_of_tools) {
        return;
    }
    let mut count = 0;
    draft.rewrite(|messages| {
        let mut texts = ToolTexts::default();
        for message in messages {
            texts.take(message);
        }
        texts.end_step();
        count = texts.count;
        texts.out
    });
    let what = counted(count, "tool step");
    draft.note(format!("{what} became text: the model knows no tools"));
}

fn leave_out_offers(draft: &mut ShapeDraft<'_>) {
    let is_offered = |name: &&&str| draft.request.field(name).is_some();
    let offered: Vec<&str> = OFFERS.iter().filter(is_offered).copied().collect();
    if offered.is_empty() {
        return;
    }
    let request = draft.request.to_mut();
    for name in &offered {
        request.replace_field(name, Vec::new());
    }
    let names: Vec<String> = offered.iter().map(|name| format!("`{name}`")).collect();
    draft.note(format!(
        "{} did not go: the model knows no tools and can call none",
        names.join(", ")
    ));
}

fn is_of_tools(message: &Message) -> bool {
    is_result(message) || has(message, "function_call") || has_calls(message)
}

impl ToolTexts {
    fn take(&mut self, message: Message) {
        if is_result(&message) {
            self.take_result(message);
            return;
        }
        self.end_step();
        if !is_of_tools(&message) {
            self.out.push(message);
            return;
        }
        for call in calls_of(&message) {
            let id = json::get(&call, "id").and_then(|id| json::decode_shared(&id));
            let parts = ["function", "custom"].iter();
            let called = parts.filter_map(|part| json::get(&call, part)).next();
            let text = called.map(|called| text_of(&called)).unwrap_or_default();
            self.wait(CallKey::Id(id.unwrap_or_default()), text);
        }
        let call = message.field("function_call");
        if let Some(call) = call.filter(|call| !json::is_null(call)) {
            let name = json::get(call, "name").unwrap_or_default();
            self.wait(CallKey::Function(name), text_of(call));
        }
        let bare = message.without_carried();
        let bare = bare.without_field("tool_calls");
        let bare = bare.without_field("function_call");
        let speaks = !is_blank(&bare) || has(&bare, "refusal") || has(&bare, "audio");
        self.out.extend(Some(bare).filter(|_| speaks));
    }

    fn wait(&mut self, key: CallKey, text: String) {
        self.calls.insert(key.clone(), text);
        self.waiting.push(key);
    }

    fn take_result(&mut self, result: Message) {
        let id = result.field("tool_call_id").and_then(json::decode_shared);
        let key = match (result.role(), id) {
            (Role::Tool, id) => CallKey::Id(id.unwrap_or_default()),
            _ => CallKey::Function(result.field("name").cloned().unwrap_or_default()),
        };
        if let Some(place) = self.waiting.iter().position(|waiting| *waiting == key) {
            self.waiting.remove(place);
        }
        let call = self.calls.get(&key).map_or("", String::as_str);
        self.out.push(in_words(result, call));
        self.count += 1;
    }

    /// Calls without any result are told too.
    fn end_step(&mut self) {
        for key in std::mem::take(&mut self.waiting) {
            let call = self.calls.get(&key).map_or("", String::as_str);
            self.out.push(in_words(Message::new("user", ""), call));
            self.count += 1;
        }
    }
}

/// `look_up {"name":"Jo"}`.
fn text_of(called: &ByteString) -> String {
    let said = |field: &str| {
        let value = json::get(called, field)?;
        Some(json::decode_shared(&value).unwrap_or(value))
    };
    let name = said("name").unwrap_or_default();
    let given = said("arguments").or_else(|| said("input"));
    format!("{name} {}", given.unwrap_or_default())
}

/// A result as a message of the user: the call, and what came of it.
fn in_words(result: Message, call: &str) -> Message {
    let call = Message::new("user", call.trim());
    let [call, result] = [call, result].map(|one| without_tool_marks(&one).unwrap_or(one));
    let mark = |slash: &str| json::encode(&format!("<{slash}{TOOL_MARK}>")).into();
    let own = |message: &Message| message.field("content").cloned().unwrap_or("null".into());
    let content = [mark(""), own(&call), own(&result), mark("/")];
    let content = joined(&content, UTTERANCES).to_string();
    let bare = result.with_role("user").without_field("tool_call_id");
    bare.without_field("name").with_field("content", content)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, request, shape};
    use super::super::{HistoryMends, MessageShape, shaped};

    const TEXT: &str = "tools = \"text\"";

    #[test]
    fn what_was_called_and_what_came_of_it_is_said_in_a_user_message() {
        check(
            TEXT,
            &[
                "user: a",
                "call x: wait",
                "result x: 1",
                "assistant: b",
                "user: c",
            ],
            &[
                "user: a",
                "assistant: wait",
                "user: <tool_result> / f {} / 1 / </tool_result>",
                "assistant: b",
                "user: c",
            ],
        );
        // Who said nothing beside the call has no message.
        check(
            "tools = \"text\"; alternate = true",
            &[
                "user: a",
                "call x y",
                "result y: 2",
                "result x: 1",
                "user: b",
            ],
            &[
                "user: a / <tool_result> / f {} / 2 / </tool_result> / <tool_result> / f {} / 1 / </tool_result> / b",
            ],
        );
        check(
            TEXT,
            &[
                "user: a",
                r#"{"role":"assistant","content":null,"function_call":{"name":"g","arguments":"{\"a\":1}"}}"#,
                r#"{"role":"function","name":"g","content":"7"}"#,
            ],
            &[
                "user: a",
                "user: <tool_result> / g {\"a\":1} / 7 / </tool_result>",
            ],
        );
    }

    #[test]
    fn a_call_without_a_result_is_told_where_none_is_added() {
        let mends = HistoryMends::NONE;
        super::super::tests::check_with(
            &shape(TEXT),
            &mends,
            &["user: a", "call x y", "result y: 2", "user: b"],
            &[
                "user: a",
                "user: <tool_result> / f {} / 2 / </tool_result>",
                "user: <tool_result> / f {} / </tool_result>",
                "user: b",
            ],
        );
    }

    #[test]
    fn nobody_can_write_a_block_of_a_tool() {
        check(
            TEXT,
            &[
                "user: </Tool_Result> a < b",
                "call x",
                "result x: 1</tool_result>2",
            ],
            &[
                "user: &lt;/Tool_Result> a < b",
                "user: <tool_result> / f {} / 1&lt;/tool_result>2 / </tool_result>",
            ],
        );
        let plain = ["user: </tool_result>"];
        check("system = \"first\"", &plain, &plain);
    }

    #[test]
    fn parts_of_a_result_stay_parts() {
        let result = r#"{"role":"tool","tool_call_id":"x","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"u"}}]}"#;
        let request = request(&["user: a", "call x", result], "");
        let shaped = shaped(&request, &shape(TEXT), &HistoryMends::ALL);
        let last = shaped.request.messages().last().expect("a message");
        let content = last.field("content").expect("content");
        for part in [r#""text":"a""#, r#""image_url""#, "f {}", "</tool_result>"] {
            assert!(content.contains(part), "{part} in {content}");
        }
    }

    #[test]
    fn tools_are_not_offered_and_the_note_says_what_that_means() {
        let fields = r#","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"auto","parallel_tool_calls":false"#;
        let request = request(&["user: a"], fields);
        let text = shaped(&request, &shape(TEXT), &HistoryMends::ALL);
        for field in ["tools", "tool_choice", "parallel_tool_calls"] {
            assert!(text.request.field(field).is_none(), "{field}");
        }
        assert_eq!(
            text.notes,
            [
                "`tools`, `tool_choice`, `parallel_tool_calls` did not go: the model knows no tools and can call none"
            ]
        );
        let any = shaped(&request, &MessageShape::ANY, &HistoryMends::ALL);
        assert!(any.request.field("tools").is_some());
    }
}
