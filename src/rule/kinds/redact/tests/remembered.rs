//! The memo of histories: a turn costs its new messages, and nothing else differs.

use super::*;
use serde_json::{Value, json};

const RULE: &str = r#"
find = ["card", "cvv", "ssn", "phone", "email", "pin", "account", "secret"]
known = ["customer.name"]
patterns = { ORDER = 'ORD-\d{8}' }
"#;

/// What is said in a call of many turns, with values that come again in other spellings, roles
/// and places.
fn call(turns: usize) -> Vec<Value> {
    let said = |n: usize| -> Vec<Value> {
        let card = format!("4111 1111 1111 {:04}", 1111 + 9 * (n / 3));
        let phone = format!("415 555 01{:02}", n % 60);
        match n % 6 {
            0 => vec![json!({"role": "user", "content": format!("My card is {card}, \"Dana\".")})],
            1 => {
                // An id that is a number itself is a mark, and stands before the texts or behind.
                let id = match n % 4 {
                    1 => format!("call_{}", 4_155_550_130 + n),
                    _ => format!("c{n}"),
                };
                vec![
                    json!({"role": "assistant", "content": "", "tool_calls": [{"id": id,
                        "type": "function", "function": {"name": "look_up",
                        "arguments": json!({"phone": phone, "note": "a\tb"}).to_string()}}]}),
                    json!({"role": "tool", "tool_call_id": id, "content": format!("{{\"card\":\"{card}\"}}")}),
                ]
            }
            2 => vec![json!({"role": "assistant", "content": "What is your security code?"})],
            3 => vec![json!({"role": "user", "content": format!("{}", 100 + n)})],
            4 => vec![
                json!({"role": "user", "content": [{"type": "text", "text": format!("Call {phone} or ORD-{n:08}.")}]}),
            ],
            _ => vec![
                json!({"role": "assistant", "content": "Thank you, and how else may I help you today?"}),
            ],
        }
    };
    let mut messages =
        vec![json!({"role": "system", "content": "You are Ann. Support: 415 555 0199."})];
    messages.extend((0..turns).flat_map(said));
    messages
}

fn body(messages: &[Value]) -> Value {
    json!({"user": "dana@example.com", "messages": messages})
}

/// What every placeholder of a turn comes back as.
fn restored(rule: &RedactRule, turn: &Turn) -> Vec<String> {
    let all =
        turn.vault.counts().into_iter().flat_map(|(label, count)| {
            (1..=count).map(move |number| format!("[{label}_{number}]"))
        });
    all.map(|said| heard(rule, turn, &LaneKind::Content, &said))
        .collect()
}

fn assert_same(warm: &RedactRule, messages: &[Value]) {
    let dana = || facts(json!({"name": "Dana Whitfield", "number": "+14155550123"}));
    let (got, turn) = sent(warm, dana(), body(messages));
    let fresh = rule(RULE);
    let (expected, fresh_turn) = sent(&fresh, dana(), body(messages));
    assert_eq!(got, expected);
    assert_eq!(restored(warm, &turn), restored(&fresh, &fresh_turn));
    assert_eq!(turn.vault.counts(), fresh_turn.vault.counts());
}

#[test]
fn d15_a_turn_with_the_memo_is_the_turn_without_it() {
    let warm = rule(RULE);
    let messages = call(90);
    for end in 2..=messages.len() {
        assert_same(&warm, &messages[..end]);
        if end % 7 == 0 {
            // A speculative turn on half a sentence, and a history that was transcribed anew.
            let mut other = messages[..end].to_vec();
            other.push(json!({"role": "user", "content": "it is 4111 1111 1111 11"}));
            assert_same(&warm, &other);
            other[end / 2] = json!({"role": "user", "content": "no, 415 555 0142"});
            assert_same(&warm, &other);
        }
    }
    assert!(warm.histories.count() > 4, "{}", warm.histories.count());
}

