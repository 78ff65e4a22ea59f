//! Frames of a stream as they go to the client, and how it ends.

use crate::chat::chunk::{Patch, write_patched};
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
    out.extend_from_slice(b"data: ");
    out.extend_from_slice(data.as_bytes());
    out.extend_from_slice(b"\n\n");
}

pub(super) fn write_patched_event(data: &str, patches: &mut [Patch], out: &mut Vec<u8>) {
    out.extend_from_slice(b"data: ");
    write_patched(data, patches, out);
    out.extend_from_slice(b"\n\n");
}
