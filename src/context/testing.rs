//! What every store must do, written once for all of them. Only tests use it.

use std::time::Duration;

use bytestring::ByteString;

use super::Context;
use super::store::{Life, ObjectKey, Scope, Store};

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
        let (one, other) = (
            ObjectKey::new(Scope::Call, "a:b"),
            ObjectKey::new(Scope::Vapi, "a:b"),
        );
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

/// Several at once count up one number in each of these contexts, which share a store: no step is
/// lost, each reads what was acknowledged to it in every context, and no text is torn.
pub(super) fn counts_right(contexts: &[&Context], steps: usize) {
    const WRITERS: usize = 4;
    let key = ObjectKey::new(Scope::Call, "counted");
    let count = |object: Option<&ByteString>| -> usize {
        let Some(object) = object else { return 0 };
        let inner = object
            .strip_prefix("{\"n\":")
            .and_then(|n| n.split_once(','));
        let (number, filling) = inner.expect("a whole text");
        let number = number.parse().expect("a number");
        assert_eq!(filling, filling_of(number), "a whole text");
        number
    };
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (key, context) = (&key, contexts[writer % contexts.len()]);
            scope.spawn(move || {
                now(async {
                    for _ in 0..steps {
                        let mut step = |old: Option<&ByteString>| {
                            let next = count(old) + 1;
                            let text = format!("{{\"n\":{next},{}", filling_of(next));
                            Ok::<_, ()>(Some(ByteString::from(text)))
                        };
                        let written = context.update(key, Life::Forever, &mut step).await;
                        let written = count(written.expect("a write").as_ref());
                        for context in contexts {
                            let seen = context.get(key).await.expect("a read");
                            assert!(count(seen.as_ref()) >= written, "it reads its own");
                        }
                    }
                });
            });
        }
    });
    for context in contexts {
        let object = now(context.get(&key)).expect("a read");
        assert_eq!(count(object.as_ref()), WRITERS * steps);
    }
}

/// What makes a text long enough to be torn, and shows it.
fn filling_of(number: usize) -> String {
    format!("\"s\":\"{}\"}}", number.to_string().repeat(1000))
}
