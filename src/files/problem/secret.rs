//! A line of a config as it may be shown: values that may be keys are stars.
//!
//! What a value is depends on the name of its field. Names, tables, numbers, and the values of
//! fields that hold no secret are shown; of a name that nobody knows, only what is plainly none.

use std::net::SocketAddr;
use std::ops::Range;

use super::nearest;
use crate::files::duration::{parse_duration, parse_size};

/// What stands for a value that is not shown.
const STARS: &str = "***";
/// The fields whose values open doors.
const SECRET: &[&str] = &[
    "key",
    "keys",
    "context_keys",
    "admin_keys",
    "secret",
    "secret_key",
    "client_secret",
    "key_command",
];
/// The fields whose values are URLs, which may hold a key.
const URLS: &[&str] = &["url", "forward", "token_url"];
/// The one whose path is a secret as well.
const FORWARD: &str = "forward";
/// The field that says where context is kept, maybe with a password.
const STORE: &str = "store";
/// The headers whose values are none.
const HARMLESS_HEADERS: &[&str] = &[
    "http-referer",
    "x-title",
    "user-agent",
    "accept",
    "content-type",
];
/// The fields whose values are no secrets.
const HARMLESS: &[&str] = &[
    "algorithm",
    "apology",
    "body",
    "call_tokens",
    "call_turns",
    "connect",
    "drain",
    "fields",
    "file",
    "first_token",
    "format",
    "hedge",
    "hosts",
    "injected",
    "keep",
    "key_file",
    "key_header",
    "listen",
    "message_fields",
    "message_id_header",
    "model",
    "most",
    "on_error",
    "open",
    "payload_format",
    "preset",
    "private",
    "raw",
    "reload",
    "rules",
    "secret_is_base64",
    "signature_encoding",
    "signature_header",
    "stall",
    "streams",
    "streams_per_key",
    "timestamp_header",
    "ttl",
    "turns_per_key",
    "upstreams",
    "workers",
];
/// No key has so few characters between two slashes.
const SHORT: usize = 20;

/// A line, piece by piece.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    pieces: Vec<(Range<usize>, String)>,
}

impl Hidden {
    /// The line as it is shown.
    pub(super) fn shown(&self) -> String {
        self.pieces
            .iter()
            .map(|(_, shown)| shown.as_str())
            .collect()
    }

    /// Where the caret stands for a place of the text, in characters of what is shown: from there to
    /// the end of the piece, or of the line where the piece is shown as it is.
    pub(super) fn caret(&self, place: usize) -> Option<Range<usize>> {
        let mut before = 0;
        for (at, (span, shown)) in self.pieces.iter().enumerate() {
            let length = shown.chars().count();
            if place < span.end {
                if *shown == STARS {
                    return Some(before..before + length);
                }
                let skipped = shown.get(..place.saturating_sub(span.start))?;
                let indent = before + skipped.chars().count();
                let rest = self.pieces.get(at..).unwrap_or_default().iter();
                let end = before + rest.map(|(_, shown)| shown.chars().count()).sum::<usize>();
                return Some(indent..end.max(indent + 1));
            }
            before += length;
        }
        Some(before..before + 1)
    }
}

/// The last line of a text, which begins at `line`.
pub(super) fn hide(text: &str, line: usize) -> Hidden {
    let mut reader = Reader {
        text,
        line,
        at: 0,
        keys: vec![None],
        is_of_headers: false,
        hidden: Hidden::default(),
    };
    reader.read();
    reader.hidden
}

struct Reader<'t> {
    text: &'t str,
    line: usize,
    at: usize,
    /// The name before the last `=`, behind those of the `{` around.
    keys: Vec<Option<&'t str>>,
    is_of_headers: bool,
    hidden: Hidden,
}

