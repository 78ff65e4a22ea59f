//! What every store must do, written once for all of them. Only tests use it.

use std::time::Duration;

use bytestring::ByteString;

use super::store::{Key, Life, Scope, Store};

/// Runs a future to its end.
pub(super) fn now<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

/// Swaps, reads and lives, as the trait says.
pub(super) fn keeps_its_promises(store: &dyn Store) {
    now(async {
        let text = |text: &'static str| Some(ByteString::from_static(text));
        let (one, other) = (Key::new(Scope::Call, "a:b"), Key::new(Scope::Vapi, "a:b"));
        let keys = [one.clone(), other.clone()];
        let swap = |old, new, life| store.swap(&one, old, new, life);
        assert_eq!(store.read(&keys).await, Ok(vec![None, None]));

        assert_eq!(swap(None, text("{}"), Life::Forever).await, Ok(true));
        assert_eq!(store.read(&keys).await, Ok(vec![text("{}"), None]));
        assert_eq!(
            swap(None, text("1"), Life::Forever).await,
            Ok(false),
            "it is taken"
        );
        assert_eq!(
            swap(text("2"), text("1"), Life::Forever).await,
            Ok(false),
            "it is another"
        );
        assert_eq!(
            swap(text("2"), None, Life::Forever).await,
            Ok(false),
            "it is another"
        );
        assert_eq!(
            swap(text("{}"), text("{\"a\":1}"), Life::AsBefore).await,
            Ok(true)
        );
        assert_eq!(store.read(&keys).await, Ok(vec![text("{\"a\":1}"), None]));
        assert_eq!(swap(text("{\"a\":1}"), None, Life::Forever).await, Ok(true));
        assert_eq!(
            swap(None, None, Life::Forever).await,
            Ok(true),
            "nothing is there"
        );
        assert_eq!(store.read(&keys).await, Ok(vec![None, None]));

        let short = Life::For(Duration::from_millis(300));
        assert_eq!(swap(None, text("1"), short).await, Ok(true));
        assert_eq!(swap(text("1"), text("2"), Life::AsBefore).await, Ok(true));
        assert_eq!(store.swap(&other, None, text("1"), short).await, Ok(true));
        assert_eq!(
            store
                .swap(&other, text("1"), text("2"), Life::Forever)
                .await,
            Ok(true)
        );
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(
            store.read(&keys).await,
            Ok(vec![None, text("2")]),
            "its life is over"
        );
        assert_eq!(
            store.swap(&other, text("2"), None, Life::Forever).await,
            Ok(true)
        );
    });
}
