//! A walk over one level of an object or array of JSON that is known to be JSON.
//!
//! It allocates nothing, and passes each byte once: who opens a level within a level goes on behind
//! that. What stands deeper stays the text that it was.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{DEEPEST, decode, string_end};

/// Objects of so many keys are searched for a repeated one by comparing each with each.
const FEW: usize = 64;

/// A walk over one level of an object or array.
#[derive(Debug)]
pub struct Walk<'j> {
    json: &'j str,
    at: usize,
    /// How many levels stand around this place.
    level: usize,
    /// How many stand around the deepest place that was passed.
    deepest: usize,
}

impl<'j> Walk<'j> {
    /// Stands before the value that a text is.
    pub fn before(json: &'j str) -> Walk<'j> {
        Walk {
            json,
            at: json.len() - json.trim_ascii_start().len(),
            level: 0,
            deepest: 0,
        }
    }

    /// Begins the level of the object that a text is; none: it is none.
    pub fn of_object(json: &'j str) -> Option<Walk<'j>> {
        Walk::before(json).open(b'{')
    }

    /// Begins the level of the array that a text is; none: it is none.
    pub fn of_array(json: &'j str) -> Option<Walk<'j>> {
        Walk::before(json).open(b'[')
    }

    /// Begins the level that stands here; none: what stands here does not begin with this bracket, or
    /// stands deeper than any that is opened.
    pub fn open(&self, bracket: u8) -> Option<Walk<'j>> {
        let is_level = self.json.as_bytes().get(self.at) == Some(&bracket);
        (is_level && self.level < DEEPEST).then_some(Walk {
            json: self.json,
            at: self.at + 1,
            level: self.level + 1,
            deepest: self.level + 1,
        })
    }

    /// Goes on behind a level that was walked to its end; gives its text.
    pub fn close(&mut self, level: Walk<'j>) -> &'j str {
        let start = self.at;
        self.at = (level.at + 1).min(self.json.len());
        self.deepest = self.deepest.max(level.deepest);
        &self.json[start..self.at]
    }

    /// Whether anything that was passed nests deeper than [`DEEPEST`].
    pub fn is_too_deep(&self) -> bool {
        self.deepest > DEEPEST
    }

    /// Goes to the next item of an array, and stands before it; `false` at the end of the level.
    pub fn next_item(&mut self) -> bool {
        let bytes = self.json.as_bytes();
        while let Some(b' ' | b'\t' | b'\n' | b'\r' | b',') = bytes.get(self.at) {
            self.at += 1;
        }
        !matches!(bytes.get(self.at), None | Some(b'}' | b']'))
    }

    /// The next key of an object; stands before its value. None at the end of the level.
    pub fn next_key(&mut self) -> Option<Cow<'j, str>> {
        if !self.next_item() {
            return None;
        }
        let key = decode(self.value())?;
        let bytes = self.json.as_bytes();
        while let Some(b' ' | b'\t' | b'\n' | b'\r' | b':') = bytes.get(self.at) {
            self.at += 1;
        }
        Some(key)
    }

    /// The text of the value that stands here; goes behind it.
    pub fn value(&mut self) -> &'j str {
        let start = self.at;
        let (end, levels) = value_end(self.json.as_bytes(), start);
        self.at = end;
        self.deepest = self.deepest.max(self.level + levels);
        &self.json[start..self.at]
    }

    /// As [`Walk::value`]; but a key that stands twice in one object of it is an error. `keys` is a
    /// store of keys, left as it was.
    pub fn value_with_keys_once(
        &mut self,
        keys: &mut Vec<Cow<'j, str>>,
    ) -> Result<&'j str, String> {
        let before = keys.len();
        if let Some(mut level) = self.open(b'{') {
            while let Some(key) = level.next_key() {
                keys.push(key);
                level.value_with_keys_once(keys)?;
            }
            let own = keys.get(before..).unwrap_or_default();
            if let Some(key) = first_repeated(own, |key| key) {
                return Err(key.to_owned());
            }
            keys.truncate(before);
            return Ok(self.close(level));
        }
        if let Some(mut level) = self.open(b'[') {
            while level.next_item() {
                level.value_with_keys_once(keys)?;
            }
            return Ok(self.close(level));
        }
        Ok(self.value())
    }
}

