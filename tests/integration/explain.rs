//! `aside explain FILE`: what people read of one recorded request, and what they never read.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup, config};
use crate::fixtures;
use crate::upstream::Upstream;
use crate::wire::{CHAT, saying, turn_of, with};

const INJECT: &str = "about = \"x\"\n[then.inject]\ntext = \"{{ customer.name }} has {{ context.customer.orders | default(0) }} orders.\"\n";
const REDACT: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\", \"cvv\", \"email\"]\nknown = [\"customer.name\"]\nreply = true\n";
const STYLE: &str = "about = \"x\"\n[then.rewrite]\nfind = '\\*{1,3}'\nreplace = \"\"\nin = [\"user\", \"reply\"]\n";
const NEVER: &str =
    "about = \"x\"\nwhen = 'call.type == \"webCall\"'\n[then.inject]\ntext = \"a\"\n";

/// What stands in the request, and is hidden from the model.
const VALUES: &[&str] = &[
    "4539 5787",
    "62 1486",
    "canary.mail",
    "Canaria",
    "Finchley",
    "is 737",
];

fn rules() -> Setup {
    Setup::default()
        .rule("10-inject", INJECT)
        .rule("20-never", NEVER)
        .rule("30-redact", REDACT)
        .rule("40-style", STYLE)
}

fn request() -> Vec<u8> {
    let more = json!({
        "customer": { "name": "Canaria Finchley" },
        "messages": [
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": "I am Canaria Finchley." },
            { "role": "assistant", "content": "Hello Canaria." },
            { "role": "user", "content": "My **card** is 4539 5787 6362 1486, the CVV is 737, mail canary.mail@example.com" },
        ],
    });
    with(&turn_of("call-1", "x"), more)
}

fn reply() -> String {
    let chunk = json!({ "choices": [{ "index": 0, "delta": { "content": "**Fine**, [NAME_1]: [CARD_1], canary.mail@example.com" }, "finish_reason": "stop" }] });
    format!("data: {chunk}\n\ndata: [DONE]\n\n")
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("text")
}

/// Without the times, which differ.
fn timeless(text: &str) -> String {
    let line = |line: &str| match line.split_once(" µs") {
        Some((before, _)) => before
            .trim_end_matches(|sign: char| sign.is_ascii_digit())
            .trim_end()
            .to_owned(),
        None => line.to_owned(),
    };
    text.lines().map(|one| line(one) + "\n").collect()
}

#[test]
fn explain_shows_every_step_and_the_way_back() {
    let setup = rules()
        .file("given.json", r#"{"context":{"customer":{"orders":2}}}"#)
        .file("reply.sse", &reply());
    let arguments = [
        "explain",
        "-",
        "--given",
        "given.json",
        "--reply",
        "reply.sse",
    ];
    let finished = setup.run(&arguments, &text(request()));
    assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        timeless(&finished.stdout),
        r#"10-inject  inject   changed
  + messages[3] (system)
        {+[NAME_1] has 2 orders.+}
20-never   inject   skipped
    `call.type` is absent
30-redact  redact   changed
  ~ messages[1] (user)
        I am [-…-]{+[NAME_1]+}.
  ~ messages[2] (assistant)
        Hello [-…-]{+[NAME_2]+}.
  ~ messages[3] (system)
        [-…-]{+[NAME_1]+} has 2 orders.
  ~ messages[4] (user)
        My **card** is [-…-]{+[CARD_1]+}, the CVV is [-…-]{+[CVV_1]+}, mail [-…-]{+[EMAIL_1]+}
40-style   rewrite  changed
  ~ messages[4] (user)
        My [-**card**-]{+card+} is [CARD_1], the CVV is [CVV_1], mail [EMAIL_1]

Hidden: CARD 1, CVV 1, EMAIL 1, NAME 2
Same as in the turn before: the first 1 of its 3 messages, the first 79 of its 199 bytes
Stay here: call, customer
The upstream default gets:
{
  "model": "gpt-4o",
  "messages": [
    {"role":"system","content":"Be brief."},
    {"role":"user","content":"I am [NAME_1]."},
    {"role":"assistant","content":"Hello [NAME_2]."},
    {"role":"system","content":"[NAME_1] has 2 orders."},
    {"role":"user","content":"My card is [CARD_1], the CVV is [CVV_1], mail [EMAIL_1]"}
  ],
  "temperature": 0.5,
  "stream": true
}

The model says (content):
        **Fine**, [NAME_1]: [CARD_1], ‹…›
40-style   changed
  ~ content
        [-**-]Fine[-**-], [NAME_1]: [CARD_1], ‹…›
30-redact  changed
  ~ content
        Fine, [-[NAME_1]-]{+‹NAME_1›+}: [-[CARD_1]-]{+‹CARD_1›+}, [-‹…›-]{+that+}
10-inject  unchanged
The caller hears (content; ‹CARD_1› stands for the value):
        Fine, ‹NAME_1›: ‹CARD_1›, that
"#
    );
}

