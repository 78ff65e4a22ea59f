//! Clients other than Vapi: where a route says that they tell of their call, rules, context and limits
//! know it, and none of it goes upstream.

use std::time::Instant;

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::client::Client;
use crate::context::{KEYS, ask};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, saying, says, stream_head, turn, with};

/// Shows the model what rules know of the call.
const SHOW: &str = "about = \"x\"\n[then.inject]\ntext = \"{{ {'call': call, 'customer': customer, 'metadata': metadata, 'note': context.call.note | default('none'), 'plan': context.customer.plan | default('none')} | tojson }}\"\n";

/// A client: what it is, its route's table, its headers, its query, and the fields of its body.
struct Caller {
    what: &'static str,
    from: &'static str,
    headers: &'static [(&'static str, &'static str)],
    query: &'static str,
    fields: &'static str,
}

/// All of them tell of the call `c-1` of the customer `+12025550143`, with the tenant `acme`.
const CALLERS: &[Caller] = &[
    Caller {
        what: "ElevenLabs, by an SDK",
        from: "call_id = \"/elevenlabs_extra_body/call\"\ncustomer = \"/elevenlabs_extra_body/phone\"\nmetadata = \"/elevenlabs_extra_body\"",
        headers: &[],
        query: "",
        fields: r#"{"user_id":"u-1","elevenlabs_extra_body":{"call":"c-1","phone":"+12025550143","tenant":"acme"}}"#,
    },
    Caller {
        what: "ElevenLabs, by phone",
        from: "call_id = \"header:x-conversation-id\"\ncustomer = \"header:x-caller-id\"\nmetadata = \"header:x-more\"",
        headers: &[
            ("X-Conversation-Id", "c-1"),
            ("x-caller-id", "+12025550143"),
            ("x-more", r#"{"tenant":"acme"}"#),
        ],
        query: "",
        fields: "{}",
    },
    Caller {
        what: "an OpenAI client with fields of OpenAI's",
        from: "call_id = \"/metadata/room\"\ncustomer = \"/user\"",
        headers: &[],
        query: "",
        fields: r#"{"user":"+12025550143","metadata":{"room":"c-1","tenant":"acme"}}"#,
    },
    Caller {
        what: "an OpenAI client with fields of its own",
        from: "call_id = \"/session/ids/1\"\ncustomer = \"/session/~0who~1\"\nmetadata = \"/session/more\"",
        headers: &[],
        query: "",
        fields: r#"{"session":{"ids":[7,"c-1"],"~who/":{"number":"+12025550143"},"more":"{\"tenant\":\"acme\"}"}}"#,
    },
    Caller {
        what: "a client that has a query alone",
        from: "call_id = \"query:custom_session_id\"\ncustomer = \"query:phone\"\nmetadata = \"query:more\"",
        headers: &[],
        query: "?custom_session_id=c-1&phone=%2B12025550143&more=%7B%22tenant%22:%22acme%22%7D",
        fields: "{}",
    },
    Caller {
        what: "Vapi on such a route",
        from: "call_id = \"/elevenlabs_extra_body/call\"\ncustomer = \"header:x-caller-id\"\nmetadata = \"query:more\"",
        headers: &[],
        query: "",
        fields: r#"{"call":{"id":"c-1"},"customer":{"number":"+12025550143"},"metadata":{"tenant":"acme"}}"#,
    },
];

impl Caller {
    fn table(&self) -> String {
        format!("[route.default.from]\n{}\n", self.from)
    }

    /// Sends a turn, and reads the answer's body.
    fn says(&self, client: &mut Client, text: &str) -> String {
        let answer = client.post(&self.path(), self.headers, &self.body(text));
        assert_eq!(answer.status, 200, "{}", self.what);
        answer.text()
    }

    fn path(&self) -> String {
        format!("{CHAT}{}", self.query)
    }

    fn body(&self, text: &str) -> Vec<u8> {
        let fields = serde_json::from_str(self.fields).expect("JSON");
        with(&turn(text), fields)
    }
}

/// What the model was shown of the call.
fn shown(upstream: &Upstream, number: usize) -> Value {
    let request = upstream.request(number).json();
    let messages = request["messages"].as_array().expect("messages").clone();
    let texts = messages.iter().filter_map(|one| one["content"].as_str());
    let mut shown = texts.filter_map(|text| serde_json::from_str::<Value>(text).ok());
    shown.find(Value::is_object).expect("it is shown")
}

#[test]
fn rules_and_context_know_the_call_of_every_client() {
    for caller in CALLERS {
        let upstream = Upstream::playing(saying(&["Hello."]));
        let config = config(&upstream, &caller.table());
        let setup = Setup::with_config(&format!("{KEYS}{config}")).rule("10-show", SHOW);
        let aside = Aside::serve(&setup);
        let mut client = aside.client();
        ask(
            &mut client,
            "PUT",
            "/context/call/c-1",
            r#"{"note":"late"}"#,
        );
        let path = "/context/customer/%2B12025550143";
        ask(&mut client, "PUT", path, r#"{"plan":"gold"}"#);
        caller.says(&mut client, "Hi.");
        let (what, shown) = (caller.what, shown(&upstream, 0));
        assert_eq!(shown["call"]["id"], "c-1", "{what}");
        assert_eq!(shown["customer"]["number"], "+12025550143", "{what}");
        assert_eq!(shown["metadata"]["tenant"], "acme", "{what}");
        assert_eq!(shown["note"], "late", "{what}");
        assert_eq!(shown["plan"], "gold", "{what}");
        let line = aside.wait_for("outcome=\"answered\"");
        assert!(line.contains("call=\"c-1\""), "{what}: {line}");
    }
}

#[test]
fn what_is_read_goes_upstream_only_where_the_upstream_takes_the_field() {
    for caller in CALLERS {
        let upstream = Upstream::playing(saying(&["Hello."]));
        let aside = Aside::with_route(&upstream, &caller.table());
        caller.says(&mut aside.client(), "Hi.");
        let mut expected: Value = serde_json::from_slice(&turn("Hi.")).expect("JSON");
        let fields: Value = serde_json::from_str(caller.fields).expect("JSON");
        if let Some(user) = fields.get("user") {
            expected["user"] = user.clone();
        }
        let sent = upstream.request(0).json();
        assert_eq!(sent, expected, "{}", caller.what);
    }
}

#[test]
fn a_newer_turn_of_the_call_ends_the_older_one_whoever_asks() {
    for caller in CALLERS {
        let upstream = Upstream::start(|_, number| match number {
            0 => vec![stream_head(), says("Old"), ScriptStep::Hang],
            _ => saying(&["New."]),
        });
        let table = caller.table();
        let aside = Aside::with_route(&upstream, &format!("stall = \"60s\"\n{table}"));
        let mut older = aside.client();
        older.send("POST", &caller.path(), caller.headers, &caller.body("Hi."));
        older.head();
        let mut body = older.read_until("Old");
        let began = Instant::now();
        let newer = caller.says(&mut aside.client(), "Hi there.");
        assert_eq!(Reply::read(&newer).heard(), "New.", "{}", caller.what);
        body += &older.rest();
        assert_eq!(Reply::read(&body).heard(), "Old", "{}", caller.what);
        let gone = upstream.gone(0).duration_since(began);
        assert!(gone.as_secs() < 30, "{}: {gone:?}", caller.what);
    }
}

#[test]
fn the_limits_of_a_call_hold_for_every_client() {
    for caller in CALLERS {
        let upstream = Upstream::playing(saying(&["Hello."]));
        let table = caller.table();
        let limited = format!("on_error = \"status\"\n{table}[limits]\ncall_turns = 1\n");
        let aside = Aside::with_route(&upstream, &limited);
        let mut client = aside.client();
        caller.says(&mut client, "Hi.");
        let answer = client.post(&caller.path(), caller.headers, &caller.body("Hi."));
        assert_eq!(answer.status, 429, "{}", caller.what);
    }
}

#[test]
fn a_place_with_nothing_in_it_is_as_if_nobody_had_said_anything() {
    let from = "[route.default.from]\ncall_id = \"/extra/id\"\ncustomer = \"header:x-caller\"\nmetadata = \"query:more\"\n";
    let upstream = Upstream::playing(saying(&["Hello."]));
    let setup = Setup::with_config(&config(&upstream, from)).rule("10-show", SHOW);
    let aside = Aside::serve(&setup);
    let mut client = aside.client();
    for (number, (headers, path, fields)) in [
        (&[][..], CHAT, json!({})),
        (&[], CHAT, json!({ "extra": { "id": null } })),
        (&[("x-caller", " ")], CHAT, json!({ "extra": { "id": {} } })),
        (
            &[("x-caller", "{{ caller }}")],
            "/v1/chat/completions?more=no&more=%7B%22a%22:1%7D",
            json!({ "extra": { "id": "{{ id }}" } }),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = client.post(path, headers, &with(&turn("Hi."), fields.clone()));
        assert_eq!(answer.status, 200, "{fields}");
        let shown = shown(&upstream, number);
        assert_eq!(shown["call"], json!({}), "{fields}");
        assert_eq!(shown["customer"], json!({}), "{fields}");
        // What stands beside the messages is the metadata, as Vapi spreads it.
        assert_eq!(shown["metadata"], fields, "{fields}");
    }
}

#[test]
fn a_call_that_only_a_header_names_has_an_id_for_rules() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let setup = Setup::with_config(&config(&upstream, "")).rule("10-show", SHOW);
    let aside = Aside::serve(&setup);
    let header = [("x-call-id", "c-1")];
    aside.client().post(CHAT, &header, &turn("Hi."));
    assert_eq!(shown(&upstream, 0)["call"], json!({ "id": "c-1" }));
}

#[test]
fn no_rule_sees_a_secret_that_another_client_sends() {
    let fields = json!({ "extra": {
        "id": "c-1",
        "who": { "number": "+1", "apiKey": "canary-1" },
        "credentials": [{ "token": "canary-2" }],
        "server": { "url": "https://a.example", "headers": { "x": "canary-3" } },
        "tenant": "acme",
    } });
    let from = "[route.default.from]\ncall_id = \"/extra/id\"\ncustomer = \"/extra/who\"\nmetadata = \"/extra\"\n";
    let upstream = Upstream::playing(saying(&["Hello."]));
    let setup = Setup::with_config(&config(&upstream, from)).rule("10-show", SHOW);
    let aside = Aside::serve(&setup.env("ASIDE_LOG", "trace"));
    aside.client().post(CHAT, &[], &with(&turn("Hi."), fields));
    let sent = upstream.request(0).json().to_string();
    assert!(sent.contains("acme"), "{sent}");
    assert!(!sent.contains("canary"), "{sent}");
    assert!(!aside.wait_for("outcome").contains("canary"));
}

#[test]
fn explain_reads_a_body_where_the_route_says() {
    let config = "[upstream.mock]\nurl = \"http://127.0.0.1:9/v1\"\n[route.default]\nupstreams = [\"mock\"]\n[route.default.from]\ncall_id = \"/extra/id\"\ncustomer = \"/extra/phone\"\nmetadata = \"header:x-more\"\n";
    let setup = Setup::with_config(config).rule("10-show", SHOW);
    let body = with(
        &turn("Hi."),
        json!({ "extra": { "id": "c-1", "phone": "+12025550143" } }),
    );
    let body = String::from_utf8(body).expect("text");
    let finished = setup.run(&["explain", "-"], &body);
    assert_eq!((finished.code, &*finished.stderr), (Some(0), ""));
    for text in [
        "c-1",
        "+12025550143",
        "`from.metadata` is `header:x-more`: explain sees the body alone",
    ] {
        let said = &finished.stdout;
        assert!(said.contains(text), "{text}: {said}");
    }
    assert!(!finished.stdout.contains("from.call_id"));
}

/// The blocks of a language in the documentation of clients.
fn blocks(language: &str) -> Vec<&'static str> {
    let docs = include_str!("../../docs/clients.md");
    let fence = format!("```{language}\n");
    let blocks = docs.split(&fence).skip(1);
    blocks
        .filter_map(|rest| Some(rest.split_once("\n```")?.0))
        .collect()
}

#[test]
fn the_documented_clients_are_known_as_documented() {
    let (configs, requests) = (blocks("toml"), blocks("http"));
    assert!(configs.len() == requests.len() && configs.len() >= 5);
    for (config, request) in configs.into_iter().zip(requests) {
        let upstream = Upstream::playing(saying(&["Hello."]));
        let own = format!("preset = \"openai\"\nurl = \"{}\"", upstream.url());
        let config = config.replace("preset = \"openai\"", &own);
        let setup = Setup::with_config(&config).env("OPENAI_API_KEY", "key-of-openai");
        let setup = setup.env("ASIDE_KEY", "key-of-the-caller");
        let aside = Aside::serve(&setup.rule("10-show", SHOW));
        let (head, body) = request.split_once("\n\n").expect("a body");
        let mut lines = head.lines();
        let asked = lines.next().and_then(|line| line.strip_prefix("POST "));
        let headers: Vec<(&str, &str)> = lines
            .map(|line| line.split_once(": ").expect("a header"))
            .collect();
        let path = asked.expect("a path");
        let answer = aside.client().post(path, &headers, body.as_bytes());
        assert_eq!(answer.status, 200, "{request}");
        let shown = shown(&upstream, 0);
        assert_eq!(shown["call"]["id"], "conv-7", "{request}");
        assert_eq!(shown["customer"]["number"], "+12025550143", "{request}");
        assert_eq!(shown["metadata"]["tenant"], "acme", "{request}");
        // OpenAI refuses fields that it does not know.
        let sent = upstream.request(0).json();
        let keys = sent.as_object().expect("an object").keys();
        let known = ["model", "messages", "stream", "stream_options", "user"];
        let unknown: Vec<&String> = keys.filter(|key| !known.contains(&key.as_str())).collect();
        assert!(unknown.is_empty(), "{unknown:?}: {request}");
    }
}

#[test]
fn a_wrong_place_is_a_problem_where_it_stands() {
    for (line, expected) in [
        (
            "call_id = \"metadata/id\"",
            "6:11: `metadata/id` is no place",
        ),
        (
            "customer = \"/messages/0/content\"",
            "6:12: `/messages/0/content` points into the messages",
        ),
        ("metadata = \"\"", "6:12: `` is no place"),
        ("metadata = \"/a~b\"", "6:12: `/a~b` has a `~`"),
        (
            "call_id = \"header:authorization\"",
            "6:11: `header:authorization` names a secret",
        ),
        ("call_id = \"header:\"", "6:11: `header:` has no name"),
        ("call = \"/a\"", "6:1: unknown field `call`"),
    ] {
        let config = format!(
            "[upstream.mock]\nurl = \"http://127.0.0.1:9/v1\"\n[route.default]\nupstreams = [\"mock\"]\n[route.default.from]\n{line}\n"
        );
        let finished = Setup::with_config(&config).run(&["check", "."], "");
        assert_eq!(finished.code, Some(1), "{line}");
        let said = format!("{}{}", finished.stdout, finished.stderr);
        assert!(said.contains(expected), "{line}: {said}");
    }
}

#[test]
fn a_recorded_turn_of_another_client_is_replayed_as_it_was() {
    let from = "[route.default.from]\ncall_id = \"/extra/id\"\ncustomer = \"/extra/phone\"\nmetadata = \"/extra\"\n";
    let hide = "about = \"x\"\nwhen = 'metadata.tenant == \"acme\"'\n[then.redact]\nknown = [\"customer.number\"]\n";
    let tell = "about = \"x\"\nwhen = 'has(call.id)'\n[then.inject]\ntext = \"{{ metadata.tenant }}: {{ customer.number }}\"\n";
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("turns.jsonl");
    let record = format!("{from}[record]\nfile = \"{}\"\n", path.display());
    let upstream = Upstream::playing(saying(&["Call [NUMBER_1]."]));
    let setup = Setup::with_config(&config(&upstream, &record));
    let setup = setup.rule("10-tell", tell).rule("20-hide", hide);
    let mut aside = Aside::serve(&setup);
    let fields = json!({ "extra": { "id": "c-1", "phone": "+12025550143", "tenant": "acme" } });
    let body = with(&turn("I am at +12025550143."), fields);
    let reply = aside.client().post(CHAT, &[], &body).text();
    assert_eq!(Reply::read(&reply).heard(), "Call +12025550143.");
    aside.program().signal("TERM");
    assert!(aside.program().ended().success());
    let text = std::fs::read_to_string(&path).expect("a recording");
    let line: Value = serde_json::from_str(&text).expect("one line");
    assert_eq!(line["call"], "c-1");
    assert_eq!(line["facts"]["call"]["id"], "c-1");
    assert_eq!(line["facts"]["metadata"]["tenant"], "acme");
    assert_eq!(line["again"], "same");
    assert!(!text.contains("5550143"), "{text}");
    let path = path.display().to_string();
    let arguments = ["replay", &path, "--rules", "rules", "--fail-on-change"];
    let finished = setup.run(&arguments, "");
    let said = format!("{}{}", finished.stdout, finished.stderr);
    assert_eq!(finished.code, Some(0), "{said}");
}
