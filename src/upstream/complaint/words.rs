//! The words of a refusal: its messages, and the paths of what is at fault.

use serde_json::Value;

use super::wrapped::{self, WrappedValue, unescaped};
use crate::chat::fields;

/// How deep an error may lie within others.
const DEEPEST: usize = 8;
/// The longest name of a field, in characters.
const LONGEST_NAME: usize = 64;
/// What stands around a name in a message.
const QUOTES: [char; 4] = ['\'', '"', '`', '´'];

/// What a refusal says.
#[derive(Debug, Default)]
pub(super) struct RefusalWords {
    /// All messages, one after the other, as they are.
    pub(super) text: String,
    /// The same in lower case.
    pub(super) lower: String,
    /// The paths that it names for machines (`param`, `loc`), from the outside to the inside.
    pub(super) paths: Vec<Vec<String>>,
    /// Its codes and types.
    pub(super) codes: Vec<String>,
}

impl RefusalWords {
    /// The words of a body: JSON of any shape, or plain text.
    pub(super) fn of(text: &str) -> RefusalWords {
        let mut said = RefusalWords::default();
        match serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) {
            Ok(value) => said.take(None, &value, DEEPEST),
            Err(_) => said.take_words(text, DEEPEST),
        }
        said.lower = said.text.to_lowercase();
        said
    }

    fn take(&mut self, key: Option<&str>, value: &Value, deep: usize) {
        let Some(deeper) = deep.checked_sub(1) else {
            return;
        };
        match (key, value) {
            (Some("param"), Value::String(path)) => self.paths.push(path_of(path)),
            (Some("loc"), Value::Array(path)) => {
                let part = |part: &Value| match part {
                    Value::String(name) => Some(name.clone()),
                    Value::Number(number) => Some(number.to_string()),
                    _ => None,
                };
                let path = path
                    .iter()
                    .filter_map(part)
                    .skip_while(|part| part == "body");
                self.paths.push(path.collect());
            }
            // What was sent is no word of the server's.
            (Some("input" | "ctx"), _) => {}
            (Some("code" | "type" | "status"), Value::String(code)) => {
                self.codes.push(code.to_lowercase());
            }
            (Some("code"), Value::Number(code)) => self.codes.push(code.to_string()),
            (_, Value::String(text)) => match serde_json::from_str::<Value>(text) {
                Ok(inner @ (Value::Object(_) | Value::Array(_))) => {
                    self.take(None, &inner, deeper);
                }
                _ => {
                    self.take_words(text, deeper);
                    self.text.push('\n');
                }
            },
            (_, Value::Array(items)) => {
                items.iter().for_each(|item| self.take(None, item, deeper));
            }
            (_, Value::Object(entries)) => {
                for (key, value) in entries {
                    self.take(Some(key), value, deeper);
                }
            }
            _ => {}
        }
    }

    /// Words that may have another server's refusal in them.
    fn take_words(&mut self, text: &str, deep: usize) {
        match wrapped::unwrapped(text) {
            Some(WrappedValue {
                before,
                value,
                behind,
            }) => {
                self.text.push_str(&unescaped(&before));
                self.text.push('\n');
                self.take(None, &value, deep);
                // More may be wrapped behind it; what is cut short is words all the same.
                self.text.push_str(&unescaped(&behind));
            }
            None => self.text.push_str(&unescaped(text)),
        }
    }

    /// Whether the messages hold one of these, in lower case.
    pub(super) fn has(&self, any: &[&str]) -> bool {
        any.iter().any(|words| self.lower.contains(words))
    }

    /// The names in quotes, in order; what is no name of a field is none.
    pub(super) fn quoted(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut rest = &*self.text;
        while let Some(at) = rest.find(QUOTES) {
            let quote = rest[at..].chars().next().unwrap_or('"');
            let inner = &rest[at + quote.len_utf8()..];
            let Some(end) = inner.find(QUOTES) else { break };
            if is_name(&inner[..end]) {
                names.push(&inner[..end]);
                let closing = inner[end..].chars().next().map_or(1, char::len_utf8);
                rest = &inner[end + closing..];
            } else {
                // An apostrophe, or a quote around more than a name: what follows may be one.
                rest = inner;
            }
        }
        names
    }

    /// `Unknown name "strict" at 'tools[0].function'`, as Google says it: the paths.
    pub(super) fn unknown_names(&self) -> Vec<Vec<String>> {
        const BEFORE: &str = "Unknown name \"";
        let mut found = Vec::new();
        for (at, _) in self.text.match_indices(BEFORE) {
            let rest = self.text.get(at + BEFORE.len()..).unwrap_or_default();
            let Some((name, rest)) = rest.split_once('"') else {
                continue;
            };
            let place = rest
                .strip_prefix(" at '")
                .and_then(|rest| rest.split_once('\''));
            let mut path = place.map(|(place, _)| path_of(place)).unwrap_or_default();
            path.push(name.to_owned());
            found.push(path);
        }
        found
    }

    /// The paths that stand in the messages without quotes, as `messages.1.name: …`.
    pub(super) fn bare_paths(&self) -> Vec<Vec<String>> {
        let is_path = |word: &&str| {
            let word = word.strip_prefix("body.").unwrap_or(word);
            let begins = ["messages", "tools"].iter().any(|root| {
                let rest = word.strip_prefix(root);
                rest.is_some_and(|rest| rest.starts_with(['.', '[']))
            });
            begins && is_name(word)
        };
        let words = self.text.split_whitespace();
        let words = words.map(|word| {
            word.trim_matches(|char: char| ",;:.!()".contains(char) || QUOTES.contains(&char))
        });
        words.filter(is_path).map(path_of).collect()
    }

    /// The fields that the messages name in another spelling, as `presencePenalty`.
    pub(super) fn camel_names(&self) -> Vec<Vec<String>> {
        let words = self.text.split(|char: char| !char.is_ascii_alphanumeric());
        let is_camel = |word: &&str| {
            word.starts_with(|char: char| char.is_ascii_lowercase())
                && word.contains(|char: char| char.is_ascii_uppercase())
        };
        let names = words.filter(is_camel).map(in_snake_case);
        let known = names.filter(|name| fields::kind_of(name).is_some());
        known.map(|name| vec![name]).collect()
    }

    /// Whether a name stands in the messages as a word of its own.
    pub(super) fn names(&self, name: &str) -> bool {
        is_word(&self.text, name)
    }

    /// The first number behind one of these words.
    pub(super) fn number_behind(&self, words: &[&str]) -> Option<u64> {
        words.iter().find_map(|words| {
            let at = self.lower.find(words)? + words.len();
            let rest = self.lower[at..].trim_start_matches([' ', ':', '=', '`', '\'', '"']);
            number_at_start(rest)
        })
    }

    /// The number just before one of these words.
    pub(super) fn number_before(&self, words: &[&str]) -> Option<u64> {
        words.iter().find_map(|words| {
            let before = self.lower[..self.lower.find(words)?].trim_end();
            let is_digit = |char: char| char.is_ascii_digit() || char == ',';
            let digits = before.trim_end_matches(is_digit);
            number_at_start(&before[digits.len()..])
        })
    }
}

