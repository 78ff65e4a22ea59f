//! Tokens that upstreams are asked with: got by OAuth's client credentials, renewed, refused.

use std::fs;
use std::time::Instant;

use crate::aside::{Aside, Setup};
use crate::rotating_keys::{
    config, heard, key_of_turn, telling, wait_for_key, wait_until, with_second,
};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{Reply, saying, turn, whole};

const JSON: &str = "content-type: application/json\r\n";

/// What a token server answers.
fn token(token: &str, more: &str) -> Vec<ScriptStep> {
    let body = format!(r#"{{"access_token":"{token}","token_type":"Bearer"{more}}}"#);
    whole("200 OK", JSON, &body)
}

fn oauth(tokens: &Upstream) -> String {
    let url = format!("http://{}/oauth2/token", tokens.address());
    format!(
        "oauth = {{ token_url = \"{url}\", client_id = \"aside\", client_secret = \"canary-secret\", scope = \"api://a/.default\" }}"
    )
}

#[test]
fn a_token_is_got_by_client_credentials_and_renewed_before_it_ends() {
    let model = telling("authorization", |_| false);
    let tokens =
        Upstream::start(|_, number| token(&format!("canary-{number}"), ",\"expires_in\":\"1\""));
    let setup = Setup::with_config(&config(&model, &oauth(&tokens))).env("ASIDE_LOG", "trace");
    assert_eq!(setup.run(&["check"], "").code, Some(0));
    assert_eq!(tokens.count(), 0, "`check` asks nobody");
    let mut aside = Aside::serve(&setup);
    for number in 0..3 {
        wait_for_key(&aside, &format!("Bearer canary-{number}"));
    }
    let asked = tokens.request(1);
    assert!(
        asked.head.starts_with("POST /oauth2/token HTTP/1.1\r\n"),
        "{}",
        asked.head
    );
    assert_eq!(
        asked.header("content-type"),
        ["application/x-www-form-urlencoded"]
    );
    // `aside:canary-secret`
    assert_eq!(
        asked.header("authorization"),
        ["Basic YXNpZGU6Y2FuYXJ5LXNlY3JldA=="]
    );
    let body = "grant_type=client_credentials&scope=api%3A%2F%2Fa%2F.default";
    assert_eq!(String::from_utf8_lossy(&asked.body), body);
    let metrics = aside.client().get("/metrics", &[]).text();
    aside.program().signal("TERM");
    aside.program().ended();
    let printed = aside.printed();
    assert!(printed.contains("renewed the key"), "{printed}");
    for text in [printed, metrics] {
        assert!(
            !text.contains("canary") && !text.contains("YXNpZGU6"),
            "{text}"
        );
    }
}

#[test]
fn a_client_that_is_refused_in_the_header_proves_who_it_is_in_the_body() {
    let model = telling("authorization", |_| false);
    let tokens = Upstream::start(|request, number| {
        match String::from_utf8_lossy(&request.body).contains("client_secret=canary-secret") {
            true => token(&format!("canary-{number}"), ",\"expires_in\":1"),
            false => whole(
                "401 No",
                JSON,
                r#"{"error":"invalid_client","error_description":"canary"}"#,
            ),
        }
    });
    let aside = Aside::serve(&Setup::with_config(&config(&model, &oauth(&tokens))));
    for number in 1..3 {
        wait_for_key(&aside, &format!("Bearer canary-{number}"));
    }
    assert!(
        tokens.request(1).header("authorization").is_empty(),
        "one proof at a time"
    );
    assert!(
        !aside.printed().contains("failed to"),
        "{}",
        aside.printed()
    );
}

#[test]
fn a_refused_token_is_renewed_at_once_and_the_turn_goes_to_the_next_upstream() {
    let first = telling("authorization", |key| key == "Bearer canary-0");
    let second = Upstream::playing(saying(&["Second here."]));
    let tokens =
        Upstream::start(|_, number| token(&format!("canary-{number}"), ",\"expires_in\":3600"));
    let aside = Aside::serve(&Setup::with_config(&with_second(
        &first,
        &oauth(&tokens),
        &second,
    )));
    assert_eq!(heard(&aside), "Second here.");
    wait_until("another token", || tokens.count() > 1);
    wait_until("a turn with it", || {
        heard(&aside) == "asked with <Bearer canary-1>"
    });
    for _ in 0..10 {
        assert_eq!(key_of_turn(&aside), "Bearer canary-1");
    }
    assert_eq!(tokens.count(), 2);
    assert!(!aside.printed().contains("canary"), "{}", aside.printed());
}

#[test]
fn a_server_that_refuses_every_token_is_no_reason_to_ask_for_ever() {
    let first = telling("authorization", |_| true);
    let second = Upstream::playing(saying(&["Second here."]));
    let tokens = Upstream::start(|_, number| token(&format!("canary-{number}"), ""));
    let aside = Aside::serve(&Setup::with_config(&with_second(
        &first,
        &oauth(&tokens),
        &second,
    )));
    let began = Instant::now();
    for _ in 0..200 {
        assert_eq!(heard(&aside), "Second here.");
    }
    // One at the start, one at once, then after 2, 4, 8, … seconds.
    let most = 3 + began.elapsed().as_secs() as usize / 2;
    assert!(
        tokens.count() <= most,
        "{} tokens, not {most}",
        tokens.count()
    );
}

#[test]
fn a_token_server_that_is_down_or_answers_something_else_is_told_once_and_asked_again() {
    let first = telling("authorization", |_| false);
    let second = Upstream::playing(saying(&["Second here."]));
    for (answer, told) in [
        (vec![ScriptStep::Reset], "for a token"),
        (
            whole("503 Busy", "content-type: text/html\r\n", "<p>canary"),
            "it answered 503",
        ),
        (
            whole("200 OK", "content-type: text/html\r\n", "<p>canary"),
            "no JSON object",
        ),
        (
            whole("200 OK", JSON, r#"{"error":"invalid_scope","x":"canary"}"#),
            "`invalid_scope`: it gives no token",
        ),
        (
            whole("400 Bad", JSON, r#"{"error":"canary"}"#),
            "it answered 400",
        ),
        (
            whole("302 Found", "location: http://127.0.0.1:9/canary\r\n", ""),
            "it answered 302",
        ),
        (
            whole("200 OK", JSON, r#"{"access_token":null}"#),
            "without an `access_token`",
        ),
        (
            whole("200 OK", JSON, r#"{"access_token":"canary\ncanary"}"#),
            "that is none",
        ),
    ] {
        let tokens = Upstream::start(move |_, number| match number {
            0..2 => answer.clone(),
            _ => token("canary-good", ""),
        });
        let config = with_second(&first, &oauth(&tokens), &second);
        let aside = Aside::serve(&Setup::with_config(&config).env("ASIDE_LOG", "trace"));
        let line = aside.wait_for("there is no key to ask the upstream with");
        assert!(line.contains(told), "{line}");
        let early = heard(&aside);
        assert!(early == "Second here." || tokens.count() > 2, "{early}");
        wait_until("a token", || heard(&aside) != "Second here.");
        assert_eq!(key_of_turn(&aside), "Bearer canary-good");
        let printed = aside.printed();
        assert_eq!(
            printed.matches("there is no key to ask").count(),
            1,
            "{printed}"
        );
        assert!(printed.contains("renewed again"), "{printed}");
        assert!(!printed.contains("canary"), "{printed}");
    }
}

#[test]
fn a_config_that_is_read_again_keeps_the_keys_that_it_has() {
    let model = telling("authorization", |_| false);
    let tokens = Upstream::playing(token("canary-token", ",\"expires_in\":3600"));
    let lines = format!(
        "{}\n[upstream.other]\nurl = \"{}\"\nkey_file = \"key\"\n[route.other]\nupstreams = [\"other\"]\n[route.default]\nupstreams = [\"first\"]",
        oauth(&tokens),
        model.url()
    );
    let setup = Setup::with_config(&config(&model, &lines)).file("key", "canary-file");
    let mut aside = Aside::serve(&setup);
    assert_eq!(key_of_turn(&aside), "Bearer canary-token");
    fs::remove_file(aside.path("key")).expect("it is there");
    aside.wait_for("last good key");
    let text = fs::read_to_string(aside.path("aside.toml")).expect("a config");
    let text = text.replace("key_file", "model = \"m\"\nkey_file");
    let text = text.replace("oauth = ", "model = \"m\"\noauth = ");
    fs::write(aside.path("aside.toml"), text).expect("a config");
    aside.program().signal("HUP");
    aside.wait_for("loaded the config");
    assert_eq!(key_of_turn(&aside), "Bearer canary-token");
    let answer = aside
        .client()
        .post("/other/v1/chat/completions", &[], &turn("Hi."));
    let heard = Reply::read(&answer.text()).heard();
    assert_eq!(heard, "asked with <Bearer canary-file>");
    assert_eq!(tokens.count(), 1, "the token is the same");
    let last = model.request(model.count() - 1);
    assert_eq!(last.json()["model"], "m");
    fs::write(aside.path("key"), "canary-file-2").expect("a file");
    aside.wait_for("renewed again");
    assert!(!aside.printed().contains("canary"), "{}", aside.printed());
}
