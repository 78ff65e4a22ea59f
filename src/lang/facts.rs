//! What the conditions and templates of rules can speak of: the call, what is known of it, the time.
//!
//! A root costs nothing until a rule asks for it: its JSON is parsed then, and what no rule may see is
//! taken out of it: what that is, is handed in. It never fails: what is missing or is no JSON is an
//! empty object, or null.

mod shape;

use std::{cell::OnceCell, fmt, sync::Arc};

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

/// The roots that are one value, null until it is known.
const SINGLE: &[&str] = &["route", "now"];

/// What is known in one turn, by root. Made by one request, on one thread; a copy shares the values.
#[derive(Clone)]
pub struct Facts {
    roots: Vec<FactRoot>,
    take_out: TakeOut,
}

/// Takes out of the value of a root, which is named, what no rule may see.
pub type TakeOut = fn(&str, &mut Value);

#[derive(Clone)]
struct FactRoot {
    name: &'static str,
    json: ByteString,
    value: OnceCell<Arc<Value>>,
}

impl Facts {
    /// Facts of which every root is there and empty.
    pub fn new(take_out: TakeOut) -> Facts {
        let roots = ROOTS.iter().map(|&name| FactRoot {
            name,
            json: ByteString::new(),
            value: OnceCell::new(),
        });
        Facts {
            roots: roots.collect(),
            take_out,
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
        let take_out = self.take_out;
        if let Some(found) = self.roots.iter_mut().find(|known| known.name == root) {
            found.value = OnceCell::from(Arc::new(complete(root, value, take_out)));
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
            Arc::new(complete(root.name, value, self.take_out))
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

/// Facts of nothing that came from outside: nothing is taken out of them.
impl Default for Facts {
    fn default() -> Facts {
        Facts::new(|_, _| {})
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

/// Takes out what no rule may see and fills in what a rule may count on.
fn complete(root: &str, mut value: Value, take_out: TakeOut) -> Value {
    take_out(root, &mut value);
    if value.is_null() && !SINGLE.contains(&root) {
        value = Value::Object(Map::new());
    }
    let always = match root {
        "context" => json!({ "call": {}, "customer": {}, "assistant": {}, "global": {} }),
        "turn" => json!({
            "number": null, "user": null, "assistant": null, "steps": null, "interrupted": null,
        }),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(root: &'static str, json: &'static str) -> Facts {
        let mut facts = Facts::default();
        facts.set_json(root, json.into());
        facts
    }

    #[test]
    fn every_root_is_there_and_empty() {
        let facts = Facts::default();
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
    fn what_no_rule_may_see_is_taken_out_however_a_root_is_set() {
        let mut facts = Facts::new(|root, value| value["taken_from"] = root.into());
        facts.set_json("call", "{}".into());
        facts.set("customer", json!({}));
        for root in ["call", "customer"] {
            assert_eq!(facts.root(root), Some(&json!({ "taken_from": root })));
        }
    }

    #[test]
    fn debug_prints_no_values() {
        let mut facts = facts("customer", r#"{"name":"Ann"}"#);
        facts.set("now", json!("2026-11-22T10:00:00Z"));
        assert!(facts.root("customer").is_some());
        assert_eq!(format!("{facts:?}"), r#"Facts{"customer", "now"}"#);
    }
}
