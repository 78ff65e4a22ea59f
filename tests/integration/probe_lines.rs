//! The config lines that `aside probe` prints: written into the config, they make it work.

use serde_json::{Value, json};

use crate::aside::{Finished, Setup};
use crate::probe::{JSON, Refuses, TURNS, check, picky, refusal, setup};
use crate::wire::{streaming, whole};

/// The lines that a probe says are to be written.
fn lines_in(finished: &Finished) -> String {
    let (_, lines) = finished
        .stdout
        .rsplit_once(":\n\n")
        .expect("there are lines");
    lines.to_owned()
}

/// Refuses two fields, as OpenAI's reasoning models do.
pub(crate) const FIELDS: Refuses = |body| {
    let limit = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    let warmth = "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported.";
    let (is_limited, is_warm) = (
        body.get("max_tokens").is_some(),
        body.get("temperature").is_some(),
    );
    match (is_limited, is_warm) {
        (true, _) => Some(refusal("400 Bad Request", limit, "max_tokens")),
        (_, true) => Some(refusal("400 Bad Request", warmth, "temperature")),
        _ => None,
    }
};

#[test]
fn what_is_mended_is_told_as_lines_that_make_it_work() {
    for (own, head) in [
        (
            "model = \"some-model\"\ndrop = [\"user\"]",
            "drop = [\"user\", \"temperature\"]\n",
        ),
        (
            "",
            "[[upstream.own.model]]\nmatch = \"some-model\"\ndrop = [\"temperature\"]\n",
        ),
    ] {
        let upstream = picky(FIELDS);
        let finished = setup(&upstream, own).run(&["probe", "own"], "");
        check(
            &finished,
            0,
            &[
                "10 of 10 turns are taken",
                "taken, mended",
                "refused at first: 400 Unsupported parameter: 'max_tokens'",
            ],
        );
        let lines = lines_in(&finished);
        // Lines of a table that stands there go into it.
        assert_eq!(
            finished
                .stdout
                .contains("at the end of the table `[upstream.own]`"),
            !lines.starts_with('['),
            "{}",
            finished.stdout
        );
        let expected = format!("{head}rename = {{ max_tokens = \"max_completion_tokens\" }}\n");
        assert_eq!(lines, expected);
        // Written into the config, they make it work: nothing is refused any more.
        let upstream = picky(FIELDS);
        let url = upstream.url();
        let config = match lines.starts_with('[') {
            false => {
                format!("[upstream.own]\nurl = \"{url}\"\nmodel = \"some-model\"\n{lines}")
            }
            true => format!("[upstream.own]\nurl = \"{url}\"\n{lines}"),
        };
        let finished = Setup::with_config(&config).run(&["probe", "--model", "some-model"], "");
        check(
            &finished,
            0,
            &["10 of 10 turns are taken; the config needs no more lines"],
        );
        assert_eq!(upstream.count(), TURNS, "{}", finished.stdout);
    }
}

fn roles(body: &Value) -> Vec<&str> {
    let messages = body["messages"].as_array();
    let roles = messages.into_iter().flatten();
    roles
        .filter_map(|message| message["role"].as_str())
        .collect()
}

fn is_late_system(body: &Value) -> bool {
    roles(body).iter().skip(1).any(|role| *role == "system")
}

/// What a template says that wants turns to be taken.
const TURNS_WANTED: &str = "Conversation roles must alternate user/assistant/user/assistant/...";

