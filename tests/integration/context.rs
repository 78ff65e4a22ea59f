//! The context API over sockets: what it takes, what it answers, and to whom.

use std::time::Instant;

use serde_json::json;

use crate::DEADLINE;
use crate::aside::{Aside, Setup, config};
use crate::client::{Answer, Client};
use crate::upstream::Upstream;
use crate::wire::{CHAT, saying, turn};

/// The key that opens context.
pub(crate) const KEY: (&str, &str) = ("authorization", "Bearer context-key-3c4d");
/// The line that makes it one.
pub(crate) const KEYS: &str = "context_keys = [\"context-key-3c4d\"]\n";

/// A program that takes context.
fn serving() -> Aside {
    let upstream = Upstream::playing(saying(&["Hello."]));
    Aside::serve(&Setup::with_config(&format!(
        "{KEYS}{}",
        config(&upstream, "")
    )))
}

/// Asks with the right key.
pub(crate) fn ask(client: &mut Client, method: &str, path: &str, body: &str) -> Answer {
    client.ask(method, path, &[KEY], body.as_bytes())
}

/// The same under a condition.
fn ask_if(client: &mut Client, method: &str, path: &str, condition: (&str, &str)) -> Answer {
    client.ask(method, path, &[KEY, condition], b"{\"b\":2}")
}

/// The tag of what stands there.
fn tag(client: &mut Client, path: &str) -> String {
    let answer = ask(client, "GET", path, "");
    answer.header("etag").expect("a tag").to_owned()
}

#[test]
fn an_object_is_put_read_patched_and_deleted_in_every_scope() {
    let aside = serving();
    let mut client = aside.client();
    for path in [
        "/context/call/c-1",
        "/context/customer/+12025550143",
        "/context/assistant/a-1",
        "/context/global/all",
    ] {
        ask(&mut client, "GET", path, "").error(404);
        let put = r#"{"plan":"gold", "n":12345678901234567890.10}"#;
        for (method, body, status, expected) in [
            ("PUT", put, 201, put),
            ("GET", "", 200, put),
            ("PUT", put, 200, put),
            (
                "PATCH",
                r#"{"plan":null,"x":{"y":[1]}}"#,
                200,
                r#"{"n":12345678901234567890.10,"x":{"y":[1]}}"#,
            ),
            (
                "PATCH",
                r#"{"x":{"z":"é"}}"#,
                200,
                r#"{"n":12345678901234567890.10,"x":{"y":[1],"z":"é"}}"#,
            ),
            ("PUT", "{}", 200, "{}"),
            ("GET", "", 200, "{}"),
        ] {
            let answer = ask(&mut client, method, path, body);
            let at = format!("{method} {path} {body}");
            assert_eq!((answer.status, &*answer.text()), (status, expected), "{at}");
            assert_eq!(answer.header("content-type"), Some("application/json"));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert!(answer.header("etag").is_some() && answer.header("x-aside-turn").is_some());
        }
        for _ in 0..2 {
            let answer = ask(&mut client, "DELETE", path, "");
            assert_eq!((answer.status, answer.body.len()), (204, 0), "{path}");
            ask(&mut client, "GET", path, "").error(404);
        }
        let answer = ask(&mut client, "PATCH", path, r#"{"a":1,"b":null}"#);
        assert_eq!((answer.status, &*answer.text()), (201, r#"{"a":1}"#));
        ask(&mut client, "POST", path, "{}").error(405);
    }
}

#[test]
fn a_condition_that_does_not_hold_changes_nothing() {
    let aside = serving();
    let (mut client, path) = (aside.client(), "/context/call/c-1");
    for method in ["PUT", "PATCH", "DELETE"] {
        for value in ["*", "\"0123\""] {
            ask_if(&mut client, method, path, ("if-match", value)).error(412);
        }
    }
    ask(&mut client, "GET", path, "").error(404);
    let answer = ask_if(&mut client, "PUT", path, ("if-none-match", "*"));
    assert_eq!(answer.status, 201);
    let old = tag(&mut client, path);
    assert_eq!(answer.header("etag"), Some(&*old));
    assert_eq!(ask(&mut client, "PUT", path, "{\"a\":1}").status, 200);
    let own = tag(&mut client, path);
    let (weak, list) = (format!("W/{own}"), format!("\"x\" , {own}"));
    for method in ["PUT", "PATCH", "DELETE"] {
        for condition in [
            ("if-match", &*old),
            ("if-match", ""),
            ("if-none-match", "*"),
            ("if-none-match", &own),
            ("if-none-match", &list),
        ] {
            let message = ask_if(&mut client, method, path, condition).error(412);
            assert!(message.contains("read it again"), "{message}");
        }
    }
    assert_eq!(tag(&mut client, path), own, "nothing was changed");
    for value in [&*own, &weak, &list, "*"] {
        let answer = ask_if(&mut client, "GET", path, ("if-none-match", value));
        assert_eq!((answer.status, answer.body.len()), (304, 0), "{value}");
        assert_eq!(answer.header("etag"), Some(&*own));
    }
    let answer = ask_if(&mut client, "GET", path, ("if-none-match", &old));
    assert_eq!((answer.status, &*answer.text()), (200, "{\"a\":1}"));
    let answer = ask_if(&mut client, "PATCH", path, ("if-match", &list));
    assert_eq!((answer.status, &*answer.text()), (200, r#"{"a":1,"b":2}"#));
    let own = tag(&mut client, path);
    assert_eq!(
        ask_if(&mut client, "DELETE", path, ("if-match", &own)).status,
        204
    );
}

#[test]
fn s32_a_write_that_comes_twice_is_done_once() {
    let aside = serving();
    let (mut client, path) = (aside.client(), "/context/call/c-1");
    let first = ask(&mut client, "PATCH", path, r#"{"paid":{"n":1}}"#);
    let again = ask(&mut client, "PATCH", path, r#"{"paid":{"n":1}}"#);
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body, again.body);
    assert_eq!(first.header("etag"), again.header("etag"));
    // Of many who read the same object and write on it, one wins.
    let own = tag(&mut client, path);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..16)
            .map(|number| {
                let (mut client, own) = (aside.client(), &own);
                scope.spawn(move || {
                    let body = json!({ "n": number }).to_string();
                    let headers = [KEY, ("if-match", own)];
                    let answer = client.ask("PATCH", path, &headers, body.as_bytes());
                    answer.status
                })
            })
            .collect();
        writers
            .into_iter()
            .map(|writer| writer.join().expect("an answer"))
            .collect()
    });
    let count = |status| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((count(200), count(412)), (1, 15), "{statuses:?}");
}

#[test]
fn patches_at_the_same_time_are_all_kept() {
    let aside = serving();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let mut client = aside.client();
            scope.spawn(move || {
                for number in 0..25 {
                    let body = format!("{{\"k-{writer}-{number}\":1}}");
                    let answer = ask(&mut client, "PATCH", "/context/global/all", &body);
                    assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
                }
            });
        }
    });
    let object = ask(&mut aside.client(), "GET", "/context/global/all", "").json();
    assert_eq!(object.as_object().map(serde_json::Map::len), Some(200));
}

