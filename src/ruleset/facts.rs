//! What conditions and templates speak of, as far as a request tells it.
//!
//! It reads no clock and no store: the time, what is stored and what was fetched are handed in.

use crate::chat::vapi::{VapiFields, secrets};
use crate::chat::{ChatRequest, Role};
use crate::lang::facts::Facts;

/// What a turn's rules speak of.
pub fn facts_of_turn(request: &ChatRequest, vapi: VapiFields, route: &str, now: String) -> Facts {
    let mut facts = facts_of_call(vapi, route, now);
    facts.set("turn", turn_facts(request));
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
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
