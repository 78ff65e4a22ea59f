//! JSON that streams by, as its strings say it.
//!
//! A text of JSON is read letter by letter: what stands within strings is decoded, the rest is as
//! it came. Nothing is lost: each letter leads back to how it was written. A reply that should be
//! JSON and is not ("Sorry, I can't.") is prose, whose quotes are none of a string.

use std::ops::Range;

/// Where a letter of a JSON text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonLevel {
    /// Outside all JSON.
    Prose,
    /// Between the strings: marks, numbers and the like.
    Structure,
    /// In a string that is a key.
    Key,
    /// In a string.
    Inside,
    /// In a string of a string that is JSON itself.
    Deeper,
}

/// A walk over a JSON text.
#[derive(Debug, Default)]
pub struct JsonPlace {
    /// The objects and lists under way: whether each is an object.
    open: Vec<bool>,
    is_in_string: bool,
    /// The string under way is a key.
    is_key: bool,
    awaits_key: bool,
    /// The escape under way, without its backslash.
    escape: Option<String>,
    /// The string under way begins as JSON does, and an inner string of it is open.
    is_nested: bool,
    is_in_inner_string: bool,
    inner_is_escaped: bool,
    is_first_of_string: bool,
    /// Something else than JSON stands before the first bracket or quote.
    is_prose: bool,
    has_begun: bool,
    string: String,
    /// The top-level key whose value is under way.
    field: String,
}

/// What a letter of a JSON text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letter {
    /// A part of an escape that is not whole yet.
    OfEscape,
    /// A letter outside strings, or a quote around one.
    Plain(char),
    /// A letter of a string, decoded; the last of its escape, where it is one.
    Said(char),
}

impl JsonPlace {
    /// Where the next letter stands.
    pub fn level(&self) -> JsonLevel {
        match (self.is_in_string, self.is_in_inner_string) {
            (true, _) if self.is_key => JsonLevel::Key,
            (true, true) => JsonLevel::Deeper,
            (true, false) => JsonLevel::Inside,
            (false, _) if self.open.is_empty() && self.is_prose => JsonLevel::Prose,
            (false, _) => JsonLevel::Structure,
        }
    }

    /// Whether the next letter stands in no string, object or list.
    pub fn is_outermost(&self) -> bool {
        !self.is_in_string && self.open.is_empty()
    }

    /// What comes is prose, whatever it begins with.
    pub fn be_prose(&mut self) {
        (self.has_begun, self.is_prose) = (true, true);
    }

    /// Whether the string under way is a key of an object.
    pub fn is_in_key(&self) -> bool {
        self.is_in_string && self.is_key
    }

    /// The top-level key whose value is under way.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Passes a text.
    pub fn pass(&mut self, text: &str) {
        for letter in text.chars() {
            self.step(letter);
        }
    }

