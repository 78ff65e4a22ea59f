use std::convert::Infallible;

use eventsource_stream::Eventsource;
use futures::{FutureExt, StreamExt, stream};

use super::*;

fn kinds(stream: &str) -> Vec<EventKind> {
    let mut reader = EventReader::new();
    reader.push(stream.as_bytes());
    let mut kinds = Vec::new();
    while let Some(event) = reader.next_event().expect("small events") {
        kinds.push(event.kind);
    }
    kinds.extend(reader.last_event().map(|event| event.kind));
    kinds
}

fn chunk(content: &str, rest: &str) -> String {
    format!(
        "data: {{\"id\":\"a\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":{content}}},\"finish_reason\":null}}]{rest}}}\n\n"
    )
}

#[test]
fn chunks_of_one_shape_are_parsed_once() {
    let stream: String = [r#""Hel""#, r#""lo""#, r#""a\n""#, r#""""#]
        .iter()
        .map(|text| chunk(text, ""))
        .collect();
    let kinds = kinds(&(stream + "data: [DONE]\n\n"));
    assert!(matches!(kinds[0], EventKind::Chunk(_)));
    assert_eq!(
        kinds[1],
        EventKind::Text {
            choice: 0,
            place: 51..55
        }
    );
    assert!(
        matches!(kinds[2], EventKind::Chunk(_)),
        "an escape needs the parser"
    );
    assert_eq!(
        kinds[3],
        EventKind::Text {
            choice: 0,
            place: 51..53
        }
    );
    assert_eq!(kinds[4], EventKind::Done);
}

#[test]
fn padding_may_differ_and_nothing_else() {
    let stream = chunk(r#""a""#, r#","obfuscation":"xyz""#)
        + &chunk(r#""b""#, r#","obfuscation":"q""#)
        + &chunk(r#""b""#, r#","obfuscation":"q","usage":{}"#)
        + &chunk(r#""b","refusal":"x""#, r#","obfuscation":"q""#);
    let kinds = kinds(&stream);
    assert!(matches!(kinds[1], EventKind::Text { .. }));
    assert!(matches!(kinds[2], EventKind::Chunk(_)));
    assert!(matches!(kinds[3], EventKind::Chunk(_)));
}

#[test]
fn r11_a_byte_order_mark_within_an_event_takes_no_word_away() {
    let text = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\u{feff}\"}}]}";
    for event in [
        format!("data: \u{feff}{text}\n\n"),
        format!("data:\u{feff}\u{feff} {text}\u{feff}\n\n"),
        format!("\u{feff}data: \u{feff}{text}\r\n\r\n"),
        format!("data: \u{feff}{{\ndata: \u{feff}{}\n\n", &text[1..]),
    ] {
        let mut reader = EventReader::new();
        reader.push(event.as_bytes());
        let read = reader.next_event().expect("it is small");
        let read = read.unwrap_or_else(|| panic!("{event:?}"));
        assert!(read.counts() && read.raw.is_none(), "{event:?}: {read:?}");
        assert!(!read.data.starts_with('\u{feff}'), "{event:?}");
        assert_eq!(read.data.matches('\u{feff}').count(), 1, "{event:?}");
    }
    let done = kinds("data: \u{feff}[DONE]\n\n");
    assert_eq!(done, [EventKind::Done]);
}

#[test]
fn r11_a_byte_order_mark_before_the_stream_changes_nothing() {
    let stream = chunk(r#""a""#, "") + &chunk(r#""b""#, "") + "data: [DONE]\n\n";
    // eventsource-stream alone does not take one.
    let marked = format!("\u{feff}{stream}");
    let bytes = marked.as_bytes();
    for cut in 0..bytes.len() {
        let read = by_us(&[&bytes[..cut], &bytes[cut..]]);
        assert_eq!(read, by_eventsource(&stream), "cut at {cut}");
    }
}

#[test]
fn half_an_event_at_the_end_is_none_and_a_whole_one_counts() {
    let whole = chunk(r#""a""#, "");
    assert_eq!(kinds(&(whole.clone() + "data: {half")).len(), 1);
    assert_eq!(kinds(&(whole.clone() + whole.trim_end())).len(), 2);
}

#[test]
fn r12_bytes_that_are_no_text_end_nothing_in_either_spelling() {
    for line_end in ["\n", "\r\n"] {
        let stream = [&b"data: {\"a\":\"x"[..], b"\xFF", b"y\"}"].concat();
        let stream = [&stream[..], line_end.repeat(2).as_bytes()].concat();
        let after = format!("data: b{}", line_end.repeat(2));
        let read = by_us(&[&stream, after.as_bytes()]);
        assert_eq!(read, ["{\"a\":\"x\u{fffd}y\"}", "b"]);
    }
}

/// The data of all events, by eventsource-stream alone; where a chunk is odd, mended.
fn by_eventsource(stream: &str) -> Vec<String> {
    let whole = stream::iter([Ok::<_, Infallible>(format!("{stream}\n\n"))]);
    let events = whole
        .eventsource()
        .map(|event| event.expect("it is UTF-8").data);
    let data: Vec<String> = events
        .collect()
        .now_or_never()
        .expect("it waits for nobody");
    let as_read = |data: &String| {
        let data = data.replace('\n', " ");
        let is_odd = Chunk::parse(&data).is_some_and(|chunk| chunk.is_odd);
        let mended = Mender::default().mend(&data, Form::Piece);
        mended.filter(|_| is_odd).unwrap_or(data)
    };
    data.iter().map(as_read).collect()
}

/// The data of all events of these pieces.
fn by_us(pieces: &[&[u8]]) -> Vec<String> {
    let mut reader = EventReader::new();
    let mut data = Vec::new();
    for piece in pieces {
        reader.push(piece);
        while let Some(event) = reader.next_event().expect("small events") {
            data.push(event.data.to_string());
        }
    }
    data.extend(reader.last_event().map(|event| event.data.to_string()));
    data
}

/// Every stream of the fixtures and, where they are beside the clone, of the recorded payloads.
fn corpus() -> Vec<String> {
    let mut streams: Vec<String> = crate::fixtures::streams()
        .into_iter()
        .map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    let chunks = ["Hel", "lo", "é", "a\\n", ""].map(|text| chunk(&format!("\"{text}\""), ""));
    let whole = chunks.concat() + "data: [DONE]\n\n";
    for [was, is] in [
        ["\n", "\r\n"],
        ["\n", "\r"],
        ["data: ", "data:"],
        ["data: ", "data:  "],
        ["data: ", ": hi\n\ndata: "],
        ["data: ", ": hi\ndata: "],
        ["data: ", "event: x\ndata: "],
        ["data: ", "id: 1\nretry: 3\ndata: "],
        ["data: {", "data: {\ndata: "],
        ["\n\n", "\n\n\n"],
        ["\n\n", "\ndata\n\n"],
        ["\n\n", "\n\ndata:\n\ndata: \n\ndata\n\n"],
        ["data", "Data"],
        ["data", " data"],
        ["\"a\"", "\"\u{2028}\u{85}\u{feff}\""],
    ] {
        streams.push(whole.replace(was, is));
    }
    streams.push(whole);
    streams
}

#[test]
fn one_reader_reads_what_eventsource_stream_reads() {
    for stream in corpus() {
        let expected = by_eventsource(&stream);
        let bytes = stream.as_bytes();
        assert_eq!(by_us(&[bytes]), expected, "{stream}");
        assert_eq!(
            by_us(&bytes.chunks(1).collect::<Vec<_>>()),
            expected,
            "{stream}"
        );
        // Every cut of what is short, and every 97th of what is long.
        let step = if bytes.len() < 4000 { 1 } else { 97 };
        for cut in (0..bytes.len()).step_by(step) {
            assert_eq!(
                by_us(&[&bytes[..cut], &bytes[cut..]]),
                expected,
                "cut at {cut}: {stream}"
            );
        }
    }
}
