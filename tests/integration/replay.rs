//! Every stream is replayed in all kinds of pieces; the client always sees the same.

use serde_json::Value;

use crate::aside::{Aside, Setup, config};
use crate::client::Client;
use crate::fixtures::{Files, own, streams, streams_named};
use crate::upstream::Upstream;
use crate::wire::{APOLOGY, CHAT, Reply, streaming, turn};

/// Touches every reply, so that each event is parsed; changes nothing in these.
const RULE: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\n";

/// Between two places at which a stream is cut.
fn stride() -> usize {
    if crate::is_full() { 1 } else { 29 }
}

/// What a stream says, read without any care.
#[derive(Debug, Default, PartialEq)]
struct Said {
    text: String,
    arguments: String,
    finish: Option<String>,
}

fn said(stream: &[u8]) -> Said {
    let mut said = Said::default();
    for line in String::from_utf8_lossy(stream).lines() {
        let data = line.strip_prefix("data: ").filter(|data| *data != "[DONE]");
        let Some(frame) = data.map(|data| serde_json::from_str::<Value>(data).expect("JSON"))
        else {
            continue;
        };
        let choice = &frame["choices"][0];
        let delta = &choice["delta"];
        said.text += delta["content"].as_str().unwrap_or_default();
        let call = &delta["tool_calls"][0]["function"];
        said.arguments += call["arguments"].as_str().unwrap_or_default();
        let finish = choice["finish_reason"].as_str().map(str::to_owned);
        said.finish = said.finish.or(finish);
    }
    said
}

fn heard(reply: &Reply) -> Said {
    Said {
        text: reply.heard(),
        arguments: reply.call(0).1,
        finish: reply.finishes(0).pop(),
    }
}

/// Replays with these cuts; `check` sees each reply.
fn replay(rule: Option<&str>, cuts: Vec<Vec<Vec<u8>>>, mut check: impl FnMut(usize, &Reply)) {
    let count = cuts.len();
    let upstream =
        Upstream::start(move |_, number| streaming(cuts[number].iter().map(Vec::as_slice)));
    let mut setup = Setup::with_config(&config(&upstream, ""));
    if let Some(rule) = rule {
        setup = setup.rule("10-rule", rule);
    }
    let aside = Aside::serve(&setup);
    let mut client: Client = aside.client();
    for number in 0..count {
        // One connection for all: the body of each reply must have ended.
        let answer = client.post(CHAT, &[], &turn("Hi."));
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.header("content-type"),
            Some("text/event-stream; charset=utf-8")
        );
        check(number, &Reply::read(&answer.text()));
    }
}

fn whole_streams() -> Files {
    let mut files = streams();
    files.retain(|(name, _)| !name.contains("error"));
    assert!(files.len() >= 9, "{} whole streams", files.len());
    files
}

#[test]
fn r11_every_stream_reads_the_same_however_it_is_cut() {
    for (name, stream) in whole_streams() {
        let expected = said(&stream);
        let mut cuts = vec![
            vec![stream.clone()],
            stream.iter().map(|byte| vec![*byte]).collect(),
        ];
        cuts.extend(
            (1..stream.len())
                .step_by(stride())
                .map(|at| vec![stream[..at].to_vec(), stream[at..].to_vec()]),
        );
        for rule in [None, Some(RULE)] {
            replay(rule, cuts.clone(), |number, reply| {
                assert_eq!(heard(reply), expected, "{name}, cut {number}, {rule:?}");
            });
        }
    }
}

#[test]
fn r07_every_stream_ends_well_wherever_it_stops() {
    for (name, stream) in whole_streams() {
        let expected = said(&stream);
        let cuts = (0..stream.len())
            .step_by(stride())
            .map(|at| vec![stream[..at].to_vec()]);
        replay(Some(RULE), cuts.collect(), |number, reply| {
            let heard = heard(reply);
            let text = match heard.text.strip_suffix(APOLOGY) {
                Some(before) => before.trim_end(),
                // A tool call that is whole is made, though its end did not come.
                None if heard.finish.as_deref() == Some("tool_calls") => {
                    let json = serde_json::from_str::<Value>(&heard.arguments);
                    assert!(
                        heard.arguments.is_empty() || json.is_ok(),
                        "{name}, {heard:?}"
                    );
                    assert!(
                        expected.arguments.starts_with(&heard.arguments),
                        "{name}, cut {number}: {heard:?}"
                    );
                    return;
                }
                None => {
                    assert_eq!(heard.finish, expected.finish, "{name}, cut {number}");
                    assert_eq!(heard.text, expected.text, "{name}, cut {number}");
                    return;
                }
            };
            assert!(
                expected.text.starts_with(text),
                "{name}, cut {number}: {text}"
            );
            assert_eq!(
                heard.finish.as_deref(),
                Some("stop"),
                "{name}, cut {number}"
            );
        });
    }
}

#[test]
fn line_ends_comments_and_a_byte_order_mark_change_nothing() {
    for (name, stream) in whole_streams() {
        let text = String::from_utf8(stream.clone()).expect("text");
        let variants = [
            text.replace('\n', "\r\n"),
            text.replace('\n', "\r"),
            format!("\u{feff}{text}"),
            text.replace("data: ", "data:"),
            text.replace(
                "data: ",
                ": a comment\nevent: message\nid: 7\nretry: 5\ndata: ",
            ),
            text.trim_end().to_owned(),
        ];
        let expected = said(&stream);
        let cuts = variants.iter().flat_map(|variant| {
            let bytes = variant.as_bytes();
            let single = bytes.iter().map(|byte| vec![*byte]).collect();
            [vec![bytes.to_vec()], single]
        });
        for rule in [None, Some(RULE)] {
            replay(rule, cuts.clone().collect(), |number, reply| {
                assert_eq!(heard(reply), expected, "{name}, variant {number}, {rule:?}");
            });
        }
    }
}

#[test]
fn r15_an_error_within_the_stream_becomes_the_apology() {
    for (name, stream) in streams_named(&["error"], 1) {
        let cuts = vec![
            vec![stream.clone()],
            stream.iter().map(|byte| vec![*byte]).collect(),
        ];
        replay(None, cuts, |_, reply| {
            assert_eq!(reply.heard(), APOLOGY, "{name}");
            assert_eq!(reply.finishes(0), ["stop"], "{name}");
        });
    }
}

#[test]
fn r15_an_error_after_text_keeps_the_text_and_adds_the_apology() {
    let error = own("streams/openrouter-midstream-error.sse");
    let text = String::from_utf8(own("streams/openrouter-text.sse")).expect("text");
    let (begin, _) = text.split_at(text.find("\"content\":\"\"").expect("the end"));
    let begin = &begin[..begin.rfind("\n\n").expect("an event") + 2];
    let stream = [begin.as_bytes(), &error].concat();
    replay(Some(RULE), vec![vec![stream.clone()]], |_, reply| {
        assert_eq!(reply.heard(), format!("Hello, one seat is left. {APOLOGY}"));
    });
}

#[test]
fn a_second_finish_chunk_keeps_its_usage_and_loses_its_reason() {
    for (name, stream) in whole_streams() {
        let has_usage = String::from_utf8_lossy(&stream).contains("\"usage\":{");
        replay(None, vec![vec![stream.clone()]], |_, reply| {
            let usages = reply
                .frames
                .iter()
                .filter(|frame| frame["usage"].is_object())
                .count();
            assert_eq!(usages > 0, has_usage, "{name}");
        });
    }
}
