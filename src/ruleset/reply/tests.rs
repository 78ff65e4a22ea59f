mod calls;
mod heads;
mod json_answers;
mod odd;
mod pieces;
mod speech;
mod tokens;

use super::*;
use crate::chat::ChatRequest;
use crate::chat::reader::EventReader;
use crate::files::Source;
use crate::fixtures::{streams, streams_named};
use crate::lang::facts::Facts;
use crate::ruleset::{Passage, TurnInput};

const APOLOGY: &str = "Sorry?";

/// What our own streams say, and the arguments of their tool calls.
const SAY: &[(&str, &str, &str)] = &[
    ("azure-text", "Hello from the cloud.", ""),
    ("openai-text", "Hello, the café is open — come in 🙂.", ""),
    ("openai-tool-call", "", r#"{"day":"Tuesday"}"#),
    ("openrouter-midstream-error", APOLOGY, ""),
    ("openrouter-text", "Hello, one seat is left.", ""),
    (
        "openrouter-tool-call",
        "",
        r#"{"row":4,"note":"by the aisle"}"#,
    ),
    ("thinking-text", "Hello to you.", ""),
    ("together-text", "Hello, that is noted.", ""),
    ("together-tool-call", "", r#"{"loaves":2,"kind":"rye"}"#),
    ("vapi-wanted-end-call", "It was a pleasure, goodbye.", "{}"),
];

fn reply(rules: &[&str], said: &str) -> Reply {
    reply_of(&ruleset(rules), said)
}

fn ruleset(rules: &[&str]) -> Arc<Ruleset> {
    let sources = rules
        .iter()
        .enumerate()
        .map(|(at, text)| Source::new(format!("{at}.toml"), *text));
    let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
    Arc::new(ruleset.unwrap_or_else(|| panic!("{problems:?}")))
}

fn reply_of(ruleset: &Arc<Ruleset>, said: &str) -> Reply {
    let body = serde_json::json!({"messages": [{"role": "user", "content": said}]}).to_string();
    let request = ChatRequest::parse(body.into()).expect("a request");
    way_back(ruleset, request)
}

fn way_back(ruleset: &Arc<Ruleset>, request: ChatRequest) -> Reply {
    let input = TurnInput::new(request, Facts::default());
    let passed = Passage::begin(ruleset, input).out(&mut Default::default);
    passed.expect("the rules work").back().1
}

/// Plays a stream as the server does.
fn play(mut reply: Reply, pieces: &[&[u8]]) -> String {
    let mut reader = EventReader::new();
    let mut out = Vec::new();
    let mut failed = false;
    let mut is_done = false;
    let mut take = |event: Option<Event>, reply: &mut Reply, out: &mut Vec<u8>| {
        let Some(event) = event else { return false };
        failed |= event.is_error();
        is_done |= event.kind == EventKind::Done;
        if !failed && !is_done {
            reply.event(&event, out);
        }
        true
    };
    for piece in pieces {
        reader.push(piece);
        while take(
            reader.next_event().expect("small events"),
            &mut reply,
            &mut out,
        ) {}
    }
    while take(reader.last_event(), &mut reply, &mut out) {}
    let ending = if failed || !(is_done || reply.is_finished()) {
        Ending::Cut(APOLOGY)
    } else {
        Ending::Whole
    };
    reply.end(ending, &mut out);
    String::from_utf8(out).expect("UTF-8")
}

fn chunks(stream: &str) -> Vec<serde_json::Value> {
    let data = stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "));
    data.filter_map(|data| serde_json::from_str(data).ok())
        .collect()
}

fn heard(stream: &str) -> String {
    let chunks = chunks(stream);
    let texts = chunks
        .iter()
        .filter_map(|chunk| chunk.pointer("/choices/0/delta/content")?.as_str());
    texts.collect()
}

fn arguments(stream: &str) -> String {
    let chunks = chunks(stream);
    let texts = chunks.iter().filter_map(|chunk| {
        chunk
            .pointer("/choices/0/delta/tool_calls/0/function/arguments")?
            .as_str()
    });
    texts.collect()
}

fn check_well_formed(name: &str, stream: &str) {
    assert!(
        stream.ends_with("data: [DONE]\n\n") && stream.matches("[DONE]").count() == 1,
        "{name}: {stream}"
    );
    let chunks = chunks(stream);
    assert_eq!(
        chunks.len() + 1,
        stream.matches("data: ").count(),
        "{name}: every frame is JSON"
    );
    assert!(
        chunks
            .iter()
            .all(|chunk| chunk["choices"].is_array() && chunk.get("error").is_none()),
        "{name}"
    );
    let finishes = chunks.iter().filter(|chunk| {
        chunk
            .pointer("/choices/0/finish_reason")
            .is_some_and(|f| f.is_string())
    });
    assert_eq!(finishes.count(), 1, "{name}: {stream}");
    assert!(!stream.contains("\n: ") && !stream.contains('\r'), "{name}");
}

const REWRITE: &str =
    "about = \"x\"\n[then.rewrite]\nfind = 'Hello|goodbye'\nreplace = 'Good day'\nin = [\"reply\"]";
const REDACT: &str =
    "about = \"x\"\n[then.redact]\nfind = [\"email\"]\npatterns = { CITY = 'Paris' }";

#[test]
fn d10_every_stream_is_the_same_at_every_cut() {
    for (name, stream) in streams() {
        for rules in [&[][..], &[REWRITE], &[REDACT, REWRITE]] {
            let rules = ruleset(rules);
            let whole = play(reply_of(&rules, "Hi"), &[&stream]);
            check_well_formed(&name, &whole);
            for cut in 0..=stream.len() {
                let (one, two) = stream.split_at(cut);
                assert_eq!(
                    play(reply_of(&rules, "Hi"), &[one, two]),
                    whole,
                    "{name} cut at {cut}"
                );
            }
            let bytes: Vec<&[u8]> = stream.chunks(1).collect();
            assert_eq!(
                play(reply_of(&rules, "Hi"), &bytes),
                whole,
                "{name} byte by byte"
            );
        }
    }
}

#[test]
fn every_stream_says_what_it_said() {
    let mut own = 0;
    for (name, stream) in streams() {
        let plain = play(reply(&[], "Hi"), &[&stream]);
        let rewritten = play(reply(&[REWRITE], "Hi"), &[&stream]);
        let came = String::from_utf8(stream).expect("UTF-8");
        let is_cut = came.contains("\"error\":{");
        let text = if is_cut {
            heard(&came) + APOLOGY
        } else {
            heard(&came)
        };
        assert_eq!(heard(&plain), text, "{name}");
        assert_eq!(arguments(&plain), arguments(&came), "{name}");
        let text = text
            .replace("Hello", "Good day")
            .replace("goodbye", "Good day");
        assert_eq!(heard(&rewritten), text, "{name}");
        assert_eq!(arguments(&rewritten), arguments(&came), "{name}");
        if let Some(says) = SAY.iter().find(|says| format!("{}.sse", says.0) == name) {
            assert_eq!((says.1, says.2), (&*heard(&plain), &*arguments(&plain)));
            own += 1;
        }
    }
    assert_eq!(own, SAY.len());
}

#[test]
fn untouched_events_leave_as_they_came() {
    for (name, stream) in streams_named(&["openai", "vapi-wanted"], 3) {
        let stream = String::from_utf8(stream).expect("UTF-8");
        for rules in [&[][..], &[REDACT]] {
            let played = play(reply(rules, "Hi"), &[stream.as_bytes()]);
            assert_eq!(played.trim(), stream.trim(), "{name}");
        }
    }
}

#[test]
fn usage_and_odd_numbers_survive_the_mending() {
    let mut large = 0;
    for (name, stream) in streams_named(&["together", "openrouter-t"], 4) {
        let played = play(reply(&[], "Hi"), &[&stream]);
        assert!(played.contains("\"usage\":{\"prompt_tokens\":"), "{name}");
        let stream = String::from_utf8(stream).expect("UTF-8");
        for piece in ["\"seed\":", "\"cost\":"].map(|key| stream.split(key).skip(1)) {
            for number in piece.filter_map(|rest| rest.split([',', '}']).next()) {
                assert!(played.contains(&format!(":{number}")), "{name}: {number}");
                large += usize::from(number.parse::<u64>().is_ok_and(|it| it > i64::MAX as u64));
            }
        }
    }
    assert!(large >= 2, "{large} numbers are beyond 63 bits");
}

fn sse(deltas: &[&str]) -> Vec<u8> {
    let chunk = |delta: &&str| {
        format!(
            "data: {{\"id\":\"a\",\"created\":7,\"model\":\"m\",\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":null}}]}}\n\n"
        )
    };
    deltas.iter().map(chunk).collect::<String>().into_bytes()
}

