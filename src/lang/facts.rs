//! What the conditions and templates of rules can speak of: the call, what is known of it, the time.
//!
//! A root costs nothing until a rule asks for it: its JSON is parsed then, and Vapi's secrets are
//! taken out of it. It never fails: what is missing or is no JSON is an empty object, or null.

mod shape;

use std::{borrow::Cow, cell::OnceCell, fmt, sync::Arc};

use bytestring::ByteString;
use serde_json::{Map, Value, json};

pub use shape::{Missing, missing};

/// The names that conditions and templates see.
pub const ROOTS: &[&str] = &[
    "call",
    "customer",
    "phoneNumber",
    "assistant",
    "metadata",
    "variables",
    "context",
    FETCH,
    "turn",
    "request",
    "route",
    "now",
];

/// The root of what rules fetched.
pub const FETCH: &str = "fetch";

/// The roots that come from Vapi. What the user's own systems put or answered is left as it is.
const FROM_VAPI: &[&str] = &[
    "call",
    "customer",
    "phoneNumber",
    "assistant",
    "metadata",
    "variables",
];

/// The roots that are one value, null until it is known.
const SINGLE: &[&str] = &["route", "now"];

/// What is known in one turn, by root. Made by one request, on one thread; a copy shares the values.
#[derive(Clone)]
pub struct Facts {
    roots: Vec<Root>,
}

#[derive(Clone)]
struct Root {
    name: &'static str,
    json: ByteString,
    value: OnceCell<Arc<Value>>,
}

impl Facts {
    /// Facts of which every root is there and empty.
    pub fn new() -> Facts {
        let roots = ROOTS.iter().map(|&name| Root {
            name,
            json: ByteString::new(),
            value: OnceCell::new(),
        });
        Facts {
            roots: roots.collect(),
        }
    }

    /// Sets a root to JSON text, which is parsed when it is first asked for.
    pub fn set_json(&mut self, root: &'static str, json: ByteString) {
        if let Some(found) = self.roots.iter_mut().find(|known| known.name == root) {
            found.json = json;
            found.value = OnceCell::new();
        }
    }

    /// Sets a root to a value.
    pub fn set(&mut self, root: &'static str, value: Value) {
        if let Some(found) = self.roots.iter_mut().find(|known| known.name == root) {
            found.value = OnceCell::from(Arc::new(complete(root, value)));
        }
    }

    /// The JSON text that a root was set to; none where it was not set, or set to a value.
    pub fn json(&self, name: &str) -> Option<&ByteString> {
        let root = self.roots.iter().find(|root| root.name == name)?;
        Some(&root.json).filter(|json| !json.is_empty())
    }

    /// The value of a root; none where there is no such root.
    pub fn root(&self, name: &str) -> Option<&Value> {
        self.shared(name).map(Arc::as_ref)
    }

    /// As [`Facts::root`], for what outlives the borrow.
    pub(super) fn shared(&self, name: &str) -> Option<&Arc<Value>> {
        let root = self.roots.iter().find(|root| root.name == name)?;
        Some(root.value.get_or_init(|| {
            let value = serde_json::from_str(&root.json).unwrap_or(Value::Null);
            Arc::new(complete(root.name, value))
        }))
    }

    /// The first part of a path that is not there (`Err`), or the value at its end.
    pub(super) fn at<'a, 'p>(&'a self, path: &'p [String]) -> Result<&'a Value, &'p [String]> {
        let mut at = path.first().and_then(|root| self.root(root)).ok_or(path)?;
        for (depth, key) in path.iter().enumerate().skip(1) {
            at = at.get(key).ok_or(path.get(..=depth).unwrap_or(path))?;
        }
        Ok(at)
    }
}

impl Default for Facts {
    fn default() -> Facts {
        Facts::new()
    }
}

/// Names the roots that were asked for, never what is in them.
impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let read = self.roots.iter().filter(|root| root.value.get().is_some());
        f.write_str("Facts")?;
        f.debug_set().entries(read.map(|root| root.name)).finish()
    }
}

/// Takes Vapi's secrets out and fills in what a rule may count on.
fn complete(root: &str, mut value: Value) -> Value {
    if FROM_VAPI.contains(&root) {
        remove_secrets(&mut value);
    }
    if value.is_null() && !SINGLE.contains(&root) {
        value = Value::Object(Map::new());
    }
    let always = match root {
        "context" => json!({ "call": {}, "customer": {}, "assistant": {}, "global": {} }),
        "turn" => json!({ "number": null, "user": null, "assistant": null }),
        "request" => json!({ "model": null }),
        _ => Value::Null,
    };
    if let (Value::Object(found), Value::Object(always)) = (&mut value, always) {
        for (key, empty) in always {
            let there = found.entry(key).or_insert(Value::Null);
            if there.is_null() {
                *there = empty;
            }
        }
    }
    value
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

/// Whether a key of Vapi's objects holds what lets its reader act for the user: credentials, keys,
/// and the URLs by which anybody may listen to a call or speak into it. Ids and account numbers
/// are none, nor is what only sounds alike (`maxTokens`, `keypadInput`).
fn is_secret(key: &str, value: &Value) -> bool {
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
    NAMES.iter().any(|name| plain.eq_ignore_ascii_case(name))
        || ENDINGS.iter().any(ends_with)
        || (plain == "monitor" && value.is_object())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(root: &'static str, json: &'static str) -> Facts {
        let mut facts = Facts::new();
        facts.set_json(root, json.into());
        facts
    }

    #[test]
    fn every_root_is_there_and_empty() {
        let facts = Facts::new();
        for root in ROOTS {
            let value = facts.root(root).expect(root);
            assert_eq!(value.is_null(), SINGLE.contains(root), "{root}");
        }
        assert_eq!(facts.root("context").expect("context")["global"], json!({}));
        assert_eq!(facts.root("turn").expect("turn")["user"], Value::Null);
        assert_eq!(facts.root("weather"), None);
    }

    #[test]
    fn a_null_is_an_empty_object_and_a_wrong_type_stays() {
        assert_eq!(facts("call", "null").root("call"), Some(&json!({})));
        assert_eq!(facts("call", "{\"id\":").root("call"), Some(&json!({})));
        assert_eq!(facts("call", "3").root("call"), Some(&json!(3)));
        let context = facts("context", r#"{"call": null, "customer": 7}"#);
        let expected = json!({ "call": {}, "customer": 7, "assistant": {}, "global": {} });
        assert_eq!(context.root("context"), Some(&expected));
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
        assert_eq!(facts("call", call).root("call"), Some(&expected));
    }

    #[test]
    fn harmless_names_and_the_own_data_of_users_stay() {
        let call = r#"{"id":1,"type":2,"status":3,"phoneNumberId":4,"customer":{"number":5,"name":6},
            "metadata":{"monitor":"27 inch","headers":["a"],"secretary":"Ann"},"credentialIds":["i"],
            "assistantOverrides":{"variableValues":{"keyword":7}}}"#;
        let kept: Value = serde_json::from_str(call).expect("JSON");
        assert_eq!(facts("call", call).root("call"), Some(&kept));
        let own = facts("context", r#"{"call":{"password":"p"}}"#);
        assert_eq!(
            own.root("context").expect("context")["call"]["password"],
            "p"
        );
    }

    #[test]
    fn debug_prints_no_values() {
        let mut facts = facts("customer", r#"{"name":"Ann"}"#);
        facts.set("now", json!("2026-11-22T10:00:00Z"));
        assert!(facts.root("customer").is_some());
        assert_eq!(format!("{facts:?}"), r#"Facts{"customer", "now"}"#);
    }
}
