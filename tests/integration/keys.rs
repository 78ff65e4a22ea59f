//! Who may ask, and whose key goes where.

use crate::aside::{Aside, Setup, config};
use crate::upstream::ScriptStep;
use crate::upstream::Upstream;
use crate::wire::{CHAT, saying, says, stop, stream_head, turn, whole};

const CALLERS: &str = "caller-key-5f1c2d";
const UPSTREAMS: &str = "sk-upstream-9a8b7c";

fn setup(upstream: &Upstream) -> Setup {
    let url = upstream.url();
    let config = format!(
        "keys = [\"${{CALLERS}}\", \"second-key\"]\n[upstream.mock]\npreset = \"openai\"\nurl = \"{url}\"\nkey = \"${{UPSTREAMS}}\"\n"
    );
    Setup::with_config(&config)
        .env("CALLERS", CALLERS)
        .env("UPSTREAMS", UPSTREAMS)
}

#[test]
fn s01_a_right_key_opens_in_every_spelling() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::serve(&setup(&upstream));
    let mut client = aside.client();
    for value in [
        format!("Bearer {CALLERS}"),
        format!("bearer {CALLERS}"),
        CALLERS.to_owned(),
        "Bearer second-key".to_owned(),
    ] {
        let answer = client.post(CHAT, &[("authorization", &value)], &turn("Hi."));
        assert_eq!(answer.status, 200, "{value}");
    }
}

#[test]
fn s01_a_wrong_key_is_401_and_reaches_nobody() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::serve(&setup(&upstream));
    let long = format!("Bearer {}", "x".repeat(10_000));
    let right = format!("Bearer {CALLERS}");
    let longer = format!("Bearer {CALLERS}x");
    for headers in [
        vec![],
        vec![("authorization", "Bearer wrong")],
        vec![("authorization", "Bearer ")],
        vec![("authorization", "")],
        vec![("authorization", "Basic Y2FsbGVy")],
        vec![("authorization", &longer)],
        vec![("authorization", &right[..right.len() - 1])],
        vec![("authorization", &long)],
        vec![("authorization", &right), ("authorization", &right)],
        vec![("authorization", &right), ("authorization", "Bearer wrong")],
        vec![("authorization", "Bearer {{key}}")],
        vec![("x-api-key", CALLERS)],
    ] {
        let answer = aside.client().post(CHAT, &headers, &turn("Hi."));
        let message = answer.error(401);
        assert!(!message.contains(CALLERS), "{message}");
        assert_eq!(answer.json()["error"]["code"], "invalid_api_key");
    }
    let wrong = format!("/{CALLERS}x/v1/chat/completions");
    aside.client().post(&wrong, &[], &turn("Hi.")).error(401);
    assert_eq!((upstream.count(), upstream.connections()), (0, 0));
}

#[test]
fn s04_each_key_stays_on_its_side() {
    let leaky = format!(
        "content-type: text/event-stream\r\nset-cookie: id={UPSTREAMS}\r\nopenai-organization: {UPSTREAMS}\r\n"
    );
    let body = String::from_utf8(crate::wire::frame(serde_json::json!({"content": "Hi"})));
    let upstream = Upstream::playing(whole("200 OK", &leaky, &body.expect("text")));
    let aside = Aside::serve(&setup(&upstream));
    let bearer = format!("Bearer {CALLERS}");
    let path = format!("/{CALLERS}/v1/chat/completions");
    let headers = [
        ("authorization", bearer.as_str()),
        ("x-vapi-secret", CALLERS),
        ("cookie", CALLERS),
    ];
    for (number, (path, headers)) in [(CHAT, &headers[..]), (&path, &headers[1..])]
        .iter()
        .enumerate()
    {
        let answer = aside.client().post(path, headers, &turn("Hi."));
        assert_eq!(answer.status, 200);
        let came = format!("{:?}{}", answer.headers, answer.text());
        assert!(!came.contains(UPSTREAMS), "{came}");
        let sent = upstream.request(number);
        assert_eq!(
            sent.header("authorization"),
            [format!("Bearer {UPSTREAMS}")]
        );
        assert!(
            !sent.head.contains(CALLERS) && !sent.text().contains(CALLERS),
            "{}",
            sent.head
        );
    }
}

fn forwarding(upstream: &Upstream, keys: &str) -> Setup {
    let url = upstream.url();
    Setup::with_config(&format!(
        "{keys}[upstream.mock]\nurl = \"{url}\"\nforward = true\n"
    ))
}

#[test]
fn forward_passes_the_callers_own_key() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::serve(&forwarding(&upstream, ""));
    let own = [("authorization", "Bearer sk-own")];
    assert_eq!(aside.client().post(CHAT, &own, &turn("Hi.")).status, 200);
    assert_eq!(
        upstream.request(0).header("authorization"),
        ["Bearer sk-own"]
    );
}

#[test]
fn forward_never_passes_a_key_to_aside() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::serve(&forwarding(&upstream, "keys = [\"key-here\"]\n"));
    let ours = [("authorization", "Bearer key-here")];
    assert_eq!(aside.client().post(CHAT, &ours, &turn("Hi.")).status, 200);
    let none: [&str; 0] = [];
    assert_eq!(upstream.request(0).header("authorization"), none);
    let own = [("authorization", "Bearer sk-own")];
    let path = "/key-here/v1/chat/completions";
    assert_eq!(aside.client().post(path, &own, &turn("Hi.")).status, 200);
    assert_eq!(
        upstream.request(1).header("authorization"),
        ["Bearer sk-own"]
    );
    assert_eq!(aside.client().post(path, &ours, &turn("Hi.")).status, 200);
    assert_eq!(
        upstream.request(2).header("authorization"),
        none,
        "a key to aside goes nowhere"
    );
}