#[test]
fn explain_never_shows_a_value_that_the_rules_hide() {
    let setup = rules().file("reply.sse", &reply());
    for more in [
        &[][..],
        &["--json"],
        &["--reply", "reply.sse"],
        &["--reply", "reply.sse", "--json"],
    ] {
        let arguments = [&["explain", "-"], more].concat();
        let finished = setup.run(&arguments, &text(request()));
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        for value in VALUES {
            assert!(
                !finished.stdout.contains(value),
                "`{value}`: {}",
                finished.stdout
            );
        }
        assert!(finished.stdout.contains("CARD_1"), "{}", finished.stdout);
    }
}

#[test]
fn what_explain_shows_is_what_goes_upstream() {
    let upstream = Upstream::playing(saying(&["Fine."]));
    let config = config(&upstream, "");
    let setup = rules().file("aside.toml", &config);
    let aside = Aside::serve(&setup);
    let mut bodies = fixtures::bodies();
    bodies.push(("canary".to_owned(), request()));
    for (number, (name, body)) in bodies.into_iter().enumerate() {
        aside.client().post(CHAT, &[], &body);
        let sent = upstream.request(number).text();
        let finished = setup.run(&["explain", "-", "--json"], &text(body));
        assert_eq!(finished.code, Some(0), "{name}: {}", finished.stderr);
        assert!(
            finished.stdout.contains(&format!("\"request\":{sent}")),
            "{name}: {}\n{sent}",
            finished.stdout
        );
        let explained: Value = serde_json::from_str(&finished.stdout).expect("JSON");
        let steps = explained["steps"].as_array().expect("steps");
        for step in steps {
            for key in ["rule", "kind", "outcome", "micros"] {
                assert!(!step[key].is_null(), "{key}: {step}");
            }
            assert!(step.get("why").is_some(), "{step}");
        }
    }
}

#[test]
fn a_field_that_is_not_taken_is_gone_and_the_model_is_the_upstreams() {
    let config = "[upstream.first]\nurl = \"http://127.0.0.1:9/v1\"\nkey = \"${NOT_SET}\"\nmodel = \"mine\"\n";
    let finished = rules()
        .file("aside.toml", config)
        .run(&["explain", "-", "--json"], &text(request()));
    let explained: Value = serde_json::from_str(&finished.stdout).expect("JSON");
    assert_eq!(explained["upstream"], "first");
    assert_eq!(explained["request"]["model"], "mine");
    assert_eq!(explained["not_taken"], json!(["call", "customer"]));
    assert_eq!(
        explained["labels"],
        json!({ "CARD": 1, "CVV": 1, "EMAIL": 1, "NAME": 2 })
    );
}

