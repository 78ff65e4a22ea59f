//! Servers that are slow, away, or answer with nothing but errors.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Does the same with each connection, on a thread of its own; counts them.
fn listen(meet: impl Fn(TcpStream) + Clone + Send + 'static) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            let meet = meet.clone();
            std::thread::spawn(move || meet(stream));
        }
    });
    (port, count)
}

/// Passes on what comes, each piece later.
fn pass_on(mut from: TcpStream, mut to: TcpStream, later: Duration) {
    let mut piece = [0; 65536];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        std::thread::sleep(later);
        if to.write_all(&piece[..length]).is_err() {
            return;
        }
    }
}

#[test]
fn r29_a_server_that_refuses_everything_is_named() {
    for (answer, expected) in [
        ("-LOADING Redis is loading 'secret'\r\n", "LOADING"),
        ("-READONLY You can't write 'secret'\r\n", "READONLY"),
        ("-WRONGTYPE Operation 'secret'\r\n", "WRONGTYPE"),
        ("-ERR unknown 'secret'\r\n", "(ERR)"),
        ("-secret is no code\r\n", "answered with an error"),
        ("*0\r\n", "not understood"),
    ] {
        // Every command of these tests is an array, and nothing in one has a star.
        let (port, _) = listen(move |mut stream: TcpStream| {
            let mut piece = [0; 65536];
            while let Ok(length @ 1..) = stream.read(&mut piece) {
                let commands = piece[..length].iter().filter(|byte| **byte == b'*').count();
                let _ = stream.write_all(answer.repeat(commands).as_bytes());
            }
        });
        let context = Context::new(Box::new(store(port)));
        now(async {
            let error = context.get(&key("a")).await.expect_err(answer).to_string();
            assert!(error.contains(expected), "{answer}: {error}");
            assert!(!error.contains("secret"), "{answer}: {error}");
        });
    }
}

#[test]
fn r29_at_most_one_connection_is_made_in_100_ms() {
    let (closing, closed) = listen(drop);
    let (greeting, greeted) = listen(|mut stream: TcpStream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"+OK\r\n+OK\r\n");
        let _ = stream.read(&mut [0; 4096]);
    });
    for (port, count) in [(closing, closed), (greeting, greeted)] {
        let context = Context::new(Box::new(store(port)));
        let began = Instant::now();
        now(async {
            while began.elapsed() < Duration::from_secs(2) {
                turn(&context, &key("a")).await;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        let (made, took) = (count.load(Ordering::SeqCst), began.elapsed().as_millis());
        assert!(made >= 2, "it tries again");
        assert!(made as u128 <= 1 + took / 100, "{made} in {took} ms");
    }
}

#[test]
fn r29_a_server_far_away_is_late_for_turns_and_never_wrong() {
    let Some(server) = Server::start() else {
        return;
    };
    let behind = server.port;
    let (port, _) = listen(move |near: TcpStream| {
        let Ok(far) = TcpStream::connect(("127.0.0.1", behind)) else {
            return;
        };
        let later = Duration::from_millis(250);
        let (from, to) = (
            far.try_clone().expect("a stream"),
            near.try_clone().expect("a stream"),
        );
        std::thread::spawn(move || pass_on(from, to, later));
        pass_on(near, far, later);
    });
    let context = Context::new(Box::new(store(port)));
    now(async {
        put(&context, &key("a"), "{\"a\":1}")
            .await
            .expect("a write that takes its time");
        server.ask(&["SET", "aside:{customer:a}", "{\"a\":2}"]);
        let (object, note) = turn(&context, &key("a")).await;
        assert_eq!(object, text("{\"a\":1}"), "the last known");
        assert!(note.is_some());
        let began = Instant::now();
        // The answer that was too late for one turn is there for the next.
        while turn(&context, &key("a")).await.0 != text("{\"a\":2}") {
            assert!(began.elapsed() < Duration::from_secs(5));
        }
    });
}

#[test]
fn it_starts_while_the_server_is_away() {
    let port = server::free_port();
    let context = Context::new(Box::new(store(port)));
    now(async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let (object, note) = turn(&context, &key("a")).await;
        assert_eq!(object, None);
        assert!(note.expect("a note").contains("takes no connection"));
    });
}