fn finish() -> Vec<u8> {
    b"data: {\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n".to_vec()
}

#[test]
fn d10_placeholders_come_back_across_cuts_choices_and_tool_calls() {
    let pieces = [
        r#"{"content":"Is ["}"#,
        r#"{"tool_calls":[{"index":0,"id":"c","function":{"name":"send","arguments":"{\"to\":\"[EM"}}]}"#,
        r#"{"content":"EMAIL"}"#,
        r#"{"content":"_1] yours? [CITY_1"}"#,
        r#"{"tool_calls":[{"index":0,"function":{"arguments":"AIL_1]\"}"}}]}"#,
    ];
    let stream = [sse(&pieces), finish()].concat();
    let played = play(reply(&[REDACT], "I am a@example.com"), &[&stream]);
    check_well_formed("it", &played);
    assert_eq!(heard(&played), "Is a@example.com yours? [that");
    assert_eq!(arguments(&played), r#"{"to":"a@example.com"}"#);
}

#[test]
fn d11_text_without_placeholders_is_not_delayed() {
    let mut reply = reply(&[REDACT], "Hi");
    let mut reader = EventReader::new();
    for word in ["Hello", " there", ", it", "'s", " noon.", " (yes)"] {
        let bytes = sse(&[&format!("{{\"content\":\"{word}\"}}")]);
        reader.push(&bytes);
        let event = reader.next_event().expect("small").expect("whole");
        let mut out = Vec::new();
        reply.event(&event, &mut out);
        assert_eq!(out, bytes, "{word}");
    }
}

#[test]
fn a_spoken_placeholder_is_heard_as_it_was_spoken() {
    let stream = [
        sse(&[r#"{"content":"You said [EMAIL_~1], that is [EMAIL_1]."}"#]),
        finish(),
    ]
    .concat();
    let played = play(reply(&[REDACT], "[EMAIL_1] is a@example.com"), &[&stream]);
    assert_eq!(heard(&played), "You said [EMAIL_1], that is a@example.com.");
}

#[test]
fn what_is_missing_at_the_end_is_added() {
    let text = sse(&[r#"{"content":"Hello"}"#]);
    let done = b"data: [DONE]\n\n".to_vec();
    for (stream, expected) in [
        ([text.clone(), done].concat(), "Hello"),
        (
            [text.clone(), finish()[..finish().len() - 14].to_vec()].concat(),
            "Hello",
        ),
        (text.clone(), "Hello Sorry?"),
        (
            [text.clone(), b"data: {\"choi".to_vec()].concat(),
            "Hello Sorry?",
        ),
        (
            [
                text.clone(),
                b"data: {\"error\":{\"message\":\"x\"}}\n\n".to_vec(),
                finish(),
            ]
            .concat(),
            "Hello Sorry?",
        ),
        (
            [
                text.clone(),
                b"data: nonsense\n\nevent: ping\n\n".to_vec(),
                finish(),
            ]
            .concat(),
            "Hello",
        ),
        (
            [
                text,
                b"data: {\"function_call\":{}}\n\ndata: {\"choices\":null,\"usage\":{\"a\":1}}\n\n"
                    .to_vec(),
                finish(),
            ]
            .concat(),
            "Hello",
        ),
        (Vec::new(), "Sorry?"),
    ] {
        let played = play(reply(&[REDACT], "Hi"), &[&stream]);
        check_well_formed(expected, &played);
        assert_eq!(
            heard(&played),
            expected,
            "{}",
            String::from_utf8_lossy(&stream)
        );
    }
}

#[test]
fn each_choice_has_its_own_lane_and_finish() {
    let chunk = |index: u8, text: &str, finish: &str| {
        format!(
            "data: {{\"choices\":[{{\"index\":{index},\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":{finish}}}]}}\n\n"
        )
    };
    let stream = chunk(0, "[EMA", "null")
        + &chunk(1, "[EMAIL", "null")
        + &chunk(0, "IL_1]", "\"stop\"")
        + &chunk(1, "_2] [", "\"length\"")
        + "data: [DONE]\n\n";
    let played = play(
        reply(&[REDACT], "a@example.com b@example.com"),
        &[stream.as_bytes()],
    );
    assert_eq!(played.matches("\"finish_reason\":\"").count(), 2);
    assert!(
        played.contains("a@example.com") && played.contains("b@example.com ["),
        "{played}"
    );
}

#[test]
fn a_whole_completion_is_changed_in_place() {
    let mut reply = reply(&[REDACT, REWRITE], "a@example.com");
    let json = r#"{ "id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"Hello [EMAIL_1]","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":\"[EMAIL_1]\"}"}}]},"finish_reason":"stop"}],"usage":{"n":1e2}}"#;
    let whole = reply.whole(json).expect("it is one");
    let expected = json
        .replace("Hello", "Good day")
        .replace("[EMAIL_1]", "a@example.com");
    assert_eq!(String::from_utf8_lossy(&whole), expected);
    assert_eq!(reply.whole("nonsense"), None);
}

#[test]
fn an_event_of_several_lines_is_one_frame() {
    let stream = b"data: {\"id\":\"a\",\ndata: \"choices\":[{\"index\":0,\"delta\":{\"content\":\"multi\"},\"finish_reason\":\"\"}]}\n\n".to_vec();
    let stream = [stream, finish()].concat();
    let played = play(reply(&[], "Hi"), &[&stream]);
    assert_eq!(heard(&played), "multi");
    assert!(
        played.contains("\"finish_reason\":\"stop\"")
            && chunks(&played).len() + 1 == played.matches("data: ").count(),
        "{played}"
    );
}