#[test]
fn what_else_decides_is_part_of_the_memo() {
    let warm = rule(RULE);
    let messages = call(40);
    let name = |name: &str| facts(json!({ "name": name }));
    for who in ["Dana Whitfield", "Ann Lee", "Dana Whitfield"] {
        let (got, _) = sent(&warm, name(who), body(&messages));
        let (expected, _) = sent(&rule(RULE), name(who), body(&messages));
        assert_eq!(got, expected, "{who}");
    }
    // A value in another field of the request takes a number before all of the history.
    for user in ["dana@example.com", "415 555 0100", "nobody"] {
        let body = json!({"user": user, "messages": messages});
        let (got, _) = sent(&warm, name("Ann"), body.clone());
        assert_eq!(got, sent(&rule(RULE), name("Ann"), body).0, "{user}");
    }
}

#[test]
fn s10_nothing_private_is_remembered() {
    let warm = rule(RULE);
    let messages = call(40);
    sent(
        &warm,
        facts(json!({"name": "Dana Whitfield"})),
        body(&messages),
    );
    let remembered = format!("{:?}", warm.histories.all());
    assert!(remembered.contains("[CARD_1]"), "something is remembered");
    assert!(remembered.contains("as_text: 0") && !remembered.contains("as_text: 1"));
    for private in ["4111 1111", "555 01", "ORD-0000", "Dana", "dana@"] {
        assert!(!remembered.contains(private), "{private}");
    }
}

#[test]
fn d14_a_number_is_hidden_in_every_spelling_that_comes_later() {
    let rule = rule(r#"find = ["ssn", "account", "pin", "zip"]"#);
    let messages = json!({"messages": [
        {"role": "user", "content": "my social is five two three four five six seven eight nine"},
        {"role": "assistant", "content": "", "tool_calls": [{"id": "c", "type": "function",
            "function": {"name": "f", "arguments": "{\"x\":523456789}"}}]},
        {"role": "tool", "tool_call_id": "c", "content": "{\"x\":\"523456789\"} and 5234 56789."},
        {"role": "user", "content": "and my account number is 1234567890"},
        {"role": "tool", "tool_call_id": "c", "content": "{\"y\":\"12345 67890\"}"},
    ]});
    let (got, _) = sent(&rule, Facts::default(), messages);
    for private in ["523456789", "5234", "56789", "67890"] {
        assert!(!got.contains(private), "{private} in {got}");
    }
    assert_eq!(got.matches("[SSN_1]").count(), 4, "{got}");
    assert_eq!(got.matches("[ACCOUNT_1]").count(), 2, "{got}");
}

#[test]
fn s17_a_role_that_nobody_knows_is_searched_too() {
    let rule = rule(r#"find = ["card"]"#);
    let messages = json!({"messages": [{"role": "observer", "content": "card 4111111111111111"}]});
    let (got, _) = sent(&rule, Facts::default(), messages);
    assert!(got.contains("card [CARD_1]"), "{got}");
}

#[test]
fn d16_an_account_given_in_pieces_behind_its_cue_is_hidden_in_each() {
    let rule = rule(r#"find = ["account", "secret"]"#);
    let said = |role: &str, text: &str| json!({"role": role, "content": text});
    let messages = json!({"messages": [
        said("user", "my account number is one two three"),
        said("assistant", "mhm"),
        said("user", "four five six"),
        said("assistant", "mhm"),
        said("user", "seven eight nine"),
        said("user", "and the password is hunter2"),
    ]});
    let (got, _) = sent(&rule, Facts::default(), messages);
    for private in ["one two", "four five", "seven eight", "hunter2"] {
        assert!(!got.contains(private), "{private} in {got}");
    }
}

#[test]
fn r27_rules_that_replace_others_remember_nothing_of_them() {
    let (old, new) = ("find = [\"card\"]", "find = [\"phone\"]\nstyle = \"mask\"");
    let (before, after) = (rule(old), rule(new));
    for turns in [6, 18, 30] {
        // A turn of the old version may come between two of the new.
        for (warm, text) in [(&before, old), (&after, new), (&before, old), (&after, new)] {
            let (got, _) = sent(warm, facts(json!({})), body(&call(turns)));
            let (expected, _) = sent(&rule(text), facts(json!({})), body(&call(turns)));
            assert_eq!(got, expected, "{text}: {turns}");
        }
    }
    assert!(before.histories.count() > 0 && after.histories.count() > 0);
}
