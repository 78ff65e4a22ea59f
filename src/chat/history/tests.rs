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
fn several_keep_their_order_wherever_they_are_put() {
    for (place, expected) in [
        (HistoryPlace::Tail, vec![SYSTEM, "x", "y", USER]),
        (HistoryPlace::End, vec![SYSTEM, USER, "x", "y"]),
        (HistoryPlace::Start, vec!["x", "y", SYSTEM, USER]),
        (
            HistoryPlace::BehindInstructions,
            vec![SYSTEM, "x", "y", USER],
        ),
        (HistoryPlace::InsteadOfInstructions, vec!["x", "y", USER]),
        (HistoryPlace::FirstUser, vec![SYSTEM, "x", "y", USER]),
    ] {
        let mut request = request(&[SYSTEM, USER]);
        let both = vec![Message::new("user", "x"), Message::new("assistant", "y")];
        assert!(request.history().put_all(place, both));
        assert_eq!(written(&request), expected, "{place:?}");
    }
}

#[test]
fn a_user_message_is_found_by_those_behind_it() {
    let all = [SYSTEM, USER, PAIR[0], PAIR[1], USER, USER];
    for (behind, at) in [(0, 5), (1, 4), (2, 1), (3, 1), (usize::MAX, 1)] {
        let mut request = request(&all);
        // What a rule says as if the caller did is no message of the client's.
        request
            .history()
            .put(HistoryPlace::Start, Message::new("user", "r"));
        assert!(request.history().put_before_user(behind, 1, vec![new("x")]));
        assert_eq!(
            written(&request).iter().position(|it| it == "x"),
            Some(at + 1)
        );
    }
    let mut silent = request(&[SYSTEM]);
    assert!(!silent.history().put(HistoryPlace::FirstUser, new("x")));
    assert_eq!(written(&silent), [SYSTEM]);
}

#[test]
fn what_came_earlier_stands_before_what_came_later() {
    let mut request = request(&[SYSTEM, USER]);
    let mut history = request.history();
    history.put(HistoryPlace::Tail, new("t"));
    for (since, text) in [(3, "c"), (1, "a"), (3, "d"), (2, "b")] {
        assert!(history.put_before_user(0, since, vec![new(text)]));
    }
    history.put(HistoryPlace::FirstUser, new("0"));
    let expected = [SYSTEM, "0", "a", "b", "c", "d", "t", USER];
    assert_eq!(written(&request), expected);
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