/// The first key that stands twice in a list of things that have one.
pub fn first_repeated<T>(all: &[T], key: impl Fn(&T) -> &str) -> Option<&str> {
    // Objects on this wire have few keys; comparing each with each needs no allocation.
    if all.len() <= FEW {
        let repeated = |at: &usize| all[..*at].iter().any(|it| key(it) == key(&all[*at]));
        return (0..all.len()).find(repeated).map(|at| key(&all[at]));
    }
    let mut seen = HashSet::with_capacity(all.len());
    all.iter().map(key).find(|key| !seen.insert(*key))
}

/// The offset behind the value that begins at `at`, and how many levels it has.
fn value_end(json: &[u8], mut at: usize) -> (usize, usize) {
    let (mut depth, mut deepest) = (0_usize, 0);
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => at = string_end(json, at + 1),
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
                at += 1;
                continue;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            _ if depth > 0 => {
                at += 1;
                continue;
            }
            _ => {
                let rest = &json[at..];
                let is_end =
                    |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
                at += rest.iter().position(is_end).unwrap_or(rest.len());
                return (at, 0);
            }
        }
        if depth == 0 {
            break;
        }
    }
    (at.min(json.len()), deepest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// A value that a walk reads, level by level.
    fn read(walk: &mut Walk<'_>) -> Value {
        if let Some(mut level) = walk.open(b'{') {
            let mut object = serde_json::Map::new();
            while let Some(key) = level.next_key() {
                object.insert(key.into_owned(), read(&mut level));
            }
            walk.close(level);
            return Value::Object(object);
        }
        if let Some(mut level) = walk.open(b'[') {
            let mut array = Vec::new();
            while level.next_item() {
                array.push(read(&mut level));
            }
            walk.close(level);
            return Value::Array(array);
        }
        serde_json::from_str(walk.value()).expect("a leaf")
    }

    #[test]
    fn levels_are_opened_and_left_wherever_they_stand() {
        for json in [
            "{}",
            " [ ] ",
            r#"{"a":{"x":[1,{"]":"}"}]},"b":"\"\\" ,"c":-1.5e3 , "d":[ ],"e":null,"f":[[],{}]}"#,
            r#"[[["a,b"],{"k" : {"\u0061" : true}}], "end"]"#,
            "3",
            "\"{\"",
        ] {
            let mut walk = Walk::before(json);
            let expected: Value = serde_json::from_str(json).expect("JSON");
            assert_eq!(read(&mut walk), expected, "{json}");
            assert_eq!(json[walk.at..].trim(), "", "{json}");
        }
    }

    #[test]
    fn what_nests_too_deep_is_told_wherever_it_stands() {
        for depth in [1, DEEPEST - 1, DEEPEST, 5 * DEEPEST] {
            let nested = "[".repeat(depth) + &"]".repeat(depth);
            for json in [
                format!("{{\"a\":1,\"b\":{nested},\"c\":[]}}"),
                format!("[{{}},{nested},1]"),
            ] {
                let mut walk = Walk::before(&json);
                walk.value_with_keys_once(&mut Vec::new()).expect("no key");
                let mut whole = Walk::before(&json);
                whole.value();
                let is_too_deep = super::super::is_too_deep(json.as_bytes());
                assert_eq!(is_too_deep, depth >= DEEPEST);
                assert_eq!(walk.is_too_deep(), is_too_deep, "{json}");
                assert_eq!(whole.is_too_deep(), is_too_deep, "{json}");
            }
        }
    }

    #[test]
    fn a_key_twice_is_found_in_any_depth() {
        let many: Vec<String> = (0..100).map(|at| format!("\"{at}\":0")).collect();
        let (many, mut keys) = (many.join(","), Vec::new());
        for (json, twice) in [
            (r#"{"a":[{"b":1,"c":{"b":2}},{"b":1}]}"#.to_owned(), None),
            (r#"{"a":[1,{"b":1,"\u0062":2}]}"#.to_owned(), Some("b")),
            (r#"[{"a":{"a":{"x":1,"y":2,"x":3}}}]"#.to_owned(), Some("x")),
            (format!("{{{many}}}"), None),
            (format!("[{{{many},\"7\":1}}]"), Some("7")),
            ("12".to_owned(), None),
        ] {
            let json: &'static str = json.leak();
            let read = Walk::before(json).value_with_keys_once(&mut keys);
            let expected = twice.map_or(Ok(json), |key| Err(key.to_owned()));
            assert_eq!(read, expected, "{json}");
            assert!(twice.is_some() || keys.is_empty());
            keys.clear();
        }
    }
}
