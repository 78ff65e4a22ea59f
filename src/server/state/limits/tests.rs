use super::*;

fn limits(text: &str, keys: usize) -> UsageLimits {
    let limits: config::Limits = toml::from_str(text).expect("limits");
    UsageLimits::new(&limits, &of(keys))
}

fn of(keys: usize) -> Vec<Key> {
    let key = |n| Key::try_from(format!("key-{n}")).expect("a key");
    (0..keys).map(key).collect()
}

#[test]
fn what_was_used_stays_counted_when_the_config_is_read_again() {
    let text = "turns_per_key = \"1/h\"\ncall_turns = 2";
    let old = limits(text, 1);
    assert!(old.admit(0, Some("a")).is_ok());
    let again: config::Limits = toml::from_str(text).expect("limits");
    assert_eq!(
        shed(&old.renewed(&again, &of(1)), 0, None),
        Some("turns_per_key")
    );
    let new = old.renewed(&again, &of(2));
    assert_eq!(
        shed(&new, 0, Some("a")),
        None,
        "another key's share is its own"
    );
    assert_eq!(shed(&new, 1, Some("a")), Some("call_turns"));
}

fn shed(limits: &UsageLimits, key: usize, call: Option<&str>) -> Option<&'static str> {
    limits.admit(key, call).err().map(ShedReason::reason)
}

#[test]
fn s26_a_key_has_so_many_turns_under_way_and_another_has_its_own() {
    let limits = limits("streams_per_key = 2", 2);
    let held = [limits.admit(0, None), limits.admit(0, None)];
    assert!(held.iter().all(Result::is_ok));
    assert_eq!(shed(&limits, 0, None), Some("streams_per_key"));
    assert_eq!(shed(&limits, 0, None), Some("streams_per_key"), "no leak");
    assert_eq!(shed(&limits, 1, None), None);
    drop(held);
    assert_eq!(shed(&limits, 0, None), None);
}

#[test]
fn s26_a_key_asks_so_often_and_is_told_when_to_come_again() {
    let limits = limits("turns_per_key = \"2/h\"", 2);
    assert_eq!(shed(&limits, 0, None), None);
    assert_eq!(shed(&limits, 0, None), None);
    let Err(ShedReason::TurnsPerKey(wait)) = limits.admit(0, None) else {
        panic!("the third is one too many");
    };
    assert!((1700..=1800).contains(&wait.as_secs()), "{wait:?}");
    assert_eq!(shed(&limits, 1, None), None);
}

#[test]
fn s26_a_call_has_so_many_turns_and_tokens() {
    let limits = limits("call_turns = 2\ncall_tokens = 3", 0);
    let first = limits.admit(0, Some("a")).expect("the first");
    assert!(first.send(|| 8).is_ok());
    first.hear(3);
    let second = limits.admit(0, Some("a")).expect("the second");
    assert_eq!(
        second.send(|| 2),
        Err(ShedReason::CallTokens),
        "13 of 12 bytes"
    );
    assert_eq!(second.send(|| 1), Ok(()));
    assert_eq!(shed(&limits, 0, Some("a")), Some("call_turns"));
    assert_eq!(shed(&limits, 0, Some("b")), None);
    for _ in 0..4 {
        let alone = limits.admit(0, None).expect("it is of no call");
        assert!(alone.send(|| 100).is_ok());
    }
}

#[test]
fn without_limits_no_call_is_counted() {
    let limits = limits("", 1);
    for _ in 0..50 {
        let turn = limits.admit(0, Some("a")).expect("there is no limit");
        assert!(turn.send(|| unreachable!("nobody asks")).is_ok());
    }
    limits.calls.run_pending_tasks();
    assert_eq!(limits.calls.entry_count(), 0);
}

#[test]
fn neither_a_key_nor_a_call_is_shown() {
    let limits = limits("call_turns = 2", 1);
    let turn = limits.admit(0, Some("owner-key\ncall-id"));
    let shown = format!("{limits:?}{turn:?}");
    assert!(!shown.contains("owner-key") && !shown.contains("call-id"));
}