#[test]
fn a_header_that_was_left_unrendered_is_as_if_absent() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::serve(&forwarding(&upstream, ""));
    let none: [&str; 0] = [];
    for (number, value) in ["Bearer {{key}}", "{{ key }}", "Bearer {{ key }}"]
        .iter()
        .enumerate()
    {
        let answer = aside
            .client()
            .post(CHAT, &[("authorization", value)], &turn("Hi."));
        assert_eq!(answer.status, 200);
        assert_eq!(
            upstream.request(number).header("authorization"),
            none,
            "{value}"
        );
    }
}

#[test]
fn an_unrendered_call_id_makes_no_call() {
    let upstream = Upstream::playing(vec![
        stream_head(),
        says("One."),
        ScriptStep::Wait(1),
        stop(),
        ScriptStep::EndChunks,
    ]);
    let aside = Aside::before(&upstream);
    let header = [("x-call-id", "{{call.id}}")];
    let mut first = aside.client();
    first.send("POST", CHAT, &header, &turn("Hi."));
    first.head();
    first.read_until("One.");
    let mut second = aside.client();
    second.send("POST", CHAT, &header, &turn("Hello."));
    second.head();
    second.read_until("One.");
    upstream.open(1);
    for client in [&mut first, &mut second] {
        assert!(client.rest().contains("\"finish_reason\":\"stop\""));
    }
}

#[test]
fn without_keys_a_tunnel_is_turned_away_with_a_hint() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    for header in [
        ("x-forwarded-for", "203.0.113.7"),
        ("x-forwarded-host", "abc.ngrok.app"),
        ("forwarded", "for=203.0.113.7"),
        ("via", "1.1 tunnel"),
        ("cf-connecting-ip", "203.0.113.7"),
        ("true-client-ip", "203.0.113.7"),
        ("x-real-ip", "203.0.113.7"),
        ("x-client-ip", "203.0.113.7"),
        ("host", "abc.ngrok.app"),
        ("host", "203.0.113.7:8080"),
        ("host", "localhost.evil.example"),
    ] {
        let answer = aside.client().post(CHAT, &[header], &turn("Hi."));
        let message = answer.error(401);
        assert!(message.contains("`keys`"), "{header:?}: {message}");
    }
    for host in ["localhost", "localhost:8080", "127.0.0.1", "[::1]:8080"] {
        let answer = aside.client().post(CHAT, &[("host", host)], &turn("Hi."));
        assert_eq!(answer.status, 200, "{host}");
    }
    assert_eq!(upstream.count(), 4);
}

#[test]
fn open_serves_everybody() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let config = format!("open = true\n{}", config(&upstream, ""));
    let aside = Aside::serve(&Setup::with_config(&config));
    let header = [("x-forwarded-for", "203.0.113.7")];
    assert_eq!(aside.client().post(CHAT, &header, &turn("Hi.")).status, 200);
}

#[test]
fn without_keys_no_page_of_another_site_is_served_also_where_it_is_open() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let closed = Aside::before(&upstream);
    let open = format!("open = true\n{}", config(&upstream, ""));
    let open = Aside::serve(&Setup::with_config(&open));
    for aside in [&closed, &open] {
        let own = format!("http://{}", aside.address);
        for header in [
            ("origin", "https://evil.example"),
            ("origin", "http://localhost:3000"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let answer = aside.client().post(CHAT, &[header], &turn("Hi."));
            let message = answer.error(403);
            assert!(message.contains("`keys`"), "{header:?}: {message}");
            aside.client().get("/v1/models", &[header]).error(403);
            aside.client().get("/metrics", &[header]).error(403);
        }
        for headers in [
            &[("origin", own.as_str()), ("sec-fetch-site", "same-origin")][..],
            &[("sec-fetch-site", "none")],
        ] {
            assert_eq!(aside.client().post(CHAT, headers, &turn("Hi.")).status, 200);
        }
    }
    assert_eq!(upstream.count(), 4);
    let keyed = Aside::serve(&setup(&upstream));
    let key = format!("Bearer {CALLERS}");
    let headers = [
        ("authorization", key.as_str()),
        ("origin", "https://evil.example"),
    ];
    assert_eq!(
        keyed.client().post(CHAT, &headers, &turn("Hi.")).status,
        200
    );
}

#[test]
fn a_host_that_names_a_user_is_refused() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let (closed, keyed) = (Aside::before(&upstream), Aside::serve(&setup(&upstream)));
    let key = format!("Bearer {CALLERS}");
    for host in [
        "user@localhost",
        "localhost:80@evil.example",
        "a:b@127.0.0.1:80",
    ] {
        closed
            .client()
            .post(CHAT, &[("host", host)], &turn("Hi."))
            .error(400);
        let headers = [("host", host), ("authorization", key.as_str())];
        keyed.client().post(CHAT, &headers, &turn("Hi.")).error(400);
    }
    assert_eq!(upstream.count(), 0);
}
