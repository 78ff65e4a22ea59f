//! Every form of the path that Vapi and people make of the base URL.

use crate::aside::{Aside, Setup, config};
use crate::upstream::Upstream;
use crate::wire::{CHAT, Reply, saying, turn, whole};

fn with_keys(upstream: &Upstream) -> Setup {
    let route = "[route.sales]\nupstreams = [\"mock\"]\n";
    let config = config(upstream, route);
    Setup::with_config(&format!("keys = [\"key-of-caller\"]\n{config}"))
}

#[test]
fn every_form_of_the_path_reaches_the_upstream() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let route = "[route.sales]\nupstreams = [\"mock\"]\n";
    let aside = Aside::with_route(&upstream, route);
    let mut client = aside.client();
    for path in [
        "/chat/completions",
        "/v1/chat/completions",
        "/v1/chat/completions/",
        "//v1//chat/completions//",
        "/chat/completions/chat/completions",
        "/v1/chat/completions/chat/completions/",
        "/sales/chat/completions",
        "/sales/v1/chat/completions",
        "/sales//v1/chat/completions/chat/completions",
        "/v1/chat/completions?api-version=1",
    ] {
        let answer = client.post(path, &[], &turn("Hi."));
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(Reply::read(&answer.text()).heard(), "Hello.", "{path}");
    }
    let first = upstream.request(0).head;
    assert!(
        first.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"),
        "{first}"
    );
}

#[test]
fn a_key_in_the_path_opens_every_form() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::serve(&with_keys(&upstream));
    let mut client = aside.client();
    for path in [
        "/key-of-caller/chat/completions",
        "/key-of-caller/v1/chat/completions",
        "/key-of-caller/v1/chat/completions/chat/completions/",
        "//key-of-caller//chat/completions",
        "/sales/key-of-caller/chat/completions",
        "/sales/key-of-caller/v1/chat/completions",
    ] {
        assert_eq!(client.post(path, &[], &turn("Hi.")).status, 200, "{path}");
    }
    for number in 0..6 {
        assert!(!upstream.request(number).head.contains("key-of-caller"));
    }
}

#[test]
fn what_a_client_escaped_in_the_path_is_understood() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let route = "[route.\"sales eu\"]\nupstreams = [\"mock\"]\n";
    let config = config(&upstream, route);
    let setup = Setup::with_config(&format!("keys = [\"my+key/%zz\"]\n{config}"));
    let aside = Aside::serve(&setup);
    let mut client = aside.client();
    for path in [
        "/my%2Bkey%2F%25zz/chat/completions",
        "/my+key%2f%25zz/v1/chat/completions",
        "/sales%20eu/my%2bkey%2F%25zz/chat/completions",
    ] {
        assert_eq!(client.post(path, &[], &turn("Hi.")).status, 200, "{path}");
    }
    for path in [
        "/my%252Bkey%2F%25zz/chat/completions",
        "/my+key%2F%zz/chat/completions",
        "/sales%2Feu/my%2bkey%2F%25zz/chat/completions",
        "/%FF/chat/completions",
    ] {
        aside.client().post(path, &[], &turn("Hi.")).error(401);
    }
    let open = Aside::with_route(&upstream, "[route.sales]\nupstreams = [\"mock\"]\n");
    open.client()
        .post("/sale%73/chat/completions", &[], &turn("Hi."));
    assert_eq!(upstream.count(), 4);
    open.client()
        .post("/sale%7/chat/completions", &[], &turn("Hi."))
        .error(404);
}

#[test]
fn get_on_a_base_answers_and_asks_nobody() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::with_route(&upstream, "[route.sales]\nupstreams = [\"mock\"]\n");
    let mut client = aside.client();
    for path in [
        "/",
        "/v1",
        "/v1/",
        "/sales",
        "/sales/v1/",
        "/chat/completions",
        CHAT,
    ] {
        assert_eq!(client.get(path, &[]).status, 200, "{path}");
    }
    assert_eq!(upstream.count(), 0);
}

#[test]
fn an_unknown_segment_is_404_without_keys_and_401_with_them() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let open = Aside::before(&upstream);
    let closed = Aside::serve(&with_keys(&upstream));
    for path in [
        "/nobody/chat/completions",
        "/nobody/v1/chat/completions",
        "/default/nobody/chat/completions",
    ] {
        open.client().post(path, &[], &turn("Hi.")).error(404);
        closed.client().post(path, &[], &turn("Hi.")).error(401);
    }
    open.client().get("/nobody", &[]).error(404);
    closed.client().get("/nobody", &[]).error(401);
    open.client().post("/", &[], &turn("Hi.")).error(404);
    assert_eq!(upstream.count(), 0);
}

