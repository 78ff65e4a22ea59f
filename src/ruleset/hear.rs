//! A whole reply at once, as it was recorded: what the model says, and what the caller hears of it.
//!
//! For people and tests; the server's replies stream.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;

use super::{Ending, Reply};
use crate::chat::reader::{Event, EventKind, EventReader};

/// The texts of a reply by name: `content`, `refusal`, `arguments of TOOL`, in order of their
/// first pieces.
pub type Texts = Vec<(String, String)>;

/// What a model says in a stream of events, or in a completion that was not streamed.
pub fn said(reply: &str) -> Texts {
    let mut texts = Texts::new();
    if is_completion(reply) {
        add(reply, &mut texts);
        return texts;
    }
    for event in events(reply) {
        add(&event.data, &mut texts);
    }
    texts
}

/// What the caller hears of it on this way back. `cut`: how a stream ends that has no end, or says
/// that the upstream failed.
/// Where a rule fails that must not, nothing is heard.
pub fn hear(filtered: Reply, reply: &str, cut: Ending<'_>) -> Texts {
    let work = || passed(filtered, reply, cut);
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_default()
}

fn passed(mut filtered: Reply, reply: &str, cut: Ending<'_>) -> Texts {
    let mut texts = Texts::new();
    if is_completion(reply) {
        let whole = filtered.whole(reply).unwrap_or_default();
        add(&String::from_utf8_lossy(&whole), &mut texts);
        return texts;
    }
    let mut out = Vec::new();
    let mut ending = cut;
    for event in events(reply) {
        if event.is_error() {
            break;
        }
        if event.kind == EventKind::Done {
            ending = Ending::Whole;
            break;
        }
        filtered.event(&event, &mut out);
    }
    if filtered.is_finished() {
        ending = Ending::Whole;
    }
    filtered.end(ending, &mut out);
    let out = String::from_utf8_lossy(&out);
    let frames = out.lines().filter_map(|line| line.strip_prefix("data: "));
    frames.for_each(|frame| add(frame, &mut texts));
    texts
}

