//! Frames of a stream as they go to the client, and how it ends.

use crate::chat::chunk::{Chunk, Patch, write_patched};
use crate::chat::reader::Event;

/// How a reply ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending<'a> {
    /// The upstream said all that it had to say.
    Whole,
    /// It was cut short; the caller hears this.
    Cut(&'a str),
    /// Nobody listens any more.
    Abandoned,
}

pub(super) fn write_event(event: &Event, out: &mut Vec<u8>) {
    match &event.raw {
        Some(raw) => out.extend_from_slice(raw),
        None => write_frame(&event.data, out),
    }
}

pub(super) fn write_frame(data: &str, out: &mut Vec<u8>) {
    write_patched_event(data, &mut [], out);
}

pub(super) fn write_patched_event(data: &str, patches: &mut [Patch], out: &mut Vec<u8>) {
    out.extend_from_slice(b"data: ");
    let start = out.len();
    write_patched(data, patches, out);
    // A line break would end the frame in the middle of its JSON, where it is no more than a blank.
    for byte in &mut out[start..] {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    out.extend_from_slice(b"\n\n");
}

/// A frame without choices would end the call at Vapi; only usage is worth a mend.
pub(super) fn write_without_choices(data: &str, chunk: &Chunk, out: &mut Vec<u8>) {
    let (place, text) = match (&chunk.null_choices, chunk.has_usage) {
        (Some(place), true) => (place.clone(), "[]"),
        (None, true) if data.starts_with('{') => (0..1, "{\"choices\":[],"),
        _ => return,
    };
    let text = text.into();
    write_patched_event(data, &mut [Patch { place, text }], out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_break_leaves_within_a_frame() {
        let mut out = Vec::new();
        write_frame("{\n\"a\":\r\n1}", &mut out);
        let text = "{\"b\":\n2}".to_owned();
        let place = 5..6;
        write_patched_event("{\"a\":1\n}", &mut [Patch { place, text }], &mut out);
        let frames = "data: { \"a\":  1}\n\ndata: {\"a\":{\"b\": 2} }\n\n";
        assert_eq!(String::from_utf8_lossy(&out), frames);
    }
}
