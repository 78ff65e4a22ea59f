//! Replies for the ear: what the caller hears, however the upstream cuts it, streamed and whole.

use serde_json::json;

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, completion, frame, saying, says, stop, stream_head, turn, with};

const SPEAK: &str = "about = \"x\"\n[then.speak]\nnumbers = true\nreplace = { ACME = \"ack me\" }\nafter_tool_call = \"drop\"\n";
const REDACT: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";
const WRITTEN: &str = "<think>\nThey want the total. **Hm.**\n</think>\n\n## Your order\n\n- **Lamp**: $5.50 💡\n- [Desk](https://acme.example.com/d?x=1): $1,200\n\nACME opens at 9:30 am <break time=\"1s\"/>.";
const HEARD: &str = "Your order.\n\nLamp: five dollars and fifty cents .\nDesk: one thousand two hundred dollars.\n\nack me opens at nine thirty a.m. <break time=\"1s\"/>.";

fn behind(rules: &[(&str, &str)], upstream: &Upstream) -> Aside {
    let setup = Setup::with_config(&config(upstream, ""));
    let setup = rules
        .iter()
        .fold(setup, |setup, (name, rule)| setup.rule(name, rule));
    Aside::serve(&setup)
}

fn pieces(text: &str, size: usize) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunks(size)
        .map(|piece| piece.iter().collect())
        .collect()
}

#[test]
fn a_reply_is_shaped_alike_however_it_comes() {
    for size in [1, 2, 3, 7, 20, 1000] {
        let pieces = pieces(WRITTEN, size);
        let upstream = Upstream::start(move |request, _| {
            if request.json()["stream"] == true {
                saying(&pieces.iter().map(String::as_str).collect::<Vec<&str>>())
            } else {
                completion(WRITTEN)
            }
        });
        let aside = behind(&[("10-speak", SPEAK)], &upstream);
        let mut client = aside.client();
        let answer = client.post(CHAT, &[], &turn("How much?"));
        assert_eq!(
            Reply::read(&answer.text()).heard(),
            HEARD,
            "in pieces of {size}"
        );
        let whole = client.post(
            CHAT,
            &[],
            &with(&turn("How much?"), json!({"stream": false})),
        );
        assert_eq!(whole.json()["choices"][0]["message"]["content"], HEARD);
    }
}

#[test]
fn words_behind_long_thoughts_are_heard_before_the_reply_is_over() {
    let long = "I wonder. ".repeat(2_000);
    let steps = vec![
        stream_head(),
        says("<think>"),
        says(&long),
        says("</think>Yes, we do."),
        ScriptStep::Wait(1),
        says(" Bye."),
        stop(),
        ScriptStep::EndChunks,
    ];
    let upstream = Upstream::playing(steps);
    let aside = behind(&[("10-speak", SPEAK)], &upstream);
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &turn("Hi."));
    client.head();
    let first = client.read_until("Yes, we do.");
    assert!(!first.contains("wonder"), "{first}");
    upstream.open(1);
    assert!(client.rest().contains("Bye."));
}

#[test]
fn values_that_come_back_are_said_and_placeholders_live_through_it() {
    let says = "**[CARD_1]** it is, [see](https://x.example.com).";
    let upstream = Upstream::start(move |_, _| saying(&[says]));
    let heard = |rules: &[(&str, &str)]| {
        let aside = behind(rules, &upstream);
        let answer = aside
            .client()
            .post(CHAT, &[], &turn("My card is 4111 1111 1111 1111."));
        Reply::read(&answer.text()).heard()
    };
    assert_eq!(
        heard(&[("10-speak", SPEAK), ("20-redact", REDACT)]),
        "four one one one, one one one one, one one one one, one one one one it is, see."
    );
    assert_eq!(
        heard(&[("10-redact", REDACT), ("20-speak", SPEAK)]),
        "4111 1111 1111 1111 it is, see."
    );
}

#[test]
fn json_that_was_asked_for_and_arguments_stay_as_they_are() {
    let content = "{\"total\":\"**$5.50**\"}";
    let call = json!({"tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "pay", "arguments": "{\"a\":\"**$5**\"}"}}]});
    let upstream =
        Upstream::start(
            move |request, _| match request.json()["response_format"].is_object() {
                true => saying(&[content]),
                false => vec![
                    stream_head(),
                    says("One *moment*"),
                    ScriptStep::Chunk(frame(call.clone())),
                    says("Paid!"),
                    stop(),
                    ScriptStep::EndChunks,
                ],
            },
        );
    let aside = behind(&[("10-speak", SPEAK)], &upstream);
    let mut client = aside.client();
    let format = json!({"response_format": {"type": "json_object"}});
    let answer = client.post(CHAT, &[], &with(&turn("Hi."), format));
    assert_eq!(Reply::read(&answer.text()).heard(), content);
    let answer = client.post(CHAT, &[], &turn("Pay."));
    assert_eq!(Reply::read(&answer.text()).heard(), "One moment");
    assert!(
        answer.text().contains(r#"{\"a\":\"**$5**\"}"#),
        "{}",
        answer.text()
    );
}

#[test]
fn a_rule_in_the_shadow_and_one_without_its_condition_leave_replies_alone() {
    let upstream = Upstream::start(|_, _| saying(&["**Yes**", "."]));
    for head in [
        "shadow = true\n",
        "enabled = false\n",
        "when = 'turn.number > 9'\n",
        "percent = 0\n",
    ] {
        let rule = SPEAK.replacen('\n', &format!("\n{head}"), 1);
        let aside = behind(&[("10-speak", &rule)], &upstream);
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "**Yes**.", "{head}");
    }
}

#[test]
fn check_says_what_cannot_be_meant() {
    let cases = [
        (
            "strip = []",
            "warning: rules/10-speak.toml:3:9: the rule touches nothing, since `strip` is empty",
        ),
        (
            "replace = { SQL = \"SQL\" }",
            "`SQL` is said as it is written",
        ),
        ("replace = { \"**A**\" = \"b\" }", "`**A**` is never found"),
        (
            "empty = \"\"",
            "warning: rules/10-speak.toml:3:9: where nothing is left of a reply",
        ),
        ("replace = { SQL = \"a\", sql = \"b\" }", "stands twice"),
        (
            "strip = [\"lists\"]\nthinking_opened = true",
            "error: rules/10-speak.toml:4:19: `thinking_opened` needs",
        ),
        ("strip = [\"emojis\"]", "emojis"),
    ];
    for (fields, expected) in cases {
        let rule = format!("about = \"x\"\n[then.speak]\n{fields}\n");
        let finished = Setup::default().rule("10-speak", &rule).run(&["check"], "");
        let told = format!("{}{}", finished.stdout, finished.stderr);
        assert!(told.contains(expected), "{expected}\n{told}");
    }
    let late = Setup::default()
        .rule("10-redact", REDACT)
        .rule("20-speak", SPEAK);
    let told = late.run(&["check"], "");
    let told = format!("{}{}", told.stdout, told.stderr);
    assert!(
        told.contains("20-speak.toml:3:11: what `10-redact` brings back is not said so"),
        "{told}"
    );
    let early = Setup::default()
        .rule("05-speak", SPEAK)
        .rule("10-redact", REDACT);
    let told = early.run(&["check"], "");
    assert!(!format!("{}{}", told.stdout, told.stderr).contains("warning: "));
}
