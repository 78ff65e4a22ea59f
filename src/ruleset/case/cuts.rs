//! The ways in which a reply can come in pieces, and what the caller hears then.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::chat::reader::Reader;
use crate::rule::Turn;
use crate::ruleset::{Applied, Ending, Reply, Ruleset};

/// The pieces of every way to cut a text in two, the whole, and its letters.
pub(super) fn cuts(text: &str) -> Vec<Vec<&str>> {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let mut cuts: Vec<Vec<&str>> = places
        .iter()
        .skip(1)
        .map(|at| vec![&text[..*at], &text[*at..]])
        .collect();
    let ends = places.iter().skip(1).copied().chain([text.len()]);
    cuts.push(
        places
            .iter()
            .zip(ends)
            .map(|(start, end)| &text[*start..end])
            .collect(),
    );
    cuts.insert(0, vec![text]);
    cuts
}

/// How the reply came.
pub(super) fn where_cut(pieces: &[&str]) -> Option<String> {
    match pieces {
        [_] => None,
        [first, _] => Some(format!(
            "the reply comes in two pieces, the first is `{first}`"
        )),
        _ => Some("the reply comes letter by letter".to_owned()),
    }
}

/// What the caller hears when the model says these pieces.
pub(super) fn hear(
    ruleset: &Arc<Ruleset>,
    applied: &Applied,
    turn: Turn,
    pieces: &[&str],
) -> String {
    let mut reply = Reply::new(ruleset.clone(), applied, turn);
    let mut reader = Reader::new(reply.parser());
    let mut out = Vec::new();
    for piece in pieces {
        let chunk = json!({"id": "t", "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": null}]});
        reader.push(format!("data: {chunk}\n\n").as_bytes());
    }
    while let Ok(Some(event)) = reader.next_event() {
        reply.event(&event, &mut out);
    }
    reply.end(Ending::Whole, &mut out);
    heard_in(&out)
}

/// The content of all chunks of a stream.
fn heard_in(stream: &[u8]) -> String {
    let text = String::from_utf8_lossy(stream);
    let chunks = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data: ")?).ok());
    chunks
        .filter_map(|chunk| {
            chunk
                .pointer("/choices/0/delta/content")?
                .as_str()
                .map(str::to_owned)
        })
        .collect()
}
