//! Names that something else than the table finds: asked once a text, and only of what is said.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::detect::NameFinder;
use crate::rule::Clock;

/// Finds one name, and counts how often it was asked.
#[derive(Debug, Default)]
struct OneName {
    asked: AtomicUsize,
}

impl NameFinder for OneName {
    fn version(&self) -> &'static str {
        "one"
    }

    fn names(&self, text: &str, has_enough: &dyn Fn() -> bool) -> Option<Vec<Range<usize>>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let found = text.match_indices("vrenka");
        (!has_enough()).then(|| found.map(|(at, name)| at..at + name.len()).collect())
    }
}

fn rule_with_names(toml: &str) -> (RedactRule, Arc<OneName>, bool) {
    let (mut rule, finder) = (rule(toml), Arc::new(OneName::default()));
    let shared: SharedNameFinder = finder.clone();
    let is_used = rule.use_names(&shared);
    (rule, finder, is_used)
}

fn body() -> serde_json::Value {
    serde_json::json!({"messages": [
        {"role": "system", "content": "be kind to vrenka"},
        {"role": "assistant", "content": "anything else"},
        {"role": "user", "content": "it came with vrenka as usual"},
    ]})
}

#[test]
fn what_is_said_is_asked_of_once() {
    let (rule, finder, is_used) = rule_with_names("find = [\"name\"]");
    assert!(is_used);
    for _ in 0..3 {
        let (sent, _) = sent(&rule, Facts::default(), body());
        assert!(sent.contains("it came with [NAME_1] as usual"), "{sent}");
        assert_eq!(finder.asked.load(Ordering::Relaxed), 2);
    }
}

#[test]
fn a_rule_without_names_asks_nobody() {
    let (rule, finder, is_used) = rule_with_names("find = [\"card\"]");
    assert!(!is_used);
    sent(&rule, Facts::default(), body());
    assert_eq!(finder.asked.load(Ordering::Relaxed), 0);
}

#[test]
fn without_time_the_table_has_to_do_until_there_is() {
    let (rule, finder, _) = rule_with_names("find = [\"name\"]");
    let hidden = |is_half_over: bool| {
        let mut request = ChatRequest::parse(body().to_string().into()).expect("a request");
        let mut turn = Turn::new(Facts::default());
        turn.clock = Clock::new(|| false).with_half(move || is_half_over);
        rule.on_request(&mut request, &mut turn).expect("it works");
        turn.vault.counts().len()
    };
    assert_eq!(hidden(true), 0);
    assert_eq!(hidden(false), 1);
    assert_eq!(finder.asked.load(Ordering::Relaxed), 4);
}
