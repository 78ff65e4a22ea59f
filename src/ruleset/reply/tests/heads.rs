//! What clients hear of a tool call first: its id, its type and its whole name, once.

use serde_json::{Value, json};

use super::*;

const TEXTS: &str = "about = \"x\"\n[then.redact]\nfind = [\"email\"]\nrestore_tools = [\"pay\"]";

/// The pieces of calls that arrive, as a strict client reads them: number, id, name, arguments.
fn arrive(pieces: &[Value]) -> Vec<(u64, String, String, String)> {
    let deltas = pieces.iter().map(|piece| json!({ "tool_calls": piece }));
    let deltas: Vec<String> = deltas.map(|delta| delta.to_string()).collect();
    let deltas: Vec<&str> = deltas.iter().map(String::as_str).collect();
    let stream = [sse(&deltas), finish()].concat();
    let played = play(reply(&[TEXTS], "a@example.com"), &[&stream]);
    check_well_formed("heads", &played);
    let mut calls: Vec<(u64, String, String, String)> = Vec::new();
    for chunk in chunks(&played) {
        let delta = &chunk["choices"][0]["delta"];
        for call in delta["tool_calls"].as_array().into_iter().flatten() {
            let number = call["index"].as_u64().expect("a number");
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let function = &call["function"];
            let arguments = text(&function["arguments"]);
            match calls.iter_mut().find(|known| known.0 == number) {
                Some(known) => {
                    assert_eq!(text(&call["id"]), "", "{played}");
                    assert_eq!(text(&function["name"]), "", "{played}");
                    known.3.push_str(&arguments);
                }
                None => {
                    assert_eq!(call["type"], "function", "{played}");
                    let (id, name) = (text(&call["id"]), text(&function["name"]));
                    assert!(!id.is_empty() && !name.is_empty(), "{played}");
                    calls.push((number, id, name, arguments));
                }
            }
        }
    }
    calls
}

fn piece(id: Value, name: Value, arguments: &str) -> Value {
    json!([{"index": 0, "id": id, "type": "function",
        "function": {"name": name, "arguments": arguments}}])
}

#[test]
fn a_call_says_id_and_whole_name_once_however_they_come() {
    let (none, id) = (Value::Null, json!("a"));
    let halves = ["{\"to\":\"[EMA", "IL_1]\"}"];
    let go_on = |half: &str| piece(none.clone(), none.clone(), half);
    for begin in [
        vec![piece(id.clone(), json!("pay"), "")],
        vec![piece(id.clone(), json!("pay"), ""); 3],
        vec![
            piece(id.clone(), none.clone(), ""),
            piece(none.clone(), json!("pay"), ""),
        ],
        vec![
            piece(id.clone(), json!(""), ""),
            piece(id.clone(), json!("pay"), ""),
        ],
        vec![
            piece(id.clone(), json!("pa"), ""),
            piece(none.clone(), json!("y"), ""),
        ],
        vec![
            piece(id.clone(), json!("p"), ""),
            piece(none.clone(), json!("a"), ""),
            piece(json!(""), json!("y"), ""),
        ],
    ] {
        let pieces = [begin, vec![go_on(halves[0]), go_on(halves[1])]].concat();
        let expected = (
            0,
            "a".to_owned(),
            "pay".to_owned(),
            "{\"to\":\"a@example.com\"}".to_owned(),
        );
        assert_eq!(arrive(&pieces), [expected], "{pieces:?}");
    }
    // Its name comes with its last arguments, or behind them.
    for pieces in [
        vec![
            piece(id.clone(), none.clone(), halves[0]),
            piece(none.clone(), json!("pay"), halves[1]),
        ],
        vec![
            piece(id.clone(), none.clone(), halves[0]),
            go_on(halves[1]),
            piece(none.clone(), json!("pay"), ""),
        ],
        vec![
            piece(id.clone(), json!("pay"), halves[0]),
            piece(id.clone(), json!("pay"), halves[1]),
        ],
        vec![
            piece(json!("1"), json!("pay"), ""),
            piece(json!("2"), none.clone(), halves[0]),
            piece(json!("3"), none.clone(), halves[1]),
        ],
    ] {
        let calls = arrive(&pieces);
        let told: Vec<_> = calls.iter().map(|call| (&*call.2, &*call.3)).collect();
        assert_eq!(told, [("pay", "{\"to\":\"a@example.com\"}")], "{pieces:?}");
    }
    assert_eq!(arrive(&[piece(id.clone(), json!("pay"), "")]).len(), 1);
    assert_eq!(arrive(&[piece(none.clone(), json!("pay"), "")]).len(), 1);
    assert_eq!(
        arrive(&[piece(id, none.clone(), ""), piece(none.clone(), none, "")]).len(),
        0
    );
}

