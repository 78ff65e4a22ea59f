//! A line of a config as it may be shown: values that may be keys are stars.
//!
//! What a value is depends on the name of its field. Names, tables, numbers, and the values of
//! fields that hold no secret are shown; of a name that nobody knows, only what is plainly none. Which
//! fields a file has is handed in.

use std::net::SocketAddr;
use std::ops::Range;

use super::nearest;
use crate::files::duration::{parse_duration, parse_size};
use crate::files::variable::is_all_variables;

/// What stands for a value that is not shown.
const STARS: &str = "***";
/// No key has so few characters between two slashes.
const SHORT: usize = 20;

/// What the fields of a kind of file hold, by their names.
#[derive(Debug)]
pub struct FieldSecrecy {
    /// The fields whose values open doors.
    pub secret: &'static [&'static str],
    /// The fields whose values are URLs, which may hold a key.
    pub urls: &'static [&'static str],
    /// Those of them whose path is a secret as well.
    pub secret_paths: &'static [&'static str],
    /// The fields that say where something is kept, maybe with a password.
    pub stores: &'static [&'static str],
    /// How what they say begins.
    pub store_schemes: &'static [&'static str],
    /// What they say in one word.
    pub store_words: &'static [&'static str],
    /// The headers whose values are none, in lower case.
    pub harmless_headers: &'static [&'static str],
    /// The fields whose values are no secrets.
    pub harmless: &'static [&'static str],
}

/// A line, piece by piece.
#[derive(Debug, Default)]
pub(super) struct HiddenLine {
    pieces: Vec<(Range<usize>, String)>,
}

impl HiddenLine {
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
pub(super) fn hide(text: &str, line: usize, fields: &'static FieldSecrecy) -> HiddenLine {
    let mut reader = SecretReader {
        fields,
        text,
        line,
        at: 0,
        keys: vec![None],
        is_of_headers: false,
        hidden: HiddenLine::default(),
    };
    reader.read();
    reader.hidden
}

struct SecretReader<'t> {
    fields: &'static FieldSecrecy,
    text: &'t str,
    line: usize,
    at: usize,
    /// The name before the last `=`, behind those of the `{` around.
    keys: Vec<Option<&'t str>>,
    is_of_headers: bool,
    hidden: HiddenLine,
}

impl<'t> SecretReader<'t> {
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
        let fields = self.fields;
        if is_header {
            let key = key.to_ascii_lowercase();
            return fields.harmless_headers.contains(&key.as_str());
        }
        if fields.harmless.contains(&key) {
            return true;
        }
        if fields.stores.contains(&key) && is_text {
            let schemes = fields.store_schemes;
            let is_store = schemes.iter().any(|scheme| value.starts_with(scheme));
            let is_word = nearest(value, fields.store_words.iter().copied()).is_some();
            return is_word || (is_store && !value.contains(['@', '?']));
        }
        if fields.urls.contains(&key) {
            // Whom events go on to is often told by a path that nobody else knows.
            let is_path_secret = fields.secret_paths.contains(&key);
            let longest = if is_path_secret { 0 } else { SHORT };
            let mut parts = value.split(['/', '#']).skip(3);
            let is_url = !is_path_secret || value.contains("://");
            let is_open = is_url && parts.all(|part| part.len() <= longest);
            return !is_text || (is_open && !value.contains(['@', '?']));
        }
        let sounds = ["key", "secret", "token", "password", "auth", "credential"];
        let lower = key.to_ascii_lowercase();
        let is_secret = sounds.iter().any(|sound| lower.contains(sound))
            || nearest(&lower, fields.secret.iter().copied()).is_some();
        if is_secret {
            return false;
        }
        !is_text || is_plain(value) || nearest(&lower, fields.harmless.iter().copied()).is_some()
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
    value.is_empty() || is_all_variables(value.strip_prefix("Bearer ").unwrap_or(value))
}

#[cfg(test)]
mod tests;
