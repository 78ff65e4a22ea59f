use serde_json::{Value, json};

use super::*;

fn messages(all: Value) -> Vec<Message> {
    let all = all.as_array().expect("a list").clone();
    all.iter()
        .map(|one| Message::parse(one.to_string().into()).expect("a message"))
        .collect()
}

fn call(id: &str) -> Value {
    json!({"id": id, "type": "function", "function": {"name": format!("tool_{id}"), "arguments": "{}"}})
}

fn asks(ids: &[&str]) -> Value {
    let calls: Vec<Value> = ids.iter().map(|id| call(id)).collect();
    json!({"role": "assistant", "content": null, "tool_calls": calls})
}

fn result(id: &str) -> Value {
    json!({"role": "tool", "tool_call_id": id, "content": "{}"})
}

fn user() -> Value {
    json!({"role": "user", "content": "Hi."})
}

/// Of each pair: where it was asked, and of each call the results.
fn found(all: Value) -> Vec<(usize, Vec<Vec<usize>>)> {
    let pairs = tool_pairs(&messages(all));
    let results = |pair: &ToolPair| pair.calls.iter().map(|call| call.results.clone()).collect();
    pairs
        .iter()
        .map(|pair| (pair.asked, results(pair)))
        .collect()
}

#[test]
fn a_result_is_found_by_its_calls_id_wherever_it_stands() {
    let all = json!([
        user(),
        asks(&["a", "b"]),
        result("b"),
        user(),
        result("a"),
        user()
    ]);
    assert_eq!(found(all.clone()), [(1, vec![vec![4], vec![2]])]);
    let messages = messages(all);
    let pair = &tool_pairs(&messages)[0];
    let parted = (0..6).filter(|place| pair.is_parted_at(*place));
    assert_eq!(parted.collect::<Vec<_>>(), [2, 3, 4]);
    assert!(pair.is_answered());
    assert_eq!(
        (pair.calls[0].id.as_deref(), &*pair.calls[1].tool),
        (Some("a"), "tool_b")
    );
}

#[test]
fn several_results_and_missing_ones_are_told() {
    let all = json!([
        asks(&["a", "b"]),
        result("a"),
        result("a"),
        result("c"),
        user()
    ]);
    assert_eq!(found(all.clone()), [(0, vec![vec![1, 2], vec![]])]);
    assert!(!tool_pairs(&messages(all))[0].is_answered());
}

#[test]
fn an_id_that_comes_again_is_the_newest_calls() {
    let all = json!([
        asks(&["0"]),
        result("0"),
        user(),
        asks(&["0"]),
        result("0"),
        result("0")
    ]);
    assert_eq!(found(all), [(0, vec![vec![1]]), (3, vec![vec![4, 5]])]);
}

#[test]
fn a_function_call_of_2023_is_found_by_its_name() {
    let asks = |name: &str| json!({"role": "assistant", "content": null, "function_call": {"name": name, "arguments": "{}"}});
    let result = |name: &str| json!({"role": "function", "name": name, "content": "{}"});
    let all = json!([
        asks("f"),
        result("g"),
        result("f"),
        user(),
        asks("f"),
        result("f")
    ]);
    assert_eq!(found(all), [(0, vec![vec![2]]), (4, vec![vec![5]])]);
}

#[test]
fn what_only_looks_like_a_call_is_none() {
    let odd = |field: &str, value: Value| {
        let mut message = json!({"role": "assistant", "content": "x"});
        message[field] = value;
        message
    };
    let all = json!([
        odd("tool_calls", Value::Null),
        odd("tool_calls", json!([])),
        odd("tool_calls", json!({"id": "a"})),
        odd("function_call", Value::Null),
        {"role": "user", "content": "x", "tool_calls": [call("a")]},
        result("a"),
        {"role": "tool", "content": "x"},
    ]);
    assert_eq!(found(all), []);
    let without_ids = json!([
        odd(
            "tool_calls",
            json!([{"type": "custom", "custom": {"name": "c"}}, 3])
        ),
        result("a")
    ]);
    assert_eq!(found(without_ids), [(0, vec![vec![], vec![]])]);
}

#[test]
fn a_long_history_is_read_in_one_walk() {
    let ids: Vec<String> = (0..20_000).map(|id| id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut all = vec![asks(&ids)];
    all.extend(ids.iter().map(|id| result(id)));
    let messages = messages(all.into());
    assert!(tool_pairs(&messages)[0].is_answered());
}
