//! Bodies that dribble, stop or never end: nobody holds a connection by one, with a key or without.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::DEADLINE;
use crate::aside::{Aside, Setup, config};
use crate::upstream::Upstream;
use crate::wire::{CHAT, Reply, saying, turn};

const KEY: (&str, &str) = ("authorization", "Bearer callers-key-0123456789");
const CONTEXT: (&str, &str) = ("authorization", "Bearer context-key-0123456789");
const SECRET: (&str, &str) = ("x-vapi-secret", "vapi-secret-0123456789");
const CHUNKED: (&str, &str) = ("transfer-encoding", "chunked");

fn setup(upstream: &Upstream, limits: &str) -> Setup {
    Setup::with_config(&format!(
        "keys = [\"{}\"]\ncontext_keys = [\"{}\"]\n{}[vapi]\nsecret = \"{}\"\n[limits]\n{limits}\n",
        &KEY.1[7..],
        &CONTEXT.1[7..],
        config(upstream, ""),
        SECRET.1
    ))
}

/// The head of a request, and the first byte of a body that never ends.
fn begun(method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head + "\r\n1\r\n{\r\n"
}

#[test]
fn r24_who_needs_no_body_is_answered_before_it_and_the_connection_ends() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::serve(&setup(&upstream, "body_time = \"1h\""));
    let length = ("content-length", "20000000");
    for (method, path, headers, expected) in [
        ("POST", CHAT, &[CHUNKED][..], 401),
        ("POST", CHAT, &[("authorization", "Bearer x"), CHUNKED], 401),
        ("POST", CHAT, &[("content-length", "100")], 401),
        ("POST", CHAT, &[KEY, length], 413),
        (
            "POST",
            CHAT,
            &[KEY, CHUNKED, ("content-encoding", "gzip")],
            415,
        ),
        ("PUT", CHAT, &[KEY, CHUNKED], 405),
        ("POST", "/v1/embeddings", &[KEY, CHUNKED], 404),
        ("POST", "/v1/embeddings", &[CHUNKED], 401),
        ("POST", "/vapi/events", &[CHUNKED], 401),
        ("PUT", "/vapi/events", &[SECRET, CHUNKED], 405),
        ("POST", "/vapi/events", &[SECRET, length], 413),
        ("PUT", "/context/call/a", &[CHUNKED], 401),
        ("PUT", "/context/call/a", &[CONTEXT, length], 413),
        ("PUT", "/context/nowhere/a", &[CONTEXT, CHUNKED], 404),
        ("PUT", "/context/call/a?ttl=x", &[CONTEXT, CHUNKED], 400),
        ("POST", "/context/call/a", &[CONTEXT, CHUNKED], 405),
        ("GET", "/context/call/a", &[CONTEXT, CHUNKED], 404),
        ("DELETE", "/context/call/a", &[CONTEXT, CHUNKED], 204),
        ("GET", "/healthz", &[CHUNKED], 200),
        ("GET", "/readyz", &[("content-length", "100")], 200),
        ("GET", "/", &[CHUNKED], 200),
        ("GET", "/metrics", &[CHUNKED], 200),
    ] {
        let mut client = aside.client();
        client.write(begun(method, path, headers).as_bytes());
        let answer = client.answer();
        let what = format!("{method} {path} {headers:?}");
        assert_eq!(answer.status, expected, "{what}");
        assert_eq!(answer.header("connection"), Some("close"), "{what}");
        assert!(client.ends(), "{what}");
    }
    assert_eq!(upstream.count(), 0);
}

#[test]
fn r24_with_a_key_a_body_that_never_ends_is_refused_and_the_connection_ends() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::serve(&setup(&upstream, "body_time = \"2s\""));
    for (method, path, key) in [
        ("POST", CHAT, KEY),
        ("PUT", "/context/call/a", CONTEXT),
        ("PATCH", "/context/call/a", CONTEXT),
        ("POST", "/vapi/events", SECRET),
    ] {
        for framing in [CHUNKED, ("content-length", "100")] {
            let mut client = aside.client();
            client.write(begun(method, path, &[key, framing]).as_bytes());
            let answer = client.answer();
            answer.error(408);
            assert_eq!(answer.json()["error"]["code"], "body_too_slow");
            assert!(client.ends(), "{method} {path} {framing:?}");
        }
    }
    for (method, path, headers) in [
        ("PUT", CHAT, &[KEY, CHUNKED][..]),
        ("POST", "/v1/embeddings", &[KEY, CHUNKED]),
        ("POST", CHAT, &[KEY, ("content-length", "20000000")]),
        ("GET", "/context/call/a", &[CONTEXT, CHUNKED]),
        ("DELETE", "/context/call/a", &[CONTEXT, CHUNKED]),
    ] {
        let mut client = aside.client();
        client.write(begun(method, path, headers).as_bytes());
        client.answer();
        assert!(client.ends(), "{method} {path} {headers:?}");
    }
    assert_eq!(upstream.count(), 0);
}

#[test]
fn who_is_refused_with_the_whole_body_may_ask_again_on_the_connection() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::serve(&setup(&upstream, ""));
    let mut client = aside.client();
    for _ in 0..3 {
        client.post("/v1/embeddings", &[KEY], b"{}").error(404);
        let answer = client.post(CHAT, &[KEY], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
    }
}

#[test]
fn r24_three_hundred_dribblers_keep_no_turn_from_being_served() {
    const DRIBBLERS: usize = 300;
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::serve(&setup(&upstream, "").files_at_most(256));
    let mut dribblers: Vec<TcpStream> = (0..DRIBBLERS)
        .map(|number| {
            let mut stream = TcpStream::connect(aside.address).expect("the system accepts");
            let key = if number % 2 == 0 {
                &[CHUNKED][..]
            } else {
                &[KEY, CHUNKED]
            };
            let head = begun("POST", CHAT, key);
            stream.write_all(head.as_bytes()).expect("it is taken");
            stream
        })
        .collect();
    let is_over = Arc::new(AtomicBool::new(false));
    let mut writing: Vec<TcpStream> = dribblers
        .iter()
        .map(|stream| stream.try_clone().expect("a socket"))
        .collect();
    let ends = is_over.clone();
    let dribbling = thread::spawn(move || {
        while !ends.load(Ordering::Relaxed) {
            // Those that were ended refuse it.
            writing.retain_mut(|stream| stream.write_all(b"1\r\n \r\n").is_ok());
            thread::sleep(Duration::from_millis(200));
        }
    });
    for _ in 0..8 {
        let answer = aside.client().post(CHAT, &[KEY], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
    }
    let mut rest = [0; 4096];
    for stream in &mut dribblers {
        stream.set_read_timeout(Some(DEADLINE)).expect("a socket");
        loop {
            match stream.read(&mut rest) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
                    break;
                }
            }
        }
    }
    is_over.store(true, Ordering::Relaxed);
    dribbling.join().expect("it dribbles");
    assert!(!aside.printed().contains("panicked"));
}