/// Servers that refuse the form of messages, and the line that they need.
const SHAPES: &[(Refuses, &str)] = &[
    (
        |body| {
            let text = "System message must be at the beginning.";
            is_late_system(body).then(|| refusal("400 Bad Request", text, ""))
        },
        "system = \"first\"",
    ),
    (
        |body| {
            let error = "data: {\"error\":{\"code\":500,\"message\":\"Jinja: System message must be at the beginning.\"}}\n\n";
            let is_streamed = body["stream"] == true;
            (is_late_system(body) && is_streamed).then(|| streaming([error.as_bytes()]))
        },
        "system = \"first\"",
    ),
    (
        |body| {
            // As Mistral's does: neither calls of tools nor their results count as turns.
            let messages = body["messages"].as_array()?.iter();
            let messages = messages.filter(|message| message.get("tool_calls").is_none());
            let mut talk = messages
                .filter_map(|message| message["role"].as_str())
                .filter(|role| !matches!(*role, "system" | "tool"));
            let begins = talk.clone().next().is_none_or(|role| role == "user");
            let mut before = "";
            let is_twice = talk.any(|role| std::mem::replace(&mut before, role) == role);
            let is_wrong = is_late_system(body) || is_twice || !begins;
            is_wrong.then(|| refusal("500 Internal Server Error", TURNS_WANTED, ""))
        },
        "alternate = true",
    ),
    (
        |body| {
            let ids = body["messages"].as_array()?.iter();
            let mut ids = ids.filter_map(|message| message["tool_call_id"].as_str());
            let id = ids.find(|id| id.len() != 9)?;
            let text =
                format!("Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9.");
            Some(refusal("400 Bad Request", &text, ""))
        },
        "tool_ids = \"nine\"",
    ),
    (
        |body| {
            let last = roles(body).last().copied();
            let text = "Expected last role User or Tool (or Assistant with prefix True) for serving but got system";
            (last == Some("system")).then(|| refusal("400 Bad Request", text, ""))
        },
        "last = \"user\"",
    ),
    (
        |body| {
            let text = "No user query found in messages.";
            let has_user = roles(body).contains(&"user");
            (!has_user).then(|| refusal("400 Bad Request", text, ""))
        },
        "user = true",
    ),
];

#[test]
fn a_shape_that_is_wanted_is_told_as_a_line_that_makes_it_work() {
    for (refuses, wanted) in SHAPES {
        let upstream = picky(*refuses);
        let finished = setup(&upstream, "model = \"m\"").run(&["probe"], "");
        check(
            &finished,
            0,
            &["10 of 10 turns are taken", wanted, "taken, mended"],
        );
        let lines = lines_in(&finished);
        let upstream = picky(*refuses);
        let finished = setup(&upstream, &format!("model = \"m\"\n{lines}")).run(&["probe"], "");
        check(
            &finished,
            0,
            &["10 of 10 turns are taken; the config needs no more lines"],
        );
        assert_eq!(upstream.count(), TURNS, "{}", finished.stdout);
    }
}

/// Refuses one field after the other, more than a turn of a call has time for.
const MANY: Refuses = |body| {
    let refused = ["temperature", "max_tokens", "seed", "top_p", "user"];
    let field = refused
        .into_iter()
        .find(|field| body.get(*field).is_some())?;
    let detail = json!({ "detail": [{ "type": "extra_forbidden", "loc": ["body", field],
        "msg": "Extra inputs are not permitted" }] });
    Some(whole("422 Unprocessable Entity", JSON, &detail.to_string()))
};

#[test]
fn what_refuses_more_than_a_call_has_time_for_is_found_out_whole() {
    let own = "model = \"m\"\ndefault = { seed = 1, top_p = 0.9, user = \"x\", n = 1 }";
    let finished = setup(&picky(MANY), own).run(&["probe"], "");
    let lines = "drop = [\"temperature\", \"max_tokens\", \"seed\", \"top_p\", \"user\"]\ndefault = { n = 1 }\n";
    check(&finished, 0, &["10 of 10 turns are taken", lines]);
}

#[test]
fn what_is_in_no_config_yet_is_told_with_its_table() {
    let upstream = picky(FIELDS);
    let url = upstream.url();
    let finished =
        Setup::default().run(&["probe", &url, "--upstream-key", "sk-0123456789abcd"], "");
    check(&finished, 0, &["10 of 10 turns are taken"]);
    let lines = lines_in(&finished);
    let table =
        format!("[upstream.default]\nurl = \"{url}\"\nkey = \"${{ASIDE_UPSTREAM_KEY}}\"\n\n[[");
    assert!(lines.starts_with(&table), "{lines}");
    let upstream = picky(FIELDS);
    let lines = lines.replace(&url, &upstream.url());
    let setup = Setup::with_config(&lines).env("ASIDE_UPSTREAM_KEY", "sk-0123456789abcd");
    check(
        &setup.run(&["probe"], ""),
        0,
        &["the config needs no more lines"],
    );
    let secret = format!("{url}?key=s3cr3t-4711");
    let finished = Setup::default().run(&["probe", &secret], "");
    assert!(
        lines_in(&finished).contains("url = \"${UPSTREAM_URL}\""),
        "{}",
        finished.stdout
    );
    assert!(!finished.stdout.contains("s3cr3t"), "{}", finished.stdout);
}

#[test]
fn what_mends_itself_not_is_probed_as_if_it_did() {
    let upstream = picky(FIELDS);
    let finished = setup(&upstream, "mend = false").run(&["probe"], "");
    check(
        &finished,
        0,
        &["10 of 10 turns are taken", "rename = { max_tokens"],
    );
}
