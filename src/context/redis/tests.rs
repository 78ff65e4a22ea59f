#[path = "tests/cluster.rs"]
mod cluster;
#[path = "tests/faults.rs"]
mod faults;
#[path = "tests/server.rs"]
mod server;
#[path = "tests/tls.rs"]
mod tls;

use std::time::Instant;

use super::super::store::Scope;
use super::super::testing::{counts_right, keeps_its_promises, now};
use super::super::{Context, TURN_DEADLINE};
use super::*;
use server::Server;

/// So soon must a server that is back be used again.
const BACK: Duration = Duration::from_secs(2);

fn key(id: &str) -> ObjectKey {
    ObjectKey::new(Scope::Customer, id)
}

fn text(text: &'static str) -> Option<ByteString> {
    Some(ByteString::from_static(text))
}

fn store(port: u16) -> Redis {
    Redis::connect(&format!("redis://127.0.0.1:{port}")).expect("a URL")
}

async fn put(context: &Context, key: &ObjectKey, new: &'static str) -> Result<(), String> {
    let mut change = |_: Option<&ByteString>| Ok::<_, String>(text(new));
    let written = context.update(key, Life::Forever, &mut change).await;
    written.map(drop).map_err(|error| error.to_string())
}

/// A turn's read that must not wait, and its note.
async fn turn(context: &Context, key: &ObjectKey) -> (Option<ByteString>, Option<String>) {
    let began = Instant::now();
    let mut reading = context.read_in_turn(std::slice::from_ref(key)).await;
    let took = began.elapsed();
    assert!(took < 10 * TURN_DEADLINE, "the turn waited {took:?}");
    (reading.objects.remove(0), reading.note)
}

/// Waits until turns read from the store again.
async fn is_back(context: &Context, key: &ObjectKey, within: Duration) {
    let began = Instant::now();
    while let (_, Some(note)) = turn(context, key).await {
        assert!(
            began.elapsed() < within,
            "after {:?}: {note}",
            began.elapsed()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn it_keeps_what_a_store_promises() {
    let Some(server) = Server::start() else {
        return;
    };
    keeps_its_promises(&store(server.port));
}

#[test]
fn what_is_kept_has_readable_keys_and_a_life() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = store(server.port);
    let life = Life::For(Duration::from_secs(60));
    assert_eq!(
        now(store.swap(&key("+1555"), None, text("{}"), life)),
        Ok(true)
    );
    assert_eq!(server.ask(&["GET", "aside:{customer:+1555}"]), "{}");
    let left: u64 = server
        .ask(&["PTTL", "aside:{customer:+1555}"])
        .parse()
        .expect("a number");
    assert!((50_000..=60_000).contains(&left), "{left}");
}

#[test]
fn r36_no_update_is_lost_across_replicas() {
    let Some(server) = Server::start() else {
        return;
    };
    let contexts = [(); 2].map(|()| Context::new(Box::new(store(server.port))));
    counts_right(&[&contexts[0], &contexts[1]], 100);
}

#[test]
fn r29_a_server_that_is_killed_is_used_again_when_it_is_back() {
    let Some(mut server) = Server::start() else {
        return;
    };
    let context = Context::new(Box::new(store(server.port)));
    now(async {
        put(&context, &key("a"), "{\"a\":1}")
            .await
            .expect("a write");
        for round in 0..5 {
            server.kill();
            let (object, note) = turn(&context, &key("a")).await;
            assert_eq!(object, text("{\"a\":1}"), "round {round}: the last known");
            let note = note.expect("a note");
            assert!(note.contains("last known"), "{note}");
            let error = put(&context, &key("a"), "{}")
                .await
                .expect_err("it is away");
            assert!(error.contains("127.0.0.1"), "{error}");
            server.revive();
            is_back(&context, &key("a"), BACK).await;
            put(&context, &key("a"), "{\"a\":1}")
                .await
                .expect("a write");
        }
    });
}

#[test]
fn r29_a_server_that_does_not_answer_holds_no_turn_up() {
    let Some(server) = Server::start() else {
        return;
    };
    let context = Context::new(Box::new(store(server.port)));
    now(async {
        put(&context, &key("a"), "{\"a\":1}")
            .await
            .expect("a write");
        for silence in [100, 3000] {
            server.signal("STOP");
            let began = Instant::now();
            while began.elapsed() < Duration::from_millis(silence) {
                let (object, note) = turn(&context, &key("a")).await;
                assert_eq!(object, text("{\"a\":1}"));
                assert!(note.expect("a note").contains("last known"));
            }
            server.signal("CONT");
            is_back(&context, &key("a"), BACK).await;
            // Had dropped questions shifted the answers, they would be another's.
            for round in 0..20 {
                let (one, other) = (key(&format!("{silence} {round}")), key("a"));
                put(&context, &one, "{\"b\":2}").await.expect("a write");
                assert_eq!(context.get(&one).await, Ok(text("{\"b\":2}")));
                assert_eq!(context.get(&other).await, Ok(text("{\"a\":1}")));
            }
        }
    });
}

#[test]
fn r29_wrong_types_and_read_only_servers_are_named() {
    let Some(server) = Server::start() else {
        return;
    };
    let context = Context::new(Box::new(store(server.port)));
    now(async {
        put(&context, &key("a"), "{}").await.expect("a write");
        server.ask(&["LPUSH", "aside:{customer:list}", "secret"]);
        for error in [
            context
                .get(&key("list"))
                .await
                .expect_err("a list")
                .to_string(),
            put(&context, &key("list"), "{}").await.expect_err("a list"),
        ] {
            assert!(error.contains("WRONGTYPE"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
        server.ask(&["REPLICAOF", "127.0.0.1", "1"]);
        let error = put(&context, &key("a"), "{\"a\":1}")
            .await
            .expect_err("a replica");
        assert!(error.contains("READONLY"), "{error}");
        server.ask(&["REPLICAOF", "NO", "ONE"]);
        put(&context, &key("a"), "{\"a\":1}")
            .await
            .expect("a write");
        server.ask(&["CLIENT", "KILL", "TYPE", "normal"]);
        assert_eq!(
            context.get(&key("a")).await,
            Ok(text("{\"a\":1}")),
            "a read is tried again"
        );
    });
}

#[test]
fn a_password_is_used_and_never_shown() {
    let Some(server) = Server::start() else {
        return;
    };
    server.ask(&["CONFIG", "SET", "requirepass", "hunter2"]);
    let url = |password: &str| format!("redis://:{password}@127.0.0.1:{}", server.port);
    let right = Redis::connect(&url("hunter2")).expect("a URL");
    assert_eq!(now(right.read(&[key("a")])), Ok(vec![None]));
    let shown = format!("{right:?}");
    assert!(
        shown.contains("127.0.0.1") && !shown.contains("hunter"),
        "{shown}"
    );
    for url in [url("hunter3"), format!("redis://127.0.0.1:{}", server.port)] {
        let wrong = Redis::connect(&url).expect("a URL");
        let error = now(wrong.read(&[key("a")]))
            .expect_err("no access")
            .to_string();
        assert!(
            error.contains("password") && !error.contains("hunter"),
            "{error}"
        );
    }
}
