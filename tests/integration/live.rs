//! What Vapi's webhooks and the user's systems tell of a call, in its turns.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::client::Answer;
use crate::events::{EVENTS, JSON, SECRET, event, is_taken, status};
use crate::upstream::Upstream;
use crate::wire::{CHAT, Reply, saying, turn_of, whole};

const SYSTEMS: &[(&str, &str)] = &[("authorization", "Bearer canary-context-key-77")];

/// Shows the model all that is known of the call.
const SHOW: &str = r#"about = "The model sees what is known of the call."
when = 'context.call != {}'
[then.inject]
text = "KNOWN {{ context.call | tojson }}"
"#;

fn model() -> Upstream {
    Upstream::start(|request, _| match request.body.is_empty() {
        true => whole("200 OK", JSON, "{\"data\":[]}"),
        false => saying(&["Hello."]),
    })
}

fn serving(model: &Upstream) -> Aside {
    let config = format!(
        "context_keys = [\"${{CONTEXT}}\"]\n{}[vapi]\nsecret = \"${{SECRET}}\"\nkeep = [\"transcript\", \"tools\"]\n",
        config(model, "")
    );
    let key = SYSTEMS[0].1.trim_start_matches("Bearer ");
    let setup = Setup::with_config(&config).rule("10-show", SHOW);
    Aside::serve(&setup.env("SECRET", SECRET[0].1).env("CONTEXT", key))
}

/// What the model is told of a call in its next turn; null: nothing.
fn known(aside: &Aside, model: &Upstream, call: &str) -> Value {
    let text = format!("Hi, turn {}.", model.count());
    let answer = aside.client().post(CHAT, &[], &turn_of(call, &text));
    assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
    let mut requests = (0..model.count()).map(|number| model.request(number));
    let got = requests.find(|request| request.text().contains(&text));
    let got = got.expect("the model was asked").json();
    let messages = got["messages"].as_array().expect("messages");
    let texts = messages.iter().filter_map(|it| it["content"].as_str());
    let mut known = texts.filter_map(|text| text.strip_prefix("KNOWN "));
    known.next().map_or(Value::Null, |json| {
        serde_json::from_str(json).expect("JSON")
    })
}

fn tell(aside: &Aside, event: &[u8]) {
    is_taken(&aside.client().post(EVENTS, SECRET, event));
}

fn context(aside: &Aside, method: &str, call: &str, body: &str) -> Answer {
    let mut client = aside.client();
    let path = format!("/context/call/{call}");
    client.send(method, &path, SYSTEMS, body.as_bytes());
    client.answer()
}

fn said(text: &str, time: i64) -> Value {
    json!({ "role": "user", "transcriptType": "final", "transcript": text, "timestamp": time })
}

#[test]
fn a_turn_knows_what_vapi_told_of_its_call() {
    let model = model();
    let aside = serving(&model);
    assert_eq!(known(&aside, &model, "c"), Value::Null);
    tell(&aside, &status("in-progress", "c"));
    let vapi = known(&aside, &model, "c")["vapi"].clone();
    assert_eq!(vapi["status"], "in-progress");
    assert_eq!(vapi["startedAt"], "2025-06-10T09:07:00.647Z");
    tell(
        &aside,
        &event("transcript", "c", said("It is Tuesday.", 1_749_546_430_000)),
    );
    let result = json!({ "role": "tool_call_result", "name": "find", "result": "{\"order\":7}", "time": 1_749_546_431_000_i64 });
    let told = json!({ "messages": [result] });
    tell(&aside, &event("tool-calls", "c", told));
    let vapi = known(&aside, &model, "c")["vapi"].clone();
    assert_eq!(vapi["transcript"]["text"], "It is Tuesday.");
    assert_eq!(vapi["tools"]["find"]["result"], "{\"order\":7}");
    assert_eq!(known(&aside, &model, "another"), Value::Null);
}

#[test]
fn r37_a_call_that_is_over_keeps_no_texts_and_nothing_late_changes_it() {
    let model = model();
    let aside = serving(&model);
    tell(&aside, &status("in-progress", "c"));
    tell(
        &aside,
        &event("transcript", "c", said("It is Tuesday.", 1_749_546_430_000)),
    );
    assert_eq!(context(&aside, "PUT", "c", "{\"note\":1}").status, 201);
    let ended =
        json!({ "endedReason": "customer-ended-call", "endedAt": "2025-06-10T09:30:00.000Z" });
    let report = event("end-of-call-report", "c", ended);
    tell(&aside, &report);
    let over = known(&aside, &model, "c");
    assert_eq!(over["vapi"]["status"], "ended");
    assert_eq!(over["vapi"]["endedReason"], "customer-ended-call");
    assert!(over["vapi"]["transcript"].is_null(), "{over}");
    assert_eq!(over["note"], 1, "the grace is not over");
    for late in [
        status("in-progress", "c"),
        event("transcript", "c", said("Late.", 1_849_546_430_000)),
        report,
    ] {
        tell(&aside, &late);
        assert_eq!(known(&aside, &model, "c"), over);
    }
}

#[test]
fn s11_users_neither_see_nor_touch_what_vapi_told() {
    let model = model();
    let aside = serving(&model);
    tell(&aside, &status("in-progress", "c"));
    context(&aside, "GET", "c", "").error(404);
    context(&aside, "PUT", "c", "{\"vapi\":{}}").error(400);
    context(&aside, "PATCH", "c", "{\"vapi\":null}").error(400);
    context(&aside, "PATCH", "c", "{\"\\u0076api\":null}").error(400);
    assert_eq!(context(&aside, "PUT", "c", "{\"note\":1}").status, 201);
    let patched = context(&aside, "PATCH", "c", "{\"plan\":\"gold\"}");
    assert_eq!(patched.text(), "{\"note\":1,\"plan\":\"gold\"}");
    assert_eq!(context(&aside, "GET", "c", "").text(), patched.text());
    let both = known(&aside, &model, "c");
    assert_eq!(
        (&both["note"], &both["vapi"]["status"]),
        (&json!(1), &json!("in-progress"))
    );
    assert_eq!(context(&aside, "DELETE", "c", "").status, 204);
    let left = known(&aside, &model, "c");
    assert_eq!(left["vapi"], both["vapi"]);
    assert!(left["note"].is_null(), "{left}");
    let mut client = aside.client();
    client.send("GET", "/context/vapi/c", SYSTEMS, b"");
    client.answer().error(404);
}

#[test]
fn the_beginning_of_a_call_opens_every_workers_connection() {
    let model = model();
    let aside = serving(&model);
    tell(&aside, &status("ringing", "c"));
    // One for each of the two workers.
    for number in 0..2 {
        let head = model.request(number).head;
        assert!(head.starts_with("GET /v1/models HTTP/1.1\r\n"), "{head}");
    }
    tell(&aside, &status("in-progress", "c"));
    assert_eq!(known(&aside, &model, "c")["vapi"]["status"], "in-progress");
    assert_eq!((model.count(), model.connections()), (3, 2));
}