/// A number with or without commas between its digits.
fn number_at_start(text: &str) -> Option<u64> {
    let end = text
        .find(|char: char| !char.is_ascii_digit() && char != ',')
        .unwrap_or(text.len());
    let digits: String = text[..end].chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// A name as requests have it: `presencePenalty` is `presence_penalty`.
pub(super) fn in_snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (at, char) in name.chars().enumerate() {
        if char.is_ascii_uppercase() && at > 0 {
            snake.push('_');
        }
        snake.push(char.to_ascii_lowercase());
    }
    snake
}

/// The parts of a path as servers write one: `messages[1].name`, `tools.0.function`.
pub(super) fn path_of(path: &str) -> Vec<String> {
    let path = path.strip_prefix("body.").unwrap_or(path);
    let parts = path
        .split(['.', '[', ']', '/'])
        .map(|part| part.trim_matches(QUOTES));
    let parts = parts.filter(|part| !part.is_empty() && *part != "$");
    parts.map(str::to_owned).collect()
}

/// Whether a text may be the name of a field, or a path to one.
fn is_name(text: &str) -> bool {
    let is_of_path = |char: char| char.is_ascii_alphanumeric() || "_.-[]".contains(char);
    let begins = text.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_');
    begins && text.len() <= LONGEST_NAME && text.chars().all(is_of_path)
}

/// Whether a name stands in a text as a word of its own.
pub(super) fn is_word(text: &str, name: &str) -> bool {
    let is_of_name = |char: char| char.is_alphanumeric() || char == '_';
    text.match_indices(name).any(|(at, _)| {
        let (before, behind) = (text.get(..at), text.get(at + name.len()..));
        let before = before.and_then(|before| before.chars().next_back());
        let behind = behind.and_then(|behind| behind.chars().next());
        !before.is_some_and(is_of_name) && !behind.is_some_and(is_of_name)
    })
}