#[test]
fn what_is_not_known_is_said_with_what_to_do() {
    let fetch = "about = \"x\"\n[then.inject]\ntext = \"{{ fetch.crm.plan }}\"\n[fetch.crm]\nurl = \"https://crm.example.com\"\nheaders = { a = \"${NOT_SET}\" }\n";
    let setup = Setup::default().rule("10-fetch", fetch);
    let finished = setup.run(&["explain", "-"], &text(request()));
    assert!(finished.stdout.contains("failed"), "{}", finished.stdout);
    assert!(
        finished
            .stdout
            .contains("`--given` says what `fetch.crm` answers"),
        "{}",
        finished.stdout
    );
    let setup = setup.file("given.json", r#"{"fetch":{"crm":{"plan":"gold"}}}"#);
    let finished = setup.run(&["explain", "-", "--given", "given.json"], &text(request()));
    assert!(finished.stdout.contains("{+gold+}"), "{}", finished.stdout);
}

#[test]
fn a_turn_that_is_refused_ends_with_1_and_shows_no_text() {
    let broken =
        "about = \"x\"\non_error = \"fail\"\n[then.inject]\ntext = \"{{ customer.absent }}\"\n";
    let finished = rules()
        .rule("99-broken", broken)
        .run(&["explain", "-"], &text(request()));
    assert_eq!(finished.code, Some(1));
    assert!(
        finished
            .stdout
            .contains("Nothing goes upstream: the rule `99-broken` failed"),
        "{}",
        finished.stdout
    );
    for value in VALUES {
        assert!(!finished.stdout.contains(value), "{}", finished.stdout);
    }
}

#[test]
fn what_can_not_be_explained_says_why_and_what_to_do() {
    let request = text(request());
    let setup = rules()
        .file("request.json", &request)
        .file("list.json", "[]")
        .file("webhook.json", r#"{"message":{"type":"status-update"}}"#)
        .file("given.json", r#"{"contxt":{}}"#)
        .file("noon.json", r#"{"now":"noon"}"#)
        .file("fetched.json", r#"{"fetch":{"crm":{}}}"#)
        .file("silent.sse", "data: [DONE]\n\n")
        .file("empty/.keep", "");
    for (arguments, told) in [
        (
            &["nowhere.json"][..],
            "nowhere.json: the file can't be read",
        ),
        (&["list.json"], "list.json: the body is not a JSON object"),
        (
            &["webhook.json"],
            "help: this is a server message (webhook)",
        ),
        (&["rewirte"], "help: did you mean `rewrite`?"),
        (
            &["request.json", "--rules", "nowhere"],
            "the folder of rules can't be read",
        ),
        (
            &["request.json", "--rules", "empty"],
            "there are no rules in this folder",
        ),
        (
            &["request.json", "--given", "given.json"],
            "unknown name `contxt`\nhelp: the names are call, customer,",
        ),
        (
            &["request.json", "--given", "noon.json"],
            "noon.json: `now` is a time, not `noon`\nhelp: write day, time and offset",
        ),
        (
            &["request.json", "--given", "fetched.json"],
            "fetched.json: no rule has `[fetch.crm]`",
        ),
        (
            &["request.json", "--reply", "silent.sse"],
            "silent.sse: nothing is said in this reply\nhelp: ",
        ),
        (
            &["request.json", "--config", "nowhere.toml"],
            "nowhere.toml:1:1: the file can't be read",
        ),
    ] {
        let finished = setup.run(&[&["explain"], arguments].concat(), "");
        assert_eq!(finished.code, Some(1), "{arguments:?}");
        assert!(
            finished.stderr.contains(told),
            "{arguments:?}: {}",
            finished.stderr
        );
        assert_eq!(finished.stdout, "");
    }
    assert_eq!(setup.run(&["explain"], "").code, Some(2));
}

#[test]
fn an_upstream_that_is_not_in_the_config_is_wrong_usage() {
    let setup = Setup::with_config("[upstream.main]\nurl = \"http://127.0.0.1:9/v1\"\n").file(
        "turn.json",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi.\"}]}",
    );
    for (asked, told) in [
        ("mian", "did you mean `main`?"),
        ("zz", "the config has main"),
    ] {
        let finished = setup.run(&["explain", "turn.json", "--upstream", asked], "");
        assert_eq!(finished.code, Some(2), "{}", finished.stderr);
        assert!(finished.stderr.contains(told), "{}", finished.stderr);
    }
}
