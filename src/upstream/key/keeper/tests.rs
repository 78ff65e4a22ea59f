use secrecy::ExposeSecret;

use super::*;
use crate::upstream::{CommandSource, KeyPlace};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_key_is_renewed_before_it_ends() {
    for (good_for, after) in [
        (3600 * SECOND, 3300 * SECOND),
        (300 * SECOND, 240 * SECOND),
        (10 * SECOND, 8 * SECOND),
        (SECOND, Duration::from_millis(800)),
        (Duration::from_millis(1), SHORTEST),
    ] {
        assert_eq!(renewal_after(good_for), after, "{good_for:?}");
    }
}

#[test]
fn a_refused_key_is_renewed_at_once_and_then_ever_more_seldom() {
    let start = Instant::now();
    let mut patience = Patience::new(start);
    let mut now = start;
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let next = patience.take(now);
        pauses.push((next - now).as_secs());
        now = next;
    }
    assert_eq!(pauses, [0, 2, 4, 8, 16, 32, 60, 60]);
    let later = now + 3 * LONGEST_PATIENCE;
    assert_eq!(patience.take(later), later);
    assert_eq!(patience.take(later), later + FIRST_PATIENCE);
}

fn keeper() -> (Arc<KeptKey>, KeyKeeper) {
    let words = ["true".to_owned()];
    let command = CommandSource::new(&words, SECOND).expect("a program");
    let key = KeptKey::new(KeySource::Command(command), KeyPlace::Bearer).expect("a key");
    let key = Arc::new(key);
    let keeper = KeyKeeper::new(Arc::downgrade(&key), "a".to_owned());
    (key, keeper)
}

#[test]
fn the_last_good_key_stays_and_each_failure_is_told_once() {
    let (key, mut keeper) = keeper();
    assert_eq!(key.is_stale(), Some(false));
    let silent = || KeyError::Silent(SECOND);
    let pauses: Vec<_> = (0..7)
        .map(|_| keeper.failed(&key, &silent(), false).as_secs())
        .collect();
    assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
    keeper.failed(&key, &KeyError::NoToken("x"), false);
    keeper.failed(&key, &silent(), false);
    assert_eq!(keeper.told_of.len(), 2);
    assert_eq!((key.generation(), key.is_stale()), (0, Some(true)));
    for (text, generation) in [("one", 1), ("one", 1), ("two", 2)] {
        let pause = keeper.renewed(&key, text.into(), Some(10 * SECOND), false);
        assert_eq!(pause, 8 * SECOND);
        assert_eq!(
            (key.generation(), key.is_stale()),
            (generation, Some(false))
        );
        assert!(keeper.told_of.is_empty());
    }
    assert_eq!(
        keeper.failed(&key, &silent(), false),
        SECOND,
        "it begins anew"
    );
    assert_eq!(
        key.text().map(|key| key.expose_secret().to_owned()),
        Some("two".into())
    );
    assert!(!format!("{key:?}").contains("two"));
}

#[test]
fn only_the_key_that_counts_is_refused() {
    let (key, mut keeper) = keeper();
    let told = key.listen().expect("nobody listens yet");
    assert!(key.listen().is_none());
    keeper.renewed(&key, "one".into(), None, false);
    keeper.renewed(&key, "two".into(), None, false);
    key.refused(1);
    assert!(told.try_recv().is_err());
    for _ in 0..3 {
        key.refused(2);
    }
    let began = Instant::now();
    assert!(keeper.wait(&told, 60 * SECOND).is_some());
    assert!(began.elapsed() < 30 * SECOND, "a new one is got at once");
    assert!(told.try_recv().is_err(), "it was told once");
    drop(key);
    assert!(
        keeper.wait(&told, 60 * SECOND).is_none(),
        "it ends with its key"
    );
}

#[tokio::test(start_paused = true)]
async fn the_first_key_is_waited_for_and_a_failed_attempt_is_not() {
    let (key, mut keeper) = keeper();
    let began = tokio::time::Instant::now();
    assert!(key.ready(SECOND).await.is_err());
    assert_eq!(began.elapsed(), SECOND);
    let (waited, ()) = tokio::join!(key.ready(SECOND), async {
        keeper.renewed(&key, "one".into(), None, false);
    });
    let waited = waited.ok().flatten().expect("a key");
    assert_eq!(waited.generation, 1);

    let (key, mut keeper) = self::keeper();
    keeper.failed(&key, &KeyError::NoFile, false);
    let began = tokio::time::Instant::now();
    assert!(key.ready(SECOND).await.is_err());
    assert!(began.elapsed().is_zero());
    let none = KeptKey::default().ready(SECOND).await;
    assert!(none.is_ok_and(|key| key.is_none()));
}
