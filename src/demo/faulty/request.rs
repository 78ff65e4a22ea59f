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

/// The most header lines that are looked at.
const MOST_HEADERS: usize = 128;

/// Takes a whole request from the front of what came; none: more must come.
pub(super) fn take_request(buffer: &mut Vec<u8>) -> Option<Request> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let end = match head.parse(buffer) {
        Ok(httparse::Status::Complete(end)) => end,
        Ok(httparse::Status::Partial) => return None,
        // What is no HTTP is all head.
        Err(_) => buffer.len(),
    };
    let is_length =
        |header: &&httparse::Header<'_>| header.name.eq_ignore_ascii_case("content-length");
    let length = head.headers.iter().find(is_length);
    let length = length.and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok());
    let whole = end + length.unwrap_or(0_usize);
    let body = buffer.get(end..whole)?.to_vec();
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    buffer.drain(..whole);
    Some(Request {
        head,
        body,
        place: 0,
    })
}
