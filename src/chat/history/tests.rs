use super::*;
use crate::chat::fields;
use crate::chat::message::PutBy;
use crate::chat::request::Takes;

const PAIR: [&str; 2] = [
    r#"{"role":"assistant","tool_calls":[ {"id":"a"} ]}"#,
    r#"{"role":"tool","tool_call_id":"a","content":"1e0"}"#,
];
const SYSTEM: &str = r#"{"role":"system", "content":"s"}"#;
const USER: &str = r#"{"content":"u","role":"user"}"#;

fn request(messages: &[&str]) -> ChatRequest {
    let body = format!("{{\"messages\":[{}]}}", messages.join(" , "));
    ChatRequest::parse(body.into()).expect("a request")
}

fn new(text: &str) -> Message {
    Message::new("system", text)
}

/// The messages as they go upstream; `new` ones by what they say.
fn written(request: &ChatRequest) -> Vec<String> {
    let each = request.messages().iter().map(|message| {
        let mut out = String::new();
        message.write(&|key| fields::MESSAGE.contains(&key), &mut out);
        match message.put_by() {
            PutBy::Client => out,
            _ => message.text().into_owned(),
        }
    });
    each.collect()
}

#[test]
fn a_message_is_put_where_it_is_meant_and_the_rest_keeps_its_bytes() {
    let all = [SYSTEM, USER, PAIR[0], PAIR[1]];
    for (place, expected) in [
        (
            HistoryPlace::Tail,
            vec![SYSTEM, "x", USER, PAIR[0], PAIR[1]],
        ),
        (HistoryPlace::End, vec![SYSTEM, USER, PAIR[0], PAIR[1], "x"]),
        (
            HistoryPlace::Start,
            vec!["x", SYSTEM, USER, PAIR[0], PAIR[1]],
        ),
        (
            HistoryPlace::BehindInstructions,
            vec![SYSTEM, "x", USER, PAIR[0], PAIR[1]],
        ),
        (
            HistoryPlace::InsteadOfInstructions,
            vec!["x", USER, PAIR[0], PAIR[1]],
        ),
    ] {
        let mut request = request(&all);
        request.history().put(place, new("x"));
        assert_eq!(written(&request), expected, "{place:?}");
        let is_at_tail = matches!(place, HistoryPlace::Tail | HistoryPlace::End);
        let at_tail = request.messages().iter().filter(|it| it.is_at_tail());
        assert_eq!(at_tail.count(), usize::from(is_at_tail));
    }
}

#[test]
fn nothing_is_put_between_a_call_and_its_results() {
    for (at, expected) in [
        (0, vec!["x", USER, PAIR[0], PAIR[1], USER]),
        (1, vec![USER, "x", PAIR[0], PAIR[1], USER]),
        (2, vec![USER, "x", PAIR[0], PAIR[1], USER]),
        (3, vec![USER, PAIR[0], PAIR[1], "x", USER]),
        (9, vec![USER, PAIR[0], PAIR[1], USER, "x"]),
    ] {
        let mut request = request(&[USER, PAIR[0], PAIR[1], USER]);
        request.history().insert(at, new("x"));
        assert_eq!(written(&request), expected, "{at}");
    }
}

#[test]
fn what_belongs_together_goes_together() {
    let all = [SYSTEM, PAIR[0], PAIR[1], USER];
    for (gone, count, expected) in [
        (vec![], 0, all.to_vec()),
        (vec![1], 2, vec![SYSTEM, USER]),
        (vec![2], 2, vec![SYSTEM, USER]),
        (vec![0, 3], 2, vec![PAIR[0], PAIR[1]]),
        (vec![7], 0, all.to_vec()),
    ] {
        let mut request = request(&all);
        let removed = request.history().remove(|at| gone.contains(&at));
        assert_eq!(
            (removed, written(&request)),
            (count, expected.iter().map(|it| (*it).to_owned()).collect())
        );
    }
}

#[test]
fn a_history_that_nobody_changed_goes_as_it_came() {
    let mut request = request(&[USER, PAIR[0]]);
    request.history().remove(|_| false);
    assert_eq!(request.history().take_watched().map(|it| it.role()), None);
    let sent = String::from_utf8(request.write(&Takes::default())).expect("UTF-8");
    assert_eq!(sent, format!("{{\"messages\":[{USER} , {}]}}", PAIR[0]));
}

#[test]
fn what_a_watcher_put_in_is_known_wherever_it_stands() {
    let mut request = request(&[USER]);
    request.history().put(HistoryPlace::End, new("w").watched());
    request.history().put(HistoryPlace::Start, new("x"));
    request.history().put(HistoryPlace::End, new("y"));
    let sent = request.write(&Takes::default());
    assert!(!String::from_utf8_lossy(&sent).contains('w'));
    let watched = request.history().take_watched().expect("it is there");
    assert_eq!(watched.text(), "w");
    assert_eq!(written(&request), ["x", USER, "y"]);
}