#[test]
fn a_call_without_an_id_gets_one_of_its_own() {
    for id in [Value::Null, json!("")] {
        let one = |name: &str| piece(id.clone(), json!(name), "{}")[0].clone();
        let calls = arrive(&[json!([one("pay"), one("pay")]), json!([one("book")])]);
        let names: Vec<&str> = calls.iter().map(|call| &*call.2).collect();
        assert_eq!(names, ["pay", "pay", "book"]);
        let ids: std::collections::HashSet<&str> = calls.iter().map(|call| &*call.1).collect();
        assert_eq!(ids.len(), 3, "{calls:?}");
        let call =
            json!({"id": id, "type": "function", "function": {"name": "pay", "arguments": "{}"}});
        let completion =
            json!({"id": "c", "choices": [{"index": 0, "message": {"tool_calls": [call]}}]});
        let whole = reply(&[], "Hi")
            .whole(&completion.to_string())
            .expect("a completion");
        let whole: Value = serde_json::from_slice(&whole).expect("JSON");
        let call = &whole["choices"][0]["message"]["tool_calls"][0];
        assert!(
            call["id"].as_str().is_some_and(|id| !id.is_empty()),
            "{whole}"
        );
        assert!(call.get("index").is_none());
    }
}

#[test]
fn what_else_a_piece_has_stays_and_right_pieces_stay_as_they_came() {
    let odd = json!([{"index": 0, "id": "", "extra_content": {"google": {"x": 1.50}},
        "function": {"name": "pay", "arguments": "{}", "y": 2}}]);
    let deltas = [json!({ "tool_calls": odd }).to_string()];
    let stream = [sse(&[&deltas[0]]), finish()].concat();
    let played = play(reply(&[], "Hi"), &[&stream]);
    let call = chunks(&played)[0]["choices"][0]["delta"]["tool_calls"][0].clone();
    assert_eq!(call["extra_content"]["google"]["x"], 1.5);
    assert_eq!(call["function"]["y"], 2);
    let right = [
        json!({"tool_calls": piece(json!("a"), json!("pay"), "")}).to_string(),
        json!({"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]}).to_string(),
    ];
    let stream = sse(&[&right[0], &right[1]]);
    let played = play(reply(&[], "Hi"), &[&stream]);
    assert!(played.as_bytes().starts_with(&stream), "{played}");
}

#[test]
fn an_empty_role_and_a_choice_without_a_number_are_written_as_clients_read_them() {
    let stream = "data: {\"choices\":[{\"delta\":{\"role\":\"\",\"content\":\"Hi\"}}]}\n\n\
        data: {\"choices\":[{\"index\":null,\"delta\":{\"content\":\".\"},\"finish_reason\":\"stop\"}]}\n\n";
    let played = play(reply(&[], "Hi"), &[stream.as_bytes()]);
    for chunk in chunks(&played) {
        assert_eq!(chunk["choices"][0]["index"], 0, "{played}");
    }
    assert_eq!(
        chunks(&played)[0]["choices"][0]["delta"]["role"],
        "assistant"
    );
}