/// The most characters of a stream that its rules held back at once, as `aside_holdback_chars` counts
/// them: what came of the upstream's text, with what rules made of it so far, and was not given out
/// yet. Whatever the rules do to the length of the text, it can be told. None: no stream, or a rule
/// failed that must not.
pub fn held_back(mut filtered: Reply, reply: &str) -> Option<usize> {
    if is_completion(reply) {
        return None;
    }
    let work = || {
        let mut out = Vec::new();
        for event in events(reply) {
            if event.is_error() || event.kind == EventKind::Done {
                break;
            }
            out.clear();
            filtered.event(&event, &mut out);
        }
        filtered.most_held()
    };
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn is_completion(reply: &str) -> bool {
    reply.trim_start().starts_with('{')
}

fn events(reply: &str) -> Vec<Event> {
    let mut reader = EventReader::new();
    reader.push(reply.as_bytes());
    let mut events = Vec::new();
    while let Ok(Some(event)) = reader.next_event() {
        events.push(event);
    }
    events.extend(std::iter::from_fn(|| reader.last_event()));
    events
}

/// Adds the texts of one chunk, or of a completion.
fn add(chunk: &str, texts: &mut Texts) {
    let chunk: Value = serde_json::from_str(chunk).unwrap_or_default();
    for choice in chunk["choices"].as_array().into_iter().flatten() {
        let of_choice = match choice["index"].as_u64() {
            None | Some(0) => String::new(),
            Some(index) => format!(" of choice {index}"),
        };
        let delta = choice.get("delta").or(choice.get("message"));
        let Some(delta) = delta else { continue };
        for field in ["content", "refusal", "reasoning", "reasoning_content"] {
            if let Some(text) = delta[field].as_str().filter(|text| !text.is_empty()) {
                push(format!("{field}{of_choice}"), text, texts);
            }
        }
        for (at, call) in delta["tool_calls"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let index = call["index"].as_u64().unwrap_or(at as u64);
            let name = format!("tool call {index}{of_choice}");
            let function = &call["function"];
            let tool = function["name"].as_str().map(|tool| format!("{tool} "));
            let arguments = match &function["arguments"] {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                object => object.to_string(),
            };
            push(name, &(tool.unwrap_or_default() + &arguments), texts);
        }
    }
}

fn push(name: String, text: &str, texts: &mut Texts) {
    match texts.iter_mut().find(|(known, _)| *known == name) {
        Some((_, whole)) => whole.push_str(text),
        None => texts.push((name, text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::files::Source;
    use crate::rule::Turn;
    use crate::ruleset::Ruleset;

    const STREAM: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"**Hi** \"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"there\",\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"pay\",\"arguments\":\"{\"}}]}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"}\"}}]}}]}\n\n";

    fn texts(pairs: &[(&str, &str)]) -> Texts {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn a_recorded_reply_is_said_and_heard() {
        let rule =
            "about = \"x\"\n[then.rewrite]\nfind = '\\*{1,3}'\nreplace = \"\"\nin = [\"reply\"]\n";
        let (ruleset, _) = Ruleset::read(vec![Source::new("a.toml", rule)], &|_| None);
        let ruleset = Arc::new(ruleset.expect("a rule"));
        let tool = ("tool call 0", "pay {}");
        assert_eq!(said(STREAM), texts(&[("content", "**Hi** there"), tool]));
        let heard = |active: &[usize], reply: &str, cut| {
            let way_back = Reply::new(ruleset.clone(), active.to_vec(), Turn::default());
            hear(way_back, reply, cut)
        };
        for (active, cut, expected) in [
            (&[0][..], Ending::Whole, "Hi there"),
            (&[], Ending::Whole, "**Hi** there"),
            (&[0], Ending::Cut("Sorry."), "Hi there Sorry."),
        ] {
            assert_eq!(
                heard(active, STREAM, cut),
                texts(&[("content", expected), tool])
            );
        }
        let whole = r#"{"choices":[{"index":0,"message":{"content":"**Hi**"}}]}"#;
        assert_eq!(said(whole), texts(&[("content", "**Hi**")]));
        assert_eq!(
            heard(&[0], whole, Ending::Whole),
            texts(&[("content", "Hi")])
        );
    }

    #[test]
    fn what_rules_hold_back_is_counted_whatever_they_do_to_its_length() {
        let stream = |pieces: &[&str]| -> String {
            let frame = |piece: &&str| {
                format!(
                    "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{piece}\"}}}}]}}\n\n"
                )
            };
            pieces.iter().map(frame).collect()
        };
        for (replace, pieces, expected) in [
            ("xyz", &["a", "b", "c d"][..], Some(2)),
            ("xyz", &["one ", "two"], Some(0)),
            ("xyz", &["ab"], Some(2)),
            ("longer", &["a", "bc"], Some(1)),
            ("", &["see a", "b", "c or ab", "d"], Some(2)),
            ("longer", &["one"], Some(0)),
        ] {
            let rule = format!(
                "about = \"x\"\n[then.rewrite]\nfind = 'abc'\nreplace = \"{replace}\"\nin = [\"reply\"]\n"
            );
            let (ruleset, _) = Ruleset::read(vec![Source::new("a.toml", rule)], &|_| None);
            let ruleset = Arc::new(ruleset.expect("a rule"));
            let way_back = Reply::new(ruleset, vec![0], Turn::default());
            assert_eq!(held_back(way_back, &stream(pieces)), expected, "{pieces:?}");
        }
        let whole = r#"{"choices":[{"index":0,"message":{"content":"abc"}}]}"#;
        let way_back = Reply::new(Arc::default(), Vec::new(), Turn::default());
        assert_eq!(held_back(way_back, whole), None);
    }
}