#[test]
fn an_object_lives_as_long_as_it_was_told() {
    let aside = serving();
    let mut client = aside.client();
    let path = "/context/customer/+1";
    assert_eq!(ask(&mut client, "PUT", path, "{\"a\":1}").status, 201);
    let answer = ask(&mut client, "PATCH", &format!("{path}?ttl=300ms"), "{}");
    assert_eq!(answer.status, 200);
    let began = Instant::now();
    while ask(&mut client, "GET", path, "").status == 200 {
        // A patch without a time of its own leaves the life as it was.
        let patched = ask(&mut client, "PATCH", "/context/customer/+2", "{}").status;
        assert!(matches!(patched, 200 | 201));
        assert!(began.elapsed() < DEADLINE, "it lives on");
    }
    assert!(began.elapsed().as_millis() >= 200, "its life was shorter");
    for query in [
        "ttl=",
        "ttl",
        "ttl=0s",
        "ttl=x",
        "ttl=-1s",
        "ttl=8785h",
        "ttl=10",
        "ttl=1h&x=1",
        "tll=1h",
        "ttl=99999999999999999999999h",
        "ttl=1h&ttl=0s",
    ] {
        for method in ["GET", "PUT", "DELETE"] {
            let answer = ask(&mut client, method, &format!("{path}?{query}"), "{}");
            let message = answer.error(400);
            assert!(
                message.contains("ttl") || message.contains("10m"),
                "{message}"
            );
            assert!(answer.json()["error"]["param"].is_string(), "{query}");
        }
    }
    ask(&mut client, "GET", path, "").error(404);
}