    /// Passes the next letter.
    pub fn step(&mut self, letter: char) -> Letter {
        if !self.is_in_string {
            self.step_outside(letter);
            return Letter::Plain(letter);
        }
        if self.escape.is_none() {
            match letter {
                '\\' => {
                    self.escape = Some(String::new());
                    return Letter::OfEscape;
                }
                '"' => {
                    self.is_in_string = false;
                    return Letter::Plain(letter);
                }
                _ => {
                    self.said(letter);
                    return Letter::Said(letter);
                }
            }
        }
        let Some(escape) = &mut self.escape else {
            return Letter::OfEscape;
        };
        escape.push(letter);
        let decoded = match escape.as_str() {
            "n" => '\n',
            "t" => '\t',
            "r" => '\r',
            "b" => '\u{8}',
            "f" => '\u{c}',
            code if code.starts_with('u') => {
                if code.len() < 5 && letter.is_ascii_alphanumeric() {
                    return Letter::OfEscape;
                }
                // Halves of a pair stay two; none of them is a sign of a placeholder.
                let code = code
                    .get(1..)
                    .and_then(|code| u32::from_str_radix(code, 16).ok());
                code.and_then(char::from_u32)
                    .unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => letter,
        };
        self.escape = None;
        self.said(decoded);
        Letter::Said(decoded)
    }

    /// A letter of the string under way.
    fn said(&mut self, letter: char) {
        if self.is_first_of_string {
            self.is_first_of_string = false;
            self.is_nested = matches!(letter, '{' | '[');
        }
        if self.is_nested {
            match letter {
                _ if self.inner_is_escaped => self.inner_is_escaped = false,
                '\\' if self.is_in_inner_string => self.inner_is_escaped = true,
                '"' => self.is_in_inner_string ^= true,
                _ => {}
            }
        }
        if self.open.len() == 1 && self.is_key {
            self.string.push(letter);
        }
    }

    fn step_outside(&mut self, letter: char) {
        if !self.has_begun && !letter.is_whitespace() {
            self.has_begun = true;
            self.is_prose = !matches!(letter, '{' | '[' | '"');
        }
        match letter {
            '"' if self.open.is_empty() && self.is_prose => {}
            '"' => {
                self.is_in_string = true;
                self.is_key = self.awaits_key;
                self.is_first_of_string = true;
                (self.is_nested, self.is_in_inner_string) = (false, false);
                self.inner_is_escaped = false;
                self.string.clear();
            }
            ':' => {
                if self.open.len() == 1 {
                    self.field.clone_from(&self.string);
                }
                self.awaits_key = false;
            }
            '{' | '[' => {
                self.open.push(letter == '{');
                self.awaits_key = letter == '{';
            }
            '}' | ']' => {
                self.open.pop();
                self.awaits_key = false;
            }
            ',' => self.awaits_key = self.open.last().copied().unwrap_or(false),
            _ => {}
        }
    }
}

/// A part of a JSON text as it is read, with the way back to how it was written.
#[derive(Debug, Default)]
pub struct JsonText {
    place: JsonPlace,
    plain: String,
    source: String,
    /// For each byte of the plain text: where its letter begins in the source, and stands.
    origins: Vec<(usize, JsonLevel)>,
    /// Where the source ends as far as it is read: half an escape may follow.
    read: usize,
}

impl JsonText {
    /// Takes the next piece.
    pub fn push(&mut self, piece: &str) {
        for letter in piece.chars() {
            let level = self.place.level();
            self.source.push(letter);
            let plain = match self.place.step(letter) {
                Letter::OfEscape => continue,
                Letter::Plain(letter) => {
                    self.add(
                        letter,
                        JsonLevel::Structure.min_of(self.place.level(), level),
                    );
                    continue;
                }
                Letter::Said(letter) => letter,
            };
            self.add(plain, level);
        }
    }

    fn add(&mut self, letter: char, level: JsonLevel) {
        self.plain.push(letter);
        self.origins.resize(self.plain.len(), (self.read, level));
        self.read = self.source.len();
    }

    /// The text as it is read so far.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// Where a letter of the plain text stands.
    pub fn level(&self, at: usize) -> JsonLevel {
        self.origins
            .get(at)
            .map_or_else(|| self.place.level(), |(_, level)| *level)
    }

    /// How a part of the plain text was written.
    pub fn source(&self, range: Range<usize>) -> &str {
        let place = |at: usize| self.origins.get(at).map_or(self.read, |(start, _)| *start);
        self.source
            .get(place(range.start)..place(range.end))
            .unwrap_or("")
    }

    /// Half an escape, with which the source ends.
    pub fn rest(&self) -> &str {
        self.source.get(self.read..).unwrap_or("")
    }

    /// Forgets all of the text but where it stands.
    pub fn forget_all(&mut self) {
        self.plain.clear();
        self.source.clear();
        self.origins.clear();
        self.read = 0;
    }

