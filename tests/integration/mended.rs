//! What an upstream refuses for its form is asked again, mended, and asked so from then on.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{APOLOGY, CHAT, Reply, saying, streaming, turn, whole, with};

/// What a server says to a body that it does not take; none: it takes it.
type Refuses = fn(&Value) -> Option<(&'static str, Value)>;

/// An upstream that refuses as it is told, and else says hello.
fn picky(refuses: Refuses) -> Upstream {
    Upstream::start(move |request, _| match refuses(&request.json()) {
        Some((status, body)) => refusal(status, &body),
        None => saying(&["Hello."]),
    })
}

fn refusal(status: &str, body: &Value) -> Vec<ScriptStep> {
    whole(
        status,
        "content-type: application/json\r\n",
        &body.to_string(),
    )
}

fn serve(upstream: &Upstream, more: &str) -> Aside {
    let url = upstream.url();
    Aside::serve(&Setup::with_config(&format!(
        "[upstream.own]\nurl = \"{url}\"\n{more}\n"
    )))
}

/// As Vapi asks: its usual parameters, tools, a late system message, a tool step.
fn vapi_turn() -> Vec<u8> {
    with(
        &turn("Hi."),
        json!({
            "model": "some-model", "temperature": 0.5, "max_tokens": 250, "seed": 7,
            "tools": [{ "type": "function", "function": { "name": "look_up", "strict": true,
                "parameters": { "type": "object", "properties": {} } } }],
            "messages": [
                { "role": "system", "content": "You are kind." },
                { "role": "user", "content": "What is my plan?" },
                { "role": "assistant", "content": "", "tool_calls": [
                    { "id": "call_1", "type": "function", "function": { "name": "look_up", "arguments": "{}" } }] },
                { "role": "tool", "tool_call_id": "call_1", "content": "gold" },
                { "role": "system", "content": "The caller waits." },
                { "role": "user", "content": "And?" },
            ],
        }),
    )
}

fn named(message: &str, param: &str) -> Value {
    json!({ "error": { "message": message, "type": "invalid_request_error", "param": param } })
}

const REFUSERS: &[(&str, Refuses)] = &[
    ("a name", |body| {
        body.get("max_tokens").map(|_| {
            ("400 Bad Request", named("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens"))
        })
    }),
    ("three fields, one after the other", |body| {
        let refused = ["temperature", "seed", "max_tokens"]
            .into_iter()
            .find(|name| body.get(*name).is_some());
        refused.map(|name| ("422 Unprocessable Entity", json!({ "detail": [{ "type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted" }] })))
    }),
    ("a key of tools", |body| {
        let strict = body.pointer("/tools/0/function/strict");
        strict.map(|_| ("400 Bad Request", json!([{ "error": { "code": 400, "message": "Invalid JSON payload received. Unknown name \"strict\" at 'tools[0].function': Cannot find field." } }])))
    }),
    ("an effort that must be said", |body| {
        (body["reasoning_effort"] != "none").then(|| ("400 Bad Request", named("Function tools with reasoning_effort are not supported for this model in /v1/chat/completions.", "reasoning_effort")))
    }),
    ("a late system message, by a template", |body| {
        let messages = body["messages"].as_array()?;
        let is_late = messages
            .iter()
            .skip(1)
            .any(|message| message["role"] == "system");
        is_late.then(|| ("500 Internal Server Error", json!({ "error": { "code": 500, "message": "System message must be at the beginning." } })))
    }),
    ("roles that do not alternate", |body| {
        let messages = body["messages"].as_array()?;
        let roles = messages
            .iter()
            .map(|message| &message["role"])
            .filter(|role| *role != "system");
        let roles: Vec<&Value> = roles.collect();
        let is_late = messages
            .iter()
            .skip(1)
            .any(|message| message["role"] == "system");
        let is_twice = roles.windows(2).any(|pair| pair[0] == pair[1]);
        (is_late || is_twice).then(|| ("400 Bad Request", json!({ "object": "error", "message": "Conversation roles must alternate user/assistant/user/assistant/...", "code": 400 })))
    }),
    ("ids", |body| {
        let id = body.pointer("/messages/2/tool_calls/0/id")?.as_str()?;
        (id.len() != 9).then(|| ("400 Bad Request", json!({ "object": "error", "message": format!("Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9."), "code": "3280" })))
    }),
];

#[test]
fn a_request_that_is_refused_for_its_form_is_asked_again_mended() {
    for (name, refuses) in REFUSERS {
        let upstream = picky(*refuses);
        let aside = serve(&upstream, "");
        let reply = Reply::read(&aside.client().post(CHAT, &[], &vapi_turn()).text());
        assert_eq!(reply.heard(), "Hello.", "{name}");
        let asked = upstream.count();
        assert!((2..=4).contains(&asked), "{name}: {asked}");
        // What helped is remembered.
        let reply = Reply::read(&aside.client().post(CHAT, &[], &vapi_turn()).text());
        assert_eq!(reply.heard(), "Hello.", "{name}");
        assert_eq!(upstream.count(), asked + 1, "{name}");
        let metrics = aside.client().get("/metrics", &[]).text();
        assert!(
            metrics.contains("aside_upstream_mended_total{upstream=\"own\""),
            "{name}"
        );
        let log = aside.printed();
        let told = log.matches("took it mended").count();
        assert!((1..=3).contains(&told), "{name}: {log}");
    }
}

#[test]
fn a_refusal_that_comes_as_an_event_is_mended_too() {
    let error = json!({ "error": { "code": 500, "type": "server_error",
        "message": "While executing CallExpression: System message must be at the beginning." } });
    for (event, is_form) in [
        (format!("data: {error}\n\n"), true),
        (format!("event: error\ndata: {error}\n\n"), true),
        (format!("error: {error}\n\n"), true),
        (
            "data: {\"error\":{\"message\":\"CUDA out of memory\"}}\n\n".to_owned(),
            false,
        ),
    ] {
        let upstream = Upstream::start(move |request, _| {
            let body = request.json();
            let messages = body["messages"].as_array().expect("messages");
            let is_late = |message: &Value| message["role"] == "system";
            match messages.iter().skip(1).any(is_late) {
                true => streaming([event.as_bytes()]),
                false => saying(&["Hello."]),
            }
        });
        let aside = serve(&upstream, "");
        let reply = Reply::read(&aside.client().post(CHAT, &[], &vapi_turn()).text());
        let expected = if is_form { "Hello." } else { APOLOGY };
        assert_eq!(reply.heard(), expected);
        assert_eq!(upstream.count(), 1 + usize::from(is_form));
    }
}

#[test]
fn nothing_else_is_repeated_for_what_it_says() {
    for (status, body) in [
        (
            "400 Bad Request",
            json!({ "error": { "message": "The response was filtered", "code": "content_filter" } }),
        ),
        (
            "400 Bad Request",
            json!({ "error": { "message": "The model `x` does not exist", "param": "model" } }),
        ),
        ("400 Bad Request", json!({})),
        (
            "429 Too Many Requests",
            named("Rate limit for max_tokens reached", "max_tokens"),
        ),
        (
            "401 Unauthorized",
            named("Unknown parameter: 'seed'", "seed"),
        ),
        (
            "500 Internal Server Error",
            named("Unknown parameter: 'seed'", "seed"),
        ),
        (
            "503 Service Unavailable",
            named("System message must be at the beginning.", ""),
        ),
    ] {
        let answer = body.clone();
        let upstream = Upstream::start(move |_, _| refusal(status, &answer));
        let aside = serve(&upstream, "");
        let reply = Reply::read(&aside.client().post(CHAT, &[], &vapi_turn()).text());
        assert_eq!(reply.heard(), APOLOGY, "{status} {body}");
        assert_eq!(upstream.count(), 1, "{status} {body}");
    }
}

#[test]
fn what_helped_is_kept_also_where_more_is_refused_than_one_turn_mends() {
    const REFUSED: [&str; 5] = ["temperature", "seed", "max_tokens", "top_p", "user"];
    let upstream = picky(|body| {
        let refused = REFUSED.into_iter().find(|name| body.get(*name).is_some());
        let refused = refused.map(|name| named(&format!("Unknown parameter: '{name}'."), name));
        refused.map(|body| ("400 Bad Request", body))
    });
    let aside = serve(&upstream, "");
    let body = with(&vapi_turn(), json!({ "top_p": 1, "user": "a" }));
    let mut heard = Vec::new();
    for _ in 0..3 {
        heard.push(Reply::read(&aside.client().post(CHAT, &[], &body).text()).heard());
    }
    assert_eq!(heard, [APOLOGY, "Hello.", "Hello."]);
    assert_eq!(upstream.count(), 4 + 3 + 1);
    let told = aside.printed().matches("took it mended").count();
    assert_eq!(told, REFUSED.len(), "{}", aside.printed());
}

#[test]
fn a_bad_moment_behind_a_mend_forgets_nothing() {
    let too_new = named(
        "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
        "max_tokens",
    );
    let upstream = Upstream::start(move |request, number| match number {
        _ if request.json().get("max_tokens").is_some() => refusal("400 Bad Request", &too_new),
        1 => whole("503 Service Unavailable", "", ""),
        _ => saying(&["Hello."]),
    });
    let aside = serve(&upstream, "");
    let turn = || Reply::read(&aside.client().post(CHAT, &[], &vapi_turn()).text()).heard();
    assert_eq!([turn(), turn(), turn()], [APOLOGY, "Hello.", "Hello."]);
    assert_eq!(upstream.count(), 2 + 2 + 1);
}

#[test]
fn what_helps_nobody_in_one_call_is_tried_in_another() {
    let upstream = picky(|body| {
        let is_lost = body["messages"].to_string().contains("lost");
        let is_sent = body.get("seed").is_some();
        (is_lost || is_sent).then(|| {
            (
                "400 Bad Request",
                named("Unknown parameter: 'seed'.", "seed"),
            )
        })
    });
    let aside = serve(&upstream, "");
    let turn = |call: &str, text: &str| {
        let more = json!({ "call": { "id": call }, "seed": 7,
            "messages": [{ "role": "user", "content": text }] });
        Reply::read(
            &aside
                .client()
                .post(CHAT, &[], &with(&turn("Hi."), more))
                .text(),
        )
        .heard()
    };
    assert_eq!(turn("a", "I am lost."), APOLOGY);
    assert_eq!(turn("a", "I am lost."), APOLOGY);
    assert_eq!(turn("b", "Hi."), "Hello.");
}

#[test]
fn a_value_that_one_caller_sends_changes_nothing_for_others() {
    let upstream = picky(|body| {
        let is_hot = body["temperature"].as_f64() > Some(2.0);
        let error = json!({ "error": { "code": "decimal_above_max_value", "param": "temperature",
            "message": "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead." } });
        is_hot.then_some(("400 Bad Request", error))
    });
    let aside = serve(&upstream, "");
    let turn = |temperature: f64| {
        let body = with(&vapi_turn(), json!({ "temperature": temperature }));
        Reply::read(&aside.client().post(CHAT, &[], &body).text()).heard()
    };
    assert_eq!([turn(2.5), turn(0.5)], ["Hello.", "Hello."]);
    assert_eq!(upstream.count(), 3);
    assert_eq!(upstream.request(2).json()["temperature"], 0.5);
}

#[test]
fn a_field_of_asides_own_can_be_refused_too() {
    let refuses: Refuses = |body| {
        let error = named(
            "Unrecognized request argument supplied: prompt_cache_key",
            "",
        );
        body.get("prompt_cache_key")
            .map(|_| ("400 Bad Request", error))
    };
    for (more, asked) in [("", 2), ("drop = [\"prompt_cache_key\"]", 1)] {
        let upstream = picky(refuses);
        let aside = serve(&upstream, &format!("prompt_cache_key = true\n{more}"));
        let reply = Reply::read(&aside.client().post(CHAT, &[], &vapi_turn()).text());
        assert_eq!(
            (reply.heard().as_str(), upstream.count()),
            ("Hello.", asked)
        );
    }
}

#[test]
fn what_no_mend_helps_is_given_up_after_three_and_not_tried_again() {
    let upstream = picky(|body| {
        let fields = body.as_object()?;
        let refused = fields
            .keys()
            .find(|name| !matches!(&***name, "messages" | "model" | "stream" | "tools"));
        let refused = refused.map_or("temperature", |name| name);
        Some(("400 Bad Request", named("Unknown parameter", refused)))
    });
    let aside = serve(&upstream, "");
    for (turn, asked) in [(1, 4), (2, 5)] {
        let reply = Reply::read(&aside.client().post(CHAT, &[], &vapi_turn()).text());
        assert_eq!(reply.heard(), APOLOGY);
        assert!(
            upstream.count() <= asked,
            "turn {turn}: {}",
            upstream.count()
        );
    }
}

#[test]
fn mending_can_be_switched_off() {
    let upstream = picky(REFUSERS[0].1);
    let aside = serve(&upstream, "mend = false");
    let reply = Reply::read(&aside.client().post(CHAT, &[], &vapi_turn()).text());
    assert_eq!(reply.heard(), APOLOGY);
    assert_eq!(upstream.count(), 1);
}

#[test]
fn the_config_says_what_a_refusal_would_teach() {
    let upstream = picky(|body| {
        let is_wrong = body.get("max_tokens").is_some()
            || body.get("seed").is_some()
            || body["verbosity"] != "low"
            || body.pointer("/tools/0/function/strict").is_some();
        is_wrong.then(|| ("400 Bad Request", json!({})))
    });
    let aside = serve(
        &upstream,
        r#"drop = ["seed", "tools.strict"]
[[upstream.own.model]]
match = "other-*"
default = { temperature = 0 }
[[upstream.own.model]]
match = "some-*"
rename = { max_tokens = "max_completion_tokens" }
default = { verbosity = "low" }"#,
    );
    let reply = Reply::read(&aside.client().post(CHAT, &[], &vapi_turn()).text());
    assert_eq!(reply.heard(), "Hello.");
    let body = upstream.request(0).json();
    assert_eq!(body["max_completion_tokens"], 250);
    assert_eq!(body["temperature"], 0.5);
}

#[test]
fn a_refusal_goes_on_to_an_upstream_that_takes_another_form() {
    for (more, asked) in [
        ("", 0),
        ("shape = { system = \"first\" }", 1),
        ("model = \"other\"", 1),
    ] {
        // Nobody knows what is wrong with it, so it can't be mended.
        let upstream = Upstream::start(|_, number| match number {
            0 => refusal("400 Bad Request", &json!({ "error": "no" })),
            _ => saying(&["Second here."]),
        });
        let url = upstream.url();
        let aside = Aside::serve(&Setup::with_config(&format!(
            "[upstream.first]\nurl = \"{url}\"\n[upstream.second]\nurl = \"{url}\"\n{more}\n\
             [route.default]\nupstreams = [\"first\", \"second\"]\n"
        )));
        let reply = Reply::read(&aside.client().post(CHAT, &[], &vapi_turn()).text());
        let expected = if asked == 1 { "Second here." } else { APOLOGY };
        assert_eq!(
            (reply.heard(), upstream.count()),
            (expected.to_owned(), 1 + asked),
            "{more}"
        );
    }
}