#[test]
fn an_endpoint_that_is_not_served_is_404_with_a_good_key_and_401_without() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let closed = Aside::serve(&with_keys(&upstream));
    let open = Aside::with_route(&upstream, "[route.sales]\nupstreams = [\"mock\"]\n");
    let good = [("authorization", "Bearer key-of-caller")];
    let wrong = [("authorization", "Bearer key-of-nobody")];
    for path in [
        "/v1/embeddings",
        "/v1/responses",
        "/v1/completions",
        "/v1/audio/speech",
        "/v1/chat/completions/chatcmpl-1/messages",
        "/v1/models/gpt-4o",
        "/embeddings",
        "/responses/",
        "//v1//moderations",
        "/sales/v1/audio/speech",
        "/sales/embeddings",
        "/nobody/v1/embeddings",
        "/nobody/chat/completions",
        "/sales/nobody/chat/completions",
    ] {
        for method in ["POST", "GET", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let what = format!("{method} {path}");
            let answer = closed.client().ask(method, path, &good, b"{}");
            let message = answer.error(404);
            assert!(message.contains("/chat/completions"), "{what}: {message}");
            assert!(message.contains("/models"), "{what}: {message}");
            assert!(message.contains("/v1/responses"), "{what}: {message}");
            closed.client().ask(method, path, &[], b"{}").error(401);
            closed.client().ask(method, path, &wrong, b"{}").error(401);
            open.client().ask(method, path, &[], b"{}").error(404);
        }
        let mut client = closed.client();
        client.send("HEAD", path, &good, b"");
        assert_eq!(client.head().status, 404, "HEAD {path}");
    }
    for path in [
        "/key-of-caller/v1/embeddings",
        "/key-of-caller/responses",
        "/sales/key-of-caller/v1/embeddings",
        "/sales/key-of-caller/embeddings",
    ] {
        closed.client().post(path, &[], b"{}").error(404);
    }
    let wrong = "/sales/key-of-nobody/v1/embeddings";
    closed.client().post(wrong, &[], b"{}").error(401);
    assert_eq!(upstream.count(), 0);
}

#[test]
fn the_list_of_models_is_that_of_the_upstream() {
    const LIST: &str = r#"{"object":"list","data":[{"id":"gpt-4o","object":"model"}]}"#;
    let upstream = Upstream::playing(whole("200 OK", "content-type: application/json\r\n", LIST));
    let aside = Aside::with_route(&upstream, "[route.sales]\nupstreams = [\"mock\"]\n");
    for path in ["/v1/models", "/sales/v1/models", "/models"] {
        let answer = aside.client().get(path, &[]);
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (200, LIST),
            "{path}"
        );
    }
    let head = upstream.request(0).head;
    assert!(head.starts_with("GET /v1/models HTTP/1.1\r\n"), "{head}");
    let closed = Aside::serve(&with_keys(&upstream));
    closed.client().get("/v1/models", &[]).error(401);
    assert_eq!(upstream.count(), 3);
}

#[test]
fn health_and_readiness_need_no_key() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::serve(&with_keys(&upstream));
    for path in ["/healthz", "/readyz"] {
        assert_eq!(aside.client().get(path, &[]).status, 200, "{path}");
    }
}

#[test]
fn another_method_is_told_so() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let mut client = aside.client();
    for method in ["PUT", "DELETE", "PATCH"] {
        client.send(method, CHAT, &[], b"");
        client.answer().error(405);
    }
    assert_eq!(upstream.count(), 0);
}

#[test]
fn an_answer_names_its_turn_and_the_time_that_was_added() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let mut client = aside.client();
    let mut turns = Vec::new();
    for body in [turn("Hi."), turn("Hi."), b"no".to_vec()] {
        let answer = client.post(CHAT, &[], &body);
        turns.push(answer.header("x-aside-turn").expect("an id").to_owned());
        if answer.status == 200 {
            let timing = answer.header("server-timing").expect("a time");
            assert!(timing.starts_with("aside;dur="), "{timing}");
            let cache = answer.header("cache-control").expect("the cache is told");
            assert!(cache.contains("no-cache"), "{cache}");
            assert_eq!(answer.header("x-accel-buffering"), Some("no"));
        }
    }
    turns.sort();
    turns.dedup();
    assert_eq!(turns.len(), 3);
}

#[test]
fn a_client_that_waits_to_be_told_to_go_on_is_told() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let body = turn(&"word ".repeat(300_000));
    let mut client = aside.client();
    let length = body.len();
    let head = format!(
        "POST {CHAT} HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: {length}\r\n\r\n"
    );
    client.write(head.as_bytes());
    assert_eq!(client.head().status, 100);
    client.write(&body);
    let answer = client.answer();
    assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
}
