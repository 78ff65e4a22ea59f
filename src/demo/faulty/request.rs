//! A request as the scripted upstream sees it.
//!
//! It never judges one: what is no number is no length, what is no JSON is null.

use serde_json::Value;

/// A request that came.
#[derive(Debug, Clone)]
pub struct Request {
    /// The request line and the headers.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
    /// Its place among those of its connection, from 0.
    pub place: usize,
}

impl Request {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// All values of a header.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .collect()
    }
}

/// Takes a whole request from the front of what came; none: more must come.
pub(super) fn take_request(buffer: &mut Vec<u8>) -> Option<Request> {
    let end = buffer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    let request = Request {
        head,
        body: Vec::new(),
        place: 0,
    };
    let length = request.header("content-length");
    let length: usize = length
        .first()
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let body = buffer.get(end..end + length)?.to_vec();
    buffer.drain(..end + length);
    Some(Request { body, ..request })
}
