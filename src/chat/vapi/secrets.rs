//! What Vapi says of a call that no rule may see: credentials, keys, and the URLs by which anybody may
//! listen to the call or speak into it.
//!
//! What the user's own systems put or answered is left as it is.

use std::borrow::Cow;

use serde_json::Value;

/// The roots of conditions and templates that come from Vapi.
const ROOTS: &[&str] = &[
    "call",
    "customer",
    "phoneNumber",
    "assistant",
    "metadata",
    "variables",
];

/// Takes secrets out of the value of a root, if it comes from Vapi.
pub fn take_out(root: &str, value: &mut Value) {
    if ROOTS.contains(&root) {
        remove_secrets(value);
    }
}

fn remove_secrets(value: &mut Value) {
    match value {
        Value::Object(map) => {
            // Only what is sent to a URL has headers that may hold a key.
            let sends = map.contains_key("url");
            map.retain(|key, value| !(is_secret(key, value) || (sends && key == "headers")));
            map.values_mut().for_each(remove_secrets);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_secrets),
        _ => {}
    }
}

/// Whether an entry holds what lets its reader act for the user.
fn is_secret(key: &str, value: &Value) -> bool {
    is_secret_name(key) || (key == "monitor" && value.is_object())
}

/// Whether a key names what lets its reader act for the user: credentials, keys, and the URLs by
/// which anybody may listen to a call or speak into it. Ids and account numbers are none, nor is
/// what only sounds alike (`maxTokens`, `keypadInput`).
pub fn is_secret_name(key: &str) -> bool {
    const NAMES: &[&str] = &[
        "credentials",
        "credential",
        "authorization",
        "listenUrl",
        "controlUrl",
    ];
    const ENDINGS: &[&str] = &[
        "secret",
        "apiKey",
        "secretKey",
        "privateKey",
        "accessKey",
        "password",
        "authToken",
        "accessToken",
        "refreshToken",
        "bearerToken",
    ];
    // `api_key` and `api-key` are `apiKey`.
    let plain = match key.contains(['-', '_']) {
        true => Cow::Owned(key.replace(['-', '_'], "")),
        false => Cow::Borrowed(key),
    };
    let ends_with = |ending: &&str| {
        let from = plain.len().checked_sub(ending.len());
        let end = from.and_then(|from| plain.get(from..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    NAMES.iter().any(|name| plain.eq_ignore_ascii_case(name)) || ENDINGS.iter().any(ends_with)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn without_secrets(root: &str, json: &str) -> Value {
        let mut value = serde_json::from_str(json).expect("JSON");
        take_out(root, &mut value);
        value
    }

    #[test]
    fn secrets_are_taken_out_at_any_depth() {
        let call = r#"{
            "id": "c1", "monitor": {"listenUrl": "wss://l", "controlUrl": "https://c"},
            "credentials": [{"provider": "custom-llm", "apiKey": "sk"}],
            "assistant": {"serverUrlSecret": "x", "server": {"url": "u", "secret": "x", "headers": {"a": "b"}},
                "model": {"model": "m", "url": "u", "headers": {"authorization": "x"}, "maxTokens": 5,
                    "tools": [{"server": {"url": "u", "secret": "x"}, "name": "t"}]}},
            "phone": {"twilioAuthToken": "x", "twilioApiKey": "x", "twilioApiSecret": "x",
                "twilioAccountSid": "AC", "authentication": {"type": "digest", "password": "x"}},
            "plan": {"clientSecret": "x", "clientId": "i", "api_key": "x", "Client-Secret": "x"}}"#;
        let expected = json!({
            "id": "c1",
            "assistant": {"server": {"url": "u"}, "model": {"model": "m", "url": "u", "maxTokens": 5,
                "tools": [{"server": {"url": "u"}, "name": "t"}]}},
            "phone": {"twilioAccountSid": "AC", "authentication": {"type": "digest"}},
            "plan": {"clientId": "i"},
        });
        assert_eq!(without_secrets("call", call), expected);
    }

    #[test]
    fn harmless_names_and_the_own_data_of_users_stay() {
        let call = r#"{"id":1,"type":2,"status":3,"phoneNumberId":4,"customer":{"number":5,"name":6},
            "metadata":{"monitor":"27 inch","headers":["a"],"secretary":"Ann"},"credentialIds":["i"],
            "assistantOverrides":{"variableValues":{"keyword":7}}}"#;
        let kept: Value = serde_json::from_str(call).expect("JSON");
        assert_eq!(without_secrets("call", call), kept);
        let own = without_secrets("context", r#"{"call":{"password":"p"}}"#);
        assert_eq!(own["call"]["password"], "p");
    }
}