    /// Forgets what stands before a place of the plain text.
    pub fn forget(&mut self, before: usize) {
        let start = self
            .origins
            .get(before)
            .map_or(self.read, |(start, _)| *start);
        self.plain.drain(..before);
        self.origins.drain(..before);
        self.source.drain(..start);
        for origin in &mut self.origins {
            origin.0 -= start;
        }
        self.read -= start;
    }
}

impl JsonLevel {
    /// A letter that is none of a string stands in prose only where it is so before and behind it.
    fn min_of(self, behind: JsonLevel, before: JsonLevel) -> JsonLevel {
        if behind == JsonLevel::Prose && matches!(before, JsonLevel::Prose | JsonLevel::Structure) {
            JsonLevel::Prose
        } else {
            self
        }
    }

    /// How many backslashes an escape may have that is yet to be decoded there.
    pub fn escapes(self) -> usize {
        match self {
            JsonLevel::Prose => 2,
            JsonLevel::Deeper => 1,
            JsonLevel::Structure | JsonLevel::Key | JsonLevel::Inside => 0,
        }
    }
}

/// `text` as it is written at a level, quotes included where none stand there yet. `encode` writes a
/// JSON string with its quotes.
pub fn written_at(level: JsonLevel, text: &str, encode: impl Fn(&str) -> String) -> String {
    let inner = |literal: &str| {
        literal
            .get(1..literal.len().saturating_sub(1))
            .unwrap_or("")
            .to_owned()
    };
    match level {
        JsonLevel::Prose => text.to_owned(),
        JsonLevel::Structure => encode(text),
        JsonLevel::Key | JsonLevel::Inside => inner(&encode(text)),
        JsonLevel::Deeper => inner(&encode(&inner(&encode(text)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_decoded_and_lead_back_to_how_they_were_written() {
        let source = r#"{"a\n":"x\u00e9\"[","n":-12.5,"in":"{\"b\":\"\\u005b\"}"}"#;
        for cut in 0..=source.len() {
            let mut text = JsonText::default();
            text.push(&source[..cut]);
            text.push(&source[cut..]);
            assert_eq!(
                text.plain(),
                "{\"a\n\":\"xé\"[\",\"n\":-12.5,\"in\":\"{\"b\":\"\\u005b\"}\"}"
            );
            assert_eq!(text.source(0..text.plain().len()), source);
            for (part, written, level) in [
                ("\n", r"\n", JsonLevel::Key),
                ("é", r"\u00e9", JsonLevel::Inside),
                ("-12.5", "-12.5", JsonLevel::Structure),
                ("u005b", "u005b", JsonLevel::Deeper),
            ] {
                let at = text.plain().find(part).expect("it is there");
                assert_eq!(text.source(at..at + part.len()), written);
                assert_eq!(text.level(at), level, "{part}");
            }
            let half = text.plain().find("é").expect("it is there");
            text.forget(half);
            assert!(text.plain().starts_with("é\"["));
            assert!(text.source(0..2).starts_with(r"\u00e9"));
        }
    }

    #[test]
    fn what_is_no_json_is_prose() {
        let level_at = |source: &str, part: &str| {
            let mut text = JsonText::default();
            text.push(source);
            text.level(text.plain().find(part).expect("it is there"))
        };
        assert_eq!(level_at("Sorry, \"no\" x", "x"), JsonLevel::Prose);
        assert_eq!(level_at("Sorry, \"no\" x", "no"), JsonLevel::Prose);
        assert_eq!(level_at("```json\n{\"a\":x}", "x"), JsonLevel::Structure);
        assert_eq!(level_at(" \"x\"", "x"), JsonLevel::Inside);
    }

    #[test]
    fn keys_are_told_from_values() {
        let mut place = JsonPlace::default();
        let mut keys = String::new();
        for letter in r#"{"a":"x","b":["y",{"c":"z"}],"d":1}"#.chars() {
            place.step(letter);
            if place.is_in_key() && letter.is_alphabetic() {
                keys.push(letter);
            }
        }
        assert_eq!(keys, "abcd");
    }
}