#[test]
fn what_is_no_object_of_context_is_refused_in_plain_words() {
    let aside = serving();
    let (mut client, path) = (aside.client(), "/context/call/c-1");
    let nested = |depth: usize| {
        let (open, close) = ("{\"a\":".repeat(depth), "}".repeat(depth));
        format!("{open}\"canary\"{close}")
    };
    let listed = |count: usize| format!("{{\"a\":[{}1]}}", "1,".repeat(count - 1));
    let long = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8));
    for (body, status, words) in [
        (String::new(), 400, "JSON"),
        ("canary".into(), 400, "JSON"),
        ("{\"a\":\"canary\",}".into(), 400, "JSON"),
        ("[\"canary\"]".into(), 400, "object"),
        ("\"canary\"".into(), 400, "object"),
        ("null".into(), 400, "object"),
        ("{\"a\":1,\"a\":\"canary\"}".into(), 400, "`a` stands twice"),
        ("{\"x\":[{\"b\":1,\"\\u0062\":2}]}".into(), 400, "twice"),
        (nested(33), 400, "deeper than 32"),
        ("[".repeat(60_000), 400, "deeper than 32"),
        (listed(4096), 413, "4096"),
        (long(65_537), 413, "65536"),
        (long(500_000), 413, ""),
        ("{\"vapi\":{\"status\":\"canary\"}}".into(), 400, "`vapi`"),
        ("{\"v\\u0061pi\":null}".into(), 400, "`vapi`"),
    ] {
        for method in ["PUT", "PATCH"] {
            // What is far too large costs the connection.
            let message = ask(&mut aside.client(), method, path, &body).error(status);
            assert!(message.contains(words), "{words}: {message}");
            assert!(!message.contains("canary"), "{message}");
        }
    }
    client
        .ask("PUT", path, &[KEY], b"{\"a\":\"\xff\"}")
        .error(400);
    ask(&mut client, "GET", path, "").error(404);
    for body in [nested(32), listed(4095), long(65_536)] {
        let answer = ask(&mut client, "PUT", path, &body);
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
    }
    // Small patches make it too large in the end.
    let more = format!("{{\"b\":\"{}\"}}", "x".repeat(100));
    ask(&mut client, "PATCH", path, &more).error(413);
    assert_eq!(ask(&mut client, "GET", path, "").body.len(), 65_536);
    let vapi = "{\"vapi\":1}";
    assert_eq!(
        ask(&mut client, "PUT", "/context/customer/1", vapi).status,
        201
    );
}

#[test]
fn only_a_scope_and_an_id_name_an_object() {
    let aside = serving();
    let mut client = aside.client();
    let long = format!("/context/call/{}", "x".repeat(257));
    for (path, status) in [
        ("/context", 404),
        ("/context/call", 404),
        ("/context/call/a/b", 404),
        ("/context/vapi/a", 404),
        ("/context/Call/a", 404),
        ("/context/global/everybody", 404),
        ("/context/call/a%0Ab", 400),
        ("/context/call/%00", 400),
        ("/context/call/%zz", 400),
        ("/context/call/%ff", 400),
        (&long, 400),
    ] {
        for method in ["GET", "PUT", "DELETE"] {
            ask(&mut client, method, path, "{}").error(status);
        }
    }
    let number = "/context/customer/+12025550143";
    assert_eq!(ask(&mut client, "PUT", number, "{\"a\":1}").status, 201);
    for same in [
        "/context/customer/%2B12025550143",
        "//context/customer//+12025550143/",
        "/context/%63ustomer/%2b12025550143",
    ] {
        assert_eq!(ask(&mut client, "GET", same, "").text(), "{\"a\":1}");
    }
    for other in ["%2012025550143", "12025550143", "%252B12025550143"] {
        ask(
            &mut client,
            "GET",
            &format!("/context/customer/{other}"),
            "",
        )
        .error(404);
    }
    let slash = "/context/customer/a%2Fb";
    assert_eq!(ask(&mut client, "PUT", slash, "{}").status, 201);
    assert_eq!(ask(&mut client, "GET", slash, "").status, 200);
}

#[test]
fn s03_only_a_context_key_opens_context_and_it_opens_nothing_else() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let config = config(&upstream, "");
    let others = "keys = [\"callers-key-1b2c\"]\nadmin_keys = [\"admin-key-9d8e\"]\n";
    let aside = Aside::serve(&Setup::with_config(&format!("{KEYS}{others}{config}")));
    let path = "/context/call/c-1";
    for (header, status) in [
        (None, 401),
        (Some("Bearer wrong-key-0000"), 401),
        (Some("Bearer context-key-3c4"), 401),
        (Some("Bearer "), 401),
        (Some("Bearer callers-key-1b2c"), 403),
        (Some("Bearer admin-key-9d8e"), 403),
        (Some("context-key-3c4d"), 201),
        (Some(KEY.1), 200),
    ] {
        let headers: Vec<_> = header
            .map(|key| ("authorization", key))
            .into_iter()
            .collect();
        let answer = aside.client().ask("PUT", path, &headers, b"{}");
        assert_eq!(answer.status, status, "{header:?}: {}", answer.text());
        if status > 400 {
            answer.error(status);
            let nowhere = "/context/nowhere";
            let answer = aside.client().ask("DELETE", nowhere, &headers, b"");
            answer.error(status);
        }
    }
    for path in [CHAT, "/context-key-3c4d/v1/chat/completions"] {
        aside.client().post(path, &[KEY], &turn("Hi.")).error(401);
    }
    aside.client().get("/v1/models", &[KEY]).error(401);
    aside.client().get("/metrics", &[KEY]).error(403);
    assert_eq!(upstream.count(), 0);

    let aside = Aside::before(&upstream);
    for headers in [&[][..], &[KEY]] {
        let answer = aside.client().ask("PUT", path, headers, b"{}");
        let message = answer.error(404);
        assert!(message.contains("`context_keys`"), "{message}");
    }
}
