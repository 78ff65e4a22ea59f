//! What conditions and templates speak of, as far as a request tells it.
//!
//! It reads no clock and no store: the time, what is stored and what was fetched are handed in.

use bytestring::ByteString;

use crate::chat::vapi::{VapiFields, secrets};
use crate::chat::{ChatRequest, Message, Role, json};
use crate::lang::facts::Facts;

/// What a turn's rules speak of.
pub fn facts_of_turn(request: &ChatRequest, vapi: VapiFields, route: &str, now: String) -> Facts {
    let interrupted = interrupted(request, &vapi);
    let mut facts = facts_of_call(vapi, route, now);
    let mut turn = turn_facts(request);
    turn["interrupted"] = interrupted.into();
    facts.set("turn", turn);
    let model = request
        .field("model")
        .and_then(crate::chat::json::decode_shared);
    facts.set("request", serde_json::json!({ "model": model.as_deref() }));
    facts
}

/// What they speak of before there is a turn.
pub fn facts_of_call(vapi: VapiFields, route: &str, now: String) -> Facts {
    let mut facts = Facts::new(secrets::take_out);
    let roots = [
        ("call", vapi.call),
        ("customer", vapi.customer),
        ("phoneNumber", vapi.phone_number),
        ("assistant", vapi.assistant),
        ("metadata", vapi.metadata),
        ("variables", vapi.variables),
    ];
    for (root, json) in roots {
        if let Some(json) = json {
            facts.set_json(root, json);
        }
    }
    facts.set("route", route.into());
    facts.set("now", now.into());
    facts
}

/// The root `turn` of conditions and templates: what a request says of its turn.
pub fn turn_facts(request: &ChatRequest) -> serde_json::Value {
    let newest = |role: Role| {
        let message = request
            .messages()
            .iter()
            .rev()
            .find(|message| message.role() == role)?;
        Some(message.text().into_owned())
    };
    serde_json::json!({
        "number": request.user_count(),
        "user": newest(Role::User),
        "assistant": newest(Role::Assistant),
        "steps": steps(request),
    })
}

/// How often tools were called since the caller spoke. Calls beside each other are one step.
fn steps(request: &ChatRequest) -> usize {
    let behind = request.newest_user().map_or(0, |newest| newest + 1);
    let messages = request.messages().iter().skip(behind);
    messages.filter(|message| calls_tools(message)).count()
}

/// Whether a message calls tools.
pub(super) fn calls_tools(message: &Message) -> bool {
    let has = |field: &str, empty: &str| {
        let value = message.field(field);
        value.is_some_and(|value| !json::is_null(value) && &**value != empty)
    };
    message.role() == Role::Assistant && (has("tool_calls", "[]") || has("function_call", "{}"))
}

/// Whether Vapi says that the caller interrupted the assistant; none: it says nothing of that.
fn interrupted(request: &ChatRequest, vapi: &VapiFields) -> Option<bool> {
    let within = |json: &Option<ByteString>| json::get(json.as_ref()?, INTERRUPTED);
    let told = within(&vapi.metadata).or_else(|| within(&vapi.call));
    told.or_else(|| request.sent(INTERRUPTED))
        .and_then(|told| told.parse().ok())
}

/// What Vapi calls it; where it stands differs.
pub const INTERRUPTED: &str = "assistantTurnInterrupted";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_knows_how_often_tools_were_called_in_it() {
        let said = |role: &str| serde_json::json!({ "role": role, "content": "x" });
        let calls = serde_json::json!({ "role": "assistant", "content": null, "tool_calls": [
            { "id": "a", "type": "function", "function": { "name": "f", "arguments": "{}" } },
            { "id": "b", "type": "function", "function": { "name": "g", "arguments": "{}" } },
        ] });
        let old = serde_json::json!({ "role": "assistant", "function_call": { "name": "f" } });
        let none = serde_json::json!({ "role": "assistant", "content": "x", "tool_calls": [], "function_call": null });
        let tool = serde_json::json!({ "role": "tool", "tool_call_id": "a", "content": "1" });
        for (messages, expected) in [
            (vec![said("user")], 0),
            (
                vec![said("user"), calls.clone(), tool.clone(), tool.clone()],
                1,
            ),
            (
                vec![
                    said("user"),
                    calls.clone(),
                    tool.clone(),
                    calls.clone(),
                    tool.clone(),
                ],
                2,
            ),
            (vec![said("user"), old, none], 1),
            (
                vec![
                    said("user"),
                    calls.clone(),
                    tool.clone(),
                    said("assistant"),
                    said("user"),
                ],
                0,
            ),
            (vec![said("system"), calls, tool], 1),
        ] {
            let body = serde_json::json!({ "messages": messages }).to_string();
            let request = ChatRequest::parse(body.into()).expect("a request");
            assert_eq!(turn_facts(&request)["steps"], expected, "{messages:?}");
        }
    }

    #[test]
    fn an_interruption_is_known_where_vapi_says_so() {
        let fact = |body: &str| {
            let request = ChatRequest::parse(body.to_owned().into()).expect("a request");
            let facts = facts_of_turn(&request, VapiFields::of(&request), "", String::new());
            facts.root("turn").expect("a turn")["interrupted"].clone()
        };
        let messages = r#""messages":[{"role":"user","content":"x"}]"#;
        for (more, expected) in [
            ("", serde_json::Value::Null),
            (
                r#","metadata":{"assistantTurnInterrupted":true}"#,
                true.into(),
            ),
            (
                r#","metadata":{"assistantTurnInterrupted":false}"#,
                false.into(),
            ),
            (
                r#","metadata":{"assistantTurnInterrupted":"yes"}"#,
                serde_json::Value::Null,
            ),
            (
                r#","metadata":"x","call":{"assistantTurnInterrupted":true}"#,
                true.into(),
            ),
            (r#","assistantTurnInterrupted":true"#, true.into()),
        ] {
            assert_eq!(fact(&format!("{{{messages}{more}}}")), expected, "{more}");
        }
    }

    #[test]
    fn no_rule_sees_a_secret_of_vapi() {
        let vapi = VapiFields {
            call: Some(r#"{"id":"c1","monitor":{"listenUrl":"wss://l"}}"#.into()),
            assistant: Some(r#"{"server":{"url":"u","secret":"x"}}"#.into()),
            ..VapiFields::default()
        };
        let facts = facts_of_call(vapi, "", String::new());
        assert_eq!(facts.root("call"), Some(&serde_json::json!({"id": "c1"})));
        let assistant = serde_json::json!({"server": {"url": "u"}});
        assert_eq!(facts.root("assistant"), Some(&assistant));
    }
}