impl<'t> Reader<'t> {
    fn read(&mut self) {
        let mut begins_line = true;
        while let Some(sign) = self.rest().chars().next() {
            let is_header = begins_line && sign == '[';
            begins_line = sign == '\n' || (begins_line && sign.is_whitespace());
            match sign {
                '[' if is_header => {
                    let header = self.until(&['\n', '#']);
                    let name = header.trim_matches(['[', ']', ' ', '\t']);
                    self.is_of_headers = name.rsplit('.').next() == Some("headers");
                    self.keys = vec![None];
                    self.show(header.len());
                }
                '#' => {
                    let comment = self.until(&['\n']);
                    let is_plain = !comment.contains(['"', '\''])
                        && comment.split_whitespace().all(|word| word.len() < SHORT);
                    match is_plain {
                        true => self.show(comment.len()),
                        false => self.stars(comment.len()),
                    }
                }
                '"' | '\'' => {
                    let length = self.string_length(sign);
                    self.word(length, true);
                }
                '{' => {
                    self.keys.push(None);
                    self.show(1);
                }
                '}' => {
                    if self.keys.len() > 1 {
                        self.keys.pop();
                    }
                    self.show(1);
                }
                sign if sign.is_whitespace() || "[],=.".contains(sign) => {
                    self.show(sign.len_utf8())
                }
                _ => {
                    let bare = |sign: char| !sign.is_whitespace() && !"[]{},=#\"'".contains(sign);
                    let rest = self.rest();
                    let length = rest.find(|sign| !bare(sign)).unwrap_or(rest.len());
                    self.word(length.max(1), false);
                }
            }
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn until(&self, ends: &[char]) -> &'t str {
        let rest = self.rest();
        rest.get(..rest.find(ends).unwrap_or(rest.len()))
            .unwrap_or_default()
    }

    /// A name or a value.
    fn word(&mut self, length: usize, is_quoted: bool) {
        let rest = self.rest();
        let word = rest.get(..length).unwrap_or_default();
        let behind = rest.get(length..).unwrap_or_default();
        let bare = word.trim_matches(['"', '\'']);
        if behind.trim_start_matches([' ', '\t']).starts_with('=') {
            let name = match is_quoted {
                true => bare,
                false => bare.rsplit('.').next().unwrap_or_default(),
            };
            if let Some(key) = self.keys.last_mut() {
                *key = Some(name);
            }
            return self.show(length);
        }
        let is_shown = match word.contains('\n') {
            // A text of several lines: each shows as the whole.
            true => self.may_show(bare, true),
            false => self.may_show(bare, is_quoted || !is_scalar(bare)),
        };
        match is_shown {
            true => self.show(length),
            false => self.stars(length),
        }
    }

    fn may_show(&self, value: &str, is_text: bool) -> bool {
        if is_made_of_variables(value) {
            return true;
        }
        let mut around = self.keys.iter().rev().skip(1).flatten();
        let is_header = self.is_of_headers || around.any(|key| *key == "headers");
        let Some(key) = self.keys.last().copied().flatten() else {
            return !is_text || is_plain(value);
        };
        if is_header {
            let key = key.to_ascii_lowercase();
            return HARMLESS_HEADERS.contains(&key.as_str());
        }
        if HARMLESS.contains(&key) {
            return true;
        }
        if key == STORE && is_text {
            let is_store = [
                "file:",
                "redis://",
                "rediss://",
                "redis+cluster://",
                "rediss+cluster://",
            ]
            .iter()
            .any(|scheme| value.starts_with(scheme));
            let is_memory = nearest(value, ["memory"]).is_some();
            return is_memory || (is_store && !value.contains(['@', '?']));
        }
        if URLS.contains(&key) {
            // Whom events go on to is often told by a path that nobody else knows.
            let longest = if key == FORWARD { 0 } else { SHORT };
            let mut parts = value.split(['/', '#']).skip(3);
            let is_url = key != FORWARD || value.contains("://");
            let is_open = is_url && parts.all(|part| part.len() <= longest);
            return !is_text || (is_open && !value.contains(['@', '?']));
        }
        let sounds = ["key", "secret", "token", "password", "auth", "credential"];
        let lower = key.to_ascii_lowercase();
        let is_secret = sounds.iter().any(|sound| lower.contains(sound))
            || nearest(&lower, SECRET.iter().copied()).is_some();
        if is_secret {
            return false;
        }
        !is_text || is_plain(value) || nearest(&lower, HARMLESS.iter().copied()).is_some()
    }

    /// The length of a string with its quotes.
    fn string_length(&self, quote: char) -> usize {
        let rest = self.rest();
        let three = quote.to_string().repeat(3);
        if let Some(inner) = rest.strip_prefix(&three) {
            return inner.find(&three).map_or(rest.len(), |end| end + 6);
        }
        let mut is_escaped = false;
        for (at, sign) in rest.char_indices().skip(1) {
            match sign {
                '\n' => return at,
                _ if is_escaped => is_escaped = false,
                '\\' if quote == '"' => is_escaped = true,
                sign if sign == quote => return at + 1,
                _ => {}
            }
        }
        rest.len()
    }

    fn show(&mut self, length: usize) {
        let shown = |piece: &str| piece.to_owned();
        self.pass(length, &shown);
    }

    fn stars(&mut self, length: usize) {
        self.pass(length, &|_| STARS.to_owned());
    }

    fn pass(&mut self, length: usize, shown: &dyn Fn(&str) -> String) {
        let end = (self.at + length).min(self.text.len());
        let from = self.at.max(self.line);
        if from < end {
            let piece = self.text.get(from..end).unwrap_or_default();
            self.hidden.pieces.push((from..end, shown(piece)));
        }
        self.at = end;
    }
}

/// A number, a boolean or a date.
fn is_scalar(word: &str) -> bool {
    matches!(word, "true" | "false")
        || (word.starts_with(|sign: char| sign.is_ascii_digit() || "+-".contains(sign))
            && word
                .chars()
                .all(|sign| sign.is_ascii_digit() || "+-._:TZ".contains(sign)))
}

/// What can't be a key: a duration, a size, an address.
fn is_plain(value: &str) -> bool {
    parse_duration(value).is_ok()
        || parse_size(value).is_ok()
        || value.parse::<SocketAddr>().is_ok()
}

/// Whether nothing but variables, and a word such as `Bearer` before them, is in a value.
fn is_made_of_variables(value: &str) -> bool {
    // As somebody writes one who forgot the braces.
    let bare = value
        .strip_prefix('$')
        .unwrap_or_default()
        .trim_matches(['(', ')']);
    let is_capital = |sign: char| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_';
    if bare.starts_with(|first: char| first.is_ascii_uppercase()) && bare.chars().all(is_capital) {
        return true;
    }
    let mut rest = value.strip_prefix("Bearer ").unwrap_or(value);
    if rest.is_empty() {
        return value.is_empty();
    }
    while let Some(variable) = rest.strip_prefix("${") {
        let Some((name, behind)) = variable.split_once('}') else {
            return false;
        };
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            return false;
        }
        rest = behind;
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests;
